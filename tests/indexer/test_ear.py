"""The ear over the real decoder and measures, with an embedder that knows tones."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import ToneEmbedder
from traumbox.audio.decode import MediaDecoder
from traumbox.domain import PEAKS, Audio, Cut, Embedding, Float32, Heard, Media, Tags
from traumbox.errors import AudioError, ModelError, StoreError
from traumbox.indexer.ear import LocalEar
from traumbox.indexer.kept import KeptSound, Room
from traumbox.library.tags import read_tags
from traumbox.ports import AudioStream, Embedder
from traumbox.synth.files import write_piece

RATE_HZ = 48_000
WAIT_S = 20.0


def tone(frequency_hz: float, duration_s: float) -> Float32:
    time_s = np.arange(int(duration_s * RATE_HZ)) / RATE_HZ
    return (0.3 * np.sin(2 * np.pi * frequency_hz * time_s)).astype(np.float32)


def never(_: str) -> bool:
    return False


def fail(_: str) -> bool:
    raise StoreError("the disk is gone")


def tones(model: str) -> Embedder:
    return ToneEmbedder(model)


@pytest.fixture
def ear() -> LocalEar:
    return LocalEar(MediaDecoder(), read_tags, tones)


@pytest.fixture
def piece(tmp_path: Path) -> Path:
    """Ten seconds of 220 Hz, ten of 880 Hz, five of 440 Hz."""
    path = tmp_path / "piece.flac"
    sound = np.concatenate([tone(220, 10), tone(880, 10), tone(440, 5)])
    write_piece(path, sound, RATE_HZ, Tags(title="Steps", artist="Nobody"))
    return path


def test_windows_are_where_the_sound_is(ear: LocalEar, piece: Path) -> None:
    heard, embedding = ear.hear(piece, "tones", never)
    assert embedding is not None
    assert embedding.start_s.tolist() == [0.0, 10.0, 15.0]
    low, high = ToneEmbedder().embed_text(["220 Hz", "880 Hz"])
    assert embedding.vectors[0] @ low == pytest.approx(1.0)
    assert embedding.vectors[1] @ high == pytest.approx(1.0)
    assert heard.duration_s == pytest.approx(25.0)
    assert heard.tags.title == "Steps"
    assert len(heard.peaks) == PEAKS
    assert heard.media.codec == "flac"


def test_known_sound_is_measured_but_not_embedded(ear: LocalEar, piece: Path) -> None:
    first, _ = ear.hear(piece, "tones", never)
    asked: list[str] = []
    again, embedding = ear.hear(piece, "tones", lambda audio_id: not asked.append(audio_id))
    assert embedding is None
    assert asked == [first.audio_id] == [again.audio_id]


def test_long_sound_is_decoded_twice_with_the_same_outcome(ear: LocalEar, piece: Path) -> None:
    decoder = CountingDecoder()
    short_of_room = LocalEar(decoder, read_tags, tones, kept_bytes=5 * 2 * RATE_HZ)
    kept = ear.hear(piece, "tones", never)
    streamed = short_of_room.hear(piece, "tones", never)
    assert decoder.opened == [piece.name, piece.name]
    assert kept[0] == streamed[0]
    assert kept[1] is not None
    assert streamed[1] is not None
    assert kept[1].start_s.tolist() == streamed[1].start_s.tolist()
    assert np.array_equal(kept[1].vectors, streamed[1].vectors)


def test_a_retag_keeps_the_audio_id_and_another_sound_does_not(
    ear: LocalEar, tmp_path: Path
) -> None:
    for name, frequency_hz, title in (("a", 440, "One"), ("b", 440, "Two"), ("c", 441, "One")):
        write_piece(tmp_path / f"{name}.flac", tone(frequency_hz, 3), RATE_HZ, Tags(title=title))
    a, b, c = (ear.hear(tmp_path / f"{name}.flac", "tones", never)[0].audio_id for name in "abc")
    assert a == b != c


def test_silence_has_no_windows(ear: LocalEar, tmp_path: Path) -> None:
    write_piece(tmp_path / "silence.wav", np.zeros(RATE_HZ * 12, np.float32), RATE_HZ)
    heard, embedding = ear.hear(tmp_path / "silence.wav", "tones", never)
    assert heard.duration_s == pytest.approx(12.0)
    assert embedding is not None
    assert embedding.vectors.shape == (0, ToneEmbedder().card.dim)


def test_what_is_no_audio_is_refused(ear: LocalEar, tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_text("a shopping list" * 100)
    with pytest.raises(AudioError):
        ear.hear(tmp_path / "a.mp3", "tones", never)


def test_progress_is_told_while_hearing(piece: Path) -> None:
    beats: list[None] = []
    LocalEar(MediaDecoder(), read_tags, tones, lambda: beats.append(None)).hear(
        piece, "tones", never
    )
    assert len(beats) > 3


def test_one_model_is_held_at_a_time(piece: Path) -> None:
    loaded: list[ToneEmbedder] = []

    def load(model: str) -> Embedder:
        assert all(earlier.released for earlier in loaded)
        loaded.append(ToneEmbedder(model))
        return loaded[-1]

    ear = LocalEar(MediaDecoder(), read_tags, load)
    ids = [ear.hear(piece, model, never)[1] for model in ("one", "one", "two")]
    assert [embedding.model_id for embedding in ids if embedding] == ["one", "one", "two"]
    assert [embedder.card.id for embedder in loaded] == ["one", "two"]
    ear.close()
    assert [embedder.released for embedder in loaded] == [1, 1]


def test_a_model_that_cannot_be_loaded_says_so_and_another_one_can(piece: Path) -> None:
    def load(model: str) -> Embedder:
        if model == "damaged":
            raise ModelError("audio.onnx is damaged")
        return ToneEmbedder(model)

    ear = LocalEar(MediaDecoder(), read_tags, load)
    with pytest.raises(ModelError, match="damaged"):
        ear.hear(piece, "damaged", never)
    assert ear.hear(piece, "tones", never)[1] is not None


def test_loading_a_model_is_told_as_progress(piece: Path) -> None:
    beats: list[str] = []
    loading = threading.Event()

    def load(model: str) -> Embedder:
        begun = len(beats)
        assert wait_until(lambda: len(beats) >= begun + 2), "no sign of life"
        loading.set()
        return ToneEmbedder(model)

    LocalEar(MediaDecoder(), read_tags, load, lambda: beats.append("alive")).hear(
        piece, "tones", never
    )
    assert loading.is_set()


# Looking ahead.


class CountingDecoder:
    """The real decoder, which notes what was opened and waits at a gate before it reads."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.gates: dict[str, threading.Event] = {}
        self._decoder = MediaDecoder()

    @contextmanager
    def open(self, path: Path, cut: Cut | None = None) -> Iterator[AudioStream]:
        self.opened.append(path.name if cut is None else f"{path.name} from {cut.start_s:g} s")
        with self._decoder.open(path, cut) as stream:
            gate = self.gates.get(path.name)
            if gate is not None:
                assert gate.wait(WAIT_S)
            yield stream


def wait_until(happened: Callable[[], bool]) -> bool:
    deadline_s = time.monotonic() + WAIT_S
    while time.monotonic() < deadline_s:
        if happened():
            return True
        time.sleep(0.01)
    return False


class Meeting(ToneEmbedder):
    """Embeds only once ``has_come`` is true: what it waits for happens during the embedding."""

    def __init__(self, has_come: Callable[[], bool]) -> None:
        super().__init__()
        self.has_come = has_come
        self.met: list[bool] = []

    def embed_audio(self, windows: Float32) -> Float32:
        self.met.append(wait_until(self.has_come))
        return super().embed_audio(windows)


@pytest.fixture
def pieces(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{name}.flac" for name in "abc"]
    for number, path in enumerate(paths):
        write_piece(path, tone(220 * 2**number, 12 + number), RATE_HZ, Tags(title=path.stem))
    return paths


def heard_alone(path: Path) -> tuple[Heard, Embedding | None]:
    return LocalEar(MediaDecoder(), read_tags, tones).hear(path, "tones", never)


def assert_same(
    some: tuple[Heard, Embedding | None], others: tuple[Heard, Embedding | None]
) -> None:
    assert some[0] == others[0]
    assert some[1] is not None
    assert others[1] is not None
    assert np.array_equal(some[1].start_s, others[1].start_s)
    assert np.array_equal(some[1].vectors, others[1].vectors)


def looking(decoder: CountingDecoder, embedder: Embedder | None = None) -> LocalEar:
    return LocalEar(decoder, read_tags, lambda _: embedder or ToneEmbedder(), looks_ahead=True)


def warmed(ear: LocalEar, decoder: CountingDecoder, path: Path) -> LocalEar:
    """Have the model's engine chosen and loaded, which nothing may disturb."""
    ear.hear(path, "tones", never)
    decoder.opened.clear()
    return ear


def test_the_next_file_is_decoded_while_this_one_is_embedded(pieces: list[Path]) -> None:
    a, b, c = pieces
    decoder = CountingDecoder()
    embedder = Meeting(lambda: True)
    ear = warmed(looking(decoder, embedder), decoder, c)
    embedder.has_come = lambda: decoder.opened[-1:] == [b.name]
    ear.expect(b)
    assert_same(ear.hear(a, "tones", never), heard_alone(a))
    embedder.has_come = lambda: decoder.opened[-1:] == [c.name]
    ear.expect(c)
    assert_same(ear.hear(b, "tones", never), heard_alone(b))
    assert_same(ear.hear(c, "tones", never), heard_alone(c))
    assert embedder.met == [True] * 4
    assert decoder.opened == [a.name, b.name, c.name]


class Slow(ToneEmbedder):
    """Takes its time, and notes what had been opened by then."""

    def __init__(self, decoder: CountingDecoder) -> None:
        super().__init__()
        self._decoder = decoder
        self.opened: list[str] = []

    def embed_audio(self, windows: Float32) -> Float32:
        time.sleep(0.2)
        self.opened = list(self._decoder.opened)
        return super().embed_audio(windows)


def test_nothing_is_decoded_while_the_model_is_loaded_and_its_engines_timed(
    pieces: list[Path],
) -> None:
    a, b, _ = pieces
    decoder = CountingDecoder()
    embedder = Slow(decoder)
    ear = looking(decoder, embedder)
    ear.expect(b)
    ear.hear(a, "tones", never)
    assert embedder.opened == [a.name]
    ear.hear(b, "tones", never)
    assert decoder.opened == [a.name, b.name]


def test_with_one_core_nothing_is_looked_ahead_at(pieces: list[Path]) -> None:
    a, b, c = pieces
    decoder = CountingDecoder()
    embedder = Slow(decoder)
    ear = warmed(LocalEar(decoder, read_tags, lambda _: embedder), decoder, c)
    ear.expect(b)
    ear.hear(a, "tones", never)
    assert embedder.opened == decoder.opened == [a.name]


def thread_names() -> list[str]:
    return [thread.name for thread in threading.enumerate()]


def test_what_is_known_is_not_embedded_after_looking_ahead_either(pieces: list[Path]) -> None:
    a, b, _ = pieces
    decoder = CountingDecoder()
    ear = looking(decoder)
    ear.expect(b)
    ear.hear(a, "tones", never)
    heard, embedding = ear.hear(b, "tones", lambda _: True)
    assert embedding is None
    assert heard == heard_alone(b)[0]
    assert decoder.opened == [a.name, b.name]


def test_a_file_that_changed_since_is_read_anew(pieces: list[Path]) -> None:
    a, b, c = pieces
    decoder = CountingDecoder()
    ear = looking(decoder)
    ear.expect(b)
    ear.hear(a, "tones", never)
    assert wait_until(lambda: "ahead" not in thread_names())
    before = b.stat()
    b.write_bytes(c.read_bytes()[: before.st_size])
    os.utime(b, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert_same(ear.hear(b, "tones", never), heard_alone(b))
    assert decoder.opened == [a.name, b.name, b.name]


def test_a_hint_that_does_not_come_true_is_forgotten(pieces: list[Path]) -> None:
    a, b, c = pieces
    decoder = CountingDecoder()
    decoder.gates[b.name] = threading.Event()
    ear = looking(decoder)
    ear.expect(b)
    ear.hear(a, "tones", never)
    threading.Timer(0.2, decoder.gates[b.name].set).start()
    assert_same(ear.hear(c, "tones", never), heard_alone(c))
    assert "ahead" not in thread_names()
    assert_same(ear.hear(b, "tones", never), heard_alone(b))
    assert decoder.opened == [a.name, b.name, c.name, b.name]


def test_what_cannot_be_read_says_so_when_its_turn_comes(pieces: list[Path]) -> None:
    a, b, _ = pieces
    ear = looking(CountingDecoder())
    for spoil, error in (
        (lambda: b.write_text("a shopping list"), AudioError),
        (b.unlink, FileNotFoundError),
    ):
        spoil()
        ear.expect(b)
        ear.hear(a, "tones", never)
        with pytest.raises(error):
            ear.hear(b, "tones", never)


def test_the_sound_of_both_files_together_stays_within_bounds(pieces: list[Path]) -> None:
    a, b, _ = pieces
    decoder = CountingDecoder()
    room = 14 * 2 * RATE_HZ  # either fits alone; 12 s and 13 s don't fit together
    used: list[int] = []
    embedder = Meeting(lambda: True)
    ear = LocalEar(
        decoder,
        read_tags,
        lambda _: embedder,
        lambda: used.append(ear.kept_bytes),
        looks_ahead=True,
        kept_bytes=room,
    )
    warmed(ear, decoder, b)
    embedder.has_come = lambda: decoder.opened[-1:] == [b.name]
    ear.expect(b)
    assert_same(ear.hear(a, "tones", never), heard_alone(a))
    assert_same(ear.hear(b, "tones", never), heard_alone(b))
    assert max(used) <= room
    assert decoder.opened == [a.name, b.name], "the patient one needn't be decoded twice"
    assert ear.kept_bytes == 0


def test_nothing_stays_kept_of_a_file_that_fails(piece: Path) -> None:
    class Deaf(ToneEmbedder):
        def embed_audio(self, windows: Float32) -> Float32:
            raise ModelError("the tower is damaged")

    class Breaking:
        @contextmanager
        def open(self, path: Path, cut: Cut | None = None) -> Iterator[AudioStream]:
            yield Broken()

    class Broken:
        media, mark = Media("flac", "flac", RATE_HZ, 1), ""

        def blocks(self) -> Iterator[Audio]:
            yield Audio(np.ones(RATE_HZ, np.float32))
            raise OSError(5, "Input/output error")

    deaf = LocalEar(MediaDecoder(), read_tags, lambda _: Deaf())
    with pytest.raises(ModelError):
        deaf.hear(piece, "tones", never)
    breaking = LocalEar(Breaking(), read_tags, tones)
    with pytest.raises(OSError, match="Input/output"):
        breaking.hear(piece, "tones", never)
    asking = LocalEar(MediaDecoder(), read_tags, tones)
    with pytest.raises(StoreError):
        asking.hear(piece, "tones", fail)
    assert deaf.kept_bytes == breaking.kept_bytes == asking.kept_bytes == 0


def test_closing_leaves_no_thread_waiting(pieces: list[Path]) -> None:
    a, b, _ = pieces
    decoder = CountingDecoder()
    decoder.gates[b.name] = threading.Event()
    ear = looking(decoder)
    ear.expect(b)
    ear.hear(a, "tones", never)
    ear.close()
    decoder.gates[b.name].set()
    assert wait_until(lambda: "ahead" not in thread_names())


def test_a_patient_sound_waits_for_room_and_an_impatient_one_lets_go() -> None:
    room = Room(10)
    first, second = KeptSound(room), KeptSound(room, patient=True)
    first.add(np.zeros(4, np.int16))
    waiting = threading.Thread(target=second.add, args=(np.ones(3, np.int16),))
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    first.add(np.zeros(2, np.int16))
    assert not first.is_whole
    waiting.join(WAIT_S)
    assert not waiting.is_alive()
    assert room.used_bytes == 6
    second.add(np.ones(3, np.int16))  # 12 bytes will never fit
    assert not second.is_whole
    assert room.used_bytes == 0


# Tracks of an album in one piece


def track(start_s: float, end_s: float | None, **tags: str) -> Cut:
    return Cut(start_s, end_s, Tags(**tags))  # type: ignore[arg-type]


def test_a_passage_is_a_track_of_its_own(ear: LocalEar, piece: Path) -> None:
    heard, embedding = ear.hear(piece, "tones", never, track(10.0, 20.0, title="Two"))
    assert embedding is not None
    assert embedding.start_s.tolist() == [0.0]
    assert embedding.vectors[0] @ ToneEmbedder().embed_text(["880 Hz"])[0] == pytest.approx(1.0)
    assert heard.duration_s == pytest.approx(10.0)
    assert (heard.tags.title, heard.tags.artist) == ("Two", "Nobody")
    last, embedding = ear.hear(piece, "tones", never, track(20.0, None))
    assert embedding is not None
    assert embedding.vectors[0] @ ToneEmbedder().embed_text(["440 Hz"])[0] == pytest.approx(1.0)
    assert last.duration_s == pytest.approx(5.0)
    assert last.tags.title == "", "the file's own title is the album's"


def test_a_passage_is_known_by_its_sound_wherever_it_lies(ear: LocalEar, tmp_path: Path) -> None:
    first, second = tone(220, 4), tone(880, 3)
    write_piece(tmp_path / "album.flac", np.concatenate([first, second]), RATE_HZ, Tags())
    write_piece(tmp_path / "other.flac", np.concatenate([second, first]), RATE_HZ, Tags())
    write_piece(tmp_path / "alone.flac", second, RATE_HZ, Tags())
    in_album, in_other = (
        ear.hear(tmp_path / f"{name}.flac", "tones", never, cut)[0].audio_id
        for name, cut in (("album", track(4.0, None)), ("other", track(0.0, 3.0)))
    )
    alone = ear.hear(tmp_path / "alone.flac", "tones", never)[0].audio_id
    assert in_album == in_other == alone


def test_a_long_passage_is_decoded_twice_with_the_same_outcome(piece: Path) -> None:
    decoder = CountingDecoder()
    cut = track(5.0, 23.0)
    short_of_room = LocalEar(decoder, read_tags, tones, kept_bytes=5 * 2 * RATE_HZ)
    kept = LocalEar(MediaDecoder(), read_tags, tones).hear(piece, "tones", never, cut)
    streamed = short_of_room.hear(piece, "tones", never, cut)
    assert decoder.opened == [f"{piece.name} from 5 s"] * 2
    assert kept[0] == streamed[0]
    assert kept[1] is not None
    assert streamed[1] is not None
    assert np.array_equal(kept[1].vectors, streamed[1].vectors)


def test_the_next_passage_of_a_file_is_looked_ahead_at(pieces: list[Path]) -> None:
    path, _, other = pieces
    decoder = CountingDecoder()
    embedder = Meeting(lambda: True)
    ear = warmed(looking(decoder, embedder), decoder, other)
    first, second, third = track(0.0, 3.0), track(3.0, 6.0), track(6.0, None)
    embedder.has_come = lambda: len(decoder.opened) == 2
    ear.expect(path, second)
    ear.hear(path, "tones", never, first)
    embedder.has_come = lambda: True
    heard, _ = ear.hear(path, "tones", never, second)
    assert decoder.opened == [f"{path.name} from 0 s", f"{path.name} from 3 s"]
    alone = LocalEar(MediaDecoder(), read_tags, tones)
    assert heard == alone.hear(path, "tones", never, second)[0]
    ear.expect(path, second)
    ear.hear(path, "tones", never, first)
    heard, _ = ear.hear(path, "tones", never, third)
    assert heard == alone.hear(path, "tones", never, third)[0], "another passage is another thing"
