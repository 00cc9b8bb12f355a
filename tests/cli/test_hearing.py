"""pause, resume and hear."""

import pytest

from tests.cli.heard import hear
from traumbox.cli.app import main
from traumbox.stores.ledger import Ledger
from traumbox.stores.switches import Switches


@pytest.fixture
def run(config_file, capsys):
    def running(*arguments):
        code = main(["-c", str(config_file), *map(str, arguments)])
        return code, *capsys.readouterr()

    return running


@pytest.fixture
def ledger(tmp_path, config_file):
    """The ledger, opened when it is asked for."""
    opened = []

    def opening():
        opened.append(Ledger(tmp_path / "data" / "traumbox.db"))
        return opened[-1]

    yield opening
    for one in opened:
        one.close()


def test_pause_and_resume_through_the_service(service, run):
    service.answers["/api/v1/pause"] = (202, {"message": "Nothing is heard."})
    service.answers["/api/v1/resume"] = (202, {"message": "It goes on."})
    assert run("pause") == (0, "Nothing is heard.\n", "")
    assert run("resume") == (0, "It goes on.\n", "")
    assert [asked[:2] for asked in service.asked] == [
        ("POST", "/api/v1/pause"), ("POST", "/api/v1/resume"),
    ]  # fmt: skip


def test_pause_and_resume_without_the_service(run, ledger):
    assert run("pause")[0] == 0
    assert Switches(ledger().database).paused
    assert "→ traumbox resume" in run("status")[1]
    assert run("resume")[0] == 0
    assert not Switches(ledger().database).paused


def test_hearing_files_next(service, run, tmp_path, monkeypatch):
    ids = hear(tmp_path / "data", "Music", [b"a.flac"], pending=[b"deep/b.flac", b"deep/c.flac"])
    monkeypatch.chdir(tmp_path / "music")
    (tmp_path / "link").symlink_to(tmp_path / "music")
    for path in (b"a.flac", b"deep/b.flac"):
        service.answers[f"/api/v1/audio/files/{ids[path]}/hear"] = (202, {})
    code, out, err = run("hear", "a.flac", tmp_path / "link" / "deep" / "b.flac")
    assert (code, out) == (0, "2 tracks heard next.\n"), err
    assert [asked[1] for asked in service.asked] == [
        f"/api/v1/audio/files/{ids[b'a.flac']}/hear",
        f"/api/v1/audio/files/{ids[b'deep/b.flac']}/hear",
    ]


def test_a_file_nobody_knows_is_told_and_nothing_asked(service, run, tmp_path):
    hear(tmp_path / "data", "Music", [b"a.flac"])
    code, _, err = run("hear", tmp_path / "music" / "a.flac", tmp_path / "music" / "z.flac")
    assert code == 1
    assert "z.flac: traumbox knows no such file" in err
    assert service.asked == []


def test_files_are_put_first_without_the_service(run, tmp_path, ledger):
    hear(tmp_path / "data", "Music", [], pending=[b"a.flac", b"b.flac"])
    code, out, _ = run("hear", tmp_path / "music" / "b.flac")
    assert code == 0
    assert out.startswith("1 track will be heard first")
    row = ledger().next_pending(3.0, urgent_only=True)
    assert row.location.path == b"b.flac"


def test_the_failed_again(service, run):
    service.answers["/api/v1/audio/files/retry"] = (202, {"message": "2 files are tried again."})
    assert run("hear", "--failed") == (0, "2 files are tried again.\n", "")


def test_the_failed_again_without_the_service(run, tmp_path, ledger):
    ids = hear(tmp_path / "data", "Music", [], pending=[b"a.flac"])
    book = ledger()
    row = book.row(ids[b"a.flac"])
    book.mark_failed(row.track_id, row.stat, "No sound in it.", 3.0)
    assert run("hear", "--failed")[1].startswith("1 track will be heard first")
    assert ledger().row(row.track_id).state == "pending"


@pytest.mark.parametrize("arguments", [(), ("a.flac", "--failed")])
def test_either_files_or_the_failed(run, arguments):
    with pytest.raises(SystemExit) as ended:
        run("hear", *arguments)
    assert ended.value.code == 2
