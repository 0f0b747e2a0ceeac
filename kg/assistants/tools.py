"""The tools: which questions an assistant may ask, what each takes, and its answer within the budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from kg.checks.served import served_question, served_questions
from kg.handles.asking import on_day
from kg.handles.handle import KnowledgeGraph
from kg.handles.signatures import Taken, call, object_schema, read_given, taken_by
from kg.model.answers import Answer
from kg.model.errors import BadInput, KgError
from kg.questions.sparql import sparql
from kg.questions.sparql_answer import Sparql
from kg.views.markdown import BYTES, bounded_markdown, inert

__all__ = ["TOOL_NAMES", "ToolReply", "answer_tool", "input_schema", "query_graph", "tool_text", "tools"]

#: What assistants are offered, in this order: few, since the list of them costs context too.
TOOL_NAMES: Final = (
    "find",
    "show",
    "list",
    "overlap",
    "gap",
    "plan",
    "similar",
    "nearest",
    "paths",
    "why",
    "disagree",
    "link",
    "lint",
    "read",
    "sparql",
)
#: Seconds that a query may take, and its rows where no limit is given.
_TIMEOUT, _ROWS = 10.0, 50
#: Letters of what a tool says of itself.
_SAID = 400
COMMON: Final = (
    Taken("as_of", "The day asked about, as YYYY-MM-DD; today by default.", str),
    Taken("part", "Only this part of the answer, by its number; for what was left out.", int, default=0, least=0),
    Taken("offset", "With part: from this row on.", int, default=0, least=0),
)


class ToolReply(NamedTuple):
    """What a tool gives back: Markdown, and whether it says why there is no answer."""

    text: str
    wrong: bool = False


def query_graph(g: KnowledgeGraph, query: str, *, limit: int = _ROWS) -> Sparql:
    """What does the graph answer to a SPARQL query?

    SPARQL 1.1, only reading. The prefixes kg, role, skill, tool, certification, provider, source, skos, dcterms and
    schema need no declaration; the resource career-kg://vocabulary has the terms. A query is ended after 10 seconds.

    Parameters
    ----------
    query
        SPARQL, or the name of a ready query.
    limit
        At most so many rows.
    """
    if limit < 1:
        raise BadInput(f"limit is {limit}. Give 1 or more; ORDER BY and OFFSET page through what is left.")
    return sparql(g, query, limit=limit, timeout=_TIMEOUT)


@cache
def tools() -> dict[str, Callable[..., Answer]]:
    """Return the questions that are offered, by name, as far as there are such."""
    there = {name: served_question(name) for name in served_questions()} | {"sparql": query_graph}
    return {name: there[name] for name in TOOL_NAMES if name in there}


def tool_text(name: str) -> str:
    """Return what a tool says of itself: the question, and the first paragraph on how it is answered."""
    doc = (tools()[name].__doc__ or "").partition("Parameters\n")[0]
    paragraphs = [" ".join(part.split()) for part in doc.strip().split("\n\n")]
    said = " ".join(paragraphs[:2])
    return said if len(said) <= _SAID else f"{said[: said.rfind('. ', 0, _SAID) + 1] or said[:_SAID]}"


def input_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of what a tool takes.

    Examples
    --------
    >>> schema = input_schema("gap")
    >>> schema["required"], "held" in schema["properties"], "part" in schema["properties"]
    (['roles'], True, True)
    """
    return object_schema((*taken_by(tools()[name]), *COMMON))


def answer_tool(g: KnowledgeGraph, name: str, given: Mapping[str, Any], *, most: int = BYTES) -> ToolReply:
    """Answer a call: the question's answer within the budget, or what is wrong with what was asked.

    Whatever comes from data is inert in it (`kg.views.markdown.inert`); an error names what was asked, inert too.
    """
    function = tools().get(name)
    if function is None:
        return ToolReply(inert(f'There is no tool "{name}". There are: {", ".join(tools())}.', 600), wrong=True)
    try:
        own = taken_by(function)
        common = {one.name for one in COMMON} - {one.name for one in own}
        how = read_given(COMMON, {key: given[key] for key in given if key in common}, what=name)
        asked = read_given(own, {key: given[key] for key in given if key not in common}, what=name)
        answer = call(function, on_day(g, how.get("as_of")), asked)
        text = bounded_markdown(
            answer,
            most=most,
            part=how.get("part", 0),
            offset=how.get("offset", 0),
            ask_on=lambda part, offset: f"the same with part={part}, offset={offset}",
        )
    except KgError as error:
        return ToolReply(inert(str(error), 2_000), wrong=True)
    return ToolReply(text)
