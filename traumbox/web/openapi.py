"""OpenAPI 3.1 said in 3.0, for the Swagger UI that we ship, which doesn't know 3.1 yet."""

from __future__ import annotations

from typing import Any

_NULL = {"type": "null"}


def as_3_0(document: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI 3.1 document, as FastAPI writes it, as one of 3.0.3."""
    return {**_schemas_as_3_0(document), "openapi": "3.0.3"}


def _schemas_as_3_0(node: Any) -> Any:
    if isinstance(node, list):
        return [_schemas_as_3_0(one) for one in node]
    if not isinstance(node, dict):
        return node
    said = {key: _schemas_as_3_0(value) for key, value in node.items()}
    if _NULL in said.get("anyOf", ()):
        others = [one for one in said.pop("anyOf") if one != _NULL]
        said |= {"nullable": True, **(others[0] if len(others) == 1 else {"anyOf": others})}
    if "const" in said and not isinstance(said["const"], dict):
        said["enum"] = [said.pop("const")]
    if isinstance(said.get("examples"), list):
        said["example"] = said.pop("examples")[0]
    return said
