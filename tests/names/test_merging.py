"""Two IRIs that a mapping calls the same are one node in the answer, and stay two in the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.handles.handle import KnowledgeGraph
from kg.handles.opening import open as open_graph
from kg.model.errors import AmbiguousName
from kg.model.iris import mint
from kg.model.quads import to_quads
from kg.model.statements import Source, Statement, Value
from kg.model.terms import BASE, KG, RDF, SKOS
from kg.names.merging import Identities
from kg.questions.gap import gap
from kg.questions.opens import opens
from kg.questions.overlap import overlap
from kg.questions.path import path
from kg.questions.plan import plan
from kg.questions.similar import similar
from kg.stores.combined import CombinedStore
from kg.stores.oxigraph import OxigraphStore

if TYPE_CHECKING:
    from tests.conftest import Run

DAY = "2026-11-22"
#: A framework of our making in ESCO's shape; its data scientist has the IRI to which the shipped mapping leads.
ESCO_ROLE = "http://data.europa.eu/esco/occupation/258e46f9-0075-4a2e-adae-1ff0477e0f30"
PYTHON = "http://data.europa.eu/esco/skill/00000000-0000-4000-8000-000000000001"
HATS = "http://data.europa.eu/esco/skill/00000000-0000-4000-8000-000000000002"
SOURCE = Source(mint("source", "hatters"), "Hatters 1", KG.SourceSays)


def framework(folder: Path) -> Path:
    def said() -> list[Statement]:
        iri = SOURCE.iri
        return [
            *SOURCE.statements(),
            *(
                Statement(one, RDF.type, kind, iri)
                for one, kind in ((ESCO_ROLE, KG.Role), (PYTHON, KG.Skill), (HATS, KG.Skill))
            ),
            Statement(ESCO_ROLE, SKOS.prefLabel, Value.of("data scientist", lang="en"), iri),
            Statement(PYTHON, SKOS.prefLabel, Value.of("python for hatters", lang="en"), iri),
            Statement(HATS, SKOS.prefLabel, Value.of("felting hats", lang="en"), iri),
            Statement(ESCO_ROLE, KG.requires, PYTHON, iri, essential=True),
            Statement(ESCO_ROLE, KG.requires, HATS, iri, essential=True),
            Statement(mint("tool", "python"), SKOS.exactMatch, PYTHON, iri),
        ]

    store = OxigraphStore(folder)
    store.add(to_quads(said()))
    store.close()
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return framework(tmp_path_factory.mktemp("frameworks") / "store")


@pytest.fixture(scope="module")
def apart(folder: Path) -> KnowledgeGraph:
    return open_graph([folder, "shipped"], as_of=DAY)


@pytest.fixture(scope="module")
def merged(folder: Path) -> KnowledgeGraph:
    return open_graph([folder, "shipped"], as_of=DAY, merge_mappings=True)


def test_apart_the_name_is_ambiguous_and_merged_it_is_not(apart: KnowledgeGraph, merged: KnowledgeGraph) -> None:
    with pytest.raises(AmbiguousName, match="data scientist"):
        apart.resolve("data scientist")
    for text in ("data scientist", ESCO_ROLE, "role:data-scientist"):
        assert merged.resolve(text).iri == f"{BASE}role/data-scientist"
    assert merged.resolve("python for hatters").label == "Python"


def test_a_gap_across_frameworks(apart: KnowledgeGraph, merged: KnowledgeGraph) -> None:
    own = {row["iri"] for row in gap(apart, "role:data-scientist").rows()}
    answer = gap(merged, "data scientist", from_="Machine Learning Engineer")
    rows = {row["iri"]: row for row in answer.rows()}
    assert set(rows) == own | {HATS}, "Python for hatters is Python"
    assert rows[f"{BASE}tool/python"]["held"]
    assert "Hatters 1" in rows[f"{BASE}tool/python"]["sources"]
    assert not rows[HATS]["held"]
    said = {tuple(n.iri for n in found) for found in answer.context.merged}
    assert (f"{BASE}tool/python", PYTHON) in said
    assert (f"{BASE}role/data-scientist", ESCO_ROLE) in said
    assert [ESCO_ROLE in found for found in answer.to_json()["merged"]].count(True) == 1
    assert any(section.title.startswith("Taken as one, by mappings") for section in answer.notes())


def test_what_certifies_a_thing_under_its_other_name(
    folder: Path, merged: KnowledgeGraph, apart: KnowledgeGraph
) -> None:
    """The framework's role asks for its own IRI of Python; the certifications are for the shipped one."""
    ours = gap(merged, ESCO_ROLE).proofs[f"{BASE}tool/python"]
    assert {p.node.iri for p in ours} == {
        p.node.iri for p in gap(apart, "role:data-scientist").proofs[f"{BASE}tool/python"]
    }
    assert gap(apart, ESCO_ROLE).proofs[PYTHON] == ()
    assert plan(merged, ESCO_ROLE, all_certifiable=True).certify


def test_whole_graph_questions_see_one_node(apart: KnowledgeGraph, merged: KnowledgeGraph) -> None:
    assert {ESCO_ROLE, f"{BASE}role/data-scientist"} <= {*apart.whole.requirements.roles}
    assert ESCO_ROLE not in merged.whole.requirements.roles
    assert merged.whole.matrix().row(f"{BASE}role/data-scientist")[HATS] == 1.0
    near = similar(merged, "data scientist", limit=30)
    assert ESCO_ROLE not in {found.role.iri for found in (*near.nearest, *near.unrated)}
    by_overlap = overlap(merged, "data scientist", "AI Engineer").measures["weighted_jaccard"]
    (found,) = (f for f in near.nearest if f.role.label == "AI Engineer")
    assert found.score == pytest.approx(by_overlap)
    assert opens(merged, held=["Python"], limit=1).described == opens(apart, held=["Python"], limit=1).described - 1
    assert path(merged, "felting hats", "AI Engineer", via=["requires", "^requires"]).yes


def test_the_store_keeps_both(folder: Path, merged: KnowledgeGraph) -> None:
    gap(merged, "data scientist")
    assert merged.store.ask(f"ASK {{ <{ESCO_ROLE}> <{KG.requires}> <{PYTHON}> }}")
    assert not merged.store.ask(f"ASK {{ <{BASE}role/data-scientist> <{KG.requires}> <{HATS}> }}")


def test_the_combination_is_kept_beside_the_folder_and_goes_with_the_generation(folder: Path, tmp_path: Path) -> None:
    mine = framework(tmp_path / "mine")
    before = set(OxigraphStore(mine).quads())
    g = open_graph([mine, "shipped"], as_of=DAY)
    assert isinstance(g.store, CombinedStore)
    assert {*g.store.quads()} == before | {*open_graph().store.quads()}
    (kept,) = mine.glob("generation-000001+*")
    made = kept.stat().st_ino
    assert len(open_graph(["shipped", mine]).store) == len(g.store)
    assert [path.stat().st_ino for path in mine.glob("generation-000001+*")] == [made], "opened, not made again"
    assert {*OxigraphStore(mine).quads()} == before, "the folder itself is as it was"
    g.close()  # what is read is held, and goes when nobody reads it any more
    OxigraphStore(mine).add(to_quads([Statement(HATS, SKOS.altLabel, Value.of("hats", lang="en"), SOURCE.iri)]))
    assert not [*mine.glob("*+*")]
    assert open_graph([mine, "shipped"]).resolve("hats").iri == HATS


def test_two_folders_and_a_file(folder: Path, tmp_path: Path) -> None:
    second = OxigraphStore(tmp_path / "second")
    second.add(to_quads([Statement(HATS, SKOS.altLabel, Value.of("second", lang="en"), SOURCE.iri)]))
    third = tmp_path / "third.nt"
    third.write_text(f'<{HATS}> <{SKOS.altLabel}> "third"@en .\n', encoding="utf-8")
    g = open_graph([folder, tmp_path / "second", third], as_of=DAY)
    assert {g.resolve(name).iri for name in ("second", "third", "felting hats")} == {HATS}


def test_a_folder_that_cannot_be_written_is_combined_elsewhere(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.stores import combined

    mine, real = framework(tmp_path / "mine"), combined._write

    def refuse(base: OxigraphStore, others: object, path: Path) -> None:
        if mine in path.parents:
            raise PermissionError(13, "read-only")
        real(base, others, path)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(combined, "_write", refuse)
    g = open_graph([mine, "shipped"], as_of=DAY)
    where = g.store.generation
    assert where is not None
    assert g.resolve("felting hats").iri == HATS
    assert not [*mine.glob("*+*")]
    assert where.is_dir()
    g.close()
    assert not where.exists()


def test_from_the_command_line(run: Run, folder: Path) -> None:
    both = ("--graph", folder, "--graph", "shipped", "--as-of", DAY)
    done = run("gap", "data scientist", "--from", "Machine Learning Engineer", "--merge-mappings", *both)
    assert done.code == 0
    assert "Taken as one, by mappings" in done.out
    assert run("gap", "data scientist", *both).code == 2


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=8))
def test_identities_are_the_connected_parts(pairs: list[tuple[str, str]]) -> None:
    import networkx as nx

    same, graph = Identities(pairs), nx.Graph(pairs)
    for part in nx.connected_components(graph):
        assert {same.members(iri) for iri in part} == {tuple(sorted(part))}
        assert {same.name(iri) for iri in part} == {min(part)}
    assert same.name("z") == "z"
