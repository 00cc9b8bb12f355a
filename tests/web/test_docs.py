import json
import re

import pytest
from starlette.testclient import TestClient

from traumbox.web.openapi import as_3_0

ADDRESSES = {
    "/api/v1/health": {"get"},
    "/api/v1/health/ready": {"get"},
    "/api/v1/search": {"get"},
    "/api/v1/search/sound": {"post"},
    "/api/v1/search/vector": {"post"},
    "/api/v1/suggest": {"get"},
    "/api/v1/starters": {"get"},
    "/api/v1/radio": {"get"},
    "/api/v1/journey": {"get"},
    "/api/v1/similar/{track_id}": {"get"},
    "/api/v1/audio/files": {"get"},
    "/api/v1/audio/files/retry": {"post"},
    "/api/v1/audio/files/{track_id}": {"get"},
    "/api/v1/audio/files/{track_id}/hear": {"post"},
    "/api/v1/audio/files/{track_id}/played": {"post"},
    "/api/v1/audio/files/{track_id}/cover": {"get"},
    "/api/v1/audio/files/{track_id}/moments": {"get"},
    "/api/v1/status": {"get"},
    "/api/v1/folders": {"get", "post"},
    "/api/v1/folders/{name}": {"patch", "delete"},
    "/api/v1/folders/{name}/scan": {"post"},
    "/api/v1/folders/{name}/confirm": {"post"},
    "/api/v1/folders/{name}/forget": {"post"},
    "/api/v1/scan": {"post"},
    "/api/v1/pause": {"post"},
    "/api/v1/resume": {"post"},
    "/api/v1/demo": {"post"},
    "/api/v1/reload": {"post"},
    "/api/v1/models": {"get"},
    "/api/v1/models/import": {"post"},
    "/api/v1/models/refresh": {"post"},
    "/api/v1/models/fetch/stop": {"post"},
    "/api/v1/models/change/{action}": {"post"},
    "/api/v1/models/{name}": {"delete"},
    "/api/v1/models/{name}/fetch": {"post"},
    "/api/v1/models/{name}/use": {"post"},
    "/api/v1/models/{name}/verify": {"post"},
    "/stream/{track_id}": {"get"},
}


def test_every_address_is_described(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert {path: set(methods) for path, methods in document["paths"].items()} == ADDRESSES
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["description"]
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"]


def test_the_page_is_wholly_ours_and_fits_the_policy(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert not re.search(r"<script(?![^>]*\ssrc=)", page.text), "no inline script"
    addresses = re.findall(r'(?:src|href)="([^"]*)"', page.text)
    assert len(addresses) == 3
    for address in addresses:
        assert "//" not in address
        part = client.get(f"/{address}")
        assert part.status_code == 200
        assert len(part.content) > 100


@pytest.mark.parametrize("name", ["..%2fswagger_ui_bundle", "index.html", "%2e%2e%2f__init__.py"])
def test_nothing_else_of_the_bundle_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/docs/{name}").status_code == 404


def test_the_page_reads_a_dialect_its_version_knows(client: TestClient) -> None:
    document = client.get("/docs/openapi.json").json()
    assert document["openapi"] == "3.0.3"
    text = json.dumps(document)
    assert '"null"' not in text
    assert '"const"' not in text


def test_nullable_in_3_0() -> None:
    one = {"anyOf": [{"type": "string"}, {"type": "null"}], "examples": ["a", "b"]}
    assert as_3_0(one) == {
        "type": "string", "nullable": True, "example": "a", "openapi": "3.0.3",
    }  # fmt: skip
    two = {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}
    assert as_3_0(two) == {
        "anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": True, "openapi": "3.0.3",
    }  # fmt: skip
