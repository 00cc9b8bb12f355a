"""What a converted model's folder says of itself: ``model.json``, written last.

A folder with a readable manifest is complete. It may have been copied from another machine, so
nothing in it speaks of the machine that made it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from traumbox.domain import NO_FLOOR, ModelCard
from traumbox.errors import ModelError

FILE_NAME = "model.json"
VERSION = 1
AUDIO_TOWER, TEXT_TOWER = "audio.onnx", "text.onnx"
VOCABULARY, MERGES = "vocab.json", "merges.txt"
GOLDEN_VECTORS = "golden.npy"
CALIBRATION = (0.22, 14.0)
"""Midpoint and slope for LAION's models: a guess from published cosines, not fitted."""

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What a file of the model must be."""

    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """One converted model.

    ``id`` names the embedding space: ``<name>-<first 8 hex of the checkpoint's SHA-256>``.
    ``max_distance`` holds, for ``audio`` and ``text``, how far the converted towers were from
    PyTorch's at most. ``check`` is the self-check of an int8 model, of others empty. ``floor`` is
    the card's; manifests that have none were written before there was any.
    """

    version: int
    name: str
    id: str
    architecture: str  # "HTSAT-base" or "HTSAT-tiny"
    dim: int
    licence: str
    source: str  # the checkpoint's file name
    source_sha256: str
    calibration: tuple[float, float]
    precision: str  # "fp32" or "int8"
    max_distance: dict[str, float]
    files: dict[str, FileEntry]
    check: dict[str, object]
    floor: float = NO_FLOOR

    @property
    def size_bytes(self) -> int:
        """Of all files together."""
        return sum(entry.size for entry in self.files.values())


def model_id(name: str, source_sha256: str) -> str:
    """Return the id of the space that the checkpoint spans under this name in the registry."""
    return f"{name}-{source_sha256[:8]}"


def card_of(manifest: Manifest) -> ModelCard:
    """Return what the rest of the house must know of the model."""
    return ModelCard(
        id=manifest.id,
        name=manifest.name,
        dim=manifest.dim,
        licence=manifest.licence,
        calibration=manifest.calibration,
        floor=manifest.floor,
    )


def read_manifest(directory: Path) -> Manifest:
    """Return the manifest of the model in ``directory``.

    Raises
    ------
    ModelError
        When there is none, or it can't be read, or a newer traumbox wrote it.
    """
    path = directory / FILE_NAME
    try:
        about = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ModelError(
            f"There is no model in {directory}: {FILE_NAME} is missing. {_remedy(directory)}"
        ) from error
    except OSError as error:
        raise ModelError(f"{path} can't be read ({error.strerror}).") from error
    except ValueError as error:
        raise _damaged(path) from error
    if isinstance(about, dict) and about.get("version") not in (None, VERSION):
        raise ModelError(
            f"{path} has version {about['version']}; this traumbox reads version {VERSION}. "
            "Update traumbox, or fetch the model anew."
        )
    try:
        return _manifest(about)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(path) from error


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Write ``model.json`` in one step and to the disk itself: it vouches for all other files."""
    path = directory / FILE_NAME
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, indent=2, ensure_ascii=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync(directory)


def verify_files(
    directory: Path,
    manifest: Manifest,
    progress: Callable[[int, int], None] = lambda _done_bytes, _total_bytes: None,
) -> None:
    """Compare every file with the manifest, reading all of them.

    Parameters
    ----------
    progress
        Called with (bytes done, bytes in total) about once a megabyte.

    Raises
    ------
    ModelError
        Naming the first file that is missing, unreadable or not what was written.
    """
    total = manifest.size_bytes
    done = 0

    def advance(read_bytes: int) -> None:
        nonlocal done
        done += read_bytes
        progress(done, total)

    for name, entry in manifest.files.items():
        path = directory / name
        try:
            size = path.stat().st_size
            if size != entry.size:
                raise ModelError(
                    f"The model's file {path} has {size} bytes instead of {entry.size}. "
                    f"{_remedy(directory)}"
                )
            found = file_sha256(path, advance)
        except OSError as error:
            raise ModelError(
                f"The model's file {path} can't be read ({error.strerror}). {_remedy(directory)}"
            ) from error
        if found != entry.sha256:
            raise _damaged(path)


def entry_of(path: Path) -> FileEntry:
    """Return size and checksum of a file as it lies on disk.

    Raises
    ------
    OSError
        When it can't be read.
    """
    return FileEntry(path.stat().st_size, file_sha256(path))


def file_sha256(path: Path, advance: Callable[[int], None] = lambda _read_bytes: None) -> str:
    """Return the SHA-256 of a file in hex; ``advance`` is told the size of each piece read.

    Raises
    ------
    OSError
        When it can't be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
            advance(len(chunk))
    return digest.hexdigest()


def sync(path: Path) -> None:
    """Write a file's content, or a directory's entries, to the disk itself."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _manifest(about: dict[str, Any]) -> Manifest:
    midpoint, slope = about["calibration"]
    return Manifest(
        version=int(about["version"]),
        name=str(about["name"]),
        id=str(about["id"]),
        architecture=str(about["architecture"]),
        dim=int(about["dim"]),
        licence=str(about["licence"]),
        source=str(about["source"]),
        source_sha256=str(about["source_sha256"]),
        calibration=(float(midpoint), float(slope)),
        precision=str(about["precision"]),
        max_distance={str(k): float(v) for k, v in about["max_distance"].items()},
        files={
            _plain(k): FileEntry(int(v["size"]), str(v["sha256"]))
            for k, v in about["files"].items()
        },
        check=dict(about["check"]),
        floor=float(about.get("floor", NO_FLOOR)),
    )


def _plain(name: str) -> str:
    """Refuse a name that would lead out of the model's folder: manifests come from elsewhere."""
    if not name or Path(name).name != name:
        raise ValueError(name)
    return name


def _damaged(path: Path) -> ModelError:
    return ModelError(f"The model's file {path} is damaged. {_remedy(path.parent)}")


def _remedy(directory: Path) -> str:
    return f"Get it anew: traumbox model fetch {directory.name}"


def old_of(target: Path) -> Path:
    """Return the name that the folder ``target`` has while another one takes its place."""
    return target.with_name(f"{target.name}.old")


def put_in_place(new: Path, target: Path) -> None:
    """Give the finished folder ``new`` the name ``target``, whatever has that name until now."""
    old = old_of(target)
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    new.rename(target)
    sync(target.parent)
    shutil.rmtree(old, ignore_errors=True)
