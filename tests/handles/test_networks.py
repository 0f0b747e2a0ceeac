"""`kg.graph` passes through other tools and back, and `from_networkx` reads graphs as people and tools make them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import igraph  # type: ignore[import-untyped]  # it has none
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyvis.network import Network as Pyvis

import kg
from kg.exports.gexf import read_gexf
from kg.exports.graphml import read_graphml
from kg.exports.nodelink import read_nodelink
from kg.handles.handle import KnowledgeGraph
from kg.model.iris import mint
from tests.strategies import careers

DAY = "2026-11-22"


def nurses(cls: Any = nx.MultiDiGraph, **edge: Any) -> Any:
    graph = cls()
    graph.add_node("n", label="Ward nurse", kind="role")
    graph.add_node("t", label="Triage", kind="skill")
    graph.add_edge("n", "t", relation="requires", **edge)
    return graph


def needed(graph: Any) -> dict[str, Any]:
    (row,) = kg.gap(kg.from_networkx(graph, as_of=DAY), "Ward nurse").rows()
    return dict(row)


def answers(g: KnowledgeGraph) -> list[Any]:
    """What roles require, with sources, levels and certificates on offer."""
    roles = [row["label"] for row in kg.list(g, "roles").rows()]
    return [kg.gap(g, role).rows() for role in roles[::8]] + [kg.overlap(g, *roles[:2]).rows()]


def _graphml(graph: Any, folder: Path) -> Any:
    nx.write_graphml(graph, folder / "x.graphml")
    return nx.read_graphml(folder / "x.graphml", force_multigraph=True)


def _our_graphml(graph: Any, folder: Path) -> Any:
    nx.write_graphml(graph, folder / "x.graphml")
    return read_graphml(str(folder / "x.graphml"))


def _gexf(version: str) -> Callable[[Any, Path], Any]:
    def way(graph: Any, folder: Path) -> Any:
        nx.write_gexf(graph, folder / "x.gexf", version=version)
        return read_gexf(folder / "x.gexf")

    return way


def _nx_gexf(graph: Any, folder: Path) -> Any:
    nx.write_gexf(graph, folder / "x.gexf")
    return nx.read_gexf(folder / "x.gexf")


def _node_link(edges: str) -> Callable[[Any, Path], Any]:
    def way(graph: Any, folder: Path) -> Any:
        return nx.node_link_graph(nx.node_link_data(graph, edges=edges), edges=edges)

    return way


def _pandas(graph: Any, folder: Path) -> Any:
    table = pd.read_csv(io.StringIO(nx.to_pandas_edgelist(graph).to_csv(index=False)))
    back = nx.from_pandas_edgelist(table, edge_attr=True, create_using=nx.MultiDiGraph)
    back.add_nodes_from((node, dict(data)) for node, data in graph.nodes(data=True))
    return back


def _igraph(graph: Any, folder: Path) -> Any:
    return igraph.Graph.from_networkx(graph).to_networkx()


def _pyvis(graph: Any, folder: Path) -> Any:
    shown = Pyvis(directed=True)
    shown.from_nx(graph.copy())
    back: Any = nx.MultiDiGraph()
    back.add_nodes_from((node.pop("id"), node) for node in map(dict, shown.nodes))
    back.add_edges_from((edge.pop("from"), edge.pop("to"), edge) for edge in map(dict, shown.edges))
    return back


WAYS: dict[str, Callable[[Any, Path], Any]] = {
    "GraphML": _graphml,
    "GraphML, read by us": _our_graphml,
    "GEXF": _nx_gexf,
    "GEXF 1.1draft, read by us": _gexf("1.1draft"),
    "GEXF 1.2draft, read by us": _gexf("1.2draft"),
    "GEXF 1.3, read by us": _gexf("1.3"),
    "node-link, edges": _node_link("edges"),
    "node-link, links": _node_link("links"),
    "pandas": _pandas,
    "igraph": _igraph,
    "pyvis": _pyvis,
}


@pytest.fixture(scope="module")
def told(shipped: KnowledgeGraph) -> list[Any]:
    return answers(shipped)


@pytest.mark.parametrize("way", WAYS)
def test_the_dataset_passes_through_and_answers_as_before(
    way: str, shipped: KnowledgeGraph, told: list[Any], tmp_path: Path
) -> None:
    back = WAYS[way](kg.graph(shipped), tmp_path)
    assert answers(kg.from_networkx(back, as_of=DAY)) == told


LABELS = st.from_regex(r"[A-Z][a-z |\\]{2,9}", fullmatch=True)


@settings(deadline=None, max_examples=12)
@given(
    careers(name=lambda: st.from_regex(r"[A-Z][a-z |\\]{2,9}", fullmatch=True), rated=True), st.sampled_from([*WAYS])
)
def test_any_graph_passes_through(tmp_path_factory: pytest.TempPathFactory, career: Any, way: str) -> None:
    once = kg.graph(kg.from_networkx(career, as_of=DAY), kinds="all")
    again = kg.graph(kg.from_networkx(WAYS[way](once, tmp_path_factory.mktemp("way")), as_of=DAY), kinds="all")
    looks = ("size", "shape", "color", "font", "width", "arrows", "hidden_label")  # what pyvis adds
    clean = {n: {k: v for k, v in again.nodes[n].items() if k not in looks} for n in again}
    assert clean == {node: once.nodes[node] for node in once}
    ends = sorted((u, v, sorted(map(str, data.items()))) for u, v, data in once.edges(data=True))
    found = ((u, v, {k: x for k, x in data.items() if k not in looks}) for u, v, data in again.edges(data=True))
    assert sorted((u, v, sorted(map(str, data.items()))) for u, v, data in found) == ends


def test_every_attribute_is_one_value_under_a_name_that_is_free(shipped: KnowledgeGraph) -> None:
    whole = kg.graph(shipped, kinds="all")
    rows = [data for _, data in whole.nodes(data=True)] + [data for *_, data in whole.edges(data=True)]
    assert {type(value) for row in rows for value in row.values()} <= {str, int, float, bool}
    assert not {"source", "target", "id", "key"} & {name for row in rows for name in row}
    assert all(data["kind"] for _, data in whole.nodes(data=True))


def test_kinds_and_relations_are_chosen(shipped: KnowledgeGraph) -> None:
    by_default = {data["kind"] for _, data in kg.graph(shipped).nodes(data=True)}
    assert {"role", "skill", "tool", "certification"} <= by_default
    assert not by_default & {"citation", "domain", "source", "thing", "statement"}
    some = kg.graph(shipped, kinds=["role", "tool"], relations="uses")
    assert {data["kind"] for _, data in some.nodes(data=True)} == {"role", "tool"}
    assert {data["relation"] for *_, data in some.edges(data=True)} == {"uses"}
    with pytest.raises(kg.BadInput, match='No kind "roles"'):
        kg.graph(shipped, kinds=["roles"])
    with pytest.raises(kg.BadInput, match='No relation "needs"'):
        kg.graph(shipped, relations=["needs"])


# --- what attributes mean ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "read"),
    [
        *((value, True) for value in (True, 1, 1.0, "True", "yes", "essential", " must ", np.bool_(True), np.int64(1))),
        *((value, False) for value in (False, 0, 0.0, "False", "NO", "optional", np.bool_(False), np.float64(0))),
        *((value, None) for value in (None, float("nan"), "", "  ", np.float64("nan"), pd.NA, pd.NaT)),
    ],
)
def test_truth_is_read_in_every_form(given: Any, read: bool | None) -> None:
    assert needed(nurses(essential=given))["essential"] is read


@pytest.mark.parametrize("given", ["perhaps", 2, -1, 0.5, "1.5"])
def test_what_is_no_truth_is_refused_by_edge_and_attribute(given: Any) -> None:
    with pytest.raises(kg.BadInput, match=r"edge 'n' → 't': essential: .* is neither yes nor no"):
        kg.from_networkx(nurses(essential=given))


@pytest.mark.parametrize("name", ["importance", "level"])
@pytest.mark.parametrize("given", [3, 2.5, "4", np.int64(2), np.float64(1.5)])
def test_a_number_without_a_scale_is_on_one_of_the_graphs_own(name: str, given: Any) -> None:
    g = kg.from_networkx(nurses(**{name: given}), source="Hospital")
    ((*_, data),) = kg.graph(g).edges(data=True)
    assert (data[name], data[f"{name}Scale"]) == (float(given), mint("scale", f"hospital-{name}"))
    assert kg.graph(g).nodes[data[f"{name}Scale"]]["label"] == f"Hospital: {name}"


@pytest.mark.parametrize("name", ["importance", "level"])
def test_a_number_that_is_none_says_so(name: str) -> None:
    for missing in (None, float("nan"), "", pd.NA):
        ((*_, data),) = kg.graph(kg.from_networkx(nurses(**{name: missing}))).edges(data=True)
        assert name not in data
    for wrong in ("high", True, float("inf")):
        with pytest.raises(kg.BadInput, match=rf"edge 'n' → 't': {name}: .* is no number"):
            kg.from_networkx(nurses(**{name: wrong}))


@pytest.mark.parametrize("name", ["source", "said_by"])
def test_who_says_so_may_be_named(name: str) -> None:
    g = kg.from_networkx(nurses(**{name: "Ward survey 2025"}), as_of=DAY)
    assert kg.gap(g, "Ward nurse").rows()[0]["sources"] == ["Ward survey 2025"]


def test_a_source_that_is_the_start_of_its_edge_is_refused() -> None:
    with pytest.raises(kg.BadInput, match=r"edge 'n' → 't': source: is the node that the edge begins at"):
        kg.from_networkx(nurses(source="n"))


@pytest.mark.parametrize("cls", [nx.Graph, nx.MultiGraph])
def test_edges_without_a_direction_are_turned_by_kind(cls: type) -> None:
    graph = cls()
    graph.add_node("t", label="Triage", kind="skill")
    graph.add_node("n", label="Ward nurse", kind="role")
    graph.add_edge("t", "n", relation="requires")
    assert needed(graph)["label"] == "Triage"
    graph.add_node("s", label="Senior nurse", kind="role")
    graph.add_edge("n", "s", relation="leadsTo")
    with pytest.raises(kg.BadInput, match=r"edge 'n' → 's': relation: .* has a direction, and the edge has none"):
        kg.from_networkx(graph)


def test_a_directed_edge_the_wrong_way_is_refused() -> None:
    graph = nurses().reverse()
    with pytest.raises(kg.BadInput, match=r"edge 't' → 'n': relation: .* leads the other way"):
        kg.from_networkx(graph)


# --- files of networkx ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["edges", "links"])
def test_node_link_is_read_under_either_key(key: str, tmp_path: Path) -> None:
    import json

    file = tmp_path / "x.json"
    file.write_text(json.dumps(nx.node_link_data(nurses(), edges=key)))
    assert needed(read_nodelink(str(file)))["label"] == "Triage"
    file.write_text('{"nodes": []}')
    with pytest.raises(kg.BadInput, match='neither the key "edges" nor "links"'):
        read_nodelink(file)


@pytest.mark.parametrize("version", ["1.1draft", "1.2draft", "1.3"])
@pytest.mark.parametrize("cls", [nx.MultiDiGraph, nx.DiGraph, nx.Graph])
def test_every_version_of_gexf_is_read(version: str, cls: type, tmp_path: Path) -> None:
    nx.write_gexf(nurses(cls, essential=False, importance=3), tmp_path / "x.gexf", version=version)
    found = read_gexf(tmp_path / "x.gexf")
    assert (len(found), found.number_of_edges()) == (2, 1)
    assert needed(found)["essential"] is False


def test_what_is_no_gexf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.gexf").write_text("<graphml/>")
    with pytest.raises(kg.BadInput, match="its root is <graphml>, not <gexf>"):
        read_gexf(tmp_path / "x.gexf")


# --- what opens ----------------------------------------------------------------------------------------------------

TURTLE = """@prefix kg: <https://w3id.org/career-kg/ontology#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:x:t> a kg:Skill ; skos:prefLabel "Triage"@en ."""


@pytest.mark.parametrize("made", [rdflib.Graph, rdflib.Dataset])
def test_graphs_of_rdflib_open(made: type) -> None:
    g = kg.open(made().parse(data=TURTLE, format="turtle"), as_of=DAY)
    assert [row["label"] for row in kg.list(g, "skills").rows()] == ["Triage"]


def test_a_networkx_graph_and_tables_of_edges_open(shipped: KnowledgeGraph) -> None:
    assert kg.gap(kg.open(nurses(essential="no"), as_of=DAY), "Ward nurse").rows()[0]["essential"] is False
    table = pd.DataFrame(
        {"Role": ["Ward nurse", "Ward nurse"], "Skill": ["Triage", "Charting"], "essential": [1, None]}
    )
    rows = kg.gap(kg.open(table, as_of=DAY), "ward nurse").rows()
    assert {row["label"]: row["essential"] for row in rows} == {"Triage": True, "Charting": None}
    edges = nx.to_pandas_edgelist(kg.graph(shipped, kinds=["role", "skill", "tool"], relations="requires"))
    again = kg.gap(kg.open(edges, as_of=DAY), "AI Engineer").rows()
    wanted = kg.gap(shipped, "AI Engineer").rows()
    assert [(r["label"], r["sources"]) for r in again] == [(r["label"], r["sources"]) for r in wanted]


def test_what_does_not_open_says_what_does() -> None:
    with pytest.raises(kg.BadInput, match=r"columns source, target and relation, .* this one has name"):
        kg.open(pd.DataFrame({"name": ["x"]}))
    with pytest.raises(kg.BadInput, match="row 0: names no source or no target"):
        kg.open(pd.DataFrame({"source": [None], "target": ["x"], "relation": ["requires"]}))
    with pytest.raises(kg.BadInput, match="int is nothing that opens"):
        kg.open(5)
    with pytest.raises(kg.BadInput, match=r"Graph is no open graph. Open it first: kg.open\(…\)"):
        kg.gap(rdflib.Graph(), "x")  # type: ignore[arg-type]  # as somebody may


@pytest.mark.parametrize("ask", [kg.draw, lambda g: kg.gap(g, "x"), kg.from_networkx])
def test_a_graph_of_another_schema_is_refused(ask: Callable[[Any], Any]) -> None:
    for graph in (nx.karate_club_graph(), nx.path_graph(3, create_using=nx.DiGraph)):
        with pytest.raises(kg.BadInput, match="none of our schema: its nodes need a label and a kind"):
            ask(graph)
