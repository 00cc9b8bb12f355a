"""The training itself, on a handful of clips; where PyTorch is installed."""

import importlib
from dataclasses import replace

import numpy as np
import pytest

from tests.embedders.train.rng import rng
from traumbox.embedders.builtin.mel import BANDS, FRAMES
from traumbox.embedders.builtin.train.data import Clip
from traumbox.embedders.builtin.train.facts import Facts

torch = pytest.importorskip("torch", reason="torch is only installed for training")
pytest.importorskip("onnx", reason="onnx is only installed for training")
batches = importlib.import_module("traumbox.embedders.builtin.train.batches")
learn = importlib.import_module("traumbox.embedders.builtin.train.learn")
export = importlib.import_module("traumbox.embedders.builtin.train.export")


def clips(count: int) -> list[Clip]:
    """Return half low noise called deep rumble, half high hiss called bright birds."""
    made = []
    for n in range(count):
        mel = rng(n).normal(0.0, 0.3, (FRAMES, BANDS))
        mel[:, : BANDS // 2] += 1.5 if n % 2 else -1.5
        names = {"rumble", "deep"} if n % 2 else {"birds", "bright"}
        made.append(Clip(mel.astype(np.float16), frozenset(names), n, "synth", Facts()))
    return made


PLAN = learn.Plan(epochs=3, batch=8, peak_rate=1e-3)


def test_a_batch_says_which_caption_fits_which_clip():
    batch = next(batches.batches(clips(8), 8, FRAMES // 2, rng()))
    assert batch.mel.shape == (8, FRAMES // 2, BANDS)
    captions = batch.fits.shape[1]
    assert batch.places.shape[0] == batch.mask.shape[0] == batch.asked.shape[0] == captions
    expected = (batch.named @ batch.asked.T) >= batch.asked.sum(dim=1)
    asks = batch.asked.sum(dim=1) > 0
    assert torch.equal(batch.fits.bool()[:, asks], expected[:, asks])
    assert not batch.fits[:, ~asks].any()  # nonsense fits nothing
    assert (~asks).any()
    assert (batch.fits.sum(dim=0) == 0)[asks].any()  # rivals: wrong by one thing


def test_each_clip_can_be_told_by_one_word_among_its_rivals():
    told = [replace(clip, facts=Facts(style="jazz")) for clip in clips(8)]
    batch = next(batches.batches(told, 8, FRAMES // 2, rng(), choosing=True))
    sizes = [len(group) for group in batches.GROUPS]
    assert batch.choices.shape == (8, sum(sizes))
    styles, *rest = batch.choices.split(sizes, dim=1)
    assert styles.sum(dim=1).tolist() == [1.0] * 8
    assert styles[:, batches.GROUPS[0].index("jazz")].all()
    scenes = rest[1]
    assert scenes.sum(dim=1).tolist() == [1.0] * 8  # birds, or a rumble
    # The last captions are those of the choices: each asks for its one name.
    names = [name for group in batches.GROUPS for name in group]
    asked = batch.asked[-len(names) :]
    assert asked.argmax(dim=1).tolist() == [batches.NAMES.index(name) for name in names]
    assert asked.sum(dim=1).tolist() == [1.0] * len(names)


def test_training_learns_and_goes_on_after_a_stop_as_if_there_had_been_none(tmp_path):
    torch.set_num_threads(1)
    learnt = learn.train(clips(16), [], tmp_path / "one.pt", PLAN)
    stopped = learn.Training(PLAN)
    losses = [stopped.run_epoch(clips(16))]
    stopped.save(tmp_path / "three.pt")
    went_on = learn.train(clips(16), [], tmp_path / "three.pt", PLAN)
    for one, other in zip(
        learnt.average.state_dict().values(), went_on.average.state_dict().values(), strict=True
    ):
        assert torch.equal(one, other)
    assert learn.Training(PLAN).run_epoch(clips(16)) == losses[0]
    more = learn.Training(replace(PLAN, epochs=9))
    course = [more.run_epoch(clips(16)) for _ in range(9)]
    assert course[-1] < 0.8 * course[0]


def test_towers_export_to_the_same_numbers(tmp_path):
    torch.manual_seed(1)
    towers = learn.Towers()
    with torch.no_grad():  # statistics as a training would leave them
        towers.train().audio(torch.randn(4, FRAMES, BANDS))
    export.export(towers, tmp_path)  # raises ArithmeticError when they differ
    assert sorted(path.name for path in tmp_path.iterdir()) == ["audio.onnx", "text.onnx"]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 12_000_000
