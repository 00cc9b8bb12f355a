"""Changes that traumbox makes to the owner's file: what was asked, and not a byte besides."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode

from traumbox.config.environment import variable
from traumbox.config.places import child, compose, is_empty, line_end, line_ended, replaced
from traumbox.config.writing import edit
from traumbox.errors import ConfigError


def set_model(path: Path, name: str, environ: Mapping[str, str]) -> None:
    """Write ``model.name`` into the configuration file ``path``, made when it isn't there.

    Raises
    ------
    ConfigError
        When the environment decides the model, or the file can't be changed; with what to do.
    """
    key = variable(("model", "name"))
    if environ.get(key, "").strip() and environ[key].strip() != name:
        raise ConfigError(
            f"The environment variable {key} says {environ[key].strip()!r} and wins over {path}. "
            f"Set it to {name}, or remove it, where traumbox is started."
        )
    by_hand = f"Write these lines into it by hand:\n{_with_model('', name)}"
    edit(path, lambda text: _with_model(text, name), by_hand)


def _with_model(text: str, name: str) -> str:
    """Set one value by its place in the text."""
    key, section = child(compose(text), "model")
    if key is None or section is None:
        after = f"{line_ended(text)}model:\n  name: {name}\n"
    elif isinstance(section, MappingNode):
        after = _with_name(text, section, name)
    elif is_empty(section):
        # A heading whose keys are all commented out: the node lies somewhere behind them.
        at = line_end(text, key.end_mark.index)
        after = f"{text[:at]}\n  name: {name}{text[at:]}"
    else:
        after = replaced(text, section, f"{{name: {name}}}")
    written = YAML(typ="safe", pure=True).load(after)
    if written["model"]["name"] != name:
        raise YAMLError("its model section is written in an unusual way")
    return after


def _with_name(text: str, section: MappingNode, name: str) -> str:
    _, old = child(section, "name")
    if old is not None:
        return replaced(text, old, name)
    if section.flow_style:
        at = section.start_mark.index + 1
        return f"{text[:at]}name: {name}{', ' if section.value else ''}{text[at:]}"
    first = section.value[0][0].start_mark
    return f"{text[: first.index]}name: {name}\n{' ' * first.column}{text[first.index :]}"
