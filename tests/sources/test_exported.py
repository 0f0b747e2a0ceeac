"""Folders that `kg export` wrote: opened, loaded, and refused where they are damaged."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

import kg
from kg.exports.datasets import export
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput
from kg.model.iris import mint
from kg.model.terms import KG
from kg.sources.exported import read_shards
from kg.stores.oxigraph import OxigraphStore

N = NamedNode("https://example.org/n")
FACTS = """
source: me
sources: [{id: me, title: Mine, kind: notes, read_in: notes, as_of: '2026', date: '2026', origin: source}]
skills: [{id: x, label: Xylophony, category: concept, definition: d}]
"""
FOLDERS = ("csv", "parquet", "shards")


@pytest.fixture
def part(shipped: KnowledgeGraph, tmp_path: Path) -> KnowledgeGraph:
    """What is said of one tool, as a dataset of its own."""
    return kg.open(export(shipped, "trig", tmp_path / "part.trig", about=["Docker"]).place, as_of="2026-11-22")


@pytest.mark.parametrize("form", FOLDERS)
def test_a_folder_is_opened_and_loaded(form: str, part: KnowledgeGraph, tmp_path: Path) -> None:
    place = export(part, form, tmp_path / form).place
    opened = kg.open(place, as_of="2026-11-22")
    assert set(opened.store.quads()) == set(part.store.quads())
    assert kg.show(opened, "Docker").rows() == kg.show(part, "Docker").rows()
    loaded = kg.load([place], into=tmp_path / "store")
    assert (loaded.added, loaded.total) == (len(part.store), len(part.store))
    assert [file.content for file in loaded.files] == ["exported folder"]
    assert loaded.not_read == ()


def test_a_folder_of_several_exports_is_read_as_one(part: KnowledgeGraph, tmp_path: Path) -> None:
    for form in FOLDERS:
        export(part, form, tmp_path / "all" / form)
    assert set(kg.open(tmp_path / "all").store.quads()) == set(part.store.quads())


@pytest.mark.parametrize("form", FOLDERS)
def test_what_stands_in_no_graph_gets_one_of_the_folder(form: str, tmp_path: Path) -> None:
    store = OxigraphStore()
    store.add([Quad(N, N, Literal("x"), DefaultGraph()), Quad(N, N, N, N)])
    place = export(KnowledgeGraph(store, as_of=kg.open(as_of="2026-11-22").as_of), form, tmp_path / "My Tables").place
    own = NamedNode(mint("source", "my-tables"))
    found = set(kg.open(place).store.quads())
    assert {Quad(N, N, Literal("x"), own), Quad(N, N, N, N)} <= found
    assert NamedNode(KG.SourceSays) in {quad.object for quad in found if quad.subject == own}


def test_a_cut_or_missing_shard_is_refused(part: KnowledgeGraph, tmp_path: Path) -> None:
    place = export(part, "shards", tmp_path / "shards").place
    file = place / "part-000.nq.gz"
    whole = file.read_bytes()
    file.write_bytes(whole[:-100])
    with pytest.raises(BadInput, match="is damaged: Compressed file ended"):
        kg.open(place)
    file.write_bytes(gzip.compress(b"".join(gzip.decompress(whole).splitlines(keepends=True)[:-1])))
    with pytest.raises(BadInput, match=r"part-000\.nq\.gz has [0-9,]+ quads, and should have [0-9,]+"):
        kg.load([place], into=tmp_path / "store")
    assert not (tmp_path / "store").exists()
    file.unlink()
    with pytest.raises(BadInput, match=r"part-000\.nq\.gz is missing"):
        kg.open(place)
    with pytest.raises(BadInput, match="holds no shards of kg"):
        [*read_shards(tmp_path)]


def test_a_manifest_leads_to_no_file_elsewhere(part: KnowledgeGraph, tmp_path: Path) -> None:
    place = export(part, "shards", tmp_path / "shards").place
    (place / "part-000.nq.gz").rename(tmp_path / "part-000.nq.gz")
    manifest = json.loads((place / "manifest.json").read_text())
    manifest["files"][0]["name"] = "../part-000.nq.gz"
    (place / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BadInput, match=r"part-000\.nq\.gz is missing"):
        kg.open(place)


def test_a_shard_that_unpacks_without_end_is_refused(
    part: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = export(part, "shards", tmp_path / "shards").place
    monkeypatch.setattr("kg.sources.exported.MAX_MEMBER_BYTES", 10_000)
    with pytest.raises(BadInput, match="unpacks to more than 10,000 bytes"):
        kg.open(place)


def test_tables_that_were_cut_are_refused(part: KnowledgeGraph, tmp_path: Path) -> None:
    for form, name in (("csv", "claims.csv"), ("parquet", "claims.parquet")):
        place = export(part, form, tmp_path / form).place
        (place / name).write_bytes((place / name).read_bytes()[:-40])
        with pytest.raises(BadInput, match="is damaged"):
            kg.open(place)
        (place / name).unlink()
        with pytest.raises(BadInput, match="is damaged"):
            kg.load([place], into=tmp_path / "store")


def test_a_manifest_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"format": ["CSV"]}')
    (tmp_path / "facts.yaml").write_text(FACTS)
    assert kg.open(tmp_path).resolve("Xylophony").kind == "skill"
    (tmp_path / "manifest.json").write_text("[" * 100_000)
    assert kg.open(tmp_path).resolve("Xylophony").kind == "skill"


def test_a_table_that_was_cut_short_at_the_end_of_a_row_is_refused(part: KnowledgeGraph, tmp_path: Path) -> None:
    place = export(part, "csv", tmp_path / "tables").place
    table = place / "claims.csv"
    whole = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(whole[: len(whole) // 2]), encoding="utf-8")
    with pytest.raises(BadInput, match=r"the table claims has [\d,]+ rows, and should have"):
        kg.open(place)
    table.write_text(whole[0], encoding="utf-8")
    with pytest.raises(BadInput, match="the table claims has 0 rows, and should have"):
        kg.load([place], into=tmp_path / "store")


def test_the_checksum_of_a_folder_is_that_of_its_files_too(part: KnowledgeGraph, tmp_path: Path) -> None:
    place = export(part, "csv", tmp_path / "tables").place
    before = kg.open(place).dataset.sha256
    assert kg.open(place).dataset.sha256 == before
    table = place / "properties.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("Docker", "Dokker"), encoding="utf-8")
    assert kg.open(place).dataset.sha256 != before
    assert kg.open(place).resolve("Dokker").iri == part.resolve("Docker").iri
