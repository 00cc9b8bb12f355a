"""Changes that traumbox makes to the owner's file, keeping the owner's comments."""

from __future__ import annotations

import contextlib
import io
import os
import re
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.representer import BaseRepresenter
from ruamel.yaml.tokens import CommentToken

from traumbox.config.document import parse
from traumbox.config.environment import variable
from traumbox.errors import ConfigError


def add_folder(path: Path, folder_path: Path, name: str) -> None:
    """Add a watched folder to the configuration file ``path``, made when it isn't there.

    Raises
    ------
    ConfigError
        When the file can't be changed, with the lines to add by hand.
    """
    try:
        before = path.read_text("utf-8") if path.exists() else ""
        after = _with_folder(before, str(folder_path), name)
        parse(after, str(path))
        _replace(path.resolve(), after)
    except (OSError, ValueError, YAMLError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ConfigError(
            f"{path}: can't be changed ({why}). Add these lines to it by hand:\n"
            f"{_with_folder('', str(folder_path), name)}"
        ) from error


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
    try:
        before = path.read_text("utf-8") if path.exists() else ""
        after = _with_model(before, name)
        if after != before:
            _replace(path.resolve(), after)
    except (OSError, ValueError, LookupError, TypeError, YAMLError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ConfigError(
            f"{path}: can't be changed ({why}). Write these lines into it by hand:\n"
            f"{_with_model('', name)}"
        ) from error


def _with_model(text: str, name: str) -> str:
    """Set one value by its place in the text: nothing else may change, not even a space."""
    root = YAML(typ="safe", pure=True).compose(text)
    if root is not None and not isinstance(root, MappingNode):
        raise YAMLError("it holds no keys")
    key, section = _child(root, "model")
    if key is None or section is None:
        after = f"{_line_ended(text)}model:\n  name: {name}\n"
    elif isinstance(section, MappingNode):
        after = _with_name(text, section, name)
    elif section.value == "":
        # A heading whose keys are all commented out: the node lies somewhere behind them.
        at = text.find("\n", key.end_mark.index)
        at = len(text) if at < 0 else at
        after = f"{text[:at]}\n  name: {name}{text[at:]}"
    else:
        after = _replaced(text, section, f"{{name: {name}}}")
    written = YAML(typ="safe", pure=True).load(after)
    if written["model"]["name"] != name:
        raise YAMLError("its model section is written in an unusual way")
    return after


def _with_name(text: str, section: MappingNode, name: str) -> str:
    _, old = _child(section, "name")
    if old is not None:
        return _replaced(text, old, name)
    if section.flow_style:
        at = section.start_mark.index + 1
        return f"{text[:at]}name: {name}{', ' if section.value else ''}{text[at:]}"
    first = section.value[0][0].start_mark
    return f"{text[: first.index]}name: {name}\n{' ' * first.column}{text[first.index :]}"


def _child(node: MappingNode | None, key: str) -> tuple[ScalarNode | None, Node | None]:
    for name, value in node.value if node is not None else ():
        if name.value == key:
            return name, value
    return None, None


def _replaced(text: str, node: Node, value: str) -> str:
    gap = " " if node.start_mark.index == node.end_mark.index else ""
    return f"{text[: node.start_mark.index]}{gap}{value}{text[node.end_mark.index :]}"


def _line_ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _with_folder(text: str, folder_path: str, name: str) -> str:
    yaml = _writer(text)
    document = yaml.load(text)
    if document is None:
        # Nothing but comments, which ruamel has nowhere to hang on: keep them as they are.
        return _line_ended(text) + _with_folder("folders: []\n", folder_path, name)
    if not isinstance(document, CommentedMap):
        raise YAMLError("it holds no keys")
    folders = document.get("folders")
    if not isinstance(folders, CommentedSeq) or not folders:
        folders = CommentedSeq()  # block style, whatever the empty one was written as
        document["folders"] = folders
    _append(folders, CommentedMap(path=folder_path, name=name))
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _append(folders: CommentedSeq, entry: CommentedMap) -> None:
    """Append, taking along what ruamel hung on the last entry but belongs to what follows."""
    last = folders[-1] if folders else None
    folders.append(entry)
    holder, key, slot = (
        (last.ca.items, next(reversed(last)), 2)
        if isinstance(last, CommentedMap)
        else (folders.ca.items, len(folders) - 2, 0)
    )
    if key not in holder or holder[key][slot] is None:
        return
    token = holder[key][slot]
    own, newline, following = token.value.partition("\n")
    token.value = own + newline
    entry.ca.items["name"] = [None, None, CommentToken(newline + following, token.start_mark), None]


def _writer(text: str) -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.representer.add_representer(type(None), _null)
    yaml.width = 4096  # never re-wrap the owner's lines
    dash = re.search(r"^( *)- ", text, re.MULTILINE)
    offset = 2 if dash is None else min(len(dash[1]), 8)
    yaml.indent(mapping=2, sequence=offset + 2, offset=offset)
    return yaml


def _null(representer: BaseRepresenter, _: None) -> ScalarNode:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def _replace(path: Path, text: str) -> None:
    """Swap the file's content in one step, keeping its mode and owner."""
    path.parent.mkdir(parents=True, exist_ok=True)
    old = path.stat() if path.exists() else None
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh = Path(temporary)
        fresh.chmod(0o644 if old is None else stat.S_IMODE(old.st_mode))
        if old is not None and (old.st_uid, old.st_gid) != (os.getuid(), os.getgid()):
            with contextlib.suppress(PermissionError):
                os.chown(fresh, old.st_uid, old.st_gid)
        fresh.replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
