"""Folders steered from the panel, before the real daemon."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Locator, expect

from tests.browser.driver import DESKTOP, Person, a_person
from tests.house import DaemonHouse, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.process]

RATE_HZ = 22_050
MANY, GONE = 30, 25
REFUSED = "status of 503"  # the browser's own word on a stream that was refused


@pytest.fixture
def house(tmp_path: Path) -> Iterator[DaemonHouse]:
    with DaemonHouse(tmp_path) as house:
        yield house


@pytest.fixture
def person(browser: object, house: DaemonHouse) -> Iterator[Person]:
    with a_person(browser, house.url, DESKTOP) as person:
        yield person
        assert [said for said in person.complaints if REFUSED not in said] == []


def drop(folder: Path, *names: str) -> None:
    """Write a file of half a second for each name, each with a sound of its own."""
    folder.mkdir(exist_ok=True)
    times_s = np.arange(RATE_HZ // 2) / RATE_HZ
    for name in names:
        frequency_hz = 100 + sum(name.encode()) + 31 * len(folder.name)
        sound = 0.3 * np.sin(2 * np.pi * frequency_hz * times_s)
        soundfile.write(folder / name, sound.astype(np.float32), RATE_HZ)


def card(person: Person, name: str) -> Locator:
    return person.page.get_by_role("article", name=name, exact=True)


def ids(house: DaemonHouse) -> dict[str, str]:
    return {file["path"]: file["id"] for file in house.files()}


def test_a_folder_is_added_in_the_panel_taken_out_and_had_back(
    person: Person, house: DaemonHouse, tmp_path: Path
) -> None:
    attic = tmp_path / "attic"
    drop(attic, "one.flac", "two.flac")
    person.visit("/folders")
    person.page.get_by_role("button", name="Add a folder").click()
    person.page.get_by_label("Folder on this machine").fill(str(attic))
    person.page.get_by_label("Name").fill("Attic & more")
    person.page.keyboard.press("Enter")
    expect(card(person, "Attic & more")).to_contain_text("2 heard", timeout=60_000)
    before = ids(house)
    assert set(before) == {"one.flac", "two.flac"}
    assert "Attic & more" in house.config.read_text()

    card(person, "Attic & more").get_by_role("button", name="Stop watching").click()
    expect(card(person, "Attic & more")).to_have_count(0)
    wait_for(lambda: not house.files(), "its files to be hidden", 20)
    assert str(attic) not in house.config.read_text()
    gone = person.page.get_by_role("region", name="Recently gone")
    gone.get_by_text("2 tracks, now").wait_for()
    expect(gone).to_contain_text("no longer watched")

    person.page.get_by_role("button", name="Undo").click()
    expect(card(person, "Attic & more")).to_contain_text("2 heard", timeout=60_000)
    assert ids(house) == before
    expect(gone).to_have_count(0)


def test_a_large_removal_waits_until_it_is_confirmed(person: Person, house: DaemonHouse) -> None:
    names = [f"{number:02}.flac" for number in range(MANY)]
    drop(house.music, *names)
    house.wait_until_heard(MANY)
    person.visit("/folders")
    for name in names[:GONE]:
        (house.music / name).unlink()
    title = f"{GONE} of {MANY} tracks of “Music” are gone from the disk."
    held = person.page.get_by_role("region", name=title)
    held.wait_for(timeout=60_000)
    assert house.counts()["indexed"] == MANY
    held.get_by_role("button", name="They are gone").click()
    person.page.get_by_role("alertdialog").get_by_role("button", name="Remove them").click()
    card(person, "Music").get_by_text(f"{GONE} tracks were removed.").wait_for()
    expect(held).to_have_count(0)
    left = MANY - GONE
    wait_for(lambda: house.counts()["indexed"] == left, f"{left} tracks to be left", 30)
    gone = person.page.get_by_role("region", name="Recently gone")
    gone.get_by_text(f"{GONE} tracks, now").wait_for()
    gone.get_by_role("button", name="Forget now Music").click()
    person.page.get_by_role("alertdialog").get_by_role("button", name="Forget them").click()
    expect(gone).to_have_count(0)


def test_a_pause_outlives_a_reload_and_one_file_is_heard_all_the_same(
    person: Person, house: DaemonHouse
) -> None:
    person.visit("/activity")
    person.page.get_by_role("main").get_by_role("button", name="Pause", exact=True).click()
    person.page.get_by_role("button", name="Resume").wait_for()
    drop(house.music, "one.flac", "two.flac")
    wait_for(lambda: house.counts()["pending"] == 2, "two files to wait", 30)
    person.page.reload()
    person.page.get_by_role("heading", name="Paused").wait_for()
    person.page.get_by_role("button", name="Show what waits").click()
    person.page.get_by_role("button", name="Hear two.flac now").click()
    wait_for(lambda: house.counts()["indexed"] == 1, "one file to be heard", 60)
    assert house.counts()["pending"] == 1
    person.page.get_by_role("button", name="Resume").click()
    person.page.get_by_role("heading", name="All caught up").wait_for(timeout=60_000)
    assert house.counts()["indexed"] == 2


def test_an_offline_folder_is_marked_and_playing_says_why(
    person: Person, house: DaemonHouse, tmp_path: Path
) -> None:
    drop(house.music, "one.flac")
    house.wait_until_heard(1)
    person.visit("/?q=a+tone")
    row = person.row("one")
    row.wait_for()
    away = tmp_path / "unplugged"
    shutil.move(house.music, away)
    house.get("/api/v1/scan", method="POST")
    expect(row).to_contain_text("offline", timeout=30_000)
    person.play("one")
    person.page.get_by_role("alert").get_by_text("“one” can’t be played just now.").wait_for()
    expect(person.page.get_by_role("alert")).to_contain_text("offline")
    person.page.get_by_role("link", name="Folders").click()
    expect(card(person, "Music")).to_contain_text("offline")
    expect(card(person, "Music")).to_contain_text("1 heard")
    shutil.move(away, house.music)
    card(person, "Music").get_by_role("button", name="Look through now").click()
    expect(card(person, "Music").get_by_text("online")).to_be_visible(timeout=30_000)
    person.page.go_back()
    person.row("one").wait_for()
    expect(person.row("one")).not_to_contain_text("offline")
    person.play("one")
    person.wait_until_playing()
