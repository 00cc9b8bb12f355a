import json
from dataclasses import replace

import pytest

from traumbox.embedders.clap import manifest
from traumbox.embedders.clap.manifest import (
    FileEntry,
    Manifest,
    card_of,
    entry_of,
    model_id,
    put_in_place,
    read_manifest,
    verify_files,
    write_manifest,
)
from traumbox.errors import ModelError

MANIFEST = Manifest(
    version=1,
    name="clap-music",
    id="clap-music-fae3e9c0",
    architecture="HTSAT-base",
    dim=512,
    licence="CC0-1.0",
    source="music.pt",
    source_sha256="fae3e9c0" + "0" * 56,
    calibration=(0.22, 14.0),
    precision="fp32",
    max_distance={"audio": 1e-6, "text": 1e-3},
    files={"audio.onnx": FileEntry(3, "ab" * 32)},
    check={},
)


@pytest.fixture
def model(tmp_path):
    """A model's folder with two small files, whole."""
    directory = tmp_path / "clap-music"
    directory.mkdir()
    (directory / "audio.onnx").write_bytes(b"audio")
    (directory / "text.onnx").write_bytes(b"text" * 700_000)
    files = {path.name: entry_of(path) for path in directory.iterdir()}
    write_manifest(directory, replace(MANIFEST, files=files))
    return directory


def test_what_is_written_is_read(tmp_path):
    write_manifest(tmp_path, MANIFEST)
    assert read_manifest(tmp_path) == MANIFEST
    assert [path.name for path in tmp_path.iterdir()] == ["model.json"]


def test_a_manifest_from_before_there_were_floors_is_read(tmp_path):
    write_manifest(tmp_path, replace(MANIFEST, floor=0.2))
    assert card_of(read_manifest(tmp_path)).floor == 0.2
    about = json.loads((tmp_path / "model.json").read_text())
    del about["floor"]
    (tmp_path / "model.json").write_text(json.dumps(about))
    assert card_of(read_manifest(tmp_path)).floor == -1.0


def test_the_card_says_what_the_house_must_know():
    card = card_of(MANIFEST)
    assert (card.id, card.name, card.dim) == ("clap-music-fae3e9c0", "clap-music", 512)
    assert card.calibration == (0.22, 14.0)


def test_the_id_names_the_checkpoint():
    assert model_id("clap-music", "fae3e9c087f2909c") == "clap-music-fae3e9c0"


def test_a_folder_without_manifest_is_no_model(tmp_path):
    with pytest.raises(ModelError, match="no model in"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b'"model"',
        b"{}",
        b"\xff\xfe",
        json.dumps({"version": 1, "name": "x"}).encode(),
    ],
)
def test_a_manifest_that_is_none_is_called_damaged(tmp_path, content):
    (tmp_path / manifest.FILE_NAME).write_bytes(content)
    with pytest.raises(ModelError, match=r"model\.json is damaged.*traumbox model fetch"):
        read_manifest(tmp_path)


def test_a_manifest_of_a_later_traumbox_is_refused(tmp_path):
    write_manifest(tmp_path, replace(MANIFEST, version=2))
    with pytest.raises(ModelError, match="version 2"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("name", ["../audio.onnx", "/etc/passwd", "a/b", ""])
def test_a_manifest_may_not_point_out_of_its_folder(tmp_path, name):
    write_manifest(tmp_path, replace(MANIFEST, files={name: FileEntry(1, "00")}))
    with pytest.raises(ModelError, match="damaged"):
        read_manifest(tmp_path)


def test_whole_files_pass_and_progress_ends_at_their_size(model):
    seen = []
    about = read_manifest(model)
    verify_files(model, about, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (about.size_bytes, about.size_bytes)
    assert len(seen) > 2
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.unlink(), "can't be read"),
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), "2799999 bytes instead of 2800000"),
        (lambda path: path.write_bytes(b"T" + path.read_bytes()[1:]), "is damaged"),
    ],
)
def test_a_damaged_file_is_named(model, spoil, said):
    spoil(model / "text.onnx")
    with pytest.raises(ModelError, match=rf"text\.onnx.*{said}.*traumbox model fetch clap-music"):
        verify_files(model, read_manifest(model))


def test_putting_in_place_replaces_what_was_there(tmp_path):
    for name in ("new", "target"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "which").write_text(name)
    put_in_place(tmp_path / "new", tmp_path / "target")
    assert (tmp_path / "target" / "which").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["target"]
