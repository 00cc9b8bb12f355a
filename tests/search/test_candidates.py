from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest

from tests.search.a_library import DIM, clustered, tracks_of
from traumbox.domain import Descriptors, Location, Media, Tags, Track, unit
from traumbox.search.candidates import Candidate, Pool, suspects

VECTOR = np.eye(DIM, dtype=np.float32)[0]


def track(path: str, **tags: str) -> Track:
    location = Location("Music", os.fsencode(path))
    media, descriptors = Media("flac", "flac", 44_100, 2), Descriptors(bpm=98.0)
    return Track("t1", location, "a1", 60.0, media, Tags(**tags), descriptors)  # type: ignore[arg-type]


def test_a_candidate_tells_what_the_track_tells() -> None:
    one = Candidate.of(track("x/1.flac", artist="Björk", album="Début"), VECTOR, 0.5)
    assert (one.track_id, one.audio_id, one.bpm, one.duration_s) == ("t1", "a1", 98.0, 60.0)
    assert one.score == 0.5
    assert one.vector is VECTOR


def test_names_are_compared_folded() -> None:
    names = {Candidate.of(track("x/1.flac", artist=a), VECTOR).artist for a in ("BJÖRK", "björk")}
    assert len(names) == 1
    signs = {Candidate.of(track("x/1.flac", artist=a), VECTOR).artist for a in ("!!!", "???", "")}
    assert len(signs) == 3


@pytest.mark.parametrize("name", ["", "Various Artists", "Unknown artist", "Verschiedene Künstler"])
def test_nobody_is_no_artist(name: str) -> None:
    assert not Candidate.of(track("x/1.flac", artist=name), VECTOR).artist


def test_albums_of_one_title_are_told_apart() -> None:
    hits = {"album": "Greatest Hits"}
    albums = [
        Candidate.of(one, VECTOR).album
        for one in (
            track("a/1.flac", artist="Queen", **hits),
            track("b/1.flac", artist="Abba", **hits),
            track("c/1.flac", album_artist="Abba", **hits),
        )
    ]
    assert len(set(albums)) == 3


def test_a_compilation_is_one_album() -> None:
    mix = [track(f"mix/{artist}.flac", artist=artist, album="Mix") for artist in "ab"]
    albums = {Candidate.of(one, VECTOR).album for one in mix}
    assert len(albums) == 1
    assert not Candidate.of(track("mix/1.flac"), VECTOR).album


def test_copies_sound_the_same_and_last_as_long() -> None:
    library = tracks_of(clustered(np.random.default_rng(1), 6, 6))
    one = library[0]
    hardly = unit(one.vector + 0.05 * library[1].vector)
    library[1] = replace(one, track_id="mp3", audio_id="mp3", vector=hardly, duration_s=60.9)
    library[2] = replace(one, track_id="long", audio_id="long", duration_s=61.1)
    library[3] = replace(library[3], audio_id="a0")
    assert np.flatnonzero(Pool.of(library).copies(0)).tolist() == [0, 1, 3]


def test_a_track_without_direction_is_its_own_copy() -> None:
    zero = tracks_of(np.zeros((1, DIM), dtype=np.float32))
    assert Pool.of(zero).copies(0).tolist() == [True]


def test_a_pool_holds_each_track_once() -> None:
    library = tracks_of(clustered(np.random.default_rng(1), 3, 3))
    assert [one.track_id for one in Pool.of([*library, *library]).members] == ["t0", "t1", "t2"]


def test_only_tracks_of_one_length_and_title_may_be_copies() -> None:
    def one(number: int, duration_s: float, title: str) -> Track:
        made = track(f"{number}.flac", title=title)
        return replace(made, id=f"t{number}", audio_id=f"a{number}", duration_s=duration_s)

    tracks = [
        one(1, 60.0, "Rain"),
        one(2, 60.9, "Rain (Remastered)"),
        one(3, 60.5, "Snow"),
        one(4, 61.95, "Rain"),
        one(5, 200.0, "Rain"),
        one(6, 201.5, "Rain"),
    ]
    assert {found.id for found in suspects(tracks)} == {"t1", "t2"}
    assert suspects(tracks[4:]) == []
    assert suspects([]) == []
