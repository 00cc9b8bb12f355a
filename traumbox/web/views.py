"""From domain values to the JSON of API and panel; every string is safe to show and to encode."""

from __future__ import annotations

import base64
import unicodedata
from typing import Any

import traumbox
from traumbox.domain import (
    Answer,
    ChangeProgress,
    FetchProgress,
    IndexStatus,
    ModelsStatus,
    Moments,
    Query,
    State,
    Track,
)
from traumbox.stores.cache import MediaCache
from traumbox.stores.ledger import FileRow
from traumbox.web.schemas import (
    ChangeView,
    Counts,
    FetchView,
    FileDetail,
    FilesView,
    FileView,
    FolderStatus,
    HitView,
    IndexView,
    ModelInfoView,
    ModelsView,
    ModelView,
    MomentsView,
    MomentView,
    QueryView,
    SearchView,
    StatusView,
    TrackView,
    Understood,
)
from traumbox.web.services import Readiness, Services

View = dict[str, Any]


def track_view(track: Track, cache: MediaCache) -> View:
    """Return a track as JSON; reads its waveform picture from the cache."""
    return _track(track, cache).model_dump()


def file_view(row: FileRow) -> View:
    """Return a file, heard or not, as JSON."""
    return _file(row).model_dump()


def file_detail_view(row: FileRow, cache: MediaCache) -> View:
    """Return a file with the track it holds, when it has been heard."""
    return FileDetail(
        file=_file(row), track=_track(row.as_track(), cache) if is_heard(row) else None
    ).model_dump()


def files_view(rows: list[FileRow], counts: dict[State, int], after: str | None) -> View:
    """Return a page of files as JSON."""
    return FilesView(
        items=[_file(row) for row in rows], counts=Counts.model_validate(counts), next=after
    ).model_dump()


def answer_view(answer: Answer, query: Query, cache: MediaCache, note: str = "") -> View:
    """Return an answer as JSON; ``note`` says what of the question was left out of account."""
    return SearchView(
        query=QueryView(
            text=safe(query.text),
            like=safe(query.like) if query.like is not None else None,
            limit=query.limit,
            understood=Understood(text=safe(" ".join(query.text.split())), note=note),
        ),
        hits=[
            HitView(
                track=_track(hit.track, cache),
                start_s=round(hit.start_s, 3),
                score=round(hit.score, 4),
                match=hit.match,
                why=list(hit.why),
            )
            for hit in answer.hits
        ],
        took_ms=answer.took_ms,
        searched=answer.searched,
        total=answer.total,
    ).model_dump()


def moments_view(moments: Moments) -> View:
    """Return where in a track a sentence matches, as JSON."""
    return MomentsView(
        heat=base64.b64encode(moments.heat).decode(),
        moments=[
            MomentView(
                start_s=round(moment.start_s, 3),
                score=round(moment.score, 4),
                match=moment.match,
            )
            for moment in moments.best
        ],
    ).model_dump()


def index_view(status: IndexStatus) -> View:
    """Return the progress of the indexing as JSON."""
    return _index(status).model_dump()


def status_view(services: Services, address: str | None) -> View:
    """Return the state of the appliance as JSON."""
    readiness: Readiness = services.readiness()
    card, models = services.search.card, services.models.status()
    return StatusView(
        traumbox=traumbox.__version__,
        model=ModelView(
            id=card.id,
            name=card.name,
            notice=safe(models.notice),
            fetch=_fetch(models.fetch),
            change=_change(models.change),
        ),
        index=_index(services.status()),
        folders=[
            FolderStatus(
                name=safe(folder.name),
                path=safe(folder.path),
                online=folder.online,
                note=safe(folder.note),
            )
            for folder in services.folders()
        ],
        ready=readiness.ready,
        reason=safe(readiness.reason),
        address=address,
    ).model_dump()


def models_view(status: ModelsStatus) -> View:
    """Return everything about models as JSON."""
    return ModelsView(
        wanted=status.wanted,
        serving=status.serving,
        models=[
            ModelInfoView(
                name=model.name,
                title=model.title,
                purpose=model.purpose,
                licence=model.licence,
                dim=model.dim,
                download_bytes=model.download_bytes,
                state=model.state,
                serving=model.serving,
                tracks=model.tracks,
                note=safe(model.note),
            )
            for model in status.models
        ],
        fetch=_fetch(status.fetch),
        change=_change(status.change),
        notice=safe(status.notice),
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


def _track(track: Track, cache: MediaCache) -> TrackView:
    peaks = cache.peaks(track.audio_id)
    has_cover = cache.cover_path(track.id) is not None
    return TrackView(
        id=track.id,
        folder=safe(track.location.folder),
        path=safe(track.location.display),
        title=safe(track.title),
        artist=safe(track.tags.artist),
        album=safe(track.tags.album),
        genre=safe(track.tags.genre),
        year=track.tags.year,
        duration_s=round(track.duration_s, 3),
        bpm=track.descriptors.bpm,
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
        state=row.state,
        reason=safe(row.reason),
        title=safe(row.tags.title or row.location.stem),
        artist=safe(row.tags.artist),
        album=safe(row.tags.album),
        duration_s=row.duration_s,
        size=row.stat.size,
        attempts=row.attempts,
    )


def _index(status: IndexStatus) -> IndexView:
    return IndexView(
        indexed=status.indexed,
        pending=status.pending,
        failed=status.failed,
        excluded=status.excluded,
        total=status.total,
        now_hearing=safe(status.now_hearing),
        tracks_per_minute=round(status.tracks_per_minute, 2),
        eta_s=status.eta_s,
    )


def _fetch(progress: FetchProgress | None) -> FetchView | None:
    if progress is None:
        return None
    return FetchView(
        model=progress.model,
        stage=progress.stage,
        done_bytes=progress.done_bytes,
        total_bytes=progress.total_bytes,
        bytes_per_s=round(progress.bytes_per_s),
        left_s=progress.left_s,
        next_try_s=progress.next_try_s,
        note=safe(progress.note),
    )


def _change(progress: ChangeProgress | None) -> ChangeView | None:
    if progress is None:
        return None
    return ChangeView(
        old=progress.old,
        new=progress.new,
        done=progress.done,
        total=progress.total,
        waiting=progress.waiting,
        paused=progress.paused,
        left_s=progress.left_s,
        note=safe(progress.note),
    )
