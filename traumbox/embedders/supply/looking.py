"""How each model of the catalogue stands on this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from traumbox.domain import ModelInfo, ModelState
from traumbox.embedders.catalogue import CATALOGUE, ModelEntry
from traumbox.embedders.clap.manifest import FILE_NAME
from traumbox.errors import ModelError

REFUSED_FILE = "int8-check.json"


def look(
    models_dir: Path,
    catalogue: Mapping[str, ModelEntry] = CATALOGUE,
    serving: str = "",
    tracks: Callable[[str], int] = lambda _name: 0,
) -> tuple[ModelInfo, ...]:
    """Return every model's state, judged by the presence and the sizes of its files.

    Parameters
    ----------
    serving
        The model that answers searches now; empty when nothing runs.
    tracks
        How many tracks are stored in the space of a model, by its name.
    """
    return tuple(
        _info(entry, models_dir, serving == entry.name, tracks(entry.name))
        for entry in catalogue.values()
    )


def _info(entry: ModelEntry, models_dir: Path, serving: bool, tracks: int) -> ModelInfo:
    directory = models_dir / entry.name
    state: ModelState = "installed"
    note = ""
    try:
        entry.card(directory)
    except ModelError as error:
        is_there = entry.comes_along or (directory / FILE_NAME).exists()
        state, note = ("damaged", str(error)) if is_there else ("absent", "")
    if not note and entry.made_from:
        note = _self_check(directory, models_dir / entry.made_from)
    return ModelInfo(
        name=entry.name,
        title=entry.title,
        purpose=entry.purpose,
        licence=entry.licence,
        dim=entry.dim,
        download_bytes=0 if entry.source is None else entry.source.size,
        state=state,
        serving=serving,
        tracks=tracks,
        note=note,
    )


def _self_check(directory: Path, made_from: Path) -> str:
    """Return what the test of a model in 8 bits found, kept with it or, if refused, beside it."""
    if not (directory / FILE_NAME).exists() and not (made_from / REFUSED_FILE).exists():
        return ""
    from traumbox.embedders.clap.quantize import read_check  # noqa: PLC0415 - seldom needed

    check = read_check(directory) or read_check(made_from)
    return "" if check is None else check.sentence
