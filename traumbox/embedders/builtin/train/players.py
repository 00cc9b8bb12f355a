"""Who can play: each player of our synthesiser and of General MIDI, and the concepts it brings."""

from __future__ import annotations

from dataclasses import dataclass

FAMILIES = (
    "piano", "electric piano", "organ", "accordion", "mallets", "bells", "acoustic guitar",
    "electric guitar", "distorted guitar", "plucked", "bass", "strings", "voice", "brass",
    "saxophone", "woodwind", "synth", "drums",
)  # fmt: skip
"""Of whom a player is one; "drums" play no notes."""


@dataclass(frozen=True, slots=True)
class Player:
    """``instrument`` is a name of the synthesiser's or ``gm:<program>``.

    ``is_held_out``: it plays in the evaluation only, and the training never hears it.
    """

    instrument: str
    family: str
    concepts: tuple[str, ...]
    octave: int = 0
    sustained: bool = False
    is_held_out: bool = False

    @property
    def sampled(self) -> bool:
        """Whether it takes a soundfont to hear this player."""
        return self.instrument.startswith("gm:")


HELD_OUT = frozenset({"gm:1", "gm:18", "gm:35", "gm:41", "gm:65", "gm:69", "gm:84", "gm:89"})
"""Bright piano, rock organ, fretless bass, viola, alto sax, English horn, charang, warm pad."""


def _p(
    instruments: str, family: str, concepts: str, octave: int = 0, *, held: bool = False
) -> list[Player]:
    """Read ``instruments`` and ``concepts`` as lists separated by commas."""
    names = tuple(name.strip() for name in concepts.split(","))
    return [
        Player(one, family, names, octave, held, one in HELD_OUT)
        for one in (name.strip() for name in instruments.split(","))
    ]


PLAYERS: tuple[Player, ...] = (
    *_p("piano, gm:0, gm:0, gm:1", "piano", "piano, keyboard, acoustic"),
    *_p("gm:3", "piano", "piano, keyboard, acoustic"),
    *_p("electric piano, gm:4, gm:5", "electric piano", "electric piano, keyboard"),
    *_p("harpsichord, gm:6", "plucked", "harpsichord, keyboard, plucked, acoustic"),
    *_p("gm:8", "bells", "celesta, bells, keyboard", 1),
    *_p("gm:9", "bells", "glockenspiel, bells, mallets", 1),
    *_p("gm:10", "bells", "music box, bells", 1),
    *_p("glockenspiel", "bells", "glockenspiel, celesta, music box, bells"),
    *_p("vibraphone, gm:11", "mallets", "vibraphone, mallets"),
    *_p("marimba, gm:12", "mallets", "marimba, mallets, acoustic"),
    *_p("gm:13", "mallets", "xylophone, mallets, acoustic", 1),
    *_p("bell, gm:14", "bells", "church bells, bells"),
    *_p("gm:16, gm:17, gm:18", "organ", "organ, keyboard", held=True),
    *_p("organ, gm:19", "organ", "organ, church organ, keyboard", held=True),
    *_p("accordion, gm:21", "accordion", "accordion, acoustic", held=True),
    *_p("gm:22", "accordion", "harmonica, acoustic", held=True),
    *_p("guitar, gm:24, gm:25", "acoustic guitar", "acoustic guitar, guitar, plucked, acoustic"),
    *_p("gm:26, gm:27", "electric guitar", "electric guitar, guitar"),
    *_p("distorted guitar", "distorted guitar", "distorted guitar, guitar", held=True),
    *_p("gm:29, gm:30", "distorted guitar", "distorted guitar, guitar", -1, held=True),
    *_p("gm:32", "bass", "double bass, bass, acoustic", -1),
    *_p("gm:33, gm:34, gm:35", "bass", "bass", -1),
    *_p("bass guitar", "bass", "bass"),
    *_p("gm:38, gm:39", "bass", "synth bass, bass, synth", -1),
    *_p("synth bass, sub bass", "bass", "synth bass, bass, synth"),
    *_p("gm:40, gm:110", "strings", "violin, strings, acoustic", held=True),
    *_p("solo violin", "strings", "violin, strings, acoustic", held=True),
    *_p("gm:41", "strings", "viola, strings, acoustic", held=True),
    *_p("gm:42", "strings", "cello, strings, acoustic", -1, held=True),
    *_p("gm:43", "strings", "double bass, strings, acoustic", -2, held=True),
    *_p("gm:45, pizzicato", "plucked", "pizzicato, plucked, acoustic"),
    *_p("gm:46, harp", "plucked", "harp, plucked, acoustic"),
    *_p("strings, gm:48, gm:49, gm:48, gm:44", "strings", "strings, acoustic", held=True),
    *_p("gm:50", "strings", "strings, synth", held=True),
    *_p("choir, gm:52, gm:53", "voice", "choir, singing", held=True),
    *_p("singer", "voice", "singing", held=True),
    *_p("gm:56, gm:56, gm:59", "brass", "trumpet, brass, acoustic", held=True),
    *_p("brass", "brass", "trumpet, brass, acoustic", held=True),
    *_p("gm:57", "brass", "trombone, brass, acoustic", -1, held=True),
    *_p("gm:58", "brass", "tuba, brass, acoustic", -2, held=True),
    *_p("gm:60", "brass", "french horn, brass, acoustic", -1, held=True),
    *_p("gm:61", "brass", "brass, acoustic", held=True),
    *_p("gm:64, gm:65, gm:66", "saxophone", "saxophone, woodwind", held=True),
    *_p("gm:67", "saxophone", "saxophone, woodwind", -1, held=True),
    *_p("gm:68, gm:69", "woodwind", "oboe, woodwind, acoustic", held=True),
    *_p("gm:70", "woodwind", "bassoon, woodwind, acoustic", -1, held=True),
    *_p("gm:71, clarinet", "woodwind", "clarinet, woodwind, acoustic", held=True),
    *_p("gm:72", "woodwind", "flute, woodwind, acoustic", 1, held=True),
    *_p("gm:73, flute, gm:74, gm:75, gm:77", "woodwind", "flute, woodwind, acoustic", held=True),
    *_p("gm:78, gm:79", "woodwind", "whistle, woodwind", 1, held=True),
    *_p("lead, gm:80, gm:81, gm:84", "synth", "lead, synth, electronic", held=True),
    *_p("pad, gm:88, gm:89, gm:90, gm:94, gm:95", "synth", "pad, synth, electronic", held=True),
    *_p("gm:104", "plucked", "sitar, plucked"),
    *_p("gm:105", "plucked", "banjo, plucked, acoustic"),
    *_p("gm:106, gm:107", "plucked", "koto, plucked, acoustic"),
    *_p("gm:108", "mallets", "kalimba, mallets, plucked"),
    *_p("gm:109", "woodwind", "bagpipes", held=True),
    *_p("gm:114", "mallets", "steel drums, mallets"),
)

BASS_LINES = frozenset({"bass"})
"""Concepts whose players keep to the low end and seldom carry a tune."""


def players_of(concept: str, *, sampled: bool, held_out: bool = False) -> list[Player]:
    """Return the players that bring ``concept`` in one of the two orchestras.

    With ``held_out`` those that training never hears, where there are any; else only the others.
    """
    found = [p for p in PLAYERS if concept in p.concepts and p.sampled == sampled]
    shown = [p for p in found if not p.is_held_out]
    hidden = [p for p in found if p.is_held_out]
    return hidden if held_out and hidden else shown


SUSTAINED = frozenset(player.instrument for player in PLAYERS if player.sustained)
