"""Reading SPARQL: nothing that reaches out passes, nothing harmless is refused, faults are placed where they are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store as Engine

from kg.engine.reading import Kind, declare, explain, kind_of, refuse_reaching_out
from kg.model.errors import QueryError, QueryRefused
from kg.model.terms import PREFIXES
from kg.stores.lexer import words

REACHING_OUT: list[tuple[Kind, str]] = [
    ("query", "SELECT * { SERVICE <http://x.test/> { ?s ?p ?o } }"),
    ("query", "SELECT * { SERVICE SILENT <file:///etc/passwd> { ?s ?p ?o } }"),
    ("query", "SELECT * { ?x a ?y { SELECT * { { sErViCe ?x { ?s ?p ?o } } } } }"),
    ("query", "SELECT * { # SERVICE\n SERVICE\n#\n<http://x.test/> {} }"),
    ("query", "ASK { OPTIONAL { SERVICE<http://x.test/>{} } }"),
    ("query", "CONSTRUCT { ?s ?p ?o } { FILTER EXISTS { SERVICE <http://x.test/> { ?s ?p ?o } } }"),
    ("query", "DESCRIBE ?x { SERVICE ?e { ?x ?p ?o } }"),
    # What one parser takes for an IRI and the engine for less-than and a comment: a string that hides a clause.
    ("query", 'SELECT * { FILTER(1<?b#>"""\n) SERVICE SILENT <http://x.test/> { ?s ?p ?o } #"""\n}'),
    ("query", "SELECT * { FILTER(1<?b#>'''\n) SERVICE SILENT <http://x.test/> { ?s ?p ?o } #'''\n}"),
    # Letters as escapes: rdflib and other engines take them for the keyword.
    ("query", r"SELECT * { \u0053ERVICE <http://x.test/> { ?s ?p ?o } }"),
    ("query", r"SELECT * { SERV\u0049CE SILENT <http://x.test/> { ?s ?p ?o } }"),
    ("query", r"SELECT * { \U00000053ERVIC\U00000065 <http://x.test/> { ?s ?p ?o } }"),
    ("update", r"L\u004fA\u0044 <http://x.test/>"),
    ("update", "LOAD <http://x.test/>"),
    ("update", "load silent <file:///etc/passwd> INTO GRAPH <a:b>"),
    ("update", "INSERT DATA { <a:a> <a:b> 'x' } ; LOAD <file:///etc/passwd>"),
    ("update", "INSERT { ?s ?p ?o } WHERE { SERVICE <http://x.test/> { ?s ?p ?o } }"),
    ("update", "DELETE { ?s ?p ?o } USING <a:b> WHERE { GRAPH ?g { SERVICE ?g { ?s ?p ?o } } }"),
]
HARMLESS: list[tuple[Kind, str]] = [
    ("query", "SELECT ?service { ?service <a:service> 'SERVICE <http://x.test/> {}' }"),
    ("query", "SELECT ?s { ?s ?p 'x'@service } # SERVICE <http://x.test/> {}"),
    ("query", "PREFIX service: <a:> SELECT * { service:service service:load _:service }"),
    ("query", 'SELECT * { ?s ?p """SERVICE <http://x.test/>\n{ ?a ?b ?c } """ }'),
    ("query", "SELECT * { <http://x.test/SERVICE#LOAD> ?load ?download }"),
    ("update", "INSERT DATA { <a:load> <a:service> 'LOAD <file:///etc/passwd>' } # LOAD <a:b>"),
    ("update", "DELETE WHERE { ?load ?service 'a' }"),
]


@pytest.mark.parametrize(("kind", "text"), REACHING_OUT)
def test_what_reaches_out_is_refused(kind: Kind, text: str) -> None:
    with pytest.raises(QueryRefused, match="SERVICE and LOAD are refused: a query reads this graph and nothing else"):
        refuse_reaching_out(text, kind)


@pytest.mark.parametrize(("kind", "text"), HARMLESS)
def test_the_words_alone_are_not_refused(kind: Kind, text: str) -> None:
    refuse_reaching_out(text, kind)
    if kind == "query":
        Engine().query(text)
    else:
        Engine().update(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("SERVICE service LOAD <>{}?:#'\"\\\n.@_ab"), max_size=60))
def test_no_text_with_a_clause_passes(noise: str) -> None:
    """Whatever stands before a clause: where the engine's own parser takes the whole as a query, it is refused."""
    text = f"SELECT * {{ ?a ?b '' {noise}\n SERVICE SILENT <http://127.0.0.1:1/> {{ ?s ?p ?o }} }}"
    without = text.replace("SERVICE SILENT <http://127.0.0.1:1/>", "GRAPH <http://127.0.0.1:1/>     ")
    try:
        refuse_reaching_out(text, "query")
    except QueryError:
        return
    # It passed: then the clause was read as part of something else, and its words make no difference there.
    Engine().query(without.replace("GRAPH", "GRAPF"), prefixes=PREFIXES)


@pytest.mark.parametrize(
    ("text", "line", "column", "why"),
    [
        ("SELEC ?x { ?x a kg:Role }", 1, 1, '"SELEC" cannot stand here'),
        ("SELECT ?x\n{ ?x a foo:Role }", 2, 8, 'the prefix "foo:" is not declared'),
        ("SELECT ?x { ?x a kg:Role } LIMIT x", 1, 34, '"x" cannot stand here'),
        ("SELECT *\n{\n  ?s ?p ?o }}", 3, 13, '"}" cannot stand here'),
        ("SELECT * { ?s ?p ", 1, 17, "the text ends too early"),
        ("SELECT * { ?s ?p ?o . FLITER(?s = 3) }", 1, 23, '"FLITER" cannot stand here'),
        ("SELECT ?x { ?x a <rel> }", 1, 18, "<rel> is not absolute"),
        ("# é\n\tSELECT ?x { ?x a kg:Role } GRUOP BY ?x", 2, 29, '"GRUOP" cannot stand here'),
        ("SELECT (COUNT(?x) AS ?n) ?y { ?x a kg:Role }", 1, 45, "the SELECT contains a variable that is unbound"),
        ("", 1, 1, "the text ends too early"),
    ],
)
def test_faults_are_placed_in_the_users_own_text(text: str, line: int, column: int, why: str) -> None:
    said = str(explain(text, "query"))
    assert said.startswith(f"This SPARQL cannot be parsed: line {line}, column {column}: {why}")
    _, shown, caret = said.rsplit("\n", 2)
    assert caret.index("^") == column - 1 + 2
    assert shown[2:].rstrip() == text.split("\n")[line - 1].replace("\t", " ").rstrip()


def test_a_fault_far_along_a_line_is_shown_with_what_stands_around_it() -> None:
    text = f"SELECT * {{ VALUES ?x {{ {'1 ' * 500} oops }} }}"
    shown, caret = str(explain(text, "query")).splitlines()[1:]
    assert len(shown) <= 102
    assert shown[caret.index("^") :].startswith("oops")


def test_declaring_keeps_what_the_user_declared() -> None:
    asked = "PREFIX kg: <https://example.org/> SELECT * { ?s a kg:Role ; skos:prefLabel 'role:x' }"
    declared = declare(asked)
    assert declared.endswith(asked)
    assert declared.count("PREFIX") == 2
    assert "PREFIX skos:" in declared
    assert declare("ASK { ?s ?p ?o }") == "ASK { ?s ?p ?o }"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("# INSERT\nSELECT * { ?s ?p 'DELETE' }", "query"),
        ("PREFIX insert: <a:b> ASK { insert:a ?p ?o }", "query"),
        ("with <a:b> delete { ?s ?p ?o } where { ?s ?p ?o }", "update"),
        ("CLEAR ALL", "update"),
        ("nonsense", "query"),
    ],
)
def test_queries_and_updates_are_told_apart(text: str, kind: Kind) -> None:
    assert kind_of(text) == kind


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_the_words_of_any_text_are_in_its_order(text: str) -> None:
    found = list(words(text))
    assert all(text[word.start : word.end] == word.text for word in found)
    assert [word.start for word in found] == sorted(word.start for word in found)
