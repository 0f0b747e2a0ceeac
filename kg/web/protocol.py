"""The SPARQL 1.1 Protocol: an HTTP request becomes a query or an update, an answer becomes an HTTP response.

References
----------
W3C, SPARQL 1.1 Protocol.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kg.engine.reading import Kind
from kg.model.errors import KgError, QueryError, QueryRefused, QueryStopped, StoreBusy

__all__ = ["MAX_BODY", "SparqlRequest", "Refusal", "fault_of", "read_fields", "read_request", "refuse"]

#: The most bytes of a request.
MAX_BODY = 1024**2

_QUERY_TYPE = "application/sparql-query"
_UPDATE_TYPE = "application/sparql-update"
_FORM_TYPE = "application/x-www-form-urlencoded"


class SparqlRequest(NamedTuple):
    """What a request asks.

    Attributes
    ----------
    default, named
        The graphs that the request names; None where it names none at all, so that the query decides.
    """

    kind: Kind
    text: str
    default: tuple[str, ...] | None
    named: tuple[str, ...] | None


class Refusal(Exception):
    """A request that cannot be answered: the status and the reason."""

    def __init__(self, status: int, reason: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.headers = headers or {}


async def read_request(request: Request) -> SparqlRequest | None:
    """Return what a request asks; None for a GET that asks nothing, which means: describe yourself.

    Raises
    ------
    Fault
        It does not follow the protocol; with the reason.
    """
    in_address = read_fields(request.url.query)
    if request.method == "POST":
        kind, _, parameters = request.headers.get("content-type", "").partition(";")
        kind = kind.strip().lower()
        body = await request.body()
        if kind == _FORM_TYPE:
            if any(name in ("query", "update") for name, _ in in_address):
                raise Refusal(400, "A posted form carries its query or update in the body, not in the address.")
            return _asked([*in_address, *read_fields(_text(body, parameters))])
        if kind in (_QUERY_TYPE, _UPDATE_TYPE):
            name = "query" if kind == _QUERY_TYPE else "update"
            if any(other in ("query", "update") for other, _ in in_address):
                raise Refusal(400, f"The body is the {name}; the address must not carry another.")
            return _asked([*in_address, (name, _text(body, parameters))])
        raise Refusal(
            415, f"POST a query as {_FORM_TYPE} (query=…) or as {_QUERY_TYPE}, not as {kind[:80] or 'nothing'}."
        )
    if any(name == "update" for name, _ in in_address):
        raise Refusal(400, f"An update comes by POST, as {_FORM_TYPE} (update=…) or as {_UPDATE_TYPE}.")
    return _asked(in_address) if any(name == "query" for name, _ in in_address) else None


def _text(body: bytes, parameters: str) -> str:
    charset = parameters.lower().partition("charset=")[2].strip(' "').partition(";")[0]
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise Refusal(415, f"The character set {charset[:40]} is not read here. Send UTF-8.")
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Refusal(400, "The body is not UTF-8.") from None


def read_fields(form: str) -> list[tuple[str, str]]:
    """Return the fields of a form or of an address.

    Raises
    ------
    Refusal
        They are not percent-encoded UTF-8, or too many.
    """
    try:
        return parse_qsl(form, keep_blank_values=True, errors="strict", max_num_fields=1000) if form else []
    except (UnicodeDecodeError, ValueError):
        raise Refusal(400, "The fields of the request cannot be read: they are not percent-encoded UTF-8.") from None


def _asked(fields: Sequence[tuple[str, str]]) -> SparqlRequest:
    texts = [(name, value) for name, value in fields if name in ("query", "update")]
    if len(texts) != 1:
        raise Refusal(400, f"A request carries one query or one update; this one carries {len(texts)}.")
    name, text = texts[0]
    if not text.strip():
        raise Refusal(400, f"The {name} is empty.")
    kind: Kind = "query" if name == "query" else "update"
    graphs = {
        role: tuple(_absolute(value) for field, value in fields if field == role)
        for role in ("default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri")
    }
    if graphs["using-graph-uri"] or graphs["using-named-graph-uri"]:
        raise Refusal(400, "using-graph-uri is not taken here. Write USING into the update itself.")
    default, named = graphs["default-graph-uri"], graphs["named-graph-uri"]
    return SparqlRequest(kind, text, default, named) if default or named else SparqlRequest(kind, text, None, None)


def _absolute(iri: str) -> str:
    from pyoxigraph import NamedNode

    try:
        if urlsplit(iri).scheme:
            return NamedNode(iri).value
    except ValueError:
        pass
    raise Refusal(400, f'The graph "{iri[:200]}" is no absolute IRI.')


def fault_of(error: KgError) -> Refusal:
    """Return an error as the answer of the protocol."""
    if isinstance(error, StoreBusy):
        return Refusal(503, str(error), {"Retry-After": "5"})
    if isinstance(error, QueryRefused):
        return Refusal(403, str(error))
    if isinstance(error, QueryStopped):
        return Refusal(504, str(error))  # not 503, at which clients try the same again
    if isinstance(error, QueryError):
        return Refusal(400, str(error))
    return Refusal(500, "The graph could not be read. The server's own output says more.")


def refuse(fault: Refusal) -> Response:
    """Return a fault as a response: a reason in plain text, for people and programs."""
    return PlainTextResponse(f"{fault}\n", status_code=fault.status, headers=fault.headers)
