import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from tests.embedders.clap import small
from traumbox.embedders.clap import golden
from traumbox.embedders.clap.embedder import ClapEmbedder
from traumbox.embedders.clap.trial import read_golden
from traumbox.errors import ModelError


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("models") / "clap-music"
    small.write_model(directory)
    ClapEmbedder(directory).embed_audio(golden.windows()[:1])  # finds the engine for all tests
    return directory


@pytest.fixture
def embedder(model):
    return ClapEmbedder(model)


@pytest.fixture(scope="module")
def sounds():
    return golden.windows()


def test_the_card_is_the_manifests_and_costs_no_loading(tmp_path):
    manifest = small.write_model(tmp_path / "clap-general", name="clap-general")
    (tmp_path / "clap-general" / "audio.onnx").unlink()
    card = ClapEmbedder(tmp_path / "clap-general").card
    assert (card.id, card.name, card.dim) == (manifest.id, "clap-general", 512)


def test_sounds_become_the_towers_vectors(embedder, model, sounds):
    vectors = embedder.embed_audio(sounds)
    assert vectors.shape == (8, 512)
    assert vectors.dtype == np.float32
    assert np.einsum("nd,nd->n", vectors, read_golden(model)).min() > 0.9999


def test_a_vector_doesnt_depend_on_its_neighbours(embedder, sounds):
    assert (embedder.embed_audio(sounds[2:5])[1] == embedder.embed_audio(sounds[3:4])[0]).all()


def test_no_windows_give_no_vectors(embedder):
    assert embedder.embed_audio(np.zeros((0, 480_000), np.float32)).shape == (0, 512)
    assert embedder.embed_text([]).shape == (0, 512)


@pytest.mark.parametrize("shape", [(480_000,), (1, 479_999), (1, 1, 480_000)])
def test_windows_of_another_length_are_refused(embedder, shape):
    with pytest.raises(ValueError, match="480000"):
        embedder.embed_audio(np.zeros(shape, np.float32))


def test_sentences_become_unit_vectors_each_by_itself(embedder):
    several = embedder.embed_text(["slow piano", "夜の ピアノ", "", "drums " * 200])
    assert several.shape == (4, 512)
    assert np.linalg.norm(several, axis=1) == pytest.approx(1.0, abs=1e-5)
    for row, sentence in enumerate(["slow piano", "夜の ピアノ"]):
        assert (embedder.embed_text([sentence])[0] == several[row]).all()


def test_after_release_it_hears_and_reads_as_before(embedder, sounds):
    heard, read = embedder.embed_audio(sounds[:1]), embedder.embed_text(["slow piano"])
    embedder.release()
    embedder.release()
    assert (embedder.embed_audio(sounds[:1]) == heard).all()
    assert (embedder.embed_text(["slow piano"]) == read).all()


def test_release_while_others_embed_harms_nobody(embedder, sounds):
    expected = embedder.embed_audio(sounds[:1]), embedder.embed_text(["slow piano"])
    wrong, done = [], threading.Event()

    def work():
        try:
            while not done.is_set():
                heard, read = embedder.embed_audio(sounds[:1]), embedder.embed_text(["slow piano"])
                if not ((heard == expected[0]).all() and (read == expected[1]).all()):
                    wrong.append("another answer")
        except Exception as error:  # noqa: BLE001 - told to the test
            wrong.append(repr(error))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        embedder.release()
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_search_for_an_engine_gives_signs_of_life(model, tmp_path, sounds):
    directory = tmp_path / "clap-music"
    shutil.copytree(model, directory)
    (directory / "engine.json").unlink()
    signs = []
    ClapEmbedder(directory, report=lambda: signs.append(1)).embed_audio(sounds[:1])
    assert signs


def test_too_little_memory_is_said(model, sounds):
    with pytest.raises(ModelError, match=r"listener\.memory_mb allows 100"):
        ClapEmbedder(model, memory_mb=100).embed_audio(sounds[:1])


@pytest.mark.parametrize("name", ["text.onnx", "vocab.json", "merges.txt"])
def test_what_reading_needs_is_named_when_it_is_gone(model, tmp_path, name):
    directory = tmp_path / "clap-music"
    shutil.copytree(model, directory)
    (directory / name).unlink()
    with pytest.raises(ModelError, match=r"traumbox model (verify|fetch) clap-music"):
        ClapEmbedder(directory).embed_text(["slow piano"])


def test_without_a_model_there_is_nothing_to_embed_with(tmp_path):
    with pytest.raises(ModelError, match=r"model\.json"):
        ClapEmbedder(tmp_path)


MEASURE = """
import json, sys
from pathlib import Path
from traumbox.embedders.clap.embedder import ClapEmbedder
from traumbox.embedders.memory import trim
from tests.embedders.clap import small  # what a daemon has loaded anyway: numpy, scipy

def rss_mb():
    lines = Path("/proc/self/status").read_text().splitlines()
    return {l.split(":")[0]: int(l.split()[1]) / 1024 for l in lines if l.startswith("Vm")}

embedder = ClapEmbedder(Path(sys.argv[1]), threads=2)
told = {"before": rss_mb()["VmRSS"]}
if sys.argv[2] == "text":
    for sentence in ("slow piano", "a warm trumpet over brushed drums at night", "x " * 99):
        embedder.embed_text([sentence])
else:
    from traumbox.embedders.clap import golden
    embedder.embed_audio(golden.windows())
told["peak"] = rss_mb()["VmHWM"]
told["loaded"] = rss_mb()["VmRSS"]
embedder.release()
told["after"] = rss_mb()["VmRSS"]
print(json.dumps(told))
"""


def _memory(model: Path, tower: str) -> dict[str, float]:
    command = [sys.executable, "-c", MEASURE, str(model), tower]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def test_the_true_text_tower_takes_less_than_350_mb_and_gives_it_back(converted_base):
    told = _memory(converted_base, "text")
    assert told["peak"] - told["before"] < 350
    assert told["after"] - told["before"] < 80


def test_the_true_audio_tower_leaves_the_listener_its_room(converted_base, tmp_path):
    # The folder is everybody's: what the probe finds there must not be left behind.
    directory = tmp_path / converted_base.name
    directory.mkdir()
    for path in converted_base.iterdir():
        if path.name != "engine.json":
            (directory / path.name).symlink_to(path)
    told = _memory(directory, "audio")
    assert told["peak"] < 900 - 170
    assert told["loaded"] < 550  # whatever the engine: the file it came from is let go
    assert told["after"] < told["loaded"] - 100
