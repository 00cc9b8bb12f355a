"""What must be light stays light."""

import subprocess
import sys

import pytest

HEAVY = [
    "aiohttp",
    "av",
    "fastapi",
    "lancedb",
    "mutagen",
    "nicegui",
    "numpy",
    "onnxruntime",
    "pyarrow",
    "pydantic",
    "rich",
    "ruamel",
    "scipy",
    "sqlite3",
    "starlette",
    "uvicorn",
    "watchdog",
]


@pytest.mark.parametrize(
    "code",
    [
        "import traumbox",
        "import traumbox.__main__",
        (
            "import sys; from traumbox.cli.app import main\n"
            "try: main(['--help'])\nexcept SystemExit: pass"
        ),
    ],
)
def test_nothing_heavy_is_imported(code):
    shown = f"{code}\nimport sys; print('LOADED', *sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", shown], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = {name.split(".")[0] for name in ended.stdout.rsplit("LOADED", 1)[1].split()}
    assert "traumbox" in loaded
    assert not loaded & set(HEAVY)
