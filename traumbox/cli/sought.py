"""What ``traumbox search`` is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from traumbox.cli.tracks import track_of
from traumbox.config import Settings
from traumbox.domain import Condition
from traumbox.errors import TraumboxError
from traumbox.stores.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Asked:
    """A text, files that it should sound like, conditions, and how many results at most."""

    text: str
    like: tuple[Path, ...]
    conditions: tuple[Condition, ...]
    limit: int


def conditions_of(written: Sequence[str]) -> tuple[Condition, ...]:
    """Read what ``--filter`` was given; TraumboxError for what is no condition."""
    try:
        return tuple(dict.fromkeys(Condition.parse(one) for one in written))
    except ValueError as error:
        raise TraumboxError(f"--filter: {error}.") from error


def known_tracks(asked: Asked, settings: Settings, ledger: Ledger) -> tuple[str, ...]:
    """Return the ids of the tracks in ``asked.like``; none where a file is no track.

    Such files are heard for this question alone.

    Raises
    ------
    TraumboxError
        When a file is no track, and there is more to the question.
    """
    found = [track_of(file, settings.folders, ledger) for file in asked.like]
    if None not in found:
        return tuple(dict.fromkeys(track_id for track_id in found if track_id is not None))
    if asked.text or asked.conditions:
        foreign = asked.like[found.index(None)]
        raise TraumboxError(
            f"--like {foreign}: traumbox hasn't heard this file. Only the likes of tracks that it"
            " knows can be combined with a text or a filter; ask for the file alone."
        )
    return ()
