"""`kg sparql`: four forms, the formats of the standards, limits said aloud, the library, and the command."""

from __future__ import annotations

import csv
import io
import json
import time
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, RdfFormat, parse, parse_query_results
from rdflib import Graph

from kg.engine.library import Ready, find_query, library
from kg.engine.updating import update
from kg.handles.handle import KnowledgeGraph
from kg.handles.loading import load
from kg.handles.networks import whole_network
from kg.model.errors import BadInput, QueryError, QueryRefused, QueryStopped
from kg.model.shipped import data_path
from kg.model.terms import KG, PREFIXES
from kg.questions.sparql import sparql
from kg.questions.sparql_answer import Sparql
from kg.stores.memory import MemoryStore
from kg.stores.oxigraph import OxigraphStore
from tests.conftest import Run
from tests.engine.test_worker import ENDLESS

ROLES = "SELECT ?role ?label { ?role a kg:Role ; skos:prefLabel ?label } ORDER BY ?label"
#: Queries for readers; those behind the questions are compared in `tests/contract`.
FOR_READERS = (
    "certifications-by-price",
    "certifications-per-provider",
    "claims-per-source",
    "demand-per-skill",
    "known-conflicts",
    "mapped-elsewhere",
    "prerequisites",
    "retired-certifications",
    "role-transitions",
    "roles-described",
    "said-by-the-article-alone",
    "shared-skills",
    "skill-tree",
    "skills-without-certification",
    "tools-per-skill",
)


@pytest.fixture(scope="module")
def memory(shipped: KnowledgeGraph) -> KnowledgeGraph:
    """The shipped dataset on rdflib."""
    store = MemoryStore()
    store.add(shipped.store.quads())
    return KnowledgeGraph(store, as_of=shipped.as_of)


def cells(answer: Sparql) -> list[list[str]]:
    return sorted([str(cell) for cell in row] for row in answer.table.rows)


@pytest.mark.parametrize("name", FOR_READERS)
def test_a_ready_query_gives_the_same_on_both_stores(
    name: str, shipped: KnowledgeGraph, memory: KnowledgeGraph
) -> None:
    ours, theirs = sparql(shipped, name, limit=0), sparql(memory, name, limit=0)
    assert ours.table.rows
    assert cells(ours) == cells(theirs)
    assert ours.complete
    assert theirs.remarks == ()


def test_columns_come_in_the_order_asked(shipped: KnowledgeGraph) -> None:
    assert sparql(shipped, "SELECT ?b ?a { VALUES (?a ?b) { (1 2) } }").rows() == ({"b": 2, "a": 1},)


@pytest.mark.parametrize("timeout", [30.0, 0.0], ids=["in a worker", "here"])
def test_the_four_forms(shipped: KnowledgeGraph, memory: KnowledgeGraph, timeout: float) -> None:
    roles = len(shipped.index.of_kind("role"))
    for g in (shipped, memory):
        assert str(sparql(g, ROLES, timeout=timeout)) == f"{roles} rows."
        assert str(sparql(g, "ASK { ?r a kg:Role }", timeout=timeout)) == "Yes."
        assert not sparql(g, "ASK { ?r a kg:Nothing }", timeout=timeout).yes
        made = sparql(g, "CONSTRUCT { ?r a kg:Role } { ?r a kg:Role }", timeout=timeout)
        assert len(made.triples) == roles
        assert made.graph.nodes
        described = sparql(g, "DESCRIBE <https://w3id.org/career-kg/dataset>", timeout=timeout)
        assert described.kind == "triples"
        assert described.rows()


def test_frames(shipped: KnowledgeGraph) -> None:
    frame = sparql(shipped, ROLES).to_frame()
    assert [*frame.columns] == ["role", "label"]
    assert len(frame) == len(shipped.index.of_kind("role"))


def test_from_names_what_is_read(shipped: KnowledgeGraph) -> None:
    count = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
    (whole,), (part,) = (
        sparql(shipped, count.format(clause)).rows() for clause in ("", "FROM <https://w3id.org/career-kg/dataset>")
    )
    assert part["n"] < whole["n"] == len({quad.triple for quad in shipped.store.quads()})


# --- formats ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["json", "xml", "tsv"])
def test_a_table_in_the_formats_of_the_standard_reads_back(shipped: KnowledgeGraph, form: str) -> None:
    answer = sparql(shipped, "SELECT ?a ?b { VALUES (?a ?b) { ('x\\ty\\n\"'@en 1) (<a:b> UNDEF) (1.5 true) } }")
    written = answer.standard_form(form)
    assert written is not None
    found = parse_query_results(
        written, QueryResultsFormat.from_extension({"json": "srj", "xml": "srx"}.get(form, form))
    )
    assert tuple(tuple(row) for row in found) == answer.table.rows  # type: ignore[union-attr]  # a table, not yes or no


def test_csv_is_that_of_the_standard(shipped: KnowledgeGraph) -> None:
    written = sparql(shipped, "SELECT ?a ?b { VALUES (?a ?b) { ('x,\"y'@en 1) (<a:b> UNDEF) } }").standard_form("csv")
    assert [*csv.reader(io.StringIO(written))] == [["a", "b"], ['x,"y', "1"], ["a:b", ""]]


@pytest.mark.parametrize(("form", "named"), [("ttl", "turtle"), ("json", "json-ld"), ("xml", "xml")])
def test_triples_in_the_formats_of_the_standard_read_back(shipped: KnowledgeGraph, form: str, named: str) -> None:
    answer = sparql(shipped, "skill-tree")
    written = answer.standard_form(form)
    assert len(Graph().parse(data=written, format=named)) == len(answer.triples)


def test_yes_in_the_formats_of_the_standard(shipped: KnowledgeGraph) -> None:
    answer = sparql(shipped, "ASK {}")
    assert json.loads(answer.standard_form("json") or "")["boolean"] is True
    assert "<boolean>true</boolean>" in (answer.standard_form("xml") or "")


def test_a_table_is_no_turtle(shipped: KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match="Ask with CONSTRUCT or DESCRIBE"):
        sparql(shipped, ROLES).standard_form("ttl")
    with pytest.raises(QueryError, match="ask for them"):
        _ = sparql(shipped, ROLES).triples


# --- limits -----------------------------------------------------------------------------------------------------------


def test_the_limit_of_rows_is_said(shipped: KnowledgeGraph, memory: KnowledgeGraph) -> None:
    for g in (shipped, memory):
        answer = sparql(g, ROLES, limit=3)
        assert len(answer.rows()) == 3
        assert str(answer) == "The first 3 rows; there are more."
        assert "Stopped at the limit of 3 rows" in answer.remarks[0]
        assert answer.measures == {"rows": 3, "complete": False}
        assert sparql(g, ROLES, limit=len(shipped.index.of_kind("role"))).remarks == ()


def test_an_endless_query_is_ended_and_the_next_one_answered(shipped: KnowledgeGraph) -> None:
    began = time.monotonic()
    with pytest.raises(QueryStopped, match=r"limit of 0\.5 seconds"):
        sparql(shipped, ENDLESS, timeout=0.5)
    assert sparql(shipped, "ASK {}").truth is True
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("options", [{"limit": -1}, {"timeout": -1.0}, {"timeout": float("nan")}])
def test_a_limit_is_a_number(shipped: KnowledgeGraph, options: dict[str, float]) -> None:
    with pytest.raises(BadInput, match="is no limit"):
        sparql(shipped, ROLES, **options)  # type: ignore[arg-type]  # the wrong value is the point


def test_a_networkx_graph_is_in_no_store(shipped: KnowledgeGraph) -> None:
    with pytest.raises(BadInput, match="SPARQL asks a store"):
        sparql(whole_network(shipped), ROLES)  # type: ignore[arg-type]  # the wrong kind is the point


def test_a_store_that_changes_is_asked_as_it_is() -> None:
    store = OxigraphStore()
    g = KnowledgeGraph(store, as_of=date(2026, 11, 22))
    quads = [Quad(NamedNode(f"a:{i}"), NamedNode("a:p"), Literal(i), NamedNode("a:g")) for i in range(3)]
    for i, quad in enumerate(quads):
        assert len(sparql(g, "SELECT * { ?s ?p ?o }").rows()) == i
        store.add([quad])
    assert len(sparql(g, "SELECT * { ?s ?p ?o }").rows()) == 3


@pytest.mark.parametrize("text", ["SELECT * { SERVICE <http://x.test/> { ?s ?p ?o } }", "CLEAR ALL"])
def test_every_store_refuses_to_reach_out_and_to_change(
    shipped: KnowledgeGraph, memory: KnowledgeGraph, text: str
) -> None:
    for g, timeout in ((shipped, 30), (shipped, 0), (memory, 30)):
        with pytest.raises(QueryRefused, match=r"refused|only read"):
            sparql(g, text, timeout=timeout)


# --- the library ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ready", library(), ids=lambda ready: str(ready.name))
def test_every_query_of_the_library_says_what_it_gives(ready: Ready) -> None:
    assert len(ready.says) > 20
    assert ready.form in ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")
    assert find_query(ready.name.replace("-", "_")) == ready


def test_rows_of_a_query_are_filled(shipped: KnowledgeGraph) -> None:
    by_name = sparql(shipped, "gap-answer", bind=["role=AI Engineer", "held=Python"])
    by_iri = sparql(
        shipped, "gap_answer", bind=["role=role:ai-engineer", "held=https://w3id.org/career-kg/tool/python"]
    )
    assert by_name.rows() == by_iri.rows()
    (python,) = (row for row in by_name.rows() if str(row["item"]).endswith("tool/python"))
    assert python["has"] == 1
    assert sparql(shipped, "find-answer", bind=['text="ai engineer"']).rows()


@pytest.mark.parametrize(
    ("query", "bind", "said"),
    [
        ("gap-answer", [], "none of its rows is filled: role, held, certification, start"),
        ("gap-answer", ["rol=x"], '"rol=x" fills no row of this query. Its rows: certification, held, role'),
        ("gap-answer", ["AI Engineer"], "fills no row"),
        (ROLES, ["role=x"], "Its rows: none"),
        ("demand-per-skil", [], 'No query "demand-per-skil" in the library. Close: demand-per-skill'),
    ],
)
def test_what_cannot_be_filled_is_said(shipped: KnowledgeGraph, query: str, bind: list[str], said: str) -> None:
    with pytest.raises(QueryError, match=said.replace("?", r"\?")):
        sparql(shipped, query, bind=bind)


# --- updates ----------------------------------------------------------------------------------------------------------


def test_an_update_is_all_or_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    load([data_path("ontology/kg.ttl")], into=folder)
    generation = (folder / "current").read_text()
    insert = "INSERT DATA { GRAPH source:mine { tool:x a kg:Tool ; skos:prefLabel 'X'@en } }"
    before, after, _ = update(folder, insert)
    assert after == before + 2
    assert (folder / "current").read_text() != generation
    for wrong, said in (
        (f"{insert} ; INSERT DATA {{ oops }}", "line 1, column 96"),
        (f"{insert} ; LOAD <file:///etc/passwd>", "refused"),
        ("CLEAR ALL ; LOAD SILENT <file:///etc/passwd>", "refused"),
        ("SELECT * { ?s ?p ?o }", "not an update"),
    ):
        with pytest.raises(QueryError, match=said):
            update(folder, wrong)
    store = OxigraphStore(folder)
    assert len(store) == after
    assert store.ask(f"ASK {{ ?t a <{KG.Tool}> }}")


def test_an_update_that_takes_too_long_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    load([data_path("ontology/kg.ttl")], into=folder)
    total = len(OxigraphStore(folder))
    every = " ".join(f"GRAPH ?g{i} {{ ?a{i} ?b{i} ?c{i} }}" for i in range(3))
    endless = f"INSERT {{ GRAPH <a:g> {{ ?a0 ?b0 ?c2 }} }} WHERE {{ {every} }}"
    with pytest.raises(QueryStopped, match="limit of 1 seconds"):
        update(folder, endless, timeout=1)
    assert len(OxigraphStore(folder)) == total
    assert update(folder, "CREATE GRAPH <a:g>")[:2] == (total, total), "the lock of the one that was ended is gone"


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_reads_text_names_files_and_standard_input(
    shipped: KnowledgeGraph, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "roles.rq").write_text(ROLES, encoding="utf-8-sig")
    by_text = run("sparql", ROLES, "--format", "csv")
    assert by_text.code == 0
    assert by_text.err == ""
    assert len(by_text.out.splitlines()) == 1 + len(shipped.index.of_kind("role"))
    monkeypatch.setattr("sys.stdin", io.StringIO(ROLES))
    assert run("sparql", "-", "--format", "csv").out == by_text.out
    assert run("sparql", tmp_path / "roles.rq", "--format", "csv").out == by_text.out
    assert "demand-per-skill" in run("sparql", "--list").out
    assert "Python" in run("sparql", "demand-per-skill", "--limit", "3").out


@pytest.mark.parametrize("form", ["text", "table", "json", "csv", "tsv", "xml", "html"])
def test_every_format_of_the_command(run: Run, form: str) -> None:
    ran = run("sparql", ROLES, "--format", form)
    assert (ran.code, ran.err) == (0, "")
    assert "AI Engineer" in ran.out


def test_talk_goes_to_stderr_and_codes_mean_what_they_say(run: Run, tmp_path: Path) -> None:
    cut = run("sparql", ROLES, "--limit", "2", "--format", "json")
    assert "Stopped at the limit of 2 rows" in cut.err
    assert len(json.loads(cut.out)["results"]["bindings"]) == 2
    assert run("sparql", "ASK { ?r a kg:Nothing }").code == 1
    wrong = run("sparql", "SELECT ?x\n{ ?x a foo:Role }")
    assert (wrong.code, wrong.out) == (2, "")
    assert "line 2, column 8" in wrong.err
    assert wrong.err.splitlines()[-1].strip() == "^"
    slow = run("sparql", ENDLESS, "--timeout", "0.5")
    assert (slow.code, slow.out) == (2, "")
    assert "limit of 0.5 seconds" in slow.err
    assert run("sparql").code == 2
    assert "cannot be read" in run("sparql", tmp_path / "none.rq").err
    assert "of SPARQL results" in run("show", "python", "--format", "tsv").err


def test_the_command_updates_a_folder_only_when_asked(run: Run, tmp_path: Path) -> None:
    load([data_path("ontology/kg.ttl")], into=tmp_path / "store")
    insert = "INSERT DATA { GRAPH source:mine { tool:x a kg:Tool } }"
    assert "only read" in run("sparql", insert, "--graph", tmp_path / "store").err
    done = run("sparql", insert, "--update", "--graph", tmp_path / "store")
    assert (done.code, done.out) == (0, "")
    assert "now holds" in done.err
    assert run("sparql", "ASK { tool:x a kg:Tool }", "--graph", tmp_path / "store").code == 0
    assert "Name it: --graph FOLDER" in run("sparql", insert, "--update").err
    assert "no store folder" in run("sparql", insert, "--update", "--graph", "shipped").err


def test_prefixes_of_the_project_are_those_of_the_engine(shipped: KnowledgeGraph) -> None:
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    assert cells(sparql(shipped, declared + ROLES)) == cells(sparql(shipped, ROLES))
    assert [*parse(b"", RdfFormat.TURTLE)] == []
