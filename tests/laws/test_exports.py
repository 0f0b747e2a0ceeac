"""Laws of the exports: what can be read comes back, whatever the labels; the same dataset gives the same bytes."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

import kg
from kg.exports.dataset_formats import DATASET_FORMATS
from kg.exports.datasets import export
from kg.exports.gexf import read_gexf
from kg.exports.graphml import read_graphml
from kg.exports.nodelink import read_nodelink
from kg.handles.handle import KnowledgeGraph
from kg.handles.networks import whole_network
from kg.model.errors import KgError
from kg.model.iris import mint
from kg.model.statements import Importance, Level, Source, Statement, Value
from kg.model.terms import BASE, DCTERMS, KG, RDF, SKOS
from kg.questions import QUESTIONS
from kg.questions.overlap import overlap
from kg.releases.replaying import read_replay
from kg.sources.exported import read_shards, read_tables
from kg.stores.oxigraph import OxigraphStore
from tests.strategies import Career, careers

DAY = "2026-11-22"
N = "https://example.org/"

#: Names that formats trip over: markup, separators of lists, what no XML can write, other directions, great length.
HARD = (
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
    "e\u0301\u0327 \u200b\u200d\u2060\ufeff",
    "\u2066a\u2069\u202d\u200f\u061c",
    "\u2028\u2029\x00\u2400",
    " leading, trailing ",
    "\t",
    "a\r\n",
    'say ""hi"", "',
    "back\\slash\\n \\u0041",
    "{{n1}}:::role -->|x| end",
    "%%{init: {}}%%",
    "<y:NodeLabel>&#x0;</y:NodeLabel>",
    "#35;",
    "`code`",
    " ",
    "x" * 20_000,
)
texts = st.one_of(st.sampled_from(HARD), st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
lossless = [form.name for form in DATASET_FORMATS if form.lossless]
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
    return set(read_shards(place) if form == "shards" else read_tables(place))


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
    from kg.model.quads import to_quads

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
        assert [*found] == sorted(whole_network(g))
        assert {*found.edges(keys=True)} == {*whole_network(g).edges(keys=True)}
    else:
        assert content(found) == content(whole_network(g))
        assert content(whole_network(kg.from_networkx(found, as_of=DAY))) == content(whole_network(g))


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


ROLES = ("AI Engineer", "Machine Learning Engineer", "Data Engineer", "MLOps Engineer", "Data Analyst")
PAIRS = [(a, b) for a in ROLES for b in ROLES if a < b]
THINGS = (*ROLES, "AI-102", "AWS Certified AI Practitioner", "Python", "Machine learning", "Docker", "Microsoft")
#: Every question, as on the command line.
ASKED: dict[str, Sequence[str | tuple[str, ...]]] = {
    "find": ["sklearn", "AI-102", *ROLES],
    "show": THINGS,
    "list": ["certifications", "roles", "skills", "tools", "certifications --status active"],
    "overlap": [*PAIRS, ("AI-102", "AI-103"), (*ROLES[:3],), (*PAIRS[0], "--source article")],
    "gap": [f'"{role}" --held Python --held SQL' for role in ROLES],
    "plan": [*(f'"{role}" --held Python' for role in ROLES), '"AI Engineer" --from "Machine Learning Engineer"'],
    "roadmap": ROLES,
    "similar": [*ROLES, '"AI Engineer" --measure cosine'],
    "nearest": ["--held Python", "--held Python --held Git -n 3"],
    "opens": ["--held Python", "--held Python --held SQL"],
    "path": [("Data Analyst", "MLOps Engineer", "--via leads_to"), ("Python", "AI Engineer")],
    "paths": [("Data Analyst", "AI Engineer", "--via leads_to")],
    "why": [*THINGS, *PAIRS, ("AI Engineer", "Python")],
    "disagree": PAIRS,
}


def in_words(name: str, way: str | tuple[str, ...]) -> str:
    """A question as one would write it; a tuple is what it names, each name quoted."""
    if isinstance(way, str):
        return f"{name} {way}" if "--" in way else f'{name} "{way}"'
    return " ".join([name, *(text if text.startswith("--") else f'"{text}"' for text in way)])


def asked(g: KnowledgeGraph, *, each: int | None = None) -> dict[str, Any]:
    """Sentence, rows, sections and evidence of every question, of each the first so many ways to ask it, or all.

    What cannot be answered is kept with what it says.
    """
    answers: dict[str, Any] = {}
    for question in [in_words(name, way) for name, several in ASKED.items() for way in several[:each]]:
        try:
            answer = read_replay(question).ask(g)
            answers[question] = (type(answer).__name__, str(answer), answer.rows(), answer.sections(), answer.evidence)
        except KgError as error:
            answers[question] = str(error)
    return answers


def test_every_question_is_asked() -> None:
    assert [*ASKED] == [*QUESTIONS]


@pytest.fixture(scope="module")
def expected(shipped: KnowledgeGraph) -> dict[str, Any]:
    """The answers of the shipped dataset to all questions, as they are asked for."""
    return asked(shipped)


def again(form: str, shipped: KnowledgeGraph, folder: Path) -> KnowledgeGraph:
    """The shipped dataset, written and opened again."""
    ending = next(f.ending for f in DATASET_FORMATS if f.name == form)
    found = kg.open(export(shipped, form, folder / f"export{ending}").place, as_of=DAY)
    assert set(found.store.quads()) == set(shipped.store.quads())
    return found


def test_each_question_has_the_same_answer_when_tables_come_back(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    answers = asked(shipped, each=1)
    assert not [said for said in answers.values() if isinstance(said, str)]
    assert asked(again("csv", shipped, tmp_path), each=1) == answers


@pytest.mark.slow
@pytest.mark.parametrize("form", lossless)
def test_the_shipped_dataset_comes_back_with_the_same_answers(
    form: str, shipped: KnowledgeGraph, expected: dict[str, Any], tmp_path: Path
) -> None:
    assert not [said for said in expected.values() if isinstance(said, str)]
    assert len(expected) > 70
    found = asked(again(form, shipped, tmp_path))
    assert [question for question in expected if found[question] != expected[question]] == []


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
@pytest.mark.parametrize("form", lossless)
def test_esco_comes_back(form: str, tmp_path: Path) -> None:
    from tests.realdata import real_data

    kg.load([real_data("esco-1.1.1")], into=tmp_path / "store")
    g = kg.open(tmp_path / "store", as_of=DAY)
    ending = next(f.ending for f in DATASET_FORMATS if f.name == form)
    done = export(g, form, tmp_path / f"export{ending}")
    loaded = kg.load([done.place], into=tmp_path / "again")
    assert loaded.total == len(g.store)
    again = kg.open(tmp_path / "again", as_of=DAY)
    assert hashes(again.store) == hashes(g.store)


def hashes(store: Any) -> int:
    """The sum of the checksums of all quads: the same for the same quads in any order."""
    from hashlib import blake2b

    return sum(int.from_bytes(blake2b(str(quad).encode(), digest_size=16).digest()) for quad in store.quads())
