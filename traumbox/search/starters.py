"""Where to begin: sound phrases that lead somewhere in this very library."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from traumbox.domain import Float32
from traumbox.embedders.sentences import KeptSentences
from traumbox.ports import Space
from traumbox.search.bysound import best_windows
from traumbox.search.phrases import FIRST, PHRASES, SENTENCES, Language, Phrase
from traumbox.stores.ledger import Ledger

log = logging.getLogger(__name__)

COUNT = 6
WINDOWS_ASKED = 200
LOOKED_AT = 20
"""Of so many sounds it is looked up whether they are still there."""
TRACKS_LEAST, SMALL = 3, 10
"""One track of many that a phrase fits may be chance; three are a beginning. For each so many that
a small library has, one more of the three is asked for."""
GOOD_MATCH = 50
DAY_S = 86_400.0
GROWING_S = 600.0
GROWN = 0.2
"""While a library is first heard, it is looked again when it has grown by so much."""
SHUFFLED = 0.25
"""By so much of their match phrases take turns from day to day."""

_FILE = "starters.json"
_LOOSER = ((False, False), (True, False), (False, True), (True, True))
"""Whether a group, and a best track, may come again: less strict where there is too little."""


@dataclass(frozen=True, slots=True)
class Held:
    """A phrase that fits something here.

    ``match`` (0-100) is of the worst of the few best tracks, ``tracks`` how many fit among the
    nearest, ``top`` the audio id of the best.
    """

    en: str
    match: int
    tracks: int
    top: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the library held in a model's space, when (POSIX) it had so many tracks."""

    model_id: str = ""
    tracks: int = 0
    at_s: float = 0.0
    held: tuple[Held, ...] = ()

    def is_due(self, model_id: str, tracks: int, now_s: float) -> bool:
        """Tell whether it should be found out anew."""
        if model_id != self.model_id:
            return tracks > 0
        age_s, change = now_s - self.at_s, abs(tracks - self.tracks)
        if age_s < 0.0:  # the clock was put right
            return True
        much = change > GROWN * max(1, self.tracks)
        return (change > 0 and age_s >= DAY_S) or (much and age_s >= GROWING_S)


class Starters:
    """Knows which phrases the library holds, over restarts; ``refresh`` finds out.

    What it knows, and the phrases' vectors, lie under ``directory``. Safe to use from any thread;
    ``refresh`` is for one at a time.
    """

    def __init__(self, ledger: Ledger, directory: Path) -> None:
        self._ledger = ledger
        self._sentences = KeptSentences(directory)
        self._path = directory / _FILE
        self._known = _read(self._path)

    def held(self, model_id: str) -> tuple[Held, ...]:
        """Return the phrases that the library holds; none until that is known for this model."""
        known = self._known
        return known.held if known.model_id == model_id else ()

    def refresh(self, space: Space, now_s: float, is_over: Callable[[], bool]) -> bool:
        """Find out what the library holds, if that is due; return whether it was.

        Takes a search for each phrase, and the first time in a model's life its text tower. Ends
        early, without an outcome, when ``is_over``.
        """
        tracks, model_id = self._ledger.counts()["indexed"], space.embedder.card.id
        if not self._known.is_due(model_id, tracks, now_s):
            return False
        vectors = self._sentences.vectors(space.embedder, SENTENCES, is_over)
        if vectors is None:
            return False
        held = []
        for phrase, vector in zip(PHRASES, vectors, strict=True):
            if is_over():
                return False
            found = self._look(space, phrase, vector, min(TRACKS_LEAST, 1 + tracks // SMALL))
            if found is not None:
                held.append(found)
        self._known = Known(model_id, tracks, now_s, tuple(held))
        _write(self._path, self._known)
        return True

    def _look(self, space: Space, phrase: Phrase, vector: Float32, least: int) -> Held | None:
        card = space.embedder.card.asked(phrase.en)
        best = best_windows(space.index.nearest_windows(vector, WINDOWS_ASKED))
        fitting = [one for one in best if card.fits(one.score)]
        there = self._ledger.rows_by_audio([one.audio_id for one in fitting[:LOOKED_AT]])
        first = [one for one in fitting[:LOOKED_AT] if one.audio_id in there][:least]
        if len(first) < least or not first:
            return None
        return Held(phrase.en, card.match(first[-1].score), len(fitting), first[0].audio_id)


def chosen(held: Sequence[Held], day: int, language: Language = "en") -> tuple[str, ...]:
    """Return up to six phrases to begin with, or a fixed six where nothing is known to be held.

    What matches well goes first; of different groups and with different best tracks, as far as
    there are such. ``day`` (its ordinal) lets those that match alike take turns.
    """
    by_en = {phrase.en: phrase for phrase in PHRASES}
    known = [one for one in held if one.en in by_en]
    if not known:
        return tuple(phrase.said(language) for phrase in FIRST)
    turns = 1.0 - SHUFFLED * np.random.default_rng(day).random(len(known))
    order = np.argsort([-one.match * turn for one, turn in zip(known, turns, strict=True)])
    ranked = sorted((known[i] for i in order), key=lambda one: one.match < GOOD_MATCH)
    taken: list[Held] = []
    for same_group, same_track in _LOOSER:
        for one in ranked:
            groups = {by_en[other.en].group for other in taken}
            if (
                len(taken) < COUNT
                and one.en not in {other.en for other in taken}
                and (same_group or by_en[one.en].group not in groups)
                and (same_track or one.top not in {other.top for other in taken})
            ):
                taken.append(one)
    return tuple(by_en[one.en].said(language) for one in taken)


def day_of(now: datetime) -> int:
    """Return the number of the day that ``chosen`` takes turns by."""
    return now.date().toordinal()


def _read(path: Path) -> Known:
    """Return what was written, or nothing known where there is none or it is damaged."""
    try:
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
        held = tuple(
            Held(str(one["en"]), int(one["match"]), int(one["tracks"]), str(one["top"]))
            for one in told["held"]
        )
        return Known(str(told["model_id"]), int(told["tracks"]), float(told["at_s"]), held)
    except FileNotFoundError:
        return Known()
    except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
        log.info("%s can't be read and is made anew: %s", path, error)
        return Known()


def _write(path: Path, known: Known) -> None:
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(asdict(known)), "utf-8")
        fresh.replace(path)
    except OSError as error:
        log.warning("%s can't be written: %s", path, error.strerror or error)
