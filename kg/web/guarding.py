"""What each request passes first: the name it calls the server by, its size, its origin; and what each answer carries.

A page of any other site can make a browser send requests to this machine. It cannot read the answers (there is no
CORS unless asked for), but it could try a domain name of its own that points here (DNS rebinding), or post an update
blindly. Hence the checks of Host and Origin. CORS lets pages of other sites read; what changes something is taken from
no page but the server's own, whatever origins may read (`foreign_page`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.web.problems import is_api, problem
from kg.web.protocol import MAX_BODY, Refusal, refuse

__all__ = ["LOOPBACK", "Guard", "foreign_page", "hostname"]

#: Names under which a server bound to loopback is called.
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
#: Seconds in which the body of a request must have come.
_PATIENCE = 30.0

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def hostname(host: str) -> str:
    """Return the name in a Host header, without its port.

    Examples
    --------
    >>> hostname("localhost:8080"), hostname("[::1]:8080"), hostname("127.0.0.1"), hostname("a b")
    ('localhost', '::1', '127.0.0.1', '')
    """
    if not host or any(char.isspace() or char in "/@?#\\" for char in host):
        return ""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def foreign_page(headers: Headers, names: Collection[str]) -> str:
    """Return which page that is not the server's own sends a request; empty for its own pages and for other programs.

    A browser says by itself, in every POST, from which origin the page is. Programs say nothing. The origin must be
    the very name and port that the request calls the server by, and that name must be one that only the server can
    have: an address, or one of `names`. Any other may be a domain of a page, made to point here.

    Examples
    --------
    >>> own = {"host": "127.0.0.1:8080", "origin": "http://127.0.0.1:8080"}
    >>> [foreign_page(Headers(sent), ()) for sent in (own, {"host": "x"}, own | {"origin": "https://evil.test"})]
    ['', '', 'https://evil.test']
    >>> foreign_page(Headers({"host": "evil.test:8080", "origin": "http://evil.test:8080"}), ["localhost"])
    'http://evil.test:8080'
    """
    origins, host = headers.getlist("origin"), headers.get("host", "")
    if not origins:
        return "" if headers.get("sec-fetch-site", "none") in ("none", "same-origin") else "another site"
    own = len(origins) == 1 and _netloc(origins[0]) == host.lower()
    return "" if own and (_is_address(hostname(host)) or hostname(host) in names) else ", ".join(origins)


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


class Guard:
    """Checks requests before the application sees them, and adds headers to its answers.

    Parameters
    ----------
    app
        The application behind.
    hosts
        Names the server may be called by; empty for any.
    origins
        Origins of other sites whose pages may read, and so may post a query.
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], origins: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            self._check(scope)
            body = await _read(receive) if scope["method"] == "POST" else b""
        except Refusal as fault:
            refused = problem(fault) if is_api(scope["path"]) else refuse(fault)
            await refused(scope, receive, send_with_headers)
            return
        await self._app(scope, _again(body, receive), send_with_headers)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self._hosts and hostname(host) not in self._hosts:
            raise Refusal(
                421, f'This server is not "{host[:100]}". Call it by one of: {", ".join(sorted(self._hosts))}.'
            )
        if scope["method"] != "POST":
            return
        origin = headers.get("origin")
        allowed = {origin, "*"} & self._origins
        if origin and not allowed and _netloc(origin) != host.lower():
            raise Refusal(
                403, f"Pages of {origin[:100]} may not read here. `kg serve --cors {origin[:100]}` allows it."
            )
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            raise Refusal(413, f"A request holds at most {MAX_BODY} bytes.")


async def _read(receive: Receive) -> bytes:
    """Return the body of a request, read to its end."""
    taken = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Refusal(400, "The request ended too early.")
                taken += message.get("body", b"")
                if len(taken) > MAX_BODY:
                    raise Refusal(413, f"A request holds at most {MAX_BODY} bytes.")
                if not message.get("more_body", False):
                    return bytes(taken)
    except TimeoutError:
        raise Refusal(408, f"The body did not come within {_PATIENCE:g} seconds.") from None


def _again(body: bytes, receive: Receive) -> Receive:
    """Return what gives the body once, and then what else the client says."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
