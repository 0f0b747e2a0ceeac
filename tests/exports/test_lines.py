"""Lines of N-Quads: the terms are those of the quad, and the order is that of the texts, whatever stands in them."""

from __future__ import annotations

from typing import IO, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from kg.exports import partitions
from kg.exports.partitions import parts
from kg.model.errors import BadInput
from kg.model.lines import lines_of, quads_in_order, terms_of, triples_in_order
from kg.model.terms import RDF
from kg.stores.memory import MemoryStore
from kg.stores.oxigraph import OxigraphStore

#: IRIs of which one begins another, with signs that sort before the bracket that ends an IRI.
NODES = [NamedNode(f"https://example.org/{name}") for name in ("a", "a-", "a.b", "a=", "a_", "a/c", "é", "\U0001f600")]
iris = st.sampled_from([*NODES, NamedNode(RDF.type)])
things = st.one_of(iris, st.sampled_from([BlankNode("a"), BlankNode("ab")]))
texts = st.one_of(
    st.sampled_from(["", '" <a> .', "a b", '"', "\\", "\\u0041", "\x00", "\n\r\t\x85\u2028", '"@en <g> .\n']),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
literals = st.one_of(
    texts.map(Literal),
    st.builds(lambda text: Literal(text, language="en"), texts),
    st.builds(lambda text, datatype: Literal(text, datatype=datatype), texts, iris),
)
graphs = st.one_of(things, st.just(DefaultGraph()))
quads = st.lists(st.builds(Quad, things, iris, things | literals, graphs), max_size=30)


@given(quads)
def test_the_terms_of_a_line_are_those_of_its_quad(said: list[Quad]) -> None:
    expected = {
        (str(q.subject), str(q.predicate), str(q.object), "" if q.graph_name == DefaultGraph() else str(q.graph_name))
        for q in said
    }
    assert {tuple(term.decode() for term in terms_of(line)) for line in lines_of(said)} == expected


@given(quads)
def test_lines_stand_in_the_order_of_their_terms(said: list[Quad]) -> None:
    def key(quad: Quad) -> tuple[str, ...]:
        predicate = quad.predicate.value
        named = (str(quad.subject), "" if predicate == RDF.type else predicate, str(quad.object))
        return (str(quad.graph_name), *named)

    ordered = sorted(set(said), key=key)
    assert quads_in_order(lines_of(said)) == [f"{quad} .\n".encode() for quad in ordered]
    triples = sorted({Quad(q.subject, q.predicate, q.object) for q in said}, key=key)
    rows = map(terms_of, lines_of(said))
    assert triples_in_order(rows) == [f"{quad} .\n".encode() for quad in triples]


@pytest.mark.parametrize("most", [3, 1_000])
def test_every_store_deals_out_the_same_lines(most: int) -> None:
    said = [Quad(s, p, Literal(f"{i} \n"), NODES[0]) for i, s in enumerate(NODES) for p in NODES[:3]]
    dealt = []
    for store in (OxigraphStore(), MemoryStore()):
        store.add(said)
        with parts(store, most=most) as found:
            dealt.append([part.lines for part in found])
    assert dealt[0] == dealt[1]
    assert sorted(line for lines in dealt[0] for line in lines) == sorted(lines_of(said))


def test_lines_longer_than_what_is_dealt_at_once_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "_AT_ONCE", 100)
    store = OxigraphStore()
    store.add([Quad(node, NODES[0], Literal("x" * size)) for node in NODES for size in (1, 99, 20_000)])
    with parts(store, most=10) as found:
        assert {line for part in found for line in part.lines} == {*lines_of(store.quads())}


@pytest.mark.parametrize("limit", [1, 1 << 20])
def test_a_full_disk_for_parts_is_said_as_such(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def write(self, data: bytes) -> int:
            raise OSError(28, "No space left on device")

    def full(self: Any) -> list[IO[bytes]]:
        return [Full()]  # type: ignore[list-item]  # as much of a file as is used before it fails

    monkeypatch.setattr(partitions, "_AT_ONCE", limit)
    store = OxigraphStore()
    store.add([Quad(NODES[0], NODES[0], NODES[0])])
    monkeypatch.setattr(partitions._Dealer, "files", property(full, lambda self, files: None), raising=False)
    with (
        pytest.raises(BadInput, match=r"sorted and put together goes to .* cannot be written: No space left on device"),
        parts(store),
    ):
        pass
