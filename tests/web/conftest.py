from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.web.appliance import Appliance
from traumbox.web.app import create_api


@pytest.fixture
def appliance(tmp_path: Path) -> Iterator[Appliance]:
    appliance = Appliance(tmp_path)
    yield appliance
    appliance.ledger.close()


@pytest.fixture
def client(appliance: Appliance) -> TestClient:
    app = create_api(appliance.services(), pages=("/",))
    return TestClient(app, base_url="http://localhost:8480", raise_server_exceptions=False)
