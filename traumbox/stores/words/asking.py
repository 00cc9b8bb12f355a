"""What is asked for: the words of a query, and the language in which FTS5 takes them.

Every word goes between quotation marks, and a word has letters and digits only: whatever somebody
types, nothing of it is an operator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from traumbox.stores.fold import Spelled, fold, spelled_words
from traumbox.stores.words.reading import STEM
from traumbox.stores.words.stems import stems

TEXT_MAX = 2000
WORDS_MAX = 24
"""Of a longer query the first count: a name is shorter, and an answer must come in time."""
PREFIX_MIN = 2
_PAIRS_MAX = 12

Together = tuple[str, ...]
"""Words that must all be there."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One word of a query, and in what it is found: any of these.

    ``same`` are its spellings; ``stems`` its stems, as they stand among words; ``prefix`` is what
    longer words begin with, or empty; ``near`` are words of the library that are spelled nearly
    the same.
    """

    word: str
    same: tuple[Together, ...]
    stems: tuple[str, ...] = ()
    prefix: str = ""
    near: tuple[Together, ...] = ()

    def alternatives(self) -> Iterator[Together]:
        """Yield all but the prefix."""
        yield from self.same
        yield from ((stem,) for stem in self.stems)
        yield from self.near

    def expression(self) -> str:
        """Return the word as an expression of FTS5."""
        every = [_together(words) for words in dict.fromkeys(self.alternatives())]
        if self.prefix:
            every.append(f"{_quoted(self.prefix)} *")
        return f"({' OR '.join(every)})"


def asked_words(text: str, *, typing: bool = False) -> list[Asked]:
    """Return the words of a query, each once; the last one also as the beginning of others.

    With ``typing`` each is the beginning of others, and nothing else of them counts.
    """
    words = list(dict.fromkeys(spelled_words(text[:TEXT_MAX], WORDS_MAX)))
    last = len(words) - 1
    return [
        _asked(word, typing=typing, open_ended=typing or number == last)
        for number, word in enumerate(words)
    ]


def all_of(words: Iterable[Asked]) -> str:
    """Return the expression for what holds all of these."""
    return " AND ".join(word.expression() for word in words)


def any_of(words: Iterable[Asked]) -> str:
    """Return the expression for what holds one of these at least."""
    return " OR ".join(word.expression() for word in words)


def in_column(column: str, expression: str) -> str:
    """Return the same, looked for in one column only."""
    return f"{column} : ({expression})"


def name_expression(key: str) -> str:
    """Return the expression for what holds all words of a name, spelled like this."""
    return _together(tuple(key.split()))


def directory_expression(name: str) -> str:
    """Return the expression for what lies below directories of this name; "" for none."""
    folded = fold(name)
    return in_column("folder", name_expression(folded)) if folded else ""


def _asked(spelled: Spelled, *, typing: bool, open_ended: bool) -> Asked:
    same: list[Together] = [(whole,) for whole in spelled.whole]
    if len(spelled.parts) > 1:
        same.append(tuple(dict.fromkeys(part for part in spelled.parts if len(part) > 1)))
    if spelled.pairs:
        same.append(spelled.pairs[:_PAIRS_MAX])
    first = spelled.whole[0]
    found = dict.fromkeys(form for whole in spelled.whole for form in stems(whole))
    return Asked(
        word=first,
        same=tuple(dict.fromkeys(words for words in same if words)),
        # In the names they are as they are or, where the name has another form, marked as stems.
        stems=() if typing else (*found, *(STEM + form for form in (*spelled.whole, *found))),
        prefix=first if open_ended and (typing or len(first) >= PREFIX_MIN) else "",
    )


def _together(words: Sequence[str]) -> str:
    quoted = " AND ".join(_quoted(word) for word in words)
    return f"({quoted})" if len(words) > 1 else quoted


def _quoted(word: str) -> str:
    return '"' + word + '"'
