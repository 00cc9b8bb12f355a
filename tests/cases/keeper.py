"""Real watcher, scanner, ledger and index over real folders, in threads; the ear is scripted.

A file's text is its sound: what stands before a "|" is heard, what follows is its tag.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Self

import numpy as np

from tests.fakes import ToneEmbedder
from tests.house import wait_for
from traumbox.audio.formats import is_candidate
from traumbox.domain import (
    Cut,
    Embedding,
    FolderState,
    Heard,
    Media,
    ModelCard,
    Tags,
    WatchHealth,
)
from traumbox.errors import AudioError, ModelError
from traumbox.indexer.change import ModelChange, SpaceWays
from traumbox.indexer.clocks import Clocks
from traumbox.indexer.hearing import Hearing
from traumbox.indexer.reconcile import Reconciler
from traumbox.indexer.renewing import Renewing
from traumbox.indexer.terms import Terms
from traumbox.indexer.turns import Turns
from traumbox.indexer.worker import Indexer
from traumbox.library.folders import WatchedFolder, nested
from traumbox.library.guard import Guard
from traumbox.library.mount_watch import MountWatch
from traumbox.library.sheets import Sheets
from traumbox.library.watch import Watcher
from traumbox.ports import Space
from traumbox.stores.cache import MediaCache
from traumbox.stores.folders import FolderBook
from traumbox.stores.lance import LanceIndex
from traumbox.stores.ledger import FileRow, Ledger
from traumbox.stores.spaces import Spaces
from traumbox.stores.switches import Switches

SETTLE_S = 0.5
TICK_S = 0.1
LOOK_LIMIT_S = 3.0


class TextEar:
    """Hears a file's text; what begins with "broken" isn't audio."""

    def __init__(self, pause_s: float = 0.0) -> None:
        self.pause_s = pause_s
        self.heard: Counter[str] = Counter()
        self.embedded: Counter[str] = Counter()
        self.meanwhile: Callable[[Path], None] = lambda _path: None

    def expect(self, path: Path, cut: Cut | None = None) -> None:
        pass

    def hear(
        self, path: Path, model: str, is_known: Callable[[str], bool], cut: Cut | None = None
    ) -> tuple[Heard, Embedding | None]:
        self.meanwhile(path)
        time.sleep(self.pause_s)
        sound, _, title = path.read_text().partition("|")
        if sound.startswith("broken"):
            raise AudioError("it isn't audio")
        self.heard[sound] += 1
        audio_id = id_of(sound)
        heard = Heard(audio_id, 10.0, Media("flac", "flac", 48_000, 2), Tags(title=title))
        if is_known(audio_id):
            return heard, None
        self.embedded[sound] += 1
        card = CARD
        vectors = np.eye(1, card.dim, dtype=np.float32)
        return heard, Embedding(card.id, np.zeros(1, dtype=np.float32), vectors)

    def close(self) -> None:
        pass


CARD: ModelCard = ToneEmbedder("tones-1").card


def id_of(sound: str) -> str:
    """Return the id of a sound, as the ledger has it."""
    return hashlib.blake2b(sound.encode(), digest_size=16).hexdigest()


class Keeper:
    """Keeps the folders of a house in step, in threads as the daemon does."""

    def __init__(
        self,
        directory: Path,
        roots: dict[str, Path] | None = None,
        *,
        scan_every_s: float = 3600.0,
        settle_s: float = SETTLE_S,
    ) -> None:
        roots = roots or {"Music": directory / "music"}
        for root in roots.values():
            root.mkdir(exist_ok=True)
        self.root = next(iter(roots.values()))
        self.folders = nested([WatchedFolder(name, root) for name, root in roots.items()])
        self.ear = TextEar()
        self.ledger = Ledger(directory / "data" / "traumbox.db")
        self.index = LanceIndex(directory / "data" / "index", CARD)
        self.spaces = Spaces(self.ledger.database)
        self.indexer = self._indexer(
            directory,
            Terms(
                scan_every_s=scan_every_s,
                poll_every_s=scan_every_s,
                settle_s=settle_s,
                settle_network_s=settle_s,
            ),
        )
        self.on_dirty = self.indexer.dirty
        self.watcher = Watcher(self._note)
        self._mounts = MountWatch(self.indexer.mounts_changed)
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def _indexer(self, directory: Path, terms: Terms) -> Indexer:
        clocks, bell, ear = Clocks(), threading.Event(), self.ear
        book, guard = FolderBook(self.ledger.database), Guard(limit_s=LOOK_LIMIT_S)
        space = Space("tones", ToneEmbedder(CARD.id), self.index)
        self.spaces.serve(CARD.id, "tones", clocks.now_s())
        return Indexer(
            ledger=self.ledger,
            switches=Switches(self.ledger.database),
            hearing=Hearing(
                ledger=self.ledger,
                turns=Turns(self.ledger, book),
                guard=guard,
                space=space,
                ear=ear,
                cache=MediaCache(directory / "data" / "cache"),
                clocks=clocks,
            ),
            change=ModelChange(
                ledger=self.ledger,
                spaces=self.spaces,
                serving=space,
                ways=SpaceWays(_card, _no_space, lambda _: None),
                ear=ear,
                guard=guard,
                clocks=clocks,
                take=lambda _: None,
                bell=bell,
            ),
            renewing=Renewing(
                ledger=self.ledger,
                ear=ear,
                cache=MediaCache(directory / "data" / "cache"),
                clocks=clocks,
                guard=guard,
            ),
            bell=bell,
            reconciler=Reconciler(
                ledger=self.ledger,
                book=book,
                guard=guard,
                is_candidate=is_candidate,
                sheets=Sheets(),
                clocks=clocks,
            ),
            folders=self.folders,
            terms=terms,
            clocks=clocks,
        )

    def start(self) -> Self:
        """Watch first, scan second, then tick."""
        self._beat()
        for target in (self.indexer.run, self._tick):
            thread = threading.Thread(target=target, daemon=True)
            thread.start()
            self._threads.append(thread)
        self._mounts.start()
        return self

    def stop(self) -> None:
        self._mounts.stop()
        self._stop.set()
        self.indexer.stop()
        for thread in self._threads:
            thread.join(20)
            assert not thread.is_alive()
        self.watcher.stop()
        self.index.close()
        self.ledger.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _tick(self) -> None:
        while not self._stop.wait(TICK_S):
            self._beat()

    def _beat(self) -> None:
        self.watcher.watch(self.indexer.folders)
        self.indexer.set_watch({f.name: self.watcher.health(f.name) for f in self.indexer.folders})
        self.indexer.tick()

    def _note(self, folder: str, directory: bytes | None) -> None:
        self.on_dirty(folder, directory)

    # What people do, and what they see.

    def put(self, path: str, sound: str | None = None) -> Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(sound if sound is not None else path)
        return place

    def rows(self) -> dict[str, FileRow]:
        return {row.location.display: row for row in self.ledger.page(limit=100_000)[0]}

    def states(self) -> dict[str, str]:
        return {path: row.state for path, row in self.rows().items()}

    def counts(self) -> dict[str, int]:
        return dict(self.ledger.counts()) | {"missing": self.ledger.missing_count()}

    @property
    def inferences(self) -> int:
        return self.ear.embedded.total()

    @property
    def state(self) -> FolderState:
        return self.indexer.folder_states[self.indexer.folders[0].name]

    @property
    def health(self) -> WatchHealth:
        return self.watcher.health(self.indexer.folders[0].name)

    def wait_for(self, look: Callable[[], object], what: str, timeout_s: float = 30.0) -> None:
        wait_for(look, what, timeout_s)

    def wait_until_indexed(self, files: int, timeout_s: float = 60.0) -> None:
        """Wait until exactly so many files are there, all indexed, and nothing is to be done."""

        def done() -> bool:
            counts = self.ledger.counts()
            return counts["indexed"] == files == sum(counts.values()) and self.indexer.is_settled()

        wait_for(done, f"{files} files to be indexed; it is {self.ledger.counts()}", timeout_s)

    def scan(self) -> None:
        """Have everything looked through, and wait until nothing is left to be done."""
        self.indexer.scan()
        wait_for(self.indexer.is_settled, "a scan to be done", 60)

    def assert_whole(self) -> None:
        """What is on the disk is in ledger and index, once, and nothing else is."""
        rows = self.rows()
        on_disk = {
            str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file()
        }
        assert rows.keys() == on_disk
        stored = self.index.known_tracks()
        for path, row in rows.items():
            assert row.state == "indexed", (path, row)
            assert row.audio_id == id_of((self.root / path).read_text().partition("|")[0])
            assert stored[row.track_id] == row.audio_id
        assert self.index.count_windows() == len(set(stored.values()))
        assert max(self.ear.embedded.values(), default=1) == 1


def _card(_model: str) -> ModelCard:
    return CARD


def _no_space(model: str) -> Space:
    raise ModelError(f"“{model}” isn't installed.")
