import base64

import pytest
from starlette.testclient import TestClient

from tests.fakes import ToneEmbedder
from tests.web.appliance import JPEG, Appliance
from traumbox.domain import HEAT, PEAKS, Tags
from traumbox.web.app import create_api


def test_a_sentence_finds_the_track_and_the_moment(
    client: TestClient, appliance: Appliance
) -> None:
    appliance.add(b"low.flac", 220.0, 220.0)
    tags = Tags(title="High", album_artist="Anna", track_no=3, disc_no=2)
    wanted = appliance.add(b"a/high.flac", 220.0, 880.0, tags=tags, cover=JPEG)
    answer = client.get("/api/v1/search", params={"q": "880 Hz", "limit": 2}).json()
    assert answer["version"] == 1
    assert answer["query"] == {
        "text": "880 Hz",
        "like": None,
        "kinds": [],
        "limit": 2,
        "understood": {"text": "880 Hz", "note": ""},
    }
    assert (answer["searched"], answer["total"]) == (2, 2)
    first = answer["hits"][0]
    assert (first["start_s"], first["score"], first["why"]) == (10.0, 1.0, ["sound"])
    assert first["match"] > answer["hits"][1]["match"]
    track = first["track"]
    assert base64.b64decode(track.pop("peaks")) == bytes(range(PEAKS))
    assert track == {
        "id": wanted,
        "folder": "Music",
        "path": "a/high.flac",
        "part": 0,
        "offline": False,
        "kind": "music",
        "title": "High",
        "artist": "",
        "album": "",
        "album_artist": "Anna",
        "track_no": 3,
        "disc_no": 2,
        "genre": "",
        "year": None,
        "duration_s": 20.0,
        "bpm": 90.0,
        "key": "C major",
        "codec": "flac",
        "stream": f"/stream/{wanted}",
        "cover": f"/api/v1/audio/files/{wanted}/cover",
    }


def test_likeness_leaves_the_track_itself_out(client: TestClient, appliance: Appliance) -> None:
    one = appliance.add(b"one.flac", 440.0)
    two = appliance.add(b"two.flac", 440.0)
    appliance.add(b"three.flac", 990.0)
    by_path = client.get(f"/api/v1/similar/{one}").json()
    by_query = client.get("/api/v1/search", params={"like": one}).json()
    for answer in (by_path, by_query):
        assert answer["hits"][0]["track"]["id"] == two
        assert one not in [hit["track"]["id"] for hit in answer["hits"]]
        assert answer["query"]["like"] == one


def test_only_some_kinds(client: TestClient, appliance: Appliance) -> None:
    book = appliance.add(b"book.flac", 440.0, tags=Tags(genre="Audiobook"))
    song = appliance.add(b"song.flac", 440.0)

    def found(**parameters: object) -> list[tuple[str, str]]:
        answer = client.get("/api/v1/search", params=parameters).json()  # type: ignore[arg-type]
        return [(hit["track"]["id"], hit["track"]["kind"]) for hit in answer["hits"]]

    assert found(q="440 Hz", kind="audiobook") == [(book, "audiobook")]
    assert found(q="440 Hz", kind=["music", "podcast"]) == [(song, "music")]
    assert len(found(q="440 Hz", kind=["music", "audiobook"])) == 2
    assert found(q="440 Hz", kind="podcast") == []
    assert found(like=book, kind="music") == [(song, "music")]
    asked = client.get("/api/v1/search?q=a&kind=podcast&kind=music").json()["query"]
    assert asked["kinds"] == ["music", "podcast"]
    assert client.get("/api/v1/search?q=a&kind=film").status_code == 422


def test_tracks_of_an_offline_folder_are_found_and_marked(
    client: TestClient, appliance: Appliance
) -> None:
    track_id = appliance.add(b"one.flac", 440.0)
    appliance.online = False
    (hit,) = client.get("/api/v1/search", params={"q": "440 Hz"}).json()["hits"]
    assert (hit["track"]["id"], hit["track"]["offline"]) == (track_id, True)
    assert client.get(f"/api/v1/audio/files/{track_id}").json()["track"]["offline"] is True
    vector = ToneEmbedder().embed_text(["440 Hz"])[0].tolist()
    alike = client.post("/api/v1/search/vector", json={"vector": vector}).json()["hits"]
    assert [one["track"]["offline"] for one in alike] == [True]
    assert client.get(f"/stream/{track_id}").status_code == 503


def test_a_sound_from_outside_finds_its_like(client: TestClient, appliance: Appliance) -> None:
    appliance.add(b"low.flac", 220.0)
    wanted = appliance.add(b"high.flac", 880.0)
    vector = ToneEmbedder().embed_text(["880 Hz"])[0].tolist()
    answer = client.post("/api/v1/search/vector", json={"vector": vector, "limit": 1}).json()
    assert [hit["track"]["id"] for hit in answer["hits"]] == [wanted]
    refused = client.post("/api/v1/search/vector", json={"vector": vector[1:]})
    assert refused.status_code == 422
    assert "Embed" in refused.json()["remedy"]


def test_a_sound_heard_with_another_model_is_refused_even_in_the_same_dimension(
    client: TestClient,
) -> None:
    vector = ToneEmbedder().embed_text(["880 Hz"])[0].tolist()
    ours = client.post("/api/v1/search/vector", json={"vector": vector, "model": "tones"})
    assert ours.status_code == 200
    foreign = client.post("/api/v1/search/vector", json={"vector": vector, "model": "clap-1"})
    assert foreign.status_code == 422
    assert "of clap-1; tones has" in foreign.json()["detail"]


def test_what_only_comes_near_is_told_from_what_fits(appliance: Appliance) -> None:
    appliance.embedder = ToneEmbedder(floor=0.3)
    fitting = appliance.add(b"high.flac", 220.0, 880.0)
    other = appliance.add(b"low.flac", 220.0, 220.0)
    api = create_api(appliance.services(), pages=("/",))
    client = TestClient(api, base_url="http://localhost:8480")

    def found(**parameters: str) -> tuple[bool, list[tuple[str, bool]]]:
        answer = client.get("/api/v1/search", params=parameters).json()
        hits = [(hit["track"]["id"], hit["fits"]) for hit in answer["hits"]]
        return answer["nothing_fits"], hits

    assert found(q="880 Hz") == (False, [(fitting, True), (other, False)])
    nothing, hits = found(q="xyzzy")
    assert nothing
    assert sorted(hits) == sorted([(fitting, False), (other, False)])
    assert len(found(q="xyzzy", limit="1")[1]) == 1
    assert found(like=fitting) == (False, [(other, True)])
    moments = client.get(f"/api/v1/audio/files/{other}/moments?q=880 Hz").json()
    assert [moment["fits"] for moment in moments["moments"]] == [False]
    assert not any(base64.b64decode(moments["heat"]))


def test_nothing_asked_is_nothing_found(client: TestClient, appliance: Appliance) -> None:
    appliance.add(b"one.flac", 440.0)
    answer = client.get("/api/v1/search").json()
    assert (answer["hits"], answer["total"]) == ([], 1)
    assert answer["query"]["limit"] == 24, "the configured limit"


def test_a_long_sentence_is_cut_and_says_so(client: TestClient) -> None:
    answer = client.get("/api/v1/search", params={"q": "x" * 5_000}).json()
    assert len(answer["query"]["text"]) == 1_000
    assert "1,000 characters" in answer["query"]["understood"]["note"]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many"])
def test_a_limit_out_of_range_is_refused_in_words(client: TestClient, limit: str) -> None:
    response = client.get("/api/v1/search", params={"q": "a", "limit": limit})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert "limit" in response.json()["detail"]


@pytest.mark.parametrize(
    "address", ["/api/v1/search?like=no", "/api/v1/similar/no", "/api/v1/audio/files/no/moments"]
)
def test_an_unknown_track_is_not_found(client: TestClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert response.json()["title"] == "No such track"


def test_moments_of_a_track(client: TestClient, appliance: Appliance) -> None:
    track = appliance.add(b"a.flac", 220.0, 220.0, 880.0, 220.0)
    answer = client.get(f"/api/v1/audio/files/{track}/moments", params={"q": "880 Hz"}).json()
    heat = base64.b64decode(answer["heat"])
    assert len(heat) == HEAT
    assert max(range(HEAT), key=heat.__getitem__) == HEAT // 2
    assert answer["moments"][0]["start_s"] == 20.0


def test_whatever_tags_hold_becomes_valid_json(client: TestClient, appliance: Appliance) -> None:
    tags = Tags(title="half \ud83d\x00 a\nsurrogate", artist="\udcff</script>")
    appliance.add(b"caf\xe9\n.flac", 440.0, tags=tags)
    (hit,) = client.get("/api/v1/search", params={"q": "440 Hz"}).json()["hits"]
    assert hit["track"]["title"] == "half \\ud83d  a surrogate"
    assert hit["track"]["artist"] == "\\udcff</script>"
    assert hit["track"]["path"] == "caf\\xe9 .flac"


@pytest.mark.parametrize(
    "text", ["%00", "%ff%fe", "%ed%a0%bd", "%F0%9F%8E%B9", "'%3B--", "%5Cu0000"]
)
def test_any_text_is_answered(client: TestClient, appliance: Appliance, text: str) -> None:
    appliance.add(b"one.flac", 440.0)
    assert client.get(f"/api/v1/search?q={text}").status_code == 200
    assert client.get(f"/api/v1/search?like={text}").status_code == 404


@pytest.mark.parametrize(
    "vector",
    ["[NaN]", "[]", "null", '["a"]', f"[{', '.join(['1e39'] * 72)}]", "[1" + ",0" * 5000 + "]"],
)
def test_what_is_no_vector_is_refused(
    client: TestClient, appliance: Appliance, vector: str
) -> None:
    appliance.add(b"one.flac", 440.0)
    response = client.post(
        "/api/v1/search/vector",
        content=f'{{"vector": {vector}}}',
        headers={"Content-Type": "application/json"},
    )
    assert response.status_code == 422
    assert response.json()["remedy"]
