"""What the columns of answers are: a name, a type with its unit, one line of meaning, how a reader sees it.

Each class of answers declares its columns once (`kg.model.answers.Answer`). Its rows, its plain text table, CSV, the
JSON Schema of answers (`kg.exports.answer_schema`) and the reference in the documentation come from the declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from kg.model.iris import curie
from kg.model.signs import STATUS_SIGNS

__all__ = [
    "ANY",
    "ANY_NUMBER",
    "DATE",
    "FLAG",
    "IRI",
    "KIND",
    "MAYBE_IRI",
    "NUMBER",
    "OBJECT",
    "ORIGIN",
    "PLACE",
    "RELATION",
    "NOT_EMPTY",
    "SHARE",
    "STATUS",
    "TEXT",
    "WHOLE",
    "Column",
    "Type",
    "many",
    "maybe",
    "one_of",
]


class Type(NamedTuple):
    """What a value is: in words, with its unit and range, and as JSON Schema."""

    words: str
    schema: Mapping[str, Any]  # JSON
    shown: Callable[[Any], str] | None = None  # a value of the type, as a reader sees it; None: as any other


class Column(NamedTuple):
    """A column of the rows of an answer, a measure, or a part that stands beside the rows.

    Attributes
    ----------
    of
        Takes the value off what a row is of (`Answer.entries`), or a part off the answer.
    heading
        Of the column where readers see it; by default its name in words.
    optional
        Whether it may be absent.
    """

    name: str
    type: Type
    meaning: str
    of: Callable[[Any], Any] = lambda _: None
    heading: str = ""
    optional: bool = False

    @property
    def title(self) -> str:
        """The heading, or the name in words."""
        return self.heading or self.name.replace("_", " ")


def many(of: Type, least: int = 0) -> Type:
    """Return the type of lists of a type."""
    more = {"minItems": least} if least else {}
    return Type(f"list of {of.words}", {"type": "array", "items": of.schema, **more})


def maybe(of: Type) -> Type:
    """Return a type or null.

    Examples
    --------
    >>> maybe(SHARE).words, maybe(SHARE).schema["type"]
    ('share, 0…1, or null', ['number', 'null'])
    """
    schema = of.schema
    optional = {**schema, "type": [schema["type"], "null"]} if "type" in schema else {"enum": [*schema["enum"], None]}
    return Type(f"{of.words}, or null", optional, of.shown)


def one_of(*values: str) -> Type:
    """Return the type of a few words."""
    return Type(" · ".join(f"`{value}`" if value else "empty" for value in values), {"enum": [*values]})


TEXT = Type("text", {"type": "string"})
NOT_EMPTY = Type("text, never empty", {"type": "string", "minLength": 1})
IRI = Type("IRI", {"type": "string", "format": "iri", "minLength": 1}, curie)
MAYBE_IRI = Type("IRI, or empty", {"type": "string"}, curie)
FLAG = Type("true or false", {"type": "boolean"})
NUMBER = Type("number, 0 or more", {"type": "number", "minimum": 0})
SHARE = Type("share, 0…1", {"type": "number", "minimum": 0, "maximum": 1})
WHOLE = Type("whole number, 0 or more", {"type": "integer", "minimum": 0})
PLACE = Type("whole number, from 1", {"type": "integer", "minimum": 1})
DATE = Type("ISO date of the precision known, or empty", {"type": "string", "pattern": r"^(\d{4}(-\d{2}(-\d{2})?)?)?$"})
KIND = one_of("role", "skill", "tool", "certification", "provider", "activity")
ORIGIN = one_of("article", "source", "reading", "derived")
STATUS = one_of("", *STATUS_SIGNS)
ANY = Type("number, or several where sources disagree, or null", {"type": ["number", "array", "null"], "minimum": 0})
ANY_NUMBER = Type("number", {"type": "number"})
RELATION = Type("relation", {"type": "string", "pattern": r"^\^?[a-zA-Z]+$"})
OBJECT = Type("object", {"type": "object"})
