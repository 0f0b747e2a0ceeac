"""The SPARQL 1.1 Protocol, as a client on the standard library: a whole answer, or an error that says why.

A query goes as a form by POST, which every server takes. (Sent bare, as ``application/sparql-query``, Virtuoso 7.2
never answers and keeps a thread busy for good; so it goes bare only where a server refuses the form.) Nothing is
believed of the other side: an answer has a time and a size it may not exceed, also unpacked; a redirection never
carries a secret to another host, nor anything from https to http; no message shows what may be secret.
"""

from __future__ import annotations

import json
import random
import re
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from typing import IO, Any
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

from kg.model.errors import QueryError, StoreError
from kg.stores.credentials import HEADER_VARIABLE, may_carry, who_asks, without_secrets

__all__ = ["Client", "Reply"]

_BUSY = frozenset({429, 503})
_MOVED = frozenset({301, 302, 307, 308})
_CHUNK = 1 << 16
_UPDATE_TAKES = "application/json, text/plain, */*"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered: its body, unpacked, and its headers."""

    body: bytes
    headers: Message[str, str]

    @property
    def kind(self) -> str:
        """The media type, without parameters."""
        return self.headers.get_content_type() if self.headers.get("Content-Type") else ""


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Leaves redirections to `Client`: urllib would turn a POST into a GET, and carry every header anywhere."""

    def _stay(self, *_: Any) -> None:  # parameters of urllib's own
        return None

    http_error_301 = http_error_302 = http_error_303 = http_error_307 = http_error_308 = _stay  # type: ignore[assignment]  # None is "not handled"


@dataclass(slots=True)
class Client:
    """Sends queries and updates to one endpoint.

    Parameters
    ----------
    url
        Where it answers queries; a user and password in it are sent by the Basic scheme.
    timeout
        Seconds that an answer may take as a whole.
    max_bytes
        Size that an answer may have, unpacked.
    patience
        Seconds to wait in all for a server that says it is busy.

    Raises
    ------
    StoreError
        The address is none, or what would prove who asks would travel in the clear.
    """

    url: str
    timeout: float = 60.0
    max_bytes: int = 1 << 28
    patience: float = 30.0
    requests: int = field(default=0, init=False)
    received: int = field(default=0, init=False)
    _secret: dict[str, str] = field(default_factory=dict, init=False, repr=False)
    _bare: bool = field(default=False, init=False, repr=False)
    _opener: urllib.request.OpenerDirector = field(init=False, repr=False)

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            host, parts = None, urlsplit("")
        if parts.scheme not in ("http", "https") or not host or re.search(r"[\s\x00-\x1f]", self.url):
            raise StoreError(
                f'"{without_secrets(self.url)}" is no address of a SPARQL endpoint. Name one as https://host/sparql.'
            )
        self._opener = urllib.request.build_opener(_StayHere)
        self.url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))
        self._secret = who_asks(parts)
        if self._secret and not may_carry(parts):
            raise StoreError(
                f"What proves who you are would travel to {self.place} unencrypted. Use https, or take it out of the "
                f"address, {HEADER_VARIABLE} and .netrc."
            )

    @property
    def place(self) -> str:
        """The address as it may be shown: without user, password, query and fragment."""
        return without_secrets(self.url)

    def query(self, query: str, accept: str, options: Mapping[str, list[str]] | None = None) -> Reply:
        """Return the answer to a query, asked again while the server says that it is busy.

        Parameters
        ----------
        accept
            The media types to ask for, as in an ``Accept`` header.
        options
            Further parameters of the protocol, such as ``default-graph-uri``.

        Raises
        ------
        QueryError
            The server finds the query wrong.
        StoreError
            It cannot be reached, or does not answer as an endpoint does.
        """
        fields = {"query": [query], **(options or {})}
        if not self._bare:
            try:
                return self._ask(self.url, urlencode(fields, doseq=True).encode(), _FORM, accept, retry=True)
            except _RefusedForm:
                self._bare = True
        url = _with_fields(self.url, options or {})
        return self._ask(url, query.encode(), "application/sparql-query; charset=utf-8", accept, retry=True)

    def update(self, url: str, update: str) -> None:
        """Send an update to its own address, once: whether one that failed had an effect, nobody can tell.

        Raises
        ------
        QueryError, StoreError
            As for `query`.
        """
        try:
            self._ask(url, urlencode({"update": update}).encode(), _FORM, _UPDATE_TAKES, retry=False)
        except _RefusedForm:
            self._ask(url, update.encode(), "application/sparql-update; charset=utf-8", _UPDATE_TAKES, retry=False)

    def _ask(self, url: str, body: bytes, kind: str, accept: str, *, retry: bool) -> Reply:
        """Send one request, after redirections and, if it may be repeated, until the server has time for it."""
        waited, turn, hops = 0.0, 0, 0
        method: str = "POST"
        while True:
            status, reply = self._once(method, url, body, kind, accept)
            if status in _MOVED or status == 303:
                hops += 1
                url, method = self._moved(url, reply, hops), "GET" if status == 303 else method
                continue
            if status in _BUSY and retry:
                pause = _pause(reply.headers.get("Retry-After"), turn)
                turn, waited = turn + 1, waited + pause
                if waited <= self.patience:
                    time.sleep(pause)
                    continue
            if status == 206 or reply.headers.get("X-SQL-State"):
                raise StoreError(
                    f"{self.place} answered in part only: its own time limit ended the query. Ask for less, or raise "
                    "the limit of the server."
                )
            if 200 <= status < 300:
                return reply
            raise self._refusal(status, reply, kind)

    def _once(self, method: str, url: str, body: bytes, kind: str, accept: str) -> tuple[int, Reply]:
        headers = {"Accept": accept, "Accept-Encoding": "gzip", "User-Agent": "career-kg"}
        if method == "POST":
            headers["Content-Type"] = kind
        if _origin(url) == _origin(self.url):
            headers |= self._secret
        request = urllib.request.Request(  # noqa: S310  # http and https only: checked when made, and at each move
            url, data=body if method == "POST" else None, headers=headers, method=method
        )
        end = time.monotonic() + self.timeout
        self.requests += 1
        try:
            try:
                answer: HTTPResponse = self._opener.open(request, timeout=self.timeout)
            except urllib.error.HTTPError as error:
                with error:
                    return error.code, Reply(self._read(error, error.headers, end), error.headers)
            with answer:
                return answer.status, Reply(self._read(answer, answer.headers, end), answer.headers)
        except TimeoutError:
            raise self._too_slow() from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise self._too_slow() from None
            raise StoreError(f"{self.place} cannot be reached: {_why(error.reason)}") from None
        except (HTTPException, OSError, zlib.error) as error:
            raise StoreError(
                f"The answer of {self.place} cannot be read: it breaks off or is no HTTP ({type(error).__name__}). "
                "Ask again; if that does not help, ask whoever runs the server."
            ) from None

    def _read(self, answer: IO[bytes], headers: Message[str, str], end: float) -> bytes:
        """Return the whole body, unpacked; raise where it grows too large or takes too long."""
        packed = headers.get("Content-Encoding", "").strip().casefold()
        unpack = zlib.decompressobj(wbits=47) if packed in ("gzip", "x-gzip", "deflate") else None  # 47: either header
        parts, size = [], 0
        while chunk := answer.read1(_CHUNK) if hasattr(answer, "read1") else answer.read(_CHUNK):
            self.received += len(chunk)
            while chunk:
                part = unpack.decompress(chunk, _CHUNK) if unpack else chunk
                chunk = unpack.unconsumed_tail if unpack else b""
                parts.append(part)
                size += len(part)
                if size > self.max_bytes:
                    raise StoreError(
                        f"{self.place} answers with more than {self.max_bytes >> 20} MB. Ask for less, or load the "
                        "data here: kg load FILE --into FOLDER."
                    )
            if time.monotonic() > end:
                raise TimeoutError
        length = getattr(answer, "length", None)
        if (unpack and not unpack.eof and size) or length:
            raise HTTPException("before its end")
        return b"".join(parts)

    def _moved(self, url: str, reply: Reply, hops: int) -> str:
        """Return where a redirection leads, if one may go there."""
        try:
            target = urljoin(url, reply.headers.get("Location") or "")
            new = urlsplit(target)
            host, _ = new.hostname, new.port
        except ValueError:
            raise StoreError(f"{self.place} redirects to what is no address. Name the right one.") from None
        if hops > 5 or new.scheme not in ("http", "https") or not host:
            raise StoreError(f"{self.place} redirects in a circle, or nowhere. Name the address it should lead to.")
        if urlsplit(url).scheme == "https" and new.scheme == "http":
            raise StoreError(
                f"{self.place} redirects to {without_secrets(target)}, which is unencrypted. Name an https address."
            )
        return target

    def _too_slow(self) -> StoreError:
        return StoreError(
            f"{self.place} gave no whole answer within {self.timeout:g} seconds. Ask for less, or allow more time: "
            "KG_ENDPOINT_TIMEOUT=300."
        )

    def _refusal(self, status: int, reply: Reply, kind: str) -> Exception:
        """Return what to raise for an answer that is a refusal."""
        said = self._said(reply)
        if kind == _FORM and (status == 415 or (status == 400 and "content type" in said.casefold())):
            return _RefusedForm(f"{self.place} takes no forms")
        if status == 400:
            return QueryError(f"This SPARQL query cannot be run by {self.place}: {said or 'it does not say why'}")
        if status in (401, 407):
            return StoreError(
                f"{self.place} wants to know who asks (status {status}). Give {HEADER_VARIABLE}='Authorization: …', or "
                "an entry in ~/.netrc."
            )
        advice = {
            403: "You may not ask this there.",
            404: "There is no endpoint at this address; its path is often /sparql or /query.",
            405: "It takes no queries at this address; the path is often /sparql or /query.",
            408: "It took too long. Ask for less.",
            413: "The query is too long for it.",
            429: "It is busy with too many requests. Ask again later.",
            503: "It is busy. Ask again later.",
            504: "It took too long. Ask for less.",
        }.get(status, "Ask whoever runs the server.")
        return StoreError(f"{self.place} cannot be asked: status {status}{f', {said}' if said else ''}. {advice}")

    def _said(self, reply: Reply) -> str:
        """Return what a server says of its refusal, in one short line, without anything secret."""
        if "html" in reply.kind or "xml" in reply.kind:
            return ""
        text = reply.body[:2000].decode(errors="replace")
        if reply.kind == "application/json":
            try:
                found = json.loads(reply.body)
            except ValueError:
                found = None
            if isinstance(found, dict):
                text = next((str(found[key]) for key in ("detail", "message", "error") if found.get(key)), text)
        for value in self._secret.values():
            text = text.replace(value, "…").replace(value.partition(" ")[2] or value, "…")
        text = re.sub(r"\s+", " ", text.partition(" expected one of")[0].partition("SPARQL query:")[0]).strip()
        return text if len(text) <= 100 else text[:99] + "…"


_FORM = "application/x-www-form-urlencoded"


class _RefusedForm(Exception):
    """The server takes queries only as they are."""


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _with_fields(url: str, fields: Mapping[str, list[str]]) -> str:
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(fields, doseq=True)) if part)
    return urlunsplit(parts._replace(query=query))


def _pause(asked: str | None, turn: int) -> float:
    """Return the seconds to wait: as many as the server asks for, else ever longer and never the same."""
    if asked:
        try:
            if asked.strip().isdecimal():
                return float(asked)
            when: datetime = parsedate_to_datetime(asked)
            seconds: float = when.timestamp() - time.time()
            return max(0.0, seconds)
        except (ValueError, OverflowError):
            pass
    return random.uniform(0.5, 1.0) * 0.5 * 2.0**turn  # noqa: S311  # no secret hangs on it


def _why(reason: object) -> str:
    """Return why a host cannot be reached, and what to do."""
    import socket
    import ssl

    if isinstance(reason, socket.gaierror):
        return "no such host is known. Check its name, and that you are online."
    if isinstance(reason, ConnectionRefusedError):
        return "nothing listens there. Start the server, or check the port."
    if isinstance(reason, ssl.SSLError):
        what = getattr(reason, "verify_message", "") or reason.reason or "the encryption fails"
        return f"{what}. Check that the address wants https; a certificate of your own goes into SSL_CERT_FILE."
    return f"{reason}. Check the address."
