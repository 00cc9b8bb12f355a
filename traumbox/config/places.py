"""Where in a YAML text things stand; for changing one without touching another byte."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode


def compose(text: str) -> MappingNode | None:
    """Return the document's tree with its marks, None when it holds nothing; YAMLError."""
    root = YAML(typ="safe", pure=True).compose(text)
    if root is not None and not isinstance(root, MappingNode):
        raise YAMLError("it holds no keys")
    return root


def child(node: Node | None, key: str) -> tuple[ScalarNode | None, Node | None]:
    """Return the key's and the value's node of ``key`` in a mapping; None, None when not there."""
    for name, value in node.value if isinstance(node, MappingNode) else ():
        if name.value == key:
            return name, value
    return None, None


def is_empty(node: Node) -> bool:
    """Tell whether a value was left out (``folders:``): such a node's place means nothing."""
    return isinstance(node, ScalarNode) and node.value == "" and node.style is None


def end_of(node: Node, key: Node | None = None) -> int:
    """Return where a value ends, its trailing comments and blank lines not counted in.

    A node in block style only ends, for the parser, where the next one begins. ``key`` is the
    value's key, behind which it stands when it was left out.
    """
    if is_empty(node) and key is not None:
        return int(key.end_mark.index) + 1  # the colon
    if isinstance(node, CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return end_of(last[1], last[0]) if isinstance(last, tuple) else end_of(last)
    return int(node.end_mark.index)


def line_end(text: str, at: int) -> int:
    """Return where the line ends that ``at`` is on: its newline, or the end of the text."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def line_ended(text: str) -> str:
    """Return ``text`` with a newline at its end, unless it is empty."""
    return text if not text or text.endswith("\n") else f"{text}\n"


def replaced(text: str, node: Node, value: str) -> str:
    """Put ``value`` where a scalar or a collection in flow style stands."""
    gap = " " if node.start_mark.index == node.end_mark.index else ""
    return f"{text[: node.start_mark.index]}{gap}{value}{text[node.end_mark.index :]}"


def dash_of(text: str, items: SequenceNode, item: Node) -> int:
    """Return where the dash stands that begins ``item`` of a list in block style."""
    column = items.start_mark.column
    dash = re.compile(rf"^ {{{column}}}(-)(?=\s)", re.MULTILINE)
    places = [m.start(1) for m in dash.finditer(text, 0, item.start_mark.index + 1)]
    if not places:
        raise YAMLError("its list is written in an unusual way")
    return places[-1]


def written(value: object) -> str:
    """Return a value as YAML on one line, fit for flow and block style alike."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = True
    yaml.width = 1 << 30
    yaml.allow_unicode = True
    listed = list(value) if isinstance(value, tuple) else value
    plain = _dumped(yaml, [listed])[1:-1]
    try:
        if YAML(typ="safe", pure=True).load(f"{{key: {plain}}}") == {"key": listed}:
            return plain
    except YAMLError:
        pass  # what the library writes plainly it can't always read again, such as ?0 in braces
    return json.dumps(listed, ensure_ascii=False)


def written_pairs(pairs: Mapping[str, object], indent: str) -> str:
    """Return lines of ``key: value``, each but the first behind ``indent``."""
    return f"\n{indent}".join(f"{key}: {written(value)}" for key, value in pairs.items())


def _dumped(yaml: YAML, value: object) -> str:
    out = StringIO()
    yaml.dump(value, out)
    return out.getvalue().strip()
