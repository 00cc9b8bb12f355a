"""The one guard around everything, API and panel, requests and websockets.

NiceGUI by itself serves any Host, opens its websocket to any Origin, and builds a page of its own
for each request: so nothing reaches it that hasn't passed here. Accounts will be asked for at the
marked place, after the Host and the Origin have been found to be ours.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from traumbox.web.hosts import Hosts, is_same_origin
from traumbox.web.problems import Problem, problem_response

MAX_BODY_BYTES = 1 << 20
SOUND_PATH = "/api/v1/search/sound"
MAX_SOUND_BYTES = 200_000_000
"""An hour of FLAC; only the first ten minutes count anyway."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITE = frozenset({"same-origin", "none"})  # "none": typed or bookmarked by the person

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: with that, browsers send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request goes no further."""

    status: int
    title: str
    detail: str
    remedy: str


class Guard:
    """ASGI middleware: Host, Origin, body size; security headers on every response.

    The nonce for the inline scripts of a page is in ``request.state.csp_nonce``.
    """

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self.app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a connection through, or answer why not."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["csp_nonce"] = nonce
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        # Accounts: ask for the session here, for both kinds of connection.
        if scope["type"] == "websocket":
            if refusal is None:
                await self.app(scope, receive, send)
            else:
                await receive()  # websocket.connect; a close before accept becomes a 403
                await send({"type": "websocket.close", "code": 1008, "reason": refusal.title})
            return
        policy = content_security_policy(nonce, headers.get("host", "") if not refusal else "")
        secured = _secured(send, policy, is_api=scope["path"].startswith("/api/"))
        if refusal is None:
            await self.app(scope, _bounded(receive, _most_bytes(scope)), secured)
        else:
            problem = Problem(refusal.status, refusal.title, refusal.detail, refusal.remedy)
            await problem_response(scope, problem)(scope, receive, secured)

    def _refusal(self, scope: Scope, headers: Headers) -> Refusal | None:
        named = headers.getlist("host")
        if len(named) != 1 or not self._hosts.knows(named[0]):
            return Refusal(
                421,
                "Not this host",
                f"traumbox doesn't answer under the name {', '.join(named) or '(none)'}.",
                "Call it by its IP address or its own name; or, if this name is meant to be its "
                "own, add it to security: allowed_hosts: in the configuration.",
            )
        if not _is_from_us(scope, headers, named[0]):
            return Refusal(
                403,
                "Another site asked for this",
                "A page of another site tried to use traumbox.",
                "Open traumbox itself in the browser and try again there.",
            )
        if scope["type"] == "http" and declared_bytes(headers) > _most_bytes(scope):
            return Refusal(413, *_too_large(_most_bytes(scope)))
        return None


def _most_bytes(scope: Scope) -> int:
    return MAX_SOUND_BYTES if scope["path"] == SOUND_PATH else MAX_BODY_BYTES


def _too_large(most_bytes: int) -> tuple[str, str, str]:
    return (
        "Too large",
        f"The request's body is larger than {most_bytes:,} bytes.",
        "Send less at once.",
    )


def content_security_policy(nonce: str, authority: str) -> str:
    """Return the CSP of a response: everything from here, inline scripts only with the nonce.

    Vue's template compiler needs unsafe-eval. Older Safaris don't take 'self' for websockets, so
    these are named by ``authority``, a Host that was found to be ours.
    """
    sockets = f" ws://{authority} wss://{authority}" if authority else ""
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; "
        f"font-src 'self' data:; connect-src 'self'{sockets}; object-src 'none'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )


def _is_from_us(scope: Scope, headers: Headers, authority: str) -> bool:
    origins = headers.getlist("origin")
    if origins:
        # Also for GET: a browser names the origin there only when a script of that site asks.
        return all(is_same_origin(origin, authority) for origin in origins)
    is_safe = scope["type"] == "http" and scope["method"] in SAFE_METHODS
    # Programs that aren't browsers send neither header, and carry nobody's cookies.
    return is_safe or headers.get("sec-fetch-site", "none") in OWN_SITE


def declared_bytes(headers: Headers) -> int:
    """Return how long a body says that it is; 0 where it doesn't."""
    declared = headers.get("content-length", "0")
    return int(declared) if declared.isdecimal() else 0


def _bounded(receive: Receive, most_bytes: int) -> Receive:
    """Count the bytes of a body that doesn't declare its length."""
    received = 0

    async def bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > most_bytes:
            raise HTTPException(413, _too_large(most_bytes)[1])
        return message

    return bounded


def _secured(send: Send, policy: str, *, is_api: bool) -> Send:
    async def secured(message: Message) -> None:
        if message["type"] == "http.response.start":
            message.setdefault("headers", [])
            headers = MutableHeaders(scope=message)
            if is_api:
                headers.setdefault("Cache-Control", "no-store")
            for name, value in HEADERS.items():
                headers[name] = value
            headers["Content-Security-Policy"] = policy
        await send(message)

    return secured
