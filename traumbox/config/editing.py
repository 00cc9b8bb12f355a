"""Changes that traumbox makes to the owner's file, keeping the owner's comments."""

from __future__ import annotations

import contextlib
import io
import os
import re
import stat
import tempfile
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import BaseRepresenter
from ruamel.yaml.tokens import CommentToken

from traumbox.config.document import parse
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


def _with_folder(text: str, folder_path: str, name: str) -> str:
    yaml = _writer(text)
    document = yaml.load(text)
    if document is None:
        # Nothing but comments, which ruamel has nowhere to hang on: keep them as they are.
        head = text if not text or text.endswith("\n") else f"{text}\n"
        return head + _with_folder("folders: []\n", folder_path, name)
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
