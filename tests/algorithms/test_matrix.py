"""The role × skill matrix: the same from a store and from a graph, the same weights as `gap` and `overlap` have."""

from __future__ import annotations

from math import log

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.algorithms.matrix import RoleMatrix, Taxonomy
from kg.careers.required import required
from kg.handles.claims import ClaimTable
from kg.handles.handle import KnowledgeGraph
from kg.handles.networkx_graphs import from_networkx
from kg.handles.requirements import Requirements, narrower_pairs
from kg.model.graphs import Graph
from kg.model.terms import BASE, KG
from kg.stores.memory import MemoryStore
from kg.stores.port import Store
from tests.strategies import SOURCES, Career, careers

ARTICLE = f"{BASE}source/article"


def requirements_of(asked: Store | Graph) -> Requirements:
    return Requirements.read(ClaimTable.of(asked))


def hierarchy_of(asked: Store | Graph) -> tuple[tuple[str, str], ...]:
    return narrower_pairs(ClaimTable.of(asked))


def as_dicts(matrix: RoleMatrix) -> dict[str, dict[str, float]]:
    return {role: row for role in matrix.roles if (row := matrix.row(role))}


def slowly(graph: Career, sources: tuple[str, ...] = (), essential_only: bool = False) -> dict[str, dict[str, float]]:
    found = {
        role: {r.node.iri: r.weight for r in required(graph, role, sources=sources, essential_only=essential_only)}
        for role, data in graph.nodes(data=True)
        if data.get("kind") == "role"
    }
    return {role: row for role, row in found.items() if row}


def test_store_and_graph_give_the_same(shipped: KnowledgeGraph, whole: Career) -> None:
    memory = MemoryStore()
    memory.add(shipped.store.quads())
    expected = as_dicts(requirements_of(whole).matrix())
    assert as_dicts(requirements_of(shipped.store).matrix()) == expected == as_dicts(requirements_of(memory).matrix())
    assert hierarchy_of(shipped.store) == hierarchy_of(whole) == hierarchy_of(memory)
    assert (f"{BASE}tool/numpy", f"{BASE}tool/python") in hierarchy_of(whole)


@pytest.mark.parametrize("sources", [(), (ARTICLE,), (ARTICLE, f"{BASE}source/esco-111")])
@pytest.mark.parametrize("essential_only", [False, True])
def test_weights_of_the_shipped_roles(
    shipped: KnowledgeGraph, whole: Career, sources: tuple[str, ...], essential_only: bool
) -> None:
    found = shipped.whole.matrix(frozenset(sources), essential_only)
    assert as_dicts(found) == slowly(whole, sources, essential_only)
    assert shipped.whole.matrix(frozenset(sources), essential_only) is found, "made once"


@settings(max_examples=200, deadline=None)
@given(graph=careers(), essential_only=st.booleans(), one=st.booleans(), data=st.data())
def test_weights_of_any_graph_are_those_of_gap(
    graph: Career, essential_only: bool, one: bool, data: st.DataObject
) -> None:
    graph.add_node("https://example.org/b", label="b", minValue=0, maxValue=4)
    scale = st.sampled_from((None, KG.OnetImportanceScale, "https://example.org/a", "https://example.org/b"))
    for *_, edge in graph.edges(data=True):
        found = data.draw(scale)
        if edge["relation"] == "requires" and found:
            edge |= {"importance": data.draw(st.integers(1, 500)) / 100, "importanceScale": found}
    sources = (str(SOURCES[0]["source"]),) if one else ()
    matrix = requirements_of(graph).matrix(sources=sources, essential_only=essential_only)
    assert as_dicts(matrix) == slowly(graph, sources, essential_only)
    assert matrix.weights.has_sorted_indices


@settings(max_examples=30, deadline=None)
@given(graph=careers())
def test_the_order_of_claims_does_not_matter(graph: Career) -> None:
    back: Career = nx.MultiDiGraph()
    back.add_nodes_from(reversed([*graph.nodes(data=True)]))
    back.add_edges_from(reversed([*graph.edges(keys=True, data=True)]))
    assert as_dicts(requirements_of(graph).matrix()) == as_dicts(requirements_of(back).matrix())


def test_of_nothing_comes_an_empty_matrix() -> None:
    found = Requirements.read(ClaimTable.read([], [], [], [], [], [], [], {}))
    assert len(found) == 0
    assert found.matrix().weights.shape == (0, 0)
    assert found.matrix().row("x") == {}


def career(*edges: str) -> Career:
    """A graph from lines such as ``analyst requires sql``."""
    graph: Career = nx.MultiDiGraph()
    for line in edges:
        subject, relation, target = line.split()
        for name, kind in ((subject, "role" if relation == "requires" else "skill"), (target, "skill")):
            if name not in graph:
                graph.add_node(name, label=name, kind=kind)
        graph.add_edge(subject, target, relation=relation)
    return graph


def test_information_content_is_that_of_all_below() -> None:
    lines = ["r requires a", "s requires a", "s requires b", "t requires c"]
    graph = career(*lines, "a broader ab", "b broader ab", "ab broader all", "c broader all", "c broader ab")
    matrix = requirements_of(graph).matrix()
    taxonomy = Taxonomy.read(matrix, hierarchy_of(graph))
    own = {item: taxonomy.content[at] for item, at in zip(matrix.items, taxonomy.own, strict=True)}
    assert own == pytest.approx({"a": log(4 / 2), "b": log(4), "c": log(4)})
    assert sorted(taxonomy.content) == pytest.approx([0, 0, log(2), log(4), log(4)]), "ab and all stand above all four"


def test_a_circle_in_the_hierarchy_ends() -> None:
    graph = career("r requires a", "r requires b", "a broader b", "b broader a")
    matrix = requirements_of(graph).matrix()
    assert Taxonomy.read(matrix, hierarchy_of(graph)).above.toarray().tolist() == [[1, 1], [1, 1]]


def test_a_graph_made_by_hand_has_a_matrix() -> None:
    g = from_networkx(career("analyst requires sql"))
    assert as_dicts(g.whole.matrix()) == {f"{BASE}role/analyst": {f"{BASE}skill/sql": 1.0}}
