"""Two releases of a framework beside each other: questions read the newest, or the one asked for, in every store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.handles.handle import KnowledgeGraph, read_day
from kg.handles.versions import releases_of
from kg.model.errors import BadInput
from kg.model.iris import mint
from kg.model.quads import to_quads
from kg.model.statements import Source, Statement, Value
from kg.model.terms import BASE, KG, RDF, SKOS
from kg.questions.find import find
from kg.questions.gap import gap
from kg.questions.opens import opens
from kg.questions.overlap import overlap
from kg.questions.path import path
from kg.questions.show import show
from kg.questions.similar import similar
from kg.questions.why import why
from kg.stores.memory import MemoryStore
from kg.stores.oxigraph import OxigraphStore
from kg.stores.port import Store

if TYPE_CHECKING:
    from tests.conftest import Run

DAY = "2026-11-22"
WORK = f"{BASE}role/weaver"
OTHER = f"{BASE}role/dyer"


def release(version: str, weaver: str, *needs: str, alone: str = "") -> Iterator[Statement]:
    """A release of a made-up framework: what it calls the weaver, and what that one needs."""
    slug = version.replace(".", "-")
    source = Source(
        mint("source", f"guild-{slug}"),
        f"Guild {version}",
        KG.SourceSays,
        version=version,
        version_of=mint("source", "guild"),
    )
    yield from source.statements()
    for iri, label in ((WORK, weaver), (OTHER, "Dyer")):
        yield Statement(iri, RDF.type, KG.Role, source.iri)
        yield Statement(iri, SKOS.prefLabel, Value.of(label, lang="en"), source.iri)
    for name in ("loom", "yarn", "dye", "design"):
        yield Statement(mint("skill", name), RDF.type, KG.Skill, source.iri)
        yield Statement(mint("skill", name), SKOS.prefLabel, Value.of(name.capitalize(), lang="en"), source.iri)
    for name in needs:
        item, optional = name.removesuffix("?"), name.endswith("?")
        yield Statement(WORK, KG.requires, mint("skill", item), source.iri, essential=not optional)
    yield Statement(OTHER, KG.requires, mint("skill", "dye"), source.iri, essential=True)
    yield Statement(OTHER, KG.requires, mint("skill", "yarn"), source.iri, essential=True)


OLD = tuple(to_quads(release("1.9", "Weaver", "loom", "yarn", "dye?")))
NEW = tuple(to_quads(release("1.10", "Textile weaver", "loom", "yarn?", "design")))


@pytest.fixture(params=["folder", "oxigraph", "rdflib"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store with both releases."""
    kinds: dict[str, Callable[[], Store]] = {
        "folder": lambda: OxigraphStore(tmp_path / "store"),
        "oxigraph": OxigraphStore,
        "rdflib": MemoryStore,
    }
    store = kinds[request.param]()
    store.add((*OLD, *NEW))
    yield store
    store.close()


def asked(store: Store, *release: str) -> KnowledgeGraph:
    return KnowledgeGraph(store, as_of=read_day(DAY), release=release)


def alone(*quads: object) -> KnowledgeGraph:
    store = OxigraphStore()
    store.add(quads)  # type: ignore[arg-type]  # quads
    return KnowledgeGraph(store, as_of=read_day(DAY))


def all_answers(g: KnowledgeGraph) -> list[object]:
    answers = (
        gap(g, WORK, from_=OTHER),
        overlap(g, WORK, OTHER),
        similar(g, WORK),
        opens(g, held=["Yarn"], limit=1),
        path(g, WORK, OTHER, via=["overlap"]),
        why(g, WORK),
        show(g, WORK),
        find(g, "weaver"),
    )
    return [(str(a), a.rows(), a.measures, a.evidence) for a in answers]


def test_the_newest_is_read_unless_another_is_named(both: Store) -> None:
    assert [r.version for r in releases_of(both)] == ["1.10", "1.9"], "as numbers, not as text"
    assert all_answers(asked(both)) == all_answers(alone(*NEW))
    assert all_answers(asked(both, "guild-1-9")) == all_answers(alone(*OLD))
    for name in ("Guild 1.9", "guild=1.9", "1.9", f"{BASE}source/guild-1-9"):
        assert asked(both, name).resolve(WORK).label == "Weaver", name


def test_all_reads_both_and_answers_say_what_was_left_out(both: Store) -> None:
    every = asked(both, "all")
    assert {r["label"] for r in gap(every, WORK).rows()} == {"Loom", "Yarn", "Dye", "Design"}
    assert every.left_out == ()
    answer = gap(asked(both), WORK)
    assert answer.context.left_out == (("Guild 1.9", "Guild 1.10"),)
    assert "Guild 1.9 (read was Guild 1.10)" in answer.notes()[0].note
    assert answer.to_json()["releases_left_out"] == ["Guild 1.9"]
    assert len(asked(both).store) == len(every.store), "the store itself has every release"


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (["2.0"], r'No release "2.0". There are: guild-1-10 \(Guild 1.10\), guild-1-9'),
        (["1.9", "1.10"], "releases of one framework. Ask for one"),
        (["guild"], 'No release "guild"'),
    ],
)
def test_a_release_that_is_not_there_is_refused(wanted: list[str], message: str) -> None:
    store = OxigraphStore()
    store.add((*OLD, *NEW))
    with pytest.raises(BadInput, match=message):
        asked(store, *wanted).resolve(WORK)


def test_each_release_has_indexes_of_its_own(tmp_path: Path) -> None:
    store = OxigraphStore(tmp_path / "store")
    store.add((*OLD, *NEW))
    for _ in range(2):
        assert asked(store).resolve(WORK).label == "Textile weaver"
        assert asked(store, "1.9").resolve(WORK).label == "Weaver"
        assert similar(asked(store, "1.9"), WORK).nearest[0].score == pytest.approx(1.5 / 3)
        assert similar(asked(store), WORK).nearest[0].score == pytest.approx(0.5 / 4)
    assert len([*(tmp_path / "store" / "generation-000001").glob("derived-*")]) == 2


def test_from_the_command_line(run: Run, tmp_path: Path) -> None:
    OxigraphStore(tmp_path / "store").add((*OLD, *NEW))
    where = ("--graph", tmp_path / "store", "--as-of", DAY)
    assert "Releases not read" in run("gap", "textile weaver", *where).out
    assert "Weaver" in run("gap", "weaver", "--release", "1.9", *where).out
    assert run("gap", "weaver", "--release", "3", *where).code == 2
