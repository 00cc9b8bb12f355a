"""The real child process, with ears that crash, hang and eat memory on command."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.indexer.ears import ObedientEar, StillbornEar
from traumbox.domain import Cut, Tags
from traumbox.errors import (
    AudioError,
    ListenerClosedError,
    ListenerError,
    ListenerStartError,
    ModelError,
    StoreError,
)
from traumbox.indexer.listener import ListenerProcess, ListenerSettings

pytestmark = pytest.mark.process

Start = Callable[..., ListenerProcess]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[ListenerProcess] = []

    def start(**settings: float) -> ListenerProcess:
        started.append(ListenerProcess(ObedientEar, ListenerSettings(**settings)))  # type: ignore[arg-type]
        return started[-1]

    yield start
    for listener in started:
        listener.close()


def hear(listener: ListenerProcess, name: str, known: bool = False) -> str:
    """Return the pid of the process that heard the file."""
    heard, embedding = listener.hear(Path(f"/music/{name}.flac"), "fake", lambda _: known)
    assert (embedding is None) == known
    return heard.audio_id


def test_it_hears_in_one_niced_process_of_its_own(start: Start) -> None:
    listener = start(nice=7)
    assert listener.pid is None
    pid = hear(listener, "a")
    assert pid == hear(listener, "b") == str(listener.pid)
    assert pid != str(os.getpid())
    niceness = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[16])
    assert niceness == min(19, os.nice(0) + 7)


def test_what_is_known_is_not_embedded(start: Start) -> None:
    hear(start(), "a", known=True)


def test_a_refusal_is_raised_as_it_was_and_costs_nothing(start: Start) -> None:
    listener = start()
    pid = hear(listener, "a")
    with pytest.raises(AudioError, match="it isn't audio"):
        hear(listener, "no audio")
    with pytest.raises(PermissionError):
        hear(listener, "no permission")
    with pytest.raises(ModelError):
        hear(listener, "no model")
    with pytest.raises(AudioError, match="unforeseen"):
        hear(listener, "bug")
    assert hear(listener, "b") == pid


def test_a_crash_names_the_file_and_another_listener_goes_on(start: Start) -> None:
    listener = start()
    pid = hear(listener, "a")
    with pytest.raises(ListenerError, match=r"crash\.flac.*SIGSEGV"):
        hear(listener, "crash")
    assert hear(listener, "b") != pid


def test_a_hang_is_ended(start: Start) -> None:
    listener = start(hang_s=2)
    with pytest.raises(ListenerError, match="no progress"):
        hear(listener, "hang")
    assert hear(listener, "b")


def test_slow_is_not_stuck(start: Start) -> None:
    assert hear(start(hang_s=2.5), "slow")


def test_too_much_memory_is_ended(start: Start) -> None:
    with pytest.raises(ListenerError, match=r"more than 300 MB"):
        hear(start(memory_mb=300), "eat")


def test_an_idle_listener_leaves_and_comes_back(start: Start) -> None:
    listener = start(idle_s=0.2)
    pid = hear(listener, "a")
    deadline_s = time.monotonic() + 10
    while listener.pid is not None and time.monotonic() < deadline_s:
        time.sleep(0.05)
    assert listener.pid is None
    assert hear(listener, "b") != pid


def test_a_listener_that_left_at_the_wrong_moment_is_replaced_unnoticed(start: Start) -> None:
    listener = start(idle_s=0.01)
    for number in range(4):
        assert hear(listener, f"{number}")
        time.sleep(0.012)


def test_closing_ends_a_hearing_under_way_without_blame(start: Start) -> None:
    listener = start()
    hear(listener, "a")
    closer = threading.Timer(0.3, listener.close)
    closer.start()
    with pytest.raises(ListenerClosedError):
        hear(listener, "hang")
    closer.join()
    assert listener.pid is None


def path_of(name: str) -> Path:
    return Path(f"/music/{name}.flac")


def test_model_and_expectation_reach_the_ear_and_count_once(start: Start) -> None:
    listener = start()
    listener.expect(path_of("b"))
    said = []
    for name, model in (("a", "builtin"), ("b", "clap-music")):
        _, embedding = listener.hear(path_of(name), model, lambda _: False)
        assert embedding is not None
        said.append(embedding.model_id)
    assert said == ["builtin, then b", "clap-music, then nothing"]


def test_a_passage_reaches_the_ear_and_its_file_is_company_to_the_next(start: Start) -> None:
    listener = start()
    first, second, third = (Cut(10.0 * n, 10.0 * n + 10, Tags()) for n in range(3))
    listener.expect(path_of("b"), second)
    _, embedding = listener.hear(path_of("b"), "clap", lambda _: False, first)
    assert embedding is not None
    assert embedding.model_id == "clap from 0 s, then b from 10 s"
    listener.expect(path_of("crash"), third)
    listener.hear(path_of("a"), "clap", lambda _: False)
    with pytest.raises(ListenerError) as error:  # the third may be to blame as well
        listener.hear(path_of("crash"), "clap", lambda _: False, second)
    assert error.value.company == {path_of("crash")}


def test_a_crash_names_the_company_the_file_was_in(start: Start) -> None:
    listener = start()
    listener.expect(path_of("crash soon"))
    with pytest.raises(ListenerError) as at_once:
        hear(listener, "wait")
    assert at_once.value.company == {path_of("crash soon")}
    listener.expect(path_of("b"))
    hear(listener, "a")
    with pytest.raises(ListenerError) as lingering:  # b may still be in the child's hands
        hear(listener, "crash")
    assert lingering.value.company == {path_of("b")}
    with pytest.raises(ListenerError) as alone:
        hear(listener, "crash")
    assert alone.value.company == frozenset()


def test_the_file_that_was_expected_is_no_company_to_itself(start: Start) -> None:
    listener = start()
    listener.expect(path_of("crash"))
    hear(listener, "a")
    with pytest.raises(ListenerError) as error:
        hear(listener, "crash")
    assert error.value.company == frozenset()


def test_a_store_that_fails_in_the_middle_puts_nobody_out_of_step(start: Start) -> None:
    def fail(_: str) -> bool:
        raise StoreError("the disk is gone")

    listener = start()
    with pytest.raises(StoreError):
        listener.hear(path_of("a"), "fake", fail)
    assert hear(listener, "b", known=True)
    with pytest.raises(AudioError, match="it isn't audio"):
        hear(listener, "no audio")


def test_a_listener_that_cannot_start_is_no_file_s_fault() -> None:
    listener = ListenerProcess(StillbornEar, ListenerSettings())  # type: ignore[arg-type]
    with pytest.raises(ListenerStartError, match="can't be started"):
        hear(listener, "a")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_every_thread_keeps_to_the_core_budget_and_the_daemon_stays_free(start: Start) -> None:
    mine, environment = os.sched_getaffinity(0), dict(os.environ)
    listener = start(cores=1)
    pid = hear(listener, "a")
    allowed = [
        line.split()[1]
        for status in Path(f"/proc/{pid}/task").glob("*/status")
        for line in status.read_text().splitlines()
        if line.startswith("Cpus_allowed_list")
    ]
    assert allowed
    assert set(allowed) == {str(max(mine))}
    assert os.sched_getaffinity(0) == mine
    assert dict(os.environ) == environment


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_numpy_s_threads_do_not_spin_beside_the_model(start: Start) -> None:
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("one core: numpy makes no threads")
    pid = hear(start(cores=2), "multiply")
    assert len(list(Path(f"/proc/{pid}/task").iterdir())) == 1
