"""What is mounted where, and which file systems keep quiet about changes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

MOUNTINFO = Path("/proc/self/mountinfo")

_NETWORK = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|9p|ceph|afs|davfs|glusterfs|coda|ncpfs|lustre|gpfs|beegfs|orangefs"
    r"|ocfs2|gfs2?|fuse\.(sshfs|rclone|.*ftp.*|gluster.*|ceph.*|davfs.*|s3fs|smbnetfs|.*drive.*)"
)
# A virtual machine's or Docker Desktop's window on its host.
_HOST = re.compile(
    r"virtiofs|vboxsf|vmhgfs|prl_fs|fakeowner|osxfs|drvfs|fuse\.(vmhgfs.*|grpcfuse|osxfs|virtiofs)"
)
_LAYERED = re.compile(r"overlay|overlayfs|aufs|ecryptfs|unionfs")


@dataclass(frozen=True, slots=True)
class Mount:
    """A line of /proc/self/mountinfo.

    ``device`` is "major:minor". ``id`` and ``parent`` are mount ids: what lies on what. ``root`` is
    the directory of the file system that shows at ``point``; another than "/" for a bind mount.
    """

    point: Path
    kind: str
    source: str = ""
    device: str = ""
    id: int = 0
    parent: int = 0
    root: str = "/"

    @property
    def is_network(self) -> bool:
        """Whether the files lie on another machine."""
        return _NETWORK.fullmatch(self.kind) is not None

    @property
    def deafness(self) -> str:
        """Why inotify doesn't tell of every change of these files, in words; or "".

        What is done through this mount itself is told all the same. fuseblk (ntfs-3g) has its
        disk to itself and is not deaf.
        """
        if self.is_network:
            return (
                f"it lies on a network share ({self.kind}): changes made on other machines don't "
                "tell themselves"
            )
        if _HOST.fullmatch(self.kind):
            return (
                f"it lies on a share of the host machine ({self.kind}): changes made there don't "
                "tell themselves"
            )
        if self.kind == "fuse" or self.kind.startswith("fuse."):
            return (
                f"it lies on a FUSE file system ({self.kind}): changes made beneath it don't tell "
                "themselves"
            )
        if _LAYERED.fullmatch(self.kind):
            return (
                f"it lies on a layered file system ({self.kind}): changes made in the layers "
                "beneath don't tell themselves"
            )
        return ""

    @property
    def is_deaf(self) -> bool:
        """Whether changes can happen here of which inotify doesn't tell."""
        return bool(self.deafness)

    def source_of(self, path: Path) -> str:
        """Name what shows at ``path``, as findmnt(8) does: "/dev/sdb1", "/dev/sda1[/srv/music]"."""
        inner = posixpath.normpath(posixpath.join(self.root, path.relative_to(self.point)))
        return self.source if inner == "/" else f"{self.source}[{inner}]"


def read_mounts() -> list[Mount]:
    """Return what is mounted where, later mounts after earlier ones; [] without /proc."""
    try:
        return parse(MOUNTINFO.read_bytes().decode("utf-8", "surrogateescape"))
    except OSError:
        return []


def parse(mountinfo: str) -> list[Mount]:
    """Read the text of /proc/self/mountinfo (proc_pid_mountinfo(5))."""
    found = []
    for line in mountinfo.split("\n"):
        left, separator, right = line.partition(" - ")
        if separator:
            number, parent, device, root, point = left.split(" ")[:5]
            kind, source = [*right.split(" "), ""][:2]
            found.append(
                Mount(
                    Path(_plain(point)),
                    kind,
                    _plain(source),
                    device,
                    int(number),
                    int(parent),
                    _plain(root),
                )
            )
    return found


def mount_of(path: Path, among: Sequence[Mount]) -> Mount | None:
    """Return the mount on which ``path`` lies, links resolved."""
    return top_mount(path.resolve(), among)


def top_mount(real: Path, among: Sequence[Mount]) -> Mount | None:
    """Return the mount on which ``real``, an absolute path without links, lies.

    One that another mount covers doesn't count, be it longer: it can't be reached.
    """
    holding = [mount for mount in among if real.is_relative_to(mount.point)]
    current: Mount | None = None
    for point in sorted({mount.point for mount in holding}, key=lambda point: len(point.parts)):
        stack = [mount for mount in holding if mount.point == point]
        ids = {mount.id for mount in stack}
        under = current.id if current else None
        layer = [
            mount
            for mount in stack
            if mount.parent == under or (under is None and mount.parent not in ids - {mount.id})
        ]
        while layer:
            current = layer[-1]
            stack = [mount for mount in stack if mount.parent != current.parent]
            layer = [mount for mount in stack if mount.parent == current.id]
    return current


def mounts_below(real: Path, among: Sequence[Mount]) -> dict[bytes, Mount]:
    """Return the mounts within ``real``, by their paths relative to it, topmost ones only."""
    points = {m.point for m in among if m.point != real and m.point.is_relative_to(real)}
    below = {}
    for point in sorted(points):
        mount = top_mount(point, among)
        if mount is not None and mount.point == point:
            below[str(point.relative_to(real)).encode("utf-8", "surrogateescape")] = mount
    return below


def deafness_of(real: Path, among: Sequence[Mount]) -> tuple[str, dict[bytes, str]]:
    """Return why ``real`` is deaf ("": it isn't), and of the mounts within it those that are."""
    root = top_mount(real, among)
    below = ((path, mount.deafness) for path, mount in mounts_below(real, among).items())
    return (root.deafness if root else "", {path: reason for path, reason in below if reason})


def _plain(escaped: str) -> str:
    """Undo the octal escapes; space, tab, newline and backslash are written so."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), escaped)


def display(paths: Iterable[bytes]) -> str:
    """Name a few relative directories for people."""
    named = [path.decode("utf-8", "backslashreplace") + "/" for path in paths]
    return ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")
