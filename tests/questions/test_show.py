"""`show`: the card of a node, and what uses it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import given

from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import AmbiguousName, UnknownName
from kg.model.graphs import local_name
from kg.model.terms import BASE, KG
from kg.names.lookup import ASKABLE
from kg.questions.show import Show, show
from kg.stores.binding import bind, load_query
from kg.views.text_tables import clean, plain_text
from tests.conftest import DAY
from tests.strategies import Career, careers

if TYPE_CHECKING:
    from tests.conftest import Run

AI_103 = "Microsoft Certified: Azure AI Apps and Agents Developer Associate"


def on(shipped: KnowledgeGraph, day: str) -> KnowledgeGraph:
    return KnowledgeGraph(shipped.store, as_of=date.fromisoformat(day))


def facts(answer: Show) -> dict[str, str]:
    """Return the lines of the card by name."""
    return {row[0]: row[1] for row in answer.sections()[0].rows}


def section(answer: Show, title: str) -> tuple[tuple[str, ...], ...]:
    (found,) = [part for part in answer.sections() if part.title.startswith(title)]
    return found.rows


# AI-102, which the article recommends and which was retired


def test_ai_102_is_retired_and_names_its_successor(shipped: KnowledgeGraph) -> None:
    answer = show(shipped, "AI-102")
    assert str(answer) == (
        "Microsoft Certified: Azure AI Engineer Associate (AI-102): retired since 2026-06-30, "
        f"not on offer on 2026-11-22; successor: {AI_103}."
    )
    assert (answer.measures["on_offer"], answer.measures["status"]) == (False, "retired")
    assert facts(answer)["status"] == "retired, as of 2026-09-27"
    assert facts(answer)["until"] == "2026-06-30"
    (successor,) = [r for r in answer.relations if r.phrase == "replaced by"]
    assert (successor.other.iri, successor.standing) == (f"{BASE}certification/ms-ai-103", "active")


@pytest.mark.parametrize(
    ("day", "status", "said"),
    [
        ("2026-01-15", "active", ": active, on offer on 2026-01-15; successor: "),
        ("2026-05-01", "ending", ": ends on 2026-06-30, on offer on 2026-05-01; successor: "),
        ("2026-06-30", "retired", ": retired since 2026-06-30, not on offer on 2026-06-30; successor: "),
    ],
)
def test_ai_102_on_other_days(shipped: KnowledgeGraph, day: str, status: str, said: str) -> None:
    answer = show(on(shipped, day), "AI-102")
    assert said in str(answer)
    assert answer.measures["status"] == status
    assert answer.measures["on_offer"] == (status != "retired")
    assert facts(answer)["status"].startswith("retired, as of"), "what is known is today's"
    assert facts(answer).get(f"on {day}", "retired") == status


def test_ai_103_has_not_started_in_january(shipped: KnowledgeGraph) -> None:
    assert ": not started, not on offer on 2026-01-15." in str(show(on(shipped, "2026-01-15"), "AI-103"))
    assert ": active, on offer on 2026-11-22." in str(show(shipped, "AI-103"))


def test_what_was_retiring_is_retired_once_its_end_has_passed(shipped: KnowledgeGraph) -> None:
    assert "retired since 2026-09-28, not on offer" in str(show(shipped, "MLA-C01"))
    assert "ends on 2026-09-28, on offer" in str(show(on(shipped, "2026-08-01"), "MLA-C01"))


def test_a_status_past_ninety_days_is_not_recently_checked(shipped: KnowledgeGraph) -> None:
    for code, day, stale in (
        ("AI-102", DAY, False),
        ("certification:pcpp2", DAY, False),
        ("AZ-900", "2099-01-01", True),
    ):
        answer = show(on(shipped, day), code)
        assert answer.measures["not_recently_checked"] is stale
        assert facts(answer)["status"].endswith("; not recently checked") is stale
    assert show(on(shipped, "2026-12-26"), "AI-102").measures["not_recently_checked"] is False
    assert show(on(shipped, "2026-12-27"), "AI-102").measures["not_recently_checked"] is True


def test_unknown_and_free_prices_are_told_apart(shipped: KnowledgeGraph) -> None:
    free, unknown = show(shipped, "oracle-oci-ai-foundations"), show(shipped, "ibm-ai-fundamentals")
    assert (free.measures["price_usd"], unknown.measures["price_usd"]) == (0, None)
    assert facts(free)["price"].startswith("free")
    assert facts(unknown)["price"].startswith("not stated")
    assert facts(show(shipped, "hashicorp-terraform-associate"))["price"].startswith("USD 70.50")
    assert facts(show(shipped, "AI-102"))["price"] == "USD 165"


def test_domains_come_in_order_with_their_intervals(shipped: KnowledgeGraph) -> None:
    answer = show(shipped, "AI-102")
    assert answer.domains[:3] == (
        ("Plan and manage an Azure AI solution", "20–25 %"),
        ("Implement generative AI solutions", "15–20 %"),
        ("Implement an agentic solution", "5–10 %"),
    )
    assert section(answer, "Exam domains") == answer.domains


def test_every_domain_of_every_certification_is_shown_in_order(shipped: KnowledgeGraph, whole: Career) -> None:
    for iri, data in whole.nodes(data=True):
        if data.get("kind") == "certification":
            domains = sorted((whole.nodes[d] for d in data.get("hasDomain", ())), key=lambda domain: domain["order"])
            assert [label for label, _ in show(shipped, iri).domains] == [domain["label"] for domain in domains]


def test_citations_come_newest_first(shipped: KnowledgeGraph) -> None:
    answer = show(shipped, "AI-102")
    dates = [row[1] for row in answer.citations]
    assert dates
    assert dates == sorted(dates, reverse=True)
    assert ("deadline 23:59 Central Standard Time on 2026-06-30") in {row[2] for row in answer.citations}
    assert [row[2] for row in section(answer, "Sources")] == [row[2] for row in answer.citations]


def test_conflicts_about_a_node_are_told(shipped: KnowledgeGraph) -> None:
    answer = show(shipped, "AI-102")
    assert [severity for severity, *_ in answer.conflicts] == ["A", "C"]
    assert "Never list AI-102 as a next step" in answer.conflicts[0][2]
    assert "One April 2026 blog claims" in facts(answer)["sources disagree"]


def test_what_the_article_says_comes_with_its_line(shipped: KnowledgeGraph) -> None:
    (said,) = show(shipped, "AI-102").statements
    assert (said[0], said[2]) == (59, "Microsoft Certified: Azure AI Engineer Associate (AI-102)")


# Roles and skills


def test_card_of_a_role(shipped: KnowledgeGraph, whole: Career) -> None:
    answer = show(shipped, "AI Engineer")
    assert answer.offered is None
    assert str(answer).startswith("AI Engineer (role): ")
    needed = {v for _, v, data in whole.out_edges(answer.node.iri, data=True) if data["relation"] == "requires"}
    assert {r.other.iri for r in answer.relations if r.phrase == "requires"} == needed
    assert {r.essential for r in answer.relations if r.phrase == "requires"} == {True, False}
    recommended = {r.other.label: r.standing for r in answer.relations if r.phrase == "recommended certifications"}
    assert recommended["Microsoft Certified: Azure AI Engineer Associate"] == "retired"


def test_card_of_a_tool(shipped: KnowledgeGraph) -> None:
    answer = show(shipped, "sklearn")
    assert facts(answer)["category"] == "framework"
    assert "sklearn" in facts(answer)["also called"]
    assert {"is required by", "is certified by", "is used by"} & {r.phrase for r in answer.relations}


def test_a_role_that_no_source_describes_says_so(undescribed: KnowledgeGraph) -> None:
    answer = show(undescribed, "Data Gardener")
    assert facts(answer)["described"].startswith("not described")
    assert not [r for r in answer.relations if r.phrase == "requires"]
    assert "described" not in facts(show(undescribed, "AI Engineer"))


def test_a_source_narrows_the_card_to_what_it_says(shipped: KnowledgeGraph) -> None:
    answer = show(shipped, "python", source=["esco-111"])
    assert answer.evidence
    assert {claim.source for claim in answer.evidence} == {f"{BASE}source/esco-111"}
    assert len(answer.evidence) < len(show(shipped, "python").evidence)


# Every node


def test_every_node_can_be_shown(shipped: KnowledgeGraph, whole: Career) -> None:
    shown = 0
    for iri, data in whole.nodes(data=True):
        if data.get("kind") in ASKABLE:
            answer = show(shipped, iri)
            squeezed = " ".join(plain_text(answer, width=400).split())
            assert " ".join(data["label"].split()) in squeezed, iri
            assert iri in squeezed
            assert (answer.node.iri, answer.node.kind) == (iri, data["kind"])
            shown += 1
    assert shown == sum(data.get("kind") in ASKABLE for _, data in whole.nodes(data=True))


def test_handle_and_graph_show_the_same(shipped: KnowledgeGraph, whole: Career) -> None:
    handle = GraphHandle(whole, as_of=shipped.as_of)
    for iri in sorted(iri for iri, data in whole.nodes(data=True) if data.get("kind") in ASKABLE)[::9]:
        there, here = show(shipped, iri), show(handle, iri)
        assert (str(here), here.rows(), here.measures) == (str(there), there.rows(), there.measures)
        assert (here.evidence, here.sections()) == (there.evidence, there.sections())


def test_sparql_shows_the_same_relations(shipped: KnowledgeGraph, whole: Career) -> None:
    for iri, data in whole.nodes(data=True):
        if data.get("kind") not in ASKABLE:
            continue
        rows = shipped.store.select(bind(load_query("show_answer"), node=[iri])).dicts()
        by_sparql = {(local_name(str(r["relation"])), r["direction"], r["other"], r["source"]) for r in rows}
        in_python = {
            (claim.relation, direction, other, claim.source)
            for claim in show(shipped, iri).evidence
            for direction, this, other in (
                ("out", claim.subject.iri, claim.object.iri),
                ("in", claim.object.iri, claim.subject.iri),
            )
            if this == iri
        }
        assert by_sparql == in_python, iri


@given(graph=careers(most=3))
def test_every_node_of_any_graph_can_be_shown(graph: Career) -> None:
    handle = GraphHandle(graph, as_of=date(2026, 11, 22))
    for iri in graph:
        answer = show(handle, iri)
        assert len(answer.evidence) == graph.out_degree(iri) + graph.in_degree(iri)
        assert " ".join(clean(graph.nodes[iri]["label"]).split())[:40] in " ".join(plain_text(answer).split())
        assert all(len(row) == len(part.header) for part in answer.sections() for row in part.rows)


def test_a_node_with_only_a_label_can_be_shown() -> None:
    graph: Career = nx.MultiDiGraph()
    graph.add_node(f"{BASE}certification/bare", label="Bare", kind="certification")
    answer = show(GraphHandle(graph, as_of=date(2026, 11, 22)), "bare")
    assert str(answer) == "Bare: unverified, not on offer on 2026-11-22."
    assert facts(answer)["price"] == "not stated"
    assert "as of unknown; not recently checked" in facts(answer)["status"]
    graph.add_node(f"{BASE}certification/bare", status=KG.active)
    assert str(show(GraphHandle(graph, as_of=date(2026, 11, 22)), "bare")) == "Bare: active, on offer on 2026-11-22."


def test_names_that_mean_no_node_or_several_are_refused(shipped: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match='No role, skill, tool or certification "qqqqqq"'):
        show(shipped, "qqqqqq")
    with pytest.raises(AmbiguousName, match="tool:databricks"):
        show(shipped, "databricks")


def test_exit_codes(run: Run) -> None:
    assert run("show", "AI-102", "--as-of", "2026-11-22").code == 0
    assert run("show", "qqqqqq").code == 2
    assert run("show", "databricks").code == 2
