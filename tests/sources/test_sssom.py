"""SSSOM: matches become claims of the mapping set; what collapses two roles onto one code is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.model.errors import BadInput
from kg.model.iris import mint
from kg.model.shipped import data_path
from kg.model.statements import Statement
from kg.model.terms import KG, SKOS
from kg.sources.members import Member
from kg.sources.sssom import is_sssom, mapping_set, read_mappings, read_set
from kg.sources.tally import Tally

ABOVE = """\
#mapping_set_id: https://example.org/sets/guild
#mapping_set_title: Guild to ESCO
#mapping_set_version: '3'
#mapping_date: 2026-05-01
#license: CC0
#curie_map:
#  g: https://example.org/guild/
#  e: http://data.europa.eu/esco/occupation/
"""
HEADER = "subject_id\tsubject_label\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\n"
ROWS = (
    "g:keeper\tKeeper\tskos:exactMatch\t\te:1\tsemapv:ManualMappingCuration\n"
    "g:brewer\tBrewer\tskos:exactMatch\t\te:1\tsemapv:ManualMappingCuration\n"
    "g:potter\tPotter\tskos:closeMatch\t\te:1\tsemapv:ManualMappingCuration\n"
    "g:potter\tPotter\tskos:exactMatch\tNot\te:2\tsemapv:ManualMappingCuration\n"
    "g:smith\tSmith\tskos:exactMatch\t\tsssom:NoTermFound\tsemapv:ManualMappingCuration\n"
    "g:smith\tSmith\towl:sameAs\t\te:3\tsemapv:ManualMappingCuration\n"
)


def write(folder: Path, content: str, name: str = "guild.sssom.tsv") -> Member:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return Member(path)


def matches(found: list[Statement]) -> set[tuple[str, str, str]]:
    names = [SKOS.exactMatch, SKOS.closeMatch]
    return {(s.subject, s.relation, str(s.object)) for s in found if s.relation in names}


def test_matches_stand_in_the_graph_of_their_set(tmp_path: Path) -> None:
    tally = Tally()
    member = write(tmp_path, ABOVE + HEADER + ROWS)
    found = list(read_set(member, tally=tally))
    esco = "http://data.europa.eu/esco/occupation/1"
    assert matches(found) == {
        ("https://example.org/guild/keeper", SKOS.exactMatch, esco),
        ("https://example.org/guild/brewer", SKOS.exactMatch, esco),
        ("https://example.org/guild/potter", SKOS.closeMatch, esco),
    }
    assert {s.source for s in found if s.is_claim} == {mint("source", "guild-3")}
    source = mapping_set(member)
    assert (source.title, source.version, source.date, source.licence) == ("Guild to ESCO", "3", "2026-05-01", "CC0")
    assert tally.collapsed == [("exactMatch", esco, ("Brewer", "Keeper"))], "two roles onto one code"
    assert dict(tally.files[0].skipped) == {
        "says that the two do not match": 1,
        "says that there is no match": 1,
        "owl:sameAs is no SKOS match": 1,
    }


def test_the_shipped_mappings_are_read_as_ever() -> None:
    found = list(read_mappings(data_path("ontology/mappings.sssom.tsv")))
    assert {s.source for s in found} == {mint("source", "career-kg")}
    lines = data_path("ontology/mappings.sssom.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line and not line.startswith("#")][1:]
    assert len([s for s in found if s.is_claim]) == len(rows) > 100
    assert all(s.basis for s in found if s.is_claim)
    assert {s.relation for s in found if not s.is_claim} == {SKOS.prefLabel, KG.readIn}


def test_sssom_is_known_by_its_columns(tmp_path: Path) -> None:
    assert is_sssom(write(tmp_path, ABOVE + HEADER, "any.tsv"))
    assert not is_sssom(write(tmp_path, "role\tskill\na\tb\n", "team.tsv"))
    assert not is_sssom(write(tmp_path, "", "empty.tsv"))


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (ABOVE + HEADER + ROWS.replace("g:keeper", "zz:keeper"), 10, '"zz:keeper" has a prefix that curie_map lacks'),
        (ABOVE + HEADER + ROWS.replace("g:keeper", "g:kee per"), 10, "is no IRI"),
        (ABOVE + "subject_id\tobject_id\n", 9, "has no column predicate_id, mapping_justification"),
        ("#a: [\n" + HEADER + ROWS, 2, "metadata that are no YAML"),
        ("#a: &x [1]\n#b: *x\n" + HEADER, 0, r"has an alias \(\*\)"),
    ],
)
def test_faults_have_their_line(tmp_path: Path, content: str, line: int, says: str) -> None:
    with pytest.raises(BadInput, match=says) as raised:
        list(read_set(write(tmp_path, content)))
    assert line in (0, raised.value.faults[0].line)


def test_what_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_bytes((ABOVE + HEADER).encode() + b"\xff\n")
    with pytest.raises(BadInput, match=r"x\.tsv:10: is not UTF-8 text"):
        list(read_set(Member(path)))
