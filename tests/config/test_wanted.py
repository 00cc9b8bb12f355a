import os
from pathlib import Path

import pytest

from traumbox.config import Folder, Settings, checked_folder, folder_to_add
from traumbox.errors import ConfigError


@pytest.fixture
def settings(tmp_path):
    music = tmp_path / "music"
    music.mkdir()
    return Settings(data_dir=tmp_path / "data", folders=(Folder(path=music),))


def refusal(settings, path, name=None) -> str:
    with pytest.raises(ConfigError) as caught:
        folder_to_add(settings, path, name)
    return str(caught.value)


def test_the_last_part_of_the_path_is_the_name_with_a_number_when_it_is_taken(settings, tmp_path):
    for place in ("jazz", "b/music", "c/music"):
        (tmp_path / place).mkdir(parents=True)
    assert folder_to_add(settings, tmp_path / "c" / ".." / "jazz") == (tmp_path / "jazz", "jazz")
    assert folder_to_add(settings, tmp_path / "b" / "music")[1] == "music 2"
    assert folder_to_add(settings, tmp_path / "jazz", "Blue notes")[1] == "Blue notes"


def test_inside_a_watched_folder_is_fine(settings, tmp_path):
    inner = tmp_path / "music" / "jazz"
    inner.mkdir()
    assert folder_to_add(settings, inner) == (inner, "jazz")


def test_what_is_not_there_no_folder_or_shut_is_told_in_the_same_words(settings, tmp_path):
    (tmp_path / "file").touch()
    shut = tmp_path / "shut"
    shut.mkdir(0)
    places = ["none", "file", "x" * 300, "\ud83d", "nul\0", *(["shut"] if os.getuid() else [])]
    names = [name.encode("utf-8", "backslashreplace").decode() for name in places]
    told = {
        refusal(settings, tmp_path / place).replace(name, "")
        for place, name in zip(places, names, strict=True)
    }
    assert len(told) == 1
    assert "no folder there that traumbox may read" in told.pop()


@pytest.mark.parametrize(
    "place", ["/", "/proc", "/sys/kernel", "/dev/snd", "/run/media", "/etc", "/x/../boot", "/var"]
)
def test_the_system_is_not_watched(settings, place):
    assert "belongs to the system" in refusal(settings, Path(place))


def test_nor_by_way_of_a_link(settings, tmp_path):
    (tmp_path / "link").symlink_to("/etc")
    assert "belongs to the system" in refusal(settings, tmp_path / "link")


def test_what_is_plugged_in_may_be_watched(settings):
    assert "no folder there" in refusal(settings, Path("/run/media/me/none"))


def test_its_own_data_and_what_is_watched_already(settings, tmp_path):
    (tmp_path / "data" / "index").mkdir(parents=True)
    (tmp_path / "data" / "demo").mkdir()
    for place in ("data", "data/index", "."):
        assert "keeps what it learned" in refusal(settings, tmp_path / place)
    assert folder_to_add(settings, tmp_path / "data" / "demo")[1] == "demo"
    (tmp_path / "link").symlink_to("music")
    assert "already, as “music”" in refusal(settings, tmp_path / "link")
    (tmp_path / "other").mkdir()
    assert "called “music” already" in refusal(settings, tmp_path / "other", "music")
    assert "whole path" in refusal(settings, Path("music"))
    assert "name: 'a/b': expected a short name" in refusal(settings, tmp_path / "other", "a/b")


def test_every_wrong_word_about_a_folder_is_told():
    with pytest.raises(ConfigError) as caught:
        checked_folder({"path": "/m", "colour": "red", "kind": "noise", "volume": 11})
    told = str(caught.value)
    assert "colour: 'red': expected a colour such as" in told
    assert "kind: 'noise': expected 'auto'" in told
    assert "volume is nothing that can be said" in told
