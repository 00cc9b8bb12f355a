"""The Makefile on machines that lack something; what it installs is tried by using it."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@pytest.fixture
def machine(tmp_path):
    """A machine with nothing on its path but a shell's tools and what a test adds."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "echo", "touch", "test", "env", "id", "rm", "find"):
        (tools / name).symlink_to(shutil.which(name))
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    shutil.copy(ROOT / "Makefile", checkout)
    shutil.copy(ROOT / "pyproject.toml", checkout)
    return checkout, tools


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def make(machine, *arguments: str) -> subprocess.CompletedProcess[str]:
    checkout, tools = machine
    return subprocess.run(
        [shutil.which("make"), "--no-print-directory", *arguments],
        cwd=checkout,
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def a_python(ensurepip: bool = True) -> str:
    """Shell text of an interpreter that makes a hollow virtual environment, and notes its calls."""
    refused = "" if ensurepip else '*"import ensurepip"*) exit 1;;'
    return f"""
echo "$0 $*" >> "$LOG"
case "$*" in
  {refused}
  *"import tomllib"*) exec {sys.executable} "$@";;
  *"-m venv"*)
    /bin/mkdir -p .venv/bin; /bin/cp "$0" .venv/bin/python; exec /bin/cp "$0" .venv/bin/traumbox;;
  *"import pip"*|"-c"*|"-m pip"*) exec {sys.executable} -c "";;
esac
""".replace('"$LOG"', "calls")


def calls(machine) -> list[str]:
    return (machine[0] / "calls").read_text().splitlines()


def test_without_python_it_says_what_to_install(machine):
    ended = make(machine, "run")
    assert ended.returncode != 0
    assert "traumbox needs Python 3.11 or newer" in ended.stderr
    assert "sudo apt install python3 python3-venv" in ended.stderr


def test_a_python_that_is_too_old_is_passed_over(machine):
    script(machine[1] / "python3", 'case "$*" in --version) echo "Python 3.9.2";; *) exit 1;; esac')
    ended = make(machine, "run")
    assert ended.returncode != 0
    assert "found: Python 3.9.2" in ended.stderr


def test_the_first_that_is_new_enough_is_taken(machine):
    script(machine[1] / "python3", "exit 1")
    script(machine[1] / "python3.12", a_python())
    assert make(machine, "run").returncode == 0
    assert any("python3.12 -m venv" in call for call in calls(machine))


def test_without_venv_it_says_which_package_to_install(machine):
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    text = a_python(ensurepip=False).replace(f'{sys.executable} -c ""', f'{sys.executable} "$@"')
    script(machine[1] / "python3", text)
    ended = make(machine, "run")
    assert ended.returncode != 0
    assert f"sudo apt install python{version}-venv" in ended.stderr


def test_a_named_python_is_honoured(machine, tmp_path):
    script(tmp_path / "mine", a_python())
    assert make(machine, "run", f"PYTHON={tmp_path / 'mine'}").returncode == 0
    assert any(f"{tmp_path / 'mine'} -m venv" in call for call in calls(machine))


def test_the_second_run_installs_nothing(machine):
    script(machine[1] / "python3", a_python())
    assert make(machine, "run").returncode == 0
    installs = [call for call in calls(machine) if "-m pip install" in call]
    assert len(installs) == 1
    assert installs[0].endswith("--editable .")  # no extra: no torch
    started = [call for call in calls(machine) if "bin/traumbox" in call]
    assert started[0].endswith("traumbox -c config/traumbox.yaml run")
    make(machine, "run")
    assert len([call for call in calls(machine) if "-m pip install" in call]) == 1
    os.utime(machine[0] / "pyproject.toml", (4e9, 4e9))
    make(machine, "run")
    assert len([call for call in calls(machine) if "-m pip install" in call]) == 2


def test_a_failed_installation_is_tried_again(machine):
    text = a_python().replace('*"import pip"*', '*"pip install"*) exit 1;; *"import pip"*')
    script(machine[1] / "python3", text)
    assert make(machine, "run").returncode != 0
    assert not (machine[0] / ".venv" / ".installed").exists()


def pips(machine) -> list[str]:
    """What pip was asked for, without its general options."""
    general = "-m pip install --quiet --disable-pip-version-check "
    return [call.partition(general)[2] for call in calls(machine) if general in call]


def test_clap_installs_the_converter_beside_its_metadata(machine):
    script(machine[1] / "python3", a_python())
    ended = make(machine, "clap")
    assert ended.returncode == 0, ended.stderr
    assert pips(machine) == ["--editable .", "--editable .[clap]", "--no-deps laion-clap==1.1.7"]
    assert "traumbox -c config/traumbox.yaml model fetch clap-music" in ended.stdout
    assert make(machine, "clap").returncode == 0
    assert len(pips(machine)) == 3


def test_clap_takes_torch_from_a_named_place_first(machine):
    script(machine[1] / "python3", a_python())
    assert make(machine, "clap", "TORCH_INDEX=https://wheels.test/cpu").returncode == 0
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    (torch,) = [need for need in extra["clap"] if need.startswith("torch>")]
    assert pips(machine)[1] == f"--index-url https://wheels.test/cpu {torch}"
    assert pips(machine)[2] == "--editable .[clap]"


def test_clap_says_what_plain_torch_brings(machine):
    lacking = 'case "$*" in "-c import torch") exit 1;; esac\ncase'
    script(machine[1] / "python3", a_python().replace("case", lacking, 1))
    told = make(machine, "clap").stdout
    assert "several GB" in told
    assert "make clap TORCH_INDEX=ADDRESS" in told


def test_a_converter_that_doesnt_import_is_installed_again(machine):
    text = a_python().replace("case", 'case "$*" in *"import lancedb"*) exit 1;; esac\ncase', 1)
    script(machine[1] / "python3", text)
    assert make(machine, "clap").returncode != 0
    assert not (machine[0] / ".venv" / ".installed-clap").exists()


def test_help_names_every_target():
    text = (ROOT / "Makefile").read_text()
    targets = next(line for line in text.splitlines() if line.startswith(".PHONY:")).split()[1:]
    for target in set(targets) - {"help", "chromium"}:
        assert f"make {target} " in text.partition("help:")[2].partition("\n\n")[0]
