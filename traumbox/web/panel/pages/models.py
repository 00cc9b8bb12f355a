"""The models page: which model answers, and how to get, try and remove the others."""

from __future__ import annotations

import asyncio
from typing import Any

from traumbox.domain import ModelsStatus
from traumbox.web.panel.components import Models
from traumbox.web.panel.feed import Live
from traumbox.web.panel.pages.orders import IMPORT, Order, carry_out
from traumbox.web.panel.pages.saying import Said
from traumbox.web.panel.texts import Texts
from traumbox.web.services import ModelDesk
from traumbox.web.upkeep_views import models_view
from traumbox.web.views import View

NOT_YET = ModelsStatus(wanted="auto", serving="", models=())


class ModelsPage:
    """Follows the models' state; what is asked for here is done at the desk, in a thread."""

    def __init__(self, desk: ModelDesk, texts: Texts) -> None:
        self._desk = desk
        self._texts = texts
        self._busy: dict[str, str] = {}  # the deed under way, by its order's place
        self._said: dict[str, Said] = {}  # what came of the last one
        self._standing: dict[str, object] = {}
        self._is_fetching = False

    def build(self) -> None:
        """Create the page's element."""
        self._view = Models(self._texts["models"], status=models_view(NOT_YET))
        self._view.when("act", self._act)

    def on_path(self, path: str) -> None:
        """Nothing in this page's address changes what it shows."""

    def on_status(self, live: Live) -> None:
        """Show how it stands now; what was said of a model that has changed is no longer true."""
        standing = {model.name: (model.state, model.serving) for model in live.models.models}
        for name in self._said.keys() & standing.keys():
            if standing[name] != self._standing.get(name):
                del self._said[name]
        self._standing = dict(standing)
        if self._is_fetching and live.models.fetch is None:
            self._said.pop(IMPORT, None)  # it has been brought in, or the notice says why not
        self._is_fetching = live.models.fetch is not None
        self._view.show(
            status=models_view(live.models),
            said=dict(self._said),
        )

    async def _act(self, asked: dict[str, Any]) -> None:
        order = Order.from_event(asked)
        if order.place in self._busy:
            return
        self._busy[order.place] = order.deed
        self._said.pop(order.place, None)
        self._show_deeds()
        words = self._texts["messages"]
        self._said[order.place] = await asyncio.to_thread(carry_out, self._desk, words, order)
        del self._busy[order.place]
        self._show_deeds()

    def _show_deeds(self) -> None:
        self._view.show(busy=dict(self._busy), said=dict(self._said))


def at_work(status: ModelsStatus) -> View:
    """Return what is being done about models, with those concerned; for the rail."""
    view = models_view(status)
    fetch, change = view["fetch"], view["change"]
    named = {work[key] for work, key in ((fetch, "model"), (change, "new")) if work}
    models = [model for model in view["models"] if model["name"] in named]
    return {"fetch": fetch, "change": change, "models": models}
