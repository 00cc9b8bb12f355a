"""What the owner says of the music: the watched folders, and the rules for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, StrictInt, field_validator, model_validator

from traumbox.config.patterns import Patterns
from traumbox.config.section import AbsolutePath, Seconds, Section

PALETTE = (
    "#4e79a7",
    "#f28e2b",
    "#59a14f",
    "#b07aa1",
    "#e15759",
    "#76b7b2",
    "#9c755f",
    "#edc948",
)
"""What marks the folders that were given no colour; to be told apart on light and dark pages."""

PATTERNS_EXPECTED = (
    "a list of patterns as in .gitignore, such as ['*.wav', 'Drafts/'], none of them empty"
)


class Folder(Section):
    """One watched folder."""

    path: AbsolutePath = Field(description="the path of a folder, such as /srv/music")
    name: str = Field(
        default="",
        min_length=1,
        max_length=80,
        description="a short name without '/', different from the other folders' names",
    )
    colour: str = Field(
        default="", description="a colour such as '#4e79a7', in quotes, or '' for one chosen here"
    )
    kind: Literal["auto", "music", "audiobook", "podcast"] = Field(
        default="auto", description="'auto', 'music', 'audiobook' or 'podcast'"
    )
    priority: Literal["first", "normal", "last"] = Field(
        default="normal", description="'first', 'normal' or 'last'"
    )
    include: Patterns = Field(default=(), description=PATTERNS_EXPECTED)
    exclude: Patterns = Field(default=(), description=PATTERNS_EXPECTED)

    @model_validator(mode="before")
    @classmethod
    def _name_by_path(cls, data: Any) -> Any:
        if isinstance(data, str | Path):
            data = {"path": data}
        if isinstance(data, dict) and data.get("name") is None and data.get("path"):
            return {**data, "name": Path(str(data["path"])).name}
        return data

    @field_validator("name")
    @classmethod
    def _fit_for_display(cls, name: str) -> str:
        # "." and ".." are no last part of an address either: a browser takes them away.
        if "/" in name or name in {".", ".."} or not name.isprintable() or name != name.strip():
            raise ValueError("not a folder's name")
        return name

    @field_validator("colour")
    @classmethod
    def _hexadecimal(cls, colour: str) -> str:
        if colour and not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
            raise ValueError("not a colour")
        return colour.lower()


def colours(folders: Sequence[Folder]) -> list[str]:
    """Return each folder's colour: its own, else one that no other has as long as there are any."""
    taken = {folder.colour for folder in folders}
    free = [colour for colour in PALETTE if colour not in taken] or list(PALETTE)
    chosen: list[str] = []
    number = 0
    for folder in folders:
        if folder.colour:
            chosen.append(folder.colour)
        else:
            chosen.append(free[number % len(free)])
            number += 1
    return chosen


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """Return ``wanted``, or with a number behind it when that is ``taken``."""
    names = set(taken)
    name, number = wanted, 1
    while name in names:
        number += 1
        name = f"{wanted} {number}"
    return name


class KindRule(Section):
    """By what files are told to be audiobooks, or podcasts."""

    paths: Patterns = Field(default=(), description=PATTERNS_EXPECTED)
    genres: tuple[str, ...] = Field(
        default=(), description="a list of genres as tags spell them, such as [Audiobook]"
    )

    @field_validator("genres")
    @classmethod
    def _spelled_out(cls, genres: tuple[str, ...]) -> tuple[str, ...]:
        if not all(genre.strip() for genre in genres):
            raise ValueError("an empty genre")
        return genres


class Library(Section):
    """Rules for what lies in the folders, and for what no longer does."""

    keep_missing_s: Seconds = Field(
        default=30 * 86_400.0,
        alias="keep_missing",
        ge=86_400.0,
        le=3_650 * 86_400.0,
        description="a duration from 1d to 3650d, such as 30d",
    )
    brake_percent: StrictInt = Field(
        default=30, ge=1, le=100, description="a whole number of per cent from 1 to 100"
    )
    audiobooks: KindRule = Field(
        default=KindRule(
            paths=("*.m4b", "Audiobooks/", "Audio Books/", "Hörbücher/", "Hörspiele/"),
            genres=("audiobook", "audio book", "hörbuch", "hörspiel", "spoken word"),
        ),
        description="a section with keys",
    )
    podcasts: KindRule = Field(
        default=KindRule(paths=("Podcasts/",), genres=("podcast",)),
        description="a section with keys",
    )
