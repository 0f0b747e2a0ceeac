"""One contract for all stores: the same content, the same queries, the same answers, without exceptions for any."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kg.handles.handle import KnowledgeGraph
from kg.model.errors import KgError, QueryError
from kg.model.statements import Value
from kg.model.terms import BASE, KG, XSD
from kg.model.values import Cell, Table, plain
from kg.questions import QUESTIONS
from kg.stores.binding import bind, load_query
from kg.stores.port import Store

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

EX = "https://example.org/"


def iri(name: str) -> NamedNode:
    return NamedNode(EX + name)


def quad(text: str) -> Quad:
    """Return the quad that four words name: "s p o g"; without the last it stands in the default graph."""
    subject, predicate, obj, *graph = text.split()
    return Quad(iri(subject), iri(predicate), iri(obj), iri(graph[0]) if graph else DefaultGraph())


SHARED = (quad("ann knows bob g1"), quad("ann knows bob g2"), quad("bob knows cat g2"))


def typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(datatype if "://" in datatype else f"{XSD.integer[:-7]}{datatype}"))


def answers(table: Table) -> set[tuple[Cell, ...]]:
    return set(table.rows)


# --- content --------------------------------------------------------------------------------------------------------


def test_a_new_store_is_empty(store: Store) -> None:
    assert len(store) == 0
    assert not list(store.quads())
    assert store.select("SELECT ?s { ?s ?p ?o }") == Table(("s",), ())
    assert store.construct("CONSTRUCT WHERE { ?s ?p ?o }") == ()
    assert not store.ask("ASK { ?s ?p ?o }")


def test_what_goes_in_comes_out(store: Store) -> None:
    default = quad("ann knows dan")
    store.add([*SHARED, default])
    assert len(store) == 4
    assert Counter(store.quads()) == Counter([*SHARED, default])


def test_adding_twice_changes_nothing(store: Store) -> None:
    store.add(SHARED)
    store.add(reversed(SHARED))
    store.add([SHARED[0], SHARED[0]])
    assert Counter(store.quads()) == Counter(SHARED)
    assert len(store) == len(SHARED)


def test_adding_nothing_changes_nothing(store: Store) -> None:
    store.add(SHARED)
    store.add([])
    assert set(store.quads()) == set(SHARED)


def test_adding_keeps_what_is_there(store: Store) -> None:
    for each in SHARED:
        store.add([each])
    assert set(store.quads()) == set(SHARED)


@pytest.mark.parametrize("error", [RuntimeError, ValueError, KeyboardInterrupt])
def test_an_iterator_that_raises_midway_leaves_the_store_as_it_was(store: Store, error: type[BaseException]) -> None:
    store.add(SHARED[:1])

    def broken() -> Iterator[Quad]:
        yield from SHARED
        for i in range(5000):
            yield quad(f"s{i} p o g")
        raise error("midway")

    with pytest.raises(error, match="midway"):
        store.add(broken())
    assert list(store.quads()) == list(SHARED[:1])
    assert len(store) == 1
    store.add(SHARED[1:])  # and it is of use afterwards
    assert set(store.quads()) == set(SHARED)


def test_quads_of_one_store_fill_another(store: Store) -> None:
    from kg.stores.oxigraph import OxigraphStore

    store.add(SHARED)
    other = OxigraphStore()
    other.add(store.quads())
    assert set(other.quads()) == set(store.quads())


def test_blank_nodes_stay_apart(store: Store) -> None:
    store.add([Quad(BlankNode(name), iri("p"), iri("o"), iri("g")) for name in ("a", "b")])
    assert len(store) == 2
    assert len(answers(store.select("SELECT DISTINCT ?s { ?s ?p ?o }"))) == 2


# --- literals -------------------------------------------------------------------------------------------------------

KEPT = [
    Literal(""),
    Literal("plain"),
    Literal("  two  spaces  "),
    Literal("line\nbreak\ttab \"double\" 'single' \\ back {brace} ?var <tag> # no comment"),
    Literal("数据 Ünï 😀 \u202e"),
    Literal("Größe", language="de"),
    Literal("colour", language="en-gb"),
    typed("7", "integer"),
    typed("-7", "integer"),
    typed("1.5", "decimal"),
    typed("true", "boolean"),
    typed("false", "boolean"),
    typed("2026-11-22", "date"),
    typed("2026-11", "gYearMonth"),
    typed("2026", "gYear"),
    typed("https://example.org/a b", "anyURI"),
    typed("x", EX + "own-datatype"),
]


@pytest.mark.parametrize("literal", KEPT, ids=str)
def test_literals_keep_spelling_language_and_datatype(store: Store, literal: Literal) -> None:
    one = Quad(iri("s"), iri("p"), literal, iri("g"))
    store.add([one])
    assert list(store.quads()) == [one]
    assert store.select("SELECT ?o { ?s ?p ?o }").rows == ((literal,),)
    assert store.construct("CONSTRUCT WHERE { ?s ?p ?o }") == (one.triple,)


@pytest.mark.parametrize(
    "literal",
    [typed("01", "integer"), typed("+1", "integer"), typed("1.50", "decimal"), typed("1", "boolean")],
    ids=str,
)
def test_a_number_spelt_unusually_keeps_its_value_and_datatype(store: Store, literal: Literal) -> None:
    """Not its spelling: Oxigraph stores the number itself, so that "01" comes back as "1"."""
    store.add([Quad(iri("s"), iri("p"), literal, iri("g"))])
    ((found,),) = store.select("SELECT ?o { ?s ?p ?o }").rows
    assert isinstance(found, Literal)
    assert found.datatype == literal.datatype
    assert plain(found) == plain(literal)


@pytest.mark.parametrize("literal", [typed("abc", "integer"), typed("2026-02-30", "date")], ids=str)
def test_a_literal_that_is_not_of_its_datatype_is_kept(store: Store, literal: Literal) -> None:
    store.add([Quad(iri("s"), iri("p"), literal, iri("g"))])
    assert store.select("SELECT ?o { ?s ?p ?o }").rows == ((literal,),)


def test_same_text_in_two_languages_is_two_literals(store: Store) -> None:
    words = [Literal("Chef"), Literal("Chef", language="en"), Literal("Chef", language="de")]
    store.add([Quad(iri("s"), iri("p"), word, iri("g")) for word in words])
    assert answers(store.select("SELECT ?o { ?s ?p ?o }")) == {(word,) for word in words}
    assert store.select('SELECT ?s { ?s ?p "Chef"@de }').rows == ((iri("s"),),)


# --- queries --------------------------------------------------------------------------------------------------------


def test_the_default_graph_is_the_union_of_all(store: Store) -> None:
    store.add([*SHARED, quad("cat knows dan")])
    found = store.select("SELECT DISTINCT ?s ?o { ?s <https://example.org/knows> ?o }")
    assert answers(found) == {(iri(s), iri(o)) for s, o in (("ann", "bob"), ("bob", "cat"), ("cat", "dan"))}
    across = "ASK { ?a <https://example.org/knows>/<https://example.org/knows>/<https://example.org/knows> ?d }"
    assert store.ask(across)


def test_a_triple_of_several_graphs_is_constructed_once(store: Store) -> None:
    store.add(SHARED)
    found = store.construct("CONSTRUCT WHERE { ?s ?p ?o }")
    assert Counter(found) == Counter({each.triple for each in SHARED})


def test_named_graphs_can_be_asked_one_by_one(store: Store) -> None:
    store.add([*SHARED, quad("cat knows dan")])
    found = store.select("SELECT ?g ?s { GRAPH ?g { ?s ?p ?o } }")
    assert Counter(found.rows) == Counter([(each.graph_name, each.subject) for each in SHARED])
    assert store.ask("ASK { GRAPH <https://example.org/g2> { <https://example.org/bob> ?p ?o } }")
    assert not store.ask("ASK { GRAPH <https://example.org/g1> { <https://example.org/bob> ?p ?o } }")
    assert not store.ask("ASK { GRAPH <https://example.org/unknown> { ?s ?p ?o } }")


def test_from_names_the_graphs_to_ask(store: Store) -> None:
    store.add(SHARED)
    one = store.select("PREFIX : <https://example.org/> SELECT ?s FROM :g1 { ?s ?p ?o }")
    assert answers(one) == {(iri("ann"),)}
    both = store.select("SELECT DISTINCT ?s FROM <https://example.org/g1> FROM <https://example.org/g2> { ?s ?p ?o }")
    assert answers(both) == {(iri("ann"),), (iri("bob"),)}
    named = store.select("SELECT ?g FROM NAMED <https://example.org/g1> { GRAPH ?g { ?s ?p ?o } }")
    assert named.rows == ((iri("g1"),),)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ?s { ?s ?p ?o . FILTER(STR(?o) != "FROM <https://example.org/g1>") }',
        "SELECT ?s { ?s ?p ?o } # FROM <https://example.org/g1>",
        "SELECT ?s { ?s ?p ?o . BIND(1 AS ?from) . FILTER(?from < 2 && 3 > ?from) }",
        "PREFIX from: <https://example.org/> SELECT ?s { ?s from:knows ?o }",
        "PREFIX e: <https://example.org/> SELECT ?s { ?s e:knows ?o . FILTER NOT EXISTS { ?s e:from e:x } }",
    ],
)
def test_the_word_from_elsewhere_names_no_graph(store: Store, query: str) -> None:
    store.add(SHARED)
    assert answers(store.select(query)) == {(iri("ann"),), (iri("bob"),)}


def test_from_fetches_nothing(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "secret.ttl"
    file.write_text("<a:s> <a:p> <a:o> .")
    store.add(SHARED)
    assert store.select(f"SELECT ?s FROM <{file.as_uri()}> {{ ?s ?p ?o }}").rows == ()
    assert set(store.quads()) == set(SHARED)


def test_unbound_cells_are_none(store: Store) -> None:
    store.add(SHARED)
    found = store.select("SELECT ?s ?n { ?s ?p ?o . OPTIONAL { ?s <https://example.org/name> ?n } }")
    assert answers(found) == {(iri("ann"), None), (iri("bob"), None)}
    assert store.select("SELECT ?x ?y { VALUES (?x ?y) { (UNDEF 1) } }").rows == ((None, Literal(1)),)
    assert list(store.select("SELECT ?x { VALUES ?x { UNDEF } }").dicts()) == [{"x": None}]


def test_columns_come_as_asked(store: Store) -> None:
    store.add(SHARED[:1])
    assert store.select("SELECT ?o ?s ?p { ?s ?p ?o }") == Table(
        ("o", "s", "p"), ((iri("bob"), iri("ann"), iri("knows")),)
    )
    assert store.select("SELECT * { ?zoo ?b ?m }").columns == ("b", "m", "zoo")


def test_rows_come_in_the_order_asked(store: Store) -> None:
    store.add([Quad(iri("s"), iri("p"), Literal(n), iri("g")) for n in (3, 10, 2, 1)])
    found = store.select("SELECT ?n { ?s ?p ?n } ORDER BY DESC(?n) LIMIT 3")
    assert [row["n"] for row in found.dicts()] == [10, 3, 2]


def test_counting_and_grouping(store: Store) -> None:
    store.add(SHARED)
    found = store.select("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g")
    assert [tuple(row.values()) for row in found.dicts()] == [(EX + "g1", 1), (EX + "g2", 2)]
    (each,) = store.select("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }").dicts()
    assert each == {"n": 2}


def test_of_nothing_there_are_no_groups_but_a_count(store: Store) -> None:
    store.add(SHARED)
    nothing = "SELECT ?s (COUNT(?o) AS ?n) { ?s <https://example.org/none> ?o } GROUP BY ?s"
    assert store.select(nothing).rows == ()
    (count,) = store.select("SELECT (COUNT(?o) AS ?n) { ?s <https://example.org/none> ?o }").dicts()
    assert count == {"n": 0}


def test_construct_makes_new_triples_and_describe_tells_of_a_node(store: Store) -> None:
    store.add(SHARED)
    made = store.construct("CONSTRUCT { ?o <https://example.org/known-by> ?s } WHERE { ?s ?p ?o }")
    assert set(made) == {Triple(iri(o), iri("known-by"), iri(s)) for s, o in (("ann", "bob"), ("bob", "cat"))}
    assert set(store.construct("DESCRIBE <https://example.org/ann>")) == {SHARED[0].triple}


@pytest.mark.parametrize(
    ("method", "query"),
    [
        ("select", "ASK { ?s ?p ?o }"),
        ("select", "CONSTRUCT WHERE { ?s ?p ?o }"),
        ("construct", "SELECT ?s { ?s ?p ?o }"),
        ("construct", "ASK { ?s ?p ?o }"),
        ("ask", "SELECT ?s { ?s ?p ?o }"),
        ("ask", "DESCRIBE <https://example.org/ann>"),
    ],
)
def test_the_wrong_form_of_query_is_refused(store: Store, method: str, query: str) -> None:
    store.add(SHARED)
    with pytest.raises(QueryError, match="query") as caught:
        getattr(store, method)(query)
    assert method.upper() in str(caught.value)


@pytest.mark.parametrize("method", ["select", "construct", "ask"])
@pytest.mark.parametrize(
    "query",
    [
        "",
        "SELECT",
        "SELECT * {",
        "SELECT ?s { ?s unknown:p ?o }",
        "ASK { <no good> ?p ?o }",
        "SELECT ?s { ?s ?p 'open }",
    ],
)
def test_a_query_that_cannot_be_parsed(store: Store, method: str, query: str) -> None:
    with pytest.raises(QueryError, match="This SPARQL query cannot be") as caught:
        getattr(store, method)(query)
    assert len(str(caught.value)) < 200
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "update",
    ["INSERT DATA { <a:s> <a:p> <a:o> }", "DELETE WHERE { ?s ?p ?o }", "DROP ALL", "CLEAR DEFAULT", "LOAD <file:///x>"],
)
@pytest.mark.parametrize("method", ["select", "construct", "ask"])
def test_a_query_cannot_change_the_store(store: Store, method: str, update: str) -> None:
    store.add(SHARED)
    with pytest.raises(QueryError, match="cannot be"):
        getattr(store, method)(update)
    assert set(store.quads()) == set(SHARED)


def test_a_service_that_does_not_answer_is_an_error_of_ours(store: Store) -> None:
    with pytest.raises(KgError, match="cannot be"):
        store.select("SELECT * { SERVICE <http://localhost:1/none> { ?s ?p ?o } }")


# --- the shipped dataset --------------------------------------------------------------------------------------------

#: What to put into the rows of the queries in `kg/queries/`, by the name of the row.
TERMS: dict[str, list[str | Value] | None] = {
    "class": [KG.Certification, KG.Tool],
    "node": [f"{BASE}role/ai-engineer", f"{BASE}certification/ms-ai-102", f"{BASE}tool/python"],
    "role": [f"{BASE}role/ai-engineer", f"{BASE}role/machine-learning-engineer"],
    "left": [f"{BASE}role/ai-engineer"],
    "other": None,
    "subject": [f"{BASE}role/ai-engineer"],
    "object": [f"{BASE}role/ai-engineer"],
    "item": [f"{BASE}tool/python"],
    "certification": [f"{BASE}certification/ms-ai-102"],
    "start": [f"{BASE}role/software-developer"],
    "held": [f"{BASE}tool/python", f"{BASE}skill/mathematics"],
    "relation": [KG.leadsTo, KG.recommendedFor],
    "source": [f"{BASE}source/article", f"{BASE}source/esco-111", f"{BASE}source/exam-guide-ms-ai-103"],
    "iri": [f"{BASE}tool/python"],
    "concept": ["http://data.europa.eu/esco/skill/dba46f87-0831-49cd-a1c7-340a653c0221"],
    "piece": [Value.of("pyth"), Value.of("lear")],
    "number": [Value.of("9")],
    "folded": [Value.of("sklearn"), Value.of("ai102"), Value.of("awscertifieddataengineerassociate")],
    "text": [Value.of("sklearn"), Value.of("AI-102")],
    "claim": [f"{BASE}claim/none"],
    "thing": [f"{BASE}role/ai-engineer", f"{BASE}certification/ms-ai-102"],
}
QUERIES = sorted(path.name.removesuffix(".rq") for path in files("kg").joinpath("queries").iterdir())

#: One question of each kind, as its arguments.
ASKED: dict[str, list[tuple[tuple[str, ...], dict[str, object]]]] = {
    "find": [(("sklearn",), {}), (("machin learning",), {"kind": ["skill"]})],
    "show": [(("AI-102",), {}), (("Python",), {"source": ["esco-111"]})],
    "list": [(("certifications",), {"status": ["active"]}), (("tools",), {"category": ["framework"]})],
    "overlap": [(("AI Engineer", "Machine Learning Engineer"), {}), (("AI-103", "AIP-C01"), {})],
    "plan": [(("AI Engineer",), {"from_": "ML Engineer", "budget": 500.0})],
    "roadmap": [(("Data Analyst",), {})],
    "gap": [(("AI Engineer",), {"held": ["Python", "SQL"]})],
    "similar": [(("AI Engineer",), {}), (("AI Engineer",), {"measure": "lin"})],
    "nearest": [((), {"held": ["Python", "Git", "AI-102"], "limit": 4})],
    "opens": [((), {"held": ["Python", "SQL"]})],
    "path": [(("Java Developer", "AI Engineer"), {})],
    "paths": [(("Java Developer", "AI Engineer"), {"limit": 3})],
    "disagree": [(("AI Engineer", "Machine Learning Engineer"), {})],
    "why": [(("AI Engineer", "Python"), {})],
}


def text_of_query(name: str) -> str:
    query = load_query(name)
    rows = set(re.findall(r"VALUES\s+\?(\w+)\s*\{\s*(?:UNDEF)?\s*\}", query))
    open_rows = set(re.findall(r"VALUES\s+\?(\w+)\s*\{\s*UNDEF\s*\}", query))
    return bind(query, **{row: None if row in open_rows else TERMS[row] for row in rows})


#: What takes rdflib seconds.
SLOW = frozenset({"gap", "gap_answer", "path", "paths", "plan", "roadmap", "similar"})


#: What the shipped dataset, which rates nothing, has no rows for.
RATED = frozenset({"diff_ratings", "knowledge", "related_roles", "releases", "scales"})
#: What finds only what rules have derived, which is not shipped.
DERIVED = frozenset({"derivations"})
#: Those that may give a row once for each graph it stands in: their readers keep each once, faster than an engine does.
REPEATING = frozenset({"names"})
#: Those that find faults, of which the shipped dataset has none: tests/checking asks them of damaged data.
FAULTS = frozenset(
    f"check_{name}"
    for name in ("dangling", "expired", "iris", "no_scale", "no_source", "periods", "rated", "ratings", "successors")
) | {"check_unreachable", "check_wrong_kind"}


def named(names: Iterable[str]) -> list[ParameterSet]:
    """Return the names as parameters, those that take seconds marked so."""
    return [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in names]


@pytest.mark.parametrize("name", named(QUERIES))
def test_every_query_gives_the_same_on_every_store(request: pytest.FixtureRequest, name: str) -> None:
    filled: dict[str, Store] = request.getfixturevalue("rated" if name in RATED else "filled")
    query = text_of_query(name)
    form = re.search(r"^\s*(SELECT|CONSTRUCT|ASK)\b", query, re.MULTILINE)
    assert form, f"{name}.rq is of no known form"
    found: dict[str, object] = {}
    for kind, store in filled.items():
        if form[1] == "SELECT":
            table = store.select(query)
            assert table.rows or name in FAULTS, f"{name}.rq finds nothing on {kind}"
            assert table.columns == filled["oxigraph in memory"].select(query).columns
            found[kind] = Counter(set(table.rows) if name in REPEATING else table.rows)
        else:
            triples = store.construct(query)
            assert triples or name in DERIVED, f"{name}.rq finds nothing on {kind}"
            found[kind] = Counter(triples)
    first = found.pop("oxigraph in memory")
    for kind, other in found.items():
        assert other == first, f"{name}.rq differs on {kind}"


@pytest.mark.parametrize("name", named(sorted(QUESTIONS)))
def test_every_question_gives_the_same_on_every_store(filled: dict[str, Store], name: str) -> None:
    question = getattr(import_module(f"kg.questions.{name}"), name)
    for arguments, options in ASKED[name]:
        asked = {
            kind: question(KnowledgeGraph(store, as_of=date(2026, 11, 22)), *arguments, **options).to_json()
            for kind, store in filled.items()
        }
        first = asked.pop("oxigraph in memory")
        assert first["rows"]
        for kind, other in asked.items():
            assert other == first, f"{name} {arguments} differs on {kind}"


def test_every_store_holds_the_whole_shipped_dataset(filled: dict[str, Store]) -> None:
    sizes = {name: len(store) for name, store in filled.items()}
    assert len(set(sizes.values())) == 1, sizes
    first, *others = (set(store.quads()) for store in filled.values())
    assert all(other == first for other in others)
