"""What the desk of models does when it is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.embedders.supply import shelf
from tests.embedders.supply.server import refuse, slow, stall
from tests.house import wait_for
from traumbox.config import Model, load
from traumbox.errors import AlreadyRunningError, ConfigError, ModelError


def test_fetching_shows_its_progress(make, server):
    desk = make(fetch=False)
    server.script.extend([slow(1, 0), slow(1, 0), slow(10, 0.1)])
    desk.models.fetch("clap-music")
    seen = wait_for(
        lambda: (f := desk.models.status().fetch) and f.bytes_per_s and f, "some progress", 10
    )
    assert seen.stage == "download"
    assert 0 < seen.done_bytes <= seen.total_bytes
    assert seen.left_s is not None
    desk.models.fetch("clap-music")  # again: it is under way
    with pytest.raises(AlreadyRunningError, match="clap-music is being got"):
        desk.models.fetch("clap-general")
    desk.idle()
    assert desk.info("clap-music").state == "installed"


def test_try_now_does_not_wait(make, server):
    desk = make(fetch=False)
    server.script.append(refuse(500))
    desk.models.fetch("clap-general")
    desk.idle()
    assert desk.stage() == "waiting"
    desk.models.fetch("clap-general")
    desk.idle()
    assert desk.info("clap-general").state == "installed"


def test_what_was_asked_for_is_tried_again_even_if_nothing_comes_by_itself(make, server):
    desk = make(name="builtin", fetch=False)
    server.script.append(refuse(500))
    desk.models.fetch("clap-general")
    desk.idle()
    assert "next try" in desk.notice()
    desk.now_s += 60
    desk.tick()
    assert desk.info("clap-general").state == "installed"
    assert desk.change.deeds == []  # it was to be had, not to be used


def test_what_was_asked_for_in_vain_is_said(make, server):
    music = b"fail\n" + bytes(1000)
    server.files["/models/clap-music.pt"] = music
    desk = make(name="builtin", music=music)
    desk.models.fetch("clap-music")
    desk.idle()
    assert "The checkpoint is damaged" in desk.notice()


def test_stopping_lasts_until_somebody_asks_again(desk, server):
    server.script.extend([slow(1, 0), slow(1, 0), slow(40, 0.1)])
    desk.models.tick()
    wait_for(lambda: (f := desk.models.status().fetch) and f.done_bytes > 5000, "a part", 10)
    desk.models.stop_fetch()
    desk.idle()
    desk.now_s += 10**6
    asked = len(server.asked)
    desk.tick()
    assert len(server.asked) == asked
    desk.models.fetch("clap-music")
    desk.idle()
    assert server.ranges()[-1].startswith("bytes=")
    assert desk.info("clap-music").state == "installed"


def test_a_waiting_fetch_can_be_stopped(desk, server):
    server.always = refuse(500)
    desk.tick()
    desk.models.stop_fetch()
    assert desk.stage() == ""
    assert desk.notice() == ""


def test_stopping_at_a_silent_server_is_shown_and_lasts(make, server):
    desk = make(timeout_s=0.5)
    server.script.append(stall(0))
    desk.models.tick()
    wait_for(lambda: server.asked, "the question", 10)
    desk.models.stop_fetch()
    fetch = desk.models.status().fetch
    assert fetch is None or fetch.note == "stopping"
    desk.idle()
    desk.now_s += 10**6
    desk.tick()
    assert len(server.asked) == 1
    assert desk.notice() == ""


def test_the_house_can_stop_in_the_middle_and_goes_on_later(desk, server):
    server.script.extend([slow(1, 0), slow(1, 0), slow(40, 0.1)])
    desk.models.tick()
    wait_for(lambda: (f := desk.models.status().fetch) and f.done_bytes > 5000, "a part", 10)
    desk.models.stop()
    desk.open()
    desk.tick()
    assert server.ranges()[-1].startswith("bytes=")
    assert desk.info("clap-music").state == "installed"


def test_refusals_are_raised_at_once(make, tmp_path):
    desk = make(missing="make clap")
    with pytest.raises(ModelError, match="make clap"):
        desk.models.fetch("clap-music")
    with pytest.raises(ModelError, match="comes with traumbox"):
        desk.models.fetch("builtin")
    with pytest.raises(ModelError, match=r"There is no /nowhere\.pt"):
        desk.models.import_from(Path("/nowhere.pt"))
    (tmp_path / "a.pt").write_bytes(b"x")
    with pytest.raises(ModelError, match="make clap"):
        desk.models.import_from(tmp_path / "a.pt")


def test_a_file_is_taken_in(make, tmp_path):
    desk = make(fetch=False)
    (tmp_path / "vocab.json").write_bytes(shelf.VOCABULARY)
    (tmp_path / "merges.txt").write_bytes(shelf.MERGES)
    (tmp_path / "mine.pt").write_bytes(shelf.MUSIC)
    desk.models.import_from(tmp_path / "mine.pt")
    desk.idle()
    assert desk.notice() == ""
    assert desk.info("clap-music").state == "installed"
    assert desk.change.deeds == ["begin clap-music"]


def test_a_file_that_can_t_be_taken_in_is_said(make, tmp_path):
    desk = make(fetch=False)
    (tmp_path / "mine.pt").write_bytes(b"fail\n")
    desk.models.import_from(tmp_path / "mine.pt")
    desk.idle()
    assert "mine.pt couldn't be taken in: The checkpoint is damaged" in desk.notice()
    assert desk.stage() == ""


def test_using_a_model_writes_it_down_and_begins_the_change(make):
    desk = make(fetch=False, name="builtin")
    desk.models.fetch("clap-music")
    desk.idle()
    desk.config.write_text("# mine\nmodel:\n  name: builtin\n")
    desk.models.use("clap-music", now=True)
    assert desk.change.deeds == ["begin clap-music", "switch now"]
    assert desk.config.read_text() == "# mine\nmodel:\n  name: clap-music\n"
    assert desk.models.status().wanted == "clap-music"
    desk.tick()
    assert desk.change.deeds == ["begin clap-music", "switch now"]


def test_using_what_serves_gives_the_change_up(make):
    desk = make(fetch=False)
    desk.models.fetch("clap-music")
    desk.idle()
    desk.models.use("builtin")
    assert desk.change.deeds == ["begin clap-music", "cancel"]
    assert load(desk.config, {}).model.name == "builtin"
    desk.tick()
    assert desk.change.deeds[-1] == "cancel"


def test_auto_can_be_chosen_again(make):
    desk = make(fetch=False, name="builtin")
    desk.models.fetch("clap-music")
    desk.idle()
    desk.models.use("auto")
    assert desk.change.deeds == ["begin clap-music"]
    assert load(desk.config, {}).model.name == "auto"


def test_a_model_that_isn_t_here_can_t_be_used(desk):
    with pytest.raises(ModelError, match="traumbox model fetch clap-general"):
        desk.models.use("clap-general")
    with pytest.raises(ModelError, match="traumbox model quantize clap-music"):
        desk.models.use("clap-music-int8")
    with pytest.raises(ModelError, match="Did you mean"):
        desk.models.use("clap-musik")
    assert not desk.config.exists()
    assert desk.change.deeds == []


def test_a_change_that_is_given_up_isn_t_asked_for_any_more(make):
    desk = make(fetch=False, name="builtin")
    desk.models.fetch("clap-music")
    desk.idle()
    desk.models.use("clap-music")
    desk.models.cancel()
    assert desk.change.deeds == ["begin clap-music", "cancel"]
    assert load(desk.config, {}).model.name == "builtin"
    desk.tick()
    assert desk.change.deeds[-1] == "cancel"


def test_giving_up_what_auto_began_leaves_auto(desk):
    desk.tick()
    desk.models.cancel()
    assert not desk.config.exists()
    assert desk.models.status().wanted == "auto"
    desk.tick()
    assert desk.change.deeds == ["begin clap-music", "cancel"]


def test_the_environment_s_word_is_respected(make):
    desk = make(fetch=False)
    desk.models.fetch("clap-music")
    desk.idle()
    desk.change.deeds.clear()
    desk.environ["TRAUMBOX_MODEL__NAME"] = "auto"
    with pytest.raises(ConfigError, match="TRAUMBOX_MODEL__NAME"):
        desk.models.use("builtin")
    assert desk.change.deeds == []
    assert desk.models.status().wanted == "auto"


def test_the_change_is_steered(desk):
    desk.models.pause()
    desk.models.resume()
    desk.models.cancel()
    assert desk.change.deeds == ["pause", "resume", "cancel"]


def test_a_damaged_model_is_shown_and_fetched_anew(desk):
    desk.tick()
    tower = desk.fetcher.models_dir / "clap-music" / "text.onnx"
    tower.write_bytes(b"?" + tower.read_bytes()[1:])
    assert "text.onnx" in desk.models.verify("clap-music")
    assert desk.info("clap-music").state == "damaged"
    with pytest.raises(ModelError, match=r"text\.onnx"):
        desk.models.use("clap-music")
    desk.tick()
    assert desk.info("clap-music").state == "installed"
    assert desk.models.verify("clap-music") == ""


def test_removing_forgets_and_isn_t_undone_by_itself(desk, server):
    desk.tick()
    with pytest.raises(ModelError, match="The change to clap-music is under way"):
        desk.models.remove("clap-music")
    desk.models.cancel()
    desk.models.remove("clap-music")
    assert desk.forgotten == ["clap-music"]
    assert desk.info("clap-music").state == "absent"
    asked = len(server.asked)
    desk.tick()
    desk.open()
    desk.tick()
    assert len(server.asked) == asked


def test_what_serves_is_not_removed(desk):
    desk.tick()
    desk.serving = "clap-music"
    desk.change.under_way = None
    with pytest.raises(ModelError, match="answered with clap-music"):
        desk.models.remove("clap-music")
    with pytest.raises(ModelError, match="part of traumbox"):
        desk.models.remove("builtin")
    assert desk.forgotten == []
    assert desk.info("clap-music").serving


def test_what_was_heard_can_be_removed_when_the_files_are_gone_already(desk):
    desk.tracks["clap-general"] = 12
    desk.models.refresh()
    assert desk.info("clap-general").tracks == 12
    desk.models.remove("clap-general")
    assert desk.forgotten == ["clap-general"]
    desk.tracks.clear()
    with pytest.raises(ModelError, match="isn't installed"):
        desk.models.remove("clap-general")


def test_a_new_configuration_is_taken_over(make, server):
    desk = make(name="builtin", fetch=False)
    desk.models.take(Model(name="clap-general"))
    desk.tick()
    assert desk.info("clap-general").state == "installed"
    assert desk.change.deeds == ["begin clap-general"]


def test_a_new_configuration_that_wants_the_serving_model_gives_the_change_up(make, server):
    desk = make(name="builtin", fetch=False)
    desk.models.take(Model(name="clap-general"))
    desk.tick()
    desk.models.take(Model(name="builtin"))
    assert desk.change.deeds == ["begin clap-general", "cancel"]
