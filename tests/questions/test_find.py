"""`find`: forgiving, and never a guess between two."""

from __future__ import annotations

from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import AmbiguousName, BadInput, UnknownName
from kg.model.folding import fold
from kg.model.iris import curie
from kg.model.statements import Value
from kg.model.terms import BASE
from kg.names.graph_names import GraphNames
from kg.names.lookup import ASKABLE, resolve
from kg.questions.find import find
from kg.stores.binding import bind, load_query
from tests.strategies import Career, careers

if TYPE_CHECKING:
    from tests.conftest import Run


def craft(*nodes: tuple[str, str] | tuple[str, str, tuple[str, ...]], **more: Any) -> Career:
    """Return a graph of nodes given as (kind/slug, label, aliases)."""
    graph: Career = nx.MultiDiGraph()
    for path, label, *aliases in nodes:
        names = aliases[0] if aliases else ()
        graph.add_node(f"{BASE}{path}", kind=path.partition("/")[0], label=label, aliases=names, **more)
    return graph


def names_of(graph: Career, iri: str) -> set[str]:
    """Return label, aliases and exam codes of a node."""
    data = graph.nodes[iri]
    codes = data.get("examCode", ())
    return {data["label"], *data.get("aliases", ()), *((codes,) if isinstance(codes, str) else codes)}


@pytest.mark.parametrize(
    ("text", "path", "match"),
    [
        ("Python", "tool/python", "label"),
        ("python", "tool/python", "label"),
        ("PYTHON", "tool/python", "label"),
        ("  Python ", "tool/python", "label"),
        ("scikit-learn", "tool/scikit-learn", "label"),
        ("Scikit learn", "tool/scikit-learn", "label"),
        ("sklearn", "tool/scikit-learn", "alias"),
        ("ml engineer", "role/machine-learning-engineer", "alias"),
        ("ML Engineer", "role/machine-learning-engineer", "alias"),
        ("AIP-C01", "certification/aws-aip-c01", "code"),
        ("aip c01", "certification/aws-aip-c01", "code"),
        ("aipc01", "certification/aws-aip-c01", "code"),
        ("ai-102", "certification/ms-ai-102", "code"),
        ("tensorflw", "tool/tensorflow", "spelling"),
        ("machine lerning enginer", "role/machine-learning-engineer", "spelling"),
        ("ms-ai-102", "certification/ms-ai-102", "iri"),
        ("certification:ms-ai-102", "certification/ms-ai-102", "iri"),
        (f"{BASE}certification/ms-ai-102", "certification/ms-ai-102", "iri"),
    ],
)
def test_one_node_answers(shipped: KnowledgeGraph, text: str, path: str, match: str) -> None:
    (hit,) = find(shipped, text).hits
    assert (hit.node.iri, hit.match) == (BASE + path, match)
    assert shipped.resolve(text).iri == BASE + path


def test_every_name_of_every_node_leads_to_it(shipped: KnowledgeGraph, whole: Career) -> None:
    lost = [
        (iri, name)
        for iri, data in whole.nodes(data=True)
        if data.get("kind") in ASKABLE
        for name in sorted(names_of(whole, iri))
        if iri not in {hit.node.iri for hit in find(shipped, name).hits}
    ]
    assert not lost


def test_short_form_and_iri_are_never_ambiguous(shipped: KnowledgeGraph, whole: Career) -> None:
    for iri, data in whole.nodes(data=True):
        if data.get("kind") in ASKABLE:
            assert shipped.resolve(iri).iri == iri
            assert shipped.resolve(curie(iri)).iri == iri


def test_an_activity_is_meant_only_where_nothing_else_has_the_name(shipped: KnowledgeGraph) -> None:
    assert {hit.node.kind for hit in find(shipped, "data science").hits} == {"skill", "activity"}
    assert shipped.resolve("data science").kind == "skill"
    assert shipped.resolve("chatbots and AI assistants").kind == "activity"


@pytest.mark.parametrize("text", ["databricks", "snowflake", "Google Cloud"])
def test_a_name_of_two_nodes_is_not_guessed(shipped: KnowledgeGraph, text: str) -> None:
    found = find(shipped, text)
    assert len(found.hits) == 2
    with pytest.raises(AmbiguousName, match="may mean") as raised:
        shipped.resolve(text)
    assert set(raised.value.candidates) == {hit.node.iri for hit in found.hits}
    for candidate in raised.value.candidates:
        assert curie(candidate) in str(raised.value)


def test_a_shared_alias_is_not_guessed() -> None:
    graph = craft(("tool/airflow", "Apache Airflow", ("AF",)), ("skill/af", "Arc flash", ("A.F.",)))
    with pytest.raises(AmbiguousName, match="Apache Airflow"):
        resolve(GraphNames(graph), "af")
    assert resolve(GraphNames(graph), "af", kinds=("skill",)).node.label == "Arc flash"


def test_a_label_goes_before_an_alias_of_the_same_kind_only() -> None:
    graph = craft(("skill/sql", "SQL"), ("skill/databases", "databases", ("sql",)), ("role/x", "Coder", ("S.Q.L.",)))
    assert resolve(GraphNames(graph), "sql", kinds=("skill",)).node.label == "SQL"
    with pytest.raises(AmbiguousName) as raised:
        resolve(GraphNames(graph), "sql")
    assert set(raised.value.candidates) == {f"{BASE}skill/sql", f"{BASE}role/x"}


def test_two_equally_near_in_spelling_are_not_guessed() -> None:
    graph = craft(("role/ai", "Baker"), ("role/ml", "Banker"), ("role/qa", "Basket maker"))
    with pytest.raises(AmbiguousName, match=r'"Baker".*"Banker"') as raised:
        resolve(GraphNames(graph), "Bakker")
    assert len(raised.value.candidates) == 2, "the third is farther away"


def test_as_many_edits_are_as_near_whatever_the_length_of_the_name() -> None:
    # One letter fewer, one letter other, one letter more: each is one edit away.
    graph = craft(("tool/a", "plotlib"), ("tool/b", "plotlabs"), ("tool/c", "plotliebs"))
    with pytest.raises(AmbiguousName) as raised:
        resolve(GraphNames(graph), "plotlibs")
    assert len(raised.value.candidates) == 3


def test_an_abbreviation_in_a_name_is_not_corrected(shipped: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match=r'Close: .*"AI Engineer"'):
        shipped.resolve("AL engineer")
    assert "Nothing is called" in str(find(shipped, "AL engineer"))


@pytest.mark.parametrize("text", ["AI-104", "AI-101", "AZ-599", "Java 22", "X", "R2"])
def test_codes_and_short_names_are_not_corrected(shipped: KnowledgeGraph, text: str) -> None:
    assert {hit.match for hit in find(shipped, text).hits} <= {"words inside", "close"}
    with pytest.raises(UnknownName, match="Try `kg find"):
        shipped.resolve(text)


def test_what_is_close_is_listed_and_not_taken(shipped: KnowledgeGraph) -> None:
    found = find(shipped, "engineer")
    assert found.yes
    assert {hit.match for hit in found.hits} == {"words inside"}
    assert str(found).startswith('Nothing is called "engineer". Closest: ')
    with pytest.raises(UnknownName, match="Close: ") as raised:
        shipped.resolve("engineer")
    assert set(raised.value.close) == {hit.node.label for hit in found.hits}


def test_best_come_first_and_limit_cuts_the_rest(shipped: KnowledgeGraph) -> None:
    every = find(shipped, "engineer", limit=100).hits
    assert [hit.score for hit in every] == sorted((hit.score for hit in every), reverse=True)
    assert len({hit.node.iri for hit in every}) == len(every) > 3
    assert find(shipped, "engineer", limit=3).hits == every[:3]


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_that_shows_nothing_is_refused(shipped: KnowledgeGraph, limit: int) -> None:
    with pytest.raises(BadInput, match="1 or more"):
        find(shipped, "python", limit=limit)


def test_kinds_narrow_the_search(shipped: KnowledgeGraph) -> None:
    assert find(shipped, "databricks", kind=["tool"]).hits[0].node.kind == "tool"
    assert len(find(shipped, "databricks", kind=["tool"]).hits) == 1
    assert {h.node.kind for h in find(shipped, "engineer", kind=["role"]).hits} == {"role"}
    assert find(shipped, f"{BASE}tool/python", kind=["role"]).hits == ()
    with pytest.raises(BadInput, match="No kind"):
        find(shipped, "python", kind=["nonsense"])  # type: ignore[list-item]  # a caller without a type checker


@pytest.mark.parametrize("text", ["", "   ", "\t\n", "😀", "🦄🦄", "---", "数据工程师", "\x1b[2J", "qqqqqqqqqq"])
def test_nothing_answers(shipped: KnowledgeGraph, text: str) -> None:
    found = find(shipped, text)
    assert (found.yes, found.rows(), found.sections()) == (False, (), ())
    assert "nothing is close" in str(found)


@pytest.mark.parametrize("text", ["100%", "%s", "%", "{0}", "a/../b", "tool:", ":", "https://", "<x>", "'; --", "\x00"])
def test_signs_that_mean_something_elsewhere_mean_nothing_here(shipped: KnowledgeGraph, text: str) -> None:
    assert {hit.match for hit in find(shipped, text).hits} <= {"words inside", "close"}


@pytest.mark.parametrize("text", ["a" * 10_000, "machine learning " * 600, "é" * 10_000, "\n" * 10_000])
def test_very_long_text_is_answered_in_time(shipped: KnowledgeGraph, text: str) -> None:
    find(shipped, "warm")
    begin = perf_counter()
    find(shipped, text)
    assert perf_counter() - begin < 2


@given(text=st.text(max_size=30), graph=careers(most=2))
def test_any_text_on_any_graph_finds_or_does_not(text: str, graph: Career) -> None:
    found = find(GraphHandle(graph, as_of=date(2026, 11, 22)), text, limit=5)
    assert len(found.hits) <= 5
    assert {hit.node.iri for hit in found.hits} <= set(graph)
    assert all(0 <= row["score"] <= 1 for row in found.rows())


@given(graph=careers(most=2))
def test_a_label_leads_to_its_node_unless_another_answers_to_it_too(graph: Career) -> None:
    for iri in graph:
        text = graph.nodes[iri]["label"]
        same = {other for other in graph if fold(text) in {fold(name) for name in names_of(graph, other)}}
        # Of two of a kind, that which is called so is meant, not that which is also called so.
        called = {other for other in same if fold(graph.nodes[other]["label"]) == fold(text)}
        kinds = {graph.nodes[other]["kind"] for other in called}
        same = {other for other in same if other in called or graph.nodes[other]["kind"] not in kinds}
        if len(same) == 1:
            assert resolve(GraphNames(graph), text).node.iri == iri
        else:
            with pytest.raises(AmbiguousName) as raised:
                resolve(GraphNames(graph), text)
            assert set(raised.value.candidates) == same


def test_sparql_finds_the_same_by_exact_name(shipped: KnowledgeGraph, whole: Career) -> None:
    askable = {iri for iri, data in whole.nodes(data=True) if data.get("kind") in ASKABLE}
    names = sorted(set[str]().union(*(names_of(whole, iri) for iri in askable)))
    every = shipped.store.select(bind(load_query("find_answer"), text=[Value(name) for name in names]))
    assert {row["node"] for row in every.dicts()} == askable
    for name in names[::7]:
        table = shipped.store.select(bind(load_query("find_answer"), text=[Value(name)]))
        found = {hit.node.iri for hit in find(shipped, name).hits if hit.match != "iri"}
        assert {row["node"] for row in table.dicts()} <= found, name
    table = shipped.store.select(bind(load_query("find_answer"), text=[Value("SKLEARN")]))
    assert [row["label"] for row in table.dicts()] == ["scikit-learn"]


def test_exit_code_tells_whether_anything_was_found(run: Run) -> None:
    assert run("find", "sklearn").code == 0
    assert run("find", "databricks").code == 0, "several are an answer too"
    assert run("find", "engineer").code == 0, "close ones are something"
    assert run("find", "qqqqqqqqqq").code == 1
    assert run("find", "   ").code == 1
    assert run("find", "python", "--limit", "0").code == 2
