"""Moods as a composer means them: a usual mode, a range of tempo, an energy, chords, a touch."""

from __future__ import annotations

from dataclasses import dataclass

from traumbox.synth.score import Mode


@dataclass(frozen=True, slots=True)
class Mood:
    """``legato`` is the sounding part of a note; ``sevenths`` adds the fourth chord tone."""

    modes: tuple[Mode, ...]
    tempo_bpm: tuple[float, float]
    energy: tuple[float, float]
    progressions: tuple[tuple[int, ...], ...]
    legato: float = 0.95
    sevenths: bool = False


MOODS: dict[str, Mood] = {
    "calm": Mood(("major",), (52, 84), (0.12, 0.38), ((0, 3, 0, 4), (0, 5, 3, 4), (0, 2, 3, 0))),
    "dreamy": Mood(("major",), (56, 90), (0.15, 0.4), ((0, 2, 3, 3), (3, 0, 3, 0)), 1.0, True),
    "sad": Mood(("minor",), (48, 80), (0.15, 0.42), ((0, 5, 3, 4), (0, 3, 5, 4), (0, 6, 5, 4))),
    "dark": Mood(("minor",), (50, 100), (0.35, 0.65), ((0, 0, 5, 0), (0, 1, 0, 6), (0, 5, 0, 4))),
    "happy": Mood(
        ("major",), (108, 152), (0.55, 0.85), ((0, 3, 4, 0), (0, 4, 5, 3), (0, 5, 3, 4)), 0.8
    ),
    "playful": Mood(("major",), (112, 168), (0.4, 0.65), ((0, 4, 0, 4), (0, 1, 4, 0)), 0.45),
    "energetic": Mood(
        ("minor", "major"), (122, 172), (0.75, 1.0), ((0, 5, 2, 6), (0, 6, 5, 6)), 0.75
    ),
    "aggressive": Mood(("minor",), (130, 186), (0.9, 1.0), ((0, 1, 0, 6), (0, 5, 6, 0)), 0.6),
    "epic": Mood(("minor", "major"), (88, 132), (0.75, 1.0), ((0, 5, 2, 6), (0, 3, 5, 4)), 1.0),
    "tense": Mood(("minor",), (100, 150), (0.5, 0.8), ((0, 0, 1, 0), (0, 4, 0, 1)), 0.5),
    "romantic": Mood(("major",), (60, 96), (0.25, 0.5), ((0, 5, 1, 4), (0, 2, 5, 3)), 1.0, True),
    "groovy": Mood(
        ("minor", "major"), (88, 120), (0.5, 0.75), ((0, 3, 0, 3), (1, 4, 0, 0)), 0.6, True
    ),
}
