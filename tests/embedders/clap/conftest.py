"""Models converted from random checkpoints, kept between runs: making one takes half a minute."""

import fcntl
import hashlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.embedders.clap import checkpoints
from traumbox.embedders import clap
from traumbox.embedders.clap import manifest

NEEDED = ("torch", "onnx", "laion_clap", "transformers", "torchlibrosa")
CACHE = checkpoints.ROOT / ".cache" / "clap-tests"
NAMES = {"HTSAT-base": "clap-music", "HTSAT-tiny": "clap-general"}


def absent() -> str:
    """The packages of the extra "clap" that aren't installed."""
    return ", ".join(name for name in NEEDED if importlib.util.find_spec(name) is None)


@pytest.fixture(scope="session")
def converter() -> None:
    """Skip where the converter isn't installed."""
    if absent():
        pytest.skip(f"the converter isn't installed: no {absent()} (make clap)")


@pytest.fixture(scope="session")
def converted_base(converter) -> Path:
    """The folder of a converted HTSAT-base; don't write into it."""
    return converted("HTSAT-base")


@pytest.fixture(scope="session")
def converted_tiny(converter) -> Path:
    """The folder of a converted HTSAT-tiny; don't write into it."""
    return converted("HTSAT-tiny")


def converted(architecture: str) -> Path:
    """Return a model converted from random weights by today's sources, from the cache if there.

    ``checkpoint.pt`` lies beside the folder, without optimizer, and what the converter said.
    """
    place = CACHE / f"{architecture}-{_key()}"
    model = place / NAMES[architecture]
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{architecture}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (model / manifest.FILE_NAME).exists():
            _forget_others(architecture)
            _convert(architecture, place, model)
    return model


def _convert(architecture: str, place: Path, model: Path) -> None:
    """Convert as an owner's machine does: in a process of its own, of HTSAT-base the whole file."""
    place.mkdir()
    vocab, merges = checkpoints.vocabulary(place)
    checkpoint = place / "checkpoint.pt"
    whole = architecture == "HTSAT-base"
    checkpoints.write_checkpoint(checkpoint, architecture, seed=1, optimizer=whole)
    record = Conversion.of(
        {
            "--checkpoint": checkpoint,
            "--vocab": vocab,
            "--merges": merges,
            "--name": model.name,
            "--target": model,
            "--threads": 2,
        }
    )
    assert record.code == 0, record.lines[-1:]
    (place / "conversion.json").write_text(json.dumps(asdict(record)))
    if whole:  # two thirds of it have done their duty
        checkpoints.write_checkpoint(checkpoint, architecture, seed=1, optimizer=False)


@dataclass(frozen=True)
class Conversion:
    """What a run of the converter printed, and how much memory it had at most."""

    code: int
    lines: list[dict[str, Any]]
    peak_mb: int

    @classmethod
    def of(cls, options: Mapping[str, object], *flags: str) -> "Conversion":
        command = [sys.executable, "-m", "traumbox.embedders.clap.convert", *flags]
        command += [str(part) for option in options.items() for part in option]
        with subprocess.Popen(
            command, cwd=checkpoints.ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        ) as process:
            lines, peak_mb = [], 0
            for line in process.stdout:
                lines.append(json.loads(line))
                peak_mb = max(peak_mb, _peak_mb(process.pid))
        return cls(process.returncode, lines, peak_mb)

    @classmethod
    def read(cls, model: Path) -> "Conversion":
        return cls(**json.loads((model.parent / "conversion.json").read_text()))


def _peak_mb(pid: int) -> int:
    """Return the high-water mark of a process; 0 when it has gone.

    Not what ``wait4`` says: that counts the parent that it was forked from, too.
    """
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
    return 0


def _forget_others(architecture: str) -> None:
    for other in CACHE.glob(f"{architecture}-*"):
        for path in sorted(other.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        other.rmdir()


def _key() -> str:
    """Return what changes when the converter, the test's weights or a library does."""
    package = Path(clap.__file__).parent
    sources = [*sorted((package / "convert").glob("*.py")), package / "manifest.py"]
    sources += [package / "golden.py", Path(checkpoints.__file__), Path(__file__)]
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.read_bytes())
    for name in NEEDED:
        digest.update(version(name.replace("_", "-")).encode())
    return digest.hexdigest()[:12]
