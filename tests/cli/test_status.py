import json

import pytest

from tests.cli.folders import folder_json
from tests.cli.heard import hear
from traumbox.cli.app import main
from traumbox.cli.status import lines
from traumbox.web.schemas import FolderStatus, StatusView

ANSWER = {
    "version": 1,
    "traumbox": "0.1.0",
    "model": {
        "id": "m",
        "name": "A model",
        "notice": "",
        "fetch": None,
        "change": {
            "old": "builtin",
            "new": "clap-music",
            "done": 1204,
            "total": 9870,
            "waiting": 12,
            "paused": False,
            "left_s": 10_000.0,
            "note": "",
        },
    },
    "index": {
        "indexed": 1200,
        "pending": 34,
        "failed": 2,
        "excluded": 0,
        "total": 1236,
        "missing": 7,
        "outdated": 1,
        "paused": False,
        "resting": "",
        "now_hearing": "A/b\x1b.flac",
        "tracks_per_minute": 12.34,
        "eta_s": 165.0,
    },
    "folders": [
        folder_json("Music", "/srv/m"),
        folder_json(
            "My NAS",
            "/mnt/n",
            online=False,
            note="its share isn't mounted",
            remedy="Mount it.",
            counts={"missing": 7},
            watch={"mode": "polled", "note": "its share isn't mounted", "remedy": ""},
            held={"count": 30, "total": 60, "gone": 30, "since_s": 0.0, "examples": ["a\x1b"]},
        ),
        folder_json(
            "USB",
            "/mnt/u",
            watch={"mode": "partial", "note": "only 3 of 9 directories", "remedy": "sudo x"},
        ),
    ],
    "ready": True,
    "reason": "",
    "address": "http://192.168.1.2:8480",
}


def test_in_words():
    assert lines(ANSWER) == [
        "traumbox 0.1.0: ready",
        "  panel     http://192.168.1.2:8480",
        "  model     A model",
        (
            "            Changing from builtin to clap-music: 1,204 of 9,870 tracks heard, "
            "12 in offline folders, 2:46:40 left."
        ),
        "  heard     1,200 of 1,236 files, 34 pending, 2 failed, 7 missing",
        "            1 track heard by an older traumbox, heard again by and by",
        "  hearing   A/b�.flac",
        "  speed     12.3 tracks a minute, 2:45 left",
        "  folder    Music: /srv/m",
        "  folder    My NAS: /mnt/n (offline: its share isn't mounted)",
        "            → Mount it.",
        "            7 tracks missing, kept for their return",
        (
            "            30 of 60 tracks of “My NAS” (50 %) would go: 30 are gone, such as "
            "a\N{REPLACEMENT CHARACTER}. Nothing has been changed yet."
        ),
        "            → If that is right: traumbox folder confirm 'My NAS'",
        "  folder    USB: /mnt/u",
        "            watched in part: only 3 of 9 directories",
        "            → sudo x",
    ]


@pytest.mark.parametrize(
    ("index", "told"),
    [
        (
            {"resting": "quiet hours until 07:00", "paused": False},
            ["  resting   quiet hours until 07:00"],
        ),
        (
            {"resting": "paused until somebody resumes it", "paused": True},
            ["  resting   paused until somebody resumes it", "            → traumbox resume"],
        ),
        (
            {"resting": "", "paused": True},
            ["  resting   paused", "            → traumbox resume"],
        ),
    ],
)
def test_why_nothing_is_heard(index, told):
    shown = lines(ANSWER | {"index": ANSWER["index"] | index})
    at = shown.index("  hearing   A/b\N{REPLACEMENT CHARACTER}.flac") + 1
    assert shown[at : at + len(told)] == told
    assert not [line for line in shown if "speed" in line]


def test_a_service_of_an_earlier_version_is_understood():
    folders = [{"name": "NAS", "path": "/mnt/n", "online": False, "note": ""}]
    index = {k: v for k, v in ANSWER["index"].items() if k not in {"missing", "paused", "resting"}}
    told = lines(ANSWER | {"folders": folders, "index": index})
    assert told[-1] == "  folder    NAS: /mnt/n (offline)"


def test_json_of_the_running_service_is_the_apis(service, config_file, capsys):
    service.answers["/api/v1/status"] = (200, ANSWER)
    assert main(["-c", str(config_file), "status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == ANSWER


def test_without_the_service_the_ledger_is_asked(config_file, tmp_path, capsys):
    hear(tmp_path / "data", "Music", [b"a.flac", b"b.flac"], pending=[b"c.flac"])
    assert main(["-c", str(config_file), "status", "--json"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert status["index"]["indexed"] == 2
    assert status["index"]["pending"] == 1
    assert status["index"]["total"] == 3
    assert status["ready"] is False
    assert (status["index"]["missing"], status["index"]["outdated"]) == (0, 0)
    (folder,) = status["folders"]
    assert folder.items() >= {
        "name": "Music", "path": str(tmp_path / "music"), "online": True, "note": "",
    }.items()  # fmt: skip
    assert folder["counts"] == {
        "files": 3, "indexed": 2, "pending": 1, "failed": 0, "excluded": 0, "missing": 0,
    }  # fmt: skip


def test_before_the_first_start_all_is_nought(config_file, tmp_path, capsys):
    assert main(["-c", str(config_file), "status"]) == 0
    assert "traumbox is not running." in capsys.readouterr().out
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("document", [ANSWER])
def test_the_offline_document_has_the_keys_of_the_api(config_file, document, capsys):
    main(["-c", str(config_file), "status", "--json"])
    offline = json.loads(capsys.readouterr().out)
    assert set(offline) == set(document) == set(StatusView.model_fields)
    assert set(offline["index"]) == set(document["index"])
    assert set(offline["folders"][0]) == set(FolderStatus.model_fields)
