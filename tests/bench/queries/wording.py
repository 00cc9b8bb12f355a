# ruff: noqa: E501 -- lists of words
"""Words that titles are made of, the tags of styles, and titles that mislead."""

from __future__ import annotations

import numpy as np

Rng = np.random.Generator


def _list(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(","))


_ENGLISH = (
    _list(
        "Amber, Borrowed, Crooked, Distant, Empty, Faithful, Gilded, Hollow, Idle, Jagged, Kindled, Little, Mended, Narrow, Open, Patient, Restless, Salted, Tangled, Unsent, Vacant, Wandering, Yellow, Folded, Second, Last, Broken, Hidden"
    ),
    _list(
        "Anchor, Balcony, Candle, Drawer, Elevator, Ferry, Garden, Harvest, Island, Junction, Kettle, Ladder, Mirror, Notebook, Orchard, Postcard, Quarry, Ribbon, Stairwell, Ticket, Umbrella, Valley, Window, Yard, Lantern, Compass, Staircase, Suitcase, Bridge, Mile"
    ),
    _list(
        "at the Crossing, before Breakfast, by the Canal, for Two, from Memory, in Transit, on Loan, past Midnight, under Glass, without a Map, of the North, for Marianne"
    ),
)
_GERMAN = (
    _list(
        "Kalter, Leiser, Langer, Blauer, Fremder, Alter, Halber, Letzter, Erster, Heller, Grauer, Weiter, Schmaler, Stummer"
    ),
    _list(
        "Abend, Balkon, Dachboden, Fluss, Garten, Hafen, Kanal, Morgen, Nebel, Platz, Rückweg, Sommer, Turm, Umweg, Winter, Zaun, Brief, Schatten, Spiegel, Zug, Mantel, Koffer"
    ),
    _list(
        "am Kanal, im August, nach Feierabend, ohne dich, vor der Stadt, auf Zeit, zu zweit, hinter Glas, in Leipzig, für Anna, bis Montag, unter Linden"
    ),
)
_MISLEADING = (
    "Slow Piano Dream",
    "Heavy Drums",
    "Choir of Angels",
    "The Violin Song",
    "Techno Sunrise",
    "Quiet Guitar",
    "Church Bells at Noon",
    "Leise Geige",
    "Schnelles Schlagzeug",
    "Flötenlied",
    "Orgel im Sturm",
    "Jazz Café",
    "Summer Rain",
    "Birdsong",
)
MISLEADING_SHARE = 0.04

TAGS: dict[str, tuple[str, ...]] = {
    "rock": ("Rock", "Rock", "Indie Rock", "Rock; Pop"),
    "metal": ("Metal", "Heavy Metal", "Hard Rock/Metal"),
    "pop": ("Pop", "Pop", "Pop/Rock", "Schlager"),
    "techno": ("Techno", "Electronic", "Techno/House"),
    "house": ("House", "Deep House", "Electronic; House"),
    "trance": ("Trance", "Electronic"),
    "drum and bass": ("Drum & Bass", "Drum and Bass", "Electronic"),
    "disco": ("Disco", "Disco/Funk"),
    "synthwave": ("Synthpop", "Synthwave", "Electronic; Synthpop"),
    "chiptune": ("Chiptune", "Game Music"),
    "ambient music": ("Ambient", "New Age; Ambient"),
    "jazz": ("Jazz", "Jazz", "Cool Jazz", "Jazz; Swing"),
    "blues": ("Blues", "Blues", "Blues Rock"),
    "bossa": ("Bossa Nova", "Latin; Bossa Nova"),
    "latin": ("Latin", "Salsa"),
    "tango": ("Tango",),
    "reggae": ("Reggae", "Dub; Reggae"),
    "hip hop": ("Hip-Hop", "Hip Hop", "Rap"),
    "lofi": ("Lo-Fi", "Lo-Fi Hip-Hop"),
    "funk": ("Funk", "Funk/Soul"),
    "gospel": ("Gospel",),
    "classical": ("Classical", "Klassik", "Chamber Music"),
    "baroque": ("Classical", "Barock", "Baroque"),
    "orchestral": ("Soundtrack", "Classical", "Filmmusik"),
    "sacred": ("Sacred", "Choral", "Classical"),
    "folk": ("Folk", "Volksmusik"),
    "country": ("Country", "Country & Western"),
    "march music": ("March", "Blasmusik"),
    "waltz": ("Waltz", "Easy Listening"),
    "lullaby": ("Children's", "Kinderlieder"),
    "world": ("World",),
    "weather": ("Field Recording", "Nature Sounds"),
    "drums": ("Percussion", "World"),
    "ensemble": ("Contemporary", "Crossover", "Experimental"),
    "solo piano": ("Classical", "Piano"),
    "solo voice": ("Vocal", "A cappella"),
    "solo synth": ("Electronic", "Ambient"),
}
"""By what is played: genre tags as they are found in files; the same one several times is likelier."""
OTHER_TAGS = ("Instrumental", "Contemporary", "Classical")
ALL_TAGS = tuple(sorted({tag for tags in TAGS.values() for tag in tags}))


def a_title(rng: Rng, *, german: bool) -> str:
    """Make up a title; a few of them promise a sound that isn't there."""
    if rng.random() < MISLEADING_SHARE:
        return str(rng.choice(_MISLEADING))
    first, things, where = _GERMAN if german else _ENGLISH
    thing = str(rng.choice(things))
    shape = int(rng.integers(4))
    if shape == 0:
        return f"{rng.choice(first)} {thing}"
    if shape == 1:
        return f"{thing} {rng.choice(where)}"
    if shape == 2:
        return f"{rng.choice(first)} {thing} {rng.choice(where)}"
    other = str(rng.choice(things))
    return f"{thing} {'und' if german else 'and'} {other}" if other != thing else thing


def a_tag(home: str, rng: Rng) -> str:
    """Return a genre as a file would tag it: mostly right, sometimes missing or wrong."""
    dice = rng.random()
    if dice < 0.1:
        return ""
    if dice < 0.15:
        return str(rng.choice(ALL_TAGS))
    return str(rng.choice(TAGS.get(home, OTHER_TAGS)))
