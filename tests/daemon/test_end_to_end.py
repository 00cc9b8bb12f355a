"""The main job, whole: files dropped in are heard, found by a sentence and streamed."""

import json
import signal
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.house import DaemonHouse, wait_for
from tests.pieces import DRUMS_FROM_S, DRUMS_TO_S, PIECES, heard_house, section
from traumbox.synth.files import write_piece
from traumbox.synth.mix import Room, perform

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaemonHouse]:
    """A daemon that had no music when it started; the files came while it ran."""
    with heard_house(tmp_path_factory.mktemp("house")) as house:
        yield house


def test_each_format_is_indexed(house: DaemonHouse) -> None:
    assert {item["path"]: item["state"] for item in house.files()} == dict.fromkeys(
        PIECES, "indexed"
    )


def test_a_sentence_finds_the_file_and_the_passage(house: DaemonHouse) -> None:
    best = house.search("drums")[0]
    assert best["track"]["path"] == "night/piano then drums.flac"
    assert best["track"]["title"] == "Piano Then Drums"
    assert DRUMS_FROM_S <= best["start_s"] < DRUMS_TO_S
    piano = house.search("calm piano")[0]
    assert piano["track"]["path"] == "night/piano then drums.flac"
    assert piano["start_s"] < DRUMS_FROM_S


def test_a_word_for_a_tempo_leaves_out_only_what_is_known_to_have_another(
    house: DaemonHouse,
) -> None:
    told = {hit["track"]["path"]: hit["track"]["bpm"] for hit in house.search("slow")}
    assert {"pad.ogg", "organ.m4a"} <= told.keys(), "no beat, no tempo"
    assert "night/piano then drums.flac" not in told, "its drums say 130"


def test_a_hit_streams_by_range(house: DaemonHouse) -> None:
    for name in PIECES:
        original = (house.music / name).read_bytes()
        track = next(item for item in house.files() if item["path"] == name)
        status, body, headers = house.get(f"/stream/{track['id']}", {"Range": "bytes=1000-1999"})
        assert status == 206
        assert headers["content-range"] == f"bytes 1000-1999/{len(original)}"
        assert body == original[1000:2000]


def test_similar_leaves_the_track_itself_out(house: DaemonHouse) -> None:
    track = house.search("drums")[0]["track"]["id"]
    hits = house.json(f"/api/v1/similar/{track}")["hits"]
    assert len(hits) == len(PIECES) - 1
    assert track not in {hit["track"]["id"] for hit in hits}


def test_the_command_line_asks_the_running_daemon(house: DaemonHouse) -> None:
    found = subprocess.run(
        house.command("search", "drums", "--limit", "1", "--json"),
        capture_output=True,
        check=True,
        timeout=60,
    )
    answer = json.loads(found.stdout)
    assert answer["hits"][0]["track"]["path"] == "night/piano then drums.flac"
    status = subprocess.run(
        house.command("status", "--json"), capture_output=True, check=True, timeout=60
    )
    assert json.loads(status.stdout)["index"]["indexed"] == len(PIECES)


def test_a_search_by_sound_finds_its_like(house: DaemonHouse, tmp_path: Path) -> None:
    probe = tmp_path / "probe.wav"
    sound = perform((section(12, "rock:drums", tempo_bpm=120),), np.random.default_rng(9), Room())
    write_piece(probe, sound)
    found = subprocess.run(
        house.command("search", "--like", str(probe), "--limit", "1", "--json"),
        capture_output=True,
        check=True,
        timeout=120,
    )
    best = json.loads(found.stdout)["hits"][0]
    assert best["track"]["path"] == "night/piano then drums.flac"
    assert best["start_s"] >= DRUMS_FROM_S


def posted(house: DaemonHouse, path: str, body: bytes, kind: str) -> tuple[int, Any]:
    request = urllib.request.Request(  # noqa: S310 - loopback
        house.url + path, data=body, headers={"Content-Type": kind}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def test_an_uploaded_sound_finds_itself_and_leaves_nothing_behind(house: DaemonHouse) -> None:
    before = house.counts()
    for name, kind in (("bells.mp3", "audio/mpeg"), ("organ.m4a", "video/mp4")):
        body = (house.music / name).read_bytes()
        status, answer = posted(house, "/api/v1/search/sound?limit=1", body, kind)
        assert status == 200, answer
        assert [hit["track"]["path"] for hit in answer["hits"]] == [name]
    status, problem = posted(house, "/api/v1/search/sound", b"no sound " * 999, "audio/mpeg")
    assert (status, problem["title"]) == (422, "Can't be heard")
    assert house.counts() == before
    assert list((house.data / "tmp").iterdir()) == []
    assert len(house.listener_pids()) == 1


def test_it_finds_out_what_the_library_holds(house: DaemonHouse) -> None:
    wait_for((house.data / "probes" / "starters.json").exists, "what the library holds", 90)
    starters = house.json("/api/v1/starters")["starters"]
    assert 1 <= len(starters) <= 6
    for phrase in starters:
        answer = house.json(f"/api/v1/search?{urllib.parse.urlencode({'q': phrase})}")
        assert not answer["nothing_fits"], phrase


def test_walks_lead_through_the_library(house: DaemonHouse) -> None:
    ids = {item["path"]: item["id"] for item in house.files()}
    start, end = ids["bells.mp3"], ids["organ.m4a"]
    radio = house.json(f"/api/v1/radio?seed={start}&count=9")
    assert {hit["track"]["id"] for hit in radio["hits"]} == set(ids.values()) - {start}
    assert radio["ended"]
    way = house.json(f"/api/v1/journey?from={start}&to={end}&length=3")["hits"]
    assert [way[0]["track"]["id"], way[-1]["track"]["id"], len(way)] == [start, end, 3]


def test_what_was_played_can_be_asked_for(house: DaemonHouse) -> None:
    track = next(item["id"] for item in house.files() if item["path"] == "pad.ogg")
    body = json.dumps({"seconds": 30}).encode()
    path = f"/api/v1/audio/files/{track}/played"
    assert posted(house, path, body, "application/json")[0] == 200
    found = house.json("/api/v1/search?filter=played:ever")["hits"]
    assert [hit["track"]["path"] for hit in found] == ["pad.ogg"]


def test_a_second_daemon_is_refused_with_the_first_one_s_pid(house: DaemonHouse) -> None:
    assert house.process is not None
    second = subprocess.run(
        house.command("run"), check=False, capture_output=True, text=True, timeout=60
    )
    assert second.returncode == 1
    assert str(house.process.pid) in second.stderr
    assert "Traceback" not in second.stderr


def test_a_rename_keeps_id_and_sound(house: DaemonHouse) -> None:
    before = next(item for item in house.files() if item["path"] == "bells.mp3")
    (house.music / "bells.mp3").rename(house.music / "night" / "chimes.mp3")

    def moved() -> bool:
        return any(
            i["path"] == "night/chimes.mp3" and i["id"] == before["id"] and i["state"] == "indexed"
            for i in house.files()
        )

    wait_for(moved, "the renamed file under its old id", 30)
    (house.music / "night" / "chimes.mp3").rename(house.music / "bells.mp3")
    wait_for(lambda: any(i["path"] == "bells.mp3" for i in house.files()), "its way back", 30)


def test_sigterm_ends_it_in_time_with_a_stream_open(tmp_path: Path) -> None:
    house = DaemonHouse(tmp_path)
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 0.2, (240 * 48_000, 2)).astype(np.float32)
    write_piece(house.music / "long.wav", noise)  # more than any socket buffer holds
    with house:
        house.wait_until_heard(1)
        track = house.files()[0]["id"]
        address = urllib.parse.urlsplit(house.url)
        with socket.create_connection((address.hostname, address.port)) as listener:
            request = f"GET /stream/{track} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n"
            listener.sendall(request.encode())
            assert listener.recv(4096).startswith(b"HTTP/1.1 200")
            assert house.stop() < 5.0
        assert house.process is not None
        assert house.process.returncode == 0
        assert not (house.data / "address").exists()


def test_sighup_takes_a_new_folder_without_a_restart(tmp_path: Path) -> None:
    house = DaemonHouse(tmp_path)
    more = tmp_path / "more"
    more.mkdir()
    write_piece(more / "bells.flac", perform(PIECES["bells.mp3"], np.random.default_rng(3), Room()))
    with house:
        text = house.config.read_text()
        house.config.write_text(text.replace("web:", f"  - path: {more}\n    name: More\nweb:"))
        assert house.process is not None
        house.process.send_signal(signal.SIGHUP)
        house.wait_until_heard(1)
        assert house.files()[0]["folder"] == "More"


def test_the_service_answers_health_and_docs_without_the_outside(house: DaemonHouse) -> None:
    assert house.json("/api/v1/health")
    assert house.get("/api/v1/health/ready")[0] == 200
    status, page, _ = house.get("/docs")
    assert status == 200
    assert b"http://" not in page.replace(house.url.encode(), b"")
    assert b"https://" not in page
