import pytest

from tests.cli.service import serving


@pytest.fixture
def config_file(tmp_path, monkeypatch):
    """A configuration with one watched folder; the working directory holds no other."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRAUMBOX_CONFIG", raising=False)
    (tmp_path / "music").mkdir()
    path = tmp_path / "traumbox.yaml"
    path.write_text("data_dir: data\nfolders: [{path: music, name: Music}]\n")
    return path


@pytest.fixture
def service(tmp_path, config_file):
    """A running service that holds the configured data folder."""
    with serving(tmp_path / "data") as fake:
        yield fake
