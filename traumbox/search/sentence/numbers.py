"""Small numbers as people spell them out."""

from __future__ import annotations

from typing import Final

_SPELLED: Final = {
    0.5: "half an; half a; eine halbe; einer halben; ein halbes; einem halben",
    1.5: "one and a half; anderthalb; eineinhalb",
    1.0: "a; an; one; ein; eine; einen; einem; einer",
    2.0: "two; a couple of; zwei",
    3.0: "three; drei",
    4.0: "four; vier",
    5.0: "five; fünf; fuenf",
    6.0: "six; sechs",
    7.0: "seven; sieben",
    8.0: "eight; acht",
    9.0: "nine; neun",
    10.0: "ten; zehn",
    12.0: "twelve; zwölf; zwoelf",
    15.0: "fifteen; fünfzehn; fuenfzehn",
    20.0: "twenty; zwanzig",
    30.0: "thirty; dreißig; dreissig",
}
_VALUES = {word.strip(): value for value, words in _SPELLED.items() for word in words.split(";")}

SPELLED_OUT = "|".join(sorted(_VALUES, key=len, reverse=True))
"""The pattern of a number that is spelled out."""
NUMBER = rf"(?:[0-9]{{1,4}}(?:[.,][0-9]{{1,2}})?|{SPELLED_OUT})"
"""The pattern of a number in digits or words."""


def number(written: str) -> float:
    """Return what ``NUMBER`` has matched."""
    spelled = _VALUES.get(written.casefold())
    if spelled is None:
        spelled = _VALUES.get(written.casefold().replace("ß", "ss"))
    return float(written.replace(",", ".")) if spelled is None else spelled
