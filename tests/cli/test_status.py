import json

import pytest

from tests.cli.heard import hear
from traumbox.cli.app import main
from traumbox.cli.status import lines
from traumbox.web.schemas import StatusView

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
        "now_hearing": "A/b\x1b.flac",
        "tracks_per_minute": 12.34,
        "eta_s": 165.0,
    },
    "folders": [
        {"name": "Music", "path": "/srv/m", "online": True, "note": ""},
        {"name": "NAS", "path": "/mnt/n", "online": False, "note": ""},
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
        "  heard     1,200 of 1,236 files, 34 pending, 2 failed",
        "  hearing   A/b�.flac",
        "  speed     12.3 tracks a minute, 2:45 left",
        "  folder    Music: /srv/m",
        "  folder    NAS: /mnt/n (offline)",
    ]


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
    assert status["folders"] == [
        {"name": "Music", "path": str(tmp_path / "music"), "online": True, "note": ""}
    ]


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
