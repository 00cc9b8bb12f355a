import pytest
from starlette.testclient import TestClient

from tests.web.appliance import JPEG, NOW_S, Appliance, tone
from traumbox.domain import Changes, Tags


@pytest.fixture
def three(appliance: Appliance) -> dict[str, str]:
    """A heard file, one that failed and one that waits."""
    failed = appliance.drop(appliance.write(b"b.flac", tone(220.0)))
    appliance.ledger.mark_failed(failed, appliance.row(failed).stat, "No sound in it.", NOW_S)
    return {
        "a": appliance.add(b"a.flac", 440.0, tags=Tags(title="A", artist="Anna"), cover=JPEG),
        "b": failed,
        "c": appliance.drop(appliance.write(b"c.flac", tone(330.0))),
    }


def test_files_come_in_pages_that_end(client: TestClient, three: dict[str, str]) -> None:
    seen = []
    after = ""
    for _ in range(3):
        page = client.get("/api/v1/audio/files", params={"limit": 1, "after": after}).json()
        assert page["counts"] == {"indexed": 1, "pending": 1, "failed": 1, "excluded": 0}
        seen += page["items"]
        after = page["next"]
    assert after is None
    assert [item["id"] for item in seen] == list(three.values())
    assert [item["state"] for item in seen] == ["indexed", "failed", "pending"]
    assert seen[1]["reason"] == "No sound in it."
    assert seen[0].items() >= {"title": "A", "artist": "Anna", "duration_s": 10.0}.items()
    assert seen[2].items() >= {"title": "c", "duration_s": None, "attempts": 0}.items()


def test_states_can_be_chosen(client: TestClient, three: dict[str, str]) -> None:
    page = client.get("/api/v1/audio/files?state=failed&state=pending").json()
    assert [item["id"] for item in page["items"]] == [three["b"], three["c"]]
    assert client.get("/api/v1/audio/files?state=lost").status_code == 422


def test_one_folders_files_and_the_missing_ones(
    client: TestClient, appliance: Appliance, three: dict[str, str]
) -> None:
    assert len(client.get("/api/v1/audio/files?folder=Music").json()["items"]) == 3
    assert client.get("/api/v1/audio/files?folder=music").json()["items"] == []
    assert client.get("/api/v1/audio/files?missing=true").json()["items"] == []
    appliance.ledger.apply(Changes(gone=frozenset([three["a"], three["b"]])), NOW_S + 1)
    there = client.get("/api/v1/audio/files").json()["items"]
    assert [(item["id"], item["missing_since_s"]) for item in there] == [(three["c"], None)]
    gone = client.get("/api/v1/audio/files?missing=true&folder=Music").json()["items"]
    assert [(item["id"], item["missing_since_s"]) for item in gone] == [
        (three["a"], NOW_S + 1), (three["b"], NOW_S + 1),
    ]  # fmt: skip
    failed = client.get("/api/v1/audio/files?missing=true&state=failed").json()["items"]
    assert [item["id"] for item in failed] == [three["b"]]


def test_hearing_one_next(client: TestClient, appliance: Appliance, three: dict[str, str]) -> None:
    response = client.post(f"/api/v1/audio/files/{three['c']}/hear")
    assert (response.status_code, response.json()["accepted"]) == (202, True)
    assert appliance.asked == [f"hear {three['c']}"]
    unknown = client.post("/api/v1/audio/files/nobody/hear")
    assert (unknown.status_code, unknown.json()["title"]) == (404, "No such track")
    appliance.ledger.apply(Changes(excluded={three["b"]: "a rule hides it"}), NOW_S + 1)
    appliance.folders.files.discard(three["b"])
    hidden = client.post(f"/api/v1/audio/files/{three['b']}/hear")
    assert hidden.status_code == 409
    assert hidden.json()["detail"] == "'b.flac' can't be heard: a rule hides it."


def test_trying_all_failed_again(
    client: TestClient, appliance: Appliance, three: dict[str, str]
) -> None:
    appliance.folders.failed = {three["b"]}
    response = client.post("/api/v1/audio/files/retry")
    assert response.status_code == 202
    assert response.json() == {"accepted": True, "message": "1 file is tried again.", "count": 1}
    assert client.post("/api/v1/audio/files/retry").json()["message"] == "0 files are tried again."


@pytest.mark.parametrize("after", ["x", "/../", "W10", "%00", "😀"])
def test_a_made_up_cursor_is_refused_in_words(client: TestClient, after: str) -> None:
    response = client.get("/api/v1/audio/files", params={"after": after})
    assert response.status_code == 422
    assert "cursor" in response.json()["detail"]


def test_one_file(client: TestClient, three: dict[str, str]) -> None:
    heard = client.get(f"/api/v1/audio/files/{three['a']}").json()
    assert heard["file"]["state"] == "indexed"
    assert heard["track"]["title"] == "A"
    waiting = client.get(f"/api/v1/audio/files/{three['c']}").json()
    assert (waiting["file"]["state"], waiting["track"]) == ("pending", None)
    assert client.get("/api/v1/audio/files/none").status_code == 404


def test_a_cover_is_sent_once(
    client: TestClient, appliance: Appliance, three: dict[str, str]
) -> None:
    address = f"/api/v1/audio/files/{three['a']}/cover"
    first = client.get(address)
    assert (first.content, first.headers["content-type"]) == (JPEG, "image/jpeg")
    assert "max-age" in first.headers["cache-control"]
    again = client.get(address, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    appliance.cache.put_cover(three["a"], JPEG + JPEG)
    changed = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (changed.status_code, changed.content) == (200, JPEG + JPEG)


@pytest.mark.parametrize("track_id", ["nobody", "..", "%2e%2e%2f%2e%2e%2ftraumbox.db", "%00"])
def test_no_cover_is_not_found(client: TestClient, three: dict[str, str], track_id: str) -> None:
    assert client.get(f"/api/v1/audio/files/{track_id}/cover").status_code == 404
    assert client.get(f"/api/v1/audio/files/{three['b']}/cover").status_code == 404
