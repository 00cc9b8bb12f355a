from pathlib import Path

import numpy as np
import pytest

from tests.embedders.listening import windows
from traumbox.embedders.builtin.embedder import BuiltinEmbedder
from traumbox.synth.demo import write_demo
from traumbox.synth.pieces import PIECES


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> dict[str, Path]:
    """The demo's files by title, written once a session whichever tests ask for them."""
    paths = write_demo(tmp_path_factory.getbasetemp() / "demo")
    return {piece.tags.title: path for piece, path in zip(PIECES, paths, strict=True)}


@pytest.fixture(scope="session")
def embedder() -> BuiltinEmbedder:
    return BuiltinEmbedder(threads=1)


@pytest.fixture(scope="session")
def heard(demo, embedder) -> dict[str, np.ndarray]:
    """The vectors of each piece of the demo by title: float32[windows, dim]."""
    return {title: embedder.embed_audio(windows(path)) for title, path in demo.items()}
