"""The panel reads and writes conditions by its own copy of what they are."""

import re
from pathlib import Path

import traumbox.web.panel
from traumbox.domain.conditions import NUMBER_FIELDS
from traumbox.domain.keys import KEYS

SCRIPT = (Path(traumbox.web.panel.__file__).parent / "core" / "conditions.js").read_text("utf-8")


def listed(name: str) -> list[str]:
    found = re.search(rf"const {name} = \[(.*?)\]", SCRIPT, re.DOTALL)
    assert found is not None
    return re.findall(r'"([^"]+)"', found[1])


def test_the_panel_knows_which_fields_are_numbers() -> None:
    assert tuple(listed("NUMBERS")) == NUMBER_FIELDS


def test_the_panel_knows_the_tonics_by_the_same_names() -> None:
    tonics = listed("TONICS")
    assert len(tonics) == 12
    assert {f"{tonic} {mode}" for tonic in tonics for mode in ("major", "minor")} == set(KEYS)
