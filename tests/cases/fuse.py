"""A file system in user space over a directory, read-only, that can be made to fail at will.

Speaks the kernel's protocol on /dev/fuse itself (fuse(4), linux/fuse.h), so that no library need be
installed; needs the right to mount.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import stat
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOOKUP, FORGET, GETATTR, READLINK, OPEN, READ, STATFS, RELEASE = 1, 2, 3, 5, 14, 15, 17, 18
INIT, OPENDIR, READDIR, RELEASEDIR, INTERRUPT, BATCH_FORGET = 26, 27, 28, 29, 36, 42

_IN = struct.Struct("<IIQQIIIHH")
_OUT = struct.Struct("<IiQ")
_ATTR = struct.Struct("<QQQQQQIIIIIIIIII")
_READ_IN = struct.Struct("<QQIIQII")
_DIRENT = struct.Struct("<QQII")
_UNANSWERED = (FORGET, BATCH_FORGET, INTERRUPT)
_MS_NOSUID, _MNT_DETACH = 2, 2

libc = ctypes.CDLL(None, use_errno=True)


@contextmanager
def passed_through(
    source: Path, at: Path, kind: str = "fuse", orders: Path | None = None
) -> Iterator[int]:
    """Mount ``source`` at ``at``; gives the pid of the process that serves it.

    ``orders`` is a file whose lines are obeyed, with paths below ``source``: ``eio PATH`` makes
    opening it fail, ``die PATH`` ends the server there, ``hang`` answers nothing any more.
    """
    device = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={device},rootmode=40000,user_id={os.getuid()},group_id={os.getgid()}"
    if libc.mount(
        str(source).encode(), str(at).encode(), kind.encode(), _MS_NOSUID, options.encode()
    ):
        number = ctypes.get_errno()
        os.close(device)
        raise OSError(number, os.strerror(number), str(at))
    pid = os.fork()
    if not pid:
        with suppress(BaseException):
            _Server(device, os.fsencode(source), orders).serve()
        os._exit(0)
    os.close(device)
    try:
        yield pid
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        libc.umount2(str(at).encode(), _MNT_DETACH)
        os.waitpid(pid, 0)


class _Server:
    def __init__(self, device: int, source: bytes, orders: Path | None) -> None:
        self._device = device
        self._orders = orders
        self._paths = {1: source}
        self._nodes = {source: 1}
        self._answers: dict[int, Callable[[int, bytes], bytes]] = {
            INIT: self._init,
            LOOKUP: lambda node, data: self._entry(self._paths[node] + b"/" + data.rstrip(b"\0")),
            GETATTR: lambda node, _: struct.pack("<QII", 0, 0, 0) + self._attr(self._paths[node]),
            READLINK: lambda node, _: os.readlink(self._paths[node]),  # noqa: PTH115 - bytes
            OPEN: self._open,
            OPENDIR: self._open,
            READ: self._read,
            READDIR: self._list,
            STATFS: lambda *_: struct.pack("<QQQQQIIII24x", 1, 0, 0, 1, 0, 4096, 255, 4096, 0),
            RELEASE: lambda *_: b"",
            RELEASEDIR: lambda *_: b"",
        }

    def serve(self) -> None:
        while True:
            request = os.read(self._device, 1 << 18)
            length, code, unique, node, *_ = _IN.unpack_from(request)
            data = request[_IN.size : length]
            if code in _UNANSWERED:
                continue
            if "hang" in self._order():
                signal.pause()
            self._reply(code, unique, node, data)

    def _reply(self, code: int, unique: int, node: int, data: bytes) -> None:
        error, body = 0, b""
        try:
            answer = self._answers.get(code)
            if answer is None:
                error = -errno.ENOSYS
            else:
                body = answer(node, data)
        except OSError as failed:
            error = -(failed.errno or errno.EIO)
        except KeyError:
            error = -errno.ESTALE
        os.write(self._device, _OUT.pack(_OUT.size + len(body), error, unique) + body)

    def _order(self) -> str:
        if self._orders is None or not self._orders.exists():
            return ""
        return self._orders.read_text()

    def _init(self, _: int, data: bytes) -> bytes:
        _major, minor, readahead, _flags = struct.unpack_from("<IIII", data)
        return struct.pack(
            "<IIIIHHIIHHI28x", 7, min(minor, 31), readahead, 0, 12, 9, 1 << 16, 1, 0, 0, 0
        )

    def _entry(self, path: bytes) -> bytes:
        attributes = self._attr(path)
        node = self._nodes.setdefault(path, len(self._nodes) + 1)
        self._paths[node] = path
        return struct.pack("<QQQQII", node, 0, 0, 0, 0, 0) + attributes

    def _attr(self, path: bytes) -> bytes:
        found = os.lstat(path)
        seconds = [
            when // 10**9 for when in (found.st_atime_ns, found.st_mtime_ns, found.st_ctime_ns)
        ]
        rest = [when % 10**9 for when in (found.st_atime_ns, found.st_mtime_ns, found.st_ctime_ns)]
        return _ATTR.pack(
            found.st_ino, found.st_size, found.st_blocks, *seconds, *rest, found.st_mode,
            found.st_nlink, found.st_uid, found.st_gid, 0, 4096, 0,
        )  # fmt: skip

    def _open(self, node: int, _: bytes) -> bytes:
        path = self._paths[node]
        orders = self._order().splitlines()
        if f"die {os.fsdecode(path)}" in orders:
            os._exit(1)
        if f"eio {os.fsdecode(path)}" in orders:
            raise OSError(errno.EIO, "as ordered")
        os.lstat(path)
        return struct.pack("<QII", 0, 0, 0)

    def _read(self, node: int, data: bytes) -> bytes:
        _, offset, size, *_ = _READ_IN.unpack_from(data)
        with open(self._paths[node], "rb") as file:  # noqa: PTH123 - bytes
            return os.pread(file.fileno(), size, offset)

    def _list(self, node: int, data: bytes) -> bytes:
        _, offset, size, *_ = _READ_IN.unpack_from(data)
        listing = b""
        with os.scandir(self._paths[node]) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for number, entry in enumerate(found[offset:], offset + 1):
            kind = stat.S_IFMT(entry.stat(follow_symlinks=False).st_mode) >> 12
            padding = -(_DIRENT.size + len(entry.name)) % 8
            row = _DIRENT.pack(entry.inode(), number, len(entry.name), kind)
            row += entry.name + b"\0" * padding
            if len(listing) + len(row) > size:
                break
            listing += row
        return listing


if __name__ == "__main__":
    with passed_through(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4]):
        signal.pause()
