import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from tests.web.appliance import NOW_S, Appliance
from traumbox.domain import Held, Removal
from traumbox.errors import ConfigError, StoreError
from traumbox.web.services import FolderView

HELD = Held(412, 1203, 400, NOW_S, ("a/b\x1b.flac", "c.flac"))


def test_all_about_folders(client: TestClient, appliance: Appliance) -> None:
    appliance.folders.views = [
        FolderView(
            name="Music",
            path="/mnt/nas",
            online=False,
            note="its share isn't mounted\x1b",
            remedy="Mount it.",
            colour="#4fa3d1",
            kind="audiobook",
            priority="first",
            include=("*.flac",),
            exclude=("Karaoke/",),
            mode="partial",
            mode_note="it lies on a network share (nfs4)",
            mode_remedy="sudo sysctl",
            files=10,
            indexed=4,
            pending=3,
            failed=2,
            excluded=1,
            missing=7,
            unreadable=5,
            looked=False,
            last_scan_s=NOW_S,
            next_scan_s=NOW_S + 600,
            held=HELD,
        ),
        FolderView("New", "/srv/new", online=True),
    ]
    appliance.folders.lately = [Removal("Music", NOW_S, NOW_S + 30 * 86_400, 2, ("x\n.flac",))]
    document = client.get("/api/v1/folders").json()
    assert document["version"] == 1
    assert document["folders"] == [
        {
            "name": "Music",
            "path": "/mnt/nas",
            "online": False,
            "note": "its share isn't mounted ",
            "remedy": "Mount it.",
            "colour": "#4fa3d1",
            "kind": "audiobook",
            "priority": "first",
            "include": ["*.flac"],
            "exclude": ["Karaoke/"],
            "watch": {
                "mode": "partial",
                "note": "it lies on a network share (nfs4)",
                "remedy": "sudo sysctl",
            },
            "counts": {
                "files": 10,
                "indexed": 4,
                "pending": 3,
                "failed": 2,
                "excluded": 1,
                "missing": 7,
            },
            "unreadable": 5,
            "looked": False,
            "last_scan_s": NOW_S,
            "next_scan_s": NOW_S + 600,
            "held": {
                "count": 412,
                "total": 1203,
                "gone": 400,
                "since_s": NOW_S,
                "examples": ["a/b .flac", "c.flac"],
            },
        },
        {
            "name": "New",
            "path": "/srv/new",
            "online": True,
            "note": "",
            "remedy": "",
            "colour": "",
            "kind": "auto",
            "priority": "normal",
            "include": [],
            "exclude": [],
            "watch": {"mode": "polled", "note": "", "remedy": ""},
            "counts": dict.fromkeys(
                ("files", "indexed", "pending", "failed", "excluded", "missing"), 0
            ),
            "unreadable": 0,
            "looked": True,
            "last_scan_s": None,
            "next_scan_s": None,
            "held": None,
        },
    ]
    assert document["removals"] == [
        {
            "folder": "Music",
            "since_s": NOW_S,
            "until_s": NOW_S + 30 * 86_400,
            "count": 2,
            "examples": ["x .flac"],
        }
    ]
    assert client.get("/api/v1/status").json()["folders"] == document["folders"]


def test_adding_a_folder(client: TestClient, appliance: Appliance, tmp_path: Path) -> None:
    books = tmp_path / "Bücher"
    books.mkdir()
    order = {"path": str(books), "kind": "audiobook", "exclude": ["*.m3u", "raw/"]}
    response = client.post("/api/v1/folders", json=order)
    assert response.status_code == 201
    folder = response.json()["folder"]
    assert (folder["name"], folder["path"], folder["kind"]) == ("Bücher", str(books), "audiobook")
    assert folder["exclude"] == ["*.m3u", "raw/"]
    assert appliance.asked == [f"add {books}"]
    again = client.post("/api/v1/folders", json=order)
    assert again.status_code == 422
    assert "is watched already" in again.json()["detail"]


def test_nothing_is_learned_of_what_cannot_be_watched(
    client: TestClient, appliance: Appliance, tmp_path: Path
) -> None:
    (tmp_path / "file.flac").touch()
    told = set()
    for path in (
        str(tmp_path / "absent"),
        str(tmp_path / "file.flac"),
        str(tmp_path / "file.flac" / "below"),
        "/srv/" + "x" * 300,
    ):
        response = client.post("/api/v1/folders", json={"path": path})
        assert response.status_code == 422
        problem = response.json()
        told.add((problem.pop("detail").replace(path, ""), *problem.values()))
    assert len(told) == 1
    assert "no folder there that traumbox may read" in str(told)
    assert appliance.asked == []


@pytest.mark.parametrize("path", ["music", "~", "/\0", "/srv/\ud83d", "/etc", "/proc/1", "/"])
def test_other_paths_are_refused_with_what_to_do(
    client: TestClient, appliance: Appliance, path: str
) -> None:
    # As programs may send it; the client's own encoder refuses half characters.
    response = client.post(
        "/api/v1/folders",
        content=json.dumps({"path": path}),
        headers={"Content-Type": "application/json"},
    )
    assert response.status_code == 422
    assert response.json()["remedy"]
    assert appliance.asked == []


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"path": ""},
        {"path": 7},
        {"path": "/" + "x" * 5000},
        {"path": "/srv", "color": "red"},
        {"path": "/srv", "name": "x" * 81},
        {"path": "/srv", "exclude": ["x"] * 201},
        {"path": "/srv", "exclude": "*.m3u"},
        [],
    ],
)
def test_an_order_that_is_none_is_refused(
    client: TestClient, appliance: Appliance, order: object
) -> None:
    assert client.post("/api/v1/folders", json=order).status_code == 422
    assert appliance.asked == []


def test_changing_a_folder(client: TestClient, appliance: Appliance) -> None:
    order = {"name": "Musik", "colour": "#ff0000", "priority": "last", "include": ["*.flac"]}
    changed = client.patch("/api/v1/folders/Music", json=order)
    assert changed.status_code == 200
    assert changed.json()["folder"].items() >= order.items()
    assert client.get("/api/v1/folders").json()["folders"] == [changed.json()["folder"]]
    client.patch("/api/v1/folders/Musik", json={"exclude": ["x/"]})
    for key in ("include", "exclude"):
        emptied = client.patch("/api/v1/folders/Musik", json={key: []}).json()["folder"]
        assert (emptied[key], emptied["priority"]) == ([], "last")
    assert client.patch("/api/v1/folders/Musik", json={"path": "/srv"}).status_code == 422


def test_removing_a_folder(client: TestClient, appliance: Appliance) -> None:
    response = client.delete("/api/v1/folders/Music")
    assert response.status_code == 200
    assert "no longer watched" in response.json()["message"]
    assert client.get("/api/v1/folders").json()["folders"] == []


def test_a_held_removal_is_confirmed_once(client: TestClient, appliance: Appliance) -> None:
    nothing = client.post("/api/v1/folders/Music/confirm")
    assert (nothing.status_code, nothing.json()["title"]) == (409, "Nothing to confirm")
    assert appliance.asked == []
    appliance.folders.put("Music", replace(appliance.folders.views[0], held=HELD))
    done = client.post("/api/v1/folders/Music/confirm")
    assert done.status_code == 202
    assert done.json()["count"] == 412
    assert done.json()["message"].startswith("412 tracks of “Music” taken out.")
    assert client.post("/api/v1/folders/Music/confirm").status_code == 409


def test_what_is_missing_is_forgotten(client: TestClient, appliance: Appliance) -> None:
    appliance.folders.put("Music", replace(appliance.folders.views[0], missing=1))
    done = client.post("/api/v1/folders/Music/forget")
    assert (done.status_code, done.json()["count"]) == (202, 1)
    assert done.json()["message"] == "1 track of “Music” forgotten."


@pytest.mark.parametrize(
    "name", ["Music", "Müll & Höhe", "日本 #1?", "50 % +", "a\u0308", "…;='\""]
)
def test_any_printable_name_is_reached(client: TestClient, appliance: Appliance, name: str) -> None:
    appliance.folders.put("Music", replace(appliance.folders.views[0], name=name))
    assert client.post(f"/api/v1/folders/{quote(name, safe='')}/scan").status_code == 202
    assert appliance.asked == [f"scan {name}"]


@pytest.mark.parametrize(
    "name", ["music", "Music ", "%00", "%ff", "%F0%9F%8E%B9", "..%2f..", "a%0Ab"]
)
def test_an_unknown_folder_is_not_found(
    client: TestClient, appliance: Appliance, name: str
) -> None:
    for method, rest in (
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/scan"),
        ("POST", "/confirm"),
        ("POST", "/forget"),
    ):
        body = {"name": "x"} if method == "PATCH" else None
        response = client.request(method, f"/api/v1/folders/{name}{rest}", json=body)
        assert response.status_code == 404
        assert response.json()["remedy"]
    assert appliance.asked == []


def test_a_refusal_comes_with_what_to_do_and_lines_to_copy(
    client: TestClient, appliance: Appliance
) -> None:
    appliance.folders.refusal = ConfigError(
        "/etc/t.yaml: can't be changed (read-only). Add these lines by hand:\n"
        "folders:\n  - path: /srv/x. y"
    )
    response = client.patch("/api/v1/folders/Music", json={"name": "x"})
    assert response.status_code == 422
    problem = response.json()
    assert problem["title"] == "Not with this configuration"
    assert problem["detail"] == "/etc/t.yaml: can't be changed (read-only)."
    assert problem["remedy"] == "Add these lines by hand:\nfolders:\n  - path: /srv/x. y"


def test_a_broken_store_is_no_mistake_of_the_asker(
    client: TestClient, appliance: Appliance
) -> None:
    appliance.folders.refusal = StoreError("The ledger can't be written (disk full).")
    response = client.delete("/api/v1/folders/Music")
    assert (response.status_code, response.json()["title"]) == (503, "The library can't be read")


def test_other_sites_may_not_ask(client: TestClient, appliance: Appliance) -> None:
    headers = {"Origin": "http://evil.example"}
    response = client.post("/api/v1/folders/Music/forget", headers=headers)
    assert response.status_code == 403
    assert client.delete("/api/v1/folders/Music", headers=headers).status_code == 403
    assert client.patch("/api/v1/folders/Music", json={}, headers=headers).status_code == 403
    assert appliance.asked == []
