"""Putting terms into queries: what a caller gives stays one term, and every query file keeps the rules."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad
from pyoxigraph import Store as Engine
from rdflib.plugins.sparql import prepareQuery

from kg.model.errors import BadInput, QueryError
from kg.model.statements import Value
from kg.model.terms import XSD
from kg.stores.binding import bind, load_query
from kg.stores.lexer import names_its_graphs
from kg.stores.memory import MemoryStore
from kg.stores.oxigraph import OxigraphStore
from kg.stores.rewriting import count_of, form_of, result_page

QUERIES = sorted(path.name.removesuffix(".rq") for path in files("kg").joinpath("queries").iterdir())
ROW = "SELECT ?x { VALUES ?x { } }"
OPEN_ROW = "SELECT ?x ?y { VALUES ?y { 1 } VALUES ?x { UNDEF } }"

AWKWARD = (
    'quote " quote',
    "quote ' quote",
    '"""',
    "'''",
    "\\",
    "\\\\",
    '\\"',
    "}",
    "{ } } { DROP ALL }",
    '" } . ?s ?p ?o . { "',
    "line\nline",
    "\r\n\t\b\f",
    "# no comment",
    "<https://example.org/a>",
    "?x $x",
    "\\u0022",
    "VALUES ?x { UNDEF }",
    r"\1 \g<name> \0",
    "",
)
TEXTS = st.one_of(st.sampled_from(AWKWARD), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
FORBIDDEN = ' <>"{}|^`\\'


# --- what is bound comes back -----------------------------------------------------------------------------------------


@given(TEXTS)
def test_any_text_comes_back_as_itself(text: str) -> None:
    assert OxigraphStore().select(bind(ROW, x=[Value.of(text)])).rows == ((Literal(text),),)


@given(TEXTS, st.sampled_from(["en", "de", "zh-hant"]))
def test_any_text_of_a_language_comes_back_as_itself(text: str, lang: str) -> None:
    assert OxigraphStore().select(bind(ROW, x=[Value.of(text, lang=lang)])).rows == ((Literal(text, language=lang),),)


@pytest.mark.parametrize("text", [text for text in AWKWARD if r"\u" not in text])
def test_awkward_texts_come_back_from_rdflib_too(text: str) -> None:
    assert MemoryStore().select(bind(ROW, x=[Value.of(text)])).rows == ((Literal(text),),)


@pytest.mark.parametrize("text", [r"\u0022", r"\u0022 } # ", r"\\u0022 } # ", r"\u005C\u0022 } #", r"\U00000022 } # "])
def test_a_spelt_out_quote_never_ends_a_text(text: str) -> None:
    """rdflib resolves such escapes before it parses, and then misreads the text; it must not read beyond it."""
    assert OxigraphStore().select(bind(ROW, x=[Value.of(text)])).rows == ((Literal(text),),)
    try:
        found = MemoryStore().select(bind(ROW, x=[Value.of(text)])).rows
    except QueryError:
        return
    assert len(found) == 1


@given(st.lists(TEXTS, max_size=5))
def test_as_many_terms_come_back_as_were_given(texts: list[str]) -> None:
    found = OxigraphStore().select(bind(ROW, x=map(Value.of, texts)))
    assert sorted(found.rows, key=str) == sorted(((Literal(text),) for text in set(texts)), key=str)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_an_iri_comes_back_as_itself_or_is_refused(tail: str) -> None:
    iri = f"https://example.org/{tail}"
    try:
        query = bind(ROW, x=[iri])
    except BadInput:
        return
    assert OxigraphStore().select(query).rows == ((NamedNode(iri),),)


@pytest.mark.parametrize("char", FORBIDDEN + "\n\t")
def test_a_character_no_iri_may_have_is_refused(char: str) -> None:
    with pytest.raises(BadInput, match=r"is no IRI\. Give the full IRI of a node; `kg find` shows it\."):
        bind(ROW, x=[f"https://example.org/a{char}b"])


@pytest.mark.parametrize(
    "text", ["", "ai-engineer", "AI Engineer", "a> } . DROP ALL { <a", "//no-scheme", "role engineer"]
)
def test_what_is_no_iri_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is no IRI"):
        bind(ROW, x=[text])


@pytest.mark.parametrize("value", [Value.of(165), Value.of(1.5), Value.of(True), Value("2026-10", XSD.gYearMonth)])
def test_numbers_booleans_and_dates_keep_their_datatype(value: Value) -> None:
    ((found,),) = OxigraphStore().select(bind(ROW, x=[value])).rows
    assert found == Literal(value.text, datatype=NamedNode(value.datatype))


@pytest.mark.parametrize("value", [Value("x", "no datatype"), Value("x", lang="no language"), Value("x", lang="e}n")])
def test_a_value_that_is_no_literal_is_refused(value: Value) -> None:
    with pytest.raises(BadInput, match="is no literal"):
        bind(ROW, x=[value])


# --- what is bound stays inside -------------------------------------------------------------------------------------

HOSTILE = st.one_of(
    TEXTS,
    st.lists(
        st.sampled_from(
            ['"', "'", "\\", "{", "}", "\n", "\r", "<", ">", "#", " UNION ", "?x", "ORDER BY", "FROM <a:g>", "\u2028"]
        ),
        max_size=12,
    ).map("".join),
)
INSIDE = "SELECT ?x ?n { VALUES ?x { } ?s <a:p> ?n . FILTER(?n > 1) } ORDER BY ?n"


@given(st.lists(HOSTILE, min_size=1, max_size=4))
def test_no_text_changes_what_a_query_asks(texts: list[str]) -> None:
    """The pattern beside the row finds what it would find, once for each text, and no triple is added or taken."""
    store = OxigraphStore()
    store.add(Quad(NamedNode(f"a:s{n}"), NamedNode("a:p"), Literal(n), NamedNode("a:g")) for n in (1, 2, 3))
    bound = bind(INSIDE, x=map(Value.of, texts))
    expected = sorted((str(Literal(text)), n) for text in set(texts) for n in (2, 3))
    assert sorted((str(x), int(n.value)) for x, n in store.select(bound).rows) == expected  # type: ignore[union-attr]  # both are bound to literals
    assert len(store) == 3


@given(st.lists(HOSTILE, min_size=1, max_size=4))
def test_no_text_changes_how_a_query_is_read_and_paged(texts: list[str]) -> None:
    """The endpoint store reads a query's text: what is bound in it must not pass for a part of it."""
    store = OxigraphStore()
    store.add(Quad(NamedNode(f"a:s{n}"), NamedNode("a:p"), Literal(n), NamedNode("a:g")) for n in (1, 2, 3))
    bound = bind(INSIDE, x=map(Value.of, texts))
    assert form_of(bound) == "SELECT"
    assert not names_its_graphs(bound)
    pages = [store.select(result_page(bound, ["x", "n"], 3, at)).rows for at in range(0, 9, 3)]
    assert sorted(map(str, store.select(bound).rows)) == sorted(str(row) for page in pages for row in page)
    assert [*store.select(count_of(bound)).dicts()] == [{"kg_rows": 2 * len(set(texts))}]


@given(st.text(st.sampled_from(FORBIDDEN + "abc:/#?%\n\t"), min_size=1, max_size=12))
def test_an_iri_with_a_forbidden_character_never_gets_into_a_query(tail: str) -> None:
    iri = f"https://example.org/{tail}"
    if set(tail) & set(FORBIDDEN + "\n\t"):
        with pytest.raises(BadInput, match="is no IRI"):
            bind(ROW, x=[iri])
        return
    try:
        assert bind(ROW, x=[iri]) == f"SELECT ?x {{ VALUES ?x {{ <{iri}> }} }}"
    except BadInput:
        assert "%" in tail or "#" in tail.partition("#")[2]


# --- rows -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", [None, [], ()])
def test_nothing_means_any_in_an_open_row_and_none_in_another(nothing: list[str] | None) -> None:
    store = OxigraphStore()
    assert store.select(bind(OPEN_ROW, x=nothing)).rows == ((None, Literal(1)),)
    assert store.select(bind(ROW, x=nothing)).rows == ()


def test_a_term_closes_an_open_row() -> None:
    found = OxigraphStore().select(bind(OPEN_ROW, x=["https://example.org/a"]))
    assert found.rows == ((NamedNode("https://example.org/a"), Literal(1)),)


def test_a_row_that_stands_several_times_is_filled_each_time() -> None:
    query = "SELECT ?x { { VALUES ?x { } } UNION { VALUES ?x { } } }"
    assert len(OxigraphStore().select(bind(query, x=["https://example.org/a"])).rows) == 2


def test_bound_terms_are_sorted_and_stand_once() -> None:
    bound = bind(ROW, x=["a:b", "a:a", "a:b"])
    assert bound == bind(ROW, x=["a:a", "a:b"]) == "SELECT ?x { VALUES ?x { <a:a> <a:b> } }"


def test_one_term_that_looks_like_a_row_is_not_filled_by_another() -> None:
    query = "SELECT ?x ?y { VALUES ?x { } VALUES ?y { } }"
    found = OxigraphStore().select(bind(query, x=[Value.of("VALUES ?y { }")], y=[Value.of("VALUES ?x { }")]))
    assert found.rows == ((Literal("VALUES ?y { }"), Literal("VALUES ?x { }")),)


@pytest.mark.parametrize("given_terms", [{}, {"y": ["a:a"]}, {"x": ["a:a"], "y": ["a:a"]}])
def test_missing_and_extra_names_are_refused(given_terms: dict[str, list[str]]) -> None:
    with pytest.raises(QueryError, match="stand alone") as caught:
        bind(ROW, **given_terms)
    for name in {"x"} ^ set(given_terms):
        assert f"'{name}'" in str(caught.value)


def test_a_query_without_rows_takes_no_terms() -> None:
    assert bind("ASK { ?s ?p ?o }") == "ASK { ?s ?p ?o }"
    with pytest.raises(QueryError, match="stand alone"):
        bind("ASK { ?s ?p ?o }", x=["a:a"])


def test_a_row_with_terms_of_its_own_is_left_alone() -> None:
    query = "SELECT ?x { VALUES ?x { <a:a> } }"
    assert bind(query) == query


# --- the query files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "nothing", "../errors", "find.rq", "Find", "find\n"])
def test_a_query_that_does_not_exist_is_refused_with_those_that_do(name: str) -> None:
    with pytest.raises(QueryError, match=r"There are: .*find, find_answer, gap"):
        load_query(name)


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_opens_with_a_comment_that_says_what_it_returns(name: str) -> None:
    first, *rest = load_query(name).splitlines()
    assert re.fullmatch(r"# [A-Z].{20,}", first)
    comment = " ".join(line for line in [first, *rest] if line.startswith("#"))
    if name.endswith("_answer"):
        selected = re.search(r"SELECT[^{]*?\{", load_query(name), re.DOTALL)
        assert selected is not None
        assert "?" in comment, "the comment of an answer names its columns"


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_parses_in_both_engines_as_it_stands(name: str) -> None:
    query = load_query(name)
    prepareQuery(query)
    Engine().query(query)


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_compares_a_variable_with_an_iri_late(name: str) -> None:
    """A FILTER(?x = <iri>) makes rdflib compute every row first; a VALUES row does not."""
    code = re.sub(r"^\s*#.*$", "", load_query(name), flags=re.MULTILINE)
    assert not re.findall(r"FILTER\s*\(\s*\?\w+\s*=\s*(?:<[^>]*>|\w*:\w+)\s*\)", code)
    assert not re.findall(r"FILTER\s*\(\s*(?:<[^>]*>|\w*:\w+)\s*=\s*\?\w+\s*\)", code)


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_asks_elsewhere_or_for_blank_nodes(name: str) -> None:
    code = re.sub(r"^\s*#.*$", "", load_query(name), flags=re.MULTILINE)
    assert not re.search(r"\bSERVICE\b|\bFROM\b|\bBNODE\b|_:|\[\s*\]", code)
