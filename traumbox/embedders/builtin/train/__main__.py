"""Make the built-in model anew: data, training, export, evaluation, model card.

Each step keeps what it has finished, so a second call goes on where the first was stopped.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import torch

from traumbox.domain import ModelCard
from traumbox.embedders.builtin.train.card import write_model_card
from traumbox.embedders.builtin.train.data import generate, load
from traumbox.embedders.builtin.train.evaluate import evaluate
from traumbox.embedders.builtin.train.export import export
from traumbox.embedders.builtin.train.learn import Plan, split, train
from traumbox.embedders.builtin.train.networks import DIM
from traumbox.embedders.builtin.weights import WEIGHTS, write_card

MODEL_ID = "builtin-1"
LICENCE = "GPL-3.0-or-later"


def main() -> None:
    """Run the steps that are asked for."""
    options = _options()
    logging.basicConfig(level="INFO", format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    data = options.work / "data"
    generate(data, options.shards, options.seed, options.workers)
    plan = Plan(budget_s=60.0 * options.minutes)
    towers = train(data, options.work / "checkpoint.pt", plan)
    export(towers, options.out)
    _, held = split(load(data))
    results = evaluate(options.out, held)
    card = ModelCard(options.id, "traumbox built-in", DIM, LICENCE, results.calibration)
    write_card(options.out, card, ("audio.onnx", "text.onnx"))
    write_model_card(options.out / "MODEL.md", card, results, load(data), plan)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m traumbox.embedders.builtin.train", description=__doc__
    )
    parser.add_argument("work", type=Path, help="folder for the clips and checkpoints (1 GB)")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights go")
    parser.add_argument("--id", default=MODEL_ID, help="names the embedding space")
    parser.add_argument(
        "--shards", type=int, default=120, help="of 48 pieces, about 105 clips each"
    )
    parser.add_argument("--minutes", type=float, default=40.0, help="time for the training itself")
    parser.add_argument("--seed", type=int, default=20, help="of the music")
    parser.add_argument("--workers", type=int, default=2, help="processes that make music")
    parser.add_argument("--threads", type=int, default=2, help="threads of the training")
    return parser.parse_args()


if __name__ == "__main__":
    main()
