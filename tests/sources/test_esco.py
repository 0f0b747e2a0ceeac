"""ESCO: every column lands where it should, and every trap is handled, counted and told."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import kg
from kg.model.errors import BadInput
from kg.model.iris import mint
from kg.model.statements import Statement, Value
from kg.model.terms import DCTERMS, KG, RDF, SKOS
from kg.sources.esco import content_of, is_esco, read_esco
from kg.sources.members import Member, members
from kg.sources.rows import header_of
from kg.sources.tally import Tally
from tests.sources.frameworks import (
    BEES,
    BREWER,
    ESCO,
    ESCO_TABLES,
    GROUP,
    HONEY,
    ISCO,
    KEEPER,
    SMOKE,
    UNNAMED,
    write_esco,
    write_esco_archives,
)

SOURCE = mint("source", "esco-1-1-1")


def files_of(folder: Path) -> list[Member]:
    return [member for member in members(folder) if content_of(header_of(member))]


def read(folder: Path, tally: Tally | None = None) -> list[Statement]:
    return list(read_esco(files_of(folder), tally=tally))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_esco(tmp_path / "esco-1.1.1")


def said(statements: list[Statement], subject: str, relation: str) -> list[str | Value]:
    return [s.object for s in statements if (s.subject, s.relation) == (subject, relation)]


def skipped(tally: Tally) -> dict[str, int]:
    return {reason: n for file in tally.files for reason, n in file.skipped.items()}


def test_an_occupation_keeps_its_iri_and_all_its_columns(folder: Path) -> None:
    found = read(folder)
    assert said(found, KEEPER, RDF.type) == [KG.Role]
    assert said(found, KEEPER, SKOS.prefLabel) == [Value("bee keeper", lang="en")]
    assert said(found, KEEPER, SKOS.altLabel) == [Value("apiarist", lang="en"), Value("hive worker", lang="en")]
    assert said(found, KEEPER, SKOS.hiddenLabel) == [Value("beekeper", lang="en")]
    assert said(found, KEEPER, SKOS.definition) == [Value("Keeps bees,\nand sells honey.", lang="en")]
    assert said(found, KEEPER, SKOS.scopeNote) == [Value("Excludes wasps.", lang="en")]
    assert said(found, KEEPER, SKOS.notation) == [Value("6123.1")]
    assert said(found, KEEPER, KG.conceptStatus) == [Value("released")]
    assert [str(value) for value in said(found, KEEPER, DCTERMS.modified)] == [
        str(Value("2016-07-05T13:58:41Z", "http://www.w3.org/2001/XMLSchema#dateTime"))
    ]


def test_a_definition_goes_before_the_description(folder: Path) -> None:
    found = read(folder)
    assert said(found, BREWER, SKOS.definition) == [Value("One who brews.", lang="en")]
    assert said(found, BREWER, DCTERMS.description) == [Value("Brews mead.", lang="en")]


def test_a_skill_has_its_type_reuse_level_and_collections(folder: Path) -> None:
    found, tally = [], Tally()
    found = read(folder, tally)
    assert said(found, BEES, KG.skillType) == [Value("knowledge")]
    assert said(found, BEES, KG.reuseLevel) == [Value("cross-sector")]
    assert said(found, BEES, KG.collection) == [Value("green")]
    assert said(found, BEES, SKOS.altLabel) == [Value("Apis", lang="en"), Value("honeybees", lang="en")]
    assert said(found, HONEY, KG.skillType) == []
    noted = {what: n for file in tally.files for what, n in file.noted.items()}
    assert noted["skills without a skillType"] == noted["skills without a reuseLevel"] == 1
    assert noted["modifiedDate is no date, left out"] == 1


def test_labels_lose_outer_and_non_breaking_spaces_and_this_is_counted(folder: Path) -> None:
    tally = Tally()
    assert said(read(folder, tally), BREWER, SKOS.prefLabel) == [Value("mead brewer", lang="en")]
    counts = next(file for file in tally.files if file.content == "ESCO occupations")
    assert counts.noted["labels with outer, doubled or non-breaking spaces, mended"] == 1


def test_labels_that_name_two_occupations_are_told_and_not_guessed(folder: Path) -> None:
    tally = Tally()
    read(folder, tally)
    assert list(tally.ambiguous()) == [("role", "hive worker", (BREWER, KEEPER))]


def test_relations_become_claims_of_the_release(folder: Path) -> None:
    claims = {(s.subject, s.relation, s.object): s for s in read(folder) if s.is_claim}
    assert all(claim.source == SOURCE and claim.locator for claim in claims.values())
    needs = {key: claim.essential for key, claim in claims.items() if key[1] == KG.requires}
    assert needs == {
        (KEEPER, KG.requires, BEES): True,
        (KEEPER, KG.requires, SMOKE): True,
        (KEEPER, KG.requires, HONEY): False,
        (BREWER, KG.requires, BEES): False,
        (f"{ESCO}/occupation/unknown", KG.requires, BEES): True,
    }
    assert (SMOKE, KG.hasPrerequisite, BEES) in claims
    assert (SMOKE, KG.benefitsFrom, HONEY) in claims


def test_the_hierarchy_is_a_graph_and_no_tree(folder: Path) -> None:
    found = read(folder)
    assert said(found, SMOKE, SKOS.broader) == [GROUP, BEES]
    assert said(found, KEEPER, SKOS.broader) == [ISCO]
    assert said(found, BREWER, SKOS.broader) == [KEEPER]
    assert said(found, GROUP, RDF.type) == said(found, ISCO, RDF.type) == [KG.Group]
    assert said(found, UNNAMED, SKOS.prefLabel) == [Value("handling insects", lang="en")], "the hierarchy names it"


def test_rows_left_out_are_counted_by_reason_with_their_lines(folder: Path) -> None:
    tally = Tally()
    read(folder, tally)
    assert skipped(tally) == {
        "the relation was given in an earlier row": 1,
        'relationType is neither essential nor optional but "perhaps"': 1,
        "occupationUri is no IRI": 1,
        "occupationUri is empty": 1,
    }
    relations = next(file for file in tally.files if file.content == "ESCO relations of occupations")
    assert relations.rows == 9
    assert relations.lines["occupationUri is empty"] == [10]
    assert "1 concepts that no file describes" in tally.remarks[0]


def test_archives_and_a_folder_say_the_same(folder: Path, tmp_path: Path) -> None:
    packed = read(write_esco_archives(tmp_path / "packed"))
    assert set(packed) == set(read(folder))


def test_files_may_be_renamed_and_columns_moved_and_added(folder: Path, tmp_path: Path) -> None:
    """Releases did all three: 1.2 writes labels beside the IRIs of relations and `_en` behind every name."""
    shuffled = {}
    for name, (header, rows) in ESCO_TABLES.items():
        order = list(range(len(header)))
        random.Random(7).shuffle(order)
        moved = [(*(row[i] for i in order), "new") for row in (header, *rows)]
        shuffled[name.replace(".csv", "").replace("_en", "") + "_2024_en.csv"] = (moved[0], moved[1:])
    other = {s for s in read(write_esco(tmp_path / "ESCO 1.1.1 (copy)", shuffled)) if s.relation != KG.checksum}
    expected = {s for s in read(folder) if s.relation not in (KG.checksum, KG.collection)}
    assert {s for s in other if s.relation != KG.collection} == expected


def test_a_second_row_for_a_concept_is_left_out(folder: Path) -> None:
    path = folder / "skills_en.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.splitlines()[-1] + "\r\n", encoding="utf-8", newline="")
    tally = Tally()
    read(folder, tally)
    assert skipped(tally)["the concept was described in an earlier row"] == 1


def test_two_languages_stand_in_one_graph(folder: Path) -> None:
    for path in list(folder.glob("occupations_en.csv")):
        (folder / "occupations_fr.csv").write_text(
            path.read_text(encoding="utf-8").replace("bee keeper", "apiculteur"), encoding="utf-8", newline=""
        )
    labels = said(read(folder), KEEPER, SKOS.prefLabel)
    assert labels == [Value("bee keeper", lang="en"), Value("apiculteur", lang="fr")]


def test_relations_alone_load_with_unnamed_ends(folder: Path) -> None:
    for path in folder.glob("*_en.csv"):
        path.unlink()
    found = read(folder)
    assert said(found, KEEPER, RDF.type) == [KG.Role]
    assert said(found, KEEPER, SKOS.prefLabel) == []


@pytest.mark.parametrize(
    ("name", "release"),
    [("esco-1.0.8", "1.0.8"), ("ESCO dataset - v1.2.1 - classification - en - csv", "1.2.1"), ("ESCO_v1.1", "1.1")],
)
def test_the_release_is_told_by_names(tmp_path: Path, name: str, release: str) -> None:
    found = read(write_esco(tmp_path / name))
    assert {s.source for s in found if s.is_claim} == {mint("source", f"esco-{release.replace('.', '-')}")}


def test_the_release_is_not_guessed(tmp_path: Path) -> None:
    folder = write_esco(tmp_path / "esco")
    with pytest.raises(BadInput, match=r"tells no release of ESCO\. Put each release in a folder named after it"):
        read(folder)


def test_a_column_that_is_missing_is_named(folder: Path) -> None:
    path = folder / "skillSkillRelations.csv"
    member = Member(path)
    path.write_text("originalSkillUri,relatedSkillUri\na,b\n", encoding="utf-8")
    from kg.sources.rows import read_rows

    with pytest.raises(BadInput, match="relationType: is a column that is missing; there are originalSkillUri"):
        list(read_rows(member, ("originalSkillUri", "relationType", "relatedSkillUri")))


def test_what_esco_has_and_the_graph_has_no_place_for_is_known() -> None:
    assert is_esco(ESCO_TABLES["conceptSchemes_en.csv"][0])
    assert not content_of(ESCO_TABLES["conceptSchemes_en.csv"][0])
    assert not is_esco(["role", "skill"])


def test_american_english_is_tagged_so_and_shown_where_english_is_preferred(tmp_path: Path) -> None:
    folder = tmp_path / "esco-1.0.3"
    folder.mkdir()
    head = "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,description\n"
    row = "KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/1,skill/competence,cross-sector,{},,\n"
    (folder / "skills_en-us.csv").write_text(head + row.format("organize color samples"), encoding="utf-8")
    (folder / "skills_es.csv").write_text(head + row.format("alinear muestras"), encoding="utf-8")
    kg.load([folder], into=tmp_path / "store")
    with kg.open(tmp_path / "store") as g:
        assert g.resolve("alinear muestras").label == "organize color samples"
        tags = {row["tag"] for row in kg.sparql(g, "SELECT (LANG(?l) AS ?tag) { ?s skos:prefLabel ?l }").rows()}
        assert {"en-us", "es"} <= {str(tag).casefold() for tag in tags}
