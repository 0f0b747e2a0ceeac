"""Slices become graphs: what is read from triples, and that the quick graph and the networkx graph are one."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest
from pyoxigraph import Literal, NamedNode, Triple

import kg
from kg.model.graphs import ClaimGraph, local_name, read_graph
from kg.model.terms import BASE, DCTERMS, KG, RDF, SCHEMA, SKOS, XSD

ROLE, SKILL = f"{BASE}role/a", f"{BASE}skill/b"
SOURCE = f"{BASE}source/s"


def triple(subject: str, relation: str, value: str | Literal) -> Triple:
    return Triple(NamedNode(subject), NamedNode(relation), NamedNode(value) if isinstance(value, str) else value)


def claim(name: str, subject: str = ROLE, relation: str = KG.requires, target: str = SKILL) -> list[Triple]:
    iri = f"{BASE}requirement/{name}"
    return [
        triple(iri, RDF.type, KG.Requirement),
        triple(iri, RDF.subject, subject),
        triple(iri, RDF.predicate, relation),
        triple(iri, RDF.object, target),
        triple(iri, DCTERMS.source, SOURCE),
    ]


def labels(*texts: Literal) -> list[Triple]:
    return [triple(ROLE, RDF.type, KG.Role), *(triple(ROLE, SKOS.prefLabel, text) for text in texts)]


# --- what is read ------------------------------------------------------------------------------------------------


def test_nothing_gives_an_empty_graph() -> None:
    graph = read_graph([])
    assert len(graph) == 0
    assert not list(graph.edges())
    assert ROLE not in graph
    assert graph.out_edges(ROLE) == graph.in_edges(ROLE) == ()


@pytest.mark.parametrize(
    ("lang", "label"),
    [("de", "Rolle"), ("en", "Role"), ("fr", "Role"), ("", "Role"), ("DE", "Rolle"), ("de-CH", "Rolle")],
)
def test_the_language_asked_for_comes_before_english(lang: str, label: str) -> None:
    texts = (Literal("Rolle", language="de"), Literal("Role", language="en"), Literal("Ruolo", language="it"))
    assert read_graph(labels(*texts), lang=lang).nodes[ROLE]["label"] == label


def test_without_the_language_and_english_any_serves_and_always_the_same() -> None:
    texts = [Literal("Ruolo", language="it"), Literal("Rolle", language="de")]
    found = {read_graph(labels(*order), lang="fr").nodes[ROLE]["label"] for order in (texts, texts[::-1])}
    assert len(found) == 1


def test_aliases_of_every_language_are_kept_as_a_sorted_tuple() -> None:
    texts = [Literal("b", language="de"), Literal("a", language="en"), Literal("c", language="en")]
    triples = [*labels(Literal("x", language="en")), *(triple(ROLE, SKOS.altLabel, text) for text in texts)]
    assert read_graph(triples, lang="en").nodes[ROLE]["aliases"] == ("a", "b", "c")


def test_a_node_without_a_label_is_called_by_its_short_name() -> None:
    graph = read_graph([triple(ROLE, RDF.type, KG.Role)])
    assert graph.nodes[ROLE] == {"kind": "role", "label": "role:a", "aliases": ()}


def test_values_come_as_python_and_several_as_a_tuple() -> None:
    triples = [
        triple(ROLE, RDF.type, KG.Certification),
        triple(ROLE, KG.priceUSD, Literal(165)),
        triple(ROLE, KG.status, KG.retired),
        triple(ROLE, SCHEMA.validThrough, Literal("2026-06", datatype=NamedNode(XSD.gYearMonth))),
        triple(ROLE, KG.examCode, Literal("B-2")),
        triple(ROLE, KG.examCode, Literal("A-1")),
    ]
    assert read_graph(triples).nodes[ROLE] == {
        "aliases": (),
        "examCode": ("A-1", "B-2"),
        "kind": "certification",
        "label": "role:a",
        "priceUSD": 165,
        "status": KG.retired,
        "validThrough": "2026-06",
    }


def test_the_order_of_the_triples_does_not_matter() -> None:
    triples = [*labels(Literal("x", language="en")), *claim("2"), *claim("1")]
    one, other = read_graph(triples), read_graph(reversed(triples))
    assert one.nodes == other.nodes
    assert list(one.edges()) == list(other.edges())


def test_every_claim_is_an_edge_even_where_two_say_the_same() -> None:
    graph = read_graph([*claim("1"), *claim("2")])
    assert [edge[:3] for edge in graph.out_edges(ROLE)] == [
        (ROLE, SKILL, f"{BASE}requirement/1"),
        (ROLE, SKILL, f"{BASE}requirement/2"),
    ]
    assert graph.in_edges(SKILL) == graph.out_edges(ROLE)
    assert graph.out_edges(SKILL) == ()


@pytest.mark.parametrize(
    ("origin", "word"), [(KG.ArticleSays, "article"), (KG.SourceSays, "source"), (KG.OurReading, "reading")]
)
def test_an_edge_says_who_says_so(origin: str, word: str) -> None:
    source = [
        triple(SOURCE, RDF.type, KG.Source),
        triple(SOURCE, DCTERMS.title, Literal("Source S", language="en")),
        triple(SOURCE, KG.origin, origin),
        triple(SOURCE, DCTERMS.date, Literal("2026", datatype=NamedNode(XSD.gYear))),
        triple(SOURCE, SCHEMA.url, Literal("https://example.org/s", datatype=NamedNode(XSD.anyURI))),
    ]
    ((_, _, _, data),) = read_graph([*claim("1"), *source]).out_edges(ROLE)
    assert data == {
        "relation": "requires",
        "source": SOURCE,
        "source_label": "Source S",
        "source_date": "2026",
        "source_url": "https://example.org/s",
        "origin": word,
    }


def test_a_source_that_is_not_in_the_slice_is_called_by_its_short_name() -> None:
    ((_, _, _, data),) = read_graph(claim("1")).out_edges(ROLE)
    assert (data["source_label"], data["source_date"]) == ("source:s", "")


@pytest.mark.parametrize(
    ("iri", "name"),
    [(KG.requires, "requires"), ("https://example.org/a/", "a"), ("https://example.org/a#", "a"), ("a", "a")],
)
def test_local_names(iri: str, name: str) -> None:
    assert local_name(iri) == name


# --- the shipped dataset --------------------------------------------------------------------------------------------

#: What `kg.model.graphs` documents, and the type of each.
EDGE: dict[str, type | tuple[type, ...]] = {
    "relation": str,
    "source": str,
    "source_label": str,
    "source_date": str,
    "source_url": str,
    "origin": str,
    "locator": str,
    "essential": bool,
    "importance": (int, float),
    "importanceScale": str,
    "level": (int, float),
    "levelScale": str,
    "facet": str,
    "wording": str,
    "statement": str,
    "basis": str,
    "derived_from": tuple,
    "validFrom": str,
    "validThrough": str,
    "confidence": str,
    "transitionKind": str,
}


def test_every_edge_has_the_documented_attributes(whole: nx.MultiDiGraph[str]) -> None:
    for _, _, _, data in whole.edges(keys=True, data=True):
        assert data["relation"]
        assert data["source_label"]
        assert data["origin"] in ("article", "source", "reading")
        for name, value in data.items():
            assert isinstance(value, EDGE[name]), f"{name} is {value!r}"


def test_every_node_has_a_label_and_those_of_ours_a_kind(whole: nx.MultiDiGraph[str]) -> None:
    kinds = {data.get("kind") for _, data in whole.nodes(data=True)}
    assert {"role", "skill", "tool", "certification", "provider", "activity", "source", "statement"} <= kinds
    for node, data in whole.nodes(data=True):
        assert isinstance(data["label"], str)
        assert data["label"], node
        assert isinstance(data["aliases"], tuple)
        if not data.get("kind"):
            assert node.startswith((f"{BASE}dataset", "http://data.europa.eu/", "https://www.onetonline.org/", "http"))


def test_both_ends_of_every_edge_are_nodes_with_a_label(whole: nx.MultiDiGraph[str]) -> None:
    for u, v in whole.edges():
        assert whole.nodes[u]["label"]
        assert whole.nodes[v]["label"]


def test_the_networkx_graph_is_the_same_graph(shipped: kg.KnowledgeGraph) -> None:
    ours = shipped.slice("graph")
    theirs = ours.to_networkx()
    assert isinstance(theirs, nx.MultiDiGraph)
    assert {node: theirs.nodes[node] for node in theirs} == ours.nodes
    assert sorted(theirs.edges(keys=True, data=True), key=lambda e: e[:3]) == sorted(ours.edges(), key=lambda e: e[:3])
    assert len(theirs) == len(ours)
    for node in ours.nodes:
        assert node in theirs
        assert tuple(theirs.out_edges(node, keys=True, data=True)) == ours.out_edges(node)
        assert sorted(theirs.in_edges(node, keys=True, data=True), key=lambda e: e[:3]) == list(ours.in_edges(node))


def test_the_networkx_graph_is_frozen(whole: nx.MultiDiGraph[str]) -> None:
    assert nx.is_frozen(whole)
    for change in (lambda: whole.add_node("x"), lambda: whole.add_edge("x", "y"), lambda: whole.remove_node(ROLE)):
        with pytest.raises(nx.NetworkXError, match="Frozen graph can't be modified"):
            change()
    copy = whole.copy()
    copy.add_node("x")
    assert "x" not in whole


def test_changing_the_networkx_graph_does_not_change_ours() -> None:
    ours = ClaimGraph({ROLE: {"label": "a"}}, [(ROLE, SKILL, "k", {"relation": "requires"})])
    theirs: Any = ours.to_networkx()
    theirs.nodes[ROLE]["label"] = "changed"
    theirs.edges[ROLE, SKILL, "k"]["relation"] = "changed"
    assert ours.nodes[ROLE] == {"label": "a"}
    assert ours.out_edges(ROLE)[0][3] == {"relation": "requires"}


def test_the_whole_graph_is_in_the_same_order_on_every_run(shipped: kg.KnowledgeGraph) -> None:
    graph = kg.graph(shipped)
    assert list(graph.nodes) == sorted(graph.nodes)
    assert [e[:2] for e in graph.edges(keys=True)] == sorted(e[:2] for e in graph.edges(keys=True))
