"""The JSON Schema of answers, and their reference for readers: both made from the columns that the classes declare.

Nobody writes either by hand. `kg build` writes the schema beside the dataset, ``answer.schema.json``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

from kg.checks.check import Check
from kg.checks.lint import Lint
from kg.model.answers import CLAIM_COLUMNS, Answer
from kg.model.columns import MAYBE_IRI, NOT_EMPTY, OBJECT, TEXT, Column, Type, many
from kg.questions import QUESTIONS
from kg.questions.link import Link

__all__ = ["ANSWERS", "answer_reference", "answer_schema", "columns_schema"]


def _classes() -> Iterator[type[Answer]]:
    for name in QUESTIONS:
        found: type[Answer] = getattr(import_module(f"kg.questions.{name}"), name.capitalize())
        if found.columns:  # `sparql` has those of the query
            yield found
    yield from (Link, Lint, Check)


#: The classes with columns, in the order of the commands.
ANSWERS = tuple(_classes())
_DAY = Type("ISO date", {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"})
_SUM = Type("SHA-256, or empty", {"type": "string", "pattern": "^([0-9a-f]{64})?$"})
_DATASET = (
    Column("name", TEXT, "its name"),
    Column("version", TEXT, "its version"),
    Column("sha256", _SUM, "of the data; empty where it is not known, as of a store folder"),
)
#: What every answer has as JSON.
COMMON = (
    Column("question", Type("a word", {"type": "string", "pattern": "^[a-z]+$"}), "the command, and the function"),
    Column("asked", OBJECT, "the arguments that were given"),
    Column("as_of", _DAY, "the day asked about"),
    Column("dataset", OBJECT, "what was asked of: name, version, sha256"),
    Column("answer", NOT_EMPTY, "the answer in a sentence"),
    Column("measures", OBJECT, "its numbers by name; null where one is not defined"),
    Column("rows", many(OBJECT), "the plain table"),
    Column(
        "read_as",
        many(OBJECT),
        "how names were read that are not simply the names of nodes: text, iri, label, how, name",
        optional=True,
    ),
    Column("evidence", many(OBJECT), "the claims it rests on"),
    Column("sparql", TEXT, "the query that selects the part of the graph it was computed on"),
    Column("merged", many(many(MAYBE_IRI)), "nodes that mappings call the same, taken as one", optional=True),
    Column("releases_left_out", many(TEXT), "releases in the dataset that were not read", optional=True),
)


def answer_schema() -> dict[str, Any]:  # JSON
    """Return the JSON Schema of what ``kg QUESTION --format json`` prints.

    Examples
    --------
    >>> answer_schema()["properties"]["answer"]["description"]
    'the answer in a sentence'

    References
    ----------
    JSON Schema, draft 2020-12.
    """
    common = columns_schema(COMMON)
    common["properties"]["dataset"] |= {**columns_schema(_DATASET), "additionalProperties": False}
    common["properties"]["evidence"]["items"] = {"$ref": "#/$defs/claim"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://w3id.org/career-kg/schemas/answer.schema.json",
        "title": "An answer of career-kg",
        "description": "The object that `kg QUESTION --format json` prints, and `Answer.to_json()` returns.",
        **common,
        "allOf": [
            {"if": {"properties": {"question": {"const": _name(form)}}}, "then": {"$ref": f"#/$defs/{_name(form)}"}}
            for form in ANSWERS
        ],
        "$defs": {"claim": columns_schema(CLAIM_COLUMNS)} | {_name(form): _answer(form) for form in ANSWERS},
    }


def _answer(form: type[Answer]) -> dict[str, Any]:
    """Return what is particular to the answers of a class."""
    found = columns_schema(form.beside)
    found["properties"] |= {
        "rows": {"type": "array", "items": columns_schema(form.columns)},
        "measures": columns_schema(form.numbers),
    }
    return found


def columns_schema(columns: Iterable[Column]) -> dict[str, Any]:
    """Return the JSON Schema of an object with these columns.

    Examples
    --------
    >>> columns_schema([Column("score", TEXT, "how sure", optional=True)])["required"]
    []
    """
    columns = tuple(columns)
    return {
        "type": "object",
        "required": [column.name for column in columns if not column.optional],
        "properties": {column.name: {"description": column.meaning, **column.type.schema} for column in columns},
    }


def _name(form: type[Answer]) -> str:
    return form.__name__.lower()


def answer_reference() -> str:
    """Return the reference of answers as Markdown: of each question its columns, its measures and what else it has."""
    return "\n".join(_reference()).rstrip() + "\n"


def _reference() -> Iterator[str]:
    yield "# Answers\n"
    yield "What each answer holds: the columns of its rows (`.rows()`, `.to_frame()`; `--format table`, `csv`, `json`),"
    yield "its numbers (`.measures`), and what stands beside them in JSON. This page and the JSON Schema, which"
    yield "`kg build` writes (`exports/answer.schema.json`), are made from what the classes declare:"
    yield "`make goldens` writes both anew.\n"
    yield "## Every answer, as JSON\n"
    yield from _table(COMMON)
    yield "A claim, as evidence; what says nothing is left out:\n"
    yield from _table(CLAIM_COLUMNS)
    for form in ANSWERS:
        yield f"## `{_name(form)}`\n"
        yield from _table(form.columns)
        for title, columns in (("Its numbers:", form.numbers), ("Beside the rows, in JSON:", form.beside)):
            if columns:
                yield f"{title}\n"
                yield from _table(columns)


def _table(columns: Iterable[Column]) -> Iterator[str]:
    yield "| name | is | of type |\n| --- | --- | --- |"
    for column in columns:
        absent = " (not always there)" if column.optional else ""
        yield f"| `{column.name}` | {column.meaning}{absent} | {column.type.words} |"
    yield ""
