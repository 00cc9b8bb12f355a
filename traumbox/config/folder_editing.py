"""Adding, changing and removing watched folders in the owner's file.

Everything happens by place in the text, so that comments and the owner's way of writing stay. What
comes out is read again: it must say what was meant and nothing else, or the file isn't touched.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from traumbox.config.document import parse
from traumbox.config.environment import variable
from traumbox.config.loader import check
from traumbox.config.models import Folder, Settings
from traumbox.config.places import (
    child,
    compose,
    dash_of,
    end_of,
    is_empty,
    line_end,
    line_ended,
    replaced,
    written,
    written_pairs,
)
from traumbox.config.writing import edit
from traumbox.errors import ConfigError, UnknownFolderError

OPTIONS = ("name", "colour", "kind", "priority", "include", "exclude")
"""What may be said of a folder besides its path."""
HEADING = "folders:"


def add_folder(
    path: Path, folder_path: Path, name: str, *, environ: Mapping[str, str], **options: object
) -> None:
    """Add a watched folder to the configuration file ``path``, made when it isn't there.

    ``options`` are those of `OPTIONS`; what is at its default isn't written.

    Raises
    ------
    ConfigError
        When the environment decides the folders, the configuration would have a mistake, or the
        file can't be changed; the latter with the lines to add by hand.
    """
    _refuse_environment(environ, f"Add {{path: {folder_path}}} to it")
    place = _utf8(folder_path)
    entry = {"path": place, "name": name} | _said(options)
    by_hand = f"Add these lines to it by hand:\n{_with_folder('', entry)}"

    def change(text: str) -> str:
        after = _with_folder(text, entry)
        _prove(text, after, lambda items: [*items, entry])
        _check(path, after, environ)
        return after

    edit(path, change, by_hand)


def change_folder(
    path: Path, name: str, changes: Mapping[str, object], *, environ: Mapping[str, str]
) -> None:
    """Change what the configuration file ``path`` says of the folder called ``name``.

    ``changes`` holds keys of `OPTIONS`; its path stays.

    Raises
    ------
    UnknownFolderError
        When none has that name.
    ConfigError
        As in `add_folder`.
    """
    _refuse_environment(environ, "Change it")
    wanted = {key: list(v) if isinstance(v, tuple) else v for key, v in changes.items()}
    unknown = wanted.keys() - set(OPTIONS)
    if unknown:
        raise ConfigError(f"A folder's {', '.join(sorted(unknown))} can't be changed.")
    lines = written_pairs(wanted, "    ")
    by_hand = f"Write these lines by hand into what it says of “{name}”:\n    {lines}\n"

    def change(text: str) -> str:
        number = _number_of(path, text, name, environ)
        after, fresh = text, _items(text)[number]
        for key, value in wanted.items():
            if _value(fresh, key) != value:
                after = _with_key(after, number, key, value)
                fresh = {**_mapping(fresh), key: value}
        _prove(text, after, lambda items: [*items[:number], fresh, *items[number + 1 :]])
        _check(path, after, environ)
        return after

    edit(path, change, by_hand)


def remove_folder(path: Path, name: str, *, environ: Mapping[str, str]) -> None:
    """Take the folder called ``name`` out of the configuration file ``path``.

    Raises
    ------
    UnknownFolderError
        When none has that name.
    ConfigError
        As in `add_folder`.
    """
    _refuse_environment(environ, "Change it")

    def change(text: str) -> str:
        number = _number_of(path, text, name, environ)
        after = _without_item(text, number)
        _prove(text, after, lambda items: [*items[:number], *items[number + 1 :]])
        _check(path, after, environ)
        return after

    edit(path, change, f"Take “{name}” out of its folders by hand.")


def _refuse_environment(environ: Mapping[str, str], remedy: str) -> None:
    key = variable(("folders",))
    if environ.get(key, "").strip():
        raise ConfigError(
            f"The environment variable {key} decides the folders and wins over the configuration "
            f"file. {remedy}, where traumbox is started."
        )


def _utf8(folder_path: Path) -> str:
    try:
        str(folder_path).encode("utf-8")
    except UnicodeEncodeError as error:
        shown = os.fsencode(folder_path).decode("utf-8", "backslashreplace")
        raise ConfigError(
            f"“{shown}” can't be written into the configuration: its name isn't UTF-8. Rename it, "
            "or watch the folder above it."
        ) from error
    return str(folder_path)


def _said(options: Mapping[str, object]) -> dict[str, object]:
    said: dict[str, object] = {}
    for key in OPTIONS:
        value = options.get(key)
        value = list(value) if isinstance(value, tuple) else value
        default = Folder.model_fields[key].default
        if value is not None and value != (list(default) if default == () else default):
            said[key] = value
    return said


def _check(path: Path, text: str, environ: Mapping[str, str]) -> Settings:
    return check(parse(text, str(path)), path, environ)


def _number_of(path: Path, text: str, name: str, environ: Mapping[str, str]) -> int:
    names = [folder.name for folder in _check(path, text, environ).folders]
    if name not in names:
        there = ", ".join(f"“{one}”" for one in names) or "none"
        raise UnknownFolderError(f"No watched folder is called “{name}”; there are: {there}.")
    return names.index(name)


def _items(text: str) -> list[Any]:
    data = YAML(typ="safe", pure=True).load(text)
    return list((data or {}).get("folders") or [])


def _mapping(item: Any) -> dict[str, Any]:
    return item if isinstance(item, dict) else {"path": item}


def _value(item: Any, key: str) -> object:
    """Return what an item says of ``key``, or the default; lists as lists."""
    said = _mapping(item).get(key)
    if said is None:
        default = Folder.model_fields[key].default
        return list(default) if default == () else default
    return said


def _prove(before: str, after: str, meant: Callable[[list[Any]], Sequence[Any]]) -> None:
    """Raise YAMLError unless ``after`` says the same as ``before``, but for what was meant."""
    yaml = YAML(typ="safe", pure=True)
    wanted = dict(yaml.load(before) or {})
    wanted["folders"] = list(meant(_items(before)))
    found = dict(YAML(typ="safe", pure=True).load(after) or {})
    found["folders"] = list(found.get("folders") or [])
    if found != wanted or list(found) != list(wanted):
        raise YAMLError("its folders are written in an unusual way")


def _with_folder(text: str, entry: Mapping[str, object]) -> str:
    key, folders = child(compose(text), "folders")
    if key is None or folders is None:
        return f"{line_ended(text)}{HEADING}\n{_block_item(entry, '  ')}\n"
    if isinstance(folders, SequenceNode) and folders.value:
        last = folders.value[-1]
        at = end_of(last)
        if folders.flow_style:
            inline = ", ".join(f"{word}: {written(value)}" for word, value in entry.items())
            return f"{text[:at]}, {{{inline}}}{text[at:]}"
        at = line_end(text, at)
        indent = " " * folders.start_mark.column
        return f"{text[:at]}\n{_block_item(entry, indent)}{text[at:]}"
    if not is_empty(folders):  # [], null
        begin, end = key.end_mark.index + 1, folders.end_mark.index
        text = text[:begin] + text[end:]
    at = line_end(text, key.end_mark.index)
    return f"{text[:at]}\n{_block_item(entry, '  ')}{text[at:]}"


def _block_item(entry: Mapping[str, object], indent: str) -> str:
    return f"{indent}- {written_pairs(entry, f'{indent}  ')}"


def _item(text: str, number: int) -> tuple[SequenceNode, Node]:
    _, folders = child(compose(text), "folders")
    if not isinstance(folders, SequenceNode) or len(folders.value) <= number:
        raise YAMLError("its folders are written in an unusual way")
    return folders, folders.value[number]


def _with_key(text: str, number: int, key: str, value: object) -> str:
    folders, item = _item(text, number)
    if not isinstance(item, MappingNode):
        return _spelled_out(text, folders, item, f"{key}: {written(value)}")
    name, old = child(item, key)
    if name is not None and old is not None:
        if is_empty(old):
            at = end_of(old, name)
            return f"{text[:at]} {written(value)}{text[at:]}"
        if isinstance(old, SequenceNode) and not old.flow_style:
            begin = name.end_mark.index + 1
            return f"{text[:begin]} {written(value)}{text[end_of(old, name) :]}"
        return replaced(text, old, written(value))
    last_key, last = item.value[-1]
    at = end_of(last, last_key)
    if item.flow_style:
        return f"{text[:at]}, {key}: {written(value)}{text[at:]}"
    at = line_end(text, at)
    indent = " " * item.start_mark.column
    return f"{text[:at]}\n{indent}{key}: {written(value)}{text[at:]}"


def _spelled_out(text: str, folders: SequenceNode, item: Node, more: str) -> str:
    """Turn a folder that is only a path into a mapping with ``more``."""
    begin, end = item.start_mark.index, item.end_mark.index
    path = text[begin:end]
    if folders.flow_style:
        return f"{text[:begin]}{{path: {path}, {more}}}{text[end:]}"
    at = line_end(text, end)
    indent = " " * item.start_mark.column
    return f"{text[:begin]}path: {path}{text[end:at]}\n{indent}{more}{text[at:]}"


def _without_item(text: str, number: int) -> str:
    folders, item = _item(text, number)
    items = folders.value
    if folders.flow_style:
        begin, end = item.start_mark.index, end_of(item)
        if number + 1 < len(items):
            end = items[number + 1].start_mark.index
        elif number:
            begin = end_of(items[number - 1])
        return text[:begin] + text[end:]
    begin = text.rfind("\n", 0, dash_of(text, folders, item)) + 1
    end = min(line_end(text, end_of(item)) + 1, len(text))
    after = text[:begin] + text[end:]
    if len(items) > 1:
        return after
    key, _ = child(compose(after), "folders")
    at = len(after) if key is None else key.end_mark.index + 1
    return f"{after[:at]} []{after[at:]}"
