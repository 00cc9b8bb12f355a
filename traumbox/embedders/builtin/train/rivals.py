"""Hard negatives: captions that are wrong by one thing, and nearly right."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

Rng = np.random.Generator

_RIVALS: tuple[tuple[str, ...], ...] = (
    ("trumpet", "trombone", "french horn", "saxophone", "clarinet", "violin"),
    ("saxophone", "clarinet", "oboe", "bassoon", "harmonica", "trumpet"),
    ("flute", "whistle", "clarinet", "oboe", "singing", "violin"),
    ("violin", "viola", "cello", "double bass", "strings"),
    ("strings", "choir", "pad", "organ", "accordion", "brass"),
    ("piano", "electric piano", "harpsichord", "harp", "acoustic guitar", "marimba"),
    ("celesta", "glockenspiel", "music box", "vibraphone", "church bells", "piano"),
    ("marimba", "xylophone", "kalimba", "steel drums", "vibraphone"),
    ("organ", "church organ", "accordion", "harmonica", "bagpipes"),
    ("acoustic guitar", "electric guitar", "distorted guitar", "banjo", "harp", "koto", "sitar"),
    ("bass", "double bass", "synth bass", "tuba", "cello"),
    ("choir", "singing", "speech", "flute", "pad"),
    ("lead", "pad", "synth bass", "organ"),
    ("drums", "hand drums", "electronic drums", "timpani", "percussion"),
    ("noise", "rain", "wind", "sea", "applause", "crackle", "rumble"),
    ("birds", "whistle", "flute"),
    ("speech", "singing", "man speaking", "woman speaking", "birds"),
    ("slow", "medium", "fast"),
    ("bright", "dull"),
    ("high", "deep"),
    ("loud", "quiet"),
    ("dense", "sparse"),
    ("calm", "energetic", "aggressive", "tense"),
    ("happy", "sad", "dark", "romantic"),
    ("playful", "epic", "dreamy"),
    ("major", "minor"),
    ("acoustic", "electronic"),
    ("rock", "metal", "pop", "blues", "funk"),
    ("techno", "house", "trance", "drum and bass", "disco"),
    ("jazz", "blues", "bossa", "latin", "tango"),
    ("hip hop", "lofi", "reggae", "funk"),
    ("classical", "baroque", "orchestral", "sacred", "waltz"),
    ("folk", "country", "march music", "waltz", "world"),
    ("ambient music", "lullaby", "sacred", "lofi"),
    ("synthwave", "chiptune", "trance", "pop"),
    ("gospel", "sacred", "blues"),
)
_OF: dict[str, tuple[str, ...]] = {}
for _group in _RIVALS:
    for _name in _group:
        _OF[_name] = (*_OF.get(_name, ()), *(other for other in _group if other != _name))


def one_wrong(asked: Collection[str], rng: Rng) -> tuple[str, ...] | None:
    """Return the concepts ``asked`` with one exchanged for a rival, or None where none has any."""
    names = sorted(asked)
    swappable = [place for place, name in enumerate(names) if name in _OF]
    if not swappable:
        return None
    place = swappable[int(rng.integers(len(swappable)))]
    rivals = [name for name in _OF[names[place]] if name not in asked]
    names[place] = rivals[int(rng.integers(len(rivals)))]
    return tuple(names)
