"""The text tower: RoBERTa on ONNX Runtime, in as little memory as it takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from traumbox.domain import Float32
from traumbox.embedders.clap.manifest import TEXT_TOWER
from traumbox.embedders.clap.tokens import Tokenizer
from traumbox.errors import ModelError


class TextTower:
    """Tokenizer and network, loaded. Safe to use from any thread.

    The weights lie on disk in half precision and are mapped from there; each matrix is widened
    just before it is used. ONNX Runtime would do that once for all at loading and then hold twice
    as much as the file, 450 MB: it is kept from that.
    """

    def __init__(self, directory: Path, threads: int, precision: str = "fp32") -> None:
        """Load the tower of the model in ``directory``; ``precision`` is the manifest's.

        Raises
        ------
        ModelError
            When a file is missing or damaged.
        """
        self._tokenizer = Tokenizer(directory)
        # Imported here: it takes a third of a second and 40 MB, and the card needs none of it.
        import onnxruntime  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        disabled = set()
        if precision == "fp32":
            # Beyond "basic" there is a second pass of folding that can't be switched off.
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
            disabled = {"ConstantFolding"}
        path = directory / TEXT_TOWER
        try:
            self._session = onnxruntime.InferenceSession(
                path, options, providers=["CPUExecutionProvider"], disabled_optimizers=disabled
            )
        except Exception as error:  # onnxruntime's exceptions have no root of their own
            reason = str(error).strip().splitlines()[0] if str(error).strip() else "no reason given"
            raise ModelError(
                f"ONNX Runtime {onnxruntime.__version__} can't load {path}: {reason} "
                f"Is the file whole? traumbox model verify {directory.name}"
            ) from error
        self._ids, self._mask = (given.name for given in self._session.get_inputs())

    def embed(self, sentence: str) -> Float32:
        """Map one sentence to a unit vector float32[dim]."""
        ids = self._tokenizer.encode(sentence)[np.newaxis]
        given = {self._ids: ids, self._mask: np.ones_like(ids)}
        out: Float32 = self._session.run(None, given)[0][0]
        return out
