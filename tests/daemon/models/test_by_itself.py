"""What the desk of models does by itself, and what it says of that."""

from __future__ import annotations

import os
import threading

import pytest

from tests.daemon.models.desk import NOON_S
from tests.embedders.supply import shelf
from tests.embedders.supply.server import refuse
from tests.house import wait_for
from traumbox.daemon.getting import Getter
from traumbox.daemon.wanting import clock_time
from traumbox.embedders.supply import lock
from traumbox.errors import AlreadyRunningError


def test_auto_fetches_and_begins_the_change(desk):
    assert desk.notice() == ""
    desk.tick()
    assert desk.info("clap-music").state == "installed"
    assert desk.change.deeds == ["begin clap-music"]
    assert desk.notice() == ""
    desk.tick()
    assert desk.change.deeds == ["begin clap-music"]


def test_what_is_not_reachable_is_said_with_the_next_try(desk, server):
    server.always = refuse(503)
    desk.tick()
    fetch = desk.models.status().fetch
    assert fetch is not None
    assert (fetch.model, fetch.stage) == ("clap-music", "waiting")
    assert NOON_S + 30 <= fetch.next_try_s <= NOON_S + 38
    assert "busy or out of order" in fetch.note
    assert desk.notice() == (
        "LAION CLAP not reachable (127.0.0.1 answers 503 Service Unavailable); searching with the "
        "built-in model; next try 12:00."
    )
    asked = len(server.asked)
    desk.tick()
    assert len(server.asked) == asked  # not before its time
    server.always = None
    desk.now_s += 40
    desk.tick()
    assert desk.info("clap-music").state == "installed"
    assert desk.notice() == ""


def test_a_fetch_is_over_only_when_note_was_taken_of_its_end(desk):
    under_way: list[bool] = []

    def ended(_: str) -> None:
        under_way.append(getter.progress() is not None)

    getter = Getter(desk.fetcher, lambda: NOON_S, ended)
    getter.fetch("clap-music", asked=True)
    wait_for(lambda: getter.progress() is None, "the fetch to be over", 30)
    assert under_way == [True]


def test_a_file_that_is_gone_is_looked_for_once_a_day(desk, server):
    server.always = refuse(404)
    desk.tick()
    assert desk.notice().endswith("next try tomorrow 12:00.")


def test_a_restart_does_not_forget_what_failed(make, server):
    music = b"fail\n" + bytes(1000)
    server.files["/models/clap-music.pt"] = music
    desk = make(music=music)
    desk.tick()
    assert desk.notice() == (
        "LAION CLAP couldn't be converted; searching with the built-in model. The checkpoint is "
        "damaged. Download it again."
    )
    asked = len(server.asked)
    again = make(music=music)
    again.tick()
    assert len(server.asked) == asked
    assert again.notice() == desk.notice()


def test_without_the_converter_nothing_comes_by_itself_and_the_command_is_said(make, server):
    desk = make(missing="make clap")
    desk.tick()
    assert server.asked == []
    assert desk.notice() == (
        "LAION CLAP isn't installed; searching with the built-in model. To have it: make clap."
    )


def test_who_has_said_no_is_left_alone(make, server):
    desk = make(fetch=False)
    desk.tick()
    assert server.asked == []
    assert desk.notice() == ""


def test_a_wanted_model_that_must_not_be_fetched_is_said_with_the_command(make, server):
    desk = make(name="clap-music", fetch=False)
    desk.tick()
    assert server.asked == []
    assert desk.notice().endswith("To have it: traumbox model fetch clap-music.")
    both = make(name="clap-music", fetch=False, missing="make clap")
    assert both.notice().endswith("To have it: make clap, then traumbox model fetch clap-music.")


def test_a_model_in_8_bits_is_made_by_its_owner(make, server):
    desk = make(name="clap-music-int8")
    desk.tick()
    assert server.asked == []
    assert desk.notice().endswith("To have it: traumbox model quantize clap-music.")


def test_the_built_in_model_by_choice_asks_for_nothing(make, server):
    desk = make(name="builtin")
    desk.tick()
    assert server.asked == []
    assert desk.notice() == ""


def test_one_of_laion_s_models_is_enough_for_auto(make, server, tmp_path):
    desk = make(fetch=False)
    desk.models.fetch("clap-general")
    desk.idle()
    assert desk.change.deeds == ["begin clap-general"]
    asked = len(server.asked)
    other = make()
    other.tick()
    assert len(server.asked) == asked


def test_a_model_that_another_process_brought_is_taken_up(desk, tmp_path):
    other = shelf.fetcher(tmp_path / "models", desk.fetcher.access.base)
    other.fetch("clap-music", lambda _: None, threading.Event())
    desk.models.refresh()
    assert desk.change.deeds == ["begin clap-music"]
    assert desk.info("clap-music").state == "installed"


def test_while_another_process_is_at_it_the_desk_waits(desk, server):
    with lock.exclusive(desk.fetcher.downloads):
        desk.tick()
        assert server.asked == []
        with pytest.raises(AlreadyRunningError, match=str(os.getpid())):
            desk.models.fetch("clap-music")
    desk.tick()
    assert desk.info("clap-music").state == "installed"


def test_the_note_of_the_start_is_shown_until_another_model_serves(make):
    desk = make(fetch=False)
    desk.note = "clap-music is damaged."
    desk.open()
    assert desk.notice() == "clap-music is damaged."
    desk.serving = "clap-general"
    assert desk.notice() == ""


def test_times_are_said_as_people_say_them():
    assert clock_time(NOON_S + 125 * 60, NOON_S) == "14:05"
    assert clock_time(NOON_S + 24 * 3600, NOON_S) == "tomorrow 12:00"
    assert clock_time(NOON_S + 72 * 3600, NOON_S) == "2026-11-24 12:00"
