from dataclasses import replace

import pytest

from tests.embedders.train.knowing import WORDS, Guessing, Knowing, many_clips
from traumbox.domain import ModelCard
from traumbox.embedders.builtin.train.card import Making, Source, write_model_card
from traumbox.embedders.builtin.train.evaluate import evaluate
from traumbox.embedders.builtin.train.evaluate.recordings import RecordingsResult, WordResult

MAKING = Making(
    clips=17_500,
    pieces=17_400,
    sources=(Source("synth", "GPL-3.0-or-later", 6000), Source("FluidR3", "MIT", 11_500)),
    parameters=1_400_000,
    steps=9000,
    minutes=95.4,
    machine="two cores of a processor",
    seed=20,
)
CARD = ModelCard("builtin-2", "traumbox built-in", 192, "GPL-3.0-or-later", (0.2, 12.0))


def written(tmp_path, model, recordings=None) -> str:
    (tmp_path / "audio.onnx").write_bytes(b"0" * 2_500_000)
    (tmp_path / "text.onnx").write_bytes(b"0" * 3_100_000)
    clips = many_clips(80)
    results = replace(evaluate(model, clips, clips[::2], words=WORDS), recordings=recordings)
    path = tmp_path / "MODEL.md"
    write_model_card(path, CARD, results, MAKING)
    return path.read_text("utf-8")


@pytest.mark.parametrize(
    "part",
    [
        "# The built-in model, builtin-2",
        "one space of 192 dimensions",
        "2.5 MB",
        "3.1 MB",
        "1.4 million parameters",
        "17500 clips of ten seconds from 17400 pieces",
        "  - FluidR3 (MIT): 11500 clips",
        "9000 steps in 95 minutes, seed 20, on two cores of a processor",
        "On 80 pieces that training never had",
        "| instrument family, solos | 0.85 | 1.00 |",
        "It wasn't tried on real recordings",
    ],
)
def test_the_card_tells_what_was_measured(part, tmp_path):
    assert part in written(tmp_path, Knowing())


def test_the_card_ends_with_the_table_of_all_concepts(tmp_path):
    text = written(tmp_path, Knowing())
    assert text.index("## What it can't do") < text.index("## All concepts")
    assert text.rstrip().splitlines()[-1].startswith("| **mean**")


def test_limits_name_the_words_that_fare_worst(tmp_path):
    assert "Hardly better than guessing" not in written(tmp_path, Knowing())
    text = written(tmp_path, Guessing())
    line = next(line for line in text.splitlines() if "Hardly better than guessing" in line)
    assert "waltz" in line
    assert "Worst told apart, tempo class: " in text


def test_limits_name_the_recordings_words_that_failed(tmp_path):
    words = (
        WordResult("trumpet", "en", 1, 6, 3, 1 / 3, "robin.ogg"),
        WordResult("speech", "en", 1, 6, 1, 1.0, "speech.ogg"),
    )
    text = written(tmp_path, Knowing(), RecordingsResult(6, words))
    assert "came first for 50 % of the words, but not for: trumpet." in text
    assert "| trumpet | 1 | 3 of 6 | 0.33 | robin.ogg |" in text
