"""Make the built-in model anew: data, training, export, evaluation, model card.

Each step keeps what it has finished, so a second call goes on where the first was stopped.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import torch

from traumbox.domain import ModelCard
from traumbox.embedders.builtin.train import soundfont
from traumbox.embedders.builtin.train.batches import count
from traumbox.embedders.builtin.train.card import Making, Source, write_model_card
from traumbox.embedders.builtin.train.data import Amount, Clip, generate, load, load_held
from traumbox.embedders.builtin.train.evaluate import ExportedModel, evaluate, find_recordings
from traumbox.embedders.builtin.train.export import export
from traumbox.embedders.builtin.train.learn import Plan, Training, train
from traumbox.embedders.builtin.train.networks import DIM
from traumbox.embedders.builtin.train.taught import taught_words
from traumbox.embedders.builtin.weights import WEIGHTS, write_card, write_words

log = logging.getLogger(__name__)

MODEL_ID = "builtin-3"
LICENCE = "GPL-3.0-or-later"
_TOWERS = ("audio.onnx", "text.onnx")


def main() -> None:
    """Run the steps that are asked for."""
    options = _options()
    logging.basicConfig(level="INFO", format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    data = options.work / "data"
    generate(data, Amount(music=options.shards), options.seed, options.workers)
    clips, held = load(data), load_held(data)
    plan = Plan(epochs=options.epochs)
    training = train(clips, held, options.work / "checkpoint.pt", plan)
    export(training.average, options.out)
    recordings = find_recordings(options.recordings) if options.recordings.is_dir() else []
    if not recordings:
        log.warning("no recordings in %s: the card will say nothing of any", options.recordings)
    results = evaluate(ExportedModel(options.out), held, clips, recordings)
    card = ModelCard(
        options.id,
        "traumbox built-in",
        DIM,
        LICENCE,
        results.calibration,
        results.floor,
        strange=results.strange,
    )
    write_words(options.out, taught_words())
    write_card(options.out, card, _TOWERS)
    making = _making(clips, training, plan, options.seed)
    write_model_card(options.out / "MODEL.md", card, results, making)


def _making(clips: Sequence[Clip], training: Training, plan: Plan, seed: int) -> Making:
    licences = {font.name: font.licence for font in soundfont.SOUNDFONTS}
    licences["synth"] = f"traumbox's synthesiser and espeak-ng, {LICENCE}"
    sources = Counter(clip.source for clip in clips)
    return Making(
        clips=len(clips),
        pieces=len({clip.piece for clip in clips}),
        sources=tuple(
            Source(name, licences[name], number) for name, number in sources.most_common()
        ),
        parameters=sum(p.numel() for p in training.average.parameters()),
        steps=plan.epochs * count(clips, plan.batch),
        minutes=training.spent_s / 60,
        machine=f"{os.cpu_count()} cores {platform.machine()}, PyTorch {torch.__version__}",
        seed=seed,
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m traumbox.embedders.builtin.train", description=__doc__
    )
    parser.add_argument("work", type=Path, help="folder for the clips and checkpoints (2 GB)")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights go")
    parser.add_argument("--id", default=MODEL_ID, help="names the embedding space")
    parser.add_argument(
        "--shards", type=int, default=Amount().music, help="of 48 pieces of music each"
    )
    parser.add_argument("--epochs", type=int, default=Plan().epochs, help="of the training")
    parser.add_argument("--seed", type=int, default=20, help="of the music")
    parser.add_argument("--workers", type=int, default=2, help="processes that make music")
    parser.add_argument("--threads", type=int, default=2, help="threads of the training")
    parser.add_argument(
        "--recordings",
        type=Path,
        default=Path("..", "shared", "audio"),
        help="folder of real recordings, with a table recordings.json",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
