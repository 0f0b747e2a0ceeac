"""Levels: what is asked for less what is held, on one scale; by mapping a table, on O*NET's scale, and never across."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.careers.required import required, weights
from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.handles.networkx_graphs import from_networkx
from kg.model.errors import BadInput
from kg.model.scales import Ends, ends_of, share
from kg.model.terms import BASE, KG
from kg.questions.gap import Gap, gap
from kg.questions.plan import plan
from tests.strategies import Career

if TYPE_CHECKING:
    from tests.conftest import Run

SCALE = f"{BASE}scale/mastery"
STEPS = ("Awareness", "Working", "Practitioner", "Expert")
DAY = "2026-11-22"


def craft(*needs: str) -> GraphHandle:
    """A levelled framework from lines such as ``analyst needs sql at 3``, ``… at 4.5 of onet``, ``… optional``."""
    from datetime import date

    graph: Career = nx.MultiDiGraph()
    for order, step in enumerate(STEPS, start=1):
        graph.add_node(f"{SCALE}/{order}", label=step, order=order, inScheme=SCALE)
    for line in needs:
        role, _, item, *rest = line.split()
        for name, kind in ((role, "role"), (item, "skill")):
            graph.add_node(f"{BASE}{kind}/{name}", label=name, kind=kind, aliases=())
        said: dict[str, object] = {"essential": "optional" not in rest}
        if "at" in rest:
            said["level"] = float(rest[rest.index("at") + 1])
            said["levelScale"] = KG.OnetLevelScale if "onet" in rest else SCALE
        if "weighs" in rest:
            said |= {"importance": float(rest[rest.index("weighs") + 1]), "importanceScale": KG.OnetImportanceScale}
        graph.add_edge(f"{BASE}role/{role}", f"{BASE}skill/{item}", relation="requires", **said)
    return GraphHandle(graph, as_of=date.fromisoformat(DAY))


LEVELLED = craft(
    "analyst needs sql at 3",
    "analyst needs python at 2 optional",
    "analyst needs tact",
    "junior needs sql at 1",
    "junior needs python at 4",
)


def labels(found: object) -> list[str]:
    return [r.node.label for r in found]  # type: ignore[attr-defined]  # a tuple of requirements


def test_what_is_held_too_low_is_missing_with_its_levels() -> None:
    answer = gap(LEVELLED, "analyst", held=["sql=Working", "python=Expert"])
    assert (labels(answer.held), labels(answer.missing)) == (["python"], ["sql", "tact"])
    (row,) = (row for row in answer.rows() if row["label"] == "sql")
    assert (row["level"], row["held_level"], row["levels_missing"], row["level_scale"]) == (3, 2, 1, "mastery")
    assert answer.measures["effort"] == {"mastery": 1.0}
    assert answer.measures["too_low"] == 1
    assert "1.0 levels by weight (mastery)" in str(answer)
    (section,) = (s for s in answer.sections() if s.title == "Missing skills (2)")
    assert section.rows[0][:3] == ("sql", "essential", "Practitioner, held Working: 1 level missing")


def test_a_level_is_a_step_or_a_number_and_without_one_all_is_held() -> None:
    assert gap(LEVELLED, "analyst", held=["sql=2"]).rows() == gap(LEVELLED, "analyst", held=["sql = working"]).rows()
    assert labels(gap(LEVELLED, "analyst", held=["sql"]).held) == ["sql"]
    assert gap(LEVELLED, "analyst").measures["effort"] == {"mastery": 3 * 1.0 + 2 * 0.5}


def test_a_role_brings_its_levels_and_effort_is_asymmetric() -> None:
    up, down = gap(LEVELLED, "analyst", from_="junior"), gap(LEVELLED, "junior", from_="analyst")
    assert up.measures["effort"] == {"mastery": 2 * 1.0}
    assert down.measures["effort"] == {"mastery": 2 * 1.0}
    assert labels(up.missing) == ["sql", "tact"]
    assert labels(down.missing) == ["python"]
    assert gap(LEVELLED, "analyst", from_="analyst").missing == ()
    named = gap(LEVELLED, "analyst", from_="junior", held=["sql"])
    assert labels(named.missing) == ["tact"], "what is named counts before what the role brings"


def test_scales_are_never_mixed() -> None:
    needs = (
        "nurse needs care at 4.5 onet weighs 4",
        "nurse needs sql at 2",
        "aide needs care at 2 onet",
        "aide needs sql",
    )
    g = craft(*needs)
    answer = gap(g, "nurse", from_="aide")
    assert answer.measures["effort"] == {"O*NET level": 0.75 * 2.5, "mastery": 0.0}, "sql is held, at no stated level"
    assert gap(g, "nurse").measures["effort"] == {"O*NET level": 0.75 * 4.5, "mastery": 2.0}


@pytest.mark.parametrize(
    ("held", "message"),
    [
        ("sql=Guru", "Guru.*is no level of sql.*Awareness, Working, Practitioner, Expert"),
        ("sql=5", "is no level of sql"),
        ("sql=-1", "is no level of sql"),
        ("sql=nan", "is no level of sql"),
        ("tact=Working", "names no level of tact"),
    ],
)
def test_a_level_that_is_none_is_refused(held: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        gap(LEVELLED, "analyst", held=[held])
    with pytest.raises(BadInput, match=message):
        plan(LEVELLED, "analyst", held=[held])


def test_two_levels_of_one_thing_and_a_level_of_an_exam_are_refused(run: Run) -> None:
    with pytest.raises(BadInput, match="held at two levels"):
        gap(LEVELLED, "analyst", held=["sql=1", "sql=2"])
    done = run("gap", "AI Engineer", "--held", "AI-102=Expert", "--as-of", DAY)
    assert done.code == 2
    assert "is a certification" in " ".join(done.err.split())


def test_a_plan_learns_what_is_held_too_low() -> None:
    found = plan(LEVELLED, "analyst", held=["sql=Working", "python=Expert"])
    assert sorted(step.node.label for step in found.learn) == ["sql", "tact"]


def test_levels_survive_the_store() -> None:
    g = from_networkx(LEVELLED.graph)  # type: ignore[arg-type]  # it is the networkx graph given
    assert isinstance(g, KnowledgeGraph)
    for held in ([], ["sql=Working"], ["python=1", "sql=4"]):
        stored, direct = gap(g, "analyst", held=held), gap(LEVELLED, "analyst", held=held)
        assert stored.measures == direct.measures
        assert [r["levels_missing"] for r in stored.rows()] == [r["levels_missing"] for r in direct.rows()]


@given(
    st.dictionaries(st.sampled_from("abcd"), st.tuples(st.integers(1, 4), st.booleans()), min_size=1),
    st.dictionaries(st.sampled_from("abcd"), st.integers(1, 4)),
)
def test_effort_is_the_sum_by_hand_and_learning_never_adds_to_it(
    needs: dict[str, tuple[int, bool]], held: dict[str, int]
) -> None:
    g = craft(*(f"r needs {x} at {level}" + " optional" * (not must) for x, (level, must) in needs.items()))
    usable = {x: level for x, level in held.items() if x in needs}
    answer: Gap = gap(g, "r", held=[f"{x}={level}" for x, level in usable.items()])
    by_hand = sum((1.0 if must else 0.5) * max(0, level - usable.get(x, 0)) for x, (level, must) in needs.items())
    assert answer.measures["effort"] == {"mastery": by_hand}
    for x, level in usable.items():
        if level < 4:
            better = gap(g, "r", held=[f"{y}={n + (y == x)}" for y, n in usable.items()])
            assert better.measures["effort"]["mastery"] <= by_hand


def test_weights_are_shares_of_their_scale_the_greatest_counts_and_nothing_is_not_required() -> None:
    g = craft("r needs a weighs 4", "r needs a weighs 2", "r needs b weighs 1", "r needs c optional", "r needs d")
    role = f"{BASE}role/r"
    found = {iri.rpartition("/")[2]: weight for iri, weight in weights(g.graph, role).items()}
    assert found == {"a": 0.75, "c": 0.5, "d": 1.0}
    assert {r.node.label: r.weight for r in required(g.graph, role)} == found
    assert share(4, Ends(1, 5)) == 0.75
    assert ends_of(g.graph, SCALE) == Ends(0, 4)
    assert ends_of(g.graph, "https://example.org/unknown") is None
