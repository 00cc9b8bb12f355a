"""kill -9 of the daemon, again and again, over a tree that keeps changing: nothing lost or doubled.

``python -m tests.bench.kills 1000`` runs alone, for it takes the better part of an hour.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

from tests.house import DaemonHouse
from traumbox.daemon.ear import build_ear
from traumbox.domain import SAMPLE_RATE_HZ
from traumbox.embedders import registry
from traumbox.stores.lance import LanceIndex
from traumbox.stores.ledger import Ledger

KILLS = 1_000
SOUNDS = 40
DURATION_S = 11.0
LIVES_S = (0.05, 4.0)
CHANGE_EVERY_S = 0.15
FILES_MAX = 60
SEED = 20_261_121


@dataclass
class Tree:
    """A music folder that somebody keeps changing; knows which sound lies where."""

    root: Path
    sounds: list[Path]
    chance: random.Random
    at: dict[Path, Path] = field(default_factory=dict)
    changes: Counter[str] = field(default_factory=Counter)

    def change(self) -> None:
        """Do one random thing, the way people and programs do it."""
        acts: list[Callable[[], None]] = [self._add, self._add, self._add_slowly]
        if self.at:
            acts += [self._rename, self._move, self._replace, self._touch, self._copy]
        if len(self.at) > FILES_MAX // 2:
            acts += [self._delete, self._rename_folder]
        if len(self.at) >= FILES_MAX:
            acts = [self._delete]
        act = self.chance.choice(acts)
        act()
        self.changes[act.__name__.strip("_")] += 1

    def _place(self) -> Path:
        folder = self.root / f"album {self.chance.randrange(6)}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{self.chance.randrange(10**9):09}.flac"

    def _any(self) -> Path:
        return self.chance.choice(sorted(self.at))

    def _add(self) -> None:
        place, sound = self._place(), self.chance.choice(self.sounds)
        shutil.copyfile(sound, place)
        self.at[place] = sound

    def _add_slowly(self) -> None:
        place, sound = self._place(), self.chance.choice(self.sounds)
        data = sound.read_bytes()
        with place.open("wb") as file:
            file.write(data[: len(data) // 2])
            file.flush()
            time.sleep(0.1)
            file.write(data[len(data) // 2 :])
        self.at[place] = sound

    def _rename(self) -> None:
        old = self._any()
        new = old.with_name(f"{self.chance.randrange(10**9):09}.flac")
        old.rename(new)
        self.at[new] = self.at.pop(old)

    def _move(self) -> None:
        old, new = self._any(), self._place()
        old.rename(new)
        self.at[new] = self.at.pop(old)

    def _replace(self) -> None:
        place, sound = self._any(), self.chance.choice(self.sounds)
        fresh = place.with_name(".fresh")
        shutil.copyfile(sound, fresh)
        fresh.replace(place)
        self.at[place] = sound

    def _touch(self) -> None:
        os.utime(self._any())

    def _copy(self) -> None:
        old, new = self._any(), self._place()
        shutil.copy2(old, new)
        self.at[new] = self.at[old]

    def _delete(self) -> None:
        place = self._any()
        place.unlink()
        del self.at[place]

    def _rename_folder(self) -> None:
        old = self._any().parent
        new = self.root / f"album {self.chance.randrange(10**9):09}"
        old.rename(new)
        for place in [place for place in self.at if place.parent == old]:
            self.at[new / place.name] = self.at.pop(place)


@dataclass
class Outcome:
    """What the kills did."""

    kills: int
    ready: int
    changes: Counter[str]
    files: int
    lost: list[str]
    doubled: list[str]


def run(directory: Path, kills: int, seed: int = SEED) -> Outcome:
    """Kill a daemon over a changing tree; then let it come to rest and look at what it has."""
    chance = random.Random(seed)
    house = DaemonHouse(directory)
    tree = Tree(house.music, _sounds(directory / "sounds"), chance)
    ready = 0
    for number in range(kills):
        stop = threading.Event()
        changing = threading.Thread(target=_keep_changing, args=(tree, stop))
        changing.start()
        house.launch()
        end_s = time.monotonic() + chance.uniform(*LIVES_S)
        while time.monotonic() < end_s:
            time.sleep(0.02)
            if house.process is not None and house.process.poll() is not None:
                raise AssertionError(f"The daemon ended by itself:\n{house.tail()}")
        ready += house.ready()
        house.kill9()
        stop.set()
        changing.join()
        if number % 50 == 49:
            print(f"<!-- {number + 1} kills, {len(tree.at)} files -->", flush=True)
    with house:
        house.wait_until_heard(len(tree.at), timeout_s=600)
        time.sleep(2.0)
        house.wait_until_heard(len(tree.at))
    lost, doubled = _compare(house, tree)
    return Outcome(kills, ready, tree.changes, len(tree.at), lost, doubled)


def _keep_changing(tree: Tree, stop: threading.Event) -> None:
    while not stop.wait(CHANGE_EVERY_S):
        tree.change()


def _sounds(directory: Path) -> list[Path]:
    directory.mkdir()
    times_s = np.arange(int(DURATION_S * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    paths = []
    for number in range(SOUNDS):
        path = directory / f"{number}.flac"
        tone = 0.3 * np.sin(2 * np.pi * (110.0 + 15 * number) * times_s)
        soundfile.write(path, tone.astype(np.float32), SAMPLE_RATE_HZ)
        paths.append(path)
    return paths


def _compare(house: DaemonHouse, tree: Tree) -> tuple[list[str], list[str]]:
    """Return what is lost (or wrong) and what is doubled, as lines for people."""
    models = house.data / "models"
    ear = build_ear(models, 1)
    expected = {
        sound: ear.hear(sound, "builtin", lambda _: True)[0].audio_id for sound in tree.sounds
    }
    ledger = Ledger(house.data / "traumbox.db")
    index = LanceIndex(house.data / "index", registry.card("builtin", models))
    try:
        lost: list[str] = []
        doubled: list[str] = []
        rows, _ = ledger.page(limit=10_000)
        found = {row.location.display: row for row in rows}
        stored = index.known_tracks()
        for place, sound in tree.at.items():
            path = str(place.relative_to(tree.root))
            row = found.pop(path, None)
            if row is None or row.state != "indexed" or row.audio_id != expected[sound]:
                lost.append(f"{path}: {row}")
            elif stored.get(row.track_id) != row.audio_id:
                lost.append(f"{path}: not in the index")
        doubled += [f"{path}: no such file" for path in found]
        known = ledger.known_ids()
        doubled += [f"{track}: in the index only" for track in stored.keys() - known]
        sounds = set(stored.values())
        for audio_id in sounds:
            starts_s, _ = index.windows_of(audio_id)
            if len(starts_s) != len(set(starts_s.tolist())):
                doubled.append(f"{audio_id}: windows {starts_s.tolist()}")
        each = {audio_id: len(index.windows_of(audio_id)[0]) for audio_id in sounds}
        if index.count_windows() != sum(each.values()):
            doubled.append(f"{index.count_windows()} windows of {sum(each.values())} are anyone's")
        return lost, doubled
    finally:
        index.close()
        ledger.close()


def bench_kills(kills: int = KILLS, seed: int = SEED) -> bool:
    """Print the outcome; return whether nothing was lost or doubled."""
    with tempfile.TemporaryDirectory(prefix="traumbox-kills-") as directory:
        begin_s = time.monotonic()
        outcome = run(Path(directory), kills, seed)
        minutes = (time.monotonic() - begin_s) / 60
    changes = sum(outcome.changes.values())
    print("\n| kill -9 of the daemon over a changing tree | |\n|---|---|")
    print(f"| kills, at random moments | {outcome.kills:,} (seed {seed}, {minutes:.0f} minutes) |")
    print(f"| of them after it was ready | {outcome.ready:,} |")
    print(f"| changes of the tree meanwhile | {changes:,} |")
    print(f"| files at the end | {outcome.files} |")
    print(f"| lost or wrong | {len(outcome.lost)} |")
    print(f"| doubled or left over | {len(outcome.doubled)} |")
    for line in (*outcome.lost, *outcome.doubled):
        print(f"<!-- {line} -->")
    return not outcome.lost and not outcome.doubled


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    sys.exit(0 if bench_kills(*arguments) else 1)
