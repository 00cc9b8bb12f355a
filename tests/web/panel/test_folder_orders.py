from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.web.desk import FakeFolders
from traumbox.domain import Held, Removal
from traumbox.errors import ConfigError
from traumbox.web.panel.pages.folder_orders import MAX_PATH_LENGTH, Ask, FolderWork
from traumbox.web.panel.texts import ENGLISH
from traumbox.web.services import FolderOrder, FolderView

WORDS = ENGLISH["messages"]
MUSIC = FolderView("Music", "/srv/music", online=True, colour="#4e79a7", exclude=("Drafts/",))
HELD = Held(count=25, total=30, gone=25, since_s=0.0)


@dataclass
class NotingFolders(FakeFolders):
    """Notes the orders too, as they are given."""

    order: FolderOrder | None = None
    forgotten: list[str] = field(default_factory=list)

    def forget(self, name: str) -> int:
        self.forgotten.append(name)
        return 3

    def add(self, order: FolderOrder) -> FolderView:
        self.order = order
        return super().add(order)

    def change(self, name: str, order: FolderOrder) -> FolderView:
        self.order = order
        return super().change(name, order)


@pytest.fixture
def desk() -> NotingFolders:
    return NotingFolders(views=[MUSIC])


@pytest.fixture
def work(desk: NotingFolders) -> FolderWork:
    return FolderWork(desk, WORDS)


def ask(deed: str, folder: str = "Music", **fields: object) -> Ask:
    return Ask.from_event({"place": "here", "do": deed, "name": folder, "fields": fields})


def test_a_folder_is_added_with_what_was_typed(
    work: FolderWork, desk: NotingFolders, tmp_path: Path
) -> None:
    said = work.carry_out(
        ask(
            "add", path=f" {tmp_path}\n", name=" Attic ", kind="podcast", include="*.mp3\n\n *.ogg "
        )
    )
    assert said == {"news": "“Attic” is watched now. Its music is being looked for."}
    assert desk.order == FolderOrder(
        path=tmp_path, name="Attic", kind="podcast", include=("*.mp3", "*.ogg"), exclude=()
    )


def test_what_is_left_empty_is_left_to_the_configuration(
    work: FolderWork, desk: NotingFolders, tmp_path: Path
) -> None:
    work.carry_out(ask("add", path=str(tmp_path), name="  ", colour=""))
    assert desk.order == FolderOrder(path=tmp_path, include=(), exclude=())


@pytest.mark.parametrize("path", ["", "  ", "music", "~/music", "C:\\Music"])
def test_a_path_begins_at_the_root(work: FolderWork, desk: NotingFolders, path: str) -> None:
    assert work.carry_out(ask("add", path=path)) == {"problem": WORDS["folder_no_path"]}
    assert desk.asked == []


def test_an_endless_path_is_cut() -> None:
    assert len(ask("add", path="/" + "a" * 9 * MAX_PATH_LENGTH).path) == MAX_PATH_LENGTH


def test_only_what_changes_is_ordered(work: FolderWork, desk: NotingFolders) -> None:
    fields = {
        "name": "Records",
        "colour": "#4e79a7",
        "kind": "auto",
        "priority": "last",
        "include": "",
        "exclude": "",
    }
    said = work.carry_out(ask("change", **fields))
    assert said == {"news": "“Records” is saved."}
    assert desk.order == FolderOrder(name="Records", priority="last", exclude=())


def test_a_removal_can_be_undone_with_all_settings(desk: NotingFolders, tmp_path: Path) -> None:
    view = FolderView(
        "Attic",
        str(tmp_path),
        online=True,
        colour="#59a14f",
        kind="audiobook",
        priority="first",
        include=("*.m4b",),
        exclude=("Drafts/",),
    )
    desk.views = [MUSIC, view]
    work = FolderWork(desk, WORDS)
    assert work.carry_out(ask("remove", "Attic")) == {}
    assert work.removed == view
    assert work.carry_out(ask("undo")) == {}
    assert work.removed is None
    assert desk.order == FolderOrder(
        tmp_path, "Attic", "#59a14f", "audiobook", "first", ("*.m4b",), ("Drafts/",)
    )
    assert work.carry_out(ask("undo")) == {}  # a second press undoes nothing
    assert desk.asked == ["remove Attic", f"add {tmp_path}"]


def test_what_could_not_be_undone_can_be_tried_again(work: FolderWork, desk: NotingFolders) -> None:
    work.carry_out(ask("remove"))
    assert "can't be watched" in work.carry_out(ask("undo"))["problem"]  # its disk is away
    assert work.removed == MUSIC


def test_what_is_held_goes_when_confirmed(work: FolderWork, desk: NotingFolders) -> None:
    assert "problem" in work.carry_out(ask("confirm"))
    desk.views = [FolderView("Music", "/srv/music", online=True, held=HELD)]
    said = work.carry_out(ask("confirm"))
    assert said == {"news": "25 tracks were removed. They come back with their files."}


def test_what_is_gone_can_be_forgotten_of_an_unwatched_folder_too(desk: NotingFolders) -> None:
    desk.lately = [Removal("Old\x1b", 0.0, 1.0, 3)]
    assert FolderWork(desk, WORDS).carry_out(ask("forget", "Old ")) == {}
    assert desk.forgotten == ["Old\x1b"]


def test_folders_are_known_by_the_names_the_page_shows(desk: NotingFolders) -> None:
    desk.views = [FolderView("Caf\udce9", "/srv/x", online=True)]
    work = FolderWork(desk, WORDS)
    assert work.carry_out(ask("scan", "Caf\\udce9")) == {"news": WORDS["folder_scanning"]}
    assert desk.asked == ["scan Caf\udce9"]


def test_an_unknown_folder_is_named(work: FolderWork, desk: NotingFolders) -> None:
    said = work.carry_out(ask("scan", "Attic"))
    assert said == {"problem": "There is no folder called “Attic” any more."}
    assert desk.asked == []


def test_a_refusal_keeps_its_lines(work: FolderWork, desk: NotingFolders) -> None:
    desk.refusal = ConfigError("It can't be written. Add:\n  - path: /x\x1b\n    name: X")
    said = work.carry_out(ask("scan"))
    assert said == {"problem": "It can't be written. Add:\n  - path: /x \n    name: X"}


@pytest.mark.parametrize("event", [{}, {"do": "make coffee"}, {"do": "add", "fields": "x"}])
def test_nonsense_does_no_harm(
    work: FolderWork, desk: NotingFolders, event: dict[str, object]
) -> None:
    assert "problem" in work.carry_out(Ask.from_event(event))
    assert desk.asked == []
