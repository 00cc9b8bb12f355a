"""From domain values to the JSON of API and panel; every string is safe to show and to encode."""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from traumbox.domain import (
    Answer,
    Hit,
    Kind,
    Moments,
    Query,
    State,
    Track,
)
from traumbox.stores.cache import MediaCache
from traumbox.stores.ledger import FileRow
from traumbox.web.schemas import (
    ChipView,
    Counts,
    FileDetail,
    FilesView,
    FileView,
    FilterCount,
    HitView,
    MomentsView,
    MomentView,
    QueryView,
    SearchView,
    TrackView,
    Understood,
)
from traumbox.web.services import Services

View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lens:
    """What tracks are shown with besides themselves; made once an answer.

    ``offline`` holds the names of the folders that are.
    """

    cache: MediaCache
    kind_of: Callable[[Track], Kind]
    offline: frozenset[str]


def lens_of(services: Services) -> Lens:
    """Return what tracks are shown with at this moment."""
    return Lens(services.cache, services.kind_of, services.folders.offline())


def track_view(track: Track, lens: Lens) -> View:
    """Return a track as JSON; reads its waveform picture from the cache."""
    return _track(track, lens).model_dump()


def file_view(row: FileRow) -> View:
    """Return a file, heard or not, as JSON."""
    return _file(row).model_dump()


def file_detail_view(row: FileRow, lens: Lens) -> View:
    """Return a file with the track it holds, when it has been heard."""
    return FileDetail(
        file=_file(row), track=_track(row.as_track(), lens) if is_heard(row) else None
    ).model_dump()


def files_view(rows: list[FileRow], counts: dict[State, int], after: str | None) -> View:
    """Return a page of files as JSON."""
    return FilesView(
        items=[_file(row) for row in rows], counts=Counts.model_validate(counts), next=after
    ).model_dump()


def answer_view(answer: Answer, query: Query, lens: Lens, note: str = "") -> View:
    """Return an answer as JSON; ``note`` says what of the question was left out of account."""
    return SearchView(
        query=QueryView(
            text=safe(query.text),
            like=[safe(track_id) for track_id in query.like],
            unlike=[safe(track_id) for track_id in query.unlike],
            filters=[safe(str(condition)) for condition in query.conditions],
            kinds=sorted(query.kinds),
            limit=query.limit,
            understood=_understood(query, answer, note),
        ),
        hits=[hit_view(hit, lens) for hit in answer.hits],
        nothing_fits=answer.nothing_fits,
        meant=safe(answer.meant),
        left_by=[FilterCount(filter=safe(one), tracks=left) for one, left in answer.left_by],
        took_ms=answer.took_ms,
        searched=answer.searched,
        total=answer.total,
    ).model_dump()


def hit_view(hit: Hit, lens: Lens) -> HitView:
    """Return a hit as a part of an answer."""
    return HitView(
        track=_track(hit.track, lens),
        start_s=round(hit.start_s, 3),
        score=round(hit.score, 4),
        match=hit.match,
        fits=hit.fits,
        why=list(hit.why),
        copies=[_track(copy, lens) for copy in hit.copies],
    )


def _understood(query: Query, answer: Answer, note: str) -> Understood:
    plain = safe(" ".join(query.text.split()))
    taken = answer.understood
    if taken is None:
        return Understood(text=plain, sound=plain, names="", starts=False, chips=[], note=note)
    return Understood(
        text=plain,
        sound=safe(taken.sound),
        names=safe(taken.names),
        starts=taken.starts,
        chips=[
            ChipView(
                id=safe(chip.id),
                words=safe(chip.words),
                filter=safe(str(chip.condition)) if chip.condition is not None else "",
                without=safe(chip.without),
            )
            for chip in taken.chips
        ],
        note=note,
    )


def moments_view(moments: Moments) -> View:
    """Return where in a track a sentence matches, as JSON."""
    return MomentsView(
        heat=base64.b64encode(moments.heat).decode(),
        moments=[
            MomentView(
                start_s=round(moment.start_s, 3),
                score=round(moment.score, 4),
                match=moment.match,
                fits=moment.fits,
            )
            for moment in moments.best
        ],
    ).model_dump()


def is_heard(row: FileRow) -> bool:
    """Tell whether a row holds a track: it was heard, at least in an earlier version."""
    return row.audio_id is not None and row.media is not None and row.duration_s is not None


def safe(text: str) -> str:
    r"""Return text that can be shown and encoded: no lone surrogates, no control characters.

    Tags and file names hold whatever somebody's program once wrote.
    """
    valid = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in valid)


def _track(track: Track, lens: Lens) -> TrackView:
    peaks = lens.cache.peaks(track.audio_id)
    has_cover = lens.cache.cover_path(track.id) is not None
    return TrackView(
        id=track.id,
        folder=safe(track.location.folder),
        path=safe(track.location.display),
        part=track.location.part,
        offline=track.location.folder in lens.offline,
        kind=lens.kind_of(track),
        title=safe(track.title),
        artist=safe(track.tags.artist),
        album=safe(track.tags.album),
        album_artist=safe(track.tags.album_artist),
        track_no=track.tags.track_no,
        disc_no=track.tags.disc_no,
        genre=safe(track.tags.genre),
        year=track.tags.year,
        duration_s=round(track.duration_s, 3),
        bpm=track.descriptors.bpm,
        bpm_other=track.descriptors.bpm_other,
        key=track.descriptors.key,
        codec=track.media.codec,
        stream=f"/stream/{track.id}",
        cover=f"/api/v1/audio/files/{track.id}/cover" if has_cover else None,
        peaks=base64.b64encode(peaks).decode() if peaks else "",
    )


def _file(row: FileRow) -> FileView:
    return FileView(
        id=row.track_id,
        folder=safe(row.location.folder),
        path=safe(row.location.display),
        part=row.location.part,
        state=row.state,
        reason=safe(row.reason),
        title=safe(row.tags.title or row.location.stem),
        artist=safe(row.tags.artist),
        album=safe(row.tags.album),
        duration_s=row.duration_s,
        size=row.stat.size,
        attempts=row.attempts,
        missing_since_s=row.missing_since_s,
    )
