"""The release in `exports/`: what the facts compile to, byte for byte, and the same data in every format."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from collections import Counter
from io import BytesIO
from pathlib import Path

import networkx as nx
import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse
from pyshacl import validate
from rdflib import Dataset, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.namespace import SH

from kg.exports.jsonld import write_jsonld
from kg.model.rdf_text import write_trig, write_turtle
from kg.model.shipped import data_path
from kg.model.terms import BASE, DCTERMS, KG, RDF, SCHEMA, SKOS, VOID, XSD
from kg.releases.building import build
from kg.stores.memory import MemoryStore

ROOT = Path(__file__).parents[1]
EXPORTS = ROOT / "exports"
FILES = ("career-kg.trig", "career-kg.ttl", "career-kg.jsonld", "career-kg.graphml")

BUILD = "import sys; from pathlib import Path; from kg.releases.building import build; build(out=Path(sys.argv[1]))"


@pytest.fixture(scope="module")
def quads() -> tuple[Quad, ...]:
    return tuple(parse((EXPORTS / "career-kg.trig").read_bytes(), format=RdfFormat.TRIG))


def rdflib_quads(data: bytes, syntax: str) -> set[Quad]:
    """Return the quads of a file as rdflib reads it."""
    dataset = Dataset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own
        dataset.parse(BytesIO(data), format=syntax)
    return set(MemoryStore(dataset).quads())


# --- made from the facts, and from nothing else ------------------------------------------------------------------


def test_the_release_is_what_the_facts_compile_to(tmp_path: Path) -> None:
    built = build(out=tmp_path)
    assert {*FILES} <= {path.name for path in built.files}, "`tests/test_gallery.py` looks at the pages"
    for name in FILES:
        same = (tmp_path / name).read_bytes() == (EXPORTS / name).read_bytes()
        assert same, f"exports/{name} is not what the facts compile to: run `kg build`"


@pytest.mark.slow
def test_two_builds_give_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", BUILD, str(tmp_path / seed)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"},
        )
        for seed, zone in (("1", "Asia/Tokyo"), ("271828", "America/Los_Angeles"))
    ]
    assert [process.wait() for process in processes] == [0, 0]
    for name in FILES:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "271828" / name).read_bytes(), name


def test_the_order_of_the_quads_does_not_matter(quads: tuple[Quad, ...]) -> None:
    some = quads[:3000]
    for write in (write_trig, write_turtle, write_jsonld):
        assert write(some) == write([*reversed(some), *some[:10]])


# --- the same data in every format -------------------------------------------------------------------------------


def test_no_quad_stands_twice(quads: tuple[Quad, ...]) -> None:
    assert quads
    assert [quad for quad, times in Counter(quads).items() if times > 1] == []


def test_both_engines_read_the_same_from_trig(quads: tuple[Quad, ...]) -> None:
    assert rdflib_quads((EXPORTS / "career-kg.trig").read_bytes(), "trig") == set(quads)


def test_json_ld_holds_the_same_quads(quads: tuple[Quad, ...]) -> None:
    data = (EXPORTS / "career-kg.jsonld").read_bytes()
    assert set(parse(data, format=RdfFormat.JSON_LD)) == set(quads)


def test_rdflib_reads_the_same_quads_from_json_ld(quads: tuple[Quad, ...]) -> None:
    assert rdflib_quads((EXPORTS / "career-kg.jsonld").read_bytes(), "json-ld") == set(quads)


def test_json_ld_is_readable_without_a_parser_of_rdf() -> None:
    document = json.loads((EXPORTS / "career-kg.jsonld").read_bytes())
    nodes = {
        node["@id"]: node for graph in document["@graph"] for node in graph["@graph"] if node.get("@type") == "Role"
    }
    assert "AI Engineer" in {node.get("label") or node.get("prefLabel") for node in nodes.values()}


def test_turtle_holds_the_same_triples(quads: tuple[Quad, ...]) -> None:
    found = list(parse((EXPORTS / "career-kg.ttl").read_bytes(), format=RdfFormat.TURTLE))
    assert {quad.triple for quad in found} == {quad.triple for quad in quads}
    assert len(found) == len({quad.triple for quad in quads})


def test_graphml_reads_back_with_the_same_nodes_and_edges(whole: nx.MultiDiGraph[str]) -> None:
    found = nx.read_graphml(EXPORTS / "career-kg.graphml", force_multigraph=True)
    assert set(found.nodes) == set(whole.nodes)
    assert isinstance(found, nx.MultiDiGraph)
    assert set(found.edges(keys=True)) == set(whole.edges(keys=True))
    for node, data in found.nodes(data=True):
        assert data["label"] == whole.nodes[node]["label"]
        assert data.get("kind") == whole.nodes[node].get("kind")
    for u, v, key, data in found.edges(keys=True, data=True):
        assert data["relation"] == whole.edges[u, v, key]["relation"]


AWKWARD = [
    Literal('"quotes" \\ back\\slash \n line \t tab \r return'),
    Literal("控 \u202e \U0001f600 \x7f \x85 \u2028"),
    Literal("x", language="zh-hant"),
    Literal("7.0", datatype=NamedNode(XSD.double)),
    Literal("01", datatype=NamedNode(XSD.integer)),
    Literal("no number", datatype=NamedNode(XSD.integer)),
    Literal("1", datatype=NamedNode(XSD.boolean)),
    Literal("true", datatype=NamedNode(XSD.boolean)),
    Literal("2026-10", datatype=NamedNode(XSD.gYearMonth)),
    Literal("kg:Role"),
    Literal("@id"),
    Literal(""),
    Literal("x", datatype=NamedNode("https://example.org/own")),
    NamedNode("https://example.org/a%20b?c=d&e#f"),
    NamedNode("https://w3id.org/career-kg/role/a/b"),
    NamedNode("urn:isbn:0451450523"),
    NamedNode("mailto:a@example.org"),
]
PROPERTIES = [
    RDF.type,
    SKOS.prefLabel,
    DCTERMS.title,
    KG.line,
    KG.essential,
    KG.statusAsOf,
    KG.status,
    "https://example.org/p",
]


@pytest.mark.parametrize("value", AWKWARD, ids=repr)
@pytest.mark.parametrize("graph", [NamedNode("https://example.org/g"), DefaultGraph()], ids=["named", "default"])
def test_awkward_values_survive_every_format(value: NamedNode | Literal, graph: NamedNode | DefaultGraph) -> None:
    """Whatever the property: a context may coerce the values of some."""
    given = {Quad(NamedNode(f"{BASE}role/x"), NamedNode(name), value, graph) for name in PROPERTIES}
    assert set(parse(write_trig(given), format=RdfFormat.TRIG)) == given
    assert set(parse(write_jsonld(given), format=RdfFormat.JSON_LD)) == given
    assert {quad.triple for quad in parse(write_turtle(given), format=RdfFormat.TURTLE)} == {q.triple for q in given}


def test_nothing_gives_empty_files() -> None:
    assert list(parse(write_trig([]), format=RdfFormat.TRIG)) == []
    assert list(parse(write_turtle([]), format=RdfFormat.TURTLE)) == []
    assert list(parse(write_jsonld([]), format=RdfFormat.JSON_LD)) == []


# --- what holds for every quad -----------------------------------------------------------------------------------


def test_there_are_no_blank_nodes_and_every_quad_has_a_source(quads: tuple[Quad, ...]) -> None:
    for quad in quads:
        assert isinstance(quad.graph_name, NamedNode)
        assert not any(isinstance(term, BlankNode | Triple) for term in (quad.subject, quad.object))


def test_every_iri_is_valid_and_ours_are_slugs(quads: tuple[Quad, ...]) -> None:
    iris = {
        term.value
        for quad in quads
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
        if isinstance(term, NamedNode)
    }
    assert iris
    for iri in iris:
        NamedNode(iri)
        assert iri.isascii(), iri
        assert not set(iri) & set(' <>"{}|\\^`'), iri
        assert iri.startswith(("https://", "http://")), iri
        if iri.startswith(BASE) and "ontology#" not in iri:
            assert set(iri.removeprefix(BASE)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-/"), iri


def test_every_term_of_ours_is_in_the_vocabulary(quads: tuple[Quad, ...]) -> None:
    known = {value for name, value in vars(KG).items() if not name.startswith("_")}
    used = {
        term.value
        for quad in quads
        for term in (quad.predicate, quad.object)
        if isinstance(term, NamedNode) and term.value.startswith(f"{BASE}ontology#")
    }
    assert used <= known


def test_every_literal_is_of_its_datatype(quads: tuple[Quad, ...]) -> None:
    literals = {quad.object for quad in quads if isinstance(quad.object, Literal)}
    for literal in literals:
        if not literal.language and literal.datatype.value != XSD.string:
            read = RdflibLiteral(literal.value, datatype=URIRef(literal.datatype.value))
            assert not read.ill_typed, literal


def test_the_dataset_describes_itself_rightly(quads: tuple[Quad, ...]) -> None:
    sizes = {
        quad.subject.value: int(quad.object.value)
        for quad in quads
        if quad.predicate.value == VOID.triples
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, Literal)
    }
    counted = Counter(quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode))
    described = {graph: size for graph, size in sizes.items() if graph != f"{BASE}dataset"}
    assert described == {graph: size for graph, size in counted.items() if graph != f"{BASE}dataset"}


# --- the shapes --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(data_path("ontology/shapes.ttl"))


@pytest.fixture(scope="module")
def plain() -> Graph:
    """The union of all graphs as one plain graph, which is what the shapes are written for."""
    return Graph().parse(EXPORTS / "career-kg.ttl")


def conforms(data: Graph, shapes: Graph) -> tuple[bool, Graph]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pyshacl's own
        good, report, _ = validate(data, shacl_graph=shapes, allow_warnings=True, inplace=True)
    assert isinstance(report, Graph)
    return bool(good), report


@pytest.mark.slow
def test_the_release_has_the_shapes_it_should(plain: Graph, shapes: Graph) -> None:
    good, report = conforms(plain, shapes)
    wrong = [str(message) for message in report.objects(None, SH.resultMessage)]
    assert good, "\n".join(wrong)


def part(plain: Graph, node: URIRef) -> Graph:
    """Return a copy of what is said of one node, and the classes of all it names."""
    copy = Graph()
    for _, relation, value in plain.triples((node, None, None)):
        copy.add((node, relation, value))
        for kind in plain.objects(value, URIRef(RDF.type)):
            copy.add((value, URIRef(RDF.type), kind))
    return copy


AI_102, PYTHON = URIRef(f"{BASE}certification/ms-ai-102"), URIRef(f"{BASE}tool/python")
ROLE = URIRef(f"{BASE}role/ai-engineer")


def literal(value: object, datatype: str = "") -> RdflibLiteral:
    return RdflibLiteral(value, datatype=URIRef(datatype) if datatype else None, normalize=False)


#: What is planted: (node, property, new value or None, what the report names).
PLANTED = {
    "a role without a label": (ROLE, SKOS.prefLabel, None, SKOS.prefLabel),
    "a status that is none": (AI_102, KG.status, URIRef(KG.Role), KG.status),
    "a status without its date": (AI_102, KG.statusAsOf, None, f"{BASE}shapes#Certification"),
    "a price below zero": (AI_102, KG.priceUSD, literal("-1", XSD.integer), KG.priceUSD),
    "a level that is none": (AI_102, KG.certificationLevel, URIRef(KG.active), KG.certificationLevel),
    "a tool of a skill's category": (PYTHON, KG.category, URIRef(KG.Mathematics), KG.category),
    "a tool without a category": (PYTHON, KG.category, None, f"{BASE}shapes#CategoryKnown"),
    "an end that is no date": (
        AI_102,
        SCHEMA.validThrough,
        literal("soon"),
        SCHEMA.validThrough,
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found_for_its_reason(plain: Graph, shapes: Graph, name: str) -> None:
    node, relation, value, path = PLANTED[name]
    broken = part(plain, node)
    before = failures(broken, shapes, node)
    broken.remove((node, URIRef(relation), None))
    if value is not None:
        broken.add((node, URIRef(relation), value))
    assert failures(broken, shapes, node) - before == {path}


def failures(data: Graph, shapes: Graph, node: URIRef) -> set[str]:
    """Return the properties of a node that are reported as wrong or incomplete; of what has no path, the shape."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pyshacl's own
        _, report, _ = validate(data, shacl_graph=shapes)
    assert isinstance(report, Graph)
    results = report.subjects(SH.focusNode, node)
    return {str(report.value(result, SH.resultPath) or report.value(result, SH.sourceShape)) for result in results}


def test_a_claim_without_a_source_is_found(plain: Graph, shapes: Graph) -> None:
    claim = next(plain.subjects(URIRef(RDF.subject), ROLE))
    assert isinstance(claim, URIRef)
    data = part(plain, claim)
    assert DCTERMS.source not in failures(data, shapes, claim)
    data.remove((claim, URIRef(DCTERMS.source), None))
    assert DCTERMS.source in failures(data, shapes, claim)
