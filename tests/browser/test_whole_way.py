"""The main job in a real browser against the real daemon: drop in, describe, click, hear."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.driver import DESKTOP, PHONE, Person, a_person
from tests.house import DaemonHouse
from tests.pieces import DRUMS_FROM_S, DRUMS_TO_S, heard_house

pytestmark = [pytest.mark.browser, pytest.mark.process]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaemonHouse]:
    with heard_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_sentence_leads_to_the_moment(
    house: DaemonHouse, browser: object, size: tuple[int, int]
) -> None:
    with a_person(browser, house.url, size) as person:
        find_and_play(person)


def find_and_play(person: Person) -> None:
    person.visit()
    person.ask("drums")
    expect(person.rows.first).to_contain_text("Piano Then Drums")
    person.play("Piano Then Drums")
    sound = person.wait_until_playing(DRUMS_FROM_S - 0.5)
    assert DRUMS_FROM_S - 0.5 < sound["time_s"] < DRUMS_TO_S
    assert person.foreign == []
    assert person.complaints == []
