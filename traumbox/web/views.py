"""From domain values to the JSON of API and panel; every string is safe to show and to encode."""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import traumbox
from traumbox.domain import (
    Answer,
    ChangeProgress,
    FetchProgress,
    Hit,
    IndexStatus,
    Kind,
    ModelsStatus,
    Moments,
    Query,
    Removal,
    State,
    Track,
)
from traumbox.stores.cache import MediaCache
from traumbox.stores.ledger import FileRow
from traumbox.web.schemas import (
    ChangeView,
    ChipView,
    Counts,
    FetchView,
    FileDetail,
    FilesView,
    FileView,
    FilterCount,
    FolderCounts,
    FolderStatus,
    FoldersView,
    HeldView,
    HitView,
    IndexView,
    ModelInfoView,
    ModelsView,
    ModelView,
    MomentsView,
    MomentView,
    OneFolderView,
    QueryView,
    RemovalView,
    SearchView,
    StatusView,
    TrackView,
    Understood,
    WatchView,
)
from traumbox.web.services import FolderView, Readiness, Services

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
        folders=[_folder(folder) for folder in services.folders.folders()],
        ready=readiness.ready,
        reason=safe(readiness.reason),
        address=address,
    ).model_dump()


def folders_view(services: Services) -> View:
    """Return every folder, and what went lately, as JSON."""
    return FoldersView(
        folders=[_folder(folder) for folder in services.folders.folders()],
        removals=[_removal(removal) for removal in services.folders.removals()],
    ).model_dump()


def one_folder_view(folder: FolderView) -> View:
    """Return a folder as the answer to what was asked of it."""
    return OneFolderView(folder=_folder(folder)).model_dump()


def folder_status_view(folder: FolderView) -> View:
    """Return a folder as JSON."""
    return _folder(folder).model_dump()


def removal_view(removal: Removal) -> View:
    """Return what went at once as JSON."""
    return _removal(removal).model_dump()


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


def _folder(folder: FolderView) -> FolderStatus:
    held = folder.held
    return FolderStatus(
        name=safe(folder.name),
        path=safe(folder.path),
        online=folder.online,
        note=safe(folder.note),
        remedy=safe(folder.remedy),
        colour=safe(folder.colour),
        kind=folder.kind,
        priority=folder.priority,
        include=[safe(pattern) for pattern in folder.include],
        exclude=[safe(pattern) for pattern in folder.exclude],
        watch=WatchView(
            mode=folder.mode, note=safe(folder.mode_note), remedy=safe(folder.mode_remedy)
        ),
        counts=FolderCounts(
            files=folder.files,
            indexed=folder.indexed,
            pending=folder.pending,
            failed=folder.failed,
            excluded=folder.excluded,
            missing=folder.missing,
        ),
        unreadable=folder.unreadable,
        looked=folder.looked,
        last_scan_s=folder.last_scan_s,
        next_scan_s=folder.next_scan_s,
        held=HeldView(
            count=held.count,
            total=held.total,
            gone=held.gone,
            since_s=held.since_s,
            examples=[safe(path) for path in held.examples],
        )
        if held is not None
        else None,
    )


def _removal(removal: Removal) -> RemovalView:
    return RemovalView(
        folder=safe(removal.folder),
        since_s=removal.since_s,
        until_s=removal.until_s,
        count=removal.count,
        examples=[safe(path) for path in removal.examples],
    )


def _index(status: IndexStatus) -> IndexView:
    return IndexView(
        indexed=status.indexed,
        pending=status.pending,
        failed=status.failed,
        excluded=status.excluded,
        total=status.total,
        missing=status.missing,
        paused=status.paused,
        resting=safe(status.resting),
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
