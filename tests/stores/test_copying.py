"""An rdflib dataset asked through its copy: no change is missed, terms are spelt as they were, rdflib is left alone."""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Callable
from datetime import date
from threading import Thread
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import BNode, Dataset, Graph, Literal, URIRef, Variable
from rdflib.events import Dispatcher
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins import sparql as rdflib_sparql
from rdflib.plugins.stores.memory import Memory
from rdflib.store import StoreCreatedEvent
from rdflib.term import Node

import kg
from kg.model.errors import BrokenIri, QueryError, QueryStopped
from kg.model.terms import XSD
from kg.stores.copying import copy_of
from kg.stores.memory import MemoryStore
from tests.engine.test_worker import ENDLESS

A, B, P, G, H = (URIRef(f"https://example.org/{name}") for name in "abpgh")
ALL = "SELECT ?s ?p ?o ?g { { GRAPH ?g { ?s ?p ?o } } UNION { ?s ?p ?o } }"


def filled() -> Dataset:
    """A dataset with one triple in the default graph, one in G, and one in both G and H."""
    ds = Dataset()
    ds.add((A, P, Literal("default")))
    ds.graph(G).add((A, P, Literal("one")))
    for name in (G, H):
        ds.graph(name).add((A, P, B))
    return ds


def held(ds: Dataset) -> set[tuple[str | None, ...]]:
    """Return what rdflib itself says the dataset holds, as `ALL` asks for it."""
    triples: set[tuple[str | None, ...]] = set()
    for s, p, o, g in Dataset(store=ds.store, default_union=True).quads():
        triples |= {
            (str(s), str(p), str(o), None),
            (str(s), str(p), str(o), None if g in (None, DATASET_DEFAULT_GRAPH_ID) else str(g)),
        }
    return triples


def told(store: MemoryStore) -> set[tuple[str | None, ...]]:
    return {
        tuple(None if cell is None else getattr(cell, "value", None) for cell in row) for row in store.select(ALL).rows
    }


class Silent(Memory):
    """Another kind of store, which tells nobody what is added."""

    def add(self, triple: Any, context: Any, quoted: bool = False) -> None:  # as rdflib has it
        self.dispatcher, dispatcher = Dispatcher(), self.dispatcher
        super().add(triple, context, quoted)
        self.dispatcher = dispatcher


def _formats(ds: Dataset) -> None:
    ds.parse(data=f"<{A}> <{P}> <{H}> <{H}> .", format="nquads")


CHANGES: dict[str, Callable[[Dataset], object]] = {
    "add": lambda ds: ds.add((B, P, A)),
    "add to a graph": lambda ds: ds.graph(G).add((B, P, A)),
    "add what stands in another graph": lambda ds: ds.graph(H).add((A, P, Literal("one"))),
    "addN": lambda ds: ds.addN([(B, P, A, ds.graph(H))]),
    "a Graph over the store": lambda ds: Graph(ds.store, H).add((B, P, A)),
    "the store's own add": lambda ds: ds.store.add((B, P, A), ds.graph(H)),
    "the store's own addN": lambda ds: ds.store.addN([(B, P, A, ds.graph(H))]),
    "+=": lambda ds: ds.graph(H).__iadd__([(B, P, A)]),
    "set": lambda ds: ds.graph(G).set((A, P, A)),
    "parse": lambda ds: ds.graph(H).parse(data=f"<{B}> <{P}> 7 .", format="turtle"),
    "parse quads": _formats,
    "remove": lambda ds: ds.remove((A, P, B)),
    "remove from one graph of two": lambda ds: ds.graph(H).remove((A, P, B)),
    "remove from the default graph": lambda ds: ds.graph(DATASET_DEFAULT_GRAPH_ID).remove((None, None, None)),
    "the store's own remove": lambda ds: ds.store.remove((A, P, B), ds.graph(G)),
    "-=": lambda ds: ds.graph(G).__isub__([(A, P, B)]),
    "remove_graph": lambda ds: ds.remove_graph(H),
    "the store's own remove_graph": lambda ds: ds.store.remove_graph(ds.graph(G)),
    "INSERT": lambda ds: ds.update(f"INSERT DATA {{ GRAPH <{H}> {{ <{B}> <{P}> 1 }} }}"),
    "DELETE": lambda ds: ds.update(f"DELETE WHERE {{ GRAPH <{G}> {{ <{A}> <{P}> <{B}> }} }}"),
    "DROP": lambda ds: ds.update(f"DROP GRAPH <{G}>"),
    "as many removed as added": lambda ds: (ds.graph(G).remove((A, P, B)), ds.graph(G).add((B, P, A))),
    "moved to another graph": lambda ds: (
        ds.graph(G).remove((A, P, Literal("one"))),
        ds.graph(H).add((A, P, Literal("one"))),
    ),
}


@pytest.mark.parametrize("way", CHANGES)
@pytest.mark.parametrize("kind", [Memory, Silent])
def test_no_change_of_the_dataset_is_missed(way: str, kind: type[Memory]) -> None:
    ds = Dataset(store=kind())
    for s, p, o, name in filled().quads((None, None, None, None)):
        ds.graph(DATASET_DEFAULT_GRAPH_ID if name is None else name).add((s, p, o))
    store = MemoryStore(ds)
    before = told(store)
    assert before == held(ds)
    CHANGES[way](ds)
    assert told(store) == held(ds) != before
    CHANGES["as many removed as added"](ds)
    assert told(store) == held(ds)


def test_the_copy_is_kept_while_nothing_changes() -> None:
    ds = filled()
    first = copy_of(ds)
    MemoryStore(ds).select(ALL)
    list(ds.quads())
    ds.bind("x", "https://example.org/")
    assert copy_of(ds) is first, "made anew although nothing changed"
    ds.add((B, P, B))
    assert copy_of(ds) is not first


def test_a_change_is_seen_when_somebody_unsubscribes_the_counter() -> None:
    ds = filled()
    store = MemoryStore(ds)
    store.select(ALL)
    ds.store.dispatcher.set_map({})
    ds.store.dispatcher.subscribe(StoreCreatedEvent, print)  # type: ignore[no-untyped-call]  # rdflib has no types there
    ds.store.dispatcher.set_map(None)  # type: ignore[arg-type]  # as it is before anybody subscribes
    ds.add((B, P, A))
    ds.remove((A, P, Literal("one")))
    assert told(store) == held(ds)


def test_a_dataset_that_was_asked_can_be_pickled_and_copied() -> None:
    ds = filled()
    MemoryStore(ds).select(ALL)
    for again in (copy.deepcopy(ds), pickle.loads(pickle.dumps(ds))):  # what was pickled a moment ago
        again.add((B, P, A))
        assert told(MemoryStore(again)) == held(again) != held(ds)


def test_two_handles_share_a_copy_and_see_the_same() -> None:
    ds = filled()
    one, other = MemoryStore(ds), MemoryStore(ds)
    assert one.copied() is other.copied()
    one.add([ox.Quad(ox.NamedNode(B), ox.NamedNode(P), ox.Literal("new"))])
    assert told(one) == told(other) == held(ds)


def test_threads_that_ask_while_one_adds_see_no_more_than_there_is() -> None:
    ds = filled()
    store = MemoryStore(ds)
    counts: list[int] = []

    def ask() -> None:
        for _ in range(20):
            counts.append(len(store.select("SELECT * { ?s ?p ?o }").rows))

    threads = [Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(counts) == {3}


# --- what is asked of -------------------------------------------------------------------------------------------------


def test_a_triple_in_two_graphs_counts_once() -> None:
    store = MemoryStore(filled())
    count = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
    both = f"FROM <{G}> FROM <{H}>"
    for clause, wanted in (("", 3), (both, 2), (f"FROM <{H}>", 1), (f"{both} FROM NAMED <{G}>", 2)):
        ((found,),) = store.select(count.format(clause)).rows
        assert found == ox.Literal(wanted), clause
    ((named,),) = store.select(f"SELECT (COUNT(*) AS ?n) {both} FROM NAMED <{H}> {{ GRAPH ?g {{ ?s ?p ?o }} }}").rows
    assert named == ox.Literal(1)
    assert kg.sparql(kg.KnowledgeGraph(store, as_of=date(2026, 11, 22)), count.format(both)).rows() == ({"n": 2},)


@pytest.mark.parametrize("timeout", [30.0, 0.0], ids=["in a worker", "here"])
def test_terms_are_spelt_as_in_the_dataset(timeout: float) -> None:
    ds = Dataset()
    spelt = [("1.50", XSD.decimal), ("3", f"{XSD.integer[:-7]}byte"), ("01", XSD.integer), ("1", XSD.boolean)]
    for i, (text, datatype) in enumerate(spelt):
        ds.add((A, URIRef(f"{P}{i}"), Literal(text, datatype=URIRef(datatype), normalize=False)))
    g = kg.open(ds, as_of="2026-11-22")
    found = kg.sparql(g, "SELECT ?o { ?s ?p ?o } ORDER BY ?p", timeout=timeout)
    wanted = [ox.Literal(text, datatype=ox.NamedNode(datatype)) for text, datatype in spelt]
    assert (
        [row[0] for row in found.table.rows]
        == wanted
        == [row[0] for row in g.store.select("SELECT ?o { ?s ?p ?o } ORDER BY ?p").rows]
    )
    assert "are spelt" in found.remarks[0]
    assert {triple.object for triple in kg.sparql(g, f"DESCRIBE <{A}>", timeout=timeout).triples} == set(wanted)
    # What the query computes is not the dataset's, be it of the same value.
    ((one,),) = kg.sparql(g, f"SELECT (COUNT(*) AS ?n) {{ ?s <{P}0> ?o }}", timeout=timeout).table.rows
    assert one == ox.Literal(1)


def test_nothing_is_said_of_spelling_where_it_is_the_engines_own() -> None:
    ds = filled()
    ds.add((A, P, Literal(3)))
    assert kg.sparql(kg.open(ds, as_of="2026-11-22"), ALL).remarks == ()


@pytest.mark.parametrize("timeout", [30.0, 0.0], ids=["in a worker", "here"])
def test_blank_nodes_are_those_of_the_dataset(timeout: float) -> None:
    ds = Dataset()
    nodes = [BNode(), BNode("x"), BNode("00ab"), BNode("12")]
    for node in nodes:
        ds.graph(G).add((node, P, node))
    found = kg.sparql(kg.open(ds, as_of="2026-11-22"), f"SELECT ?s {{ GRAPH <{G}> {{ ?s ?p ?o }} }}", timeout=timeout)
    assert {str(row[0]) for row in found.table.rows} == {f"_:{node}" for node in nodes}


def test_a_broken_iri_is_told_only_where_it_is_in_the_answer() -> None:
    ds = filled()
    for broken in ("no scheme", 'https://example.org/a b>"{}\\', ""):
        ds.add((A, B, URIRef(broken)))
    store = MemoryStore(ds)
    assert len(store.select(f"SELECT ?o {{ ?s <{P}> ?o }}").rows) == 3
    assert store.ask(f"ASK {{ <{A}> <{B}> ?o FILTER(STR(?o) = 'no scheme') }}")
    with pytest.raises(BrokenIri):
        store.select(f"SELECT ?o {{ ?s <{B}> ?o }}")


@pytest.mark.parametrize(
    "triple", [(Literal("x"), P, A), (A, BNode(), A), (A, P, Variable("x"))], ids=["subject", "predicate", "object"]
)
def test_what_rdf_has_not_is_refused_by_name(triple: tuple[Node, Node, Node]) -> None:
    ds = filled()
    ds.add(triple)
    with pytest.raises(QueryError, match=r"RDF 1\.1"):
        MemoryStore(ds).ask("ASK {}")


# --- rdflib is left alone ---------------------------------------------------------------------------------------------


def test_no_flag_of_rdflib_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    class Watched(type(rdflib_sparql)):  # type: ignore[misc]  # the type of a module
        def __setattr__(self, name: str, value: object) -> None:
            assert name == "__class__", f"{name} was set to {value}"
            super().__setattr__(name, value)

    monkeypatch.setattr(rdflib_sparql, "__class__", Watched)
    MemoryStore(filled()).select(f"SELECT * FROM <{G}> FROM <{H}> {{ ?s ?p ?o }}")
    with pytest.raises(AssertionError, match="was set"):
        rdflib_sparql.SPARQL_LOAD_GRAPHS = True


def test_an_endless_query_on_a_dataset_is_ended_too() -> None:
    g = kg.open(filled(), as_of="2026-11-22")
    for i in range(900):
        kg.dataset(g).add((A, P, Literal(i)))
    with pytest.raises(QueryStopped, match=r"limit of 0\.5 seconds"):
        kg.sparql(g, ENDLESS, timeout=0.5)
    assert kg.sparql(g, "ASK { ?s ?p 899 }").truth is True


def test_a_dataset_written_and_read_again_answers_the_same() -> None:
    ds, again = filled(), Dataset()
    again.parse(io.BytesIO(ds.serialize(format="nquads", encoding="utf-8")), format="nquads")
    assert told(MemoryStore(again)) == told(MemoryStore(ds))
