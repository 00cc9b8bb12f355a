from pathlib import Path

from traumbox.cli.app import main
from traumbox.cli.configuration import PLACES, find


def test_the_order_of_the_places(tmp_path):
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    places = (first, second)
    assert find(None, {}, places) is None
    second.touch()
    assert find(None, {}, places) == second
    first.touch()
    assert find(None, {}, places) == first
    assert find(None, {"TRAUMBOX_CONFIG": "/x"}, places) == Path("/x")
    assert find(Path("/y"), {"TRAUMBOX_CONFIG": "/x"}, places) == Path("/y")


def test_the_documented_places():
    assert [str(place) for place in PLACES] == [
        "config/traumbox.yaml",
        "/etc/traumbox/traumbox.yaml",
    ]


def test_config_check_names_the_file_and_warns_of_what_is_not_there(config_file, capsys):
    config_file.write_text("folders: [{path: music, name: Music}, /not/mounted]\n")
    assert main(["-c", str(config_file), "config", "check"]) == 0
    written = capsys.readouterr()
    assert f"{config_file}: in order." in written.out
    assert f"watching Music: {config_file.parent / 'music'}" in written.out
    assert "/not/mounted: it doesn't exist" in written.err
    assert "no audio file found" in written.err


def test_config_check_ends_with_code_2_and_every_mistake(config_file, capsys):
    config_file.write_text("web: {prt: 1}\nlog: {level: loud}\n")
    assert main(["-c", str(config_file), "config", "check"]) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert "has 2 mistakes" in written.err
    assert f"{config_file}:1: web.prt" in written.err
    assert f"{config_file}:2: log.level" in written.err


def test_a_file_that_is_named_must_be_there(config_file, capsys, monkeypatch):
    assert main(["-c", "absent.yaml", "status"]) == 2
    monkeypatch.setenv("TRAUMBOX_CONFIG", "gone.yaml")
    assert main(["status"]) == 2
    written = capsys.readouterr()
    assert "absent.yaml: can't be read" in written.err
    assert "gone.yaml: can't be read" in written.err
