"""The facts on certifications keep their own rules: a status has a source and a day, a figure a source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from kg.model.shipped import data_path

Entry = dict[str, Any]  # YAML: any JSON-like value


def read() -> Iterator[Entry]:
    for path in sorted(data_path("ontology/facts/certifications").glob("*.yaml")):
        yield from yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["certifications"]


FACTS = {entry["id"]: entry for entry in read()}
#: How `unverified` names a figure.
WORDS = {"price": "price", "minutes": "minutes", "questions": "items", "passing": "pass mark", "domains": "domains"}


def supported(entry: Entry) -> set[str]:
    return {part for citation in entry["citations"] for part in citation.get("supports", ())}


def test_a_status_has_a_day_and_a_source_or_is_unverified() -> None:
    assert [name for name, entry in FACTS.items() if not entry["status"]["as_of"]] == []
    known = {name: entry for name, entry in FACTS.items() if entry["status"]["state"] != "unverified"}
    assert len(known) < len(FACTS)
    assert [name for name, entry in known.items() if "status" not in supported(entry)] == []


def test_a_figure_has_a_source_or_is_said_to_have_none() -> None:
    for name, entry in FACTS.items():
        exam = entry.get("exam", {})
        given = {part for part in ("minutes", "questions") if part in exam}
        given |= {"price"} if entry["price"]["usd"] is not None else set()
        given |= {"domains"} if "domains" in entry else set()
        given |= {"passing"} if "value" in exam.get("passing", {}) else set()
        doubted = " ".join(entry.get("unverified", ()))
        assert [part for part in given - supported(entry) if WORDS[part] not in doubted] == [], name


def test_it_has_a_level_certifies_something_and_its_price_is_given_or_said_to_be_missing() -> None:
    for name, entry in FACTS.items():
        assert entry["level"], name
        assert entry.get("skills") or entry.get("tools"), name
        assert entry["price"]["usd"] is not None or entry["price"]["note"], name


def test_weights_add_up_to_the_whole_exam_or_a_conflict_tells() -> None:
    for name, entry in FACTS.items():
        weights = [domain["weight"] for domain in entry.get("domains", ()) if "weight" in domain]
        if not weights:
            continue
        assert len(weights) == len(entry["domains"]), name
        ends = [weight if isinstance(weight, list) else [weight, weight] for weight in weights]
        whole = sum(low for low, _ in ends) <= 100.2 and sum(high for _, high in ends) >= 99.8
        told = any("add up to" in text or "totals" in text for text in entry.get("conflicts", ()))
        assert whole or told, name


def test_what_is_retired_says_when_or_that_nobody_says() -> None:
    retired = [entry for entry in FACTS.values() if entry["status"]["state"] == "retired"]
    assert [x["id"] for x in retired if not x["status"].get("through") and not x["status"].get("note")] == []


def test_nothing_is_replaced_by_itself_however_far_one_follows() -> None:
    for name in FACTS:
        seen, following = set(), [*FACTS[name].get("replaced_by", ())]
        while following:
            after = following.pop()
            assert after != name
            if after not in seen:
                seen.add(after)
                following += FACTS[after].get("replaced_by", ())


@pytest.mark.parametrize(
    ("exam", "beyond"),
    [
        ("cncf-cka", "linux"),
        ("oracle-java-se-17", "sql"),
        ("pcep", "data-structures-and-algorithms"),
        ("cncf-kcna", "docker"),
        ("ms-ab-100", "requirements-analysis"),
    ],
)
def test_one_bullet_of_a_guide_certifies_nothing(exam: str, beyond: str) -> None:
    assert beyond not in FACTS[exam].get("skills", []) + FACTS[exam].get("tools", [])


def test_the_weights_of_the_professional_data_engineer_are_not_swapped() -> None:
    assert [domain["weight"] for domain in FACTS["gcp-pde"]["domains"]] == [22, 25, 20, 15, 18]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("aws-saa-c02", "aws-saa-c03"),
        ("aws-clf-c01", "aws-clf-c02"),
        ("snowflake-core-c02", "snowflake-cof-c03"),
        ("comptia-da0-001", "comptia-data-plus"),
        ("hashicorp-terraform-003", "hashicorp-terraform-associate"),
        ("ms-dp-203", "ms-dp-700"),
    ],
)
def test_an_earlier_version_is_known_with_its_successor(old: str, new: str) -> None:
    assert FACTS[old]["status"]["state"] == "retired"
    assert new in FACTS[old]["replaced_by"]
