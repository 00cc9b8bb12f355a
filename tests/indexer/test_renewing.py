"""Old tracks are heard again for what has been learned since, behind everything else."""

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from mutagen.flac import FLAC

from tests.fakes import MemoryIndex, ToneEmbedder
from tests.indexer.bench import (
    Bench,
    ScriptedEar,
    Shelf,
    assert_whole,
    build,
    embedder,
    steps,
    three_tracks,
)
from tests.indexer.test_ear import tone, tones
from tests.indexer.test_probing import SaidProbes
from tests.stores.oldledger import write_schema_4
from traumbox.audio.decode import MediaDecoder
from traumbox.domain import Descriptors, Heard, Tags
from traumbox.errors import AudioError, ListenerError, ListenerStartError
from traumbox.indexer.clocks import Clocks
from traumbox.indexer.ear import LocalEar
from traumbox.indexer.hearing import CRASH_LOOP_ATTEMPTS, TROUBLE_PAUSES_S
from traumbox.indexer.renewing import AGAIN_S, Renewing
from traumbox.library.folders import WatchedFolder
from traumbox.library.guard import Guard
from traumbox.library.tags import read_tags
from traumbox.ports import IndexEntry, Space
from traumbox.stores.cache import MediaCache
from traumbox.stores.ledger import Ledger
from traumbox.stores.words import Words
from traumbox.synth.files import write_piece

LEARNED = Descriptors(96.0, "A minor", -14.0, 1500.0, 0.9, dynamic_range_lu=7.0, percussive=0.25)
NAMES = ["a.flac", "b.flac", "c.flac"]


def tells_more(heard: Heard) -> Heard:
    return replace(
        heard,
        tags=replace(heard.tags, comment="from the attic"),
        descriptors=LEARNED,
        lyrics="the moon is made of cheese",
    )


def outdate(ledger: Ledger) -> None:
    with ledger.database.writing() as db:
        db.execute("UPDATE files SET heard_version = 0")


def learned(bench: Bench) -> list[str]:
    return [path for path, row in bench.rows().items() if row.descriptors == LEARNED]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Three tracks that an older traumbox heard; the ear tells more by now."""
    bench = three_tracks(tmp_path)
    bench.ear.tells_more = tells_more
    outdate(bench.ledger)
    return bench


@pytest.fixture
def old_house(tmp_path: Path) -> Bench:
    """The data folder of an earlier version, opened by this one."""
    root, shelf, ear = tmp_path / "music", Shelf(), ScriptedEar(tells_more=tells_more)
    root.mkdir()
    sounds = {root / "a.flac": "one", root / "b.flac": "two"}
    for path, sound in sounds.items():
        path.write_text(sound)
    write_schema_4(tmp_path / "ledger.db", "m", sounds)
    bench = build(tmp_path, shelf, ear)
    for path, sound in sounds.items():
        row = bench.rows()[path.name]
        _, embedding = ScriptedEar().hear(path, "old", lambda _: False)
        assert row.audio_id == sound
        bench.index.add([IndexEntry(row.as_track(), embedding, 7.0)])
    return bench


def test_an_old_library_tells_all_that_has_been_learned(old_house: Bench) -> None:
    bench = old_house
    before, told = bench.rows(), dict(bench.index.told)
    assert bench.indexer.status().outdated == 2
    assert before["a.flac"].descriptors.percussive is None
    bench.run()
    rows = bench.rows()
    assert bench.indexer.status().outdated == 0
    for name, row in rows.items():
        assert (row.descriptors, row.tags.comment) == (LEARNED, "from the attic")
        assert (row.track_id, row.added_at_s) == (before[name].track_id, 7.0)
        assert row.first_seen_s == before[name].first_seen_s
    with bench.ledger.database.reading() as db:
        facts = db.execute("SELECT bpm, percussive, dynamic_range_lu FROM facts").fetchall()
    assert facts == [(96.0, 0.25, 7.0)] * 2
    words = Words(bench.ledger.database)
    for said in ("moon cheese", "attic"):
        found = {match.track_id for match in words.find(said, 10)}
        assert found == {row.track_id for row in rows.values()}
    assert (bench.ear.heard, bench.ear.embedded) == (["a.flac", "b.flac"], [])
    assert bench.index.told == told
    assert_whole(bench, "old")


def test_it_ends(bench: Bench) -> None:
    bench.run()
    assert sorted(bench.ear.heard) == NAMES
    bench.pass_time(10 * AGAIN_S)
    assert len(bench.after_a_crash().ear.heard) == 3


def test_a_track_stays_indexed_all_the_while(bench: Bench) -> None:
    seen: Counter[int] = Counter()

    def look(_: Path) -> None:
        status = bench.indexer.status()
        seen[status.outdated] += 1
        assert (status.indexed, status.pending, status.now_hearing) == (3, 0, "")
        assert bench.indexer.is_settled()

    bench.ear.script = {name: [look] for name in NAMES}
    bench.run()
    assert seen == {3: 1, 2: 1, 1: 1}
    assert learned(bench) == NAMES


def test_new_files_go_first(bench: Bench) -> None:
    bench.put("d.flac", "four")
    bench.run()  # sees it; meanwhile the old ones are heard again
    outdate(bench.ledger)
    bench.ear.heard.clear()
    bench.pass_time(10.0)
    assert bench.ear.heard[0] == "d.flac"
    assert sorted(bench.ear.heard[1:]) == NAMES


def test_a_change_of_the_model_goes_first(bench: Bench) -> None:
    bench.change.begin("new")
    while bench.spaces.filling() is not None:
        assert bench.ledger.outdated_count() == 3
        bench.indexer.step()
    bench.run()
    assert_whole(bench, "new")
    assert [model for model, _ in bench.ear.embedded_for] == ["new"] * 3
    assert len(bench.ear.heard) == 6
    assert learned(bench) == NAMES


def test_a_pause_and_quiet_hours_hold_it(bench: Bench) -> None:
    bench.indexer.pause()
    bench.run()
    bench.indexer.resume()
    bench.resting[0] = "quiet hours"
    bench.run()
    assert bench.ear.heard == []
    bench.resting[0] = ""
    bench.run()
    assert learned(bench) == NAMES


def test_a_file_that_cannot_be_heard_any_more_keeps_what_is_known_of_it(bench: Bench) -> None:
    before = bench.rows()["b.flac"]
    bench.ear.script = {"b.flac": [AudioError("it is damaged")]}
    bench.run()
    assert bench.rows()["b.flac"] == before
    assert learned(bench) == ["a.flac", "c.flac"]
    assert bench.ledger.outdated_count() == 0
    bench.put("b.flac", "five")
    bench.settle()
    assert "b.flac" in learned(bench)


def test_a_file_that_ends_the_listener_twice_keeps_what_is_known_of_it(bench: Bench) -> None:
    before = bench.rows()["b.flac"]
    bench.ear.script = {"b.flac": [ListenerError("it died"), ListenerError("it died")]}
    bench.run()
    assert bench.ledger.outdated_count() == 1
    bench.pass_time(AGAIN_S)
    assert bench.rows()["b.flac"] == before
    assert bench.ledger.outdated_count() == 0
    assert bench.ear.heard.count("b.flac") == 2


def test_no_file_is_blamed_for_its_company(bench: Bench) -> None:
    died = ListenerError("it died")
    died.company = frozenset([Path("other.flac")])
    bench.ear.script = {"b.flac": [died] * 3}
    bench.run()
    for _ in range(3):
        assert bench.ledger.outdated_count() == 1
        bench.pass_time(AGAIN_S)
    assert learned(bench) == NAMES


def test_a_file_that_ended_the_house_itself_is_let_be(bench: Bench) -> None:
    row = bench.rows()["b.flac"]
    for _ in range(CRASH_LOOP_ATTEMPTS):
        bench.ledger.begin(row.track_id, 1.0)
    again = bench.after_a_crash()
    again.run()
    assert again.rows()["b.flac"] == row
    assert sorted(again.ear.heard) == ["a.flac", "c.flac"]
    for _ in range(CRASH_LOOP_ATTEMPTS):  # by another deed, then: that is held against it
        again.ledger.begin(row.track_id, 1.0)
    again.after_a_crash().indexer.step()
    assert again.states()["b.flac"] == "failed"


@pytest.mark.parametrize("error", [OSError(5, "I/O error"), PermissionError(13, "no")])
def test_what_cannot_be_read_just_now_has_another_turn_later(bench: Bench, error: OSError) -> None:
    bench.ear.script = {"a.flac": [error]}
    bench.run()
    assert learned(bench) == ["b.flac", "c.flac"]
    assert set(bench.states().values()) == {"indexed"}
    bench.pass_time(AGAIN_S / 2)
    assert len(bench.ear.heard) == 3
    bench.pass_time(AGAIN_S / 2)
    assert learned(bench) == NAMES


def test_a_broken_listener_is_rested_from(bench: Bench) -> None:
    bench.ear.script = {name: [ListenerStartError("it can't be started")] for name in NAMES}
    bench.run()
    assert len(bench.ear.heard) == 1
    bench.pass_time(TROUBLE_PAUSES_S[-1])
    assert len(bench.ear.heard) == 2
    for _ in range(4):
        bench.pass_time(AGAIN_S)
    assert learned(bench) == NAMES


def test_a_changed_file_is_the_scans_matter(bench: Bench) -> None:
    (bench.root / "a.flac").write_text("another")
    os.utime(bench.root / "a.flac", (5.0, 5.0))
    before = bench.rows()["a.flac"]
    assert before.audio_id == "one"
    steps(bench, 5)  # no scan is asked for or due
    assert "a.flac" not in bench.ear.heard
    assert bench.rows()["a.flac"] == before
    bench.settle()
    assert bench.rows()["a.flac"].audio_id == "another"
    assert learned(bench) == NAMES


def test_what_changes_while_it_is_heard_is_not_taken_for_the_old(bench: Bench) -> None:
    bench.ear.script = {"a.flac": [lambda path: os.utime(path, (5.0, 5.0))]}
    bench.run()
    assert "a.flac" not in learned(bench)
    bench.settle()
    assert learned(bench) == NAMES


def test_an_offline_folder_is_waited_for(bench: Bench) -> None:
    away = bench.root.rename(bench.root.parent / "away")
    bench.run()
    assert bench.ear.heard == []
    assert bench.indexer.status().outdated == 3
    away.rename(bench.root)
    bench.pass_time(30.0)
    assert learned(bench) == NAMES


def test_a_sound_that_is_decoded_otherwise_by_now_is_embedded_anew(bench: Bench) -> None:
    before = bench.rows()
    bench.ear.tells_more = lambda heard: replace(
        tells_more(heard), audio_id=heard.audio_id + "-otherwise"
    )
    bench.run()
    rows = bench.rows()
    assert {name: row.track_id for name, row in rows.items()} == {
        name: row.track_id for name, row in before.items()
    }
    assert rows["a.flac"].audio_id == "one-otherwise"
    assert learned(bench) == NAMES
    assert_whole(bench, "old")


def test_what_the_model_takes_for_singing_comes_along(tmp_path: Path) -> None:
    bench = three_tracks(tmp_path)
    outdate(bench.ledger)
    model_id = embedder("old").card.id
    again = build(tmp_path, bench.shelf, bench.ear, bench.clock, probes=SaidProbes({model_id: 0.7}))
    again.run()
    assert {row.descriptors.vocals for row in again.rows().values()} == {0.7}
    outdate(again.ledger)
    mute = build(tmp_path, bench.shelf, bench.ear, bench.clock)
    mute.run()
    assert mute.ledger.outdated_count() == 0
    assert {row.descriptors.vocals for row in mute.rows().values()} == {0.7}


def test_a_real_listener_tells_it_of_a_real_file(tmp_path: Path) -> None:
    root = tmp_path / "music"
    root.mkdir()
    path = root / "song.flac"
    write_piece(path, tone(440.0, 12.0), 48_000, Tags(title="Song"))
    file = FLAC(path)
    file.update({"comment": "from the attic", "lyrics": "the moon is made of cheese"})
    file.save()
    ear = LocalEar(MediaDecoder(), read_tags, tones)
    now, embedding = ear.hear(path, "tones", lambda _: False)
    write_schema_4(tmp_path / "ledger.db", "m", {path: now.audio_id})
    ledger = Ledger(tmp_path / "ledger.db")
    space = Space("tones", ToneEmbedder(), MemoryIndex(ToneEmbedder().card))
    (row,), _ = ledger.page(10)
    space.index.add([IndexEntry(row.as_track(), embedding, 7.0)])
    renewing = Renewing(
        ledger=ledger,
        ear=ear,
        cache=MediaCache(tmp_path / "cache"),
        clocks=Clocks(),
        guard=Guard(),
    )
    assert renewing.step([WatchedFolder("m", root)], space)
    assert not renewing.step([WatchedFolder("m", root)], space)
    (after,), _ = ledger.page(10)
    assert after.track_id == row.track_id
    assert (after.tags, after.descriptors) == (now.tags, now.descriptors)
    assert after.tags.comment == "from the attic"
    assert [hit.track_id for hit in Words(ledger.database).find("cheese", 10)] == [row.track_id]
    assert after.descriptors.silence_start_s is not None
    assert MediaCache(tmp_path / "cache").peaks(now.audio_id) == now.peaks
    ledger.close()
