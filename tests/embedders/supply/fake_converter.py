"""Stands in for the converter, as a process: what it does, the checkpoint's first line says."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from traumbox.embedders.clap.manifest import (
    CALIBRATION,
    MERGES,
    VERSION,
    VOCABULARY,
    Manifest,
    entry_of,
    file_sha256,
    model_id,
    write_manifest,
)

ARCHITECTURES = {"clap-music": "HTSAT-base", "clap-general": "HTSAT-tiny"}


def say(**fact: object) -> None:
    sys.stdout.write(json.dumps(fact) + "\n")
    sys.stdout.flush()


def convert(checkpoint: Path, vocabulary: Path, merges: Path, name: str, target: Path) -> None:
    new = target.with_name(f"{target.name}.new")
    new.mkdir(parents=True)
    contents = {
        "audio.onnx": b"audio tower of " + checkpoint.read_bytes(),
        "text.onnx": b"text tower of " + checkpoint.read_bytes(),
        VOCABULARY: vocabulary.read_bytes(),
        MERGES: merges.read_bytes(),
    }
    for file, content in contents.items():
        (new / file).write_bytes(content)
    sha256 = file_sha256(checkpoint)
    manifest = Manifest(
        version=VERSION,
        name=name,
        id=model_id(name, sha256),
        architecture=ARCHITECTURES[name],
        dim=512,
        licence="CC0-1.0",
        source=checkpoint.name,
        source_sha256=sha256,
        calibration=CALIBRATION,
        precision="fp32",
        max_distance={"audio": 0.0, "text": 0.0},
        files={file: entry_of(new / file) for file in contents},
        check={},
    )
    write_manifest(new, manifest)
    shutil.rmtree(target, ignore_errors=True)
    new.rename(target)


def main() -> int:
    parser = argparse.ArgumentParser()
    for name in ("--checkpoint", "--vocab", "--merges", "--target"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--name")
    parser.add_argument("--inspect", action="store_true")
    asked = parser.parse_args()
    order = asked.checkpoint.read_bytes().split(b"\n")[0].decode("ascii", "replace")
    sys.stdout.write("a library's chatter\n")
    if order == "fail":
        say(error="The checkpoint is damaged. Download it again.")
        return 1
    if asked.inspect:
        say(architecture=order)
        return 0
    say(step="checkpoint", done=0.1)
    if order == "hang":
        (asked.target.parent / "converter.pid").write_text(str(os.getpid()))
        time.sleep(60)
    if order == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if order == "crash":
        sys.stderr.write("Traceback: something\n")
        return 3
    say(step="audio", done=0.5)
    if order != "nothing":
        convert(asked.checkpoint, asked.vocab, asked.merges, asked.name, asked.target)
    say(step="done", done=1.0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
