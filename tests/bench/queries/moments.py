# ruff: noqa: E501 -- a table, one sound a line
"""The moment test: pieces stitched from known passages; is the moment found in the right one?

``python -m tests.bench.queries.moments [--stitched N]``. Every stitched piece has three passages
of 20-45 s that begin anywhere, not on the grid of the windows, each with another sound. Each is
asked for by sentences in both languages; the best moment that the service tells has to lie in it.
Asked for the place where a sound comes in, it has to be less than a window from there.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tests.bench.queries.listening import embed
from traumbox.domain import (
    SAMPLE_RATE_HZ,
    WINDOW_S,
    Changes,
    Embedding,
    FileStat,
    Float32,
    Heard,
    Location,
    Media,
    Query,
)
from traumbox.embedders.builtin.embedder import BuiltinEmbedder
from traumbox.ports import Embedder, IndexEntry, Space
from traumbox.search import SearchService
from traumbox.stores.lance import LanceIndex
from traumbox.stores.ledger import Ledger
from traumbox.synth.mix import Room, perform
from traumbox.synth.score import Section, Voice

SHORTEST_S, LONGEST_S = 20.0, 45.0
PASSAGES = 3
STITCHED = 60
TAKES = 2  # of each sound, in another key and room
_FADE = SAMPLE_RATE_HZ // 50


@dataclass(frozen=True, slots=True)
class Sound:
    """A passage to be stitched in, and how people ask for it; ``family`` keeps likes apart."""

    name: str
    family: str
    section: Section
    sentences: tuple[str, ...]

    @property
    def comes_in(self) -> str:
        """Ask for the place where it begins."""
        return f"the part where the {self.name} comes in"


def _sound(
    name: str, family: str, voices: str, bpm: float, mood: str, *, energy: float, ask: str
) -> Sound:
    """Read ``voices`` as ``instrument:role`` and ``ask``, sentences, separated by commas."""
    players = tuple(
        Voice(instrument.strip(), role.strip())  # type: ignore[arg-type]  # the table has roles only
        for instrument, role in (voice.split(":") for voice in voices.split(","))
    )
    mode = "minor" if mood in {"sad", "dark", "aggressive"} else "major"
    section = Section(LONGEST_S, players, bpm, 0, mode, mood, energy)
    return Sound(name, family, section, tuple(text.strip() for text in ask.split(",")))


# fmt: off
SOUNDS: tuple[Sound, ...] = (
    _sound("piano", "piano", "piano:melody, piano:arpeggio", 60, "calm", energy=0.25, ask="calm piano, ruhiges Klavier"),
    _sound("drums", "drums", "rock:drums", 122, "energetic", energy=0.9, ask="drums, Schlagzeug"),
    _sound("organ", "organ", "organ:chords, organ:melody", 76, "epic", energy=0.6, ask="church organ, Kirchenorgel"),
    _sound("choir", "voice", "choir:chords, choir:melody", 60, "sad", energy=0.35, ask="a choir, Chor"),
    _sound("rain", "weather", "rain:texture", 100, "calm", energy=0.3, ask="rain, Regen"),
    _sound("birds", "animals", "birds:texture", 100, "calm", energy=0.3, ask="birds singing, Vogelgezwitscher"),
    _sound("flute", "woodwind", "flute:melody", 84, "dreamy", energy=0.3, ask="flute, Flöte"),
    _sound("metal", "guitar", "metal:drums, distorted guitar:chords, bass guitar:bass", 160, "aggressive", energy=1.0, ask="heavy metal, Heavy Metal mit verzerrter Gitarre"),
    _sound("marimba", "mallets", "marimba:melody, marimba:arpeggio", 140, "playful", energy=0.6, ask="marimba, Marimba"),
    _sound("accordion", "accordion", "accordion:melody, accordion:chords", 120, "happy", energy=0.5, ask="accordion, Akkordeon"),
    _sound("harpsichord", "plucked", "harpsichord:melody, harpsichord:chords", 100, "happy", energy=0.6, ask="harpsichord, Cembalo"),
    _sound("pad", "synth", "pad:chords, pad:drone", 60, "dreamy", energy=0.2, ask="ambient synth pads, Synthesizerflächen"),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Passage:
    """One sound's place in a stitched piece, in seconds."""

    sound: Sound
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Stitched:
    """A piece of several passages: mono float32[n] at 48 kHz."""

    passages: tuple[Passage, ...]
    samples: Float32


@dataclass(frozen=True, slots=True)
class Try:
    """One question about a stitched piece, and the moment that came back."""

    passage: Passage
    sentence: str
    start_s: float
    of_search: bool = False  # told by a hit of a search, and not of this piece asked alone

    @property
    def of_entry(self) -> bool:
        """Whether it was asked where the sound comes in, and not where it is."""
        return self.sentence == self.passage.sound.comes_in

    @property
    def hit(self) -> bool:
        """Whether the moment begins inside the passage; of an entry, less than a window from it."""
        if self.of_entry:
            return abs(self.start_s - self.passage.start_s) < WINDOW_S
        return self.passage.start_s <= self.start_s < self.passage.end_s


def record(
    sounds: Sequence[Sound], takes: int, length_s: float, seed: int
) -> dict[str, list[Float32]]:
    """Play ``takes`` takes of each sound, mono float32[n] of ``length_s`` seconds, by name."""
    tapes: dict[str, list[Float32]] = {}
    for number, sound in enumerate(sounds):
        for take in range(takes):
            rng = np.random.default_rng([seed, number, take])
            section = replace(sound.section, duration_s=length_s, tonic=int(rng.integers(12)))
            room = Room(float(rng.uniform(0.5, 2.0)), float(rng.uniform(0.05, 0.25)))
            tape = perform([section], rng, room).mean(axis=1)
            tapes.setdefault(sound.name, []).append(tape)
    return tapes


def stitch(
    sounds: Sequence[Sound],
    tapes: dict[str, list[Float32]],
    lengths_s: tuple[float, float],
    rng: np.random.Generator,
) -> Stitched:
    """Stitch passages of different families together, each of a random length."""
    chosen: list[Sound] = []
    for place in rng.permutation(len(sounds)):
        if all(sounds[place].family != sound.family for sound in chosen):
            chosen.append(sounds[place])
    passages, pieces, start = [], [], 0
    for sound in chosen[:PASSAGES]:
        takes = tapes[sound.name]
        length = round(float(rng.uniform(*lengths_s)) * SAMPLE_RATE_HZ)
        sample = takes[int(rng.integers(len(takes)))][:length].copy()
        ramp = np.linspace(0.0, 1.0, _FADE, dtype=np.float32)
        sample[:_FADE] *= ramp
        sample[-_FADE:] *= ramp[::-1]
        pieces.append(sample)
        end = start + len(sample)
        passages.append(Passage(sound, start / SAMPLE_RATE_HZ, end / SAMPLE_RATE_HZ))
        start = end
    return Stitched(tuple(passages), np.concatenate(pieces))


def ask_all(pieces: Sequence[Stitched], embedder: Embedder, directory: Path) -> list[Try]:
    """Store the pieces as the daemon would; ask for every passage of each, and search for all."""
    index = LanceIndex(directory / "index", embedder.card)
    ledger = Ledger(directory / "traumbox.db")
    service = SearchService(Space("judged", embedder, index), ledger)
    try:
        ids = _store(pieces, embedder, ledger, index)
        alone = [
            Try(passage, sentence, service.moments(track_id, sentence).best[0].start_s)
            for track_id, piece in zip(ids, pieces, strict=True)
            for passage in piece.passages
            for sentence in (*passage.sound.sentences, passage.sound.comes_in)
        ]
        by_id = dict(zip(ids, pieces, strict=True))
        sounds = {p.sound.name: p.sound for piece in pieces for p in piece.passages}
        found = [
            Try(passage, sentence, hit.start_s, of_search=True)
            for sound in sounds.values()
            for sentence in sound.sentences
            for hit in service.search(Query(sentence, limit=len(pieces))).hits
            for passage in by_id[hit.track.id].passages
            if passage.sound.name == sound.name
        ]
        return alone + found
    finally:
        index.close()
        ledger.close()


def _store(
    pieces: Sequence[Stitched], embedder: Embedder, ledger: Ledger, index: LanceIndex
) -> list[str]:
    places = [Location("Music", f"{number:03}.flac".encode()) for number in range(len(pieces))]
    ledger.apply(Changes(new=dict.fromkeys(places, FileStat(1, 1, 0))), 0.0)
    ids = [known[7] for known in ledger.listing("Music")]
    media = Media("flac", "flac", SAMPLE_RATE_HZ, 1)
    done = [
        (track_id, FileStat(1, 1, 0), _heard(number, piece, media), "")
        for number, (track_id, piece) in enumerate(zip(ids, pieces, strict=True))
    ]
    ledger.mark_indexed(done, 0.0)
    rows = ledger.rows(ids)
    index.add(
        [
            IndexEntry(
                rows[track_id].as_track(),
                Embedding(embedder.card.id, *embed(piece.samples, embedder)),
                0.0,
            )
            for track_id, piece in zip(ids, pieces, strict=True)
        ]
    )
    return ids


def _heard(number: int, piece: Stitched, media: Media) -> Heard:
    return Heard(f"stitched{number}", len(piece.samples) / SAMPLE_RATE_HZ, media)


def share(tries: Sequence[Try]) -> float:
    """Return how many of the moments lie in the right passage, 0..1."""
    return float(np.mean([one.hit for one in tries]))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.queries.moments")
    parser.add_argument("--stitched", type=int, default=STITCHED, help=f"pieces ({STITCHED})")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    tapes = record(SOUNDS, TAKES, LONGEST_S, options.seed)
    rng = np.random.default_rng(options.seed)
    lengths_s = SHORTEST_S, LONGEST_S
    pieces = [stitch(SOUNDS, tapes, lengths_s, rng) for _ in range(options.stitched)]
    print(f"{len(pieces)} pieces are stitched", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="traumbox-moments-") as directory:
        tries = ask_all(pieces, BuiltinEmbedder(), Path(directory))
    _print(tries, as_json=options.json)


def _print(tries: Sequence[Try], *, as_json: bool) -> None:
    asked = [one for one in tries if not one.of_entry and not one.of_search]
    groups = {
        sound.name: [one for one in asked if one.passage.sound.name == sound.name]
        for sound in SOUNDS
    }
    groups |= {
        "all": asked,
        "where it comes in": [one for one in tries if one.of_entry],
        "in the hits of a search": [one for one in tries if one.of_search],
    }
    shares = {name: share(ones) for name, ones in groups.items() if ones}
    if as_json:
        print(json.dumps({"version": 1, "tries": len(tries), "shares": shares}))
        return
    print("| passage | asked | moment is right |\n|---|---|---|")
    for name, part in shares.items():
        print(f"| {name} | {len(groups[name])} | {part:.1%} |")


if __name__ == "__main__":
    main()
