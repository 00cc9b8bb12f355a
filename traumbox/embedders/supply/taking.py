"""Taking in a model that was converted elsewhere: copy, check, put in place."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Event

from traumbox.embedders.clap.manifest import (
    FILE_NAME,
    Manifest,
    old_of,
    put_in_place,
    sync,
    write_manifest,
)
from traumbox.embedders.supply.room import disk_trouble
from traumbox.embedders.supply.trouble import FetchStopped
from traumbox.errors import ModelError

CHUNK_BYTES = 1 << 20


def new_of(target: Path) -> Path:
    """Return where a model's folder is made before it is put in place."""
    return target.with_name(f"{target.name}.new")


def take_in(
    source: Path,
    manifest: Manifest,
    target: Path,
    advance: Callable[[int], None],
    stop: Event,
) -> None:
    """Copy the model in ``source`` to ``target``, checking every byte on its way.

    ``advance`` is told the size of each piece copied.

    Raises
    ------
    ModelError
        When a file is missing or not what the manifest says; nothing is put in place.
    """
    new = new_of(target)
    shutil.rmtree(new, ignore_errors=True)
    try:
        new.mkdir(parents=True)
        for name, entry in manifest.files.items():
            if _copy(source / name, new / name, advance, stop) != entry.sha256:
                raise ModelError(
                    f"{source / name} is damaged: its checksum isn't the one in {FILE_NAME}. Copy "
                    "the folder anew."
                )
        write_manifest(new, manifest)
        put_in_place(new, target)
    except OSError as error:
        raise disk_trouble(error, new) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def tidy(target: Path) -> None:
    """Clear away what a crash left behind beside ``target``."""
    old = old_of(target)
    if old.exists() and not target.exists():
        old.rename(target)  # it died between the two renames
    for leftover in (new_of(target), old):
        shutil.rmtree(leftover, ignore_errors=True)


def delete(target: Path) -> None:
    """Delete a model's folder, its manifest first: a half-deleted model is no model.

    Raises
    ------
    ModelError
        When it can't be deleted.
    """
    try:
        (target / FILE_NAME).unlink(missing_ok=True)
        if target.exists():
            shutil.rmtree(target)
    except OSError as error:
        raise ModelError(
            f"{error.filename or target} can't be deleted ({error.strerror}). Let the user that "
            "runs traumbox write there."
        ) from error


def _copy(source: Path, target: Path, advance: Callable[[int], None], stop: Event) -> str:
    """Copy one file durably and return its SHA-256."""
    digest = hashlib.sha256()
    try:
        file = source.open("rb")
    except OSError as error:
        raise ModelError(
            f"{source} can't be read ({error.strerror}). Copy the whole folder, and let the user "
            "that runs traumbox read it."
        ) from error
    with file, target.open("wb") as copy:
        while True:
            if stop.is_set():
                raise FetchStopped
            try:
                chunk = file.read(CHUNK_BYTES)
            except OSError as error:
                raise ModelError(f"{source} can't be read ({error.strerror}).") from error
            if not chunk:
                break
            copy.write(chunk)
            digest.update(chunk)
            advance(len(chunk))
    sync(target)
    return digest.hexdigest()
