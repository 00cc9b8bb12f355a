"""Draw the pieces of the made-up library: what plays in them, and what their files say of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tests.bench.queries.cast import CAST, COMMENTS, LYRICS, Artist
from tests.bench.queries.wording import a_tag, a_title
from traumbox.domain import Location, Media, Tags
from traumbox.domain.keys import TONICS
from traumbox.embedders.builtin.train.players import PLAYERS
from traumbox.embedders.builtin.train.scenes import Passage, Scene, draw_scene
from traumbox.synth.score import Section, Voice

Rng = np.random.Generator

SHORTEST_S, LONGEST_S = 20.0, 30.0
COPIES = 0.02  # of the pieces are another's recording, on another album
STRAY = 0.06  # of the pieces are by someone who usually plays something else
_ENSEMBLES_KEPT = 0.45  # free line-ups are for the training; real libraries hold few of them
_SPEAKERS = frozenset({"man speaking", "woman speaking"})  # need a program that may not be there
_CONCEPTS = {player.instrument: player.concepts for player in PLAYERS}
_MEDIA = (
    (0.42, "flac", Media("flac", "flac", 44_100, 2)),
    (0.40, "mp3", Media("mp3", "mp3", 44_100, 2)),
    (0.09, "m4a", Media("mov,mp4,m4a,3gp,3g2,mj2", "aac", 44_100, 2)),
    (0.06, "ogg", Media("ogg", "vorbis", 44_100, 2)),
    (0.03, "wav", Media("wav", "pcm_s16le", 48_000, 2)),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A passage of a piece and the truth about it.

    ``plays`` names all that is to be heard (concepts of the training, which are no wordings of
    the queries); ``leads`` those of them that nobody can miss: a small line-up, or the tune.
    ``tempo_bpm`` is 0 and ``key`` empty where there is neither.
    """

    section: Section
    plays: frozenset[str]
    leads: frozenset[str]
    style: str
    tempo_bpm: float
    key: str
    mood: str
    energy: float


@dataclass(frozen=True, slots=True)
class Piece:
    """One recording of the library: how it sounds, what is true of it, what its file says.

    ``artist``, ``album``, ``title`` and ``year`` are true even where ``tags`` lack them.
    ``like`` is the number of the piece whose recording this is, or its own.
    """

    number: int
    seed: tuple[int, int]
    parts: tuple[Part, ...]
    artist: str
    album: str
    title: str
    year: int
    tags: Tags
    location: Location
    media: Media
    duration_s: float
    age_days: int
    lyrics: str = ""
    comment: str = ""
    like: int = -1

    @property
    def audio_id(self) -> str:
        """The name of the sound; copies share it."""
        return f"sound{self.like:05}"

    @property
    def sections(self) -> tuple[Section, ...]:
        """What is to be played, one after the other."""
        return tuple(part.section for part in self.parts)


def draw_library(count: int, seed: int = 1) -> list[Piece]:
    """Draw ``count`` pieces; the first ones are the same for any ``count``."""
    pieces: list[Piece] = []
    numbers: dict[str, int] = {}
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        home, scene = _scene(rng)
        artist = _artist_for(home, rng)
        place = numbers[artist.name] = numbers.get(artist.name, -1) + 1
        piece = _piece(number, seed, scene, rng, home=home, artist=artist, place=place)
        if pieces and rng.random() < COPIES:
            piece = _copy(piece, pieces[int(rng.integers(len(pieces)))], rng)
        pieces.append(piece)
    return pieces


def _scene(rng: Rng) -> tuple[str, Scene]:
    duration_s = round(float(rng.uniform(SHORTEST_S, LONGEST_S)), 1)
    while True:
        scene = draw_scene(duration_s, None, rng)
        voices = [voice for passage in scene.passages for voice in passage.section.voices]
        home = _home(scene.passages[0])
        if any(voice.instrument in _SPEAKERS for voice in voices):
            continue
        if home == "ensemble" and rng.random() > _ENSEMBLES_KEPT:
            continue
        return home, scene


def _tonal(section: Section) -> list[Voice]:
    return [voice for voice in section.voices if voice.role not in {"drums", "texture"}]


def _home(passage: Passage) -> str:
    """Return what a passage is, in the words of an artist's homes."""
    tonal = _tonal(passage.section)
    if passage.facts.style:
        return passage.facts.style
    if not tonal:
        return "drums" if any(v.role == "drums" for v in passage.section.voices) else "weather"
    if len({voice.instrument for voice in tonal}) == 1:
        return f"solo {passage.facts.family}"
    return "ensemble"


def _artist_for(home: str, rng: Rng) -> Artist:
    at_home = [artist for artist in CAST if home in artist.homes]
    if not at_home or rng.random() < STRAY:
        at_home = list(CAST)
    return at_home[int(rng.integers(len(at_home)))]


def _part(passage: Passage) -> Part:
    section, facts = passage.section, passage.facts
    tonal = _tonal(section)
    if len({voice.instrument for voice in tonal}) <= 2:
        leads = passage.concepts
    else:
        tunes = [voice.instrument for voice in tonal if voice.role == "melody"]
        leads = frozenset(concept for name in tunes for concept in _CONCEPTS[name])
    return Part(
        section,
        passage.concepts,
        leads,
        facts.style,
        facts.tempo_bpm,
        f"{TONICS[section.tonic]} {section.mode}" if tonal else "",
        section.mood if tonal else "",
        facts.energy,
    )


def _piece(
    number: int, seed: int, scene: Scene, rng: Rng, *, home: str, artist: Artist, place: int
) -> Piece:
    """Tell all about the piece that is ``artist``'s number ``place``."""
    album = artist.albums[int(rng.integers(len(artist.albums)))]
    title = a_title(rng, german=artist.german)
    if place < len(artist.pinned):
        album, title = artist.albums[0], artist.pinned[place]
    first, last = artist.years
    step = artist.albums.index(album) / max(1, len(artist.albums) - 1)
    year = round(first + step * (last - first))
    comment, lyrics = COMMENTS.get(album, ""), LYRICS.get(title, "")
    tags = Tags(
        title="" if rng.random() < 0.05 else title,
        artist=artist.name,
        album="" if rng.random() < 0.06 else album,
        genre=a_tag(home, rng),
        year=None if rng.random() < 0.08 else year,
        track_no=place % 12 + 1,
    )
    suffix, media = _a_format(rng)
    return Piece(
        number=number,
        seed=(seed, number),
        parts=tuple(_part(passage) for passage in scene.passages),
        artist=artist.name,
        album=album,
        title=title,
        year=year,
        tags=tags,
        location=_location((artist.name, album, title), year, number, suffix, rng),
        media=media,
        duration_s=round(float(np.exp(rng.uniform(np.log(50), np.log(900)))), 1),
        age_days=int(rng.exponential(300.0)),
        lyrics=lyrics,
        comment=comment,
        like=number,
    )


def _a_format(rng: Rng) -> tuple[str, Media]:
    dice = float(rng.random())
    for share, suffix, media in _MEDIA:
        dice -= share
        if dice < 0:
            return suffix, media
    return _MEDIA[0][1:]


def _location(
    names: tuple[str, str, str], year: int, number: int, suffix: str, rng: Rng
) -> Location:
    """Place the file as tidy people do, or, one time in eight, as others do."""
    artist, album, title = (name.replace("/", "_") for name in names)
    if rng.random() < 0.125:
        corner = str(rng.choice(["Downloads", "Unsorted", "Roadtrip 2019", "Küchenradio"]))
        return Location("Music", f"{corner}/{artist} - {title} ({number}).{suffix}".encode())
    if year < 1970 and rng.random() < 0.5:
        return Location(
            "Vinyl", f"{artist}/{album}/{number % 12 + 1:02} {title} {number}.{suffix}".encode()
        )
    path = f"{artist}/{year} - {album}/{number:04} {title}.{suffix}"
    return Location("Music", path.encode())


def _copy(piece: Piece, other: Piece, rng: Rng) -> Piece:
    """Return ``other``'s recording on a collection, as a file of its own."""
    album = str(rng.choice(["Now and Then, Vol. 3", "Schätze aus dem Archiv", "Essential Cuts"]))
    suffix = piece.location.path.rsplit(b".", 1)[1].decode()
    path = f"Compilations/{album}/{piece.number:04} {other.title.replace('/', '_')}.{suffix}"
    return replace(
        other,
        number=piece.number,
        album=album,
        tags=replace(other.tags, album=album, track_no=piece.tags.track_no),
        location=Location("Music", path.encode()),
        media=piece.media,
        age_days=piece.age_days,
    )
