"""What the shipped model is for: the first row of an answer must be right."""

from pathlib import Path

import numpy as np
import pytest

from tests.embedders.listening import windows
from traumbox.synth.pieces import PIECES, Piece

BY_TITLE = {piece.tags.title: piece for piece in PIECES}
RECORDINGS = Path(__file__).parents[2].parent / "shared" / "audio"


def plays(piece: Piece, *instruments: str) -> bool:
    voices = [voice for section in piece.sections for voice in section.voices]
    return any(voice.instrument in instruments for voice in voices)


def has_role(piece: Piece, role: str) -> bool:
    return any(voice.role == role for section in piece.sections for voice in section.voices)


def is_slow_piano(piece: Piece) -> bool:
    return any(
        section.tempo_bpm <= 70 and all(voice.instrument == "piano" for voice in section.voices)
        for section in piece.sections
    )


BRIGHT = ("lead", "glockenspiel", "brass", "marimba", "distorted guitar")


def is_bright_and_fast(piece: Piece) -> bool:
    return any(
        section.tempo_bpm >= 120
        and section.energy >= 0.45
        and any(voice.instrument in BRIGHT for voice in section.voices)
        for section in piece.sections
    )


RIGHT = {
    "drums": lambda piece: has_role(piece, "drums"),
    "Drums, please!": lambda piece: has_role(piece, "drums"),
    "slow piano": is_slow_piano,
    "bright fast": is_bright_and_fast,
    "noise": lambda piece: plays(piece, "white noise", "pink noise"),
    "deep bass": lambda piece: plays(piece, "sub bass", "synth bass"),
    "wind": lambda piece: plays(piece, "wind"),
    "rain": lambda piece: plays(piece, "rain"),
    "birds chirping": lambda piece: plays(piece, "birds"),
    "church organ": lambda piece: plays(piece, "organ"),
    "a choir singing": lambda piece: plays(piece, "choir"),
    "marimba": lambda piece: plays(piece, "marimba"),
    "heavy metal": lambda piece: plays(piece, "distorted guitar"),
    "jazz": lambda piece: has_role(piece, "drums") and plays(piece, "jazz"),
    "Schlagzeug": lambda piece: has_role(piece, "drums"),
    "langsames Klavier": is_slow_piano,
    "Regen": lambda piece: plays(piece, "rain"),
    "Vogelgezwitscher": lambda piece: plays(piece, "birds"),
    "Kirchenorgel": lambda piece: plays(piece, "organ"),
    "ein Chor in der Kirche": lambda piece: plays(piece, "choir"),
    "etwas Ruhiges mit Klavier": lambda piece: plays(piece, "piano"),
    "Jazz im Café": lambda piece: plays(piece, "jazz"),
}
NOTHING = (
    "qwertz asdf",
    "tax return 2019",
    "Steuererklärung 2019",
    "potato salad",
    "blub krz fnord",
)


@pytest.fixture(scope="module")
def recordings(embedder) -> dict[str, np.ndarray]:
    files = sorted(RECORDINGS.glob("*.ogg"))
    return {path.name: embedder.embed_audio(windows(path)) for path in files}


def ranking(sentence: str, heard: dict[str, np.ndarray], embedder) -> list[str]:
    """Return the titles, those with the best single window first."""
    query = embedder.embed_text([sentence])[0]
    return sorted(heard, key=lambda title: -float((heard[title] @ query).max()))


@pytest.mark.parametrize("sentence", sorted(RIGHT))
def test_the_first_piece_of_the_demo_is_right(sentence, heard, embedder):
    best = ranking(sentence, heard, embedder)[0]
    assert RIGHT[sentence](BY_TITLE[best]), best


def test_the_best_window_lies_in_the_right_passage(heard, embedder):
    piece = BY_TITLE["The Door Between Rooms"]  # piano up to 20 s, then drums up to 40 s
    piano, drums = embedder.embed_text(["slow piano", "drums"])
    vectors = heard[piece.tags.title]
    assert int(np.argmax(vectors @ piano)) in {0, 1}
    assert int(np.argmax(vectors @ drums)) in {2, 3}


def test_right_matches_read_high_and_wrong_ones_low(heard, embedder):
    def match(sentence: str, title: str) -> int:
        query = embedder.embed_text([sentence])[0]
        return embedder.card.match(float((heard[title] @ query).max()))

    assert match("drums", "Hands, Skins, Wood") >= 70
    assert match("drums", "Lamplight on the Landing") < 30
    assert match("slow piano", "Lamplight on the Landing") >= 60
    assert match("slow piano", "Between Two Stations") < 30
    assert match("noise", "Between Two Stations") >= 60
    assert match("noise", "Lamplight on the Landing") < 30


@pytest.mark.parametrize("sentence", sorted(RIGHT))
def test_what_is_there_fits(sentence, heard, embedder):
    query = embedder.embed_text([sentence])[0]
    assert embedder.card.fits(max(float((v @ query).max()) for v in heard.values()))


@pytest.mark.parametrize("sentence", NOTHING)
def test_nothing_fits_what_is_no_sound(sentence, heard, embedder):
    query = embedder.embed_text([sentence])[0]
    assert not embedder.card.fits(max(float((v @ query).max()) for v in heard.values()))


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="no recordings beside this repository")
@pytest.mark.parametrize(
    ("sentence", "file"),
    [
        ("birdsong", "robin"),
        ("Vogelgesang", "robin"),
        ("someone talking", "198-209"),
        ("jemand spricht", "198-209"),
        ("string orchestra", "string_orchestra"),
        ("Streichorchester", "string_orchestra"),
        ("drums", "Vibe_Ace"),
        ("Schlagzeug", "Vibe_Ace"),
        ("celesta", "Sugar_Plum"),
        ("Glocken", "Sugar_Plum"),
    ],
)
def test_recordings_are_told_apart(sentence, file, recordings, embedder):
    assert file in ranking(sentence, recordings, embedder)[0]
