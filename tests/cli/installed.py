"""A model's folder as it lies on disk once it is installed; its towers are no towers."""

from __future__ import annotations

from pathlib import Path

from traumbox.embedders.catalogue import CATALOGUE
from traumbox.embedders.clap.manifest import (
    CALIBRATION,
    VERSION,
    Manifest,
    entry_of,
    model_id,
    write_manifest,
)

SHA256 = "ab" * 32


def install(models_dir: Path, name: str, check: dict[str, object] | None = None) -> Path:
    """Return the folder of a whole model ``name``."""
    directory = models_dir / name
    directory.mkdir(parents=True)
    for file in ("audio.onnx", "text.onnx", "vocab.json"):
        (directory / file).write_bytes(f"{file} of {name}".encode())
    entry = CATALOGUE[name]
    manifest = Manifest(
        version=VERSION,
        name=name,
        id=model_id(name, SHA256),
        architecture=entry.architecture,
        dim=entry.dim,
        licence=entry.licence,
        source="checkpoint.pt",
        source_sha256=SHA256,
        calibration=CALIBRATION,
        precision="int8" if entry.made_from else "fp32",
        max_distance={"audio": 1e-6, "text": 1e-6},
        files={path.name: entry_of(path) for path in sorted(directory.iterdir())},
        check=check or {},
    )
    write_manifest(directory, manifest)
    return directory
