"""The main job in a real browser: describe a sound, see it, hear its very moment."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.driver import DESKTOP, PHONE, Person, a_person
from tests.browser.library import MOMENT_S, TITLES, fill
from tests.browser.serving import serving
from tests.fakes import ToneEmbedder
from tests.web.appliance import Appliance
from traumbox.domain import Tags

UNLIKE = ".tb-less, .tb-nearest, .tb-row.far"
EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>{{ 7 * 7 }}"


@pytest.fixture
def person(browser: object, appliance: Appliance) -> Iterator[Person]:
    fill(appliance, 4)
    with serving(appliance.services()) as address, a_person(browser, address, DESKTOP) as person:
        yield person
        assert person.complaints == []
        assert person.foreign == []
        assert person.dialogs == []


def test_a_described_sound_is_found_and_plays_from_its_moment(person: Person) -> None:
    person.visit()
    person.ask("440 Hz")
    person.row(TITLES[2]).wait_for()
    assert person.rows.count() == 4
    assert "0:20" in person.row(TITLES[2]).inner_text()
    assert "100" in person.row(TITLES[2]).locator(".tb-match").inner_text()
    person.play(TITLES[2])
    sound = person.wait_until_playing(MOMENT_S)
    assert sound["time_s"] < MOMENT_S + 10


def test_a_click_on_the_row_plays_it_too(person: Person) -> None:
    person.visit("/?q=440+Hz")
    person.row(TITLES[1]).locator(".tb-title").click()
    person.wait_until_playing(MOMENT_S)


def test_a_click_in_the_waveform_plays_from_there(person: Person) -> None:
    person.visit("/?q=440+Hz")
    wave = person.row(TITLES[1]).locator(".tb-wave")
    box = wave.bounding_box()
    wave.click(position={"x": box["width"] * 0.25, "y": 20})
    sound = person.wait_until_playing(9.0)
    assert sound["time_s"] < MOMENT_S
    wave.click(position={"x": box["width"] * 0.6, "y": 20})  # within the moment: from its start
    sound = person.wait_until_playing(MOMENT_S)
    assert sound["time_s"] < 0.6 * 40


def test_music_plays_on_while_one_looks_around(person: Person) -> None:
    person.visit("/?q=440+Hz")
    person.play(TITLES[0])
    person.wait_until_playing(MOMENT_S)
    person.page.evaluate("window.sameDocument = true")
    person.page.get_by_role("link", name="Activity").click()
    person.page.get_by_role("heading", name="Activity").wait_for()
    person.page.get_by_role("link", name="Search", exact=True).click()
    person.page.get_by_role("heading", name="Recently added").wait_for()
    assert person.page.evaluate("window.sameDocument") is True
    assert not person.sound()["paused"]


def test_the_address_is_the_query(person: Person) -> None:
    person.visit("/?q=440+Hz")
    person.rows.first.wait_for()
    assert person.page.get_by_role("combobox", name="Describe").input_value() == "440 Hz"
    person.ask("220 Hz")
    assert person.page.url.endswith("/?q=220+Hz")
    person.page.go_back()
    person.page.wait_for_function("document.title === '440 Hz · traumbox'")
    assert person.page.get_by_role("combobox", name="Describe").input_value() == "440 Hz"
    person.page.reload()
    person.row(TITLES[0]).wait_for()
    assert person.page.get_by_role("combobox", name="Describe").input_value() == "440 Hz"


def test_one_can_ask_for_what_sounds_alike(person: Person) -> None:
    person.visit("/?q=440+Hz")
    person.row(TITLES[2]).get_by_role("button", name="More actions").click()
    person.page.get_by_role("menuitem", name="More like this").click()
    person.page.wait_for_url("**/?like=*")
    person.page.get_by_text(f"Sounds like “{TITLES[2]}”").wait_for()
    person.row(TITLES[0]).wait_for()
    assert person.row(TITLES[2]).count() == 0


def test_beside_the_results_one_track_is_shown_closely(person: Person) -> None:
    person.visit("/?q=440+Hz")
    detail = person.page.get_by_role("complementary", name="Selected track")
    detail.get_by_role("button", name="Play from 0:20").click()
    person.wait_until_playing(MOMENT_S)
    assert detail.get_by_role("button").count() > 3  # the waveform, a moment, what is alike


def test_a_download_keeps_the_files_name(person: Person) -> None:
    person.visit("/?q=440+Hz")
    person.row(TITLES[1]).get_by_role("button", name="More actions").click()
    with person.page.expect_download() as download:
        person.page.get_by_role("menuitem", name="Download").click()
    assert download.value.suggested_filename == "01 piece.flac"


def test_names_are_shown_as_they_are_written(person: Person, appliance: Appliance) -> None:
    appliance.add(b"evil.flac", 440.0, tags=Tags(title=EVIL, artist=EVIL, album=EVIL))
    person.visit("/?q=440+Hz")
    row = person.row("onerror")
    expect(row).to_contain_text(EVIL)
    row.get_by_role("button", name="Add").click()
    person.page.get_by_role("button", name="Queue, 1 track waiting").click()
    person.page.get_by_role("dialog").get_by_text("onerror").first.wait_for()
    assert person.page.locator("img[src=x]").count() == 0


@pytest.fixture
def choosy(browser: object, appliance: Appliance) -> Iterator[Person]:
    """A person in front of a panel whose model has a floor; two of four pieces hold 880 Hz."""
    appliance.embedder = ToneEmbedder(floor=0.3)
    fill(appliance, 2)
    for name in ("Upper Deck", "Second Floor"):
        appliance.add(f"{name}.flac".encode(), 220.0, 880.0, tags=Tags(title=name))
    with serving(appliance.services()) as address, a_person(browser, address, DESKTOP) as person:
        yield person
        assert person.accessibility_violations() == []
        assert person.complaints == []


def test_when_nothing_fits_it_is_said_above_the_nearest(choosy: Person) -> None:
    choosy.visit("/?q=xyzzy")
    choosy.page.get_by_text("Nothing here sounds like that. The nearest:").wait_for()
    assert choosy.rows.count() == 4
    assert "".join(choosy.rows.locator(".tb-match").all_inner_texts()).strip() == ""
    expect(choosy.page.get_by_role("status").filter(has_text="0 tracks of 4")).to_be_visible()
    expect(choosy.page.get_by_role("complementary", name="Selected track")).to_have_count(0)
    expect(choosy.page.get_by_text("Less like it")).to_have_count(0)
    choosy.play(TITLES[0])
    choosy.wait_until_playing()


def test_while_music_waits_it_is_said_of_what_was_heard(
    choosy: Person, appliance: Appliance
) -> None:
    appliance.drop(appliance.write(b"new.flac", np.zeros(4_800, np.float32)))
    choosy.visit("/?q=xyzzy")
    choosy.page.get_by_text("Nothing heard so far sounds like that. The nearest:").wait_for()


def test_what_fits_stands_apart_from_what_is_less_like_it(choosy: Person) -> None:
    choosy.visit("/?q=880+Hz")
    choosy.page.get_by_role("heading", name="Less like it").wait_for()
    lines = choosy.page.locator(".tb-list > li").all()
    assert ["Less like it" in line.inner_text() for line in lines] == [
        False,
        False,
        True,
        False,
        False,
    ]
    matches = [row.locator(".tb-match").inner_text() for row in choosy.rows.all()]
    assert ["100" in match for match in matches] == [True, True, False, False]
    assert "".join(matches[2:]).strip() == ""
    expect(choosy.page.get_by_text("2 tracks of 4")).to_be_visible()
    expect(choosy.page.get_by_text("Nothing here sounds like that")).to_have_count(0)
    choosy.play(TITLES[0])  # the rows below the line play their own track
    assert choosy.row(TITLES[0]).get_by_role("button", name=f"Pause {TITLES[0]}").count() == 1


def test_likeness_and_what_is_new_have_no_such_line(choosy: Person) -> None:
    choosy.visit("/?q=880+Hz")
    choosy.row("Upper Deck").get_by_role("button", name="More actions").click()
    choosy.page.get_by_role("menuitem", name="More like this").click()
    choosy.page.wait_for_url("**/?like=*")
    choosy.row(TITLES[0]).wait_for()
    expect(choosy.page.locator(UNLIKE)).to_have_count(0)
    choosy.visit("/")
    choosy.page.get_by_role("heading", name="Recently added").wait_for()
    expect(choosy.page.locator(UNLIKE)).to_have_count(0)


def test_nothing_found_is_said(person: Person) -> None:
    person.visit("/?like=0123456789abcdef")
    person.page.get_by_text("That track is no longer in the library").wait_for()


def test_the_slash_key_reaches_the_field_unless_switched_off(person: Person) -> None:
    person.visit()
    field = person.page.get_by_role("combobox", name="Describe")
    person.page.keyboard.press("/")
    assert field.evaluate("element => element === document.activeElement")
    field.type("a/b")  # within the field it is a letter
    assert field.input_value() == "a/b"
    field.blur()
    person.page.get_by_role("button", name="Keyboard shortcuts").click()
    person.page.get_by_role("switch").click()
    person.page.keyboard.press("Escape")
    person.page.reload()
    person.page.wait_for_function("window.did_handshake === true")
    person.page.keyboard.press("/")
    assert not field.evaluate("element => element === document.activeElement")


def test_on_a_phone_one_track_opens_as_a_sheet(browser: object, appliance: Appliance) -> None:
    fill(appliance, 3)
    with serving(appliance.services()) as address, a_person(browser, address, PHONE) as person:
        person.visit("/?q=440+Hz")
        person.row(TITLES[1]).get_by_role("button", name="More actions").tap()
        person.page.get_by_role("menuitem", name="Details").tap()
        sheet = person.page.get_by_role("dialog", name="Selected track")
        sheet.get_by_role("button", name="Play from 0:20").tap()
        person.wait_until_playing(MOMENT_S)
        assert person.accessibility_violations() == []
        person.page.keyboard.press("Escape")
        sheet.wait_for(state="hidden")


@pytest.mark.parametrize("path", ["/", "/?q=440+Hz", "/activity"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_everybody_can_use_it(
    browser: object, appliance: Appliance, size: tuple[int, int], path: str
) -> None:
    fill(appliance, 2)
    with serving(appliance.services()) as address, a_person(browser, address, size) as person:
        person.visit(path)
        person.page.locator(".tb-row[data-track], .tb-folders-line").first.wait_for()
        assert person.accessibility_violations() == []
        assert person.overflow_px() == 0
        assert person.complaints == []


def test_spoken_words_are_marked(person: Person, appliance: Appliance) -> None:
    appliance.add(b"book.m4b", 440.0, tags=Tags(title="Chapter One", genre="Audiobook"))
    person.visit("/?q=440+Hz")
    expect(person.row("Chapter One")).to_contain_text("audiobook")
    expect(person.row(TITLES[0])).not_to_contain_text("audiobook")
    person.row("Chapter One").get_by_role("button", name="More actions").click()
    person.page.get_by_role("menuitem", name="Details").click()
    detail = person.page.get_by_role("complementary", name="Selected track")
    detail.get_by_text("audiobook", exact=True).first.wait_for()
