"""``traumbox run``: the daemon from its lock to its last word."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from traumbox.config import Settings
from traumbox.daemon.arenas import limit_arenas
from traumbox.daemon.front import FrontDoor
from traumbox.daemon.notify import notify
from traumbox.daemon.slim import slim
from traumbox.embedders.catalogue import CATALOGUE, ModelEntry
from traumbox.stores.lock import DataLock
from traumbox.web.server import PanelServer

if TYPE_CHECKING:
    from traumbox.daemon.house import House

log = logging.getLogger(__name__)

ADDRESS_FILE = "address"


def run(settings: Settings, catalogue: Mapping[str, ModelEntry] = CATALOGUE) -> int:
    """Run the daemon until it is told to stop (SIGTERM, SIGINT); return the exit code.

    ``catalogue`` holds the models there are, by name.

    Raises
    ------
    TraumboxError
        When it can't start: the data folder is taken, the port busy, the store or model unusable.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    limit_arenas()
    with DataLock(settings.data_dir):
        door = FrontDoor("The music index and the model are being loaded.")
        server = PanelServer(door, settings.web.host, settings.web.port)
        with _address_file(settings.data_dir / ADDRESS_FILE, server.urls()[0]):
            asyncio.run(_serve(settings, door, server, catalogue))
    return 0


async def _serve(
    settings: Settings,
    door: FrontDoor,
    server: PanelServer,
    catalogue: Mapping[str, ModelEntry],
) -> None:
    stop = _stop_on_signals()
    serving = asyncio.create_task(server.serve())
    stopping = asyncio.create_task(stop.wait())
    try:
        async with AsyncExitStack() as stack:
            house = await asyncio.to_thread(_build, settings, stack, catalogue)
            app = house.app()
            await stack.enter_async_context(app.router.lifespan_context(app))
            # Here, in this thread: nobody imports anything until the house has started.
            slim()
            house.start()
            door.open(app)
            asyncio.get_running_loop().add_signal_handler(
                signal.SIGHUP, lambda: asyncio.ensure_future(asyncio.to_thread(house.reload))
            )
            _announce(settings, server)
            notify("READY=1")
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            notify("STOPPING=1")
            log.info("Stopping")
            server.request_stop()
            # Side by side: an open stream may take its seconds, and so may a file in hand.
            await asyncio.gather(serving, asyncio.to_thread(house.stop))
    finally:
        server.request_stop()
        await serving
        stopping.cancel()


def _build(settings: Settings, stack: AsyncExitStack, catalogue: Mapping[str, ModelEntry]) -> House:
    """Load the heavy parts, in a thread: the door answers meanwhile."""
    from traumbox.daemon.house import House  # noqa: PLC0415 - LanceDB, NiceGUI, the model
    from traumbox.daemon.parts import open_stores  # noqa: PLC0415

    stores = ExitStack()
    house = House(settings, stores.enter_context(open_stores(settings, catalogue)), catalogue)
    stack.push(stores)
    return house


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    # Until the house can reload, a SIGHUP must not end it, as it would by default.
    loop.add_signal_handler(signal.SIGHUP, lambda: None)
    return stop


def _announce(settings: Settings, server: PanelServer) -> None:
    lines = [f"traumbox is ready: {url}" for url in server.urls()]
    if not settings.folders:
        lines.append(
            "No music folder is configured yet. For demo music press the button in the panel, or "
            "run in another terminal: make demo (or: traumbox demo)"
        )
    print("\n".join(lines), flush=True)  # noqa: T201 - the lines the owner looks for


@contextmanager
def _address_file(path: Path, url: str) -> Iterator[None]:
    """Leave the address for the command line while the daemon runs."""
    path.write_text(url + "\n", encoding="utf-8")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
