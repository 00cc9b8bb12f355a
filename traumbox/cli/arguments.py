"""The commands and their options, in argparse's words."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import traumbox
from traumbox.cli.exit_codes import MEANING

KINDS = ("music", "audiobook", "podcast")
"""domain.KINDS, written out: the domain loads NumPy, and --help must be light."""

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
    if arguments.command == "search" and not (arguments.text or arguments.like or arguments.filter):
        parser.error("search: give TEXT, --like FILE or --filter CONDITION")
    if arguments.command == "hear" and bool(arguments.files) == arguments.failed:
        parser.error("hear: give either FILE or --failed")
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

    _add_folder(_command(commands, "folder", "see, add, change and remove watched folders"))
    _command(commands, "pause", "hear nothing until 'resume', over restarts too")
    _command(commands, "resume", "go on hearing")
    hear = _command(commands, "hear", "hear files next, whatever the hour and even while paused")
    hear.add_argument("files", nargs="*", type=Path, metavar="FILE", help="in a watched folder")
    hear.add_argument(
        "--failed", action="store_true", help="try all files again that couldn't be heard"
    )

    _add_model(_command(commands, "model", "see, get, check and choose the model that listens"))

    config = _command(commands, "config", "look after the configuration")
    actions = config.add_subparsers(dest="action", metavar="ACTION", required=True)
    _command(actions, "check", "check the configuration and name every mistake")
    return parser


def _add_folder(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    _add_json(_command(actions, "list", "show every folder, how it is and what went lately"))
    add = _command(actions, "add", "watch another folder")
    add.add_argument("path", type=Path, metavar="PATH", help="such as /srv/music")
    _add_wishes(add, "what to call it (default: the last part of PATH)")
    change = _command(actions, "change", "change what is wanted of a folder")
    _add_folder_name(change)
    _add_wishes(change, "a new name")
    _add_folder_name(
        _command(actions, "remove", "watch a folder no longer; its files stay where they are")
    )
    _add_folder_name(_command(actions, "scan", "look through one folder now"))
    confirm = _command(
        actions, "confirm", "say that what is missing in a folder is really gone, or meant"
    )
    _add_folder_name(confirm)
    _add_yes(confirm)
    forget = _command(actions, "forget", "forget a folder's missing tracks for good, now")
    _add_folder_name(forget)
    _add_yes(forget)


def _add_folder_name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="NAME", help="the folder's name, as 'list' shows it")


def _add_wishes(parser: argparse.ArgumentParser, naming: str) -> None:
    parser.add_argument("--name", metavar="NAME", help=naming)
    parser.add_argument("--colour", metavar="COLOUR", help="such as '#4e79a7'")
    parser.add_argument(
        "--kind", choices=("auto", *KINDS), help="what lies in it (auto: by the rules)"
    )
    parser.add_argument(
        "--priority", choices=("first", "normal", "last"), help="whose files are heard first"
    )
    patterns = "as in .gitignore; may be given again; '' takes all patterns away"
    parser.add_argument(
        "--include", action="append", metavar="PATTERN", help=f"only what matches, {patterns}"
    )
    parser.add_argument(
        "--exclude", action="append", metavar="PATTERN", help=f"not what matches, {patterns}"
    )


def _add_yes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="don't ask back")


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
        "--like",
        type=Path,
        metavar="FILE",
        action="append",
        default=[],
        help="find what sounds like this audio file; several times for several, with a text for "
        "what is alike and fits it",
    )
    parser.add_argument(
        "--filter",
        metavar="CONDITION",
        action="append",
        default=[],
        help="only what meets it: bpm:110..130, year:..1979, key:8A, genre:jazz, played:never; "
        "-genre:rock for all but that; several times for several",
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
