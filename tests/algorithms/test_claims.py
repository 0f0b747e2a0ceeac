"""The table of claims: the same from a file as from the store, and a search over it as over the graph."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.algorithms.similarity import Similarity
from kg.careers.required import weights
from kg.careers.role_network import RoleEfforts, TableGraph
from kg.handles.claims import ClaimTable
from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.handles.networkx_graphs import from_networkx
from kg.handles.whole import WholeGraph
from kg.names.graph_names import GraphNames
from kg.questions.path import path, paths
from kg.stores.oxigraph import OxigraphStore
from tests.questions.chains import in_order, steps, why_none
from tests.strategies import Career, careers

if TYPE_CHECKING:
    from typing import Any

DAY = date(2026, 11, 22)


def same(one: ClaimTable, other: ClaimTable) -> bool:
    def equal(a: Any, b: Any) -> bool:
        if isinstance(a, tuple):
            return bool(a == b)
        return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")

    return all(equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(ClaimTable))


def test_a_saved_table_comes_back(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    table = ClaimTable.of(shipped.store)
    table.save(tmp_path / "table.npz")
    assert len(table) > 1_000
    assert same(ClaimTable.load(tmp_path / "table.npz"), table)
    empty = ClaimTable.read([], [], [], [], [], [], [], {})
    empty.save(tmp_path / "empty.npz")
    assert same(ClaimTable.load(tmp_path / "empty.npz"), empty)


def test_it_is_kept_beside_the_store_and_made_anew_where_it_is_broken(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    store = OxigraphStore(tmp_path / "store")
    store.add(shipped.store.quads())
    first = ClaimTable.of(store)
    (kept,) = (tmp_path / "store" / "generation-000001" / "derived").glob("claims-*.npz")
    assert same(ClaimTable.of(store), first)
    kept.write_bytes(kept.read_bytes()[:100])
    assert same(ClaimTable.of(store), first)
    kept.unlink()
    kept.parent.chmod(0o500)
    try:
        assert same(ClaimTable.of(store), first), "a folder that cannot be written is read all the same"
    finally:
        kept.parent.chmod(0o700)


RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@RELAXED
@given(graph=careers(rated=True))
def test_efforts_of_all_roles_at_once_are_those_of_each_pair(graph: Career) -> None:
    whole = GraphHandle(graph, as_of=DAY).whole
    efforts = RoleEfforts(whole.matrix())
    roles = [iri for iri, said in graph.nodes(data=True) if said["kind"] == "role"]
    needs = {role: weights(graph, role) for role in roles}
    for a in roles:
        there = {b: found for b, found in efforts.of(a, True).items() if b in roles}
        assert set(there) == {b for b in roles if needs[a].keys() & needs[b].keys()}
        for b, units in there.items():
            carried = sum(needs[b][i] for i in needs[a].keys() & needs[b].keys())
            assert units == pytest.approx((1 - carried / sum(needs[b].values())) * 1e9, abs=1e4)
            assert efforts.of(b, False)[a] == units


@RELAXED
@given(graph=careers(rated=True), data=st.data())
def test_paths_over_the_table_are_those_over_the_graph(graph: Career, data: st.DataObject) -> None:
    g = from_networkx(graph, as_of=DAY)
    plain = GraphHandle(g.slice("graph"), as_of=DAY)
    g.is_large = True  # a cached property: as if it were
    one, other = data.draw(st.permutations(sorted(iri for iri in graph)))[:2]
    ways = st.sampled_from(
        (["overlap"], ["requires", "^requires"], ["requires", "^requires", "certifies", "^certifies", "overlap"])
    )
    asked: dict[str, Any] = {"via": data.draw(ways), "prefer": data.draw(st.sampled_from(("hops", "effort")))}
    asked["max_effort"] = data.draw(st.sampled_from((None, 1.0, 0.7)))
    mine, theirs = path(g, one, other, **asked), path(plain, one, other, **asked)
    assert (str(mine), mine.rows(), mine.evidence) == (str(theirs), theirs.rows(), theirs.evidence)
    several, slow = paths(g, one, other, limit=4, **asked), paths(plain, one, other, limit=4, **asked)
    assert [str(chain) for chain in several.chains] == [str(chain) for chain in slow.chains]
    assert several.evidence == slow.evidence
    hops = steps(graph, asked["via"], asked["max_effort"] or 1.0)
    chains = in_order(graph, hops, one, other, asked["prefer"])
    assert [[n.iri for n in chain.nodes] for chain in several.chains] == [[*chain] for chain in chains[:4]]
    assert chains or mine.reason.endswith(f", {why_none(graph, hops, one, other)}")


def test_a_table_graph_has_the_edges_of_the_graph(whole: Career) -> None:
    table = TableGraph(WholeGraph(ClaimTable.of(whole), GraphNames(whole), lambda: None), ["requires", "certifies"])  # type: ignore[arg-type, return-value]  # no words are read
    for iri in [*whole][::5]:
        for mine, theirs in ((table.out_edges, whole.out_edges), (table.in_edges, whole.in_edges)):
            expected = [
                (u, v, data["relation"], data["source"], data.get("essential"))
                for u, v, _, data in theirs(iri, keys=True, data=True)
                if data["relation"] in ("requires", "certifies")
            ]
            found = [(u, v, d["relation"], d["source"], d.get("essential")) for u, v, _, d in mine(iri)]
            assert sorted(found, key=str) == sorted(expected, key=str)
    one = TableGraph(WholeGraph(ClaimTable.of(whole), GraphNames(whole), lambda: None), ["requires"], ["https://x.org"])  # type: ignore[arg-type, return-value]  # as above
    assert all(not one.out_edges(iri) for iri in whole)


def test_many_weights_and_few_give_the_same_scores(shipped: KnowledgeGraph) -> None:
    from kg.algorithms import similarity

    matrix = shipped.whole.matrix()
    index = Similarity(matrix, "weighted_jaccard")
    for row in range(len(matrix.roles)):
        by_levels = index.scores(row)
        minima = similarity._minima(index._weights, index._transposed, row)
        sizes = matrix.weights.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            direct = minima / (sizes[row] + sizes - minima)
        assert np.allclose(by_levels, direct, equal_nan=True, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from((0.5, 1.0)), max_size=5), min_size=1, max_size=30
    ),
    st.integers(1, 4),
)
def test_the_nearest_by_top_products_are_those_by_whole_rows(rows: list[dict[str, float]], most: int) -> None:
    """With many ties and empty rows, where the shortcut is in doubt most often."""
    from scipy.sparse import csr_array

    from kg.algorithms import similarity
    from kg.algorithms.matrix import RoleMatrix

    assert similarity._top_products() is not None, "the extra `fast` is among those of the tests"
    dense = np.array([[row.get(item, 0.0) for item in "abcdefgh"] for row in rows])
    matrix = RoleMatrix(tuple(f"r{i:02d}" for i in range(len(rows))), tuple("abcdefgh"), csr_array(dense))
    index = Similarity(matrix, "cosine")
    rank = np.arange(len(rows))[::-1].copy()
    slow = [(at, near.tolist(), scores.tolist()) for at, near, scores in index.nearest(most, rank=rank)]
    by_top = index._nearest_by(similarity._top_products(), most, rank)
    assert [(at, near.tolist(), scores.tolist()) for at, near, scores in by_top] == slow
