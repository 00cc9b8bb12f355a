"""A small real appliance for the web to stand on: ledger, cache, index, files on disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import soundfile

from tests.fakes import MemoryIndex, ToneEmbedder
from tests.web.desk import FakeDesk, FakeFolders
from traumbox.config import Folder, Security, Settings, Web
from traumbox.domain import (
    PEAKS,
    WINDOW_S,
    WINDOW_SAMPLES,
    Changes,
    Descriptors,
    Embedding,
    FileStat,
    Heard,
    IndexStatus,
    Location,
    Media,
    Tags,
)
from traumbox.errors import AudioError
from traumbox.library.folders import WatchedFolder
from traumbox.ports import IndexEntry, Space
from traumbox.search import SearchService, Starters
from traumbox.stores.cache import MediaCache
from traumbox.stores.diary import Diary
from traumbox.stores.ledger import FileRow, Ledger
from traumbox.web.services import FolderView, Readiness, Services

RATE_HZ = 48_000
NOW_S = 1_800_000_000.0
JPEG = b"\xff\xd8\xff\xe0 a cover \xff\xd9"
FLAC = Media("flac", "flac", RATE_HZ, 1)


@dataclass
class Appliance:
    """Everything the daemon would hand to the web; what was asked of it is in ``asked``.

    ``heard`` are the uploads that it was given to hear, with ``hearing_model``.
    """

    directory: Path
    allowed_hosts: tuple[str, ...] = ()
    readiness: Readiness = field(default_factory=lambda: Readiness(ready=True))
    asked: list[str] = field(default_factory=list)
    desk: FakeDesk = field(default_factory=FakeDesk)
    uploads: list[Exception | Callable[[], object]] = field(default_factory=list)
    heard: list[Path] = field(default_factory=list)
    hearing_model: str = "tones"
    said_duration_s: float | None = None

    def __post_init__(self) -> None:
        self.music = self.directory / "music"
        self.music.mkdir()
        self.folder = WatchedFolder("Music", self.music)
        self.folders = FakeFolders(
            views=[FolderView("Music", str(self.music), online=True)], asked=self.asked
        )
        self.ledger = Ledger(self.directory / "traumbox.db")
        self.cache = MediaCache(self.directory / "cache")
        self.embedder = ToneEmbedder()
        self.index = MemoryIndex(self.embedder.card)

    @property
    def online(self) -> bool:
        """Whether the folder “Music” is; to be set."""
        return self.folders.views[0].online

    @online.setter
    def online(self, online: bool) -> None:
        note = "" if online else "its disk isn't there"
        self.folders.views[0] = replace(self.folders.views[0], online=online, note=note)

    def services(self) -> Services:
        settings = Settings(
            data_dir=self.directory,
            folders=(Folder(path=self.music, name="Music"),),
            web=Web(host="127.0.0.1"),
            security=Security(allowed_hosts=self.allowed_hosts),
        )
        return Services(
            settings=settings,
            ledger=self.ledger,
            cache=self.cache,
            search=SearchService(
                Space("tones", self.embedder, self.index),
                self.ledger,
                starters=Starters(self.ledger, self.directory / "probes"),
            ),
            status=lambda: IndexStatus(
                **self.ledger.counts(),
                missing=self.folders.views[0].missing if self.folders.views else 0,
                paused=self.folders.paused,
                resting="paused" if self.folders.paused else "",
                now_hearing="a/b\x1b.flac",
            ),
            readiness=lambda: self.readiness,
            folders=self.folders,
            kind_of=lambda track: "audiobook" if track.tags.genre == "Audiobook" else "music",
            resolve=lambda location: self.folder.resolve(location) if self.online else None,
            start_demo=lambda: self.asked.append("demo"),
            demo_running=lambda: False,
            reload=lambda: self.asked.append("reload"),
            models=self.desk,
            diary=Diary(self.ledger.database),
            hear=self.hear,
        )

    def hear(self, path: Path, within_s: float) -> tuple[Heard, Embedding]:
        """Hear an upload as the listener would; what is in ``uploads`` happens first."""
        self.heard.append(path)
        for event in [self.uploads.pop(0)] if self.uploads else []:
            if isinstance(event, Exception):
                raise event
            event()
        try:
            samples, _ = soundfile.read(path, dtype="float32")
        except soundfile.LibsndfileError as error:
            raise AudioError("it isn't audio") from error
        windows = samples[: len(samples) // WINDOW_SAMPLES * WINDOW_SAMPLES]
        vectors = self.embedder.embed_audio(windows.reshape(-1, WINDOW_SAMPLES))
        starts_s = np.arange(len(vectors), dtype=np.float32) * WINDOW_S
        duration_s = self.said_duration_s or len(samples) / RATE_HZ
        embedding = Embedding(self.hearing_model, starts_s, vectors)
        return Heard("an upload", duration_s, FLAC), embedding

    def add(
        self,
        name: bytes,
        *tones_hz: float,
        media: Media = FLAC,
        tags: Tags | None = None,
        cover: bytes | None = None,
    ) -> str:
        """Write a file of one window a tone, hear it, and return its track id."""
        windows = np.stack([tone(hz) for hz in tones_hz])
        location = self.write(name, windows)
        track_id = self.drop(location)
        heard = Heard(
            audio_id=f"sound-of-{track_id}",
            duration_s=WINDOW_S * len(tones_hz),
            media=media,
            tags=tags or Tags(),
            descriptors=Descriptors(bpm=90.0, key="C major"),
            peaks=bytes(range(PEAKS)),
            cover=cover,
        )
        embedding = Embedding(
            self.embedder.card.id,
            np.arange(len(tones_hz), dtype=np.float32) * WINDOW_S,
            self.embedder.embed_audio(windows),
        )
        self.ledger.mark_indexed([(track_id, self.row(track_id).stat, heard, "")], NOW_S)
        self.index.add([IndexEntry(self.row(track_id).as_track(), embedding, NOW_S)])
        self.cache.put_peaks(heard.audio_id, heard.peaks)
        self.cache.put_cover(track_id, cover)
        return track_id

    def write(self, name: bytes, windows: np.ndarray) -> Location:
        path = self.music / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        kind = "WAV" if name.endswith(b".wav") else "FLAC"
        # Through a file object: the name decides the format otherwise, and not all are Unicode.
        with path.open("wb") as file:
            soundfile.write(file, windows.reshape(-1), RATE_HZ, format=kind)
        return Location("Music", name)

    def drop(self, location: Location) -> str:
        """Let a scan find the file; it is pending then."""
        stat = self.folder.path_of(location).lstat()
        new = {location: FileStat(stat.st_size, stat.st_mtime_ns, stat.st_ino)}
        self.ledger.apply(Changes(new=new), NOW_S)
        track_id = self.ledger.known()[location].track_id
        self.folders.files.add(track_id)
        return track_id

    def row(self, track_id: str) -> FileRow:
        row = self.ledger.row(track_id)
        assert row is not None
        return row

    def path(self, track_id: str) -> Path:
        return self.folder.path_of(self.row(track_id).location)


def tone(frequency_hz: float) -> np.ndarray:
    times_s = np.arange(WINDOW_SAMPLES) / RATE_HZ
    return (0.3 * np.sin(2 * np.pi * frequency_hz * times_s)).astype(np.float32)
