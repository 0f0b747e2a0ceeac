"""Statements become quads: the one place that knows how a claim is written in RDF.

Terms are pyoxigraph's: it is a core dependency that imports in milliseconds, parses every RDF syntax and every SPARQL
result format, and so serves as the neutral language between our stores. A claim is written as a plain triple and as
a node of its own (`docs/model.md`), both in the named graph of its source. RDF-star and blank nodes were rejected: the
first does not load in rdflib 7, the second cannot be asked for over HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256

from pyoxigraph import Literal, NamedNode, Quad

from kg.model.statements import CLAIM_CLASSES, Statement, Value, date_value
from kg.model.terms import BASE, DCTERMS, INFERRED, KG, PROV, RDF, SCHEMA

__all__ = ["claim_iri", "derived_lines", "is_iri", "literal", "statement_lines", "statement_quads", "to_quads"]

_DERIVED = f" <{INFERRED}> .\n"
_A_CLAIM = f"<{RDF.type}> <{KG.Claim}>"
_IN_INFERRED = f"<{DCTERMS.source}> <{INFERRED}>"
_SUBJECT, _PREDICATE, _OBJECT, _RULE, _PARENT = (
    f"<{iri}>" for iri in (RDF.subject, RDF.predicate, RDF.object, KG.rule, PROV.wasDerivedFrom)
)
_FAMILY = {KG.Requirement: "requirement", KG.Assessment: "assessment", KG.Claim: "claim"}


def literal(value: Value) -> Literal:
    """Return the RDF literal for a value."""
    if value.lang:
        return Literal(value.text, language=value.lang)
    return Literal(value.text, datatype=NamedNode(value.datatype)) if value.datatype else Literal(value.text)


def _qualifiers(statement: Statement) -> Iterator[tuple[str, str | Value]]:
    """Yield what a claim says beyond its triple, as property and object."""
    if statement.essential is not None:
        yield KG.essential, Value.of(statement.essential)
    if statement.importance:
        yield KG.importance, Value.of(statement.importance.value)
        yield KG.importanceScale, statement.importance.scale
    if statement.level:
        yield KG.level, Value.of(statement.level.value)
        yield KG.levelScale, statement.level.scale
    for relation, text in (
        (KG.locator, statement.locator),
        (KG.facet, statement.facet),
        (KG.wording, statement.wording),
        (KG.basis, statement.basis),
        (KG.confidence, statement.confidence),
        (KG.transitionKind, statement.transition_kind),
    ):
        if text:
            yield relation, Value.of(text)
    if statement.statement:
        yield KG.statement, statement.statement
    for parent in sorted(statement.derived_from):  # a set: its order is no part of what the claim says
        yield PROV.wasDerivedFrom, parent
    if statement.valid_from:
        yield SCHEMA.validFrom, date_value(statement.valid_from)
    if statement.valid_through:
        yield SCHEMA.validThrough, date_value(statement.valid_through)
    yield from statement.more


def claim_iri(statement: Statement) -> str:
    """Return the IRI of a claim: a hash of all it says, so that the same claim always has the same name.

    Examples
    --------
    >>> from kg.model.iris import mint
    >>> from kg.model.terms import KG
    >>> python = Statement(mint("role", "ai-engineer"), KG.requires, mint("tool", "python"), mint("source", "esco-111"))
    >>> claim_iri(python) == claim_iri(python)
    True
    >>> claim_iri(python).startswith("https://w3id.org/career-kg/requirement/")
    True
    """
    said = [statement.subject, statement.relation, str(statement.object), statement.source]
    said += [f"{relation} {value}" for relation, value in _qualifiers(statement)]
    digest = sha256("\n".join(said).encode()).hexdigest()[:16]
    return f"{BASE}{_FAMILY[CLAIM_CLASSES[statement.relation]]}/{digest}"


def statement_quads(statement: Statement) -> Iterator[Quad]:
    """Yield the quads of one statement: its triple and, for a claim, the node that carries source and place."""
    graph = NamedNode(statement.source)
    subject, relation = NamedNode(statement.subject), NamedNode(statement.relation)
    if not statement.is_claim:
        target = statement.object
        yield Quad(subject, relation, NamedNode(target) if isinstance(target, str) else literal(target), graph)
        return
    target_node = NamedNode(str(statement.object))
    yield Quad(subject, relation, target_node, graph)
    if statement.relation == KG.requires and statement.essential is not None:
        narrower = KG.requiresEssential if statement.essential else KG.requiresOptional
        yield Quad(subject, NamedNode(narrower), target_node, graph)
    claim = NamedNode(claim_iri(statement))
    for name, value in (
        (RDF.type, CLAIM_CLASSES[statement.relation]),
        (RDF.subject, statement.subject),
        (RDF.predicate, statement.relation),
        (RDF.object, str(statement.object)),
        (DCTERMS.source, statement.source),
        *_qualifiers(statement),
    ):
        yield Quad(claim, NamedNode(name), NamedNode(value) if isinstance(value, str) else literal(value), graph)


def to_quads(statements: Iterable[Statement]) -> Iterator[Quad]:
    """Yield the quads of many statements, in their order; a quad that several statements share comes several times."""
    for statement in statements:
        yield from statement_quads(statement)


def statement_lines(statement: Statement) -> str:
    """Return the quads of one statement as N-Quads, a line each: what `statement_quads` says, three times as fast.

    A framework has a million quads; making an object of each, for the store to take apart again, would take longer than
    reading the files and loading them together.

    Raises
    ------
    ValueError
        What should be an IRI is none.
    """
    graph = f" {_iri(statement.source)} .\n"
    subject, relation = _iri(statement.subject), _iri(statement.relation)
    target = statement.object
    if not statement.is_claim:
        return f"{subject} {relation} {_iri(target) if isinstance(target, str) else literal(target)}{graph}"
    object_ = _iri(str(target))
    lines = [f"{subject} {relation} {object_}"]
    if statement.relation == KG.requires and statement.essential is not None:
        lines.append(
            f"{subject} {_iri(KG.requiresEssential if statement.essential else KG.requiresOptional)} {object_}"
        )
    claim = f"<{claim_iri(statement)}>"
    lines += (
        f"{claim} {_iri(RDF.type)} {_iri(CLAIM_CLASSES[statement.relation])}",
        f"{claim} {_iri(RDF.subject)} {subject}",
        f"{claim} {_iri(RDF.predicate)} {relation}",
        f"{claim} {_iri(RDF.object)} {object_}",
        f"{claim} {_iri(DCTERMS.source)} {_iri(statement.source)}",
    )
    for name, value in _qualifiers(statement):
        lines.append(f"{claim} {_iri(name)} {_iri(value) if isinstance(value, str) else literal(value)}")
    return graph.join(lines) + graph


def derived_lines(subject: str, relation: str, object_: str, rule: str, premises: Iterable[str]) -> str:
    """Return the quads of a claim that a rule concluded, as N-Quads, a line each, in the graph of derived claims.

    It is written as an asserted claim is, with the rule and the premises in the place of a locator, and its name is the
    hash of all that.

    Parameters
    ----------
    subject, relation, object_
        What is concluded: IRIs as a store gives them, which are not checked again.
    rule
        IRI of the rule.
    premises
        IRIs of the claims it was concluded from, at least one; their order is no part of what the claim says.

    Examples
    --------
    >>> derived_lines(
    ...     "https://example.org/a",
    ...     "https://example.org/r",
    ...     "https://example.org/b",
    ...     "https://w3id.org/career-kg/rule/inverse",
    ...     ["https://example.org/1"],
    ... ).count("source/inferred> .")
    8
    """
    parents = sorted(set(premises))
    said = [subject, relation, object_, INFERRED, f"{KG.rule} {rule}"]
    said += [f"{PROV.wasDerivedFrom} {parent}" for parent in parents]
    digest = sha256("\n".join(said).encode()).hexdigest()[:16]
    claim = f"<{BASE}claim/{digest}>"
    s, p, o = f"<{subject}>", f"<{relation}>", f"<{object_}>"
    head = f"{s} {p} {o}{_DERIVED}{claim} {_A_CLAIM}{_DERIVED}{claim} {_SUBJECT} {s}{_DERIVED}{claim} {_PREDICATE} {p}"
    tail = (
        f"{_DERIVED}{claim} {_OBJECT} {o}{_DERIVED}{claim} {_IN_INFERRED}{_DERIVED}{claim} {_RULE} <{rule}>{_DERIVED}"
    )
    return head + tail + "".join([f"{claim} {_PARENT} <{parent}>{_DERIVED}" for parent in parents])


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI.

    Examples
    --------
    >>> is_iri("https://example.org/a"), is_iri("https://example.org/a b"), is_iri("a")
    (True, False, False)
    """
    try:
        return bool(_iri(text))
    except ValueError:
        return False


@lru_cache(maxsize=1 << 17)
def _iri(text: str) -> str:
    return str(NamedNode(text))
