"""The side of the ledger that knows files again: by what they are, and by how they sound."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from itertools import islice

from traumbox.domain import FileStat
from traumbox.stores.ledger.side import LISTED, Side, columns_of, listed
from traumbox.stores.rows import (
    COLUMNS,
    MISSING_COLUMNS,
    FileRow,
    MissingFile,
    decode,
    decode_missing,
    inode_in,
)
from traumbox.stores.words.following import take_over_said

STATS_A_READ = 10_000


class IdentitySide(Side):
    """Finds the row that a file had before, and hands rows on."""

    def missing_like(self, stats: Iterable[FileStat]) -> list[MissingFile]:
        """Return the missing files with inode, size and mtime of one of ``stats``."""
        wanted = ([inode_in(stat.inode), stat.size, stat.mtime_ns] for stat in stats)
        found: dict[str, MissingFile] = {}
        with self._database.reading() as db:
            if db.execute(_ANY_MISSING).fetchone() is None:
                return []
            while some := list(islice(wanted, STATS_A_READ)):
                rows = db.execute(_MISSING_LIKE, (json.dumps(some),))
                found.update((row[0], decode_missing(row)) for row in rows)
        return list(found.values())

    def heard_among(self, track_ids: Collection[str]) -> set[str]:
        """Return those of ``track_ids`` that were heard, in whatever version."""
        if not track_ids:
            return set()
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT track_id FROM files WHERE audio_id IS NOT NULL AND track_id {LISTED}",  # noqa: S608 - constants only
                (listed(track_ids),),
            )
            return {track_id for (track_id,) in rows}

    def fingerprints(self, track_ids: Collection[str]) -> dict[str, str]:
        """Return the fingerprints of those of these files that have one."""
        with self._database.reading() as db:
            return dict(
                db.execute(
                    "SELECT track_id, fingerprint FROM files"  # noqa: S608 - constants only
                    f" WHERE fingerprint <> '' AND track_id {LISTED}",
                    (listed(track_ids),),
                ).fetchall()
            )

    def heirs(self, audio_ids: Collection[str]) -> dict[str, list[MissingFile]]:
        """Return by sound the missing files that hold one of these, the last to go first."""
        found: dict[str, list[MissingFile]] = {}
        with self._database.reading() as db:
            for row in db.execute(
                f"SELECT {MISSING_COLUMNS} FROM files INDEXED BY files_by_audio"  # noqa: S608 - constants only
                f" WHERE audio_id {LISTED} AND missing_since_s IS NOT NULL"
                " ORDER BY missing_since_s DESC, folder, path, part",
                (listed(audio_ids),),
            ):
                missing = decode_missing(row)
                found.setdefault(missing.audio_id or "", []).append(missing)
        return found

    def twins(self, track_ids: Collection[str], since_s: float) -> dict[str, list[FileRow]]:
        """Return by track id the indexed files that hold its sound and were first seen since then.

        Only files that are there, and none of ``track_ids`` themselves; the youngest come first.
        """
        found: dict[str, list[FileRow]] = {}
        with self._database.reading() as db:
            for row in db.execute(
                f"SELECT {columns_of('twin', COLUMNS)}, old.track_id FROM json_each(?) AS wanted"  # noqa: S608 - constants only
                " CROSS JOIN files AS old ON old.track_id = wanted.value"
                " CROSS JOIN files AS twin INDEXED BY files_by_audio"
                " ON twin.audio_id = old.audio_id"
                " WHERE twin.first_seen_s >= ? AND twin.state = 'indexed'"
                f" AND twin.missing_since_s IS NULL AND twin.track_id NOT {LISTED}"
                " ORDER BY twin.first_seen_s DESC, twin.folder, twin.path, twin.part",
                (listed(track_ids), since_s, listed(track_ids)),
            ):
                found.setdefault(row[-1], []).append(decode(row[:-1]))
        return found

    def take_over(self, old_id: str, new_id: str, now_s: float) -> None:
        """Let the file known as ``new_id`` be ``old_id`` from now on, in one transaction.

        Its place, version and state become those of ``old_id``, and what was heard of it, if it
        was heard; the row of ``new_id`` is gone. ``old_id`` keeps when it was first seen and added.
        Whatever else comes to refer to track ids is to follow here, from ``new_id`` to ``old_id``.

        Raises
        ------
        KeyError
            When one of them isn't known, or both are the same.
        """
        with self._database.writing() as db:
            taken = db.execute(_TAKEN, (new_id,)).fetchone()
            if taken is None or old_id == new_id:
                raise KeyError(new_id)
            heard = taken[len(_PLACE) :]
            if heard[0] is not None:
                take_over_said(db, old_id, new_id)
            # Before its row is gone, and its plays with it.
            db.execute(_PLAYED_TOO, (old_id, new_id))
            db.execute("DELETE FROM files WHERE track_id = ?", (new_id,))
            done = db.execute(_GIVEN, (*taken[: len(_PLACE)], now_s, old_id))
            if not done.rowcount:
                raise KeyError(old_id)
            if heard[0] is not None:
                db.execute(_HEARD_TOO, (*heard, old_id))


_ANY_MISSING = (
    "SELECT 1 FROM files INDEXED BY files_missing_like WHERE missing_since_s IS NOT NULL LIMIT 1"
)

_MISSING_LIKE = (
    f"SELECT {columns_of('files', MISSING_COLUMNS)} FROM json_each(?) AS wanted"  # noqa: S608 - constants only
    " CROSS JOIN files INDEXED BY files_missing_like"
    " ON inode = json_extract(wanted.value, '$[0]') AND size = json_extract(wanted.value, '$[1]')"
    " AND mtime_ns = json_extract(wanted.value, '$[2]') WHERE missing_since_s IS NOT NULL"
)

_PLACE = (
    "folder", "path", "part", "display", "size", "mtime_ns", "inode", "cut", "state", "reason",
    "attempts", "next_try_s", "hearing_since_s", "pending_since_s", "urgent_since_s",
    "missing_since_s",
)  # fmt: skip
_HEARD = (
    "audio_id", "fingerprint", "duration_s", "media", "tags", "descriptors", "heard_version",
)  # fmt: skip


def _set(columns: tuple[str, ...]) -> str:
    return ", ".join(f"{column} = ?" for column in columns)


_TAKEN = f"SELECT {', '.join(_PLACE + _HEARD)} FROM files WHERE track_id = ?"  # noqa: S608 - constants only
_GIVEN = f"UPDATE files SET {_set(_PLACE)}, last_seen_s = ? WHERE track_id = ?"  # noqa: S608 - constants only
_HEARD_TOO = f"UPDATE files SET {_set(_HEARD)} WHERE track_id = ?"  # noqa: S608 - constants only
_PLAYED_TOO = "UPDATE OR REPLACE plays SET track_id = ? WHERE track_id = ?"
