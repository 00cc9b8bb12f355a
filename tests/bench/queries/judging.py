"""Put the queries to a way of searching, and score what comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tests.bench.queries.english import ENGLISH, NOTHING_ENGLISH
from tests.bench.queries.german import GERMAN, NOTHING_GERMAN
from tests.bench.queries.ndcg import DEPTH, ndcg
from tests.bench.queries.pieces import Piece
from tests.bench.queries.shelf import Shelf
from tests.bench.queries.truth import KINDS, Labelled, gains_of
from tests.bench.queries.ways import Ask
from traumbox.domain import Answer

QUERIES: tuple[Labelled, ...] = (*ENGLISH, *GERMAN)
NOTHING: tuple[str, ...] = (*NOTHING_ENGLISH, *NOTHING_GERMAN)


@dataclass(frozen=True, slots=True)
class Asked:
    """One query with the truth about it: the gain of each recording worth finding, by audio id."""

    query: Labelled
    gains: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Scored:
    """A query and the nDCG@10 of the answer to it."""

    query: Labelled
    ndcg: float


def answerable(pieces: Sequence[Piece], queries: Iterable[Labelled] = QUERIES) -> list[Asked]:
    """Return the queries for which ``pieces`` hold anything: a small library lacks a lot."""
    asked = (Asked(query, gains_of(query, pieces)) for query in queries)
    return [one for one in asked if one.gains]


def judge(ask: Ask, asked: Iterable[Asked], shelf: Shelf) -> list[Scored]:
    """Score a way of searching by each query."""
    return [Scored(one.query, _score(ask(one.query.text), one, shelf)) for one in asked]


def _score(answer: Answer, one: Asked, shelf: Shelf) -> float:
    """Return the nDCG of an answer; a recording that was listed before gains nothing more."""
    found: list[int] = []
    listed: set[str] = set()
    for hit in answer.hits[:DEPTH]:
        piece = shelf.piece(hit.track.id)
        found.append(0 if piece.audio_id in listed else one.query.gain(piece))
        listed.add(piece.audio_id)
    return ndcg(found, one.gains.values())


def honesty(ask: Ask) -> float:
    """Return the share of the queries that nothing answers to which nothing was claimed to fit."""
    answers = [ask(text) for text in NOTHING]
    return float(np.mean([answer.nothing_fits or not answer.hits for answer in answers]))


def mean(scored: Iterable[Scored]) -> float:
    """Return the mean nDCG; NaN of none."""
    values = [one.ndcg for one in scored]
    return float(np.mean(values)) if values else float("nan")


def groups(scored: Sequence[Scored]) -> dict[str, list[Scored]]:
    """Return the scores by kind of query, by language, and all."""
    found = {kind: [one for one in scored if one.query.kind == kind] for kind in KINDS}
    found |= {
        name: [one for one in scored if one.query.language == language]
        for name, language in (("English", "en"), ("German", "de"))
    }
    return {**found, "all": list(scored)}
