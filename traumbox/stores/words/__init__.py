"""What can be read of tracks: names, tags, lyrics and where they lie, in the ledger's own file.

Full text by SQLite's FTS5: one truth with the files, the same transactions, and none of it depends
on a model. What is written there is folded before (see ``fold``); no word is left out for being
frequent, for "The Who" consists of such.
"""

from __future__ import annotations

from collections.abc import Collection, Container

from traumbox.stores.sqlite import Database
from traumbox.stores.words.finding import Exact, WordHit, find
from traumbox.stores.words.following import follow
from traumbox.stores.words.names import Suggestion, Vocabulary, spelling, suggest
from traumbox.stores.words.reading import Field, NameKind
from traumbox.stores.words.terms import Terms

__all__ = ["Exact", "Field", "NameKind", "Suggestion", "Vocabulary", "WordHit", "Words"]


class Words:
    """Searches the words of the ledger's tracks; safe to use from any thread.

    They follow the files within every transaction of the ledger. Where a transaction has changed
    hundreds, and in a ledger of an older version, the rest waits for ``catch_up``: such tracks are
    found by what they were before, if they are there. Every method raises StoreError as the ledger
    does; whatever the text is, it consists of words only.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._terms = Terms()
        self.vocabulary = Vocabulary(database)

    def find(
        self,
        text: str,
        limit: int,
        among: Collection[str] | None = None,
        *,
        common: Container[str] = (),
    ) -> list[WordHit]:
        """Return the tracks that can be found and whose words answer ``text``, best first.

        A query that is a name goes first, then names among other words, then what holds all
        words, then what holds some; words count more in artist and title than further down. The
        last word may be the beginning of one; words that the library doesn't know may be
        misspelled. ``among`` are audio ids: no other tracks are wanted. ``common`` are folded words
        that describe sounds: a name of such only is no name among others (but when it is all that
        was asked for).
        """
        with self._database.reading() as db:
            return find(db, self._terms, text, limit, among=among, common=common)

    def spelling(self, text: str, known: Container[str] = ()) -> str | None:
        """Return ``text`` with words that the library doesn't know put right by those it does.

        None when there is nothing to put right. ``known`` are folded words to be left alone.
        """
        with self._database.reading() as db:
            return spelling(db, self._terms, text, known)

    def suggest(self, prefix: str, limit: int) -> list[Suggestion]:
        """Return names of which some words begin with those typed, borne by most tracks first.

        Titles come last, and from three letters on.
        """
        with self._database.reading() as db:
            return suggest(db, prefix, limit)

    def catch_up(self) -> bool:
        """Read some of the tracks that wait for it anew; return whether more are waiting.

        Each call is a transaction of its own, of a few hundred tracks at most.
        """
        with self._database.writing() as db:
            follow(db)
            return db.execute("SELECT 1 FROM words_stale LIMIT 1").fetchone() is not None
