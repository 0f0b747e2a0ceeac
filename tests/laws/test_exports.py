"""Laws of the exports: what can be read comes back, whatever the labels; the same dataset gives the same bytes."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

import kg
from kg.exports.datasets import DATASET_FORMATS, export
from kg.exports.gexf import read_gexf
from kg.exports.graphml import read_graphml
from kg.exports.nodelink import read_nodelink
from kg.exports.reading import read_tables
from kg.handle import KnowledgeGraph
from kg.questions.find import find
from kg.questions.gap import gap
from kg.questions.overlap import overlap
from kg.questions.plan import plan
from kg.questions.show import show
from kg.questions.similar import similar
from kg.questions.why import why
from kg.statements import Importance, Level, Source, Statement, Value
from kg.stores.oxigraph import OxigraphStore
from kg.terms import BASE, DCTERMS, KG, RDF, SKOS, mint
from tests.strategies import Career, careers

DAY = "2026-11-22"
N = "https://example.org/"

#: Names that formats trip over: markup, separators of lists, what no XML can write, other directions, great length.
_HARD = (
    "a\x00b",
    "\x01\x0b\x0c\x1f\x7f\x85",
    "\ufffe\uffff",
    "a\rb\r\nc\td",
    "a | b",
    "|",
    "\\|",
    "[1, 2]",
    "\\[",
    "]]>",
    "<!--",
    "&amp;",
    "=cmd()",
    "'=cmd()",
    "@",
    "مهندس \u202eبيانات",
    "👩‍💻",
    "\U0010ffff",
    "#35;",
    "`code`",
    " ",
    "x" * 20_000,
)
texts = st.one_of(st.sampled_from(_HARD), st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
lossless = [form.name for form in DATASET_FORMATS if form.lossless and form.reader]
SYNTAXES = {
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
}
law = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


def handle(quads: list[Quad]) -> KnowledgeGraph:
    store = OxigraphStore()
    store.add(quads)
    return KnowledgeGraph(store, as_of=date.fromisoformat(DAY))


def read_back(form: str, place: Path) -> set[Quad]:
    if form in SYNTAXES:
        return set(parse(path=place, format=SYNTAXES[form]))
    return set(read_tables(place))


iris = st.sampled_from([NamedNode(N + name) for name in "abc"] + [NamedNode(mint("role", "x")), NamedNode(KG.active)])
properties = st.sampled_from(
    (
        *(KG.requires, KG.requiresEssential, KG.importance, KG.essential, KG.locator, SKOS.prefLabel, SKOS.altLabel),
        *(RDF.type, RDF.subject, RDF.predicate, RDF.object, DCTERMS.source, KG.validityMonths, N + "p"),
    )
).map(NamedNode)
literals = st.one_of(
    texts.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(["en", "de", "ar", "zh-hant"])),
    st.integers(-(10**20), 10**20).map(Literal),
    st.booleans().map(Literal),
    st.sampled_from(["1.50", "4.12", "abc", "007"]).map(
        lambda text: Literal(text, datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    ),
)
graphs = st.one_of(iris, st.just(DefaultGraph()))
any_quads = st.lists(st.builds(Quad, iris, properties, literals | iris, graphs), max_size=40)


@st.composite
def statements(draw: st.DrawFn) -> list[Quad]:
    """Statements as importers make them: claims with every qualifier, attributes with awkward texts."""
    from kg.quads import to_quads

    said: list[Statement] = []
    for i in range(draw(st.integers(1, 3))):
        role, skill, source = mint("role", f"r{i}"), mint("skill", f"s{i % 2}"), mint("source", f"q{i % 2}")
        for iri, kind in ((role, KG.Role), (skill, KG.Skill)):
            said.append(Statement(iri, RDF.type, kind, source))
            said.append(Statement(iri, SKOS.prefLabel, Value.of(draw(texts) or "x", lang="en"), source))
        said += Source(source, draw(texts) or "x", KG.SourceSays, date="2026-10").statements()
        said.append(
            Statement(
                role,
                KG.requires,
                skill,
                source,
                locator=draw(texts),
                wording=draw(texts),
                essential=draw(st.sampled_from([True, False, None])),
                importance=draw(st.none() | st.floats(1, 5).map(lambda v: Importance(round(v, 3), N + "scale"))),
                level=draw(st.none() | st.floats(0, 7).map(lambda v: Level(round(v, 3), N + "scale"))),
                derived_from=draw(st.sampled_from([(), (N + "a",), (N + "b", N + "a")])),
                valid_from=draw(st.sampled_from(["", "2026", "2026-10", "2026-10-31"])),
            )
        )
    return [*to_quads(said)]


# --- what is written comes back ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", lossless)
@law
@given(any_quads)
def test_any_quads_come_back(form: str, tmp_path: Path, quads: list[Quad]) -> None:
    g = handle(quads)
    done = export(g, form, tmp_path / "export")
    assert read_back(form, done.place) == set(g.store.quads())
    assert done.lost == ()
    assert done.quads == len(g.store)


@pytest.mark.parametrize("form", lossless)
@law
@given(statements())
def test_statements_come_back(form: str, tmp_path: Path, quads: list[Quad]) -> None:
    done = export(handle(quads), form, tmp_path / "export")
    assert read_back(form, done.place) == set(quads)


@law
@given(statements())
def test_what_importers_write_fits_the_columns_of_claims(tmp_path: Path, quads: list[Quad]) -> None:
    export(handle(quads), "csv", tmp_path / "export")
    with (tmp_path / "export" / "properties.csv").open(encoding="utf-8", newline="") as file:
        about = {row["subject"] for row in csv.DictReader(file)}
    assert not [iri for iri in about if iri.startswith((f"{BASE}requirement/", f"{BASE}claim/"))]


@pytest.mark.parametrize("form", ["turtle", "ntriples"])
@law
@given(any_quads)
def test_triples_come_back_where_graphs_are_lost(form: str, tmp_path: Path, quads: list[Quad]) -> None:
    g = handle(quads)
    done = export(g, form, tmp_path / "export")
    assert read_back(form, done.place) == {Quad(*quad.triple) for quad in g.store.quads()}


@law
@given(any_quads)
def test_rdf_xml_comes_back_but_for_what_is_reported(tmp_path: Path, quads: list[Quad]) -> None:
    g = handle(quads)
    done = export(g, "rdfxml", tmp_path / "export")
    lost = {loss.what: loss.count for loss in done.lost}
    found, said = read_back("rdfxml", done.place), {Quad(*quad.triple) for quad in g.store.quads()}
    if not any("XML" in what for what in lost):
        assert found == said
    assert len(found) <= len(said)
    assert {(q.subject, q.predicate) for q in found} == {(q.subject, q.predicate) for q in said}


GRAPH_READERS = {"nodelink": read_nodelink, "graphml": read_graphml, "gexf": read_gexf}


def content(graph: Any) -> tuple[dict[str, Any], dict[Any, Any]]:  # networkx is generic only for type checkers
    return dict(graph.nodes(data=True)), {(u, v, key): data for u, v, key, data in graph.edges(keys=True, data=True)}


@pytest.mark.parametrize("form", GRAPH_READERS)
@law
@given(careers(most=3, name=lambda: texts.filter(bool)))
def test_graphs_come_back(form: str, tmp_path: Path, career: Career) -> None:
    g = kg.from_networkx(career, as_of=DAY)
    done = export(g, form, tmp_path / "export")
    found = GRAPH_READERS[form](done.place)
    if any("XML" in loss.what for loss in done.lost):
        assert form != "nodelink"
        assert [*found] == sorted(kg.graph(g))
        assert {*found.edges(keys=True)} == {*kg.graph(g).edges(keys=True)}
    else:
        assert content(found) == content(kg.graph(g))
        assert content(kg.graph(kg.from_networkx(found, as_of=DAY))) == content(kg.graph(g))


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_what_xml_cannot_write_is_counted(form: str, tmp_path: Path) -> None:
    career: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    career.add_node("r", label="a\x00b\x1f", kind="role", aliases=("\ufffe",))
    done = export(kg.from_networkx(career, as_of=DAY), form, tmp_path / "export")
    assert ("characters that XML has no way to write (U+FFFD instead)", 3) in done.lost
    (node,) = (data for _, data in GRAPH_READERS[form](done.place).nodes(data=True) if data.get("kind") == "role")
    assert (node["label"], node["aliases"]) == ("a\ufffdb\ufffd", ("\ufffd",))


@pytest.mark.parametrize("form", [form.name for form in DATASET_FORMATS])
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(quads=statements(), seed=st.randoms())
def test_the_order_of_quads_changes_no_byte(form: str, tmp_path: Path, quads: list[Quad], seed: Any) -> None:
    written = []
    for _ in range(2):
        seed.shuffle(quads)
        place = export(handle(quads), form, tmp_path / "export").place
        written.append(
            {p.name: p.read_bytes() for p in sorted(place.iterdir())} if place.is_dir() else place.read_bytes()
        )
        for path in place.iterdir() if place.is_dir() else [place]:
            path.unlink()
        if place.is_dir():
            place.rmdir()
    assert written[0] == written[1]


# --- the shipped dataset ----------------------------------------------------------------------------------------------


def asked(g: KnowledgeGraph) -> list[Any]:
    """The rows of many questions, on a sample of roles."""
    roles = ("AI Engineer", "Machine Learning Engineer", "Data Engineer")
    answers: list[Any] = [
        find(g, "sklearn"),
        show(g, "AI-102"),
        kg.disagree(g, *roles[:2]),
        kg.list(g, "certifications"),
    ]
    answers += [kg.opens(g, held=["Python"]), kg.path(g, "Data Analyst", "MLOps Engineer", via=["leads_to"])]
    answers.append(kg.paths(g, "Data Analyst", "AI Engineer", via=["leads_to"]))
    for role in roles:
        answers += [
            show(g, role),
            gap(g, role, held=["Python"]),
            plan(g, role, held=["Python"]),
            kg.roadmap(g, role),
            similar(g, role),
            why(g, role),
        ]
    answers += [overlap(g, a, b) for a in roles for b in roles if a < b]
    return [(type(answer).__name__, str(answer), answer.rows(), answer.evidence) for answer in answers]


@pytest.fixture(scope="module")
def expected(shipped: KnowledgeGraph) -> list[Any]:
    return asked(shipped)


@pytest.mark.parametrize(
    "form", [form if form == "csv" else pytest.param(form, marks=pytest.mark.slow) for form in lossless]
)
def test_the_shipped_dataset_comes_back_with_the_same_answers(
    form: str, shipped: KnowledgeGraph, expected: list[Any], tmp_path: Path
) -> None:
    ending = next(f.ending for f in DATASET_FORMATS if f.name == form)
    done = export(shipped, form, tmp_path / f"export{ending}")
    found = read_back(form, done.place)
    assert found == set(shipped.store.quads())
    again = kg.open(done.place, as_of=DAY) if ending else handle([*found])
    assert asked(again) == expected


@pytest.mark.parametrize("form", GRAPH_READERS)
def test_the_shipped_graph_comes_back(form: str, shipped: KnowledgeGraph, whole: Any, tmp_path: Path) -> None:
    done = export(shipped, form, tmp_path / "export")
    found = GRAPH_READERS[form](done.place)
    assert content(found) == content(whole)
    assert overlap(kg.from_networkx(found, as_of=DAY), "AI Engineer", "Data Engineer").rows() == (
        overlap(shipped, "AI Engineer", "Data Engineer").rows()
    )


def test_a_part_holds_only_what_the_whole_says_and_answers_alike(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    answer = overlap(shipped, "AI Engineer", "ML Engineer")
    done = export(shipped, "trig", tmp_path / "part.trig", answer=answer)
    part = read_back("trig", done.place)
    assert part < set(shipped.store.quads())
    again = overlap(kg.open(done.place, as_of=DAY), "AI Engineer", "ML Engineer")
    assert (again.rows(), again.evidence) == (answer.rows(), answer.evidence)


@pytest.mark.slow
@pytest.mark.realdata
@pytest.mark.parametrize("form", ["trig", "nquads", "parquet", "csv"])
def test_esco_comes_back(form: str, tmp_path: Path) -> None:
    from tests.realdata import real_data

    kg.load([real_data("esco")], into=tmp_path / "store")
    g = kg.open(tmp_path / "store", as_of=DAY)
    done = export(g, form, tmp_path / "export")
    found = parse(path=done.place, format=SYNTAXES[form]) if form in SYNTAXES else read_tables(done.place)
    again = OxigraphStore(tmp_path / "again")
    again.add(found)
    assert len(again) == len(g.store)
    assert hashes(again) == hashes(g.store)


def hashes(store: Any) -> int:
    """The sum of the checksums of all quads: the same for the same quads in any order."""
    from hashlib import blake2b

    return sum(int.from_bytes(blake2b(str(quad).encode(), digest_size=16).digest()) for quad in store.quads())
