"""A small world of folders, files and mishaps, and what the appliance must make of it."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ParamSpec, TypeVar

from tests.fakes import MemoryIndex
from tests.indexer.bench import (
    SETTLE_S,
    Bench,
    Clock,
    ScriptedEar,
    Shelf,
    build,
    embedder,
)
from traumbox.domain import Cut, Embedding, FileStat, Float32, Heard, Location, ModelCard
from traumbox.library.folders import WatchedFolder, nested
from traumbox.library.guard import Guard, Look, RootIdentity, Verdict, judge, look_at
from traumbox.library.sheets import Sheets
from traumbox.ports import Index, IndexEntry, Space, WindowHit
from traumbox.stores.ledger import FileRow, Ledger

P = ParamSpec("P")
T = TypeVar("T")

DAY_S = 86_400.0


class Crash(Exception):  # noqa: N818 - it is no error: the plug was pulled
    """The process ends here."""


class Fuse:
    """Blows at a given commit point: before or after it takes effect."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.passed = 0

    def point(self) -> None:
        self.passed += 1
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise Crash

    def guarding(self, work: Callable[P, T]) -> Callable[P, T]:
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            self.point()
            result = work(*args, **kwargs)
            self.point()
            return result

        return guarded


class FusedLedger(Ledger):
    """The real ledger, with a fuse at everything it writes."""

    def __init__(self, path: Path, fuse: Fuse) -> None:
        super().__init__(path)
        for name in ("apply", "mark_indexed", "take_over", "begin", "purge", "put_back"):
            setattr(self, name, fuse.guarding(getattr(self, name)))


class FusedIndex(Index):
    """An index with a fuse, which counts how often each sound was stored and dropped."""

    def __init__(self, fuse: Fuse, counts: Counts) -> None:
        self.inner: Index
        self._fuse = fuse
        self._counts = counts

    def add(self, entries: Sequence[IndexEntry]) -> None:
        with self._counted():
            self.inner.add(entries)

    def remove_tracks(self, track_ids: Collection[str]) -> None:
        with self._counted():
            self.inner.remove_tracks(track_ids)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._fuse.point()
        before = set(self.inner.known_tracks().values())
        yield
        after = set(self.inner.known_tracks().values())
        self._counts.stored.update(after - before)
        self._counts.dropped.update(before - after)
        self._fuse.point()

    def known_audio(self, audio_ids: Collection[str]) -> set[str]:
        return self.inner.known_audio(audio_ids)

    def known_tracks(self) -> dict[str, str]:
        return self.inner.known_tracks()

    @property
    def changes(self) -> int:
        return self.inner.changes

    def nearest_windows(
        self, vector: Float32, limit: int, among: Collection[str] | None = None
    ) -> list[WindowHit]:
        return self.inner.nearest_windows(vector, limit, among)

    def windows_among(self, audio_ids: Collection[str]) -> dict[str, tuple[Float32, Float32]]:
        return self.inner.windows_among(audio_ids)

    def means_of(self, audio_ids: Collection[str]) -> tuple[list[str], Float32]:
        return self.inner.means_of(audio_ids)

    def means(self) -> Iterator[tuple[list[str], Float32]]:
        return self.inner.means()

    def windows_of(self, audio_id: str) -> tuple[Float32, Float32]:
        return self.inner.windows_of(audio_id)

    def count_windows(self) -> int:
        return self.inner.count_windows()

    def maintain(self) -> None:
        self.inner.maintain()

    def close(self) -> None:
        self.inner.close()


@dataclass
class Counts:
    stored: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)


@dataclass
class FusedShelf(Shelf):
    """Where the one index lies; it outlives the process."""

    fuse: Fuse = field(default_factory=Fuse)
    counts: Counts = field(default_factory=Counts)
    make: Callable[[ModelCard], Index] | None = None
    index: FusedIndex | None = None
    opened: Index | None = None

    def open(self, model: str) -> Space:
        card, before = self.card(model), self.index
        self.index = FusedIndex(self.fuse, self.counts)
        if self.make is None:
            self.index.inner = before.inner if before is not None else MemoryIndex(card)
        else:
            self.close()
            self.index.inner = self.opened = self.make(card)
        return Space(model, embedder(model), self.index)

    def close(self) -> None:
        if self.opened is not None:
            self.opened.close()
            self.opened = None


@dataclass
class MortalEar(ScriptedEar):
    fuse: Fuse = field(default_factory=Fuse)
    sounds: set[str] = field(default_factory=set)

    def hear(
        self, path: Path, model: str, is_known: Callable[[str], bool], cut: Cut | None = None
    ) -> tuple[Heard, Embedding | None]:
        self.fuse.point()
        self.sounds.add(path.read_text().partition("|")[0])
        return super().hear(path, model, is_known, cut)


class DiskGuard(Guard):
    """The real rules, at once and in this thread; which disk a root lies on is said by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.disks: dict[Path, str] = {}

    def look(self, folder: WatchedFolder) -> Look:
        look = look_at(folder, ())
        disk = self.disks.get(folder.root, "own")
        return replace(look, identity=RootIdentity("ext4", disk, len(disk)))

    def judge(
        self,
        folder: WatchedFolder,
        look: Look,
        before: RootIdentity | None,
        sample: Sequence[tuple[Location, FileStat]],
        *,
        below: Callable[[bytes], Iterable[tuple[Location, FileStat]]] | None = None,
        held: int = 0,
    ) -> Verdict:
        return judge(folder, look, before, sample, below=below, held=held)


@dataclass
class File:
    """One file as its owner thinks of it, wherever it lies; None: it is gone, but kept in mind.

    ``track_id`` is what it was known by when all was quiet, in the folder ``home``. ``is_strict``:
    nothing has happened to it that would excuse another id. ``is_unheard``: it was written, and has
    not lain since where it is heard; for it may have been moved out or be left out by a rule.
    """

    name: str
    path: Path | None
    content: str
    track_id: str | None = None
    home: str = ""
    is_strict: bool = True
    is_ambiguous: bool = False
    moved: bool = False
    retagged: bool = False
    resounded: bool = False
    is_unheard: bool = False

    @property
    def sound(self) -> str:
        return self.content.partition("|")[0]


class World:
    """Three folders, one within another, a place outside, and the appliance that watches."""

    def __init__(
        self, directory: Path, make_index: Callable[[ModelCard], Index] | None = None
    ) -> None:
        self.directory = directory
        self.ticks = 0
        self.excused: set[str] = set()
        self.roots = {
            "m": directory / "m",
            "n": directory / "n",
            "i": directory / "m" / "inner",
        }
        self.outside = directory / "outside"
        for place in (*self.roots.values(), self.outside):
            place.mkdir(parents=True)
        for name, root in self.roots.items():  # lest a root turn up empty by chance
            self.write(root / f"always {name}.flac", f"always-{name}")
        self.files: list[File] = []
        self.places: dict[Path, File] = {}
        self.away: dict[str, Path] = {}
        self.count = 0
        self.crashes = 0
        self.lost: Counter[str] = Counter()
        self.fuse = Fuse()
        self.shelf = FusedShelf(fuse=self.fuse, make=make_index)
        self.ear = MortalEar(fuse=self.fuse)
        self.guard = DiskGuard()
        self.clock = Clock()
        self.bench = self._build()

    def _build(self) -> Bench:
        return build(
            self.directory,
            self.shelf,
            self.ear,
            self.clock,
            folders=nested(WatchedFolder(name, root) for name, root in self.roots.items()),
            guard=self.guard,
            sheets=Sheets(),
            open_ledger=lambda path: FusedLedger(path, self.fuse),
        )

    def close(self) -> None:
        self.bench.ledger.close()
        self.shelf.close()

    # Deeds upon the disk.

    def write(self, path: Path, content: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_nlink > 1:
            path.unlink()
        path.write_text(content)
        self.stamp(path)
        self.excuse(content.partition("|")[0])

    def stamp(self, path: Path) -> None:
        # The kernel's clock has ticks of milliseconds, within which a change may go unseen.
        self.ticks += 1
        os.utime(path, ns=(self.ticks * 1000, self.ticks * 1000))

    def excuse(self, *sounds: str) -> None:
        """Whatever was only moved since the last check needn't be heard: these may be."""
        self.excused.update(sounds)

    def fresh_name(self, stem: str = "") -> str:
        self.count += 1
        return f"{stem or 'f'}{self.count}"

    def present(self) -> list[File]:
        return [
            file for file in self.files if file.path is not None and not self.is_away(file.path)
        ]

    def is_away(self, path: Path) -> bool:
        return any(path.is_relative_to(self.roots[name]) for name in self.away)

    def land(self, file: File, path: Path) -> None:
        """Take note that ``file`` lies at ``path`` now."""
        other = self.places.get(path)
        if other is not None and other is not file:
            file.is_strict = other.is_strict = False  # a place has its say in who is who
            if other.path == path:
                other.path = None
        self.places[path] = file
        file.path = path
        file.is_ambiguous |= path.with_suffix(".cue").exists()

    def folder_of(self, path: Path) -> str:
        inside = [name for name, root in self.roots.items() if path.is_relative_to(root)]
        return max(inside, key=lambda name: len(str(self.roots[name])))

    def tell(self, *paths: Path) -> None:
        """Let the appliance know, as a watcher would."""
        for path in paths:
            if path.is_relative_to(self.outside):
                continue
            name = self.folder_of(path)
            relative = os.fsencode(path.parent.relative_to(self.roots[name]))
            self.bench.indexer.dirty(name, b"" if relative == b"." else relative)

    # The appliance at work.

    def work(self, seconds: float) -> None:
        try:
            self.bench.pass_time(seconds)
        except Crash:
            self.crash()

    def crash(self) -> None:
        self.crashes += 1
        self.excuse_all()
        self.fuse.left = None
        embedded = Counter(sound for _, sound in self.ear.embedded_for)
        for sound, times in embedded.items():
            self.lost[sound] += times - self.shelf.counts.stored[sound] - self.lost[sound]
        self.bench.ledger.close()
        self.bench = self._build()

    def excuse_all(self) -> None:
        self.excuse(*(file.sound for file in self.files), *self.ear.sounds)

    @property
    def index(self) -> FusedIndex:
        assert self.shelf.index is not None
        return self.shelf.index

    def quiet(self) -> None:
        """Let everything come to rest, whatever it takes; confirm what is held for a reason."""
        for _ in range(4):
            self.bench.indexer.scan()
            self.work(2.0)
            self.work(SETTLE_S)
            self.work(60.0)
            for name, state in self.bench.indexer.folder_states.items():
                if state.held is not None and name not in self.away_names():
                    assert state.held.count > 20 or not any(self.roots[name].iterdir())
                    self.bench.indexer.confirm(name)
            if self.bench.indexer.is_settled():
                break
        self.bench.indexer.scan()
        self.work(2.0)
        assert self.bench.indexer.is_settled()

    def a_month_passes(self) -> None:
        for days in (31, 1, 1, 1):
            self.bench.indexer.scan()
            self.work(days * DAY_S)

    # What must be so.

    def expected(self) -> dict[Location, str]:
        """What the folders hold: by place the sound, or "" where a rule leaves the file out."""
        found: dict[Location, str] = {}
        for name, root in self.roots.items():
            inner = [other for other in self.roots.values() if other != root]
            for directory, folders, names in os.walk(root):
                here = Path(directory)
                folders[:] = [n for n in folders if here / n not in inner and n[0] != "."]
                for file in sorted(n for n in names if n.endswith(".flac")):
                    found |= self._expected_of(name, here / file)
        return found

    def _expected_of(self, name: str, path: Path) -> dict[Location, str]:
        root = self.roots[name]
        relative = path.relative_to(root)
        at = os.fsencode(relative)
        if path.is_symlink():
            return {Location(name, at): ""} if path.resolve().is_relative_to(self.outside) else {}
        rules = root / ".traumboxignore"
        left_out = rules.exists() and f"/{relative.parts[0]}/" in rules.read_text().split()
        sound = path.read_text().partition("|")[0]
        if path.with_suffix(".cue").exists():
            parts = {1: f"{sound}-from-0", 2: f"{sound}-from-60"}
            return {Location(name, at, n): "" if left_out else s for n, s in parts.items()}
        return {Location(name, at): "" if left_out else sound}

    def rows(self) -> dict[Location, FileRow]:
        rows, _ = self.bench.ledger.page(limit=100_000)
        return {row.location: row for row in rows}

    def check(self) -> None:
        """Compare disk, ledger and index, after all has come to rest."""
        rows = self.rows()
        here = {at: row for at, row in rows.items() if at.folder not in self.away_names()}
        wanted = {
            at: sound for at, sound in self.expected().items() if at.folder not in self.away_names()
        }
        assert here.keys() == wanted.keys()
        states = {at: row.state for at, row in here.items()}
        assert states == {at: "indexed" if sound else "excluded" for at, sound in wanted.items()}
        assert all(here[at].audio_id == sound for at, sound in wanted.items() if sound)
        self._check_index(rows)
        self._check_ids(here)
        self.excuse(*(file.sound for file in self.files if file.is_ambiguous))
        assert self.ear.sounds - self.excused == set()
        self.ear.sounds.clear()
        self.excused = {
            file.sound
            for file in self.files
            if file.track_id is None or file.is_unheard or self.away
        }

    def is_known(self, folder: str) -> bool:
        """Tell whether anything is known of a folder, so that its absence can be told."""
        return self.bench.ledger.held_by(folder) > 0

    def away_names(self) -> set[str]:
        """Return the folders that can't be judged: those away, and what lies in them."""
        return {
            name
            for name, root in self.roots.items()
            if any(root.is_relative_to(self.roots[other]) for other in self.away)
        }

    def _check_index(self, rows: dict[Location, FileRow]) -> None:
        ledger, index, counts = self.bench.ledger, self.index, self.shelf.counts
        missing, _ = ledger.page(limit=100_000, missing=True)
        stored = index.known_tracks()
        held = {r.track_id: r.audio_id for r in (*rows.values(), *missing) if r.state == "indexed"}
        assert held.items() <= stored.items()
        assert stored.keys() <= ledger.known_ids()
        # What was in hand at a crash and is away or gone since can't be taken up: it stays noted
        # until another file is begun.
        struck = ledger.rows(ledger.struck()).values()
        there = [row for row in struck if row.missing_since_s is None]
        assert {row.location.folder for row in there} <= self.away_names()
        assert index.count_windows() == len(set(stored.values()))
        embedded = Counter(sound for _, sound in self.ear.embedded_for)
        for sound, times in embedded.items():
            assert times == counts.stored[sound] + self.lost[sound], sound
            assert counts.stored[sound] <= counts.dropped[sound] + 1, sound

    def _check_ids(self, rows: dict[Location, FileRow]) -> None:
        sounds = Counter(file.sound for file in self.files)
        ids: dict[str, str] = {}
        for file in self.present():
            assert file.path is not None
            if file.path.is_relative_to(self.outside):
                continue
            name = self.folder_of(file.path)
            at = Location(name, os.fsencode(file.path.relative_to(self.roots[name])))
            row = rows.get(at)
            if row is None or row.state != "indexed":
                file.is_strict &= row is not None  # as parts it has other ids
                continue
            assert ids.setdefault(row.track_id, file.name) == file.name
            if file.home in self.away_names():
                file.is_strict &= not file.retagged
                continue  # nobody can tell yet that it has left there
            is_known = file.track_id is not None and not (file.moved and file.resounded)
            is_clear = file.is_strict and not file.is_ambiguous
            if is_clear and is_known and sounds[file.sound] == 1:
                assert row.track_id == file.track_id, file
            file.track_id, file.home = row.track_id, name
            file.moved = file.retagged = file.resounded = file.is_unheard = False

    def remove(self) -> None:
        self.close()
        shutil.rmtree(self.directory)
