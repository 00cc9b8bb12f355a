import pytest

from tests.cli.service import serving
from traumbox.cli.remote import Remote, running
from traumbox.config import load
from traumbox.errors import TraumboxError


@pytest.fixture
def settings(config_file):
    return load(config_file, {})


def test_without_a_service_there_is_none(settings):
    assert running(settings) is None
    settings.data_dir.mkdir()
    (settings.data_dir / "address").write_text("http://127.0.0.1:1\n")  # left by a killed one
    assert running(settings) is None


def test_a_service_is_found_and_answers_without_any_proxy(settings, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with serving(settings.data_dir) as service:
        remote = running(settings)
        assert remote is not None
        assert remote.address == service.address
        service.answers["/x"] = (200, {"a": 1})
        service.answers["/y"] = (202, {})
        assert remote.get("/x", q="ü b", limit=3) == {"a": 1}
        assert remote.post("/y", {"v": [1.5]}) == {}
        assert service.asked == [
            ("GET", "/x?q=%C3%BC+b&limit=3", None),
            ("POST", "/y", {"v": [1.5]}),
        ]


@pytest.mark.parametrize(
    ("status", "document", "told"),
    [
        (
            503,
            {"detail": "The model is loading.", "remedy": "Wait."},
            "The model is loading. Wait.",
        ),
        (500, b"<html>", "500 Internal Server Error"),
        (404, ["odd"], "404 Not Found"),
    ],
)
def test_a_refusal_is_told_in_its_own_words(settings, status, document, told):
    with serving(settings.data_dir) as service:
        service.answers["/x"] = (status, document)
        remote = running(settings)
        assert remote is not None
        with pytest.raises(TraumboxError) as caught:
            remote.get("/x")
    assert str(caught.value) == f"traumbox answered: {told}"


def test_silence_names_the_process(settings):
    with serving(settings.data_dir):
        (settings.data_dir / "address").write_text("http://127.0.0.1:1\n")
        remote = running(settings)
        assert remote is not None
        with pytest.raises(TraumboxError, match=f"Process {remote.pid} holds"):
            remote.get("/x")


def test_an_answer_that_is_no_json_is_told(settings):
    with serving(settings.data_dir) as service:
        service.answers["/x"] = (200, b"hello")
        remote = running(settings)
        assert remote is not None
        with pytest.raises(TraumboxError, match="doesn't answer"):
            remote.get("/x")


def test_an_address_that_is_none_is_refused():
    with pytest.raises(TraumboxError, match="which is no address"):
        Remote("file:///etc/passwd", 1)
