"""Whether a folder that somebody wants watched can be; for the panel, the API and commands."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from traumbox.config.keys import keys_of
from traumbox.config.mistakes import shown
from traumbox.config.models import Folder, Settings
from traumbox.config.music import free_name
from traumbox.errors import ConfigError

SYSTEM_TREES = ("/proc", "/sys", "/dev", "/run", "/etc", "/boot", "/bin", "/sbin", "/lib")
NOT_SYSTEM = ("/run/media", "/run/user")
"""Where desktops mount what is plugged in, and what they reach over the network."""
SYSTEM_ROOTS = ("/", "/usr", "/var")


def folder_to_add(settings: Settings, path: Path, name: str | None = None) -> tuple[Path, str]:
    """Return the path and the name under which ``path`` can be watched from now on.

    Without ``name`` it is the last part of the path, with a number where that is taken.

    Raises
    ------
    ConfigError
        When it can't be watched, in words for the owner. What isn't there, isn't a folder or
        can't be read is told in the same words: a stranger in the house's network could else
        find out what lies where.
    """
    if not path.is_absolute():
        raise ConfigError(f"“{path}” isn't a whole path. Say one such as /srv/music.")
    if "\0" in str(path) or not _can_be_named(path):
        raise ConfigError(_nothing_to_read(path))
    path = Path(os.path.normpath(path))
    real = Path(os.path.realpath(path))
    for one in (path, real):
        if str(one) in SYSTEM_ROOTS or (_is_below(one, SYSTEM_TREES) and not _is_media(one)):
            raise ConfigError(
                f"“{path}” belongs to the system and isn't watched. Choose the folder that holds "
                "the music."
            )
    _keep_apart(settings, path, real)
    if not os.path.isdir(path) or not os.access(path, os.R_OK | os.X_OK):  # noqa: PTH112 - Path.is_dir raises where a folder above is shut
        raise ConfigError(_nothing_to_read(path))
    taken = [folder.name for folder in settings.folders]
    if name is None:
        name = free_name(path.name, taken)
    elif name in taken:
        raise ConfigError(f"Another folder is called “{name}” already. Choose another name.")
    return path, checked_folder({"path": path, "name": name}).name


def checked_folder(said: Mapping[str, object]) -> Folder:
    """Return the folder that ``said`` describes, keyed as in the configuration.

    Raises
    ------
    ConfigError
        Naming each value that won't do and what was expected.
    """
    try:
        return Folder.model_validate(dict(said))
    except ValidationError as error:
        keys = keys_of(Folder)
        told = []
        for detail in error.errors(include_url=False):
            key = str(detail["loc"][0]) if detail["loc"] else ""
            if key not in keys:
                told.append(f"{key} is nothing that can be said of a folder")
                continue
            told.append(f"{key}: {shown(detail['input'])}: expected {keys[key].description}")
        raise ConfigError("; ".join(told) + ".") from error


def _can_be_named(path: Path) -> bool:
    """Tell whether the file system could have such a name: half a surrogate is none."""
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True


def _nothing_to_read(path: Path) -> str:
    shown = str(path).encode("utf-8", "backslashreplace").decode()
    return (
        f"“{shown}” can't be watched: no folder there that traumbox may read. Check the path and "
        "its permissions."
    )


def _is_below(path: Path, trees: tuple[str, ...]) -> bool:
    return any(path.is_relative_to(tree) for tree in trees)


def _is_media(path: Path) -> bool:
    return _is_below(path, NOT_SYSTEM) and str(path) not in NOT_SYSTEM


def _keep_apart(settings: Settings, path: Path, real: Path) -> None:
    data = Path(os.path.realpath(settings.data_dir))
    # The demo music lies there, and is watched as any other.
    if data.is_relative_to(real) or (real.is_relative_to(data) and real != data / "demo"):
        raise ConfigError(
            f"“{path}” holds or lies in {settings.data_dir}, where traumbox keeps what it learned. "
            "Choose the folder that holds the music."
        )
    for folder in settings.folders:
        if os.path.realpath(folder.path) == str(real):
            raise ConfigError(f"“{path}” is watched already, as “{folder.name}”.")
