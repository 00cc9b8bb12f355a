"""The commands and their options, in argparse's words."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import traumbox
from traumbox.cli.exit_codes import MEANING

_EPILOG = """\
The configuration is the first of: -c FILE, the file named by $TRAUMBOX_CONFIG,
./config/traumbox.yaml, /etc/traumbox/traumbox.yaml, else every default.
TRAUMBOX_SECTION__KEY in the environment overrides single values.

exit codes:
"""


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the arguments; exits with code 2 and a usage line when they are wrong."""
    parser = build_parser()
    arguments = parser.parse_args(argv)
    if arguments.command == "search" and bool(arguments.text) == bool(arguments.like):
        parser.error("search: give either TEXT or --like FILE")
    return arguments


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    codes = "\n".join(f"  {code:>3}  {meaning}" for code, meaning in MEANING.items())
    parser = argparse.ArgumentParser(
        prog="traumbox",
        description="Find your own music by describing it.",
        epilog=_EPILOG + codes,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"traumbox {traumbox.__version__}")
    _add_config(parser, default=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    _command(commands, "run", "start the service: watch, listen, serve panel and API")
    _command(commands, "scan", "look through the folders now and hear what is new")
    _add_search(_command(commands, "search", "find music by a description or by likeness"))
    _add_json(_command(commands, "status", "show what has been heard and what is waiting"))

    demo = _command(commands, "demo", "synthesise about 24 short pieces into a folder and watch it")
    demo.add_argument(
        "dir", nargs="?", type=Path, metavar="DIR", help="where to (default: data_dir/demo)"
    )
    _add_json(_command(commands, "doctor", "check this machine and say what to do"))

    _add_model(_command(commands, "model", "see, get, check and choose the model that listens"))

    config = _command(commands, "config", "look after the configuration")
    actions = config.add_subparsers(dest="action", metavar="ACTION", required=True)
    _command(actions, "check", "check the configuration and name every mistake")
    return parser


def _add_model(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    _add_json(_command(actions, "list", "show every model and how it stands on this machine"))
    fetch = _command(actions, "fetch", "download a model and make it ready; goes on where it was")
    _add_model_name(fetch)
    taking = _command(actions, "import", "take in a model that somebody carried over")
    taking.add_argument(
        "path",
        type=Path,
        metavar="PATH",
        help="LAION's checkpoint (.pt), or the folder of a model converted on another machine",
    )
    verify = _command(actions, "verify", "compare a model's files with their checksums")
    _add_model_name(verify, optional="default: all that are installed")
    _add_json(verify)
    use = _command(actions, "use", "choose the model that listens and searches")
    _add_model_name(use, also="or auto: the best one installed")
    use.add_argument(
        "--now",
        action="store_true",
        help="switch at once, not when everything has been heard anew; until then only what "
        "has been can be found",
    )
    _add_model_name(_command(actions, "remove", "delete a model and what was heard with it"))
    quantize = _command(
        actions, "quantize", "make a model's 8-bit edition and test it on your music"
    )
    _add_model_name(quantize)
    _add_json(quantize)


def _add_model_name(parser: argparse.ArgumentParser, also: str = "", optional: str = "") -> None:
    hint = ", ".join(part for part in ("such as clap-music", also, optional) if part)
    parser.add_argument("name", metavar="NAME", nargs="?" if optional else None, help=hint)


def _add_search(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="*", metavar="TEXT", help="such as: warm slow piano")
    parser.add_argument(
        "--like", type=Path, metavar="FILE", help="find what sounds like this audio file instead"
    )
    parser.add_argument(
        "--limit", type=_limit, metavar="N", help="at most so many results (1 to 200)"
    )
    _add_json(parser)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def _add_config(parser: argparse.ArgumentParser, default: object) -> None:
    parser.add_argument(
        "-c", "--config", type=Path, metavar="FILE", default=default, help="the configuration file"
    )


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, purpose: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=purpose, description=f"{purpose.capitalize()}.")
    # Also after the command; SUPPRESS, or its default would overwrite what stood before it.
    _add_config(parser, default=argparse.SUPPRESS)
    return parser


def _limit(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= 200:
        raise argparse.ArgumentTypeError(f"{text!r}: expected a whole number from 1 to 200")
    return number
