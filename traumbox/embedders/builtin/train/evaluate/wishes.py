"""What the captions of the evaluation ask for: a few attributes of a held-out clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from traumbox.embedders.builtin.train.concepts import CONCEPTS
from traumbox.embedders.builtin.train.data import Clip
from traumbox.embedders.builtin.train.evaluate.model import Rng

_PACE = frozenset({"slow", "medium", "fast"})
_EMPTY = frozenset({"music", "no music"})  # nobody names these to find a piece
_JUDGED_FROM = 5  # clips: what fewer have would seem to imply all else that these have


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for, and the place of the clip that it was drawn from."""

    names: tuple[str, ...]
    clip: int


def draw_wishes(clips: Sequence[Clip], count: int, rng: Rng) -> list[Wish]:
    """Draw ``count`` attributes of every clip that has so many; the others are left out.

    The first three are one of what sounds (instrument or scene), one of its style or pace, one
    other quality, as far as the clip has them. No attribute follows from another: "piano" and
    "keyboard" would be one attribute twice.
    """
    names = sorted(set().union(*(clip.concepts for clip in clips)) & set(CONCEPTS))
    table = np.array([[name in clip.concepts for name in names] for clip in clips])
    implied = _implied(names, table)
    wishes = []
    for place, clip in enumerate(clips):
        chosen = _draw(clip, count, implied, rng)
        if len(chosen) == count:
            wishes.append(Wish(tuple(chosen), place))
    return wishes


def fulfilled(wishes: Sequence[Wish], clips: Sequence[Clip]) -> NDArray[np.float64]:
    """Return float64[wishes, clips]: the share of what is asked for that is there, 0..1."""
    names = sorted({name for wish in wishes for name in wish.names})
    asked = np.array([[name in wish.names for name in names] for wish in wishes], dtype=np.float64)
    there = np.array([[name in clip.concepts for name in names] for clip in clips], np.float64)
    shares: NDArray[np.float64] = asked @ there.T / asked.sum(axis=1, keepdims=True)
    return shares


def _draw(clip: Clip, count: int, implied: dict[str, set[str]], rng: Rng) -> list[str]:
    chosen: list[str] = []
    left = sorted(name for name in clip.concepts if name in implied and name not in _EMPTY)
    for group in ("sound", "style", "quality", ""):
        while left and len(chosen) < count:
            fitting = [name for name in left if not group or _group(name) == group]
            if not fitting:
                break
            name = fitting[int(rng.integers(len(fitting)))]
            chosen.append(name)
            left = [
                other
                for other in left
                if other != name and other not in implied[name] and name not in implied[other]
            ]
            if group:
                break
    return chosen


def _group(name: str) -> str:
    kind = CONCEPTS[name].kind
    if kind in {"instrument", "scene"}:
        return "sound"
    if kind == "genre" or name in _PACE:
        return "style"
    return "quality" if kind == "quality" else "absence"


def _implied(names: Sequence[str], table: NDArray[np.bool_]) -> dict[str, set[str]]:
    """Return for each name those that every clip with it has as well."""
    together = table.astype(np.float64).T @ table.astype(np.float64)
    counts = np.diag(together)
    always = (together >= counts[:, np.newaxis]) & (counts[:, np.newaxis] >= _JUDGED_FROM)
    return {
        name: {other for column, other in enumerate(names) if always[row, column]} - {name}
        for row, name in enumerate(names)
    }
