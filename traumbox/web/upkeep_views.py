"""From the state of the appliance to the JSON of API and panel: progress, folders, models."""

from __future__ import annotations

import traumbox
from traumbox.domain import (
    ChangeProgress,
    FetchProgress,
    IndexStatus,
    ModelsStatus,
    Removal,
)
from traumbox.web.schemas import (
    ChangeView,
    FetchView,
    FolderCounts,
    FolderStatus,
    FoldersView,
    HeldView,
    IndexView,
    ModelInfoView,
    ModelsView,
    ModelView,
    OneFolderView,
    RemovalView,
    StatusView,
    WatchView,
)
from traumbox.web.services import FolderView, Readiness, Services
from traumbox.web.views import View, safe


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
        outdated=status.outdated,
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
