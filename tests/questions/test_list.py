"""`list`: what is there, of one kind."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given, settings

from kg.careers.offers import first_day
from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput
from kg.model.graphs import KIND_CLASSES, local_name
from kg.questions.list import Kinds, Status
from kg.questions.list import list as list_
from kg.stores.binding import bind, load_query
from tests.strategies import DAYS, Career, careers

if TYPE_CHECKING:
    from tests.conftest import Run

KINDS: dict[Kinds, str] = {
    "roles": "role",
    "skills": "skill",
    "tools": "tool",
    "certifications": "certification",
    "providers": "provider",
    "activities": "activity",
}


def test_every_kind_has_its_list() -> None:
    assert set(get_args(Kinds)) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_node_of_the_kind_is_listed_once_by_label(shipped: KnowledgeGraph, whole: Career, kind: Kinds) -> None:
    found = list_(shipped, kind)
    assert {row["iri"] for row in found.rows()} == {
        iri for iri, data in whole.nodes(data=True) if data.get("kind") == KINDS[kind]
    }
    labels = [row["label"].casefold() for row in found.rows()]
    assert labels == sorted(labels)
    assert str(found) == f"{len(labels)} {kind}."
    by_sparql = shipped.store.select(bind(load_query("list_answer"), **{"class": [KIND_CLASSES[KINDS[kind]]]}))
    assert sorted((row["node"], row["label"]) for row in by_sparql.dicts()) == sorted(
        (row["iri"], row["label"]) for row in found.rows()
    )


@pytest.mark.parametrize("kind", KINDS)
def test_graph_and_handle_list_the_same(shipped: KnowledgeGraph, whole: Career, kind: Kinds) -> None:
    assert list_(GraphHandle(whole, as_of=shipped.as_of), kind).rows() == list_(shipped, kind).rows()


def test_filters_choose(shipped: KnowledgeGraph) -> None:
    every = list_(shipped, "certifications").rows()
    for name, value in (("level", "associate"), ("status", "active"), ("provider", "Databricks")):
        chosen = list_(shipped, "certifications", **{name: [value]})  # type: ignore[arg-type]  # the name is chosen
        assert [*chosen.rows()] == [row for row in every if row[name] == value]
        assert 0 < len(chosen.rows()) < len(every)
    tools = list_(shipped, "tools").rows()
    frameworks = list_(shipped, "tools", category=["framework"]).rows()
    assert [*frameworks] == [row for row in tools if row["category"] == "framework"]
    assert list_(shipped, "tools", category=["FRAMEWORK"]).rows() == frameworks
    both = list_(shipped, "tools", category=["framework", "language"]).rows()
    assert [*both] == [row for row in tools if row["category"] in ("framework", "language")]


def test_filters_narrow_together(shipped: KnowledgeGraph) -> None:
    found = list_(shipped, "certifications", status=["active"], provider=["AWS"], level=["associate"]).rows()
    assert found
    assert {(row["status"], row["provider"], row["level"]) for row in found} == {
        ("active", "Amazon Web Services", "associate")
    }


def test_providers_go_by_part_of_the_name_or_initials(shipped: KnowledgeGraph) -> None:
    by = [
        list_(shipped, "certifications", provider=[p]).rows() for p in ("AWS", "aws", "amazon", "Amazon Web Services")
    ]
    assert len(by[0]) > 3
    assert all(rows == by[0] for rows in by)


def test_known_filters_that_exclude_each_other_leave_an_empty_list(shipped: KnowledgeGraph) -> None:
    found = list_(shipped, "certifications", level=["expert"], provider=["TensorFlow"])
    assert (found.rows(), found.yes, str(found)) == ((), False, "No certifications match.")


@pytest.mark.parametrize(
    ("kind", "filters", "match"),
    [
        ("certifications", {"provider": ["Nobody"]}, r'No provider "Nobody".*Microsoft'),
        ("certifications", {"provider": [""]}, 'No provider ""'),
        ("certifications", {"provider": ["AWS", "Nobody"]}, 'No provider "Nobody"'),
        ("certifications", {"provider": ["  "]}, "No provider"),
        ("certifications", {"level": ["wizard"]}, r'No level "wizard".*associate'),
        ("certifications", {"status": ["wizard"]}, r'No status "wizard".*on-offer'),
        ("certifications", {"category": ["framework"]}, "--category chooses among"),
        ("tools", {"category": ["wizard"]}, r'No category "wizard".*framework'),
        ("tools", {"status": ["active"]}, "Leave them out"),
        ("roles", {"provider": ["AWS"]}, "Leave them out"),
        ("skills", {"level": ["associate"]}, "Leave them out"),
        ("wizards", {}, r'No list of "wizards".*roles'),
    ],
)
def test_filters_that_make_no_sense_are_refused(
    shipped: KnowledgeGraph, kind: Kinds, filters: dict[str, list[str]], match: str
) -> None:
    with pytest.raises(BadInput, match=match):
        list_(shipped, kind, **filters)  # type: ignore[arg-type]  # nonsense on purpose


def test_nothing_that_has_ended_or_is_uncertain_is_on_offer_on_any_day(whole: Career) -> None:
    day = date(2025, 1, 1)
    seen = set()
    while day < date(2028, 1, 1):
        for row in list_(GraphHandle(whole, as_of=day), "certifications", status=["on-offer"]).rows():
            data = whole.nodes[row["iri"]]
            seen.add(row["iri"])
            assert row["on_offer"]
            assert row["status"] in ("active", "ending")
            assert local_name(data["status"]) not in ("planned", "unverified", "beta", "announced")
            assert local_name(data["status"]) == "active" or first_day(data["validThrough"]) > day
            assert first_day(data.get("validThrough", "9999")) > day
            assert first_day(data.get("validFrom", "0001")) <= day
        day += timedelta(days=17)
    assert len(seen) > 50


def test_ai_102_is_listed_on_offer_only_until_its_end(whole: Career) -> None:
    def offered(day: str) -> set[str]:
        rows = list_(GraphHandle(whole, as_of=date.fromisoformat(day)), "certifications", status=["on-offer"]).rows()
        return {row["code"] for row in rows}

    assert "AI-102" in offered("2026-01-15")
    assert "AI-102" in offered("2026-06-29")
    assert "AI-102" not in offered("2026-06-30")
    assert "AI-103" in offered("2026-11-22")
    assert "AI-103" not in offered("2026-01-15"), "not started"


@pytest.mark.parametrize("status", [*get_args(Status)])
def test_status_lists_only_that_status(shipped: KnowledgeGraph, status: Status) -> None:
    for row in list_(shipped, "certifications", status=[status]).rows():
        assert row["on_offer"] if status == "on-offer" else row["status"] == status


def test_free_and_unknown_prices_stay_apart(shipped: KnowledgeGraph) -> None:
    prices = {row["iri"].rpartition("/")[2]: row["price_usd"] for row in list_(shipped, "certifications").rows()}
    assert prices["oracle-oci-ai-foundations"] == 0
    assert prices["ibm-ai-fundamentals"] is None
    assert prices["hashicorp-terraform-associate"] == 70.5


@settings(max_examples=50)
@given(graph=careers(), day=DAYS)
def test_on_offer_is_a_part_of_the_list(graph: Career, day: date) -> None:
    handle = GraphHandle(graph, as_of=day)
    every = list_(handle, "certifications").rows()
    offered = list_(handle, "certifications", status=["on-offer"]).rows()
    assert [*offered] == [row for row in every if row["status"] in ("active", "ending")]
    assert len(every) == sum(data["kind"] == "certification" for _, data in graph.nodes(data=True))


def test_exit_codes(run: Run) -> None:
    assert run("list", "roles").code == 0
    assert run("list", "certifications", "--level", "expert", "--provider", "TensorFlow").code == 1
    assert run("list", "roles", "--status", "active").code == 2
    assert run("list", "wizards").code == 2
