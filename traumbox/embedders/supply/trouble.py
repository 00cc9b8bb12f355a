"""Why a model couldn't be had, and whether trying again can help."""

from __future__ import annotations

from typing import Literal

from traumbox.errors import ModelError

Again = Literal["soon", "rarely", "never"]
"""``soon``: it may pass by itself. ``rarely``: somebody elsewhere must mend it. ``never``: the
owner must do something first."""


class FetchError(ModelError):
    """A model can't be had now.

    The message is the whole story with its remedy; ``reason`` goes on after the model's name in
    a notice: "not reachable (huggingface.co refuses the connection)".
    """

    def __init__(
        self, message: str, *, reason: str, again: Again = "soon", wait_s: float = 0.0
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.again: Again = again
        self.wait_s = wait_s  # at least this long, says the server


class CutError(FetchError):
    """The connection broke or fell silent in the middle of a file."""


class RangeRefusedError(FetchError):
    """The server has nothing from that byte on."""


class FetchStopped(ModelError):  # noqa: N818 - nothing is wrong
    """It was stopped on purpose."""

    def __init__(self) -> None:
        super().__init__("Stopped. What has come is kept, and fetching again goes on from there.")
