import io
import json
import sys
import time
from argparse import Namespace

import pytest

from tests.cli.folders import folder_json
from tests.cli.heard import hear
from traumbox.cli import terminal
from traumbox.cli.app import main
from traumbox.cli.folder.scanning import scan
from traumbox.config import load
from traumbox.domain import Changes
from traumbox.stores.ledger import Ledger
from traumbox.stores.lock import DataLock
from traumbox.web.schemas import FoldersView

HELD = {"count": 412, "total": 1203, "gone": 412, "since_s": 0.0, "examples": ["a.flac", "b.flac"]}
SEEN_S = 1_800_000_000.0


class Terminal(io.StringIO):
    """Somebody who sits at the keyboard and has typed this."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def typed(monkeypatch):
    def typing(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", Terminal(text))

    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return typing


@pytest.fixture
def run(config_file, capsys):
    def running(*arguments):
        code = main(["-c", str(config_file), *map(str, arguments)])
        return code, *capsys.readouterr()

    return running


def folders_of(service, *folders, removals=()):
    document = {"version": 1, "folders": list(folders), "removals": list(removals)}
    service.answers["/api/v1/folders"] = (200, document)
    return document


def test_the_list_in_words(service, run):
    gone = {
        "folder": "NAS",
        "since_s": SEEN_S,
        "until_s": SEEN_S,
        "count": 1,
        "examples": ["c\x1b.flac"],
    }
    counts = {"files": 12, "indexed": 9, "pending": 2, "failed": 1, "missing": 1}
    folders_of(
        service,
        folder_json("Music", "/srv/m", counts=counts, last_scan_s=SEEN_S, next_scan_s=SEEN_S),
        folder_json(
            "NAS", "/mnt/n", online=False, note="asleep", kind="podcast", priority="first",
            include=["*.mp3"], exclude=["x/", "y/"], held=HELD,
        ),
        removals=[gone],
    )  # fmt: skip
    at = terminal.moment(SEEN_S)
    assert run("folder", "list")[:2] == (
        0,
        (
            "Music: /srv/m\n"
            "  9 of 12 files heard, 2 pending, 1 failed, 1 missing\n"
            f"  looked through {at}, next {at}\n"
            "  1 track missing, kept for their return\n"
            "NAS: /mnt/n (offline: asleep)\n"
            "  0 of 0 files heard\n"
            "  kind podcast, heard first, only *.mp3, without x/ y/\n"
            "  not looked through yet\n"
            "  412 of 1,203 tracks of “NAS” (34 %) would go: 412 are gone, such as a.flac; b.flac. "
            "Nothing has been changed yet.\n"
            "  → If that is right: traumbox folder confirm NAS\n"
            f"1 track of “NAS” gone {at}, kept till {at}, such as c\N{REPLACEMENT CHARACTER}.flac\n"
        ),
    )


def test_the_list_for_programs_is_the_apis(service, run):
    document = folders_of(service, folder_json("Music", "/srv/m"))
    assert json.loads(run("folder", "list", "--json")[1]) == document


def test_the_list_without_a_service_is_the_ledgers(run, tmp_path):
    ids = hear(tmp_path / "data", "Music", [b"a.flac", b"b.flac"], pending=[b"c.flac"])
    ledger = Ledger(tmp_path / "data" / "traumbox.db")
    now_s = time.time()
    ledger.apply(Changes(gone=frozenset([ids[b"b.flac"]])), now_s)
    ledger.close()
    document = json.loads(run("folder", "list", "--json")[1])
    FoldersView.model_validate(document)
    (folder,) = document["folders"]
    assert folder["counts"] == {
        "files": 2, "indexed": 1, "pending": 1, "failed": 0, "excluded": 0, "missing": 1,
    }  # fmt: skip
    assert folder["colour"].startswith("#")
    (removal,) = document["removals"]
    assert (removal["folder"], removal["count"], removal["examples"]) == ("Music", 1, ["b.flac"])
    assert removal["until_s"] == pytest.approx(now_s + 30 * 86_400)


def test_before_the_first_start_nothing_is_made(run, tmp_path):
    assert run("folder", "list")[0] == 0
    assert not (tmp_path / "data").exists()


def test_adding_through_the_service(service, run, tmp_path, monkeypatch):
    service.answers["/api/v1/folders"] = (201, {"folder": folder_json("Books", "/x")})
    monkeypatch.chdir(tmp_path)
    wishes = ("--name", "Books", "--kind", "audiobook", "--exclude", "a/", "--exclude", "*.wav")
    code, out, _ = run("folder", "add", "books", *wishes)
    assert (code, out) == (0, "“Books” is watched now: /x\n")
    assert service.asked[-1] == (
        "POST",
        "/api/v1/folders",
        {
            "path": str(tmp_path / "books"),
            "name": "Books",
            "kind": "audiobook",
            "exclude": ["a/", "*.wav"],
        },
    )


def test_a_refused_folder_is_wrong_use(service, run):
    service.answers["/api/v1/folders"] = (422, {"detail": "No folder there.", "remedy": "Look."})
    code, _, err = run("folder", "add", "/nowhere")
    assert (code, err) == (2, "traumbox: traumbox answered: No folder there. Look.\n")
    service.answers["/api/v1/folders"] = (503, {"detail": "Broken.", "remedy": "Wait."})
    assert run("folder", "add", "/nowhere")[0] == 1


def test_changing_and_removing_through_the_service(service, run):
    address = "/api/v1/folders/M%C3%BCll%20%26%20Co"
    service.answers[address] = (200, {"folder": folder_json("X", "/x"), "message": "Gone."})
    wishes = ("--name", "X", "--colour", "#ff0000", "--priority", "last", "--include", "")
    code, out, _ = run("folder", "change", "Müll & Co", *wishes)
    assert (code, out) == (0, "“X” was changed.\n")
    wanted = {"name": "X", "colour": "#ff0000", "priority": "last", "include": []}
    assert service.asked[-1] == ("PATCH", address, wanted)
    assert run("folder", "remove", "Müll & Co") == (0, "Gone.\n", "")
    assert service.asked[-1] == ("DELETE", address, None)


def test_nothing_to_change_is_wrong_use(run):
    code, _, err = run("folder", "change", "Music")
    assert code == 2
    assert "say what to change" in err


def test_without_a_service_the_configuration_is_edited(run, config_file, tmp_path):
    (tmp_path / "books").mkdir()
    config_file.write_text("# mine\n" + config_file.read_text())
    code, out, err = run("folder", "add", tmp_path / "books", "--kind", "audiobook")
    assert code == 0, err
    assert "“books” now; traumbox takes it over at its next start." in out
    assert run("folder", "change", "Music", "--name", "Musik", "--exclude", "x/")[0] == 0
    found = load(config_file, {}).folders
    assert [(one.name, one.kind, one.exclude) for one in found] == [
        ("Musik", "auto", ("x/",)),
        ("books", "audiobook", ()),
    ]
    assert run("folder", "remove", "Musik")[0] == 0
    assert [one.name for one in load(config_file, {}).folders] == ["books"]
    assert config_file.read_text().startswith("# mine\n")


@pytest.mark.parametrize(
    "arguments",
    [("change", "Musik", "--kind", "music"), ("remove", "Musik"), ("forget", "Musik", "--yes")],
)
def test_an_unknown_folder_is_wrong_use(run, config_file, arguments):
    before = config_file.read_text()
    code, _, err = run("folder", *arguments)
    assert code == 2
    assert "Music" in err, "the names there are"
    assert config_file.read_text() == before


def test_a_folder_that_is_none_is_wrong_use(run, tmp_path):
    code, _, err = run("folder", "add", tmp_path / "absent")
    assert code == 2
    assert "no folder there that traumbox may read" in err


def test_a_held_removal_is_shown_asked_about_and_confirmed(service, run, typed):
    folders_of(service, folder_json("My NAS", "/n", held=HELD))
    service.answers["/api/v1/folders/My%20NAS/confirm"] = (202, {"message": "412 taken out."})
    typed("y\n")
    code, out, err = run("folder", "confirm", "My NAS")
    assert code == 0
    assert "412 of 1,203 tracks of “My NAS” (34 %) would go" in out
    assert "a.flac; b.flac" in out
    assert out.endswith("412 taken out.\n")
    assert "Let them go? [y/N]" in err


@pytest.mark.parametrize("answer", ["\n", "n\n", "", "yesterday\n"])
def test_anything_but_yes_changes_nothing(service, run, typed, answer):
    folders_of(service, folder_json("NAS", "/n", held=HELD))
    typed(answer)
    code, _, err = run("folder", "confirm", "NAS")
    assert code == 1
    assert "nothing was changed" in err
    assert [method for method, *_ in service.asked] == ["GET"]


def test_with_nobody_to_ask_yes_must_be_said(service, run, typed):
    folders_of(service, folder_json("NAS", "/n", held=HELD))
    service.answers["/api/v1/folders/NAS/confirm"] = (202, {"message": "Done."})
    code, _, err = run("folder", "confirm", "NAS")
    assert code == 2
    assert "--yes" in err
    assert [method for method, *_ in service.asked] == ["GET"]
    assert run("folder", "confirm", "NAS", "--yes")[0] == 0
    assert service.asked[-1][0] == "POST"


def test_another_disk_is_confirmed_too(service, run, typed):
    folders_of(service, folder_json("NAS", "/n", online=False, note="another disk is mounted"))
    service.answers["/api/v1/folders/NAS/confirm"] = (202, {"message": "Done."})
    typed("yes\n")
    code, out, err = run("folder", "confirm", "NAS")
    assert code == 0
    assert "offline: another disk is mounted" in out
    assert "Take what lies there now for the folder" in err


def test_where_nothing_is_held_there_is_nothing_to_confirm(service, run):
    folders_of(service, folder_json("NAS", "/n"))
    code, _, err = run("folder", "confirm", "NAS", "--yes")
    assert code == 1
    assert "Nothing waits" in err


def test_with_nobody_to_ask_and_no_service_nothing_is_looked_through(run, tmp_path, typed):
    code, _, err = run("folder", "confirm", "Music")
    assert code == 2
    assert "--yes" in err
    assert not (tmp_path / "data").exists()


def test_what_is_missing_in_a_folder_that_is_watched_no_longer_is_forgotten(service, run):
    gone = {"folder": "Old", "since_s": 1.0, "until_s": 2.0, "count": 3, "examples": []}
    folders_of(service, folder_json("NAS", "/n"), removals=[gone, gone])
    service.answers["/api/v1/folders/Old/forget"] = (202, {"message": "6 forgotten."})
    assert run("folder", "forget", "Old", "--yes") == (0, "6 forgotten.\n", "")


def test_forgetting_through_the_service(service, run, typed):
    folders_of(service, folder_json("NAS", "/n", counts={"missing": 3}))
    service.answers["/api/v1/folders/NAS/forget"] = (202, {"message": "3 forgotten."})
    typed("y\n")
    code, out, err = run("folder", "forget", "NAS")
    assert (code, out) == (0, "3 forgotten.\n")
    assert "Forget 3 missing tracks of “NAS” for good?" in err


def test_forgetting_without_the_service(run, tmp_path):
    ids = hear(tmp_path / "data", "Music", [b"a.flac", b"b.flac"])
    assert run("folder", "forget", "Music")[1] == "“Music” misses no track.\n"
    ledger = Ledger(tmp_path / "data" / "traumbox.db")
    ledger.apply(Changes(gone=frozenset([ids[b"a.flac"]])), time.time())
    ledger.close()
    code, out, err = run("folder", "forget", "Music", "--yes")
    assert (code, out) == (0, "1 track of “Music” forgotten.\n"), err
    ledger = Ledger(tmp_path / "data" / "traumbox.db")
    assert ledger.known_ids() == {ids[b"b.flac"]}
    ledger.close()


def test_one_folder_is_looked_through(service, run, config_file, capsys):
    folders_of(service, folder_json("My NAS", "/n", held=HELD))
    service.answers["/api/v1/folders/My%20NAS/scan"] = (202, {})
    index = {"indexed": 3, "pending": 0, "failed": 0, "excluded": 0, "total": 3}
    service.answers["/api/v1/status"] = (200, {"index": index})
    assert scan(Namespace(folder="My NAS"), load(config_file, {}), wait_s=0.0) == 0
    out, err = capsys.readouterr()
    assert out == "3 of 3 files heard.\n"
    assert ("POST", "/api/v1/folders/My%20NAS/scan", None) in service.asked
    assert "traumbox folder confirm 'My NAS'" in err
    assert run("folder", "scan", "Musik")[0] == 2


def test_one_folder_alone_needs_the_service(run):
    code, _, err = run("folder", "scan", "Music")
    assert code == 1
    assert "traumbox scan" in err


def test_a_starting_service_is_not_disturbed(run, tmp_path):
    ids = hear(tmp_path / "data", "Music", [b"a.flac"])
    ledger = Ledger(tmp_path / "data" / "traumbox.db")
    ledger.apply(Changes(gone=frozenset(ids.values())), time.time())
    ledger.close()
    with DataLock(tmp_path / "data"):
        code, _, err = run("folder", "forget", "Music", "--yes")
    assert code == 1
    assert "process" in err.casefold()
