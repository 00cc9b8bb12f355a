from pathlib import Path

import pytest

from traumbox.synth.demo import write_demo
from traumbox.synth.pieces import PIECES


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> dict[str, Path]:
    """The demo's files by title, written once a session whichever tests ask for them."""
    paths = write_demo(tmp_path_factory.getbasetemp() / "demo")
    return {piece.tags.title: path for piece, path in zip(PIECES, paths, strict=True)}
