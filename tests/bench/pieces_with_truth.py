# ruff: noqa: E501 -- tables, one entry a line
"""Synthesised pieces whose tempo and key are known exactly, style by style.

Each style has its drum pattern, its accompaniment and the range of tempo in which it is played;
line-up, key, mood, swing and room are drawn. Some styles have no drums. Nothing of this was used
to train or to fit anything but by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from traumbox.domain import Float32
from traumbox.domain.keys import TONICS
from traumbox.synth.mix import Room, perform
from traumbox.synth.moods import MOODS
from traumbox.synth.score import Mode, Section, Voice


@dataclass(frozen=True, slots=True)
class Style:
    """How one kind of music is put together; several names of a kind are drawn from.

    ``beats`` empty: nobody drums. ``swing``: the most; see ``Section``.
    """

    name: str
    tempo_bpm: tuple[float, float]
    beats: tuple[str, ...]
    feel: str
    chords: tuple[str, ...]
    bass: tuple[str, ...]
    melody: tuple[str, ...]
    moods: tuple[str, ...] = ("happy", "groovy", "sad", "romantic")
    energy: tuple[float, float] = (0.5, 0.85)
    meter: int = 4
    swing: float = 0.0


_KEYS = ("piano", "electric piano", "organ")
_BASS = ("bass guitar",)
_SYNTH = ("synth bass", "sub bass")
_WINDS = ("flute", "clarinet", "solo violin")
_VOICE = ("singer", "lead", "solo violin")
_HARD = ("energetic", "aggressive", "epic")
_MILD = ("calm", "sad", "romantic", "dreamy")

# fmt: off
STYLES = (
    Style("rock", (96, 156), ("rock",), "rock", ("guitar", "distorted guitar"), _BASS, _VOICE),
    Style("pop", (84, 132), ("pop", "rock"), "pop", _KEYS, _BASS, _VOICE),
    Style("ballad", (60, 84), ("ballad",), "pop", ("piano",), _BASS, _VOICE, _MILD, (0.2, 0.5)),
    Style("house", (116, 130), ("house", "four_on_the_floor"), "house", _KEYS, _SYNTH, ("lead",)),
    Style("techno", (124, 142), ("four_on_the_floor",), "techno", ("lead", "organ"), _SYNTH, ()),
    Style("trance", (130, 144), ("trance",), "trance", ("pad", "strings"), _SYNTH, ("lead",), _HARD),
    Style("disco", (108, 128), ("disco",), "disco", ("electric piano", "guitar"), _BASS, ("strings",)),
    Style("drum and bass", (164, 180), ("drum_and_bass", "breakbeat"), "drum and bass", ("pad",), _SYNTH, ("lead",), _HARD),
    Style("reggae", (68, 92), ("one_drop", "steppers"), "reggae", ("organ", "guitar"), _BASS, _VOICE, swing=0.12),
    Style("ska", (120, 168), ("ska",), "ska", ("guitar", "organ"), _BASS, ("brass",)),
    Style("blues", (66, 120), ("shuffle",), "blues", ("guitar", "piano"), _BASS, _VOICE),
    Style("country", (90, 130), ("train", "rock"), "country", ("guitar",), _BASS, ("solo violin", "singer")),
    Style("march", (100, 126), ("march",), "march music", ("brass",), _BASS, ("brass", "flute")),
    Style("polka", (104, 132), ("polka",), "polka", ("accordion",), _BASS, ("clarinet", "accordion")),
    Style("waltz", (84, 168), ("waltz",), "waltz", ("accordion", "strings", "piano"), _BASS, _WINDS, meter=3),
    Style("tango", (108, 132), ("tango",), "tango", ("piano", "accordion"), _BASS, ("solo violin",)),
    Style("bossa", (116, 148), ("bossa",), "bossa", ("guitar",), _BASS, ("flute", "singer"), _MILD),
    Style("latin", (88, 118), ("latin",), "latin", ("piano",), _BASS, ("brass", "flute")),
    Style("jazz", (100, 190), ("jazz", "brushes"), "jazz", ("piano", "guitar"), _BASS, ("clarinet", "brass"), swing=0.25),
    Style("funk", (92, 116), ("funk",), "funk", ("electric piano", "guitar"), _BASS, ("brass",)),
    Style("hip hop", (80, 102), ("hip_hop",), "hip hop", ("electric piano", "pad"), ("sub bass",), ("lead",), swing=0.1),
    Style("lofi", (68, 90), ("hip_hop", "brushes"), "lofi", ("electric piano",), ("bass guitar",), ("vibraphone",), _MILD, (0.25, 0.5), swing=0.15),
    Style("trap", (130, 150), ("trap",), "hip hop", ("pad", "piano"), ("sub bass",), ("lead",), ("dark", "tense")),
    Style("trip hop", (72, 98), ("trip_hop",), "hip hop", ("strings", "electric piano"), ("sub bass",), ("singer",), ("dark", "sad")),
    Style("metal", (112, 176), ("metal",), "metal", ("distorted guitar",), _BASS, ("lead",), _HARD, (0.85, 1.0)),
    Style("synthwave", (80, 118), ("four_on_the_floor", "rock"), "synthwave", ("pad",), _SYNTH, ("lead",)),
    Style("baroque", (66, 112), (), "baroque", ("harpsichord",), ("pizzicato",), ("flute", "solo violin")),
    Style("folk", (88, 140), (), "", ("guitar", "harp"), _BASS, ("flute", "solo violin"), ("happy", "playful", "sad")),
    Style("piano", (66, 132), (), "", ("piano",), ("piano",), ("piano",), ("happy", "playful", "romantic")),
    Style("march of one", (80, 132), (), "march music", ("accordion", "piano"), ("bass guitar",), ("clarinet",)),
    Style("mallets", (90, 150), (), "", ("marimba", "vibraphone"), ("marimba",), ("glockenspiel",), ("playful", "happy")),
)  # fmt: skip
# fmt: on


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece and its truth; ``play`` gives the same sound every time."""

    name: str
    bpm: float
    key: str
    section: Section
    room: Room
    seed: int

    def play(self) -> Float32:
        """Return float32[n, 2] at 48 kHz."""
        return perform((self.section,), np.random.default_rng(self.seed), self.room)


def pieces(count: int, duration_s: float = 20.0, seed: int = 0) -> Iterator[Piece]:
    """Yield ``count`` pieces, the styles in turn."""
    for number in range(count):
        yield _piece(STYLES[number % len(STYLES)], number, duration_s, seed)


def _piece(style: Style, number: int, duration_s: float, seed: int) -> Piece:
    rng = np.random.default_rng([seed, number])

    def one(names: tuple[str, ...]) -> str:
        return names[int(rng.integers(len(names)))]

    mood = one(style.moods)
    modes: tuple[Mode, ...] = MOODS[mood].modes
    mode = modes[int(rng.integers(len(modes)))]
    tonic = int(rng.integers(12))
    bpm = round(float(rng.uniform(*style.tempo_bpm)), 1)
    voices = [Voice(one(style.chords), "chords", 0.7, 0.2), Voice(one(style.bass), "bass", 0.8)]
    if style.melody:
        voices.append(Voice(one(style.melody), "melody", 0.8, -0.2))
    if style.beats:
        voices.append(Voice(one(style.beats), "drums", 0.9))
    section = Section(
        duration_s,
        tuple(voices),
        bpm,
        tonic,
        mode,
        mood,
        float(rng.uniform(*style.energy)),
        style.meter,
        float(rng.uniform(0.5, 1.0)) * style.swing,
        style.feel,
    )
    room = Room(1.4, 0.18) if number % 2 else Room(wet=0.0)
    name = f"{style.name} {number}"
    return Piece(name, bpm, f"{TONICS[tonic]} {mode}", section, room, int(rng.integers(2**31)))
