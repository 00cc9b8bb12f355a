"""The panel's Vue components: one element a list, its rows native HTML.

An element of NiceGUI costs some 5 kB of the server's memory for each open page; fifty rows of
nine elements cost 2.4 MB, one component with fifty rows 0.7 MB.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nicegui.element import Element
from nicegui.events import GenericEventArguments

CORE = Path(__file__).parent.parent / "core"


class Component(Element, esm={"tb-core": str(CORE)}):
    """A Vue component with its texts; props are sent in one update."""

    def __init__(self, texts: Mapping[str, str], **props: object) -> None:
        super().__init__()
        self.props.update(texts=dict(texts), **props)

    def show(self, **props: object) -> None:
        """Change props, with one update for all of them and none for what stays the same."""
        changed = {name: value for name, value in props.items() if self.props.get(name) != value}
        if changed:
            self.props.update(changed)

    def when(self, event: str, handler: Callable[[Any], Any]) -> None:
        """Call ``handler`` with what the component says with ``event``."""

        def unpack(message: GenericEventArguments) -> Any:
            return handler(message.args)

        self.on(event, unpack)


class Rail(Component, component="rail.js"):
    """Navigation and the progress of what takes long."""


class PlayerBar(Component, component="player_bar.js"):
    """The player and its queue; all of its state lives in the browser."""


class SearchBar(Component, component="search_bar.js"):
    """The search field."""


class Welcome(Component, component="welcome.js"):
    """First steps, or phrases to begin with."""


class Results(Component, component="results.js"):
    """A headline and a list of tracks."""


class TrackDetail(Component, component="track_detail.js"):
    """One track closely."""


class Activity(Component, component="activity.js"):
    """Counts, what waits, and failures."""


class Folders(Component, component="folders.js"):
    """The watched folders with what can be done about each."""


class Models(Component, component="models.js"):
    """The models with what can be done about each."""
