"""The way back from networkx: a graph of our schema becomes a store that can be questioned.

`kg.graph` and `from_networkx` are inverse: a graph that came from a store comes back with the same nodes, edges and
attributes. A graph made by hand needs less: a ``label`` and a ``kind`` for each node, a ``relation`` for each edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from kg.handles.handle import KnowledgeGraph, read_day
from kg.model.errors import BadInput, Fault
from kg.model.graphs import KIND_CLASSES, local_name
from kg.model.iris import curie, expand, mint, slugify
from kg.model.quads import to_quads
from kg.model.statements import CLAIM_CLASSES, Importance, Level, Source, Statement, Value, date_value
from kg.model.terms import BASE, DATASET, DCTERMS, KG, KINDS, PREFIXES, PROV, RDF, SCHEMA, SKOS, VOID, XSD
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
_RELATIONS = {local_name(iri): iri for iri in CLAIM_CLASSES}
#: Property by attribute name; ours come last, so that they win.
_PROPERTIES = {
    name: value
    for vocabulary in (VOID, PROV, DCTERMS, SCHEMA, SKOS, KG)
    for name, value in vars(vocabulary).items()
    if isinstance(value, str) and not name.startswith("_") and name[0].islower()
} | {"aliases": SKOS.altLabel, "derived_from": PROV.wasDerivedFrom, "license": DCTERMS.license}
_IN_ENGLISH = {SKOS.prefLabel, SKOS.altLabel, SKOS.definition, SKOS.note, DCTERMS.title}
#: Attributes whose values are other nodes, by IRI.
_NODES = frozenset(
    [
        "category",
        "status",
        "certificationLevel",
        "origin",
        "audience",
        "hasDomain",
        "about",
        "mentions",
        "source",
        "derived_from",
        "license",
        "distribution",
        "subset",
        "mediaType",
        "inScheme",
    ]
)
#: Those of them that may be text as well.
_PERHAPS_NODES = frozenset({"license"})
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


def from_networkx(
    graph: nx.MultiDiGraph[str], *, as_of: date | str | None = None, source: str = "networkx"
) -> KnowledgeGraph:
    """Return a networkx graph of our schema as a graph that can be questioned.

    Parameters
    ----------
    graph
        Nodes with ``label`` and ``kind``, edges with ``relation``; `kg.model.graphs` lists every attribute. A node that
        is no IRI gets one from its kind and label.
    as_of
        The day asked about; today by default.
    source
        Short id of the source of edges that name none.

    Raises
    ------
    BadInput
        With every node of no known kind, every two nodes that would get the same IRI, every attribute that should name
        a node and does not, and every edge of no known relation.

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
    faults = [*_faults(graph)]
    if faults:
        raise BadInput("This networkx graph", faults)
    default = Source(mint("source", slugify(source)), source, KG.OurReading, kind="networkx graph")
    iris = {node: _iri(node, data) for node, data in graph.nodes(data=True)}
    store = OxigraphStore()
    store.add(to_quads(_statements(graph, iris, default)))
    return KnowledgeGraph(store, as_of=read_day(as_of))


def _faults(graph: nx.MultiDiGraph[str]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for node, data in graph.nodes(data=True):
        where, kind = f"node {node!r}", data.get("kind")
        made = "://" not in str(node)
        if kind and kind not in KIND_CLASSES:
            yield Fault("", 0, where, f'is of no known kind: "{kind}".', f"Choose from {', '.join(KIND_CLASSES)}.")
        elif made and kind not in KINDS:
            known = ", ".join(name for name in KIND_CLASSES if name in KINDS)
            yield Fault("", 0, where, "is no IRI and has no kind to make one from.", f"Add a kind: {known}.")
        else:
            other = first.setdefault(_iri(node, data), node)
            if other != node:
                fix = "Give one another label, or use IRIs as nodes."
                yield Fault("", 0, where, f"would get the same IRI as node {other!r}.", fix)
        for name in sorted(_NODES & data.keys()):
            for item in _listed(data[name]):
                if name not in _PERHAPS_NODES and not _is_node(item):
                    yield Fault(
                        "", 0, f"{where}: {name}", f"{item!r} is no node.", "Give an IRI, or such as kg:active."
                    )
    for u, v, data in graph.edges(data=True):
        if data.get("relation") not in _RELATIONS:
            where, found = f"edge {u!r} → {v!r}", data.get("relation", "none")
            yield Fault(
                "", 0, where, f'has no known relation: "{found}".', f"Choose from {', '.join(sorted(_RELATIONS))}."
            )


def _is_node(item: object) -> bool:
    return isinstance(item, str) and ("://" in item or item.partition(":")[0] in PREFIXES)


def _listed(value: Any) -> tuple[Any, ...]:  # attribute values of any type
    return tuple(value) if isinstance(value, list | tuple | set | frozenset) else (value,)


def _iri(node: str, data: Mapping[str, Any]) -> str:
    if "://" in str(node):
        return str(node)
    return mint(data["kind"], slugify(str(data.get("label") or node)))


def _statements(graph: nx.MultiDiGraph[str], iris: Mapping[str, str], default: Source) -> Iterator[Statement]:
    yield from _sources(graph, default)
    for node, data in graph.nodes(data=True):
        iri = iris[node]
        kind = data.get("kind")
        where = DATASET if kind == "source" or iri == DATASET else default.iri
        if kind:
            yield Statement(iri, RDF.type, KIND_CLASSES[kind], where)
        named = data if "://" in str(node) else {"label": node, **data}
        for name, value in named.items():
            if name == "kind" or (name == "label" and value == curie(iri)):
                continue
            relation = DCTERMS.title if name == "label" and where == DATASET else _property(name)
            for target in _targets(name, relation, value):
                yield Statement(iri, relation, target, where)
    for u, v, data in graph.edges(data=True):
        yield _claim(iris[u], iris[v], data, default.iri)


def _sources(graph: nx.MultiDiGraph[str], default: Source) -> Iterator[Statement]:
    """Describe the sources that are no nodes: those the edges name, and the default one where it is needed."""
    described = {node for node, data in graph.nodes(data=True) if data.get("kind") == "source"}
    found: dict[str, Source] = {}
    for _, _, data in graph.edges(data=True):
        iri = data.get("source", default.iri)
        found[iri] = (
            default
            if iri == default.iri
            else Source(
                iri,
                data.get("source_label") or curie(iri),
                _ORIGINS.get(data.get("origin", ""), KG.SourceSays),
                date=data.get("source_date", ""),
                url=data.get("source_url", ""),
            )
        )
    if not described and not found:
        found[default.iri] = default
    for iri in sorted(found.keys() - described):
        yield from found[iri].statements()


def _property(name: str) -> str:
    if name == "label":
        return SKOS.prefLabel
    return _PROPERTIES.get(name, f"{BASE}attribute/{name}")


def _targets(name: str, relation: str, value: Any) -> Iterator[str | Value]:  # attribute values of any type
    for item in _listed(value):
        if name in _NODES and _is_node(item):
            yield item if "://" in item else expand(item)
        elif name == "url":
            yield Value(str(item), XSD.anyURI)
        elif name in _DATES and isinstance(item, str) and item[:4].isdigit():
            yield date_value(item)
        elif isinstance(item, bool | int | float):
            yield Value.of(item)
        else:
            yield Value.of(str(item), lang="en" if relation in _IN_ENGLISH else "")


def _claim(subject: str, target: str, data: Mapping[str, Any], default: str) -> Statement:
    def texts(name: str) -> tuple[str, ...]:
        found: Iterable[str] | str = data.get(name, ())
        return (found,) if isinstance(found, str) else tuple(found)

    return Statement(
        subject,
        _RELATIONS[data["relation"]],
        target,
        data.get("source", default),
        locator=data.get("locator", ""),
        essential=data.get("essential"),
        importance=Importance(data["importance"], data["importanceScale"]) if "importance" in data else None,
        level=Level(data["level"], data["levelScale"]) if "level" in data else None,
        facet=data.get("facet", ""),
        wording=data.get("wording", ""),
        statement=data.get("statement", ""),
        basis=data.get("basis", ""),
        confidence=str(data.get("confidence", "")),
        transition_kind=data.get("transitionKind", ""),
        derived_from=texts("derived_from"),
        valid_from=data.get("validFrom", ""),
        valid_through=data.get("validThrough", ""),
    )
