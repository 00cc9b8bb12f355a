"""Folders and the hearing steered from outside, in the real daemon."""

import json
import os
import signal
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.house import DaemonHouse, wait_for
from traumbox.config import load

pytestmark = pytest.mark.process

RATE_HZ = 48_000
FOLDERS = "/api/v1/folders"


def drop(folder: Path, *names: str, duration_s: float = 1.0) -> None:
    """Write a file for each name, each with a sound of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    times_s = np.arange(int(duration_s * RATE_HZ)) / RATE_HZ
    for name in names:
        frequency_hz = 100 + sum(name.encode()) + 7 * len(folder.name)
        sound = 0.3 * np.sin(2 * np.pi * frequency_hz * times_s)
        soundfile.write(folder / name, sound.astype(np.float32), RATE_HZ)


def ask(house: DaemonHouse, method: str, address: str, **said: Any) -> tuple[int, Any]:
    request = urllib.request.Request(  # noqa: S310 - loopback
        house.url + urllib.parse.quote(address),
        data=json.dumps(said).encode(),
        headers={"Content-Type": "application/json"},
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def told(house: DaemonHouse) -> dict[str, dict[str, Any]]:
    return {folder["name"]: folder for folder in house.json(FOLDERS)["folders"]}


def tracks(house: DaemonHouse) -> dict[tuple[str, str], str]:
    """Return the ids of what is there and heard, by folder and path."""
    items = [item for item in house.files() if item["state"] == "indexed"]
    return {(item["folder"], item["path"]): item["id"] for item in items}


def wait_for_tracks(house: DaemonHouse, *places: tuple[str, str]) -> dict[tuple[str, str], str]:
    def there() -> dict[tuple[str, str], str] | None:
        found = tracks(house)
        return found if set(found) == set(places) else None

    try:
        return wait_for(there, f"exactly {places} to be heard", 40)
    except AssertionError as error:
        raise AssertionError(f"{error}; there is {tracks(house)}\n{house.tail()}") from error


def test_folders_come_lie_in_one_another_are_renamed_and_go(tmp_path: Path) -> None:
    music, jazz = tmp_path / "music", tmp_path / "music" / "jazz"
    with DaemonHouse(tmp_path, folders=False) as house:
        drop(music, "a.flac", "b.flac")
        drop(jazz, "c.flac")
        status, added = ask(house, "POST", FOLDERS, path=str(music), name="All", colour="#112233")
        assert (status, added["folder"]["colour"]) == (201, "#112233")
        outer = [("All", "a.flac"), ("All", "b.flac")]
        before = wait_for_tracks(house, *outer, ("All", "jazz/c.flac"))

        # The inner folder's files become its own, and stay what they are.
        assert ask(house, "POST", FOLDERS, path=str(jazz))[0] == 201
        split = wait_for_tracks(house, *outer, ("jazz", "c.flac"))
        assert split["jazz", "c.flac"] == before["All", "jazz/c.flac"]

        status, renamed = ask(house, "PATCH", f"{FOLDERS}/jazz", name="Blue notes", kind="podcast")
        assert (status, renamed["folder"]["kind"]) == (200, "podcast")
        again = wait_for_tracks(house, *outer, ("Blue notes", "c.flac"))
        assert set(again.values()) == set(before.values())
        assert list(told(house)) == ["All", "Blue notes"]
        written = load(house.config, {})
        assert [(f.name, f.path) for f in written.folders] == [("All", music), ("Blue notes", jazz)]

        # Taken out, its files are the outer folder's again.
        assert ask(house, "DELETE", f"{FOLDERS}/Blue notes")[0] == 200
        assert wait_for_tracks(house, *before) == before

        assert ask(house, "DELETE", f"{FOLDERS}/All")[0] == 200
        wait_for(lambda: not house.search("a tone"), "its tracks to be hidden", 20)
        assert told(house) == {}
        assert ask(house, "POST", FOLDERS, path=str(music), name="All")[0] == 201
        assert wait_for_tracks(house, *before) == before

        status, problem = ask(house, "PATCH", f"{FOLDERS}/None", kind="music")
        assert (status, "“All”" in json.dumps(problem, ensure_ascii=False)) == (404, True)
        assert ask(house, "POST", FOLDERS, path=str(tmp_path / "none"))[0] == 422
        assert ask(house, "POST", FOLDERS, path=str(house.data))[0] == 422


def test_rules_apply_at_once_and_are_undone_at_once(tmp_path: Path) -> None:
    with DaemonHouse(tmp_path) as house:
        drop(house.music, "a.flac")
        drop(house.music / "Drafts", "b.flac")
        both = wait_for_tracks(house, ("Music", "a.flac"), ("Music", "Drafts/b.flac"))
        assert ask(house, "PATCH", f"{FOLDERS}/Music", exclude=["Drafts/"])[0] == 200
        wait_for_tracks(house, ("Music", "a.flac"))
        left_out = next(item for item in house.files() if item["state"] == "excluded")
        assert left_out["path"] == "Drafts/b.flac"
        assert "Drafts/" in left_out["reason"]
        assert ask(house, "PATCH", f"{FOLDERS}/Music", exclude=[])[0] == 200
        assert wait_for_tracks(house, *both) == both


def test_a_large_removal_waits_for_a_word(tmp_path: Path) -> None:
    names = [f"{number:02}.flac" for number in range(40)]
    with DaemonHouse(tmp_path) as house:
        drop(house.music, *names, duration_s=0.3)
        before = wait_for_tracks(house, *(("Music", name) for name in names))
        for name in names[:30]:
            (house.music / name).unlink()
        held = wait_for(lambda: told(house)["Music"]["held"], "the removal to be held", 20)
        assert (held["count"], held["total"], held["gone"]) == (30, 40, 30)
        assert len(tracks(house)) == 40
        house.stop()
        house.start()
        held = wait_for(lambda: told(house)["Music"]["held"], "it to be held after a restart", 20)
        assert held["count"] == 30
        assert len(tracks(house)) == 40
        status, answer = ask(house, "POST", f"{FOLDERS}/Music/confirm")
        assert (status, answer["count"]) == (202, 30)
        kept = [("Music", name) for name in names[30:]]
        assert wait_for_tracks(house, *kept) == {place: before[place] for place in kept}
        removal = house.json(FOLDERS)["removals"][0]
        assert (removal["folder"], removal["count"]) == ("Music", 30)
        assert ask(house, "POST", f"{FOLDERS}/Music/confirm")[0] == 409

        # One comes back: the very same track, not heard again.
        drop(house.music, names[0], duration_s=0.3)
        assert (
            wait_for_tracks(house, *kept, ("Music", names[0]))["Music", names[0]]
            == before["Music", names[0]]
        )
        status, answer = ask(house, "POST", f"{FOLDERS}/Music/forget")
        assert (status, answer["count"]) == (202, 29)
        wait_for(lambda: not house.json(FOLDERS)["removals"], "them to be forgotten", 20)


def test_a_pause_outlives_a_restart_and_what_is_asked_for_is_heard_all_the_same(
    tmp_path: Path,
) -> None:
    with DaemonHouse(tmp_path) as house:
        assert ask(house, "POST", "/api/v1/pause")[0] == 202
        drop(house.music, "a.flac", "b.flac")
        wait_for(lambda: house.counts()["pending"] == 2, "both to be found", 20)
        index = house.json("/api/v1/status")["index"]
        assert index["paused"]
        assert index["resting"]
        house.stop()
        house.start()
        assert house.json("/api/v1/status")["index"]["paused"]
        first = next(item for item in house.files() if item["path"] == "a.flac")
        assert ask(house, "POST", f"/api/v1/audio/files/{first['id']}/hear")[0] == 202
        assert wait_for_tracks(house, ("Music", "a.flac")) == {("Music", "a.flac"): first["id"]}
        assert house.counts()["pending"] == 1
        assert ask(house, "POST", "/api/v1/resume")[0] == 202
        wait_for_tracks(house, ("Music", "a.flac"), ("Music", "b.flac"))
        assert not house.json("/api/v1/status")["index"]["paused"]


def hang_up(house: DaemonHouse) -> None:
    assert house.process is not None
    os.kill(house.process.pid, signal.SIGHUP)


def test_quiet_hours_hold_the_hearing_until_the_configuration_ends_them(tmp_path: Path) -> None:
    house = DaemonHouse(tmp_path)
    now = datetime.now(UTC)
    span = f"{now - timedelta(hours=2):%H:%M}-{now + timedelta(hours=2):%H:%M}"
    loud = house.config.read_text()
    # By the machine's own clock it may be loud.
    quiet = loud.replace("settle: 0.3", f"settle: 0.3, quiet_hours: '{span}', time_zone: UTC")
    house.config.write_text(quiet)
    with house:
        drop(house.music, "a.flac")
        wait_for(lambda: house.counts()["pending"] == 1, "it to be found", 20)
        until = f"{now + timedelta(hours=2):%H:%M}"
        resting = house.json("/api/v1/status")["index"]["resting"]
        assert resting.lower().startswith(f"quiet hours until {until}")
        house.config.write_text("webb: 1\n" + loud)
        hang_up(house)
        wait_for(lambda: "did you mean 'web'" in house.tail(), "the mistake to be told", 20)
        assert house.json("/api/v1/status")["index"]["resting"] == resting
        house.config.write_text(loud)
        hang_up(house)
        wait_for_tracks(house, ("Music", "a.flac"))
        assert not house.json("/api/v1/status")["index"]["resting"]


def test_a_hangup_takes_folders_in_and_out_without_touching_the_others(tmp_path: Path) -> None:
    other = tmp_path / "other"
    drop(other, "b.flac")
    with DaemonHouse(tmp_path) as house:
        drop(house.music, "a.flac")
        before = wait_for_tracks(house, ("Music", "a.flac"))
        text = house.config.read_text()
        house.config.write_text(text.replace("folders:\n", f"folders:\n  - {other}\n"))
        hang_up(house)
        both = wait_for_tracks(house, ("Music", "a.flac"), ("other", "b.flac"))
        assert both["Music", "a.flac"] == before["Music", "a.flac"]
        house.config.write_text(text)
        hang_up(house)
        assert wait_for_tracks(house, ("Music", "a.flac")) == before
        house.stop()
        house.config.write_text(text.replace("folders:\n", f"folders:\n  - {other}\n"))
        house.start()
        assert wait_for_tracks(house, *both) == both


def test_an_unmounted_folder_is_offline_and_comes_back_as_it_was(tmp_path: Path) -> None:
    away = tmp_path / "away"
    with DaemonHouse(tmp_path) as house:
        drop(house.music, "a.flac", "b.flac")
        before = wait_for_tracks(house, ("Music", "a.flac"), ("Music", "b.flac"))
        house.music.rename(away)
        ask(house, "POST", "/api/v1/scan")
        folder = wait_for(
            lambda: (one := told(house)["Music"]) and not one["online"] and one,
            "the folder to be offline",
            40,
        )
        assert folder["note"]
        assert folder["remedy"]
        assert tracks(house) == before
        hit = house.search("a tone")[0]["track"]
        assert hit["offline"]
        assert house.get(f"/stream/{hit['id']}")[0] in {404, 409, 410, 503}
        away.rename(house.music)
        ask(house, "POST", f"{FOLDERS}/Music/scan")
        wait_for(lambda: told(house)["Music"]["online"], "it to be back", 60)
        assert tracks(house) == before
