"""The models page: getting one, changing to it while searches go on, letting one go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

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
from tests.web.desk import BUILTIN, CLAP_GENERAL, CLAP_MUSIC, FakeDesk
from traumbox.domain import ChangeProgress, FetchProgress, ModelInfo, ModelsStatus
from traumbox.errors import ModelError

HEARD = 9_870
IN_USE = replace(BUILTIN, tracks=HEARD)
READY = replace(CLAP_MUSIC, state="installed", tracks=1_204)
INT8 = ModelInfo("clap-music-int8", "LAION CLAP, 8 bits", "Made here.", "CC0-1.0", 512, 0, "absent")
DOWNLOAD = FetchProgress("clap-music", "download", 612_000_000, 2_353_826_660, 8.12e6, 214.0)
CHANGE = ChangeProgress("builtin", "clap-music", 1_204, HEARD, left_s=10_800.0)
EVIL = "<img src=x onerror=alert(1)>{{ 7 * 7 }}"


@pytest.fixture
def desk(appliance: Appliance) -> FakeDesk:
    appliance.desk.state = status()
    return appliance.desk


@pytest.fixture
def person(browser: object, appliance: Appliance, desk: FakeDesk) -> Iterator[Person]:
    with serving(appliance.services()) as address, a_person(browser, address, DESKTOP) as person:
        yield person
        assert person.complaints == []
        assert person.dialogs == []


def status(*models: ModelInfo, **more: object) -> ModelsStatus:
    whole = {"wanted": "auto", "serving": "builtin", **more}
    return ModelsStatus(models=models or (IN_USE, CLAP_MUSIC, CLAP_GENERAL, INT8), **whole)


def card(person: Person, model: ModelInfo) -> Locator:
    return person.page.get_by_role("article", name=model.title, exact=True)


def press(person: Person, model: ModelInfo, name: str) -> None:
    card(person, model).get_by_role("button", name=name).click()


def test_it_says_which_model_answers_and_what_the_others_are(person: Person) -> None:
    person.visit()
    person.page.get_by_role("link", name="Models").click()
    person.page.get_by_role("heading", name="Models").wait_for()
    expect(card(person, BUILTIN)).to_contain_text("In use")
    expect(card(person, BUILTIN)).to_contain_text("9,870 tracks")
    expect(card(person, CLAP_MUSIC)).to_contain_text("Not on this machine")
    expect(card(person, CLAP_MUSIC)).to_contain_text("CC0-1.0")
    expect(card(person, CLAP_MUSIC)).to_contain_text("2.35 GB")
    assert card(person, INT8).count() == 0  # nothing an owner could do about it here
    assert card(person, BUILTIN).get_by_role("button").count() == 0
    assert person.page.title() == "Models · traumbox"


def test_a_download_is_followed_from_the_first_byte_to_the_conversion(
    person: Person, desk: FakeDesk
) -> None:
    person.visit("/models")
    press(person, CLAP_MUSIC, "Download (2.35 GB)")
    until_asked(person, desk.asked, "fetch clap-music")
    music, rail = card(person, CLAP_MUSIC), person.page.get_by_role("banner")
    desk.state = status(
        fetch=FetchProgress("clap-music", "download", note="checking what is there")
    )
    music.get_by_text("Getting LAION CLAP for music").wait_for()
    desk.state = status(fetch=DOWNLOAD)
    music.get_by_text("612 MB of 2.35 GB · 8.12 MB/s · ~4 min left").wait_for()
    bar = music.get_by_role("progressbar", name="Downloading LAION CLAP for music")
    expect(bar).to_have_attribute("aria-valuenow", "26")
    rail.get_by_text("26% · ~4 min left").wait_for()
    assert is_focused(music)  # what was pressed is gone
    desk.state = status(fetch=FetchProgress("clap-music", "convert", note="The audio tower."))
    music.get_by_text("Converting LAION CLAP for music").wait_for()
    music.get_by_text("The audio tower.").wait_for()
    assert bar.count() == 0
    assert music.get_by_role("progressbar").get_attribute("aria-valuenow") is None
    press(person, CLAP_MUSIC, "Stop")
    until_asked(person, desk.asked, "fetch clap-music", "stop")
    desk.state = status(IN_USE, READY)
    expect(music).to_contain_text("Ready")
    rail.get_by_text("Converting a model").wait_for(state="detached")


def test_while_it_waits_the_next_try_is_told_and_can_be_had_now(
    person: Person, desk: FakeDesk
) -> None:
    next_try_s = 1_800_000_000.0
    waiting = replace(DOWNLOAD, stage="waiting", next_try_s=next_try_s, note="Connection refused.")
    desk.state = status(fetch=waiting, notice="LAION CLAP not reachable; next try soon.")
    person.visit("/models")
    zone = ZoneInfo(person.page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone"))
    music = card(person, CLAP_MUSIC)
    music.get_by_text(f"Next try at {datetime.fromtimestamp(next_try_s, zone):%H:%M}").wait_for()
    music.get_by_text("Connection refused.").wait_for()
    person.page.get_by_text("LAION CLAP not reachable; next try soon.").wait_for()
    assert music.get_by_role("progressbar").count() == 0
    press(person, CLAP_MUSIC, "Try now")
    until_asked(person, desk.asked, "fetch clap-music")
    desk.state = status(fetch=DOWNLOAD)
    person.page.get_by_text("LAION CLAP not reachable").wait_for(state="detached")


def test_a_change_can_be_held_resumed_and_given_up(person: Person, desk: FakeDesk) -> None:
    desk.state = status(IN_USE, READY)
    person.visit("/models")
    press(person, READY, f"Use {READY.title}")
    until_asked(person, desk.asked, "use clap-music")
    desk.state = status(IN_USE, READY, change=CHANGE)
    music, rail = card(person, READY), person.page.get_by_role("banner")
    music.get_by_text("Listening anew with LAION CLAP for music").wait_for()
    music.get_by_text("1,204 of 9,870 · ~3 h left").wait_for()
    music.get_by_text("Searches are answered with the built-in model meanwhile.").wait_for()
    rail.get_by_text("12% · ~3 h left").wait_for()
    hold = music.get_by_role("button", name="Pause")
    hold.focus()
    person.page.keyboard.press("Enter")
    until_asked(person, desk.asked, "use clap-music", "pause")
    desk.state = status(IN_USE, READY, change=replace(CHANGE, paused=True))
    resume = music.get_by_role("button", name="Resume")
    resume.wait_for()
    assert is_focused(resume)
    rail.get_by_text("~3 h left").wait_for(state="detached")
    resume.click()
    music.get_by_role("button", name="Cancel").click()
    until_asked(person, desk.asked, "use clap-music", "pause", "resume", "cancel")


def test_live_progress_leaves_focus_and_typing_alone(person: Person, desk: FakeDesk) -> None:
    desk.state = status(IN_USE, READY, change=CHANGE)
    person.visit("/models")
    cancel = card(person, READY).get_by_role("button", name="Cancel")
    cancel.focus()
    desk.state = status(IN_USE, READY, change=replace(CHANGE, done=2_000))
    card(person, READY).get_by_text("2,000 of 9,870").wait_for()
    assert is_focused(cancel)
    field = person.page.get_by_label("Path on this machine")
    field.fill("stick")
    field.press("Enter")
    person.page.get_by_role("alert").wait_for()
    field.type("/model")
    desk.state = status(IN_USE, READY, change=replace(CHANGE, done=3_000))
    card(person, READY).get_by_text("3,000 of 9,870").wait_for()
    field.press("s")
    assert field.input_value() == "stick/models"
    cancel.focus()
    desk.state = status(IN_USE, READY, change=replace(CHANGE, done=4_000))
    card(person, READY).get_by_text("4,000 of 9,870").wait_for()
    assert is_focused(cancel)


def test_what_holds_the_switch_up_is_said(person: Person, desk: FakeDesk) -> None:
    note = f"12 tracks wait for folders that are offline: “Attic {EVIL}”."
    desk.state = status(IN_USE, READY, change=replace(CHANGE, waiting=12, note=note))
    person.visit("/models")
    card(person, READY).get_by_text(note).wait_for()


def test_switching_at_once_says_what_it_means_and_searches_follow(
    person: Person, desk: FakeDesk
) -> None:
    desk.state = status(IN_USE, READY, change=CHANGE)
    person.visit("/models")
    press(person, READY, "Switch now")
    question = person.page.get_by_role("alertdialog", name="Switch to LAION CLAP for music now?")
    question.get_by_text("It has heard 1,204 of 9,870 tracks.").wait_for()
    question.get_by_role("button", name="Wait for the rest").click()
    expect(question).to_be_hidden()
    assert desk.asked == []
    press(person, READY, "Switch now")
    question.get_by_role("button", name="Switch now").click()
    until_asked(person, desk.asked, "use clap-music now")
    old, new = replace(IN_USE, serving=False), replace(READY, serving=True)
    desk.state = status(old, new, serving="clap-music", wanted="clap-music")
    person.page.get_by_text("Searches are answered with LAION CLAP for music now.").wait_for()
    expect(card(person, READY)).to_contain_text("In use")
    press(person, old, f"Use {old.title}")  # the way back
    person.page.get_by_text("You chose LAION CLAP for music.").wait_for()
    person.page.get_by_role("button", name="Let traumbox choose").click()
    until_asked(person, desk.asked, "use clap-music now", "use builtin", "use auto")


def test_removing_asks_first_and_says_what_is_lost(person: Person, desk: FakeDesk) -> None:
    desk.state = status(IN_USE, READY)
    person.visit("/models")
    press(person, READY, "Remove")
    question = person.page.get_by_role("alertdialog", name="Remove LAION CLAP for music?")
    for line in ("files are deleted", "1,204 tracks is deleted too", "2.35 GB", "music stays"):
        question.get_by_text(line).wait_for()
    assert is_focused(question.get_by_role("button", name="Keep it"))
    assert person.accessibility_violations() == []
    person.page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    assert is_focused(card(person, READY).get_by_role("button", name="Remove"))
    assert desk.asked == []
    press(person, READY, "Remove")
    question.get_by_role("button", name="Remove").click()
    until_asked(person, desk.asked, "remove clap-music")
    desk.state = status(IN_USE, CLAP_MUSIC)
    card(person, CLAP_MUSIC).get_by_role("button", name="Download").wait_for()


def test_a_refusal_stands_beside_its_button_and_only_there(person: Person, desk: FakeDesk) -> None:
    desk.refusal = ModelError(f"3.1 GB are needed in {EVIL}; 1.2 GB are free.")
    person.visit("/models")
    press(person, CLAP_MUSIC, "Download")
    alert = person.page.get_by_role("alert")
    alert.wait_for()
    assert alert.inner_text() == str(desk.refusal)
    assert card(person, CLAP_MUSIC).get_by_role("alert").count() == 1
    assert person.accessibility_violations() == []
    desk.refusal = None
    press(person, CLAP_MUSIC, "Download")
    alert.wait_for(state="detached")


def test_a_model_can_be_checked_and_a_damaged_one_had_again(person: Person, desk: FakeDesk) -> None:
    desk.state = status(IN_USE, READY)
    person.visit("/models")
    press(person, READY, "Verify")
    card(person, READY).get_by_text("Every file is as it should be.").wait_for()
    damaged = replace(READY, state="damaged", note="audio.onnx.data has 12 bytes.")
    desk.state = status(IN_USE, damaged)
    card(person, READY).get_by_text("audio.onnx.data has 12 bytes.").wait_for()
    expect(card(person, READY)).not_to_contain_text("as it should be")
    press(person, READY, "Download again")
    until_asked(person, desk.asked, "verify clap-music", "fetch clap-music")


def test_a_file_from_a_stick_is_brought_in(person: Person, desk: FakeDesk, tmp_path: Path) -> None:
    person.visit("/models")
    field = person.page.get_by_label("Path on this machine")
    field.fill("stick/model.pt")
    person.page.get_by_role("button", name="Import").click()
    problem = person.page.get_by_text("Say where it lies, beginning with a slash")
    problem.wait_for()
    assert is_focused(field)
    assert field.get_attribute("aria-invalid") == "true"
    assert problem.get_attribute("id") in (field.get_attribute("aria-describedby") or "")
    assert person.accessibility_violations() == []
    checkpoint = tmp_path / "model.pt"
    checkpoint.touch()
    field.fill(str(checkpoint))
    field.press("Enter")
    until_asked(person, desk.asked, f"import {checkpoint}")
    person.page.get_by_text("It is being brought in.").wait_for()
    assert problem.count() == 0
    assert field.input_value() == ""
    # Which model it holds turns out when it has been read.
    desk.state = status(fetch=FetchProgress("", "download", note="beginning"))
    person.page.get_by_role("progressbar", name="Taking a model in").first.wait_for()
    reading = FetchProgress("model.pt", "download", 1_000_000_000, 2_000_000_000, note="checking")
    desk.state = status(fetch=reading)
    person.page.get_by_text("1 GB of 2 GB").wait_for()
    person.page.get_by_role("main").get_by_text("Taking in model.pt").wait_for()
    person.page.get_by_role("button", name="Stop").focus()
    desk.state = status(fetch=replace(reading, model="clap-music", stage="convert"))
    card(person, CLAP_MUSIC).get_by_text("Converting LAION CLAP for music").wait_for()
    expect(card(person, CLAP_MUSIC)).to_contain_text("Converting")
    expect(person.page.get_by_text("Taking in model.pt")).to_have_count(0)
    assert is_focused(person.page.locator("#tb-main"))  # what had the focus is gone
    desk.state = status(IN_USE, READY)
    person.page.get_by_text("It is being brought in.").wait_for(state="detached")


@pytest.mark.parametrize("size", [DESKTOP, TABLET, PHONE], ids=["desktop", "tablet", "phone"])
def test_everybody_can_use_it(
    browser: object, appliance: Appliance, desk: FakeDesk, size: tuple[int, int]
) -> None:
    endless = "mirror." * 40 + "example"
    desk.state = status(
        IN_USE,
        replace(READY, note=f"Median distance 0.05 {endless}"),
        replace(CLAP_GENERAL, state="damaged", tracks=77, note=f"{endless} is missing."),
        replace(INT8, state="installed"),
        wanted="clap-music",
        fetch=replace(DOWNLOAD, model="clap-general", note=f"From {endless}."),
        change=replace(CHANGE, note=endless),
        notice=f"LAION CLAP not reachable ({endless}); searching with the built-in model.",
    )
    with serving(appliance.services()) as address, a_person(browser, address, size) as person:
        person.visit("/models")
        card(person, READY).get_by_text("1,204 of 9,870").wait_for()
        assert person.accessibility_violations() == []
        assert person.overflow_px() == 0
        press(person, INT8, "Use now")
        person.page.get_by_role("alertdialog").wait_for()
        assert person.accessibility_violations() == []
        assert person.overflow_px() == 0
        assert person.complaints == []
