import itertools

import pytest

from tests.cli.service import serving
from traumbox.cli.app import main
from traumbox.cli.progress import plain_lines
from traumbox.cli.remote import running
from traumbox.cli.scan import follow, summary, tell
from traumbox.config import load
from traumbox.domain import IndexStatus


def answer(pending: int, indexed: int = 0, hearing: str = "", failed: int = 0):
    return 200, {
        "index": {
            "indexed": indexed,
            "pending": pending,
            "failed": failed,
            "excluded": 0,
            "total": indexed + pending + failed,
            "now_hearing": hearing,
            "tracks_per_minute": 6.0,
            "eta_s": pending * 10.0,
        }
    }


@pytest.fixture
def remote(config_file, tmp_path):
    settings = load(config_file, {})
    with serving(settings.data_dir) as service:
        service.answers["/api/v1/scan"] = (202, {"accepted": True})
        yield service, running(settings)


def test_a_scan_of_the_service_is_followed_until_nothing_is_pending_for_a_while(remote):
    service, asked = remote
    # Quiet at first, while new files settle: that is not the end.
    service.answers["/api/v1/status"] = [
        answer(0),
        answer(0),
        answer(2, 0, "a.flac"),
        answer(0, 1, "b.flac"),
        answer(0, 2),
        answer(0, 2),
        answer(0, 2),
        answer(0, 2),
        answer(9, 2),
    ]
    seconds = itertools.count()
    shown: list[IndexStatus] = []
    status = follow(asked, shown.append, 3.5, lambda: float(next(seconds)), lambda _: None)
    assert service.asked[0][:2] == ("POST", "/api/v1/scan")
    assert (status.indexed, status.pending) == (2, 0)
    assert len(shown) == 8
    assert shown[2].now_hearing == "a.flac"


def test_what_rests_is_not_waited_for(remote):
    service, asked = remote
    status, document = answer(5)
    document["index"] |= {"resting": "quiet hours until 07:00", "paused": False, "missing": 2}
    service.answers["/api/v1/status"] = (status, document)
    seconds = itertools.count()
    ended = follow(asked, lambda _: None, 3.5, lambda: float(next(seconds)), lambda _: None)
    assert summary(ended) == "0 of 5 files heard, 5 waiting (quiet hours until 07:00)."


def test_what_is_held_is_told_after_a_scan(capsys):
    held = {"count": 30, "total": 60, "gone": 28, "since_s": 0.0, "examples": ["a\x1b.flac"]}
    fine = {"online": True, "note": ""}
    old = {"name": "old", "online": False, "note": "is its disk mounted?"}
    tell([{"name": "My Music", "held": held, **fine}, {"name": "B", "held": None, **fine}, old])
    told = capsys.readouterr().err
    assert (
        "30 of 60 tracks of “My Music” (50 %) would go: 28 are gone and 2 are ruled out, such as "
        "a\N{REPLACEMENT CHARACTER}.flac. Nothing has been changed yet."
    ) in told
    assert "traumbox folder confirm 'My Music'" in told
    assert "“old”: offline: is its disk mounted?\n" in told
    assert len(told.splitlines()) == 3


def test_without_folders_there_is_nothing_to_scan(config_file, capsys):
    config_file.write_text("data_dir: data\n")
    assert main(["-c", str(config_file), "scan"]) == 2
    assert "No folder to scan" in capsys.readouterr().err


def test_the_summary_tells_what_was_left():
    assert summary(IndexStatus(indexed=1)) == "1 of 1 file heard."
    assert summary(IndexStatus(indexed=5, pending=1, failed=2, excluded=3)) == (
        "5 of 11 files heard, 1 to be tried again later, 2 failed (the panel says why), 3 excluded."
    )


def test_plain_lines_come_at_intervals_and_at_the_end():
    written: list[str] = []
    times = iter([0.0, 1.0, 9.0, 11.0, 12.0, 13.0])
    show = plain_lines(written.append, lambda: next(times))
    show(IndexStatus(pending=4))
    show(IndexStatus(indexed=1, pending=3, tracks_per_minute=6.0, eta_s=30.0))
    show(IndexStatus(indexed=2, pending=2))
    show(IndexStatus(indexed=3, pending=1, tracks_per_minute=6.0, eta_s=10.0))
    show(IndexStatus(indexed=4))
    show(IndexStatus(indexed=4))
    assert written == [
        "0 of 4 files",
        "3 of 4 files, 6.0 a minute, 0:10 left",
        "4 of 4 files",
    ]
