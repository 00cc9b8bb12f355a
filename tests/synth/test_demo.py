from collections import Counter

import mutagen
import numpy as np

from traumbox.synth.beats import BEATS
from traumbox.synth.demo import play_piece, write_demo
from traumbox.synth.mix import INSTRUMENTS
from traumbox.synth.pieces import PIECES
from traumbox.synth.textures import TEXTURES

_KNOWN = {"drums": BEATS, "texture": TEXTURES}


def test_the_programme_is_varied():
    assert 20 <= len(PIECES) <= 30
    assert all(25 <= piece.duration_s <= 40 for piece in PIECES)
    assert set(Counter(piece.suffix for piece in PIECES)) == {".flac", ".mp3", ".ogg", ".m4a"}
    assert sum(len(piece.sections) > 1 for piece in PIECES) >= 4
    assert any(piece.cover for piece in PIECES)


def test_every_piece_is_fully_and_uniquely_tagged():
    for piece in PIECES:
        tags = piece.tags
        assert all((tags.title, tags.artist, tags.album, tags.genre, tags.year, tags.track_no))
    assert len({piece.file_name for piece in PIECES}) == len(PIECES)
    assert len({piece.seed for piece in PIECES}) == len(PIECES)


def test_every_voice_of_the_programme_exists():
    for piece in PIECES:
        for voice in (voice for section in piece.sections for voice in section.voices):
            assert voice.instrument in _KNOWN.get(voice.role, INSTRUMENTS), piece.tags.title


def test_titles_don_t_name_what_plays():
    for piece in PIECES:
        words = set(piece.tags.title.lower().replace(",", "").split())
        assert not words & {"piano", "drums", "noise", "wind", "choir", "bass", "slow", "fast"}


def test_the_demo_is_written_and_what_is_there_is_kept(demo):
    assert [path.name for path in demo.values()] == [piece.file_name for piece in PIECES]
    directory = next(iter(demo.values())).parent
    assert sorted(p.name for p in directory.iterdir()) == sorted(p.file_name for p in PIECES)
    before = {path: path.stat().st_mtime_ns for path in demo.values()}
    steps = []
    again = write_demo(directory, lambda done, total: steps.append((done, total)))
    assert {path: path.stat().st_mtime_ns for path in again} == before
    assert steps[-1] == (len(PIECES), len(PIECES))


def test_the_files_say_what_they_are(demo):
    for piece in PIECES:
        file = mutagen.File(demo[piece.tags.title])
        assert abs(file.info.length - piece.duration_s) < 0.2
        text = repr(dict(file.tags)) if piece.suffix != ".flac" else repr(dict(file))
        assert piece.tags.title in text
        assert piece.tags.album in text


def test_a_piece_is_the_same_every_time():
    piece = min(PIECES, key=lambda piece: sum(len(s.voices) for s in piece.sections))
    assert np.array_equal(play_piece(piece), play_piece(piece))
