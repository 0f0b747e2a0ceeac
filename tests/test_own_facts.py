"""The journey of a team with facts of its own: start, check, build, ask, load, ask again, and the same in networkx."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kg
from kg.model.errors import BadInput
from kg.model.terms import BASE
from tests.conftest import DAY

if TYPE_CHECKING:
    from tests.conftest import Run

ROLE = "Data Platform Engineer"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A folder of facts as `kg init` writes it."""
    folder = tmp_path / "mine"
    kg.init(folder)
    return folder


def test_the_journey(run: Run, tmp_path: Path) -> None:
    folder, store, out = tmp_path / "mine", tmp_path / "store", tmp_path / "out"
    ran = run("init", folder)
    assert (ran.code, ran.out) == (0, f"{folder / 'facts.yaml'}\n")
    assert f"kg check {folder}" in ran.err, "it says what to do next"

    ran = run("check", folder, "--as-of", DAY)
    assert (ran.code, ran.err) == (0, ""), ran.out

    ran = run("build", folder, "-o", out)
    assert ran.code == 0, ran.err
    assert {Path(line) for line in ran.out.split()} == set(out.iterdir())
    assert "1 roles" in ran.err

    assert run("load", folder, "--into", store).code == 0
    for place in (folder, folder / "facts.yaml", store, out / "career-kg.trig"):
        ran = run("show", ROLE, "--graph", place, "--as-of", DAY)
        assert ran.code == 0, (place, ran.err)
        assert ran.out.startswith(f"{ROLE} (role): Keeps the platform running")

    answers = []
    for place in (folder, store):
        ran = run("gap", ROLE, "--held", "Python", "--graph", place, "--as-of", DAY, "--format", "json")
        assert (ran.code, ran.err) == (0, "")
        answers.append(json.loads(ran.out))
    assert answers[0]["rows"] == answers[1]["rows"]
    assert answers[0]["evidence"] == answers[1]["evidence"]
    rows = {row["label"]: row for row in answers[0]["rows"]}
    assert rows.keys() == {"Data contracts", "Data pipelines", "Python", "SQL", "Kubernetes"}
    assert rows["Data contracts"]["certified_by_labels"] == ["Data Contracts Basics"]
    assert (rows["Python"]["held"], rows["Kubernetes"]["essential"]) == (True, False)


def test_with_the_shipped_dataset(run: Run, mine: Path) -> None:
    both = ("--graph", "shipped", "--graph", mine, "--as-of", DAY)
    ran = run("overlap", ROLE, "Data Engineer", *both, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    sides = {row["label"]: row["side"] for row in json.loads(ran.out)["rows"]}
    assert sides["Python"] == "both"
    assert sides["Data contracts"] == "left"
    ran = run("gap", ROLE, "--from", "Data Engineer", *both, "--format", "json")
    assert {row["label"] for row in json.loads(ran.out)["rows"] if row["held"]} >= {"Python", "SQL"}
    ran = run("why", ROLE, "Python", *both)
    assert ran.code == 0
    assert "What our team requires, by the hiring manager, 2026-11-22" in " ".join(ran.out.split())


def test_shipped_ids_keep_their_names_and_kinds_on_a_graph_of_their_own(mine: Path) -> None:
    with kg.open(mine, as_of=DAY) as graph:
        nodes = {r.node.label: r.node for r in kg.gap(graph, ROLE).missing}
        assert (nodes["Python"].iri, nodes["Python"].kind) == (f"{BASE}tool/python", "tool")
        assert (nodes["Data pipelines"].iri, nodes["Data pipelines"].kind) == (f"{BASE}skill/data-pipelines", "skill")
        assert graph.resolve("k8s", "tool").label == "Kubernetes"
        assert {t.source for t in kg.why(graph, ROLE, "Python").told} == {
            "What our team requires, by the hiring manager"
        }
        roles = kg.list(graph, "roles").rows()
        assert [row["label"] for row in roles] == [ROLE], "what is borrowed brings no roles"


def test_init_leaves_what_is_there_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for name in ("full", "file"):
        ran = run("init", tmp_path / name)
        assert (ran.code, ran.out) == (2, "")
        assert "holds something already" in ran.err
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["notes.txt"]
    assert run("init", tmp_path / "empty").code == 0
    assert run("init", tmp_path / "a" / "b").code == 0
    assert run("init", tmp_path / "empty").code == 2, "twice"
    with pytest.raises(BadInput, match="cannot be written"):
        kg.init(tmp_path / "file" / "below")


def test_facts_without_a_source_are_refused_with_a_clear_fault(run: Run, mine: Path) -> None:
    facts = mine / "facts.yaml"
    text = facts.read_text(encoding="utf-8")
    facts.write_text(text.replace("source: my-team\n", ""), encoding="utf-8")
    ran = run("show", ROLE, "--graph", mine)
    assert (ran.code, ran.out) == (2, "")
    assert "names no source for its claims. Write `source: ID` at the top" in ran.err
    facts.write_text(text.replace("- id: my-team\n", "- id: other-team\n"), encoding="utf-8")
    ran = run("show", ROLE, "--graph", mine)
    assert ran.code == 2
    assert 'there is no source "my-team"' in ran.err
    assert "facts.yaml:2" in ran.err


def test_a_misspelt_id_names_what_is_close(run: Run, mine: Path) -> None:
    facts = mine / "facts.yaml"
    facts.write_text(facts.read_text(encoding="utf-8").replace("tool: kubernetes", "tool: kuberntes"), encoding="utf-8")
    ran = run("build", mine, "-o", mine.parent / "out")
    assert ran.code == 2
    assert "kuberntes" in ran.err
    assert "kubernetes" in ran.err
    assert not (mine.parent / "out").exists()


def test_five_lines_of_networkx_do_the_same(shipped: kg.KnowledgeGraph, mine: Path) -> None:
    graph = kg.graph(shipped).copy()
    graph.add_node("me", label="My Role", kind="role")
    graph.add_edge("me", f"{BASE}tool/python", relation="requires")
    graph.add_edge("me", f"{BASE}tool/kubernetes", relation="requires", essential=False)
    answer = kg.gap(graph, "My Role", held=["Python"])

    assert [r.node.label for r in answer.missing] == ["Kubernetes"]
    assert answer.coverage == pytest.approx(2 / 3)
    assert "CKA" in str([[p.node.iri for p in found] for found in answer.proofs.values()]).upper()
    (claim,) = [claim for claim in answer.evidence if claim.object.label == "Python"]
    assert (claim.origin, claim.source_label) == ("reading", "added by hand")
    assert answer.rows()
    assert answer.sections()
    assert kg.why(graph, "My Role", "Python").yes
    assert "my role" not in str(kg.graph(shipped).nodes).casefold(), "the dataset is as it was"


def test_a_process_does_the_same(mine: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "gap", ROLE, "--graph", str(mine), "--as-of", DAY],
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("0 of 5 requirements of Data Platform Engineer are held")
