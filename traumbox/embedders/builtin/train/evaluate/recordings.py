"""Real recordings: where the right ones rank for their own words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from traumbox.domain import SAMPLE_RATE_HZ, WINDOW_S, WINDOW_SAMPLES, Float32
from traumbox.embedders.builtin.mel import log_mel
from traumbox.embedders.builtin.train.evaluate.known import KNOWN
from traumbox.embedders.builtin.train.evaluate.model import LANGUAGES, Language, Model
from traumbox.embedders.builtin.train.evaluate.naming import average_precision

TABLE = "recordings.json"
_WINDOWS = 6


@dataclass(frozen=True, slots=True)
class Recording:
    """A file and the words, by language, for which it is right.

    ``maybe`` are words that may be true of it or not: in a search for one of these it is left out.
    """

    path: Path
    words: Mapping[Language, tuple[str, ...]]
    maybe: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WordResult:
    """Where the best right recording ranks for ``word``, 1 being first."""

    word: str
    language: Language
    right: int  # recordings
    among: int  # recordings, those left out for this word not counted
    rank: int
    average_precision: float
    first: str  # the file that came first


@dataclass(frozen=True, slots=True)
class RecordingsResult:
    """All words over all recordings of a folder."""

    recordings: int
    words: tuple[WordResult, ...]

    @property
    def first_right(self) -> float:
        """The share of words for which a right recording came first."""
        return float(np.mean([word.rank == 1 for word in self.words]))

    @property
    def blind_first_right(self) -> float:
        """What guessing would give."""
        return float(np.mean([word.right / word.among for word in self.words]))


def find_recordings(folder: Path) -> list[Recording]:
    """Return the recordings of ``folder`` of which it is known what is in them.

    A table ``recordings.json`` beside them tells:
    ``[{"file": "a.ogg", "words": {"en": ["trumpet"], "de": ["Trompete"]}}, …]``, the file relative
    to the folder, ``"maybe"`` like ``"words"`` if need be, other keys ignored. Without a table,
    files are known by a piece of their name (``known.KNOWN``).

    Raises
    ------
    ValueError
        When the table isn't of that form or names a file that isn't there.
    """
    table = folder / TABLE
    if table.exists():
        return _read_table(table)
    files = sorted(path for path in folder.glob("*") if path.suffix in {".ogg", ".flac", ".wav"})
    return [
        Recording(path, {language: words[language] for language in LANGUAGES})
        for path in files
        for fragment, words in KNOWN
        if fragment in path.name
    ]


def _read_table(table: Path) -> list[Recording]:
    try:
        rows = json.loads(table.read_text("utf-8"))
        found = [
            Recording(
                table.parent / row["file"],
                _by_language(row["words"]),
                _by_language(row.get("maybe", {})),
            )
            for row in rows
        ]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(
            f"{table} must be a list of "
            '{"file": …, "words": {"en": […], "de": […]}}: ' + repr(error)
        ) from error
    for recording in found:
        if not recording.path.is_file():
            raise ValueError(f"{table} names {recording.path}, which isn't there.")
    return found


def _by_language(words: Mapping[str, Sequence[str]]) -> dict[Language, tuple[str, ...]]:
    return {language: tuple(words.get(language, ())) for language in LANGUAGES}


def rank_recordings(model: Model, recordings: Sequence[Recording]) -> RecordingsResult:
    """Search ``recordings`` for each word that is right for some but not for all of them.

    A recording scores by its best window of ten seconds.
    """
    heard = [model.embed_mels([log_mel(one) for one in windows(r.path)]) for r in recordings]
    results = []
    for language in LANGUAGES:
        for word in dict.fromkeys(word for one in recordings for word in one.words[language]):
            query = model.embed_text([word])[0]
            scores = np.array([float((vectors @ query).max()) for vectors in heard])
            found = _rank(word, language, recordings, scores)
            if found.right < found.among:
                results.append(found)
    return RecordingsResult(len(recordings), tuple(results))


def _rank(
    word: str, language: Language, recordings: Sequence[Recording], scores: NDArray[np.float64]
) -> WordResult:
    def lists(words: Mapping[Language, tuple[str, ...]]) -> bool:
        return word.casefold() in {one.casefold() for one in words.get(language, ())}

    right = [lists(one.words) for one in recordings]
    judged = [
        is_right or not lists(one.maybe) for is_right, one in zip(right, recordings, strict=True)
    ]
    order = [place for place in np.argsort(-scores, kind="stable") if judged[place]]
    hits = [right[place] for place in order]
    return WordResult(
        word,
        language,
        right=sum(hits),
        among=len(hits),
        rank=hits.index(True) + 1,
        average_precision=average_precision(hits),
        first=recordings[order[0]].path.name,
    )


def windows(path: Path) -> list[Float32]:
    """Return at most six windows float32[480000] of a file, evenly over it, mono at 48 kHz.

    What is shorter than one is repeated as often as it fits, then padded with silence. Only the
    windows are decoded: recordings are minutes long.
    """
    with soundfile.SoundFile(path) as file:
        rate_hz, length = file.samplerate, file.frames
        size = round(WINDOW_S * rate_hz)
        count = min(_WINDOWS, max(1, -(-length // size)))
        found = []
        for start in np.unique(np.linspace(0, max(0, length - size), count).astype(int)):
            file.seek(int(start))
            excerpt = file.read(size, dtype="float32", always_2d=True).mean(axis=1)
            found.append(_filled(soxr.resample(excerpt, rate_hz, SAMPLE_RATE_HZ)))
    return found


def _filled(sound: Float32) -> Float32:
    repeated = np.tile(sound, max(1, WINDOW_SAMPLES // max(1, len(sound))))[:WINDOW_SAMPLES]
    out: Float32 = np.pad(repeated, (0, WINDOW_SAMPLES - len(repeated))).astype(np.float32)
    return out
