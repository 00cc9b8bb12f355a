"""The owner's file, read and swapped as it is: its mode, its owner, its line ends, its BOM."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from ruamel.yaml.error import YAMLError

from traumbox.errors import ConfigError

BOM = "\ufeff"


def edit(path: Path, change: Callable[[str], str], by_hand: str) -> None:
    """Let ``change`` make a new text of the file at ``path``, made when it isn't there.

    Raises
    ------
    ConfigError
        When the file can't be changed; ``by_hand`` says what to do instead.
    """
    try:
        before = path.read_bytes().decode("utf-8") if path.exists() else ""
        after = _with_its_line_ends(before, change)
        if after != before:
            _replace(path.resolve(), after)
    except (OSError, ValueError, LookupError, TypeError, YAMLError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ConfigError(f"{path}: can't be changed ({why}). {by_hand}") from error


def _with_its_line_ends(before: str, change: Callable[[str], str]) -> str:
    """Hide BOM and CRLF from ``change``, unless line ends are mixed: those it gets as they are."""
    mark = BOM if before.startswith(BOM) else ""
    text = before.removeprefix(BOM)
    is_crlf = "\r\n" in text and text.count("\r\n") == text.count("\n")
    after = change(text.replace("\r\n", "\n") if is_crlf else text)
    return mark + (after.replace("\n", "\r\n") if is_crlf else after)


def _replace(path: Path, text: str) -> None:
    """Swap the file's content in one step, keeping its mode and owner."""
    path.parent.mkdir(parents=True, exist_ok=True)
    old = path.stat() if path.exists() else None
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        fresh = Path(temporary)
        fresh.chmod(0o644 if old is None else stat.S_IMODE(old.st_mode))
        if old is not None and (old.st_uid, old.st_gid) != (os.getuid(), os.getgid()):
            with contextlib.suppress(PermissionError):
                os.chown(fresh, old.st_uid, old.st_gid)
        fresh.replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _settle(path.parent)


def _settle(directory: Path) -> None:
    """Make the new name in ``directory`` outlive a power cut."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with contextlib.suppress(OSError):  # not every file system can
            os.fsync(handle)
    finally:
        os.close(handle)
