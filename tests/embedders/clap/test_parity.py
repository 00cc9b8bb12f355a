"""Our whole way, from the file or the sentence to the vector, against laion-clap's own code.

The reference is what laion-clap does with the same weights: its preprocessing, taken from its
source, its layers and its forward in PyTorch, and transformers' tokenizer.
"""

import ast
import contextlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
import soxr

from tests.embedders.clap import checkpoints
from tests.embedders.clap.conftest import absent
from traumbox.audio.decode import MediaDecoder
from traumbox.audio.windows import cut, to_int16
from traumbox.embedders.clap import engines, golden
from traumbox.embedders.clap.cpu import read_cpuinfo
from traumbox.embedders.clap.embedder import ClapEmbedder
from traumbox.embedders.clap.frontend import log_mel
from traumbox.embedders.clap.text import TextTower

if absent():
    pytest.skip(
        f"the converter isn't installed: no {absent()} (make clap)", allow_module_level=True
    )

import torch
import transformers

from traumbox.embedders.clap.convert.checkpoint import network_of, read_checkpoint

RATE_HZ = 48_000
DURATIONS_S = (0.2, 0.5, 1.0, 3.0, 7.5, 9.99, 10.0)
RATES_HZ = (8_000, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000)
WORDS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 60, 70, 75, 80, 120, 200)


@dataclass(frozen=True)
class Model:
    """One model twice: laion-clap's network and the folder it was converted to."""

    network: torch.nn.Module
    directory: Path

    def theirs(self, samples):
        """laion-clap's vector of float32[n] at 48 kHz, as ``get_audio_embedding_from_data``."""
        quantized = LAION.int16_to_float32(LAION.float32_to_int16(samples))
        features = LAION.get_audio_features(
            {},
            torch.from_numpy(quantized).float(),
            480_000,
            data_truncating="rand_trunc",
            data_filling="repeatpad",
            audio_cfg={},
        )
        with torch.inference_mode():
            return self.network.get_audio_embedding([features])[0].numpy()


def laions_preprocessing():
    """Return three functions of ``laion_clap.training.data``, which can't be imported offline."""
    (package,) = importlib.util.find_spec("laion_clap").submodule_search_locations
    tree = ast.parse((Path(package) / "training" / "data.py").read_text("utf-8"))
    wanted = {"int16_to_float32", "float32_to_int16", "get_audio_features"}
    tree.body = [part for part in tree.body if getattr(part, "name", "") in wanted]
    names = {
        "np": np,
        "torch": torch,
        "F": torch.nn.functional,
        "suppress": contextlib.suppress,
    }
    exec(compile(tree, "laion_clap/training/data.py", "exec"), names)  # noqa: S102 - see above
    return SimpleNamespace(**{name: names[name] for name in wanted})


LAION = laions_preprocessing()


@pytest.fixture(scope="module", params=["converted_base", "converted_tiny"])
def model(request):
    directory = request.getfixturevalue(request.param)
    checkpoint = read_checkpoint(directory.parent / "checkpoint.pt")
    return Model(network_of(checkpoint), directory)


def music(duration_s, seed, rate_hz=RATE_HZ):
    """A sound that no other seed makes: a few partials, an envelope, some noise."""
    chance = np.random.default_rng(seed)
    t = np.arange(round(duration_s * rate_hz)) / rate_hz
    sound = 0.02 * chance.uniform(0.1, 5.0) * chance.standard_normal(len(t))
    for pitch_hz in chance.uniform(60.0, 3500.0, 4):
        sound += 0.15 * np.sin(2 * np.pi * pitch_hz * t * (1 + 0.05 * chance.uniform() * t))
    return sound * (0.6 + 0.4 * np.sin(2 * np.pi * chance.uniform(0.5, 6.0) * t))


def files(directory):
    """Write one file for each thing that could go wrong on the way; return name -> path."""
    sounds = {f"{duration_s} s": (music(duration_s, n), RATE_HZ, "PCM_16")
              for n, duration_s in enumerate(DURATIONS_S)}  # fmt: skip
    for n, rate_hz in enumerate(RATES_HZ):
        seed, bits = 20 + 2 * n, "PCM_24" if n % 2 else "PCM_16"
        left, right = music(4.0, seed, rate_hz), music(4.0, seed + 1, rate_hz)
        sounds[f"mono {rate_hz} Hz"] = (left, rate_hz, bits)
        sounds[f"stereo {rate_hz} Hz"] = (np.stack([left, 0.5 * right], axis=1), rate_hz, bits)
    loud = np.sign(music(5.0, 50, 44_100)) * 0.999
    sounds["square wave, overshooting when resampled"] = (loud, 44_100, "PCM_16")
    sounds["float samples beyond full scale"] = (4.0 * music(5.0, 51), RATE_HZ, "FLOAT")
    sounds["out of phase"] = (
        np.stack([music(3.0, 52), -0.9 * music(3.0, 52)], 1),
        RATE_HZ,
        "FLOAT",
    )
    paths = {}
    for number, (name, (samples, rate_hz, bits)) in enumerate(sounds.items()):
        paths[name] = directory / f"{number}.wav"
        soundfile.write(paths[name], samples, rate_hz, bits)
    return paths


def ours_of_file(path):
    """Our one window of a file of at most ten seconds."""
    with MediaDecoder().open(path) as stream:
        samples = np.concatenate([block.samples for block in stream.blocks()])
    (window,) = cut(to_int16(samples))
    return window.samples


def reference_of_file(path):
    """Mono float32[n] at 48 kHz as librosa would load it, averaged and resampled at once."""
    samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    return soxr.resample(samples.mean(axis=1), rate_hz, RATE_HZ, "HQ").astype(np.float32)


@pytest.fixture(scope="module")
def sounds(tmp_path_factory):
    """Name -> (our window, the reference's samples)."""
    paths = files(tmp_path_factory.mktemp("sounds"))
    pairs = {name: (ours_of_file(path), reference_of_file(path)) for name, path in paths.items()}
    # Our cutter leaves silence out, so it has to be put in front of the tower by hand.
    pairs["silence"] = (np.zeros(480_000, np.float32), np.zeros(48_000, np.float32))
    return pairs


@pytest.fixture(scope="module")
def heard(model, sounds):
    return np.stack([model.theirs(samples) for _, samples in sounds.values()])


def fidelity(ours, theirs, names):
    """Return the least cosine and the largest relative error, with the name of each."""
    spread = np.linalg.norm(theirs - theirs.mean(axis=0), axis=1).mean()
    assert spread > 0.1, "vectors that are all alike prove nothing"
    cosines = np.sum(ours * theirs, axis=1)
    errors = np.linalg.norm(ours - theirs, axis=1) / spread
    worst = names[int(cosines.argmin())], names[int(errors.argmax())]
    return (float(cosines.min()), worst[0]), (float(errors.max()), worst[1])


def test_sounds_of_every_kind_are_heard_as_laion_hears_them(model, sounds, heard):
    tower = engines.load(engines.ONNXRUNTIME, model.directory, threads=2)
    ours = np.concatenate([tower.run(log_mel(window)[np.newaxis]) for window, _ in sounds.values()])
    cosine, error = fidelity(ours, heard, list(sounds))
    assert cosine[0] >= 0.9999, cosine
    assert error[0] <= 0.01, error


@pytest.mark.parametrize("name", engines.candidates("fp32", read_cpuinfo()))
def test_every_engine_of_this_machine_hears_alike(model, sounds, heard, name):
    if name == engines.ONNXRUNTIME_CUDA:
        pytest.skip("the graphics card is tried where one is")
    some = list(sounds)[::4]
    tower = engines.load(name, model.directory, threads=2)
    ours = np.concatenate([tower.run(log_mel(sounds[one][0])[np.newaxis]) for one in some])
    cosine, error = fidelity(ours, heard[::4], some)
    assert cosine[0] >= 0.9999, cosine
    assert error[0] <= (0.01 if engines.computes_exactly(name) else 0.07), error


@pytest.fixture(scope="module")
def sentences():
    chance = np.random.default_rng(5)
    known = [word for text in checkpoints.SENTENCES for word in text.split()]
    many = [" ".join(chance.choice(known, count)) for count in WORDS]
    return [*checkpoints.SENTENCES, *many, "", "   ", "\n\t", "a" * 400, "é", "ﷺ" * 50]


def test_sentences_of_every_kind_are_read_as_laion_reads_them(model, sentences):
    tokenize = transformers.RobertaTokenizer(
        vocab=str(model.directory / "vocab.json"), merges=str(model.directory / "merges.txt")
    )
    theirs = []
    for sentence in sentences:
        tokens = tokenize(
            sentence, padding="max_length", truncation=True, max_length=77, return_tensors="pt"
        )
        wanted = {name: tokens[name] for name in ("input_ids", "attention_mask")}
        assert wanted["input_ids"].shape == (1, 77)
        with torch.inference_mode():
            theirs.append(model.network.get_text_embedding(wanted)[0].numpy())
    tower = TextTower(model.directory, threads=2)
    ours = np.stack([tower.embed(sentence) for sentence in sentences])
    cosine, error = fidelity(ours, np.stack(theirs), [sentence[:40] for sentence in sentences])
    assert cosine[0] >= 0.9999, cosine
    assert error[0] <= 0.02, error  # its weights are stored in 16 bits


def test_the_embedder_is_both_together(model):
    embedder = ClapEmbedder(model.directory, threads=2)
    known = np.load(model.directory / "golden.npy")
    cosines = np.sum(embedder.embed_audio(golden.windows()[:3]) * known[:3], axis=1)
    assert cosines.min() >= 0.9999
    alone = TextTower(model.directory, threads=2).embed("warm slow piano")
    assert embedder.embed_text(["warm slow piano"])[0] == pytest.approx(alone, abs=1e-6)
    embedder.release()
