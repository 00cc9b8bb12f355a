"""What traumbox knows of each model before it is on this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from traumbox.domain import ModelCard
from traumbox.embedders.builtin.embedder import AUDIO_TOWER, TEXT_TOWER, BuiltinEmbedder
from traumbox.embedders.builtin.weights import read_card, read_file
from traumbox.embedders.clap.manifest import card_of, read_manifest, verify_files
from traumbox.errors import ModelError
from traumbox.ports import Embedder

ORIGIN = "https://huggingface.co"
"""Where files come from unless the configuration names a mirror with the same paths."""

_LAION = "/lukewys/laion_clap/resolve/b3708341862f581175dba5c356a4ebf74a9b6651"
_ROBERTA = "/FacebookAI/roberta-base/resolve/main"
_WINDOWING = "10 s at 48 kHz, shorter ones repeated and padded, through 16-bit integers"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file to download: its name here, its path behind the base URL, and what it must be."""

    name: str
    url_path: str
    size: int
    sha256: str
    licence: str


@dataclass(frozen=True, slots=True)
class Source:
    """What a model is converted from: LAION's checkpoint and the tokenizer's two files."""

    checkpoint: RemoteFile
    vocabulary: RemoteFile
    merges: RemoteFile

    @property
    def files(self) -> tuple[RemoteFile, ...]:
        """All files, the small ones first: what is wrong with the way shows early."""
        return (self.vocabulary, self.merges, self.checkpoint)

    @property
    def size(self) -> int:
        """Bytes to download."""
        return sum(file.size for file in self.files)


LoadCard = Callable[[Path], ModelCard]
"""From the model's folder; ModelError when it isn't whole."""
LoadEmbedder = Callable[[Path, int, Callable[[], None], int | None], Embedder]
"""From folder, threads, report (a sign of life while it takes long), memory in MB or None."""
Verify = Callable[[Path, Callable[[int, int], None]], None]
"""Reads all files in the folder, telling (bytes done, bytes in all); ModelError names a bad one."""


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model: what it is, where it comes from, how it is loaded from ``models_dir/name``.

    Neither ``source`` nor ``made_from``: it comes with traumbox. ``made_from`` names the model
    that this one is made of on the owner's machine.
    """

    name: str
    title: str
    purpose: str
    licence: str
    architecture: str
    dim: int
    windowing: str
    card: LoadCard
    load: LoadEmbedder
    verify: Verify
    source: Source | None = None
    made_from: str = ""

    @property
    def comes_along(self) -> bool:
        """Whether it is part of traumbox itself."""
        return self.source is None and not self.made_from


def _builtin_card(_directory: Path) -> ModelCard:
    return read_card()


def _load_builtin(
    _directory: Path, threads: int, _report: Callable[[], None], _memory_mb: int | None
) -> Embedder:
    return BuiltinEmbedder(threads)


def _verify_builtin(_directory: Path, _progress: Callable[[int, int], None]) -> None:
    for tower in (AUDIO_TOWER, TEXT_TOWER):
        read_file(tower)


def _clap_card(directory: Path) -> ModelCard:
    manifest = read_manifest(directory)
    if manifest.name != directory.name:
        raise ModelError(
            f"{directory} holds another model, {manifest.name}. Give the folder that name, or "
            f"take it in from elsewhere: traumbox model import {directory}."
        )
    for name, file in manifest.files.items():
        path = directory / name
        size = path.stat().st_size if path.is_file() else -1
        if size != file.size:
            found = f"has {size:,} bytes instead of {file.size:,}" if size >= 0 else "is missing"
            raise ModelError(
                f"{path} {found}. Fetch the model again: traumbox model fetch {manifest.name}."
            )
    return card_of(manifest)


def _load_clap(
    directory: Path, threads: int, report: Callable[[], None], memory_mb: int | None
) -> Embedder:
    # Imported here: a house that has no such model must not pay for its engine.
    from traumbox.embedders.clap.embedder import ClapEmbedder  # noqa: PLC0415

    _clap_card(directory)
    return ClapEmbedder(directory, threads=threads, report=report, memory_mb=memory_mb)


def _verify_clap(directory: Path, progress: Callable[[int, int], None]) -> None:
    verify_files(directory, read_manifest(directory), progress)


_VOCABULARY = RemoteFile(
    "vocab.json",
    f"{_ROBERTA}/vocab.json",
    898_823,
    "9e7f63c2d15d666b52e21d250d2e513b87c9b713cfa6987a82ed89e5e6e50655",
    "MIT",
)
_MERGES = RemoteFile(
    "merges.txt",
    f"{_ROBERTA}/merges.txt",
    456_318,
    "1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5",
    "MIT",
)


def _laion(
    name: str, title: str, purpose: str, architecture: str, checkpoint: RemoteFile
) -> ModelEntry:
    return ModelEntry(
        name=name,
        title=title,
        purpose=purpose,
        licence=checkpoint.licence,
        architecture=architecture,
        dim=512,
        windowing=_WINDOWING,
        card=_clap_card,
        load=_load_clap,
        verify=_verify_clap,
        source=Source(checkpoint, _VOCABULARY, _MERGES),
    )


def _int8(of: ModelEntry) -> ModelEntry:
    return ModelEntry(
        name=f"{of.name}-int8",
        title=f"{of.title}, 8 bits",
        purpose="The same in 8-bit numbers: less memory, a little less exact. Made on this "
        "machine, and only kept when it stands its test on your own music.",
        licence=of.licence,
        architecture=of.architecture,
        dim=of.dim,
        windowing=of.windowing,
        card=_clap_card,
        load=_load_clap,
        verify=_verify_clap,
        made_from=of.name,
    )


_MUSIC = _laion(
    "clap-music",
    "LAION CLAP (music)",
    "The best for music: it has heard hundreds of thousands of real recordings.",
    "HTSAT-base",
    RemoteFile(
        "music_audioset_epoch_15_esc_90.14.pt",
        f"{_LAION}/music_audioset_epoch_15_esc_90.14.pt",
        2_352_471_003,
        "fae3e9c087f2909c28a09dc31c8dfcdacbc42ba44c70e972b58c1bd1caf6dedd",
        "CC0-1.0",
    ),
)
_GENERAL = _laion(
    "clap-general",
    "LAION CLAP (general)",
    "For music, noises and nature alike; twice as fast, the better one for a Raspberry Pi 4.",
    "HTSAT-tiny",
    RemoteFile(
        "630k-audioset-best.pt",
        f"{_LAION}/630k-audioset-best.pt",
        1_863_587_645,
        "8053c9775516af2f4902e1e8281e356cc1bf7a85e8b761908170767b77c3f037",
        "CC0-1.0",
    ),
)
_BUILTIN = ModelEntry(
    name="builtin",
    title="Built-in model",
    purpose="Small and always there: instruments, tempo and moods, in English only.",
    licence="GPL-3.0-or-later",
    architecture="traumbox",
    dim=192,
    windowing=_WINDOWING,
    card=_builtin_card,
    load=_load_builtin,
    verify=_verify_builtin,
)

CATALOGUE: Mapping[str, ModelEntry] = {
    entry.name: entry for entry in (_BUILTIN, _MUSIC, _GENERAL, _int8(_MUSIC), _int8(_GENERAL))
}
"""Every model by the name the configuration calls it."""
