"""Slices become graphs: nodes with attributes, and one edge for every claim.

A slice is the answer to a CONSTRUCT query: claims, the nodes they tie, the sources that make them. `read_graph` turns
it into a `ClaimGraph`, a read-only directed multigraph with the part of the networkx interface that the questions
use. It exists because importing networkx takes longer than answering most questions: a command that needs no
algorithm never pays for it. `ClaimGraph.to_networkx` gives the frozen `networkx.MultiDiGraph` with the same content,
every question takes either, and a test holds that the answers agree.

Nodes are keyed by IRI. Node attributes: ``label``, ``kind`` (role, skill, tool, certification, provider, activity, …),
``aliases`` (tuple), and one attribute for each further property under its local name (``definition``, ``category``,
``status`` …); several values make a tuple. Edges are keyed by the IRI of their claim. Edge attributes: ``relation``
(local name: ``requires``), ``source``, ``source_label``, ``source_date``, ``origin`` (``article``, ``source``,
``reading``, ``derived``), and where stated ``locator``, ``essential``, ``importance``, ``importanceScale``, ``level``,
``levelScale``, ``facet``, ``wording``, ``statement``, ``basis``, ``derived_from``, ``rule``, ``validFrom``,
``validThrough``. `kg.graph` gives the same for other tools: one value for each attribute, and ``said_by`` for
``source``, which networkx uses itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from pyoxigraph import Literal, Triple

from kg.model.iris import curie
from kg.model.languages import best_tag, common_tag
from kg.model.statements import CLAIM_CLASSES, DERIVED_RELATIONS
from kg.model.terms import DCTERMS, KG, RDF, SKOS
from kg.model.values import plain, text_of

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "KIND_CLASSES",
    "Attributes",
    "ClaimGraph",
    "Graph",
    "attribute_name",
    "choose_language",
    "graph_of",
    "local_name",
    "read_graph",
]

#: Attributes of a node or an edge; their types differ by key, as in networkx.
Attributes = dict[str, Any]

Edge = tuple[str, str, str, Attributes]

#: What is said of a subject, by property: plain values, and texts with a language.
Properties = dict[str, set[Any]]
Tagged = dict[str, set[Literal]]

_ORIGINS = {KG.ArticleSays: "article", KG.SourceSays: "source", KG.OurReading: "reading", KG.Derived: "derived"}
#: What an edge is made of.
_NEEDED = (RDF.subject, RDF.predicate, RDF.object, DCTERMS.source)
_CLAIMS = {KG.Claim, KG.Requirement, KG.Assessment}
_KINDS = {
    KG.Role: "role",
    KG.Skill: "skill",
    KG.Tool: "tool",
    KG.Certification: "certification",
    KG.Provider: "provider",
    KG.Activity: "activity",
    KG.Source: "source",
    KG.Citation: "citation",
    KG.Domain: "domain",
    KG.Group: "group",
    KG.ArticleStatement: "statement",
    KG.EmptyHeading: "empty heading",
    KG.UnavailableTitle: "unavailable title",
    KG.Conflict: "conflict",
    KG.Rule: "rule",
    RDF.Statement: "attribute",
}
_RELATIONS = {*CLAIM_CLASSES, KG.requiresEssential, KG.requiresOptional}
KIND_CLASSES = {kind: iri for iri, kind in _KINDS.items()}
_RENAMED = {"prefLabel": "label", "altLabel": "aliases", "title": "label", "wasDerivedFrom": "derived_from"}
_ALWAYS_TUPLE = frozenset(
    {"aliases", "derived_from", "supports", "inLanguage", "hasDomain", "about", "mentions", "line"}
)


class Graph(Protocol):
    """What a question reads of a graph; `networkx.MultiDiGraph` and `ClaimGraph` both have it."""

    @property
    def nodes(self) -> Any:  # networkx gives a NodeView, ClaimGraph a dict; both map IRI → attributes
        """Attributes by node."""

    @property
    def out_edges(self) -> Any:  # networkx gives a view that is called; ClaimGraph has a method
        """Call it with a node, ``keys=True, data=True``, for the edges that leave it: (from, to, key, attributes)."""

    @property
    def in_edges(self) -> Any:  # as above
        """Call it so for the edges that reach it."""


class ClaimGraph:
    """A read-only directed multigraph of claims.

    Parameters
    ----------
    nodes
        Attributes by IRI.
    edges
        (subject, object, claim IRI, attributes); nodes that only occur here have no attributes.
    sparql, triples
        The query that selected it, and the triples it was read from.

    Attributes
    ----------
    merged
        The nodes that stand for several of the dataset: each with those it stands for, itself first
        (`kg.names.merging`).
    """

    merged: tuple[tuple[Any, ...], ...] = ()  # of answers' nodes, which are defined further along the road

    def __init__(self, nodes: Mapping[str, Attributes], edges: Iterable[Edge], triples: Iterable[Triple] = ()) -> None:
        self.sparql = ""
        self.triples = tuple(triples)
        self._nodes: dict[str, Attributes] = dict(nodes)
        self._out: dict[str, list[Edge]] = defaultdict(list)
        self._in: dict[str, list[Edge]] = defaultdict(list)
        for edge in sorted(edges, key=lambda edge: edge[:3]):
            self._out[edge[0]].append(edge)
            self._in[edge[1]].append(edge)
            self._nodes.setdefault(edge[0], {})
            self._nodes.setdefault(edge[1], {})

    @property
    def nodes(self) -> dict[str, Attributes]:
        """Attributes by IRI."""
        return self._nodes

    def __contains__(self, node: object) -> bool:
        return node in self.nodes

    def __len__(self) -> int:
        return len(self.nodes)

    def edges(self) -> Iterator[Edge]:
        """Yield every edge as (subject, object, claim IRI, attributes)."""
        for edges in self._out.values():
            yield from edges

    def out_edges(self, nbunch: str, keys: bool = True, data: bool = True) -> tuple[Edge, ...]:
        """Return the edges that leave a node, sorted by object and claim."""
        return tuple(self._out.get(nbunch, ()))

    def in_edges(self, nbunch: str, keys: bool = True, data: bool = True) -> tuple[Edge, ...]:
        """Return the edges that reach a node, sorted by subject and claim."""
        return tuple(self._in.get(nbunch, ()))

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Return the same graph as a frozen `networkx.MultiDiGraph`."""
        import networkx as nx

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        graph.add_nodes_from((node, dict(self.nodes[node])) for node in sorted(self.nodes))
        for u, v, key, data in sorted(self.edges(), key=lambda edge: edge[:3]):
            graph.add_edge(u, v, key=key, **data)
        return nx.freeze(graph)  # type: ignore[no-any-return]  # the stubs type freeze as returning its own graph class


@lru_cache(maxsize=4096)
def local_name(iri: str) -> str:
    """Return the part of an IRI after its last ``#`` or ``/``.

    Examples
    --------
    >>> local_name(KG.requires)
    'requires'
    """
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]


def attribute_name(iri: str) -> str:
    """Return what a property is called as an attribute of a node or edge.

    Examples
    --------
    >>> attribute_name(KG.category), attribute_name("http://www.w3.org/2004/02/skos/core#prefLabel")
    ('category', 'label')
    """
    name = local_name(iri)
    return _RENAMED.get(name, name)


def _attributes(properties: Mapping[str, set[Any]]) -> Attributes:
    """Gather the values of a node's properties under their local names; several values become a sorted tuple."""
    gathered: Attributes = {}
    for iri in sorted(properties):
        name = attribute_name(iri)
        found = properties[iri]
        values = [*found] if len(found) == 1 else sorted(found, key=lambda value: (str(type(value)), value))
        gathered[name] = tuple(values) if name in _ALWAYS_TUPLE or len(values) > 1 else values[0]
    return gathered


def choose_language(literals: Iterable[Literal], lang: str, fallback: str = "") -> Iterator[Literal]:
    """Yield the literals of one language, sorted: the one asked for, else English, else untagged, else the fallback."""
    found = sorted(literals, key=str)
    chosen = best_tag({literal.language for literal in found}, lang, fallback)
    yield from (literal for literal in found if literal.language == chosen)


def read_graph(triples: Iterable[Triple], *, lang: str = "en") -> ClaimGraph:
    """Turn a slice into a graph.

    Parameters
    ----------
    triples
        Claims, nodes and sources, as the slices in `kg/queries/` construct them. Their order does not matter. A claim
        that has not one subject, predicate, object and source each is no edge, and no node (`kg check` reports it).
    lang
        Language tag to prefer for labels and definitions; English, then no tag, then one language for all, where there
        is none (`kg.model.languages`).

    Examples
    --------
    >>> import kg
    >>> graph = kg.open().slice("show", node=["https://w3id.org/career-kg/tool/python"])
    >>> graph.nodes["https://w3id.org/career-kg/tool/python"]["label"]
    'Python'
    """
    triples = tuple(triples)
    subjects: dict[str, tuple[Properties, Tagged]] = defaultdict(lambda: (defaultdict(set), defaultdict(set)))
    for triple in triples:
        properties, tagged = subjects[text_of(triple.subject)]
        relation, obj = triple.predicate.value, triple.object
        if isinstance(obj, Literal) and obj.language:
            tagged[relation].add(obj)
        else:
            properties[relation].add(plain(obj))
    labels = (tagged[SKOS.prefLabel] for _, tagged in subjects.values() if SKOS.prefLabel in tagged)
    fallback = common_tag(({literal.language for literal in found} for found in labels), lang)
    return graph_of(((subject, *said) for subject, said in subjects.items()), triples, lang=lang, fallback=fallback)


def graph_of(
    subjects: Iterable[tuple[str, Properties, Tagged]],
    triples: Iterable[Triple] = (),
    *,
    lang: str = "en",
    fallback: str = "",
) -> ClaimGraph:
    """Return the graph of what is said of each subject, which is asked for one after the other.

    Parameters
    ----------
    subjects
        Each with its plain values, which are added to, and its texts with a language, both by property.
    triples
        What all this was read from.
    lang
        As for `read_graph`.
    fallback
        The language of labels where there is neither that nor English.
    """
    things: list[tuple[str, Properties]] = []
    claims: list[tuple[str, str, str, Attributes]] = []
    # What only rules conclude is an edge where a claim says so; as a plain triple of somebody else's it stays with its
    # node.
    derived: set[tuple[str, str]] = set()
    for subject, properties, tagged in subjects:
        for relation, literals in tagged.items():
            values = properties.setdefault(relation, set())
            if local_name(relation) == "altLabel":
                values.update(literal.value for literal in literals)
                continue
            untagged: set[str | None] = {None} if values else set()
            chosen = best_tag({literal.language for literal in literals} | untagged, lang, fallback)
            if chosen is not None:
                values.clear()
                values.update(literal.value for literal in literals if literal.language == chosen)
        if _CLAIMS.isdisjoint(properties.get(RDF.type, ())):
            things.append((subject, properties))
        # Of the premises of another claim only the names may be here, and somebody else's may say half of it.
        elif all(_is_one(properties.get(name)) for name in _NEEDED):
            data = _attributes({iri: values for iri, values in properties.items() if iri != RDF.type})
            one, relation, other = data.pop("subject"), data.pop("predicate"), data.pop("object")
            data["relation"] = local_name(relation)
            claims.append((one, other, subject, data))
            if relation in DERIVED_RELATIONS:
                derived.add((one, relation))
    nodes: dict[str, Attributes] = {}
    for subject, properties in things:
        kind = next((_KINDS[iri] for iri in sorted(properties.get(RDF.type, ())) if iri in _KINDS), None)
        own = {
            iri: values
            for iri, values in properties.items()
            if iri != RDF.type and iri not in _RELATIONS and (subject, iri) not in derived
        }
        attributes = _attributes(own)
        if kind:
            attributes["kind"] = kind
        label = attributes.get("label") or curie(subject)
        attributes["label"] = label[0] if isinstance(label, tuple) else label
        attributes.setdefault("aliases", ())
        nodes[subject] = attributes
    for *_, data in claims:
        source = nodes.get(data["source"], {})
        data["source_label"] = source.get("label") or curie(data["source"])
        data["source_date"] = source.get("date", "")
        data["source_url"] = source.get("url", "")
        data["origin"] = _ORIGINS.get(source.get("origin", ""), "source")
    return ClaimGraph(nodes, claims, triples)


def _is_one(values: set[Any] | None) -> bool:
    """Whether there is one value, which can name a node."""
    return values is not None and len(values) == 1 and all(isinstance(value, str) for value in values)
