"""The tokenizer's two files for a checkpoint that somebody carried over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from traumbox.embedders.catalogue import RemoteFile, Source
from traumbox.embedders.clap.manifest import file_sha256
from traumbox.embedders.supply.download import Downloader
from traumbox.embedders.supply.trouble import FetchError


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """RoBERTa's byte-level BPE: its words and the order in which they are merged."""

    vocabulary: Path
    merges: Path


def find_tokenizer(
    source: Source, places: Sequence[Path], downloader: Downloader, stop: Event, *, exact: bool
) -> Tokenizer:
    """Return both files from the first place that has them, else download them.

    ``exact``: only the very files that the catalogue knows will do. A checkpoint of the owner's
    own may come with others, from the first place.

    Raises
    ------
    FetchError
        When they are nowhere and can't be fetched; says where to put them.
    """
    for number, place in enumerate(places):
        found = Tokenizer(place / source.vocabulary.name, place / source.merges.name)
        if _are_there(found, source, exact=exact or number > 0):
            return found
    try:
        return Tokenizer(
            *(downloader.get(file, _untold, stop) for file in (source.vocabulary, source.merges))
        )
    except FetchError as error:
        raise FetchError(
            f"The tokenizer's files {source.vocabulary.name} and {source.merges.name} are needed "
            f"too. They aren't in {places[0]}, and couldn't be fetched: {error} Put them beside "
            "the checkpoint; they are on any machine with a network at "
            f"https://huggingface.co{source.vocabulary.url_path} and …/{source.merges.name}.",
            reason=error.reason,
            again="never",
        ) from error


def _untold(done_bytes: int, note: str = "") -> None:
    """Two small files: they come in a moment."""


def _are_there(found: Tokenizer, source: Source, *, exact: bool) -> bool:
    if not (found.vocabulary.is_file() and found.merges.is_file()):
        return False
    return not exact or (
        _is_it(found.vocabulary, source.vocabulary) and _is_it(found.merges, source.merges)
    )


def _is_it(path: Path, file: RemoteFile) -> bool:
    try:
        return path.stat().st_size == file.size and file_sha256(path) == file.sha256
    except OSError:
        return False
