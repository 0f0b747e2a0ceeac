"""A levelled framework loads by a mapping alone, from text as from a workbook, or says everything that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kg.model.errors import BadInput
from kg.model.iris import mint
from kg.model.statements import Level, Statement, Value
from kg.model.terms import KG, RDF, SKOS
from kg.sources.mapped import read_mapped
from kg.sources.mapping import is_mapping, read_mapping
from kg.sources.members import Member
from kg.sources.tally import Tally
from tests.sources.frameworks import write_workbook

MAPPING = """\
mapping: guild
title: The guild's framework
version: '2026'
date: 2026-05
columns:
  role: Job
  role_level: Grade
  skill: Skill
  skill_definition: What it is
  level: Proficiency
  essential: Needed
  since: From
levels: [Awareness, Working, Practitioner, Expert]
"""
HEADER = ("Job", "Grade", "Skill", "What it is", "Proficiency", "Needed", "From")
ROWS = [
    ("Keeper", "Senior", "Smoking", "Calming bees.", "Expert", "yes", "2026"),
    ("Keeper", "Junior", "Smoking", "Calming bees.", "working", "yes", ""),
    ("Keeper", "Junior", "Honey", "", "1", "no", ""),
    ("Brewer", "", "Honey", "", "", "", ""),
    ("Brewer", "", "", "", "", "", ""),
]


def text(rows: Sequence[tuple[str, ...]]) -> str:
    return "\n".join(",".join(row) for row in [HEADER, *rows]) + "\n"


def read(folder: Path, table: Path, mapping: str = MAPPING, tally: Tally | None = None) -> list[Statement]:
    path = folder / "guild.yaml"
    path.write_text(mapping, encoding="utf-8")
    return list(read_mapped(Member(table), read_mapping(path), tally=tally))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "guild.csv"
    path.write_text(text(ROWS), encoding="utf-8")
    return path


def test_role_and_role_level_are_a_role_below_the_one_of_all_levels(tmp_path: Path, table: Path) -> None:
    found = read(tmp_path, table)
    labels = {
        s.subject: s.object
        for s in found
        if s.relation == SKOS.prefLabel and s.subject.startswith(mint("role", "g")[:-1])
    }
    assert labels == {
        mint("role", "guild-keeper"): Value("Keeper", lang="en"),
        mint("role", "guild-keeper-senior"): Value("Keeper (Senior)", lang="en"),
        mint("role", "guild-keeper-junior"): Value("Keeper (Junior)", lang="en"),
        mint("role", "guild-brewer"): Value("Brewer", lang="en"),
    }
    below = {(s.subject, s.object) for s in found if s.relation == SKOS.broader}
    assert below == {
        (mint("role", f"guild-keeper-{grade}"), mint("role", "guild-keeper")) for grade in ("senior", "junior")
    }


def test_levels_are_numbers_on_a_named_scale_whose_levels_are_described(tmp_path: Path, table: Path) -> None:
    found = read(tmp_path, table)
    scale = mint("scale", "guild")
    needs = {
        (s.subject.rpartition("/")[2], str(s.object).rpartition("/")[2]): s for s in found if s.relation == KG.requires
    }
    assert {key: (s.level, s.essential) for key, s in needs.items()} == {
        ("guild-keeper-senior", "guild-smoking"): (Level(4, scale), True),
        ("guild-keeper-junior", "guild-smoking"): (Level(2, scale), True),
        ("guild-keeper-junior", "guild-honey"): (Level(1, scale), False),
        ("guild-brewer", "guild-honey"): (None, None),
    }
    senior = needs["guild-keeper-senior", "guild-smoking"]
    assert (senior.valid_from, senior.locator) == ("2026", "guild.csv, row 2")
    orders = {str(s.object): s.subject for s in found if s.relation == KG.order}
    assert orders[str(Value.of(4))] == mint("scale", "guild", "4-expert")
    assert (scale, RDF.type, KG.LevelScale) in {(s.subject, s.relation, s.object) for s in found}


def test_each_release_of_a_framework_is_a_source_and_its_roles_keep_their_iris(tmp_path: Path, table: Path) -> None:
    first = read(tmp_path, table)
    second = read(tmp_path, table, MAPPING.replace("2026", "2027"))
    assert {s.subject for s in first if s.relation == KG.requires} == {
        s.subject for s in second if s.relation == KG.requires
    }
    assert {s.source for s in first if s.is_claim} == {mint("source", "guild-2026")}
    assert {s.source for s in second if s.is_claim} == {mint("source", "guild-2027")}


def test_a_workbook_says_the_same_as_text(tmp_path: Path, table: Path) -> None:
    pytest.importorskip("openpyxl")
    book = write_workbook(tmp_path / "guild.xlsx", "Sheet", (HEADER, ROWS))
    expected = {s for s in read(tmp_path, table) if s.relation != KG.checksum}
    found = {s for s in read(tmp_path, book) if s.relation != KG.checksum}
    assert {(s.subject, s.relation, str(s.object), s.level) for s in found} == {
        (s.subject, s.relation, str(s.object), s.level) for s in expected
    }


def test_importance_tools_ids_and_aliases(tmp_path: Path) -> None:
    mapping = (
        "mapping: shop\ncolumns: {role: R, role_id: I, role_aliases: A, tool: T, importance: W}\nimportance: [1, 5]\n"
    )
    path = tmp_path / "shop.tsv"
    path.write_text("R\tI\tA\tT\tW\nPotter\tR-7\tclay man; turner\tWheel\t4.5\n", encoding="utf-8")
    found = read(tmp_path, path, mapping)
    (need,) = (s for s in found if s.relation == KG.requires)
    assert (need.subject, need.object) == (mint("role", "shop-r-7"), mint("tool", "shop-wheel"))
    assert need.importance is not None
    assert (need.importance.value, need.importance.scale) == (4.5, mint("scale", "shop-importance"))
    assert [s.object for s in found if s.relation == SKOS.altLabel] == [
        Value("clay man", lang="en"),
        Value("turner", lang="en"),
    ]
    assert Value("R-7") in {s.object for s in found if s.relation == SKOS.notation}


def test_rows_that_name_only_a_role_are_kept_and_counted(tmp_path: Path, table: Path) -> None:
    tally = Tally()
    read(tmp_path, table, tally=tally)
    assert dict(tally.files[0].noted) == {"rows that name a role and nothing it requires": 1}


def test_every_fault_of_a_table_is_told_before_the_first_statement(tmp_path: Path) -> None:
    path = tmp_path / "guild.csv"
    path.write_text(
        text([("", "", "S", "", "Guru", "maybe", "soon"), *ROWS, ("K", "", "S", "", "5", "", "")]), encoding="utf-8"
    )
    with pytest.raises(
        BadInput, match=r'"Guru" is no level\. Levels are Awareness, Working, Practitioner, Expert'
    ) as raised:
        read(tmp_path, path)
    assert [(fault.line, fault.field) for fault in raised.value.faults] == [
        (2, "Job"),
        (2, "Proficiency"),
        (2, "Needed"),
        (2, "From"),
        (8, "Proficiency"),
    ]


def test_a_column_the_table_lacks(tmp_path: Path) -> None:
    path = tmp_path / "guild.csv"
    path.write_text("Job,Skill\na,b\n", encoding="utf-8")
    with pytest.raises(BadInput, match="Grade: is a column that is missing; there are Job, Skill") as raised:
        read(tmp_path, path)
    assert len(raised.value.faults) == 5


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ("mapping: Not An Id\ncolumns: {role: R, skill: S}\n", "mapping: is no id"),
        ("mapping: a\n", "columns: is missing or no mapping"),
        ("mapping: a\ncolumns: {role: R}\n", "columns: needs role, and skill or tool"),
        ("mapping: a\ncolumns: {role: R, skil: S}\n", r'columns\.skil: is no field here\. Close: "skill"'),
        ("mapping: a\ncolumns: {role: R, skill: S, level: L}\n", r"columns\.level: needs the names of the levels"),
        ("mapping: a\ncolumns: {role: R, skill: S}\nlevels: [A, a]\n", "levels: is no list of different names"),
        ("mapping: a\ncolumns: {role: R, skill: S, importance: I}\n", "needs the ends of its scale"),
        ("mapping: a\ncolumns: {role: R, skill: S}\nimportance: [5, 1]\n", "importance: is no least and most"),
        ("mapping: a\ncolumns: {role: R, skill: S}\ndate: soon\n", 'date: "soon" is no date'),
        ("mapping: a\ncolumns: {role: [R], skill: S}\n", r"columns\.role: names no column"),
        ("mapping: a\ncolumns: {role: R, skill: S}\ntitle: [x]\n", "title: is no text. It is: its name"),
        ("mapping: a\ncolumns: {role: R, skill: S}\nlanguage: e n\n", "language: is no language tag"),
        ("mapping: &a x\ncolumns: *a\n", "anchor or alias"),
    ],
)
def test_a_mapping_that_cannot_be_used(tmp_path: Path, mapping: str, says: str) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(mapping, encoding="utf-8")
    assert is_mapping(path)
    with pytest.raises(BadInput, match=says):
        read_mapping(path)


def test_facts_are_no_mapping(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("# mine\nroles: []\n", encoding="utf-8")
    assert not is_mapping(path)
