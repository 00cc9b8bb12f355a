import threading

from tests.embedders.supply import shelf
from traumbox.embedders.supply import bytes_needed, converter_missing, look


def infos(models_dir, **how):
    return {info.name: info for info in look(models_dir, shelf.catalogue(), **how)}


def test_every_model_says_how_it_stands(tmp_path):
    with shelf.server() as server:
        shelf.fetcher(tmp_path, server.url).fetch("clap-music", lambda _: None, threading.Event())
    (tmp_path / "clap-general").mkdir()
    (tmp_path / "clap-general" / "model.json").write_text("{}")
    found = infos(tmp_path, serving="clap-music", tracks={"builtin": 3}.get)
    assert {name: info.state for name, info in found.items()} == {
        "builtin": "installed",
        "clap-music": "installed",
        "clap-general": "damaged",
        "clap-music-int8": "absent",
        "clap-general-int8": "absent",
    }
    assert [name for name, info in found.items() if info.serving] == ["clap-music"]
    assert "model.json" in found["clap-general"].note
    assert found["clap-music"].note == ""


def test_a_file_that_is_cut_short_is_damage(tmp_path):
    with shelf.server() as server:
        shelf.fetcher(tmp_path, server.url).fetch("clap-music", lambda _: None, threading.Event())
    (tmp_path / "clap-music" / "text.onnx").write_bytes(b"x")
    found = infos(tmp_path)["clap-music"]
    assert found.state == "damaged"
    assert "has 1 bytes instead of" in found.note


def test_sizes_and_tracks_are_told(tmp_path):
    found = infos(tmp_path, tracks=lambda name: 7 if name == "clap-music" else 0)
    sizes = len(shelf.MUSIC) + len(shelf.VOCABULARY) + len(shelf.MERGES)
    assert found["clap-music"].download_bytes == sizes
    assert found["builtin"].download_bytes == found["clap-music-int8"].download_bytes == 0
    assert (found["clap-music"].tracks, found["builtin"].tracks) == (7, 0)


def test_the_room_is_for_download_and_conversion_at_once():
    entry = shelf.catalogue()["clap-music"]
    assert entry.source is not None
    assert bytes_needed(entry) > entry.source.size + 550_000_000
    assert bytes_needed(shelf.catalogue()["builtin"]) == 0


def test_what_is_missing_for_the_conversion_is_a_command_or_nothing():
    assert converter_missing() in {"", "make clap"}
