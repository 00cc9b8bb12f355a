"""How each folder fares, in words and numbers, and what is noted of it for the next start."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace

from traumbox.domain import FolderState, Held
from traumbox.indexer.clocks import Clocks
from traumbox.indexer.holding import EXAMPLES, Holding
from traumbox.indexer.looking import Looked
from traumbox.library.folders import WatchedFolder
from traumbox.library.guard import Look
from traumbox.stores.folders import FolderBook
from traumbox.stores.ledger import Ledger

log = logging.getLogger(__name__)

ROOT_EXCHANGED = "it was exchanged while it was looked through; looking again"


@dataclass(slots=True)
class _Fare:
    state: FolderState
    look: Look | None = None
    unlisted: frozenset[bytes] = frozenset()
    links_out: int = 0


class Faring:
    """Keeps the folders' states and their notes in the book; ``states`` from any thread."""

    def __init__(self, ledger: Ledger, book: FolderBook, holding: Holding, clocks: Clocks) -> None:
        self._ledger = ledger
        self._book = book
        self._holding = holding
        self._clocks = clocks
        self._fares: dict[str, _Fare] = {}

    def states(self) -> dict[str, FolderState]:
        """Return each folder's state; ``looked`` is False until it was looked at."""
        return {
            name: replace(fare.state, held=self._holding.held(name))
            for name, fare in list(self._fares.items())
        }

    def is_online(self, name: str) -> bool:
        """Tell whether a folder was looked at and counted."""
        fare = self._fares.get(name)
        return fare is not None and fare.state.looked and fare.state.online

    def is_offline(self, name: str) -> bool:
        """Tell whether a folder was looked at and couldn't be counted."""
        fare = self._fares.get(name)
        return fare is not None and fare.state.looked and not fare.state.online

    def last_look(self, name: str) -> Look | None:
        """Return what was seen of a folder's root last."""
        fare = self._fares.get(name)
        return None if fare is None else fare.look

    def has_baseline(self, name: str) -> bool:
        """Tell whether a folder's first scan has come to its end, in this life or before."""
        return self._book.baseline_s(name) is not None

    def take(self, folders: Mapping[str, WatchedFolder]) -> bool:
        """Take these folders from now on; return whether the ledger changed."""
        known = {row.folder: row for row in self._book.all()}
        by_root = {row.root: name for name, row in known.items() if name not in folders}
        renamed = False
        for name, folder in folders.items():
            old = by_root.pop(str(folder.root), None) if name not in known else None
            if old is not None:
                log.info("The folder %r is called %r now", old, name)
                self._ledger.rename_folder(old, name, self._clocks.now_s())
                self._holding.rename(old, name)
                renamed = True
            if name not in known or known[name].root != str(folder.root):
                self._book.take(name, folder.root)
        aside = self._ledger.set_aside(folders.keys(), self._clocks.now_s())
        if aside:
            log.info("%d tracks of folders that are no longer watched are set aside", aside)
        self._holding.keep(folders)
        before, self._fares = self._fares, {}
        for name in folders:
            row = self._book.row(name)
            last_s, files = (row.last_s, row.files) if row is not None else (None, 0)
            fresh = FolderState(online=True, files=files, last_scan_s=last_s, looked=False)
            self._fares[name] = before.get(name) or _Fare(fresh)
        return renamed or aside > 0

    def note(self, looked: Looked, *, has_settled: bool) -> None:
        """Note how a look went; what it found is written already."""
        fare = self._fares.get(looked.name)
        if fare is None:
            return
        before = fare.state if fare.state.looked else None
        self._doubt(looked)
        if looked.is_good:
            self._count(fare, looked)
            self._write_down(looked, fare, has_settled=has_settled)
        else:
            note = looked.verdict.offline or ROOT_EXCHANGED
            fare.state = replace(
                fare.state, online=False, note=_joined(note, looked.verdict.note), looked=True
            )
        if before is None or (before.online, before.note) != (fare.state.online, fare.state.note):
            _tell(looked, fare.state, is_news=before is not None)

    def _doubt(self, looked: Looked) -> None:
        """Hold what the guard doubts, when the owner may say that it is meant so."""
        name, look = looked.name, looked.look
        if not looked.verdict.confirmable or look is None:
            return
        total = self._ledger.held_by(name)
        places = looked.verdict.protected or (b"",)
        count, examples = 0, list[str]()
        if places == (b"",):
            count = total
        for place in places:
            for location, known in self._ledger.on_disk(name, place):
                if place == b"" and len(examples) >= EXAMPLES:
                    break
                if not known.missing:
                    count += place != b""
                    examples.append(location.display)
        self._holding.refuse(
            name, look, Held(count, total, count, self._clocks.now_s(), tuple(examples[:EXAMPLES]))
        )

    def _count(self, fare: _Fare, looked: Looked) -> None:
        if looked.is_full:
            fare.unlisted = looked.unlisted
            fare.links_out = looked.links_out
            files = looked.files
        else:
            kept = frozenset(path for path in fare.unlisted if not looked.spans_path(path))
            fare.unlisted = kept | looked.unlisted
            files = fare.state.files
        fare.look = looked.look
        fare.state = FolderState(
            online=True,
            note=_note(looked, fare),
            files=files,
            unreadable=len(fare.unlisted),
            last_scan_s=self._clocks.now_s() if looked.is_full else fare.state.last_scan_s,
        )

    def _write_down(self, looked: Looked, fare: _Fare, *, has_settled: bool) -> None:
        name, now_s = looked.name, self._clocks.now_s()
        if looked.is_full:
            is_whole = not looked.verdict.protected
            is_clean = is_whole and not fare.unlisted and self._holding.held(name) is None
            if is_whole and looked.look is not None:
                identity = looked.look.identity.to_json()
                if identity != self._book.identity(name):
                    self._book.remember(name, identity)
                self._holding.carried_out(name)
            self._book.note_scan(
                name,
                now_s,
                looked.files,
                full=True,
                clean=is_clean,
                day=self._clocks.day(now_s),
            )
        if has_settled and not self.has_baseline(name):
            self._book.set_baseline(name, now_s)


def _note(looked: Looked, fare: _Fare) -> str:
    notes = [looked.verdict.note]
    if fare.unlisted:
        first = min(fare.unlisted).decode("utf-8", "backslashreplace")
        count = len(fare.unlisted)
        what = f"“{first}” can't be read; its tracks are kept"
        if count > 1:
            what = f"{count:,} of its folders can't be read (“{first}” …); their tracks are kept"
        notes.append(what)
    if fare.links_out:
        links = "1 link" if fare.links_out == 1 else f"{fare.links_out:,} links"
        notes.append(f"{links} to folders elsewhere not followed")
    return _joined(*notes)


def _joined(*notes: str) -> str:
    """Join fragments, and sentences after them."""
    text = ""
    for note in notes:
        if text and note:
            is_sentence = note[0].isupper()
            text += ("" if text[-1] in ".?" else ".") + " " if is_sentence else "; "
        text += note
    return text


def _tell(looked: Looked, state: FolderState, *, is_news: bool) -> None:
    root = looked.order.folder.root
    if not state.online:
        log.warning("Folder %r is offline: %s (%s)", looked.name, state.note, root)
    elif state.note:
        log.warning("Folder %r: %s", looked.name, state.note)
    elif is_news:
        log.info("Folder %r is back (%s)", looked.name, root)
