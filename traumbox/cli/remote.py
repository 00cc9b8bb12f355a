"""The running service, asked over its API with nothing but the standard library."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from traumbox.config import Settings
from traumbox.errors import TraumboxError
from traumbox.stores.lock import holder

TIMEOUT_S = 60.0
"""The first search loads the text tower, which takes its time on a small machine."""

# An address on this machine is never to be asked through a proxy.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class RefusedError(TraumboxError):
    """The service answered, but not with what was asked for; ``status`` is HTTP's."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Remote:
    """A running service: where it answers and its process id."""

    address: str
    pid: int

    def __post_init__(self) -> None:
        if not self.address.startswith(("http://", "https://")):
            raise TraumboxError(
                f"The data folder's file 'address' holds {self.address!r}, which is no address. "
                "Restart the service; it writes the file anew."
            )

    def get(self, path: str, **parameters: str | int | Sequence[str]) -> dict[str, Any]:
        """Return the JSON of a GET request; TraumboxError when there is no good answer.

        A parameter with several values is named several times.
        """
        query = f"?{urllib.parse.urlencode(parameters, doseq=True)}" if parameters else ""
        url = f"{self.address}{path}{query}"
        return self._ask(urllib.request.Request(url))  # noqa: S310 - scheme checked above

    def post(self, path: str, body: object = None) -> dict[str, Any]:
        """Return the JSON of a POST request; TraumboxError when there is no good answer."""
        return self._send("POST", path, body)

    def patch(self, path: str, body: object) -> dict[str, Any]:
        """Return the JSON of a PATCH request; TraumboxError when there is no good answer."""
        return self._send("PATCH", path, body)

    def delete(self, path: str) -> dict[str, Any]:
        """Return the JSON of a DELETE request; TraumboxError when there is no good answer."""
        request = urllib.request.Request(  # noqa: S310 - scheme checked above
            f"{self.address}{path}", method="DELETE"
        )
        return self._ask(request)

    def _send(self, method: str, path: str, body: object) -> dict[str, Any]:
        return self._ask(
            urllib.request.Request(  # noqa: S310 - scheme checked above
                f"{self.address}{path}",
                data=json.dumps(body).encode() if body is not None else b"",
                headers={"Content-Type": "application/json"},
                method=method,
            )
        )

    def _ask(self, request: urllib.request.Request) -> dict[str, Any]:
        try:
            with _OPENER.open(request, timeout=TIMEOUT_S) as response:
                answer = json.loads(response.read() or b"{}")
        except urllib.error.HTTPError as error:
            raise RefusedError(_reason(error), error.code) from error
        except (OSError, ValueError) as error:
            raise TraumboxError(
                f"Process {self.pid} holds the data folder but doesn't answer at {self.address} "
                f"({error}). It may be just starting or stopping; try again in a moment."
            ) from error
        return answer if isinstance(answer, dict) else {}


def running(settings: Settings) -> Remote | None:
    """Return the service that holds the data folder, if one is up."""
    pid = holder(settings.data_dir) if settings.data_dir.is_dir() else None
    try:
        address = (settings.data_dir / "address").read_text("utf-8").split()
    except FileNotFoundError:
        address = []
    return Remote(address[0].rstrip("/"), pid) if pid is not None and address else None


def _reason(error: urllib.error.HTTPError) -> str:
    """Return what a problem document (RFC 9457) says, or the bare status."""
    try:
        problem = json.loads(error.read())
    except ValueError:
        problem = {}
    told = [problem.get(part) for part in ("detail", "remedy")] if isinstance(problem, dict) else []
    words = " ".join(part for part in told if isinstance(part, str) and part)
    return f"traumbox answered: {words or f'{error.code} {error.reason}'}"
