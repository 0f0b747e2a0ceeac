"""`kg export`: every form, what it says it lost, and the tools that open it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

import kg
from kg.exports.dataset_formats import DATASET_FORMATS, DatasetFormat
from kg.exports.datasets import export
from kg.exports.selecting import chosen_part
from kg.exports.skos import SCHEMES
from kg.handles.handle import KnowledgeGraph
from kg.handles.networks import whole_network
from kg.model.errors import BadInput, UnknownName
from kg.model.terms import BASE, KG, RDF, SKOS
from kg.sources.exported import read_tables
from kg.sources.sssom import read_mappings
from kg.stores.oxigraph import OxigraphStore

if TYPE_CHECKING:
    from tests.conftest import Run

ROOT = Path(__file__).parents[2]
AI = f"{BASE}role/ai-engineer"
by_name = {form.name: form for form in DATASET_FORMATS}
RDFLIB = {"trig": "trig", "nquads": "nquads", "turtle": "turtle", "ntriples": "nt", "rdfxml": "xml", "skos": "turtle"}


@pytest.fixture(scope="module")
def written(shipped: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The shipped dataset in every form."""
    folder = tmp_path_factory.mktemp("exports")
    return {
        form.name: export(shipped, form.name, folder / f"{form.name}{form.ending}").place for form in DATASET_FORMATS
    }


@pytest.fixture(scope="module")
def part(shipped: KnowledgeGraph) -> KnowledgeGraph:
    """What is said of one role."""
    return chosen_part(shipped, ["AI Engineer"])


# --- the table of formats ---------------------------------------------------------------------------------------------


def line(form: DatasetFormat) -> str:
    """The line of a format in docs/formats.md."""
    writes = f"`{form.ending}`" if form.ending else "folder"
    lost = "nothing" if form.lossless else form.lost
    return f"| `{form.name}` | {form.title} | {writes} | {form.reader or 'no'} | {lost} | {form.opens} |"


def test_the_page_on_formats_says_what_the_table_says() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8").splitlines()
    listed = [found for found in page if found.startswith("| `")]
    assert listed == [line(form) for form in DATASET_FORMATS]


@pytest.mark.parametrize("form", DATASET_FORMATS, ids=lambda form: form.name)
def test_a_format_that_loses_nothing_reports_no_loss(form: DatasetFormat, part: KnowledgeGraph, tmp_path: Path) -> None:
    done = export(part, form.name, tmp_path / "export")
    assert form.lossless == (done.lost == ())
    assert form.lossless == (not form.lost)
    assert all(loss.count > 0 for loss in done.lost)
    assert done.quads == len(part.store)
    assert [*done.rows()] == [{"not written": loss.what, "count": loss.count} for loss in done.lost]


def test_the_help_names_every_format(run: Run) -> None:
    words = {word.strip("│.,;:") for word in run("export", "--help").out.split()}
    assert {form.name for form in DATASET_FORMATS} <= words


# --- what a format loses ----------------------------------------------------------------------------------------------


def of(*quads: Quad) -> KnowledgeGraph:
    store = OxigraphStore()
    store.add(quads)
    return KnowledgeGraph(store, as_of=kg.open(as_of="2026-11-22").as_of)


def said(subject: str, relation: str, value: str | Literal, graph: str = "https://example.org/g") -> Quad:
    target = NamedNode(value) if isinstance(value, str) else value
    return Quad(NamedNode(subject), NamedNode(relation), target, NamedNode(graph))


def test_losses_are_counted(tmp_path: Path) -> None:
    a = "https://example.org/a"
    g = of(
        said(a, RDF.type, KG.Role),
        said(a, SKOS.prefLabel, Literal("one", language="en")),
        said(a, SKOS.prefLabel, Literal("uno", language="it")),
        said(a, SKOS.prefLabel, Literal("first", language="en")),
        said(a, SKOS.altLabel, Literal("first", language="en")),
        said(a, "https://example.org/p#1", Literal("x")),
    )
    found = {name: dict(export(g, name, tmp_path / name).lost) for name in ("turtle", "rdfxml", "gexf", "skos")}
    assert found["turtle"] == {"sources of what is said of a node": 6}
    assert found["rdfxml"] == found["turtle"] | {"statements whose property is no XML name": 1}
    assert found["gexf"] == found["turtle"] | {"texts in further languages": 1, "second names": 1}
    assert found["skos"] == {
        "second preferred names in one language, written as other names": 1,
        "names that were given twice": 1,
        "attributes that SKOS has no word for": 1,
        "sources of what is said of a node": 3,
    }


# --- the tools that open it -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["trig", "nquads", "turtle", "ntriples", "rdfxml", "skos"])
def test_rdflib_reads_it(form: str, shipped: KnowledgeGraph, written: dict[str, Path]) -> None:
    import rdflib

    found = rdflib.Dataset(default_union=True)
    found.parse(written[form], format=RDFLIB[form])
    triples = {(q.subject, q.predicate, q.object) for q in shipped.store.quads()}
    if form == "skos":
        assert len(found) > 1_000
    elif form in ("trig", "nquads"):
        assert len([*found.quads()]) == len(shipped.store)
    else:
        assert len(found) == len(triples)


def test_pyld_reads_both_forms_of_json_ld_without_the_network(
    shipped: KnowledgeGraph, written: dict[str, Path]
) -> None:
    from pyld import jsonld  # type: ignore[import-untyped]

    def refuse(url: str, *_: object) -> Any:
        raise AssertionError(f"{url} was asked for")

    options = {"documentLoader": refuse, "format": "application/n-quads"}
    document = json.loads(written["jsonld"].read_text(encoding="utf-8"))
    wanted = {"source:article"}
    document["@graph"] = [item for item in document["@graph"] if item["@id"] in wanted]
    graph = f"{BASE}source/article"
    found = set(parse(jsonld.to_rdf(document, options).encode(), format=RdfFormat.N_QUADS))
    assert found == {q for q in shipped.store.quads() if getattr(q.graph_name, "value", "") == graph}
    document = json.loads(written["schemaorg"].read_text(encoding="utf-8"))
    quads = parse(jsonld.to_rdf(document, options).encode(), format=RdfFormat.N_QUADS)
    types = Counter(q.object.value for q in quads if q.predicate.value == RDF.type)
    kinds = Counter(data.get("kind") for _, data in whole_network(shipped).nodes(data=True))
    assert types["https://schema.org/Occupation"] == kinds["role"]
    assert types["https://schema.org/EducationalOccupationalCredential"] == kinds["certification"]
    assert types["https://schema.org/DefinedTerm"] == kinds["skill"] + kinds["tool"]


def test_networkx_reads_it(written: dict[str, Path], whole: Any) -> None:
    for found in (
        nx.read_graphml(written["graphml"], force_multigraph=True),
        nx.read_gexf(written["gexf"]),
        nx.node_link_graph(json.loads(written["nodelink"].read_text(encoding="utf-8")), edges="edges"),
    ):
        assert set(found) == set(whole)
        assert found.number_of_edges() == whole.number_of_edges()
        assert found.nodes[AI]["label"] == "AI Engineer"
        assert found.nodes[AI]["kind"] == "role"


def test_igraph_reads_labels_kinds_and_weights(written: dict[str, Path], whole: Any) -> None:
    import igraph  # type: ignore[import-untyped]

    found = igraph.Graph.Read_GraphML(str(written["graphml"]))
    assert (found.vcount(), found.ecount()) == (len(whole), whole.number_of_edges())
    node = found.vs.find(id=AI)
    assert (node["label"], node["kind"]) == ("AI Engineer", "role")
    optional = sum(data.get("essential") is False for _, _, data in whole.edges(data=True))
    assert Counter(found.es["weight"]) == {1.0: whole.number_of_edges() - optional, 0.5: optional}


def test_yed_has_labels_shapes_and_lines_of_its_own(written: dict[str, Path], whole: Any) -> None:
    names = {"g": "http://graphml.graphdrawing.org/xmlns", "y": "http://www.yworks.com/xml/graphml"}
    root = ElementTree.parse(written["graphml"]).getroot()

    def of(element: ElementTree.Element, inner: str, attribute: str) -> str:
        found = element.find(inner, names)
        return str(found.get(attribute)) if found is not None else ""

    keys = {key.get("id"): key for key in root.iterfind("g:key", names)}
    assert [keys[name].get("yfiles.type") for name in ("y0", "y1")] == ["nodegraphics", "edgegraphics"]
    label = next(name for name, key in keys.items() if key.get("attr.name") == "label")
    nodes = {node.get("id"): node for node in root.iterfind(".//g:node", names)}
    shapes: dict[str, set[str]] = {}
    for iri, data in whole.nodes(data=True):
        drawn = nodes[iri].find("g:data[@key='y0']/y:ShapeNode", names)
        assert drawn is not None
        assert drawn.findtext("y:NodeLabel", "", names) == nodes[iri].findtext(f"g:data[@key='{label}']", "", names)
        shapes.setdefault(data.get("kind") or "none", set()).add(of(drawn, "y:Shape", "type"))
    assert all(len(found) == 1 for found in shapes.values())
    assert shapes["tool"] == {"diamond"}, "as in pages"
    assert len({*map(frozenset, shapes.values())}) == 7  # seven kinds, and all others as sources
    lines = root.findall(".//g:edge/g:data[@key='y1']/y:PolyLineEdge", names)
    assert Counter(line.findtext("y:EdgeLabel", "", names) for line in lines) == Counter(
        data["relation"] for *_, data in whole.edges(data=True)
    )
    optional = sum(data.get("essential") is False for *_, data in whole.edges(data=True))
    assert sum(of(line, "y:LineStyle", "type") == "dashed" for line in lines) == optional


def test_gephi_tells_kinds_by_colour_and_keeps_relations_apart(written: dict[str, Path], whole: Any) -> None:
    found = nx.read_gexf(written["gexf"])
    colours: dict[str, set[tuple[int, ...]]] = {}
    for iri, data in found.nodes(data=True):
        red, green, blue = (data["viz"]["color"][name] for name in "rgb")
        colours.setdefault(whole.nodes[iri].get("kind") or "none", set()).add((red, green, blue))
    assert all(len(several) == 1 for several in colours.values())
    assert colours["tool"] == {(0xE6, 0x9F, 0x00)}, "as in pages"
    assert len({*map(frozenset, colours.values())}) == 8
    edges = ElementTree.parse(written["gexf"]).getroot().findall(".//{http://gexf.net/1.3}edge")
    assert {edge.get("id"): edge.get("kind") for edge in edges} == {
        key: data["relation"] for *_, key, data in whole.edges(keys=True, data=True)
    }


def test_duckdb_reads_both_forms_of_tables(whole: nx.MultiDiGraph[str], written: dict[str, Path]) -> None:
    import duckdb

    query = "SELECT relation, count(*) FROM '{}' GROUP BY relation ORDER BY relation"
    files = [written[form] / f"claims.{form}" for form in ("parquet", "csv")]
    counts = [duckdb.connect().execute(query.format(file)).fetchall() for file in files]
    assert counts[0] == counts[1]
    assert dict(counts[0]) == Counter(data["relation"] for *_, data in whole.edges(data=True))


def test_skos_is_skos_and_nothing_else(written: dict[str, Path]) -> None:
    quads = list(parse(path=written["skos"], format=RdfFormat.TURTLE))
    skos = SKOS.prefLabel.removesuffix("prefLabel")
    assert {q.predicate.value for q in quads if not q.predicate.value.startswith(skos)} == {RDF.type}
    types = {(str(q.subject), q.object.value) for q in quads if q.predicate.value == RDF.type}
    assert {kind for _, kind in types} == {f"{skos}Concept", f"{skos}ConceptScheme"}
    names = Counter((q.subject, q.object.language) for q in quads if q.predicate.value == SKOS.prefLabel)
    assert set(names.values()) == {1}
    concepts = {iri for iri, kind in types if kind.endswith("#Concept")}
    broader = [q for q in quads if q.predicate.value == SKOS.broader]
    assert broader
    assert all({str(q.subject), str(q.object)} <= concepts for q in broader)
    schemes = [q for q in quads if q.predicate.value == f"{skos}inScheme"]
    assert len({q.object for q in schemes}) == len(SCHEMES) - 1  # the shipped dataset has no groups


def test_sssom_gives_the_matches_back(written: dict[str, Path], whole: Any) -> None:
    found = {
        (s.subject, s.relation.rpartition("#")[2], s.object, s.basis, s.confidence, s.locator)
        for s in read_mappings(written["sssom"])
        if s.is_claim
    }
    matches = {
        (u, data["relation"], v, data["basis"], str(data["confidence"]), data.get("locator", ""))
        for u, v, data in whole.edges(data=True)
        if data["relation"].endswith("Match")
    }
    assert found == matches
    assert len(found) > 100


# --- parts, and the command -------------------------------------------------------------------------------------------


def test_a_part_about_a_node_shows_the_same_card(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    done = export(shipped, "trig", tmp_path / "ai.trig", about=["AI Engineer"])
    assert done.quads < len(shipped.store) / 5
    part = kg.open(done.place, as_of="2026-11-22")
    assert kg.show(part, "AI Engineer").rows() == kg.show(shipped, "AI Engineer").rows()
    with pytest.raises(UnknownName, match="floppy juggler"):
        export(shipped, "trig", tmp_path / "x.trig", about=["floppy juggler"])


def test_what_cannot_be_exported_is_said(shipped: KnowledgeGraph, whole: Any, tmp_path: Path) -> None:
    answer = kg.overlap(whole, "AI Engineer", "Data Engineer")
    with pytest.raises(BadInput, match="no RDF behind it"):
        export(shipped, "trig", tmp_path / "x.trig", answer=answer)
    with pytest.raises(BadInput, match="Leave out --merge-mappings"):
        export(kg.open(merge_mappings=True), "trig", tmp_path / "x.trig")
    with pytest.raises(BadInput, match="is a folder, and this format is one file"):
        export(shipped, "trig", tmp_path)
    assert [*tmp_path.iterdir()] == []


def test_what_breaks_off_leaves_the_old_file(
    shipped: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "x.nq"
    place.write_text("old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kg.exports.rdf.parts", full)
    with pytest.raises(BadInput, match=r"x\.nq cannot be written: No space left on device"):
        export(shipped, "nquads", place)
    assert place.read_text() == "old"
    assert [*tmp_path.iterdir()] == [place]


def test_damaged_tables_are_refused(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no tables of kg"):
        [*read_tables(tmp_path)]
    place = export(shipped, "csv", tmp_path / "tables", about=["Python"]).place
    with (place / "claims.csv").open("a", encoding="utf-8") as file:
        file.write("https://example.org/c,no iri,nosuchrelation\r\n")
    with pytest.raises(BadInput, match="is damaged"):
        [*read_tables(place)]


def test_the_command_exports_what_an_answer_rests_on(run: Run, tmp_path: Path) -> None:
    question = 'overlap "AI Engineer" "Data Engineer"'
    ran = run("export", "--to", "gexf", "-o", tmp_path / "x.gexf", "--question", question, "--as-of", "2026-11-22")
    assert ran.code == 0
    assert ran.out.strip() == str(tmp_path / "x.gexf")
    assert "sources of what is said of a node" in ran.err
    assert AI in nx.read_gexf(tmp_path / "x.gexf")


def test_the_command_reports_an_export_in_the_form_asked_for(run: Run, tmp_path: Path) -> None:
    said = ("export", "--to", "mermaid", "--about", "Python", "--format", "json")
    ran = run(*said, "-o", tmp_path / "x.mmd")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["rows"], "what it cannot say"
    ran = run(*said)
    assert (ran.code, ran.out) == (2, "")
    assert "standard output has the export itself" in " ".join(ran.err.split())


def test_the_command_writes_one_file_to_standard_output() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("kg")), "export", "--to", "nquads", "--about", "Python"],
        capture_output=True,
        check=True,
    )
    assert len([*parse(done.stdout, format=RdfFormat.N_QUADS)]) > 100
    assert b"nothing was lost" in done.stderr


@pytest.mark.parametrize(("name", "form"), [("ttl", "Turtle"), ("nq", "N-Quads"), ("json-ld", "JSON-LD")])
def test_a_format_is_also_found_by_its_ending(shipped: KnowledgeGraph, tmp_path: Path, name: str, form: str) -> None:
    assert export(shipped, name, tmp_path / "part", about=["Keras"]).form == form
