"""`similar`: each measure against a slow and obvious version, and against `overlap`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from math import log, sqrt
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.algorithms.matrix import RoleMatrix, Taxonomy
from kg.algorithms.similarity import MEASURES, Measure, Similarity, first
from kg.careers.required import required
from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput, UnknownName
from kg.model.graphs import ClaimGraph
from kg.model.terms import BASE
from kg.questions.overlap import overlap
from kg.questions.similar import similar
from tests.strategies import Career, careers

if TYPE_CHECKING:
    from tests.conftest import Run

Weights = Mapping[str, float]
Pairs = frozenset[tuple[str, str]]
ITEMS = "abcdefgh"


def weighted_jaccard(a: Weights, b: Weights, every: list[Weights], pairs: Pairs) -> float | None:
    union = a.keys() | b.keys()
    high = sum(max(a.get(i, 0), b.get(i, 0)) for i in union)
    return sum(min(a.get(i, 0), b.get(i, 0)) for i in union) / high if a and b else None


def cosine(a: Weights, b: Weights, every: list[Weights], pairs: Pairs) -> float | None:
    norm = sqrt(sum(w * w for w in a.values())) * sqrt(sum(w * w for w in b.values()))
    return sum(w * b.get(i, 0) for i, w in a.items()) / norm if norm else None


def tfidf(a: Weights, b: Weights, every: list[Weights], pairs: Pairs) -> float | None:
    described = [role for role in every if role]
    idf = {i: log(len(described) / n) if (n := sum(i in role for role in every)) else 0 for i in {*a, *b}}
    return cosine({i: w * idf[i] for i, w in a.items()}, {i: w * idf[i] for i, w in b.items()}, every, pairs)


def above(item: str, pairs: Pairs) -> set[str]:
    found = {item}
    while more := {b for a, b in pairs if a in found} - found:
        found |= more
    return found


def lin(a: Weights, b: Weights, every: list[Weights], pairs: Pairs) -> float | None:
    if not a or not b:
        return None
    needs = [i for role in every for i in role]

    def content(concept: str) -> float:
        return -log(sum(concept in above(i, pairs) for i in needs) / len(needs))

    def alike(x: str, y: str) -> float:
        if x == y:
            return 1.0
        common = max((content(c) for c in above(x, pairs) & above(y, pairs)), default=0.0)
        both = content(x) + content(y)
        return 2 * common / both if both > 1e-12 else 0.0

    def one_way(x: Weights, y: Weights) -> float:
        return sum(w * max(alike(i, j) for j in y) for i, w in x.items()) / sum(x.values())

    return (one_way(a, b) + one_way(b, a)) / 2


SLOW: dict[Measure, Callable[[Weights, Weights, list[Weights], Pairs], float | None]] = {
    "weighted_jaccard": weighted_jaccard,
    "cosine": cosine,
    "tfidf": tfidf,
    "lin": lin,
}


def matrix_of(roles: list[Weights]) -> RoleMatrix:
    from scipy.sparse import csr_array

    dense = [[role.get(i, 0.0) for i in ITEMS] for role in roles]
    return RoleMatrix(tuple(f"r{i:02d}" for i in range(len(roles))), tuple(ITEMS), csr_array(dense))


def roles() -> st.SearchStrategy[list[Weights]]:
    weight = st.sampled_from((0.5, 1.0))
    return st.lists(st.dictionaries(st.sampled_from(ITEMS), weight, max_size=6), min_size=1, max_size=7)


def hierarchies() -> st.SearchStrategy[Pairs]:
    ends = st.tuples(st.sampled_from(ITEMS), st.sampled_from(ITEMS + "XYZ"))
    return st.frozensets(ends.filter(lambda pair: pair[0] < pair[1] or pair[1] in "XYZ"), max_size=12)


@pytest.mark.parametrize("measure", MEASURES)
@settings(max_examples=300, deadline=None)
@given(every=roles(), pairs=hierarchies())
def test_each_measure_is_the_slow_and_obvious_one(measure: Measure, every: list[Weights], pairs: Pairs) -> None:
    matrix = matrix_of(every)
    index = Similarity(matrix, measure, Taxonomy.read(matrix, pairs))
    top = {at: (near.tolist(), scores.tolist()) for at, near, scores in index.nearest(3)}
    for at, a in enumerate(every):
        found = [None if score != score else score for score in index.scores(at).tolist()]
        assert found == pytest.approx([SLOW[measure](a, b, every, pairs) for b in every], abs=1e-9)
        others = [(-score, i) for i, score in enumerate(found) if score is not None and i != at]
        best = sorted(others)[:3]
        assert top[at] == ([i for _, i in best], [-score for score, _ in best]), "all at once and one at a time agree"


@pytest.mark.parametrize("measure", MEASURES)
@settings(deadline=None)
@given(every=roles(), pairs=hierarchies())
def test_each_measure_is_a_symmetric_share(measure: Measure, every: list[Weights], pairs: Pairs) -> None:
    matrix = matrix_of(every)
    index = Similarity(matrix, measure, Taxonomy.read(matrix, pairs))
    table = [index.scores(at).tolist() for at in range(len(every))]
    for i, line in enumerate(table):
        assert line[i] != line[i] or line[i] == pytest.approx(1)
        for j, score in enumerate(line):
            assert (score != score and table[j][i] != table[j][i]) or 0 <= score <= 1
            assert score != score or score == pytest.approx(table[j][i], abs=1e-11)


@pytest.mark.parametrize("measure", ["weighted_jaccard", "cosine"])
@settings(max_examples=60, deadline=None)
@given(graph=careers(), essential_only=st.booleans())
def test_scores_and_coverage_are_those_of_overlap(measure: Measure, graph: Career, essential_only: bool) -> None:
    handle = GraphHandle(graph, as_of=date(2026, 11, 22))
    names = sorted(iri for iri, data in graph.nodes(data=True) if data["kind"] == "role")
    answer = similar(handle, names[0], measure=measure, limit=99, essential_only=essential_only)
    assert {found.role.iri for found in (*answer.nearest, *answer.unrated)} == {*names[1:]}
    for found in (*answer.nearest, *answer.unrated):
        pair = overlap(handle, names[0], found.role.iri, essential_only=essential_only)
        described = all(pair.weights[iri] for iri in (names[0], found.role.iri))
        assert (found.score is not None) == described
        assert found.coverage == pytest.approx(pair.measures["coverage_right"])
        if described:
            assert found.score == pytest.approx(pair.measures[measure], abs=1e-9)
            assert {n.iri for n in found.shared} == pair.weights[names[0]].keys() & pair.weights[found.role.iri].keys()


def test_the_shipped_roles_agree_with_overlap_from_store_and_graph(shipped: KnowledgeGraph, whole: Career) -> None:
    for measure in ("weighted_jaccard", "cosine"):
        answer = similar(shipped, "AI Engineer", measure=measure, limit=99)
        for found in answer.nearest[::4]:
            pair = overlap(shipped, "AI Engineer", found.role.iri).measures
            assert (found.score, found.coverage) == pytest.approx((pair[measure], pair["coverage_right"]))
    for measure in MEASURES:
        there = similar(shipped, "Data Engineer", measure=measure)
        here = similar(GraphHandle(whole, as_of=shipped.as_of), "Data Engineer", measure=measure)
        assert (there.rows(), there.evidence, str(there)) == (here.rows(), here.evidence, str(here))


def test_a_role_nobody_describes_is_unrated_and_not_unlike(undescribed: KnowledgeGraph) -> None:
    answer = similar(undescribed, "AI Engineer")
    unrated = [row for row in answer.rows() if not row["rated"]]
    assert "Data Gardener" in {row["label"] for row in unrated}
    assert {(row["score"], row["coverage"]) for row in unrated} == {(None, None)}
    assert answer.measures.items() >= {"measure": "weighted_jaccard", "unrated": len(unrated)}.items()
    alone = similar(undescribed, "Data Gardener")
    assert alone.nearest == ()
    assert "No role can be compared" in str(alone)
    assert len(alone.unrated) == len(undescribed.index.of_kind("role")) - 1


def test_ties_go_by_label_then_iri() -> None:
    graph: Career = nx.MultiDiGraph()
    for i, label in enumerate(["asked", "Zebra", "apple", "Apple", "mango"]):
        graph.add_node(f"{BASE}role/{i}", label=label, kind="role", aliases=())
        graph.add_edge(f"{BASE}role/{i}", f"{BASE}skill/s", relation="requires")
    graph.add_node(f"{BASE}skill/s", label="S", kind="skill", aliases=())
    answer = similar(graph, "asked", limit=3)
    assert [found.role.iri[-1] for found in answer.nearest] == ["2", "3", "4"]


def test_evidence_is_what_the_roles_shown_share(shipped: KnowledgeGraph, whole: Career) -> None:
    answer = similar(shipped, "AI Engineer", limit=2)
    assert isinstance(answer.graph, ClaimGraph)
    for found in answer.nearest:
        both = {n.iri for n in found.shared}
        for r in required(whole, found.role.iri):
            assert r.node.iri not in both or set(r.claims) <= set(answer.evidence)
    assert {claim.subject for claim in answer.evidence} == {answer.role, *(found.role for found in answer.nearest)}
    article = similar(shipped, "AI Engineer", source=["article"])
    assert {claim.source for claim in article.evidence} == {f"{BASE}source/article"}


def test_only_the_nearest_are_kept() -> None:
    import numpy as np

    scores = np.array([0.1, 0.9, np.nan, 0.9, 0.0])
    assert first(scores, 1, np.array([4, 3, 2, 1, 0])).tolist() == [3]
    assert first(scores, 99).tolist() == [1, 3, 0, 4]
    assert first(np.full(3, np.nan), 2).tolist() == []


def test_what_cannot_be_asked_is_refused(shipped: KnowledgeGraph) -> None:
    with pytest.raises(BadInput, match="No measure"):
        similar(shipped, "AI Engineer", measure="dice")  # type: ignore[arg-type]  # that is the point
    with pytest.raises(BadInput, match="1 or more"):
        similar(shipped, "AI Engineer", limit=0)
    with pytest.raises(UnknownName, match="No role"):
        similar(shipped, "Python")
    with pytest.raises(ValueError, match="taxonomy"):
        Similarity(matrix_of([{"a": 1.0}]), "lin")


def test_on_the_command_line(run: Run) -> None:
    assert "by Lin" in run("similar", "AI Engineer", "--measure", "lin", "-n", "2").out
    assert run("similar", "AI Engineer", "--measure", "dice").code == 2
    assert run("similar", "AI Engineer", "-n", "0").code == 2
