"""The JSON API: every question at an address, with what it takes and gives described by OpenAPI 3.1.

=============================  ======================================================================================
``/api/v1/openapi.json``       what can be asked, with which parameters, and what comes back
``/api/v1/{question}``         GET with parameters in the address; POST with a JSON object, or a form, in the body
=============================  ======================================================================================

What tells of a person (`kg.handles.signatures.PRIVATE`) is taken from bodies only, since addresses are written down on
their way. An answer is `Answer.to_json`, as ``--format json`` prints it; ``fields``, ``limit`` and ``offset`` make it
smaller. An error is a problem (RFC 9457) with the sentence that the command line prints.

References
----------
OpenAPI Specification 3.1.0. RFC 9457, Problem Details for HTTP APIs. RFC 9110, HTTP Semantics, 8.8.3 and 13.1.2.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NoReturn
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.checks.served import asked_from_afar, served_question, served_questions
from kg.handles.asking import on_day
from kg.handles.signatures import taken_by
from kg.model.errors import KgError
from kg.web.openapi import COMMON, openapi
from kg.web.problems import problem, problem_of
from kg.web.protocol import Refusal, read_fields
from kg.web.service import Service

__all__ = ["api_answer", "api_description"]

#: What every answer has, however small it is asked for.
ALWAYS = ("question", "asked", "as_of", "dataset", "answer")
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"


async def api_description(service: Service, request: Request) -> Response:
    """Answer with the description of the API."""
    tag = _tag(service, "openapi")
    if _known(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    document = await service.run(lambda: openapi(service.graph.dataset))
    return JSONResponse(document, headers={"ETag": tag, "Cache-Control": "no-cache"})


async def api_answer(service: Service, request: Request) -> Response:
    """Answer a question, or say why not."""
    try:
        name = request.path_params["question"]
        if name not in served_questions():
            raise Refusal(404, f'No question "{name[:80]}". There are: {", ".join(served_questions())}.')
        given = await _given(request, name)
        get = request.method in ("GET", "HEAD")
        headers = {"Cache-Control": "no-cache" if get else "no-store"}
        if get:
            headers["ETag"] = tag = _tag(service, name, json.dumps(given, sort_keys=True))
            if _known(request, tag):
                return Response(status_code=304, headers=headers)
        body, rest = await service.answer(lambda: _answer(service, name, given))
        if get and rest is not None:
            further = urlencode([*((k, v) for k, v in given_pairs(given) if k != "offset"), ("offset", rest)])
            headers["Link"] = f'</api/v1/{name}?{further}>; rel="next"'
        return Response(body, media_type=_JSON, headers=headers)
    except Refusal as fault:
        return problem(fault)
    except KgError as error:
        return problem_of(error)


def given_pairs(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what was given in an address as it stands there."""
    return [(name, text) for name, texts in given.items() for text in texts]


async def _given(request: Request, name: str) -> dict[str, Any]:
    """Return what was given, as texts or JSON.

    Raises
    ------
    Refusal
        The body cannot be read, or the address holds what is not for addresses.
    """
    found: dict[str, Any] = {}
    for key, text in read_fields(request.url.query):
        found.setdefault(key, []).append(text)
    takes = taken_by(served_question(name))
    private = [one for one in takes if one.private]
    if request.method == "POST":
        if found:
            raise Refusal(400, "A POST carries what is asked in its body, not in the address.")
        return await _body(request)
    for one in private:
        if one.name in found or one.required:
            example = json.dumps({one.name: ["…"] if one.several else "…"}, ensure_ascii=False)
            raise Refusal(
                400 if one.name in found else 405,
                f"{one.name} is not taken from an address, which is written down on its way and may tell of a person. "
                f"POST it to /api/v1/{name}, such as {example}.",
                {"Allow": "POST"} if one.required else None,
            )
    return found


async def _body(request: Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    raw = await request.body()
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise Refusal(400, "The body is not UTF-8.") from None
    if kind == _FORM:
        found: dict[str, Any] = {}
        for key, value in read_fields(text):
            if value:
                found.setdefault(key, []).append(value)
        return found
    if kind != _JSON:
        raise Refusal(415, f"POST what is asked as {_JSON}, or as a form, not as {kind[:80] or 'nothing'}.")
    try:
        read = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, f"The body is no JSON: {error}.") from None
    if not isinstance(read, dict):
        raise Refusal(400, 'The body is a JSON object of parameters, such as {"role": "AI Engineer"}.')
    return read


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


def _answer(service: Service, name: str, given: dict[str, Any]) -> tuple[bytes, int | None]:
    """Return the answer as bytes of JSON, and where its next page begins."""
    takes = {one.name for one in taken_by(served_question(name))}
    common = {one.name: one for one in COMMON}
    how = {key: common[key].read(given[key]) for key in given if key in common and key not in takes}
    g = on_day(service.graph, how.pop("as_of", None))
    said = asked_from_afar(name, g, {key: value for key, value in given.items() if key not in how and key != "as_of"})
    shown, rest = smaller(said.to_json(), **how)
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode(), rest


def smaller(
    answer: dict[str, Any], *, fields: list[str] | None = None, limit: int | None = None, offset: int = 0
) -> tuple[dict[str, Any], int | None]:
    """Return an answer with the parts and the page that were asked for, and where the next page begins.

    Parameters
    ----------
    fields
        The parts to keep, such as ``rows`` or ``rows.label``; those in `ALWAYS` stay. None keeps all.
    limit, offset
        At most so many rows, and claims of evidence, from there on.

    Examples
    --------
    >>> answer = {"question": "find", "rows": [{"label": "a", "iri": "b"}, {"label": "c"}], "evidence": []}
    >>> smaller(answer, fields=["rows.label"], limit=1)
    ({'question': 'find', 'rows': [{'label': 'a'}], 'page': {'offset': 0, 'rows': 2, 'evidence': 0, 'next': 1}}, 1)
    """
    wanted: dict[str, set[str] | None] = {}
    for part, _, column in (one.partition(".") for one in fields or ()):
        kept = wanted.setdefault(part, set())
        if not column:
            wanted[part] = None
        elif kept is not None:
            kept.add(column)
    found = {name: value for name, value in answer.items() if fields is None or name in ALWAYS or name in wanted}
    for name, columns in wanted.items():
        if columns and name in found:
            found[name] = [_kept(row, columns) for row in found[name]] if isinstance(found[name], list) else found[name]
    if limit is None and not offset:
        return found, None
    last = max((len(answer[part]) for part in ("rows", "evidence") if part in found), default=0)
    end = last if limit is None else offset + limit
    rest = end if end < last else None
    for part in ("rows", "evidence"):
        if part in found:
            found[part] = found[part][offset:end]
    page = {"offset": offset, "rows": len(answer["rows"]), "evidence": len(answer["evidence"]), "next": rest}
    return {**found, "page": page}, rest


def _kept(row: Any, columns: set[str]) -> Any:
    return {name: value for name, value in row.items() if name in columns} if isinstance(row, dict) else row


def _tag(service: Service, *asked: str) -> str:
    """Return the entity tag of an answer: what was asked, of which data, read how, by which version of ours."""
    said = "\n".join((*service.marks, *asked))
    return f'"{sha256(said.encode()).hexdigest()[:32]}"'


def _known(request: Request, tag: str) -> bool:
    """Whether the client has what the tag stands for."""
    known = request.headers.get("if-none-match", "")
    return known.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in known.split(",")}
