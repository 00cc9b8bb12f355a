import pytest

from tests.browser.tools import MISSING


@pytest.mark.skipif(
    bool(MISSING), reason=f"not installed: {', '.join(MISSING)} (pip install 'traumbox[dev]')"
)
def test_the_browser_tests_have_their_tools() -> None:
    assert not MISSING
