"""Errors as the API tells them: a problem with the sentence that the command line prints.

References
----------
RFC 9457, Problem Details for HTTP APIs.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from kg.model.columns import OBJECT, TEXT, WHOLE, Column, many
from kg.model.errors import AmbiguousName, BadInput, KgError, MissingExtra, UnknownName
from kg.web.protocol import Refusal, fault_of

__all__ = ["PROBLEM_COLUMNS", "is_api", "problem", "problem_of"]


#: What a problem has.
PROBLEM_COLUMNS = (
    Column("type", TEXT, "about:blank: the status says what kind of problem it is"),
    Column("title", TEXT, "the status in words"),
    Column("status", WHOLE, "the status"),
    Column("detail", TEXT, "what was asked, what there is, what to do: the sentence that the command line prints"),
    Column("error", TEXT, "the class of the error in Python", optional=True),
    Column("close", many(TEXT), "of an unknown name: labels that come near", optional=True),
    Column("candidates", many(TEXT), "of an ambiguous name: the IRIs it may mean", optional=True),
    Column("faults", many(OBJECT), "of bad input: each fault with its place", optional=True),
)
_STATUS: tuple[tuple[type[KgError], int], ...] = (
    (UnknownName, 404),
    (AmbiguousName, 409),
    (BadInput, 400),
    (MissingExtra, 501),
)


def is_api(path: str) -> bool:
    """Whether an address is one of the API, whose errors are problems."""
    return path.startswith("/api/")


def problem(fault: Refusal, **more: Any) -> Response:
    """Return a refusal as a problem."""
    said = {
        "type": "about:blank",
        "title": HTTPStatus(fault.status).phrase,
        "status": fault.status,
        "detail": str(fault),
        **more,
    }
    body = json.dumps(said, ensure_ascii=False).encode()
    headers = {"Cache-Control": "no-store", **fault.headers}
    return Response(body, fault.status, headers=headers, media_type="application/problem+json")


def problem_of(error: KgError) -> Response:
    """Return an error as a problem."""
    name = type(error).__name__
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), None)
    if status is None:
        fault = fault_of(error)
        return problem(Refusal(fault.status, _served(str(fault)), fault.headers), error=name)
    more: dict[str, Any] = {"error": name}
    if isinstance(error, UnknownName) and error.close:
        more["close"] = [*error.close]
    if isinstance(error, AmbiguousName) and error.candidates:
        more["candidates"] = [*error.candidates]
    if isinstance(error, BadInput) and error.faults:
        more["faults"] = [{"line": one.line, "field": one.field, "message": str(one)} for one in error.faults]
    return problem(Refusal(status, str(error)), **more)


def _served(said: str) -> str:
    return said.replace("with --timeout", "with `kg serve --timeout`")
