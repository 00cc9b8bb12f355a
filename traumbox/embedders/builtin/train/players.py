"""Who can play: each player of our synthesiser and of General MIDI, and the concepts it brings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Player:
    """``instrument`` is a name of the synthesiser's or ``gm:<program>``."""

    instrument: str
    concepts: tuple[str, ...]
    octave: int = 0
    sustained: bool = False

    @property
    def sampled(self) -> bool:
        """Whether it takes a soundfont to hear this player."""
        return self.instrument.startswith("gm:")


def _p(instruments: str, concepts: str, octave: int = 0, *, held: bool = False) -> list[Player]:
    """Read ``instruments`` and ``concepts`` as lists separated by commas."""
    names = tuple(name.strip() for name in concepts.split(","))
    return [Player(one.strip(), names, octave, held) for one in instruments.split(",")]


PLAYERS: tuple[Player, ...] = (
    *_p("piano, gm:0, gm:0, gm:1", "piano, keyboard, acoustic"),
    *_p("gm:3", "piano, keyboard, acoustic"),
    *_p("electric piano, gm:4, gm:5", "electric piano, keyboard"),
    *_p("harpsichord, gm:6", "harpsichord, keyboard, plucked, acoustic"),
    *_p("gm:8", "celesta, bells, keyboard", 1),
    *_p("gm:9", "glockenspiel, bells, mallets", 1),
    *_p("gm:10", "music box, bells", 1),
    *_p("glockenspiel", "glockenspiel, celesta, music box, bells"),
    *_p("vibraphone, gm:11", "vibraphone, mallets"),
    *_p("marimba, gm:12", "marimba, mallets, acoustic"),
    *_p("gm:13", "xylophone, mallets, acoustic", 1),
    *_p("bell, gm:14", "church bells, bells"),
    *_p("gm:16, gm:17, gm:18", "organ, keyboard", held=True),
    *_p("organ, gm:19", "organ, church organ, keyboard", held=True),
    *_p("accordion, gm:21", "accordion, acoustic", held=True),
    *_p("gm:22", "harmonica, acoustic", held=True),
    *_p("guitar, gm:24, gm:25", "acoustic guitar, guitar, plucked, acoustic"),
    *_p("gm:26, gm:27", "electric guitar, guitar"),
    *_p("distorted guitar", "distorted guitar, guitar", held=True),
    *_p("gm:29, gm:30", "distorted guitar, guitar", -1, held=True),
    *_p("gm:32", "double bass, bass, acoustic", -1),
    *_p("gm:33, gm:34, gm:35", "bass", -1),
    *_p("bass guitar", "bass"),
    *_p("gm:38, gm:39", "synth bass, bass, synth", -1),
    *_p("synth bass, sub bass", "synth bass, bass, synth"),
    *_p("gm:40, gm:110", "violin, strings, acoustic", held=True),
    *_p("solo violin", "violin, strings, acoustic", held=True),
    *_p("gm:42", "cello, strings, acoustic", -1, held=True),
    *_p("gm:43", "double bass, strings, acoustic", -2, held=True),
    *_p("gm:45, pizzicato", "pizzicato, plucked, acoustic"),
    *_p("gm:46, harp", "harp, plucked, acoustic"),
    *_p("strings, gm:48, gm:49, gm:48, gm:44", "strings, acoustic", held=True),
    *_p("gm:50", "strings, synth", held=True),
    *_p("choir, gm:52, gm:53", "choir", held=True),
    *_p("gm:56, gm:56, gm:59", "trumpet, brass, acoustic", held=True),
    *_p("brass", "trumpet, brass, acoustic", held=True),
    *_p("gm:57", "trombone, brass, acoustic", -1, held=True),
    *_p("gm:58", "tuba, brass, acoustic", -2, held=True),
    *_p("gm:60", "french horn, brass, acoustic", -1, held=True),
    *_p("gm:61", "brass, acoustic", held=True),
    *_p("gm:64, gm:65, gm:66", "saxophone, woodwind", held=True),
    *_p("gm:67", "saxophone, woodwind", -1, held=True),
    *_p("gm:68, gm:69", "oboe, woodwind, acoustic", held=True),
    *_p("gm:70", "bassoon, woodwind, acoustic", -1, held=True),
    *_p("gm:71, clarinet", "clarinet, woodwind, acoustic", held=True),
    *_p("gm:72", "flute, woodwind, acoustic", 1, held=True),
    *_p("gm:73, flute, gm:74, gm:75, gm:77", "flute, woodwind, acoustic", held=True),
    *_p("gm:78, gm:79", "whistle, woodwind", 1, held=True),
    *_p("lead, gm:80, gm:81, gm:84", "lead, synth, electronic", held=True),
    *_p("pad, gm:88, gm:89, gm:90, gm:94, gm:95", "pad, synth, electronic", held=True),
    *_p("gm:104", "sitar, plucked"),
    *_p("gm:105", "banjo, plucked, acoustic"),
    *_p("gm:106, gm:107", "koto, plucked, acoustic"),
    *_p("gm:108", "kalimba, mallets, plucked"),
    *_p("gm:109", "bagpipes", held=True),
    *_p("gm:114", "steel drums, mallets"),
)

BASS_LINES = frozenset({"bass"})
"""Concepts whose players keep to the low end and seldom carry a tune."""


def players_of(concept: str, *, sampled: bool) -> list[Player]:
    """Return the players that bring ``concept`` in one of the two orchestras."""
    return [p for p in PLAYERS if concept in p.concepts and p.sampled == sampled]


SUSTAINED = frozenset(player.instrument for player in PLAYERS if player.sustained)
