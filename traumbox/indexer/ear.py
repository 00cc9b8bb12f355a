"""Listening to one file in this process: decode, measure, cut, embed. Runs inside the listener."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter

import numpy as np

from traumbox.audio.descriptors import DescriptorMeter
from traumbox.audio.identity import AudioHash
from traumbox.audio.peaks import PeakMeter
from traumbox.audio.windows import WindowCutter, cut, to_int16
from traumbox.domain import SAMPLE_RATE_HZ, Embedding, Heard, Int16, Window
from traumbox.indexer.stopwatch import Stopwatch
from traumbox.ports import Decoder, Embedder, TagReader

KEPT_S = 900
"""Sound up to this long (86 MB) is kept from measuring to embedding; longer is decoded twice."""
BATCH_WINDOWS = 4


class LocalEar:
    """Hears files with the given parts; memory stays bounded for any length of audio.

    ``progress`` is called after every block, so that a watcher can tell slow from stuck.
    """

    def __init__(
        self,
        decoder: Decoder,
        read_tags: TagReader,
        embedder: Embedder,
        progress: Callable[[], None] = lambda: None,
        clock_s: Callable[[], float] = perf_counter,
    ) -> None:
        self._decoder = decoder
        self._read_tags = read_tags
        self._embedder = embedder
        self._progress = progress
        self.stopwatch = Stopwatch(clock_s)

    def hear(self, path: Path, is_known: Callable[[str], bool]) -> tuple[Heard, Embedding | None]:
        """Fulfil ``ports.Ear``; the sound is embedded only when its id is not known yet."""
        heard, pcm = self._measure(path)
        if is_known(heard.audio_id):
            return heard, None
        windows = iter(cut(pcm)) if pcm is not None else self._cut_again(path)
        return heard, self._embed(windows)

    def close(self) -> None:
        """Give the model's memory back."""
        self._embedder.release()

    def _measure(self, path: Path) -> tuple[Heard, Int16 | None]:
        """Hear the whole file once; return also its samples, or None when it is too long."""
        identity, peaks, descriptors = AudioHash(), PeakMeter(), DescriptorMeter()
        kept: list[Int16] = []
        length = 0
        with self._decoder.open(path) as stream:
            for block in self.stopwatch.each("decode", stream.blocks()):
                pcm = to_int16(block.samples)
                length += len(pcm)
                with self.stopwatch("describe"):
                    identity.feed(pcm)
                    peaks.feed(block.samples)
                    descriptors.feed(block.samples)
                if length <= KEPT_S * SAMPLE_RATE_HZ:
                    kept.append(pcm)
                else:
                    kept.clear()
                self._progress()
            media, mark = stream.media, stream.mark
        with self.stopwatch("describe"):
            tags, cover = self._read_tags(path)
            heard = Heard(
                audio_id=identity.result(),
                duration_s=length / SAMPLE_RATE_HZ,
                media=media,
                tags=tags,
                descriptors=descriptors.result(),
                peaks=peaks.result(),
                cover=cover,
                mark=mark,
            )
        return heard, np.concatenate(kept) if kept else None

    def _cut_again(self, path: Path) -> Iterator[Window]:
        cutter = WindowCutter()
        with self._decoder.open(path) as stream:
            for block in self.stopwatch.each("decode", stream.blocks()):
                yield from cutter.feed(to_int16(block.samples))
        yield from cutter.finish()

    def _embed(self, windows: Iterator[Window]) -> Embedding:
        starts_s: list[float] = []
        vectors = [np.empty((0, self._embedder.card.dim), dtype=np.float32)]
        cuts = self.stopwatch.each("cut", windows)
        while batch := list(islice(cuts, BATCH_WINDOWS)):
            with self.stopwatch("embed"):
                vectors.append(self._embedder.embed_audio(np.stack([w.samples for w in batch])))
            starts_s += [window.start_s for window in batch]
            self._progress()
        return Embedding(
            model_id=self._embedder.card.id,
            start_s=np.array(starts_s, dtype=np.float32),
            vectors=np.concatenate(vectors),
        )
