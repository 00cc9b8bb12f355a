"""How models come to this machine: downloaded, taken in from a stick, checked, removed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from traumbox.embedders.catalogue import CATALOGUE, ModelEntry
from traumbox.embedders.supply.access import Access
from traumbox.embedders.supply.converter import Converter, converter_missing
from traumbox.embedders.supply.fetcher import Fetcher, bytes_needed, check_importable
from traumbox.embedders.supply.looking import look
from traumbox.embedders.supply.trouble import FetchError, FetchStopped

__all__ = [
    "Access",
    "Converter",
    "FetchError",
    "FetchStopped",
    "Fetcher",
    "bytes_needed",
    "check_importable",
    "converter_missing",
    "fetcher_of",
    "look",
]


def fetcher_of(
    models_dir: Path,
    mirror: str | None,
    proxy: str | None,
    *,
    catalogue: Mapping[str, ModelEntry] = CATALOGUE,
) -> Fetcher:
    """Return a fetcher for ``models_dir`` that goes the configured way."""
    return Fetcher(models_dir, Access(mirror, proxy), catalogue=catalogue)
