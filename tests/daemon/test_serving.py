"""Which space answers at the start: no model that is missing or damaged keeps the house shut."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.fakes import MemoryIndex, ToneEmbedder
from tests.indexer.bench import Bench, build
from traumbox.daemon.serving import begin_wanted, serving_space
from traumbox.domain import ModelCard
from traumbox.errors import ModelError, StoreError
from traumbox.indexer.change import SpaceWays
from traumbox.ports import Space
from traumbox.stores.ledger import Ledger
from traumbox.stores.spaces import Spaces


@dataclass
class Installation:
    """Models by name: the id of the version that is installed; ``broken`` ones don't load."""

    spaces: Spaces
    ids: dict[str, str] = field(default_factory=lambda: {"builtin": "builtin-1"})
    broken: set[str] = field(default_factory=set)
    without_index: set[str] = field(default_factory=set)

    def card(self, name: str) -> ModelCard:
        if name not in self.ids:
            raise ModelError(f"{name} isn't installed.")
        return ToneEmbedder(self.ids[name]).card

    def open(self, name: str) -> Space:
        card = self.card(name)
        if name in self.broken:
            raise ModelError(f"{name} is damaged.")
        if name in self.without_index:
            raise StoreError(f"The index of {name} is damaged.")
        return Space(name, ToneEmbedder(card.id), MemoryIndex(card))

    def start(self, wanted: str = "auto") -> tuple[str, str]:
        """Return the model that serves, and the note."""
        ways = SpaceWays(self.card, self.open, lambda _: None)
        order = ("clap-music", "clap-general", "builtin")
        best = lambda: next(name for name in order if name in self.ids)  # noqa: E731 - as it is passed in
        space, note = serving_space(self.spaces, ways, wanted, best, 5.0)
        serving = self.spaces.serving()
        assert serving is not None
        assert (serving.model, serving.model_id) == (space.model, space.embedder.card.id)
        return space.model, note


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(Spaces(Ledger(tmp_path / "traumbox.db").database))


def test_the_first_start_takes_the_best_that_is_installed(installation: Installation) -> None:
    assert installation.start() == ("builtin", "")


def test_the_first_start_takes_what_is_wanted(installation: Installation) -> None:
    installation.ids |= {"clap-music": "clap-music-1", "clap-general": "clap-general-1"}
    assert installation.start("clap-general") == ("clap-general", "")


def test_a_wanted_model_that_is_not_here_is_no_failed_start(installation: Installation) -> None:
    assert installation.start("clap-music") == ("builtin", "")


def test_what_served_last_serves_again_whatever_is_wanted(installation: Installation) -> None:
    installation.start()
    installation.ids["clap-music"] = "clap-music-1"
    assert installation.start("clap-music") == ("builtin", "")


@pytest.mark.parametrize("trouble", ["gone", "broken", "replaced"])
def test_the_best_kept_space_steps_in_and_the_owner_is_told_why(
    installation: Installation, trouble: str
) -> None:
    installation.ids |= {"clap-music": "clap-music-1", "clap-general": "clap-general-1"}
    for model in ("builtin", "clap-general", "clap-music"):
        installation.spaces.serve(installation.ids[model], model, 1.0)
    if trouble == "gone":
        del installation.ids["clap-music"]
    elif trouble == "broken":
        installation.broken.add("clap-music")
    else:
        installation.ids["clap-music"] = "clap-music-2"
    serving, note = installation.start()
    assert serving == "clap-general"
    assert "clap-music" in note
    assert "Searching with “clap-general” instead." in note


def test_a_kept_space_that_is_damaged_is_passed_over(installation: Installation) -> None:
    installation.ids["clap-general"] = "clap-general-1"
    for model in ("builtin", "clap-general"):
        installation.spaces.serve(installation.ids[model], model, 1.0)
    installation.spaces.serve("clap-music-1", "clap-music", 2.0)
    installation.without_index.add("clap-general")
    assert installation.start()[0] == "builtin"


def test_replaced_weights_without_another_space_begin_a_fresh_one(
    installation: Installation,
) -> None:
    installation.start()
    installation.ids["builtin"] = "builtin-2"
    assert installation.start()[0] == "builtin"
    roles = {row.model_id: row.role for row in installation.spaces.all()}
    assert roles == {"builtin-2": "serving", "builtin-1": "kept"}


def test_an_index_that_cannot_be_opened_is_said_as_ever(installation: Installation) -> None:
    installation.start()
    installation.without_index.add("builtin")
    with pytest.raises(StoreError):
        installation.start()


def wants(bench: Bench, wanted: str, best: str = "new") -> str:
    """Start with this configuration; return what is changed to, or nothing."""
    serving_id = bench.search.card.id
    begin_wanted(bench.change, bench.shelf.ways(), wanted, best, serving_id)
    filling = bench.spaces.filling()
    return filling.model if filling is not None else ""


def test_the_change_to_what_is_wanted_begins_by_itself(tmp_path: Path) -> None:
    bench = build(tmp_path)
    assert wants(bench, "third") == "third"
    assert wants(bench, "auto") == "new"
    assert wants(bench, "old") == "", "the configuration wants to stay"


def test_auto_does_not_begin_again_what_the_owner_gave_up(tmp_path: Path) -> None:
    bench = build(tmp_path)
    assert wants(bench, "auto") == "new"
    bench.change.cancel()
    assert wants(bench, "auto") == ""
    assert wants(bench, "new") == "new", "by its name it is asked for"


def test_wanting_what_is_not_here_leaves_a_change_alone(tmp_path: Path) -> None:
    bench = build(tmp_path)
    bench.change.begin("third")
    assert wants(bench, "nobody") == "third"
