"""``traumbox model quantize``: a model in 8 bits, judged on the owner's own music."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing
from dataclasses import asdict

from traumbox.audio.decode import MediaDecoder
from traumbox.cli import terminal
from traumbox.cli.exit_codes import DONE, FAILED
from traumbox.cli.model.excerpts import chosen, gather
from traumbox.cli.model.getting import fetcher_for
from traumbox.cli.model.telling import announce
from traumbox.cli.progress import count_progress, share_progress
from traumbox.config import Settings
from traumbox.daemon.ear import threads
from traumbox.domain import Float32
from traumbox.embedders import registry
from traumbox.embedders.catalogue import CATALOGUE
from traumbox.embedders.clap import quantize as eight_bits
from traumbox.embedders.supply import lock
from traumbox.embedders.supply.room import disk_trouble
from traumbox.errors import ModelError
from traumbox.library.folders import WatchedFolder
from traumbox.stores.ledger import Ledger


def quantize(arguments: Namespace, settings: Settings) -> int:
    """Make the edition in 8 bits and test it; it's kept if it passes."""
    source, target = edition_of(arguments.name)
    fetcher = fetcher_for(settings)
    models_dir = fetcher.models_dir
    registry.card(source, models_dir)
    missing = eight_bits.missing()
    if missing:
        raise ModelError(f"What makes models smaller isn't installed. Run: {missing}")
    windows = own_music(settings)
    with lock.exclusive(fetcher.downloads), share_progress(f"Making {target}") as show:
        try:
            check = eight_bits.quantize(
                models_dir / source,
                models_dir / target,
                windows,
                threads=threads(settings),
                report=show,
            )
        except OSError as error:
            raise disk_trouble(error, models_dir / target) from error
    if arguments.json:
        document = {"version": 1, "model": target, **asdict(check), "sentence": check.sentence}
        terminal.say_json(document)
    else:
        for line in table(check):
            terminal.say(line)
        if check.accepted:
            announce(settings, target)
    return DONE if check.accepted else FAILED


def edition_of(name: str) -> tuple[str, str]:
    """Return the model it is made from and the edition in 8 bits, whichever of both is named."""
    if CATALOGUE[name].made_from:
        return CATALOGUE[name].made_from, name
    for entry in CATALOGUE.values():
        if entry.made_from == name:
            return name, entry.name
    raise ModelError(f"{name} has no edition in 8 bits: it is small already.")


def own_music(settings: Settings) -> Float32:
    """Return float32[n, 480000] from all over the owner's library.

    Raises
    ------
    ModelError
        When too little has been heard to judge by.
    """
    path = settings.data_dir / "traumbox.db"
    rows = []
    if path.exists():
        with closing(Ledger(path)) as ledger:
            rows = chosen(ledger)
    folders = [WatchedFolder(folder.name, folder.path) for folder in settings.folders]
    with count_progress("Taking samples of your music") as show:
        windows = gather(rows, folders, MediaDecoder(), show)
    if len(windows) < eight_bits.FEWEST_WINDOWS:
        raise ModelError(
            f"Only {terminal.plural(len(windows), 'window')} of your music can be read, and "
            f"{eight_bits.FEWEST_WINDOWS} of 10 s are needed to judge by. Let traumbox listen to "
            "more music first, and bring its folders online."
        )
    return windows


def table(check: eight_bits.SelfCheck) -> list[str]:
    """Return what the test measured, and its verdict."""
    rows = [
        ("windows of your music, sentences", f"{check.windows}, {check.prompts}"),
        ("same direction (cosine), median and least", _two(check.median_cosine, check.min_cosine)),
        ("relative error, median and 95 %", _two(check.median_error, check.p95_error)),
        ("for comparison: a shift by 5 ms", f"{check.shift_error:.4f}"),
        ("same top ten", f"{check.overlap:.0%}"),
        ("same order (Spearman), mean and least", _two(check.spearman, check.lowest_spearman)),
        ("faster", f"{check.faster:.2f} ×"),
        ("size", f"{terminal.size(check.bytes_before)} → {terminal.size(check.bytes_after)}"),
    ]
    width = max(len(label) for label, _ in rows)
    return [*(f"{label:<{width}}  {value}" for label, value in rows), check.sentence]


def _two(one: float, other: float) -> str:
    return f"{one:.4f}, {other:.4f}"
