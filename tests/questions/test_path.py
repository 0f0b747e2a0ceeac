"""`path` and `paths`: chains over chosen relations, against every simple path of small graphs, and networkx."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from itertools import islice, pairwise, permutations
from typing import TYPE_CHECKING, Literal

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.careers.hops import OVERLAP
from kg.careers.required import required, weights
from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.handles.networkx_graphs import from_networkx
from kg.model.answers import Answer
from kg.model.errors import BadInput, UnknownName
from kg.model.terms import BASE, KG
from kg.questions.overlap import overlap
from kg.questions.path import Chain, Path, Paths, path, paths
from kg.stores.memory import MemoryStore
from tests.questions.chains import effort, in_order, needs, steps
from tests.strategies import SOURCES, Attributes, Career, careers

if TYPE_CHECKING:
    from tests.conftest import Run

DAY = date(2026, 11, 22)
VIA = ("requires", "^requires", "certifies", "^certifies", "leadsTo", "overlap", "recommendedFor", "hasPrerequisite")


@st.composite
def moves(draw: st.DrawFn) -> Career:
    """A small career graph in which roles lead to roles, too."""
    graph = draw(careers(rated=True))
    roles = sorted(iri for iri, data in graph.nodes(data=True) if data["kind"] == "role")
    pairs = [(a, b) for a in roles for b in roles if a != b]
    for a, b in draw(st.lists(st.sampled_from(pairs), max_size=6)):
        claim = f"{BASE}claim/{graph.number_of_edges():04d}"
        graph.add_edge(a, b, key=claim, relation="leadsTo", **draw(st.sampled_from(SOURCES)))
    return graph


def iris(chain: Chain) -> tuple[str, ...]:
    return tuple(n.iri for n in chain.nodes)


def check_explained(graph: Career, chain: Chain, via: Sequence[str]) -> None:
    """Every hop begins where the last one ends and rests on claims that stand in the graph."""
    for hop, after in pairwise(chain.hops):
        assert hop.end == after.start
    for hop in chain.hops:
        assert hop.relation in via
        assert hop.claims
        assert hop.effort == pytest.approx(effort(graph, hop.start.iri, hop.end.iri), abs=1e-9)
        for claim in hop.claims:
            ends = (claim.subject.iri, claim.object.iri)
            assert graph.has_edge(*ends, key=claim.iri)
            if hop.relation == "overlap":
                assert ends[0] in (hop.start.iri, hop.end.iri)
                assert ends[1] in {n.iri for n in hop.shared}
            elif hop.relation.startswith("^"):
                assert ends == (hop.end.iri, hop.start.iri)
            else:
                assert ends == (hop.start.iri, hop.end.iri)


@settings(max_examples=200, deadline=None)
@given(
    graph=moves(),
    via=st.lists(st.sampled_from(VIA), min_size=1, max_size=5, unique=True),
    prefer=st.sampled_from(("hops", "effort")),
    most=st.sampled_from((None, 0.0, 0.5, 0.8, 1.0)),
    k=st.integers(1, 12),
    ends=st.tuples(st.integers(0, 30), st.integers(0, 30)),
)
def test_any_two_nodes_of_any_graph(
    graph: Career,
    via: list[str],
    prefer: Literal["hops", "effort"],
    most: float | None,
    k: int,
    ends: tuple[int, int],
) -> None:
    handle = GraphHandle(graph, as_of=DAY)
    nodes = sorted(graph.nodes)
    start, goal = nodes[ends[0] % len(nodes)], nodes[ends[1] % len(nodes)]
    if start == goal:
        return
    expected = in_order(graph, steps(graph, via, 1.0 if most is None else most), start, goal, prefer)
    several = paths(handle, start, goal, limit=k, via=via, prefer=prefer, max_effort=most)
    one = path(handle, start, goal, via=via, prefer=prefer, max_effort=most)
    assert [iris(chain) for chain in several.chains] == expected[:k]
    assert one.chain == (several.chains[0] if several.chains else None)
    assert (several.yes, one.yes) == (bool(expected), bool(expected))
    assert bool(one.reason) == (not expected)
    assert len(several.rows()) == sum(len(chain.hops) for chain in several.chains)
    for chain in several.chains:
        check_explained(graph, chain, via)
    said = {claim.iri for claim in several.evidence}
    assert {claim.iri for chain in several.chains for hop in chain.hops for claim in hop.claims} <= said
    assert list(several.evidence) == sorted(several.evidence, key=lambda claim: claim.sort_key)


@settings(max_examples=100, deadline=None)
@given(moves())
def test_least_effort_is_that_of_networkx(graph: Career) -> None:
    roles = sorted(iri for iri, data in graph.nodes(data=True) if data["kind"] == "role")
    found = steps(graph, ("leadsTo", "overlap"), 1.0)
    theirs: nx.DiGraph[str] = nx.DiGraph()
    theirs.add_nodes_from(roles)
    theirs.add_weighted_edges_from((a, b, share) for (a, b), share in found.items())
    answer = paths(GraphHandle(graph, as_of=DAY), *roles[:2], limit=5, via=["leads_to,overlap"], prefer="effort")
    if not nx.has_path(theirs, *roles[:2]):
        assert not answer.yes
        return
    expected = [
        nx.path_weight(theirs, chain, "weight")
        for chain in islice(nx.shortest_simple_paths(theirs, roles[0], roles[1], weight="weight"), 5)
    ]
    assert [chain.effort for chain in answer.chains] == pytest.approx(expected)
    assert answer.chains[0].effort == pytest.approx(nx.dijkstra_path_length(theirs, roles[0], roles[1]))


@settings(max_examples=50, deadline=None)
@given(careers(rated=True))
def test_weights_are_those_of_required(graph: Career) -> None:
    for role in (iri for iri, data in graph.nodes(data=True) if data["kind"] == "role"):
        found = weights(graph, role)
        assert found == {r.node.iri: r.weight for r in required(graph, role)}
        assert found == pytest.approx(needs(graph, role))


def test_what_weighs_nothing_to_one_role_ties_it_to_no_other() -> None:
    """It led from the role that needs it to the one that rates it 1 of 5, though not back."""
    graph: Career = nx.MultiDiGraph()
    for name, kind in (("a", "role"), ("b", "role"), ("c", "role"), ("x", "skill")):
        graph.add_node(f"{BASE}{kind}/{name}", label=name, kind=kind, aliases=())
    for i, (name, importance) in enumerate((("a", 4.0), ("b", 1.0), ("c", 3.0))):
        rated: Attributes = {"importance": importance, "importanceScale": KG.OnetImportanceScale}
        graph.add_edge(
            f"{BASE}role/{name}", f"{BASE}skill/x", key=f"{BASE}claim/{i}", relation="requires", **SOURCES[0], **rated
        )
    small = GraphHandle(graph, as_of=DAY)
    large = from_networkx(graph, as_of=DAY)
    large.is_large = True  # a cached property: as if it were
    for g in (small, large):
        assert path(g, "a", "c", via=["overlap"]).yes
        for one, other in (("a", "b"), ("b", "a")):
            assert not path(g, one, other, via=["overlap"]).yes
        assert str(path(g, "a", "b", via=["overlap"])) == (
            "No path from a to b: over overlap, nothing reaches b; a leads to 1 node."
        )


# The shipped dataset


BOTH = ["leads_to", "overlap"]


def test_chains_from_role_to_role_go_over_bridges(shipped: KnowledgeGraph) -> None:
    direct = path(shipped, "Data Analyst", "AI Engineer", via=["overlap"]).hops[0].effort
    answer = paths(shipped, "Data Analyst", "AI Engineer", limit=5, via=BOTH, max_effort=direct - 0.01)
    assert {n.kind for chain in answer.chains for n in chain.nodes} == {"role"}
    assert all(hop.effort < direct for chain in answer.chains for hop in chain.hops)
    bridged = path(shipped, "Data Analyst", "AI Engineer", via="leads_to,overlap", max_effort=direct - 0.01)
    assert len(bridged.hops) >= 2, "the direct hop takes more"
    assert str(bridged.chain) == str(answer.chains[0])


def test_the_effort_of_a_hop_is_what_overlap_does_not_cover(shipped: KnowledgeGraph) -> None:
    for a, b in (("Data Analyst", "Data Scientist"), ("Data Scientist", "Data Analyst")):
        hop = path(shipped, a, b, via=["overlap"]).hops[0]
        measures = overlap(shipped, a, b).measures
        assert hop.effort == pytest.approx(1 - measures["coverage_right"], abs=1e-9)
        assert (hop.start.label, hop.end.label) == (a, b)


def test_effort_is_not_the_same_both_ways(shipped: KnowledgeGraph) -> None:
    there = path(shipped, "Data Analyst", "Data Scientist", via=["overlap"])
    back = path(shipped, "Data Scientist", "Data Analyst", via=["overlap"])
    assert there.measures["effort"] != back.measures["effort"]


def test_a_role_that_is_not_described_takes_all_effort(shipped: KnowledgeGraph) -> None:
    graph: Career = nx.MultiDiGraph()
    for name in ("one", "two"):
        graph.add_node(f"{BASE}role/{name}", label=name, kind="role", aliases=())
    graph.add_edge(f"{BASE}role/one", f"{BASE}role/two", key="c", relation="leadsTo")
    handle = GraphHandle(graph, as_of=DAY)
    assert path(handle, "one", "two").hops[0].effort == 1
    assert not path(handle, "one", "two", max_effort=0.9).yes


def test_graph_and_slice_give_the_same_answer(shipped: KnowledgeGraph, whole: Career) -> None:
    memory = MemoryStore()
    memory.add(shipped.store.quads())
    handles = (shipped, GraphHandle(whole, as_of=shipped.as_of), KnowledgeGraph(memory, as_of=shipped.as_of))
    calls = (
        ("Data Analyst", "AI Engineer", ("leads_to", "overlap")),
        ("Data Analyst", "AI-103", ("requires", "^certifies")),
        ("AI-102", "Mathematics", ("certifies", "has_prerequisite", "broader")),
    )
    for start, goal, via in calls:
        first, *others = [paths(handle, start, goal, limit=4, via=via) for handle in handles]
        for other in others:
            assert (str(other), other.rows(), other.evidence) == (str(first), first.rows(), first.evidence)


def test_the_other_way_is_asked_for_with_a_caret(shipped: KnowledgeGraph) -> None:
    assert not path(shipped, "Python", "AI-103", via=["certifies"]).yes
    (hop,) = path(shipped, "Python", "AI-103", via=["^certifies"]).hops
    assert (hop.relation, hop.claims[0].subject.label) == ("^certifies", hop.end.label)


def test_both_spellings_and_both_ways_to_list_them(shipped: KnowledgeGraph) -> None:
    said = [
        paths(shipped, "Data Analyst", "AI Engineer", via=via).rows()
        for via in ("leads_to,overlap", "leadsTo,overlap", ["leads_to", "overlap"], ["leadsTo, overlap"])
    ]
    assert all(rows == said[0] for rows in said)


def test_only_one_source(shipped: KnowledgeGraph) -> None:
    via = ["requires", "^requires"]
    answer = paths(shipped, "AI Engineer", "Data Scientist", via=via, source=["esco-111"])
    assert {claim.source for claim in answer.evidence} == {f"{BASE}source/esco-111"}
    assert not path(shipped, "Data Analyst", "AI Engineer", via=["leads_to"], source=["article"]).yes


# No path


def handmade(*edges: tuple[str, str]) -> GraphHandle:
    graph: Career = nx.MultiDiGraph()
    for name in "abcdef":
        graph.add_node(f"{BASE}skill/{name}", label=name.upper(), kind="skill", aliases=())
    for i, (a, b) in enumerate(edges):
        graph.add_edge(f"{BASE}skill/{a}", f"{BASE}skill/{b}", key=f"c{i}", relation="broader")
    return GraphHandle(graph, as_of=DAY)


@pytest.mark.parametrize(
    ("edges", "reason"),
    [
        ((), "nothing leaves A and nothing reaches B."),
        ((("c", "b"),), "nothing leaves A; 1 node would lead to B."),
        ((("a", "c"), ("c", "d")), "nothing reaches B; A leads to 2 nodes."),
        (
            (("a", "c"), ("d", "b"), ("e", "d")),
            "they lie apart: A leads to 1 node, 2 nodes lead to B, and none is among both.",
        ),
    ],
)
def test_no_path_says_which_side_is_cut_off(edges: tuple[tuple[str, str], ...], reason: str) -> None:
    for answer in (path(handmade(*edges), "A", "B"), paths(handmade(*edges), "A", "B")):
        assert not answer.yes
        assert str(answer).startswith("No path from A to B: over requires, ")
        assert str(answer).endswith(reason)
        assert answer.rows() == ()
        assert answer.evidence == ()
        assert answer.sections() == ()
        assert answer.measures["hops"] is None


def test_a_cap_is_named_in_the_reason(shipped: KnowledgeGraph) -> None:
    answer = path(shipped, "Data Analyst", "AI Engineer", via=["leads_to"], max_effort=0.1)
    assert "over leadsTo with an effort up to 0.1, nothing leaves Data Analyst" in str(answer)


@pytest.mark.parametrize(
    ("names", "options", "match"),
    [
        (("Python", "python"), {}, "named twice"),
        (("Python", "SQL"), {"via": ["knows"]}, "There are: overlap, benefitsFrom"),
        (("Python", "SQL"), {"via": ["^overlap"]}, "leads both ways"),
        (("Python", "SQL"), {"via": [""]}, "No relation"),
        (("Python", "SQL"), {"via": []}, "No relation"),
        (("Python", "SQL"), {"max_effort": 1.5}, "no share"),
        (("Python", "SQL"), {"max_effort": float("nan")}, "no share"),
        (("Python", "SQL"), {"prefer": "luck"}, "Choose from hops, effort"),
        (("Python", "SQL"), {"source": ["nobody"]}, "No source"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    shipped: KnowledgeGraph, names: tuple[str, str], options: dict[str, object], match: str
) -> None:
    for question in (path, paths):
        with pytest.raises(BadInput, match=match):
            question(shipped, *names, **options)  # type: ignore[arg-type]  # some of it is wrong on purpose


def test_no_chains_and_unknown_names_are_refused(shipped: KnowledgeGraph) -> None:
    with pytest.raises(BadInput, match="-n 0"):
        paths(shipped, "Python", "SQL", limit=0)
    with pytest.raises(UnknownName, match="qqqqqq"):
        path(shipped, "qqqqqq", "SQL")


# Texts and the command line


def test_answers_say_what_they_are(shipped: KnowledgeGraph) -> None:
    one: Answer = path(shipped, "Data Analyst", "AI Engineer")
    several: Answer = paths(shipped, "Data Analyst", "AI Engineer")
    assert isinstance(one, Path)
    assert isinstance(several, Paths)
    assert [answer.to_json()["question"] for answer in (one, several)] == ["path", "paths"]
    for answer in (one, several):
        assert all(len(row) == len(section.header) for section in answer.sections() for row in section.rows)
        assert shipped.store.construct(answer.sparql)
        assert "&lt;" not in answer._repr_html_()
    single = paths(shipped, "Data Analyst", "AI Engineer", via=["leads_to"], limit=1)
    assert str(single).startswith("One chain leads from Data Analyst to AI Engineer, in ")


def test_the_command_of_the_issue(run: Run) -> None:
    command = ("paths", "Data Analyst", "AI Engineer", "-n", 3, "--via", "leads_to,overlap", "--max-effort", 0.9)
    ran = run(*command, "--format", "csv")
    rows = [*csv.DictReader(io.StringIO(ran.out))]
    assert ran.code == 0
    assert [row["path"] for row in rows if row["hop"] == "1"] == ["1", "2", "3"]
    assert {"hop", "from", "relation", "to", "effort"} <= rows[0].keys()
    repeated = run(*command[:5], "--via", "leads_to", "--via", "overlap", "--max-effort", 0.9, "--format", "csv")
    assert repeated.out == ran.out
    assert run(*command).out == run(*command).out


def test_exit_codes(run: Run) -> None:
    assert run("path", "Data Analyst", "AI Engineer").code == 0
    ran = run("path", "AI-102", "Data Analyst", "--via", "leads_to", "--format", "json")
    assert ran.code == 1
    assert "nothing leaves" in json.loads(ran.out)["answer"]
    assert run("paths", "Data Analyst", "AI Engineer", "-n", 0).code == 2
    assert run("path", "Data Analyst", "AI Engineer", "--via", "nope").code == 2


# Where no source states a transition


def test_every_described_role_leads_to_every_other(shipped: KnowledgeGraph, whole: Career) -> None:
    described = sorted({u for u, _, data in whole.edges(data=True) if data["relation"] == "requires"})
    handle = GraphHandle(whole, as_of=shipped.as_of)
    for start, goal in [*permutations(described[::9], 2)]:
        answer = path(handle, start, goal)
        assert answer.yes, (start, goal, answer.reason)
        assert answer.bridged == (OVERLAP in {hop.relation for hop in answer.hops})
        assert answer.bridged == ("No source states this transition" in str(answer))
        assert all(hop.shared for hop in answer.hops if hop.relation == OVERLAP), "it says what is carried over"
        assert not path(handle, start, goal, via=["has_prerequisite"]).yes, "what is chosen stays so"


def test_only_a_role_that_is_not_described_gets_a_reason(undescribed: KnowledgeGraph) -> None:
    answer = path(undescribed, "Data Analyst", "Data Gardener")
    assert not answer.yes
    assert not answer.bridged
    assert answer.reason == "Data Gardener is not described; no source says what is required."
    several = paths(undescribed, "Data Gardener", "Data Analyst")
    assert several.chains == ()
    assert several.reason == answer.reason
