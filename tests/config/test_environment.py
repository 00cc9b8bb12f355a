from pathlib import Path

import pytest

from traumbox.config import Folder, load
from traumbox.config.environment import variables
from traumbox.errors import ConfigError


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "traumbox.yaml"
    path.write_text("data_dir: /from/file\nweb:\n  port: 1111\n  host: 127.0.0.1\nfolders: [/a]\n")
    return path


def test_a_variable_wins_over_the_file_and_leaves_its_neighbours(file):
    settings = load(file, {"TRAUMBOX_WEB__PORT": "9000", "TRAUMBOX_LOG__LEVEL": "debug"})
    assert (settings.web.port, settings.web.host) == (9000, "127.0.0.1")
    assert settings.log.level == "debug"


def test_values_are_read_as_yaml_scalars(file):
    settings = load(
        file,
        {
            "TRAUMBOX_DATA_DIR": "/mnt/a: b",
            "TRAUMBOX_SCHEDULE__QUIET_HOURS": "22:00-07:00",
            "TRAUMBOX_SCHEDULE__SCAN_EVERY": "90",
            "TRAUMBOX_SECURITY__ALLOWED_HOSTS": "[a.org, b.org]",
        },
    )
    assert settings.data_dir == Path("/mnt/a: b")
    assert settings.schedule.quiet_hours == "22:00-07:00"
    assert settings.schedule.scan_every_s == 90.0
    assert settings.security.allowed_hosts == ("a.org", "b.org")


def test_folders_are_a_yaml_list_that_counts_from_the_working_directory(
    file, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path / "..")
    settings = load(file, {"TRAUMBOX_FOLDERS": "[{path: /m, name: M}, here]"})
    assert settings.folders == (
        Folder(path=Path("/m"), name="M"),
        Folder(path=Path.cwd() / "here", name="here"),
    )


def test_an_empty_value_counts_as_not_given(file):
    assert load(file, {"TRAUMBOX_WEB__PORT": " "}).web.port == 1111


def test_a_variable_can_mend_what_is_wrong_in_the_file(file):
    file.write_text("web: {port: many}\n")
    assert load(file, {"TRAUMBOX_WEB__PORT": "80"}).web.port == 80


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("TRAUMBOX_WEB__PRT", "1", "did you mean TRAUMBOX_WEB__PORT?"),
        ("TRAUMBOX_PORT", "1", "did you mean TRAUMBOX_WEB__PORT?"),
        ("TRAUMBOX_FOLDER", "[]", "did you mean TRAUMBOX_FOLDERS?"),
        ("TRAUMBOX_CONFIGG", "x", "did you mean TRAUMBOX_CONFIG?"),
        ("traumbox_web__port", "1", "did you mean TRAUMBOX_WEB__PORT?"),
        ("TRAUMBOX_QQQQQQQQQ", "1", "no such setting"),
        ("TRAUMBOX_WEB__PORT", "many", "TRAUMBOX_WEB__PORT: 'many': expected a whole number"),
        ("TRAUMBOX_FOLDERS", "[", "TRAUMBOX_FOLDERS: '[' is not valid YAML"),
        ("TRAUMBOX_FOLDERS", "[{pth: /x}]", "TRAUMBOX_FOLDERS (folders[0].pth): unknown key"),
        ("TRAUMBOX_FOLDERS", "[/a, /a/.]", "TRAUMBOX_FOLDERS (folders[1]): '/a' is watched twice"),
        ("TRAUMBOX_LIBRARY__PODCASTS", "{}", "did you mean TRAUMBOX_LIBRARY__PODCASTS__"),
        (
            "TRAUMBOX_LIBRARY__PODCASTS__PATHS",
            "['!']",
            "TRAUMBOX_LIBRARY__PODCASTS__PATHS: ['!']: expected a list of patterns",
        ),
        ("TRAUMBOX_CONFIG_FILE", "x", "TRAUMBOX_CONFIG_FILE: no such setting"),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(file, name, value, told):
    with pytest.raises(ConfigError) as caught:
        load(file, {name: value})
    assert name in str(caught.value)
    assert told in str(caught.value)


def test_other_variables_and_the_file_name_are_left_alone(file):
    assert load(file, {"TRAUMBOX_CONFIG": "x", "PATH": "y", "TRAUM": "z"}).web.port == 1111


def test_every_scalar_and_list_key_has_a_variable():
    known = variables()
    assert known["TRAUMBOX_DATA_DIR"] == (("data_dir",), False)
    assert known["TRAUMBOX_FOLDERS"] == (("folders",), True)
    assert known["TRAUMBOX_SCHEDULE__SETTLE"] == (("schedule", "settle"), False)
    assert "TRAUMBOX_WEB" not in known


def test_a_key_of_a_section_within_a_section(file):
    file.write_text("library: {podcasts: {genres: [Talk]}, brake_percent: 50}\n")
    library = load(file, {"TRAUMBOX_LIBRARY__PODCASTS__PATHS": "[Casts/]"}).library
    assert library.podcasts.paths == ("Casts/",)
    assert library.podcasts.genres == ("Talk",)
    assert library.brake_percent == 50
