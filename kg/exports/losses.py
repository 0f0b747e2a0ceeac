"""What a format cannot say: counted while it is written, and reported with it.

Each writer counts its own losses in words that finish the sentence "not written: …". What is counted here is common to
several: characters that XML has no way to write, and what becomes of a dataset as nodes and edges.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.graphs import choose_language
from kg.statements import CLAIM_CLASSES
from kg.terms import KG, PREFIXES, RDF, SKOS, XSD

if TYPE_CHECKING:
    import networkx as nx

    from kg.handle import KnowledgeGraph

__all__ = ["Loss", "as_losses", "clean_xml", "graph_losses", "is_named", "network_losses"]

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CLAIMS = frozenset(CLAIM_CLASSES.values())
_RELATIONS = frozenset({*CLAIM_CLASSES, KG.requiresEssential, KG.requiresOptional})
_TAGGED = f"{PREFIXES['rdf']}langString"
#: Datatypes that a value of a node or edge keeps: text, truth, numbers, and dates as they are spelt.
_KEPT = frozenset(
    [XSD.string, XSD.boolean, XSD.integer, XSD.decimal, XSD.date, XSD.gYear, XSD.gYearMonth, XSD.anyURI, _TAGGED]
)


class Loss(NamedTuple):
    """What was not written, in words, and how often."""

    what: str
    count: int  # type: ignore[assignment]  # a tuple counts too, which is not asked of these


def as_losses(counted: Counter[str]) -> tuple[Loss, ...]:
    """Return the losses that there are, the most frequent first."""
    return tuple(Loss(what, count) for what, count in sorted(counted.items(), key=lambda x: (-x[1], x[0])) if count)


def clean_xml(text: str, lost: Counter[str]) -> str:
    """Return text with U+FFFD for each character that XML cannot write, and count those.

    References
    ----------
    W3C Extensible Markup Language (XML) 1.0, production 2.

    Examples
    --------
    >>> lost = Counter()
    >>> clean_xml("a" + chr(0) + "b", lost) == "a" + chr(0xFFFD) + "b", lost.total()
    (True, 1)
    """
    cleaned, found = _FORBIDDEN.subn("\ufffd", text)
    if found:
        lost["characters that XML has no way to write (U+FFFD instead)"] += found
    return cleaned


def is_named(quad: Quad) -> bool:
    """Whether a quad stands in a named graph."""
    return not isinstance(quad.graph_name, DefaultGraph)


def graph_losses(quads: list[Quad]) -> Counter[str]:
    """Count the quads of a part whose named graph is said nowhere else: a claim names it for itself and its triple."""
    claims = {q.subject for q in quads if q.predicate.value == RDF.type and getattr(q.object, "value", "") in _CLAIMS}
    lost: Counter[str] = Counter()
    lost["sources of what is said of a node"] = sum(
        is_named(quad) and quad.subject not in claims and quad.predicate.value not in _RELATIONS for quad in quads
    )
    return lost


def network_losses(g: KnowledgeGraph, graph: nx.MultiDiGraph[str]) -> Counter[str]:
    """Count what a dataset says that its nodes and edges (`kg.graph`) do not."""
    claims = {key for _, _, key in graph.edges(keys=True)}
    pairs = {(u, v) for u, v in graph.edges()}
    lost: Counter[str] = Counter()
    texts: dict[tuple[str, str], set[Literal]] = defaultdict(set)
    for quad in g.store.quads():
        subject, relation = str(getattr(quad.subject, "value", quad.subject)), quad.predicate.value
        if subject in claims:
            continue
        if isinstance(quad.object, NamedNode) and relation in _RELATIONS:
            lost["relations that no claim is made of"] += (subject, quad.object.value) not in pairs
            continue
        lost["sources of what is said of a node"] += is_named(quad)
        if isinstance(quad.object, Literal):
            if quad.object.language and relation != SKOS.altLabel:
                texts[subject, relation].add(quad.object)
            elif quad.object.language:
                lost["languages of other names"] += quad.object.language != "en"
            lost["datatypes of values"] += quad.object.datatype.value not in _KEPT
    lost["texts in further languages"] = sum(
        len(said) - len([*choose_language(said, g.lang)]) for said in texts.values()
    )
    return lost
