"""The side of the ledger that shows: rows, pages and counts."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection, Iterator
from typing import Literal

from traumbox.domain import STATES, State
from traumbox.stores.ledger.side import LISTED, Place, Side, listed
from traumbox.stores.rows import FileRow, text_in


class ReadingSide(Side):
    """Looks at rows and changes nothing.

    A track can be found when it was heard and is there: one that waits to be heard again goes on
    being found as it was heard before.
    """

    def row(self, track_id: str) -> FileRow | None:
        """Return one row, or None."""
        return self.rows([track_id]).get(track_id)

    def rows(self, track_ids: Collection[str]) -> dict[str, FileRow]:
        """Return the rows of those track ids that exist."""
        found = self._select(f"FROM files WHERE track_id {LISTED}", [listed(track_ids)])
        return {row.track_id: row for row in found}

    def rows_by_audio(self, audio_ids: Collection[str]) -> dict[str, list[FileRow]]:
        """Return the tracks that can be found and hold these sounds, by path."""
        found = self._select(
            f"FROM files WHERE audio_id {LISTED} AND state IN ('indexed', 'pending')"
            " AND missing_since_s IS NULL ORDER BY folder, path, part",
            [listed(audio_ids)],
        )
        by_audio: dict[str, list[FileRow]] = {}
        for row in found:
            by_audio.setdefault(row.audio_id or "", []).append(row)
        return by_audio

    def indexed(self) -> dict[str, str]:
        """Return track id -> audio id of all that is indexed, missing ones included."""
        with self._database.reading() as db:
            return dict(
                db.execute(
                    "SELECT track_id, audio_id FROM files WHERE state = 'indexed'"
                ).fetchall()
            )

    def present(self) -> Iterator[tuple[str, str, str]]:
        """Yield (track id, audio id, folder) of what is indexed and there, the newest first."""
        with self._database.reading() as db:
            yield from db.execute(
                "SELECT track_id, audio_id, folder FROM files INDEXED BY files_by_added"
                " WHERE state = 'indexed' AND added_at_s IS NOT NULL AND missing_since_s IS NULL"
                " ORDER BY added_at_s DESC, folder, path, part"
            )

    def failed_because(self, reason: str) -> list[FileRow]:
        """Return the failed files that are there and have exactly this reason."""
        return self._select(
            "FROM files INDEXED BY files_failed WHERE state = 'failed'"
            " AND missing_since_s IS NULL AND reason = ?",
            [text_in(reason)],
        )

    def page(
        self,
        limit: int,
        after: str = "",
        states: Collection[State] = (),
        *,
        folder: str | None = None,
        missing: bool = False,
    ) -> tuple[list[FileRow], str | None]:
        """Return up to ``limit`` files by folder, path and part, and the next cursor.

        Only those that are there, or with ``missing`` only those that aren't; only those in
        ``states`` and in ``folder``, if given.

        Raises
        ------
        ValueError
            When ``after`` is no cursor that an earlier page gave.
        """
        where = f"missing_since_s IS {'NOT ' if missing else ''}NULL"
        values: list[object] = []
        if after:
            where += " AND (folder, path, part) > (?, ?, ?)"
            values += _read_cursor(after)
        if folder is not None:
            where += " AND folder = ?"
            values.append(folder)
        if states:
            where += f" AND state {LISTED}"
            values.append(listed(states))
        with self._database.reading() as db:
            # Chosen in the index alone: the rows themselves are wide, and most aren't wanted.
            chosen = db.execute(
                "SELECT track_id, folder, path, part FROM files INDEXED BY files_on_disk"  # noqa: S608 - constants only
                f" WHERE {where} ORDER BY folder, path, part LIMIT ?",
                (*values, limit + 1),
            ).fetchall()
        more = len(chosen) > limit
        chosen = chosen[:limit]
        rows = self.rows([track_id for track_id, *_ in chosen])
        shown = [rows[track_id] for track_id, *_ in chosen if track_id in rows]
        return shown, _cursor(*chosen[-1][1:]) if more and chosen else None

    def recently_added(self, limit: int) -> list[FileRow]:
        """Return up to ``limit`` tracks that can be found, the newest first."""
        return self._select(
            "FROM files INDEXED BY files_by_added WHERE state IN ('indexed', 'pending')"
            " AND added_at_s IS NOT NULL AND missing_since_s IS NULL"
            " ORDER BY added_at_s DESC, folder, path, part LIMIT ?",
            [limit],
        )

    def counts(self) -> dict[State, int]:
        """Return how many of the files that are there are in each state, 0 included."""
        by_folder = self.counts_by_folder().values()
        return {state: sum(counts[state] for counts in by_folder) for state in STATES}

    def counts_by_folder(self) -> dict[str, dict[State | Literal["missing"], int]]:
        """Return the same for each folder that has rows, and how many are missing, by "missing"."""
        found: dict[str, dict[State | Literal["missing"], int]] = {}
        with self._database.reading() as db:
            for folder, state, there, missing in db.execute(
                "SELECT folder, state, count(*) - count(missing_since_s), count(missing_since_s)"
                " FROM files INDEXED BY files_by_state GROUP BY folder, state"
            ):
                counts = found.setdefault(folder, {**dict.fromkeys(STATES, 0), "missing": 0})
                counts[state] = there
                counts["missing"] += missing
        return found


def _cursor(folder: str, path: bytes, part: int) -> str:
    text = json.dumps([folder, path.hex(), part])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> Place:
    try:
        text = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        folder, path, part = json.loads(text)
        return str(folder), bytes.fromhex(path), int(part)
    except (binascii.Error, TypeError, ValueError) as error:
        raise ValueError(f"{cursor!r} is no cursor that a page gave") from error
