"""A power cut under SQLite: what it wrote is sure to be there once it has asked for a sync.

SQLite calls the operating system itself, out of the reach of ``Disk``. So its own file layer is
watched: what it writes is remembered as unsure until its next sync of that file.
"""

from __future__ import annotations

import ctypes
import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

Fate = Literal["lost", "written", "torn"]
"""What becomes of what is unsure: none of it, all, or some, and that in half sectors."""
FATES: tuple[Fate, ...] = ("lost", "written", "torn")

SECTOR_BYTES = 512

# The name as an address: SQLite goes on reading it for as long as the file is open.
_open_t = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int))
_delete_t = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_close_t = CFUNCTYPE(c_int, c_void_p)
_write_t = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_truncate_t = CFUNCTYPE(c_int, c_void_p, c_int64)
_sync_t = CFUNCTYPE(c_int, c_void_p, c_int)


class _Layer(Structure):
    """sqlite3_vfs, as far as it is touched."""

    _fields_ = (
        ("version", c_int),
        ("file_bytes", c_int),
        ("path_bytes", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", _open_t),
        ("delete", _delete_t),
        ("others", c_void_p * 14),
    )


class _Methods(Structure):
    """sqlite3_io_methods, as far as they are touched."""

    _fields_ = (
        ("version", c_int),
        ("close", _close_t),
        ("read", c_void_p),
        ("write", _write_t),
        ("truncate", _truncate_t),
        ("sync", _sync_t),
        ("others", c_void_p * 13),
    )


@dataclass
class _File:
    """A file as the disk has it for sure, and what was done to it since, in order."""

    sure: bytes | None = None
    unsure: list[tuple[int, bytes | None]] = field(default_factory=list)

    def after_cut(self, fate: Fate, chance: random.Random) -> bytes | None:
        if fate == "lost":
            return self.sure
        content = bytearray(self.sure or b"")
        for at, data in self.unsure:
            if fate == "torn" and chance.random() < 0.5:
                continue
            if data is None:
                del content[at:]
                continue
            some = data
            if fate == "torn" and chance.random() < 0.5:
                some = data[: chance.randrange(len(data)) // SECTOR_BYTES * SECTOR_BYTES]
            content.extend(bytes(max(0, at + len(some) - len(content))))
            content[at : at + len(some)] = some
        return bytes(content)


class SqliteDisk:
    """What SQLite has done to the files of one directory.

    ``before_sync`` is called ahead of every sync, with the path. A new name counts as safe with its
    content. A deleted file may come back until SQLite synchronises the directory, which it does
    with the first sync of a journal that it has made.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: dict[str, _File] = {}
        self._made: set[str] = set()
        self._deleted: set[str] = set()
        self.before_sync: Callable[[str], None] = lambda _path: None

    def after_power_cut(self, target: Path, fate: Fate, seed: int = 0) -> None:
        """Lay out below ``target`` what lies on the disk after a cut at this moment."""
        chance = random.Random(seed)
        target.mkdir(parents=True, exist_ok=True)
        for path, file in self._files.items():
            content = file.after_cut(fate, chance)
            if content is not None and (path not in self._deleted or fate != "written"):
                (target / Path(path).name).write_bytes(content)

    def forget_all(self) -> None:
        self._files.clear()
        self._made.clear()
        self._deleted.clear()

    def opened(self, path: str) -> None:
        if Path(path).parent == self._root and path not in self._files.keys() - self._deleted:
            self._files.setdefault(path, _File(Path(path).read_bytes() or None))
            self._deleted.discard(path)
            self._made.add(path)

    def wrote(self, path: str, at: int, data: bytes | None) -> None:
        if path in self._files:
            self._files[path].unsure.append((at, data))

    def synced(self, path: str) -> None:
        if path in self._files:
            file = self._files[path]
            file.sure, file.unsure = file.after_cut("written", random.Random()), []
            if path in self._made:
                self._made.remove(path)
                for deleted in self._deleted:
                    del self._files[deleted]
                self._deleted.clear()

    def deleted(self, path: str) -> None:
        if path in self._files:
            self.wrote(path, 0, None)
            self._deleted.add(path)


@contextmanager
def sqlite_on(disk: SqliteDisk) -> Iterator[None]:
    """Have every database that is opened meanwhile lie on ``disk``; skips where that can't be."""
    library = _library()
    library.sqlite3_vfs_find.restype = POINTER(_Layer)
    real = library.sqlite3_vfs_find(None)
    kept = _Watch(real, disk)
    library.sqlite3_vfs_register(ctypes.byref(kept.layer), 1)
    try:
        probe = sqlite3.connect(disk._root / "probe.db")
        probe.execute("CREATE TABLE probe (x)")
        probe.close()
        (disk._root / "probe.db").unlink()
        if not disk._files:
            pytest.skip("this Python has a SQLite of its own, which can't be watched")
        disk.forget_all()
        yield
    finally:
        library.sqlite3_vfs_register(real, 1)
        library.sqlite3_vfs_unregister(ctypes.byref(kept.layer))
        # Connections that are still open go on calling what was put in between.
        _KEPT.append(kept)


_KEPT: list[Any] = []


def _library() -> Any:
    mapped = Path("/proc/self/maps")
    if not mapped.exists():
        pytest.skip("SQLite can be watched on Linux only")
    paths = {line.split()[-1] for line in mapped.read_text().splitlines() if "libsqlite3" in line}
    if not paths:
        pytest.skip("this Python has a SQLite of its own, which can't be watched")
    return ctypes.CDLL(paths.pop())


class _Watch:
    """Puts itself between SQLite and its file layer."""

    def __init__(self, real: Any, disk: SqliteDisk) -> None:
        self._real = real.contents
        self._real_at = ctypes.cast(real, c_void_p)
        self._disk = disk
        self._paths: dict[int, str] = {}
        self._methods: dict[int, tuple[_Methods, _Methods]] = {}
        self._by_file: dict[int, _Methods] = {}
        self.layer = _Layer.from_buffer_copy(self._real)
        self.layer.name = b"power-cut"
        self.layer.open = self._open_c = _open_t(self._open)
        self.layer.delete = self._delete_c = _delete_t(self._delete)
        self._calls = (
            _close_t(self._close),
            _write_t(self._write),
            _truncate_t(self._truncate),
            _sync_t(self._sync),
        )

    def _open(self, _layer: Any, name: int | None, file: int, flags: int, out: Any) -> int:
        result: int = self._real.open(self._real_at, name, file, flags, out)
        if result == 0 and name is not None:
            path = os.fsdecode(ctypes.string_at(name))
            self._disk.opened(path)
            pointer = ctypes.cast(file, POINTER(c_void_p))
            there = pointer[0] or 0
            if there not in self._methods:
                real = _Methods.from_address(there)
                ours = _Methods.from_buffer_copy(real)
                ours.close, ours.write, ours.truncate, ours.sync = self._calls
                self._methods[there] = real, ours
            real, ours = self._methods[there]
            self._paths[file], self._by_file[file] = path, real
            pointer[0] = ctypes.addressof(ours)
        return result

    def _delete(self, _layer: Any, name: bytes, sync: int) -> int:
        result: int = self._real.delete(self._real_at, name, sync)
        if result == 0:
            self._disk.deleted(os.fsdecode(name))
        return result

    def _close(self, file: int) -> int:
        self._paths.pop(file, None)
        return int(self._by_file.pop(file).close(file))

    def _write(self, file: int, data: int, size: int, at: int) -> int:
        self._disk.wrote(self._paths[file], at, ctypes.string_at(data, size))
        return int(self._by_file[file].write(file, data, size, at))

    def _truncate(self, file: int, size: int) -> int:
        self._disk.wrote(self._paths[file], size, None)
        return int(self._by_file[file].truncate(file, size))

    def _sync(self, file: int, flags: int) -> int:
        path = self._paths[file]
        self._disk.before_sync(path)
        result = int(self._by_file[file].sync(file, flags))
        if result == 0:
            self._disk.synced(path)
        return result
