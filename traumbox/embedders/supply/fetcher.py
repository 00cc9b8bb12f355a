"""Getting a model, from the first byte to its folder in place; one at a time."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event

from traumbox.domain import FetchProgress
from traumbox.embedders import registry
from traumbox.embedders.catalogue import CATALOGUE, ModelEntry, Source
from traumbox.embedders.clap.manifest import FILE_NAME, file_sha256, read_manifest
from traumbox.embedders.supply import lock, taking
from traumbox.embedders.supply.access import Access
from traumbox.embedders.supply.converter import Converter, Job
from traumbox.embedders.supply.download import Downloader
from traumbox.embedders.supply.reporting import Reporter
from traumbox.embedders.supply.room import (
    CONVERTED_BYTES,
    RESERVE_BYTES,
    ensure_room,
    free_bytes,
)
from traumbox.embedders.supply.tokenizer import find_tokenizer
from traumbox.embedders.supply.tries import Tries
from traumbox.embedders.supply.trouble import FetchError, FetchStopped
from traumbox.errors import ModelError

DOWNLOADS = ".downloads"
TRIES_FILE = "tries.json"

Watch = Callable[[FetchProgress], None]


def bytes_needed(entry: ModelEntry) -> int:
    """Return the free room that getting a model demands: download, conversion, a reserve."""
    if entry.source is None:
        return 0
    return entry.source.size + CONVERTED_BYTES + RESERVE_BYTES


class Fetcher:
    """Brings models into ``models_dir``, checks them and takes them away again.

    Everything is synchronous; a lock in ``.downloads`` keeps the service and the command line
    from doing the same thing twice.
    """

    def __init__(
        self,
        models_dir: Path,
        access: Access,
        *,
        catalogue: Mapping[str, ModelEntry] = CATALOGUE,
        converter: Converter | None = None,
        downloader: Downloader | None = None,
        free: Callable[[Path], int] = free_bytes,
        clock_s: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.models_dir = models_dir
        self.downloads = models_dir / DOWNLOADS
        self.access = access
        self.catalogue = catalogue
        self.converter = converter or Converter()
        self._downloader = downloader or Downloader(self.downloads, access)
        self._free = free
        self._clock_s = clock_s
        way = f"{access.base} {access.proxy or ''}"
        self.tries = Tries(self.downloads / TRIES_FILE, way, jitter)

    def holder(self) -> int | None:
        """Return the pid of the process that is getting or removing a model, or None."""
        return lock.holder(self.downloads)

    def source_of(self, name: str) -> Source:
        """Return what the model ``name`` is made of, if it is one that can be fetched.

        Raises
        ------
        ModelError
            When there is nothing to fetch, with the way to have it.
        """
        known = registry.entry(name, self.models_dir, catalogue=self.catalogue)
        if known.source is not None:
            return known.source
        if known.made_from:
            raise ModelError(
                f"{known.name} is made on this machine: traumbox model quantize {known.made_from}"
            )
        raise ModelError(f"{known.name} comes with traumbox: there is nothing to fetch.")

    def ensure_converter(self) -> None:
        """Refuse while what converts a checkpoint isn't installed.

        Raises
        ------
        ModelError
            With the command that installs it, and the way around.
        """
        missing = self.converter.missing()
        if missing:
            raise ModelError(
                "A checkpoint of LAION's must be converted once, and PyTorch for that isn't "
                f"installed. Run: {missing}. Or copy a converted model from another machine and "
                "run: traumbox model import FOLDER"
            )

    def fetch(self, name: str, progress: Watch, stop: Event) -> None:
        """Download and convert the model ``name``, unless it is installed and whole.

        Raises
        ------
        FetchError
            When it can't be had; ``again`` says whether trying later helps.
        ModelError
            When there is no such model, or the converter isn't installed.
        AlreadyRunningError
            When another process is at it.
        FetchStopped
            When ``stop`` is set; what has come is kept.
        """
        source = self.source_of(name)
        if self._is_whole(name):
            return
        self.ensure_converter()
        with lock.exclusive(self.downloads) as held:
            taking.tidy(self.models_dir / name)
            if not self._is_whole(name):  # another process may just have brought it
                self._ensure_room(source)
                reporter = Reporter(name, source.size, progress, self._clock_s)
                vocabulary, merges, checkpoint = self._download(source, reporter, stop)
                job = Job(checkpoint, vocabulary, merges, name, self.models_dir / name)
                self._convert(job, reporter, stop, held)
            self._discard(source)
            self.tries.clear(name)

    def import_from(self, path: Path, progress: Watch, stop: Event) -> str:
        """Take in a checkpoint or a converted model's folder; return the model's name.

        The original stays as it is.

        Raises
        ------
        ModelError
            When it is neither, or damaged, or another checkpoint of that name is installed.
        AlreadyRunningError, FetchStopped
            As for `fetch`.
        """
        check_importable(path)
        with lock.exclusive(self.downloads) as held:
            if path.is_dir():
                name = self._import_folder(path, progress, stop)
            else:
                name = self._import_checkpoint(path, progress, stop, held)
            self.tries.clear(name)
            return name

    def verify(
        self, name: str, progress: Callable[[int, int], None] = lambda _done, _total: None
    ) -> str:
        """Read all files of an installed model; return "" or what is wrong with them.

        Raises
        ------
        ModelError
            When no model has that name.
        """
        known = registry.entry(name, self.models_dir, catalogue=self.catalogue)
        directory = self.models_dir / known.name
        try:
            known.card(directory)
            known.verify(directory, progress)
        except ModelError as error:
            return str(error)
        return ""

    def remove(self, name: str) -> None:
        """Delete a model's files and what was downloaded of it; it won't be fetched by itself.

        Raises
        ------
        ModelError
            When it comes with traumbox, isn't there, or can't be deleted.
        AlreadyRunningError
            When another process is getting a model.
        """
        known = registry.entry(name, self.models_dir, catalogue=self.catalogue)
        if known.comes_along:
            raise ModelError(f"{known.name} is part of traumbox and stays.")
        target = self.models_dir / known.name
        with lock.exclusive(self.downloads):
            taking.tidy(target)
            parts = self._parts(known.source) if known.source is not None else []
            if not target.exists() and not parts:
                raise ModelError(f"{known.name} isn't installed.")
            taking.delete(target)
            for part in parts:
                part.unlink(missing_ok=True)
            self.tries.given_up(known.name)

    def bytes_to_come(self, source: Source) -> int:
        """Return how much of a download is still to come, judged by the sizes of what is here."""
        return sum(self._downloader.missing_bytes(file) for file in source.files)

    def _ensure_room(self, source: Source) -> None:
        needed = self.bytes_to_come(source) + CONVERTED_BYTES
        ensure_room(self.models_dir, needed, self._free(self.models_dir))

    def _download(self, source: Source, reporter: Reporter, stop: Event) -> list[Path]:
        """Return the paths of all of the source's files, in their order there."""
        found: list[Path] = []
        before = 0
        for file in source.files:

            def advance(done_bytes: int, note: str = "", before: int = before) -> None:
                reporter.at(before + done_bytes, note)

            found.append(self._downloader.get(file, advance, stop))
            before += file.size
        return found

    def _convert(self, job: Job, reporter: Reporter, stop: Event, held: int) -> None:
        reporter.step("checkpoint", 0.0)
        try:
            self.converter.convert(job, self.downloads, reporter.step, stop, held)
            registry.card(job.name, self.models_dir, catalogue=self.catalogue)
        except (FetchError, FetchStopped):
            raise
        except ModelError as error:
            raise FetchError(str(error), reason="couldn't be converted", again="never") from error
        finally:
            taking.tidy(job.target)

    def _import_folder(self, path: Path, progress: Watch, stop: Event) -> str:
        manifest = read_manifest(path)
        known = self.catalogue.get(manifest.name)
        if known is None or known.comes_along:
            raise ModelError(
                f"{path} holds a model “{manifest.name}”, which this traumbox doesn't know. Update "
                "traumbox."
            )
        target = self.models_dir / manifest.name
        if path.resolve() == target.resolve():
            raise ModelError(f"{path} is where it belongs already: nothing to do.")
        self._refuse_another(manifest.name, manifest.source_sha256)
        total = sum(entry.size for entry in manifest.files.values())
        ensure_room(self.models_dir, total, self._free(self.models_dir))
        reporter = Reporter(manifest.name, total, progress, self._clock_s)
        done = 0

        def advance(copied_bytes: int) -> None:
            nonlocal done
            done += copied_bytes
            reporter.at(done, "copying")

        taking.take_in(path, manifest, target, advance, stop)
        return manifest.name

    def _import_checkpoint(self, path: Path, progress: Watch, stop: Event, held: int) -> str:
        self.ensure_converter()
        size = path.stat().st_size
        sha256 = self._checkpoint_sha256(path, size, progress, stop)
        name, is_known = self._recognise(path, sha256, stop, held)
        self._refuse_another(name, sha256)
        ensure_room(self.models_dir, CONVERTED_BYTES, self._free(self.models_dir))
        source = self.source_of(name)
        tokenizer = find_tokenizer(
            source, self._tokenizer_places(path), self._downloader, stop, exact=is_known
        )
        reporter = Reporter(name, size, progress, self._clock_s)
        job = Job(path, tokenizer.vocabulary, tokenizer.merges, name, self.models_dir / name)
        taking.tidy(job.target)
        self._convert(job, reporter, stop, held)
        return name

    def _checkpoint_sha256(self, path: Path, size: int, progress: Watch, stop: Event) -> str:
        reporter = Reporter(path.name, size, progress, self._clock_s)
        done = 0

        def advance(read_bytes: int) -> None:
            nonlocal done
            if stop.is_set():
                raise FetchStopped
            done += read_bytes
            reporter.at(done, "checking which one it is")

        try:
            return file_sha256(path, advance)
        except OSError as error:
            raise ModelError(f"{path} can't be read ({error.strerror}).") from error

    def _recognise(self, path: Path, sha256: str, stop: Event, held: int) -> tuple[str, bool]:
        """Return the model's name, and whether it is the very file that the catalogue knows."""
        fetchable = {
            name: entry for name, entry in self.catalogue.items() if entry.source is not None
        }
        for name, entry in fetchable.items():
            if entry.source is not None and entry.source.checkpoint.sha256 == sha256:
                return name, True
        architecture = self.converter.architecture(path, self.downloads, stop, held)
        for name, entry in fetchable.items():
            if entry.architecture == architecture:
                return name, False
        raise ModelError(f"{path} is no checkpoint of LAION CLAP that traumbox knows.")

    def _refuse_another(self, name: str, source_sha256: str) -> None:
        """Refuse to put other weights under a name that is in use: its space would be mixed."""
        if not self._is_installed(name):
            return
        installed = read_manifest(self.models_dir / name)
        if installed.source_sha256 != source_sha256:
            raise ModelError(
                f"{name} is installed from another checkpoint ({installed.source}). Remove that "
                f"one first: traumbox model remove {name}"
            )

    def _tokenizer_places(self, checkpoint: Path) -> list[Path]:
        models = [self.models_dir / name for name in self.catalogue]
        return [checkpoint.parent, self.downloads, *models]

    def _discard(self, source: Source) -> None:
        """Delete the checkpoint: what it was good for is done."""
        for part in self._parts(source):
            part.unlink(missing_ok=True)

    def _parts(self, source: Source) -> list[Path]:
        name = source.checkpoint.name
        return [
            path
            for path in (self.downloads / f"{name}{end}" for end in ("", ".part", ".part.json"))
            if path.exists()
        ]

    def _is_whole(self, name: str) -> bool:
        return self._is_installed(name) and not self.verify(name)

    def _is_installed(self, name: str) -> bool:
        return registry.is_installed(name, self.models_dir, catalogue=self.catalogue)


def check_importable(path: Path) -> None:
    """Refuse what is plainly neither a checkpoint nor a converted model's folder.

    Raises
    ------
    ModelError
        Saying what is expected there.
    """
    expected = (
        "Expected is LAION's checkpoint (a file ending in .pt) or the folder of a converted model "
        f"(with {FILE_NAME} in it)."
    )
    try:
        if not path.exists():
            raise ModelError(f"There is no {path}. {expected}")
        is_model = (path / FILE_NAME).is_file() if path.is_dir() else path.suffix == ".pt"
        if not is_model:
            raise ModelError(f"{path} is no model. {expected}")
    except OSError as error:
        raise ModelError(
            f"{path} can't be read ({error.strerror}). Let the user that runs traumbox read it."
        ) from error
