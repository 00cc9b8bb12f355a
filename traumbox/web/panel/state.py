"""What the search page is asked for; the address is where it is written."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from traumbox.domain import Query

MAX_TEXT_LENGTH = 400


@dataclass(frozen=True, slots=True)
class SearchState:
    """A question: a sentence, or likeness to the track with id ``like``; or none yet."""

    text: str = ""
    like: str = ""

    @classmethod
    def from_path(cls, path: str) -> SearchState:
        """Read ``/?q=…`` or ``/?like=…``."""
        asked = parse_qs(urlsplit(path).query)
        like = asked.get("like", [""])[0].strip()
        text = "" if like else " ".join(asked.get("q", [""])[0].split())[:MAX_TEXT_LENGTH]
        return cls(text, like)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked."""
        return not (self.text or self.like)

    def as_query(self, limit: int) -> Query:
        """Return it as the search service takes it."""
        return Query(text=self.text, like=(self.like,) if self.like else (), limit=limit)
