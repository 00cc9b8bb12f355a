import base64
import io
import shutil
import struct
import zlib
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from mutagen.aiff import AIFF
from mutagen.apev2 import APEBinaryValue, APEv2
from mutagen.asf import ASF, ASFByteArrayAttribute
from mutagen.flac import FLAC, Picture
from mutagen.id3 import (
    APIC,
    COMM,
    ID3,
    PCST,
    SYLT,
    TALB,
    TCOM,
    TCON,
    TDRC,
    TIPL,
    TIT2,
    TPE1,
    TPE2,
    TPOS,
    TRCK,
    TXXX,
    USLT,
)
from mutagen.mp4 import MP4, MP4Cover
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE
from PIL import Image

from traumbox.domain import FileTags, Tags
from traumbox.library.tags import of_part, read_tags

RATE_HZ = 48_000
FULL = Tags(
    title="Der Traum",
    artist="Ä. Band",
    album="Nacht",
    album_artist="Alle",
    genre="Ambient; Jazz",
    year=1999,
    track_no=3,
    disc_no=1,
)


def sound(path: Path) -> Path:
    soundfile.write(path, np.zeros(RATE_HZ // 2), RATE_HZ)
    return path


def encoded(path: Path, codec: str, metadata: dict[str, str] | None = None) -> Path:
    with av.open(str(path), "w") as container:
        container.metadata.update(metadata or {})
        stream = container.add_stream(codec, rate=RATE_HZ, layout="mono")
        stream.bit_rate = 64_000
        stream.codec_context.open()
        size = stream.codec_context.frame_size or 1024
        form = stream.codec_context.format.name
        for number in range(8):
            frame = av.AudioFrame(form, "mono", size)
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            frame.sample_rate, frame.pts = RATE_HZ, number * size
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def picture(colour: str = "red", size: tuple[int, int] = (900, 600), form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form)
    return out.getvalue()


def cover_of(path: Path) -> Image.Image:
    cover = read_tags(path).cover
    assert cover is not None
    return Image.open(io.BytesIO(cover))


def is_red(image: Image.Image) -> bool:
    red, green, blue = image.getpixel((5, 5))
    return red > 200 and green < 60 and blue < 60


def front(data: bytes, kind: int = 3) -> Picture:
    block = Picture()
    block.type, block.mime, block.data = kind, "image/png", data
    return block


# Fields


def id3(tags: ID3) -> None:
    tags.add(TIT2(3, ["Der Traum"]))
    tags.add(TPE1(3, ["Ä. Band"]))
    tags.add(TALB(1, ["Nacht"]))
    tags.add(TPE2(0, ["Alle"]))
    tags.add(TCON(3, ["Ambient", "(8)"]))
    tags.add(TDRC(3, ["1999-05-01"]))
    tags.add(TRCK(3, ["3/12"]))
    tags.add(TPOS(3, ["1/2"]))


COMMENTS = {
    "TITLE": "Der Traum",
    "Artist": "Ä. Band",
    "album": "Nacht",
    "ALBUMARTIST": "Alle",
    "genre": ["Ambient", "Jazz"],
    "date": "1999-05-01",
    "tracknumber": "03",
    "discnumber": "1",
}


def test_id3(tmp_path: Path) -> None:
    path = sound(tmp_path / "a.mp3")
    tags = ID3()
    id3(tags)
    tags.save(path)
    assert read_tags(path) == FileTags(FULL)


@pytest.mark.parametrize(("suffix", "kind"), [("aiff", AIFF), ("wav", WAVE)])
def test_id3_in_other_containers(tmp_path: Path, suffix: str, kind: type) -> None:
    path = sound(tmp_path / f"a.{suffix}")
    file = kind(path)
    file.add_tags()
    id3(file.tags)
    file.save()
    assert read_tags(path).tags == FULL


@pytest.mark.parametrize(("suffix", "kind"), [("flac", FLAC), ("ogg", OggVorbis)])
def test_vorbis_comments(tmp_path: Path, suffix: str, kind: type) -> None:
    path = sound(tmp_path / f"a.{suffix}")
    file = kind(path)
    file.update(COMMENTS)
    file.save()
    assert read_tags(path).tags == FULL


def test_mp4(tmp_path: Path) -> None:
    path = encoded(tmp_path / "a.m4a", "aac")
    file = MP4(path)
    file["©nam"], file["©ART"], file["©alb"] = ["Der Traum"], ["Ä. Band"], ["Nacht"]
    file["aART"], file["©gen"], file["©day"] = (
        ["Alle"],
        ["Ambient", "Jazz"],
        ["1999-05-01T07:00:00Z"],
    )
    file["trkn"], file["disk"] = [(3, 12)], [(1, 2)]
    file["covr"] = [MP4Cover(picture(), MP4Cover.FORMAT_PNG)]
    file.save()
    assert read_tags(path).tags == FULL
    assert is_red(cover_of(path))


def test_apev2(tmp_path: Path) -> None:
    path = encoded(tmp_path / "a.wv", "wavpack")
    file = APEv2()
    file["Title"], file["Artist"], file["Album"] = "Der Traum", "Ä. Band", "Nacht"
    file["Album Artist"], file["Genre"] = "Alle", ["Ambient", "Jazz"]
    file["Year"], file["Track"], file["Disc"] = "1999", "3/12", "1"
    file["Cover Art (Front)"] = APEBinaryValue(b"cover.png\0" + picture())
    file.save(path)
    assert read_tags(path).tags == FULL
    assert is_red(cover_of(path))


def test_asf(tmp_path: Path) -> None:
    path = encoded(tmp_path / "a.wma", "wmav2")
    file = ASF(path)
    file["Title"], file["Author"], file["WM/AlbumTitle"] = "Der Traum", "Ä. Band", "Nacht"
    file["WM/AlbumArtist"], file["WM/Genre"] = "Alle", ["Ambient", "Jazz"]
    file["WM/Year"], file["WM/TrackNumber"], file["WM/PartOfSet"] = "1999", "3", "1/2"
    data = picture()
    names = "image/png\0".encode("utf-16-le") + b"\0\0"
    value = struct.pack("<BI", 3, len(data)) + names + data
    file["WM/Picture"] = [ASFByteArrayAttribute(value)]
    file.save()
    assert read_tags(path).tags == FULL
    assert is_red(cover_of(path))


@pytest.mark.parametrize(("name", "codec"), [("a.mka", "flac"), ("a.wav", "pcm_s16le")])
def test_ffmpeg_reads_what_mutagen_cannot(tmp_path: Path, name: str, codec: str) -> None:
    metadata = {"title": "Der Traum", "artist": "Ä. Band", "date": "1999", "genre": "Jazz"}
    tags = read_tags(encoded(tmp_path / name, codec, metadata)).tags
    assert tags == Tags(title="Der Traum", artist="Ä. Band", year=1999, genre="Jazz")


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("1999", 1999),
        ("1999-05-01", 1999),
        ("19990501", 1999),
        ("01.05.1999", 1999),
        ("2000s", 2000),
        ("0000", None),
        ("99", None),
        ("soon", None),
        ("", None),
    ],
)
def test_years(tmp_path: Path, date: str, year: int | None) -> None:
    path = sound(tmp_path / "a.flac")
    file = FLAC(path)
    file["date"] = date
    file.save()
    assert read_tags(path).tags.year == year


def test_fields_are_one_line_printable_and_bounded(tmp_path: Path) -> None:
    path = sound(tmp_path / "a.flac")
    file = FLAC(path)
    file["title"] = "  a\x00b\r\n\tc\x1b[31m\u202egnp.exe  "
    file["artist"] = "x" * 1_000_000
    file["album"] = "Cafe\u0301"
    file["genre"] = ["Jazz", "Jazz", " ", "Rock"] + ["x"] * 5000
    file["tracknumber"] = "9" * 5000
    file.save()
    tags = read_tags(path).tags
    assert tags.title == "a b c [31m gnp.exe"
    assert len(tags.artist) == 1000
    assert tags.album == "Café"
    assert tags.genre == "Jazz; Rock; x"
    assert tags.track_no is None


# Comments, lyrics, and who else took part

LYRICS = "La la\nla"


def test_what_id3_says_beside_the_names(tmp_path: Path) -> None:
    path = sound(tmp_path / "a.mp3")
    tags = ID3()
    tags.add(COMM(3, "eng", "iTunNORM", ["000003E8 000003E8 00001F40 00001F40"]))
    tags.add(COMM(3, "deu", "", ["  Aus dem\nNachlass "]))
    tags.add(USLT(3, "eng", "", "La la\r\n\r\nla\x1b"))
    tags.add(TCOM(3, ["C. Schumann", "R. Schumann"]))
    tags.add(TIPL(3, [["producer", "Someone"]]))
    tags.add(TXXX(3, "MOOD", ["Tender"]))
    tags.save(path)
    found = read_tags(path)
    assert found.tags.comment == "Aus dem Nachlass"
    assert found.lyrics == LYRICS
    assert found.credits == "C. Schumann; R. Schumann; Someone; Tender"


def test_what_vorbis_comments_say_beside_the_names(tmp_path: Path) -> None:
    path = sound(tmp_path / "a.flac")
    file = FLAC(path)
    file.update({"comment": "https://example.org/x", "description": "Live", "lyrics": LYRICS})
    file.update({"composer": "A", "performer": ["B (oboe)", "A"], "grouping": "Suite"})
    file.save()
    found = read_tags(path)
    assert (found.tags.comment, found.lyrics) == ("Live", LYRICS)
    assert found.credits == "A; B (oboe); Suite"


def test_what_mp4_and_ape_say_beside_the_names(tmp_path: Path) -> None:
    path = encoded(tmp_path / "a.m4a", "aac")
    mp4 = MP4(path)
    mp4["©cmt"], mp4["©lyr"], mp4["©wrt"], mp4["©grp"] = ["Live"], [LYRICS], ["A"], ["Suite"]
    mp4.save()
    assert read_tags(path) == FileTags(Tags(comment="Live"), credits="A; Suite", lyrics=LYRICS)
    path = encoded(tmp_path / "a.wv", "wavpack")
    ape = APEv2()
    ape["Comment"], ape["Lyrics"], ape["Composer"] = "Live", LYRICS, "A"
    ape.save(path)
    assert read_tags(path) == FileTags(Tags(comment="Live"), credits="A", lyrics=LYRICS)


def test_lyrics_that_run_along_come_without_their_times(tmp_path: Path) -> None:
    path = sound(tmp_path / "a.flac")
    file = FLAC(path)
    file["lyrics"] = "[ar:X]\n[00:12.00]La [00:12.50]la\n[01:02]la [Chorus]"
    file.save()
    assert read_tags(path).lyrics == "La la\nla [Chorus]"
    path = sound(tmp_path / "a.mp3")
    tags = ID3()
    tags.add(SYLT(3, "eng", 2, 1, "", [("La la", 10), ("la", 20)]))
    tags.save(path)
    assert read_tags(path).lyrics == LYRICS


def test_what_is_only_searched_is_bounded(tmp_path: Path) -> None:
    path = sound(tmp_path / "a.flac")
    file = FLAC(path)
    file["comment"], file["lyrics"], file["composer"] = "x" * 9000, "la\n" * 90_000, ["y" * 999] * 9
    file["performer"] = [str(number) * 900 for number in range(9)]
    file.save()
    found = read_tags(path)
    assert len(found.tags.comment) == 500
    assert 19_000 < len(found.lyrics) <= 20_000
    assert len(found.credits) <= 2000


# Covers


def test_the_front_cover_is_preferred_and_made_small(tmp_path: Path) -> None:
    path = sound(tmp_path / "a.flac")
    file = FLAC(path)
    file.add_picture(front(picture("blue"), kind=4))
    file.add_picture(front(picture("red")))
    file.save()
    (tmp_path / "cover.jpg").write_bytes(picture("green", form="JPEG"))
    cover = cover_of(path)
    assert (cover.format, cover.size) == ("JPEG", (512, 341))
    assert is_red(cover)


def test_pictures_in_id3_and_ogg(tmp_path: Path) -> None:
    mp3 = sound(tmp_path / "a.mp3")
    tags = ID3()
    tags.add(APIC(3, "image/png", 0, "other", picture("blue")))
    tags.add(APIC(3, "image/png", 3, "front", picture("red")))
    tags.save(mp3)
    ogg = sound(tmp_path / "a.ogg")
    file = OggVorbis(ogg)
    file["metadata_block_picture"] = base64.b64encode(front(picture("red")).write()).decode()
    file.save()
    assert is_red(cover_of(mp3))
    assert is_red(cover_of(ogg))


@pytest.mark.parametrize("name", ["cover.jpg", "Folder.png", "front.webp", "FOLDER.JPG"])
def test_a_picture_beside_the_file(tmp_path: Path, name: str) -> None:
    form = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}[name.rpartition(".")[2].lower()]
    (tmp_path / name).write_bytes(picture(form=form))
    assert is_red(cover_of(sound(tmp_path / "a.flac")))


def test_a_damaged_picture_falls_back_to_the_one_beside_the_file(tmp_path: Path) -> None:
    path = sound(tmp_path / "a.flac")
    file = FLAC(path)
    file["title"] = "still here"
    file.add_picture(front(picture("blue")[:60]))
    file.save()
    (tmp_path / "folder.png").write_bytes(picture("red"))
    assert is_red(cover_of(path))
    assert read_tags(path).tags.title == "still here"


def test_transparency_and_palettes_become_a_jpeg(tmp_path: Path) -> None:
    path = sound(tmp_path / "a.flac")
    for mode in ("RGBA", "P", "L", "1", "LA"):
        Image.new(mode, (64, 64)).save(tmp_path / "cover.png")
        assert cover_of(path).mode == "RGB"


def test_a_decompression_bomb_is_left_out(tmp_path: Path) -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)

    side = 5100
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side + 1) * side), 1)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows)
    (tmp_path / "cover.png").write_bytes(png + chunk(b"IEND", b""))
    assert read_tags(sound(tmp_path / "a.flac")).cover is None


def test_other_things_named_cover_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "cover.jpg").mkdir()
    (tmp_path / "cover.png").write_bytes(b"%PDF-1.7")
    assert read_tags(sound(tmp_path / "a.flac")).cover is None


# Discs, and what isn't music


@pytest.mark.parametrize(
    ("folder", "disc_no"),
    [
        ("CD1", 1),
        ("cd 2", 2),
        ("Disc 03", 3),
        ("Disk_4 - Live", 4),
        ("CD-12", 12),
        ("CD", None),
        ("CD 100", None),
        ("CDs", None),
        ("Discovery", None),
        ("1", None),
    ],
)
def test_a_disc_is_told_by_its_folder_where_no_tag_does(
    tmp_path: Path, folder: str, disc_no: int | None
) -> None:
    (tmp_path / folder).mkdir()
    path = sound(tmp_path / folder / "a.flac")
    assert read_tags(path).tags.disc_no == disc_no
    file = FLAC(path)
    file["discnumber"] = "7/9"
    file.save()
    assert read_tags(path).tags.disc_no == 7


@pytest.mark.parametrize(
    ("genre", "flagged"),
    [("", "Podcast"), ("Comedy", "Comedy; Podcast"), ("Podcasts", "Podcasts")],
)
def test_a_podcast_is_told_by_its_flag(tmp_path: Path, genre: str, flagged: str) -> None:
    path = sound(tmp_path / "a.mp3")
    tags = ID3()
    tags.add(PCST(value=0))  # as iTunes writes it: that it is there is what counts
    if genre:
        tags.add(TCON(3, [genre]))
    tags.save(path)
    assert read_tags(path).tags.genre == flagged


@pytest.mark.parametrize(
    ("field", "value", "genre"),
    [
        ("stik", [2], "Audiobook"),
        ("stik", [21], "Podcast"),
        ("stik", [1], ""),
        ("pcst", True, "Podcast"),
        ("pcst", False, ""),
    ],
)
def test_the_media_kind_of_mp4(tmp_path: Path, field: str, value: object, genre: str) -> None:
    path = encoded(tmp_path / "a.m4a", "aac")
    file = MP4(path)
    file[field] = value
    file.save()
    assert read_tags(path).tags.genre == genre


def test_a_part_has_its_sheets_tags_and_of_its_file_only_those_of_the_album() -> None:
    sheet = Tags(title="Two", artist="A Guest", track_no=2, year=2001)
    assert of_part(sheet, FULL) == Tags(
        title="Two",
        artist="A Guest",
        album="Nacht",
        album_artist="Alle",
        genre="Ambient; Jazz",
        year=2001,
        track_no=2,
        disc_no=1,
    )
    assert of_part(Tags(), FULL).title == ""
    assert of_part(Tags(), Tags(comment="x")).comment == "x"
    assert of_part(FULL, Tags(title="x", disc_no=4)) == FULL


# Damage


@pytest.mark.parametrize("suffix", ["mp3", "flac", "ogg", "wav", "aiff"])
def test_damaged_files_never_raise(tmp_path: Path, suffix: str) -> None:
    path = sound(tmp_path / f"a.{suffix}")
    if suffix == "mp3":
        tags = ID3()
        id3(tags)
        tags.add(APIC(3, "image/png", 3, "front", picture()))
        tags.save(path)
    whole = path.read_bytes()
    random = np.random.default_rng(1)
    for _ in range(60):
        data = bytearray(whole[: random.integers(0, 3000)])
        for place in random.integers(0, max(1, len(data)), 12):
            data[place : place + 1] = bytes([random.integers(256)])
        path.write_bytes(data)
        read_tags(path)


def test_text_and_empty_files_have_no_tags(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    for content in (b"", b"words\n" * 100, b"#EXTM3U\nhttp://127.0.0.1:9/x\n"):
        path.write_bytes(content)
        assert read_tags(path) == FileTags()


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    path = sound(tmp_path / "a.flac")
    file = FLAC(path)
    file["title"] = "x"
    file.save()
    alien = tmp_path / b"caf\xe9\xff.flac".decode("utf-8", "surrogateescape")
    shutil.copy(path, alien)
    assert read_tags(alien).tags.title == "x"


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_tags(tmp_path / "none.flac")
