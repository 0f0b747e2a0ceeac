"""The default graph is a set, on every store of ours: what two graphs state counts once, and stands in both."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

import kg
from kg.handles.loading import load
from kg.model.values import plain
from kg.stores import default_graph
from kg.stores.combined import combine
from kg.stores.oxigraph import OxigraphStore
from tests.rights import without_privileges

EX = "https://example.org/"
GRAPHS: tuple[NamedNode | DefaultGraph, ...] = (DefaultGraph(), *(NamedNode(f"{EX}g{at}") for at in range(3)))
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
IN_GRAPHS = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
SUM = "SELECT (SUM(?o) AS ?n) { ?s ?p ?o }"

quads = st.builds(
    lambda s, o, g: Quad(NamedNode(f"{EX}s{s}"), NamedNode(f"{EX}p"), Literal(o), g),
    st.integers(0, 2),
    st.integers(0, 2),
    st.sampled_from(GRAPHS),
)


def number(store: OxigraphStore, query: str) -> object:
    (row,) = store.select(query).dicts()
    return row["n"]


def hold(store: OxigraphStore, given_quads: set[Quad]) -> None:
    """See that a store holds these quads, and counts their triples as a set."""
    triples = {quad.triple for quad in given_quads}
    assert number(store, COUNT) == len(triples)
    assert number(store, IN_GRAPHS) == len([quad for quad in given_quads if quad.graph_name != DefaultGraph()])
    assert number(store, SUM) == sum(int(str(plain(triple.object))) for triple in triples)
    assert set(store.quads()) == given_quads
    assert len(store) == len(given_quads) == len([*store.quads()])
    assert set(OxigraphStore.copy(store.dump()).quads()) == given_quads


@given(st.sets(quads, max_size=12), st.sets(quads, max_size=4), st.sampled_from([1, 200_000]))
def test_a_store_in_memory_counts_a_triple_once_before_and_after_more_is_added(
    first: set[Quad], second: set[Quad], small: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(default_graph, "_SMALL", small)
        store = OxigraphStore()
        store.add(first)
        hold(store, first)
        store.add(second)
        hold(store, first | second)


@settings(max_examples=8, deadline=None)
@given(st.sets(quads, max_size=12), st.sampled_from([1, 200_000]))
def test_a_folder_counts_a_triple_once_and_keeps_what_that_takes(
    tmp_path_factory: pytest.TempPathFactory, given_quads: set[Quad], small: int
) -> None:
    folder = tmp_path_factory.mktemp("made") / "store"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(default_graph, "_SMALL", small)
        for _ in range(2):  # made, then found
            store = OxigraphStore(folder)
            store.add(given_quads)
            hold(store, given_quads)
            store.close()
            store = OxigraphStore(folder)
            hold(store, given_quads)
            assert store.generation is None or (store.generation / "default-1" / "graphs").is_file()
            store.close()


TWICE = [Quad(NamedNode(f"{EX}s"), NamedNode(f"{EX}p"), NamedNode(f"{EX}o"), graph) for graph in GRAPHS]


def test_a_folder_that_cannot_be_written_counts_a_triple_once(tmp_path: Path) -> None:
    store = OxigraphStore(tmp_path / "store")
    store.add(TWICE)
    assert store.generation is not None
    store.generation.chmod(0o500)
    with without_privileges():
        assert number(store, COUNT) == 1
    store.generation.chmod(0o700)
    assert not (store.generation / "default-1").exists()
    store.close()


def test_a_folder_read_with_another_place_counts_a_triple_once(tmp_path: Path) -> None:
    folder, beside = OxigraphStore(tmp_path / "store"), OxigraphStore()
    folder.add(TWICE[:2])
    beside.add(TWICE[2:])
    both = combine([(folder, ""), (beside, "")])
    assert both.select(COUNT).rows == ((Literal(1),),)
    assert len(both) == len(TWICE)
    for store in (both, folder):
        store.close()


def test_requirements_that_two_sources_state_counted_twice() -> None:
    g = kg.open()
    counted, told = (
        kg.sparql(g, f"SELECT (COUNT({what}) AS ?n) {{ ?role kg:requires ?item }}").rows()[0]["n"]
        for what in ("*", "DISTINCT CONCAT(STR(?role), ' ', STR(?item))")
    )
    assert counted == told


def test_the_first_question_after_a_load_finds_the_default_graph_made(tmp_path: Path) -> None:
    load([kg.data_path("career-kg.trig")], into=tmp_path / "store")
    store = OxigraphStore(tmp_path / "store")
    assert store.generation is not None
    assert (store.generation / "default-1" / "store").is_dir()
    store.close()


def test_a_query_that_cannot_tell_has_nothing_written(tmp_path: Path) -> None:
    store = OxigraphStore(tmp_path / "store")
    store.add(TWICE)
    assert store.ask("ASK { ?s ?p ?o }")
    assert len(store.select("SELECT DISTINCT ?s { ?s ?p ?o }").rows) == 1
    assert store.generation is not None
    assert not (store.generation / "default-1").exists()
    store.close()


def test_no_flipped_bit_in_the_names_of_the_graphs_changes_a_count(tmp_path: Path) -> None:
    load([kg.data_path("career-kg.trig")], into=tmp_path / "store")
    generation = OxigraphStore(tmp_path / "store").generation
    assert generation is not None
    kept = generation / "default-1" / "graphs"
    whole = kept.read_bytes()
    for at in range(len(whole)):
        kept.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        store = OxigraphStore(tmp_path / "store")
        assert number(store, COUNT) == number(
            store, "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"
        )
        store.close()
        assert kept.read_bytes() == whole
