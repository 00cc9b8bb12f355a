"""The way in without music, progress while listening, and the activity page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.driver import DESKTOP, Person, a_person
from tests.browser.library import fill
from tests.browser.serving import serving
from tests.web.appliance import Appliance
from traumbox.domain import IndexStatus
from traumbox.web.services import FolderView


@dataclass
class Stage:
    """What the services say, changed by a test as the scene goes on."""

    status: IndexStatus = field(default_factory=IndexStatus)
    demo_running: bool = False
    folders: list[FolderView] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def start_demo(self) -> None:
        self.demo_running = True


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def person(browser: object, appliance: Appliance, stage: Stage) -> Iterator[Person]:
    services = replace(
        appliance.services(),
        status=lambda: stage.status,
        folders=lambda: stage.folders,
        start_demo=stage.start_demo,
        demo_running=lambda: stage.demo_running,
        reload=lambda: stage.asked.append("reload"),
        request_scan=lambda: stage.asked.append("scan"),
    )
    with serving(services) as address, a_person(browser, address, DESKTOP) as person:
        yield person
        assert person.complaints == []


def test_without_music_the_demo_leads_to_the_first_search(
    person: Person, appliance: Appliance, stage: Stage
) -> None:
    person.visit()
    person.page.get_by_role("heading", name="Welcome to traumbox").wait_for()
    assert "path: /srv/music" in person.page.locator("pre").inner_text()
    assert person.accessibility_violations() == []
    person.page.get_by_role("button", name="Try it with demo music").click()
    person.page.get_by_role("heading", name="Making demo music").wait_for()
    stage.demo_running = False
    stage.status = IndexStatus(pending=3)
    person.page.get_by_text("0 of 3 heard").wait_for()
    fill(appliance, 2)
    stage.status = IndexStatus(indexed=2, pending=1, eta_s=20.0)
    person.page.get_by_role("heading", name="What would you like to hear?").wait_for()
    assert person.rows.count() == 2
    person.page.get_by_role("link", name="calm slow piano").click()
    person.page.wait_for_url("**/?q=calm+slow+piano")
    person.page.get_by_text("searching 2 of").wait_for()


def test_a_folder_that_was_added_is_looked_for(person: Person, stage: Stage) -> None:
    person.visit()
    person.page.get_by_role("button", name="look again").click()
    stage.folders = [FolderView("Music", "/srv/music", online=True)]
    person.page.get_by_text("Copy music into one of these folders").wait_for()
    assert stage.asked == ["reload"]


def test_a_search_that_came_too_early_is_repeated(
    person: Person, appliance: Appliance, stage: Stage
) -> None:
    person.visit("/?q=440+Hz")
    person.page.get_by_text("There is no music to search yet").wait_for()
    fill(appliance, 1)
    stage.status = IndexStatus(indexed=1)
    person.rows.first.wait_for()


def test_progress_is_seen_from_every_page(person: Person, stage: Stage) -> None:
    stage.status = IndexStatus(indexed=41_902, pending=6_311, eta_s=2_280.0)
    person.visit("/activity")
    rail = person.page.get_by_role("banner")
    rail.get_by_text("41,902 / 48,213 · ~38 min left").wait_for()
    stage.status = IndexStatus(indexed=48_213)
    rail.get_by_text("48,213").wait_for(state="detached")


def test_activity_says_what_is_done_and_what_failed(
    person: Person, appliance: Appliance, stage: Stage
) -> None:
    for name, reason in [(b"a <b>\xff.flac", "It holds text."), (b"b.flac", "It is empty.")]:
        track_id = appliance.drop(appliance.write(name, np.zeros(4800, np.float32)))
        appliance.ledger.mark_failed(track_id, appliance.row(track_id).stat, reason, 1.8e9)
    stage.status = IndexStatus(5, 3, 2, 1, "Night Maps/03.flac", 166.2, 80.0)
    stage.folders = [
        FolderView("Music", "/srv/music", online=True),
        FolderView("Old records", "/mnt/usb", online=False, note="Its disk isn’t there."),
    ]
    person.visit("/activity")
    counts = person.page.get_by_role("list", name="Files by state")
    expect(counts).to_contain_text("11 files in all")
    for text in ("5 heard", "3 waiting", "2 failed", "1 ignored"):
        expect(counts).to_contain_text(text)
    for text in ("Night Maps/03.flac", "166 tracks a minute", "Its disk isn’t there.", "offline"):
        person.page.get_by_text(text).first.wait_for()
    person.page.get_by_text("a <b>\\xff.flac").wait_for()
    person.page.get_by_text("It is empty.").wait_for()
    person.page.get_by_role("button", name="Scan now").click()
    person.page.get_by_text("Looking through your folders").wait_for()
    assert stage.asked == ["scan"]
    assert person.accessibility_violations() == []
