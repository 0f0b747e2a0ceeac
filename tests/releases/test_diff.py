"""`diff`: what changed, said once, the same in both directions; and what it does to an answer."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from pyoxigraph import RdfFormat, serialize

from kg.handles.handle import KnowledgeGraph
from kg.handles.networkx_graphs import from_networkx
from kg.handles.opening import open as open_graph
from kg.model.errors import AmbiguousName, BadInput, UnknownName
from kg.model.quads import to_quads
from kg.model.statements import Source, Statement, Value
from kg.model.terms import BASE, DATASET, DCTERMS, KG, RDF, SKOS
from kg.releases.diff import Diff, diff
from tests.strategies import Career, careers

if TYPE_CHECKING:
    from tests.conftest import Run

OLD = """
source: first
sources:
- {id: first, title: Framework 1.0, date: '2025-01-01', origin: source, url: null}
skills:
- {id: mathematics, label: Mathematics, category: mathematics, definition: Numbers and their proofs.}
- {id: databases, label: Databases, category: concept, definition: Data that stays.}
- {id: welding, label: Welding, category: practice, definition: Joining metal.}
providers:
- {id: maker, label: Maker}
roles:
- id: clerk
  label: Clerk
  summary: Keeps records.
  requires:
  - {skill: databases, essential: true, source: first, locator: row 1}
  - {skill: mathematics, essential: false, source: first, locator: row 2}
- id: smith
  label: Smith
  summary: Works metal.
  requires: [{skill: welding, essential: true, source: first, locator: row 3}]
- id: miller
  label: Miller
  summary: Grinds grain.
  requires: [{skill: mathematics, essential: true, source: first, locator: row 4}]
"""
CERTIFICATE = """
certifications:
- id: exam
  label: Database exam
  code: DB-1
  provider: maker
  level: associate
  status: {state: active, as_of: '2025-01-01'}
  price: {usd: 100}
  exam: {minutes: 60}
  skills: [databases]
"""


def written(folder: Path, *texts: str) -> Path:
    folder.mkdir()
    (folder / "facts.yaml").write_text("\n".join(texts), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two folders of facts: the second has one of every change."""
    place = tmp_path_factory.mktemp("releases")
    new = OLD.replace("label: Clerk", "label: Records clerk")
    new = new.replace("skill: mathematics, essential: false", "skill: mathematics, essential: true")
    new = new.replace("- {id: welding, label: Welding, category: practice, definition: Joining metal.}\n", "")
    new = new.replace("skill: welding, essential: true", "skill: forging, essential: true")
    new = new.replace(
        "providers:", "- {id: forging, label: Forging, category: practice, definition: Shaping.}\nproviders:"
    )
    new = new.partition("- id: miller")[0]
    changed = CERTIFICATE.replace("usd: 100", "usd: 120").replace("state: active", "state: retired")
    return written(place / "old", OLD, CERTIFICATE), written(place / "new", new, changed)


def facts(found: Diff) -> set[tuple[str, ...]]:
    return {
        (c.what, c.node.label, c.relation, c.object.label if c.object else "", c.before, c.after) for c in found.changes
    }


EVERY_CHANGE = {
    ("label", "Records clerk", "", "", "Clerk", "Records clerk"),
    ("removed", "Miller", "", "", "", ""),
    ("removed", "Welding", "", "", "", ""),
    ("added", "Forging", "", "", "", ""),
    ("essential", "Records clerk", "requires", "Mathematics", "optional", "essential"),
    ("added", "Smith", "requires", "Forging", "", "essential"),
    ("removed", "Smith", "requires", "Welding", "essential", ""),
    ("status", "Database exam", "", "", "active", "retired"),
    ("price", "Database exam", "", "", "100", "120"),
}


def test_every_change_is_said_once(releases: tuple[Path, Path]) -> None:
    found = diff(*releases)
    assert facts(found) == EVERY_CHANGE
    assert len(found.changes) == len(EVERY_CHANGE)
    assert found.following == 1, "what the miller required went with the miller"
    assert not found.yes
    assert str(found).endswith(
        "1 role removed, 1 relabelled; 1 skill added, 1 removed; 1 requirement added; 1 requirement removed; "
        "1 requirement essential ↔ optional; 2 other changes."
    )


def test_the_other_way_round(releases: tuple[Path, Path]) -> None:
    turned = {"added": "removed", "removed": "added"}
    back = {
        (turned.get(what, what), "Clerk" if label == "Records clerk" else label, relation, other, after, before)
        for what, label, relation, other, before, after in EVERY_CHANGE
    }
    assert facts(diff(*reversed(releases))) == back


@settings(max_examples=40, deadline=None)
@given(career=careers())
def test_nothing_changed_against_itself(career: Career) -> None:
    g = from_networkx(career)
    again = KnowledgeGraph(g.store, as_of=date(2026, 11, 22))  # another handle: nothing is the same by identity alone
    found = diff(g, again)
    assert found.changes == ()
    assert found.following == 0
    assert found.yes


@settings(max_examples=60, deadline=None)
@given(one=careers(), two=careers())
def test_mirrored(one: Career, two: Career) -> None:
    a, b = from_networkx(one), from_networkx(two)
    there, back = diff(a, b), diff(b, a)
    turned = {"added": "removed", "removed": "added"}

    def seen(found: Diff, mirror: bool) -> Counter[tuple[str, ...]]:
        return Counter(
            (
                turned.get(c.what, c.what) if mirror else c.what,
                c.node.iri,
                c.relation,
                c.object.iri if c.object else "",
                *((c.after, c.before) if mirror else (c.before, c.after)),
            )
            for c in found.changes
        )

    assert seen(there, mirror=True) == seen(back, mirror=False)
    assert (there.nodes, there.following) == (back.nodes[::-1], back.following)
    added = len(there.of("added")) - len(there.of("removed"))
    assert there.nodes[1] - there.nodes[0] == added, (
        "what is there afterwards is what was, and what came, less what went"
    )
    claims = sum(bool(c.relation) * {"added": 1, "removed": -1}.get(c.what, 0) for c in there.changes)
    if not there.following:
        assert there.links[1] - there.links[0] == claims


def test_two_sources_of_one_graph(shipped: KnowledgeGraph, whole: Career) -> None:
    found = diff("esco-111", "onet-292", g=shipped)
    before, after = (
        {
            (whole.nodes[role]["label"], whole.nodes[item]["label"]): "essential" if data["essential"] else "optional"
            for role, item, data in whole.edges(data=True)
            if data["relation"] == "requires" and data["source"] == f"{BASE}source/{source}"
        }
        for source in ("esco-111", "onet-292")
    )
    turned = {pair for pair in before.keys() & after.keys() if before[pair] != after[pair]}
    assert turned
    assert {fact for fact in facts(found) if fact[0] == "essential"} == {
        ("essential", role, "requires", item, before[role, item], after[role, item]) for role, item in turned
    }
    assert found.nodes == (0, 0), "neither gives a class to what it speaks of"
    by_title = diff("ESCO v1.1.1 occupation-skill relations and skills", "source:onet-292", g=shipped)
    assert by_title.changes == found.changes


def test_a_source_that_says_nothing_to_compare(shipped: KnowledgeGraph) -> None:
    nothing = next(
        iri for iri in sorted(shipped.sources) if not shipped.store.ask(f"ASK {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}")
    )
    with pytest.raises(BadInput, match="says nothing of roles, skills, tools or certifications"):
        diff(nothing, "esco-111", g=shipped)


def test_names_that_mean_nothing_or_too_much(
    shipped: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(
        UnknownName, match=r'"esco-999" is no file or folder, and no source of the graph\. Its sources are'
    ):
        diff("esco-999", "esco-111", g=shipped)
    with pytest.raises(UnknownName, match="say with --graph where the sources stand"):
        diff("esco-999", "shipped")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "esco-111").mkdir()
    with pytest.raises(AmbiguousName, match=r"Write \./esco-111 for the one, source:esco-111 for the other"):
        diff("esco-111", "onet-292", g=shipped)
    version = "unverified"
    with pytest.raises(AmbiguousName, match='"unverified" may mean'):
        diff(version, "onet-292", g=shipped)


def release(version: str, label: str, essential: bool, *skills: str) -> list[Statement]:
    """A made-up release of a framework: one role, by an IRI that outlives releases, and what it requires."""
    source = Source(f"{BASE}source/frame-{version}", f"Frame {version}", KG.SourceSays, version=version)
    role = "https://example.org/occupation/1"
    found = [*source.statements(), Statement(source.iri, DCTERMS.isVersionOf, f"{BASE}source/frame", DATASET)]
    for iri, kind, name in ((role, KG.Role, label), *((f"https://example.org/{s}", KG.Skill, s) for s in skills)):
        found.append(Statement(iri, RDF.type, kind, source.iri))
        found.append(Statement(iri, SKOS.prefLabel, Value.of(name, lang="en"), source.iri))
    needs = (Statement(role, KG.requires, f"https://example.org/{s}", source.iri, essential=essential) for s in skills)
    return [*found, *needs]


def test_two_releases_in_one_store(run: Run, tmp_path: Path) -> None:
    statements = release("1.0", "data miner", False, "statistics", "punch-cards")
    statements += release("1.1", "data scientist", True, "statistics", "notebooks")
    file = tmp_path / "frame.nq"
    file.write_bytes(serialize(dict.fromkeys(to_quads(statements)), format=RdfFormat.N_QUADS) or b"")
    g = open_graph(file, as_of="2026-11-22")
    on = 'gap "https://example.org/occupation/1" --held statistics'
    result = diff("frame-1.0", "frame 1.1", g=g, on=on)
    assert str(result) == (
        "Frame 1.0 → Frame 1.1: 1 role relabelled; 1 skill added, 1 removed; 1 requirement added; 1 requirement "
        "removed; 1 requirement essential ↔ optional."
    )
    assert result.impact is not None
    assert {row.label for row in result.impact.rows if row.what == "added"} == {"data scientist: notebooks"}
    assert {row.label for row in result.impact.rows if row.what == "removed"} == {"data miner: punch-cards"}
    ran = run("diff", "1.0", "1.1", "--graph", file, "--format", "json")
    assert ran.code == 1
    told = {(row["change"], row["label"], row["before"], row["after"]) for row in json.loads(ran.out)["rows"]}
    assert ("label", "data scientist", "data miner", "data scientist") in told


# --- the impact on a question --------------------------------------------------------------------------------------


def test_a_question_on_both(releases: tuple[Path, Path]) -> None:
    found = diff(*releases, on='gap "clerk" --held mathematics', as_of="2026-11-22")
    assert found.impact is not None
    assert ("held", 0, 0) not in found.impact.measures
    changed = {(row.label, row.column): (row.before, row.after) for row in found.impact.rows if row.what == "changed"}
    assert changed["Records clerk: Mathematics", "essential"] == (False, True)
    assert found.impact.before != found.impact.after


def test_a_question_that_one_side_cannot_answer(releases: tuple[Path, Path]) -> None:
    found = diff(*releases, on="show miller", as_of="2026-11-22")
    assert found.impact is not None
    assert "Miller" in str(found.impact.before)
    assert str(found.impact.after).startswith('No role, skill, tool or certification "miller".')
    with pytest.raises(UnknownName, match='No role, skill, tool or certification "astronaut"'):
        diff(*releases, on="show astronaut")


def test_a_question_to_one_source_hears_only_that(shipped: KnowledgeGraph) -> None:
    found = diff("esco-111", "onet-292", g=shipped, on='overlap "AI Engineer" "Data Scientist"')
    assert found.impact is not None
    for source, answer in (("esco-111", found.impact.before), ("onet-292", found.impact.after)):
        assert not isinstance(answer, str)
        alone = open_graph(as_of="2026-11-22")
        from kg.questions.overlap import overlap

        same = overlap(alone, "AI Engineer", "Data Scientist", source=[source])
        assert dict(answer.measures) == dict(same.measures)
        assert {row["iri"] for row in answer.rows()} == {row["iri"] for row in same.rows()}


def test_a_saved_answer_is_asked_again(run: Run, releases: tuple[Path, Path], tmp_path: Path) -> None:
    saved = tmp_path / "plan.json"
    asked = ("plan", "clerk", "--held", "databases", "--graph", str(releases[0]), "--as-of", "2025-06-01")
    assert run(*asked, "--format", "json", "-o", str(saved)).code == 0
    ran = run("diff", *releases, "--on", str(saved), "--format", "json")
    assert ran.code == 1
    answer = json.loads(ran.out)
    assert answer["as_of"] == "2025-06-01", "the day of the saved answer"
    rows = [row for row in answer["rows"] if row["change"].startswith("answer")]
    assert {"change": "answer row changed", "label": "Mathematics", "relation": "essential"}.items() <= next(
        row for row in rows if row["relation"] == "essential"
    ).items()


def test_the_same_is_exit_code_0_and_what_differs_1(run: Run, releases: tuple[Path, Path]) -> None:
    same = run("diff", releases[0], releases[0])
    assert (same.code, same.err) == (0, "")
    assert "no difference, 8 nodes and 6 relations." in " ".join(same.out.split())
    assert run("diff", *releases).code == 1
    ran = run("diff", releases[0], "nowhere")
    assert ran.code == 2
    assert '"nowhere" is no file or folder' in ran.err


@pytest.mark.parametrize("form", ["text", "table", "json", "csv", "html", "ttl"])
def test_every_format(run: Run, releases: tuple[Path, Path], form: str) -> None:
    ran = run("diff", *releases, "--on", "show clerk", "--format", form, "--as-of", "2026-11-22")
    assert (ran.code, ran.err) == (1, "")
    assert "Forging" in ran.out
    if form == "ttl":
        assert "Welding" not in ran.out, "what the second says and the first does not"
    assert ran.out == run("diff", *releases, "--on", "show clerk", "--format", form, "--as-of", "2026-11-22").out
