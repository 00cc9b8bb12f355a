"""The player: queue, keys, memory, and what happens when something isn't there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import numpy as np
import pytest
import soundfile
from nicegui import Client
from playwright.sync_api import Locator, Route, expect

from tests.browser.driver import DESKTOP, PHONE, Person, a_person
from tests.browser.library import MOMENT_S, TITLES, Piece, fill
from tests.browser.serving import serving
from tests.web.appliance import RATE_HZ, Appliance, tone


@pytest.fixture
def pieces(appliance: Appliance) -> list[Piece]:
    return fill(appliance, 4)


@pytest.fixture
def person(browser: object, appliance: Appliance, pieces: list[Piece]) -> Iterator[Person]:
    with serving(appliance.services()) as address, a_person(browser, address, DESKTOP) as person:
        person.visit("/?q=440+Hz")
        person.rows.first.wait_for()
        yield person


def order(person: Person) -> list[str]:
    return person.rows.locator(".tb-title").all_inner_texts()


def player(person: Person) -> Locator:
    return person.page.get_by_role("region", name="Player")


def test_the_queue_can_be_put_in_order_and_plays_first(person: Person) -> None:
    first, second, third, fourth = order(person)
    for title in (second, third, fourth):
        person.row(title).get_by_role("button", name=f"Add {title} to the queue").click()
    assert person.sound()["waiting"] == [second, third, fourth]
    assert person.sound()["src"] == ""
    person.page.get_by_role("button", name="Queue, 3 tracks waiting").click()
    queue = person.page.get_by_role("dialog", name="Queue")
    queue.get_by_role("button", name=f"Move {fourth} up").click()
    queue.get_by_role("button", name=f"Move {second} down").click()
    assert person.sound()["waiting"] == [fourth, second, third]
    queue.get_by_role("button", name=f"Remove {second} from the queue").click()
    queue.get_by_role("button", name=f"Play {third}", exact=True).first.click()
    person.wait_until_playing()
    assert person.sound()["waiting"] == [fourth]
    person.page.keyboard.press("Escape")
    player(person).get_by_role("button", name="Next track").click()
    player(person).get_by_text(fourth, exact=True).wait_for()
    assert person.sound()["waiting"] == []
    assert first  # and the results still follow
    person.play(first)
    player(person).get_by_role("button", name="Next track").click()
    player(person).get_by_text(second, exact=True).wait_for()
    player(person).get_by_role("button", name="Previous track").click()
    player(person).get_by_text(first, exact=True).wait_for()


def test_the_position_can_be_set_with_keys(person: Person) -> None:
    person.play(TITLES[0])
    person.wait_until_playing(MOMENT_S)
    player(person).get_by_role("button", name="Pause").click()
    position = player(person).get_by_role("slider", name="Position")
    position.press("Home")
    expect(position).to_have_attribute("aria-valuetext", "0:00 of 0:40")
    position.press("ArrowRight")
    position.press("ArrowRight")
    expect(position).to_have_attribute("aria-valuetext", "0:10 of 0:40")
    player(person).get_by_role("button", name="Forward 10 seconds").click()
    expect(position).to_have_attribute("aria-valuetext", "0:20 of 0:40")
    position.press("ArrowLeft")
    assert person.sound()["time_s"] == pytest.approx(15.0, abs=0.2)


def test_space_plays_and_pauses_unless_a_button_has_the_focus(person: Person) -> None:
    person.play(TITLES[0])
    person.wait_until_playing(MOMENT_S)
    person.page.evaluate("document.activeElement.blur()")
    person.page.keyboard.press(" ")
    person.until("audio.paused")
    person.page.get_by_role("button", name="Keyboard shortcuts").focus()
    person.page.keyboard.press(" ")
    person.page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()
    assert person.sound()["paused"]


def test_the_volume_is_remembered(person: Person) -> None:
    volume = player(person).get_by_role("slider", name="Volume")
    volume.fill("0.4")
    player(person).get_by_role("button", name="Mute").click()
    person.page.reload()
    person.page.locator(".tb-player").wait_for()
    sound = person.sound()
    assert sound["volume"] == pytest.approx(0.4)
    assert sound["muted"]


def test_a_reload_goes_on_where_it_was(person: Person) -> None:
    person.play(TITLES[0])
    person.row(TITLES[1]).get_by_role("button", name="Add").click()
    person.wait_until_playing(MOMENT_S + 1)
    person.page.reload()
    person.page.locator(".tb-player").wait_for()
    player(person).get_by_text(TITLES[0], exact=True).wait_for()
    person.until(f"audio.currentTime >= {MOMENT_S}")
    assert person.sound()["waiting"] == [TITLES[1]]


def test_music_outlives_a_restart_of_the_server(
    browser: object, appliance: Appliance, pieces: list[Piece]
) -> None:
    with ExitStack() as house:
        server = house.enter_context(ExitStack())
        address = server.enter_context(serving(appliance.services()))
        person = house.enter_context(a_person(browser, address, DESKTOP))
        person.visit("/?q=440+Hz")
        person.play(TITLES[0])
        before_s = person.wait_until_playing(MOMENT_S)["time_s"]
        person.page.evaluate("window.beforeRestart = true")
        server.close()
        person.page.get_by_text("No connection to traumbox").wait_for()
        person.wait_until_playing(before_s + 0.5)
        Client.instances.clear()  # what NiceGUI knows of open pages ends with its process
        house.enter_context(serving(appliance.services(), port=int(address.rsplit(":", 1)[1])))
        person.page.wait_for_function("!window.beforeRestart", timeout=30_000)
        person.row(TITLES[0]).wait_for()
        assert person.page.get_by_text("No connection to traumbox").count() == 0
        player(person).get_by_text(TITLES[0], exact=True).wait_for()
        person.until(f"playback.timeS >= {before_s}")


def test_what_the_browser_cannot_play_is_decoded_by_the_server(
    person: Person, appliance: Appliance, pieces: list[Piece]
) -> None:
    samples = np.concatenate([tone(220.0), tone(220.0), tone(440.0), tone(220.0)])
    with appliance.path(pieces[2].track_id).open("wb") as file:  # said to be FLAC, but isn't
        soundfile.write(file, samples, RATE_HZ, format="CAF")
    person.play(TITLES[2])
    sound = person.wait_until_playing(MOMENT_S)
    assert sound["src"].endswith("?as=wav")
    assert sound["duration_s"] == pytest.approx(40.0, abs=0.1)


def test_a_damaged_file_is_named_in_words(
    person: Person, appliance: Appliance, pieces: list[Piece]
) -> None:
    appliance.path(pieces[2].track_id).write_bytes(b"no sound at all " * 999)
    person.play(TITLES[2])
    alert = person.page.get_by_role("alert")
    alert.wait_for()
    assert TITLES[2] in alert.inner_text()
    assert "damaged" in alert.inner_text()
    person.play(TITLES[1])
    person.wait_until_playing(MOMENT_S)
    assert alert.count() == 0


def test_a_file_that_is_gone_is_named_in_words(
    person: Person, appliance: Appliance, pieces: list[Piece]
) -> None:
    appliance.path(pieces[2].track_id).unlink()
    person.play(TITLES[2])
    person.page.get_by_text("no longer in its folder").wait_for()


def test_on_a_phone_the_player_opens_as_a_sheet(
    browser: object, appliance: Appliance, pieces: list[Piece]
) -> None:
    with serving(appliance.services()) as address, a_person(browser, address, PHONE) as person:
        person.visit("/?q=440+Hz")
        person.play(TITLES[1])
        person.wait_until_playing(MOMENT_S)
        person.page.get_by_role("button", name="Open player and queue").tap()
        sheet = person.page.get_by_role("dialog", name="Now playing")
        sheet.get_by_role("button", name="Back 10 seconds").tap()
        person.until(f"audio.currentTime < {MOMENT_S}")
        assert person.accessibility_violations() == []
        assert person.overflow_px() == 0
        sheet.get_by_role("button", name="Close").tap()
        assert person.complaints == []


def test_a_track_of_an_offline_folder_says_why_and_what_plays_goes_on(
    person: Person, appliance: Appliance
) -> None:
    first, second = order(person)[:2]
    person.play(first)
    before_s = person.wait_until_playing(MOMENT_S)["time_s"]
    appliance.online = False
    expect(person.row(second)).to_contain_text("offline")
    person.play(second)
    alert = person.page.get_by_role("alert")
    alert.get_by_text(f"“{second}” can’t be played just now.").wait_for()
    expect(alert).to_contain_text("its disk isn't there")
    person.wait_until_playing(before_s + 0.2)
    player(person).get_by_text(first, exact=True).wait_for()
    assert person.accessibility_violations() == []
    alert.get_by_role("button", name="Dismiss").click()
    expect(alert).to_have_count(0)
    appliance.online = True
    expect(person.row(second)).not_to_contain_text("offline")
    person.play(second)
    player(person).get_by_text(second, exact=True).wait_for()
    person.wait_until_playing(MOMENT_S)


def test_a_folder_that_goes_while_it_plays_says_why(person: Person, appliance: Appliance) -> None:
    first, second = order(person)[:2]
    # Before the page is told: the mark isn't there yet.
    person.page.route("**/stream/**", lambda route: go_offline(route, appliance))
    person.play(second)
    alert = person.page.get_by_role("alert")
    alert.get_by_text("its disk isn't there").wait_for()
    expect(alert).to_contain_text(second)
    assert first != second


def go_offline(route: Route, appliance: Appliance) -> None:
    appliance.online = False
    route.continue_()


def test_tracks_that_cannot_be_played_are_passed_over(person: Person, appliance: Appliance) -> None:
    titles = order(person)
    person.play(titles[0])
    person.wait_until_playing(MOMENT_S)
    # As if the second and the third lay in another folder.
    person.page.evaluate(
        """async () => {
            const { queue } = await import("tb-core");
            for (const place of [1, 2]) queue.list[place].track.offline = true;
        }"""
    )
    player(person).get_by_role("button", name="Next track").click()
    player(person).get_by_text(titles[3], exact=True).wait_for()
    expect(player(person).get_by_role("button", name="Next track")).to_be_disabled()
