import threading

import pytest

from tests.house import wait_for
from traumbox.library.patience import Patience


def test_answers_and_errors_come_back():
    patience = Patience(5.0)
    assert patience.ask("a", lambda: 1) == 1
    with pytest.raises(FileNotFoundError):
        patience.ask("a", lambda: open("/nowhere/at/all"))  # noqa: PTH123, SIM115
    assert patience.ask("a", lambda: 2) == 2


def test_what_hangs_is_left_alone_and_nothing_is_sent_after_it():
    patience, go = Patience(0.05), threading.Event()
    before = threading.active_count()
    with pytest.raises(TimeoutError, match="doesn't answer"):
        patience.ask("share", go.wait)
    assert patience.is_waiting("share")
    for _ in range(5):
        with pytest.raises(TimeoutError):
            patience.ask("share", lambda: "never asked")
    assert threading.active_count() == before + 1
    assert patience.ask("other", lambda: "at once") == "at once"
    go.set()
    wait_for(lambda: not patience.is_waiting("share"), "the answer", 5)
    assert patience.ask("share", lambda: "back", 5.0) == "back"
    assert not patience.is_waiting("share")


def test_two_who_ask_at_once_take_turns():
    patience, started, go = Patience(5.0), threading.Event(), threading.Event()

    def slow() -> str:
        started.set()
        go.wait(5)
        return "first"

    answers: list[str] = []
    first = threading.Thread(target=lambda: answers.append(patience.ask("a", slow)))
    first.start()
    started.wait(5)
    second = threading.Thread(target=lambda: answers.append(patience.ask("a", lambda: "second")))
    second.start()
    go.set()
    first.join(5)
    second.join(5)
    assert sorted(answers) == ["first", "second"]


def test_slow_work_that_gets_on_may_take_its_time():
    patience, tick, steps = Patience(0.05), threading.Event(), [0]

    def work():
        for _ in range(6):
            tick.wait(0.025)
        return "done"

    def progress():
        steps[0] += 1  # as if it were the work's: however long the machine lets it wait
        return steps[0]

    assert patience.ask("m", work, progress=progress) == "done"


def test_work_that_gets_on_no_more_is_given_up():
    patience, go = Patience(0.05), threading.Event()
    with pytest.raises(TimeoutError):
        patience.ask("m", go.wait, progress=iter([1, 2, 3, 3]).__next__)
    go.set()
