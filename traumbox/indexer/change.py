"""Changing the model while searches go on: fill the new space beside the old, then switch.

Which space serves and which one is filled is written down; everything else is derived, so a crash
anywhere resumes. The old space is kept, for the way back.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from traumbox.domain import ChangeProgress, Location, ModelCard
from traumbox.errors import ModelError, StoreError
from traumbox.indexer.clocks import Clocks
from traumbox.indexer.filling import Filling, Left
from traumbox.indexer.probing import Probes
from traumbox.library.folders import WatchedFolder
from traumbox.library.guard import Guard
from traumbox.ports import Ear, Space
from traumbox.stores.ledger import Ledger
from traumbox.stores.spaces import SpaceRow, Spaces

log = logging.getLogger(__name__)

OPEN_AGAIN_S = 60.0
QUIET = "It is held in the quiet hours."
BUSY = "New music is heard first."
PAUSED = "It is paused."


@dataclass(frozen=True, slots=True)
class SpaceWays:
    """How spaces are come by.

    ``card`` is cheap and raises ModelError unless that model is installed. ``open`` loads a model
    and opens its index; ModelError, StoreError. ``drop`` deletes the tables of a model's id;
    StoreError.
    """

    card: Callable[[str], ModelCard]
    open: Callable[[str], Space]
    drop: Callable[[str], None]


class ModelChange:
    """The change from the space that serves to another; ``take`` hands a new one to its users."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        spaces: Spaces,
        serving: Space,
        ways: SpaceWays,
        ear: Ear,
        clocks: Clocks,
        guard: Guard,
        take: Callable[[Space], None],
        bell: threading.Event,
        probes: Probes | None = None,
    ) -> None:
        self._ledger = ledger
        self._probes = probes
        self._spaces = spaces
        self._serving = serving
        self._ways = ways
        self._ear = ear
        self._clocks = clocks
        self._guard = guard
        self._take = take
        self._bell = bell
        self._filling: Filling | None = None
        self._open_next_s = float("-inf")
        self._open_trouble = ""
        self._held: str | None = None
        self._at_rest = False
        self._counted = -1
        self._undropped: set[str] = set()

    # Called from any thread.

    def begin(self, name: str) -> None:
        """Change to the model that the registry calls ``name``, instead of any other.

        When it serves already that gives up a change under way. What was filled for it before is
        kept.

        Raises
        ------
        ModelError
            When it isn't installed.
        StoreError
            When that can't be written down.
        """
        card = self._ways.card(name)
        if card.id == self._serving.embedder.card.id:
            self.cancel()
            return
        self._spaces.begin(card.id, name, self._clocks.now_s())
        self._open_next_s = float("-inf")
        self._stir()

    def pause(self) -> None:
        """Hold the change, over restarts too."""
        self._spaces.pause(paused=True)

    def resume(self) -> None:
        """Go on with it."""
        self._spaces.pause(paused=False)
        self._stir()

    def cancel(self) -> None:
        """Give the change up; what was filled is kept for another time."""
        row = self._spaces.filling()
        if row is not None:
            self._spaces.decline(self._left(row).done, self._clocks.now_s())
            self._bell.set()

    def switch_now(self) -> None:
        """Don't wait for the rest: it becomes pending, and is heard by the new model."""
        self._spaces.hurry()
        self._stir()

    def forget(self, name: str) -> None:
        """Drop what was heard with a model; that takes a moment and is done by the worker.

        Raises
        ------
        ModelError
            When it serves.
        """
        rows = [row for row in self._spaces.all() if row.model == name]
        if any(row.role == "serving" for row in rows):
            raise ModelError(
                f"The model “{name}” answers searches just now. Change to another one first: "
                "traumbox model use NAME."
            )
        if any(row.role == "filling" for row in rows):
            self.cancel()
        for row in rows:
            self._spaces.discard(row.model_id, self._clocks.now_s())
        self._bell.set()

    def is_declined(self, name: str) -> bool:
        """Tell whether the owner gave up the change to this model, as it is installed now."""
        row = self._spaces.row(self._ways.card(name).id)
        return row is not None and row.declined

    def tracks(self, name: str) -> int:
        """Return how many tracks the space of a model holds, 0 when it has none."""
        found = 0
        for row in self._spaces.all():
            if row.model == name:
                match row.role:
                    case "serving":
                        return self._ledger.counts()["indexed"]
                    case "filling":
                        return self._left(row).done
                    case "kept":
                        found = max(found, row.tracks)
        return found

    def progress(self) -> ChangeProgress | None:
        """Return how the change goes, or None without one."""
        row = self._spaces.filling()
        if row is None:
            return None
        filling, left = self._filling, self._left(row)
        is_going = not row.paused and self._held is None
        return ChangeProgress(
            old=self._serving.model,
            new=row.model,
            done=left.done,
            total=left.total,
            waiting=left.waiting,
            paused=row.paused,
            left_s=filling.pace.eta_s(left.todo, self._clocks.steady_s())
            if filling is not None and is_going
            else None,
            note=self._note(row, left),
        )

    def is_settled(self) -> bool:
        """Tell whether there is no change, or nothing of it that could be done just now."""
        row = self._spaces.filling()
        return row is None or row.paused or self._at_rest

    @property
    def in_hand(self) -> str:
        """The display path of the file that is being heard for the new space, or empty."""
        filling = self._filling
        return filling.in_hand if filling is not None else ""

    def _stir(self) -> None:
        self._at_rest = False
        self._bell.set()

    # The worker's own thread, between two files.

    def is_due(self) -> bool:
        """Tell whether the switch needn't wait for anything to be heard."""
        row = self._spaces.filling()
        if row is None:
            return False
        return row.at_once or (not row.paused and next(self._ledger.present(), None) is None)

    def step(
        self, folders: Sequence[WatchedFolder], *, may_hear: bool
    ) -> tuple[bool, Location | None]:
        """Do the next piece of the change; ``folders`` are those that are online.

        Everything heard for the serving space has been committed. Return whether anything was
        done, and where something isn't as it was.
        """
        went_on, stirred = self._step(folders, may_hear=may_hear)
        self._at_rest = not went_on
        return went_on, stirred

    def _step(
        self, folders: Sequence[WatchedFolder], *, may_hear: bool
    ) -> tuple[bool, Location | None]:
        row = self._spaces.filling()
        filling = self._opened(row)
        self._drop_unwanted()
        if row is None or filling is None:
            return False, None
        if row.at_once or (not row.paused and self._is_complete(filling, folders)):
            return self._switch(filling), None
        if row.paused or not may_hear:
            self._wait("" if row.paused else QUIET)
            return False, None
        if self._held is not None:
            filling.pace.start(self._clocks.steady_s())
            self._held = None
        went_on, stirred = filling.step(folders)
        if not went_on:
            filling.commit()
            went_on = filling.look(folders).is_complete
        self._count(filling)
        return went_on, stirred

    def wait(self) -> None:
        """Take note that something else is heard first."""
        self._wait(BUSY)

    def heard(self, track_ids: Collection[str]) -> None:
        """Take note that these tracks were heard for the serving space, new or anew."""
        if self._filling is not None and track_ids:
            self._filling.look_again(track_ids)

    def look_again(self) -> None:
        """Take note that the ledger has changed."""
        if self._filling is not None:
            self._filling.look_again()

    def commit(self) -> None:
        """Make durable what was heard for the new space."""
        if self._filling is not None:
            self._filling.commit()
            self._count(self._filling)

    def drop_batch(self) -> None:
        """Forget what couldn't be stored; it is heard again."""
        if self._filling is not None:
            self._filling.drop_batch()

    def close(self) -> None:
        """Commit, and let the new space go."""
        filling, self._filling = self._filling, None
        if filling is not None:
            try:
                filling.commit()
            except StoreError as error:
                log.error("%s The files in hand will be heard again.", error)  # noqa: TRY400 - said in words
            finally:
                filling.space.index.close()
                filling.space.embedder.release()

    def _opened(self, row: SpaceRow | None) -> Filling | None:
        """Return the filling of ``row``, opened when there is none yet; close any other."""
        filling = self._filling
        if filling is not None:
            if row is not None and filling.space.embedder.card.id == row.model_id:
                return filling
            self.close()
        if row is None or self._clocks.steady_s() < self._open_next_s:
            return None
        try:
            space = self._ways.open(row.model)
        except (ModelError, StoreError) as error:
            log.error("The change to “%s” can't go on: %s", row.model, error)  # noqa: TRY400 - said in words
            self._open_trouble = str(error)
            self._open_next_s = self._clocks.steady_s() + OPEN_AGAIN_S
            return None
        self._open_trouble = ""
        model_id = space.embedder.card.id
        if model_id != row.model_id:  # its files were replaced by another version's meanwhile
            self._spaces.begin(model_id, row.model, self._clocks.now_s())
        self._counted = -1
        self._filling = Filling(
            self._ledger, space, self._ear, self._clocks, self._guard, probes=self._probes
        )
        self._filling.pace.start(self._clocks.steady_s())
        log.info("Changing from “%s” to “%s”", self._serving.model, row.model)
        return self._filling

    def _is_complete(self, filling: Filling, folders: Sequence[WatchedFolder]) -> bool:
        if not filling.look(folders).is_complete:
            return False
        # Once more, of what is on the disk: nothing may have slipped through.
        filling.commit()
        filling.look_again()
        return filling.look(folders).is_complete

    def _switch(self, filling: Filling) -> bool:
        filling.commit()
        space, old = filling.space, self._serving
        tracks = self._ledger.counts()["indexed"]
        if self._spaces.switch(space.embedder.card.id, tracks, self._clocks.now_s()):
            self._filling, self._serving = None, space
            self._take(space)
            log.info("“%s” answers searches from now on, instead of “%s”", space.model, old.model)
        return True

    def _drop_unwanted(self) -> None:
        for row in self._spaces.all():
            if row.role != "unwanted" or row.model_id in self._undropped:
                continue
            try:
                self._ways.drop(row.model_id)
            except StoreError as error:
                log.error("%s", error)  # noqa: TRY400 - said in words
                self._undropped.add(row.model_id)
            else:
                self._spaces.forget(row.model_id)

    def _count(self, filling: Filling) -> None:
        if filling.left.total and filling.left.done != self._counted:
            self._counted = filling.left.done
            self._spaces.count(filling.space.embedder.card.id, self._counted)

    def _wait(self, reason: str) -> None:
        self._held = reason
        self.commit()

    def _left(self, row: SpaceRow) -> Left:
        filling = self._filling
        if filling is not None and filling.space.embedder.card.id == row.model_id:
            left = filling.left
            if left.total:
                return left
        total = self._ledger.counts()["indexed"]
        return Left(total, min(total, row.tracks))

    def _note(self, row: SpaceRow, left: Left) -> str:
        filling = self._filling
        trouble = self._open_trouble or (filling.trouble if filling is not None else "")
        notes = [trouble, PAUSED if row.paused else self._held or ""]
        if left.waiting:
            folders = ", ".join(f"“{name}”" for name in left.offline)
            notes.append(f"{_tracks(left.waiting)} wait for folders that are offline: {folders}.")
        if left.left_out:
            rest = (
                "the change waits for them; they are tried again every hour."
                if left.lacks_many
                else "they are tried again after the change."
            )
            notes.append(f"{_tracks(left.left_out)} can't be heard ({left.reason}); {rest}")
        return " ".join(note for note in notes if note)


def _tracks(count: int) -> str:
    return "1 track" if count == 1 else f"{count:,} tracks"
