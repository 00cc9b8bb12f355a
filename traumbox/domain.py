"""The frozen values that travel through the house; no I/O, no behaviour beyond their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Int16 = NDArray[np.int16]

SAMPLE_RATE_HZ = 48_000
"""The one rate at which traumbox listens; what CLAP was trained on."""
WINDOW_S = 10.0
WINDOW_SAMPLES = 480_000
"""Exactly ten seconds at 48 kHz; given any other length CLAP would crop at random."""
PEAKS = 220
"""Columns of a stored waveform picture."""

HEAT = 96
"""Columns of a heat-map."""

Kind = Literal["music", "audiobook", "podcast"]
KINDS: tuple[Kind, ...] = ("music", "audiobook", "podcast")

State = Literal["pending", "indexed", "failed", "excluded"]
STATES: tuple[State, ...] = ("indexed", "pending", "failed", "excluded")


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Where a file lies: a watched folder's name and a path relative to its root.

    The path is bytes, as the file system has it: not every name is UTF-8, and NFC and NFD
    spellings of one name are two files. ``part`` is 0 for a whole file; the tracks that a CUE sheet
    finds in one file are its parts, counted from 1.
    """

    folder: str
    path: bytes
    part: int = 0

    @property
    def display(self) -> str:
        r"""The path for people and JSON: valid Unicode, alien bytes as ``\xNN``."""
        return self.path.decode("utf-8", "backslashreplace")

    @property
    def stem(self) -> str:
        """The file's name for people, without folders and suffix."""
        name = self.display.rsplit("/", 1)[-1]
        return name.rsplit(".", 1)[0] or name


@dataclass(frozen=True, slots=True)
class Cut:
    """One track of a file that a CUE sheet divides: from ``start_s`` to ``end_s`` (None: its end).

    ``tags`` are what the sheet says of the track. ``embedded`` tells that the sheet lies within the
    file and not beside it.
    """

    start_s: float
    end_s: float | None
    tags: Tags
    embedded: bool = False


@dataclass(frozen=True, slots=True)
class FileStat:
    """What tells one version of a file from the next; of a part, also where and what it is."""

    size: int
    mtime_ns: int
    inode: int
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One file (or part of one) as a scan sees it; ``excluded`` says why it isn't to be heard."""

    location: Location
    stat: FileStat
    excluded: str = ""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the ledger remembers of a file, as far as a scan needs it.

    ``reason`` is given for excluded files only: it is compared with what the rules say now.
    """

    track_id: str
    stat: FileStat
    state: State
    missing: bool = False
    reason: str = ""


SeenRow = tuple[bytes, int, int, int, int, Cut | None, str]
"""A ``Found`` as a scan passes it on: (path, part, size, mtime_ns, inode, cut, excluded).

A plain tuple: hundreds of thousands of them are compared in every scan, and next to none differs.
"""
KnownRow = tuple[bytes, int, int, int, int, Cut | None, str, str, State, bool]
"""A place and its ``KnownFile`` as the ledger passes them on to be compared with a ``SeenRow``.

The first seven are a ``SeenRow``'s, with the reason as ``excluded``; then (track_id, state,
missing).
"""


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference between what was scanned and what is known.

    ``new`` and ``shut`` are by place; a file in ``shut`` is new, but excluded for the reason given.
    All else is by track id. ``moved`` also holds files that came back where they were.
    ``excluded`` are known files that a rule covers now, with its reason; ``included`` were excluded
    and no longer are.
    """

    new: Mapping[Location, FileStat] = field(default_factory=dict)
    shut: Mapping[Location, tuple[FileStat, str]] = field(default_factory=dict)
    changed: Mapping[str, FileStat] = field(default_factory=dict)
    moved: Mapping[str, tuple[Location, FileStat]] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    excluded: Mapping[str, str] = field(default_factory=dict)
    included: Mapping[str, FileStat] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(
            (
                self.new,
                self.shut,
                self.changed,
                self.moved,
                self.gone,
                self.excluded,
                self.included,
            )
        )


WatchMode = Literal["live", "partial", "polled"]


@dataclass(frozen=True, slots=True)
class WatchHealth:
    """How the news of a folder arrive, and when not by events: why, and what the owner can do.

    ``live``: every change tells itself; ``partial``: only some directories are watched;
    ``polled``: none is, the clock finds the changes.
    """

    mode: WatchMode = "polled"
    reason: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A removal so large that it waits for the owner's word; nothing has been changed yet.

    ``count`` of ``total`` tracks of a folder would go, some because they are ``gone``, the others
    because a rule would exclude them. ``examples`` are display paths.
    """

    count: int
    total: int
    gone: int
    since_s: float
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FolderState:
    """How a folder fared in the last look; times are POSIX seconds.

    ``note`` says what is wrong, first of all why it is offline. ``files`` counts what is there,
    ``unreadable`` the directories and files that can't be listed. ``looked`` is False until the
    first scan since the start has come to its end.
    """

    online: bool
    note: str = ""
    files: int = 0
    unreadable: int = 0
    last_scan_s: float | None = None
    held: Held | None = None
    looked: bool = True


@dataclass(frozen=True, slots=True)
class Removal:
    """Tracks of a folder that one scan found gone; they come back with their files.

    They are kept until ``until_s`` at least; times are POSIX seconds. ``examples`` are display
    paths.
    """

    folder: str
    since_s: float
    until_s: float
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tags:
    """What the file says of itself. Empty strings and None mean: not said."""

    title: str = ""
    artist: str = ""
    album: str = ""
    album_artist: str = ""
    genre: str = ""
    year: int | None = None
    track_no: int | None = None
    disc_no: int | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """The technical side of a file; ``container`` and ``codec`` in FFmpeg's short names."""

    container: str
    codec: str
    sample_rate_hz: int
    channels: int


@dataclass(frozen=True, slots=True)
class Descriptors:
    """Numbers measured from the signal; None where the signal doesn't yield one."""

    bpm: float | None = None
    key: str | None = None  # "C major", "F# minor"
    loudness_lufs: float | None = None
    brightness_hz: float | None = None  # mean spectral centroid


@dataclass(frozen=True, slots=True)
class Audio:
    """A block of sound: mono float32[n] in -1..1 at ``sample_rate_hz``."""

    samples: Float32
    sample_rate_hz: int = SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True)
class Window:
    """One excerpt as the model hears it: float32[480000], beginning ``start_s`` into the track."""

    start_s: float
    samples: Float32


@dataclass(frozen=True, slots=True)
class Heard:
    """What listening to one file found out, before and apart from any model.

    ``audio_id`` names the sound itself (hash of the decoded samples): a retag, a move or a copy
    keeps it. ``peaks`` is uint8[PEAKS]. ``cover`` is a small JPEG. ``mark`` is a remark for people
    about a file that was heard all the same ("cut short: …").
    """

    audio_id: str
    duration_s: float
    media: Media
    tags: Tags = field(default_factory=Tags)
    descriptors: Descriptors = field(default_factory=Descriptors)
    peaks: bytes = b""
    cover: bytes | None = None
    mark: str = ""


def unit(vector: NDArray[np.floating]) -> Float32:
    """Return ``vector`` scaled to norm 1, as float32; a vector of zeros stays one."""
    norm = float(np.linalg.norm(vector))
    return (vector / norm if norm else vector).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Embedding:
    """The windows of one sound in one model's space: start_s float32[n], vectors float32[n, dim].

    Vectors have unit norm. ``n`` is 0 for silence.
    """

    model_id: str
    start_s: Float32
    vectors: Float32


@dataclass(frozen=True, slots=True)
class Track:
    """A file that was heard, as search and the panel show it."""

    id: str
    location: Location
    audio_id: str
    duration_s: float
    media: Media
    tags: Tags
    descriptors: Descriptors

    @property
    def title(self) -> str:
        """The tagged title, else the file's name without its suffix."""
        return self.tags.title or self.location.stem


@dataclass(frozen=True, slots=True)
class Query:
    """What someone wants to find: a sentence, or likeness to a track.

    ``kinds`` are the only ones wanted; none named: all.
    """

    text: str = ""
    like: str | None = None  # a track id
    limit: int = 24
    kinds: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Hit:
    """One track of an answer and the moment where it matches best.

    ``score`` is the cosine similarity of the best window, ``match`` the same on the model's
    calibrated 0-100 scale.
    """

    track: Track
    start_s: float
    score: float
    match: int
    why: tuple[str, ...] = ("sound",)


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits of a query, best first, and among how many tracks they were found."""

    hits: tuple[Hit, ...]
    searched: int  # tracks that have been heard
    total: int  # tracks the appliance knows of, heard or not
    took_ms: float


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in a track and how well it matches."""

    start_s: float
    score: float
    match: int


@dataclass(frozen=True, slots=True)
class Moments:
    """Where in one track a query matches.

    ``heat`` is uint8[HEAT] over the whole track; ``best`` holds places that lie apart, best first.
    """

    heat: bytes
    best: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """Progress of the indexing; the four counts add up to the known files on disk.

    ``missing`` counts the tracks whose files are gone and which are kept for their return.
    ``resting`` says in words why nothing is heard just now though files wait, or is empty.
    """

    indexed: int = 0
    pending: int = 0
    failed: int = 0
    excluded: int = 0
    missing: int = 0
    paused: bool = False
    resting: str = ""
    now_hearing: str = ""  # display path of the file in hand
    tracks_per_minute: float = 0.0
    eta_s: float | None = None

    @property
    def total(self) -> int:
        """Every file the appliance knows of."""
        return self.indexed + self.pending + self.failed + self.excluded


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What the rest of the house must know of a model.

    ``id`` names the embedding space and its tables. ``calibration`` is (midpoint, slope) of the
    logistic curve that turns a text-to-audio cosine into the 0-100 match.
    """

    id: str
    name: str
    dim: int
    licence: str
    calibration: tuple[float, float] = (0.3, 12.0)

    def match(self, score: float) -> int:
        """Return the calibrated 0-100 match of a cosine ``score``."""
        midpoint, slope = self.calibration
        return round(100.0 / (1.0 + float(np.exp(-slope * (score - midpoint)))))


ModelState = Literal["absent", "installed", "damaged"]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """One model of the catalogue and how it stands on this machine.

    ``tracks`` counts what is stored in its space, which may outlive its files. ``note`` is for
    people: why it is damaged, what its self-check found.
    """

    name: str
    title: str
    purpose: str
    licence: str
    dim: int
    download_bytes: int  # 0: nothing to download
    state: ModelState
    serving: bool = False
    tracks: int = 0
    note: str = ""


FetchStage = Literal["waiting", "download", "convert"]


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """How the getting of a model goes; ``waiting`` is for the next try, at ``next_try_s``.

    ``next_try_s`` is POSIX time. ``note`` says in words what goes on or went wrong.
    """

    model: str
    stage: FetchStage
    done_bytes: int = 0
    total_bytes: int = 0
    bytes_per_s: float = 0.0
    left_s: float | None = None
    next_try_s: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChangeProgress:
    """How the change to another model goes: tracks in its space, of all that the old one has.

    ``waiting`` are tracks that can't be heard now because their folder is offline; the switch
    waits for them unless it is asked for.
    """

    old: str
    new: str
    done: int
    total: int
    waiting: int = 0
    paused: bool = False
    left_s: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ModelsStatus:
    """Everything about models at one moment; names are those of the configuration.

    ``notice`` is one sentence for the owner, such as "LAION CLAP not reachable; searching with
    the built-in model; next try 14:05.", or empty.
    """

    wanted: str  # model.name of the configuration
    serving: str
    models: tuple[ModelInfo, ...]
    fetch: FetchProgress | None = None
    change: ChangeProgress | None = None
    notice: str = ""
