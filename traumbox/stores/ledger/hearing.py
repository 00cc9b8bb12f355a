"""The side of the ledger that says what to hear next, and what came of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence

from traumbox.domain import HEARD_VERSION, FileStat, Heard, State
from traumbox.stores.ledger.side import LISTED, Side, listed, stat_in
from traumbox.stores.rows import COLUMNS, FileRow, decode, text_in, to_json
from traumbox.stores.words.following import keep_said

FAILED: tuple[State, ...] = ("failed",)


class HearingSide(Side):
    """The order of hearing, and every outcome of it."""

    def next_pending(
        self,
        now_s: float,
        *,
        skip: Collection[str] = (),
        folders: Sequence[Collection[str]] | None = None,
        baselines: Mapping[str, float] | None = None,
        urgent_only: bool = False,
        backlog: bool = False,
    ) -> FileRow | None:
        """Return the file to hear next, or None.

        First what somebody asked for, the oldest wish first. Then drops, the newest first: what
        came after the baseline of its folder (``baselines``, POSIX seconds; a folder without has
        none). Then the backlog, by groups of folders, and within a group the newest first. What
        came together goes by path.

        ``folders`` are the names of the only folders to look in, in groups of equal priority, the
        highest first; None: all, as one group. ``skip`` are track ids. With ``urgent_only`` only
        what was asked for is returned; with ``backlog`` drops go last.
        """
        baselines = baselines or {}
        if folders is None:
            folders = [self.folders()]
        with self._database.reading() as db:
            found = _asked_for(db, now_s, skip, folders)
            if found is not None or urgent_only:
                return found
            groups = [sorted(set(group)) for group in folders]
            dropped = [[(f, *_since(baselines[f])) for f in g if f in baselines] for g in groups]
            waiting = [[(f, *_until(baselines.get(f))) for f in g] for g in groups]
            drops = [[ranged for group in dropped for ranged in group]]
            for group in [*waiting, *drops] if backlog else [*drops, *waiting]:
                found = _newest(db, now_s, skip, group)
                if found is not None:
                    return found
        return None

    def hear_now(self, track_id: str, now_s: float) -> bool:
        """Have this file heard next, whatever has come of it before.

        Return False when there is nothing to hear: it isn't known, missing or excluded.
        """
        with self._database.writing() as db:
            done = db.execute(
                "UPDATE files SET state = 'pending', reason = '', attempts = 0, next_try_s = NULL,"
                " pending_since_s = coalesce(pending_since_s, ?1),"
                " urgent_since_s = coalesce(urgent_since_s, ?1) WHERE track_id = ?2"
                " AND missing_since_s IS NULL AND state <> 'excluded'",
                (now_s, track_id),
            )
            return done.rowcount > 0

    def begin(self, track_id: str, now_s: float) -> None:
        """Note, before it is done, that this file is going to be heard.

        One file is in hand at a time: whichever was before has come back.
        """
        with self._database.writing() as db:
            db.execute("UPDATE files SET hearing_since_s = NULL WHERE hearing_since_s IS NOT NULL")
            db.execute(
                "UPDATE files SET attempts = attempts + 1, hearing_since_s = ? WHERE track_id = ?",
                (now_s, track_id),
            )

    def struck(self) -> list[str]:
        """Return what was in hand when the last process died."""
        with self._database.reading() as db:
            rows = db.execute("SELECT track_id FROM files WHERE hearing_since_s IS NOT NULL")
            return [track_id for (track_id,) in rows]

    def came_back(self, track_id: str) -> None:
        """Note that hearing this file came to an end that changes nothing else about it."""
        with self._database.writing() as db:
            db.execute(
                "UPDATE files SET attempts = 0, hearing_since_s = NULL WHERE track_id = ?",
                (track_id,),
            )

    def put_back(self, track_id: str, reason: str = "", next_try_s: float | None = None) -> None:
        """Undo ``begin``: the file couldn't be reached, and that counts as no attempt.

        It is tried again at ``next_try_s``, if given; ``reason`` then says why it waits.
        """
        with self._database.writing() as db:
            db.execute(
                "UPDATE files SET attempts = max(0, attempts - 1), hearing_since_s = NULL,"
                " reason = iif(?1 = '', reason, ?1), next_try_s = coalesce(?2, next_try_s)"
                " WHERE track_id = ?3",
                (text_in(reason), next_try_s, track_id),
            )

    def mark_indexed(
        self, done: Sequence[tuple[str, FileStat, Heard, str]], now_s: float
    ) -> list[str]:
        """Note that these files are stored: the commit mark. Return the ids that got it.

        ``done`` holds track id, version, what was heard and the fingerprint, which may be empty. A
        file of which a scan has found another version meanwhile stays pending; one that a rule has
        excluded meanwhile stays excluded, but counts as heard.
        """
        marked: list[str] = []
        with self._database.writing() as db:
            for track_id, stat, heard, fingerprint in done:
                row = db.execute(
                    _MARKED,
                    (
                        text_in(heard.mark),
                        heard.audio_id,
                        fingerprint,
                        heard.duration_s,
                        to_json(heard.media),
                        to_json(heard.tags),
                        to_json(heard.descriptors),
                        HEARD_VERSION,
                        now_s,
                        track_id,
                        *stat_in(stat),
                    ),
                )
                if row.rowcount:
                    keep_said(db, track_id, heard)
                    marked.append(track_id)
        return marked

    def tell_vocals(self, vocals: Mapping[str, float]) -> None:
        """Note the vocal-likeness 0-1 of sounds, by audio id: another model was asked for it."""
        with self._database.writing() as db:
            db.executemany(
                "UPDATE files SET descriptors ="
                " json_set(coalesce(descriptors, '{}'), '$.vocals', ?) WHERE audio_id = ?",
                [(value, audio_id) for audio_id, value in vocals.items()],
            )

    def mark_failed(
        self,
        track_id: str,
        stat: FileStat,
        reason: str,
        now_s: float,
        next_try_s: float | None = None,
    ) -> None:
        """Note that this version of a file couldn't be heard, and why.

        With ``next_try_s`` it stays pending and is tried again then; without, it has failed until
        it changes or somebody asks.
        """
        failed = next_try_s is None
        with self._database.writing() as db:
            db.execute(
                "UPDATE files SET state = ?, reason = ?, next_try_s = ?, hearing_since_s = NULL,"
                " urgent_since_s = iif(?, NULL, urgent_since_s),"
                " pending_since_s = coalesce(pending_since_s, ?), size = ?, mtime_ns = ?,"
                " inode = ?, last_seen_s = max(last_seen_s, ?) WHERE track_id = ?",
                (
                    "failed" if failed else "pending",
                    text_in(reason),
                    next_try_s,
                    failed,
                    now_s,
                    *stat_in(stat),
                    now_s,
                    track_id,
                ),
            )

    def requeue(
        self,
        track_ids: Collection[str] | None = None,
        *,
        states: Collection[State] = FAILED,
        now_s: float | None = None,
    ) -> int:
        """Make files in one of ``states`` pending, all or those named; return how many.

        With ``now_s`` they wait since then, like a drop; without, since they were found.
        """
        where, values = f"state {LISTED}", [listed(states)]
        if track_ids is not None:
            where += f" AND track_id {LISTED}"
            values.append(listed(track_ids))
        with self._database.writing() as db:
            done = db.execute(
                "UPDATE files SET state = 'pending', reason = '', attempts = 0, next_try_s = NULL,"  # noqa: S608 - constants only
                " hearing_since_s = NULL,"
                " pending_since_s = coalesce(?, pending_since_s, first_seen_s)"
                f" WHERE {where}",
                (now_s, *values),
            )
            return done.rowcount


Ranged = tuple[str, str, list[float]]
"""A folder, and which part of what waits there, as SQL and its values."""


def _since(baseline_s: float) -> tuple[str, list[float]]:
    return " AND pending_since_s > ?", [baseline_s]


def _until(baseline_s: float | None) -> tuple[str, list[float]]:
    return ("", []) if baseline_s is None else (" AND pending_since_s <= ?", [baseline_s])


def _asked_for(
    db: sqlite3.Connection,
    now_s: float,
    skip: Collection[str],
    folders: Sequence[Collection[str]],
) -> FileRow | None:
    names = [name for group in folders for name in group]
    row = db.execute(_ASKED_FOR, (now_s, listed(skip), listed(names))).fetchone()
    return None if row is None else decode(row)


def _newest(
    db: sqlite3.Connection, now_s: float, skip: Collection[str], group: Sequence[Ranged]
) -> FileRow | None:
    """Return what has come last in any of these folders: the first entry of each is looked at."""
    best: tuple[float, str] | None = None
    for folder, where, values in group:
        row = db.execute(_FIRST.format(where), (folder, *values, now_s, listed(skip))).fetchone()
        if row is not None and (best is None or row[0] > best[0]):
            best = row
    if best is None:
        return None
    row = db.execute(f"SELECT {COLUMNS} FROM files WHERE track_id = ?", best[1:]).fetchone()  # noqa: S608 - constants only
    return decode(row)


_READY = (
    "state = 'pending' AND missing_since_s IS NULL AND (next_try_s IS NULL OR next_try_s <= ?)"
    f" AND track_id NOT {LISTED}"
)

_ASKED_FOR = (
    f"SELECT {COLUMNS} FROM files INDEXED BY files_asked_for"  # noqa: S608 - constants only
    f" WHERE urgent_since_s IS NOT NULL AND {_READY} AND folder {LISTED}"
    " ORDER BY urgent_since_s, folder, path, part LIMIT 1"
)

_FIRST = (
    "SELECT pending_since_s, track_id FROM files INDEXED BY files_to_hear"  # noqa: S608 - constants only
    f" WHERE folder = ?{{}} AND {_READY} ORDER BY pending_since_s DESC, path, part LIMIT 1"
)

_MARKED = (
    "UPDATE files SET state = iif(state = 'excluded', state, 'indexed'),"
    " reason = iif(state = 'excluded', reason, ?), attempts = 0, next_try_s = NULL,"
    " hearing_since_s = NULL, pending_since_s = NULL, urgent_since_s = NULL, audio_id = ?,"
    " fingerprint = ?, duration_s = ?, media = ?, tags = ?, descriptors = ?,"
    " heard_version = ?, added_at_s = coalesce(added_at_s, ?)"
    " WHERE track_id = ? AND size = ? AND mtime_ns = ? AND inode = ?"
)
