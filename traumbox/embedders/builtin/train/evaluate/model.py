"""What is judged: the two exported towers, and the words that they are asked with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from traumbox.domain import Float32
from traumbox.embedders.builtin import tokens

Rng = np.random.Generator
Language = Literal["en", "de"]
LANGUAGES: tuple[Language, ...] = ("en", "de")


class Model(Protocol):
    """Both towers."""

    def embed_mels(self, mels: Sequence[NDArray[np.floating]]) -> Float32:
        """Map log-mel pictures [FRAMES, BANDS] to unit vectors float32[n, dim]."""

    def embed_text(self, sentences: Sequence[str]) -> Float32:
        """Map sentences to unit vectors float32[n, dim]."""


class ExportedModel:
    """``audio.onnx`` and ``text.onnx`` of a folder, on one thread.

    It doesn't ask for ``card.json``, because the card's calibration comes out of the evaluation.
    One core and one clip at a time: the same figures on every machine of a kind.
    """

    def __init__(self, directory: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._audio = onnxruntime.InferenceSession(str(directory / "audio.onnx"), options)
        self._text = onnxruntime.InferenceSession(str(directory / "text.onnx"), options)

    def embed_mels(self, mels: Sequence[NDArray[np.floating]]) -> Float32:
        """Map log-mel pictures [FRAMES, BANDS] to unit vectors float32[n, dim]."""
        rows = [
            self._audio.run(None, {"mel": mel[np.newaxis].astype(np.float32)})[0] for mel in mels
        ]
        out: Float32 = np.concatenate(rows)
        return out

    def embed_text(self, sentences: Sequence[str]) -> Float32:
        """Map sentences to unit vectors float32[n, dim]."""
        rows = [self._text.run(None, {"ids": tokens.encode([one])})[0] for one in sentences]
        out: Float32 = np.concatenate(rows)
        return out


class Caption(Protocol):
    """Writes a caption that names exactly the given concepts."""

    def __call__(
        self, names: Sequence[str], rng: Rng, language: Language | None, *, unseen: bool
    ) -> str:
        """Return the sentence; ``unseen`` asks for wordings that training never used."""


@dataclass(frozen=True, slots=True)
class Words:
    """Where sentences come from: captions, the plainest word of a concept, pure nonsense.

    ``strange`` are questions that training has nothing like; ``knows`` tells the others from them.
    """

    caption: Caption
    usual: Callable[[str, Language], str]
    nonsense: Callable[[Rng], str]
    strange: Sequence[str]
    knows: Callable[[str], bool]
