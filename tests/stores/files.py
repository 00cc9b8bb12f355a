"""Files as a ledger knows them, for the tests of its sides."""

from __future__ import annotations

from traumbox.domain import Changes, FileStat, Heard, Location, Media, State
from traumbox.stores.ledger import FileRow, Ledger

MEDIA = Media("matroska,webm", "opus", 48_000, 6)
V1, V2 = FileStat(100, 1_700_000_000_000_000_001, 11), FileStat(101, -5, 12)


def at(path: str, folder: str = "music", part: int = 0) -> Location:
    return Location(folder, path.encode(), part)


def heard(audio_id: str = "sound", **more: object) -> Heard:
    return Heard(audio_id, 12.5, MEDIA, **more)  # type: ignore[arg-type]


def drop(
    ledger: Ledger, *paths: str, now_s: float = 1.0, stat: FileStat = V1, folder: str = "music"
) -> list[str]:
    """New files appear; return their track ids."""
    ledger.apply(Changes(new={at(path, folder): stat for path in paths}), now_s)
    known = ledger.known()
    return [known[at(path, folder)].track_id for path in paths]


def hear(ledger: Ledger, *track_ids: str, sound: str = "sound", now_s: float = 3.0) -> None:
    """These files are heard as they are."""
    rows = ledger.rows(track_ids)
    ledger.mark_indexed([(i, rows[i].stat, heard(sound), "") for i in track_ids], now_s)


def gone(ledger: Ledger, *track_ids: str, now_s: float = 4.0) -> None:
    ledger.apply(Changes(gone=frozenset(track_ids)), now_s)


def row(ledger: Ledger, track_id: str) -> FileRow:
    found = ledger.row(track_id)
    assert found is not None
    return found


def state(ledger: Ledger, track_id: str) -> State:
    return row(ledger, track_id).state
