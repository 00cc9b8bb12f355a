"""What can be asked for on the models page, done at the desk; the outcome in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traumbox.web.api.models import is_importable
from traumbox.web.panel.pages.saying import Said, attempt
from traumbox.web.services import ModelDesk
from traumbox.web.views import safe

IMPORT = "import"
MAX_PATH_LENGTH = 4096


@dataclass(frozen=True, slots=True)
class Order:
    """What a browser asks for; nothing in it can be trusted."""

    deed: str
    name: str = ""
    path: str = ""

    @classmethod
    def from_event(cls, asked: Mapping[str, Any]) -> Order:
        """Read what the component emits."""
        return cls(*(str(asked.get(key, "")) for key in ("do", "name", "path")))

    @property
    def place(self) -> str:
        """Where on the page its outcome belongs: a model's name or ``IMPORT``."""
        return IMPORT if self.deed == IMPORT else self.name


def carry_out(desk: ModelDesk, words: Mapping[str, str], order: Order) -> Said:
    """Do what is ordered; may take seconds, and never raises."""
    return attempt(lambda: _do(desk, words, order), words, order.deed)


def _do(desk: ModelDesk, words: Mapping[str, str], order: Order) -> Said:
    if order.deed == "verify":
        problem = desk.verify(order.name)
        return {"problem": safe(problem)} if problem else {"news": words["verified"]}
    if order.deed == IMPORT:
        return _bring_in(desk, words, order.path.strip())
    _deeds(desk, order.name)[order.deed]()
    return {}


def _deeds(desk: ModelDesk, name: str) -> dict[str, Callable[[], None]]:
    return {
        "fetch": lambda: desk.fetch(name),
        "stop": desk.stop_fetch,
        "use": lambda: desk.use(name),
        "use_now": lambda: desk.use(name, now=True),
        "pause": desk.pause,
        "resume": desk.resume,
        "cancel": desk.cancel,
        "remove": lambda: desk.remove(name),
    }


def _bring_in(desk: ModelDesk, words: Mapping[str, str], text: str) -> Said:
    if not text.startswith("/"):
        return {"problem": words["import_empty"]}
    path = Path(text)
    if len(text) > MAX_PATH_LENGTH or not is_importable(path):
        return {"problem": words["import_nothing"].format(path=safe(text[:MAX_PATH_LENGTH]))}
    desk.import_from(path)
    return {"news": words["import_begun"]}
