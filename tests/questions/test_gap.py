"""`gap`: what a role requires and is not held, against set arithmetic, SPARQL and every day of five years."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import AmbiguousName, BadInput, UnknownName
from kg.model.graphs import local_name
from kg.model.terms import BASE, KG
from kg.questions.gap import Gap, gap
from kg.stores.binding import bind, load_query
from kg.stores.memory import MemoryStore
from kg.stores.port import Store
from tests.conftest import some
from tests.strategies import DAYS, Career, careers

if TYPE_CHECKING:
    from tests.conftest import Run

AI = f"{BASE}role/ai-engineer"
DAY = date(2026, 11, 22)
#: What a person may bring: things, certifications, one retired, a business-level exam.
HELD: tuple[tuple[str, ...], ...] = (
    (),
    ("Python", "SQL", "Docker"),
    ("AI-103",),
    ("AI-102", "Java"),
    ("AIF-C01",),
    ("MLA-C01", "PCAP", "scikit-learn"),
)
STARTS = (None, "Machine Learning Engineer")


def on(graph: Career, day: date) -> GraphHandle:
    return GraphHandle(graph, as_of=day)


def roles_of(graph: Career) -> list[str]:
    return sorted(iri for iri, data in graph.nodes(data=True) if data.get("kind") == "role")


def of_kind(graph: Career, *kinds: str) -> list[str]:
    return sorted(iri for iri, data in graph.nodes(data=True) if data.get("kind") in kinds)


def required_by(graph: Career, role: str) -> dict[str, bool]:
    """Return what a role requires and whether any source calls it essential, in plain Python."""
    found: dict[str, bool] = {}
    for _, item, data in graph.out_edges(role, data=True):
        if data["relation"] == "requires":
            found[item] = found.get(item, False) or data.get("essential") is not False
    return found


def said(answer: Gap) -> tuple[object, ...]:
    """Return all that an answer says, but not how it was asked."""
    return str(answer), answer.rows(), answer.measures, answer.evidence, answer.sections()


def in_python(answer: Gap) -> set[tuple[object, ...]]:
    """Return what is required and whether it is held; what is shown at too low a level is held for the query."""
    return {(row["iri"], row["essential"], row["held"] or bool(row["held_by"])) for row in answer.rows()}


def by_sparql(
    handle: KnowledgeGraph, role: str, held: Sequence[str], start: str | None, sources: Sequence[str] = ()
) -> set[tuple[object, ...]]:
    nodes = [handle.resolve(name, "skill", "tool", "certification") for name in held]
    query = bind(
        load_query("gap_answer"),
        role=[role],
        source=sources,
        held=[n.iri for n in nodes],
        certification=[n.iri for n in nodes if n.kind == "certification"],
        start=[handle.resolve(start, "role").iri] if start else [],
    )
    return {(row["item"], row["essential"] == 1, row["has"] == 1) for row in handle.store.select(query).dicts()}


def test_the_sample_of_what_is_held_is_worth_asking(whole: Career) -> None:
    business = {iri for iri, data in whole.nodes(data=True) if data.get("audience") == KG.BusinessAudience}
    held = {on(whole, DAY).resolve(name).iri for names in HELD for name in names}
    assert held & business
    assert {local_name(whole.nodes[iri].get("status", "")) for iri in held} >= {"active", "retired", "retiring"}


def test_graph_and_sparql_agree_on_every_role_and_all_that_may_be_held(shipped: KnowledgeGraph, whole: Career) -> None:
    handle = on(whole, DAY)
    for role, held, start in product(some(roles_of(whole)), HELD, STARTS):
        answer = gap(handle, role, held=held, from_=start)
        assert in_python(answer) == by_sparql(shipped, role, held, start), (role, held, start)
        required = required_by(whole, role)
        assert {row["iri"]: row["essential"] for row in answer.rows()} == required


def test_the_handle_says_the_same_as_the_graph(shipped: KnowledgeGraph, whole: Career) -> None:
    handle = on(whole, DAY)
    for i, role in enumerate(roles_of(whole)):
        held, start = HELD[i % len(HELD)], STARTS[i % 2]
        assert said(gap(shipped, role, held=held, from_=start)) == said(gap(handle, role, held=held, from_=start)), role


@pytest.mark.parametrize("source", ["article", "esco-111", "career-kg"])
def test_all_agree_where_only_one_source_is_asked(shipped: KnowledgeGraph, whole: Career, source: str) -> None:
    for held, start in product(HELD[1:3], STARTS):
        answer = gap(shipped, AI, held=held, from_=start, source=[source])
        assert in_python(answer) == by_sparql(shipped, AI, held, start, [f"{BASE}source/{source}"])
        assert said(answer) == said(gap(on(whole, DAY), AI, held=held, from_=start, source=[source]))
        assert {claim.source for claim in answer.evidence if claim.relation == "requires"} <= {f"{BASE}source/{source}"}


@pytest.fixture(scope="module")
def memory(shipped: KnowledgeGraph) -> KnowledgeGraph:
    """The shipped dataset in a store on rdflib."""
    store = MemoryStore()
    store.add(shipped.store.quads())
    return KnowledgeGraph(store, as_of=shipped.as_of)


def test_rdflib_gives_the_same_answer(shipped: KnowledgeGraph, memory: KnowledgeGraph) -> None:
    for role, held, start in (
        (AI, HELD[3], STARTS[1]),
        (f"{BASE}role/data-analyst", HELD[0], None),
        (f"{BASE}role/analytics-engineer", HELD[1], None),
    ):
        answer = gap(shipped, role, held=held, from_=start)
        assert by_sparql(memory, role, held, start) == in_python(answer)
        assert said(gap(memory, role, held=held, from_=start)) == said(answer)


def test_everything_is_held_or_missing_and_counts_with_its_weight(whole: Career) -> None:
    for role in roles_of(whole):
        answer = gap(on(whole, DAY), role, held=["Python", "SQL"], as_said=True)
        required = required_by(whole, role)
        held = {r.node.iri for r in answer.held}
        assert held | {r.node.iri for r in answer.missing} == required.keys()
        assert held == {f"{BASE}tool/python", f"{BASE}tool/sql"} & required.keys()
        weights = {iri: 1.0 if essential else 0.5 for iri, essential in required.items()}
        share = sum(weights[iri] for iri in held) / sum(weights.values()) if weights else None
        assert answer.coverage == (None if share is None else pytest.approx(share))


def test_essential_comes_before_optional_and_then_the_label_decides(shipped: KnowledgeGraph) -> None:
    rows = gap(shipped, "AI Engineer", held=["Python", "Java"]).rows()
    keys = [(row["held"], not row["essential"], -row["importance"], row["label"].casefold()) for row in rows]
    assert keys == sorted(keys)
    assert {row["essential"] for row in rows if not row["held"]} == {True, False}


def test_rows_have_the_fields_that_were_promised(shipped: KnowledgeGraph) -> None:
    answer = gap(shipped, "AI Engineer", held=["Python"])
    (row,) = [row for row in answer.rows() if row["label"] == "Python"]
    assert row.keys() >= {"iri", "label", "kind", "essential", "importance", "held", "certified_by"}
    assert (row["iri"], row["kind"], row["held"]) == (f"{BASE}tool/python", "tool", True)
    assert answer.measures["coverage"] == answer.coverage
    assert 0 < (answer.coverage or 0) < 1


def test_every_requirement_has_its_evidence(shipped: KnowledgeGraph) -> None:
    answer = gap(shipped, "AI Engineer", held=["Python"])
    told = {(claim.object.iri, claim.source_label) for claim in answer.evidence if claim.relation == "requires"}
    assert told == {(row["iri"], source) for row in answer.rows() for source in row["sources"]}
    assert all(claim.source and claim.origin for claim in answer.evidence)
    proofs = {(claim.subject.iri, claim.object.iri) for claim in answer.evidence if claim.relation == "certifies"}
    named = {(iri, row["iri"]) for row in answer.rows() for iri in row["certified_by"]}
    assert named == proofs


def test_skills_and_tools_are_told_apart(shipped: KnowledgeGraph) -> None:
    titles = [part.title for part in gap(shipped, "AI Engineer", held=["Python"], as_said=True).sections()]
    assert any(title.startswith("Missing skills (") for title in titles)
    assert any(title.startswith("Missing tools (") for title in titles)
    assert any(title.startswith("Held (1)") for title in titles)


def test_a_certification_counts_for_what_it_certifies(shipped: KnowledgeGraph, whole: Career) -> None:
    certified = {
        item
        for _, item, data in whole.out_edges(f"{BASE}certification/ms-ai-103", data=True)
        if data["relation"] == "certifies"
    }
    answer = gap(shipped, "AI Engineer", held=["AI-103"], as_said=True)
    assert {r.node.iri for r in answer.held} == certified & required_by(whole, AI).keys()
    assert answer.held
    (row, *_) = [row for row in answer.rows() if row["held"]]
    assert row["held_by"] == ["Microsoft Certified: Azure AI Apps and Agents Developer Associate"]


def test_named_itself_it_is_not_held_by_a_certification(shipped: KnowledgeGraph) -> None:
    for held in (["Python", "PCAP"], ["PCAP", "Python"]):
        (row,) = [row for row in gap(shipped, "AI Engineer", held=held).rows() if row["label"] == "Python"]
        assert (row["held"], row["held_by"]) == (True, [])


def test_what_few_may_take_is_no_next_step_unasked(shipped: KnowledgeGraph, whole: Career) -> None:
    restricted = {iri for iri, data in whole.nodes(data=True) if data.get("eligibility")}
    assert restricted
    plain, asked = gap(shipped, "AI Engineer"), gap(shipped, "AI Engineer", include=["restricted"])
    assert not restricted & {iri for row in plain.rows() for iri in row["certified_by"]}
    assert restricted & {iri for row in asked.rows() for iri in row["certified_by"]}
    assert any("--include restricted" in row for section in plain.sections() for cells in section.rows for row in cells)


def test_a_business_exam_certifies_nothing(shipped: KnowledgeGraph, whole: Career) -> None:
    business = {iri for iri, data in whole.nodes(data=True) if data.get("audience") == KG.BusinessAudience}
    assert business
    for role in roles_of(whole):
        everything = gap(on(whole, DAY), role, include=["ending", "beta", "announced"])
        assert not business & {iri for row in everything.rows() for iri in row["certified_by"]}
        assert not gap(on(whole, DAY), role, held=sorted(business)).held
    assert ("AWS Certified AI Practitioner", "a business-level exam", "") in [
        row for part in gap(shipped, "AI Engineer").sections() if part.title == "Not a next step" for row in part.rows
    ]


# What is on offer, on any day


def steps(answer: Gap) -> set[str]:
    return {iri for row in answer.rows() for iri in row["certified_by"]}


def month(text: object, default: str) -> str:
    """Return a date of any precision as the first day it may mean; ISO dates compare as text."""
    return f"{text or default}-01-01"[:10]


def test_only_what_is_on_offer_is_a_next_step_on_any_day(whole: Career) -> None:
    state = {iri: local_name(str(whole.nodes[iri].get("status", ""))) for iri in of_kind(whole, "certification")}
    roles = ("AI Engineer", "MLOps Engineer", "Cloud Engineer", "Data Engineer")
    day = date(2024, 1, 1)
    seen: set[str] = set()
    while day.year < 2029:
        found = steps(gap(on(whole, day), *roles))
        seen |= found
        for iri in found:
            data = whole.nodes[iri]
            assert state[iri] in ("active", "retiring", "retired"), (iri, day)
            assert day.isoformat() < month(data.get("validThrough"), "9999"), (iri, day)
            if state[iri] != "active":
                assert "validThrough" in data, (iri, day)
            assert month(data.get("validFrom"), "0000") <= day.isoformat(), (iri, day)
        day += timedelta(days=31)
    assert len(seen) > 40
    assert not {iri for iri in seen if state[iri] in ("planned", "unverified", "beta", "announced")}


@pytest.mark.parametrize(
    ("day", "is_step", "is_counted"),
    [
        ("2026-01-15", True, True),
        ("2026-05-01", False, True),
        ("2026-06-30", False, False),
        ("2027-01-01", False, False),
    ],
)
def test_ai_102_ends(whole: Career, day: str, is_step: bool, is_counted: bool) -> None:
    handle = on(whole, date.fromisoformat(day))
    ai_102 = f"{BASE}certification/ms-ai-102"
    assert (ai_102 in steps(gap(handle, AI))) == is_step
    assert (ai_102 in steps(gap(handle, AI, include=["ending"]))) == is_counted


def test_what_is_gone_names_its_successor(shipped: KnowledgeGraph, whole: Career) -> None:
    answer = gap(shipped, "AI Engineer")
    (gone,) = [part for part in answer.sections() if part.title == "Not a next step"]
    rows = {row[0]: row[1:] for row in gone.rows}
    assert rows["Microsoft Certified: Azure AI Engineer Associate"] == (
        "retired 2026-06-30",
        "Microsoft Certified: Azure AI Apps and Agents Developer Associate",
    )
    for day in (date(2026, 7, 1), date(2027, 6, 1), date(2028, 12, 31)):
        proofs = [p for found in gap(on(whole, day), AI).proofs.values() for p in found]
        of_ai_102 = [p for p in proofs if p.node.iri.endswith("/ms-ai-102")]
        assert of_ai_102
        assert all([n.iri for n in p.successors] == [f"{BASE}certification/ms-ai-103"] for p in of_ai_102)


def test_the_successor_of_a_retired_successor_is_followed(whole: Career) -> None:
    later = on(whole, date(2027, 1, 1))
    proofs = [p for found in gap(later, *roles_of(whole), include=["beta"]).proofs.values() for p in found]
    (successors,) = {p.successors for p in proofs if p.node.iri.endswith("/aws-mls-c01")}
    assert [n.iri for n in successors] == [f"{BASE}certification/aws-mla-c02"], "MLA-C01 has itself retired by then"


@pytest.mark.parametrize("status", ["beta", "announced"])
def test_what_is_not_out_yet_counts_only_if_asked_for(whole: Career, status: str) -> None:
    whole = whole.copy()
    for _, data in whole.nodes(data=True):
        if data.get("status") == KG.beta:
            data["status"] = f"{BASE}ontology#{status}"
    without = steps(gap(on(whole, DAY), *roles_of(whole)))
    more = steps(gap(on(whole, DAY), *roles_of(whole), include=[status]))  # type: ignore[list-item]  # one of Include
    assert without < more
    assert {local_name(whole.nodes[iri]["status"]) for iri in more - without} == {status}


# Laws


def brought(graph: Career) -> st.SearchStrategy[list[str]]:
    able = of_kind(graph, "skill", "tool", "certification")
    return st.lists(st.sampled_from(able), max_size=6, unique=True) if able else st.just([])


def missing(answer: Gap, role: str) -> set[str]:
    (found,) = [found for found in answer.gaps if found.role.iri == role]
    return {r.node.iri for r in found.missing}


@settings(max_examples=60, deadline=None)
@given(data=st.data(), graph=careers(), day=DAYS)
def test_learning_never_widens_a_gap_and_never_lowers_coverage(data: st.DataObject, graph: Career, day: date) -> None:
    before, learned = data.draw(brought(graph)), data.draw(brought(graph))
    for role in roles_of(graph):
        first, then = (gap(on(graph, day), role, held=held) for held in (before, [*before, *learned]))
        assert missing(then, role) <= missing(first, role)
        assert (first.coverage is None) == (then.coverage is None) == (not required_by(graph, role))
        if first.coverage is not None:
            assert 0 <= first.coverage <= (then.coverage or 0.0) + 1e-12
            assert (then.coverage or 0.0) <= 1 + 1e-12


@settings(max_examples=40, deadline=None)
@given(graph=careers(), essential_only=st.booleans())
def test_who_holds_everything_misses_nothing(graph: Career, essential_only: bool) -> None:
    for role in roles_of(graph):
        for holding in ({"held": sorted(required_by(graph, role))}, {"from_": role}):
            answer = gap(on(graph, DAY), role, essential_only=essential_only, **holding)
            assert answer.missing == ()
            assert answer.coverage in (None, pytest.approx(1))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), graph=careers(), day=DAYS)
def test_any_gap_of_any_graph_is_set_arithmetic(data: st.DataObject, graph: Career, day: date) -> None:
    held = data.draw(brought(graph))
    counted = set(held) | {
        item
        for name in held
        for _, item, edge in graph.out_edges(name, data=True)
        if edge["relation"] == "certifies" and "/certification/" in name
    }
    answer = gap(on(graph, day), *roles_of(graph), held=held, as_said=True)
    for found in answer.gaps:
        required = required_by(graph, found.role.iri)
        assert {r.node.iri: r.essential for r in found.missing} == {
            iri: essential for iri, essential in required.items() if iri not in counted
        }
        assert {r.node.iri for r in found.held} == required.keys() & counted
    assert len(answer.evidence) == len({claim.iri for claim in answer.evidence})
    for iri, found_proofs in answer.proofs.items():
        assert {p.node.iri for p in found_proofs} == {
            u for u, _, edge in graph.in_edges(iri, data=True) if edge["relation"] == "certifies"
        }
        for proof in found_proofs:
            assert proof.step <= (proof.offer.status == "active")
    assert all(len(row) == len(part.header) for part in answer.sections() for row in part.rows)


def test_asking_changes_nothing(whole: Career) -> None:
    before: Career = nx.MultiDiGraph(whole)
    gap(on(whole, DAY), *roles_of(whole), held=["Python"])
    assert nx.utils.graphs_equal(before, whole)


# Several roles


def test_of_several_roles_the_nearest_comes_first(undescribed: KnowledgeGraph) -> None:
    names = ("AI Engineer", "Data Engineer", "Java Developer", "Data Gardener")
    answer = gap(undescribed, *names, held=["Java", "SQL"])
    coverages = [found.coverage for found in answer.gaps]
    assert coverages[-1] is None
    assert coverages[:-1] == sorted((c for c in coverages if c is not None), reverse=True)
    assert answer.role.label == "Java Developer"
    assert str(answer).startswith("Nearest is Java Developer")
    assert answer.measures["coverage_by_role"].keys() == set(names)
    for found in answer.gaps:
        alone = gap(undescribed, found.role.iri, held=["Java", "SQL"])
        assert (alone.held, alone.missing) == (found.held, found.missing)
    assert said(gap(undescribed, *reversed(names), held=["SQL", "Java"])) == said(answer)
    assert {row["role"] for row in answer.rows()} == {*names} - {"Data Gardener"}


def test_a_role_that_nobody_describes_is_said_to_be_so(undescribed: KnowledgeGraph) -> None:
    answer = gap(undescribed, "Data Gardener", held=["Python"])
    assert "not described" in str(answer)
    assert (answer.rows(), answer.coverage) == ((), None)


# Names and files


def test_names_that_mean_nothing_or_several(shipped: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match='No role "qqqqqq"'):
        gap(shipped, "qqqqqq")
    with pytest.raises(UnknownName, match="qqqqqq"):
        gap(shipped, "AI Engineer", held=["Python", "qqqqqq"])
    with pytest.raises(UnknownName, match="qqqqqq"):
        gap(shipped, "AI Engineer", from_="qqqqqq")
    with pytest.raises(UnknownName, match='No role "Python"'):
        gap(shipped, "Python")
    with pytest.raises(AmbiguousName, match="may mean"):
        gap(shipped, "AI Engineer", held=["GitHub Copilot"])
    with pytest.raises(BadInput, match="needs the role"):
        gap(shipped)
    with pytest.raises(BadInput, match='No source "nonsense"'):
        gap(shipped, "AI Engineer", source=["nonsense"])


def test_a_role_is_not_held(shipped: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="Java Developer"):
        gap(shipped, "AI Engineer", held=["Java Developer"])


def write(path: Path, lines: Iterable[str], encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_of_held_things_is_as_good_as_naming_them(
    shipped: KnowledgeGraph, tmp_path: Path, encoding: str
) -> None:
    path = write(tmp_path / "held.txt", ["Python", "", "# a remark", "  SQL  # since 2019", "AI-103"], encoding)
    expected = gap(shipped, "AI Engineer", held=["Python", "SQL", "AI-103"])
    answer = gap(shipped, "AI Engineer", held_file=path)
    assert (answer.rows(), answer.measures, answer.evidence) == (expected.rows(), expected.measures, expected.evidence)
    assert str(answer) == f"Read 3 of 3 names in {path}. {expected}"
    assert answer.rows() == gap(shipped, "AI Engineer", profile=path).rows()
    mixed = gap(shipped, "AI Engineer", held=["Docker"], held_file=path)
    assert len(mixed.held) > len(expected.held)


def test_what_is_not_understood_is_told_and_refused_where_strict(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    path = write(tmp_path / "held.txt", ["Python", "qqqqqq", "SQL", "GitHub Copilot", "AI Engineer"])
    answer = gap(shipped, "AI Engineer", held_file=path)
    assert str(answer).startswith(f"Read 2 of 5 names in {path}. Not understood: qqqqqq, AI Engineer. Not counted: ")
    assert answer.rows() == gap(shipped, "AI Engineer", held=["Python", "SQL"]).rows()
    strict = KnowledgeGraph(shipped.store, as_of=shipped.as_of, strict=True)
    with pytest.raises(BadInput, match="3 faults") as raised:
        gap(strict, "AI Engineer", held_file=path)
    assert [(fault.file, fault.line) for fault in raised.value.faults] == [(str(path), n) for n in (2, 4, 5)]


def test_a_held_file_that_cannot_be_used(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        gap(shipped, "AI Engineer", held_file=tmp_path / "none.txt")
    with pytest.raises(BadInput, match="is a folder, but no export of LinkedIn"):
        gap(shipped, "AI Engineer", held_file=tmp_path)
    with pytest.raises(BadInput, match="names nothing"):
        gap(shipped, "AI Engineer", held_file=write(tmp_path / "empty.txt", ["", "# nothing"]))
    binary = tmp_path / "binary.txt"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="is not UTF-8"):
        gap(shipped, "AI Engineer", held_file=binary)


# The command


def test_the_command_says_what_the_function_says(run: Run, shipped: KnowledgeGraph, tmp_path: Path) -> None:
    path = write(tmp_path / "held.txt", ["Docker"])
    asked = ("gap", "AI Engineer", "--held", "Python", "--from", "Data Analyst", "--held-file", path)
    ran = run(*asked, "--as-of", DAY, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    answer = gap(shipped, "AI Engineer", held=["Python"], from_="Data Analyst", held_file=path)
    printed: dict[str, Any] = json.loads(ran.out)
    assert printed == json.loads(json.dumps(answer.to_json()))
    assert printed["rows"][0].keys() >= {"iri", "label", "kind", "essential", "importance", "held", "certified_by"}


def test_the_command_tells_several_roles_apart(run: Run) -> None:
    ran = run("gap", "AI Engineer", "Java Developer", "--held", "Java", "--as-of", DAY)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Nearest is Java Developer")
    assert ran.out.index("Java Developer: missing") < ran.out.index("AI Engineer: missing")


def test_misuse_of_the_command(run: Run) -> None:
    for arguments in (["gap"], ["gap", "qqqqqq"], ["gap", "AI Engineer", "--include", "retired"]):
        ran = run(*arguments)
        assert (ran.code, ran.out) == (2, ""), arguments
        assert ran.err.strip()
        assert "Traceback" not in ran.err


def test_what_one_store_holds_no_other_needs(shipped: KnowledgeGraph) -> None:
    store: Store = shipped.store
    assert len(store) > 10_000
    answer = gap(shipped, "AI Engineer", held=["Python"])
    assert answer.sparql.startswith("# What roles require")
    assert len(answer.to_networkx()) < len(store)
