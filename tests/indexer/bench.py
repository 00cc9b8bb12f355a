"""An indexer on a bench: real folder and ledger, indices in memory, a scripted ear, a clock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from tests.fakes import MemoryIndex, ToneEmbedder
from traumbox.domain import ChangeProgress, Cut, Embedding, Heard, Media, ModelCard, Tags
from traumbox.errors import ModelError, StoreError
from traumbox.indexer.change import ModelChange, SpaceWays
from traumbox.indexer.clocks import Clocks
from traumbox.indexer.hearing import Hearing
from traumbox.indexer.probing import Probes
from traumbox.indexer.reconcile import Reconciler
from traumbox.indexer.renewing import Renewing
from traumbox.indexer.terms import Terms
from traumbox.indexer.turns import Turns
from traumbox.indexer.worker import Indexer
from traumbox.library.folders import WatchedFolder
from traumbox.library.guard import Guard
from traumbox.library.scan import SheetReader
from traumbox.ports import IndexEntry, Space
from traumbox.search import Clocks as SearchClocks
from traumbox.search import SearchService
from traumbox.stores.cache import MediaCache
from traumbox.stores.folders import FolderBook
from traumbox.stores.ledger import FileRow, Ledger
from traumbox.stores.spaces import Spaces
from traumbox.stores.switches import Switches

SETTLE_S = 10.0
SCAN_EVERY_S = 3600.0
TERMS = Terms(scan_every_s=SCAN_EVERY_S, settle_s=SETTLE_S)


@dataclass
class Clock:
    s: float = 1_000_000.0

    def __call__(self) -> float:
        return self.s


@dataclass
class ScriptedEar:
    """Hears a file's text: equal text is equal sound, but for a title after a "|".

    What is scripted for a name happens first.
    """

    script: dict[str, list[Exception | Callable[[Path], None]]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    embedded: list[str] = field(default_factory=list)
    embedded_for: list[tuple[str, str]] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    tells_more: Callable[[Heard], Heard] = lambda heard: heard

    def expect(self, path: Path, cut: Cut | None = None) -> None:
        self.expected.append(path.name)

    def hear(
        self, path: Path, model: str, is_known: Callable[[str], bool], cut: Cut | None = None
    ) -> tuple[Heard, Embedding | None]:
        self.heard.append(path.name)
        for event in [self.script[path.name].pop(0)] if self.script.get(path.name) else []:
            if isinstance(event, Exception):
                raise event
            event(path)
        audio_id, _, title = path.read_text().partition("|")
        if cut is not None:
            audio_id, title = f"{audio_id}-from-{cut.start_s:g}", cut.tags.title
        heard = self.tells_more(
            Heard(audio_id, 10.0, Media("flac", "flac", 48_000, 2), Tags(title=title))
        )
        if is_known(heard.audio_id):
            return heard, None
        self.embedded.append(path.name)
        self.embedded_for.append((model, heard.audio_id))
        card = embedder(model).card
        vectors = np.eye(1, card.dim, dtype=np.float32)
        return heard, Embedding(card.id, np.zeros(1, dtype=np.float32), vectors)

    def close(self) -> None:
        pass


class FullDiskIndex(MemoryIndex):
    """An index whose disk can be full, and which remembers what it was last told of a track."""

    def __init__(self, card: ModelCard) -> None:
        super().__init__(card)
        self.is_full = False
        self.told: dict[str, IndexEntry] = {}

    def add(self, entries: Sequence[IndexEntry]) -> None:
        if self.is_full:
            raise StoreError("The disk is full.")
        super().add(entries)
        self.told |= {entry.track.id: entry for entry in entries}


def embedder(model: str) -> ToneEmbedder:
    return ToneEmbedder(f"{model}-1")


@dataclass
class Shelf:
    """Where the indices lie, of all models; it outlives the process, as a disk does."""

    installed: set[str] = field(default_factory=lambda: {"old", "new", "third"})
    indices: dict[str, FullDiskIndex] = field(default_factory=dict)

    def card(self, model: str) -> ModelCard:
        if model not in self.installed:
            raise ModelError(f"“{model}” isn't installed.")
        return embedder(model).card

    def open(self, model: str) -> Space:
        card = self.card(model)
        index = self.indices.setdefault(card.id, FullDiskIndex(card))
        return Space(model, embedder(model), index)

    def drop(self, model_id: str) -> None:
        self.indices.pop(model_id, None)

    def ways(self) -> SpaceWays:
        return SpaceWays(self.card, self.open, self.drop)


@dataclass
class Bench:
    """An indexer on a bench, with its clock in hand."""

    directory: Path
    root: Path
    ledger: Ledger
    shelf: Shelf
    ear: ScriptedEar
    clock: Clock
    indexer: Indexer
    hearing: Hearing
    search: SearchService
    spaces: Spaces
    resting: list[str]

    @property
    def change(self) -> ModelChange:
        return self.indexer.change

    @property
    def index(self) -> FullDiskIndex:
        """The index that serves."""
        found = self.hearing.space.index
        assert isinstance(found, FullDiskIndex)
        return found

    @property
    def serving(self) -> str:
        """The model that hears and answers; all who should know do."""
        row = self.spaces.serving()
        assert row is not None
        assert self.hearing.space is self.search.space
        assert self.hearing.space.model == row.model
        return row.model

    def put(self, name: str, sound: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sound)
        return path

    def run(self) -> None:
        """Ask for a scan, and work until nothing is left to do just now."""
        self.indexer.scan()
        self.pass_time(2.0)

    def pass_time(self, seconds: float) -> None:
        self.clock.s += seconds
        for _ in range(1000):
            if not self.indexer.step():
                return
        raise AssertionError("the indexer never comes to rest")

    def settle(self) -> None:
        """See the files twice, far enough apart, and hear what there is to hear."""
        self.run()
        self.pass_time(SETTLE_S)

    def rows(self) -> dict[str, FileRow]:
        return {row.location.display: row for row in self.ledger.page(limit=1000)[0]}

    def states(self) -> dict[str, str]:
        return {path: row.state for path, row in self.rows().items()}

    def after_a_crash(self) -> Bench:
        """Everything anew but what lies on the disk; the clock and the ear's notes go on."""
        return build(self.directory, self.shelf, self.ear, self.clock)


def build(
    directory: Path,
    shelf: Shelf | None = None,
    ear: ScriptedEar | None = None,
    clock: Clock | None = None,
    *,
    first: str = "old",
    folders: Sequence[WatchedFolder] | None = None,
    terms: Terms = TERMS,
    guard: Guard | None = None,
    sheets: SheetReader | None = None,
    open_ledger: Callable[[Path], Ledger] = Ledger,
    probes: Probes | None = None,
) -> Bench:
    """Build a bench over ``directory``; ``first`` serves when none did before."""
    root = directory / "music"
    root.mkdir(exist_ok=True)
    shelf, ear, clock = shelf or Shelf(), ear or ScriptedEar(), clock or Clock()
    clocks, bell, resting = Clocks(clock, clock, utc_day), threading.Event(), [""]
    ledger, guard = open_ledger(directory / "ledger.db"), guard or Guard()
    spaces, book = Spaces(ledger.database), FolderBook(ledger.database)
    row = spaces.serving()
    space = shelf.open(row.model if row is not None else first)
    spaces.serve(space.embedder.card.id, space.model, clock())
    hearing = Hearing(
        ledger=ledger,
        turns=Turns(ledger, book),
        guard=guard,
        space=space,
        ear=ear,
        cache=MediaCache(directory / "cache"),
        clocks=clocks,
        probes=probes,
    )
    search = SearchService(space, ledger, SearchClocks(steady_s=clock))

    def take(fresh: Space) -> None:
        hearing.use(fresh)
        search.use(fresh)

    change = ModelChange(
        ledger=ledger,
        spaces=spaces,
        serving=space,
        ways=shelf.ways(),
        ear=ear,
        clocks=clocks,
        guard=guard,
        take=take,
        bell=bell,
        probes=probes,
    )
    indexer = Indexer(
        ledger=ledger,
        switches=Switches(ledger.database),
        hearing=hearing,
        change=change,
        renewing=Renewing(
            ledger=ledger,
            ear=ear,
            cache=MediaCache(directory / "cache"),
            clocks=clocks,
            guard=guard,
            probes=probes,
        ),
        bell=bell,
        reconciler=Reconciler(
            ledger=ledger,
            book=book,
            guard=guard,
            is_candidate=lambda name: name.endswith(b".flac"),
            sheets=sheets,
            clocks=clocks,
        ),
        folders=[WatchedFolder("m", root)] if folders is None else folders,
        terms=terms,
        clocks=clocks,
        resting=lambda: resting[0],
    )
    return Bench(
        directory, root, ledger, shelf, ear, clock, indexer, hearing, search, spaces, resting
    )


def utc_day(now_s: float) -> str:
    return datetime.fromtimestamp(now_s, UTC).date().isoformat()


def three_tracks(directory: Path) -> Bench:
    """Return a bench with three tracks, heard with the old model."""
    bench = build(directory)
    for name, sound in (("a.flac", "one"), ("b.flac", "two"), ("c.flac", "three")):
        bench.put(name, sound)
    bench.settle()
    for notes in (bench.ear.heard, bench.ear.embedded_for, bench.ear.expected):
        notes.clear()
    return bench


def steps(bench: Bench, count: int) -> None:
    for _ in range(count):
        bench.indexer.step()


def progress(bench: Bench) -> ChangeProgress:
    found = bench.change.progress()
    assert found is not None
    return found


def assert_whole(bench: Bench, model: str) -> None:
    """Everything that is there is heard and stored once, in this model's space."""
    assert bench.serving == model
    rows = bench.rows()
    assert {(row.state, row.attempts) for row in rows.values()} <= {("indexed", 0)}
    assert bench.ledger.struck() == []
    stored = bench.index.known_tracks()
    assert {row.track_id: row.audio_id for row in rows.values()}.items() <= stored.items()
    assert stored.keys() <= {file.track_id for file in bench.ledger.known().values()}
    assert bench.index.count_windows() == len(set(stored.values()))
    for row in rows.values():
        assert row.audio_id is not None
        assert len(bench.index.windows_of(row.audio_id)[0]) == 1
