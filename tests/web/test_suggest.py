import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.web.appliance import Appliance
from tests.web.asking import encodable
from traumbox.domain import Tags
from traumbox.search.phrases import FIRST, PHRASES


@pytest.fixture
def library(appliance: Appliance) -> None:
    for title in ("So What", "Blue in Green", "All Blues"):
        tags = Tags(title=title, artist="Miles Davis", genre="Jazz")
        appliance.add(f"{title}.flac".encode(), 440.0, tags=tags)


def test_names_are_suggested_with_how_many_tracks_bear_them(
    client: TestClient, library: None
) -> None:
    answer = client.get("/api/v1/suggest", params={"q": "mil"}).json()
    assert answer == {
        "version": 1,
        "suggestions": [{"text": "Miles Davis", "kind": "artist", "tracks": 3}],
        "meant": "",
    }
    blues = client.get("/api/v1/suggest", params={"q": "blue", "limit": 1}).json()
    assert [one["kind"] for one in blues["suggestions"]] == ["title"]


def test_a_slip_is_put_right(client: TestClient, library: None) -> None:
    answer = client.get("/api/v1/suggest", params={"q": "Miels Davis"}).json()
    assert (answer["suggestions"], answer["meant"].casefold()) == ([], "miles davis")


def test_sounds_are_suggested_once_it_is_known_what_the_library_holds(
    client: TestClient, appliance: Appliance, library: None
) -> None:
    assert client.get("/api/v1/suggest?q=church").json()["suggestions"] == []
    services = client.app.state.services  # type: ignore[attr-defined]
    services.search.prepare(lambda: False)
    found = client.get("/api/v1/suggest?q=church").json()["suggestions"]
    assert found == [{"text": "church organ", "kind": "sound", "tracks": 3}]
    assert client.get("/api/v1/suggest?q=kirch").json()["suggestions"][0]["text"] == "Kirchenorgel"


def test_there_are_always_starters(client: TestClient, library: None) -> None:
    answer = client.get("/api/v1/starters").json()
    assert answer == {"version": 1, "starters": [phrase.en for phrase in FIRST]}
    german = client.get("/api/v1/starters?language=de").json()["starters"]
    assert german == [phrase.de for phrase in FIRST]
    services = client.app.state.services  # type: ignore[attr-defined]
    services.search.prepare(lambda: False)
    known = client.get("/api/v1/starters").json()["starters"]
    assert len(known) == 6
    assert set(known) <= {phrase.en for phrase in PHRASES}


@pytest.mark.parametrize("query", ["limit=0", "limit=51", "limit=x"])
def test_a_limit_out_of_range_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/api/v1/suggest?q=a&{query}").status_code == 422


def test_other_languages_are_refused(client: TestClient) -> None:
    assert client.get("/api/v1/starters?language=fr").status_code == 422


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters(), max_size=60))
def test_whatever_is_typed_is_answered(client: TestClient, typed: str) -> None:
    assert client.get(f"/api/v1/suggest?{encodable({'q': typed})}").status_code == 200


def test_ten_thousand_words_are_answered(client: TestClient) -> None:
    assert client.get("/api/v1/suggest", params={"q": "miles " * 5_000}).status_code == 200
