"""One file with live SPARQL, in Chromium with the network off: every query of the library, errors, pictures, files."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pyoxigraph import Literal, NamedNode, Quad

import kg
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import FetchError
from kg.model.rdf_text import write_trig
from kg.model.shipped import read_data
from kg.model.terms import PREFIXES
from kg.web.examples import examples
from kg.web.sparql_page import sparql_page
from kg.web.vendored import Engine, oxigraph
from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser

DECLARED = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Oxigraph for the browser: from the cache, or fetched."""
    try:
        return oxigraph()
    except FetchError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def file(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the shipped dataset."""
    path = tmp_path_factory.mktemp("sparql") / "sparql.html"
    path.write_bytes(sparql_page(read_data("career-kg.trig"), engine=engine))
    return path


def opened(chromium: Browser, watched: Watched, file: Path, **options: str) -> Page:
    context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 900}, **options)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    context.route("**/*", watched.route)
    page = context.new_page()
    watched.watch(page)
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-state=ready]", state="attached")
    return page


@pytest.fixture
def page(chromium: Browser, watched: Watched, file: Path) -> Iterator[Page]:
    page = opened(chromium, watched, file)
    yield page
    page.context.close()


def ask(page: Page, query: str) -> str:
    """Write a query into the editor, run it, and return what the page says."""
    page.evaluate("(text) => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", query)
    return run(page)


def run(page: Page) -> str:
    page.click("#run")
    page.wait_for_selector("#status[data-state=done], #status[data-state=error]")
    return page.inner_text("#status")


def table(page: Page) -> list[list[str]]:
    cells = (
        "() => [...document.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => cell.innerText))"
    )
    return list(page.evaluate(cells))


def test_it_is_about_two_megabytes_and_starts_in_about_a_second(
    page: Page, file: Path, shipped: KnowledgeGraph
) -> None:
    assert file.stat().st_size < 3_000_000
    quads = len(list(shipped.store.quads()))
    assert page.inner_text("#status") == f"Ready: {quads:,} quads."
    assert int(page.get_attribute("html", "data-started") or "") < 10_000  # 0.6 s on a machine that does nothing else


def test_the_policy_lets_nothing_out(file: Path) -> None:
    text = file.read_text()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy.startswith("default-src &#39;none&#39;; script-src &#39;sha256-")
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
    assert "http" not in policy
    assert not re.findall(r'(?:src|href)="(?!#)', text)


def test_every_query_of_the_library_finds_what_the_store_finds(page: Page) -> None:
    g = kg.open(as_of="2026-11-22")
    found = {}
    for query in examples(g.store.quads()):
        page.select_option("#library", query.name)
        said = run(page)
        text = DECLARED + query.text
        number = len(g.store.select(text).rows) if "row" in said else len(g.store.construct(text))
        assert said.startswith(f"{number} "), (query.name, said)
        found[query.name] = number
    assert len(found) > 30
    assert sum(number > 0 for number in found.values()) > len(found) * 3 / 4


def test_a_table_sorts_and_its_names_are_described(page: Page) -> None:
    values = (
        'VALUES (?role ?n ?t) { (role:ai-engineer 10 "b") (role:data-engineer 9 "a") (<javascript:alert(1)> 1 "ä") }'
    )
    assert ask(page, f"SELECT ?role ?n ?t {{ {values} }}").startswith("3 rows")
    page.click("th >> text=n")
    assert [row[1] for row in table(page)] == ["1", "9", "10"]
    assert page.get_attribute("th:nth-child(2)", "aria-sort") == "ascending"
    page.click("th >> text=n")
    assert [row[1] for row in table(page)] == ["10", "9", "1"]
    assert page.query_selector_all("tbody a") == []  # neither our own names nor other schemes are links
    page.click("tbody button >> text=role:ai-engineer")
    page.wait_for_selector("text=/triples? in/")
    assert "DESCRIBE <https://w3id.org/career-kg/role/ai-engineer>" in page.evaluate(
        "document.querySelector('.CodeMirror').CodeMirror.getValue()"
    )
    outside = page.query_selector("tbody a")
    assert outside is not None
    assert outside.get_attribute("rel") == "noopener noreferrer"
    page.go_back()
    page.wait_for_selector("text=3 rows")


def test_long_tables_are_shown_in_steps(page: Page) -> None:
    assert ask(page, "SELECT * { ?s ?p ?o } LIMIT 1200").startswith("1200 rows")
    assert len(table(page)) == 500
    page.click("text=Show 500 more of 1200 rows")
    page.click("text=Show 200 more of 1200 rows")
    assert len(table(page)) == 1200


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * {\n  ?s ?p }", "Line 2, column 10: it cannot be read from here on."),
        ("SELECT * { ?s nope:p ?o }", "Line 1, column "),
        ("DELETE WHERE { ?s ?p ?o }", "This page reads the dataset."),
    ],
)
def test_errors_say_where(page: Page, query: str, said: str) -> None:
    found = ask(page, query)
    assert found.startswith(said)
    assert page.get_attribute("#status", "data-state") == "error"
    assert page.is_hidden("#results")


def test_a_query_that_takes_too_long_is_stopped_and_the_next_one_runs(page: Page) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?a) < STR(?i)) }"
    page.evaluate("(text) => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", endless)
    page.click("#run")
    page.wait_for_selector("#status[data-state=running]")
    page.wait_for_timeout(300)
    page.click("#stop")
    page.wait_for_selector("text=Stopped.")
    assert ask(page, "ASK { role:ai-engineer a kg:Role }").startswith("Answered")
    assert page.inner_text("#table") == "Yes."


def test_named_graphs_are_heard(page: Page) -> None:
    counts = []
    for clause in ("", "FROM source:article"):
        ask(page, f"SELECT (COUNT(*) AS ?n) {clause} {{ ?s ?p ?o }}")
        counts.append(int(table(page)[0][0]))
    assert 0 < counts[1] < counts[0] / 5


def test_pictures(page: Page) -> None:
    page.select_option("#library", "why")
    run(page)
    page.click("#tab-picture")
    page.wait_for_selector("#picture[data-drawn=network]")
    assert re.search(r"\d+ things, \d+ lines", page.inner_text("#picture"))
    assert page.query_selector("#picture canvas")
    page.click("text=Fit")
    page.select_option("#library", "demand-per-skill")
    run(page)
    page.wait_for_selector("#picture[data-drawn=bars]")
    assert len(page.query_selector_all(".bars li")) == 40
    ask(page, "SELECT ?s { ?s a kg:Role }")
    page.wait_for_selector("text=Nothing to draw")
    ask(page, "SELECT ?a ?b { ?a kg:leadsTo ?b }")
    page.wait_for_selector("#picture[data-drawn=network]")


def test_downloads(page: Page) -> None:
    ask(page, 'SELECT ?a ?b { VALUES (?a ?b) { ("=1+1" -5) ("x, \\"y\\"\\nz" UNDEF) } }')
    with page.expect_download() as caught:
        page.click("#save-csv")
    rows = list(csv.reader(io.StringIO(caught.value.path().read_bytes().decode(), newline="")))
    assert rows == [["a", "b"], ["'=1+1", "-5"], ['x, "y"\nz', ""]]
    with page.expect_download() as caught:
        page.click("#save-json")
    assert len(json.loads(caught.value.path().read_text())["results"]["bindings"]) == 2
    ask(page, "DESCRIBE role:ai-engineer")
    with page.expect_download() as caught:
        page.click("#save-ttl")
    assert "https://w3id.org/career-kg/role/ai-engineer" in caught.value.path().read_text()


def test_the_keyboard_is_enough(page: Page) -> None:
    page.focus(".CodeMirror textarea")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#status[data-state=done]")
    page.keyboard.press("Tab")  # the editor does not keep it
    assert page.evaluate("document.activeElement.id") == "run"
    page.focus("#tab-table")
    page.keyboard.press("ArrowRight")
    assert page.get_attribute("#tab-picture", "aria-selected") == "true"
    page.wait_for_selector("#picture[data-drawn=bars]")


def test_names_are_completed(page: Page) -> None:
    text = "SELECT * { ?s kg:requiresE"
    page.evaluate("(text) => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", text)
    page.focus(".CodeMirror textarea")
    page.keyboard.press("Control+End")
    page.keyboard.press("Control+Space")
    page.wait_for_selector(".CodeMirror-hint")
    assert page.inner_text(".CodeMirror-hints") == "kg:requiresEssential"
    page.keyboard.press("Enter")
    value = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    assert value == "SELECT * { ?s kg:requiresEssential"


def test_it_says_nothing_of_undeclared_prefixes(page: Page) -> None:
    ask(page, "SELECT ?s { ?s a kg:Role }")
    assert page.query_selector_all(".parseErrorIcon") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible(chromium: Browser, watched: Watched, file: Path, scheme: str) -> None:
    page = opened(chromium, watched, file, color_scheme=scheme)
    ask(page, "SELECT ?s ?o { ?s kg:leadsTo ?o } LIMIT 5")
    found = Axe().run(page)
    page.context.close()
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found.response["violations"]] == []


def test_hostile_data_stays_text(chromium: Browser, watched: Watched, engine: Engine, tmp_path: Path) -> None:
    """Labels, IRIs and graph names of others run nothing, and end no script."""
    evil = '</script><img src=x onerror="window.__ran=1"><script>window.__ran=2</script>'
    node = NamedNode("https://w3id.org/career-kg/role/x")
    label = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    said = [
        Quad(node, label, Literal(evil, language="en")),
        Quad(node, kind, NamedNode("https://w3id.org/career-kg/ontology#Role")),
        Quad(node, NamedNode("https://w3id.org/career-kg/ontology#leadsTo"), NamedNode("javascript:window.__ran=3")),
        Quad(
            NamedNode("https://w3id.org/career-kg/dataset"), NamedNode("http://purl.org/dc/terms/title"), Literal(evil)
        ),
    ]
    file = tmp_path / "hostile.html"
    file.write_bytes(sparql_page(write_trig(said), engine=engine))
    page = opened(chromium, watched, file)
    ask(page, "CONSTRUCT WHERE { ?s ?p ?o }")
    assert evil in page.inner_text("#table")
    page.click("#tab-picture")
    page.wait_for_selector("#picture[data-drawn=network]")
    assert page.evaluate("window.__ran") is None
    page.context.close()
