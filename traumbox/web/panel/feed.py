"""How the appliance is doing, looked at once for all open pages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from nicegui import background_tasks

from traumbox.domain import IndexStatus, ModelsStatus
from traumbox.web.services import FolderView, Readiness, Services

log = logging.getLogger(__name__)

INTERVAL_S = 0.5


@dataclass(frozen=True, slots=True)
class Live:
    """The state of the appliance at one moment."""

    status: IndexStatus
    readiness: Readiness
    demo_running: bool
    folders: tuple[FolderView, ...]
    models: ModelsStatus


Listener = Callable[[Live], None]


def look(services: Services) -> Live:
    """Ask the services how it stands; may block."""
    return Live(
        status=services.status(),
        readiness=services.readiness(),
        demo_running=services.demo_running(),
        folders=tuple(services.folders.folders()),
        models=services.models.status(),
    )


class StatusFeed:
    """Tells pages of a change, at most twice a second; without a page it doesn't look at all."""

    def __init__(self, look: Callable[[], Live], interval_s: float = INTERVAL_S) -> None:
        self._look = look
        self._interval_s = interval_s
        self._listeners: list[Listener] = []
        self._task: asyncio.Task[None] | None = None
        self._latest: Live | None = None

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with every change, at first with what is known; return its end."""
        self._listeners.append(listener)
        if self._task is None or self._task.done():
            self._latest = None  # from when somebody looked last
            self._task = background_tasks.create(self._run(), name="status feed")
        elif self._latest is not None:
            listener(self._latest)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    async def _run(self) -> None:
        while self._listeners:
            try:
                live = await asyncio.to_thread(self._look)
            except Exception:  # boundary: a page must outlive a failing service
                log.exception("The state of the appliance can't be read")
            else:
                self._publish(live)
            await asyncio.sleep(self._interval_s)

    def _publish(self, live: Live) -> None:
        if live == self._latest:
            return
        self._latest = live
        for listener in tuple(self._listeners):
            listener(live)
