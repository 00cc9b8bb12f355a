from pathlib import Path

import pytest

import traumbox
from traumbox.cli.app import COMMANDS, main
from traumbox.cli.arguments import parse
from traumbox.cli.exit_codes import MEANING


def test_every_command_has_its_module():
    for command, module in COMMANDS.items():
        assert module == f"traumbox.cli.{command}"


def test_the_configuration_may_stand_before_or_after_the_command():
    assert parse(["-c", "a.yaml", "status"]).config == Path("a.yaml")
    assert parse(["status", "-c", "a.yaml"]).config == Path("a.yaml")
    assert parse(["config", "check", "-c", "a.yaml"]).config == Path("a.yaml")
    assert parse(["status"]).config is None


def test_a_description_needs_no_quotes():
    assert parse(["search", "warm", "slow", "piano", "--limit", "3"]).text == [
        "warm",
        "slow",
        "piano",
    ]


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        ([], "required: COMMAND"),
        (["serch"], "invalid choice: 'serch'"),
        (["search"], "give TEXT, --like FILE or --filter CONDITION"),
        (["search", "--filter"], "expected one argument"),
        (["search", "x", "--limit", "0"], "expected a whole number from 1 to 200"),
        (["search", "x", "--limit", "many"], "expected a whole number from 1 to 200"),
        (["config"], "required: ACTION"),
        (["status", "--wrong"], "unrecognized arguments: --wrong"),
    ],
)
def test_wrong_usage_ends_with_code_2(argv, told, capsys):
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_help_names_every_command_exit_code_and_place_of_the_configuration(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    for command in COMMANDS:
        assert f"    {command} " in text
    for code, meaning in MEANING.items():
        assert f"{code}  {meaning}" in text
    for place in ("$TRAUMBOX_CONFIG", "./config/traumbox.yaml", "/etc/traumbox/traumbox.yaml"):
        assert place in text


def test_version(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"traumbox {traumbox.__version__}\n"
