from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.tools import HERE, MISSING
from tests.web.appliance import Appliance

# Their imports would fail; test_tools.py is skipped in their stead, with the reason.
collect_ignore = [
    path.name for path in HERE.glob("test_*.py") if MISSING and path.name != "test_tools.py"
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


# Not for the whole session: while Playwright is there, no other test may run an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[object]:
    from tests.browser.driver import chromium, open_browser  # noqa: PLC0415 - may be missing

    if chromium() is None:
        pytest.skip("Chromium isn't installed (apt install chromium)")
    with open_browser() as browser:
        yield browser


@pytest.fixture
def appliance(tmp_path: Path) -> Iterator[Appliance]:
    appliance = Appliance(tmp_path)
    yield appliance
    appliance.ledger.close()
