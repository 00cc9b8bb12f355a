"""What README names exists, and what exists is named there."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import traumbox.web.api
from traumbox.cli.app import COMMANDS
from traumbox.cli.arguments import build_parser
from traumbox.cli.exit_codes import MEANING
from traumbox.config.environment import CONFIG_NAME, variables
from traumbox.config.keys import all_keys

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def table(heading: str) -> list[list[str]]:
    """The rows of the table whose first column has this heading."""
    rows = README.split(f"\n| {heading} |", 1)[1].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]


def code(cell: str) -> str:
    return cell.strip("`")


def test_every_key_with_its_default():
    shipped = YAML(typ="rt").load((ROOT / "config" / "traumbox.yaml").read_text())
    rows = table("key")
    assert [code(key) for key, _, _ in rows] == list(all_keys())
    for key, default, _ in rows:
        value = shipped
        for name in code(key).split("."):
            # A folder's keys are shown in a comment.
            value = value[name] if name in value else ""  # noqa: SIM401 - a list has no get
        if isinstance(value, list) and value:
            assert default == ", ".join(f"`{one}`" for one in value), key
            continue
        written = "null" if value is None else str(value)
        written = written.lower() if isinstance(value, bool) else written
        assert code(default) == written, key


def parsers(parser):
    """A parser and those of its commands, their actions included, by their words."""
    found = {(): parser}
    for group in parser._subparsers._group_actions if parser._subparsers else ():
        for word, inner in group.choices.items():
            found |= {(word, *words): one for words, one in parsers(inner).items()}
    return found


def test_every_command_and_option():
    named = {tuple(code(row[0]).split()[1:]) for row in table("command") if "traumbox" in row[0]}
    there = parsers(build_parser())
    assert {words[0] for words in named} == set(COMMANDS)
    spoken = {words for words, parser in there.items() if words and not parser._subparsers}
    assert {tuple(word for word in words if not word.isupper()) for words in named} == spoken
    there = {
        option
        for one in there.values()
        for action in one._actions
        for option in action.option_strings
    }
    section = README.split("## Command line")[1].split("## API")[0]
    in_readme = set(re.findall(r"(?<![\w-])--[a-z]+", section))
    assert in_readme == {option for option in there if option.startswith("--")} - {"--config"}
    assert "-c FILE" in README


@pytest.mark.parametrize(
    "words", [words for words, parser in parsers(build_parser()).items() if not parser._subparsers]
)
def test_json_is_named_where_it_is_there(words):
    start = f"`traumbox {' '.join(words)}"
    row = next(row for row in table("command") if row[0].startswith(start))
    prints_json = "--json" in parsers(build_parser())[words]._option_string_actions
    assert ("`--json`" in row[1]) == prints_json


def test_every_exit_code():
    assert {int(number): meaning for number, meaning in table("exit code")} == MEANING


def test_every_request():
    there = set()
    for module in pkgutil.iter_modules(traumbox.web.api.__path__):
        router = getattr(importlib.import_module(f"traumbox.web.api.{module.name}"), "router", None)
        for route in router.routes if router is not None else ():
            if getattr(route, "include_in_schema", False) and not route.path.startswith("/docs"):
                there |= {f"{method} {route.path}" for method in route.methods}
    assert {code(row[0]) for row in table("request")} == there


def test_every_make_target():
    text = (ROOT / "Makefile").read_text()
    targets = set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split())
    named = set(
        re.findall(
            r"make ([a-z-]+)\b", "\n".join(re.findall(r"`[^`]*`|^make .*$", README, re.MULTILINE))
        )
    )
    assert named == targets - {"help", "chromium"}


def test_every_variable_that_is_named_exists():
    known = {*variables(), CONFIG_NAME, "TRAUMBOX_SECTION__KEY"}
    for file in ("README.md", "config/traumbox.yaml", "docker/compose.yaml"):
        assert set(re.findall(r"TRAUMBOX_\w+", (ROOT / file).read_text())) <= known, file


def test_every_path_that_is_named_exists():
    linked = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    named = re.findall(r"(?<![/\w])(?:config|systemd|docker)/[\w.-]+", README)
    assert linked
    for path in [*linked, *named]:
        assert (ROOT / path).exists(), path


def test_every_unit_the_installation_copies_is_where_it_starts_from():
    unit = (ROOT / "systemd" / "traumbox.service").read_text()
    for path in ("/opt/traumbox/.venv", "/etc/traumbox/traumbox.yaml"):
        assert path in unit
        assert path in README
