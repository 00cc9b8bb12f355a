import os
import subprocess
import sys

import pytest

from traumbox.cli import app, terminal
from traumbox.errors import ConfigError, StoreError


@pytest.fixture
def command(monkeypatch):
    """Let ``traumbox status`` do what a test wants."""

    class Module:
        @staticmethod
        def execute(arguments):
            raise NotImplementedError

    monkeypatch.setitem(sys.modules, "traumbox.cli.stand_in", Module)
    monkeypatch.setitem(app.COMMANDS, "status", "traumbox.cli.stand_in")

    def does(error: BaseException | None, code: int = 0):
        def execute(arguments):
            if error is not None:
                raise error
            return code

        Module.execute = staticmethod(execute)

    return does


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (ConfigError("web.port: 0x"), 2, "traumbox: web.port: 0x\n"),
        (StoreError("the disk is full"), 1, "traumbox: the disk is full\n"),
        (PermissionError(13, "denied", "/var/lib/x"), 1, "traumbox: /var/lib/x: no permission."),
        (KeyboardInterrupt(), 130, ""),
        (ZeroDivisionError("oh"), 1, "traumbox: Sorry, that went wrong"),
    ],
)
def test_whatever_happens_ends_in_words_and_a_code(command, capsys, error, code, told):
    command(error)
    assert app.main(["status"]) == code
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith(told)
    assert "Traceback" not in written.err


def test_the_commands_code_is_the_programs(command):
    command(None, 3)
    assert app.main(["status"]) == 3


def test_a_traceback_is_logged_where_debugging_is_wanted(command, caplog):
    command(ZeroDivisionError("oh"))
    with caplog.at_level("DEBUG"):
        app.main(["status"])
    assert "ZeroDivisionError" in caplog.text


def test_a_reader_that_has_seen_enough_is_no_failure(tmp_path):
    config = tmp_path / "traumbox.yaml"
    config.write_text("data_dir: data\n")
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.run(
        [sys.executable, "-m", "traumbox", "-c", str(config), "config", "check"],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert process.returncode == 0
    assert "Broken" not in process.stderr


def test_control_characters_cannot_steer_the_terminal():
    assert terminal.printable("a\x1b[2Jb\nc–ü") == "a�[2Jb�c–ü"


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (65.9, "1:05"), (3600, "1:00:00"), (7325, "2:02:05")]
)
def test_times_are_shown_as_on_a_player(seconds, shown):
    assert terminal.clock(seconds) == shown
