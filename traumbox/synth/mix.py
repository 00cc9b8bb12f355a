"""Let the notes sound: play, place in the stereo field, add a room, bring to level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import signal as sps

from traumbox.domain import SAMPLE_RATE_HZ, Float32
from traumbox.synth import held, struck
from traumbox.synth.compose import compose
from traumbox.synth.percussion import KIT
from traumbox.synth.score import Note, Part, Section
from traumbox.synth.signal import decay, envelope, highpass, hz, lowpass, samples, white
from traumbox.synth.textures import TEXTURES

Rng = np.random.Generator
Play = Callable[[float, float, float, Rng], Float32]

INSTRUMENTS: dict[str, Play] = {
    "piano": struck.piano,
    "electric piano": struck.electric_piano,
    "guitar": struck.guitar,
    "harp": struck.harp,
    "harpsichord": struck.harpsichord,
    "pizzicato": struck.pizzicato,
    "bass guitar": struck.bass_guitar,
    "synth bass": struck.synth_bass,
    "sub bass": struck.sub_bass,
    "marimba": struck.marimba,
    "vibraphone": struck.vibraphone,
    "glockenspiel": struck.glockenspiel,
    "bell": struck.bell,
    "organ": held.organ,
    "accordion": held.accordion,
    "strings": held.strings,
    "solo violin": held.solo_violin,
    "brass": held.brass,
    "flute": held.flute,
    "clarinet": held.clarinet,
    "pad": held.pad,
    "lead": held.lead,
    "choir": held.choir,
    "singer": held.singer,
    "distorted guitar": held.distorted_guitar,
}
"""Every instrument with a pitch, by the name a Voice calls it."""

_TAIL_S = 2.5  # what rings on after a section's end


@dataclass(frozen=True, slots=True)
class Room:
    """A reverberation: time to fall by 60 dB, and how much of it is heard (0..1)."""

    decay_s: float = 1.4
    wet: float = 0.18


def perform(sections: Sequence[Section], rng: Rng, room: Room = Room()) -> Float32:
    """Compose and play ``sections`` one after the other.

    Returns
    -------
    float32[n, 2]
        Stereo at 48 kHz, exactly as long as the sections together, the last bar faded out,
        peak at -1 dBFS.
    """
    total = sum(samples(section.duration_s) for section in sections)
    out = np.zeros((total + samples(_TAIL_S), 2), dtype=np.float32)
    start = 0
    for section in sections:
        dry = play(compose(section, rng), section.duration_s, rng)
        out[start : start + len(dry)] += dry
        start += samples(section.duration_s)
    return master(reverberate(out, room, rng)[:total])


def play(parts: Sequence[Part], duration_s: float, rng: Rng) -> Float32:
    """Play ``parts`` dry: float32[n, 2], longer than ``duration_s`` by what rings on."""
    out = np.zeros((samples(duration_s) + samples(_TAIL_S), 2), dtype=np.float32)
    for part in parts:
        angle = (part.voice.pan + 1) * np.pi / 4
        sides = np.sqrt(2) * np.array([np.cos(angle), np.sin(angle)]) * part.voice.level
        if part.voice.role == "texture":
            filled = TEXTURES[part.voice.instrument](duration_s, rng)
            filled *= envelope(len(filled), 0.4, 0.4)[:, np.newaxis]
            out[: len(filled)] += filled * sides.astype(np.float32)
        else:
            out += _play_notes(part, len(out), rng)[:, np.newaxis] * sides.astype(np.float32)
    return out


def _play_notes(part: Part, n: int, rng: Rng) -> Float32:
    """Return float32[n]; a note that was played before is taken from memory."""
    line = np.zeros(n, dtype=np.float32)
    played: dict[tuple[object, ...], Float32] = {}
    for note in part.notes:
        # Six hundredths of a second and an eighth of force apart, nobody hears a difference.
        length_s = max(0.06, round(note.duration_s / 0.06) * 0.06)
        force = max(1, round(note.velocity * 8)) / 8
        key = (note.pitch, note.drum, length_s, force)
        if key not in played:
            played[key] = _sound(part.voice.instrument, note, length_s, force, rng)
        start = round(note.start_s * SAMPLE_RATE_HZ)
        sound = played[key][: n - start]
        line[start : start + len(sound)] += sound * np.float32(note.velocity / force)
    return line


def _sound(instrument: str, note: Note, length_s: float, force: float, rng: Rng) -> Float32:
    if note.drum:
        return KIT[note.drum](force, rng)
    return INSTRUMENTS[instrument](hz(note.pitch), length_s, force, rng)


def reverberate(x: Float32, room: Room, rng: Rng) -> Float32:
    """Put float32[n, 2] into a room: an early silence, then noise that dies away."""
    if room.wet <= 0:
        return x
    n = samples(room.decay_s)
    fall = decay(n, room.decay_s)
    response = np.stack(
        [highpass(lowpass(white(n, rng), 6500), 180) * fall for _ in range(2)], axis=1
    )
    response[: samples(0.012)] = 0.0
    response /= np.sqrt(np.sum(response**2, axis=0, keepdims=True))
    wet = sps.oaconvolve(x, response.astype(np.float32), axes=0)[: len(x)]
    out: Float32 = (x * np.float32(1 - 0.4 * room.wet) + wet * np.float32(room.wet)).astype(
        np.float32
    )
    return out


def master(x: Float32, peak: float = 0.89) -> Float32:
    """Bring float32[n, 2] to level: soft-limit the highest peaks, end softly, set the peak."""
    loud = float(np.quantile(np.abs(x[::7]), 0.999)) or 1.0
    limited = np.tanh(x * np.float32(0.9 / loud))
    end = min(len(limited), samples(0.8))
    limited[-end:] *= (np.cos(np.linspace(0, np.pi / 2, end, dtype=np.float32)) ** 2)[:, np.newaxis]
    top = float(np.max(np.abs(limited))) or 1.0
    out: Float32 = (limited * np.float32(peak / top)).astype(np.float32)
    return out
