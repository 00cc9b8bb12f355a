"""The shipped file holds every key with its default, and nothing else."""

from pathlib import Path
from typing import get_args

from ruamel.yaml import YAML

from traumbox.config import Settings, load
from traumbox.config.keys import all_keys, field_at, keys_of
from traumbox.config.models import DEFAULT_DATA_DIR, Folder, Model
from traumbox.embedders import registry

SHIPPED = Path(__file__).parents[2] / "config" / "traumbox.yaml"


def flat(data: dict, above: str = "") -> dict[str, object]:
    out: dict[str, object] = {}
    for key, value in data.items():
        if isinstance(value, dict):
            out.update(flat(value, f"{above}{key}."))
        else:
            out[f"{above}{key}"] = value
    return out


def test_the_file_holds_every_key_and_no_other():
    written = flat(YAML(typ="safe").load(SHIPPED.read_text()))
    known = {key for key in all_keys() if not key.startswith("folders.")}
    assert set(written) == known | {"folders"}


def test_the_folders_keys_are_shown_in_a_comment():
    text = SHIPPED.read_text()
    for key in keys_of(Folder):
        assert f"{key}:" in text.split("folders:")[0].rsplit("\n\n", 1)[1]


def test_its_values_are_the_defaults():
    settings = load(SHIPPED, {})
    assert settings.data_dir == (SHIPPED.parent / DEFAULT_DATA_DIR).resolve()
    defaults = Settings(data_dir=settings.data_dir, config_file=settings.config_file)
    assert settings == defaults


def test_every_key_has_a_comment_above_it():
    lines = SHIPPED.read_text().splitlines()
    for number, line in enumerate(lines):
        key, colon, value = line.strip().partition(":")
        if colon and value and not key.startswith("#"):
            assert lines[number - 1].strip().startswith("#"), line


def test_every_model_can_be_chosen():
    assert get_args(Model.model_fields["name"].annotation) == registry.NAMES


def test_every_key_says_what_it_expects():
    for key in all_keys():
        info = field_at(tuple(key.split(".")))
        assert info is not None
        assert info.description, key
