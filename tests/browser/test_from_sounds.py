"""Asking by a sound or by tracks, and what else can be begun with a track."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from playwright.sync_api import Route, expect

from tests.browser.driver import DESKTOP, Person, a_person
from tests.browser.library import TITLES, fill
from tests.browser.serving import serving
from tests.browser.test_asking import JAZZ, add_jazz, chips, field
from tests.web.appliance import RATE_HZ, Appliance, tone
from traumbox.domain import Tags
from traumbox.stores.diary import Diary


@pytest.fixture
def person(browser: object, appliance: Appliance) -> Iterator[Person]:
    fill(appliance, 4)
    add_jazz(appliance)
    with serving(appliance.services()) as address, a_person(browser, address, DESKTOP) as person:
        yield person
        assert person.complaints == []
        assert person.foreign == []


def begin(person: Person, title: str, deed: str) -> None:
    person.row(title).get_by_role("button", name="More actions").click()
    person.page.get_by_role("menuitem", name=deed).click()


def listed(person: Person) -> list[str]:
    """Return the titles that play one after the other, the first one of the list first."""
    return person.page.evaluate(
        "async () => (await import('tb-core')).queue.list.map((entry) => entry.track.title)"
    )


# By sound


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "my <b>song.flac"
    soundfile.write(path, tone(880.0), RATE_HZ)
    return path


def test_a_file_finds_what_sounds_like_it(person: Person, recording: Path) -> None:
    person.visit()
    person.page.get_by_role("button", name="Search by sound").click()
    sheet = person.page.get_by_role("dialog", name="Search by sound")
    assert person.accessibility_violations() == []
    with person.page.expect_file_chooser() as chooser:
        sheet.get_by_role("button", name="Choose an audio file").click()
    chooser.value.set_files(recording)
    person.page.wait_for_url("**/?sound=*")
    expect(person.rows.first).to_contain_text(JAZZ)
    sheet.wait_for(state="hidden")
    chip = chips(person).get_by_role("link", name=f"Sounds like {recording.name}: remove")
    assert person.page.title() == f"Sounds like {recording.name} · traumbox"
    person.page.get_by_role("complementary", name="Selected track").wait_for()
    person.play(JAZZ)
    person.wait_until_playing(9.0)
    person.page.reload()
    person.page.get_by_text("That sound isn’t held any more").wait_for()
    chip.click()
    person.page.get_by_role("heading", name="Recently added").wait_for()


def test_a_file_can_be_dropped_on_the_page(person: Person, recording: Path) -> None:
    person.visit()
    person.page.evaluate(
        """([name, raw]) => {
            const bytes = Uint8Array.from(atob(raw), (one) => one.charCodeAt(0));
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([bytes], name, { type: "audio/flac" }));
            for (const kind of ["dragenter", "dragover", "drop"]) {
                const options = { dataTransfer, bubbles: true, cancelable: true };
                document.body.dispatchEvent(new DragEvent(kind, options));
            }
        }""",
        ["dropped.flac", base64.b64encode(recording.read_bytes()).decode()],
    )
    person.page.wait_for_url("**/?sound=dropped.flac")
    expect(person.rows.first).to_contain_text(JAZZ)


def test_what_is_no_sound_is_refused_in_words(browser: object, appliance: Appliance) -> None:
    fill(appliance, 1)
    with serving(appliance.services()) as address, a_person(browser, address, DESKTOP) as person:
        person.visit()
        person.page.get_by_role("button", name="Search by sound").click()
        file = {"name": "letter.mp3", "mimeType": "audio/mpeg", "buffer": b"Dear Sir"}
        person.page.locator("input[type=file]").first.set_input_files(file)
        alert = person.page.get_by_role("dialog").get_by_role("alert")
        expect(alert).to_contain_text("it isn't audio")
        assert person.page.url.endswith("/")


MICROPHONE = """
navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    const wire = context.createMediaStreamDestination();
    const tone = new OscillatorNode(context);
    tone.connect(wire);
    tone.start();
    window.microphone = wire.stream;
    return wire.stream;
};
"""


def test_a_recording_finds_what_sounds_like_it(person: Person, appliance: Appliance) -> None:
    def hear_flac() -> None:  # the small appliance reads no WebM
        soundfile.write(appliance.heard[-1], tone(880.0), RATE_HZ, format="FLAC")

    appliance.uploads.append(hear_flac)
    person.page.add_init_script(MICROPHONE)
    person.visit()
    person.page.get_by_role("button", name="Search by sound").click()
    person.page.get_by_role("button", name="Record up to 10 seconds").click()
    stop = person.page.get_by_role("button", name="Stop and search")
    expect(stop).to_be_focused()
    person.page.get_by_text("1 of 10 s").wait_for()
    with person.page.expect_request("**/search/sound") as sent:
        stop.click()
    assert sent.value.headers["content-type"].startswith("audio/webm")
    person.page.wait_for_url("**/?sound=Recording+at+*")
    expect(person.rows.first).to_contain_text(JAZZ)
    tracks = "microphone.getTracks().map((track) => track.readyState)"
    assert person.page.evaluate(tracks) == ["ended"]


def test_a_recording_can_be_given_up_and_refused(person: Person) -> None:
    person.page.add_init_script(MICROPHONE)
    person.visit()
    person.page.get_by_role("button", name="Search by sound").click()
    sheet = person.page.get_by_role("dialog", name="Search by sound")
    sheet.get_by_role("button", name="Record up to 10 seconds").click()
    sheet.get_by_role("button", name="Cancel").click()
    person.page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia ="
        " () => Promise.reject(new DOMException('no', 'NotAllowedError')) }"
    )
    sheet.get_by_role("button", name="Record up to 10 seconds").click()
    expect(sheet.get_by_role("alert")).to_contain_text("doesn’t allow the microphone")
    assert person.page.url.endswith("/")


# What can be begun with a track


def test_likes_add_up_and_a_sentence_turns_them(person: Person) -> None:
    person.visit("/?q=440+Hz")
    begin(person, TITLES[0], "Like this, but")
    person.page.wait_for_url("**/?like=*")
    field(person).and_(person.page.locator(":focus")).wait_for()
    person.page.keyboard.type("880 Hz")
    person.page.keyboard.press("Enter")
    person.page.wait_for_url("**/?q=880+Hz&like=*")
    expect(person.rows.first).to_contain_text(JAZZ)
    begin(person, JAZZ, "More like this")
    expect(chips(person).get_by_role("link", name="Sounds like")).to_have_count(2)
    begin(person, TITLES[1], "Less like this")
    chips(person).get_by_role("link", name=f"Not like “{TITLES[1]}”: remove").wait_for()
    assert person.page.url.count("like=") == 3  # two of them, and one "unlike="
    chips(person).get_by_role("link", name=f"Sounds like “{JAZZ}”: remove").click()
    expect(chips(person).get_by_role("link")).to_have_count(2)


def test_a_sentence_is_turned_away_from_a_track(person: Person, appliance: Appliance) -> None:
    twin = "Glass Twin"
    appliance.add(b"twin.flac", 110.0, 110.0, 440.0, 165.0, tags=Tags(title=twin))
    person.visit()
    person.row(twin).get_by_role("button", name="More actions").click()
    expect(person.page.get_by_role("menuitem", name="More like this")).to_be_visible()
    expect(person.page.get_by_role("menuitem", name="Less like this")).to_have_count(0)
    person.page.keyboard.press("Escape")
    person.ask("110 Hz")
    expect(person.rows).to_have_count(6)
    expect(person.rows.nth(0)).to_contain_text(TITLES[0])
    expect(person.rows.nth(1)).to_contain_text(twin)
    begin(person, TITLES[0], "Less like this")
    person.page.wait_for_url("**/?q=110+Hz&unlike=*")
    chip = chips(person).get_by_role("link", name=f"Not like “{TITLES[0]}”: remove")
    for _ in range(2):
        chip.wait_for()
        expect(person.rows).to_have_count(5)
        expect(person.row(TITLES[0])).to_have_count(0)
        expect(person.rows.last).to_contain_text(twin)
        assert field(person).input_value() == "110 Hz"
        assert person.accessibility_violations() == []
        person.page.reload()
    chip.click()
    person.page.wait_for_url("**/?q=110+Hz")
    expect(person.rows.nth(0)).to_contain_text(TITLES[0])
    expect(person.rows.nth(1)).to_contain_text(twin)
    expect(chips(person)).to_have_count(0)


def test_the_radio_goes_on_by_itself(person: Person) -> None:
    person.visit("/?q=440+Hz")
    begin(person, TITLES[0], "Radio from here")
    person.wait_until_playing()
    person.until("queue.list.length > 1")
    assert listed(person)[0] == TITLES[0]
    assert len(set(listed(person))) == len(listed(person))
    person.page.get_by_role("button", name="Queue", exact=True).click()
    sheet = person.page.get_by_role("dialog", name="Queue")
    sheet.get_by_role("heading", name=f"Radio from “{TITLES[0]}”").wait_for()
    assert person.accessibility_violations() == []
    knob = sheet.get_by_role("slider", name="How adventurous")
    knob.fill("0.9")
    person.until("queue.source.adventurous === 0.9 && queue.list.length > 1")
    person.page.keyboard.press("Escape")
    person.page.reload()
    person.page.locator(".tb-player").wait_for()
    person.until("queue.source.kind === 'radio' && queue.list.length > 1")


def test_the_radio_is_filled_up_before_it_runs_dry(person: Person) -> None:
    def two(route: Route) -> None:
        route.continue_(url=route.request.url.replace("count=10", "count=2"))

    person.page.route("**/api/v1/radio?*", two)
    person.visit("/?q=440+Hz")
    begin(person, TITLES[0], "Radio from here")
    person.until("queue.list.length === 3")
    person.page.get_by_role("button", name="Next track").click()
    person.until("queue.list.length === 5")
    assert sorted(listed(person)) == sorted([*TITLES[:4], JAZZ])


def test_a_radio_that_cannot_be_made_says_so(person: Person) -> None:
    problem = {"status": 422, "detail": "It is silent.", "remedy": "Begin with another one."}
    person.page.route(
        "**/api/v1/radio?*",
        lambda route: route.fulfill(status=422, body=json.dumps(problem)),
    )
    person.visit("/?q=440+Hz")
    begin(person, TITLES[0], "Radio from here")
    person.page.get_by_text("It is silent. Begin with another one.").wait_for()
    person.wait_until_playing()
    assert [complaint for complaint in person.complaints if "422" not in complaint] == []
    person.complaints.clear()


def test_a_journey_goes_from_one_track_to_another(person: Person) -> None:
    person.visit("/?q=440+Hz")
    begin(person, TITLES[0], "Journey to")
    person.page.get_by_text(f"A journey from “{TITLES[0]}”").wait_for()
    begin(person, JAZZ, "End the journey here")
    person.wait_until_playing()
    person.until("queue.source.kind === 'journey' && queue.list.length > 1")
    assert (listed(person)[0], listed(person)[-1]) == (TITLES[0], JAZZ)
    expect(person.page.get_by_text(f"A journey from “{TITLES[0]}”:")).to_have_count(0)


def test_what_was_heard_is_noted(person: Person, appliance: Appliance) -> None:
    title = "A Short One"
    track_id = appliance.add(b"short.flac", 440.0, tags=Tags(title=title, genre="Short"))
    person.visit("/?filter=genre:Short")  # nothing else follows it
    with person.page.expect_response("**/played") as noted:
        person.play(title)
    assert noted.value.ok
    ((played, _, seconds),) = Diary(appliance.ledger.database).latest(5)
    assert (played, 4.0 < seconds < 7.0) == (track_id, True)
    with person.page.expect_response("**/played"):  # at its end, with all that was heard
        pass
    ((_, _, seconds),) = Diary(appliance.ledger.database).latest(5)
    assert seconds == pytest.approx(10.0, abs=1.5)
