"""Measure the exported model on what it never saw, and fit the scale that people read.

Nothing in here needs torch: ``python -m traumbox.embedders.builtin.train.evaluate --help``.
"""

from traumbox.embedders.builtin.train.evaluate.evaluation import WORDS, Evaluation, evaluate
from traumbox.embedders.builtin.train.evaluate.model import ExportedModel, Model, Words
from traumbox.embedders.builtin.train.evaluate.recordings import Recording, find_recordings

__all__ = [
    "WORDS",
    "Evaluation",
    "ExportedModel",
    "Model",
    "Recording",
    "Words",
    "evaluate",
    "find_recordings",
]
