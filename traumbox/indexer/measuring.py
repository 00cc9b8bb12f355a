"""The first pass over a file: all that is found out before a model hears it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from traumbox.audio.descriptors import DescriptorMeter
from traumbox.audio.identity import AudioHash
from traumbox.audio.peaks import PeakMeter
from traumbox.audio.windows import to_int16
from traumbox.domain import SAMPLE_RATE_HZ, Heard
from traumbox.indexer.kept import KeptSound, Room
from traumbox.indexer.passage import Passage
from traumbox.indexer.stopwatch import Stopwatch
from traumbox.library.tags import of_part
from traumbox.ports import Decoder, TagReader


@dataclass(frozen=True, slots=True)
class FirstPass:
    """What the first pass found, and the sound itself unless it is too long to be kept."""

    heard: Heard
    sound: KeptSound


class Measurer:
    """Decodes and measures files; safe to use from several threads."""

    def __init__(self, decoder: Decoder, read_tags: TagReader) -> None:
        self._decoder = decoder
        self._read_tags = read_tags

    def measure(
        self, what: Passage, sound: KeptSound, progress: Callable[[], None], stopwatch: Stopwatch
    ) -> FirstPass:
        """Hear it from end to end once, keeping the samples in ``sound`` as far as they fit."""
        identity, peaks, descriptors = AudioHash(), PeakMeter(), DescriptorMeter()
        length = 0
        with self._decoder.open(what.path, what.cut) as stream:
            for block in stopwatch.each("decode", stream.blocks()):
                pcm = to_int16(block.samples)
                length += len(pcm)
                with stopwatch("describe"):
                    identity.feed(pcm)
                    peaks.feed(block.samples)
                    descriptors.feed(block.samples)
                sound.add(pcm)
                progress()
            media, mark = stream.media, stream.mark
        with stopwatch("describe"):
            read = self._read_tags(what.path)
            heard = Heard(
                audio_id=identity.result(),
                duration_s=length / SAMPLE_RATE_HZ,
                media=media,
                tags=of_part(what.cut.tags, read.tags) if what.cut else read.tags,
                descriptors=descriptors.result(),
                peaks=peaks.result(),
                cover=read.cover,
                mark=mark,
                credits=read.credits,
                # Of which track of several they are, nobody says.
                lyrics="" if what.cut else read.lyrics,
            )
        return FirstPass(heard, sound)


class _UnwantedError(Exception):
    """Nobody waits for the file any more."""


class Ahead:
    """A file or passage being measured in a thread of its own, before it is asked for.

    Its content is that of the moment: a file that has changed since counts as not measured.
    """

    def __init__(
        self,
        what: Passage,
        room: Room,
        measurer: Measurer,
        progress: Callable[[], None],
        stopwatch: Stopwatch,
    ) -> None:
        self.what = what
        self.stopwatch = stopwatch
        self._room = room
        self._measurer = measurer
        self._progress = progress
        self._unwanted = threading.Event()
        self._version = _version(what.path)
        self._measured: FirstPass | None = None
        self._thread = threading.Thread(target=self._run, name="ahead", daemon=True)
        self._thread.start()

    def take(self) -> FirstPass | None:
        """Wait for the end; return what was found, or None when the file is better read anew.

        Whatever went wrong goes wrong again then, where it can be told of the file.
        """
        self._thread.join()
        measured, self._measured = self._measured, None
        if measured is not None and (
            self._version is None or self._version != _version(self.what.path)
        ):
            measured.sound.drop()
            return None
        return measured

    def drop(self) -> None:
        """Want it no longer; return when its thread has let go of the file."""
        self.give_up()
        measured = self.take()
        if measured is not None:
            measured.sound.drop()

    def give_up(self) -> None:
        """Want it no longer; the thread ends by itself."""
        self._unwanted.set()
        self._room.look_again()

    def _run(self) -> None:
        sound = KeptSound(self._room, patient=True, is_over=self._unwanted.is_set)
        try:
            self._measured = self._measurer.measure(self.what, sound, self._beat, self.stopwatch)
        except Exception:  # noqa: BLE001 - the file will be read again, and then it counts
            sound.drop()

    def _beat(self) -> None:
        if self._unwanted.is_set():
            raise _UnwantedError
        self._progress()


def _version(path: Path) -> tuple[int, ...] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
