"""What is known of a training piece beside its concepts: the values behind the words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """The values; an empty string and 0 are none: weather has no tempo, a free line-up no style.

    ``style`` is a genre concept's name, ``family`` the leading instrument's (one of FAMILIES),
    ``families`` everyone's. ``energy`` is 0..1, or -1. ``brightness_hz`` is measured: the
    magnitude-weighted centroid. ``held`` says what training never sees of it: of "instrument",
    "style" and "font".
    """

    style: str = ""
    family: str = ""
    families: tuple[str, ...] = ()
    tempo_bpm: float = 0.0
    mode: str = ""
    energy: float = -1.0
    brightness_hz: float = 0.0
    held: tuple[str, ...] = ()
