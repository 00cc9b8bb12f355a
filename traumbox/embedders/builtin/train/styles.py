# ruff: noqa: E501 -- tables, one entry a line
"""The styles: their line-ups, rhythms, moods and tempi."""

from __future__ import annotations

from dataclasses import dataclass

from traumbox.synth.score import Role


@dataclass(frozen=True, slots=True)
class Style:
    """``concepts`` has the style's own name first; ``feel`` is a name of ``FEELS`` or "".

    A line of ``voices`` is a role, instruments to choose from, and how often it is there.
    ``is_held_out``: it is played in the evaluation only; its concepts name the style nearest to it.
    """

    concepts: tuple[str, ...]
    voices: tuple[tuple[Role, tuple[str, ...], float], ...]
    beats: tuple[str, ...]
    moods: tuple[str, ...]
    tempo_bpm: tuple[float, float]
    kits: tuple[int, ...] = (0,)
    swing: float = 0.0
    meter: int = 4
    feel: str = ""
    is_held_out: bool = False


def _voices(*rows: tuple[Role, str, float]) -> tuple[tuple[Role, tuple[str, ...], float], ...]:
    return tuple(
        (role, tuple(n.strip() for n in names.split(",")), odds) for role, names, odds in rows
    )


STYLES: tuple[Style, ...] = (
    Style(("rock", "rhythmic"), _voices(("bass", "bass", 1), ("chords", "electric guitar, distorted guitar, distorted guitar", 1), ("melody", "electric guitar, distorted guitar, singing, organ", 0.7)), ("rock", "rock", "pop"), ("happy", "energetic", "dark"), (104, 150), (0, 8, 16), feel="rock"),
    Style(("metal", "rhythmic"), _voices(("bass", "bass", 1), ("chords", "distorted guitar", 1), ("bass", "distorted guitar", 0.8), ("melody", "distorted guitar", 0.3)), ("metal", "metal", "rock"), ("aggressive",), (140, 190), (16, 8), feel="metal"),
    Style(("pop", "rhythmic"), _voices(("bass", "bass", 1), ("chords", "piano, acoustic guitar, electric guitar, electric piano", 1), ("melody", "singing, singing, lead, flute, violin", 0.9), ("chords", "pad, strings", 0.5)), ("pop", "pop", "ballad"), ("happy", "romantic", "sad", "energetic"), (76, 130), (0, 8), feel="pop"),
    Style(("techno", "dance", "rhythmic", "electronic"), _voices(("bass", "synth bass", 1), ("arpeggio", "lead, synth bass", 0.6), ("chords", "lead, pad", 0.5)), ("four_on_the_floor",), ("tense", "dark", "energetic"), (124, 148), (25, 24), feel="techno"),
    Style(("house", "dance", "rhythmic", "electronic"), _voices(("bass", "synth bass, bass", 1), ("chords", "piano, electric piano, organ, pad", 1), ("melody", "singing, lead, saxophone", 0.3)), ("house",), ("groovy", "happy", "energetic"), (116, 128), (25, 24), feel="house"),
    Style(("trance", "dance", "rhythmic", "electronic"), _voices(("bass", "synth bass", 1), ("chords", "pad", 1), ("arpeggio", "lead", 1), ("melody", "lead", 0.5)), ("trance",), ("energetic", "epic", "dreamy"), (130, 145), (25, 24), feel="trance"),
    Style(("drum and bass", "dance", "rhythmic", "electronic"), _voices(("bass", "synth bass", 1), ("chords", "pad, electric piano", 0.9), ("melody", "lead, flute, singing", 0.3)), ("drum_and_bass",), ("energetic", "tense", "dark", "dreamy"), (164, 180), (24, 0, 8), feel="drum and bass"),
    Style(("disco", "dance", "rhythmic"), _voices(("bass", "bass", 1), ("chords", "electric guitar, electric piano", 1), ("chords", "strings", 0.9), ("melody", "brass, singing, violin", 0.6)), ("disco",), ("happy", "groovy", "energetic"), (108, 128), (0, 8), feel="disco"),
    Style(("synthwave", "rhythmic", "electronic"), _voices(("bass", "synth bass", 1), ("chords", "pad", 1), ("melody", "lead", 0.9)), ("rock", "pop"), ("energetic", "epic", "dreamy"), (84, 118), (24,), feel="synthwave"),
    Style(("chiptune", "electronic"), _voices(("melody", "lead", 1), ("arpeggio", "lead", 1), ("bass", "synth bass", 0.7)), ("pop", "rock", ""), ("playful", "happy", "energetic"), (120, 172), (25,)),
    Style(("ambient music",), _voices(("chords", "pad, choir, strings", 1), ("drone", "pad, organ", 0.7), ("arpeggio", "harp, celesta, kalimba, electric piano, piano", 0.3)), ("",), ("dreamy", "calm"), (46, 76)),
    Style(("jazz",), _voices(("bass", "double bass, double bass, bass", 1), ("chords", "piano, piano, electric guitar", 1), ("melody", "saxophone, trumpet, vibraphone, piano, clarinet, trombone", 0.9)), ("jazz", "jazz", "brushes"), ("groovy", "romantic", "happy"), (84, 190), (32, 40), 0.17, feel="jazz"),
    Style(("blues",), _voices(("bass", "bass, double bass", 1), ("chords", "electric guitar, piano, organ", 1), ("melody", "harmonica, electric guitar, saxophone, singing", 0.9)), ("shuffle",), ("groovy", "sad", "dark"), (66, 128), (0, 32), 0.17, feel="blues"),
    Style(("bossa", "latin"), _voices(("bass", "bass, double bass", 1), ("chords", "acoustic guitar", 1), ("melody", "flute, saxophone, piano, singing", 0.8)), ("bossa",), ("romantic", "groovy", "calm"), (104, 136), (32, 0), feel="bossa"),
    Style(("latin", "rhythmic"), _voices(("bass", "bass", 1), ("chords", "piano", 1), ("melody", "trumpet, steel drums, flute, marimba, brass", 0.9)), ("latin",), ("happy", "groovy", "energetic"), (92, 120), feel="latin"),
    Style(("tango",), _voices(("bass", "double bass", 1), ("chords", "piano, accordion, strings", 1), ("melody", "accordion, violin, accordion", 1)), ("tango", "", ""), ("dark", "tense", "romantic", "sad"), (108, 132), (40,), feel="tango"),
    Style(("reggae", "rhythmic"), _voices(("bass", "bass", 1), ("chords", "electric guitar, organ, piano", 1), ("melody", "singing, trombone, saxophone, harmonica, brass", 0.6)), ("one_drop", "one_drop", "steppers"), ("groovy", "happy", "calm"), (66, 90), feel="reggae"),
    Style(("hip hop", "rhythmic"), _voices(("bass", "synth bass", 1), ("chords", "strings, piano, pad", 0.9), ("melody", "lead, flute", 0.2)), ("hip_hop", "trap"), ("dark", "tense", "groovy"), (78, 104), (25, 24), feel="hip hop"),
    Style(("lofi", "hip hop"), _voices(("bass", "bass, double bass", 0.9), ("chords", "electric piano, acoustic guitar, piano", 1), ("melody", "vibraphone, electric piano", 0.4)), ("hip_hop", "trip_hop"), ("calm", "dreamy"), (68, 86), (25, 40), feel="lofi"),
    Style(("funk", "rhythmic"), _voices(("bass", "bass", 1), ("chords", "electric guitar, electric piano, organ", 1), ("melody", "brass, saxophone, trumpet", 0.7)), ("funk", "breakbeat"), ("groovy", "energetic"), (96, 116), feel="funk"),
    Style(("gospel", "sacred"), _voices(("bass", "bass", 0.8), ("chords", "organ, piano", 1), ("melody", "singing, choir", 1), ("chords", "choir", 0.7)), ("gospel", "gospel", ""), ("romantic", "happy", "epic"), (60, 92), (0,), 0.0, 3, feel="gospel"),
    Style(("classical",), _voices(("melody", "violin, flute, oboe, clarinet, cello, piano", 1), ("arpeggio", "piano, piano, harp, strings", 0.7), ("chords", "strings, piano", 0.6)), ("",), ("calm", "happy", "sad", "romantic", "playful", "tense"), (56, 150), feel="classical"),
    Style(("baroque", "classical"), _voices(("melody", "violin, flute, oboe, trumpet, harpsichord", 1), ("chords", "harpsichord, harpsichord, church organ", 1), ("bass", "cello, bassoon, double bass", 0.9), ("melody", "violin", 0.3)), ("",), ("happy", "playful", "energetic", "sad"), (72, 132), feel="baroque"),
    Style(("orchestral", "classical"), _voices(("chords", "strings", 1), ("melody", "french horn, trumpet, violin, oboe, flute, brass", 1), ("chords", "brass, choir", 0.7), ("arpeggio", "harp, pizzicato, strings", 0.5), ("bass", "cello, double bass, tuba", 0.7)), ("epic", "", ""), ("epic", "romantic", "tense", "dark", "sad", "happy"), (60, 140), (48,)),
    Style(("sacred",), _voices(("chords", "choir, church organ", 1), ("melody", "choir, church organ", 0.6), ("bass", "church organ", 0.4)), ("",), ("calm", "sad", "epic"), (48, 84)),
    Style(("folk",), _voices(("arpeggio", "acoustic guitar", 0.5), ("chords", "acoustic guitar, accordion", 1), ("melody", "violin, flute, whistle, accordion, singing", 1)), ("", "", "brushes"), ("happy", "calm", "sad", "romantic"), (72, 140), (40,)),
    Style(("country",), _voices(("chords", "acoustic guitar", 1), ("bass", "bass, double bass", 1), ("melody", "banjo, violin, harmonica, singing", 1), ("arpeggio", "banjo, acoustic guitar", 0.4)), ("train", "train", "brushes"), ("happy", "playful", "groovy"), (88, 132), (0, 40), feel="country"),
    Style(("march music",), _voices(("melody", "trumpet, brass, flute, clarinet", 1), ("chords", "brass, trombone, french horn", 0.9), ("bass", "tuba", 1)), ("march",), ("happy", "epic"), (104, 128), (0, 48), feel="march music"),
    Style(("waltz",), _voices(("melody", "accordion, violin, piano, music box, clarinet, flute", 1), ("chords", "accordion, strings, piano", 1), ("bass", "double bass, cello, bass", 0.8)), ("waltz", "", ""), ("romantic", "playful", "happy", "sad"), (96, 168), (40,), 0.0, 3, feel="waltz"),
    Style(("lullaby", "calm"), _voices(("melody", "music box, celesta, flute, singing, harp, glockenspiel", 1), ("arpeggio", "harp, music box, acoustic guitar, celesta, piano", 0.8)), ("",), ("calm", "dreamy"), (54, 80), (0,), 0.0, 3),
    Style(("world",), _voices(("melody", "sitar, koto, flute, kalimba, bagpipes, marimba, steel drums", 1), ("arpeggio", "kalimba, marimba, koto, sitar", 0.6), ("drone", "sitar, accordion, bagpipes", 0.4)), ("tribal", "tribal", ""), ("calm", "happy", "dark", "groovy"), (64, 132)),
    # Never trained on: do their neighbours' names find them?
    Style(("reggae", "rhythmic"), _voices(("bass", "bass", 1), ("chords", "electric guitar, organ", 1), ("melody", "trumpet, trombone, saxophone", 1)), ("ska",), ("happy", "energetic"), (132, 164), feel="ska", is_held_out=True),
    Style(("folk",), _voices(("melody", "accordion, clarinet", 1), ("chords", "accordion", 1), ("bass", "tuba", 1)), ("polka",), ("happy", "playful"), (108, 128), feel="polka", is_held_out=True),
    Style(("hip hop", "rhythmic"), _voices(("bass", "bass", 1), ("chords", "electric piano, strings", 1), ("melody", "singing, trumpet", 0.5)), ("trip_hop",), ("dark", "dreamy"), (80, 96), (0, 24), feel="hip hop", is_held_out=True),
)  # fmt: skip
