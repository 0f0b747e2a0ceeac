"""Records of exams: figures and names are read, with record and page as source; odd values are faults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg.model.errors import BadInput
from kg.model.iris import mint
from kg.model.statements import Statement, Value
from kg.model.terms import BASE, DCTERMS, KG, PROV, RDF, SCHEMA, SKOS
from kg.sources.cert_atlas import is_record, read_record
from kg.sources.members import Member
from kg.sources.recognising import recognise
from kg.sources.tally import Tally
from tests.conftest import Run
from tests.realdata import real_data

#: An exam as the records write one, made up by us.
RECORD: dict[str, Any] = {
    "exam_id": "guild-bees-b-101",
    "exam_name": "Keeping Bees",
    "exam_code": "B-101",
    "certifying_body": "Guild of Keepers",
    "certification_name": "Certified\u00a0 Bee Keeper",
    "version": "V3",
    "source_url": "https://guild.example/exams/b-101",
    "passing_score": 700,
    "passing_score_scale": "100-1000",
    "total_questions": 40,
    "duration_minutes": 90,
    "exam_price_usd": 165.5,
    "exam_price_notes": "Members pay 100.",
    "certification_validity_years": 3,
    "available_languages": ["English", "French"],
    "prerequisites": [
        {"prerequisite_type": "required_certification", "description": "Certified Helper", "is_required": True},
        {"prerequisite_type": "recommended", "description": "A year with hives", "is_required": False},
    ],
    "domains": [
        {"id": "1", "name": "Hives", "weight_percent": 60.0, "objectives": [{"title": "SECRET wording"}]},
        {"id": "2", "name": "Honey", "weight_percent": 40.0, "objectives": []},
    ],
    "official_study_resources": [{"title": "SECRET course", "url": "https://guild.example/SECRET"}],
    "aliases": ["b-101", "bee exam", "guild-bees-b-101"],
    "exam_rules": "SECRET rules",
    "practice_url": "https://quiz.example/SECRET",
}
EXAM = mint("certification", "cert-atlas-guild-bees-b-101")


def write(folder: Path, record: object, name: str = "bees.json") -> Member:
    path = folder / name
    path.write_text(json.dumps(record), encoding="utf-8")
    return Member(path)


def read(folder: Path, tally: Tally | None = None, **changed: object) -> list[Statement]:
    return list(read_record(write(folder, RECORD | changed), tally=tally))


def of(found: list[Statement], relation: str, subject: str = EXAM) -> list[str]:
    values = [one.object for one in found if (one.subject, one.relation) == (subject, relation)]
    return [value.text if isinstance(value, Value) else value for value in values]


def weights(found: list[Statement]) -> list[tuple[list[str], list[str]]]:
    return [(of(found, KG.weightMin, domain), of(found, KG.weightMax, domain)) for domain in of(found, KG.hasDomain)]


def test_figures_and_names_stand_in_the_graph_of_the_record(tmp_path: Path) -> None:
    tally = Tally()
    found = read(tmp_path, tally)
    said = {
        RDF.type: [KG.Certification],
        SKOS.prefLabel: ["Certified Bee Keeper"],
        SKOS.altLabel: ["Keeping Bees", "bee exam"],
        KG.examCode: ["B-101"],
        SCHEMA.url: ["https://guild.example/exams/b-101"],
        KG.priceUSD: ["165.5"],
        KG.priceNote: ["Members pay 100."],
        KG.examMinutes: ["90"],
        KG.questionsMin: ["40"],
        KG.questionsMax: ["40"],
        KG.passingScore: ["700"],
        KG.passingScoreType: ["scaled"],
        KG.passingScoreScale: ["100-1000"],
        KG.validityMonths: ["36"],
        SCHEMA.inLanguage: ["English", "French"],
        KG.eligibility: ["Certified Helper"],
        KG.recommendedExperience: ["A year with hives"],
        KG.issuedBy: [mint("provider", "cert-atlas-guild-of-keepers")],
        KG.hasDomain: [f"{BASE}domain/cert-atlas-guild-bees-b-101/{order}" for order in (1, 2)],
    }
    assert {relation: of(found, relation) for relation in said} == said
    assert weights(found) == [(["60"], ["60"]), (["40"], ["40"])]
    record = mint("source", "cert-atlas-guild-bees-b-101")
    assert {one.source for one in found if one.subject == EXAM} == {record}
    page = mint("source", "cert-atlas-page-guild-example-exams-b-101")
    assert of(found, PROV.wasDerivedFrom, record) == [page]
    assert of(found, SCHEMA.url, page) == ["https://guild.example/exams/b-101"]
    assert of(found, DCTERMS.title, record) == ["Cert Atlas: Keeping Bees"]
    assert (tally.files[0].rows, tally.files[0].statements) == (1, len(found))


def test_what_a_record_does_not_know_is_not_made_up(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert of(found, KG.status) == [KG.unverified]
    for relation in (KG.statusAsOf, SCHEMA.validThrough, DCTERMS.isReplacedBy, KG.certificationLevel, KG.certifies):
        assert of(found, relation) == []


def test_wording_resources_and_addresses_of_practice_tests_are_not_read(tmp_path: Path) -> None:
    assert "SECRET" not in str(read(tmp_path))


def test_weights_that_are_lower_bounds_have_no_upper_end(tmp_path: Path) -> None:
    """Microsoft gives ranges, and the records keep their lower ends: 20 means "20 to 25 %", not "20 %"."""
    domains = [{"name": name, "weight_percent": weight} for name, weight in (("Hives", 20.0), ("Honey", 60.0))]
    assert weights(read(tmp_path, certifying_body="Microsoft", domains=domains)) == [(["20"], []), (["60"], [])]
    domains[1]["weight_percent"] = 82.5  # some have the middle of the range: together that is more than an exam
    tally = Tally()
    found = read(tmp_path, tally, certifying_body="Microsoft", domains=domains)
    assert weights(found) == [([], []), ([], [])]
    assert sum(count for what, count in tally.files[0].noted.items() if what.startswith("weights left out")) == 2


def test_weights_that_do_not_share_an_exam_are_left_out(tmp_path: Path) -> None:
    domains = [{"name": name, "weight_percent": 90.0} for name in ("Hives", "Honey", "Wax")]
    tally = Tally()
    assert weights(read(tmp_path, tally, domains=domains)) == [([], [])] * 3
    assert any(what.startswith("weights left out") for what in tally.files[0].noted)


@pytest.mark.parametrize(
    ("score", "scale", "kind", "words"),
    [
        (65, "Percentage; 65% required to pass", ["percent"], []),
        (450, "200–800 scaled score; 450 required to pass", ["scaled"], []),
        (70, None, [], ["70; scale: not stated"]),
        (70, "100-1000", [], ["70; scale: 100-1000"]),
        (None, "100-1000", [], []),
    ],
)
def test_a_pass_mark_is_a_number_only_where_its_scale_is_told(
    tmp_path: Path, score: int | None, scale: str | None, kind: list[str], words: list[str]
) -> None:
    found = read(tmp_path, passing_score=score, passing_score_scale=scale)
    assert (of(found, KG.passingScoreType), of(found, KG.passingNote)) == (kind, words)


def test_ids_that_differ_by_an_underscore_are_two_exams(tmp_path: Path) -> None:
    """The catalogue has google-cloud-… and google_cloud-… of one exam, with other figures: they were one node."""
    first, second = (read(tmp_path, exam_id=name)[-1].subject for name in ("guild-bees", "guild_bees"))
    assert first != second


def test_every_odd_value_is_told(tmp_path: Path) -> None:
    odd: dict[str, Any] = {
        "exam_code": 7,
        "certifying_body": None,
        "source_url": "javascript:alert(1)",
        "exam_price_usd": -1,
        "duration_minutes": "90",
        "total_questions": 40.5,
        "available_languages": "English",
        "aliases": ["\ud800"],
        "prerequisites": ["none"],
        "domains": [{"name": "Hives", "weight_percent": True}],
    }
    with pytest.raises(BadInput) as error:
        read(tmp_path, **odd)
    assert {fault.field for fault in error.value.faults} == {*odd} - {"domains"} | {"weight_percent"}


@pytest.mark.parametrize("content", ["{", "[1]", '{"a": NaN}', '{"a":' * 100_000, '"\\ud800"', "\udcff"])
def test_what_is_no_record_is_one_clear_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bees.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadInput, match=r"bees\.json"):
        list(read_record(Member(path)))


def test_a_record_is_known_by_its_content(tmp_path: Path) -> None:
    assert is_record(write(tmp_path, RECORD, "any.json"))
    assert not is_record(write(tmp_path, {"exam_id": "x", "roles": []}, "team.json"))
    assert not is_record(write(tmp_path, [RECORD], "list.json"))
    (tmp_path / "empty.json").write_bytes(b"")
    assert not is_record(Member(tmp_path / "empty.json"))
    found = recognise([tmp_path])
    assert [member.file_name for member, _ in found.imported] == ["any.json"]


def test_records_are_loaded_shown_and_hold_to_the_shapes(tmp_path: Path, run: Run) -> None:
    write(tmp_path, RECORD)
    into = str(tmp_path / "store")
    assert run("load", str(tmp_path / "bees.json"), "--into", into).code == 0
    shown = run("show", "B-101", "--graph", into)
    assert "Certified Bee Keeper (B-101): unverified" in shown.out
    assert "60 %" in shown.out
    assert run("check", "--graph", into, "--fail-on", "error").code == 0


def test_the_catalogue_as_published_is_read_whole() -> None:
    tally = Tally()
    exams = set[str]()
    for member, importer in recognise([real_data("cert-atlas")]).imported:
        exams |= {one.subject for one in importer.read(member, tally=tally) if one.object == KG.Certification}
    assert len(exams) == len(tally.files) == 321
    assert not any(file.skipped for file in tally.files)
