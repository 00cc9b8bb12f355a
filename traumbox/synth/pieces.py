"""The programme of the demo: what is played, by whom, under which title.

Titles don't give the sound away: the search has to listen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from traumbox.domain import Tags
from traumbox.synth import covers
from traumbox.synth.mix import Room
from traumbox.synth.score import Section, Voice

V = Voice
C, D, E, F, G, A, B_FLAT = 0, 2, 4, 5, 7, 9, 10


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the demo; ``suffix`` decides the format of its file."""

    tags: Tags
    suffix: str
    seed: int
    sections: tuple[Section, ...]
    room: Room = field(default_factory=Room)
    cover: Callable[[], bytes] | None = None

    @property
    def file_name(self) -> str:
        """``Artist - Title.suffix``."""
        return f"{self.tags.artist} - {self.tags.title}{self.suffix}"

    @property
    def duration_s(self) -> float:
        """How long it plays."""
        return sum(section.duration_s for section in self.sections)


def _album(artist: str, album: str, genre: str, year: int) -> Tags:
    return Tags(artist=artist, album=album, genre=genre, year=year)


def _on(album: Tags, track_no: int, title: str) -> Tags:
    return replace(album, title=title, track_no=track_no)


_HOUSE = _album("Ina Halloran", "House at Night", "Classical", 2019)
_KERBSIDE = _album("The Paper Lanterns", "Kerbside", "Pop", 2021)
_LANES = _album("Motor Kiosk", "All Lanes Open", "Electronic", 2023)
_SEA_AREAS = _album("Gale & Harbour", "Sea Areas", "Field Recording", 2016)
_DIAL = _album("Static Almanac", "Dial", "Experimental", 2011)
_AIRS = _album("Orla Penhaligon", "Twelve Small Airs", "Folk", 2018)
_MUNICIPAL = _album("Ninth Tram Band", "Municipal", "March", 1998)
_CHANGES = _album("The Aldersgate Ringers", "Changes", "World", 2007)
_EVENSONG = _album("Coro Santa Lucerna", "Evensong", "Choral", 2014)
_SIXTEEN_FOOT = _album("Wilhelm Ostrander", "Sixteen Foot", "Classical", 1987)
_CORNER = _album("Café Meridian", "Corner Table", "Jazz", 2009)
_MACHINES = _album("Jun Amari", "Small Machines", "World", 2020)
_CLOCKWORK = _album("The Winding Key", "Clockwork", "Children's", 2012)
_SIEGE = _album("Vane & Hallmark Orchestra", "Siege", "Soundtrack", 2022)
_CROSSINGS = _album("Slow Ferry", "Crossings", "Ambient", 2017)
_YARD = _album("Kofi Brandt", "Yard", "World", 2005)
_IRONMONGER = _album("Quarry Saints", "Ironmonger Lane", "Metal", 2003)
_DUO = _album("Ina Halloran & Kofi Brandt", "Duo", "Contemporary", 2024)
_BEGINNINGS = _album("Overture Society", "Four Beginnings", "Contemporary", 2015)
_PLOT = _album("Mirela Voss", "Plot 14", "Folk", 2020)
_VALSES = _album("Les Parapluies", "Valses", "Chanson", 1994)

_HALL = Room(2.4, 0.28)
_CHAPEL = Room(4.0, 0.4)
_STUDIO = Room(0.8, 0.1)
_OUTDOORS = Room(0.4, 0.0)

# fmt: off
PIECES: tuple[Piece, ...] = (
    Piece(
        _on(_HOUSE, 1, "Lamplight on the Landing"), ".flac", 101,
        (Section(34, (V("piano", "melody"), V("piano", "arpeggio", 0.6)),
                 58, C, "major", "calm", 0.2),),
        _HALL, covers.lamp,
    ),
    Piece(
        _on(_HOUSE, 2, "A Letter, Unsent"), ".mp3", 102,
        (Section(32, (V("piano", "melody"), V("piano", "chords", 0.7)),
                 52, A, "minor", "sad", 0.25),),
        _HALL, covers.lamp,
    ),
    Piece(
        _on(_KERBSIDE, 3, "Saturday, Running Late"), ".mp3", 103,
        (Section(32, (V("pop", "drums"), V("bass guitar", "bass", 0.9),
                      V("guitar", "chords", 1.0, -0.4), V("glockenspiel", "melody", 0.8, 0.3)),
                 136, G, "major", "happy", 0.72),),
        _STUDIO,
    ),
    Piece(
        _on(_LANES, 1, "Neon Tollbooth"), ".m4a", 104,
        (Section(36, (V("four_on_the_floor", "drums"), V("synth bass", "bass", 0.8),
                      V("lead", "arpeggio", 0.8, 0.2), V("lead", "melody", 0.7, -0.2)),
                 140, A, "minor", "energetic", 0.9),),
        _STUDIO, covers.motorway,
    ),
    Piece(
        _on(_LANES, 4, "Basement Weather"), ".flac", 105,
        (Section(34, (V("sub bass", "bass", 1.4), V("sub bass", "drone"),
                      V("heartbeat", "texture", 0.5)), 66, E, "minor", "dark", 0.45),),
        _STUDIO, covers.motorway,
    ),
    Piece(
        _on(_SEA_AREAS, 2, "Forecast for Fisher Bank"), ".ogg", 106,
        (Section(30, (V("wind", "texture"),)),),
        _OUTDOORS, covers.harbour,
    ),
    Piece(
        _on(_SEA_AREAS, 5, "Tin Shed, Late October"), ".m4a", 107,
        (Section(28, (V("rain", "texture"),)),),
        _OUTDOORS, covers.harbour,
    ),
    Piece(
        _on(_DIAL, 1, "Between Two Stations"), ".flac", 108,
        (Section(14, (V("white noise", "texture"),)),
         Section(14, (V("pink noise", "texture"),))),
        _OUTDOORS,
    ),
    Piece(
        _on(_AIRS, 7, "Half-Open Window"), ".ogg", 109,
        (Section(33, (V("harp", "arpeggio", 1.0, -0.2), V("flute", "melody", 0.8, 0.2)),
                 74, D, "major", "dreamy", 0.3),),
        _HALL,
    ),
    Piece(
        _on(_MUNICIPAL, 1, "All Change at the Fairground"), ".mp3", 110,
        (Section(30, (V("march", "drums", 0.8), V("brass", "melody"), V("brass", "chords", 0.6),
                      V("brass", "bass", 0.6)), 120, B_FLAT, "major", "happy", 0.75),),
        _HALL,
    ),
    Piece(
        _on(_CHANGES, 4, "Four Towers at Noon"), ".flac", 111,
        (Section(32, (V("bell", "melody"), V("bell", "drone", 0.8)), 72, F, "major", "calm", 0.5),),
        _CHAPEL,
    ),
    Piece(
        _on(_EVENSONG, 6, "Hymn for the Last Train"), ".m4a", 112,
        (Section(35, (V("choir", "chords"), V("choir", "melody", 0.8), V("organ", "drone", 0.4)),
                 60, D, "minor", "sad", 0.35),),
        _CHAPEL,
    ),
    Piece(
        _on(_SIXTEEN_FOOT, 1, "Prelude for Empty Pews"), ".ogg", 113,
        (Section(34, (V("organ", "chords"), V("organ", "melody", 0.8), V("organ", "bass", 0.8)),
                 80, G, "minor", "epic", 0.6),),
        _CHAPEL,
    ),
    Piece(
        _on(_CORNER, 2, "Two Sugars, No Hurry"), ".mp3", 114,
        (Section(34, (V("jazz", "drums", 0.8), V("bass guitar", "bass"),
                      V("electric piano", "chords", 0.7, -0.3),
                      V("vibraphone", "melody", 1.0, 0.3)),
                 112, F, "major", "groovy", 0.55, swing=0.17),),
        _STUDIO,
    ),
    Piece(
        _on(_MACHINES, 3, "Footpath of Ants"), ".flac", 115,
        (Section(29, (V("marimba", "melody", 1.0, 0.3), V("marimba", "arpeggio", 0.8, -0.3),
                      V("pizzicato", "bass", 0.7)), 150, C, "major", "playful", 0.6),),
        _STUDIO,
    ),
    Piece(
        _on(_CLOCKWORK, 1, "A Ballerina in the Drawer"), ".ogg", 116,
        (Section(28, (V("glockenspiel", "melody"), V("glockenspiel", "arpeggio", 0.5)),
                 96, G, "major", "playful", 0.4, meter=3),),
        _HALL,
    ),
    Piece(
        _on(_SIEGE, 9, "The Gate Falls at Dawn"), ".m4a", 117,
        (Section(36, (V("epic", "drums"), V("strings", "chords"), V("brass", "melody", 1.1),
                      V("choir", "chords", 0.7), V("strings", "arpeggio", 0.6)),
                 104, D, "minor", "epic", 0.95),),
        _HALL,
    ),
    Piece(
        _on(_SIEGE, 12, "What Was Left in the Snow"), ".flac", 118,
        (Section(34, (V("strings", "chords"), V("strings", "melody")),
                 56, E, "minor", "sad", 0.3),),
        _HALL,
    ),
    Piece(
        _on(_CROSSINGS, 7, "Drift Seven"), ".mp3", 119,
        (Section(38, (V("pad", "chords"), V("pad", "drone", 0.7), V("sea", "texture", 0.25)),
                 60, F, "major", "dreamy", 0.2),),
        _CHAPEL, covers.harbour,
    ),
    Piece(
        _on(_YARD, 1, "Hands, Skins, Wood"), ".mp3", 120,
        (Section(14, (V("tribal", "drums"),), 112, energy=0.8),
         Section(14, (V("rock", "drums"),), 124, energy=0.9)),
        _STUDIO,
    ),
    Piece(
        _on(_IRONMONGER, 5, "Anvil Season"), ".ogg", 121,
        (Section(30, (V("metal", "drums"), V("distorted guitar", "bass", 1.0, -0.4),
                      V("distorted guitar", "chords", 0.7, 0.4), V("bass guitar", "bass")),
                 168, E, "minor", "aggressive", 1.0),),
        _STUDIO,
    ),
    Piece(
        _on(_DUO, 1, "The Door Between Rooms"), ".flac", 122,
        (Section(20, (V("piano", "melody"), V("piano", "arpeggio", 0.6)),
                 60, C, "major", "calm", 0.2),
         Section(20, (V("rock", "drums"),), 126, energy=0.9)),
        _STUDIO,
    ),
    Piece(
        _on(_BEGINNINGS, 2, "Interrupted"), ".m4a", 123,
        (Section(19, (V("strings", "chords"), V("solo violin", "melody", 0.8)),
                 64, D, "major", "romantic", 0.3),
         Section(19, (V("four_on_the_floor", "drums"), V("synth bass", "bass"),
                      V("lead", "melody", 0.8)), 132, D, "minor", "energetic", 0.85)),
        _HALL,
    ),
    Piece(
        _on(_PLOT, 1, "Allotment, Six in the Morning"), ".mp3", 124,
        (Section(15, (V("birds", "texture"),)),
         Section(22, (V("guitar", "chords"), V("guitar", "melody")), 92, G, "major", "happy", 0.4)),
        _STUDIO,
    ),
    Piece(
        _on(_VALSES, 3, "Rue du Bac, Reversed"), ".ogg", 125,
        (Section(30, (V("accordion", "melody"), V("accordion", "chords", 0.5),
                      V("waltz", "drums", 0.5), V("bass guitar", "bass", 0.8)),
                 138, A, "minor", "romantic", 0.5, meter=3),),
        _STUDIO,
    ),
)
"""Twenty-five pieces, 25-40 s each."""
# fmt: on
