"""The models: the chosen one, whether the others are whole, and what LAION's still needs."""

from __future__ import annotations

import platform
from pathlib import Path

from traumbox.cli.checks.check import Check, fail, ok, warn
from traumbox.cli.terminal import size
from traumbox.config import Model, Settings
from traumbox.embedders import registry
from traumbox.embedders.catalogue import CATALOGUE, ModelEntry
from traumbox.embedders.supply import bytes_needed, converter_missing
from traumbox.embedders.supply.room import free_bytes
from traumbox.embedders.supply.suited import suited
from traumbox.errors import ModelError


def checks(settings: Settings) -> list[Check]:
    """Look at the models, by the sizes of their files only."""
    models_dir, wanted = settings.data_dir / "models", settings.model
    cpuinfo = Path("/proc/cpuinfo").read_text(errors="replace")
    to_get = to_be_fetched(wanted.name, suited(platform.machine(), cpuinfo))
    free = free_bytes(models_dir)
    return [
        check_model(wanted.name, models_dir),
        *check_others(wanted.name, models_dir),
        check_clap(to_get, wanted, models_dir, free=free, missing=converter_missing()),
    ]


def to_be_fetched(wanted: str, suited_here: str) -> ModelEntry:
    """Return the model of LAION's that is meant when one is to be fetched."""
    chosen = CATALOGUE.get(wanted)
    return chosen if chosen is not None and chosen.source is not None else CATALOGUE[suited_here]


def check_model(name: str, models_dir: Path) -> Check:
    """Whether the model that the configuration wants is there and whole."""
    if name == registry.AUTO:
        name = registry.best(models_dir)
    entry = CATALOGUE[name]
    try:
        registry.card(name, models_dir)
    except ModelError as error:
        if entry.comes_along:
            return fail("model", str(error), "Install traumbox again.")
        why = str(error) if (models_dir / name).is_dir() else f"{name} isn't installed."
        return warn("model", f"{why} Meanwhile another one serves.", how_to_get(entry))
    return ok("model", f"{entry.title}, its files are there.")


def check_others(wanted: str, models_dir: Path) -> list[Check]:
    """Return a warning for each further model that isn't whole."""
    found = []
    for name, entry in CATALOGUE.items():
        if name == wanted or not (models_dir / name).is_dir():
            continue
        try:
            registry.card(name, models_dir)
        except ModelError as error:
            found.append(warn(f"model {name}", str(error), how_to_get(entry)))
    return found


def check_clap(
    to_get: ModelEntry, wanted: Model, models_dir: Path, *, free: int, missing: str
) -> Check:
    """Whether LAION CLAP is installed, or could be.

    ``free`` are bytes on the disk of ``models_dir``; ``missing`` is what would install the
    conversion, empty where it is there.
    """
    name = "LAION CLAP"
    laion = [model for model, entry in CATALOGUE.items() if entry.source is not None]
    here = [model for model in laion if registry.is_installed(model, models_dir)]
    if here:
        return ok(name, f"Installed: {', '.join(here)}.")
    if wanted.name != registry.AUTO and CATALOGUE[wanted.name].comes_along:
        return ok(name, f"Not installed; the configuration wants {wanted.name}.")
    if missing:
        return warn(
            name,
            "Not installed, and neither is what prepares it.",
            f"Run '{missing}' in traumbox's folder, or take in a model that another machine has "
            "converted: traumbox model import FOLDER",
        )
    needed = bytes_needed(to_get)
    if free < needed:
        return warn(
            name,
            f"Not installed; getting {to_get.name} takes {size(needed)} for a while, and "
            f"{size(free)} are free.",
            f"Make room on the disk of {models_dir}.",
        )
    if wanted.fetch:
        return ok(name, f"Not installed yet; the running service fetches {to_get.name} by itself.")
    return warn(name, "Not installed.", how_to_get(to_get))


def how_to_get(entry: ModelEntry) -> str:
    """Return what the owner runs to have the model, or to have it whole again."""
    if entry.comes_along:
        return "Install traumbox again."
    if entry.made_from:
        return f"Make it: traumbox model quantize {entry.made_from}"
    return f"Get it: traumbox model fetch {entry.name}"
