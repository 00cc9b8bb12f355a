"""The protocol over a TCP connection to a process that the daemon didn't start, and by itself."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.fakes import ToneEmbedder
from tests.indexer.ears import ObedientEar
from traumbox.audio.decode import MediaDecoder
from traumbox.domain import Cut, Descriptors, Embedding, Heard, Media, Tags
from traumbox.errors import AudioError, ListenerStartError
from traumbox.indexer import protocol
from traumbox.indexer.ear import LocalEar
from traumbox.indexer.passage import Passage
from traumbox.indexer.protocol import (
    Alive,
    Conversation,
    Done,
    Expect,
    Hello,
    Job,
    LostError,
    Measured,
    Refused,
    Verdict,
    serve,
)
from traumbox.library.tags import read_tags

SECRET = b"a word between the two"
TIMEOUT_S = 30.0


def serve_over_tcp(port: int) -> None:
    """Be a listener on another machine, as far as the daemon can tell."""

    def make_ear(progress: Any) -> LocalEar:
        return LocalEar(MediaDecoder(), read_tags, ToneEmbedder, progress, looks_ahead=True)

    with Client(("127.0.0.1", port), authkey=SECRET) as channel:
        serve(channel, make_ear, idle_s=TIMEOUT_S)


@pytest.fixture
def far_away() -> Iterator[Connection]:
    """A TCP connection to a listener in a process of its own."""
    with Listener(("127.0.0.1", 0), authkey=SECRET) as door:
        process = subprocess.Popen([sys.executable, "-m", __name__, str(door.address[1])])
        with door.accept() as connection:
            yield connection
        assert process.wait(TIMEOUT_S) == 0, "it leaves when the daemon hangs up"


@pytest.mark.process
def test_a_listener_elsewhere_hears_over_tcp(tmp_path: Path, far_away: Connection) -> None:
    paths = [tmp_path / f"{hz}.wav" for hz in (220, 440, 880)]
    for path in paths:
        time_s = np.arange(12 * 48_000) / 48_000
        soundfile.write(path, 0.3 * np.sin(2 * np.pi * int(path.stem) * time_s), 48_000)
    (tmp_path / "text.wav").write_text("a shopping list")

    def wait() -> None:
        assert far_away.poll(TIMEOUT_S)

    conversation = Conversation(far_away, wait)
    here = LocalEar(MediaDecoder(), read_tags, ToneEmbedder)
    asked: list[str] = []
    for path, then in zip(paths, [*paths[1:], None], strict=True):
        expected = None if then is None else Passage(then)
        heard, embedding = conversation.hear(
            Passage(path), "tones", lambda _: False, expected=expected
        )
        as_here, embedded_here = here.hear(path, "tones", lambda _: False)
        assert heard == as_here
        assert embedding is not None
        assert embedded_here is not None
        assert embedding.model_id == "tones"
        assert np.array_equal(embedding.vectors, embedded_here.vectors)
    heard, embedding = conversation.hear(
        Passage(paths[0]), "other", lambda sound: not asked.append(sound)
    )
    assert (asked, embedding) == ([heard.audio_id], None)
    cut = Cut(2.0, 5.0, Tags(title="Two"))
    heard, _ = conversation.hear(Passage(paths[1], cut), "other", lambda _: False)
    assert heard == here.hear(paths[1], "other", lambda _: False, cut)[0]
    assert (heard.duration_s, heard.tags.title) == (3.0, "Two")
    with pytest.raises(AudioError):
        conversation.hear(Passage(tmp_path / "text.wav"), "tones", lambda _: False)
    with pytest.raises(FileNotFoundError):
        conversation.hear(Passage(tmp_path / "gone.wav"), "tones", lambda _: False)


class Script:
    """A channel whose other side says these messages and then hangs up."""

    def __init__(self, *messages: object) -> None:
        self.messages = deque(messages)
        self.said: list[object] = []

    def send(self, obj: object) -> None:
        self.said.append(obj)

    def recv(self) -> object:
        if not self.messages:
            raise EOFError
        return self.messages.popleft()

    def poll(self, timeout: float = 0.0) -> bool:
        return True

    def close(self) -> None:
        pass


HELLO = Hello(protocol.PROTOCOL_VERSION, "0.0")
CUT = Cut(10.0, 20.0, Tags(title="Two"))
HEARD = Heard("sound", 1.0, Media("flac", "flac", 48_000, 2))


def test_the_daemon_speaks_in_the_order_the_listener_may_assume() -> None:
    channel = Script(HELLO, Alive(), Measured("sound"), Alive(), Done(HEARD, None))
    conversation = Conversation(channel)
    answer = conversation.hear(
        Passage(Path("/m/a")), "clap", lambda audio_id: audio_id == "sound", Passage(Path("b"), CUT)
    )
    assert answer == (HEARD, None)
    assert channel.said == [Expect(b"b", CUT), Job(b"/m/a", "clap"), Verdict(known=True)]


def test_a_listener_of_another_version_is_not_listened_to() -> None:
    for first, reason in (
        (Hello(protocol.PROTOCOL_VERSION + 1, "9.9"), r"traumbox 9\.9.*Restart"),
        (Done(HEARD, None), "no listener"),
    ):
        channel = Script(first, Done(HEARD, None))
        with pytest.raises(ListenerStartError, match=reason):
            Conversation(channel).hear(Passage(Path("a")), "clap", lambda _: False)


def test_a_listener_that_hangs_up_is_lost() -> None:
    conversation = Conversation(Script(HELLO))
    with pytest.raises(LostError):
        conversation.hear(Passage(Path("a")), "clap", lambda _: False)


def test_the_listener_introduces_itself_and_answers_each_job_once() -> None:
    channel = Script(
        Expect(b"/m/b"), Job(b"/m/a", "one"), Verdict(known=True), Job(b"/m/no audio.flac", "one")
    )
    serve(channel, ObedientEar, idle_s=0.0)  # type: ignore[arg-type]
    hello, measured, done, refused = channel.said
    assert isinstance(hello, Hello)
    assert hello.protocol == protocol.PROTOCOL_VERSION
    assert measured == Measured("a")
    assert isinstance(done, Done)
    assert isinstance(refused, Refused)
    assert isinstance(refused.error, AudioError)


def test_a_job_where_a_verdict_was_due_ends_the_listener() -> None:
    channel = Script(Job(b"/m/a", "one"), Job(b"/m/b", "one"))
    serve(channel, ObedientEar, idle_s=0.0)  # type: ignore[arg-type]
    assert [type(message) for message in channel.said] == [Hello, Measured]


def test_whoever_changes_what_is_said_counts_the_version_up() -> None:
    kinds = (
        *(Hello, Expect, Job, Cut, Alive, Measured, Verdict, Done, Refused),
        *(Heard, Media, Tags, Descriptors, Embedding),
    )
    fields = {kind.__name__: [f.name for f in dataclasses.fields(kind)] for kind in kinds}
    assert (protocol.PROTOCOL_VERSION, fields) == (
        3,
        {
            "Hello": ["protocol", "traumbox"],
            "Expect": ["path", "cut"],
            "Job": ["path", "model", "cut"],
            "Cut": ["start_s", "end_s", "tags", "embedded"],
            "Alive": [],
            "Measured": ["audio_id"],
            "Verdict": ["known"],
            "Done": ["heard", "embedding"],
            "Refused": ["error"],
            "Heard": [
                *("audio_id", "duration_s", "media", "tags", "descriptors", "peaks", "cover"),
                *("mark", "credits", "lyrics"),
            ],
            "Media": ["container", "codec", "sample_rate_hz", "channels"],
            "Tags": [
                *("title", "artist", "album", "album_artist", "genre", "year"),
                *("track_no", "disc_no", "comment"),
            ],
            "Descriptors": [
                *("bpm", "key", "loudness_lufs", "brightness_hz", "bpm_confidence", "bpm_other"),
                *("key_confidence", "dynamic_range_lu", "percussive"),
                *("silence_start_s", "silence_end_s", "vocals"),
            ],
            "Embedding": ["model_id", "start_s", "vectors"],
        },
    )


if __name__ == "__main__":
    serve_over_tcp(int(sys.argv[1]))
