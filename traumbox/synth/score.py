"""What is to be played: the values between composing and sounding, and a little theory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mode = Literal["major", "minor"]
Role = Literal["melody", "chords", "arpeggio", "bass", "drone", "drums", "texture"]

SCALES: dict[Mode, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
}
"""Semitones of the seven degrees above the tonic."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One player: who, in which role, how loud (1 is normal), where (-1 left .. 1 right).

    ``instrument`` names an instrument of ``INSTRUMENTS``, for the role "drums" a beat of
    ``BEATS``, for "texture" one of ``TEXTURES``.
    """

    instrument: str
    role: Role
    level: float = 1.0
    pan: float = 0.0
    octave: int = 0  # added to what the role and the instrument suggest


@dataclass(frozen=True, slots=True)
class Section:
    """A passage that keeps its line-up, tempo, key and mood.

    ``tonic`` is a pitch class (0 is C); ``energy`` 0..1 sets how hard and how densely is played;
    ``swing`` 0..0.33 delays every second eighth by that part of a beat. ``feel`` names how it is
    accompanied (``FEELS``); "" leaves that to mood and energy.
    """

    duration_s: float
    voices: tuple[Voice, ...]
    tempo_bpm: float = 100.0
    tonic: int = 0
    mode: Mode = "major"
    mood: str = "calm"
    energy: float = 0.5
    meter: int = 4
    swing: float = 0.0
    feel: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """One sound to be made; ``drum`` names the drum when there is no pitch."""

    start_s: float
    duration_s: float
    pitch: int = 0  # MIDI; 60 is middle C
    velocity: float = 0.7
    drum: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """All that one voice plays in a section."""

    voice: Voice
    notes: tuple[Note, ...]


def degree_pitch(tonic: int, mode: Mode, degree: int, octave: int) -> int:
    """Return the MIDI pitch of a scale degree (0 is the tonic); octave 4 begins at middle C."""
    turns, place = divmod(degree, 7)
    return 12 * (octave + 1 + turns) + tonic + SCALES[mode][place]


def chord_degrees(root: int, size: int = 3) -> tuple[int, ...]:
    """Return the degrees of the chord of thirds on the degree ``root``."""
    return tuple(root + 2 * i for i in range(size))
