"""`check`: every rule finds what is planted, and nothing in the facts that are shipped."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kg
from kg.checks.check import Check, check
from kg.checks.shapes import violations
from kg.handles.gathering import gather
from kg.model.errors import BadInput
from kg.model.terms import BASE
from kg.stores.oxigraph import OxigraphStore
from tests.conftest import DAY

if TYPE_CHECKING:
    from tests.conftest import Run

#: Facts with nothing wrong but what is put in for ``…``.
HEAD = """\
source: mine
sources: [{id: mine, title: Mine, date: '2026-11-01', origin: source}]
providers: [{id: us, label: Us}]
"""
PREFIXES = """\
@prefix kg: <https://w3id.org/career-kg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FINE = """\
skills:
- {id: juggling, label: Juggling, category: practice, definition: throwing things}
roles:
- id: clown
  label: Clown
  requires:
  - {skill: juggling}
"""


def facts(folder: Path, text: str, name: str = "facts.yaml") -> Path:
    path = folder / name
    path.write_text(HEAD + text if name.endswith("yaml") else text, encoding="utf-8")
    return path


def found(answer: Check, rule: str) -> list[tuple[str, str, int]]:
    """Return severity, file name and line of what a rule found."""
    return [(f.severity, Path(f.file).name, f.line) for f in answer.findings if f.rule == rule]


def rules(answer: Check) -> set[str]:
    return {finding.rule for finding in answer.findings}


# Each rule


def test_facts_without_faults(tmp_path: Path) -> None:
    answer = check(facts(tmp_path, FINE), as_of=DAY, shapes=False)
    assert answer.findings == ()
    assert answer.yes
    assert str(answer) == f"{tmp_path / 'facts.yaml'}: nothing found."


def test_a_cycle_of_prerequisites(tmp_path: Path) -> None:
    path = facts(
        tmp_path,
        "skills:\n"
        "- {id: a1, label: Alpha, category: practice, prerequisites: [b1]}\n"
        "- {id: b1, label: Beta, category: practice, prerequisites: [c1]}\n"
        "- {id: c1, label: Gamma, category: practice, prerequisites: [a1]}\n"
        "- {id: d1, label: Delta, category: practice, prerequisites: [a1]}\n",
    )
    answer = check(path, as_of=DAY, shapes=False)
    assert found(answer, "cycle") == [("error", "facts.yaml", 5)]
    assert "Alpha → Beta → Gamma → Alpha." in answer.findings[0].message
    assert not answer.yes


def test_what_needs_itself(tmp_path: Path) -> None:
    text = "skills:\n- {id: a1, label: Alpha, category: practice, prerequisites: [a1]}\n"
    answer = check(facts(tmp_path, text), as_of=DAY, shapes=False)
    assert found(answer, "cycle") == [("error", "facts.yaml", 5)]


def test_a_name_that_two_nodes_share(tmp_path: Path) -> None:
    text = FINE.replace(
        "\nroles:", "\n- {id: clowning, label: Clowning, category: practice, aliases: [JUGGLING]}\nroles:"
    )
    answer = check(facts(tmp_path, text), as_of=DAY, shapes=False)
    assert found(answer, "shared-name") == [("warning", "facts.yaml", 5)]
    assert "Clowning (skill:clowning) and Juggling (skill:juggling)" in answer.findings[0].message
    assert not answer.yes


def test_a_role_and_a_skill_may_share_a_name(tmp_path: Path) -> None:
    answer = check(facts(tmp_path, FINE.replace("label: Clown", "label: Juggling")), as_of=DAY, shapes=False)
    assert rules(answer) == set()


def test_a_tool_typed_as_a_skill(tmp_path: Path) -> None:
    in_facts = check(facts(tmp_path, FINE.replace("practice", "framework")), as_of=DAY)
    assert found(in_facts, "file") == [("error", "facts.yaml", 5)]
    turtle = f'<{BASE}skill/pandas> a kg:Skill ; skos:prefLabel "pandas"@en ; kg:category kg:Framework .\n'
    answer = check(facts(tmp_path, PREFIXES + turtle, "mine.ttl"), as_of=DAY, shapes=False)
    (finding,) = [f for f in answer.findings if f.rule == "wrong-kind"]
    assert (finding.severity, finding.about) == ("error", f"{BASE}skill/pandas")
    assert finding.message == "pandas is a skill and also a framework."


def test_a_claim_without_a_source(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("roles:\n- id: clown\n  label: Clown\n  requires:\n  - {tool: python}\n", encoding="utf-8")
    answer = check(path, as_of=DAY)
    assert found(answer, "file") == [("error", "facts.yaml", 1)]
    assert "names no source" in answer.findings[0].message
    assert "sources:" in answer.findings[0].fix

    claim = (
        f'<{BASE}role/clown> a kg:Role ; skos:prefLabel "Clown"@en .\n'
        f'<{BASE}skill/juggling> a kg:Skill ; skos:prefLabel "Juggling"@en .\n'
        f"<{BASE}requirement/1> a kg:Requirement ; rdf:subject <{BASE}role/clown> ; rdf:predicate kg:requires ; "
        f"rdf:object <{BASE}skill/juggling> ; dcterms:source <{BASE}source/nobody> .\n"
    )
    answer = check(facts(tmp_path, PREFIXES + claim, "mine.ttl"), as_of=DAY, shapes=False)
    (finding,) = [f for f in answer.findings if f.rule == "no-source"]
    assert "source:nobody, which is not described; the first is about Clown" in finding.message


def certification(**status: str) -> str:
    given = ", ".join(f"{name}: '{value}'" for name, value in status.items())
    return f"certifications:\n- {{id: exam, label: Exam, provider: us, level: entry, status: {{{given}}}}}\n"


def test_a_status_older_than_it_may_be(tmp_path: Path) -> None:
    day = date.fromisoformat(DAY)
    for age, state, stale_after, expected in (
        (91, "active", 90, True),
        (90, "active", 90, False),
        (91, "beta", 90, True),
        (9999, "retired", 90, False),
        (11, "active", 10, True),
        (91, "active", 365, False),
    ):
        text = certification(state=state, as_of=(day - timedelta(days=age)).isoformat())
        answer = check(facts(tmp_path, text), as_of=DAY, stale_after=stale_after, shapes=False)
        assert found(answer, "old-status") == ([("warning", "facts.yaml", 5)] if expected else []), (age, state)
    answer = check(facts(tmp_path, certification(state="active")), as_of=DAY, shapes=False)
    assert found(answer, "no-date") == [("warning", "facts.yaml", 5)]


@pytest.mark.parametrize(
    ("rating", "rule"),
    [
        ("importance: 5.1, scale: onet-importance", "outside-scale"),
        ("importance: 0.9", "outside-scale"),
        ("level: 7.1, scale: onet-level", "outside-scale"),
        ("level: -1", "outside-scale"),
        ("importance: 5, scale: onet-importance", ""),
        ("level: 0", ""),
        ("importance: 99, scale: ours", ""),
    ],
)
def test_a_rating_outside_its_scale(tmp_path: Path, rating: str, rule: str) -> None:
    answer = check(
        facts(tmp_path, FINE.replace("skill: juggling", f"skill: juggling, {rating}")), as_of=DAY, shapes=False
    )
    assert rules(answer) == ({rule} if rule else set())
    if rule:
        assert found(answer, rule) == [("error", "facts.yaml", 7)]


def test_what_nothing_leads_to(tmp_path: Path) -> None:
    text = FINE.replace("roles:", "- {id: alone, label: Alone, category: practice}\nroles:")
    answer = check(facts(tmp_path, text), as_of=DAY, shapes=False)
    assert found(answer, "unreachable") == [("info", "facts.yaml", 6)]
    assert answer.yes, "that is worth knowing and not wrong"


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("2026-10-01", "2026-09-30", True),
        ("2026-10", "2026-09-30", True),
        ("2026-10-01", "2026-10-01", False),
        ("2026-10-01", "2026-10", False),
        ("2026", "2025-12-31", True),
    ],
)
def test_what_ends_before_it_starts(tmp_path: Path, start: str, end: str, wrong: bool) -> None:
    text = certification(state="active", as_of="2026-11-01", **{"from": start, "through": end})
    answer = check(facts(tmp_path, text), as_of=DAY, shapes=False)
    assert found(answer, "ends-before-start") == ([("error", "facts.yaml", 5)] if wrong else [])


def test_a_successor_that_is_dead(tmp_path: Path) -> None:
    def chain(*states: str) -> str:
        entries = [
            f"- {{id: x{i}, label: Exam {i}, provider: us, status: {{state: {state}, as_of: '2026-11-01'}}"
            + (f", replaced_by: [x{i + 1}]" if i + 1 < len(states) else "")
            + "}\n"
            for i, state in enumerate(states)
        ]
        return "certifications:\n" + "".join(entries)

    dead = check(facts(tmp_path, chain("retired", "retired")), as_of=DAY, shapes=False)
    assert found(dead, "dead-successor") == [("warning", "facts.yaml", 5)]
    alive = check(facts(tmp_path, chain("retired", "retired", "active")), as_of=DAY, shapes=False)
    assert found(alive, "dead-successor") == []


# Shapes


def test_a_finding_of_the_shapes_has_file_and_line(tmp_path: Path) -> None:
    text = FINE.replace("skill: juggling", "skill: juggling, level: 8") + "  - {skill: other}\n"
    text = text.replace("roles:", "- {id: other, label: Other}\nroles:")
    answer = check(facts(tmp_path, text), as_of=DAY)
    assert answer.shacl
    by_message = {f.message: (f.severity, Path(f.file).name, f.line) for f in answer.findings if f.rule == "shape"}
    assert by_message["Other: The skill or tool has no kg:category, so a filter by category misses it."] == (
        "warning",
        "facts.yaml",
        6,
    )
    assert by_message["Clown → Juggling: An O*NET level is outside 0 to 7."] == ("error", "facts.yaml", 8), (
        "what is wrong with a claim stands where its subject does"
    )


def test_shapes_can_be_left_out(tmp_path: Path) -> None:
    text = FINE.replace("category: practice, ", "")
    assert "shape" not in rules(check(facts(tmp_path, text), as_of=DAY, shapes=False))


def test_a_graph_is_checked_like_the_facts_it_was_made_of(run: Run, tmp_path: Path) -> None:
    text = FINE.replace("skill: juggling", "skill: juggling, level: 8").replace(", category: practice", "")
    path = facts(tmp_path, text)
    store = tmp_path / "store"
    assert run("load", path, "--into", store).code == 0
    with kg.open(store, as_of=DAY) as graph:
        answer = check(graph=graph)
    of_files = check(path, as_of=DAY)
    said = {(f.severity, f.rule, f.message, f.fix) for f in of_files.findings}
    assert {"error", "warning"} <= {severity for severity, *_ in said}
    assert said <= {(f.severity, f.rule, f.message, f.fix) for f in answer.findings}
    assert run("check", "--graph", store, "--as-of", DAY).code == 1
    assert run("check", path, "--graph", store).code == 2


CLAIM_OF_NOBODY = (
    f"<{BASE}requirement/1> a kg:Requirement ; rdf:subject <{BASE}role/clown> ; rdf:predicate kg:requires ; "
    f"rdf:object <{BASE}skill/juggling> ; dcterms:source <{BASE}source/nobody> .\n"
)
MAPPED_TWICE = """\
# curie_map:
#   esco: http://data.europa.eu/esco/occupation/
#   role: https://w3id.org/career-kg/role/
# mapping_set_id: https://example.org/mappings
# mapping_set_title: Ours
# mapping_date: 2026-10-01
subject_id\tpredicate_id\tobject_id\tmapping_justification
esco:aa\tskos:exactMatch\trole:data-engineer\tsemapv:ManualMappingCuration
esco:aa\tskos:exactMatch\trole:data-scientist\tsemapv:ManualMappingCuration
"""
PYTHON_TWICE = FINE.replace("label: Juggling", "label: Python") + "  - {tool: python}\n"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("mine.ttl", PREFIXES + CLAIM_OF_NOBODY, {"no-source": [0], "dangling": [0, 0]}),
        ("facts.yaml", PYTHON_TWICE, {"shared-label": [5]}),
        ("mine.sssom.tsv", MAPPED_TWICE, {"mapping-collapse": [0]}),
    ],
)
def test_what_a_file_only_names_is_found_too(
    run: Run, tmp_path: Path, name: str, text: str, expected: dict[str, list[int]]
) -> None:
    path = facts(tmp_path, text, name)
    of_file = check(path, as_of=DAY)
    assert {rule: [line for *_, line in found(of_file, rule)] for rule in expected} == expected
    assert {Path(f.file).name for f in of_file.findings} == {name}
    store = tmp_path / "store"
    assert run("load", path, "--into", store).code in (0, 1)
    with kg.open(store, as_of=DAY) as graph:
        of_graph = check(graph=graph)
    for rule, lines in expected.items():
        assert len(found(of_graph, rule)) == len(lines)
    said = {(f.rule, f.message) for f in of_file.findings}
    assert {(f.rule, f.message) for f in of_graph.findings if f.rule in expected} <= said


def test_what_is_borrowed_is_not_judged(tmp_path: Path) -> None:
    """Of a borrowed certification only names and class are there: no status, and no provider."""
    path = facts(tmp_path, FINE + "  certifications:\n  - ms-ai-103\n")
    quads = gather([path])
    store = OxigraphStore()
    store.add((*quads.quads, *quads.borrowed))
    exam = f"{BASE}certification/ms-ai-103"
    assert exam in {violation.focus for violation in violations(store)}
    assert exam not in {finding.about for finding in check(path, as_of=DAY).findings}


def test_files_and_a_graph_are_not_checked_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="either files or a graph"):
        check(facts(tmp_path, FINE), graph=kg.open(as_of=DAY))


def test_a_status_as_of_no_date_is_a_finding(tmp_path: Path) -> None:
    turtle = (
        f'<{BASE}certification/x> a kg:Certification ; skos:prefLabel "X"@en ; kg:status kg:active ; '
        'kg:statusAsOf "lately" .\n'
    )
    answer = check(facts(tmp_path, PREFIXES + turtle, "mine.ttl"), as_of=DAY, shapes=False)
    (finding,) = [f for f in answer.findings if f.rule == "no-date"]
    assert (finding.severity, finding.message) == ("error", 'The status of X is as of "lately", which is no date.')


def claim_between(relation: str, one: str, other: str, more: str = "") -> str:
    return (
        f"<{BASE}claim/{one}> a kg:Claim ; rdf:subject <{BASE}role/{one}> ; rdf:predicate {relation} ; "
        f"rdf:object <{other}> ; dcterms:source <{BASE}source/us> {more}.\n"
        f'<{BASE}role/{one}> a kg:Role ; skos:prefLabel "{one}"@en .\n'
        f'<{BASE}source/us> a kg:Source ; dcterms:title "Us" ; kg:origin kg:SourceSays .\n'
    )


def test_two_roles_mapped_exactly_onto_one(tmp_path: Path) -> None:
    code = "https://example.org/occupation/1"
    both = claim_between("skos:exactMatch", "clown", code) + claim_between("skos:exactMatch", "juggler", code)
    answer = check(facts(tmp_path, PREFIXES + both, "mine.ttl"), as_of=DAY, shapes=False)
    (finding,) = [f for f in answer.findings if f.rule == "mapping-collapse"]
    assert finding.message.startswith("clown (role:clown) and juggler (role:juggler) are each mapped as exactly")
    close = both.replace("skos:exactMatch", "skos:closeMatch", 1)
    answer = check(facts(tmp_path, PREFIXES + close, "mine.ttl"), as_of=DAY, shapes=False)
    assert "mapping-collapse" not in rules(answer)


@pytest.mark.parametrize(("end", "past"), [("2026-11-21", True), ("2026-11", False), ("2025", True), (DAY, False)])
def test_a_claim_past_its_validity(tmp_path: Path, end: str, past: bool) -> None:
    text = claim_between("kg:leadsTo", "clown", f"{BASE}role/clown2", f'; <https://schema.org/validThrough> "{end}" ')
    answer = check(facts(tmp_path, PREFIXES + text, "mine.ttl"), as_of=DAY, shapes=False)
    assert ("expired-claim" in rules(answer)) == past


def test_the_shipped_facts_have_no_errors() -> None:
    answer = check(as_of=DAY)
    assert [str(f) for f in answer.findings if f.severity == "error"] == []
    assert all(f.file.startswith("ontology/facts/") and f.line for f in answer.findings if f.file)


# Files


def test_turtle_with_a_syntax_error_has_file_and_line(tmp_path: Path) -> None:
    path = facts(tmp_path, PREFIXES + "\n<a> <b> nonsense .\n", "mine.ttl")
    answer = check(path, as_of=DAY)
    assert found(answer, "file") == [("error", "mine.ttl", 7)]
    assert "is not Turtle" in answer.findings[0].message


def test_the_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    facts(tmp_path, "roles:\n- {id: BAD ID, label: x}\n- {id: fine}\n", "one.yaml")
    facts(tmp_path, "roles: [\n", "two.yaml")
    facts(tmp_path, "role,skill\n,Y\nX,\n", "three.csv")
    facts(tmp_path, "<a> .\n", "four.ttl")
    (tmp_path / "five.yaml").write_bytes(b"")
    answer = check(tmp_path, as_of=DAY)
    assert {(Path(f.file).name, f.line) for f in answer.findings} >= {
        ("one.yaml", 5),
        ("one.yaml", 6),
        ("three.csv", 2),
        ("three.csv", 3),
        ("four.ttl", 1),
        ("five.yaml", 0),
    }
    assert {Path(f.file).name for f in answer.findings} == {
        "one.yaml",
        "two.yaml",
        "three.csv",
        "four.ttl",
        "five.yaml",
    }
    assert [f.sort_key for f in answer.findings] == sorted(f.sort_key for f in answer.findings)


@pytest.mark.parametrize(
    "entry",
    [
        "since: '2026-02-30'",
        "since: yesterday",
        "importance: .nan",
        "importance: much",
        "scale: no such, importance: 3",
        "source: nobody",
        "nonsense: 1",
    ],
)
def test_a_fault_in_a_requirement_has_its_line(tmp_path: Path, entry: str) -> None:
    answer = check(facts(tmp_path, FINE.replace("skill: juggling", f"skill: juggling, {entry}")), as_of=DAY)
    assert found(answer, "file") == [("error", "facts.yaml", 10)]


def test_facts_may_add_to_the_shipped_dataset(tmp_path: Path) -> None:
    text = FINE.replace("{skill: juggling}", "{skill: juggling}\n  - {tool: python}\n  - {skill: machine-learning}")
    assert check(facts(tmp_path, text), as_of=DAY, shapes=False).findings == ()


def test_a_place_that_is_none(tmp_path: Path) -> None:
    answer = check(tmp_path / "none.yaml", tmp_path, as_of=DAY)
    assert [f.message for f in answer.findings] == ["holds no facts, tables or RDF.", "does not exist."]
    with pytest.raises(BadInput, match="is no date"):
        check(as_of="yesterday")
    with pytest.raises(BadInput, match="is no age"):
        check(stale_after=-1)


# The command


def test_exit_codes(run: Run, tmp_path: Path) -> None:
    fine = facts(tmp_path, FINE, "fine.yaml")
    assert run("check", fine, "--as-of", DAY, "--no-shapes").code == 0
    info = facts(tmp_path, FINE.replace("roles:", "- {id: alone, label: Alone, category: practice}\nroles:"), "i.yaml")
    assert run("check", info, "--as-of", DAY, "--no-shapes").code == 0
    bad = facts(tmp_path, FINE.replace("skill: juggling", "skill: juggling, level: 9"), "bad.yaml")
    assert run("check", bad, "--as-of", DAY, "--no-shapes").code == 1
    assert run("check", facts(tmp_path, "roles: [", "broken.yaml"), "--as-of", DAY).code == 1
    for misuse in (["--as-of", "never"], ["--stale-after", "-1"], ["--stale-after", "many"], ["--nonsense"]):
        ran = run("check", fine, *misuse)
        assert (ran.code, ran.out) == (2, ""), misuse
        assert "Traceback" not in ran.err


def test_rows_are_for_programs(run: Run, tmp_path: Path) -> None:
    facts(tmp_path, FINE.replace("skill: juggling", "skill: juggling, level: 9"))
    ran = run("check", tmp_path, "--as-of", DAY, "--no-shapes", "--format", "json")
    assert (ran.code, ran.err) == (1, "")
    printed = json.loads(ran.out)
    (row,) = printed["rows"]
    assert row.keys() >= {"file", "line", "severity", "rule", "message", "fix"}
    assert (row["file"], row["line"], row["severity"]) == (str(tmp_path / "facts.yaml"), 7, "error")
    assert printed["measures"] == {"errors": 1, "warnings": 0, "infos": 0, "shacl": False}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--release", "nonexistent"),
            "check reads files as they stand; --release would change nothing. Leave it out.",
        ),
        (("--inferred", "--merge-mappings"), "--merge-mappings and --inferred would change nothing. Leave them out."),
        (("--graph", "shipped", "--release", "all"), "check reads a graph in every release, and no mapping merged;"),
    ],
)
def test_options_that_would_change_nothing_are_refused(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    ran = run("check", *(() if "--graph" in arguments else (facts(tmp_path, FINE),)), *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in " ".join(ran.err.split())


def test_findings_are_said_in_the_language_asked_for(run: Run, tmp_path: Path) -> None:
    turtle = f'<{BASE}skill/juggling> a kg:Skill ; skos:prefLabel "Juggling"@en, "Jonglieren"@de .\n'
    path = facts(tmp_path, PREFIXES + turtle, "mine.ttl")
    for lang, label in (("de", "Jonglieren"), ("en", "Juggling")):
        ran = run("check", path, "--lang", lang, "--rule", "unreachable", "--format", "json")
        assert [row["message"] for row in json.loads(ran.out)["rows"]] == [
            f"No role, certification or other skill leads to {label}."
        ]
