"""Listening to one file in this process: decode, measure, cut, embed. Runs inside the listener."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from time import monotonic, perf_counter

import numpy as np

from traumbox.audio.windows import WindowCutter, to_int16
from traumbox.domain import Cut, Embedding, Heard, Int16, Window
from traumbox.indexer.kept import KEPT_BYTES, KeptSound, Room
from traumbox.indexer.measuring import Ahead, FirstPass, Measurer
from traumbox.indexer.passage import Passage
from traumbox.indexer.stopwatch import Stopwatch
from traumbox.ports import Decoder, Embedder, TagReader

BATCH_WINDOWS = 4
LOADING_S = 600.0
"""Loading a model may take so long before it counts as hanging: large files on a slow card."""
BEAT_S = 1.0


class LocalEar:
    """Hears files with the given parts; memory stays bounded for any length of audio.

    ``load`` returns a model by its name; one is held at a time. ``progress`` is called after every
    block, so that a watcher can tell slow from stuck. With ``looks_ahead`` the file that is
    expected next is decoded and measured while the one in hand goes through the model: worth it
    where there is a second core.
    """

    def __init__(
        self,
        decoder: Decoder,
        read_tags: TagReader,
        load: Callable[[str], Embedder],
        progress: Callable[[], None] = lambda: None,
        *,
        looks_ahead: bool = False,
        kept_bytes: int = KEPT_BYTES,
        clock_s: Callable[[], float] = perf_counter,
    ) -> None:
        self._decoder = decoder
        self._measurer = Measurer(decoder, read_tags)
        self._load = load
        self._progress = progress
        self._looks_ahead = looks_ahead
        self._room = Room(kept_bytes)
        self._model = ""
        self._embedder: Embedder | None = None
        self._is_warm = False
        self._expected: Passage | None = None
        self._ahead: Ahead | None = None
        self._clock_s = clock_s
        self.stopwatch = Stopwatch(clock_s)

    @property
    def kept_bytes(self) -> int:
        """How much decoded sound is kept just now."""
        return self._room.used_bytes

    def expect(self, path: Path, cut: Cut | None = None) -> None:
        """Fulfil ``ports.Ear``: ``path`` may be looked ahead at during the next ``hear``."""
        self._expected = Passage(path, cut) if self._looks_ahead else None

    def hear(
        self, path: Path, model: str, is_known: Callable[[str], bool], cut: Cut | None = None
    ) -> tuple[Heard, Embedding | None]:
        """Fulfil ``ports.Ear``; the sound is embedded only when its id is not known yet."""
        what = Passage(path, cut)
        expected, self._expected = self._expected, None
        embedder = self._ready(model)
        measured = self._taken(what) or self._measured(what)
        try:
            if is_known(measured.heard.audio_id):
                return measured.heard, None
            blocks = measured.sound.blocks() if measured.sound.is_whole else self._decoded(what)
            return measured.heard, self._embed(embedder, _cut(blocks), expected)
        finally:
            measured.sound.drop()

    def close(self) -> None:
        """Give the model's memory back; what was looked at ahead is forgotten."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.give_up()
        self._release()

    def _taken(self, what: Passage) -> FirstPass | None:
        """Return what looking ahead found of ``what``; end the looking at anything else."""
        ahead, self._ahead = self._ahead, None
        if ahead is None:
            return None
        if ahead.what != what:
            ahead.drop()
            return None
        measured = ahead.take()
        self.stopwatch.add(ahead.stopwatch)
        return measured

    def _measured(self, what: Passage) -> FirstPass:
        sound = KeptSound(self._room)
        try:
            return self._measurer.measure(what, sound, self._progress, self.stopwatch)
        except BaseException:
            sound.drop()
            raise

    def _ready(self, model: str) -> Embedder:
        if self._embedder is None or model != self._model:
            self._release()
            with self._beating():
                self._embedder = self._load(model)
            self._model = model
        return self._embedder

    def _release(self) -> None:
        embedder, self._embedder = self._embedder, None
        self._is_warm = False
        if embedder is not None:
            embedder.release()

    def _decoded(self, what: Passage) -> Iterator[Int16]:
        with self._decoder.open(what.path, what.cut) as stream:
            for block in self.stopwatch.each("decode", stream.blocks()):
                yield to_int16(block.samples)

    def _look_ahead(self, what: Passage | None) -> None:
        if what is not None and self._ahead is None:
            self._ahead = Ahead(
                what, self._room, self._measurer, self._progress, Stopwatch(self._clock_s)
            )

    def _embed(
        self, embedder: Embedder, windows: Iterator[Window], expected: Passage | None
    ) -> Embedding:
        starts_s: list[float] = []
        vectors = [np.empty((0, embedder.card.dim), dtype=np.float32)]
        cuts = self.stopwatch.each("cut", windows)
        while batch := list(islice(cuts, BATCH_WINDOWS)):
            if self._is_warm:  # else engines may be timed just now, and want the cores for it
                self._look_ahead(expected)
            samples = np.stack([window.samples for window in batch])
            with self.stopwatch("embed"), self._beating(limit_s=0 if self._is_warm else LOADING_S):
                vectors.append(embedder.embed_audio(samples))
            self._is_warm = True
            starts_s += [window.start_s for window in batch]
            self._progress()
        self._look_ahead(expected)
        return Embedding(
            model_id=embedder.card.id,
            start_s=np.array(starts_s, dtype=np.float32),
            vectors=np.concatenate(vectors),
        )

    @contextmanager
    def _beating(self, limit_s: float = LOADING_S) -> Iterator[None]:
        """Tell of progress by the clock: loading has no steps of its own that could tell of it."""
        if not limit_s:
            yield
            return
        done = threading.Event()
        end_s = monotonic() + limit_s

        def beat() -> None:
            while not done.wait(BEAT_S) and monotonic() < end_s:
                self._progress()

        thread = threading.Thread(target=beat, name="beat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def _cut(blocks: Iterator[Int16]) -> Iterator[Window]:
    cutter = WindowCutter()
    for pcm in blocks:
        yield from cutter.feed(pcm)
    yield from cutter.finish()
