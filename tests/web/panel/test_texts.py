"""The catalogue and the components know the same texts."""

import re
import string
from pathlib import Path

import pytest

import traumbox.web.panel
from traumbox.config.music import PALETTE
from traumbox.web.panel.texts import ENGLISH

PANEL = Path(traumbox.web.panel.__file__).parent
COMPONENTS = (
    "rail",
    "search_bar",
    "results",
    "track_detail",
    "player_bar",
    "welcome",
    "folders",
    "activity",
    "models",
)
SHARED = {  # files of the core, and in which components they speak
    "result_row": ("results",),
    "track_menu": ("results",),
    "nothing_left": ("results",),
    "conditions": ("search_bar", "results"),
    "search_field": ("search_bar",),
    "search_chips": ("search_bar",),
    "filter_sheet": ("search_bar",),
    "filter_fields": ("search_bar",),
    "token_field": ("search_bar",),
    "sound_sheet": ("search_bar",),
    "sound_search": ("search_bar",),
    "recorder": ("search_bar",),
    "seek_bar": ("player_bar",),
    "queue_sheet": ("player_bar",),
    "shortcut_sheet": ("rail",),
    "format": ("results", "track_detail", "rail", "activity", "models", "folders"),
    "command_line": ("folders",),
    "folder_card": ("folders",),
    "folder_form": ("folders",),
    "walks": ("results", "track_detail"),
    "marks": ("results", "track_detail"),
    "held_card": ("folders",),
    "removals": ("folders",),
    "model_card": ("models",),
    "model_work": ("rail", "models"),
}
PLURALS = ("_zero", "_one", "_two", "_few", "_many", "_other")


def source(component: str) -> str:
    shared = [name for name, users in SHARED.items() if component in users]
    files = [PANEL / "components" / f"{component}.js"]
    files += [PANEL / "core" / f"{name}.js" for name in shared]
    return "\n".join(file.read_text() for file in files)


def stem(key: str) -> str:
    return next((key.removesuffix(end) for end in PLURALS if key.endswith(end)), key)


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_text_of_the_catalogue_is_used(component: str) -> None:
    code = source(component)
    # Keys put together at run time: `problem_${…}`, texts[`heading_${…}`], texts["kind_" + …].
    made = tuple(re.findall(r"[`\"']([a-z]+_)(?:\$\{|[\"'] \+)", code))
    named = set(re.findall(r"[\"'.]([a-z0-9_]+)\b", code))
    unused = {key for key in ENGLISH[component] if stem(key) not in named}
    assert not {key for key in unused if not (made and key.startswith(made))}


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_text_that_is_asked_for_exists(component: str) -> None:
    code = (PANEL / "components" / f"{component}.js").read_text()
    asked = set(re.findall(r"\btexts\.([a-z0-9_]+)", code))
    asked |= set(re.findall(r"say\(this\.texts, \"([a-z0-9_]+)\"", code))
    known = {stem(key) for key in ENGLISH[component]} | ENGLISH[component].keys()
    assert asked <= known


@pytest.mark.parametrize("name", SHARED)
def test_shared_parts_find_their_texts_in_each_component(name: str) -> None:
    code = (PANEL / "core" / f"{name}.js").read_text()
    asked = set(re.findall(r"\btexts\.([a-z0-9_]+)", code))
    if name != "format":  # there, each function speaks for other components
        asked |= set(re.findall(r"say\((?:this\.)?texts, (?:\w+ \? )?\"([a-z0-9_]+)\"", code))
    for component in SHARED[name]:
        known = {stem(key) for key in ENGLISH[component]} | ENGLISH[component].keys()
        assert asked <= known


def test_every_colour_to_choose_from_has_a_name() -> None:
    assert {f"colour_{colour.removeprefix('#')}" for colour in PALETTE} <= ENGLISH["folders"].keys()


def test_texts_are_well_formed() -> None:
    for component, texts in ENGLISH.items():
        for key, text in texts.items():
            assert text.strip() == text, f"{component}.{key}"
            assert text, f"{component}.{key}"
            list(string.Formatter().parse(text))


def test_plurals_have_at_least_one_and_other() -> None:
    for texts in ENGLISH.values():
        ones = {stem(key) for key in texts if key.endswith("_one")}
        others = {stem(key) for key in texts if key.endswith("_other")}
        assert ones == others
