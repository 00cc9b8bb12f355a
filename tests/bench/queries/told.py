"""A model that is told what plays instead of hearing it: a large library without playing a note.

For tests: its space has an axis for each thing that can be heard, and noise, so that it is about
as good as a real model and goes wrong as one does.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from tests.bench.queries.listening import Listened
from tests.bench.queries.pieces import Part, Piece
from tests.bench.queries.truth import FAST_FROM_BPM, SLOW_TO_BPM
from traumbox.domain import WINDOW_S, Descriptors, Float32, ModelCard, unit
from traumbox.ports import Embedder

DIM = 128
"""The last axis is that of what nobody has heard of: no window points along it."""
NOISE = 0.35
OCTAVES_OFF = 0.08  # of the tempi are measured at half or double
KEYS_OFF = 0.15

_WORDS: dict[str, str] = {
    "piano": "piano", "klavier": "piano", "acoustic guitar": "acoustic guitar",
    "gezupfte gitarre": "acoustic guitar", "guitar": "guitar", "gitarre": "guitar",
    "heavy guitar": "distorted guitar", "harte gitarre": "distorted guitar",
    "organ": "church organ", "orgel": "church organ", "choir": "choir", "chor": "choir",
    "string": "strings", "streicher": "strings", "flute": "flute", "flöte": "flute",
    "music box": "music box", "spieluhr": "music box", "accordion": "accordion",
    "akkordeon": "accordion", "schifferklavier": "accordion", "drums": "drums",
    "schlagzeug": "drums", "händen": "hand drums", "rain": "rain", "regnet": "rain",
    "waves": "sea", "meer": "sea", "birds": "birds", "vögel": "birds", "wind": "wind",
    "clapping": "applause", "klatscht": "applause", "vinyl": "crackle", "marimba": "marimba",
    "harp": "harp", "harfe": "harp", "harpsichord": "harpsichord", "cembalo": "harpsichord",
    "trumpet": "trumpet", "trompete": "trumpet", "blechbläser": "brass", "clarinet": "clarinet",
    "klarinette": "clarinet", "synth bass": "synth bass", "pads": "pad", "flächen": "pad",
    "vibraphone": "vibraphone", "vibraphon": "vibraphone", "violin": "violin", "fiddle": "violin",
    "geige": "violin", "singing": "singing", "gesang": "singing", "synth": "synth",
    "electronic": "electronic", "elektronisch": "electronic", "e-piano": "electric piano",
    "game": "chiptune", "computerspiel": "chiptune", "club": "electronic drums",
    "kirchturm": "church bells", "filmmusik": "orchestral", "jazz": "jazz", "techno": "techno",
    "disco": "disco", "funk": "funk", "metal": "metal", "reggae": "reggae", "waltz": "waltz",
    "walzer": "waltz", "gospel": "gospel", "lullab": "lullaby", "folk": "folk", "house": "house",
    "blues": "blues", "tango": "tango", "bossa": "bossa", "klassik": "classical",
    "calm": "calm", "ruhig": "calm", "leise": "calm", "quiet": "calm", "sad": "sad",
    "traurig": "sad", "gloomy": "dark", "playful": "playful", "verspielt": "playful",
    "happy": "happy", "fröhlich": "happy", "dream": "dreamy", "verträumt": "dreamy",
    "church bells": "church bells", "kirchenglocken": "church bells", "hiss": "noise",
    "rauschen": "noise", "electric piano": "electric piano", "congas": "hand drums",
    "plucked": "pizzicato", "pizzicato": "pizzicato", "schallplatte": "crackle",
    "synthesizerbass": "synth bass", "jungle": "drum and bass", "dance floor": "disco",
    "disko": "disco", "brazil": "bossa", "argentin": "tango", "parad": "march music",
    "blaskapelle": "march music", "ballroom": "waltz", "dreivierteltakt": "waltz",
    "country": "country", "cowboy": "country", "retro": "synthwave", "trance": "trance",
    "study": "lofi", "lernen": "lofi", "praise": "gospel", "wiegenlied": "lullaby",
    "slow": "slow", "langsam": "slow", "fast": "fast", "schnell": "fast", "energetic": "energetic",
}  # fmt: skip
"""Words of both languages and the axis each points along."""


class ToldEmbedder(Embedder):
    """Understands sentences by the words it knows; for windows see ``tell``."""

    def __init__(self) -> None:
        self._card = ModelCard("told", "Told", DIM, "none", calibration=(0.3, 12.0), floor=0.2)

    @property
    def card(self) -> ModelCard:
        return self._card

    def embed_audio(self, windows: Float32) -> Float32:
        raise NotImplementedError("it hears nothing; it is told by tell()")

    def embed_text(self, sentences: Sequence[str]) -> Float32:
        return np.stack([_meant(sentence) for sentence in sentences])

    def release(self) -> None:
        pass


def tell(piece: Piece) -> Listened:
    """Return a window for each part of a piece, and descriptors that are sometimes wrong."""
    rng = np.random.default_rng([*piece.seed, 2])
    starts_s = WINDOW_S * np.arange(len(piece.parts), dtype=np.float32)
    vectors = np.stack([_told(part, rng) for part in piece.parts])
    part = piece.parts[0]
    octave = float(rng.choice([0.5, 2.0])) if rng.random() < OCTAVES_OFF else 1.0
    other = "C major" if part.key and rng.random() < KEYS_OFF else part.key
    return Listened(
        starts_s, vectors, Descriptors(bpm=part.tempo_bpm * octave or None, key=other or None)
    )


def _told(part: Part, rng: np.random.Generator) -> Float32:
    weights = {name: 1.0 if name in part.leads else 0.5 for name in sorted(part.plays)}
    if part.style:
        weights[part.style] = 1.0
    if part.tempo_bpm:
        pace = part.tempo_bpm
        weights |= {"slow": 1.0} if pace <= SLOW_TO_BPM else {}
        weights |= {"fast": 1.0} if pace >= FAST_FROM_BPM else {}
    heard = unit(sum((weight * _axis(name) for name, weight in weights.items()), np.zeros(DIM)))
    return unit(heard + NOISE * _direction(rng))


def _meant(sentence: str) -> Float32:
    text = sentence.casefold()
    known = {axis for word, axis in _WORDS.items() if word in text}
    if not known:
        return unit(np.eye(DIM)[-1])
    return unit(sum((_axis(name) for name in sorted(known)), np.zeros(DIM)))


def _axis(name: str) -> Float32:
    return _direction(np.random.default_rng(zlib.crc32(name.encode())))


def _direction(rng: np.random.Generator) -> Float32:
    return unit(np.append(rng.standard_normal(DIM - 1), 0.0))
