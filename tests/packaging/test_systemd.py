import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from traumbox.cli.arguments import parse
from traumbox.cli.exit_codes import WRONG_USE

SYSTEMD = Path(__file__).parents[2] / "systemd"
UNIT = SYSTEMD / "traumbox.service"

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


@pytest.fixture
def service():
    class Last(dict):
        """Directives may repeat; keep them all, a line each."""

        def __setitem__(self, key, value):
            if isinstance(value, list) and key in self:
                value = [*self[key], *value]
            super().__setitem__(key, value)

    parser = configparser.ConfigParser(
        strict=False, interpolation=None, dict_type=Last, delimiters=("=",), comment_prefixes=("#",)
    )
    parser.optionxform = str
    parser.read(UNIT)
    return parser["Service"]


def test_it_starts_our_command_line(service):
    program, *arguments = service["ExecStart"].split()
    assert program == "/opt/traumbox/.venv/bin/traumbox"
    parsed = parse(arguments)
    assert parsed.command == "run"
    assert parsed.config == Path("/etc/traumbox/traumbox.yaml")


def test_a_wrong_configuration_is_not_tried_for_ever(service):
    assert service["Restart"] == "on-failure"
    assert service["RestartPreventExitStatus"] == str(WRONG_USE)


def test_it_runs_as_its_own_user(service):
    account = (SYSTEMD / "traumbox.sysusers").read_text().splitlines()[-1].split()
    assert account[:2] == ["u", "traumbox"]
    assert service["User"] == service["Group"] == account[1]
    assert account[-1] == f"/var/lib/{service['StateDirectory']}"


@needs_systemd
def test_systemd_finds_nothing_wrong(tmp_path):
    # As it is, but for the program, which isn't installed where the tests run.
    text = UNIT.read_text().replace("/opt/traumbox/.venv/bin/traumbox", "/bin/true")
    copy = tmp_path / UNIT.name
    copy.write_text(text)
    ended = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(copy)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout + ended.stderr) == (0, "")


@needs_systemd
def test_the_sandbox_is_tight():
    # The threshold is ten times the exposure level: 1.5 of 10.
    ended = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=15", str(UNIT)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if "unrecognized option" in ended.stderr:
        pytest.skip("this systemd-analyze can't look at a unit that isn't installed")
    assert ended.returncode == 0, ended.stdout[-400:] + ended.stderr
