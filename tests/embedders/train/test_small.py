"""The shipped model on new music, composed and played on the spot: no files, no torch."""

import numpy as np
import pytest

from traumbox.embedders.builtin.train.evaluate import ExportedModel, evaluate
from traumbox.embedders.builtin.train.evaluate.attributes import FAMILY, STYLE, TEMPO
from traumbox.embedders.builtin.train.evaluate.small import play_pieces
from traumbox.embedders.builtin.train.evaluate.tables import mean_recall
from traumbox.embedders.builtin.weights import WEIGHTS, read_card

PIECES = 54


@pytest.fixture(scope="module")
def clips():
    return play_pieces(PIECES)


@pytest.fixture(scope="module")
def results(clips):
    return evaluate(ExportedModel(WEIGHTS), clips)


@pytest.fixture(scope="module")
def attributes(results):
    return {one.name: one for one in results.attributes}


def test_the_set_is_varied_and_one_clip_a_piece(clips):
    assert len(clips) == len({clip.piece for clip in clips}) >= PIECES - 4
    assert {clip.source for clip in clips} == {"synth"}
    assert len(set().union(*(clip.concepts for clip in clips))) > 60


def test_the_set_can_be_played_again():
    once, again = play_pieces(2), play_pieces(2)
    for one, other in zip(once, again, strict=True):
        assert np.array_equal(one.mel, other.mel)
        assert (one.concepts, one.facts) == (other.concepts, other.facts)


# All floors lie well above chance and below what was measured when the weights were made.
def test_pieces_are_found_by_three_attributes(results):
    assert mean_recall(results, 10) > 0.85  # chance 0.28
    assert mean_recall(results, 1) > 0.5  # chance 0.03
    assert min(one.to_audio.fitting[10] for one in results.retrieval) > 0.8


@pytest.mark.parametrize("language", ["en", "de"])
def test_attributes_are_told_by_plain_words(attributes, language):
    assert attributes[FAMILY].accuracy[language] > attributes[FAMILY].chance + 0.3
    assert attributes[STYLE].accuracy[language] > 0.65  # chance 0.17
    assert attributes[TEMPO].accuracy[language] > 0.8  # chance 0.38
    assert attributes["energy"].accuracy[language] > 0.95  # chance 0.86; one of 21 may err
    assert attributes["brightness"].accuracy[language] > 0.9


def test_concepts_are_ranked_by_plain_words(results):
    assert results.mean_average_precision > 0.65  # blindly 0.13


def test_the_shipped_scale_reads_right_rows_above_wrong_ones(results):
    midpoint, slope = read_card(WEIGHTS).calibration
    assert results.calibration[0] == pytest.approx(midpoint, abs=0.15)
    assert results.calibration[1] == pytest.approx(slope, rel=0.5)
    assert results.scale.right_first.median > 75
    assert results.scale.wrong.median < 25
    assert results.floor == pytest.approx(read_card(WEIGHTS).floor, abs=0.08)
