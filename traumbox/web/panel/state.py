"""What the search page is asked for; the address is where it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from traumbox.domain import Condition, Query

MAX_TEXT_LENGTH = 400
MAX_TRACKS = 20
MAX_FILTERS = 50


@dataclass(frozen=True, slots=True)
class SearchState:
    """A question: a sentence, tracks to be like and unlike, and what all must meet; or none yet.

    ``back`` are ids of chips that were taken back. ``unread`` are filters of the address that are
    none. ``sound`` names a sound whose answer only the browser holds: nothing else counts then.
    """

    text: str = ""
    like: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    filters: tuple[Condition, ...] = ()
    back: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    sound: str = ""

    @classmethod
    def from_path(cls, path: str) -> SearchState:
        """Read ``/?q=…&like=…&unlike=…&filter=…&back=…``, or ``/?sound=…``."""
        asked = parse_qs(urlsplit(path).query)
        sound = " ".join(asked.get("sound", [""])[0].split())[:MAX_TEXT_LENGTH]
        if sound:
            return cls(sound=sound)
        filters: dict[Condition, None] = {}
        unread = []
        for written in asked.get("filter", [])[:MAX_FILTERS]:
            try:
                filters[Condition.parse(written)] = None
            except ValueError:
                unread.append(written[:MAX_TEXT_LENGTH])
        return cls(
            text=" ".join(asked.get("q", [""])[0].split())[:MAX_TEXT_LENGTH],
            like=_each(asked.get("like", []), MAX_TRACKS),
            unlike=_each(asked.get("unlike", []), MAX_TRACKS),
            filters=tuple(filters),
            back=_each(asked.get("back", []), MAX_FILTERS),
            unread=tuple(unread),
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked; what it should be unlike alone asks nothing."""
        return not (self.text or self.like or self.filters or self.sound)

    @property
    def kind(self) -> str:
        """What is asked for in the first place: "sound", "like", "text", "filter" or "recent"."""
        if self.sound:
            return "sound"
        if self.like:
            return "like"
        if self.text:
            return "text"
        return "filter" if self.filters else "recent"

    def as_query(self, limit: int) -> Query:
        """Return it as the search service takes it."""
        return Query(
            text=self.text,
            like=self.like,
            unlike=self.unlike,
            conditions=self.filters,
            taken_back=frozenset(self.back),
            limit=limit,
        )


def _each(values: Sequence[str], most: int) -> tuple[str, ...]:
    stripped = (value.strip() for value in values)
    return tuple(dict.fromkeys(value for value in stripped if value))[:most]
