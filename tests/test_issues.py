"""Bugs that were found and mended, each with a test named for what went wrong."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

import kg
from kg.careers.offers import offer
from kg.handles.networks import whole_network
from kg.model.errors import BadInput, StoreError
from kg.model.terms import BASE, KG, PREFIXES
from tests.conftest import Run

MLA_C02 = "https://w3id.org/career-kg/certification/aws-mla-c02"


def test_a_beta_counted_before_it_began() -> None:
    beta = {"status": "beta", "statusAsOf": "2026-10", "validFrom": "2026-09-29"}
    assert offer(beta, date(2025, 1, 15)).status == "not started"
    assert offer(beta, date(2026, 11, 22)).status == "beta"


@pytest.mark.parametrize(("day", "counted"), [("2025-01-15", False), ("2026-11-22", True)])
def test_gap_named_a_beta_before_it_began(day: str, counted: bool) -> None:
    answer = kg.gap(kg.open(as_of=day), "Machine Learning Engineer", include=["beta"])
    assert any(MLA_C02 in row["certified_by"] for row in answer.rows()) is counted


def test_no_graph_at_all_opened_the_shipped_one() -> None:
    with pytest.raises(StoreError, match="No graph is named"):
        kg.open([])


def test_a_successor_in_beta_was_called_unknown() -> None:
    answer = kg.gap(kg.open(as_of="2026-11-22"), "Machine Learning Engineer")
    (gone,) = [section for section in answer.sections() if section.title == "Not a next step"]
    named = {row[0]: row[2] for row in gone.rows}
    assert named["AWS Certified Machine Learning – Specialty"].endswith("Associate (beta)")


def test_an_option_of_zero_was_forgotten(run: Run) -> None:
    asked = json.loads(run("plan", "AI Engineer", "--assume-price", "0", "--format", "json").out)["asked"]
    assert asked["assume_price"] == 0


def test_an_unknown_status_to_include_was_taken_silently() -> None:
    with pytest.raises(BadInput, match=r'"foo" cannot be included. Choose from ending, beta, announced'):
        kg.gap(kg.open(), "AI Engineer", include=["foo"])  # type: ignore[list-item]  # what a type checker would find


def test_several_statuses_with_commas_were_refused(run: Run) -> None:
    assert run("gap", "AI Engineer", "--include", "beta,announced").code == 0


def test_a_role_was_taken_for_the_skill_it_is_spelt_like() -> None:
    with pytest.raises(kg.UnknownName, match='"Data Analyst" is the role Data Analyst'):
        kg.gap(kg.open(), "AI Engineer", held=["Data Analyst"])


def test_why_compared_a_node_with_itself() -> None:
    with pytest.raises(BadInput, match="Python is named twice"):
        kg.why(kg.open(), "Python", "py")


def test_a_table_could_not_name_its_source(tmp_path: Path) -> None:
    table = tmp_path / "ward.csv"
    table.write_text("role,skill,source\nWard Analyst,Python,HR department\n", encoding="utf-8")
    (told,) = [t for t in kg.why(kg.open(table), "Ward Analyst").told if t.relation == "requires"]
    assert told.source == "HR department"


def test_findings_in_rdf_named_no_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.ttl"
    role = "@prefix kg: <https://w3id.org/career-kg/ontology#> . <https://w3id.org/career-kg/skill/x> a kg:Skill ."
    file.write_text(role, encoding="utf-8")
    assert {row["file"] for row in kg.check(file, shapes=False).rows()} == {str(file)}


HALF_CLAIMS = {
    "no subject": "rdf:predicate kg:requires ; rdf:object <tool/b> ; dcterms:source <source/s>",
    "no predicate": "rdf:subject <role/a> ; rdf:object <tool/b> ; dcterms:source <source/s>",
    "no object": "rdf:subject <role/a> ; rdf:predicate kg:requires ; dcterms:source <source/s>",
    "no source": "rdf:subject <role/a> ; rdf:predicate kg:requires ; rdf:object <tool/b>",
    "two objects": (
        "rdf:subject <role/a> ; rdf:predicate kg:requires ; rdf:object <tool/b>, 3 ; dcterms:source <source/s>"
    ),
    "a number": "rdf:subject <role/a> ; rdf:predicate kg:requires ; rdf:object 3 ; dcterms:source <source/s>",
    "nothing": "kg:importance 3",
}


@pytest.mark.parametrize("half", HALF_CLAIMS)
def test_half_a_claim_ended_in_a_traceback(half: str, run: Run, tmp_path: Path) -> None:
    place = tmp_path / "theirs.ttl"
    prefixes = {"kg": KG.Role.removesuffix("Role"), **{n: PREFIXES[n] for n in ("rdf", "dcterms", "skos")}}
    place.write_text(
        "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items())
        + f"""@base <{BASE}> .
<role/a> a kg:Role ; skos:prefLabel "Tester"@en ; kg:requires <tool/b>, <tool/c> .
<tool/b> a kg:Tool ; skos:prefLabel "Wrench"@en .
<tool/c> a kg:Tool ; skos:prefLabel "Hammer"@en .
<source/s> a kg:Source ; dcterms:title "Theirs"@en ; kg:origin kg:SourceSays .
<requirement/half> a kg:Requirement ; {HALF_CLAIMS[half]} .
<requirement/whole> a kg:Requirement ; rdf:subject <role/a> ; rdf:predicate kg:requires ; rdf:object <tool/c> ;
    dcterms:source <source/s> .
""",
        encoding="utf-8",
    )
    for question in (["show", "Tester"], ["why", "Tester", "Hammer"], ["gap", "Tester"]):
        found = run(*question, "--graph", str(place))
        assert (found.code, "Hammer" in found.out) == (0, True), found
    assert [key for *_, key in whole_network(kg.open(place)).edges(keys=True)] == [f"{BASE}requirement/whole"]
    for form in ("graphml", "gexf", "nodelink", "mermaid", "schemaorg"):
        done = run("export", "--to", form, "-o", str(tmp_path / form), "--graph", str(place))
        assert done.code == 0, done
        assert "claims without one subject, relation, object and source" in done.err + done.out
    checked = run("check", "--graph", str(place))
    assert checked.code == 1
    assert "A claim needs exactly one" in checked.out
