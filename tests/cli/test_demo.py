from pathlib import Path

import pytest

from traumbox.cli.app import main
from traumbox.config import load
from traumbox.synth.pieces import PIECES


def lay_out(directory: Path) -> Path:
    """Put the pieces' files there: a piece that is there already isn't synthesised."""
    directory.mkdir(parents=True)
    for piece in PIECES:
        (directory / piece.file_name).parent.mkdir(parents=True, exist_ok=True)
        (directory / piece.file_name).touch()
    return directory


@pytest.fixture
def demo(config_file):
    return lambda *arguments: main(["-c", str(config_file), "demo", *arguments])


def test_the_default_folder_is_added_and_the_next_step_named(demo, config_file, tmp_path, capsys):
    directory = lay_out(tmp_path / "data" / "demo")
    assert demo() == 0
    assert [(f.name, f.path) for f in load(config_file, {}).folders] == [
        ("Music", tmp_path / "music"),
        ("Demo", directory),
    ]
    written = capsys.readouterr()
    assert str(directory) in written.out
    assert "traumbox run" in written.out


def test_a_running_service_takes_it_in_at_once(service, demo, tmp_path, capsys):
    service.answers.update({"/api/v1/reload": (202, {}), "/api/v1/scan": (202, {})})
    lay_out(tmp_path / "data" / "demo")
    assert demo() == 0
    assert [(method, path) for method, path, _ in service.asked] == [
        ("POST", "/api/v1/reload"),
        ("POST", "/api/v1/scan"),
    ]
    assert service.address in capsys.readouterr().out


def test_a_folder_that_is_watched_already_is_not_added_again(demo, config_file, tmp_path):
    before = config_file.read_text()
    lay_out(tmp_path / "music" / "demo")
    assert demo(str(tmp_path / "music" / "demo")) == 0
    assert config_file.read_text() == before


def test_without_a_configuration_the_usual_file_is_made(demo, config_file, tmp_path):
    config_file.unlink()
    lay_out(tmp_path / "data" / "demo")
    assert main(["demo"]) == 0
    made = load(tmp_path / "config" / "traumbox.yaml", {})
    assert [folder.path for folder in made.folders] == [tmp_path / "data" / "demo"]
    assert made.data_dir == tmp_path / "data"


@pytest.mark.parametrize("place", [".", "data"])
def test_a_folder_that_holds_what_is_used_already_is_refused(demo, tmp_path, place, capsys):
    assert demo(str(tmp_path / place)) == 2
    assert "Choose a folder of its own" in capsys.readouterr().err


def test_where_the_environment_names_the_folders_it_is_told(demo, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TRAUMBOX_FOLDERS", f"[{tmp_path / 'music'}]")
    lay_out(tmp_path / "data" / "demo")
    assert demo() == 2
    told = capsys.readouterr().err
    assert "TRAUMBOX_FOLDERS decides the folders" in told
    assert f"Add {{path: {tmp_path / 'data' / 'demo'}}} to it" in told
