"""There and back: a graph that came from a store comes back from networkx with the same nodes, edges and attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.handles.networks import whole_network
from kg.model.iris import mint
from kg.model.terms import BASE, KG
from tests.strategies import careers, labels

if TYPE_CHECKING:
    Network = nx.MultiDiGraph[str]
else:
    Network = nx.MultiDiGraph

DAY = "2026-11-22"


def there_and_back(graph: Network) -> Network:
    return whole_network(kg.from_networkx(graph, as_of=DAY))


def content(graph: Network) -> tuple[dict[str, Any], dict[Any, Any]]:
    """Nodes and edges with their attributes, as values that can be compared."""
    return {node: graph.nodes[node] for node in graph}, {
        edge[:3]: edge[3] for edge in graph.edges(keys=True, data=True)
    }


def minimal() -> Network:
    graph: Network = nx.MultiDiGraph()
    graph.add_node("Librarian", label="Prompt Librarian", kind="role")
    graph.add_node("C++", kind="tool")
    graph.add_edge("Librarian", "C++", relation="requires")
    return graph


# --- the law -------------------------------------------------------------------------------------------------------


def test_the_shipped_dataset_comes_back_as_it_went(whole: Network) -> None:
    nodes, edges = content(whole)
    again_nodes, again_edges = content(there_and_back(whole))
    assert again_nodes.keys() == nodes.keys()
    assert again_edges.keys() == edges.keys()
    assert again_nodes == nodes
    assert again_edges == edges


@settings(deadline=None, max_examples=40)
@given(careers())
def test_any_graph_comes_back_as_it_went(career: Network) -> None:
    once = there_and_back(career)
    assert content(there_and_back(once)) == content(once)


@settings(deadline=None, max_examples=25)
@given(careers())
def test_nothing_is_lost_on_the_way_in(career: Network) -> None:
    found = there_and_back(career)
    assert set(career) <= set(found)
    for node, data in career.nodes(data=True):
        for name, value in data.items():
            wanted = tuple(sorted(value)) if isinstance(value, tuple) else value
            assert found.nodes[node][name] == wanted, f"{name} of {node}"
    for u, v, data in career.edges(data=True):
        between = found.get_edge_data(u, v)
        assert between is not None
        assert any(all(other.get(name) == value for name, value in data.items()) for other in between.values())
    assert {edge[:2] for edge in career.edges} <= {edge[:2] for edge in found.edges}


@settings(deadline=None)
@given(st.lists(labels() | st.text(min_size=1, max_size=20), min_size=1, max_size=5, unique=True))
def test_awkward_labels_come_back(names: list[str]) -> None:
    names = [name for name in names if name.strip() and name.isprintable()]
    graph: Network = nx.MultiDiGraph()
    for i, name in enumerate(names):
        graph.add_node(mint("skill", f"s{i}"), label=name, kind="skill", aliases=tuple(sorted({f"{name}!", "x"})))
    found = there_and_back(graph)
    for i, name in enumerate(names):
        node = found.nodes[mint("skill", f"s{i}")]
        assert (node["label"], node["aliases"]) == (name, tuple(sorted({f"{name}!", "x"})))


# --- graphs made by hand -------------------------------------------------------------------------------------------


def test_a_minimal_graph_is_enough() -> None:
    g = kg.from_networkx(minimal(), as_of=DAY)
    assert g.as_of.isoformat() == DAY
    found = whole_network(g)
    role, tool = mint("role", "prompt-librarian"), mint("tool", "c-plus-plus")
    assert found.nodes[role]["label"] == "Prompt Librarian"
    assert found.nodes[tool]["kind"] == "tool"
    ((u, v, data),) = found.edges(data=True)
    assert (u, v, data["relation"]) == (role, tool, "requires")
    assert (data["origin"], data["source_label"]) == ("reading", "networkx")
    assert kg.show(g, "Prompt Librarian").relations[0].other.iri == tool


def test_a_node_without_a_label_is_called_as_it_is_keyed() -> None:
    found = whole_network(kg.from_networkx(minimal()))
    assert found.nodes[mint("tool", "c-plus-plus")]["label"] == "C++"


def test_the_source_of_edges_can_be_named() -> None:
    found = whole_network(kg.from_networkx(minimal(), source="My notes, 2026"))
    ((_, _, data),) = found.edges(data=True)
    assert (data["source"], data["source_label"]) == (mint("source", "my-notes-2026"), "My notes, 2026")


def test_every_qualifier_of_an_edge_comes_back() -> None:
    said = {
        "relation": "requires",
        "source": mint("source", "esco"),
        "source_label": "ESCO",
        "source_date": "2022-09",
        "source_url": "https://example.org/esco",
        "origin": "source",
        "locator": "row 7",
        "essential": False,
        "importance": 3.5,
        "importanceScale": KG.OnetImportanceScale,
        "level": 4,
        "levelScale": KG.OnetLevelScale,
        "facet": "tools",
        "wording": 'knows "C++"',
        "statement": mint("statement", "one"),
        "basis": "because",
        "confidence": "high",
        "transitionKind": "promotion",
        "derived_from": (mint("source", "a"), mint("source", "b")),
        "validFrom": "2026",
        "validThrough": "2026-10-31",
    }
    graph = minimal()
    graph.remove_edge("Librarian", "C++")
    graph.add_edge("Librarian", "C++", **said)
    ((_, _, data),) = whole_network(kg.from_networkx(graph)).edges(data=True)
    assert data == said


def test_an_empty_graph_is_a_graph() -> None:
    g = kg.from_networkx(nx.MultiDiGraph(), as_of=DAY)
    assert not kg.list(g, "roles").rows()


def test_the_graph_given_is_not_changed(whole: Network) -> None:
    mine = minimal()
    before = content(mine.copy())
    kg.from_networkx(mine)
    assert content(mine) == before


# --- faults --------------------------------------------------------------------------------------------------------


def test_all_faults_are_listed_at_once() -> None:
    graph = minimal()
    graph.add_node("a", kind="wizard")
    graph.add_node("b", label="no kind")
    graph.add_node("d", label="prompt librarian", kind="role")
    graph.add_node("e", label="E", kind="certification", status="retired")
    graph.add_node("f", label="F", kind="empty heading")
    graph.add_edge("Librarian", "C++", relation="needs")
    graph.add_edge("Librarian", "C++")
    with pytest.raises(kg.BadInput, match=r"^This networkx graph cannot be used: 7 faults\.") as caught:
        kg.from_networkx(graph)
    text = str(caught.value)
    for expected in (
        "node 'a': is of no known kind: \"wizard\". Choose from role, skill, tool,",
        "node 'b': is no IRI and has no kind to make one from. Add a kind: role, skill, tool,",
        "node 'd': would get the same IRI as node 'Librarian'. Give one another label, or use IRIs as nodes.",
        "node 'e': status: 'retired' is no node. Give an IRI, or such as kg:active.",
        "node 'f': is no IRI and has no kind to make one from.",
        "edge 'Librarian' → 'C++': has no known relation: \"needs\". Choose from benefitsFrom, broad",
        "edge 'Librarian' → 'C++': has no known relation: \"none\".",
    ):
        assert expected in text


def test_a_short_name_stands_for_its_iri() -> None:
    graph: Network = nx.MultiDiGraph()
    graph.add_node("X-1", label="X-1", kind="certification", status="kg:retired")
    found = whole_network(kg.from_networkx(graph))
    assert found.nodes[f"{BASE}certification/x-1"]["status"] == KG.retired


def test_a_date_that_is_none_is_refused() -> None:
    graph: Network = nx.MultiDiGraph()
    graph.add_node("X-1", label="X-1", kind="certification", validThrough="2026-13-01")
    with pytest.raises(kg.BadInput, match='"2026-13-01" is no date'):
        kg.from_networkx(graph)
