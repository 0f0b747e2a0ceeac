"""The description of the API: OpenAPI 3.1, from what the questions and the answers declare of themselves."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from kg.checks.served import served_question, served_questions
from kg.exports.answer_schema import answer_schema, columns_schema
from kg.handles.signatures import Taken, object_schema, taken_by
from kg.model.answers import Dataset
from kg.model.columns import WHOLE, Column, maybe
from kg.web.problems import PROBLEM_COLUMNS

__all__ = ["COMMON", "openapi"]

#: What every question takes besides its own.
COMMON = (
    Taken("as_of", "The day asked about, as YYYY-MM-DD; the server's by default.", str),
    Taken(
        "fields",
        "The parts of the answer to keep, separated by commas, such as rows,measures or rows.label; all by default.",
        str,
        several=True,
        listed=True,
    ),
    Taken("limit", "At most so many rows, and claims of evidence.", int, least=1),
    Taken("offset", "Where the page begins; `page.next` of an answer is where the next does.", int, default=0, least=0),
)
_PAGE = (
    Column("offset", WHOLE, "where the page begins"),
    Column("rows", WHOLE, "rows in all"),
    Column("evidence", WHOLE, "claims in all"),
    Column("next", maybe(WHOLE), "where the next page begins; null on the last"),
)
_ALWAYS = ("question", "asked", "as_of", "dataset", "answer")
_WHERE = {"4XX": "What was asked cannot be answered so.", "5XX": "The server cannot answer now."}


def openapi(dataset: Dataset) -> dict[str, Any]:
    """Return the description as one object, ready for JSON.

    Examples
    --------
    >>> described = openapi(Dataset("facts", "1"))
    >>> described["openapi"], sorted(described["paths"]["/api/v1/gap"])
    ('3.1.0', ['get', 'post'])
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "career-kg",
            "version": version("career-kg"),
            "summary": f"Questions to {dataset.name} {dataset.version}".strip(),
            "description": (
                "Roles, skills, tools and certifications, where every edge is a claim with its source, its date and "
                "its place. What tells of a person is taken from bodies only. SPARQL has a door of its own, /sparql."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": {f"/api/v1/{name}": _path(name) for name in served_questions()},
        "components": {"schemas": _schemas(), "responses": _problems()},
    }


def _path(name: str) -> dict[str, Any]:
    function = served_question(name)
    own = taken_by(function)
    takes = (*own, *common_to(own))
    summary = (function.__doc__ or "").strip().splitlines()[0]
    said: dict[str, Any] = {"summary": summary, "tags": ["questions"]}
    answered: dict[str, Any] = {
        "200": {
            "description": "The answer.",
            "headers": {"ETag": {"schema": {"type": "string"}, "description": "Of the data and of what was asked."}},
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}},
        },
        **{status: {"$ref": f"#/components/responses/{status}"} for status in _WHERE},
    }
    body = {"application/json": {"schema": object_schema(takes)}}
    post = {**said, "operationId": f"{name}Posted", "requestBody": {"required": True, "content": body}}
    found: dict[str, Any] = {"post": {**post, "responses": {**answered, "200": {**answered["200"], "headers": {}}}}}
    if any(one.private and one.required for one in own):
        return found
    parameters = [_parameter(one) for one in takes if not one.private]
    not_modified = {"304": {"description": "The client has it already."}}
    return {
        "get": {**said, "operationId": name, "parameters": parameters, "responses": {**answered, **not_modified}}
    } | found


def common_to(own: Iterable[Taken]) -> tuple[Taken, ...]:
    """Return what a question takes besides its own parameters: a limit of its own stands for that of pages."""
    names = {one.name for one in own}
    return tuple(one for one in COMMON if one.name not in names and not (one.name == "offset" and "limit" in names))


def _parameter(one: Taken) -> dict[str, Any]:
    """Return a parameter of an address; a list is the parameter repeated."""
    listed = {"style": "form", "explode": True} if one.several else {}
    found = {"name": one.name, "in": "query", "required": one.required, "schema": one.schema, **listed}
    return {**found, "description": one.meaning}


def _schemas() -> dict[str, Any]:
    """Return the schemas of answers, those of `kg.exports.answer_schema`, where they stand in this document.

    What `fields` may leave out is not required.
    """
    whole = _moved(answer_schema())
    parts = whole["$defs"]
    common = {"type": "object", "properties": whole["properties"], "required": [*_ALWAYS]}
    page = columns_schema(_PAGE)
    common["properties"]["page"] = {**page, "description": "where `limit` or `offset` were given: the page"}
    found = {
        "Answer": common,
        "Claim": {key: value for key, value in parts["claim"].items() if key != "required"},
        "Problem": columns_schema(PROBLEM_COLUMNS),
    }
    for name in served_questions():
        own = {key: value for key, value in parts[name].items() if key != "required"}
        found[name] = {"allOf": [{"$ref": "#/components/schemas/Answer"}, _lighter(own)]}
    return found


def _lighter(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of an answer whose rows need not have every column."""
    rows = schema["properties"]["rows"]
    items = {key: value for key, value in rows["items"].items() if key != "required"}
    return {**schema, "properties": {**schema["properties"], "rows": {**rows, "items": items}}}


def _moved(schema: Any) -> Any:
    """Return a schema with its references as they are in this document; a claim need not have every part."""
    if isinstance(schema, dict):
        if schema.get("$ref") == "#/$defs/claim":
            return {"$ref": "#/components/schemas/Claim"}
        return {key: _moved(value) for key, value in schema.items()}
    return [_moved(one) for one in schema] if isinstance(schema, list) else schema


def _problems() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": said, "content": content} for status, said in _WHERE.items()}
