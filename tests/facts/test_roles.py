"""The roles, skills and tools that ship: words people type, what practitioners call core, claims and their sources."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import kg
from kg.model.shipped import data_path
from kg.model.terms import BASE, DCTERMS, KG
from kg.sources.documents import read_documents
from tests.realdata import real_data

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
Facts = dict[str, list[dict[str, Any]]]  # the sections of the facts, of all files together


def words(name: str) -> dict[str, Any]:  # YAML: any JSON-like value
    with (HERE / name).open(encoding="utf-8") as file:
        found: dict[str, Any] = yaml.load(file, Loader=yaml.CSafeLoader)
    return found


@pytest.fixture(scope="module")
def facts() -> Facts:
    found: Facts = defaultdict(list)
    for document in read_documents([data_path("ontology/facts")]):
        for section, entries in document.data.items():
            if isinstance(entries, list):
                found[section] += entries
    return found


def required(role: dict[str, Any]) -> dict[str, bool]:
    """What a role requires, by id: whether any of its sources calls it essential."""
    found: dict[str, bool] = {}
    for need in role["requires"]:
        name = need.get("skill") or need["tool"]
        found[name] = found.get(name, False) or need.get("essential", True)
    return found


@pytest.fixture(scope="module")
def new_roles(facts: Facts) -> dict[str, dict[str, bool]]:
    return {role["id"]: required(role) for role in facts["roles"] if role["id"] in words("panel.yaml")}


# --- words ------


def test_usual_words_for_skills_resolve(shipped: kg.KnowledgeGraph) -> None:
    asked = words("words.yaml")
    assert len(asked) >= 144
    wrong = [word for word, name in asked.items() if name not in best(shipped, word)]
    assert len(wrong) <= len(asked) * 0.05, wrong


def best(g: kg.KnowledgeGraph, word: str) -> list[str]:
    """Return the ids of the first skills and tools that a word may mean, more than one where it is ambiguous."""
    hits = [hit for hit in kg.find(g, word).hits if hit.node.iri.startswith((f"{BASE}skill/", f"{BASE}tool/"))]
    return [hit.node.iri.rpartition("/")[2] for hit in hits if hit.score == hits[0].score]


def test_no_two_skills_or_tools_share_a_name(facts: Facts) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for entry in (*facts["skills"], *facts["tools"]):
        for name in (entry["label"], *entry.get("aliases", ())):
            owners[name.casefold()].add(entry["id"])
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_what_was_counted_in_advertisements_has_a_node_of_its_own(facts: Facts) -> None:
    nodes = [item.get("skill") or item["tool"] for item in facts["items"]]
    assert len(nodes) == len(set(nodes)) == len({item["item"] for item in facts["items"]}) > 300


# --- what practitioners call core ------


def test_roles_hold_what_practitioners_call_core(new_roles: dict[str, dict[str, bool]]) -> None:
    panel = words("panel.yaml")
    judged = [(role, item) for role, items in panel.items() for item in items]
    absent = [(role, item) for role, item in judged if item not in new_roles[role]]
    assert len(absent) <= len(judged) * 0.03, absent
    essential = sum(new_roles[role].get(item, False) for role, item in judged)
    assert essential >= len(judged) * 0.55


@pytest.mark.parametrize("role", words("panel.yaml"))
def test_not_everything_is_essential(new_roles: dict[str, dict[str, bool]], role: str) -> None:
    needs = new_roles[role]
    essential = [name for name, said in needs.items() if said]
    assert len(essential) <= 18
    assert 2 * len(essential) <= len(needs)


def test_every_role_has_a_way_in_that_rests_on_something(facts: Facts) -> None:
    entered = {step["to"] for step in facts["transitions"]}
    assert {role["id"] for role in facts["roles"]} == entered
    assert [step for step in facts["transitions"] if not step.get("basis") or not step.get("sources")] == []


def test_a_reading_of_ours_says_why(facts: Facts) -> None:
    ours = [need for role in facts["roles"] for need in role.get("requires", ()) if need.get("source") == "career-kg"]
    assert ours
    assert [need for need in ours if not need["locator"].startswith("our reading: ")] == []


# --- claims against their sources ------


def test_a_level_is_on_the_scale_of_its_framework(shipped: kg.KnowledgeGraph) -> None:
    query = f"SELECT DISTINCT ?scale {{ ?c <{KG.levelScale}> ?scale ; <{DCTERMS.source}> <{BASE}source/gdad-2025> }}"
    assert list(shipped.store.select(query).dicts()) == [{"scale": KG.GdadLevelScale}]


def mappings() -> Iterator[dict[str, str]]:
    with data_path("ontology/mappings.sssom.tsv").open(encoding="utf-8") as file:
        yield from csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")


def matches(kinds: set[str], prefix: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in mappings():
        if row["predicate_id"].removeprefix("skos:") in kinds and row["object_id"].startswith(f"{prefix}:"):
            found[row["subject_id"]].add(row["object_id"].partition(":")[2])
    return found


def claims(facts: Facts, source: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for role in facts["roles"]:
        for need in role.get("requires", ()):
            if need.get("source") == source:
                yield role["id"], need


def named(need: dict[str, Any], prefix: str) -> str:
    found = re.search(rf"{prefix}:(\S+)", need["locator"])
    assert found, need
    return found[1]


def test_a_claim_from_esco_names_a_skill_that_means_the_same(facts: Facts) -> None:
    meant = matches({"exactMatch", "closeMatch", "narrowMatch"}, "esco_skill")
    for role, need in claims(facts, "esco-111"):
        node = f"skill:{need['skill']}" if "skill" in need else f"tool:{need['tool']}"
        assert named(need, "esco_skill") in meant[node], (role, need)


@pytest.mark.realdata
def test_esco_relates_what_we_say_it_relates(facts: Facts) -> None:
    from io import TextIOWrapper
    from zipfile import ZipFile

    (archive,) = real_data("esco-1.1.1").glob("*relations*.zip")
    said: dict[tuple[str, str], str] = {}
    with ZipFile(archive) as zipped, zipped.open("occupationSkillRelations.csv") as file:
        for row in csv.DictReader(TextIOWrapper(file, "utf-8-sig")):
            said[row["occupationUri"].rpartition("/")[2], row["skillUri"].rpartition("/")[2]] = row["relationType"]
    occupations = matches({"exactMatch", "closeMatch", "broadMatch", "relatedMatch"}, "esco_occupation")
    for role, need in claims(facts, "esco-111"):
        relations = {said.get((one, named(need, "esco_skill"))) for one in occupations[f"role:{role}"]}
        assert ("essential" if need["essential"] else "optional") in relations, (role, need)


@pytest.mark.realdata
def test_onet_flags_what_we_say_it_flags(facts: Facts) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    said = {}
    with closing(openpyxl.load_workbook(real_data("onet-29.3") / "Technology Skills.xlsx", read_only=True)) as book:
        head, *rows = book.active.iter_rows(values_only=True)
        for row in rows:
            found = dict(zip(head, row, strict=True))
            said[found["O*NET-SOC Code"], found["Example"]] = (found["Hot Technology"], found["In Demand"])
    for role, need in claims(facts, "onet-293"):
        flag, _, rest = need["locator"].partition(": ")
        hot, demand = said[named(need, "onet"), rest.rpartition(", onet:")[0]]
        assert (demand if flag == "technology flagged In Demand" else hot) == "Y", (role, need)
