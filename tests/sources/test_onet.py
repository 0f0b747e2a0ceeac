"""O*NET: ratings with all their numbers and flags, and the same from workbooks as from text."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.model.errors import BadInput
from kg.model.iris import mint
from kg.model.statements import Importance, Level, Statement, Value
from kg.model.terms import BASE, KG, RDF, SKOS
from kg.sources.members import Member, members
from kg.sources.onet import content_of, read_onet
from kg.sources.rows import header_of
from kg.sources.tally import Tally
from tests.sources.frameworks import ONET, ONET_TABLES, READ_ME, write_onet_text, write_onet_workbooks

KEEPER, BREWER = f"{ONET}/link/summary/11-1111.00", f"{ONET}/link/summary/22-2222.01"
READING, BEES = f"{ONET}/find/descriptor/result/2.A.1.a", f"{ONET}/find/descriptor/result/2.C.1.a"
TRACKER = f"{BASE}tool/onet-hivetracker"
TASK = mint("activity", "onet-task-8823")


def files_of(folder: Path) -> list[Member]:
    return [m for m in members(folder) if m.stem != "Read Me" and content_of(header_of(m))]


def read(folder: Path, tally: Tally | None = None) -> list[Statement]:
    return list(read_onet(files_of(folder), read_me=READ_ME, tally=tally))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_onet_text(tmp_path_factory.mktemp("onet"))


@pytest.fixture(scope="module")
def found(folder: Path) -> list[Statement]:
    return read(folder)


def claim(found: list[Statement], subject: str, target: str) -> Statement:
    (one,) = (s for s in found if (s.subject, s.object) == (subject, target) and s.is_claim)
    return one


def test_importance_and_level_of_an_element_are_one_claim_with_their_numbers(found: list[Statement]) -> None:
    reading = claim(found, KEEPER, READING)
    assert reading.relation == KG.requires
    assert reading.importance == Importance(4.12, KG.OnetImportanceScale)
    assert reading.level == Level(4.0, KG.OnetLevelScale)
    assert reading.locator == "Skills 2.A.1.a (2023-08, Analyst)"
    more = dict(reading.more)
    assert more[KG.importanceSampleSize] == Value.of(8)
    assert more[KG.importanceStandardError] == Value.of(0.125)
    assert (more[KG.importanceLowerBound], more[KG.importanceUpperBound]) == (Value.of(3.88), Value.of(4.37))
    assert more[KG.levelStandardError] == Value.of(0.0)


def test_what_is_not_relevant_is_set_aside_and_never_required(found: list[Statement]) -> None:
    aside = claim(found, BREWER, READING)
    assert aside.relation == KG.setsAside
    assert dict(aside.more)[KG.notRelevant] == Value.of(True)
    assert KG.levelLowerBound not in dict(aside.more), "n/a is no number"
    assert aside.importance == Importance(1.25, KG.OnetImportanceScale)


def test_an_importance_to_be_suppressed_sets_aside(found: list[Statement]) -> None:
    aside = claim(found, BREWER, BEES)
    assert aside.relation == KG.setsAside
    assert dict(aside.more)[KG.recommendSuppress] == Value.of(True)


def test_a_level_to_be_suppressed_is_kept_apart(found: list[Statement]) -> None:
    bees = claim(found, KEEPER, BEES)
    assert (bees.relation, bees.level) == (KG.requires, None)
    assert dict(bees.more)[KG.suppressedLevel] == Value.of(6.5)


def test_technology_in_demand_is_required_and_other_is_used(found: list[Statement]) -> None:
    wanted, used = claim(found, KEEPER, TRACKER), claim(found, BREWER, TRACKER)
    assert (wanted.relation, used.relation) == (KG.requires, KG.uses)
    assert dict(wanted.more) == {KG.hotTechnology: Value.of(True), KG.inDemand: Value.of(True)}
    (spelt,) = (s.subject for s in found if s.relation == SKOS.prefLabel and s.object == Value("C++", lang="en"))
    assert spelt.startswith(f"{BASE}tool/onet-c-plus-plus-"), "a hash keeps apart what slugs make one"


def test_tasks_stand_below_activities_below_elements(found: list[Statement]) -> None:
    assert claim(found, KEEPER, TASK).relation == KG.worksOn
    assert claim(found, KEEPER, TASK).more == ((KG.taskType, Value("Core")),)
    chain = [TASK]
    while above := [s.object for s in found if (s.subject, s.relation) == (chain[-1], SKOS.broader)]:
        chain.append(str(above[0]))
    assert chain == [
        TASK,
        mint("activity", "onet-4-a-1-a-1-i01-d01"),
        mint("activity", "onet-4-a-1-a-1-i01"),
        f"{ONET}/find/descriptor/result/4.A.1.a.1",
    ]


def test_related_occupations_have_tier_and_rank(found: list[Statement]) -> None:
    related = claim(found, KEEPER, BREWER)
    assert related.relation == KG.relatedRole
    assert dict(related.more) == {KG.relatednessTier: Value("Primary-Short"), KG.rank: Value.of(1)}


def test_occupations_have_code_zone_and_other_titles(found: list[Statement]) -> None:
    about = {s.relation: s.object for s in found if s.subject == KEEPER and not s.is_claim}
    assert about[RDF.type] == KG.Role
    assert about[SKOS.notation] == Value("11-1111.00")
    assert about[KG.jobZone] == Value.of(4)
    titles = [s.object for s in found if (s.subject, s.relation) == (BREWER, SKOS.altLabel)]
    assert titles == [Value("Hive Worker", lang="en"), Value("HW", lang="en")]


def test_elements_that_nothing_names_are_not_described_and_groups_are(found: list[Statement]) -> None:
    kinds = {
        s.subject.rpartition("/")[2]: s.object for s in found if s.relation == RDF.type and "descriptor" in s.subject
    }
    assert kinds == {
        "2.A": KG.Group,
        "2.A.1": KG.Group,
        "2.A.1.a": KG.Skill,
        "2.C.1.a": KG.Skill,
        "4.A.1.a.1": KG.Activity,
    }


def test_rows_left_out_are_counted_by_reason(folder: Path) -> None:
    tally = Tally()
    read(folder, tally)
    assert {reason: n for file in tally.files for reason, n in file.skipped.items()} == {
        "the occupation is not described": 1,
        "the job zone is none of 1 to 5": 1,
        "the element is no skill, knowledge, ability or work activity": 1,
        "the scale XX is neither importance (IM) nor level (LV)": 1,
        "the importance is no number from 1 to 5": 1,
        "the task is not described": 1,
    }
    noted = [(file.name.rpartition("/")[2], what, n) for file in tally.files for what, n in sorted(file.noted.items())]
    assert noted == [
        ("Knowledge.txt", "levels to be suppressed: kept apart, the claim without a level", 2),
        ("Knowledge.txt", "ratings of which the importance is to be suppressed: set aside", 1),
        ("Skills.txt", "ratings flagged as not relevant: set aside", 1),
    ]
    assert list(tally.ambiguous()) == [("role", "Hive Worker", (KEEPER, BREWER))]


def test_workbooks_and_text_say_the_same(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    books = read(write_onet_workbooks(tmp_path / "books"))
    assert {s for s in books if s.relation != KG.checksum} == {s for s in read(folder) if s.relation != KG.checksum}


def test_where_a_table_is_there_twice_it_is_read_once(folder: Path, tmp_path: Path) -> None:
    both = write_onet_text(write_onet_workbooks(tmp_path / "both"))
    tally = Tally()
    read(both, tally)
    assert sorted(file.name.rpartition(".")[2] for file in tally.files) == ["txt"] * (len(ONET_TABLES) - 1)


def test_an_older_release_without_its_newest_columns_loads(tmp_path: Path) -> None:
    header, rows = ONET_TABLES["Technology Skills"]
    older = ONET_TABLES | {"Technology Skills": (header[:5], [row[:5] for row in rows])}
    found = read(write_onet_text(tmp_path / "old", older))
    assert claim(found, KEEPER, TRACKER).relation == KG.uses
    assert claim(found, KEEPER, TRACKER).more == ()


def test_release_and_date_come_from_the_read_me_else_from_names(folder: Path, tmp_path: Path) -> None:
    date = [s.object for s in read(folder) if s.relation.endswith("terms/date")]
    assert [str(value) for value in date] == [str(Value("2025-05", "http://www.w3.org/2001/XMLSchema#gYearMonth"))]
    named = write_onet_text(tmp_path / "db_28_1_text")
    assert {s.source for s in read_onet(files_of(named)) if s.is_claim} == {mint("source", "onet-28-1")}
    nameless = write_onet_text(tmp_path / "db")
    with pytest.raises(BadInput, match="tells no release of O"):
        list(read_onet(files_of(nameless)))
