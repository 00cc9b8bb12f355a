from pathlib import Path

import numpy as np
import pytest

from tests.search.shelf import Shelf, between
from traumbox.domain import Changes, Tags
from traumbox.search import Tuned, Walk
from traumbox.search.candidates import Candidate
from traumbox.search.neighbours import without_copies


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def titles(walk: Walk) -> list[str]:
    return [hit.track.title for hit in walk.hits]


def row_of_sounds(shelf: Shelf, count: int = 21) -> list[str]:
    """Tracks evenly from 220 Hz to 880 Hz, each of an artist and a length of its own."""
    found = []
    for i in range(count):
        sound = np.repeat(between(220, 880, i / (count - 1)), 1 + i, axis=0)
        tags = Tags(title=f"{i}", artist=f"artist {i}")
        found.append(shelf.add(f"{i:02}.flac", vectors=sound, tags=tags))
    return found


def test_a_radio_from_a_track_stays_near_and_never_repeats(shelf: Shelf) -> None:
    ids = row_of_sounds(shelf)
    walk = shelf.walks.radio(Tuned(seeds=(ids[0],), adventurous=0.0), 5)
    assert titles(walk) == ["1", "2", "3", "4", "5"]
    assert [hit.start_s for hit in walk.hits] == [0.0] * 5
    assert not walk.ended
    scores = [hit.score for hit in walk.hits]
    assert scores == sorted(scores, reverse=True)
    heard = tuple(hit.track.id for hit in walk.hits)
    then = shelf.walks.radio(Tuned(seeds=(ids[0],), heard=heard, adventurous=0.0), 3)
    assert titles(then) == ["6", "7", "8"]


def test_a_radio_ends_when_all_was_heard_and_says_so(shelf: Shelf) -> None:
    ids = row_of_sounds(shelf, 6)
    walk = shelf.walks.radio(Tuned(seeds=(ids[0],)), 50)
    assert sorted(titles(walk)) == ["1", "2", "3", "4", "5"]
    assert walk.ended
    over = shelf.walks.radio(Tuned(seeds=(ids[0],), heard=tuple(ids)), 5)
    assert (over.hits, over.ended) == ((), True)


def test_the_same_chance_gives_the_same_radio_another_another(shelf: Shelf) -> None:
    ids = row_of_sounds(shelf)

    def played(chance: int) -> list[str]:
        return titles(shelf.walks.radio(Tuned(seeds=(ids[0],), adventurous=1.0, chance=chance), 10))

    assert played(1) == played(1)
    assert len({tuple(played(chance)) for chance in range(5)}) > 1


def test_an_adventurous_radio_goes_on_from_where_it_is(shelf: Shelf) -> None:
    ids = row_of_sounds(shelf, 61)

    def mean(adventurous: float, *heard: int) -> float:
        """Where the next track lies on average, by its number."""
        given = tuple(ids[number] for number in heard)
        next_ones = [
            shelf.walks.radio(Tuned((ids[0],), "", given, adventurous=adventurous, chance=i), 1)
            for i in range(10)
        ]
        return float(np.mean([int(titles(walk)[0]) for walk in next_ones]))

    assert mean(0.5, 40) > mean(0.5) + 5.0, "it has got to the middle"
    assert mean(0.0, 40) == 1.0, "a homely one stays where it began"


def test_likes_pull_and_skips_push(shelf: Shelf) -> None:
    ids = row_of_sounds(shelf)
    middle = ids[10]
    plain = titles(shelf.walks.radio(Tuned((middle,), adventurous=0.0), 1))
    liked = Tuned((middle,), liked=(ids[20], ids[19]), adventurous=0.0)
    skipped = Tuned((middle,), skipped=(ids[11], ids[12]), adventurous=0.0)
    assert int(titles(shelf.walks.radio(liked, 1))[0]) > int(plain[0])
    assert int(titles(shelf.walks.radio(skipped, 1))[0]) < 10
    again = shelf.walks.radio(Tuned((middle,), liked=(ids[11],), skipped=(ids[9],)), 50)
    assert not {"9", "10", "11"} & set(titles(again))


def test_a_radio_from_a_sentence_begins_at_what_it_finds(shelf: Shelf) -> None:
    ids = row_of_sounds(shelf)
    walk = shelf.walks.radio(Tuned(text="880 Hz", adventurous=0.0), 3)
    assert min(int(title) for title in titles(walk)) > 13
    both = shelf.walks.radio(Tuned(seeds=(ids[0],), text="880 Hz", adventurous=0.0), 6)
    numbers = [int(title) for title in titles(both)]
    assert min(numbers) < 5
    assert max(numbers) > 15


def test_what_has_nothing_to_begin_with_says_so(tmp_path: Path, shelf: Shelf) -> None:
    silent = shelf.add("silent.flac")
    for tuned, told in (
        (Tuned(), "no seed"),
        (Tuned(text="  "), "no seed"),
        (Tuned(text="880 Hz"), "nothing here"),
        (Tuned(seeds=(silent,)), "silent"),
    ):
        with pytest.raises(ValueError, match=told):
            shelf.walks.radio(tuned, 5)
    with pytest.raises(KeyError):
        shelf.walks.radio(Tuned(seeds=("nobody",)), 5)


def test_neither_the_offline_nor_the_missing_nor_other_kinds_are_given(shelf: Shelf) -> None:
    seed = shelf.add("seed.flac", 440)
    shelf.add("there.flac", 440, 880)
    shelf.add("away.flac", 440, folder="away")
    gone = shelf.add("gone.flac", 440, 220)
    shelf.add("book.flac", 440, 110, tags=Tags(title="book", genre="Audiobook"))
    shelf.ledger.apply(Changes(gone=frozenset([gone])), 1.0)
    shelf.offline = {"away"}
    assert titles(shelf.walks.radio(Tuned(seeds=(seed,)), 10)) == ["there.flac"]
    # What was played before may be gone since.
    tuned = Tuned(seeds=(seed,), heard=(gone, "nobody"), liked=(gone,), skipped=("nobody",))
    assert titles(shelf.walks.radio(tuned, 10)) == ["there.flac"]


def test_a_copy_of_what_was_heard_does_not_come(shelf: Shelf) -> None:
    seed = shelf.add("seed.flac", 440)
    heard = shelf.add("a/song.flac", 440, 880, tags=Tags(title="Song"))
    shelf.add("b/song.mp3", 440, 880, tags=Tags(title="Song"))
    shelf.add("other.flac", 440, 880, 880)
    tuned = Tuned(seeds=(seed,), heard=(heard,))
    assert titles(shelf.walks.radio(tuned, 10)) == ["other.flac"]


def test_copies_are_told_by_length_title_and_sound() -> None:
    def one(name: str, angle: float, title: str, duration_s: float) -> Candidate:
        vector = np.array([np.cos(angle), np.sin(angle)], dtype=np.float32)
        return Candidate(name, name, vector, title=title, duration_s=duration_s)

    first = one("first", 0.0, "song", 60.0)
    copy = one("copy", 0.01, "song", 60.2)
    others = [
        one("sounds other", 0.5, "song", 60.0),
        one("called other", 0.0, "rain", 60.0),
        one("longer", 0.0, "song", 70.0),
    ]
    assert without_copies([first, copy, *others], [first]) == others
    assert without_copies(others, []) == others
    assert without_copies([], [first]) == []


def test_a_journey_leads_from_one_to_the_other_in_even_steps(shelf: Shelf) -> None:
    ids = row_of_sounds(shelf)
    walk = shelf.walks.journey(ids[0], ids[20], 6)
    numbers = [int(title) for title in titles(walk)]
    assert (numbers[0], numbers[-1], len(numbers)) == (0, 20, 6)
    assert numbers == sorted(numbers)
    assert walk.evenness is not None
    assert walk.evenness.largest_to_mean < 1.3
    assert walk.hits[0].match == 100
    assert all(hit.score > 0.9 for hit in walk.hits[1:])
    assert titles(shelf.walks.journey(ids[3], ids[7], 2)) == ["3", "7"]
    assert len(shelf.walks.journey(ids[0], ids[20], 100).hits) == 21


def test_what_has_no_way_says_so(shelf: Shelf) -> None:
    one, other = shelf.add("one.flac", 440), shelf.add("other.flac", 880)
    copy = shelf.add("one.mp3", 440, tags=Tags(title="one.flac"))
    same = shelf.add("same.flac", 440, audio_id="sound of m/one.flac")
    silent, away = shelf.add("silent.flac"), shelf.add("away.flac", 220, folder="away")
    shelf.offline = {"away"}
    for end, told in (
        (one, "same recording"),
        (copy, "same recording"),
        (same, "same recording"),
        (silent, "silent"),
        (away, "offline"),
    ):
        with pytest.raises(ValueError, match=told):
            shelf.walks.journey(one, end, 5)
    for length in (1, 101):
        with pytest.raises(ValueError, match="2 to 100"):
            shelf.walks.journey(one, other, length)
    shelf.ledger.apply(Changes(gone=frozenset([other])), 1.0)
    for end in (other, "nobody"):
        with pytest.raises(KeyError):
            shelf.walks.journey(one, end, 5)


def test_a_journey_passes_by_what_can_not_be_played(shelf: Shelf) -> None:
    ids = row_of_sounds(shelf, 11)
    for share in (0.3, 0.5, 0.7):
        shelf.add(f"away {share}.flac", vectors=between(220, 880, share + 0.01), folder="away")
    shelf.offline = {"away"}
    assert not any(
        hit.track.location.folder == "away" for hit in shelf.walks.journey(ids[0], ids[10], 8).hits
    )
