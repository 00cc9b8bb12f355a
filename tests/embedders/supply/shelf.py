"""A small catalogue: the real entries, with files of a few kilobytes in the place of gigabytes."""

from __future__ import annotations

import dataclasses
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

from tests.embedders.supply.server import FileServer
from traumbox.embedders.catalogue import CATALOGUE, ModelEntry, RemoteFile, Source
from traumbox.embedders.supply import Access, Converter, Fetcher
from traumbox.embedders.supply.download import Downloader
from traumbox.embedders.supply.part import Open, for_appending

VOCABULARY, MERGES = b'{"<s>": 0}', b"#version: 0.2\n"
MUSIC = b"HTSAT-base\n" + bytes(range(256)) * 400
GENERAL = b"HTSAT-tiny\n" + bytes(range(255, -1, -1)) * 300

CONVERTER = (sys.executable, "-m", "tests.embedders.supply.fake_converter")
ROOM = 10**12


def remote(name: str, content: bytes) -> RemoteFile:
    return RemoteFile(
        name, f"/models/{name}", len(content), hashlib.sha256(content).hexdigest(), "CC0-1.0"
    )


def entry(name: str, checkpoint: bytes) -> ModelEntry:
    source = Source(
        remote(f"{name}.pt", checkpoint),
        remote("vocab.json", VOCABULARY),
        remote("merges.txt", MERGES),
    )
    return dataclasses.replace(CATALOGUE[name], source=source)


def catalogue(music: bytes = MUSIC) -> dict[str, ModelEntry]:
    return {
        **CATALOGUE,
        "clap-music": entry("clap-music", music),
        "clap-general": entry("clap-general", GENERAL),
    }


def server(music: bytes = MUSIC) -> FileServer:
    """A server that has every file of the catalogue; enter it."""
    return FileServer(
        {
            "/models/clap-music.pt": music,
            "/models/clap-general.pt": GENERAL,
            "/models/vocab.json": VOCABULARY,
            "/models/merges.txt": MERGES,
        }
    )


def fetcher(
    models_dir: Path,
    mirror: str,
    *,
    music: bytes = MUSIC,
    missing: str = "",
    room: Callable[[], int] = lambda: ROOM,
    open_file: Open = for_appending,
    timeout_s: float = 5.0,
    proxy: str | None = None,
) -> Fetcher:
    access = Access(mirror, proxy, timeout_s)
    return Fetcher(
        models_dir,
        access,
        catalogue=catalogue(music),
        converter=Converter(CONVERTER, missing=lambda: missing),
        downloader=Downloader(models_dir / ".downloads", access, pause_s=0.0, open_file=open_file),
        free=lambda _directory: room(),
    )
