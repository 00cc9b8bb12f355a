"""The models: what there is, getting one, changing to another, letting one go."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Path

from traumbox.embedders.clap import manifest
from traumbox.embedders.registry import AUTO
from traumbox.errors import ConfigError, StoreError, TraumboxError
from traumbox.web.api.dependencies import ServicesHere
from traumbox.web.problems import Problem, documented, refused
from traumbox.web.schemas import AcceptedView, ImportOrder, ModelsView, UseOrder, VerifyView
from traumbox.web.services import ModelDesk, Services
from traumbox.web.upkeep_views import models_view
from traumbox.web.views import safe

router = APIRouter(prefix="/api/v1/models", tags=["models"])

CHECKPOINT_SUFFIX = ".pt"

_T = TypeVar("_T")
_IS_BEGUN = "GET /api/v1/models tells how it goes."
_SEE = "GET /api/v1/models tells how each model stands."


async def known_name(
    services: ServicesHere,
    name: Annotated[str, Path(description="name of a model", examples=["clap-music"])],
) -> str:
    """Return the name if a model has it."""
    return await asyncio.to_thread(_known, services, name, ())


async def usable_name(
    services: ServicesHere,
    name: Annotated[str, Path(description="name of a model, or 'auto'", examples=["clap-music"])],
) -> str:
    """Return the name if the configuration's ``model.name`` may hold it."""
    return await asyncio.to_thread(_known, services, name, (AUTO,))


Name = Annotated[str, Depends(known_name)]
UsableName = Annotated[str, Depends(usable_name)]


@router.get("", response_model=ModelsView, responses=documented(503))
async def models(services: ServicesHere) -> dict[str, Any]:
    """Tell which models there are, which one serves, what is being fetched and changed."""
    return models_view(await asyncio.to_thread(services.models.status))


@router.post(
    "/fetch/stop", status_code=202, response_model=AcceptedView, responses=documented(403, 409)
)
async def stop_fetch(services: ServicesHere) -> dict[str, Any]:
    """Stop fetching; what was downloaded is kept, and a later fetch goes on from there."""
    if (await asyncio.to_thread(services.models.status)).fetch is None:
        raise Problem(409, "Nothing to stop", "No model is being fetched.", _SEE)
    await _do(services.models.stop_fetch)
    return {"message": "Fetching stops; what was downloaded is kept."}


@router.post(
    "/import", status_code=202, response_model=AcceptedView, responses=documented(403, 409, 422)
)
async def take_in(services: ServicesHere, order: ImportOrder) -> dict[str, Any]:
    """Take in a checkpoint, or a converted model's folder, that lies on this machine."""
    path = FilePath(order.path)
    if not await asyncio.to_thread(is_importable, path):
        raise Problem(
            422,
            "Nothing to import",
            f"There is nothing to import at “{safe(order.path)}”.",
            f"Give the absolute path of LAION's checkpoint (a file ending in {CHECKPOINT_SUFFIX}) "
            f"or of a converted model's folder (it holds {manifest.FILE_NAME}) on the machine that "
            "traumbox runs on, readable for the user it runs as.",
        )
    await _do(lambda: services.models.import_from(path))
    return {"message": f"The model is being taken in. {_IS_BEGUN}"}


@router.post(
    "/refresh", status_code=202, response_model=AcceptedView, responses=documented(403, 409)
)
async def refresh(services: ServicesHere) -> dict[str, Any]:
    """Look at the models' folder anew, after another program has put a model there."""
    await _do(services.models.refresh)
    return {"message": "The models' folder was looked at again."}


@router.post(
    "/change/{action}",
    status_code=202,
    response_model=AcceptedView,
    responses=documented(403, 409, 422),
)
async def change(
    services: ServicesHere,
    action: Annotated[
        Literal["pause", "resume", "cancel"],
        Path(description="what becomes of the change to another model that is under way"),
    ],
) -> dict[str, Any]:
    """Hold a change to another model, go on with it, or give it up."""
    desk = services.models
    if (await asyncio.to_thread(desk.status)).change is None:
        raise Problem(409, "No change", "No change to another model is under way.", _SEE)
    deed, message = {
        "pause": (desk.pause, "The change is held; searches go on with the model in use."),
        "resume": (desk.resume, "The change goes on."),
        "cancel": (desk.cancel, "The change is given up; what was heard for it is kept."),
    }[action]
    await _do(deed)
    return {"message": message}


@router.post(
    "/{name}/fetch",
    status_code=202,
    response_model=AcceptedView,
    responses=documented(403, 404, 409, 422),
)
async def fetch(services: ServicesHere, name: Name) -> dict[str, Any]:
    """Begin to fetch a model, or try again now instead of later."""
    await _do(lambda: services.models.fetch(name))
    return {"message": f"{name} is being fetched. {_IS_BEGUN}"}


@router.post(
    "/{name}/use",
    status_code=202,
    response_model=AcceptedView,
    responses=documented(403, 404, 409, 422),
)
async def use(
    services: ServicesHere, name: UsableName, order: UseOrder | None = None
) -> dict[str, Any]:
    """Choose a model; the music is heard with it in the background, then searches switch."""
    now = order is not None and order.now
    await _do(lambda: services.models.use(name, now=now))
    return {"message": await asyncio.to_thread(_outcome, services.models, name)}


@router.post(
    "/{name}/verify", response_model=VerifyView, responses=documented(403, 404, 409, 422, 503)
)
async def verify(services: ServicesHere, name: Name) -> dict[str, Any]:
    """Compare a model's files with their checksums; takes a few seconds."""
    wrong = await _do(lambda: services.models.verify(name))
    return {"model": name, "whole": not wrong, "note": safe(wrong)}


@router.delete("/{name}", response_model=AcceptedView, responses=documented(403, 404, 409, 422))
async def remove(services: ServicesHere, name: Name) -> dict[str, Any]:
    """Delete a model's files and what was heard with it; not the one that serves."""
    await _do(lambda: services.models.remove(name))
    return {"message": f"{name} was removed."}


def is_importable(path: FilePath) -> bool:
    """Whether an import may look at ``path`` at all.

    Whoever asks has no account: of anything but a model they learn nothing, not even that it's
    there.
    """
    try:
        if not path.is_absolute():
            return False
        if path.suffix == CHECKPOINT_SUFFIX:
            return path.is_file()
        return (path / manifest.FILE_NAME).is_file()
    except OSError:
        return False


async def _do(deed: Callable[[], _T]) -> _T:
    """Do it in a thread; a refusal becomes a problem in the words it came with."""
    try:
        return await asyncio.to_thread(deed)
    except ConfigError as error:
        raise refused(422, "Not with this configuration", error, _SEE) from error
    except StoreError:
        raise
    except TraumboxError as error:
        raise refused(409, "Not now", error, _SEE) from error


def _known(services: Services, name: str, besides: tuple[str, ...]) -> str:
    names = [*besides, *(model.name for model in services.models.status().models)]
    if name in names:
        return name
    close = difflib.get_close_matches(name, names, n=1)
    raise Problem(
        404,
        "No such model",
        f"There is no model “{safe(name)}”.",
        (f"Did you mean “{close[0]}”? " if close else "") + f"There are: {', '.join(names)}.",
    )


def _outcome(desk: ModelDesk, name: str) -> str:
    status = desk.status()
    chosen = name if name != AUTO else status.change.new if status.change else status.serving
    if status.serving == chosen:
        return f"{chosen} answers searches."
    if status.change is not None:
        return f"The music is being heard with {chosen}; {status.serving} answers meanwhile."
    return f"{chosen} was chosen; {status.serving} answers meanwhile."
