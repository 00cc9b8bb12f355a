from pathlib import Path

import numpy as np

from traumbox.embedders.builtin.mel import BANDS, FRAMES
from traumbox.embedders.builtin.train.concepts import CONCEPTS
from traumbox.embedders.builtin.train.data import (
    HELD_FROM,
    HELD_TEXTURES_FROM,
    TEXTURES_FROM,
    Amount,
    is_held_out,
    load,
    load_held,
    make_shard,
)


def count_shards(directory: Path) -> int:
    return len(list(directory.glob("shard-*.json")))


def test_a_shard_can_be_made_again_and_read(tmp_path):
    first, second = tmp_path / "one", tmp_path / "two"
    for directory in (first, second):
        directory.mkdir()
        make_shard(directory, 3, seed=5, pieces=3, own=True)
    clips, again = load(first), load(second)
    assert count_shards(first) == 1
    assert len(clips) == 3
    assert len({clip.piece for clip in clips}) == 3
    for clip, other in zip(clips, again, strict=True):
        assert clip.mel.shape == (FRAMES, BANDS)
        assert np.array_equal(clip.mel, other.mel)
        assert clip.concepts == other.concepts <= set(CONCEPTS)
        assert clip.facts == other.facts
        assert clip.source == "synth"
        assert clip.facts.brightness_hz > 0


def test_what_is_for_the_evaluation_is_kept_apart(tmp_path):
    for number in (1, HELD_FROM, HELD_TEXTURES_FROM, TEXTURES_FROM):
        make_shard(tmp_path, number, seed=5, pieces=2, own=True)
    trained, held = load(tmp_path), load_held(tmp_path)
    assert len(trained) == len(held) == 4
    assert not {clip.piece for clip in trained} & {clip.piece for clip in held}


def test_an_interrupted_shard_does_not_count(tmp_path):
    make_shard(tmp_path, 1, seed=5, pieces=1, own=True)
    (tmp_path / "shard-0001.json").rename(tmp_path / "shard-0001.part")
    assert count_shards(tmp_path) == 0
    assert load(tmp_path) == []


def test_shards_of_all_kinds_are_asked_for_once():
    numbers = Amount(music=5, textures=2, held=3, held_textures=1).numbers()
    assert len(numbers) == len(set(numbers)) == 11
    assert sum(is_held_out(number) for number in numbers) == 4
