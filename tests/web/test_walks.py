import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.web.appliance import Appliance, tone
from tests.web.asking import encodable
from traumbox.domain import Tags


@pytest.fixture
def ids(appliance: Appliance) -> list[str]:
    """Tracks that have more and more of 880 Hz and less and less of 220 Hz."""
    return [
        appliance.add(
            f"{i}.flac".encode(), *[220.0] * (5 - i), *[880.0] * i, tags=Tags(title=f"{i}")
        )
        for i in range(6)
    ]


def titles(answer: dict[str, list[dict[str, dict[str, str]]]]) -> list[str]:
    return [hit["track"]["title"] for hit in answer["hits"]]


def test_a_radio_goes_on_from_a_track(client: TestClient, ids: list[str]) -> None:
    query = {"seed": ids[0], "adventurous": 0, "count": 2, "chance": 7}
    answer = client.get("/api/v1/radio", params=query).json()  # type: ignore[arg-type]
    assert (answer["version"], answer["ended"], answer["evenness"]) == (1, False, None)
    assert titles(answer) == ["1", "2"]
    assert {hit["start_s"] for hit in answer["hits"]} == {0.0}
    heard = [hit["track"]["id"] for hit in answer["hits"]]
    then = client.get("/api/v1/radio", params={**query, "heard": heard}).json()  # type: ignore[dict-item]
    assert titles(then) == ["3", "4"]
    last = client.get("/api/v1/radio", params={**query, "heard": ids[1:5]}).json()  # type: ignore[dict-item]
    assert (titles(last), last["ended"]) == (["5"], True)


def test_a_radio_goes_on_from_a_sentence(client: TestClient, ids: list[str]) -> None:
    answer = client.get("/api/v1/radio", params={"q": "880 Hz", "adventurous": 0}).json()
    assert titles(answer)[0] == "5"


def test_a_radio_minds_what_was_liked_and_skipped(client: TestClient, ids: list[str]) -> None:
    query = {"seed": ids[2], "liked": ids[4], "skipped": [ids[3], "nobody"], "count": 50}
    found = titles(client.get("/api/v1/radio", params=query).json())  # type: ignore[arg-type]
    assert sorted(found) == ["0", "1", "5"]


def test_nothing_of_an_offline_folder_is_given(
    client: TestClient, appliance: Appliance, ids: list[str]
) -> None:
    appliance.online = False
    answer = client.get("/api/v1/radio", params={"seed": ids[0]}).json()
    assert (answer["hits"], answer["ended"]) == ([], True)
    refused = client.get("/api/v1/journey", params={"from": ids[0], "to": ids[5]})
    assert refused.status_code == 422
    assert "offline" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("", 422, "no seed was given"),
        ("q=%20", 422, "no seed was given"),
        ("seed=nobody", 404, "No track"),
        ("seed=ID&adventurous=1.1", 422, "adventurous"),
        ("seed=ID&adventurous=nan", 422, "adventurous"),
        ("seed=ID&count=0", 422, "count"),
        ("seed=ID&chance=-1", 422, "chance"),
        ("seed=ID&chance=9999999999999999999", 422, "chance"),
        ("seed=ID&colour=red", 422, "colour"),
    ],
)
def test_what_is_no_radio_is_refused_in_words(
    client: TestClient, ids: list[str], query: str, status: int, told: str
) -> None:
    answer = client.get(f"/api/v1/radio?{query.replace('ID', ids[0])}")
    assert answer.status_code == status
    assert told in answer.json()["detail"]
    assert answer.json()["remedy"]


def test_a_journey_has_both_ends_and_even_steps(client: TestClient, ids: list[str]) -> None:
    query = {"from": ids[0], "to": ids[5], "length": 4}
    answer = client.get("/api/v1/journey", params=query).json()  # type: ignore[arg-type]
    found = titles(answer)
    assert (found[0], found[-1], len(found)) == ("0", "5", 4)
    assert found == sorted(found)
    assert answer["evenness"].keys() == {"variation", "largest_to_mean", "largest_rad"}
    assert answer["ended"] is False


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("from=FIRST&to=FIRST", 422, "same recording"),
        ("from=FIRST&to=nobody", 404, "No track"),
        ("from=FIRST", 422, "to"),
        ("from=FIRST&to=LAST&length=1", 422, "length"),
        ("from=FIRST&to=LAST&length=101", 422, "length"),
    ],
)
def test_what_is_no_journey_is_refused_in_words(
    client: TestClient, ids: list[str], query: str, status: int, told: str
) -> None:
    query = query.replace("FIRST", ids[0]).replace("LAST", ids[5])
    answer = client.get(f"/api/v1/journey?{query}")
    assert answer.status_code == status
    assert told in answer.json()["detail"]


def test_a_track_that_was_not_heard_yet_is_no_end(
    client: TestClient, appliance: Appliance, ids: list[str]
) -> None:
    waiting = appliance.drop(appliance.write(b"new.flac", np.stack([tone(440.0)])))
    assert client.get(f"/api/v1/journey?from={ids[0]}&to={waiting}").status_code == 404
    assert client.get(f"/api/v1/radio?seed={waiting}").status_code == 404


ANY = st.text(st.characters(), max_size=40) | st.sampled_from(["' OR 1=1 --", "*", "%00"])


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ANY, max_size=3), ANY, st.lists(ANY, max_size=5))
def test_whatever_is_asked_is_answered_or_refused(
    client: TestClient, seeds: list[str], text: str, others: list[str]
) -> None:
    lists = {"heard": others, "liked": others, "skipped": others}
    for address, parameters in (
        ("radio", {"seed": seeds, "q": text, **lists}),
        ("radio", {"q": text, **lists}),
        ("journey", {"from": text, "to": others or "x"}),
    ):
        response = client.get(f"/api/v1/{address}?{encodable(parameters)}")
        assert response.status_code in {200, 404, 422}, response.text
