"""Nothing tells anybody anything: OpenVINO would, at each import."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOOR = ROOT / "traumbox" / "embedders" / "quiet.py"
IMPORTS = re.compile(r"^\s*(?:import|from) openvino\b|import_module\(.openvino", re.MULTILINE)


def test_openvino_comes_in_by_one_door():
    sources = [*(ROOT / "traumbox").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    assert DOOR in sources
    others = [path for path in sources if path not in (DOOR, Path(__file__))]
    assert [str(path) for path in others if IMPORTS.search(path.read_text())] == []


IMPORTED = """
import sys, threading
from traumbox.embedders.quiet import openvino
assert "CPU" in openvino().Core().available_devices
assert openvino() is sys.modules["openvino"]
print([name for name, module in sys.modules.items() if module and "telemetry" in name])
print(threading.active_count())
"""


def test_its_telemetry_stays_outside(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", IMPORTED],
        cwd=ROOT,
        # Not CI=true of an outer run: it spares telemetry, whatever we do.
        env={"HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == ["[]", "1"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "line",
    [
        "import openvino as ov",
        "    from openvino import Core",
        'importlib.import_module("openvino")',
        "import openvino.properties",
    ],
)
def test_such_a_line_would_be_seen(line):
    assert IMPORTS.search(f"import os\n{line}\n")
