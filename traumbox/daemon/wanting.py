"""What the owner wants of models, against what is here; and that in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from traumbox.config import Model
from traumbox.domain import ModelInfo
from traumbox.embedders import registry
from traumbox.embedders.catalogue import ModelEntry
from traumbox.embedders.supply.tries import Outcome

BUILTIN = "builtin"


@dataclass(frozen=True, slots=True)
class Want:
    """The configuration's model section, the models as they stand, and what ``auto`` prefers."""

    model: Model
    infos: tuple[ModelInfo, ...]
    catalogue: Mapping[str, ModelEntry]
    preferred: str

    def missing(self) -> str:
        """Return the model that is wanted, isn't here and could be fetched; else ""."""
        fetchable = {name for name, entry in self.catalogue.items() if entry.source is not None}
        if self.model.name == registry.AUTO:
            return "" if self._here() & fetchable else self.preferred
        name = self.model.name
        return name if name in fetchable - self._here() else ""

    def way_to_have(self, converter_missing: str) -> str:
        """Return the commands that bring what is missing and won't come by itself; else ""."""
        known = self.catalogue.get(self.model.name)
        if known is not None and known.made_from and known.name not in self._here():
            return f"traumbox model quantize {known.made_from}"
        name = self.missing()
        if not name:
            return ""
        if self.model.fetch:
            return converter_missing
        if self.model.name == registry.AUTO:
            return ""  # the owner has said no, and the best of what is here serves
        fetch = f"traumbox model fetch {name}"
        return f"{converter_missing}, then {fetch}" if converter_missing else fetch

    def notice(
        self, serving: str, outcome: Outcome | None, converter_missing: str, now_s: float
    ) -> str:
        """Return what the owner should know of getting the model, or "".

        Parameters
        ----------
        serving
            The model that answers searches now.
        outcome
            How the last try for the model ended that is being waited for.
        converter_missing
            What to run before a checkpoint can be converted, or "".
        """
        answering = f"searching with {self._called(serving)}"
        if outcome is not None and outcome.message:
            if outcome.next_try_s is None:
                return f"LAION CLAP {outcome.reason}; {answering}. {outcome.message}"
            when = clock_time(outcome.next_try_s, now_s)
            return f"LAION CLAP {outcome.reason}; {answering}; next try {when}."
        how = self.way_to_have(converter_missing)
        return f"LAION CLAP isn't installed; {answering}. To have it: {how}." if how else ""

    def _here(self) -> set[str]:
        return {info.name for info in self.infos if info.state == "installed"}

    def _called(self, name: str) -> str:
        known = self.catalogue.get(name)
        if name == BUILTIN or known is None:
            return "the built-in model" if name == BUILTIN else name
        return known.title


def clock_time(then_s: float, now_s: float) -> str:
    """Return a POSIX time as people say it, in local time: ``14:05``, ``tomorrow 14:05``."""
    then, now = datetime.fromtimestamp(then_s), datetime.fromtimestamp(now_s)
    if then.date() == now.date():
        return f"{then:%H:%M}"
    if then.date() == now.date() + timedelta(days=1):
        return f"tomorrow {then:%H:%M}"
    return f"{then:%Y-%m-%d %H:%M}"
