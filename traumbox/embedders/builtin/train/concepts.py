"""What the model is taught to tell apart, and the words people have for it.

A clip carries a set of concepts; a caption asks for a few of them. A caption matches every clip
that has all it asks for, so the training knows which "wrong" pairs are right. That is why a
wording belongs to the concept it most narrowly means, and to no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from traumbox.embedders.builtin.train.words.genres import GENRES
from traumbox.embedders.builtin.train.words.idioms import IDIOMS as _IDIOM_ROWS
from traumbox.embedders.builtin.train.words.instruments import INSTRUMENTS
from traumbox.embedders.builtin.train.words.qualities import QUALITIES
from traumbox.embedders.builtin.train.words.scenes import ABSENCES, SCENES
from traumbox.embedders.builtin.train.words.unseen import UNSEEN_IDIOMS, UNSEEN_WORDS

Kind = Literal["instrument", "quality", "scene", "genre", "absence"]
Language = Literal["en", "de"]
Role = Literal["noun", "adjective", "after"]
Gender = Literal["m", "f", "n", "p", ""]
Row = tuple[str, str, str]

LANGUAGES: tuple[Language, Language] = ("en", "de")
_GENDER = re.compile(r"/([mfnp])$")
_ROLES: dict[Kind, Role] = {
    "instrument": "noun",
    "scene": "noun",
    "genre": "noun",
    "quality": "adjective",
    "absence": "after",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say it, and how it stands in a sentence.

    ``gender`` is a German noun's, "p" in the plural, "" where unknown; ``stem`` is what takes the
    endings of a German adjective ("dunkl").
    """

    text: str
    role: Role
    gender: Gender = ""
    stem: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing to be heard, and its wordings, the plainest first; ``unseen`` never train."""

    name: str
    kind: Kind
    english: tuple[Wording, ...]
    german: tuple[Wording, ...]
    unseen_english: tuple[Wording, ...] = ()
    unseen_german: tuple[Wording, ...] = ()

    def wordings(self, language: Language, *, unseen: bool = False) -> tuple[Wording, ...]:
        """Return the wordings training sees, or those it never does (there may be none)."""
        if language == "de":
            return self.unseen_german if unseen else self.german
        return self.unseen_english if unseen else self.english


@dataclass(frozen=True, slots=True)
class Idiom:
    """A whole phrase, and the concepts it asks for."""

    text: str
    asked: frozenset[str]
    language: Language
    unseen: bool


def usual(name: str, language: Language) -> str:
    """Return the plainest wording of the concept ``name``."""
    return CONCEPTS[name].wordings(language)[0].text


def _wordings(cell: str, kind: Kind) -> tuple[Wording, ...]:
    """Read one cell of a table; its marks are told in the package ``words``."""
    return tuple(_wording(part.strip(), kind) for part in cell.split(";") if part.strip())


def _wording(marked: str, kind: Kind) -> Wording:
    gender = _GENDER.search(marked)
    if gender:
        return Wording(marked[: gender.start()], "noun", gender[1])  # type: ignore[arg-type]  # the pattern allows genders only
    role = _ROLES[kind]
    if marked[0] in "+~":
        role = "adjective" if marked[0] == "+" else "after"
    text, _, stem = marked.lstrip("+~").partition("|")
    return Wording(text, role, stem=stem or text)


def _concepts(kind: Kind, rows: Iterable[Row]) -> Iterable[Concept]:
    unseen = {name: (english, german) for name, english, german in UNSEEN_WORDS}
    for name, *cells in rows:
        seen = [_wordings(cell, kind) for cell in cells]
        kept = [_wordings(cell, kind) for cell in unseen.get(name, ("", ""))]
        yield Concept(name, kind, seen[0], seen[1], kept[0], kept[1])


def _idioms(rows: Iterable[Row], *, unseen: bool) -> Iterable[Idiom]:
    for asked, *cells in rows:
        names = frozenset(name.strip() for name in asked.split(","))
        for language, cell in zip(LANGUAGES, cells, strict=True):
            for text in cell.split(";"):
                yield Idiom(text.strip(), names, language, unseen)


_TABLES: tuple[tuple[Kind, tuple[Row, ...]], ...] = (
    ("instrument", INSTRUMENTS),
    ("scene", SCENES),
    ("quality", QUALITIES),
    ("genre", GENRES),
    ("absence", ABSENCES),
)
CONCEPTS: dict[str, Concept] = {
    concept.name: concept for kind, rows in _TABLES for concept in _concepts(kind, rows)
}
IDIOMS: tuple[Idiom, ...] = (
    *_idioms(_IDIOM_ROWS, unseen=False),
    *_idioms(UNSEEN_IDIOMS, unseen=True),
)
