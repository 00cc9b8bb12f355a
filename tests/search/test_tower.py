import threading

import numpy as np

from tests.fakes import ToneEmbedder
from traumbox.domain import Float32
from traumbox.search.tower import TextTower

IDLE_S = 300.0


class CountingTones(ToneEmbedder):
    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def embed_text(self, sentences: list[str]) -> Float32:  # type: ignore[override]
        self.asked += sentences
        return super().embed_text(sentences)


class HeldTones(ToneEmbedder):
    """Embeds when it is let go; fails when its memory was taken meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = threading.Event(), threading.Event()

    def embed_text(self, sentences: list[str]) -> Float32:  # type: ignore[override]
        self.begun.set()
        assert self.go.wait(10)
        assert self.released == 0
        return super().embed_text(sentences)


def test_a_sentence_is_embedded_once_however_it_is_written() -> None:
    embedder = CountingTones()
    tower = TextTower(embedder)
    first = tower.vector("440  Hz", 0.0)
    assert np.array_equal(tower.vector(" 440 hz ", 1.0), first)
    assert embedder.asked == ["440  Hz"]


def test_the_memory_is_given_back_after_idling_and_the_next_sentence_works() -> None:
    embedder = ToneEmbedder()
    tower = TextTower(embedder)
    tower.vector("440 Hz", 0.0)
    assert not tower.rest(IDLE_S - 1.0, IDLE_S)
    assert tower.rest(IDLE_S, IDLE_S)
    assert embedder.released == 1
    assert not tower.rest(2 * IDLE_S, IDLE_S), "there is nothing to give back"
    assert tower.vector("880 Hz", 2 * IDLE_S).any()
    assert tower.rest(4 * IDLE_S, IDLE_S)


def test_a_remembered_sentence_does_not_keep_the_tower_awake() -> None:
    embedder = ToneEmbedder()
    tower = TextTower(embedder)
    tower.vector("440 Hz", 0.0)
    tower.vector("440 Hz", IDLE_S)
    assert tower.rest(IDLE_S, IDLE_S)


def test_an_unused_tower_has_nothing_to_give_back() -> None:
    embedder = ToneEmbedder()
    assert not TextTower(embedder).rest(1e9, IDLE_S)
    assert embedder.released == 0


def test_nothing_is_taken_from_under_a_sentence() -> None:
    embedder = HeldTones()
    tower = TextTower(embedder)
    found: list[Float32] = []
    search = threading.Thread(target=lambda: found.append(tower.vector("440 Hz", 0.0)))
    search.start()
    assert embedder.begun.wait(10)
    assert not tower.rest(1e9, IDLE_S)
    tower.retire()
    assert embedder.released == 0
    embedder.go.set()
    search.join(10)
    assert found[0].any()
    assert embedder.released == 1, "the last one switches off the light"
