"""One request for a file over HTTP, and every way it can fail put into words."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import IO, Any
from urllib.parse import urlsplit

import traumbox
from traumbox.embedders.catalogue import ORIGIN
from traumbox.embedders.supply.trouble import CutError, FetchError, RangeRefusedError

TIMEOUT_S = 30.0
"""For connecting, and for each single read: a slow server is only slow, a silent one is stalled."""
CHUNK_BYTES = 1 << 18
_NO_RANGE = http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE


_CONNECTED = "Is this machine connected to the internet?"
_BROKEN: tuple[tuple[type | tuple[type, ...], str, str], ...] = (
    (socket.gaierror, "the name {host} can't be resolved", _CONNECTED),
    (TimeoutError, "{host} doesn't answer", f"{_CONNECTED} It may also only be busy."),
    (
        ConnectionRefusedError,
        "{host} refuses the connection",
        f"{_CONNECTED} Are model.proxy and model.mirror right?",
    ),
    (
        PermissionError,
        "this process may not connect to {host}",
        (
            "A service's sandbox can forbid it: run traumbox model fetch in a terminal instead, "
            "or take in a file from elsewhere with traumbox model import."
        ),
    ),
    (
        (ConnectionError, http.client.HTTPException),
        "{host} broke the connection off",
        "What has come is kept.",
    ),
    (ValueError, "the address of {host} can't be used", "Correct model.mirror."),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer: from which byte on it sends, and of how many in all, if it says so."""

    begin: int
    total: int | None
    etag: str
    host: str
    body: http.client.HTTPResponse

    def read(self) -> bytes:
        """Return the next bytes, as many as have come; empty at the end.

        Raises
        ------
        FetchError
            When the connection breaks or falls silent: a CutError.
        """
        try:
            return self.body.read1(CHUNK_BYTES)
        except (OSError, http.client.HTTPException, ValueError) as error:
            broken = trouble_of(error, self.host)
            raise CutError(str(broken), reason=broken.reason) from error


@dataclass(frozen=True, slots=True)
class Access:
    """The way to the files: straight, through a proxy, or to a mirror with the same paths.

    Without ``proxy`` the environment's is taken (http_proxy, https_proxy, no_proxy).
    """

    mirror: str | None = None
    proxy: str | None = None
    timeout_s: float = TIMEOUT_S

    @property
    def base(self) -> str:
        """Beginning of every URL, without a slash at its end."""
        return (self.mirror or ORIGIN).rstrip("/")

    @contextmanager
    def open(self, url_path: str, begin: int = 0, etag: str = "") -> Iterator[Answer]:
        """Ask for the file from byte ``begin`` on, as long as it is still the one of ``etag``.

        Raises
        ------
        FetchError
            When no answer comes, or one without the file; a RangeRefusedError when it has nothing
            from that byte on.
        """
        redirects = _Redirects(self.base + url_path)
        headers = {
            "User-Agent": f"traumbox/{traumbox.__version__}",
            "Accept-Encoding": "identity",
        }
        if begin:
            headers["Range"] = f"bytes={begin}-"
            if etag:
                headers["If-Range"] = etag
        request = urllib.request.Request(redirects.at, headers=headers)  # noqa: S310 - see _opener
        try:
            body = _opener(self.proxy, redirects).open(request, timeout=self.timeout_s)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if isinstance(error, urllib.error.HTTPError):
                error.close()
                if begin and error.code == _NO_RANGE:
                    raise RangeRefusedError(str(error), reason=str(error)) from error
            raise trouble_of(error, _host(redirects.at)) from error
        with body:
            yield _answer(body, _host(redirects.at))


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, Range and all, and remembers where it has got to."""

    def __init__(self, url: str) -> None:
        self.at = url

    def redirect_request(  # noqa: PLR0917 - the signature is urllib's
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> urllib.request.Request | None:
        old, new = urlsplit(self.at), urlsplit(newurl)
        if old.scheme == "https" and new.scheme != "https":
            raise FetchError(
                f"{old.hostname} sends on to {new.scheme}://{new.hostname}, which isn't encrypted. "
                "Set model.mirror to another mirror.",
                reason=f"not reachable ({old.hostname} sends on to an unencrypted address)",
                again="rarely",
            )
        self.at = newurl
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _opener(proxy: str | None, redirects: _Redirects) -> urllib.request.OpenerDirector:
    """Build an opener that knows http and https, and nothing like file: or ftp:."""
    opener = urllib.request.OpenerDirector()
    proxies = {"http": proxy, "https": proxy} if proxy else None
    for handler in (
        urllib.request.ProxyHandler(proxies),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        urllib.request.HTTPDefaultErrorHandler(),
        redirects,
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _answer(body: Any, host: str) -> Answer:
    length = body.headers.get("Content-Length")
    total = int(length) if length and length.isdigit() else None
    begin = 0
    if body.status == http.HTTPStatus.PARTIAL_CONTENT:
        span = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", body.headers.get("Content-Range", ""))
        begin = int(span[1]) if span else -1
        total = int(span[2]) if span and span[2] != "*" else None
    etag = body.headers.get("ETag", "")
    # A weak ETag promises no equal bytes; If-Range doesn't allow it.
    return Answer(begin, total, "" if etag.startswith("W/") else etag, host, body)


def trouble_of(error: Exception, host: str) -> FetchError:
    """Return what ``error``, on the way to ``host``, means to the owner."""
    if isinstance(error, FetchError):
        return error
    if isinstance(error, urllib.error.HTTPError):
        return _refusal(error, host)
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, FetchError):
        return cause
    if isinstance(cause, ssl.SSLCertVerificationError):
        today = datetime.now(UTC).date()
        return FetchError(
            f"The certificate of {host} can't be trusted ({cause.verify_message}). Is this "
            f"machine's date right ({today})? Does a proxy or filter open encrypted connections?",
            reason=f"not reachable (the certificate of {host} can't be trusted)",
        )
    reason, remedy = _broken(cause, host)
    message = f"{reason[0].upper()}{reason[1:]}. {remedy}"
    return FetchError(message, reason=f"not reachable ({reason})")


def _broken(cause: object, host: str) -> tuple[str, str]:
    """Return what broke, in a few words, and what to do."""
    for kinds, reason, remedy in _BROKEN:
        if isinstance(cause, kinds):
            return reason.format(host=host), remedy
    why = getattr(cause, "strerror", None) or str(cause)
    return f"{host} can't be reached ({why})", _CONNECTED


def _refusal(error: urllib.error.HTTPError, host: str) -> FetchError:
    code = error.code
    said = f"{host} answers {code} {error.reason}".rstrip()
    if code == http.HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return FetchError(
            f"The proxy asks for a name and a password ({code}). Write them into model.proxy: "
            "http://name:password@proxy:port",
            reason="not reachable (the proxy asks for a password)",
            again="rarely",
        )
    if code in {401, 403, 451}:
        return FetchError(
            f"{said}: the file isn't given to everybody, or not any more. Set model.mirror to a "
            "mirror that has it, or take in a file from elsewhere: traumbox model import.",
            reason=f"not reachable ({said})",
            again="rarely",
        )
    if code in {404, 410}:
        return FetchError(
            f"{said}: the file isn't there any more. Set model.mirror to a mirror that has it, or "
            "take in a file from elsewhere: traumbox model import.",
            reason=f"not reachable ({said})",
            again="rarely",
        )
    if code in {408, 425, 429} or code >= 500:
        return FetchError(
            f"{said}: it is busy or out of order. Trying again later helps.",
            reason=f"not reachable ({said})",
            wait_s=_retry_after_s(error.headers.get("Retry-After", "")),
        )
    return FetchError(
        f"{said}. Is model.mirror or model.proxy right?",
        reason=f"not reachable ({said})",
        again="rarely",
    )


def _retry_after_s(text: str) -> float:
    """Read seconds or a date, as HTTP allows both."""
    if text.strip().isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return 0.0


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
