"""Evaluate the built-in model and print the tables of its model card.

With DATA, the folder of a training, its held-out clips are used (run the training once, or stop
it after the data). Without, new pieces are composed and played on the spot, which takes half a
second each. No torch is needed.
"""

from __future__ import annotations

import argparse
import json
import logging
from dataclasses import asdict
from pathlib import Path

from traumbox.embedders.builtin.train import data
from traumbox.embedders.builtin.train.evaluate.evaluation import evaluate
from traumbox.embedders.builtin.train.evaluate.model import ExportedModel
from traumbox.embedders.builtin.train.evaluate.recordings import find_recordings
from traumbox.embedders.builtin.train.evaluate.small import play_pieces
from traumbox.embedders.builtin.train.evaluate.tables import everything
from traumbox.embedders.builtin.weights import WEIGHTS

log = logging.getLogger(__name__)

_NOTHING = "nothing to evaluate"


def main() -> None:
    """Evaluate what the command line names."""
    options = _options()
    logging.basicConfig(level="INFO", format="%(asctime)s %(message)s")
    if options.data:
        held, trained = data.load_held(options.data), data.load(options.data)
        held = held[: options.pieces] if options.pieces else held
    else:
        held, trained = play_pieces(options.pieces or 200), []
    if not held:
        raise SystemExit(f"{options.data} holds no held-out clips: {_NOTHING}.")
    recordings = find_recordings(options.recordings) if options.recordings.is_dir() else []
    if not recordings:
        log.warning("no recordings in %s: that part is left out", options.recordings)
    log.info("evaluating on %d held-out clips", len(held))
    results = evaluate(ExportedModel(options.weights), held, trained, recordings, seed=options.seed)
    print(everything(results))  # noqa: T201 -- the command's answer
    if options.json:
        options.json.write_text(json.dumps(asdict(results), indent=1) + "\n", "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m traumbox.embedders.builtin.train.evaluate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("data", type=Path, nargs="?", help="folder with the clips of a training")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder of both towers")
    parser.add_argument("--pieces", type=int, help="how many; without DATA 200 if not given")
    parser.add_argument(
        "--recordings",
        type=Path,
        default=Path("..", "shared", "audio"),
        help="folder of real recordings, with a table recordings.json",
    )
    parser.add_argument("--json", type=Path, help="file to write all figures to")
    parser.add_argument("--seed", type=int, default=1, help="of the captions and collections")
    return parser.parse_args()


if __name__ == "__main__":
    main()
