"""The model section: what it takes, and how traumbox itself changes it."""

from pathlib import Path

import pytest

from tests.config.test_editing import SHIPPED, added_lines
from traumbox.config import load, set_model
from traumbox.errors import ConfigError


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "model:\n  name: clap-music\n"),
        ("# only a comment", "# only a comment\nmodel:\n  name: clap-music\n"),
        ("web: {port: 1}", "web: {port: 1}\nmodel:\n  name: clap-music\n"),
        ("model: {name: auto} # x\n", "model: {name: clap-music} # x\n"),
        ("model: {fetch: false}\n", "model: {name: clap-music, fetch: false}\n"),
        ("model: {}\n", "model: {name: clap-music}\n"),
        ("model: null # y\n", "model: {name: clap-music} # y\n"),
        (
            "model:\n  # why\n  name: 'auto'   # mine\n\n# the web\nweb: {port: 1}\n",
            "model:\n  # why\n  name: clap-music   # mine\n\n# the web\nweb: {port: 1}\n",
        ),
        (
            "model:\n    # no\n    fetch: false # e\nweb:\n    port: 1\n",
            "model:\n    # no\n    name: clap-music\n    fetch: false # e\nweb:\n    port: 1\n",
        ),
        (
            "model:  # later\n  # name: auto\n\nweb: {port: 1}\n",
            "model:  # later\n  name: clap-music\n  # name: auto\n\nweb: {port: 1}\n",
        ),
        ("model:", "model:\n  name: clap-music"),
    ],
)
def test_the_choice_is_written_and_nothing_else_changes(tmp_path, before, after):
    path = written(tmp_path / "traumbox.yaml", before)
    set_model(path, "clap-music", {})
    assert path.read_text() == after
    assert load(path, {}).model.name == "clap-music"


def test_in_the_shipped_file_one_word_changes(tmp_path):
    path = written(tmp_path / "traumbox.yaml", SHIPPED.read_text())
    set_model(path, "clap-general", {})
    before = SHIPPED.read_text().replace("  name: auto\n", "", 1)
    assert added_lines(before, path.read_text()) == ["  name: clap-general"]


def test_choosing_the_same_again_leaves_the_file_alone(tmp_path):
    path = written(tmp_path / "traumbox.yaml", "model: {name: auto}\n")
    before = path.stat().st_ino
    set_model(path, "auto", {})
    assert path.stat().st_ino == before


def test_a_missing_file_is_made(tmp_path):
    path = tmp_path / "config" / "traumbox.yaml"
    set_model(path, "builtin", {})
    assert load(path, {}).model.name == "builtin"


@pytest.mark.parametrize(
    "before", ["{web: {port: 1}}\n", "- 1\n", "model:\n  name:\n  fetch: true\n", "model: [\n"]
)
def test_what_cannot_be_changed_is_told_with_the_lines_to_write(tmp_path, before):
    path = written(tmp_path / "traumbox.yaml", before)
    with pytest.raises(ConfigError, match="model:\n  name: clap-music"):
        set_model(path, "clap-music", {})
    assert path.read_text() == before


def test_the_environment_s_word_is_last_and_named(tmp_path):
    path = written(tmp_path / "traumbox.yaml", "model: {name: auto}\n")
    environ = {"TRAUMBOX_MODEL__NAME": "builtin"}
    with pytest.raises(ConfigError, match=r"TRAUMBOX_MODEL__NAME says 'builtin'.*clap-music"):
        set_model(path, "clap-music", environ)
    assert path.read_text() == "model: {name: auto}\n"
    set_model(path, "builtin", environ)
    assert load(path, environ).model.name == "builtin"


def test_mirror_and_proxy_lose_their_last_slash(tmp_path):
    path = written(
        tmp_path / "traumbox.yaml",
        "model: {mirror: 'https://mirror.example/hf/', proxy: 'http://me:secret@proxy.lan:3128'}\n",
    )
    model = load(path, {}).model
    assert model.mirror == "https://mirror.example/hf"
    assert model.proxy == "http://me:secret@proxy.lan:3128"
    assert model.fetch


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("name", "clap-musik", "did you mean 'clap-music'"),
        ("fetch", "maybe", "true or false"),
        ("mirror", "mirror.example", "the beginning of a URL"),
        ("mirror", "ftp://mirror.example", "the beginning of a URL"),
        ("mirror", "'http://a b'", "the beginning of a URL"),
        ("proxy", "'http://proxy:port'", "a proxy's URL"),
        ("proxy", "socks5://proxy", "a proxy's URL"),
    ],
)
def test_mistakes_are_told(tmp_path, key, value, expected):
    path = written(tmp_path / "traumbox.yaml", f"model:\n  {key}: {value}\n")
    with pytest.raises(ConfigError, match=expected):
        load(path, {})
