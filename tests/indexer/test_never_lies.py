"""Whatever happens to folders, files and process: after a quiet time the store says what is there.

Random deeds upon a real tree, by a real scan and a real ledger; index, ear and clock are fakes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.indexer.bench import SETTLE_S
from tests.indexer.world import File, World
from traumbox.stores.lance import LanceIndex

PICKS = st.integers(0, 10_000)
FOLDERS = st.sampled_from(("m", "n", "i"))
DIRECTORIES = st.sampled_from(("", "A", "B", "A/deep"))
MEMORY = Path("/dev/shm")  # noqa: S108 - a private directory is made in it
CUE = """FILE "{name}" WAVE
  TRACK 01 AUDIO
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    INDEX 01 01:00:00
"""


class Mishaps(RuleBasedStateMachine):
    """Deeds of owners, taggers, downloads, disks and power; ``told`` says whether events came."""

    @initialize()
    def begin(self) -> None:
        where = MEMORY if os.access(MEMORY, os.W_OK) else None
        self.world = self.make_world(Path(tempfile.mkdtemp(prefix="traumbox-", dir=where)))
        self.steps = 0
        for folder in self.world.roots:
            for directory in ("", "A", "B", "A/deep"):
                self.add(folder, directory, told=False)
        self.add_many("n", told=False)
        self.world.quiet()
        self.world.check()
        for pick in (3, 7):
            self.delete(pick, told=False)

    @invariant()
    def now_and_then_all_is_quiet(self) -> None:
        self.steps += 1
        if self.steps % 6 == 0:
            self.quiet()

    @staticmethod
    def make_world(directory: Path) -> World:
        return World(directory)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        world = self.world
        try:
            for name in list(world.away):
                self.put_back(name)
            world.quiet()
            world.check()
        finally:
            world.remove()

    # Files come, go and change.

    @rule(folder=FOLDERS, directory=DIRECTORIES, told=st.booleans())
    def add(self, folder: str, directory: str, told: bool) -> None:
        world = self.world
        if folder in world.away_names():
            return
        name = world.fresh_name()
        path = world.roots[folder] / directory / f"{name}.flac"
        file = File(name, None, f"sound-of-{name}")
        world.files.append(file)
        world.write(path, file.content)
        world.land(file, path)
        self._tell(told, path)

    @rule(folder=FOLDERS, told=st.booleans())
    def add_many(self, folder: str, told: bool) -> None:
        world = self.world
        if folder in world.away_names() or len(world.files) > 60:
            return
        directory = world.roots[folder] / world.fresh_name("album")
        for _ in range(24):
            name = world.fresh_name()
            file = File(name, None, f"sound-of-{name}")
            world.files.append(file)
            world.write(directory / f"{name}.flac", file.content)
            world.land(file, directory / f"{name}.flac")
        self._tell(told, directory)

    @rule(pick=PICKS, told=st.booleans(), in_place=st.booleans())
    def retag(self, pick: int, told: bool, in_place: bool) -> None:
        file = self._one(pick)
        if file is not None and file.path is not None:
            file.content = f"{file.sound}|title {self.world.fresh_name()}"
            self._rewrite(file, in_place)
            self._tell(told, file.path)

    @rule(pick=PICKS, told=st.booleans(), in_place=st.booleans())
    def replace(self, pick: int, told: bool, in_place: bool) -> None:
        file = self._one(pick)
        if file is not None and file.path is not None:
            file.content = f"sound-of-{self.world.fresh_name()}"
            file.resounded = True
            self._rewrite(file, in_place)
            self._tell(told, file.path)

    @rule(pick=PICKS, folder=FOLDERS, directory=DIRECTORIES, told=st.booleans(), link=st.booleans())
    def copy(self, pick: int, folder: str, directory: str, told: bool, link: bool) -> None:
        world, file = self.world, self._one(pick)
        if file is None or file.path is None or folder in world.away_names():
            return
        name = world.fresh_name()
        path = world.roots[folder] / directory / f"{name}.flac"
        twin = File(name, None, file.content)
        world.files.append(twin)
        path.parent.mkdir(parents=True, exist_ok=True)
        if link:
            os.link(file.path, path)
            file.is_ambiguous = twin.is_ambiguous = True  # when one goes the other may be it
            world.excuse(file.sound)
        else:
            world.write(path, file.content)
        world.land(twin, path)
        self._tell(told, path)

    @rule(pick=PICKS, told=st.booleans())
    def delete(self, pick: int, told: bool) -> None:
        file = self._one(pick)
        if file is not None and file.path is not None:
            path = file.path
            path.unlink()
            file.path = None
            file.moved = True
            self._tell(told, path)

    @rule(pick=PICKS, folder=FOLDERS, told=st.booleans(), same=st.booleans())
    def restore(self, pick: int, folder: str, told: bool, same: bool) -> None:
        world = self.world
        gone = [file for file in world.files if file.path is None]
        if not gone or folder in world.away_names():
            return
        file = gone[pick % len(gone)]
        places = [place for place, owner in world.places.items() if owner is file]
        path = world.roots[folder] / f"{world.fresh_name('back')}.flac"
        if same and places and not places[-1].exists() and not world.is_away(places[-1]):
            path = places[-1]
        world.write(path, file.content)
        world.land(file, path)
        file.moved = file.is_unheard = True
        states = world.bench.indexer.folder_states
        # While its removal is held it isn't gone, and a copy is one of several.
        file.is_strict &= not any(state.held for state in states.values())
        file.is_strict &= file.home not in world.away_names()
        self._tell(told, path)

    # Files and folders move.

    @rule(pick=PICKS, folder=FOLDERS, directory=DIRECTORIES, told=st.booleans(), keep=st.booleans())
    def move(self, pick: int, folder: str, directory: str, told: bool, keep: bool) -> None:
        world, file = self.world, self._one(pick)
        if file is None or file.path is None or folder in world.away_names():
            return
        name = file.path.name if keep else f"{world.fresh_name()}.flac"
        self._move(file, world.roots[folder] / directory / name, told)

    @rule(pick=PICKS, other=PICKS, told=st.booleans())
    def move_over(self, pick: int, other: int, told: bool) -> None:
        file, victim = self._one(pick), self._one(other)
        if file is None or victim is None or file is victim or victim.path is None:
            return
        assert file.path is not None
        if not file.path.samefile(victim.path):  # rename(2) leaves two links of one file alone
            self._move(file, victim.path, told)

    @rule(pick=PICKS, told=st.booleans())
    def move_out(self, pick: int, told: bool) -> None:
        file = self._one(pick)
        if file is not None:
            self._move(file, self.world.outside / f"{self.world.fresh_name()}.flac", told)

    @rule(pick=PICKS, folder=FOLDERS, told=st.booleans())
    def move_in(self, pick: int, folder: str, told: bool) -> None:
        world = self.world
        out = [f for f in world.files if f.path and f.path.is_relative_to(world.outside)]
        if out and folder not in world.away_names():
            file = out[pick % len(out)]
            self._move(file, world.roots[folder] / f"{world.fresh_name()}.flac", told)

    @rule(pick=PICKS, folder=FOLDERS, told=st.booleans())
    def move_directory(self, pick: int, folder: str, told: bool) -> None:
        world, file = self.world, self._one(pick)
        if file is None or file.path is None or folder in world.away_names():
            return
        old = file.path.parent
        if old in world.roots.values() or old == world.outside:
            return
        new = world.roots[folder] / world.fresh_name("moved")
        old.rename(new)
        for other in world.files:
            if other.path is not None and other.path.is_relative_to(old):
                world.land(other, new / other.path.relative_to(old))
                other.moved = True
        self._tell(told, old / "x", new / "x")

    @rule(pick=PICKS, told=st.booleans())
    def delete_directory(self, pick: int, told: bool) -> None:
        world, file = self.world, self._one(pick)
        if file is None or file.path is None or file.path.parent in world.roots.values():
            return
        directory, name = file.path.parent, world.folder_of(file.path)
        if any(root.is_relative_to(directory) for root in world.roots.values()):
            return
        world.quiet()
        relative = os.fsencode(directory.relative_to(world.roots[name])) + b"/"
        known = {r.track_id: at for at, r in world.rows().items() if r.audio_id}
        known = {track: at for track, at in known.items() if at.folder == name}
        going = {track for track, at in known.items() if at.path.startswith(relative)}
        shutil.rmtree(directory)
        for other in world.files:
            if other.path is not None and other.path.is_relative_to(directory):
                other.path, other.moved = None, True
        self._tell(told, directory, directory / "x")
        world.work(SETTLE_S)
        if len(going) > 20 and len(going) > 0.3 * len(known):
            world.bench.indexer.scan()
            world.work(SETTLE_S)
            assert going <= {row.track_id for row in world.rows().values()}

    # Rules, links and sheets.

    @rule(folder=FOLDERS, on=st.booleans(), told=st.booleans())
    def leave_out_b(self, folder: str, on: bool, told: bool) -> None:
        world = self.world
        if folder in world.away_names():
            return
        rules = world.roots[folder] / ".traumboxignore"
        world.excuse_all()
        if on:
            rules.write_text("/B/\n")
            world.stamp(rules)
        else:
            rules.unlink(missing_ok=True)
        self._tell(told, rules)

    @rule(pick=PICKS, out=st.booleans(), told=st.booleans())
    def link(self, pick: int, out: bool, told: bool) -> None:
        world, file = self.world, self._one(pick)
        if file is None or file.path is None:
            return
        target = world.outside / "never watched.flac" if out else file.path
        if out:
            target.write_text("elsewhere")
        path = file.path.with_name(f"{world.fresh_name('link')}.flac")
        path.symlink_to(target)
        self._tell(told, path)

    @rule(pick=PICKS, told=st.booleans())
    def link_directory(self, pick: int, told: bool) -> None:
        world, file = self.world, self._one(pick)
        if file is not None and file.path is not None:
            path = file.path.with_name(world.fresh_name("circle"))
            path.symlink_to(file.path.parent, target_is_directory=True)
            self._tell(told, path)

    @rule(pick=PICKS, told=st.booleans())
    def put_or_take_sheet(self, pick: int, told: bool) -> None:
        world, file = self.world, self._one(pick)
        if file is None or file.path is None:
            return
        sheet = file.path.with_suffix(".cue")
        file.is_strict = False
        file.is_ambiguous = True  # wherever it goes without its sheet, it is another track
        world.excuse(file.sound)
        if sheet.exists():
            sheet.unlink()
        else:
            sheet.write_text(CUE.format(name=file.path.name))
            world.stamp(sheet)
        self._tell(told, sheet)

    # Disks come and go.

    @rule(folder=FOLDERS, how=st.sampled_from(("gone", "empty", "other")))
    def take_away(self, folder: str, how: str) -> None:
        world = self.world
        if world.away or not world.is_known(folder):
            return
        world.excuse_all()
        root = world.roots[folder]
        world.away[folder] = root.rename(world.directory / f"away {folder}")
        if how != "gone":
            root.mkdir()
        if how == "other":
            (root / "of another disk.flac").write_text("foreign")
            world.guard.disks[root] = "other"
        self.known_before = world.rows()

    @precondition(lambda self: self.world.away)
    @rule(seconds=st.sampled_from((1.0, 31.0, 4000.0)))
    def look_at_what_is_away(self, seconds: float) -> None:
        world = self.world
        world.bench.indexer.scan()
        world.work(seconds)
        world.work(1.0)
        assert world.away.keys() <= world.bench.indexer.offline()
        rows = world.rows()
        for at, row in self.known_before.items():
            if at.folder in world.away_names():
                assert rows[at].track_id == row.track_id

    @precondition(lambda self: self.world.away)
    @rule()
    def bring_back(self) -> None:
        self.put_back(next(iter(self.world.away)))

    # Time passes, and the process ends.

    @rule(seconds=st.sampled_from((0.5, 1.0, 6.0, SETTLE_S, 61.0)))
    def work(self, seconds: float) -> None:
        self.world.work(seconds)

    @rule(points=st.integers(0, 10), seconds=st.sampled_from((1.0, SETTLE_S, SETTLE_S)))
    def crash_within(self, points: int, seconds: float) -> None:
        world = self.world
        self.add("n", "", told=False)
        world.bench.indexer.scan()
        world.work(1.0)
        world.bench.indexer.scan()
        world.fuse.left = points
        world.work(seconds)
        world.fuse.left = None

    @rule()
    def crash(self) -> None:
        self.world.crash()

    @rule()
    def quiet(self) -> None:
        self.world.quiet()
        self.world.check()

    @precondition(lambda self: not self.world.away)
    @rule(really=st.integers(0, 9))
    def a_month_passes(self, really: int) -> None:
        world = self.world
        if really:
            return
        world.quiet()
        world.a_month_passes()
        world.quiet()
        assert world.bench.ledger.missing_count() == 0
        world.files = [file for file in world.files if file.path is not None]
        for file in world.files:
            if file.path.is_relative_to(world.outside):  # forgotten: it will be new
                file.is_strict, file.is_ambiguous = False, True
        world.places = {file.path: file for file in world.files}
        world.check()

    def put_back(self, folder: str) -> None:
        world = self.world
        root = world.roots[folder]
        if root.exists():
            for left in root.iterdir():
                left.unlink()
            root.rmdir()
        world.away.pop(folder).rename(root)
        world.guard.disks.pop(root, None)

    def _one(self, pick: int) -> File | None:
        outside = self.world.outside
        files = [f for f in self.world.present() if f.path and not f.path.is_relative_to(outside)]
        return files[pick % len(files)] if files else None

    def _move(self, file: File, path: Path, told: bool) -> None:
        old = file.path
        assert old is not None
        if path == old or (path.exists() and path not in self.world.places):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        old.rename(path)
        self.world.land(file, path)
        file.moved = True
        self._tell(told, old, path)

    def _rewrite(self, file: File, in_place: bool) -> None:
        assert file.path is not None
        file.retagged = file.is_unheard = True
        # Written anew, it may as well have become its other link, and this be a new file.
        file.is_strict &= file.path.stat().st_nlink == 1
        if not in_place:
            temporary = file.path.with_name(".writing")
            self.world.write(temporary, file.content)
            temporary.rename(file.path)
        else:
            self.world.write(file.path, file.content)

    def _tell(self, told: bool, *paths: Path) -> None:
        if told:
            self.world.tell(*paths)


class MishapsOnDisk(Mishaps):
    """The same over the real vector index."""

    @staticmethod
    def make_world(directory: Path) -> World:
        return World(directory, lambda card: LanceIndex(directory / "index", card))


def rounds_of(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        phases=(Phase.generate,),  # to make a failing story shorter takes minutes; add shrink
        suppress_health_check=list(HealthCheck),
    )


TestMishaps = Mishaps.TestCase
TestMishaps.settings = rounds_of(60, 50)  # 3,000 deeds

TestMishapsOnDisk = pytest.mark.process(MishapsOnDisk.TestCase)
TestMishapsOnDisk.settings = rounds_of(8, 30)
