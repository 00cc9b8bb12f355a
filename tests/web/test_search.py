import base64

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.fakes import ToneEmbedder
from tests.web.appliance import FLAC, JPEG, Appliance, tone
from tests.web.asking import encodable
from traumbox.domain import HEAT, PEAKS, Heard, Tags
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
        "like": [],
        "unlike": [],
        "filters": [],
        "kinds": [],
        "limit": 2,
        "understood": {
            "text": "880 Hz",
            "sound": "880 Hz",
            "names": "880 Hz",
            "starts": False,
            "chips": [],
            "note": "",
        },
    }
    assert (answer["meant"], answer["left_by"], answer["nothing_fits"]) == ("", [], False)
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
        "bpm_other": None,
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
        assert answer["query"]["like"] == [one]


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
    alike = client.post("/api/v1/search/vector", json={"vectors": [vector]}).json()["hits"]
    assert [one["track"]["offline"] for one in alike] == [True]
    assert client.get(f"/stream/{track_id}").status_code == 503


def test_a_sound_from_outside_finds_its_like(client: TestClient, appliance: Appliance) -> None:
    appliance.add(b"low.flac", 220.0)
    wanted = appliance.add(b"high.flac", 880.0)
    vector = ToneEmbedder().embed_text(["880 Hz"])[0].tolist()
    answer = client.post("/api/v1/search/vector", json={"vectors": [vector], "limit": 1}).json()
    assert [hit["track"]["id"] for hit in answer["hits"]] == [wanted]
    refused = client.post("/api/v1/search/vector", json={"vectors": [vector, vector[1:]]})
    assert refused.status_code == 422
    assert "Embed" in refused.json()["remedy"]


def test_a_sound_heard_with_another_model_is_refused_even_in_the_same_dimension(
    client: TestClient,
) -> None:
    vector = ToneEmbedder().embed_text(["880 Hz"])[0].tolist()
    ours = client.post("/api/v1/search/vector", json={"vectors": [vector], "model": "tones"})
    assert ours.status_code == 200
    foreign = client.post("/api/v1/search/vector", json={"vectors": [vector], "model": "clap-1"})
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
    [
        "[[NaN]]",
        "[[]]",
        "[]",
        "null",
        '[["a"]]',
        f"[[{', '.join(['1e39'] * 72)}]]",
        "[[1" + ",0" * 5000 + "]]",
        "[[0.5]" + ",[0.5]" * 1000 + "]",
    ],
)
def test_what_is_no_vector_is_refused(
    client: TestClient, appliance: Appliance, vector: str
) -> None:
    appliance.add(b"one.flac", 440.0)
    response = client.post(
        "/api/v1/search/vector",
        content=f'{{"vectors": {vector}}}',
        headers={"Content-Type": "application/json"},
    )
    assert response.status_code == 422
    assert response.json()["remedy"]


def titles(client: TestClient, **parameters: object) -> list[str]:
    answer = client.get("/api/v1/search", params=parameters)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return [hit["track"]["title"] for hit in answer.json()["hits"]]


def test_likeness_to_several_tracks_and_unlike_others(
    client: TestClient, appliance: Appliance
) -> None:
    low, high = appliance.add(b"low.flac", 220.0), appliance.add(b"high.flac", 880.0)
    appliance.add(b"both.flac", 220.0, 880.0)
    appliance.add(b"one.flac", 220.0, 1760.0)
    appliance.add(b"none.flac", 3520.0)
    assert titles(client, like=[low, high])[0] == "both"
    assert titles(client, like=[low, high], limit=1) == ["both"]
    asked = client.get("/api/v1/search", params={"like": [low, high], "unlike": low}).json()
    assert (asked["query"]["like"], asked["query"]["unlike"]) == ([low, high], [low])
    assert "low" not in [hit["track"]["title"] for hit in asked["hits"]]
    assert client.get(f"/api/v1/search?like={low}&unlike=nobody").status_code == 404
    assert client.get("/api/v1/search?unlike=nobody&q=220 Hz").status_code == 404


def test_a_sentence_and_a_track_together(client: TestClient, appliance: Appliance) -> None:
    seed = appliance.add(b"seed.flac", 220.0, 440.0)
    appliance.add(b"like it.flac", 220.0, 440.0)
    appliance.add(b"like it and fits.flac", 220.0, 440.0, 880.0)
    found = titles(client, like=seed, q="880 Hz")
    assert found[0] == "like it and fits"
    assert "seed" not in found


def test_filters_are_met_and_told(client: TestClient, appliance: Appliance) -> None:
    appliance.add(b"jazz.flac", 440.0, tags=Tags(genre="Jazz", year=1959))
    appliance.add(b"rock.flac", 440.0, tags=Tags(genre="Rock", year=1984))
    assert titles(client, q="440 Hz", filter="genre:jazz") == ["jazz"]
    assert titles(client, q="440 Hz", filter="-genre:jazz") == ["rock"]
    assert titles(client, filter=["year:..1970", "genre:jazz,rock"]) == ["jazz"]
    answer = client.get("/api/v1/search", params={"filter": ["year:..1970", "genre:rock"]}).json()
    assert answer["hits"] == []
    assert answer["left_by"] == [
        {"filter": "year:..1970", "tracks": 1},
        {"filter": "genre:rock", "tracks": 1},
    ]
    assert answer["query"]["filters"] == ["year:..1970", "genre:rock"]
    only = client.get("/api/v1/search", params={"filter": "genre:rock"}).json()["hits"]
    assert [hit["why"] for hit in only] == [["filter"]]


@pytest.mark.parametrize(
    "filter_", ["tempo:5", "bpm:fast", "bpm:nan", "bpm:1..inf", "genre:", "", ":", "-", "bpm:.."]
)
def test_what_is_no_filter_is_refused_in_words(client: TestClient, filter_: str) -> None:
    answer = client.get("/api/v1/search", params={"q": "a", "filter": filter_})
    assert (answer.status_code, answer.json()["title"]) == (422, "No filter")
    assert "filter=bpm" in answer.json()["remedy"]


def test_what_was_understood_can_be_taken_back(client: TestClient, appliance: Appliance) -> None:
    appliance.add(b"old.flac", 440.0, tags=Tags(year=1959))
    appliance.add(b"new.flac", 440.0, tags=Tags(year=1984))
    query = {"q": "440 Hz from the 80s"}
    answer = client.get("/api/v1/search", params=query).json()
    (chip,) = answer["query"]["understood"]["chips"]
    assert chip == {
        "id": "year:1980..1989",
        "words": "from the 80s",
        "filter": "year:1980..1989",
        "without": "",
    }
    assert [hit["track"]["title"] for hit in answer["hits"]] == ["new"]
    again = client.get("/api/v1/search", params={**query, "taken_back": chip["id"]}).json()
    assert again["query"]["understood"]["chips"] == []
    assert len(again["hits"]) == 2


def test_one_recording_is_one_hit_with_its_copies(client: TestClient, appliance: Appliance) -> None:
    one = appliance.add(b"a/song.flac", 440.0)
    row = appliance.row(one)
    copy = appliance.drop(appliance.write(b"b/song.wav", np.stack([tone(440.0)])))
    heard = Heard(row.audio_id or "", 10.0, FLAC)
    appliance.ledger.mark_indexed([(copy, appliance.row(copy).stat, heard, "")], 0.0)
    (hit,) = client.get("/api/v1/search", params={"q": "440 Hz"}).json()["hits"]
    assert [hit["track"]["id"], *(one["id"] for one in hit["copies"])] == [one, copy]


def test_a_name_goes_first_and_says_why(client: TestClient, appliance: Appliance) -> None:
    appliance.add(b"a.flac", 440.0, tags=Tags(artist="Miles Davis", title="So What"))
    appliance.add(b"b.flac", 440.0, tags=Tags(artist="Somebody", title="Other"))
    first = client.get("/api/v1/search", params={"q": "miles davis"}).json()["hits"][0]
    assert (first["track"]["artist"], first["why"][0]) == ("Miles Davis", "name")


ANY = st.text(st.characters(), max_size=80)
SYNTAX = st.sampled_from(
    ["' OR 1=1 --", '"; DROP TABLE files; --', "bpm:", "NEAR(a b)", "-", "*", "^a", "a AND (", "%_"]
)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=ANY | SYNTAX,
    filters=st.lists(ANY | SYNTAX, max_size=3),
    ids=st.lists(ANY | SYNTAX, max_size=3),
)
def test_whatever_is_asked_is_answered_or_refused(
    client: TestClient, text: str, filters: list[str], ids: list[str]
) -> None:
    for parameters in (
        {"q": text},
        {"q": text, "filter": filters, "taken_back": ids},
        {"q": text, "like": ids, "unlike": ids},
    ):
        response = client.get("/api/v1/search", params=encodable(parameters))
        assert response.status_code in {200, 404, 422}, response.text


def test_ten_thousand_words_are_answered(client: TestClient, appliance: Appliance) -> None:
    appliance.add(b"one.flac", 440.0)
    answer = client.get("/api/v1/search", params={"q": "without drums 80s " * 2_500})
    assert answer.status_code == 200
    many = [f"bpm:{number}.." for number in range(1_000)]
    assert client.get("/api/v1/search", params={"filter": many}).status_code == 200
