"""The names of the twenty-four keys, and the wheel on which those that go together lie close."""

from __future__ import annotations

import re

TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
"""Spelling of the twelve tonics from C up, the same for major and minor (Essentia's)."""

MODES = ("major", "minor")
KEYS = tuple(f"{tonic} {mode}" for mode in MODES for tonic in TONICS)
"""Every key as ``Descriptors.key`` names it: the majors from C up, then the minors."""

_STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11, "h": 11}
_MINOR = frozenset({"minor", "min", "moll"})
_SIGNS = {"": 0, "#": 1, "♯": 1, "sharp": 1, "b": -1, "♭": -1, "flat": -1}
_NAME = re.compile(
    r"([a-h])[ \-]?(#|♯|b|♭|sharp|flat|)[ \-]?(major|minor|maj|min|dur|moll|m)", re.IGNORECASE
)
# What German calls sharps and flats; its B is our Bb, its H our B. The modes give it away.
_GERMAN = re.compile(r"([a-h])(is|es|s|)[ \-]?(dur|moll)", re.IGNORECASE)
_CAMELOT = re.compile(r"(1[0-2]|[1-9])[ ]?([ab])", re.IGNORECASE)


def camelot(key: str) -> str:
    """Return the place of a key on the Camelot wheel: "8A" for "A minor", "8B" for "C major".

    Raises
    ------
    ValueError
        When it is no key that ``spelled`` understands.
    """
    pitch, is_minor = _place(key)
    return f"{_hour(pitch, is_minor=is_minor)}{'A' if is_minor else 'B'}"


def from_camelot(place: str) -> str:
    """Return the key at a place of the wheel: "A minor" for "8A" or "8a".

    Raises
    ------
    ValueError
        When there is no such place; they go from 1A to 12B.
    """
    found = _CAMELOT.fullmatch(place.strip())
    if found is None:
        raise ValueError(f"{place!r} is no place on the Camelot wheel: expected 1A to 12B")
    is_minor = found[2].lower() == "a"
    pitch = (int(found[1]) - 8) * 7 - (3 if is_minor else 0)
    return _name(pitch, is_minor=is_minor)


def spelled(key: str) -> str | None:
    """Return a key in our spelling, or None when it is none.

    Understood are the English names ("Db major", "c sharp minor"), the German ones ("cis-Moll",
    "B-Dur" for our Bb major), short ones as in tags ("F#m", "Bbmin", "Cmaj") and Camelot ("8A").
    A bare letter is no key: it says no mode. "am" is A minor, whatever else it may be in a
    sentence.
    """
    written = key.strip()
    if _CAMELOT.fullmatch(written):
        return from_camelot(written)
    found = _GERMAN.fullmatch(written)
    if found is not None:
        return _german(found[1].lower(), found[2].lower(), found[3].lower())
    found = _NAME.fullmatch(written)
    if found is None or found[1].lower() == "h":
        return None
    mode = found[3]
    is_minor = mode == "m" or mode.lower() in _MINOR
    pitch = _STEPS[found[1].lower()] + _SIGNS[found[2].lower()]
    return _name(pitch, is_minor=is_minor)


def neighbours(key: str) -> tuple[str, ...]:
    """Return the three keys that a key goes over into most easily.

    On the wheel they are the one across (the relative key) and those to the left and right (a fifth
    down and up).

    Raises
    ------
    ValueError
        When it is no key that ``spelled`` understands.
    """
    pitch, is_minor = _place(key)
    relative = pitch - 9 if is_minor else pitch + 9
    return (
        _name(relative, is_minor=not is_minor),
        _name(pitch + 5, is_minor=is_minor),
        _name(pitch + 7, is_minor=is_minor),
    )


def _german(letter: str, ending: str, mode: str) -> str | None:
    if ending == "s":
        if letter not in "ae":  # "As" and "Es", which are short for two letters alike
            return None
        ending = "es"
    shift = {"": 0, "is": 1, "es": -1}[ending]
    if letter == "b" and not ending:
        shift = -1
    return _name(_STEPS[letter] + shift, is_minor=mode == "moll")


def _place(key: str) -> tuple[int, bool]:
    """Return the tonic as 0-11 from C up and whether the key is minor."""
    name = spelled(key)
    if name is None:
        raise ValueError(f"{key!r} is no key: expected a name such as 'A minor' or 'Db major'")
    tonic, _, mode = name.partition(" ")
    return TONICS.index(tonic), mode == "minor"


def _name(pitch: int, *, is_minor: bool) -> str:
    return f"{TONICS[pitch % 12]} {'minor' if is_minor else 'major'}"


def _hour(pitch: int, *, is_minor: bool) -> int:
    """Return 1-12: a fifth up is an hour on, and relative keys share one."""
    major = pitch + 3 if is_minor else pitch
    return (7 * major + 7) % 12 + 1
