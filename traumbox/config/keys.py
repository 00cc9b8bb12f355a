"""Which keys the configuration knows, read off the models."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from traumbox.config.mistakes import KeyPath
from traumbox.config.models import Settings


def key_name(attribute: str, info: FieldInfo) -> str:
    """Return the key in YAML of a model's attribute."""
    return info.alias or attribute


def keys_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return every key that the owner may write in the section ``model``."""
    return {
        key_name(attribute, info): info
        for attribute, info in model.model_fields.items()
        if not info.exclude
    }


def inner_model(info: FieldInfo) -> type[BaseModel] | None:
    """Return the section that a key opens, or that of each of its list's items."""
    return _model_in(info.annotation)


def is_list(info: FieldInfo) -> bool:
    """Whether the key holds a list."""
    return get_origin(info.annotation) is tuple


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for a in get_args(annotation) if (m := _model_in(a)) is not None), None)


def field_at(path: KeyPath, model: type[BaseModel] = Settings) -> FieldInfo | None:
    """Return the field a key path leads to; list positions are passed over."""
    info: FieldInfo | None = None
    at: type[BaseModel] | None = model
    for part in path:
        if isinstance(part, int):
            continue
        known = {} if at is None else keys_of(at)
        if part not in known:
            return info
        info = known[part]
        at = inner_model(info)
    return info


def all_keys(model: type[BaseModel] = Settings, above: str = "") -> Iterator[str]:
    """Yield the dotted name of every key: ``web.port``, ``folders.path``."""
    for name, info in keys_of(model).items():
        inner = inner_model(info)
        if inner is None:
            yield f"{above}{name}"
        else:
            yield from all_keys(inner, f"{above}{name}.")
