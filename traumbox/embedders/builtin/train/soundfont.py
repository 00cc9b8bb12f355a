"""Sampled instruments for the training, where a General MIDI bank and its player are there.

Our own synthesiser alone would teach the model our own synthesiser. The programs ``fluidsynth``
(LGPL) and ``timidity`` (GPL) play the same compositions on recorded instruments.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import soundfile

from traumbox.domain import SAMPLE_RATE_HZ, Float32
from traumbox.synth.score import Part

Program = Literal["fluidsynth", "timidity"]


@dataclass(frozen=True, slots=True)
class Soundfont:
    """A General MIDI bank: its Debian package, licence, the file's place there, who plays it.

    ``programs`` are those that it has, None: all; it has all drum kits, or only the standard one.
    """

    name: str
    package: str
    licence: str
    path: Path
    played_by: Program = "fluidsynth"
    programs: frozenset[int] | None = None
    has_kits: bool = True

    @property
    def is_there(self) -> bool:
        """Whether the file and the program that plays it are installed."""
        return self.path.exists() and shutil.which(self.played_by) is not None

    def has(self, instrument: str) -> bool:
        """Tell whether it has a voice called ``gm:56``; others are not its business."""
        program = program_of(instrument)
        return program is None or self.programs is None or program in self.programs


_FREEPATS = (
    *(0, 1, 4, 5, 6, 8, 9, 13, 14, 16, 19, 21, 24, 25, 26, 27, 29, 30, 32, 33, 34, 35, 38, 40, 42),
    *(44, 45, 46, 48, 53, 56, 57, 58, 59, 60, 61, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75),
    *(79, 80, 84, 88, 94, 95, 104, 114),
)
SOUNDFONTS = (
    Soundfont(
        "FluidR3 GM", "fluid-soundfont-gm", "MIT", Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
    ),
    Soundfont(
        "MuseScore General",
        "musescore-general-soundfont-small",
        "MIT",
        Path("/usr/share/sounds/sf3/MuseScore_General_Lite.sf3"),
    ),
    Soundfont(
        "Csound GM bank",
        "csound-soundfont",
        "public domain",
        Path("/usr/share/sounds/sf2/sf_GMbank.sf2"),
    ),
    Soundfont(
        "Freepats",
        "freepats",
        "GPL-2.0-or-later with an exception for what is played with it",
        Path("/etc/timidity/freepats.cfg"),
        "timidity",
        frozenset(_FREEPATS),
        has_kits=False,
    ),
)
"""What the training may play on; it takes those that are there, in turn."""

HELD_OUT = Soundfont(
    "TimGM6mb", "timgm6mb-soundfont", "GPL-2", Path("/usr/share/sounds/sf2/TimGM6mb.sf2")
)
"""What only the evaluation plays on."""

_TICKS_PER_S = 1000  # one quarter note a second at 1000 ticks a quarter
_DRUM_CHANNEL = 9
GM_DRUMS = {
    "kick": 36,
    "rim": 37,
    "snare": 38,
    "clap": 39,
    "low_tom": 41,
    "hat": 42,
    "open_hat": 46,
    "tom": 47,
    "crash": 49,
    "ride": 51,
    "conga": 63,
    "shaker": 82,
    "timpani": 41,
}
"""The drums of our patterns as notes of the General MIDI percussion channel."""


def installed() -> list[Soundfont]:
    """Return the soundfonts for training that are there, with the program to play them."""
    return [font for font in SOUNDFONTS if font.is_there]


def program_of(instrument: str) -> int | None:
    """Return the General MIDI program (0..127) of a voice called ``gm:56``, else None."""
    return int(instrument[3:]) if instrument.startswith("gm:") else None


def render(
    pieces: Sequence[tuple[Sequence[Part], int]],
    spacing_s: float,
    font: Soundfont,
    rng: np.random.Generator,
) -> list[Float32]:
    """Play several pieces (parts, drum kit) in one run of the program; loading the font is slow.

    Dry: rooms are added to the clips.

    Returns
    -------
    list of float32[n, 2]
        One a piece, ``spacing_s`` long.
    """
    events: list[tuple[int, bytes]] = []
    for place, (parts, kit) in enumerate(pieces):
        at = round(place * spacing_s * _TICKS_PER_S)
        events += _events(parts, kit if font.has_kits else 0, at, rng)
    end = round(len(pieces) * spacing_s * _TICKS_PER_S)
    with tempfile.TemporaryDirectory(prefix="traumbox-midi-") as folder:
        midi, wave = Path(folder, "pieces.mid"), Path(folder, "pieces.wav")
        midi.write_bytes(_midi_file(events, end))
        command = _command(font, midi, wave)
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 -- fixed program, own files
        sound, _ = soundfile.read(wave, dtype="float32", always_2d=True)
    n = round(spacing_s * SAMPLE_RATE_HZ)
    padded = np.zeros((n * len(pieces), 2), dtype=np.float32)
    padded[: min(len(sound), len(padded))] = sound[: len(padded)]
    return [padded[place * n : (place + 1) * n] for place in range(len(pieces))]


def _command(font: Soundfont, midi: Path, wave: Path) -> list[str]:
    """Return how the font's program is called to play ``midi`` into ``wave``, without effects."""
    if font.played_by == "timidity":
        command = f"timidity --quiet=2 -EFreverb=d -EFchorus=d -s {SAMPLE_RATE_HZ} -Ow".split()
        return [*command, "-c", str(font.path), "-o", str(wave), str(midi)]
    command = f"fluidsynth -ni -q -R 0 -C 0 -g 0.35 -r {SAMPLE_RATE_HZ} -T wav -O s16".split()
    return [*command, "-F", str(wave), str(font.path), str(midi)]


def _events(
    parts: Sequence[Part], kit: int, start_tick: int, rng: np.random.Generator
) -> list[tuple[int, bytes]]:
    """Return the MIDI events of one piece; channels are set up afresh."""
    events = [(start_tick, bytes([0xC0 | _DRUM_CHANNEL, kit]))]
    free = (channel for channel in range(16) if channel != _DRUM_CHANNEL)
    for part in parts:
        drums = part.voice.role == "drums"
        channel = _DRUM_CHANNEL if drums else next(free)
        pan = int(np.clip(64 + 60 * part.voice.pan, 0, 127))
        volume = int(np.clip(95 * part.voice.level, 1, 127))
        events.append((start_tick, bytes([0xB0 | channel, 10, pan])))
        events.append((start_tick, bytes([0xB0 | channel, 7, volume])))
        if not drums:
            program = program_of(part.voice.instrument) or 0
            events.append((start_tick, bytes([0xC0 | channel, program])))
            events += _expression(channel, start_tick, part, rng)
        for note in part.notes:
            pitch = GM_DRUMS[note.drum] if drums else int(np.clip(note.pitch, 0, 127))
            force = int(np.clip(note.velocity * 127, 1, 127))
            on = start_tick + 1 + round(note.start_s * _TICKS_PER_S)
            off = on + max(20, round(note.duration_s * _TICKS_PER_S))
            events.append((on, bytes([0x90 | channel, pitch, force])))
            events.append((off, bytes([0x80 | channel, pitch, 0])))
    return events


def _expression(
    channel: int, start_tick: int, part: Part, rng: np.random.Generator
) -> list[tuple[int, bytes]]:
    """Return a vibrato (controller 1) and swells (controller 11), as players of tones have them."""
    end_s = max((note.start_s + note.duration_s for note in part.notes), default=0.0)
    depth = int(rng.choice([0, 0, 20, 45, 75]))
    events = [(start_tick, bytes([0xB0 | channel, 1, depth]))]
    swell, rate_hz, phase = rng.uniform(0, 35), rng.uniform(0.1, 0.5), rng.uniform(0, 6.3)
    for at_s in np.arange(0.0, end_s, 0.2):
        value = int(127 - swell * (0.5 + 0.5 * np.sin(2 * np.pi * rate_hz * at_s + phase)))
        events.append((start_tick + round(at_s * _TICKS_PER_S), bytes([0xB0 | channel, 11, value])))
    return events


def _midi_file(events: Sequence[tuple[int, bytes]], end_tick: int) -> bytes:
    """Return a standard MIDI file of one track (format 0)."""
    track = bytearray(b"\x00\xff\x51\x03" + (1_000_000).to_bytes(3, "big"))
    now = 0
    for tick, message in sorted(events, key=lambda event: event[0]):
        track += _variable(tick - now) + message
        now = tick
    track += _variable(max(0, end_tick - now)) + b"\xff\x2f\x00"
    header = b"MThd" + struct.pack(">IHHH", 6, 0, 1, _TICKS_PER_S)
    return header + b"MTrk" + struct.pack(">I", len(track)) + bytes(track)


def _variable(value: int) -> bytes:
    """Return a MIDI variable-length quantity."""
    out = bytearray([value & 0x7F])
    while value := value >> 7:
        out.insert(0, 0x80 | (value & 0x7F))
    return bytes(out)
