"""A snapshot says what the engine says: the same quads, and the same answer to every query that is looked up in it."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat

import kg
from kg.handles.claims import RELATIONS, ClaimTable
from kg.handles.loading import load
from kg.handles.networks import whole_network
from kg.handles.networkx_graphs import from_networkx
from kg.handles.whole_graph import whole_graph
from kg.model.graphs import ClaimGraph, read_graph
from kg.model.quads import to_quads
from kg.model.terms import KG, SKOS, XSD
from kg.stores.binding import bind, load_query
from kg.stores.columns import SnapshotWriter
from kg.stores.generations import inferred_of
from kg.stores.oxigraph import OxigraphStore
from kg.stores.scoped import ScopedStore
from kg.stores.slices import NotASlice, construct, read_slice, select
from kg.stores.snapshot import COLUMNS, FOLDER, Snapshot, term_of
from tests.sources.frameworks import write_esco, write_onet_text
from tests.strategies import Career, careers, statements

EX = "https://example.org/"
QUERIES = sorted(path.stem for path in (Path(kg.__file__).parent / "queries").glob("*.rq"))
_ROW = re.compile(r"VALUES\s+\?(\w+)\s*\{\s*(?:UNDEF)?\s*\}")


def chunks(quads: Iterable[Quad]) -> list[bytes]:
    return ["".join(f"{quad} .\n" for quad in quads).encode()]


def loaded(folder: Path, *several: Iterable[Quad]) -> OxigraphStore:
    """Return a store folder into which quads were loaded, one collection after the other."""
    store = OxigraphStore(folder)
    for quads in several:
        store.load(chunks(quads))
    return store


def is_read(name: str) -> bool:
    try:
        read_slice(load_query(name))
    except NotASlice:
        return False
    return True


READ = [name for name in QUERIES if is_read(name)]

#: What a query's open rows may hold, of a graph that `careers` makes.
POOL: dict[str, list[str]] = {
    "relation": [*RELATIONS.values(), KG.requires, SKOS.broader],
    "class": [KG.Certification, KG.Role],
}


def filled(name: str, iris: list[str], graphs: list[str], number: int) -> str:
    """Return a query with its rows filled from a graph's nodes."""
    terms = {}
    for row in _ROW.findall(load_query(name)):
        if row == "source":
            terms[row] = graphs[: number % 3]
        else:
            terms[row] = POOL.get(row) or [iri for at, iri in enumerate(iris) if at % 3 == number % 3]
    return bind(load_query(name), **terms)


def hold(store: OxigraphStore | ScopedStore, query: str) -> None:
    """See that a query has one answer, whoever gives it."""
    assert store.snapshot is not None
    if re.search(r"^CONSTRUCT", query, re.MULTILINE):
        found = construct(store, query)
        assert len(set(found)) == len(found)
        assert set(found) == set(store.construct(query))
    else:
        rows = select(store, query).rows
        assert len(set(rows)) == len(rows)
        assert set(rows) == set(store.select(query).rows)


def same(one: ClaimGraph, other: ClaimGraph) -> None:
    """See that two graphs are one."""
    assert one.nodes == other.nodes
    assert [*map(repr, one.to_networkx().edges(keys=True, data=True))] == [
        *map(repr, other.to_networkx().edges(keys=True, data=True))
    ]


# --- what it holds --------------------------------------------------------------------------------------------------

literals = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=8).map(Literal),
    st.sampled_from(
        [
            Literal("01", datatype=NamedNode(XSD.integer)),
            Literal("1.50", datatype=NamedNode(XSD.decimal)),
            Literal("no number", datatype=NamedNode(XSD.integer)),
            Literal("2026-01-01", datatype=NamedNode(XSD.date)),
            Literal("1", datatype=NamedNode(XSD.boolean)),
            Literal("plain", datatype=NamedNode(XSD.string)),
            Literal("colour", language="en-GB"),
            Literal('a <b> ."', language="de"),
            Literal('_:b "x" .'),
            Literal("x <https://example.org/g>", datatype=NamedNode(f"{EX}d")),
        ]
    ),
)
nodes = st.sampled_from([NamedNode(f"{EX}{name}") for name in ("a", "a/b", "b#c")] + [BlankNode("b1")])
quads = st.builds(
    Quad,
    nodes,
    st.sampled_from([NamedNode(f"{EX}p"), NamedNode(f"{EX}q")]),
    st.one_of(nodes, literals),
    st.sampled_from([NamedNode(f"{EX}g"), NamedNode(f"{EX}h"), DefaultGraph()]),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(quads, max_size=12), min_size=1, max_size=3))
def test_a_snapshot_holds_the_quads_that_the_engine_holds(several: list[list[Quad]]) -> None:
    with TemporaryDirectory() as made:
        store = loaded(Path(made) / "store", *several)
        blank = any("_:" in str(quad) and BlankNode("b1") in quad for each in several for quad in each)
        assert (store.snapshot is None) == blank, "the engine has names of its own for blank nodes"
        snapshot = store.made_snapshot()
        assert snapshot is not None
        found = [*snapshot.quads()]
        assert len(found) == len(set(found)) == snapshot.size
        assert set(found) == set(store._engine)
        lines, wanted = BytesIO(), BytesIO()
        snapshot.write(lines)
        store._engine.dump(wanted, RdfFormat.N_QUADS)
        assert sorted(lines.getvalue().splitlines(keepends=True)) == sorted(wanted.getvalue().splitlines(keepends=True))
        store.close()


@given(literals)
def test_a_term_is_read_as_the_engine_writes_it(literal: Literal) -> None:
    assert term_of(str(literal)) == literal


# --- what it answers ------------------------------------------------------------------------------------------------


def test_nearly_every_slice_is_read() -> None:
    asked = {
        "gap",
        "plan",
        "overlap",
        "show",
        "opens",
        "similar",
        "path",
        "chain",
        "proofs",
        "list",
        "lint",
        "find",
        "held",
    }
    assert asked < set(READ)


@settings(max_examples=10, deadline=None)
@given(careers(rated=True), st.integers(0, 5))
def test_every_query_has_one_answer_on_generated_graphs(graph: Career, number: int) -> None:
    with TemporaryDirectory() as made:
        store = loaded(Path(made) / "store", from_networkx(graph).store.quads())
        sources = sorted({str(quad.graph_name.value) for quad in store.quads()})  # type: ignore[union-attr]  # named all
        for part in (store, ScopedStore(store, sources[::2])):
            for name in READ:
                hold(part, filled(name, sorted(graph), sources, number))
            assert part.snapshot is not None
            same(whole_graph(part.snapshot), read_graph(part.construct(load_query("graph"))))
        store.close()


@settings(max_examples=10, deadline=None)
@given(statements())
def test_circles_in_a_path_have_one_answer(found: list[kg.Statement]) -> None:
    with TemporaryDirectory() as made:
        store = loaded(Path(made) / "store", to_quads(found))
        iris = sorted({statement.subject for statement in found})
        for name in ("gap", "plan", "proofs", "show", "skill_tree"):
            hold(store, filled(name, iris, [], 0))
        store.close()


@pytest.fixture(scope="module")
def frameworks(tmp_path_factory: pytest.TempPathFactory) -> OxigraphStore:
    """Small releases in the shapes of O*NET and ESCO beside the shipped dataset."""
    made = tmp_path_factory.mktemp("frameworks")
    places = [write_onet_text(made / "db_29_3_text"), write_esco(made / "esco-1.1.1"), kg.data_path("career-kg.trig")]
    load(places, into=made / "store")
    return OxigraphStore(made / "store")


@pytest.mark.parametrize("name", READ)
def test_every_query_has_one_answer_on_frameworks(frameworks: OxigraphStore, name: str) -> None:
    rows = frameworks.select(
        f"SELECT DISTINCT ?n {{ VALUES ?c {{ <{KG.Role}> <{KG.Certification}> <{KG.Skill}> }} ?n a ?c }}"
    )
    iris = sorted(str(row["n"]) for row in rows.dicts())[::40]
    for number in range(3):
        hold(frameworks, filled(name, iris, [f"{kg.__name__}:none", *iris[:1]], number))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_whole_graph_is_that_of_the_query(frameworks: OxigraphStore, lang: str) -> None:
    assert frameworks.snapshot is not None
    same(whole_graph(frameworks.snapshot, lang=lang), read_graph(frameworks.construct(load_query("graph")), lang=lang))
    with kg.open(frameworks.folder) as g:
        assert [*whole_network(g)] == [*g.slice("graph").to_networkx()]


def test_the_table_of_claims_is_that_of_the_query(frameworks: OxigraphStore) -> None:
    def rows(table: ClaimTable) -> list[tuple[str, ...]]:
        names = (("nodes", "subject"), ("relations", "relation"), ("nodes", "object"), ("sources", "source"))
        columns = [[getattr(table, name)[at] for at in getattr(table, column)] for name, column in names]
        for column in ("essential", "importance", "importance_scale", "level", "level_scale"):
            columns.append([*map(repr, getattr(table, column).tolist())])
        return [*zip(*columns, strict=True)]

    memory = OxigraphStore()
    memory.add(frameworks.quads())
    assert frameworks.snapshot is not None
    found, wanted = ClaimTable._of_snapshot(frameworks.snapshot), ClaimTable.of(memory)
    assert (found.nodes, found.scales) == (wanted.nodes, wanted.scales)
    assert set(rows(found)) == set(rows(wanted))


# --- when it is there, and when not ---------------------------------------------------------------------------------


def test_a_folder_of_an_earlier_version_gets_its_columns_when_they_are_needed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = OxigraphStore(tmp_path / "store")
    store.add(kg.open().store.quads())  # as an update leaves it, and a version without columns
    assert not (tmp_path / "store" / "generation-000001" / FOLDER).exists()
    with caplog.at_level(logging.WARNING):
        ClaimTable.of(store)
    assert "they are made anew" in caplog.text
    made = store.made_snapshot()
    assert made is not None
    assert set(made.quads()) == set(store._engine)
    store.load(chunks([Quad(NamedNode(f"{EX}s"), NamedNode(f"{EX}p"), NamedNode(f"{EX}o"))]))
    assert store.snapshot is not None
    assert set(store.snapshot.quads()) == set(store._engine)
    assert store.snapshot.size == len(store)
    store.update(f"DELETE DATA {{ <{EX}s> <{EX}p> <{EX}o> }}")
    assert not (tmp_path / "store" / "generation-000003" / FOLDER).exists()
    store.close()


def test_no_flipped_bit_changes_an_answer(tmp_path: Path) -> None:
    shipped = kg.open()
    store = loaded(tmp_path / "store", shipped.store.quads())
    query = bind(load_query("show"), node=[shipped.resolve("AI Engineer").iri])
    wanted, quads_there = set(store.construct(query)), set(store._engine)
    assert store.generation is not None
    folder = store.generation / FOLDER
    store.close()
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        for at in (0, 9, len(whole) // 2, len(whole) - 1):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
            store = OxigraphStore(tmp_path / "store")
            assert set(construct(store, query)) == wanted
            part = ScopedStore(store, [f"{EX}none"])
            assert construct(part, query) == ()
            assert set(store.quads()) == quads_there
            store.close()
        path.write_bytes(whole)


def test_what_is_cut_off_is_made_anew(tmp_path: Path) -> None:
    store = loaded(tmp_path / "store", kg.open().store.quads())
    assert store.generation is not None
    (store.generation / FOLDER / "terms.npy").write_bytes(b"")
    store.close()
    store = OxigraphStore(tmp_path / "store")
    assert store.snapshot is None
    made = store.made_snapshot()
    assert made is not None
    assert set(made.quads()) == set(store._engine)
    store.close()


def test_derived_claims_stand_in_a_snapshot_of_their_own(tmp_path: Path) -> None:
    load([kg.data_path("career-kg.trig")], into=tmp_path / "store")
    with kg.open(tmp_path / "store") as g:
        kg.infer(g)
    store, inferred = (OxigraphStore(tmp_path / "store", inferred=flag) for flag in (False, True))
    assert store.generation is not None
    assert inferred.generation == inferred_of(store.generation)
    for each in (store, inferred):
        assert each.snapshot is not None
        assert set(each.snapshot.quads()) == set(each._engine)
        each.close()


def test_a_reader_keeps_its_snapshot_whatever_is_written(tmp_path: Path) -> None:
    before = [Quad(NamedNode(f"{EX}s{at}"), NamedNode(f"{EX}p"), Literal(at)) for at in range(50)]
    reader = loaded(tmp_path / "store", before)
    assert reader.snapshot is not None
    writer = OxigraphStore(tmp_path / "store")
    for at in range(3):
        writer.load(chunks([Quad(NamedNode(f"{EX}t{at}"), NamedNode(f"{EX}p"), Literal(at))]))
    assert set(reader.snapshot.quads()) == set(before)
    assert reader.generation is not None
    assert {path.name for path in (reader.generation / FOLDER).iterdir()} == {f"{name}.npy" for name in COLUMNS} | {
        "manifest"
    }
    writer.close()
    reader.close()


def test_nothing_becomes_a_snapshot(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    SnapshotWriter().finish(tmp_path / "made")
    assert [*Snapshot(tmp_path / "made").quads()] == []


def test_a_cold_question_about_two_roles_imports_no_numpy(tmp_path: Path) -> None:
    load([kg.data_path("career-kg.trig")], into=tmp_path / "store")
    asked = f"import kg, sys; g = kg.open({str(tmp_path / 'store')!r}, as_of='2026-11-22'); kg.gap(g, 'AI Engineer'); "
    subprocess.run([sys.executable, "-c", f"{asked}sys.exit('numpy' in sys.modules)"], check=True)


def test_the_first_question_after_a_load_finds_everything_made(tmp_path: Path) -> None:
    load([kg.data_path("career-kg.trig")], into=tmp_path / "store")
    store = OxigraphStore(tmp_path / "store")
    assert store.generation is not None
    made = {path.name.partition("-")[0] for path in (store.generation / "derived").iterdir()}
    assert made == {"claims", "names", "words"}
    store.close()
