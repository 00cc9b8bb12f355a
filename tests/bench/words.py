"""What it takes to find tracks by their words, in a ledger of 100,000."""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.memory import own_mb
from traumbox.domain import Changes, FileStat, Heard, Location, Media, Tags
from traumbox.stores.ledger import Ledger
from traumbox.stores.words import Words

TRACKS = 100_000
RUNS = 50
_SYLLABLES = [first + second for first in "bdfklmnrst" for second in "aeo"]
_GENRES = ("Rock", "Pop", "Jazz", "Classical", "Electronic", "Folk", "Soul; Funk", "Rock; Indie")
_FREQUENT = ("love", "the", "night", "in", "blue", "you", "time", "of", "summer", "dance")


def bench_words(tracks: int = TRACKS, runs: int = RUNS) -> None:
    """Print the rows for a library of so many tracks on the disk of the temporary directory."""
    with tempfile.TemporaryDirectory(prefix="traumbox-words-") as directory:
        path = Path(directory) / "traumbox.db"
        ledger = Ledger(path)
        words = Words(ledger.database)
        print(f"\n| the words of {tracks:,} tracks | |\n|---|---|")
        titles, artists = _fill(ledger, tracks)
        _row("waiting, after they were heard", _took_s(lambda: _catch_up(words)))
        _row("size of the file", path.stat().st_size / 1e6, "MB")
        chance = random.Random(2)
        asked: dict[str, Callable[[], object]] = {
            "an artist": lambda: words.find(chance.choice(artists), 100),
            "artist and title": lambda: words.find(_pair(chance, artists, titles), 100),
            "an artist among other words": lambda: words.find(
                f"quiet {chance.choice(artists)} in the night", 100
            ),
            "one frequent word": lambda: words.find(chance.choice(_FREQUENT), 100),
            "a sentence": lambda: words.find("warm slow piano in the summer night", 100),
            "an artist, misspelled": lambda: words.find(_typo(chance, chance.choice(artists)), 100),
            "the same, put right": lambda: words.spelling(_typo(chance, chance.choice(artists))),
            "suggestions from one letter": lambda: words.suggest(chance.choice("bdfklmnrst"), 8),
            "suggestions from three letters": lambda: words.suggest(chance.choice(artists)[:3], 8),
            "genres and an artist of the vocabulary": lambda: (
                words.vocabulary.genres(),
                words.vocabulary.artist(chance.choice(artists)),
            ),
        }
        words.find("mispeled", 1)  # reads the list of words
        for what, ask in asked.items():
            took = sorted(_took_s(ask) for _ in range(runs))
            p50_ms = statistics.median(took) * 1000
            p95_ms = took[min(runs - 1, round(0.95 * runs))] * 1000
            print(f"| {what}, p50 / p95 | {p50_ms:.1f} / {p95_ms:.1f} ms |")
        _row("memory of this process", own_mb(os.getpid()), "MB")
        ledger.close()


def _fill(ledger: Ledger, tracks: int) -> tuple[list[str], list[str]]:
    chance = random.Random(1)
    artists = [_name(chance, 2) for _ in range(max(2, tracks // 20))]
    titles = [_name(chance, 3) for _ in range(tracks)]
    stats = {
        Location("Music", f"{n // 12}/{n:06} - {title}.flac".encode()): FileStat(n, n, n)
        for n, title in enumerate(titles)
    }
    ledger.apply(Changes(new=stats), 1.0)
    known = ledger.known()
    media = Media("flac", "flac", 44_100, 2)

    def heard() -> Iterator[tuple[str, FileStat, Heard, str]]:
        for number, (place, stat) in enumerate(stats.items()):
            artist = artists[min(int(chance.paretovariate(0.7)), len(artists)) - 1]
            album = f"{artist} {number // 12 % 9}"
            tags = Tags(
                titles[number], artist, album, "", chance.choice(_GENRES), 1960 + number % 60
            )
            yield known[place].track_id, stat, Heard(f"s{number}", 200.0, media, tags), ""

    _row("mark_indexed of all at once", _took_s(lambda: ledger.mark_indexed(list(heard()), 2.0)))
    return titles, artists


def _name(chance: random.Random, most: int) -> str:
    words = [
        "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))
        for _ in range(chance.randint(1, most))
    ]
    if chance.random() < 0.3:
        words.insert(0, chance.choice(_FREQUENT))
    return " ".join(words).title()


def _pair(chance: random.Random, artists: list[str], titles: list[str]) -> str:
    return f"{chance.choice(artists)} {chance.choice(titles)}"


def _typo(chance: random.Random, name: str) -> str:
    place = chance.randrange(1, max(2, len(name) - 1))
    return name[:place] + "x" + name[place + 1 :]


def _catch_up(words: Words) -> None:
    while words.catch_up():
        pass


def _took_s(do: Callable[[], object]) -> float:
    begun_s = time.perf_counter()
    do()
    return time.perf_counter() - begun_s


def _row(what: str, value: float, unit: str = "s") -> None:
    print(f"| {what} | {value:,.2f} {unit} |")


if __name__ == "__main__":
    bench_words()
