"""Doing what a page asks for, with the outcome in words."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from traumbox.errors import TraumboxError
from traumbox.web.views import safe

log = logging.getLogger(__name__)

Said = dict[str, str]
"""What came of an order: ``news`` or a ``problem`` in words, or neither."""


def attempt(deed: Callable[[], Said], words: Mapping[str, str], what: str) -> Said:
    """Do it, in a thread; never raises. ``what`` names it in the log, should it fail."""
    try:
        return deed()
    except TraumboxError as error:
        # Line by line: some messages hold lines for the configuration file.
        return {"problem": "\n".join(safe(line) for line in str(error).splitlines())}
    except Exception:  # boundary: the page says that it failed, the log why
        log.exception("“%s” of the panel failed", safe(what))
        return {"problem": words["action_failed"]}


def counted(words: Mapping[str, str], key: str, count: int, **values: object) -> str:
    """Return the text for ``count`` things; these sentences have two forms, for one and more."""
    form = "one" if count == 1 else "other"
    return words[f"{key}_{form}"].format(count=f"{count:,}", **values)
