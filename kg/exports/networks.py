"""What becomes of a dataset as nodes and edges: what a graph format has no place for, counted.

Each quad is looked up in the graph that is written. A statement whose value is not there is lost; one whose value is
there may have lost its language, its datatype, or the source that makes it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.exports.losses import RELATIONS, SOURCES
from kg.model.graphs import KIND_CLASSES, attribute_name, local_name
from kg.model.terms import DCTERMS, KG, PREFIXES, RDF, SKOS, XSD
from kg.model.values import plain, text_of

if TYPE_CHECKING:
    import networkx as nx

    from kg.handles.handle import KnowledgeGraph

__all__ = ["network_losses", "written_losses"]

#: Datatypes that a value of a node or edge keeps: text, truth, numbers, and dates as they are spelt.
_KEPT = frozenset(
    [
        *(XSD.string, XSD.boolean, XSD.integer, XSD.decimal, XSD.date, XSD.gYear, XSD.gYearMonth, XSD.anyURI),
        f"{PREFIXES['rdf']}langString",
    ]
)
#: Properties that share an attribute by design: what is called by either has a label.
_SHARED = frozenset({SKOS.prefLabel, DCTERMS.title})
#: Half a claim is neither an edge nor a node.
_HALF = "statements of claims without one subject, relation, object and source"
_ENDS = frozenset({RDF.subject, RDF.predicate, RDF.object})


def network_losses(g: KnowledgeGraph, graph: nx.MultiDiGraph[str]) -> Counter[str]:
    """Count what a dataset says that its nodes and edges (`kg.graph`) do not."""
    edges = {key: (u, v, data) for u, v, key, data in graph.edges(keys=True, data=True)}
    told = {made for u, v, data in edges.values() for made in _made_of(u, v, data)}
    ties = {made[:3] for made in told}
    lost: Counter[str] = Counter()
    used: defaultdict[str, Counter[str]] = defaultdict(Counter)  # properties by the attribute they become
    for quad in g.scoped.quads():
        subject, relation, graph_name = _named(quad)
        if subject in edges:
            data = edges[subject][2]
            lost[SOURCES] += graph_name not in ("", data["source"])
            if relation not in _ENDS and relation != RDF.type:
                _count(quad, data, g.lang, lost)
        elif not graph.nodes.get(subject):
            lost[_HALF] += 1
        elif relation in RELATIONS and isinstance(quad.object, NamedNode):
            tie = (subject, relation, quad.object.value)
            lost["relations that no claim is made of"] += tie not in ties
            lost[SOURCES] += bool(graph_name) and tie in ties and (*tie, graph_name) not in told
        elif relation == RDF.type:
            lost[SOURCES] += bool(graph_name)
            kind = graph.nodes[subject].get("kind", "")
            lost["classes beyond the kind"] += plain(quad.object) != KIND_CLASSES.get(kind)
        else:
            lost[SOURCES] += bool(graph_name)
            _count(quad, graph.nodes[subject], g.lang, lost)
            if relation not in _SHARED:
                used[attribute_name(relation)][relation] += 1
    lost["properties that are called alike"] = sum(found.total() - max(found.values()) for found in used.values())
    return lost


def written_losses(
    g: KnowledgeGraph, graph: nx.MultiDiGraph[str], written: Mapping[str, Collection[str]], lost: Counter[str]
) -> None:
    """Count what is lost of the nodes that a format writes, and the relations of the dataset that no claim is made of.

    Parameters
    ----------
    written
        The nodes, and which attributes of each are written. What other nodes say is counted by the writer.
    """
    claims = {key for _, _, key in graph.edges(keys=True)}
    ties = {made[:3] for u, v, data in graph.edges(data=True) for made in _made_of(u, v, data)}
    for quad in g.scoped.quads():
        subject, relation, graph_name = _named(quad)
        if subject in claims:
            continue
        if relation in RELATIONS and isinstance(quad.object, NamedNode):
            lost["relations that no claim is made of"] += (subject, relation, quad.object.value) not in ties
        elif not graph.nodes.get(subject):
            lost[_HALF] += 1
        elif subject in written:
            name = "kind" if relation == RDF.type else attribute_name(relation)
            kind = KIND_CLASSES.get(graph.nodes[subject].get("kind", ""))
            if name not in written[subject] or (name == "kind" and plain(quad.object) != kind):
                lost["statements about nodes that there is no place for"] += 1
            elif name != "kind" and plain(quad.object) not in _several(graph.nodes[subject].get(name, ())):
                lost["texts in further languages, and second names"] += 1
            else:
                lost[SOURCES] += bool(graph_name)


def _named(quad: Quad) -> tuple[str, str, str]:
    """Return subject, property and named graph as texts; the default graph has none."""
    graph = "" if isinstance(quad.graph_name, DefaultGraph) else text_of(quad.graph_name)
    return text_of(quad.subject), quad.predicate.value, graph


def _made_of(subject: str, target: str, data: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return the plain triples that a claim is made of, with the source that makes it."""
    relations = [_IRIS.get(data["relation"], "")]
    if relations == [KG.requires] and "essential" in data:
        relations.append(KG.requiresEssential if data["essential"] is True else KG.requiresOptional)
    return [(subject, relation, target, data["source"]) for relation in relations]


_IRIS = {local_name(iri): iri for iri in RELATIONS}


def _count(quad: Quad, attributes: Mapping[str, Any], lang: str, lost: Counter[str]) -> None:
    """Count what is lost of a value that a node or an edge has, or should have."""
    held = attributes.get(attribute_name(quad.predicate.value), ())
    value = plain(quad.object)
    if not any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in _several(held)):
        language = quad.object.language if isinstance(quad.object, Literal) else None
        lost["second names" if language in (None, lang) else "texts in further languages"] += 1
    elif isinstance(quad.object, Literal):
        lost["languages of texts"] += quad.object.language not in (None, lang)
        lost["spellings of numbers"] += quad.object.value not in _spellings(value)
        lost["datatypes of values"] += quad.object.datatype.value not in _KEPT


def _spellings(value: Any) -> tuple[str, ...]:  # a plain value
    """Return how a value is spelt when its number alone is known."""
    if isinstance(value, bool):
        return (str(value).lower(),)
    return (str(value), str(value).removesuffix(".0")) if isinstance(value, float) else (str(value),)


def _several(value: Any) -> tuple[Any, ...]:  # an attribute of any type
    return value if isinstance(value, tuple) else (value,)
