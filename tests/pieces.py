"""A few pieces of which it is known what sounds when, for tests of the whole way."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from tests.house import DaemonHouse
from traumbox.domain import Tags
from traumbox.synth.files import write_piece
from traumbox.synth.mix import Room, perform
from traumbox.synth.score import Section, Voice

DRUMS_FROM_S, DRUMS_TO_S = 30.0, 60.0


def section(duration_s: float, *voices: str, tempo_bpm: float = 90.0) -> Section:
    parts = tuple(Voice(*voice.split(":")) for voice in voices)  # type: ignore[arg-type]
    return Section(duration_s, parts, tempo_bpm, 0, "major", "calm", 0.5)


PIECES = {
    "night/piano then drums.flac": (
        section(DRUMS_FROM_S, "piano:melody", "piano:chords", tempo_bpm=60),
        section(DRUMS_TO_S - DRUMS_FROM_S, "rock:drums", tempo_bpm=130),
    ),
    "bells.mp3": (section(30, "glockenspiel:melody"),),
    "pad.ogg": (section(30, "pad:chords"),),
    "organ.m4a": (section(30, "organ:chords", "organ:melody"),),
}


def drop_in(folder: Path) -> None:
    for seed, (name, sections) in enumerate(PIECES.items()):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        sound = perform(sections, np.random.default_rng(seed), Room(0.5, 0.1))
        write_piece(path, sound, tags=Tags(title=path.stem.title(), artist="The Testers"))


@contextmanager
def heard_house(directory: Path) -> Iterator[DaemonHouse]:
    """A running daemon into whose folder the pieces were dropped, and which has heard them."""
    with DaemonHouse(directory) as house:
        drop_in(house.music)
        house.wait_until_heard(len(PIECES))
        yield house
