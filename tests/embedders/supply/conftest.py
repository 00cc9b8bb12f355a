import pytest


@pytest.fixture(autouse=True)
def no_proxy_to_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """The servers of these tests are on this machine, whatever proxy it has for the others."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1,localhost")
