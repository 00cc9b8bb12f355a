"""The page of the watched folders, before folders that are as the test wants them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.driver import (
    DESKTOP,
    PHONE,
    TABLET,
    Person,
    a_person,
    is_focused,
    until_asked,
)
from tests.browser.serving import serving
from tests.web.appliance import Appliance
from tests.web.desk import FakeFolders
from traumbox.domain import Held, Removal
from traumbox.errors import ConfigError
from traumbox.web.services import FolderView

NOW_S = time.time()
COMMAND = "echo 'fs.inotify.max_user_watches=65536' | sudo tee /etc/sysctl.d/60-traumbox.conf"
EVIL = "<img src=x onerror=alert(1)>{{ 7 * 7 }}"
MUSIC = FolderView(
    "Music",
    "/srv/music",
    online=True,
    colour="#4e79a7",
    mode="live",
    indexed=1_150,
    pending=40,
    failed=3,
    excluded=10,
    missing=14,
    last_scan_s=NOW_S - 3.1 * 3_600,
    next_scan_s=NOW_S + 5.3 * 3_600,
)
BOOKS = FolderView(
    "Books",
    "/mnt/nas/books",
    online=True,
    colour="#f28e2b",
    kind="audiobook",
    priority="last",
    exclude=("Drafts/", "*.wav"),
    mode="polled",
    mode_note="it lies on a network share (cifs)",
    indexed=212,
    last_scan_s=NOW_S - 400,
)
ARCHIVE = FolderView(
    "Archive",
    "/srv/archive",
    online=True,
    mode="partial",
    mode_note="only 8,192 of 20,114 directories are watched",
    mode_remedy=COMMAND,
    indexed=18_200,
    unreadable=2,
)
USB = FolderView(
    "Old records",
    "/mnt/usb",
    online=False,
    note="its disk isn't there",
    remedy="connect the disk again",
    indexed=4_411,
    last_scan_s=NOW_S - 3 * 86_400,
)
HELD = Held(412, 1_203, 400, NOW_S - 600, ("Night/01.flac", f"{EVIL}.flac"))


@pytest.fixture
def desk(appliance: Appliance) -> FakeFolders:
    appliance.folders.views = [MUSIC, BOOKS, ARCHIVE, USB]
    return appliance.folders


@pytest.fixture
def person(browser: object, appliance: Appliance, desk: FakeFolders) -> Iterator[Person]:
    with serving(appliance.services()) as address, a_person(browser, address, DESKTOP) as person:
        yield person
        assert person.complaints == []
        assert person.dialogs == []


def card(person: Person, name: str) -> Locator:
    return person.page.get_by_role("article", name=name, exact=True)


def press(person: Person, name: str, button: str) -> None:
    card(person, name).get_by_role("button", name=button).click()


def test_it_says_how_each_folder_is(person: Person) -> None:
    person.visit()
    person.page.get_by_role("link", name="Folders").click()
    person.page.get_by_role("heading", name="Folders").wait_for()
    assert person.page.title() == "Folders · traumbox"
    music = card(person, "Music")
    for text in ("online", "/srv/music", "noticed at once", "3 hours ago", "in 5 hours"):
        expect(music).to_contain_text(text)
    counts = music.get_by_role("list", name="Files by state")
    for text in ("1,203 files", "1,150 heard", "40 waiting", "3 failed", "10 ignored", "14 gone"):
        expect(counts).to_contain_text(text)
    for text in (
        "Audiobooks",
        "Heard last",
        "looked for every 10 minutes",
        "without Drafts/, *.wav",
    ):
        expect(card(person, "Books")).to_contain_text(text)
    expect(card(person, "Books")).to_contain_text("It lies on a network share (cifs).")
    expect(card(person, "Archive")).to_contain_text("2 subfolders or files can’t be read")
    for text in ("offline", "Its disk isn't there.", "Connect the disk again.", "3 days ago"):
        expect(card(person, "Old records")).to_contain_text(text)
    rail = person.page.get_by_role("banner")
    expect(rail.get_by_role("link", name="Folders")).to_contain_text("1 waits for you")


def test_what_is_shown_follows_what_happens(person: Person, desk: FakeFolders) -> None:
    person.visit("/folders")
    remove = card(person, "Old records").get_by_role("button", name="Stop watching")
    remove.focus()
    desk.put("Old records", replace(USB, online=True, note="", remedy=""))
    expect(card(person, "Old records")).to_contain_text("online")
    person.page.get_by_role("banner").get_by_text("1 waits for you").wait_for(state="detached")
    assert is_focused(remove)


def test_the_command_that_helps_can_be_copied(person: Person) -> None:
    person.visit("/folders")
    archive = card(person, "Archive")
    archive.get_by_text("run this on the machine, once").wait_for()
    archive.get_by_role("button", name="Copy the command").click()
    archive.get_by_text("Copied", exact=True).wait_for()
    press(person, "Archive", "Edit")
    field = person.page.get_by_role("dialog").get_by_label("Name")
    field.fill("")
    field.press("Control+V")
    assert field.input_value() == COMMAND[:80]


def test_a_folder_is_looked_through_when_asked(person: Person, desk: FakeFolders) -> None:
    person.visit("/folders")
    press(person, "Music", "Look through now")
    until_asked(person, desk.asked, "scan Music")
    said = card(person, "Music").get_by_text("It is being looked through…")
    said.wait_for()
    desk.put("Music", replace(MUSIC, last_scan_s=NOW_S))
    said.wait_for(state="detached")
    expect(card(person, "Music")).to_contain_text("now")


def test_a_folder_is_edited(person: Person, desk: FakeFolders) -> None:
    person.visit("/folders")
    press(person, "Books", "Edit")
    sheet = person.page.get_by_role("dialog", name="Edit “Books”")
    assert sheet.get_by_label("Leave out").input_value() == "Drafts/\n*.wav"
    assert sheet.get_by_role("radio", name="Orange").is_checked()
    name = sheet.get_by_label("Name")
    name.fill("Read to me")
    desk.put("Music", replace(MUSIC, pending=39))  # what is typed outlives the news
    expect(card(person, "Music")).to_contain_text("39 waiting")
    assert name.input_value() == "Read to me"
    sheet.get_by_role("radio", name="Green").check()
    sheet.get_by_label("What is in it").select_option("Podcasts")
    sheet.get_by_label("Order of hearing").select_option("Heard first")
    sheet.get_by_label("Only files that match").fill("*.mp3\n\n*.m4b")
    assert person.accessibility_violations() == []
    name.press("Enter")
    expect(sheet).to_be_hidden()
    person.page.get_by_text("“Read to me” is saved.").wait_for()
    changed = desk.views[1]
    assert (changed.name, changed.colour, changed.kind) == ("Read to me", "#59a14f", "podcast")
    assert (changed.priority, changed.include) == ("first", ("*.mp3", "*.m4b"))
    assert changed.exclude == BOOKS.exclude


def test_a_folder_is_added_and_a_mistake_is_told_at_its_field(
    person: Person, desk: FakeFolders, tmp_path: Path
) -> None:
    person.visit("/folders")
    person.page.get_by_role("button", name="Add a folder").click()
    sheet = person.page.get_by_role("dialog", name="Add a folder")
    path = sheet.get_by_label("Folder on this machine")
    for wrong, words in (("music", "beginning with a slash"), (f"/{EVIL}", "no folder there")):
        path.fill(wrong)
        sheet.get_by_role("button", name="Watch this folder").click()
        problem = sheet.get_by_role("alert").filter(has_text=words)
        problem.wait_for()
        assert is_focused(path)
        assert path.get_attribute("aria-invalid") == "true"
        assert problem.get_attribute("id") in (path.get_attribute("aria-describedby") or "")
    assert person.accessibility_violations() == []
    attic = tmp_path / "Attic"
    attic.mkdir()
    path.fill(str(attic))
    assert sheet.get_by_label("Name").get_attribute("placeholder") == "Attic"
    sheet.get_by_role("radio", name="Teal").check()
    path.press("Enter")
    expect(sheet).to_be_hidden()
    person.page.get_by_text("“Attic” is watched now.").wait_for()
    expect(card(person, "Attic")).to_contain_text("being looked through")
    assert desk.views[-1].colour == "#76b7b2"
    person.page.get_by_role("button", name="Add a folder").click()
    assert path.input_value() == ""
    assert sheet.get_by_role("alert").count() == 0


def test_a_folder_taken_out_can_be_had_back(
    person: Person, desk: FakeFolders, tmp_path: Path
) -> None:
    attic = replace(BOOKS, name=EVIL, path=str(tmp_path))
    desk.views.append(attic)
    person.visit("/folders")
    press(person, EVIL, "Stop watching")
    undo = person.page.locator(".tb-undo")
    undo.get_by_text("is no longer watched. Its files stay as they are").wait_for()
    expect(card(person, EVIL)).to_have_count(0)
    assert is_focused(undo)  # not its button: a second press would take it back
    assert person.accessibility_violations() == []
    person.page.keyboard.press("Tab")
    person.page.keyboard.press("Enter")
    card(person, EVIL).wait_for()
    expect(undo).to_have_count(0)
    back = desk.views[-1]
    assert replace(back, online=True, looked=True) == replace(
        FolderView(EVIL, str(tmp_path), online=True),
        colour=BOOKS.colour,
        kind=BOOKS.kind,
        priority=BOOKS.priority,
        exclude=BOOKS.exclude,
    )
    press(person, EVIL, "Stop watching")
    undo.get_by_role("button", name="Dismiss").click()
    expect(undo).to_have_count(0)
    expect(card(person, EVIL)).to_have_count(0)


def test_a_large_removal_waits_for_a_word(person: Person, desk: FakeFolders) -> None:
    desk.put("Music", replace(MUSIC, held=HELD))
    person.visit("/folders")
    title = "412 of 1,203 tracks of “Music” are gone from the disk. Nothing has been removed yet."
    held = person.page.get_by_role("region", name=title)
    for text in ("Night/01.flac", EVIL, "and 410 more", "12 of them are there, but left out"):
        expect(held).to_contain_text(text)
    assert person.accessibility_violations() == []
    held.get_by_role("button", name="Look again").click()
    until_asked(person, desk.asked, "scan Music")
    held.get_by_role("button", name="They are gone").click()
    question = person.page.get_by_role("alertdialog", name="Remove 412 tracks of “Music”?")
    question.get_by_text("come back within 30 days").wait_for()
    assert is_focused(question.get_by_role("button", name="Leave them"))
    person.page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    assert desk.asked == ["scan Music"]
    held.get_by_role("button", name="They are gone").click()
    question.get_by_role("button", name="Remove them").click()
    card(person, "Music").get_by_text("412 tracks were removed.").wait_for()
    expect(held).to_have_count(0)
    assert desk.asked == ["scan Music", "confirm Music"]
    assert is_focused(person.page.locator("#tb-main"))  # what was pressed is gone


def test_what_went_lately_is_listed_until_it_is_forgotten(
    person: Person, desk: FakeFolders
) -> None:
    until_s = NOW_S + 28 * 86_400
    desk.lately = [
        Removal("Music", NOW_S - 7_210, until_s, 12, ("Demos/1.flac", "Demos/2.flac")),
        Removal("Music", NOW_S - 90_000, until_s, 2, ("x.mp3", "y.mp3")),
        Removal("Vinyl", NOW_S - 90_000, until_s, 1_204, ("A.flac",)),
    ]
    person.visit("/folders")
    gone = person.page.get_by_role("region", name="Recently gone")
    gone.get_by_text("12 tracks, 2 hours ago").click()
    for text in ("Demos/2.flac", "and 10 more"):
        gone.get_by_text(text).wait_for()
    expect(gone).to_contain_text("no longer watched")
    assert person.accessibility_violations() == []
    gone.get_by_role("button", name="Forget now Music").click()
    question = person.page.get_by_role("alertdialog", name="Forget 14 tracks of “Music” for good?")
    question.get_by_role("button", name="Forget them").click()
    until_asked(person, desk.asked, "forget Music")
    expect(gone).not_to_contain_text("12 tracks")
    expect(gone).to_contain_text("1,204 tracks")


def test_a_refusal_stands_on_the_card(person: Person, desk: FakeFolders) -> None:
    desk.refusal = ConfigError(f"It can't be written here. Add by hand:\n  - name: {EVIL}")
    person.visit("/folders")
    press(person, "Music", "Stop watching")
    alert = person.page.get_by_role("alert")
    alert.wait_for()
    assert alert.inner_text() == str(desk.refusal)
    assert card(person, "Music").get_by_role("alert").count() == 1


def test_without_a_folder_there_are_two_ways(
    person: Person, desk: FakeFolders, appliance: Appliance, tmp_path: Path
) -> None:
    desk.views = []
    person.visit("/folders")
    person.page.get_by_role("heading", name="No folder is being watched yet").wait_for()
    assert person.accessibility_violations() == []
    person.page.get_by_role("button", name="Try it with demo music").click()
    until_asked(person, desk.asked, "demo")
    path = person.page.get_by_label("Folder on this machine")
    path.fill(str(appliance.music))
    path.press("Enter")
    card(person, "music").wait_for()
    assert desk.asked == ["demo", f"add {appliance.music}"]


def test_the_back_button_leads_back(person: Person) -> None:
    person.visit("/folders")
    person.page.get_by_role("link", name="Activity").click()
    person.page.get_by_role("link", name="To the folders").click()
    card(person, "Music").wait_for()
    person.page.go_back()
    person.page.get_by_role("heading", name="Activity").wait_for()
    person.page.go_back()
    card(person, "Music").wait_for()


@pytest.mark.parametrize("size", [DESKTOP, TABLET, PHONE], ids=["desktop", "tablet", "phone"])
def test_everybody_can_use_it(
    browser: object, appliance: Appliance, desk: FakeFolders, size: tuple[int, int]
) -> None:
    endless = "/mnt/" + "musik" * 60
    views = (
        replace(MUSIC, held=replace(HELD, examples=(endless,))),
        replace(BOOKS, name="B" * 80, path=endless, exclude=(endless,)),
        ARCHIVE,
        replace(USB, note=f"{endless} isn't there"),
    )
    desk.views = list(views)
    desk.lately = [Removal("V" * 80, NOW_S - 90_000, NOW_S, 3, (endless,))]
    with serving(appliance.services()) as address, a_person(browser, address, size) as person:
        person.visit("/folders")
        person.page.get_by_role("region", name="Recently gone").wait_for()
        person.page.get_by_text("3 tracks, 25 hours ago").click()
        assert person.accessibility_violations() == []
        assert person.overflow_px() == 0
        targets = person.page.locator("#tb-main :is(button, a, summary, select):visible")
        heights = [box["height"] for one in targets.all() if (box := one.bounding_box())]
        assert min(heights) >= 43.5
        person.page.get_by_role("button", name="Add a folder").click()
        person.page.get_by_text("More: kind, order, patterns").click()
        assert person.accessibility_violations() == []
        assert person.overflow_px() == 0
        assert person.complaints == []
