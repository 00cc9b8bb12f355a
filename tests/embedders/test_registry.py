"""Names to models; what the catalogue promises."""

import dataclasses
import os
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest

from tests.embedders.supply import shelf
from traumbox.domain import ModelCard
from traumbox.embedders import registry
from traumbox.embedders.builtin.weights import read_card
from traumbox.embedders.catalogue import CATALOGUE, ORIGIN
from traumbox.errors import ModelError


def test_the_built_in_model_is_always_there(tmp_path):
    card = registry.card("builtin", tmp_path)
    assert card == read_card()
    assert registry.card("auto", tmp_path) == card
    assert registry.load("auto", tmp_path).card == card
    assert registry.is_installed("builtin", tmp_path)
    assert registry.best(tmp_path) == "builtin"


def test_unknown_models_are_told_with_the_nearest_name(tmp_path):
    with pytest.raises(ModelError, match="Did you mean “builtin”"):
        registry.card("bultin", tmp_path)
    with pytest.raises(ModelError, match="Known are: auto, builtin, clap-music"):
        registry.load("jazz", tmp_path)
    assert not registry.is_installed("jazz", tmp_path)


def test_a_model_that_is_not_here_says_how_to_get_it(tmp_path):
    with pytest.raises(ModelError, match="traumbox model fetch clap-music"):
        registry.card("clap-music", tmp_path)
    assert not registry.is_installed("clap-music", tmp_path)


def test_auto_is_the_best_that_is_here_but_never_one_in_8_bits(tmp_path):
    known = shelf.catalogue()
    with shelf.server() as server:
        fetcher = shelf.fetcher(tmp_path, server.url)
        for name in ("clap-general", "clap-music"):
            fetcher.fetch(name, lambda _: None, threading.Event())
            assert registry.best(tmp_path, catalogue=known) == name
    everything = {
        name: dataclasses.replace(entry, card=lambda _directory: read_card())
        for name, entry in known.items()
    }
    assert registry.best(tmp_path / "none", catalogue=everything) == "clap-music"
    (tmp_path / "clap-music" / "audio.onnx").unlink()
    assert registry.best(tmp_path, catalogue=known) == "clap-general"
    assert "int8" not in "".join(registry.BEST_FIRST)


def test_a_model_is_loaded_from_its_folder_with_what_it_is_given(tmp_path):
    seen = []

    def load(directory, threads, report, memory_mb):
        seen.append((directory, threads, memory_mb))
        report()
        return "an embedder"

    reports = []
    known = {"x": dataclasses.replace(CATALOGUE["builtin"], name="x", load=load)}
    found = registry.load("x", tmp_path, 3, lambda: reports.append(1), 900, catalogue=known)
    assert found == "an embedder"
    assert seen == [(tmp_path / "x", 3, 900)]
    assert reports == [1]


def test_the_card_of_a_converted_model_names_its_space(tmp_path):
    with shelf.server() as server:
        shelf.fetcher(tmp_path, server.url).fetch("clap-music", lambda _: None, threading.Event())
    known = shelf.catalogue()
    card = registry.card("clap-music", tmp_path, catalogue=known)
    source = known["clap-music"].source
    assert source is not None
    assert isinstance(card, ModelCard)
    assert card.id == f"clap-music-{source.checkpoint.sha256[:8]}"
    assert card.dim == 512


def test_the_catalogue_says_all_that_a_download_needs():
    assert ("auto", *CATALOGUE) == registry.NAMES
    assert urlsplit(ORIGIN).scheme == "https"
    for entry in CATALOGUE.values():
        assert entry.title
        assert entry.purpose.endswith(".")
        assert entry.licence
        assert entry.windowing
        assert entry.made_from in {"", *CATALOGUE}
        for file in entry.source.files if entry.source else ():
            assert file.url_path.startswith("/")
            assert "//" not in file.url_path
            assert len(bytes.fromhex(file.sha256)) == 32
            assert file.size > 0
            assert file.licence
    card = read_card()
    assert (CATALOGUE["builtin"].licence, CATALOGUE["builtin"].dim) == (card.licence, card.dim)
    music, general = CATALOGUE["clap-music"].source, CATALOGUE["clap-general"].source
    assert music is not None
    assert general is not None
    assert (music.checkpoint.size, general.checkpoint.size) == (2_352_471_003, 1_863_587_645)
    assert music.vocabulary == general.vocabulary


def test_looking_at_models_loads_no_engine(tmp_path):
    script = (
        "import sys; from pathlib import Path; from traumbox.embedders import registry\n"
        "registry.card('auto', Path()); registry.load('auto', Path(), 1)\n"
        "from traumbox.embedders.supply import look; look(Path())\n"
        "heavy = {'onnxruntime', 'openvino', 'tokenizers', 'torch', 'onnx', 'transformers'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env=os.environ | {"PYTHONPATH": "."})
