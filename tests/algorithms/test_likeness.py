"""Every measure of likeness against a slow and obvious version, on graphs small enough to read."""

from __future__ import annotations

from collections import Counter
from math import log, sqrt
from pathlib import Path
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.algorithms.matrix import RoleMatrix
from kg.algorithms.ranking import found
from kg.algorithms.similarity import Similarity
from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.handles.likeness import KNOWLEDGE_BRANCH, LIKENESS, PARTS, SCORES, TITLES, Combined, rows_of
from kg.handles.networkx_graphs import from_networkx
from kg.handles.words import RoleWords, words_of
from kg.model.errors import BadInput
from kg.model.terms import BASE
from kg.questions.similar import similar

if TYPE_CHECKING:
    from kg.handles.whole import WholeGraph

SCALE = "https://w3id.org/career-kg/ontology#OnetImportanceScale"


def career() -> nx.MultiDiGraph[str]:
    """Four roles: rated, half rated, in words alone, and in nothing but a name that it shares no word of."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    source = {"source": f"{BASE}source/frame", "source_label": "Frame", "source_date": "2025", "origin": "source"}

    def node(kind: str, name: str, **more: Any) -> str:
        iri = KNOWLEDGE_BRANCH if name == "branch" else f"{BASE}{kind}/{name}"
        graph.add_node(iri, **{"label": name, "kind": kind, "aliases": (), **more})
        return iri

    def tie(subject: str, relation: str, target: str, **more: Any) -> None:
        graph.add_edge(
            subject, target, key=f"{BASE}claim/{graph.number_of_edges():03d}", relation=relation, **source, **more
        )

    listening, writing = node("skill", "listening"), node("skill", "writing")
    physics, branch = node("skill", "physics"), node("skill", "branch")
    law = node("skill", "law", skillType="knowledge")
    tie(physics, "broader", branch)
    tools = [node("tool", name) for name in ("hammer", "lathe", "phone")]
    tasks = [
        node("activity", f"task-{i}", label=label)
        for i, label in enumerate(
            ("Weld steel pipes.", "Inspect welded pipes.", "Argue cases in court.", "Inspect files.")
        )
    ]
    a = node("role", "a", label="Pipe welder", definition="Joins pipes by welding them.")
    b = node("role", "b", label="Pipe inspector", aliases=("Weld inspector",))
    c = node("role", "c", label="Lawyer", definition="Argues for others.")
    d = node("role", "d", label="Oracle")
    for role, ratings in ((a, {listening: 2, physics: 4}), (b, {listening: 4, writing: 3, physics: 5, law: 2})):
        for item, importance in ratings.items():
            tie(role, "requires", item, importance=float(importance), importanceScale=SCALE)
    for role, indexes in ((a, (0, 1)), (b, (0,)), (c, (2,))):
        for i in indexes:
            tie(role, "uses", tools[i])
    tie(a, "requires", tools[2])
    for role, task_indexes in ((a, (0, 1)), (b, (1, 3)), (c, (2, 3))):
        for i in task_indexes:
            tie(role, "worksOn", tasks[i])
    assert d
    return graph


@pytest.fixture(scope="module")
def whole() -> WholeGraph:
    return from_networkx(career(), as_of="2026-11-22").whole


def cosine(left: dict[str, float], right: dict[str, float]) -> float | None:
    norm = sqrt(sum(w * w for w in left.values()) * sum(w * w for w in right.values()))
    return sum(w * right.get(k, 0.0) for k, w in left.items()) / norm if norm else None


def by_rarity(rows: list[dict[str, float]]) -> list[dict[str, float]]:
    described = [row for row in rows if row]
    idf = {k: log(len(described) / sum(k in row for row in rows)) for row in rows for k in row}
    return [{k: w * idf[k] for k, w in row.items()} for row in rows]


def counted(*texts: str) -> dict[str, float]:
    return {word: 1 + log(n) for word, n in Counter(word for text in texts for word in words_of(text)).items()}


TASKS = (
    ("Weld steel pipes.", "Inspect welded pipes."),
    ("Inspect welded pipes.", "Inspect files."),
    ("Argue cases in court.", "Inspect files."),
    (),
)
OTHER = (
    ("Pipe welder", "Joins pipes by welding them."),
    ("Pipe inspector", "Weld inspector"),
    ("Lawyer", "Argues for others."),
    ("Oracle",),
)
ASPECTS: dict[str, list[dict[str, float]]] = {
    "skills": [{"listening": 0.25}, {"listening": 0.75, "writing": 0.5}, {}, {}],
    "knowledge": [{"physics": 0.75}, {"physics": 1.0, "law": 0.25}, {}, {}],
    "technology": by_rarity([{"hammer": 1.0, "lathe": 1.0, "phone": 1.0}, {"hammer": 1.0}, {"phone": 1.0}, {}]),
    "tasks": by_rarity([counted(*tasks) for tasks in TASKS]),
    "text": by_rarity([counted(*tasks, *other) for tasks, other in zip(TASKS, OTHER, strict=True)]),
}


@pytest.mark.parametrize("measure", ASPECTS)
def test_each_aspect_is_the_cosine_of_what_it_reads(whole: WholeGraph, measure: Any) -> None:
    index, rows = whole.likeness(measure), ASPECTS[measure]
    for at, row in enumerate(rows):
        expected = [cosine(row, other) for other in rows]
        assert [None if s != s else s for s in index.scores(at).tolist()] == pytest.approx(expected, abs=1e-9)


def test_combined_is_the_weighted_average_where_all_parts_rate(whole: WholeGraph) -> None:
    index = whole.likeness("combined")
    assert isinstance(index, Combined)
    spread = {}
    for part in PARTS:
        scores = [cosine(x, y) for i, x in enumerate(ASPECTS[part]) for j, y in enumerate(ASPECTS[part]) if i != j]
        known = [score for score in scores if score is not None]
        spread[part] = fmean(known), max(pstdev(known), 1e-9)
    for part in PARTS:
        assert index.spread[part] == pytest.approx(spread[part], abs=1e-9)
    total = sum(1 / deviation for _, deviation in spread.values())
    average = sum((cosine(ASPECTS[p][0], ASPECTS[p][1]) or 0.0) / spread[p][1] / total for p in PARTS)
    assert index.scores(0)[1] == pytest.approx(average, abs=1e-9)
    assert index.scores(0)[0] == 1.0, "what is the same is wholly alike"
    assert sum(index.weights.values()) == pytest.approx(1.0)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.dictionaries(st.sampled_from("abcde"), st.sampled_from((0.25, 0.5, 1.0)), max_size=4)] * 3),
        min_size=3,
        max_size=7,
    )
)
def test_combined_is_symmetric_within_bounds_and_rates_what_any_part_rates(rows: list[Any]) -> None:
    from scipy.sparse import csr_array

    names = tuple(f"r{i}" for i in range(len(rows)))

    def index_of(part: int) -> Similarity:
        dense = [[row[part].get(item, 0.0) for item in "abcde"] for row in rows]
        return Similarity(RoleMatrix(names, tuple("abcde"), csr_array(dense)), "cosine")

    parts = {name: index_of(i) for i, name in enumerate(PARTS)}
    index = Combined(parts)
    table = np.array([index.scores(i) for i in range(len(rows))])
    rated = table[~np.isnan(table)]
    assert ((rated >= 0) & (rated <= 1)).all()
    assert np.array_equal(table, table.T, equal_nan=True)
    usable = [part for part in parts.values() if np.count_nonzero(part.rated) > 1]
    for i in range(len(rows)):
        for j in range(len(rows)):
            both = any(part.rated[i] and part.rated[j] for part in usable)
            assert (table[i, j] == table[i, j]) == both


def test_a_graph_and_its_store_give_the_same_words_and_measures(whole: WholeGraph) -> None:
    from datetime import date

    graph = GraphHandle(career(), as_of=date(2026, 11, 22)).whole
    assert graph.words.words == whole.words.words
    assert (graph.words.everything != whole.words.everything).nnz == 0
    assert (graph.words.tasks != whole.words.tasks).nnz == 0
    for measure in LIKENESS:
        for at in range(4):
            left, right = graph.likeness(measure).scores(at), whole.likeness(measure).scores(at)
            assert np.array_equal(left, right, equal_nan=True), measure


def test_words_come_back_from_their_file(whole: WholeGraph, tmp_path: Path) -> None:
    path = tmp_path / "words.npz"
    whole.words.save(path)
    read = RoleWords.load(path)
    assert (read.roles, read.words, read.knowledge) == (whole.words.roles, whole.words.words, whole.words.knowledge)
    assert (read.everything != whole.words.everything).nnz == 0
    assert (read.tasks != whole.words.tasks).nnz == 0


def test_rows_are_put_in_the_order_asked_for(whole: WholeGraph) -> None:
    matrix = whole.matrix()
    roles = ("nobody", *reversed(matrix.roles), "nobody else")
    found = rows_of(matrix, roles)
    assert found.roles == roles
    assert [found.row(role) for role in roles] == [matrix.row(role) for role in roles]


# --- in the answer -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def handle() -> KnowledgeGraph:
    return from_networkx(career(), as_of="2026-11-22")


def test_by_default_rated_graphs_are_compared_by_all_together(handle: KnowledgeGraph, shipped: KnowledgeGraph) -> None:
    answer = similar(handle, "Pipe welder")
    assert answer.measure == "combined"
    assert [alike.role.label for alike in answer.nearest] == ["Pipe inspector", "Lawyer", "Oracle"]
    rated, worded, bare = answer.rows()
    assert all(rated[part] is not None for part in PARTS)
    assert (worded["knowledge"], worded["skills"]) == (None, None)
    assert worded["text"] is not None
    assert bare["score"] is not None, "its name is rated, though it has no word in common"
    assert similar(handle, "Pipe welder", source=["frame"]).measure == "weighted_jaccard"
    assert similar(shipped, "AI Engineer").measure == "weighted_jaccard", "its sources rate nothing"
    assert "text" not in similar(shipped, "AI Engineer").rows()[0]


def test_every_measure_says_how_far_it_can_be_trusted(handle: KnowledgeGraph) -> None:
    from kg.views.text_tables import plain_text

    for measure in LIKENESS:
        answer = similar(handle, "Pipe welder", measure=measure)
        assert answer.measures["yardstick_recall_at_20"] == SCORES[measure].recall
        said = " ".join(plain_text(answer).split())
        assert f"On O*NET 29.3 {TITLES[measure]} finds {SCORES[measure].recall:.0%}" in said
        help_text = " ".join((similar.__doc__ or "").split())
        assert f"{measure} {SCORES[measure].recall:.0%}" in help_text, "the help says so too"


@pytest.mark.parametrize(
    ("measure", "options", "message"),
    [
        ("text", {"source": ["frame"]}, "text reads words, which --source does not choose from"),
        ("combined", {"essential_only": True}, "combined reads words too, which --essential-only does not"),
        ("technology", {"essential_only": True}, "technology reads tools, rated or not"),
        ("nearness", {}, 'No measure "nearness". Choose from weighted_jaccard, cosine'),
    ],
)
def test_what_cannot_be_chosen_from_is_refused(
    handle: KnowledgeGraph, measure: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        similar(handle, "Pipe welder", measure=measure, **options)
    if measure == "technology":
        assert similar(handle, "Pipe welder", measure=measure, source=["frame"]).nearest


# --- how well a ranking finds --------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from((None, 0.0, 0.25, 0.5, 1.0)), st.booleans()), min_size=2, max_size=12),
    st.integers(1, 5),
)
def test_a_ranking_is_scored_as_counting_by_hand_says(pairs: list[tuple[float | None, bool]], most: int) -> None:
    relevant = [hit for _, hit in pairs]
    if not any(relevant):
        return
    scores = np.array([np.nan if score is None else score for score, _ in pairs])
    result = found(scores, np.array(relevant), np.arange(len(pairs)), most=most)
    level = [-1.0 if score is None else score for score, _ in pairs]
    order = sorted(range(len(pairs)), key=lambda i: (-level[i], i))
    assert result.recall == sum(relevant[i] for i in order[:most]) / sum(relevant)
    assert result.reciprocal == 1 / (1 + min(place for place, i in enumerate(order) if relevant[i]))
    duels = [
        (level[i] > level[j]) + 0.5 * (level[i] == level[j])
        for i in range(len(pairs))
        for j in range(len(pairs))
        if relevant[i] and not relevant[j]
    ]
    assert result.auc == pytest.approx(fmean(duels)) if duels else result.auc != result.auc
