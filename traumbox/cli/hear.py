"""``traumbox hear``: these files next, or all that failed once more."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from traumbox.cli import terminal
from traumbox.cli.configuration import settings_of
from traumbox.cli.exit_codes import DONE
from traumbox.cli.ledger_alone import hear_first, retry_failed
from traumbox.cli.remote import running
from traumbox.cli.terminal import plural
from traumbox.cli.tracks import tracks_in
from traumbox.config import Settings
from traumbox.errors import TraumboxError
from traumbox.stores.ledger import Ledger


def execute(arguments: Namespace) -> int:
    """Put files first, whatever the hour."""
    settings = settings_of(arguments)
    remote = running(settings)
    track_ids = [] if arguments.failed else known_tracks(arguments.files, settings)
    if remote is None:
        count = retry_failed(settings) if arguments.failed else hear_first(settings, track_ids)
        terminal.say(
            f"{plural(count, 'track')} will be heard first, when traumbox starts or by: "
            "traumbox scan"
        )
    elif arguments.failed:
        terminal.say(remote.post("/api/v1/audio/files/retry")["message"])
    else:
        for track_id in track_ids:
            remote.post(f"/api/v1/audio/files/{track_id}/hear")
        terminal.say(f"{plural(len(track_ids), 'track')} heard next.")
    return DONE


def known_tracks(files: Sequence[Path], settings: Settings) -> list[str]:
    """Return the ids of the tracks in ``files``; TraumboxError for one that isn't known."""
    path = settings.data_dir / "traumbox.db"
    if not path.exists():
        raise TraumboxError("traumbox knows no file yet. Run: traumbox scan")
    found = []
    with closing(Ledger(path)) as ledger:
        for file in files:
            tracks = tracks_in(file, settings.folders, ledger)
            if not tracks:
                raise TraumboxError(
                    f"{file}: traumbox knows no such file. Does it lie in a watched folder (see "
                    "'traumbox folder list'), and has it been found yet ('traumbox scan')?"
                )
            found += tracks
    return found
