"""What the service must not carry around with it."""

import mmap
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import DaemonHouse, wait_for
from traumbox.daemon.lean import ABSENT

DOCS = "/docs/openapi.json"
LIMIT_BYTES = 150_000_000
"""What the service may take of a small machine before anybody has searched."""

NOT_NEEDED = {
    "PIL",
    "aiohttp",
    "av",
    "librosa",
    "numba",
    "onnx",
    "onnxruntime",
    "openvino",
    "scipy",
    "sklearn",
    "soundfile",
    "soxr",
    "tokenizers",
    "torch",
    "transformers",
    "watchfiles",
}
"""Native code that decodes, listens, converts or belongs to others: the listener's, not ours."""

PARTS = (
    "from traumbox.daemon.lean import go_without; go_without()\n"
    "import sys\n"
    "import traumbox.daemon.service, traumbox.daemon.house, traumbox.daemon.parts\n"
    "import traumbox.stores.lance, traumbox.web.app\n"
)


def run(code: str, *arguments: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def rss_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * mmap.PAGESIZE


def packages_of(pid: int) -> set[str]:
    """The packages whose native code a process has mapped."""
    maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
    paths = {line.split(maxsplit=5)[5] for line in maps if "-packages/" in line}
    tops = {path.partition("-packages/")[2].partition("/")[0] for path in paths}
    return {top.removesuffix(".libs").partition(".")[0] for top in tops}


@pytest.mark.process
@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs Linux's /proc")
def test_the_running_service_is_small(tmp_path):
    with DaemonHouse(tmp_path) as house:
        assert house.process is not None
        loaded = packages_of(house.process.pid)
        assert {"lancedb", "pyarrow", "numpy"} <= loaded
        assert not loaded & NOT_NEEDED
        # The start's last step, letting go, comes after it has said that it is ready.
        pid = house.process.pid
        wait_for(lambda: rss_bytes(pid) < LIMIT_BYTES, f"{LIMIT_BYTES >> 20} MiB of RSS", 20)
        assert "/api/v1/search" in house.json(DOCS)["paths"]


def test_its_modules_load_nothing_else():
    loaded = set(run(f"{PARTS}print(*(n for n, m in sys.modules.items() if m))").split())
    assert "nicegui" in loaded
    assert not {name.partition(".")[0] for name in loaded} & NOT_NEEDED
    assert not loaded & set(ABSENT)
    assert not {name for name in loaded if name.startswith(("numpy.f2py", "numpy.ma.", "rich"))}


INDEXING = """
from datetime import timedelta
from pathlib import Path
from tests.stores.sounds import CARD, entry, noise
from traumbox.stores.lance import LanceIndex
from traumbox.stores.upkeep import Upkeep
eager = Upkeep(
    commits=4, keep=timedelta(milliseconds=1), vector_index_rows=256, key_index_rows=10
)
for opened in range(2):
    index = LanceIndex(Path(sys.argv[1]), CARD, upkeep=eager)
    for number in range(10 * opened, 10 * opened + 10):
        index.add([entry(f"t{number}", f"s{number}", noise(number))])
    index.maintain()
    index.remove_tracks(["t1"])
    assert len(index.nearest_windows(noise(99, 1).vectors[0], 5)) == 5
    assert "t2" in index.known_tracks()
    index.close()
client = "lance_namespace_urllib3_client"
assert not hasattr(sys.modules[client], "__file__"), "it was loaded"
import lance_namespace
assert lance_namespace.ListTablesResponse(tables=["t"]).tables == ["t"]
assert hasattr(sys.modules[client], "__file__"), "it wasn't loaded"
"""


def test_the_index_never_asks_for_what_was_only_promised(tmp_path):
    run(PARTS + INDEXING, str(tmp_path))
