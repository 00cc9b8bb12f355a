"""What is asked often is answered by an index: in step with the answer, not with the library."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.stores.files import V1, at, drop, gone, heard
from traumbox.domain import Changes
from traumbox.stores.ledger import Ledger
from traumbox.stores.words import Words

FOLDERS = [["music"], ["other"]]
KINDS = {"SELECT", "WITH", "UPDATE", "DELETE"}
ASKED: dict[str, Callable[[Ledger], object]] = {
    "listing": lambda ledger: list(ledger.listing("music")),
    "a listing of one directory": lambda ledger: list(ledger.listing("music", b"a")),
    "the sample of a folder": lambda ledger: ledger.sample("music", 2),
    "held by": lambda ledger: ledger.held_by("music"),
    "names of folders": Ledger.folders,
    "what is asked for": lambda ledger: ledger.next_pending(9.0, folders=FOLDERS, urgent_only=True),
    "drops": lambda ledger: ledger.next_pending(
        9.0, folders=FOLDERS, baselines={"music": 0.0, "other": 0.0}
    ),
    "the backlog": lambda ledger: ledger.next_pending(
        9.0, folders=FOLDERS, baselines={"music": 50.0}, backlog=True
    ),
    "what is in hand": Ledger.struck,
    "rows by track id": lambda ledger: ledger.rows(["id1"]),
    "rows by audio id": lambda ledger: ledger.rows_by_audio(["x"]),
    "missing files with a stat": lambda ledger: ledger.missing_like([V1]),
    "heirs": lambda ledger: ledger.heirs(["x"]),
    "twins": lambda ledger: ledger.twins(["id1"], 0.0),
    "failures with a reason": lambda ledger: ledger.failed_because("x"),
    "a page": lambda ledger: ledger.page(10),
    "a page of failures": lambda ledger: ledger.page(10, states=("failed",)),
    "a page of a folder": lambda ledger: ledger.page(10, folder="music"),
    "recently added": lambda ledger: ledger.recently_added(10),
    "what is present": lambda ledger: list(ledger.present()),
    "counts": Ledger.counts,
    "how many are outdated": Ledger.outdated_count,
    "what is outdated": lambda ledger: ledger.next_outdated(["music"], (0, "music", "id1")),
    "keeping as known": lambda ledger: ledger.keep_as_known("id1"),
    "how many are missing": Ledger.missing_count,
    "removals": lambda ledger: ledger.removals(1.0),
    "setting folders aside": lambda ledger: ledger.set_aside(["music"], 9.0),
    "purging": lambda ledger: ledger.purge("music", 9.0),
    "forgetting": lambda ledger: ledger.forget_missing("music"),
    "beginning": lambda ledger: ledger.begin("id1", 9.0),
    "marking": lambda ledger: ledger.mark_indexed([("id1", V1, heard(), "")], 9.0),
    "applying": lambda ledger: ledger.apply(CHANGES, 9.0),
    "words": lambda ledger: Words(ledger.database).find("a song by nobody", 10),
    "words among some": lambda ledger: Words(ledger.database).find("a song", 10, ["x"]),
    "suggestions": lambda ledger: Words(ledger.database).suggest("son", 10),
    "spelling": lambda ledger: Words(ledger.database).spelling("a sogn"),
    "artists": lambda ledger: Words(ledger.database).vocabulary.artist("nobody"),
    "genres": lambda ledger: Words(ledger.database).vocabulary.genres(),
    "taking over": lambda ledger: ledger.take_over("id1", "id2", 9.0),
}
CHANGES = Changes(
    new={at("new"): V1},
    changed={"id1": V1},
    moved={"id1": (at("there"), V1)},
    gone=frozenset(["id1"]),
    excluded={"id1": "a rule"},
    included={"id1": V1},
)
# Lists that are bounded, one row of state, and what FTS5 asks of its own settings.
SHORT = (
    *("SCAN wanted", "SCAN json_each", "SCAN best", "SCAN found", "SCAN (subquery"),
    *("SCAN words_stale", "SCAN words_state", "SCAN main."),
)
MAY_SORT = {
    "heirs": "a few of the same sound",
    "twins": "a few of the same sound",
    "rows by audio id": "some hundred that a search found",
    "words": "some hundred at most",
    "words among some": "some hundred at most",
    "suggestions": "the names that begin so",
    "genres": "there are few",
    "artists": "namesakes",
}


@pytest.fixture
def asked(ledger: Ledger) -> Iterator[list[str]]:
    """The questions that reach SQLite from here on."""
    _, _, lost = drop(ledger, "a", "b", "c")
    drop(ledger, "a", folder="other")
    gone(ledger, lost)
    statements: list[str] = []
    for use in (ledger.database.reading, ledger.database.writing):
        with use() as db:  # the one connection that is idle later, and the writer's
            db.set_trace_callback(statements.append)
    yield statements
    for use in (ledger.database.reading, ledger.database.writing):
        with use() as db:
            db.set_trace_callback(None)


@pytest.mark.parametrize("name", ASKED)
def test_the_frequent_questions_are_answered_by_an_index(
    ledger: Ledger, asked: list[str], name: str
) -> None:
    ASKED[name](ledger)
    questions = [text for text in asked if text.split()[0] in KINDS]
    assert questions
    for question in questions:
        with ledger.database.reading() as db:
            plan = [line[3] for line in db.execute(f"EXPLAIN QUERY PLAN {question}")]
        for step in plan:
            if step.startswith("SCAN") and not step.startswith(SHORT):
                assert "INDEX" in step or "CONSTANT" in step or "SCAN named" in step, plan
            if name not in MAY_SORT:
                assert "TEMP B-TREE" not in step, plan
