"""The way back from networkx: a graph of our schema becomes a store that can be questioned.

`kg.graph` and `from_networkx` are inverse: a graph that came from a store comes back with the same nodes, edges and
attributes. A graph made by hand needs less: a ``label`` and a ``kind`` for each node, a ``relation`` for each edge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kg.handles.handle import KnowledgeGraph, read_day
from kg.handles.network_values import NODE_ATTRIBUTES, RELATION_IRIS, NetworkRead, is_node, listed, read_network
from kg.model.errors import BadInput
from kg.model.graphs import KIND_CLASSES
from kg.model.iris import curie, expand, mint, slugify
from kg.model.quads import to_quads
from kg.model.statements import Importance, Level, Source, Statement, Value, date_value
from kg.model.terms import BASE, DATASET, DCTERMS, KG, PROV, RDF, SCHEMA, SKOS, VOID, XSD
from kg.stores.oxigraph import OxigraphStore

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["from_networkx"]

_ORIGINS = {
    "article": KG.ArticleSays,
    "source": KG.SourceSays,
    "reading": KG.OurReading,
    "derived": KG.Derived,
}
#: Property by attribute name; ours come last, so that they win.
_PROPERTIES = {
    name: value
    for vocabulary in (VOID, PROV, DCTERMS, SCHEMA, SKOS, KG)
    for name, value in vars(vocabulary).items()
    if isinstance(value, str) and not name.startswith("_") and name[0].islower()
} | {"aliases": SKOS.altLabel, "derived_from": PROV.wasDerivedFrom, "license": DCTERMS.license}
_IN_ENGLISH = {SKOS.prefLabel, SKOS.altLabel, SKOS.definition, SKOS.note, DCTERMS.title}
_DATES = frozenset(
    [
        "date",
        "issued",
        "validFrom",
        "validThrough",
        "statusAsOf",
        "examGuideDate",
        "announcedOn",
        "generalAvailability",
        "unverifiedValidThrough",
    ]
)


def from_networkx(graph: nx.Graph[Any], *, as_of: date | str | None = None, source: str = "networkx") -> KnowledgeGraph:
    """Return a networkx graph of our schema as a graph that can be questioned.

    Parameters
    ----------
    graph
        Nodes with ``label`` and ``kind``, edges with ``relation``; `kg.model.graphs` lists every attribute, and
        `kg.graph` writes them so that other tools keep them. A node that is no IRI gets one from its kind and label;
        what is ``None``, ``NaN`` or empty is not stated; who says so (``said_by``, or ``source``) may be named. An edge
        without a direction is turned by the kinds of its ends. A number without a scale is on one of the graph's own.
    as_of
        The day asked about; today by default.
    source
        Short id of the source of edges that name none.

    Raises
    ------
    BadInput
        With every node of no known kind, every two nodes that would get the same IRI, every attribute that should name
        a node and does not, every edge of no known relation or the wrong direction, and every attribute of an edge that
        is neither yes nor no, or no number.

    Examples
    --------
    >>> import kg, networkx as nx
    >>> mine = nx.MultiDiGraph()
    >>> mine.add_node("Prompt Librarian", label="Prompt Librarian", kind="role")
    >>> mine.add_node("Cataloguing", label="Cataloguing", kind="skill")
    >>> mine.add_edge("Prompt Librarian", "Cataloguing", relation="requires", essential=True)
    0
    >>> print(kg.show(kg.from_networkx(mine), "prompt librarian").relations[0].other)
    Cataloguing
    """
    if not hasattr(graph, "is_directed"):
        raise BadInput(
            f"{type(graph).__name__} is no networkx graph. kg.open opens files, rdflib graphs and DataFrames."
        )
    read = read_network(graph, name=source)
    default = Source(mint("source", slugify(source)), source, KG.OurReading, kind="networkx graph")
    store = OxigraphStore()
    store.add(to_quads(_statements(read, default)))
    return KnowledgeGraph(store, as_of=read_day(as_of))


def _statements(read: NetworkRead, default: Source) -> Iterator[Statement]:
    yield from _sources(read, default)
    important = {data["importanceScale"] for *_, data in read.edges if "importanceScale" in data}
    for iri, data in read.nodes.items():
        kind = data.get("kind")
        where = DATASET if kind == "source" or iri == DATASET else default.iri
        if kind == "scale":
            yield Statement(iri, RDF.type, KG.ImportanceScale if iri in important else KG.LevelScale, where)
        elif kind in KIND_CLASSES or kind == "level":
            yield Statement(iri, RDF.type, KG.Level if kind == "level" else KIND_CLASSES[kind], where)
        for name, value in data.items():
            if name == "kind" or (name == "label" and value == curie(iri)):
                continue
            relation = DCTERMS.title if name == "label" and where == DATASET else _property(name)
            for target in _targets(name, relation, value):
                yield Statement(iri, relation, target, where)
    for subject, target, _, data in read.edges:
        yield _claim(subject, target, data, default.iri)


def _sources(read: NetworkRead, default: Source) -> Iterator[Statement]:
    """Describe the sources that are no nodes: those the edges name, and the default one where it is needed."""
    described = {node for node, data in read.nodes.items() if data.get("kind") == "source"}
    found: dict[str, Source] = {}
    for *_, data in read.edges:
        iri = data.get("source", default.iri)
        found[iri] = (
            default
            if iri == default.iri
            else Source(
                iri,
                str(data.get("source_label") or curie(iri)),
                _ORIGINS.get(str(data.get("origin", "")), KG.SourceSays),
                date=data.get("source_date", ""),
                url=str(data.get("source_url", "")),
            )
        )
    if not described and not found:
        found[default.iri] = default
    for iri in sorted(found.keys() - described):
        yield from found[iri].statements()


def _property(name: str) -> str:
    if name == "label":
        return SKOS.prefLabel
    return _PROPERTIES.get(name, f"{BASE}attribute/{quote(name)}")


def _targets(name: str, relation: str, value: Any) -> Iterator[str | Value]:  # attribute values of any type
    for item in listed(value):
        if name in NODE_ATTRIBUTES and is_node(item):
            yield item if "://" in item else expand(item)
        elif name == "url":
            yield Value(str(item), XSD.anyURI)
        elif name in _DATES and str(item)[:4].isdigit():
            yield date_value(str(item))
        elif isinstance(item, bool | int | float):
            yield Value.of(item)
        else:
            yield Value.of(str(item), lang="en" if relation in _IN_ENGLISH else "")


def _claim(subject: str, target: str, data: Mapping[str, Any], default: str) -> Statement:
    def text(name: str) -> str:
        return str(data.get(name, ""))

    return Statement(
        subject,
        RELATION_IRIS[data["relation"]],
        target,
        data.get("source", default),
        locator=text("locator"),
        essential=data.get("essential"),
        importance=Importance(data["importance"], data["importanceScale"]) if "importance" in data else None,
        level=Level(data["level"], data["levelScale"]) if "level" in data else None,
        facet=text("facet"),
        wording=text("wording"),
        statement=text("statement"),
        basis=text("basis"),
        confidence=text("confidence"),
        transition_kind=text("transitionKind"),
        derived_from=data.get("derived_from", ()),
        valid_from=text("validFrom"),
        valid_through=text("validThrough"),
    )
