"""The text tower's tokenizer: RoBERTa's byte-level BPE, by the small library ``tokenizers``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from traumbox.embedders.clap.manifest import MERGES, VOCABULARY
from traumbox.errors import ModelError

MAX_TOKENS = 77
"""LAION's training cut sentences there, begin and end included."""
_BEGIN, _PAD, _END, _UNKNOWN, _MASK = "<s>", "<pad>", "</s>", "<unk>", "<mask>"


class Tokenizer:
    """Turns a sentence into the ids of ``RobertaTokenizer``, never padded.

    The tower's answer for a padded sentence is the same, and takes up to four times as long.
    """

    def __init__(self, directory: Path) -> None:
        """Read ``vocab.json`` and ``merges.txt``.

        Raises
        ------
        ModelError
            When one of them is missing or damaged.
        """
        # Imported here: whoever never searches by sentence doesn't pay for it.
        import tokenizers  # noqa: PLC0415
        from tokenizers import models, pre_tokenizers, processors  # noqa: PLC0415

        vocabulary, merges = directory / VOCABULARY, directory / MERGES
        try:
            model = models.BPE.from_file(str(vocabulary), str(merges), unk_token=_UNKNOWN)
        except Exception as error:  # tokenizers raises plain Exception
            raise _unusable(directory, str(error)) from error
        bpe = tokenizers.Tokenizer(model)
        begin, end = bpe.token_to_id(_BEGIN), bpe.token_to_id(_END)
        if begin is None or end is None:
            raise _unusable(directory, f"{_BEGIN} or {_END} is missing")
        bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        bpe.post_processor = processors.RobertaProcessing(
            (_END, end), (_BEGIN, begin), add_prefix_space=False
        )
        mask = tokenizers.AddedToken(_MASK, lstrip=True, special=True)
        bpe.add_special_tokens([_BEGIN, _PAD, _END, _UNKNOWN, mask])
        bpe.enable_truncation(MAX_TOKENS)
        self._bpe = bpe

    def encode(self, sentence: str) -> NDArray[np.int64]:
        """Return int64[length] of 2 to 77 ids, begin and end included."""
        return np.array(self._bpe.encode(_sound(sentence)).ids, dtype=np.int64)


def _sound(sentence: str) -> str:
    """Replace halves of surrogate pairs, which are not text and can't be encoded."""
    return sentence.encode("utf-8", "replace").decode("utf-8")


def _unusable(directory: Path, reason: str) -> ModelError:
    return ModelError(
        f"The tokenizer's files {directory / VOCABULARY} and {MERGES} can't be used: {reason}. "
        f"Get them anew: traumbox model fetch {directory.name}"
    )
