"""The desk of folders, with an indexer that only notes what it is asked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from traumbox.config import Settings, load
from traumbox.daemon.daytime import Daytime
from traumbox.daemon.folders import Folders
from traumbox.daemon.parts import kind_of, terms, watched_folders
from traumbox.domain import (
    Changes,
    Descriptors,
    FileStat,
    FolderState,
    Held,
    Location,
    Media,
    Tags,
    Track,
    WatchHealth,
)
from traumbox.errors import ConfigError, UnknownFolderError
from traumbox.stores.ledger import Ledger
from traumbox.web.services import FolderOrder

HELD = Held(count=40, total=50, gone=40, since_s=9.0, examples=("a.flac",))


@dataclass
class NotingIndexer:
    folder_states: dict[str, FolderState] = field(default_factory=dict)

    def next_scan_s(self, name: str) -> float | None:
        return 7.0 if name == "Music" else None

    def offline(self) -> frozenset[str]:
        return frozenset(name for name, state in self.folder_states.items() if not state.online)


class Eyes:
    def health(self, name: str) -> WatchHealth:
        return WatchHealth("polled", "a network share", "buy a disk") if name == "NAS" else LIVE


LIVE = WatchHealth("live")


@dataclass
class Desk:
    directory: Path
    environ: dict[str, str]
    indexer: NotingIndexer
    ledger: Ledger
    applied: list[Settings] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.file = self.directory / "traumbox.yaml"
        self.file.write_text(
            f"data_dir: {self.directory}/data\n"
            "folders: # mine\n"
            f"  - path: {self.directory}/music\n    name: Music # all\n"
            f"  - {self.directory}/NAS\n"
        )
        for name in ("music", "NAS", "new"):
            (self.directory / name).mkdir()
        self.folders = Folders(
            load(self.file, self.environ),
            indexer=self.indexer,
            ledger=self.ledger,
            watcher=Eyes(),
            environ=self.environ,
            apply=self.apply,
        )

    def apply(self, settings: Settings) -> None:
        self.folders.take(settings)
        self.applied.append(settings)

    def names(self) -> list[str]:
        return [view.name for view in self.folders.folders()]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    ledger = Ledger(tmp_path / "traumbox.db")
    yield Desk(tmp_path, {}, NotingIndexer(), ledger)
    ledger.close()


def test_a_view_puts_together_what_several_know(desk: Desk) -> None:
    desk.ledger.apply(Changes(new={Location("NAS", b"a.flac"): FileStat(1, 2, 3)}), 5.0)
    desk.indexer.folder_states = {
        "Music": FolderState(online=False, note="it is empty", held=HELD, last_scan_s=3.0),
        "NAS": FolderState(online=True, note="2 folders can't be read", files=1, unreadable=2),
    }
    music, nas = desk.folders.folders()
    assert (music.online, music.note, music.held) == (False, "it is empty", HELD)
    assert "disk or server" in music.remedy
    assert (music.mode, music.mode_note, music.mode_remedy) == ("live", "", "")
    assert (music.last_scan_s, music.next_scan_s) == (3.0, 7.0)
    assert (nas.mode, nas.mode_note, nas.mode_remedy) == ("polled", "a network share", "buy a disk")
    assert (nas.pending, nas.indexed, nas.missing, nas.files) == (1, 0, 0, 1)
    assert "permission" in nas.remedy
    assert len({music.colour, nas.colour} - {""}) == 2
    assert desk.folders.offline() == {"Music"}


def test_a_folder_that_was_not_looked_at_yet_is_no_offline_one(desk: Desk) -> None:
    assert [(view.online, view.looked) for view in desk.folders.folders()] == [(True, False)] * 2


def test_adding_writes_it_and_takes_it_over(desk: Desk) -> None:
    order = FolderOrder(desk.directory / "new", kind="podcast", exclude=("*.wav",))
    view = desk.folders.add(order)
    assert (view.name, view.kind, view.exclude) == ("new", "podcast", ("*.wav",))
    assert desk.names() == ["Music", "NAS", "new"]
    assert [f.name for f in desk.applied[-1].folders] == ["Music", "NAS", "new"]
    assert load(desk.file, {}) == desk.applied[-1]
    assert "folders: # mine" in desk.file.read_text()


def test_changing(desk: Desk) -> None:
    view = desk.folders.change("NAS", FolderOrder(name="Nas", priority="first", include=("*.x",)))
    assert (view.name, view.priority, view.include) == ("Nas", "first", ("*.x",))
    assert desk.names() == ["Music", "Nas"]
    with pytest.raises(ConfigError, match="path of “Nas” can't be changed"):
        desk.folders.change("Nas", FolderOrder(desk.directory / "new"))
    with pytest.raises(UnknownFolderError, match="“Music”, “Nas”"):
        desk.folders.change("NAS", FolderOrder(kind="music"))


def test_removing_and_adding_again_with_what_it_was(desk: Desk) -> None:
    before = desk.folders.change("NAS", FolderOrder(colour="#112233", kind="music"))
    desk.folders.remove("NAS")
    assert desk.names() == ["Music"]
    again = FolderOrder(
        Path(before.path),
        before.name,
        before.colour,
        before.kind,
        before.priority,
        before.include,
        before.exclude,
    )
    assert desk.folders.add(again) == before
    with pytest.raises(UnknownFolderError):
        desk.folders.remove("Jazz")


def test_a_wrong_wish_changes_nothing(desk: Desk) -> None:
    before = desk.file.read_text()
    new = desk.directory / "new"
    wrong = [
        FolderOrder(),
        FolderOrder(Path("new")),
        FolderOrder(desk.directory / "none"),
        FolderOrder(new, "Music"),
        FolderOrder(new, colour="red"),
        FolderOrder(new, exclude=("!",)),
    ]
    for order in wrong:
        with pytest.raises(ConfigError):
            desk.folders.add(order)
    for order in wrong[3:]:
        with pytest.raises(ConfigError):
            desk.folders.change(
                "NAS", FolderOrder(None, order.name, order.colour, None, None, None, order.exclude)
            )
    assert desk.file.read_text() == before
    assert desk.applied == []


def test_a_file_with_a_mistake_is_told_of_and_not_written(desk: Desk) -> None:
    desk.file.write_text(desk.file.read_text() + "webb: {}\n")
    before = desk.file.read_text()
    with pytest.raises(ConfigError, match="did you mean 'web'"):
        desk.folders.add(FolderOrder(desk.directory / "new"))
    with pytest.raises(ConfigError, match="did you mean 'web'"):
        desk.folders.remove("NAS")
    assert desk.file.read_text() == before


def test_folders_that_the_environment_decides_are_not_changed_here(desk: Desk) -> None:
    desk.environ["TRAUMBOX_FOLDERS"] = f"[{desk.directory}/music]"
    with pytest.raises(ConfigError, match="variable TRAUMBOX_FOLDERS decides"):
        desk.folders.add(FolderOrder(desk.directory / "new"))


def test_the_first_folder_makes_the_file(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bare = Folders(
        load(None, {"TRAUMBOX_DATA_DIR": str(tmp_path / "data")}),
        indexer=desk.indexer,
        ledger=desk.ledger,
        watcher=Eyes(),
        environ={"TRAUMBOX_DATA_DIR": str(tmp_path / "data")},
        apply=lambda settings: bare.take(settings),  # noqa: PLW0108 - it isn’t there yet
    )
    bare.reload()
    assert bare.folders() == []
    assert bare.add(FolderOrder(tmp_path / "new")).name == "new"
    bare.reload()
    assert [view.name for view in bare.folders()] == ["new"]
    assert (tmp_path / "config" / "traumbox.yaml").exists()


def test_the_configurations_terms_reach_the_parts(desk: Desk) -> None:
    desk.file.write_text(
        desk.file.read_text()
        + f"  - {{path: {desk.directory}/music/talk, name: Talk, kind: podcast,"
        " priority: first, include: ['*.mp3'], exclude: ['x/']}\n"
        "schedule: {scan_every: 2h, poll_every: 1m, settle: 1, settle_network: 2}\n"
        "library: {brake_percent: 5, keep_missing: 2d, audiobooks: {paths: [Books/], genres: []}}\n"
    )
    settings = load(desk.file, {})
    music, nas, talk = watched_folders(settings)
    assert music.inner == {b"talk"}
    assert (music.priority, talk.priority, talk.include, talk.exclude) == (
        0,
        1,
        ("*.mp3",),
        ("x/",),
    )
    assert not nas.inner
    found = terms(settings)
    assert (found.scan_every_s, found.poll_every_s) == (7200, 60)
    assert (found.settle_s, found.settle_network_s) == (1, 2)
    assert (found.brake_percent, found.keep_missing_s) == (5, 172_800)
    kind = kind_of(settings)
    assert kind(track("Music", b"Books/a.mp3")) == "audiobook"
    assert kind(track("Music", b"a.mp3", genre="Podcast")) == "podcast"
    assert kind(track("Talk", b"Books/a.mp3")) == "podcast"
    assert kind(track("Music", b"a.m4b")) == "music"


def track(folder: str, path: bytes, genre: str = "") -> Track:
    media = Media("mp3", "mp3", 44_100, 2)
    return Track("t", Location(folder, path), "a", 1.0, media, Tags(genre=genre), Descriptors())


def test_quiet_hours_and_the_date_go_by_the_schedule_that_was_taken_over(desk: Desk) -> None:
    now_s = 1_774_738_800.0  # 2026-03-28T23:00Z
    text = "schedule: {quiet_hours: '23:00-07:00', time_zone: %s}\n"
    berlin = load(write(desk, text % "Europe/Berlin"), {}).schedule
    london = load(write(desk, text % "Europe/London"), {}).schedule
    day = Daytime(berlin, now_s=lambda: now_s)
    assert (day.resting(), day.day(now_s)) == ("quiet hours until 07:00", "2026-03-29")
    day.take(london.model_copy(update={"quiet_hours": "22:00-22:30"}))
    assert (day.resting(), day.day(now_s)) == ("", "2026-03-28")
    assert Daytime(berlin, heeds_quiet=False, now_s=lambda: now_s).resting() == ""


def write(desk: Desk, text: str) -> Path:
    file = desk.directory / "other.yaml"
    file.write_text(text)
    return file
