"""The files of the built-in model: where they lie, what they claim, whether they are whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from traumbox.domain import NO_FLOOR, ModelCard
from traumbox.embedders.builtin.vocabulary import Vocabulary
from traumbox.errors import ModelError

WEIGHTS = Path(__file__).parent / "weights"
WORDS = "words.txt"
"""One taught word a line."""
_CARD = "card.json"
_REMEDY = "Install traumbox anew."


def read_card(directory: Path = WEIGHTS) -> ModelCard:
    """Return the model's card; without a floor, or one for strange sentences, if not measured.

    Raises
    ------
    ModelError
        When ``card.json`` is missing or isn't a card, or ``words.txt`` isn't the one it needs.
    """
    about = _about(directory)
    try:
        midpoint, slope = about["calibration"]
        card = ModelCard(
            id=str(about["id"]),
            name=str(about["name"]),
            dim=int(about["dim"]),
            licence=str(about["licence"]),
            calibration=(float(midpoint), float(slope)),
            floor=float(about.get("floor", NO_FLOOR)),
            languages=("en", "de"),
            strange=float(about.get("strange", 0.0)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(directory / _CARD) from error
    if not card.strange:
        return card
    return replace(card, knows=Vocabulary.of(read_file(WORDS, directory).decode().split()))


def read_file(name: str, directory: Path = WEIGHTS) -> bytes:
    """Return the bytes of a tower, or of the words, after checking them against the card's SHA-256.

    Raises
    ------
    ModelError
        When the file is missing or not the one the card was written for.
    """
    path = directory / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"The built-in model's file {path} can't be read ({error.strerror}). {_REMEDY}"
        ) from error
    sums = _about(directory).get("sha256")
    expected = sums.get(name) if isinstance(sums, dict) else None
    if hashlib.sha256(content).hexdigest() != expected:
        raise _damaged(path)
    return content


def write_words(directory: Path, taught: Iterable[str]) -> None:
    """Write the words that the model was taught."""
    (directory / WORDS).write_text("\n".join(sorted(taught)) + "\n", "utf-8")


def write_card(directory: Path, card: ModelCard, towers: tuple[str, ...]) -> None:
    """Write ``card.json`` with the SHA-256 of each of ``towers``, and of the words it needs."""
    files = (*towers, WORDS) if card.strange else towers
    about = {
        "id": card.id,
        "name": card.name,
        "dim": card.dim,
        "licence": card.licence,
        "calibration": [round(number, 4) for number in card.calibration],
        "floor": round(card.floor, 4),
        "strange": round(card.strange, 4),
        "sha256": {
            name: hashlib.sha256((directory / name).read_bytes()).hexdigest() for name in files
        },
    }
    (directory / _CARD).write_text(json.dumps(about, indent=2) + "\n", "utf-8")


def _about(directory: Path) -> dict[str, Any]:
    path = directory / _CARD
    try:
        about = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ModelError(
            f"The built-in model's file {path} can't be read ({error.strerror}). {_REMEDY}"
        ) from error
    except ValueError as error:
        raise _damaged(path) from error
    if not isinstance(about, dict):
        raise _damaged(path)
    return about


def _damaged(path: Path) -> ModelError:
    return ModelError(f"The built-in model's file {path} is damaged. {_REMEDY}")
