"""All the ways to ask: chips, filters, suggestions, sounds, and what can be begun with a track."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.driver import DESKTOP, PHONE, Person, a_person, is_focused
from tests.browser.library import Piece, fill
from tests.browser.serving import serving
from tests.web.appliance import Appliance
from traumbox.domain import Answer, Query, Tags
from traumbox.ports import Space
from traumbox.search import SearchService
from traumbox.search.asking import ALL_WAYS, KindOf, Ways
from traumbox.web.panel.texts import ENGLISH

JAZZ = "Blue Hour"
CHIPS = {
    "bpm:110..130": "110–130 BPM",
    "-bpm:85.5..": "not faster than 85 BPM",
    "-bpm:..129.5": "not slower than 130 BPM",
    "-bpm:85.5..129.5": "not 86–129 BPM",
    "-bpm:80": "not 80 BPM",
    "-duration_s:180..": "not over 3 min",
    "key:A minor": "A minor · 8A",
    "key:F# minor,Bb major": "F♯ minor · 11A or B♭ major · 6B",
    "year:1980..1989": "1980s",
    "year:1980..1999": "1980s to 1990s",
    "year:1984": "1984",
    "year:..1979": "until 1979",
    "duration_s:..180": "under 3 min",
    "duration_s:150..210": "2:30 to 3:30",
    "loudness_lufs:-20..-10": "−20 to −10 LUFS",
    "genre:Jazz": "Genre: Jazz",
    "-genre:Rock": "Genre: not Rock",
    "genre:a%2Cb,100%25,c,d": "Genre: a,b, 100%, c or 1 more",
    "played:never": "never played",
    "-played:never": "played before",
    "kind:audiobook,podcast": "audiobooks or podcasts",
    "format:flac": "Format: FLAC",
    "without:drums": "without drums",
}


def add_jazz(appliance: Appliance) -> Piece:
    """Add a fifth piece, which differs from the others in everything."""
    tags = Tags(title=JAZZ, artist="Sable", album="Late", genre="Jazz, Cool", year=1984)
    return Piece(appliance.add(b"jazz/blue.flac", 440.0, 880.0, tags=tags), JAZZ)


@pytest.fixture
def pieces(appliance: Appliance) -> list[Piece]:
    return [*fill(appliance, 4), add_jazz(appliance)]


@pytest.fixture
def person(browser: object, appliance: Appliance, pieces: list[Piece]) -> Iterator[Person]:
    with serving(appliance.services()) as address, a_person(browser, address, DESKTOP) as person:
        yield person
        assert person.complaints == []
        assert person.foreign == []


@pytest.fixture
def on_phone(browser: object, appliance: Appliance, pieces: list[Piece]) -> Iterator[Person]:
    with serving(appliance.services()) as address, a_person(browser, address, PHONE) as person:
        yield person
        assert person.complaints == []
        assert person.overflow_px() == 0


def field(person: Person) -> Locator:
    return person.page.get_by_role("combobox", name="Describe")


def chips(person: Person) -> Locator:
    return person.page.get_by_role("list", name="What the search goes by")


def options(person: Person) -> Locator:
    return person.page.get_by_role("option")


# What was understood, and filters


def test_conditions_are_said_in_words(person: Person) -> None:
    person.visit()
    said = person.page.evaluate(
        """async ([ids, texts]) => {
            const { chipWords } = await import("tb-core");
            return ids.map((id) => chipWords(texts, id));
        }""",
        [list(CHIPS), dict(ENGLISH["search_bar"])],
    )
    assert dict(zip(CHIPS, said, strict=True)) == CHIPS


def test_a_tempo_that_may_be_counted_twice_as_fast_is_shown_with_both(person: Person) -> None:
    person.visit()
    said = person.page.evaluate(
        """async (texts) => {
            const { facts } = await import("tb-core");
            const track = { bpm: 147.6, bpm_other: 73.8, key: "A minor", duration_s: 187 };
            return [track, { ...track, bpm_other: null }, { ...track, bpm: null, bpm_other: null }]
                .map((one) => facts(texts, one).join(" · "));
        }""",
        dict(ENGLISH["results"]),
    )
    assert said == ["148 / 74 BPM · A minor · 3:07", "148 BPM · A minor · 3:07", "A minor · 3:07"]


def test_the_form_gives_back_the_filters_it_was_given(person: Person) -> None:
    person.visit()
    ids = [one for one in CHIPS if not one.startswith("without")]
    given = [*ids, "-played_s:1780000000..", "loudness_lufs:-14..", "folder:Music/Jazz, Blues"]
    same = person.page.evaluate(
        """async (given) => {
            const { conditionsOf, fieldsOf } = await import("tb-core");
            return given.map((one) => conditionsOf(fieldsOf([one]))[0]);
        }""",
        given,
    )
    assert same == given
    # A second condition of a kind has no field of its own, and is kept as it is.
    both = ["bpm:110..130", "bpm:..120", "vocals:..0.5"]
    kept = person.page.evaluate(
        "async (both) => { const { conditionsOf, fieldsOf } = await import('tb-core');"
        " return conditionsOf(fieldsOf(both)); }",
        both,
    )
    assert kept == both


def test_what_was_understood_can_be_taken_back_and_meant_again(person: Person) -> None:
    person.visit("/?q=440+Hz+85+to+95+bpm")
    chip = chips(person).get_by_role("link", name="85–95 BPM")
    expect(chip).to_have_attribute("title", "Understood from “85 to 95 bpm”")
    chip.click()
    person.page.wait_for_url("**/?q=440+Hz+85+to+95+bpm&back=bpm%3A85..95")
    back = chips(person).get_by_role("link", name="85–95 BPM: was taken back, apply it again")
    back.click()
    person.page.wait_for_url("**/?q=440+Hz+85+to+95+bpm")
    expect(chips(person).get_by_role("link", name="not meant so")).to_have_count(1)
    assert person.accessibility_violations() == []


def test_filters_are_chosen_in_a_form_and_removed_as_chips(person: Person) -> None:
    person.visit("/?q=440+Hz")
    person.rows.first.wait_for()
    person.page.get_by_role("button", name="Filters").click()
    form = person.page.get_by_role("dialog", name="Filters")
    form.get_by_role("button", name="1980s").click()
    form.get_by_label("Genre").fill("Jazz")
    form.get_by_role("checkbox", name="8B C major").check()
    assert person.accessibility_violations() == []
    form.get_by_role("button", name="Show results").click()
    person.page.wait_for_url("**/?q=440+Hz&filter=year*&filter=key*&filter=genre*")
    expect(person.rows).to_have_count(1)
    assert JAZZ in person.rows.first.inner_text()
    expect(person.page.get_by_role("button", name="Filters, 3 are set")).to_be_visible()
    chips(person).get_by_role("link", name="1980s: remove").click()
    chips(person).get_by_role("link", name="Genre: Jazz: remove").click()
    chips(person).get_by_role("link", name="C major · 8B: remove").click()
    person.page.wait_for_url("**/?q=440+Hz")
    expect(person.rows).to_have_count(5)


def test_on_a_phone_the_filters_fit_too(on_phone: Person) -> None:
    on_phone.visit("/?filter=bpm:..60&filter=genre:Jazz")
    on_phone.page.get_by_role("button", name="Filters").tap()
    form = on_phone.page.get_by_role("dialog", name="Filters")
    expect(form.get_by_role("spinbutton", name="to").first).to_have_value("60")
    expect(form.get_by_role("button", name="Jazz: remove")).to_be_visible()
    assert form.evaluate("form => form.scrollWidth - form.clientWidth") == 0
    assert on_phone.accessibility_violations() == []
    form.get_by_role("button", name="Clear").tap()
    form.get_by_role("button", name="Show results").tap()
    on_phone.page.get_by_role("heading", name="Recently added").wait_for()
    assert on_phone.page.url.endswith("/")


def test_filters_alone_show_what_meets_them_without_a_match(person: Person) -> None:
    person.visit("/?filter=genre:Jazz")
    expect(person.rows).to_have_count(1)
    assert person.rows.first.locator(".tb-match").inner_text().strip() == ""
    assert person.page.title() == "Genre: Jazz · traumbox"
    person.page.get_by_role("complementary", name="Selected track").wait_for()


def test_where_nothing_is_left_the_strictest_filter_can_be_dropped(person: Person) -> None:
    person.visit("/?q=440+Hz+85+to+95+bpm&filter=year:1950..1959")
    person.page.get_by_text("The strictest is “1950s”: alone it leaves 0 tracks.").wait_for()
    assert person.accessibility_violations() == []
    person.page.get_by_role("link", name="Drop “1950s”").click()
    person.page.wait_for_url("**/?q=440+Hz+85+to+95+bpm")
    expect(person.rows).to_have_count(5)
    person.visit("/?q=440+Hz+85+to+95+bpm&filter=year:1950..1959")
    person.page.get_by_role("link", name="Drop all filters").click()
    person.page.wait_for_url("**/?q=440+Hz+85+to+95+bpm&back=bpm%3A85..95")
    person.rows.first.wait_for()


def test_why_and_where_else_a_track_was_found(person: Person, appliance: Appliance) -> None:
    tags = Tags(title=JAZZ, artist="Sable", album="Late", genre="Jazz, Cool")
    appliance.add(b"again/blue.flac", 440.0, 880.0, tags=tags)
    person.visit("/?q=blue+hour")
    row = person.row(JAZZ)
    expect(row.locator(".tb-why-beside")).to_contain_text("name")
    row.get_by_role("button", name="+1 copy").click()
    lies = row.get_by_role("list", name="Where this recording lies")
    expect(lies).to_contain_text("jazz/blue.flac")
    expect(lies).to_contain_text("again/blue.flac")
    assert person.sound()["src"] == "", "a look at the copies plays nothing"
    assert person.accessibility_violations() == []


class Guessing(SearchService):
    """Means "440 Hz" whatever else is asked."""

    def search(self, query: Query, kind_of: KindOf | None = None, ways: Ways = ALL_WAYS) -> Answer:
        answer = super().search(query, kind_of, ways)
        return answer if query.text == "440 Hz" else replace(answer, meant="440 Hz")


def test_what_may_have_been_meant_is_offered(
    browser: object, appliance: Appliance, pieces: list[Piece]
) -> None:
    space = Space("tones", appliance.embedder, appliance.index)
    services = replace(appliance.services(), search=Guessing(space, appliance.ledger))
    with serving(services) as address, a_person(browser, address, DESKTOP) as person:
        person.visit("/?q=450+Herz&filter=genre:Ambient")
        person.page.get_by_text("Did you mean 440 Hz?").wait_for()
        person.page.get_by_role("link", name="440 Hz").click()
        person.page.wait_for_url("**/?q=440+Hz&filter=genre%3AAmbient")
        expect(person.page.get_by_text("Did you mean")).to_have_count(0)


# While typing


def test_suggestions_are_reached_with_the_keys(person: Person) -> None:
    person.visit()
    box = field(person)
    box.type("night")
    expect(options(person).first).to_contain_text("Night Maps")
    expect(box).to_have_attribute("aria-expanded", "true")
    assert person.accessibility_violations() == []
    box.press("ArrowDown")
    expect(options(person).first).to_have_attribute("aria-selected", "true")
    active = box.get_attribute("aria-activedescendant")
    assert active == options(person).first.get_attribute("id")
    box.press("Escape")
    expect(options(person).first).to_be_hidden()
    assert box.input_value() == "night"
    box.press("ArrowDown")
    options(person).first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    person.page.wait_for_url("**/?q=Night+Maps")
    expect(options(person)).to_have_count(0)


def test_a_genre_becomes_a_filter(person: Person) -> None:
    person.visit()
    field(person).type("jazz")
    options(person).filter(has_text="genre").first.click()
    person.page.wait_for_url("**/?filter=genre%3AJazz")
    expect(person.rows).to_have_count(1)
    assert field(person).input_value() == ""


def test_suggestions_go_when_the_field_is_left(person: Person) -> None:
    person.visit()
    field(person).type("night")
    options(person).first.wait_for()
    person.page.get_by_role("button", name="Search by sound").focus()
    expect(options(person).first).to_be_hidden()


def test_earlier_questions_come_back_until_they_are_forgotten(person: Person) -> None:
    person.visit()
    person.ask("440 Hz")
    person.ask("220 Hz")
    field(person).fill("")
    field(person).click()
    expect(options(person)).to_have_count(2)
    assert "220 Hz" in options(person).first.inner_text()
    person.page.get_by_role("button", name="Forget what was asked").click()
    expect(options(person)).to_have_count(0)
    assert person.page.evaluate("localStorage.getItem('traumbox.history')") is None


def test_without_storage_everything_else_works(person: Person) -> None:
    person.page.add_init_script(
        "Object.defineProperty(window, 'localStorage',"
        " { get() { throw new DOMException('refused', 'SecurityError') } })"
    )
    person.visit()
    person.ask("440 Hz")
    person.rows.first.wait_for()
    field(person).fill("")
    field(person).click()
    expect(options(person)).to_have_count(0)


def test_on_a_phone_a_suggestion_is_tapped(on_phone: Person) -> None:
    on_phone.visit()
    field(on_phone).tap()
    field(on_phone).type("night")
    options(on_phone).first.tap()
    on_phone.page.wait_for_url("**/?q=Night+Maps")
    expect(options(on_phone)).to_have_count(0)
    assert not is_focused(field(on_phone))  # its keyboard would cover the results
