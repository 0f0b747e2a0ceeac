"""Every view: places are fixed, words keep apart, nothing of the answer is left out, every claim is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

import pytest

from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import Handle, KnowledgeGraph
from kg.handles.opening import open as open_graph
from kg.model.answers import Answer
from kg.questions import QUESTIONS
from kg.questions.disagree import disagree
from kg.questions.find import find
from kg.questions.gap import gap
from kg.questions.list import list as list_nodes
from kg.questions.nearest import nearest
from kg.questions.opens import opens
from kg.questions.overlap import overlap
from kg.questions.path import path, paths
from kg.questions.plan import plan
from kg.questions.roadmap import roadmap
from kg.questions.show import show
from kg.questions.similar import similar
from kg.questions.why import why
from kg.views.communities import atlas
from kg.views.drawing import VIEWS, scene_of
from kg.views.geometry import box
from kg.views.scene import Mark, Scene
from tests.conftest import DAY
from tests.strategies import Career

AI, ML = "AI Engineer", "ML Engineer"

ASKED: dict[str, Callable[[Handle], Answer]] = {
    "find": lambda g: find(g, "machine learning"),
    "show a role": lambda g: show(g, AI),
    "show a certification": lambda g: show(g, "AI-102"),
    "list": lambda g: list_nodes(g, "certifications"),
    "overlap": lambda g: overlap(g, AI, ML),
    "overlap of three": lambda g: overlap(g, AI, ML, "Data Scientist"),
    "overlap of certifications": lambda g: overlap(g, "AI-103", "AIP-C01"),
    "gap": lambda g: gap(g, AI, from_=ML),
    "gap to two": lambda g: gap(g, AI, "Data Engineer", held=["Python", "Docker"]),
    "gap that is none": lambda g: gap(g, AI, from_=AI),
    "plan": lambda g: plan(g, AI, from_=ML),
    "roadmap": lambda g: roadmap(g, AI),
    "similar": lambda g: similar(g, AI),
    "similar, many": lambda g: similar(g, AI, limit=19),
    "nearest": lambda g: nearest(g, held=["Python", "Git", "SQL"], limit=4),
    "opens": lambda g: opens(g, held=["Python", "SQL"], limit=3),
    "path": lambda g: path(g, "Data Analyst", "MLOps Engineer", via=["leads_to"]),
    "no path": lambda g: path(g, AI, "Data Analyst", via=["hasPrerequisite"]),
    "paths": lambda g: paths(g, "Data Analyst", AI, limit=4, via=["leads_to", "overlap"]),
    "why": lambda g: why(g, "AI-102"),
    "why two": lambda g: why(g, AI, "Java"),
    "disagree": lambda g: disagree(g, AI, ML),
    "atlas": atlas,
}


@cache
def graph() -> KnowledgeGraph:
    return open_graph(as_of=DAY)


@cache
def answer_of(name: str) -> Answer:
    return ASKED[name](graph())


@cache
def scene(name: str) -> Scene:
    return scene_of(answer_of(name))


def drawn_together(found: Scene) -> list[list[Mark]]:
    """Return the marks that can be in sight at once: those that stand free, and what each cluster opens to."""
    clusters = [mark.key for mark in found.marks if mark.is_cluster]
    return [[m for m in found.marks if m.cluster == key] for key in ("", *clusters)]


def meet(one: Mark, other: Mark) -> bool:
    """Whether two marks, with their words, or two discs cover each other."""
    if one.size and other.size:
        return (one.x - other.x) ** 2 + (one.y - other.y) ** 2 < (one.size + other.size) ** 2
    return box(one).meets(box(other))


def test_every_question_is_drawn() -> None:
    drawn = {type(answer_of(name)).__name__.lower() for name in ASKED}
    assert drawn == {*QUESTIONS, "atlas"}
    assert {*VIEWS} <= drawn | {"sparql"}  # no question; tests/notebooks draws it


@pytest.mark.parametrize("name", ASKED)
def test_the_same_answer_gives_the_same_scene(name: str) -> None:
    again = scene_of(ASKED[name](open_graph(as_of=DAY)))
    found = scene(name)
    assert (again.marks, again.lines, again.columns, again.bands) == (
        found.marks,
        found.lines,
        found.columns,
        found.bands,
    )
    assert (again.claims, again.groups, again.title) == (found.claims, found.groups, found.title)


@pytest.mark.parametrize("name", ASKED)
def test_places_are_rounded_and_words_keep_clear_of_each_other(name: str) -> None:
    for marks in drawn_together(scene(name)):
        for i, one in enumerate(marks):
            assert not [other.label for other in marks[:i] if meet(one, other)], one.label
        assert all(mark.x == round(mark.x, 1) and mark.y == round(mark.y, 1) for mark in marks)


@pytest.mark.parametrize("name", ASKED)
def test_lines_join_marks_and_rest_on_claims_of_the_answer(name: str) -> None:
    found = scene(name)
    keys = [mark.key for mark in found.marks]
    assert len(set(keys)) == len(keys)
    assert len(set(found.claims)) == len(found.claims)
    assert {*found.claims} <= {*found.answer.evidence}
    for line in found.lines:
        assert {line.source, line.target} <= {*keys}
        assert line.label
        assert line.style in ("solid", "dashed", "dotted")
        assert 0 <= line.weight <= 1
    used = [i for claims in (*(line.claims for line in found.lines), *(m.claims for m in found.marks)) for i in claims]
    assert {*used} == {*range(len(found.claims))}
    assert all(0 <= mark.weight <= 1 for mark in found.marks)
    assert {mark.group for mark in found.marks if mark.group} == {*found.groups}
    assert {mark.cluster for mark in found.marks} - {""} <= {mark.key for mark in found.marks if mark.is_cluster}


@pytest.mark.parametrize("name", [name for name in ASKED if name not in ("why", "why two", "disagree")])
def test_every_row_is_a_mark(name: str) -> None:
    found = scene(name)
    drawn = {mark.iri for mark in found.marks}
    for row in found.answer.rows():
        named = {row[key] for key in ("iri", "from_iri", "to_iri") if row.get(key)}
        assert named
        if name == "atlas" and row["iri"] not in drawn:  # of a large community the table has the rest
            assert len([r for r in found.answer.rows() if r["community"] == row["community"]]) > 60
            continue
        assert named <= drawn, row


@pytest.mark.parametrize("name", ["overlap", "overlap of three", "overlap of certifications", "disagree", "why two"])
def test_all_evidence_is_at_hand(name: str) -> None:
    """Where each claim is about something drawn, each is behind a line."""
    found = scene(name)
    if name == "disagree":
        marks = {mark.iri for mark in found.marks}
        assert {c for c in found.answer.evidence if {c.subject.iri, c.object.iri} & marks}
        assert len(found.claims) == len(found.answer.evidence)
    else:
        assert {*found.claims} == {*found.answer.evidence}


def test_overlap_has_what_is_shared_in_the_middle() -> None:
    found = scene("overlap")
    answer = answer_of("overlap")
    x = {group: [m.x for m in found.marks if m.group == group] for group in found.groups}
    assert max(x["only AI Engineer"]) < min(x["compared"]) < min(x["shared"])
    assert max(x["shared"]) < max(x["compared"]) < min(x["only Machine Learning Engineer"])
    sides = {"both": "shared", "left": "only AI Engineer", "right": "only Machine Learning Engineer"}
    for side, group in sides.items():
        assert sum(row["side"] == side for row in answer.rows()) == len(x[group])
    bands = {band.label: band for band in found.bands}
    for row in answer.rows():
        band = bands[row["facet"]]
        assert [m for m in found.marks if m.iri == row["iri"] and band.top < m.y < band.bottom]


def test_gap_parts_the_held_from_the_missing() -> None:
    found, answer = scene("gap"), answer_of("gap")
    groups = {mark.iri: mark.group for mark in found.marks}
    for row in answer.rows():
        wanted = "held" if row["held"] else f"missing, {'essential' if row['essential'] else 'optional'}"
        assert groups[row["iri"]] == wanted
    proofs = {mark.iri for mark in found.marks if mark.group == "certifies the missing"}
    for row in answer.rows():
        if not row["held"] and row["certified_by"]:
            assert proofs & {*row["certified_by"]}, row["label"]


def test_a_plan_reads_from_left_to_right() -> None:
    for name in ("plan", "roadmap"):
        at = {mark.iri: mark for mark in scene(name).marks}
        for row in answer_of(name).rows():
            assert at[row["iri"]].label.startswith(f"{row['step']}. ")
            if row["kind"] == "certify":
                price = "free" if row["price_usd"] == 0 else f"USD {row['price_usd']:g}"
                assert f"{price} · {row['status']}" in at[row["iri"]].note
            for first in row["after"]:
                one, two = at[first], at[row["iri"]]
                assert (one.x, one.y) < (two.x, two.y) or one.x < two.x, (one.label, two.label)


def test_what_is_more_alike_stands_nearer() -> None:
    found = scene("similar")
    middle = next(mark for mark in found.marks if mark.group == "asked about")
    assert (middle.x, middle.y) == (0, 0)
    out = [((m.x / 1.35) ** 2 + m.y**2) ** 0.5 for m in found.marks if m.group == "rated"]
    assert out == pytest.approx(sorted(out), abs=0.1), "places are rounded"
    rated = [row["label"] for row in answer_of("similar").rows() if row["rated"]]
    assert [m.label for m in found.marks if m.group == "rated"] == rated


def test_chains_lead_from_start_to_goal() -> None:
    found = scene("paths")
    at = {mark.iri: mark.x for mark in found.marks}
    for row in answer_of("paths").rows():
        assert at[row["from_iri"]] < at[row["to_iri"]]


def test_where_there_is_no_path_both_ends_stand_apart() -> None:
    found = scene("no path")
    assert [mark.label for mark in found.marks] == ["AI Engineer", "Data Analyst"]
    assert found.lines == ()


def test_a_neighbourhood_opens_one_step_further() -> None:
    g = graph()
    card = show(g, "LangChain")
    near, far = scene_of(card), scene_of(card, around=g)
    assert {mark.key for mark in near.marks} <= {mark.key for mark in far.marks}
    clusters = {mark.key for mark in far.marks if mark.is_cluster}
    assert clusters
    further = {mark.iri for mark in far.marks if mark.cluster}
    assert not further & {mark.iri for mark in near.marks}
    for marks in drawn_together(far)[1:]:
        assert marks
        rooms = [box(mark) for mark in marks]
        free = [box(mark) for mark in far.marks if not mark.cluster and not mark.is_cluster]
        assert not [1 for i, one in enumerate(rooms) for other in (*rooms[:i], *free) if one.meets(other)]


def test_the_atlas_shows_communities_that_keep_clear_of_each_other() -> None:
    found = scene("atlas")
    discs = [mark for mark in found.marks if mark.is_cluster]
    answer = answer_of("atlas")
    assert isinstance(answer, type(atlas(graph())))
    assert len(discs) == answer.measures["communities"]
    for disc in discs:
        inside = [mark for mark in found.marks if mark.cluster == disc.key]
        assert disc.label.startswith(inside[0].label), "it is named after its most important node"
        for mark in inside:
            room = box(mark)
            corners = [(x, y) for x in (room.left, room.right) for y in (room.top, room.bottom)]
            far = max((x - disc.x) ** 2 + (y - disc.y) ** 2 for x, y in corners) ** 0.5
            assert far <= disc.size * 1.1, mark.label


def test_a_large_community_shows_its_most_important_nodes_and_says_so() -> None:
    from benchmarks.generated import Size, career

    found = scene_of(atlas(GraphHandle(career(Size(60, 400, 2000, 20, 100, 60)), as_of=date.fromisoformat(DAY))))
    assert sum(not mark.cluster for mark in found.marks) <= 50
    for disc in (mark for mark in found.marks if mark.is_cluster):
        inside = [mark for mark in found.marks if mark.cluster == disc.key]
        ties = [int(dict(mark.details)["ties"]) for mark in inside]
        assert len(inside) <= 60
        assert ties == sorted(ties, reverse=True)
        whole = int(disc.note.split()[0].replace(",", ""))
        assert ("shown" in dict(disc.details)) == (whole > len(inside))


#: Questions whose answer on a whole graph is that on a slice (a slice for `why` knows who gave an attribute).
ALIKE = (
    "show a role",
    "overlap",
    "overlap of three",
    "gap",
    "gap to two",
    "plan",
    "roadmap",
    "path",
    "paths",
    "disagree",
)


@pytest.mark.parametrize("name", ALIKE)
def test_a_networkx_graph_gives_the_same_picture(name: str, whole: Career) -> None:
    answer = ASKED[name](GraphHandle(whole, as_of=date.fromisoformat(DAY)))
    found, other = scene(name), scene_of(answer)
    assert [(m.key, m.group) for m in other.marks] == [(m.key, m.group) for m in found.marks]
    assert [(line.source, line.target, line.style) for line in other.lines] == [
        (line.source, line.target, line.style) for line in found.lines
    ]


@pytest.mark.parametrize("name", sorted({*ASKED} - {*ALIKE}))
def test_a_networkx_graph_has_a_picture_of_every_answer(name: str, whole: Career) -> None:
    answer = ASKED[name](GraphHandle(whole, as_of=date.fromisoformat(DAY)))
    found = scene_of(answer)
    assert len(found.marks) >= min(len(answer.rows()), 2)
    assert {*found.claims} <= {*answer.evidence}


def test_details_tell_what_is_known_of_a_node() -> None:
    told = dict(next(mark for mark in scene("show a certification").marks if mark.group == "asked about").details)
    assert told["kind"] == "certification"
    assert told["status"] == "retired, as of 2026-09-27"
    assert told["price"] == "USD 165"
    assert told["exam code"] == "AI-102"
    assert all(told.values())
