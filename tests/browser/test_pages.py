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
from traumbox.domain import Held, IndexStatus
from traumbox.web.services import FolderView


@dataclass
class Stage:
    """What the services say, changed by a test as the scene goes on."""

    status: IndexStatus = field(default_factory=IndexStatus)
    demo_running: bool = False
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
        start_demo=stage.start_demo,
        demo_running=lambda: stage.demo_running,
        reload=lambda: stage.asked.append("reload"),
    )
    appliance.folders.views = []
    with serving(services) as address, a_person(browser, address, DESKTOP) as person:
        yield person
        assert person.complaints == []


def test_without_music_the_demo_leads_to_the_first_search(
    person: Person, appliance: Appliance, stage: Stage
) -> None:
    person.visit()
    person.page.get_by_role("heading", name="Welcome to traumbox").wait_for()
    person.page.get_by_text("Or name it in").click()
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
    person.page.get_by_role("link", name="calm piano").click()
    person.page.wait_for_url("**/?q=calm+piano")
    person.page.get_by_text("searching 2 of").wait_for()


def test_a_folder_that_was_added_is_looked_for(
    person: Person, appliance: Appliance, stage: Stage
) -> None:
    person.visit()
    person.page.get_by_text("Or name it in").click()
    person.page.get_by_role("button", name="look again").click()
    appliance.folders.views = [FolderView("Music", "/srv/music", online=True)]
    person.page.get_by_text("Copy music into one of these folders").wait_for()
    assert stage.asked == ["reload"]


def test_the_welcome_leads_to_the_folders(person: Person) -> None:
    person.visit()
    person.page.get_by_role("link", name="Add a music folder").click()
    person.page.get_by_label("Folder on this machine").wait_for()


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


def test_activity_says_what_is_done(person: Person, appliance: Appliance, stage: Stage) -> None:
    stage.status = IndexStatus(
        indexed=5,
        pending=3,
        failed=2,
        excluded=1,
        missing=4,
        now_hearing="Night Maps/03.flac",
        tracks_per_minute=166.2,
        eta_s=80.0,
    )
    appliance.folders.views = [
        FolderView("Music", "/srv/music", online=True, held=Held(25, 30, 25, 0.0)),
        FolderView("Old records", "/mnt/usb", online=False, note="Its disk isn’t there."),
    ]
    person.visit("/activity")
    counts = person.page.get_by_role("list", name="Files by state")
    expect(counts).to_contain_text("11 files in all")
    for text in ("5 heard", "3 waiting", "2 failed", "1 ignored"):
        expect(counts).to_contain_text(text)
    for text in (
        "Night Maps/03.flac",
        "166 tracks a minute",
        "4 gone, kept for their return",
        "2 folders are watched.",
        "1 is offline.",
        "1 waits for your word",
    ):
        person.page.get_by_text(text).first.wait_for()
    person.page.get_by_role("button", name="Scan now").click()
    person.page.get_by_text("Looking through your folders").wait_for()
    assert appliance.folders.asked == ["scan"]
    assert person.accessibility_violations() == []


def test_what_failed_is_tried_again_one_by_one_or_all(
    person: Person, appliance: Appliance, stage: Stage
) -> None:
    failures = [(b"a <b>\xff.flac", "It holds text."), (b"b.flac", "It is empty.")]
    tracks = [fail(appliance, name, reason) for name, reason in failures]
    appliance.folders.failed = set(tracks)
    stage.status = IndexStatus(indexed=5, failed=2)
    person.visit("/activity")
    failed = person.page.get_by_role("region", name="Could not be heard")
    failed.get_by_text("a <b>\\xff.flac").wait_for()
    failed.get_by_text("It is empty.").wait_for()
    failed.get_by_role("button", name="Try b.flac again").click()
    person.page.get_by_text("It is heard next.").wait_for()
    failed.get_by_role("button", name="Try all again").click()
    person.page.get_by_text("1 file is heard again.").wait_for()
    assert appliance.folders.asked == [f"hear {tracks[1]}", "retry"]
    assert person.accessibility_violations() == []
    appliance.folders.files.clear()
    failed.get_by_role("button", name="Try b.flac again").click()
    person.page.get_by_role("alert").get_by_text("That file is no longer there.").wait_for()


def test_one_of_those_that_wait_can_be_heard_now(
    person: Person, appliance: Appliance, stage: Stage
) -> None:
    silence = np.zeros(4800, np.float32)
    tracks = [appliance.drop(appliance.write(f"{i:02}.flac".encode(), silence)) for i in range(52)]
    stage.status = IndexStatus(pending=52)
    person.visit("/activity")
    waiting = person.page.get_by_role("region", name="Waiting to be heard")
    assert waiting.get_by_role("listitem").count() == 0
    waiting.get_by_role("button", name="Show what waits").click()
    expect(waiting.get_by_role("listitem")).to_have_count(50)
    waiting.get_by_role("button", name="Show more").click()
    expect(waiting.get_by_role("listitem")).to_have_count(52)
    waiting.get_by_role("button", name="Hear 51.flac now").click()
    person.page.get_by_text("It is heard next.").wait_for()
    assert appliance.folders.asked == [f"hear {tracks[51]}"]
    assert person.accessibility_violations() == []


def test_the_hearing_rests_and_goes_on(person: Person, appliance: Appliance, stage: Stage) -> None:
    stage.status = IndexStatus(indexed=1, pending=3, resting="quiet hours until 07:00")
    person.visit("/activity")
    person.page.get_by_role("heading", name="Quiet hours until 07:00").wait_for()
    person.page.get_by_role("banner").get_by_text("Quiet hours until 07:00").wait_for()
    person.page.get_by_role("button", name="Pause", exact=True).last.click()
    stage.status = IndexStatus(indexed=1, pending=3, paused=True, resting="Paused.")
    person.page.get_by_role("heading", name="Paused").wait_for()
    person.page.reload()
    person.page.get_by_text("Nothing is heard until you resume.").wait_for()
    assert person.accessibility_violations() == []
    person.page.get_by_role("button", name="Resume").click()
    stage.status = IndexStatus(indexed=4)
    person.page.get_by_role("heading", name="All caught up").wait_for()
    assert appliance.folders.asked == ["pause", "resume"]


def fail(appliance: Appliance, name: bytes, reason: str) -> str:
    track_id = appliance.drop(appliance.write(name, np.zeros(4800, np.float32)))
    appliance.ledger.mark_failed(track_id, appliance.row(track_id).stat, reason, 1.8e9)
    return track_id
