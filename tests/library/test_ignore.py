import pytest

from traumbox.library.ignore import is_ignored_file, is_ignored_folder


@pytest.mark.parametrize(
    "name",
    [
        b".hidden.flac",
        b"._AppleDouble.flac",
        b"~draft.flac",
        b"~syncthing~a.flac.tmp",
        b".syncthing.a.flac.tmp",
        b".a.flac.Xy12Zw",
        b"a.flac.part",
        b"a.flac.PARTIAL",
        b"a.flac.crdownload",
        b"a.flac.!qB",
        b"a.flac.!ut",
        b"a.flac.filepart",
        b"a.flac.aria2",
        b"a.flac.tmp",
        b"a.flac.temp",
        b"a.flac.download",
        b"a.flac.opdownload",
        b"a.flac.bc!",
    ],
)
def test_hidden_and_unfinished_files_are_never_music(name: bytes) -> None:
    assert is_ignored_file(name)


@pytest.mark.parametrize("name", [b"a.flac", b"part.flac", b"A.Part.One.flac", b"temp", b"a~.flac"])
def test_other_files_may_be(name: bytes) -> None:
    assert not is_ignored_file(name)


@pytest.mark.parametrize(
    "name",
    [
        b"@eaDir",
        b"@EADIR",
        b"#recycle",
        b"#snapshot",
        b"@Recycle",
        b"@Recently-Snapshot",
        b"$RECYCLE.BIN",
        b"$Recycle.Bin",
        b"System Volume Information",
        b"lost+found",
        b".stversions",
        b".Trash-1000",
        b".AppleDouble",
        b"__MACOSX",
        b"Song.mp3.download",
    ],
)
def test_the_litter_of_systems_is_never_music(name: bytes) -> None:
    assert is_ignored_folder(name)


@pytest.mark.parametrize(
    "name", [b"Artist", b"~Unsorted", b"#1 Hits", b"@ the Club", b"Free Download", b"Live.download"]
)
def test_other_folders_may_be(name: bytes) -> None:
    assert not is_ignored_folder(name)
