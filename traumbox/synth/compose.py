"""Turn a section's line-up, key, tempo and mood into notes.

Harmony is one chord a bar from the mood's progressions. A melody is a two-bar motif that is
repeated, moved along with the chords and answered, its strong beats on chord tones: enough for
an ear to take it as a tune.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from traumbox.synth.beats import BEATS, STROKES
from traumbox.synth.feels import FEELS, Feel
from traumbox.synth.moods import MOODS, Mood
from traumbox.synth.score import Note, Part, Section, Voice, chord_degrees, degree_pitch

Rng = np.random.Generator

_OCTAVES = {
    **dict.fromkeys(("bass guitar", "synth bass", "sub bass", "distorted guitar"), -1),
    **dict.fromkeys(("glockenspiel", "flute", "solo violin"), 1),
}
_SUSTAINED = frozenset(
    {
        "organ",
        "accordion",
        "strings",
        "brass",
        "pad",
        "choir",
        "lead",
        "flute",
        "clarinet",
        "solo violin",
        "singer",
    }
)


_NO_FEEL = Feel()


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all voices of a section share: the grid, and a chord for each bar."""

    section: Section
    mood: Mood
    feel: Feel
    beat_s: float
    roots: tuple[int, ...]

    @property
    def bar_s(self) -> float:
        return self.beat_s * self.section.meter

    def at(self, bar: int, beat: float) -> float:
        """Return the time of a place in the bar, the swing included."""
        late = self.section.swing if abs(beat % 1.0 - 0.5) < 1e-6 else 0.0
        return (bar * self.section.meter + beat + late) * self.beat_s

    def pitch(self, degree: int, octave: int) -> int:
        return degree_pitch(self.section.tonic, self.section.mode, degree, octave)


def compose(section: Section, rng: Rng, sustained: frozenset[str] = _SUSTAINED) -> tuple[Part, ...]:
    """Return what every voice of ``section`` plays; times count from the section's start.

    ``sustained`` names the instruments that hold their tone; they play chords as long notes,
    the others strum or comp.
    """
    mood = MOODS[section.mood]
    beat_s = 60.0 / section.tempo_bpm
    bars = int(np.ceil(section.duration_s / (beat_s * section.meter)))
    feel = FEELS.get(section.feel, _NO_FEEL)
    progressions = feel.progressions or mood.progressions
    progression = progressions[int(rng.integers(len(progressions)))]
    roots = tuple(progression[bar % len(progression)] for bar in range(bars))
    frame = _Frame(section, mood, feel, beat_s, roots)
    return tuple(
        Part(voice, tuple(_finish(_write(frame, voice, sustained, rng), section, rng)))
        for voice in section.voices
    )


def _write(frame: _Frame, voice: Voice, sustained: frozenset[str], rng: Rng) -> Iterator[Note]:
    if voice.role == "chords" and voice.instrument in sustained and not frame.feel.chords:
        return _held_chords(frame, voice)
    return _ROLES[voice.role](frame, voice, rng)


def _finish(notes: Iterator[Note], section: Section, rng: Rng) -> Iterator[Note]:
    """Make it human (a few milliseconds, a little force) and end it with the section."""
    for note in notes:
        start_s = max(0.0, note.start_s + (0.005 * rng.standard_normal() if note.start_s else 0.0))
        left_s = section.duration_s - start_s
        if left_s > 0.04:
            velocity = float(np.clip(note.velocity * rng.uniform(0.9, 1.08), 0.05, 1.0))
            yield replace(
                note,
                start_s=start_s,
                duration_s=min(note.duration_s, left_s),
                velocity=velocity,
            )


def _octave(voice: Voice) -> int:
    return _OCTAVES.get(voice.instrument, 0) + voice.octave


def _force(frame: _Frame) -> float:
    return 0.35 + 0.6 * frame.section.energy


_RHYTHMS = {
    "slow": ((2.0, 2.0), (3.0, 1.0), (4.0,), (1.0, 1.0, 2.0), (2.0, 1.0, 1.0)),
    "middle": (
        (1.0, 1.0, 1.0, 1.0),
        (1.5, 0.5, 1.0, 1.0),
        (1.0, 0.5, 0.5, 2.0),
        (0.5, 0.5, 1.0, 1.0, 1.0),
    ),
    "fast": (
        (0.5,) * 8,
        (0.5, 0.5, 1.0, 0.5, 0.5, 1.0),
        (0.5, 0.25, 0.25) * 4,
        (1.0, 0.5, 0.5) * 2,
    ),
}


def _motif(frame: _Frame, rng: Rng) -> list[tuple[float, float, int]]:
    """Return two bars of (beat, length in beats, step in degrees)."""
    energy = frame.section.energy
    pace = "slow" if energy < 0.33 else "middle" if energy < 0.66 else "fast"
    motif: list[tuple[float, float, int]] = []
    for bar in range(2):
        rhythm = _RHYTHMS[pace][int(rng.integers(len(_RHYTHMS[pace])))]
        beat = 0.0
        for length in rhythm:
            if beat >= frame.section.meter:
                break
            step = int(
                rng.choice(
                    [-2, -1, -1, 0, 1, 1, 2, 3], p=[0.1, 0.2, 0.1, 0.08, 0.2, 0.12, 0.12, 0.08]
                )
            )
            motif.append((bar * frame.section.meter + beat, length, step))
            beat += length
    return motif


def _melody(frame: _Frame, voice: Voice, rng: Rng) -> Iterator[Note]:
    octave = 5 + _octave(voice)
    motifs = [_motif(frame, rng), _motif(frame, rng)]
    degree = int(rng.choice([0, 2, 4]))
    for pair in range(0, len(frame.roots), 2):
        motif = motifs[1 if pair // 2 % 4 == 2 else 0]
        for beat, length, step in motif:
            bar, within = divmod(beat, frame.section.meter)
            if pair + int(bar) >= len(frame.roots):
                return
            degree = int(np.clip(degree + step, -3, 9))
            if within in {0.0, 2.0}:
                degree = _nearest_chord_tone(degree, frame.roots[pair + int(bar)])
            if rng.random() < 0.06 and within:
                continue
            yield Note(
                frame.at(pair + int(bar), within),
                length * frame.beat_s * frame.mood.legato,
                frame.pitch(degree, octave),
                _force(frame) * (1.05 if within == 0.0 else 0.95),
            )


def _nearest_chord_tone(degree: int, root: int) -> int:
    tones = [tone + 7 * turn for tone in chord_degrees(root) for turn in (-2, -1, 0, 1)]
    return min(tones, key=lambda tone: abs(tone - degree))


def _voicing(frame: _Frame, bar: int, octave: int) -> list[int]:
    """Return the chord's pitches, folded so that neighbouring chords lie close."""
    size = 4 if frame.mood.sevenths else 3
    floor = frame.pitch(-2, octave)
    return sorted(
        floor + (frame.pitch(degree, octave) - floor) % 12
        for degree in chord_degrees(frame.roots[bar], size)
    )


def _held_chords(frame: _Frame, voice: Voice) -> Iterator[Note]:
    octave = 4 + _octave(voice)
    detached = frame.section.energy > 0.6 and frame.mood.legato < 0.8
    for bar in range(len(frame.roots)):
        pulses = range(frame.section.meter) if detached else range(1)
        for beat in pulses:
            length_s = frame.beat_s * 0.5 if detached else frame.bar_s * 1.02
            for pitch in _voicing(frame, bar, octave):
                yield Note(frame.at(bar, beat), length_s, pitch, _force(frame) * 0.75)


_COMPING = {
    "slow": ((0.0, 2.0), (0.0,), (0.0, 1.5)),
    "middle": ((0.0, 1.0, 2.0, 3.0), (0.0, 1.5, 2.5), (0.0, 1.5, 3.0)),
    "fast": (
        (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5),
        (0.0, 0.5, 1.5, 2.0, 3.0, 3.5),
        (0.5, 1.5, 2.5, 3.5),
    ),
}


def _chords(frame: _Frame, voice: Voice, rng: Rng) -> Iterator[Note]:
    octave = 4 + _octave(voice)
    if frame.feel.chords:
        yield from _styled_chords(frame, voice, rng)
        return
    energy = frame.section.energy
    pace = "slow" if energy < 0.35 else "middle" if energy < 0.68 else "fast"
    pattern = _COMPING[pace][int(rng.integers(len(_COMPING[pace])))]
    strum_s = 0.018 if voice.instrument in {"guitar", "harp"} else 0.004
    for bar in range(len(frame.roots)):
        beats = [beat for beat in pattern if beat < frame.section.meter]
        for beat, following in zip(beats, [*beats[1:], float(frame.section.meter)], strict=True):
            length_s = (following - beat) * frame.beat_s * frame.mood.legato
            for place, pitch in enumerate(_voicing(frame, bar, octave)):
                yield Note(
                    frame.at(bar, beat) + place * strum_s, length_s, pitch, _force(frame) * 0.8
                )


def _styled_chords(frame: _Frame, voice: Voice, rng: Rng) -> Iterator[Note]:
    pattern = frame.feel.chords[int(rng.integers(len(frame.feel.chords)))]
    octave = 4 + _octave(voice)
    for bar in range(len(frame.roots)):
        for beat, length in pattern:
            if beat < frame.section.meter:
                for pitch in _voicing(frame, bar, octave):
                    length_s = length * frame.beat_s
                    yield Note(frame.at(bar, beat), length_s, pitch, _force(frame) * 0.8)


def _arpeggio(frame: _Frame, voice: Voice, rng: Rng) -> Iterator[Note]:
    octave = 4 + _octave(voice)
    step = 0.25 if frame.section.energy > 0.7 and frame.section.tempo_bpm < 140 else 0.5
    if frame.section.energy < 0.25:
        step = 1.0
    shape = [(0, 1, 2, 3), (0, 1, 2, 3, 2, 1), (0, 2, 1, 3), (3, 2, 1, 0)][int(rng.integers(4))]
    place = 0
    for bar, root in enumerate(frame.roots):
        tones = [*chord_degrees(root), root + 7]
        for beat in np.arange(0.0, frame.section.meter, step):
            pitch = frame.pitch(tones[shape[place % len(shape)]], octave)
            ring = 1.6 if frame.mood.legato > 0.9 else 0.9
            yield Note(
                frame.at(bar, float(beat)), step * frame.beat_s * ring, pitch, _force(frame) * 0.85
            )
            place += 1


def _bass(frame: _Frame, voice: Voice, rng: Rng) -> Iterator[Note]:
    energy, meter = frame.section.energy, frame.section.meter
    octave = 2 if _octave(voice) < 0 else 3
    if frame.feel.bass:
        yield from _styled_bass(frame, octave, rng)
        return
    walking = frame.section.swing > 0.1
    beats = np.arange(0, meter, 0.5 if energy > 0.7 else 1.0 if energy > 0.4 or walking else 2.0)
    for bar, root in enumerate(frame.roots):
        line = root - 7 if root > 3 else root
        for place, beat in enumerate(beats):
            degree = line
            if walking and place:
                degree = line + [0, 2, 4, 5][place % 4]
            elif place and rng.random() < 0.25:
                degree = line + int(rng.choice([4, 7]))
            length = float(beats[1] - beats[0]) if len(beats) > 1 else float(meter)
            yield Note(
                frame.at(bar, float(beat)),
                length * frame.beat_s * 0.88,
                frame.pitch(degree, octave),
                _force(frame) * (1.05 if place == 0 else 0.9),
            )


def _styled_bass(frame: _Frame, octave: int, rng: Rng) -> Iterator[Note]:
    pattern = frame.feel.bass[int(rng.integers(len(frame.feel.bass)))]
    for bar, root in enumerate(frame.roots):
        line = root - 7 if root > 3 else root
        for beat, length, degree in pattern:
            if beat < frame.section.meter:
                pitch = frame.pitch(line + degree, octave)
                yield Note(frame.at(bar, beat), length * frame.beat_s, pitch, _force(frame))


def _drone(frame: _Frame, voice: Voice, rng: Rng) -> Iterator[Note]:
    octave = (3 if rng.random() < 0.6 else 2) + max(0, _octave(voice))
    every = 4
    for bar in range(0, len(frame.roots), every):
        for degree in (0, 4):
            pitch = frame.pitch(degree, octave)
            yield Note(frame.at(bar, 0.0), frame.bar_s * every * 1.03, pitch, _force(frame) * 0.8)


def _drums(frame: _Frame, voice: Voice, rng: Rng) -> Iterator[Note]:
    pattern = BEATS[voice.instrument]
    force = 0.5 + 0.5 * frame.section.energy
    for bar in range(len(frame.roots)):
        fill = bar % 4 == 3 and bar + 1 < len(frame.roots) and rng.random() < 0.6
        for drum, strokes in pattern.items():
            if drum == "crash" and bar % 4:
                continue
            for place in range(frame.section.meter * 4):
                stroke = strokes[place % len(strokes)]
                if stroke == "." or (fill and place >= frame.section.meter * 4 - 4):
                    continue
                yield Note(
                    frame.at(bar, place / 4), 0.1, velocity=force * STROKES[stroke], drum=drum
                )
        if fill:
            for place in range(frame.section.meter * 4 - 4, frame.section.meter * 4):
                drum = str(
                    rng.choice(["snare", "tom", "low_tom"] if "snare" in pattern else list(pattern))
                )
                yield Note(frame.at(bar, place / 4), 0.1, velocity=force * 0.8, drum=drum)


def _texture(frame: _Frame, _voice: Voice, _rng: Rng) -> Iterator[Note]:
    yield Note(0.0, frame.section.duration_s, velocity=1.0)


_ROLES: dict[str, Callable[[_Frame, Voice, Rng], Iterator[Note]]] = {
    "melody": _melody,
    "chords": _chords,
    "arpeggio": _arpeggio,
    "bass": _bass,
    "drone": _drone,
    "drums": _drums,
    "texture": _texture,
}
