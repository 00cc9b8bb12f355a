"""Numbers with a unit as people bound them: "under 3 minutes", "90-110 bpm", "etwa 4:30"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from traumbox.search.sentence.findings import pattern

Bound = Literal["from", "to", "between", "about", "exactly", "plain"]

_LESS = (
    r"no more than|not more than|nicht mehr als|less than|fewer than|weniger als|at most|höchstens"
    r"|under|below|unter|up to|bis zu|bis|max(?:imal|\.)?|<=?|≤"
)
_MORE = (
    r"no less than|not less than|nicht weniger als|more than|mehr als|at least|mindestens"
    r"|over|above|über|ab|min(?:imum|\.)|>=?|≥"
)
ABOUT = (
    r"around|about|approximately|approx\.?|roughly|circa|ca\.?|etwa|ungefähr|rund(?: um)?"
    r"|um(?: die)?"
    r"|nearly|so um(?: die)?|in etwa|~|≈"
)
_EXACTLY = r"exactly|precisely|genau|exakt|="


@dataclass(frozen=True, slots=True)
class Quantity:
    """How one quantity is written; all fields are patterns without groups of their own.

    ``more`` and ``less`` are its own comparatives ("faster", "schneller"); ``before`` what may
    stand in front ("at", "tempo"), ``after`` behind ("long"). A bare number of it is only taken
    where ``bare`` is True or something stands behind.
    """

    value: str
    unit: str
    more: str
    less: str
    before: str = ""
    after: str = ""
    bare: bool = True


@dataclass(frozen=True, slots=True)
class Amount:
    """A bound found from character ``start`` up to ``end``; values and units as written."""

    start: int
    end: int
    bound: Bound
    first: str
    second: str = ""
    first_unit: str = ""
    unit: str = ""


def amounts(text: str, quantity: Quantity) -> Iterator[Amount]:
    """Yield every amount of ``quantity`` in ``text``."""
    for found in pattern(_source(quantity)).finditer(text):
        bound: Bound = "plain"
        if found["second"]:
            bound = "between"
        elif found["less"]:
            bound = "to"
        elif found["more"]:
            bound = "from"
        elif found["about"]:
            bound = "about"
        elif found["exactly"]:
            bound = "exactly"
        elif found["after"] is None and not quantity.bare:
            continue
        unit = found["unit"]
        yield Amount(
            *(found.start(), found.end(), bound, found["first"]),
            second=found["second"] or "",
            first_unit=found["first_unit"] or unit,
            unit=unit,
        )


@cache
def _source(quantity: Quantity) -> str:
    than = "(?:than|als)"
    less = rf"(?:no|not|nicht) (?:{quantity.more}) {than}|(?:{quantity.less}) {than}|{_LESS}"
    more = rf"(?:no|not|nicht) (?:{quantity.less}) {than}|(?:{quantity.more}) {than}|{_MORE}"
    before = rf"(?:(?:{quantity.before}) )?" if quantity.before else ""
    after = rf"(?P<after>[ -](?:{quantity.after})(?!\w))?" if quantity.after else "(?P<after>(?!))?"
    return (
        rf"(?<![\w.,:]){before}(?:between |zwischen |von |from )?"
        rf"(?:(?:(?P<less>{less})|(?P<more>{more})|(?P<about>{ABOUT})|(?P<exactly>{_EXACTLY})) ?)?"
        rf"(?P<first>(?<![\w.]){quantity.value})(?:(?:[ -]?(?P<first_unit>{quantity.unit}))?"
        rf" ?(?:-|–|—|\.\.|to|bis|and|und) ?(?P<second>{quantity.value}))?"
        rf"[ -]?(?P<unit>{quantity.unit})(?!\w){after}"
    )
