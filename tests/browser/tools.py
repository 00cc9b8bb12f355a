"""What the browser tests need besides the product."""

from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
MISSING = [name for name in ("playwright", "axe_core_python") if find_spec(name) is None]
