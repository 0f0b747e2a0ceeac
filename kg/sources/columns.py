"""The tables of a dataset: their columns, which `kg.exports.parquet` writes and `kg.sources.exported` reads back.

Four tables. ``nodes`` has one row per thing, ``claims`` one per claim with all it says, ``edges`` one per relation of
two things whoever says so, ``properties`` everything else, so that the last three together hold every quad.
"""

from __future__ import annotations

from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.model.errors import BadInput
from kg.model.quads import literal
from kg.model.statements import Value, date_value
from kg.model.terms import KG, SCHEMA

__all__ = ["COLUMN", "FORMULA", "MANIFEST", "TABLES", "TYPE", "claim_terms"]

#: The file that names all others of an exported folder.
MANIFEST = "manifest.json"
#: What a cell of CSV begins with that gets an apostrophe (OWASP, CSV Injection), and the apostrophe itself.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
#: The columns of each table in their order, with type and meaning.
TABLES: dict[str, dict[str, tuple[str, str]]] = {
    "nodes": {
        "iri": ("string", "the thing"),
        "kind": ("string", "role, skill, tool, certification, provider, activity, source …"),
        "label": ("string", "its name: the English one, else the first"),
        "aliases": ("strings", "its other names, in every language, sorted"),
        "definition": ("string", "what it means"),
        "category": ("string", "of a skill or tool: Concept, Practice, Language, Framework …"),
        "exam_code": ("string", "of a certification"),
    },
    "claims": {
        "claim": ("string", "IRI of the claim"),
        "subject": ("string", "IRI"),
        "relation": ("string", "requires, certifies, broader … (docs/model.md)"),
        "object": ("string", "IRI"),
        "source": ("string", "IRI of who says so"),
        "essential": ("bool", "true essential, false optional, null where the source draws no such line"),
        "importance": ("double", "how much it matters, on importance_scale"),
        "importance_scale": ("string", "IRI of the scale"),
        "level": ("double", "how well it must be mastered, on level_scale"),
        "level_scale": ("string", "IRI of the scale"),
        "locator": ("string", "the place in the source"),
        "facet": ("string", "the heading the source puts it under"),
        "wording": ("string", "the source's own words"),
        "basis": ("string", "why this project reads it so"),
        "confidence": ("string", "high, medium or low"),
        "transition_kind": ("string", "of leadsTo"),
        "statement": ("string", "IRI of the article's statement it rests on"),
        "derived_from": ("strings", "IRIs of the sources the reading rests on, sorted"),
        "valid_from": ("string", "ISO date of the precision known"),
        "valid_through": ("string", "ISO date of the precision known"),
    },
    "edges": {
        "subject": ("string", "IRI"),
        "relation": ("string", "as in claims"),
        "object": ("string", "IRI"),
        "essential": (
            "bool",
            "of requires: true where any source says so, false where it is said to be optional only",
        ),
        "sources": ("strings", "IRIs of all who say so, sorted; empty text for the default graph"),
        "essential_to": ("strings", "those of them to whom it is essential"),
        "optional_to": ("strings", "those of them to whom it is optional"),
    },
    "properties": {
        "subject": ("string", "IRI"),
        "property": ("string", "IRI"),
        "value": ("string", "IRI or text"),
        "datatype": ("string", "IRI; null where the value is an IRI"),
        "language": ("string", "tag of a text that has one"),
        "source": ("string", "IRI of who says so"),
    },
}
#: Column of a claim by property.
COLUMN = {
    KG.essential: "essential",
    KG.importance: "importance",
    KG.importanceScale: "importance_scale",
    KG.level: "level",
    KG.levelScale: "level_scale",
    KG.locator: "locator",
    KG.facet: "facet",
    KG.wording: "wording",
    KG.basis: "basis",
    KG.confidence: "confidence",
    KG.transitionKind: "transition_kind",
    KG.statement: "statement",
    SCHEMA.validFrom: "valid_from",
    SCHEMA.validThrough: "valid_through",
}
#: Type of each column of claims.
TYPE = {name: kind for name, (kind, _) in TABLES["claims"].items()}


def claim_terms(column: str, value: Any) -> NamedNode | Literal | None:  # a value of any column
    """Return the term that the value of a column was made from, where it was written as all importers write it."""
    if column in ("importance_scale", "level_scale", "statement"):
        return NamedNode(value)
    if column in ("valid_from", "valid_through"):
        try:
            return literal(date_value(value))
        except BadInput:
            return None
    return literal(Value.of(float(value) if TYPE[column] == "double" else value)) if value != "" else None
