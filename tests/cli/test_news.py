from dataclasses import asdict
from datetime import datetime

import pytest

from traumbox.cli import terminal
from traumbox.cli.model.meter import beside_the_bar, plain_lines
from traumbox.cli.news import changing, fetching, news
from traumbox.domain import ChangeProgress, FetchProgress

NEXT_TRY_S = datetime(2026, 11, 21, 14, 5).timestamp()


@pytest.mark.parametrize(
    ("progress", "told"),
    [
        (
            FetchProgress("clap-music", "download", 588_000_000, 2_352_000_000, 8.4e6, 210.0),
            "clap-music: downloading, 25 % of 2.35 GB, 8.40 MB/s, 3:30 left.",
        ),
        (
            FetchProgress("clap-music", "convert", 40, 100, note="converting the audio tower"),
            "clap-music: converting the audio tower, 40 %.",
        ),
        (
            FetchProgress("clap-music", "waiting", 9, 100, next_try_s=NEXT_TRY_S, note="403."),
            "clap-music: next try 14:05. 403.",
        ),
        (FetchProgress("clap-music", "waiting"), "clap-music: waiting."),
    ],
)
def test_how_the_getting_goes(progress, told):
    assert fetching(progress) == told


@pytest.mark.parametrize(
    ("progress", "told"),
    [
        (
            ChangeProgress("builtin", "clap-music", 0, 1),
            "Changing from builtin to clap-music: 0 of 1 track heard.",
        ),
        (
            ChangeProgress("a", "b", 1204, 9870, waiting=12, left_s=60.0, note="NAS is away."),
            (
                "Changing from a to b: 1,204 of 9,870 tracks heard, 12 in offline folders, "
                "1:00 left. NAS is away."
            ),
        ),
        (
            ChangeProgress("a", "b", 1, 2, paused=True, left_s=60.0),
            "Changing from a to b: 1 of 2 tracks heard, paused.",
        ),
    ],
)
def test_how_the_change_goes(progress, told):
    assert changing(progress) == told


def test_all_news_without_what_could_steer_the_terminal():
    document = {
        "notice": "Not\x1b[2J reachable.",
        "fetch": asdict(FetchProgress("m", "download")),
        "change": asdict(ChangeProgress("a", "b", 1, 2)),
    }
    assert news(document) == [
        "Not�[2J reachable.",
        "m: downloading.",
        "Changing from a to b: 1 of 2 tracks heard.",
    ]
    assert news({"notice": "", "fetch": None, "change": None}) == []
    assert news({"id": "of an older service", "name": "x"}) == []


def test_what_waits_is_told_once():
    waiting = asdict(FetchProgress("m", "waiting", next_try_s=NEXT_TRY_S, note="Is it plugged in?"))
    assert news({"notice": "Next try 14:05.", "fetch": waiting}) == [
        "Next try 14:05.", "Is it plugged in?",
    ]  # fmt: skip
    assert news({"notice": "Next try 14:05.", "fetch": {**waiting, "note": ""}}) == [
        "Next try 14:05."
    ]
    assert news({"notice": "", "fetch": waiting}) == ["m: next try 14:05. Is it plugged in?"]


def test_beside_the_bar():
    told = beside_the_bar(FetchProgress("m", "download", 45_300_000, 2_350_000_000, 900.0, 61.0))
    assert told == "45.3 MB of 2.35 GB, 900 B/s, 1:01 left"
    assert beside_the_bar(FetchProgress("m", "convert", 4, 9, note="checking")) == ""


def test_plain_lines_come_every_ten_seconds_and_at_each_step():
    now_s, written = 0.0, []
    show = plain_lines(written.append, lambda: now_s)
    for done, at_s in ((1, 0.0), (2, 3.0), (3, 9.9), (50, 10.0), (51, 11.0)):
        now_s = at_s
        show(FetchProgress("m", "download", done, 100))
    for note in ("", "", "checking against PyTorch"):
        show(FetchProgress("m", "convert", 0, 100, note=note))
    assert written == [
        "m: downloading, 1 % of 100 B.",
        "m: downloading, 50 % of 100 B.",
        "m: preparing, 0 %.",
        "m: checking against PyTorch, 0 %.",
    ]


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.00 kB"),
        (45_320_000, "45.3 MB"),
        (999_960_000, "1,000 MB"),
        (2_352_471_003, "2.35 GB"),
        (123_456_000_000, "123 GB"),
    ],
)
def test_sizes(count, shown):
    assert terminal.size(count) == shown
