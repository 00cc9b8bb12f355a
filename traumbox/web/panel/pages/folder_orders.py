"""What can be asked for on the page of folders, done at the desk; the outcome in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from traumbox.errors import UnknownFolderError
from traumbox.web.panel.pages.saying import Said, attempt, counted
from traumbox.web.services import FolderDesk, FolderOrder, FolderView
from traumbox.web.views import safe

FIELDS = ("name", "colour", "kind", "priority", "include", "exclude")
MAX_PATH_LENGTH = 4096
MAX_TEXT_LENGTH = 20_000
"""Of a field; whatever is longer was not typed."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a browser asks for; nothing in it can be trusted.

    ``place`` is where on the page the outcome belongs, ``name`` the folder as the page shows it.
    """

    place: str
    deed: str
    name: str
    path: str
    order: FolderOrder

    @classmethod
    def from_event(cls, asked: Mapping[str, Any]) -> Ask:
        """Read what the component emits."""
        place, deed, name = (str(asked.get(key, ""))[:200] for key in ("place", "do", "name"))
        fields = asked.get("fields")
        typed = fields if isinstance(fields, Mapping) else {}
        texts = {str(key): str(value)[:MAX_TEXT_LENGTH] for key, value in typed.items()}
        return cls(
            place, deed, name, texts.get("path", "").strip()[:MAX_PATH_LENGTH], _wanted(texts)
        )


def _wanted(texts: Mapping[str, str]) -> FolderOrder:
    """Return what the fields say; an empty one leaves a thing to the configuration."""
    plain = {
        key: texts.get(key, "").strip() or None for key in ("name", "colour", "kind", "priority")
    }
    patterns = {
        key: tuple(line.strip() for line in texts.get(key, "").splitlines() if line.strip())
        for key in ("include", "exclude")
    }
    return FolderOrder(**plain, **patterns)  # type: ignore[arg-type] # by name, each of its kind


class FolderWork:
    """Carries out what one page asks for; remembers what it took away, to put it back."""

    def __init__(self, desk: FolderDesk, words: Mapping[str, str]) -> None:
        self._desk = desk
        self._words = words
        self.removed: FolderView | None = None

    def carry_out(self, ask: Ask) -> Said:
        """Do what is asked; may take seconds, and never raises."""
        return attempt(lambda: self._deeds()[ask.deed](ask), self._words, ask.deed)

    def _deeds(self) -> dict[str, Callable[[Ask], Said]]:
        return {
            "add": self._add,
            "change": self._change,
            "remove": self._remove,
            "undo": self._undo,
            "scan": self._scan,
            "confirm": self._confirm,
            "forget": self._forget,
        }

    def _add(self, ask: Ask) -> Said:
        if not ask.path.startswith("/"):
            return {"problem": self._words["folder_no_path"]}
        added = self._desk.add(replace(ask.order, path=Path(ask.path)))
        return {"news": self._words["folder_added"].format(name=safe(added.name))}

    def _change(self, ask: Ask) -> Said:
        view = self._view(ask)
        said = {key: getattr(ask.order, key) for key in FIELDS}
        # What stays as it is isn't written: a default remains one.
        other = {key: None if value == getattr(view, key) else value for key, value in said.items()}
        changed = self._desk.change(view.name, replace(ask.order, **other))
        return {"news": self._words["folder_changed"].format(name=safe(changed.name))}

    def _remove(self, ask: Ask) -> Said:
        view = self._view(ask)
        self._desk.remove(view.name)
        self.removed = view
        return {}

    def _undo(self, _: Ask) -> Said:
        view = self.removed
        if view is None:
            return {}
        self._desk.add(
            FolderOrder(
                path=Path(view.path),
                name=view.name,
                colour=view.colour or None,
                kind=view.kind,
                priority=view.priority,
                include=view.include,
                exclude=view.exclude,
            )
        )
        self.removed = None
        return {}

    def _scan(self, ask: Ask) -> Said:
        self._desk.scan(self._view(ask).name)
        return {"news": self._words["folder_scanning"]}

    def _confirm(self, ask: Ask) -> Said:
        count = self._desk.confirm(self._view(ask).name)
        return {"news": counted(self._words, "folder_confirmed", count)}

    def _forget(self, ask: Ask) -> Said:
        names = {safe(name): name for name in self._names()}
        self._desk.forget(names.get(ask.name, ask.name))
        return {}

    def _names(self) -> list[str]:
        """Return the names of all folders with something to forget, watched or not."""
        watched = [view.name for view in self._desk.folders()]
        return watched + [removal.folder for removal in self._desk.removals()]

    def _view(self, ask: Ask) -> FolderView:
        """Return the folder that the page calls so: it shows names made safe."""
        for view in self._desk.folders():
            if safe(view.name) == ask.name:
                return view
        raise UnknownFolderError(self._words["folder_unknown"].format(name=safe(ask.name)))
