"""Filling a space beside the one that serves: every track the ledger has, heard by another model.

What is to be done is derived: the tracks that are indexed and whose sound this space doesn't hold.
So there is nothing to repair after a crash, and what was committed isn't embedded again.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from traumbox.domain import Embedding, Location
from traumbox.errors import (
    AudioError,
    ListenerClosedError,
    ListenerError,
    ListenerStartError,
    ModelError,
)
from traumbox.indexer.batch import BATCH_AGE_S, BATCH_TRACKS
from traumbox.indexer.clocks import Clocks
from traumbox.indexer.hearing import (
    INDEXED,
    STRIKES,
    TROUBLE_PAUSES_S,
)
from traumbox.indexer.probing import Probes
from traumbox.indexer.progress import Pace
from traumbox.library.folders import WatchedFolder
from traumbox.library.guard import Guard
from traumbox.library.listing import file_stat, same_file
from traumbox.ports import Ear, IndexEntry, Space
from traumbox.stores.ledger import FileRow, Ledger

log = logging.getLogger(__name__)

LATER_S = (30.0, 120.0)
"""Pauses before a file that can't be read just now is tried again; then it is left out."""
LEFT_OUT_AGAIN_S = 3600.0
FEW = 10
FEW_SHARE = 0.1
"""More left out than ten tracks and a tenth of all isn't files' fault: a disk is ill."""


@dataclass(frozen=True, slots=True)
class Left:
    """How far a filling is: of ``total`` tracks ``done`` are stored.

    ``todo`` can be heard, now or soon; ``waiting`` are in the ``offline`` folders. ``left_out``
    couldn't be heard; ``reason`` is why the last of them couldn't.
    """

    total: int = 0
    done: int = 0
    todo: int = 0
    waiting: int = 0
    left_out: int = 0
    offline: tuple[str, ...] = ()
    reason: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether the space can serve without anybody missing much."""
        return not self.todo and not self.waiting and not self.lacks_many

    @property
    def lacks_many(self) -> bool:
        """Whether so much couldn't be heard that something else must be wrong."""
        return self.left_out > max(FEW, FEW_SHARE * self.total)


class Filling:
    """Hears for one space, in the worker's thread; ``left``, ``pace``, ``trouble``: from any.

    Only the index is written, and in the ledger what this model takes for singing: it is asked once
    for each sound, when its windows are at hand. What is wrong with a file is the ledger's
    business: it is left out here, and becomes pending when this space serves.
    """

    def __init__(
        self,
        ledger: Ledger,
        space: Space,
        ear: Ear,
        clocks: Clocks,
        guard: Guard,
        *,
        probes: Probes | None = None,
    ) -> None:
        self._ledger = ledger
        self._probes = probes
        self._guard = guard
        self.space = space
        self._ear = ear
        self._clocks = clocks
        self._todo: deque[str] = deque()
        self._later: dict[str, float] = {}
        self._tries: Counter[str] = Counter()
        self._strikes: Counter[str] = Counter()
        self._suspects: set[Path] = set()
        self._left_out: dict[str, str] = {}
        self._left_out_s = 0.0
        self._again: set[str] = set()
        self._batch: list[IndexEntry] = []
        self._batch_since_s = 0.0
        self._online: frozenset[str] | None = None
        self._troubles = 0
        self._trouble_until_s = float("-inf")
        self.left = Left()
        self.pace = Pace()
        self.trouble = ""
        self.in_hand = ""

    def look(self, folders: Sequence[WatchedFolder]) -> Left:
        """Tell what is left to do; derived anew when something has changed since the last time.

        ``folders`` are those that are online.
        """
        online = frozenset(folder.name for folder in folders)
        now_s = self._clocks.steady_s()
        if self._left_out and self.left.lacks_many and now_s >= self._left_out_s + LEFT_OUT_AGAIN_S:
            self._left_out.clear()
            self._tries.clear()
            self._online = None
        if online != self._online:
            self._derive(online)
            self._online = online
        return self.left

    def look_again(self, heard: Collection[str] = ()) -> None:
        """Derive anew at the next look: the ledger has changed. ``heard`` were heard anew."""
        self._again.update(heard)
        for track_id in heard:
            self._left_out.pop(track_id, None)
        self._online = None

    def step(self, folders: Sequence[WatchedFolder]) -> tuple[bool, Location | None]:
        """Bring in one more track.

        Return whether anything was done, and where something isn't as it was.
        """
        self.look(folders)
        if self._clocks.steady_s() < self._trouble_until_s:
            return False, None
        while (row := self._next()) is not None:
            folder = next((f for f in folders if f.name == row.location.folder), None)
            if folder is None:
                continue
            stirs = self._bring_in(row, folder, folders)
            if self._is_batch_due():
                self.commit()
            self._count()
            return True, row.location if stirs else None
        return False, None

    def commit(self) -> None:
        """Make what was heard durable."""
        if not self._batch:
            return
        self.space.index.add(self._batch)
        self._tell_vocals()
        stored = {entry.track.id for entry in self._batch}
        self._batch.clear()
        self._count(len(stored - self._again))
        self._again -= stored
        self.space.index.maintain()

    def drop_batch(self) -> None:
        """Forget what couldn't be stored; it is derived again."""
        self._batch.clear()
        self._online = None

    def _derive(self, online: frozenset[str]) -> None:
        stored = self.space.index.known_tracks()
        in_batch = {entry.track.id for entry in self._batch}
        again: set[str] = set()
        todo: deque[str] = deque()
        total = done = waiting = 0
        offline: set[str] = set()
        later: dict[str, float] = {}
        left_out: dict[str, str] = {}
        for track_id, audio_id, folder in self._ledger.present():
            total += 1
            if stored.get(track_id) == audio_id:
                done += 1
                if track_id not in self._again:
                    continue
                again.add(track_id)  # its tags have changed
            if track_id in in_batch:
                continue
            if folder not in online:
                waiting += 1
                offline.add(folder)
            elif track_id in self._left_out:
                left_out[track_id] = self._left_out[track_id]
            elif track_id in self._later:
                later[track_id] = self._later[track_id]
            else:
                todo.append(track_id)
        self._todo, self._later, self._left_out, self._again = todo, later, left_out, again
        self.left = Left(total, done, waiting=waiting, offline=tuple(sorted(offline)))
        self._count()

    def _count(self, stored: int = 0) -> None:
        before = self.left
        self.left = Left(
            before.total,
            before.done + stored,
            len(self._todo) + len(self._later) + len(self._batch),
            before.waiting,
            len(self._left_out),
            before.offline,
            next(reversed(self._left_out.values()), ""),
        )

    def _next(self) -> FileRow | None:
        """Take the next track that is still wanted."""
        now_s = self._clocks.steady_s()
        for track_id in [track_id for track_id, at_s in self._later.items() if at_s <= now_s]:
            del self._later[track_id]
            self._todo.append(track_id)
        row = self._peek()
        if row is None:
            self._count()
        else:
            self._todo.popleft()
        return row

    def _peek(self) -> FileRow | None:
        while self._todo:
            row = self._ledger.row(self._todo[0])
            if row is not None and row.state == "indexed" and row.missing_since_s is None:
                return row
            self._todo.popleft()  # gone, or pending again: the ledger deals with it first
        return None

    def _bring_in(
        self, row: FileRow, folder: WatchedFolder, folders: Sequence[WatchedFolder]
    ) -> bool:
        if self._holds(row.audio_id or ""):
            self._keep(row, None)
            return False
        path = folder.resolve(row.location)
        if path is None:
            return self._try_later(row, "it is not there at the moment")
        self.in_hand = row.location.display
        self._ledger.begin(row.track_id, self._clocks.now_s())
        try:
            return self._hear(row, folder, path, folders)
        finally:
            self.in_hand = ""
            self._ledger.came_back(row.track_id)

    def _hear(
        self, row: FileRow, folder: WatchedFolder, path: Path, folders: Sequence[WatchedFolder]
    ) -> bool:
        try:
            self._look_ahead(path, folders)
            # A sound that isn't the ledger's needn't be embedded: it has no place here.
            heard, embedding = self._ear.hear(
                path, self.space.model, lambda audio_id: audio_id != row.audio_id, row.stat.cut
            )
            is_same = same_file(file_stat(path), row.stat)
        except ListenerClosedError:
            raise
        except (ListenerStartError, ModelError) as error:
            self._rest(row, str(error))
        except (AudioError, ListenerError, OSError) as error:
            return self._went_wrong(row, folder, path, error)
        else:
            self._strikes.pop(row.track_id, None)
            self._suspects.discard(path)
            if not is_same:
                return self._try_later(row, "it has changed since it was heard first")
            if heard.audio_id != row.audio_id:
                self._hear_anew(row)
            elif embedding is not None and embedding.model_id != self.space.embedder.card.id:
                self._rest(row, _REPLACED.format(model=self.space.model))
            else:
                self._tries.pop(row.track_id, None)
                self._recovered()
                self._keep(row, embedding)
        return False

    def _went_wrong(
        self, row: FileRow, folder: WatchedFolder, path: Path, error: Exception
    ) -> bool:
        """Hold it against the file only when its folder answers."""
        if self._guard.why_away(folder):
            self._later[row.track_id] = self._clocks.steady_s() + LATER_S[0]
            return True
        match error:
            case AudioError():
                self._leave_out(row, str(error))
            case ListenerError():
                self._strike(row, path, error)
            case OSError():
                return self._try_later(row, f"reading it failed ({error.strerror or error})")
        return False

    def _look_ahead(self, path: Path, folders: Sequence[WatchedFolder]) -> None:
        """Tell the ear what comes after ``path``, unless either had better be heard alone."""
        if path in self._suspects:
            return
        then = self._peek()
        folder = next((f for f in folders if then and f.name == then.location.folder), None)
        if then is None or folder is None or self._holds(then.audio_id or ""):
            return
        then_path = folder.resolve(then.location)
        if then_path is not None and then_path not in self._suspects:
            self._ear.expect(then_path, then.stat.cut)

    def _holds(self, audio_id: str) -> bool:
        if any(entry.track.audio_id == audio_id for entry in self._batch):
            return True
        return bool(self.space.index.known_audio([audio_id]))

    def _is_batch_due(self) -> bool:
        age_s = self._clocks.steady_s() - self._batch_since_s
        return bool(self._batch) and (len(self._batch) >= BATCH_TRACKS or age_s >= BATCH_AGE_S)

    def _keep(self, row: FileRow, embedding: Embedding | None) -> None:
        if not self._batch:
            self._batch_since_s = self._clocks.steady_s()
        added_at_s = row.added_at_s or self._clocks.now_s()
        self._batch.append(IndexEntry(row.as_track(), embedding, added_at_s))
        if embedding is not None:
            self.pace.done(self._clocks.steady_s())

    def _tell_vocals(self) -> None:
        if self._probes is None:
            return
        told = {
            entry.track.audio_id: self._probes.vocals(self.space.embedder, entry.embedding.vectors)
            for entry in self._batch
            if entry.embedding is not None
        }
        self._ledger.tell_vocals(
            {audio_id: vocals for audio_id, vocals in told.items() if vocals is not None}
        )

    def _hear_anew(self, row: FileRow) -> None:
        """Have the file heard for the space that serves first: its sound isn't the one known.

        Without a change of the file that is a decoder's doing, which no scan would find.
        """
        self._tries[row.track_id] += 1
        if self._tries[row.track_id] > len(LATER_S):
            self._leave_out(row, "it sounds different each time it is heard")
        else:
            self._ledger.requeue([row.track_id], states=INDEXED)

    def _try_later(self, row: FileRow, reason: str) -> bool:
        tries = self._tries[row.track_id]
        self._tries[row.track_id] += 1
        if tries >= len(LATER_S):
            self._leave_out(row, reason)
        else:
            self._later[row.track_id] = self._clocks.steady_s() + LATER_S[tries]
        return True

    def _strike(self, row: FileRow, path: Path, error: ListenerError) -> None:
        log.warning("%s", error)
        self._suspects |= {path, *error.company}
        if not error.company:
            self._strikes[row.track_id] += 1
        if self._strikes[row.track_id] >= STRIKES:
            self._leave_out(row, f"hearing it failed {STRIKES} times: {error}")
        else:
            self._todo.append(row.track_id)

    def _leave_out(self, row: FileRow, reason: str) -> None:
        log.info("Left out: %s/%s: %s", row.location.folder, row.location.display, reason)
        self._left_out[row.track_id] = f"{row.location.display}: {reason}"
        self._left_out_s = self._clocks.steady_s()

    def _rest(self, row: FileRow, reason: str) -> None:
        """Rest altogether: what is wrong would be wrong for every file."""
        pause_s = TROUBLE_PAUSES_S[min(self._troubles, len(TROUBLE_PAUSES_S) - 1)]
        log.warning("%s Trying again in %.0f s.", reason, pause_s)
        self._troubles += 1
        self._trouble_until_s = self._clocks.steady_s() + pause_s
        self.trouble = reason
        self._todo.appendleft(row.track_id)

    def _recovered(self) -> None:
        self._troubles = 0
        self.trouble = ""


_REPLACED = (
    "The files of the model “{model}” were replaced while it was in use. Restart traumbox, and it"
    " goes on with the new ones."
)
