"""Parquet tables and N-Quads in shards: nothing lost, the same bytes, whatever the order and the number of parts."""

from __future__ import annotations

import gzip
import json
import sys
from hashlib import sha256
from math import ceil
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

import kg
from kg.exports.parquet import write_parquet
from kg.exports.partitions import parts
from kg.exports.shards import write_shards
from kg.handles.handle import KnowledgeGraph
from kg.handles.networks import whole_network
from kg.model.errors import BadInput, MissingExtra
from kg.model.statements import CLAIM_CLASSES
from kg.model.terms import KG, RDF
from kg.sources.columns import TABLES
from kg.stores.oxigraph import OxigraphStore
from tests.rights import without_privileges

if TYPE_CHECKING:
    from tests.conftest import Run

N = "https://example.org/"
A, B, C = (NamedNode(N + name) for name in "abc")


def handle(quads: list[Quad]) -> KnowledgeGraph:
    store = OxigraphStore()
    store.add(quads)
    return kg.KnowledgeGraph(store, as_of=kg.open(as_of="2026-11-22").as_of)


def read(folder: Path, table: str) -> list[dict[str, Any]]:
    return list(duckdb.read_parquet(str(folder / f"{table}.parquet")).to_arrow_table().to_pylist())


def read_shards(folder: Path) -> list[Quad]:
    manifest = json.loads((folder / "manifest.json").read_text())
    found: list[Quad] = []
    for file in manifest["files"]:
        data = (folder / file["name"]).read_bytes()
        assert (sha256(data).hexdigest(), len(data)) == (file["sha256"], file["bytes"])
        quads = list(parse(gzip.decompress(data), format=RdfFormat.N_QUADS))
        assert len(quads) == file["quads"]
        found += quads
    assert len(found) == manifest["quads"]
    return found


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_shards_hold_every_quad_and_all_of_a_subject_in_one(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    done = write_shards(shipped, tmp_path / "shards", most=5_000)
    assert len(done.files) == ceil(done.quads / 5_000)
    assert set(read_shards(tmp_path / "shards")) == set(shipped.store.quads())
    where: dict[str, set[str]] = {}
    for name in done.files:
        for line in gzip.decompress((tmp_path / "shards" / name).read_bytes()).splitlines():
            where.setdefault(line.split()[0].decode(), set()).add(name)
    assert all(len(names) == 1 for names in where.values())


@pytest.mark.parametrize("write", [write_shards, write_parquet])
def test_the_same_quads_give_the_same_bytes(shipped: KnowledgeGraph, tmp_path: Path, write: Any) -> None:
    quads = sorted(shipped.store.quads(), key=str)[:4_000]
    for i in range(2):
        Random(i).shuffle(quads)
        write(handle(quads), tmp_path / str(i), most=1_500)
    assert content(tmp_path / "0") == content(tmp_path / "1")


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
literals = st.one_of(
    texts.map(Literal), texts.map(lambda text: Literal(text, language="ar")), st.integers(-9, 9).map(Literal)
)
quads = st.builds(
    Quad,
    st.sampled_from([A, B, C]),
    st.sampled_from([A, B]),
    literals | st.sampled_from([A, B]),
    st.sampled_from([A, B, DefaultGraph()]),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(quads, max_size=30), st.integers(1, 8))
def test_whatever_is_said_comes_back_from_shards(tmp_path: Path, said: list[Quad], most: int) -> None:
    write_shards(handle(said), tmp_path / "shards", most=most)
    assert set(read_shards(tmp_path / "shards")) == set(said)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(quads, max_size=30))
def test_whatever_is_said_comes_back_from_properties(tmp_path: Path, said: list[Quad]) -> None:
    write_parquet(handle(said), tmp_path / "tables")
    found = {
        Quad(
            NamedNode(row["subject"]),
            NamedNode(row["property"]),
            NamedNode(row["value"])
            if row["datatype"] is None
            else Literal(row["value"], language=row["language"])
            if row["language"]
            else Literal(row["value"], datatype=NamedNode(row["datatype"])),
            NamedNode(row["source"]) if row["source"] else DefaultGraph(),
        )
        for row in read(tmp_path / "tables", "properties")
    }
    assert found == set(said)


def test_tables_have_the_columns_that_are_described(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    done = write_parquet(shipped, tmp_path / "tables", most=5_000)
    manifest = json.loads((tmp_path / "tables" / "manifest.json").read_text())
    for table, columns in TABLES.items():
        rows = read(tmp_path / "tables", table)
        assert [*rows[0]] == [*columns] == [*manifest["columns"][table]]
        assert len(rows) == done.files[f"{table}.parquet"] > 1_000
        unused = {name for name in columns if all(row[name] in (None, []) for row in rows)}
        assert unused <= {"importance", "importance_scale", "level", "level_scale", "valid_from", "valid_through"}


def test_claims_and_edges_are_those_of_the_graph(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    write_parquet(shipped, tmp_path / "tables", most=5_000)
    claims = {row["claim"]: row for row in read(tmp_path / "tables", "claims")}
    graph = whole_network(shipped)
    assert claims.keys() == {key for _, _, key in graph.edges(keys=True)}
    for subject, target, key, data in graph.edges(keys=True, data=True):
        row = claims[key]
        assert (row["subject"], row["object"], row["relation"]) == (subject, target, data["relation"])
        names = ("source", "essential", "locator", "facet", "wording", "basis", "confidence", "statement")
        assert [row[name] for name in names] == [data.get(name) for name in names], key
        assert tuple(row["derived_from"]) == tuple(data.get("derived_from", ()))
    edges = {(row["subject"], row["relation"], row["object"]): row for row in read(tmp_path / "tables", "edges")}
    assert edges.keys() == {(row["subject"], row["relation"], row["object"]) for row in claims.values()}
    for edge, row in edges.items():
        said = [c for c in claims.values() if (c["subject"], c["relation"], c["object"]) == edge]
        assert row["sources"] == sorted({claim["source"] for claim in said})
        drawn = [claim["essential"] for claim in said if claim["essential"] is not None]
        assert row["essential"] == (any(drawn) if drawn else None)


def test_nodes_are_those_of_the_graph(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    write_parquet(shipped, tmp_path / "tables")
    graph = whole_network(shipped)
    for row in read(tmp_path / "tables", "nodes"):
        data = graph.nodes[row["iri"]]
        assert row["kind"] == data["kind"]
        assert row["label"] in (data["label"], None)
        assert tuple(row["aliases"]) == data["aliases"]
    named = {iri for iri, data in graph.nodes.items() if "kind" in data and data["kind"] != "attribute"}
    assert named <= {row["iri"] for row in read(tmp_path / "tables", "nodes")}


def test_what_a_claim_says_that_no_column_holds_is_a_property(tmp_path: Path) -> None:
    claim, source = NamedNode(N + "claim"), NamedNode(N + "source")
    said: dict[str, NamedNode | Literal] = {
        RDF.type: NamedNode(KG.Requirement),
        RDF.subject: A,
        RDF.predicate: NamedNode(KG.requires),
        RDF.object: B,
        "http://purl.org/dc/terms/source": source,
        KG.importance: Literal("much"),
        KG.essential: Literal(True),
        N + "more": Literal(3),
    }
    write_parquet(handle([Quad(claim, NamedNode(p), o, source) for p, o in said.items()]), tmp_path / "tables")
    (row,) = read(tmp_path / "tables", "claims")
    assert (row["essential"], row["importance"]) == (True, None)
    rest = {(row["property"], row["value"]) for row in read(tmp_path / "tables", "properties")}
    assert rest == {(KG.importance, "much"), (N + "more", "3")}
    del said[RDF.object]
    write_parquet(handle([Quad(claim, NamedNode(p), o, source) for p, o in said.items()]), tmp_path / "tables")
    assert read(tmp_path / "tables", "claims") == []
    assert len(read(tmp_path / "tables", "properties")) == len(said)


def test_every_relation_has_a_name_of_its_own() -> None:
    from kg.model.graphs import local_name

    assert len({local_name(iri) for iri in CLAIM_CLASSES}) == len(CLAIM_CLASSES)


def test_parts_hold_no_more_than_their_share() -> None:
    many = [Quad(NamedNode(f"{N}{i}"), A, B) for i in range(4_000)]
    with parts(handle(many).store, most=500) as dealt:
        sizes = [len(part.lines) for part in dealt]
    assert sum(sizes) == 4_000
    assert len(sizes) == 8
    assert max(sizes) < 700


# Where it is written


def test_an_export_replaces_an_export_and_nothing_else(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    place = tmp_path / "mine"
    write_shards(shipped, place, most=5_000)
    write_shards(shipped, place)
    assert sorted(path.name for path in place.iterdir()) == ["manifest.json", "part-000.nq.gz"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("dear")
    with pytest.raises(BadInput, match="holds something that is no export"):
        write_shards(shipped, tmp_path / "other")
    with pytest.raises(BadInput, match="holds something that is no export"):
        write_parquet(shipped, tmp_path / "other" / "letter.txt")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "other"]


def test_what_breaks_off_leaves_the_old_export(
    shipped: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_shards(shipped, tmp_path / "mine")
    before = content(tmp_path / "mine")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kg.exports.shards.write_manifest", full)
    with pytest.raises(BadInput, match=r"mine cannot be written: No space left on device"):
        write_shards(handle([Quad(A, A, A)]), tmp_path / "mine")
    assert content(tmp_path / "mine") == before
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_folder_that_may_not_be_written(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with without_privileges(), pytest.raises(BadInput, match="cannot be written: Permission denied"):
        write_shards(shipped, tmp_path / "mine")


def test_without_pyarrow(shipped: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"career-kg\[parquet\]"):
        write_parquet(shipped, tmp_path / "tables")


# The command


def test_the_command_writes_tables(run: Run, tmp_path: Path) -> None:
    ran = run("export", "--to", "parquet", "-o", tmp_path / "tables")
    assert ran.code == 0
    assert ran.out.strip() == str(tmp_path / "tables")
    assert "claims.parquet" in ran.err
    assert (tmp_path / "tables" / "manifest.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("--to", "parquet"), "Nothing says where to"), (("--to", "floppy", "-o", "x"), 'No format "floppy"')],
)
def test_the_command_says_what_is_missing(run: Run, arguments: tuple[str, ...], message: str) -> None:
    ran = run("export", *arguments)
    assert ran.code == 2
    assert message in ran.err
