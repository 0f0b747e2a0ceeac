"""`overlap`: what nodes share and what sets them apart, against the article, SPARQL and scipy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.spatial import distance

from kg.algorithms.measures import Measures, compare
from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.model.answers import Row
from kg.model.errors import AmbiguousName, BadInput, UnknownName
from kg.model.graphs import local_name
from kg.model.terms import BASE
from kg.questions.overlap import Overlap, overlap
from kg.questions.show import show
from kg.stores.binding import bind, load_query
from kg.stores.memory import MemoryStore
from kg.stores.port import Store
from tests.conftest import some
from tests.strategies import Career, careers, weights

if TYPE_CHECKING:
    from tests.conftest import Run

AI, ML = f"{BASE}role/ai-engineer", f"{BASE}role/machine-learning-engineer"
ARTICLE = f"{BASE}source/article"
#: The article's "Key Differences" table as it stands in lines 30 to 34, its cells split where it lists.
KEY_DIFFERENCES = {
    "Primary focus": (["Building AI applications"], ["Developing machine learning models"], [30]),
    "Work scope": (["End-to-end intelligent systems"], ["Model training and optimization"], [31]),
    "Technologies": (["LLMs", "AI agents", "RAG systems"], ["ML algorithms", "statistical models"], [32]),
    "Skills": (["Software engineering", "AI systems"], ["Data science", "ML algorithms"], [33]),
    "Typical tools": (
        ["LangChain", "APIs", "cloud AI platforms"],
        ["TensorFlow", "PyTorch", "Scikit-learn"],
        [34],
    ),
}


def roles_of(graph: Career) -> list[str]:
    return sorted(iri for iri, data in graph.nodes(data=True) if data.get("kind") == "role")


def without_circumstances(answer: Overlap) -> tuple[object, ...]:
    """Return all that an answer says, but not how it was asked."""
    return str(answer), answer.rows(), answer.measures, answer.comparison, answer.evidence, answer.sections()


def by_sparql(store: Store, left: str, right: str, sources: Sequence[str] = ()) -> set[tuple[object, ...]]:
    query = bind(load_query("overlap_answer"), left=[left], role=[left, right], source=sources)
    return {(row["facet"], row["item"], row["side"]) for row in store.select(query).dicts()}


def in_python(answer: Overlap) -> set[tuple[object, ...]]:
    """Return all that is said, under every facet; the rows of an answer have a thing once."""
    said = (one for item in answer.items for one in (item, *item.also))
    return {(one.facet, one.node.iri, answer.side(one)) for one in said}


def test_the_table_of_the_article_comes_out_of_the_graph(shipped: KnowledgeGraph) -> None:
    answer = overlap(shipped, "AI Engineer", "Machine Learning Engineer", source=["article"])
    found = {row["category"]: (row[AI], row[ML], row["lines"]) for row in answer.comparison}
    assert found == KEY_DIFFERENCES
    assert [*found] == [*KEY_DIFFERENCES]
    assert {claim.source for claim in answer.evidence} == {ARTICLE}
    assert {claim.origin for claim in answer.evidence} == {"article"}


def test_the_article_gives_its_skills_and_tools_as_items_with_lines(shipped: KnowledgeGraph) -> None:
    answer = overlap(shipped, "AI Engineer", "Machine Learning Engineer", source=["article"])
    said = [one for item in answer.items for one in (item, *item.also)]
    typical = {(one.node.label, answer.side(one)) for one in said if one.facet == "typical tools"}
    assert typical == {
        ("LangChain", "left"),
        ("API integration", "left"),
        ("Cloud AI platforms", "left"),
        ("TensorFlow", "right"),
        ("PyTorch", "right"),
        ("scikit-learn", "right"),
    }
    assert all(one.lines == (34,) for one in said if one.facet == "typical tools" and one.node.label != "LangChain")
    assert {one.lines[0] for one in said if one.facet == "primary focus"} == {30}
    assert {one.lines[0] for one in said if one.facet == "work scope"} == {31}


@pytest.mark.parametrize("source", [(), ("article",)])
def test_a_thing_stands_on_one_side_once(shipped: KnowledgeGraph, whole: Career, source: Sequence[str]) -> None:
    handle = GraphHandle(whole, as_of=shipped.as_of)
    for left, right in [(AI, ML), *combinations(roles_of(whole)[::5], 2)]:
        answer = overlap(handle, left, right, source=source)
        assert len({row["iri"] for row in answer.rows()}) == len(answer.rows())
        needed = {row["label"].casefold(): row["side"] for row in answer.rows() if row["facet"] in ("skills", "tools")}
        for row in answer.rows():
            assert needed.get(row["label"].casefold(), row["side"]) == row["side"], "nor by name"


def test_what_the_table_of_the_article_names_is_marked(shipped: KnowledgeGraph) -> None:
    answer = overlap(shipped, AI, ML)
    cells = {cell for section in answer.sections() for row in section.rows for cell in row}
    assert {"LangChain [table]", "PyTorch [table: Machine Learning Engineer]"} <= cells
    rows = {row["label"]: row for row in answer.rows()}
    assert rows["PyTorch"]["side"] == "both"
    assert "typical tools: Machine Learning Engineer" in rows["PyTorch"]["also"]
    assert answer.sections()[0].title == "Skills", "the table itself is what the article alone says"
    assert "[table] the article's own table names it." in answer.sections()[-1].note


def test_sentences_name_the_roles(shipped: KnowledgeGraph) -> None:
    answer = overlap(shipped, AI, ML)
    left, right = (f"{answer.measures[name]:.0%}" for name in ("coverage_left", "coverage_right"))
    assert f"Machine Learning Engineer brings {left} of what AI Engineer asks for" in str(answer)
    assert f"AI Engineer {right} of what Machine Learning Engineer asks for, by weight." in str(answer)
    assert "the first" not in str(answer)
    assert "the second" not in str(answer)
    for names in (("AI-103", "AIP-C01"), ("Machine learning", "Python"), (AI, ML, "Data Scientist")):
        said = str(overlap(shipped, *names))
        assert "the first" not in said
        assert "the second" not in said


def test_certifications_are_compared_first_by_what_one_asks_first(shipped: KnowledgeGraph) -> None:
    answer = overlap(shipped, "AI-102", "AI-500", "AIP-C01")
    first = answer.sections()[0]
    assert [row[0] for row in first.rows] == [
        "level",
        "price",
        "minutes",
        "valid for",
        "renewal",
        "status",
        "prerequisites",
    ]
    for n, column in zip(answer.nodes, list(zip(*first.rows, strict=True))[1:], strict=True):
        card = show(shipped, n.iri)
        price = card.measures["price_usd"]
        assert column[1] == ("not stated" if price is None else "free" if not price else f"USD {price:g}")
        minutes = card.measures["exam_minutes"]
        assert column[2] == ("not stated" if minutes is None else str(minutes))
        assert column[5].split(",")[0].split(";")[0] == card.measures["status"]
    assert [*answer.exams[0]] == ["about", *(n.iri for n in answer.nodes)]
    needed = {row["label"] for row in answer.rows() if row["facet"] == "prerequisites"}
    assert needed
    assert {name for cell in first.rows[-1][1:] if cell != "none stated" for name in cell.split(", ")} == needed
    assert overlap(shipped, AI, ML).exams == ()


def test_the_table_is_the_first_thing_a_reader_sees(shipped: KnowledgeGraph) -> None:
    (first, *_) = overlap(shipped, "AI Engineer", "ML engineer", source=["article"]).sections()
    assert first.title == "Key differences, as the article has them"
    assert [row[0] for row in first.rows] == [*KEY_DIFFERENCES]
    assert [row[-1] for row in first.rows] == ["30", "31", "32", "33", "34"]


def test_only_roles_have_the_table_of_the_article(shipped: KnowledgeGraph) -> None:
    assert overlap(shipped, "Data science", "Software engineering").comparison == ()
    assert overlap(shipped, "AI Engineer", "Data Scientist", source=["esco-111"]).comparison == ()


def test_graph_and_sparql_agree_on_every_pair_of_roles_and_the_handle_too(
    shipped: KnowledgeGraph, whole: Career
) -> None:
    roles = some(roles_of(whole))
    handle = GraphHandle(whole, as_of=shipped.as_of)
    for i, (left, right) in enumerate(combinations(roles, 2)):
        answer = overlap(handle, left, right)
        assert by_sparql(shipped.store, left, right) == in_python(answer), (left, right)
        if i % 5 == 0:  # a slice takes longer than the answer itself
            assert without_circumstances(overlap(shipped, left, right)) == without_circumstances(answer), (left, right)


def test_sparql_agrees_where_only_one_source_is_asked(shipped: KnowledgeGraph) -> None:
    for source in ("article", "esco-111", "career-kg"):
        answer = overlap(shipped, AI, ML, source=[source])
        assert by_sparql(shipped.store, AI, ML, [f"{BASE}source/{source}"]) == in_python(answer)
        assert {claim.source for claim in answer.evidence} <= {f"{BASE}source/{source}"}


def test_rdflib_gives_the_same_answer(shipped: KnowledgeGraph) -> None:
    memory = MemoryStore()
    memory.add(shipped.store.quads())
    for left, right in ((AI, ML), (f"{BASE}role/data-scientist", f"{BASE}role/analytics-engineer")):
        answer = overlap(shipped, left, right)
        assert by_sparql(memory, left, right) == in_python(answer)
        in_memory = KnowledgeGraph(memory, as_of=shipped.as_of)
        assert without_circumstances(overlap(in_memory, left, right)) == without_circumstances(answer)


def test_swapping_the_nodes_swaps_the_sides(shipped: KnowledgeGraph, whole: Career) -> None:
    other_side = {"both": "both", "left": "right", "right": "left"}
    for left, right in combinations(roles_of(whole)[::3], 2):
        there, back = overlap(shipped, left, right), overlap(shipped, right, left)
        assert {(f, i, other_side[s]) for f, i, s in in_python(there)} == in_python(back)  # type: ignore[index]  # a side is text
        assert there.measures["jaccard"] == back.measures["jaccard"]
        assert there.measures["coverage_left"] == back.measures["coverage_right"]


# The measures


def oracle(left: Mapping[str, float], right: Mapping[str, float]) -> Measures:
    """Return the measures as scipy has them; it knows no coverage, which is a plain ratio."""
    members = sorted(left.keys() | right.keys())
    a, b = [left.get(x, 0.0) for x in members], [right.get(x, 0.0) for x in members]
    return Measures(
        jaccard=1 - float(distance.jaccard([x > 0 for x in a], [x > 0 for x in b])),
        # Ruzicka's similarity is (|a|+|b|-d)/(|a|+|b|+d), d being the city block distance.
        weighted_jaccard=(sum(a) + sum(b) - distance.cityblock(a, b)) / (sum(a) + sum(b) + distance.cityblock(a, b)),
        cosine=1 - float(distance.cosine(a, b)),
        coverage_left=sum(x for x, y in zip(a, b, strict=True) if y) / sum(a),
        coverage_right=sum(y for x, y in zip(a, b, strict=True) if x) / sum(b),
    )


def values(measures: Measures) -> dict[str, float | None]:
    return {name: getattr(measures, name) for name in Measures.__slots__}


@given(weights(), weights())
def test_measures_agree_with_scipy(left: dict[str, float], right: dict[str, float]) -> None:
    assume(left and right)
    assert values(compare(left, right)) == pytest.approx(values(oracle(left, right)), abs=1e-9)


@given(weights(), weights())
def test_measures_are_shares_and_most_are_symmetric(left: dict[str, float], right: dict[str, float]) -> None:
    there, back = compare(left, right), compare(right, left)
    assert all(value is None or 0 <= value <= 1 for value in values(there).values())
    assert (there.jaccard, there.weighted_jaccard) == (back.jaccard, back.weighted_jaccard)
    assert there.cosine == (None if back.cosine is None else pytest.approx(back.cosine))
    assert (there.coverage_left, there.coverage_right) == (back.coverage_right, back.coverage_left)


@given(weights())
def test_a_set_is_wholly_like_itself(same: dict[str, float]) -> None:
    assume(same)
    assert values(compare(same, same)) == pytest.approx(dict.fromkeys(Measures.__slots__, 1.0))


@given(weights(), weights())
def test_sets_without_a_common_member_are_not_alike(left: dict[str, float], right: dict[str, float]) -> None:
    right = {name.upper(): weight for name, weight in right.items()}
    assume(left and right)
    assert values(compare(left, right)) == dict.fromkeys(Measures.__slots__, 0.0)


def test_of_empty_sets_nothing_can_be_said() -> None:
    assert values(compare({}, {})) == dict.fromkeys(Measures.__slots__)
    one_sided = compare({"a": 1.0}, {})
    assert (one_sided.jaccard, one_sided.coverage_left, one_sided.coverage_right) == (0.0, 0.0, None)


def test_essential_weighs_one_optional_half_and_the_larger_counts(shipped: KnowledgeGraph, whole: Career) -> None:
    for left, right in list(combinations(roles_of(whole), 2))[::19]:
        answer = overlap(shipped, left, right)
        for role in (left, right):
            expected: dict[str, float] = {}
            for _, target, data in whole.out_edges(role, data=True):
                if data["relation"] == "requires":
                    weight = 0.5 if data.get("essential") is False else 1.0
                    expected[target] = max(weight, expected.get(target, 0.0))
            assert answer.weights[role] == expected
        assert answer.measures == pytest.approx(values(compare(answer.weights[left], answer.weights[right])))


@settings(max_examples=50)
@given(graph=careers(), essential_only=st.booleans())
def test_any_two_roles_of_any_graph(graph: Career, essential_only: bool) -> None:
    handle = GraphHandle(graph, as_of=date(2026, 11, 22))
    left, right = roles_of(graph)[:2]
    answer = overlap(handle, left, right, essential_only=essential_only)
    required: list[set[str]] = [
        {
            target
            for _, target, data in graph.out_edges(role, data=True)
            if data["relation"] == "requires" and not (essential_only and data.get("essential") is False)
        }
        for role in (left, right)
    ]
    sides = {row["iri"]: row["side"] for row in answer.rows() if row["facet"] in ("skills", "tools")}
    assert {iri for iri, side in sides.items() if side == "both"} == required[0] & required[1]
    assert {iri for iri, side in sides.items() if side == "left"} == required[0] - required[1]
    assert {iri for iri, side in sides.items() if side == "right"} == required[1] - required[0]
    assert ("not described" in str(answer)) == (not all(required))
    assert len(answer.evidence) == len({claim.iri for claim in answer.evidence})
    assert list(answer.evidence) == sorted(answer.evidence, key=lambda claim: claim.sort_key)
    assert all(len(row) == len(section.header) for section in answer.sections() for row in section.rows)


# Roles that nobody describes, more than two nodes, other kinds


def test_a_role_without_requirements_is_not_described(undescribed: KnowledgeGraph) -> None:
    answer = overlap(undescribed, "Data Gardener", "Data Analyst")
    assert "Data Gardener is not described" in str(answer)
    assert answer.measures["coverage_left"] is None
    assert answer.measures["jaccard"] == 0
    assert ("of Data Gardener, covered by Data Analyst", "not described") in answer.sections()[-1].rows


def test_of_two_roles_without_requirements_nothing_can_be_measured() -> None:
    graph: Career = nx.MultiDiGraph()
    for name in ("One", "Two"):
        graph.add_node(f"{BASE}role/{name.lower()}", label=name, kind="role", aliases=())
    answer = overlap(GraphHandle(graph, as_of=date(2026, 11, 22)), "One", "Two")
    assert set(answer.measures.values()) == {None}
    assert "One and Two are not described" in str(answer)
    assert answer.sections()[-1].note.endswith("Evidence: none.")


def test_three_roles(shipped: KnowledgeGraph) -> None:
    names = ("AI Engineer", "ML engineer", "Data Scientist")
    answer = overlap(shipped, *names)
    by_iri = {iri: set(vector) for iri, vector in answer.weights.items()}
    shared, union = set.intersection(*by_iri.values()), set.union(*by_iri.values())
    assert shared
    assert answer.measures["jaccard"] == len(shared) / len(union)
    assert 0 < answer.measures["weighted_jaccard"] <= answer.measures["jaccard"]
    assert str(answer).endswith(f"all share {len(shared)} of {len(union)} skills and tools.")
    for row in answer.rows():
        if row["facet"] in ("skills", "tools"):
            having = [n.label for n in answer.nodes if row["iri"] in by_iri[n.iri]]
            assert row["having"] == having
            assert row["side"] == side_of(having, answer)
    assert any(row["side"] == "some" for row in answer.rows())


def side_of(having: Sequence[str], answer: Overlap) -> str:
    labels = [n.label for n in answer.nodes]
    known = {tuple(labels): "both", (labels[0],): "left", (labels[-1],): "right"}
    return known.get(tuple(having), "some")


def test_certifications_are_compared_by_what_they_test(shipped: KnowledgeGraph, whole: Career) -> None:
    answer = overlap(shipped, "AI-103", "AIP-C01")
    tested = [
        {v for _, v, data in whole.out_edges(n.iri, data=True) if data["relation"] == "certifies"} for n in answer.nodes
    ]
    assert answer.measures["jaccard"] == len(tested[0] & tested[1]) / len(tested[0] | tested[1]) > 0


def test_skills_and_tools_are_compared_by_who_needs_them(shipped: KnowledgeGraph, whole: Career) -> None:
    answer = overlap(shipped, "Machine learning", "Python")
    needed = [
        {u for u, _, data in whole.in_edges(n.iri, data=True) if data["relation"] in ("requires", "certifies")}
        for n in answer.nodes
    ]
    assert [n.kind for n in answer.nodes] == ["skill", "tool"]
    assert answer.measures["jaccard"] == len(needed[0] & needed[1]) / len(needed[0] | needed[1]) > 0
    assert {row["facet"] for row in answer.rows()} <= {"roles", "certifications", "prerequisites"}


def test_what_is_no_longer_offered_is_marked(shipped: KnowledgeGraph) -> None:
    answer = overlap(shipped, "AI Engineer", "ML engineer", source=["article"])
    (retired,) = [row for row in answer.rows() if row["iri"] == f"{BASE}certification/ms-ai-102"]
    assert retired["status"] == "retired"
    cells = [cell for section in answer.sections() for row in section.rows for cell in row]
    assert "Microsoft Certified: Azure AI Engineer Associate [retired]" in cells
    before = KnowledgeGraph(shipped.store, as_of=date(2026, 1, 15))
    rows: tuple[Row, ...] = overlap(before, "AI Engineer", "ML engineer", source=["article"]).rows()
    assert {row["status"] for row in rows if row["iri"] == f"{BASE}certification/ms-ai-102"} == {"active"}


def test_essential_only_leaves_out_what_is_only_optional(shipped: KnowledgeGraph) -> None:
    every = overlap(shipped, "AI Engineer", "ML engineer")
    essential = overlap(shipped, "AI Engineer", "ML engineer", essential_only=True)
    assert set(essential.weights[AI]) == {iri for iri, weight in every.weights[AI].items() if weight == 1}
    assert all(claim.essential is not False for claim in essential.evidence)


@pytest.mark.parametrize(
    ("names", "error", "match"),
    [
        ((), BadInput, "two or more"),
        (("AI Engineer",), BadInput, "two or more"),
        (("AI Engineer", "ai engineer"), BadInput, "named twice"),
        (("AI Engineer", "Python"), BadInput, "one kind"),
        (("AI Engineer", "AI-102"), BadInput, "one kind"),
        (("Python", "Machine learning", "AI-102"), BadInput, "one kind"),
        (("AI Engineer", "qqqqqq"), UnknownName, "qqqqqq"),
        (("AI Engineer", "Data Engineer Associate"), AmbiguousName, "may mean"),
        (("Microsoft", "Databricks, Inc"), UnknownName, "Microsoft"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    shipped: KnowledgeGraph, names: Sequence[str], error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        overlap(shipped, *names)


def test_evidence_carries_every_requirement(shipped: KnowledgeGraph, whole: Career) -> None:
    answer = overlap(shipped, AI, ML)
    claims = {claim.iri for claim in answer.evidence}
    for role in (AI, ML):
        for _, _, key, data in whole.out_edges(role, keys=True, data=True):
            if data["relation"] in ("requires", "uses", "worksOn", "focusesOn"):
                assert key in claims
    assert {local_name(claim.source) for claim in answer.evidence} >= {"article", "esco-111"}


def test_the_sparql_of_an_answer_selects_its_slice(shipped: KnowledgeGraph) -> None:
    answer = overlap(shipped, AI, ML, source=["article"])
    assert AI in answer.sparql
    assert ARTICLE in answer.sparql
    assert shipped.store.construct(answer.sparql)


def test_exit_codes(run: Run) -> None:
    assert run("overlap", "AI Engineer", "ML engineer").code == 0
    assert run("overlap", "AI Engineer").code == 2
    assert run("overlap", "AI Engineer", "Python").code == 2
