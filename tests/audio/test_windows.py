import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traumbox.audio.windows import WindowCutter, cut, to_int16
from traumbox.domain import SAMPLE_RATE_HZ, WINDOW_SAMPLES, Int16, Window

SECOND = SAMPLE_RATE_HZ


def noise(length: int) -> Int16:
    return np.random.default_rng(length).integers(-9000, 9000, length, dtype=np.int16)


def streamed(pcm: Int16, sizes: list[int]) -> list[Window]:
    cutter, windows, at, turn = WindowCutter(), [], 0, 0
    while at < len(pcm):
        size = sizes[turn % len(sizes)]
        windows += cutter.feed(pcm[at : at + size])
        at, turn = at + size, turn + 1
    return [*windows, *cutter.finish()]


def starts_s(pcm: Int16) -> list[float]:
    return [window.start_s for window in cut(pcm)]


@pytest.mark.parametrize(
    ("seconds", "starts"),
    [
        (0, []),
        (3, [0.0]),
        (10, [0.0]),
        (10.99, [0.0]),
        (11, [0.0, 1.0]),
        (20, [0.0, 10.0]),
        (25.5, [0.0, 10.0, 15.5]),
        (30.5, [0.0, 10.0, 20.0]),
    ],
)
def test_where_windows_begin(seconds: float, starts: list[float]) -> None:
    assert starts_s(noise(round(seconds * SECOND))) == starts


def test_a_window_is_the_sound_at_its_start() -> None:
    pcm = noise(25 * SECOND)
    for window in cut(pcm):
        start = round(window.start_s * SECOND)
        assert window.samples.dtype == np.float32
        np.testing.assert_array_equal(
            window.samples, pcm[start : start + WINDOW_SAMPLES] / np.float32(32767)
        )


def test_a_short_track_is_repeated_and_padded() -> None:
    pcm = noise(3 * SECOND)
    (window,) = cut(pcm)
    expected = np.concatenate((np.tile(pcm, 3), np.zeros(SECOND, np.int16)))
    np.testing.assert_array_equal(np.round(window.samples * 32767), expected)


@pytest.mark.parametrize(("peak", "count"), [(32, 0), (33, 1), (-32, 0), (-33, 1), (-32768, 1)])
def test_windows_under_minus_60_dbfs_are_left_out(peak: int, count: int) -> None:
    pcm = np.zeros(WINDOW_SAMPLES, np.int16)
    pcm[1234] = peak
    assert len(list(cut(pcm))) == count


def test_silence_in_the_middle_keeps_the_places_of_the_rest() -> None:
    pcm = noise(30 * SECOND)
    pcm[10 * SECOND : 20 * SECOND] = 0
    assert starts_s(pcm) == [0.0, 20.0]


@settings(deadline=None, max_examples=40)
@given(
    length=st.one_of(
        st.integers(0, 32 * SECOND),
        st.sampled_from([k * WINDOW_SAMPLES + d for k in (1, 2, 3) for d in (-1, 0, 1, SECOND)]),
    ),
    sizes=st.lists(st.integers(1000, 12 * SECOND), min_size=1, max_size=4),
)
def test_a_stream_is_cut_like_the_whole(length: int, sizes: list[int]) -> None:
    pcm = noise(length)
    whole, parts = list(cut(pcm)), streamed(pcm, sizes)
    assert [window.start_s for window in parts] == [window.start_s for window in whole]
    for one, other in zip(parts, whole, strict=True):
        np.testing.assert_array_equal(one.samples, other.samples)


def test_windows_of_a_stream_stay_as_they_are() -> None:
    pcm = noise(30 * SECOND)
    first, *_ = windows = streamed(pcm, [7 * SECOND])
    assert len(windows) == 3
    np.testing.assert_array_equal(first.samples, pcm[:WINDOW_SAMPLES] / np.float32(32767))


def test_to_int16_clips_before_it_truncates() -> None:
    samples = np.array([0.0, 1.0, -1.0, 1.5, -2.0, 0.99999, 1e-5], np.float32)
    np.testing.assert_array_equal(to_int16(samples), [0, 32767, -32767, 32767, -32767, 32766, 0])
