import json
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.cli.heard import hear
from tests.cli.installed import SHA256, install
from traumbox.cli.app import main
from traumbox.cli.model.getting import follow
from traumbox.cli.model.listing import cells
from traumbox.cli.model.quantizing import edition_of, table
from traumbox.cli.model.telling import what_next
from traumbox.cli.remote import Remote
from traumbox.config import load
from traumbox.embedders.catalogue import CATALOGUE
from traumbox.embedders.clap.quantize import SelfCheck
from traumbox.embedders.supply import converter_missing
from traumbox.errors import ModelError
from traumbox.stores.ledger import Ledger
from traumbox.stores.spaces import Spaces
from traumbox.web.schemas import ModelsView

MODELS = "/api/v1/models"
CLAP = {
    "name": "clap-music",
    "title": "LAION CLAP (music)",
    "purpose": "The best for music.",
    "licence": "CC0-1.0",
    "dim": 512,
    "download_bytes": 2_352_471_003,
    "state": "absent",
    "serving": False,
    "tracks": 0,
    "note": "",
}
BUILTIN = {
    **CLAP,
    "name": "builtin",
    "title": "Built-in model",
    "purpose": "Small.",
    "licence": "GPL",
    "download_bytes": 0,
    "state": "installed",
    "serving": True,
    "tracks": 1_200,
}
FETCH = {
    "model": "clap-music",
    "stage": "download",
    "done_bytes": 1,
    "total_bytes": 4,
    "bytes_per_s": 0.0,
    "left_s": None,
    "next_try_s": None,
    "note": "",
}
CHANGE = {
    "old": "builtin",
    "new": "clap-music",
    "done": 1,
    "total": 4,
    "waiting": 0,
    "paused": False,
    "left_s": None,
    "note": "",
}

CHECK = SelfCheck(
    accepted=True,
    windows=48,
    prompts=24,
    median_error=0.01234,
    p95_error=0.1,
    shift_error=0.07,
    min_cosine=0.98,
    median_cosine=0.9991,
    overlap=0.95,
    spearman=0.991,
    lowest_spearman=0.97,
    faster=1.75,
    bytes_before=600_000_000,
    bytes_after=160_000_000,
    reasons=(),
)


def view(*models, fetch=None, change=None, notice="", serving="builtin", wanted="auto"):
    return {
        "version": 1,
        "wanted": wanted,
        "serving": serving,
        "models": list(models) or [BUILTIN, CLAP],
        "fetch": fetch,
        "change": change,
        "notice": notice,
    }


@pytest.fixture
def model(config_file):
    """Run ``traumbox model …`` and return its exit code."""
    return lambda *words: main(["-c", str(config_file), "model", *map(str, words)])


@pytest.fixture
def models_dir(tmp_path):
    return tmp_path / "data" / "models"


# The list.


def test_the_running_services_list_is_the_apis(model, service, capsys):
    document = view(fetch=FETCH, change=CHANGE, notice="Soon.")
    ModelsView.model_validate(document)
    service.answers[MODELS] = (200, document)
    assert model("list", "--json") == 0
    assert json.loads(capsys.readouterr().out) == document
    assert model("list") == 0
    assert capsys.readouterr().out.splitlines() == [
        "builtin\tin use, 1,200 tracks heard\tBuilt-in model. Small. Licence GPL.",
        "clap-music\t2.35 GB to download\tLAION CLAP (music). The best for music. Licence CC0-1.0.",
        "Soon.",
        "clap-music: downloading, 25 % of 4 B.",
        "Changing from builtin to clap-music: 1 of 4 tracks heard.",
    ]


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"state": "installed"}, "installed"),
        (
            {"state": "installed", "tracks": 1, "note": "Passed."},
            "installed, 1 track heard. Passed.",
        ),
        ({"state": "damaged", "note": "x\x1b is cut"}, "damaged. x� is cut"),
        ({"download_bytes": 0}, "not made"),
    ],
)
def test_how_a_model_stands(about, told):
    assert cells({**CLAP, **about})[1] == told


def test_without_the_service_the_folders_are_looked_at(model, models_dir, tmp_path, capsys):
    assert model("list", "--json") == 0
    assert not (tmp_path / "data").exists(), "looking makes nothing"
    first = json.loads(capsys.readouterr().out)
    ModelsView.model_validate(first)
    assert {one["name"]: one["state"] for one in first["models"]} == {
        "builtin": "installed",
        "clap-music": "absent",
        "clap-general": "absent",
        "clap-music-int8": "absent",
        "clap-general-int8": "absent",
    }
    assert (first["wanted"], first["serving"]) == ("auto", "")
    install(models_dir, "clap-music")
    (install(models_dir, "clap-general") / "text.onnx").write_bytes(b"cut")
    heard_with(tmp_path / "data", "clap-music", kept={"clap-general": 7})
    assert model("list", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    found = {one["name"]: one for one in document["models"]}
    assert document["serving"] == "clap-music"
    assert [found[name]["state"] for name in ("clap-music", "clap-general")] == [
        "installed", "damaged",
    ]  # fmt: skip
    assert [found[name]["tracks"] for name in ("clap-music", "clap-general")] == [2, 7]
    assert found["clap-music"]["serving"] is True


def heard_with(data_dir: Path, serving: str, kept: dict[str, int]) -> None:
    """Two tracks heard with the model ``serving``, so many earlier with each of ``kept``."""
    hear(data_dir, "Music", [b"a.flac", b"b.flac"])
    ledger = Ledger(data_dir / "traumbox.db")
    spaces = Spaces(ledger.database)
    for name, tracks in kept.items():
        spaces.begin(f"{name}-id", name, 1.0)
        spaces.decline(tracks, 2.0)
    spaces.serve(f"{serving}-id", serving, 3.0)
    ledger.close()


def roles(data_dir: Path) -> dict[str, str]:
    ledger = Ledger(data_dir / "traumbox.db")
    found = {row.model: row.role for row in Spaces(ledger.database).all()}
    ledger.close()
    return found


# Names.


@pytest.mark.parametrize("action", ["fetch", "verify", "use", "remove", "quantize"])
def test_a_slip_in_the_name_is_wrong_usage(model, capsys, action):
    assert model(action, "clap-musik") == 2
    assert "Did you mean “clap-music”?" in capsys.readouterr().err


@pytest.mark.parametrize("action", ["fetch", "verify", "remove", "quantize"])
def test_auto_is_no_model(model, capsys, action):
    assert model(action, "auto") == 2
    assert "name one of the models" in capsys.readouterr().err


# Getting.


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("builtin", "builtin comes with traumbox"),
        ("clap-general-int8", "traumbox model quantize clap-general"),
    ],
)
def test_what_cannot_be_fetched_says_why(model, capsys, name, told):
    assert model("fetch", name) == 1
    assert told in capsys.readouterr().err


def test_what_is_here_is_not_fetched_again(model, models_dir, capsys):
    install(models_dir, "clap-music")
    assert model("fetch", "clap-music") == 0
    assert "is here already" in capsys.readouterr().out


def test_a_fetching_service_is_followed(model, service, capsys):
    here = {**CLAP, "state": "installed"}
    service.answers[MODELS] = [
        (200, view(fetch=FETCH)),
        (200, view(fetch=FETCH)),
        (200, view(BUILTIN, here, change=CHANGE)),
    ]
    service.answers[f"{MODELS}/refresh"] = (202, {})
    assert model("fetch", "clap-music") == 0
    written = capsys.readouterr()
    assert "clap-music: downloading, 25 % of 4 B." in written.err
    assert written.out == (
        "clap-music is ready. Your music is being heard with it now; until that is done, "
        "builtin answers.\n"
    )


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (view(fetch={**FETCH, "stage": "waiting", "note": "403 Forbidden."}), "403 Forbidden."),
        (view(notice="It came twice with a wrong checksum."), "It came twice"),
        (view(fetch={**FETCH, "model": "clap-general"}), "clap-music was not fetched"),
        (view(BUILTIN, {**CLAP, "state": "installed"}), ""),
    ],
)
def test_following_ends_when_the_fetching_does(service, after, told):
    service.answers[MODELS] = [(200, view(fetch=FETCH)), (200, after)]
    shown = []
    why = follow(Remote(service.address, 1), "clap-music", shown.append, lambda _: None)
    assert told in why
    assert bool(told) == bool(why)
    assert [one.done_bytes for one in shown] == [1]


@contextmanager
def file_server(respond):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            respond(self)

        def log_message(self, format, *args):  # noqa: A002 - its signature
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


needs_converter = pytest.mark.skipif(
    bool(converter_missing()), reason=f"a fetch asks for the converter first: {converter_missing()}"
)


@needs_converter
def test_a_refusal_on_the_way_ends_with_its_remedy_and_code_1(model, config_file, capsys):
    with file_server(lambda handler: handler.send_error(404)) as url:
        config_file.write_text(f"data_dir: data\nmodel: {{mirror: '{url}'}}\n")
        assert model("fetch", "clap-music") == 1
    written = capsys.readouterr()
    assert "127.0.0.1 answers 404" in written.err
    assert "traumbox model import" in written.err
    assert "Traceback" not in written.err


@needs_converter
def test_ctrl_c_keeps_what_has_come_and_says_how_to_go_on(config_file, models_dir):
    size = CATALOGUE["clap-music"].source.vocabulary.size
    part = models_dir / ".downloads" / "vocab.json.part"

    def trickle(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(size))
        handler.end_headers()
        with suppress(OSError):
            for _ in range(2_000):
                handler.wfile.write(b"x" * 10)
                time.sleep(0.02)

    with file_server(trickle) as url:
        config_file.write_text(f"data_dir: data\nmodel: {{mirror: '{url}'}}\n")
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "traumbox", "-c", str(config_file)),
                *("model", "fetch", "clap-music"),
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            while process.poll() is None and not (part.exists() and part.stat().st_size):
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=60)
        finally:
            process.kill()
            process.wait()
    assert process.returncode == 130, told
    assert "what has come is kept. To go on: traumbox model fetch clap-music" in told
    assert "Traceback" not in told
    assert part.stat().st_size > 0


def test_a_converted_model_is_taken_in(model, models_dir, tmp_path, service, capsys):
    stick = install(tmp_path / "stick", "clap-general")
    service.answers[f"{MODELS}/refresh"] = (202, {})
    service.answers[MODELS] = (200, view(serving="builtin"))
    assert model("import", stick) == 0
    assert (models_dir / "clap-general" / "model.json").is_file()
    assert capsys.readouterr().out == (
        "clap-general is ready. To use it: traumbox model use clap-general\n"
    )
    assert ("POST", f"{MODELS}/refresh", None) in service.asked


def test_what_is_no_model_is_not_taken_in(model, tmp_path, capsys):
    (tmp_path / "song.mp3").touch()
    assert model("import", tmp_path / "song.mp3") == 1
    assert "song.mp3 is no model" in capsys.readouterr().err
    assert model("import", "absent.pt") == 1
    assert f"There is no {tmp_path / 'absent.pt'}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wanted", "name", "status", "told"),
    [
        ("auto", "clap-music", {}, "from its next start"),
        ("clap-music", "clap-music", {}, "from its next start"),
        ("builtin", "clap-music", {}, "traumbox model use clap-music"),
        ("auto", "clap-music-int8", {}, "traumbox model use clap-music-int8"),
        ("auto", "clap-music", view(change=CHANGE), "Your music is being heard with it"),
        ("auto", "clap-music", view(serving="clap-music"), "ready and answers"),
        ("auto", "clap-general", view(change=CHANGE), "traumbox model use clap-general"),
    ],
)
def test_what_comes_next(wanted, name, status, told):
    assert told in what_next(wanted, name, status)


# Checking.


def test_whole_files_are_found_whole(model, models_dir, capsys):
    directory = install(models_dir, "clap-music")
    (directory / "int8-check.json").write_text(json.dumps(asdict(CHECK)))
    assert model("verify") == 0
    assert capsys.readouterr().out == "builtin: whole.\nclap-music: whole.\n"


def test_a_model_in_8_bits_shows_what_its_test_found(model, models_dir, capsys):
    install(models_dir, "clap-music-int8", check=asdict(CHECK))
    assert model("verify", "clap-music-int8") == 0
    assert capsys.readouterr().out == f"clap-music-int8: whole. {CHECK.sentence}\n"
    assert model("list", "--json") == 0
    found = {one["name"]: one for one in json.loads(capsys.readouterr().out)["models"]}
    assert found["clap-music-int8"]["note"] == CHECK.sentence


def test_a_changed_byte_is_found(model, models_dir, capsys):
    tower = install(models_dir, "clap-music") / "audio.onnx"
    content = tower.read_bytes()
    tower.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    assert model("verify", "clap-music", "--json") == 1
    document = json.loads(capsys.readouterr().out)
    assert document["version"] == 1
    (found,) = document["models"]
    assert (found["model"], found["whole"]) == ("clap-music", False)
    assert "audio.onnx" in found["note"]
    assert model("verify", "builtin") == 0, "only what is named is looked at"


def test_verifying_what_is_not_here_fails(model, capsys):
    assert model("verify", "clap-music") == 1
    assert "clap-music: not whole" in capsys.readouterr().out


# Choosing.


def test_the_service_is_asked_to_change(model, service, capsys):
    service.answers[f"{MODELS}/clap-music/use"] = (202, {"message": "It is being heard."})
    assert model("use", "clap-music") == 0
    assert model("use", "clap-music", "--now") == 0
    assert capsys.readouterr().out == "It is being heard.\n" * 2
    assert [body for _, _, body in service.asked] == [{"now": False}, {"now": True}]


def test_without_the_service_the_configuration_is_written(model, config_file, models_dir, capsys):
    install(models_dir, "clap-music")
    assert model("use", "clap-music") == 0
    assert load(config_file, {}).model.name == "clap-music"
    assert "at its next start" in capsys.readouterr().out
    assert model("use", "auto", "--now") == 0
    assert load(config_file, {}).model.name == "auto"
    assert "once it does" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "told"),
    [("clap-music", "traumbox model fetch clap-music"), ("clap-music-int8", "quantize clap-music")],
)
def test_what_is_not_here_is_not_chosen(model, config_file, capsys, name, told):
    before = config_file.read_text()
    assert model("use", name) == 1
    assert told in capsys.readouterr().err
    assert config_file.read_text() == before


def test_an_environment_that_decides_is_named(model, models_dir, monkeypatch, capsys):
    install(models_dir, "clap-music")
    monkeypatch.setenv("TRAUMBOX_MODEL__NAME", "builtin")
    assert model("use", "clap-music") == 2
    assert "TRAUMBOX_MODEL__NAME" in capsys.readouterr().err


# Letting go.


def test_the_service_is_asked_to_remove(model, service, capsys):
    service.answers[f"{MODELS}/clap-music"] = (200, {"message": "clap-music was removed."})
    assert model("remove", "clap-music") == 0
    assert service.asked == [("DELETE", f"{MODELS}/clap-music", None)]
    service.answers[f"{MODELS}/clap-music"] = (409, {"detail": "It serves.", "remedy": "Use …"})
    assert model("remove", "clap-music") == 1
    assert "It serves. Use …" in capsys.readouterr().err


def test_without_the_service_files_and_what_was_heard_go(model, models_dir, tmp_path):
    directory = install(models_dir, "clap-music")
    heard_with(tmp_path / "data", "builtin", kept={"clap-music": 7, "clap-general": 3})
    assert model("remove", "clap-music") == 0
    assert not directory.exists()
    assert roles(tmp_path / "data") == {
        "builtin": "serving", "clap-music": "unwanted", "clap-general": "kept",
    }  # fmt: skip
    assert model("remove", "clap-general") == 0, "its files went before; what was heard is there"
    assert roles(tmp_path / "data")["clap-general"] == "unwanted"


def test_what_serves_stays(model, models_dir, tmp_path, capsys):
    directory = install(models_dir, "clap-music")
    heard_with(tmp_path / "data", "clap-music", kept={})
    assert model("remove", "clap-music") == 1
    assert "traumbox model use builtin" in capsys.readouterr().err
    assert directory.exists()
    assert roles(tmp_path / "data") == {"clap-music": "serving"}


@pytest.mark.parametrize(
    ("name", "told"), [("builtin", "part of traumbox"), ("clap-music", "isn't installed")]
)
def test_what_cannot_be_removed_says_why(model, capsys, name, told):
    assert model("remove", name) == 1
    assert told in capsys.readouterr().err


# In 8 bits.


def test_either_name_means_the_same_edition():
    assert edition_of("clap-music") == ("clap-music", "clap-music-int8")
    assert edition_of("clap-music-int8") == ("clap-music", "clap-music-int8")
    with pytest.raises(ModelError, match="no edition in 8 bits"):
        edition_of("builtin")


def test_what_is_to_be_made_smaller_must_be_here(model, capsys):
    assert model("quantize", "clap-music") == 1
    assert "traumbox model fetch clap-music" in capsys.readouterr().err


@needs_converter
def test_without_music_nothing_can_be_judged(model, models_dir, capsys):
    install(models_dir, "clap-music")
    assert model("quantize", "clap-music") == 1
    assert "Only 0 windows of your music" in capsys.readouterr().err
    assert not (models_dir / "clap-music-int8").exists()


def test_the_verdict_comes_with_its_numbers():
    lines = table(CHECK)
    assert lines[-1] == CHECK.sentence
    told = "\n".join(lines)
    for part in (
        "48, 24",
        "0.9991, 0.9800",
        "0.0123, 0.1000",
        "0.0700",
        "95%",
        "0.9910, 0.9700",
        "1.75 ×",
    ):
        assert part in told
    assert "600 MB → 160 MB" in told


def test_the_id_of_a_model_speaks_of_its_checkpoint(models_dir):
    assert CATALOGUE["clap-music"].card(install(models_dir, "clap-music")).id == (
        f"clap-music-{SHA256[:8]}"
    )
