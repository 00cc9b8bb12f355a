import io
import os
from dataclasses import replace
from email.utils import formatdate

import numpy as np
import pytest
import soundfile
from starlette.testclient import TestClient

from tests.web.appliance import FLAC, NOW_S, RATE_HZ, Appliance, tone
from traumbox.domain import Changes, Cut, FileStat, Heard, Location, Media, Tags
from traumbox.web.api.stream import disposition

ALAC = Media("mp4", "alac", RATE_HZ, 1)
"""What no browser plays; the file itself may be anything that can be decoded."""


@pytest.fixture
def track(appliance: Appliance) -> str:
    return appliance.add(b"a b/T\xc3\xb6ne.flac", 440.0)


@pytest.fixture
def content(appliance: Appliance, track: str) -> bytes:
    return appliance.path(track).read_bytes()


def test_the_whole_file(client: TestClient, track: str, content: bytes) -> None:
    response = client.get(f"/stream/{track}")
    assert (response.status_code, response.content) == (200, content)
    assert response.headers["content-type"] == "audio/flac"
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers["content-length"] == str(len(content))
    assert response.headers["content-disposition"].startswith("inline;")


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=100-299", slice(100, 300)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-100", slice(-100, None)),
        ("bytes=-99999999999", slice(0, None)),
        ("bytes=10-99999999999", slice(10, None)),
        ("BYTES = 5 - 6", slice(5, 7)),
    ],
)
def test_a_part_of_it(
    client: TestClient, track: str, content: bytes, asked: str, wanted: slice
) -> None:
    start, stop, _ = wanted.indices(len(content))
    response = client.get(f"/stream/{track}", headers={"Range": asked})
    assert response.status_code == 206
    assert response.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(content)}"
    assert response.content == content[wanted]


@pytest.mark.parametrize(
    "asked",
    ["bytes=5-4", "bytes=-", "bytes", "lines=0-9", "bytes=0-1,5-6", "bytes=a-b", "bytes=²-"],
)
def test_what_is_no_single_range_gets_everything(
    client: TestClient, track: str, content: bytes, asked: str
) -> None:
    response = client.get(f"/stream/{track}", headers={"Range": asked.encode()})
    assert (response.status_code, response.content) == (200, content)


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_range_behind_the_end(client: TestClient, track: str, content: bytes, asked: str) -> None:
    response = client.get(f"/stream/{track}", headers={"Range": asked})
    assert response.status_code == 416
    assert response.headers["content-range"] == f"bytes */{len(content)}"


def test_head_tells_without_sending(client: TestClient, track: str, content: bytes) -> None:
    response = client.head(f"/stream/{track}", headers={"Range": "bytes=2-5"})
    assert (response.status_code, response.content) == (206, b"")
    assert response.headers["content-length"] == "4"


def test_what_the_browser_has_is_not_sent_again(
    client: TestClient, appliance: Appliance, track: str
) -> None:
    first = client.get(f"/stream/{track}")
    tag = first.headers["etag"]
    assert client.get(f"/stream/{track}", headers={"If-None-Match": tag}).status_code == 304
    part = {"Range": "bytes=0-9"}
    for valid in (tag, first.headers["last-modified"]):
        same = client.get(f"/stream/{track}", headers={**part, "If-Range": valid})
        assert same.status_code == 206
    os.utime(appliance.path(track), (1e9, 1e9))
    changed = client.get(f"/stream/{track}", headers={**part, "If-Range": tag})
    assert changed.status_code == 200, "a part of the new version would not fit the old part"
    assert changed.headers["last-modified"] == formatdate(1e9, usegmt=True)


@pytest.mark.parametrize("query", ["", "?as=wav"])
def test_what_browsers_cannot_play_comes_as_wav(
    client: TestClient, appliance: Appliance, query: str
) -> None:
    track = appliance.add(
        b"x.m4a", 440.0, 880.0, media=ALAC if not query else Media("flac", "flac", RATE_HZ, 1)
    )
    response = client.get(f"/stream/{track}{query}")
    assert response.headers["content-type"] == "audio/wav"
    samples, rate_hz = soundfile.read(io.BytesIO(response.content), dtype="float32")
    assert (rate_hz, len(samples)) == (RATE_HZ, 20 * RATE_HZ)
    assert np.abs(samples[: len(tone(440.0))] - tone(440.0)).max() < 1e-3
    part = client.get(
        f"/stream/{track}{query}", headers={"Range": f"bytes={44 + 2 * 10 * RATE_HZ}-"}
    )
    assert part.status_code == 206
    heard = np.frombuffer(part.content, np.int16) / 32768
    assert np.abs(heard - tone(880.0)).max() < 1e-3
    plain = client.get(f"/stream/{track}?download=1")
    assert plain.headers["etag"] != response.headers["etag"], "a part of one fits not the other"
    assert plain.content == appliance.path(track).read_bytes(), "a download is the file itself"


def test_an_offline_folder_is_named(client: TestClient, appliance: Appliance, track: str) -> None:
    appliance.online = False
    response = client.get(f"/stream/{track}")
    assert response.status_code == 503
    assert response.json()["detail"] == "The folder 'Music' is offline: its disk isn't there."
    assert "plays again without a new scan" in response.json()["remedy"]
    appliance.folders.views[0] = replace(appliance.folders.views[0], remedy="Plug it in.")
    assert client.get(f"/stream/{track}").json()["remedy"] == "Plug it in."


def test_a_folder_that_has_just_gone_is_offline_before_the_next_look(
    client: TestClient, appliance: Appliance, track: str
) -> None:
    away = appliance.music.rename(appliance.directory / "away")
    response = client.get(f"/stream/{track}")
    assert (response.status_code, response.json()["title"]) == (503, "Folder offline")
    assert f"{appliance.music} can't be read (No such file" in response.json()["detail"]
    appliance.music.mkdir()
    response = client.get(f"/stream/{track}")
    assert (response.status_code, response.json()["title"]) == (503, "Folder offline")
    assert "is its disk mounted?" in response.json()["detail"]
    appliance.music.rmdir()
    away.rename(appliance.music)
    assert client.get(f"/stream/{track}").status_code == 200


def test_a_file_that_went_is_not_found(
    client: TestClient, appliance: Appliance, track: str
) -> None:
    appliance.path(track).unlink()
    response = client.get(f"/stream/{track}")
    assert response.status_code == 404
    assert "Töne.flac" in response.json()["detail"]
    appliance.path(track).mkdir()
    assert client.get(f"/stream/{track}").status_code == 503


def test_a_pipe_in_a_files_place_is_not_waited_for(
    client: TestClient, appliance: Appliance, track: str
) -> None:
    appliance.path(track).unlink()
    os.mkfifo(appliance.path(track))
    assert client.get(f"/stream/{track}").status_code == 503


def test_a_damaged_file_is_said_to_be_so(client: TestClient, appliance: Appliance) -> None:
    track = appliance.add(b"x.m4a", 440.0, media=ALAC)
    appliance.path(track).write_bytes(b"not music at all" * 1000)
    response = client.get(f"/stream/{track}")
    assert response.status_code == 422
    assert "x.m4a" in response.json()["detail"]


def test_a_link_out_of_the_folder_is_not_followed(
    client: TestClient, appliance: Appliance, track: str
) -> None:
    appliance.path(track).unlink()
    appliance.path(track).symlink_to(appliance.directory / "traumbox.db")
    response = client.get(f"/stream/{track}")
    assert response.status_code == 404
    assert b"SQLite" not in response.content


def test_a_file_that_waits_is_not_played(client: TestClient, appliance: Appliance) -> None:
    track = appliance.drop(appliance.write(b"new.flac", tone(220.0)))
    response = client.get(f"/stream/{track}")
    assert (response.status_code, response.json()["title"]) == (404, "Not heard yet")


@pytest.mark.parametrize(
    "address",
    [
        "/stream/..%2f..%2f..%2fetc%2fpasswd",
        "/stream/%2e%2e/%2e%2e/etc/passwd",
        "/stream/....//etc/passwd",
        "/stream/%00",
        "/stream/",
        "/stream/" + "a" * 5_000,
        "/stream/' OR 1=1 --",
    ],
)
def test_paths_in_place_of_ids_lead_nowhere(client: TestClient, track: str, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert b"root:" not in response.content


def test_a_hostile_name_stays_within_its_header(client: TestClient, appliance: Appliance) -> None:
    name = b'a"; filename=evil.exe\r\nSet-Cookie: x=1\r\n\r\n<script>\xff.flac'
    track = appliance.add(name, 440.0, tags=Tags(title="plain"))
    response = client.get(f"/stream/{track}?download=1")
    assert response.status_code == 200
    assert "set-cookie" not in response.headers
    said = response.headers["content-disposition"]
    assert said.startswith('attachment; filename="a__ filename_evil.exe  Set-Cookie_ x_1 ')
    assert said.count('"') == 2
    assert "\r" not in said
    assert "\n" not in said


def test_a_name_in_any_script_survives_saving() -> None:
    said = disposition("Für Elise – 夢.flac", download=True)
    assert said == (
        'attachment; filename="F_r Elise _ _.flac"; '
        "filename*=UTF-8''F%C3%BCr%20Elise%20%E2%80%93%20%E5%A4%A2.flac"
    )


# Tracks of an album in one piece


PIECE_S = 10.0


def part_of_album(appliance: Appliance, number: int, title: str = "Zwei/Drei") -> str:
    """Have an album of three tones heard, and one of its parts; return the id of that."""
    whole = Location("Music", b"album.flac")
    if not appliance.folder.path_of(whole).exists():
        appliance.write(whole.path, np.stack([tone(hz) for hz in (220.0, 440.0, 880.0)]))
    end_s = PIECE_S * number if number < 3 else None
    tags = Tags(title=title, track_no=number)
    cut = Cut(PIECE_S * (number - 1), end_s, tags)
    on_disk = appliance.folder.path_of(whole).stat()
    stat = FileStat(on_disk.st_size, on_disk.st_mtime_ns, on_disk.st_ino, cut)
    location = Location(whole.folder, whole.path, number)
    appliance.ledger.apply(Changes(new={location: stat}), NOW_S)
    track_id = appliance.ledger.known()[location].track_id
    heard = Heard(f"sound-of-{track_id}", PIECE_S, FLAC, tags)
    appliance.ledger.mark_indexed([(track_id, stat, heard, "")], NOW_S)
    return track_id


@pytest.mark.parametrize(("number", "hz"), [(1, 220.0), (2, 440.0), (3, 880.0)])
def test_a_part_is_played_alone(
    client: TestClient, appliance: Appliance, number: int, hz: float
) -> None:
    track = part_of_album(appliance, number)
    response = client.get(f"/stream/{track}")
    assert (response.status_code, response.headers["content-type"]) == (200, "audio/wav")
    samples, rate_hz = soundfile.read(io.BytesIO(response.content), dtype="float32")
    assert (rate_hz, len(samples)) == (RATE_HZ, PIECE_S * RATE_HZ)
    assert np.abs(samples - tone(hz)).max() < 1e-3
    at = 44 + 2 * 3 * RATE_HZ
    part = client.get(f"/stream/{track}", headers={"Range": f"bytes={at}-{at + 999}"})
    assert part.status_code == 206
    assert part.content == response.content[at : at + 1000]


def test_a_part_is_saved_as_a_file_of_its_own(client: TestClient, appliance: Appliance) -> None:
    track = part_of_album(appliance, 2)
    response = client.get(f"/stream/{track}?download=1")
    assert response.headers["content-disposition"].startswith(
        'attachment; filename="02 Zwei-Drei.wav"'
    )
    assert len(response.content) == 44 + 2 * PIECE_S * RATE_HZ
    untitled = part_of_album(appliance, 3, title="")
    said = client.get(f"/stream/{untitled}?download=1").headers["content-disposition"]
    assert 'filename="03.wav"' in said


def test_what_a_browser_has_of_one_part_fits_no_other(
    client: TestClient, appliance: Appliance
) -> None:
    tags = {client.head(f"/stream/{part_of_album(appliance, n)}").headers["etag"] for n in (1, 2)}
    assert len(tags) == 2
