"""What all sections of the configuration share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from traumbox.config.units import parse_duration


def _absolute(path: Path) -> Path:
    if not path.is_absolute():
        raise ValueError("not an absolute path")
    return path


AbsolutePath = Annotated[Path, AfterValidator(_absolute)]
Seconds = Annotated[float, BeforeValidator(parse_duration)]


class Section(BaseModel):
    """A group of keys: frozen, and none but the known ones."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, coerce_numbers_to_str=True
    )
