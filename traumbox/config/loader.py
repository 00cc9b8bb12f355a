"""From a file and the environment to checked Settings, or to every mistake at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from traumbox.config.document import Document, read
from traumbox.config.environment import Overrides, overrides, variable
from traumbox.config.keys import all_keys, field_at, inner_model, is_list, keys_of
from traumbox.config.mistakes import KeyPath, Mistake, closest, dotted, error_of, shown
from traumbox.config.models import DEFAULT_DATA_DIR, Folder, Settings
from traumbox.config.timing import zone_names

CONFIG_FILE = Path("config/traumbox.yaml")
"""Where paths count from when there is no file: as if this one lay there, empty."""


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the file at ``path`` (None: all defaults) under the overrides in ``environ``.

    Raises
    ------
    ConfigError
        Naming every mistake with its place, value and what was expected.
    """
    document = Document("defaults", {}) if path is None else read(path)
    return check(document, path, environ)


def check(document: Document, path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Check what ``document`` says, as if it lay at ``path``; raises like `load`."""
    file = CONFIG_FILE.absolute() if path is None else path.absolute()
    return _Check(document, overrides(environ), file.parent).settings(
        None if path is None else file
    )


class _Check:
    """One pass over one configuration; collects mistakes instead of stopping at the first."""

    def __init__(self, document: Document, given: Overrides, base: Path) -> None:
        self._document = document
        self._given = given
        self._mistakes: list[Mistake] = [*document.mistakes, *given.mistakes]
        known = self._without_unknown(document.data, Settings, ())
        self._data = _anchored({"data_dir": DEFAULT_DATA_DIR, **known}, base)
        for key, value in given.values.items():
            self._override(key, value)

    def settings(self, file: Path | None) -> Settings:
        found: Settings | None = None
        try:
            found = Settings.model_validate({**self._data, "config_file": file})
        except ValidationError as error:
            self._add_invalid(error)
        self._add_conflicts()
        if self._mistakes or found is None:
            raise error_of(self._mistakes)
        return found

    def _override(self, key: KeyPath, value: Any) -> None:
        fresh = _anchored({str(key[0]): value}, Path.cwd()) if len(key) == 1 else {}
        if fresh:
            self._data.update(fresh)
            return
        section = self._data
        for heading in map(str, key[:-1]):
            inner = section.get(heading)
            section[heading] = dict(inner) if isinstance(inner, dict) else {}
            section = section[heading]
        section[str(key[-1])] = value

    def _without_unknown(
        self, data: Mapping[Any, Any], model: type[BaseModel], above: KeyPath
    ) -> dict[str, Any]:
        known = keys_of(model)
        kept: dict[str, Any] = {}
        for key, value in data.items():
            path = (*above, str(key))
            if key not in known:
                self._add(path, _unknown_key(path, known))
                continue
            inner = inner_model(known[key])
            if inner is not None and value is None:
                continue  # a heading with all its keys commented out
            if inner is not None and isinstance(value, dict) and not is_list(known[key]):
                kept[key] = self._without_unknown(value, inner, path)
            elif inner is not None and isinstance(value, list):
                kept[key] = [
                    self._without_unknown(item, inner, (*path, number))
                    if isinstance(item, dict)
                    else item
                    for number, item in enumerate(value)
                ]
            else:
                kept[key] = value
        return kept

    def _add(self, path: KeyPath, message: str) -> None:
        name = self._given.place(path)
        if name is not None:
            inside = "" if variable(path) == name else f" ({dotted(path)})"
            self._mistakes.append(Mistake("", 0, f"{name}{inside}", message))
            return
        place, line = self._document.place(path)
        self._mistakes.append(Mistake(place, line, dotted(path), message))

    def _add_invalid(self, error: ValidationError) -> None:
        for detail in error.errors(include_url=False):
            path: KeyPath = detail["loc"]
            if detail["type"] == "extra_forbidden":  # only from the environment's lists
                info = field_at(path[:-1])
                inner = None if info is None else inner_model(info)
                self._add(path, _unknown_key(path, {} if inner is None else keys_of(inner)))
            elif detail["type"] == "missing":
                self._add(path, f"missing; expected {_expected(path)}")
            else:
                self._add(path, _wrong_value(path, self._written(path, detail["input"])))

    def _written(self, path: KeyPath, fallback: object) -> object:
        """Return the value as the owner wrote it: ``1h``, not the seconds it was read as."""
        value: Any = self._data
        for part in path:
            try:
                value = value[part]
            except (LookupError, TypeError):
                return fallback
        return value

    def _add_conflicts(self) -> None:
        folders = dict(_valid_folders(self._data.get("folders")))
        data_dir = self._data["data_dir"]
        for number, folder in folders.items():
            path = ("folders", number)
            for other_number, other in folders.items():
                if other_number >= number:
                    break
                self._compare(path, folder, other)
            if isinstance(data_dir, str) and _lies_in(Path(data_dir), folder.path):
                self._add(
                    ("data_dir",),
                    f"{data_dir!r} lies inside the watched folder {str(folder.path)!r}, whose "
                    "watch traumbox's own writing would wake for ever; move it elsewhere",
                )

    def _compare(self, path: KeyPath, folder: Folder, other: Folder) -> None:
        if folder.name == other.name:
            self._add(
                path,
                f"a second folder named {folder.name!r} (the other is {str(other.path)!r}); "
                "give it another 'name:'",
            )
        mine, theirs = folder.path, other.path
        # One inside another is fine: the inner one's files are its own.
        if os.path.realpath(mine) == os.path.realpath(theirs):
            self._add(path, f"{str(mine)!r} is watched twice; remove one")


def _unknown_key(path: KeyPath, known: Mapping[str, object]) -> str:
    wrong = str(path[-1])
    meant = closest(wrong, known)
    if meant is None:
        # Perhaps a key of another section, written at the wrong depth.
        meant = next((key for key in all_keys() if key.rsplit(".", 1)[-1] == wrong), None)
    if meant is not None:
        return f"unknown key; did you mean '{meant}'?"
    return f"unknown key; known here are {', '.join(sorted(known))}"


def _expected(path: KeyPath) -> str:
    info = field_at(path)
    return (info.description if info is not None else None) or "something else"


def _wrong_value(path: KeyPath, value: object) -> str:
    message = f"{shown(value)}: expected {_expected(path)}"
    info = field_at(path)
    choices = [] if info is None else list(_literals(info.annotation))
    if path[-1] == "time_zone":
        choices = list(zone_names())
    meant = closest(str(value), choices) if choices else None
    return f"{message}; did you mean '{meant}'?" if meant else message


def _literals(annotation: Any) -> Iterator[str]:
    for argument in getattr(annotation, "__args__", ()):
        if isinstance(argument, str):
            yield argument


def _anchored(data: dict[str, Any], base: Path) -> dict[str, Any]:
    """Make the relative paths in ``data`` absolute, counting from ``base``."""
    anchored = dict(data)
    if "data_dir" in data:
        anchored["data_dir"] = _absolute(data["data_dir"], base)
    folders = data.get("folders")
    if isinstance(folders, list):
        anchored["folders"] = [
            {**item, "path": _absolute(item.get("path"), base)}
            if isinstance(item, dict) and "path" in item
            else _absolute(item, base)
            for item in folders
        ]
    return anchored


def _absolute(value: Any, base: Path) -> Any:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        return value
    try:
        return os.path.normpath(base / Path(value).expanduser())
    except RuntimeError:  # ~somebody who isn't there: told as a wrong value
        return value


def _valid_folders(raw: Any) -> Iterator[tuple[int, Folder]]:
    for number, item in enumerate(raw if isinstance(raw, Sequence) else ()):
        try:
            yield number, Folder.model_validate(item)
        except ValidationError:
            continue  # told by the check of the whole


def _lies_in(inner: Path, outer: Path) -> bool:
    """Whether ``inner`` is ``outer`` or below it, symbolic links followed."""
    return Path(os.path.realpath(inner)).is_relative_to(os.path.realpath(outer))
