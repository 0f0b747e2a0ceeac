"""`nearest`: the evidence for each role, against the sum written out; what stands beside it, against `gap`."""

from __future__ import annotations

from datetime import date
from math import lgamma, log
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.algorithms.suiting import suiting
from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput
from kg.model.terms import BASE
from kg.questions.gap import gap
from kg.questions.nearest import nearest
from tests.strategies import Career, careers

DAY = date(2026, 11, 22)


def log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def evidence(roles: dict[str, set[str]], role: str, said: set[str]) -> float:
    """Return the evidence for a role that asks for some things, by the definition."""
    times = [item for items in roles.values() for item in items]
    matched = roles[role] & said
    told = sum(-log(times.count(item) / len(times)) for item in matched)
    asked, m = len(roles[role]), len(matched)
    return told + log_beta(m + 2, asked - m + 2) - log_beta(2, 2)


def handle(graph: Career) -> GraphHandle:
    return GraphHandle(graph, as_of=DAY)


def craft(roles: dict[str, str], *more: tuple[str, str, str]) -> GraphHandle:
    """Return a graph of roles that ask for tools named by one letter each, and of other edges between these."""
    graph: Career = nx.MultiDiGraph()
    letters = {*"".join(roles.values()), *(end for a, _, b in more for end in (a, b))}
    for name in sorted(letters):
        graph.add_node(f"{BASE}tool/{name}", label=f"Tool {name}", kind="tool", aliases=())
    for role, items in roles.items():
        graph.add_node(f"{BASE}role/{role}", label=role, kind="role", aliases=())
        for name in items:
            graph.add_edge(f"{BASE}role/{role}", f"{BASE}tool/{name}", relation="requires", origin="reading")
    for a, relation, b in more:
        graph.add_edge(f"{BASE}tool/{a}", f"{BASE}tool/{b}", relation=relation, origin="reading")
    return handle(graph)


def tools(letters: str) -> list[str]:
    return [f"{BASE}tool/{name}" for name in letters]


ROLES = st.dictionaries(
    st.sampled_from(["r1", "r2", "r3", "r4", "r5"]), st.sets(st.sampled_from("abcdefgh"), min_size=1), min_size=2
)


@settings(max_examples=60, deadline=None)
@given(roles=ROLES, held=st.sets(st.sampled_from("abcdefgh"), min_size=1))
def test_the_score_is_the_sum_written_out(roles: dict[str, set[str]], held: set[str]) -> None:
    known = sorted(held & {item for items in roles.values() for item in items})
    if not known:
        return
    answer = nearest(craft({role: "".join(sorted(items)) for role, items in roles.items()}), held=tools("".join(known)))
    scores = {role: evidence(roles, role, {*known}) for role in roles if roles[role] & {*known}}
    assert {found.role.label: round(found.score, 9) for found in answer.near} == {
        role: round(score, 9) for role, score in scores.items()
    }
    order = [found.role.label for found in answer.near]
    assert order == sorted(scores, key=lambda role: (-round(scores[role], 9), role))
    assert answer.rated == len(scores)
    for found in answer.near:
        assert {r.node.label[-1] for r in found.held} == roles[found.role.label] & {*known}
        assert found.used == len(roles[found.role.label] & {*known}) / len(known)


@settings(max_examples=40, deadline=None)
@given(graph=careers(), data=st.data())
def test_held_and_missing_are_those_of_gap_and_holding_more_never_lowers_them(
    graph: Career, data: st.DataObject
) -> None:
    things = sorted(n for n, data in graph.nodes(data=True) if data["kind"] in ("skill", "tool", "certification"))
    if not things:
        return
    held = data.draw(st.lists(st.sampled_from(things), min_size=1, max_size=4, unique=True))
    answer = nearest(handle(graph), held=held, limit=50)
    for found in answer.near:
        one = gap(handle(graph), found.role.iri, held=held)
        assert (found.held, found.missing) == (one.held, one.missing)
        assert found.coverage == one.coverage
    more = nearest(handle(graph), held=[*held, data.draw(st.sampled_from(things))], limit=50)
    now = {found.role.iri: len(found.held) for found in more.near}
    assert all(len(found.held) <= now[found.role.iri] for found in answer.near)


def test_what_is_shown_is_held_and_says_nothing_of_its_own() -> None:
    g = craft({"direct": "abc", "shown": "xyc"}, ("a", "demonstrates", "x"))
    answer = nearest(g, held=tools("a"))
    assert [found.role.label for found in answer.near] == ["direct"], "that a shows x is no second witness"
    both = {found.role.label: found for found in nearest(g, held=tools("ac")).near}
    assert [r.node.label for r in both["shown"].held] == ["Tool c", "Tool x"]
    assert [n.label for n, _ in both["shown"].decided] == ["Tool c"]
    assert both["shown"].used == 1.0, "x is asked for, which a shows"
    assert len(nearest(g, held=tools("ac"), as_said=True).near[1].held) == 1


def test_what_no_role_asks_for_speaks_by_what_it_shows() -> None:
    g = craft({"one": "xb", "two": "bc"}, ("a", "demonstrates", "x"))
    answer = nearest(g, held=tools("a"))
    assert [(found.role.label, found.decided[0][0].label) for found in answer.near] == [("one", "Tool x")]
    assert not nearest(g, held=tools("a"), not_held=tools("x")).near


def test_a_rare_match_says_more_and_a_thin_role_is_marked() -> None:
    roles = {f"r{i}": "git" for i in range(6)} | {"rare": "gp", "long": "gpabcdefhjkl"}
    answer = nearest(craft({name: "".join(sorted({*items})) for name, items in roles.items()}), held=tools("gp"))
    assert answer.near[0].role.label == "rare"
    assert [n.label for n, _ in answer.near[0].decided] == ["Tool p", "Tool g"]
    thin = {found.role.label: found.is_thin for found in answer.near}
    assert thin["rare"]
    assert not thin["long"]
    assert "thinly described" in str(answer)
    assert answer.rows()[0]["thin"] is True


@pytest.mark.parametrize(
    ("held", "among"),
    [
        (["Excel", "Power BI", "SQL"], {"Data Analyst"}),
        (
            ["PyTorch", "deep learning", "transformers", "LLMs", "RAG"],
            {"NLP Engineer", "AI Engineer", "LLM / Generative AI Engineer"},
        ),
        (["Java", "Spring", "AWS", "Docker"], {"Java Developer", "Backend Developer", "Software Developer"}),
        (["Python", "pandas", "statistics"], {"Data Scientist", "Data Analyst"}),
    ],
)
def test_what_people_say_of_themselves(shipped: KnowledgeGraph, held: list[str], among: set[str]) -> None:
    assert nearest(shipped, held=held).near[0].role.label in among


def test_a_certificate_speaks_for_what_it_certifies(shipped: KnowledgeGraph) -> None:
    answer = nearest(shipped, held=["AI-102"], limit=3)
    assert answer.near
    assert all(found.used == 1.0 for found in answer.near)


def test_it_is_asked_with_a_file_of_several(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text("name,skills\nAda,Java; Spring\nGrace,Excel; Power BI; SQL\n", encoding="utf-8")
    with pytest.raises(BadInput, match="--person"):
        nearest(shipped, profile=path)
    answer = shipped.nearest(profile=path, person="Grace")
    assert answer.near[0].role.label == "Data Analyst"
    assert answer.to_json()["profile"][0]["words"] == "Excel"
    assert answer.context.told == ("Read 3 of 3 names of Grace in " + str(path) + ".",)


def test_nothing_held_is_said(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"not said what is held\..*kg nearest --held"):
        nearest(shipped)
    with pytest.raises(BadInput, match="0 roles cannot be shown"):
        nearest(shipped, held=["Python"], limit=0)
    path = tmp_path / "list.txt"
    path.write_text("frobnicate\n", encoding="utf-8")
    answer = nearest(shipped, profile=path)
    assert str(answer).endswith("Not understood: frobnicate. Nothing is held, so no role is near.")
    assert not answer.rows()
    with pytest.raises(BadInput, match="kg nearest --held Python"):
        gap(shipped)


def test_nobody_asks_for_what_is_held() -> None:
    answer = nearest(craft({"one": "b"}, ("a", "demonstrates", "c")), held=tools("a"))
    assert str(answer) == "None of 1 described role asks for anything that is held."


def test_it_is_drawn_as_a_ranked_list(shipped: KnowledgeGraph) -> None:
    html = kg.draw(nearest(shipped, held=["Excel", "Power BI", "SQL"], limit=3)).html
    assert html.index("Data Analyst") < html.index("Business Analyst")
    assert "8 of 31" in html or " of " in html


def test_what_weighs_nothing_is_not_asked_for() -> None:
    from scipy.sparse import csr_array

    plain = suiting(csr_array([[1, 1, 0], [1, 0, 1]]), [[0], [1]])
    zeros = csr_array(([1, 1, 0, 1, 1], [0, 1, 2, 0, 2], [0, 3, 5]), shape=(2, 3))
    assert zeros.nnz == 5, "a zero that is stored"
    assert [one.tolist() for one in suiting(zeros, [[0], [1]])] == [one.tolist() for one in plain]
