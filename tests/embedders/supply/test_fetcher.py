"""Getting a whole model: room, download, conversion, in place; and taking it in or away."""

import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedders.supply import shelf
from tests.embedders.supply.server import FileServer, cut, refuse, slow
from traumbox.domain import FetchProgress
from traumbox.embedders import registry
from traumbox.embedders.clap.manifest import file_sha256, read_manifest
from traumbox.embedders.supply import Fetcher, FetchError, FetchStopped, lock
from traumbox.errors import AlreadyRunningError, ModelError


@pytest.fixture
def server() -> Iterator[FileServer]:
    with shelf.server() as server:
        yield server


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def fetcher(models: Path, server: FileServer) -> Fetcher:
    return shelf.fetcher(models, server.url)


def fetch(fetcher: Fetcher, name: str = "clap-music") -> list[FetchProgress]:
    told: list[FetchProgress] = []
    fetcher.fetch(name, told.append, threading.Event())
    return told


def take(fetcher: Fetcher, path: Path) -> str:
    return fetcher.import_from(path, lambda _: None, threading.Event())


def is_installed(fetcher: Fetcher, name: str = "clap-music") -> bool:
    return registry.is_installed(name, fetcher.models_dir, catalogue=fetcher.catalogue)


def test_a_model_is_downloaded_converted_and_put_in_place(fetcher, models):
    told = fetch(fetcher)
    assert read_manifest(models / "clap-music").source == "clap-music.pt"
    assert fetcher.verify("clap-music") == ""
    assert {path.name for path in models.iterdir()} == {".downloads", "clap-music"}
    left = {path.name for path in fetcher.downloads.iterdir()}
    assert left == {"vocab.json", "merges.txt", "lock"}  # the checkpoint has done its work
    assert [p.stage for p in told if p.stage != "waiting"] == sorted(
        (p.stage for p in told), key=["download", "convert"].index
    )
    total = len(shelf.MUSIC) + len(shelf.VOCABULARY) + len(shelf.MERGES)
    assert {p.total_bytes for p in told} == {total}
    assert max(p.done_bytes for p in told if p.stage == "download") == total
    assert told[-1].stage == "convert"
    assert told[-1].done_bytes == total


def test_an_installed_model_is_not_fetched_again(fetcher, server):
    fetch(fetcher)
    asked = len(server.asked)
    assert fetch(fetcher) == []
    assert len(server.asked) == asked


def test_a_damaged_model_is_fetched_again(fetcher, models):
    fetch(fetcher)
    tower = models / "clap-music" / "audio.onnx"
    content = tower.read_bytes()
    tower.write_bytes(b"?" + content[1:])
    assert "audio.onnx" in fetcher.verify("clap-music")
    fetch(fetcher)
    assert tower.read_bytes() == content


def test_too_little_room_is_told_before_anything_is_asked_for(models, server):
    fetcher = shelf.fetcher(models, server.url, room=lambda: 700_000_000)
    with pytest.raises(FetchError, match=r"has 0\.7 GB free, but 0\.8 GB are needed") as caught:
        fetch(fetcher)
    assert caught.value.again == "soon"
    assert server.asked == []


def test_without_the_converter_nothing_is_downloaded(models, server):
    fetcher = shelf.fetcher(models, server.url, missing="make clap")
    with pytest.raises(ModelError, match=r"make clap.*traumbox model import FOLDER"):
        fetch(fetcher)
    assert server.asked == []


def test_models_that_are_not_fetched_say_how_they_come(fetcher):
    with pytest.raises(ModelError, match="comes with traumbox"):
        fetch(fetcher, "builtin")
    with pytest.raises(ModelError, match="traumbox model quantize clap-music"):
        fetch(fetcher, "clap-music-int8")
    with pytest.raises(ModelError, match="Did you mean “clap-music”"):
        fetch(fetcher, "clap-musik")


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (b"fail", "The checkpoint is damaged"),
        (b"killed", "memory ran out"),
        (b"crash", r"exit code 3.*convert\.log"),
        (b"nothing", "There is no model"),
    ],
)
def test_a_failed_conversion_leaves_nothing_but_the_download(models, order, said):
    music = order + b"\n" + bytes(1000)
    with shelf.server(music) as server:
        fetcher = shelf.fetcher(models, server.url, music=music)
        with pytest.raises(FetchError, match=said) as caught:
            fetch(fetcher)
    assert caught.value.again == "never"
    assert {path.name for path in models.iterdir()} == {".downloads"}
    assert (fetcher.downloads / "clap-music.pt").exists()
    assert fetcher.holder() is None


def test_stopping_ends_the_conversion(models):
    music = b"hang\n" + bytes(1000)
    stop = threading.Event()

    def watch(progress: FetchProgress) -> None:
        if (models / "converter.pid").exists():
            stop.set()

    with shelf.server(music) as server:
        fetcher = shelf.fetcher(models, server.url, music=music)
        threading.Timer(1.5, stop.set).start()
        begin_s = time.monotonic()
        with pytest.raises(FetchStopped):
            fetcher.fetch("clap-music", watch, stop)
        assert time.monotonic() - begin_s < 30
    with pytest.raises(ProcessLookupError):
        os.kill(int((models / "converter.pid").read_text()), 0)
    assert not (models / "clap-music").exists()


def test_one_getter_at_a_time(fetcher):
    with lock.exclusive(fetcher.downloads):
        assert fetcher.holder() == os.getpid()
        with pytest.raises(AlreadyRunningError, match=str(os.getpid())):
            fetch(fetcher)
    assert fetcher.holder() is None
    fetch(fetcher)


def test_a_conversion_that_outlives_its_parent_keeps_the_lock(models):
    """The service is killed; its successor must not convert beside the orphan."""
    music = b"hang\n" + bytes(1000)
    with shelf.server(music) as server:
        fetcher = shelf.fetcher(models, server.url, music=music)
        pid = os.fork()
        if pid == 0:
            try:
                fetch(fetcher)
            finally:
                os._exit(0)
        pid_file = models / "converter.pid"
        deadline_s = time.monotonic() + 30
        while not (pid_file.exists() and pid_file.read_text()) and time.monotonic() < deadline_s:
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        converter = int(pid_file.read_text())
        assert fetcher.holder() == converter
        os.kill(converter, signal.SIGKILL)
        while fetcher.holder() is not None and time.monotonic() < deadline_s:
            time.sleep(0.05)
        assert fetcher.holder() is None


def test_what_a_crash_left_behind_is_cleared_away(fetcher, models):
    for leftover in ("clap-music.new", "clap-music.old"):
        (models / leftover).mkdir(parents=True)
        (models / leftover / "audio.onnx").write_bytes(b"half")
    (models / "clap-music").mkdir()
    fetch(fetcher)
    assert {path.name for path in models.iterdir()} == {".downloads", "clap-music"}


def test_a_model_that_a_crash_left_aside_is_put_back(fetcher, models, server):
    fetch(fetcher)
    (models / "clap-music").rename(models / "clap-music.old")
    asked = len(server.asked)
    fetch(fetcher)
    assert is_installed(fetcher)
    assert len(server.asked) == asked


def test_a_cut_download_goes_on_in_the_next_run(fetcher, server):
    server.script.extend([refuse(500)])
    with pytest.raises(FetchError):
        fetch(fetcher)
    fetch(fetcher, "clap-general")
    server.script.extend([cut(30_000), cut(0)])
    with pytest.raises(FetchError):
        fetch(fetcher)
    fetch(fetcher)
    assert server.ranges()[-1] == "bytes=30000-"
    assert is_installed(fetcher)


def test_the_rate_counts_what_came_now_not_what_was_there(models, server):
    server.script.extend([cut(10**6), cut(10**6), cut(60_000), cut(0)])
    fetcher = shelf.fetcher(models, server.url)
    with pytest.raises(FetchError):
        fetch(fetcher)
    server.script.append(slow(5, 0.25))
    told = [p for p in fetch(fetcher) if p.stage == "download" and not p.note]
    rates = [p.bytes_per_s for p in told if p.bytes_per_s]
    assert rates
    assert max(rates) < len(shelf.MUSIC)  # 42 kB in about a second, not 102 kB at once
    assert all(p.left_s is not None for p in told if p.bytes_per_s)


# Taking in what somebody carried over.


def carried(tmp_path: Path, content: bytes = shelf.MUSIC, tokenizer: bool = True) -> Path:
    stick = tmp_path / "stick"
    stick.mkdir(exist_ok=True)
    if tokenizer:
        (stick / "vocab.json").write_bytes(shelf.VOCABULARY)
        (stick / "merges.txt").write_bytes(shelf.MERGES)
    (stick / "downloaded.pt").write_bytes(content)
    return stick / "downloaded.pt"


def test_a_checkpoint_from_a_stick_is_recognised_by_its_content(fetcher, server, tmp_path):
    path = carried(tmp_path)
    before = {p.name: p.stat().st_mtime_ns for p in path.parent.iterdir()}
    assert take(fetcher, path) == "clap-music"
    assert is_installed(fetcher)
    assert {p.name: p.stat().st_mtime_ns for p in path.parent.iterdir()} == before
    assert server.asked == []


def test_an_unknown_checkpoint_is_named_by_its_architecture(fetcher, models, tmp_path):
    path = carried(tmp_path, b"HTSAT-tiny\nfine-tuned by the owner")
    (path.parent / "vocab.json").write_bytes(b'{"own": 0}')
    assert take(fetcher, path) == "clap-general"
    manifest = read_manifest(models / "clap-general")
    assert manifest.source_sha256 == file_sha256(path)
    assert manifest.id == f"clap-general-{file_sha256(path)[:8]}"
    # It came with its own tokenizer.
    assert (models / "clap-general" / "vocab.json").read_bytes() == b'{"own": 0}'


def test_a_known_checkpoint_gets_the_known_tokenizer_only(fetcher, models, tmp_path):
    path = carried(tmp_path)
    (path.parent / "vocab.json").write_bytes(b'{"wrong": 0}')
    take(fetcher, path)
    assert (models / "clap-music" / "vocab.json").read_bytes() == shelf.VOCABULARY


def test_the_tokenizer_of_an_installed_model_will_do(fetcher, server, tmp_path):
    fetch(fetcher, "clap-general")
    (fetcher.downloads / "vocab.json").unlink()
    asked = len(server.asked)
    take(fetcher, carried(tmp_path, tokenizer=False))
    assert len(server.asked) == asked


def test_a_missing_tokenizer_is_fetched(fetcher, server, tmp_path):
    take(fetcher, carried(tmp_path, tokenizer=False))
    assert {path for path, _ in server.asked} == {"/models/vocab.json", "/models/merges.txt"}


def test_a_missing_tokenizer_without_a_network_is_told_with_where_to_put_it(
    models, server, tmp_path
):
    server.always = refuse(404)
    path = carried(tmp_path, tokenizer=False)
    with pytest.raises(ModelError, match=r"vocab\.json and merges\.txt.*beside the checkpoint"):
        take(shelf.fetcher(models, server.url), path)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"fail\n", "The checkpoint is damaged"), (b"fusion\n", "no checkpoint of LAION CLAP")],
)
def test_what_is_no_checkpoint_is_refused(fetcher, tmp_path, content, said):
    with pytest.raises(ModelError, match=said):
        take(fetcher, carried(tmp_path, content))


def test_what_is_plainly_no_model_is_refused_at_once(fetcher, tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    for path in (tmp_path / "nothing.pt", tmp_path / "notes.txt", tmp_path):
        with pytest.raises(ModelError, match=r"LAION's checkpoint \(a file ending in \.pt\)"):
            take(fetcher, path)


def test_another_checkpoint_does_not_replace_an_installed_model(fetcher, tmp_path):
    fetch(fetcher)
    with pytest.raises(ModelError, match="traumbox model remove clap-music"):
        take(fetcher, carried(tmp_path, b"HTSAT-base\nanother"))
    assert read_manifest(fetcher.models_dir / "clap-music").source == "clap-music.pt"


@pytest.fixture
def elsewhere(tmp_path: Path, server: FileServer) -> Path:
    """A model that another machine has converted."""
    other = shelf.fetcher(tmp_path / "other", server.url)
    fetch(other)
    server.asked.clear()
    return tmp_path / "other" / "clap-music"


def test_a_converted_model_is_copied_and_needs_no_converter(models, server, elsewhere):
    fetcher = shelf.fetcher(models, server.url, missing="make clap")
    assert take(fetcher, elsewhere) == "clap-music"
    assert fetcher.verify("clap-music") == ""
    assert (elsewhere / "model.json").exists()
    assert {path.name for path in models.iterdir()} == {".downloads", "clap-music"}


def test_a_folder_under_another_name_is_still_that_model(fetcher, elsewhere, tmp_path):
    renamed = elsewhere.rename(tmp_path / "clap from the big machine")
    assert take(fetcher, renamed) == "clap-music"


def test_a_copy_that_was_damaged_on_its_way_is_refused(fetcher, models, elsewhere):
    tower = elsewhere / "text.onnx"
    tower.write_bytes(b"?" + tower.read_bytes()[1:])
    with pytest.raises(ModelError, match=r"text\.onnx is damaged.*Copy the folder anew"):
        take(fetcher, elsewhere)
    assert {path.name for path in models.iterdir()} == {".downloads"}


def test_a_copy_that_lacks_a_file_is_refused(fetcher, elsewhere):
    (elsewhere / "text.onnx").unlink()
    with pytest.raises(ModelError, match=r"text\.onnx can't be read.*whole folder"):
        take(fetcher, elsewhere)


def test_a_copy_needs_room_too(models, server, elsewhere):
    fetcher = shelf.fetcher(models, server.url, room=lambda: 1000)
    with pytest.raises(ModelError, match="Make room"):
        take(fetcher, elsewhere)


def test_a_model_that_lies_where_it_belongs_is_not_copied_onto_itself(fetcher, models):
    fetch(fetcher)
    with pytest.raises(ModelError, match="where it belongs"):
        take(fetcher, models / "clap-music")
    assert is_installed(fetcher)


# Away with it.


def test_removing_deletes_files_and_parts(fetcher, models, server):
    fetch(fetcher)
    fetcher.remove("clap-music")
    assert not (models / "clap-music").exists()
    server.script.extend([cut(30_000), cut(0)])
    with pytest.raises(FetchError):
        fetch(fetcher)
    fetcher.remove("clap-music")
    assert not list(fetcher.downloads.glob("clap-music*"))
    with pytest.raises(ModelError, match="isn't installed"):
        fetcher.remove("clap-music")


def test_the_built_in_model_stays(fetcher):
    with pytest.raises(ModelError, match="part of traumbox"):
        fetcher.remove("builtin")
    assert fetcher.verify("builtin") == ""


def test_a_model_with_a_file_of_the_wrong_size_is_not_installed(fetcher, models):
    fetch(fetcher)
    (models / "clap-music" / "audio.onnx").write_bytes(b"short")
    assert not is_installed(fetcher)
    assert "audio.onnx" in fetcher.verify("clap-music")


def test_a_model_s_folder_under_another_model_s_name_is_told(fetcher, models):
    fetch(fetcher)
    shutil.copytree(models / "clap-music", models / "clap-general")
    assert "holds another model, clap-music" in fetcher.verify("clap-general")
