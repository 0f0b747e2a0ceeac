"""The served pages in a browser: nothing is fetched from elsewhere, the console is silent, the editor runs queries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.browser.conftest import Watched
from tests.conftest import DAY
from tests.web.server import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.servers]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--timeout", "2", "--as-of", DAY) as started:
        yield started


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(accept_downloads=True)
    made.set_default_timeout(20_000)
    yield made
    made.close()


@pytest.fixture
def visit(context: BrowserContext, server: Server) -> Iterator[Page]:
    """A page on which no address but the server's is within reach, and the console stays silent."""
    elsewhere: list[str] = []

    def route(route: Route) -> None:
        if route.request.url.startswith(server.url):
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    context.route("**/*", route)
    page = context.new_page()
    seen = Watched()
    page.on("console", lambda message: seen.said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: seen.said.append(f"error: {error}"))
    yield page
    assert elsewhere == []
    assert [said for said in seen.said if "the server responded with a status of 4" not in said] == []


def test_a_visitor_finds_a_card_and_its_neighbours(visit: Page, server: Server) -> None:
    visit.goto(server.url)
    visit.get_by_role("searchbox").fill("sklearn")
    visit.keyboard.press("Enter")
    visit.get_by_role("link", name="scikit-learn").click()
    assert visit.get_by_role("heading", level=1).inner_text() == "scikit-learn"
    neighbour = visit.locator("main td a[href^='/node']").first
    name = neighbour.inner_text()
    neighbour.click()
    assert visit.get_by_role("heading", level=1).inner_text() == name
    visit.get_by_role("link", name="Neighbourhood as a picture").click()
    visit.wait_for_selector("html[data-state=ready]")


def test_two_roles_are_compared_from_the_first_page(visit: Page, server: Server) -> None:
    visit.goto(server.url)
    visit.get_by_label("One role").select_option("AI Engineer")
    visit.get_by_label("Another").select_option("Machine Learning Engineer")
    visit.get_by_role("button", name="Compare").click()
    visit.wait_for_selector("html[data-state=ready]")
    assert "AI Engineer" in visit.title()


def ask(visit: Page, query: str) -> None:
    """Write a query into the editor and run it."""
    visit.evaluate("text => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", query)
    visit.get_by_role("button", name="Run").click()


def test_the_editor_runs_queries_and_says_what_is_wrong(visit: Page, server: Server, tmp_path: Path) -> None:
    visit.goto(f"{server.url}/sparql.html")
    visit.wait_for_selector("html[data-state=ready]")
    ask(visit, "SELECT ?role { ?role a kg:Role } ORDER BY ?role LIMIT 12")
    visit.wait_for_selector("#table table")
    assert visit.locator("#table tbody tr").count() == 12
    assert visit.locator("#status").inner_text().startswith("12 rows in ")
    visit.get_by_role("columnheader", name="role").get_by_role("button").click()
    assert visit.locator("#table th[aria-sort=ascending]").count() == 1
    with visit.expect_download() as waiting:
        visit.get_by_role("button", name="CSV").click()
    waiting.value.save_as(tmp_path / "result.csv")
    assert len((tmp_path / "result.csv").read_text(encoding="utf-8").splitlines()) == 13

    ask(visit, "CONSTRUCT WHERE { ?a skos:broader ?b }")
    visit.wait_for_selector("#save-ttl:visible")
    visit.get_by_role("tab", name="Picture").click()
    visit.wait_for_selector("#picture[data-drawn=network]")
    with visit.expect_download() as waiting:
        visit.get_by_role("button", name="Turtle").click()
    waiting.value.save_as(tmp_path / "result.ttl")
    assert "skos:broader" in (tmp_path / "result.ttl").read_text(encoding="utf-8")

    ask(visit, "SELECT ?x\n{ ?x a foo:Role }")
    visit.wait_for_selector("#status[data-state=error]")
    assert "line 2, column 8" in visit.locator("#status").inner_text()


def test_the_editor_reads_triples_of_every_kind(visit: Page, server: Server) -> None:
    visit.goto(f"{server.url}/sparql.html")
    visit.wait_for_selector("html[data-state=ready]")
    ask(visit, 'CONSTRUCT { [] role:x ?v } { VALUES ?v { "a \\"b\\" \\n é 😀"@en 1.5 "x"^^kg:t role:y } }')
    visit.wait_for_selector("#table table")
    cells = sorted(visit.locator("#table tbody tr td:nth-child(3)").all_inner_texts())
    assert cells == ["1.5", 'a "b" é 😀@en', "role:y", "x"]


def test_the_editor_stops_and_completes(visit: Page, server: Server) -> None:
    visit.goto(f"{server.url}/sparql.html")
    visit.wait_for_selector("html[data-state=ready]")
    many = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?g) }"
    ask(visit, many)
    visit.get_by_role("button", name="Stop").click()
    visit.wait_for_selector("#status[data-state=error]")
    assert visit.locator("#status").inner_text().endswith("Stopped.")
    visit.evaluate("document.querySelector('.CodeMirror').CodeMirror.setValue('SELECT * { ?x a kg:Rol')")
    visit.evaluate("(e => { e.focus(); e.execCommand('goDocEnd'); })(document.querySelector('.CodeMirror').CodeMirror)")
    visit.keyboard.press("Control+Space")
    visit.wait_for_selector(".CodeMirror-hints")
    assert "kg:Role" in visit.locator(".CodeMirror-hints").inner_text()


def test_what_the_graph_holds_is_shown_as_text(visit: Page, server: Server) -> None:
    visit.goto(f"{server.url}/sparql.html")
    visit.wait_for_selector("html[data-state=ready]")
    ask(visit, "SELECT ('<img src=x onerror=window.__ran=1>' AS ?x) (IRI('javascript:window.__ran=1') AS ?y) {}")
    visit.wait_for_selector("#table table")
    assert visit.locator("#table img").count() == 0
    assert visit.locator("#table a").get_attribute("href") == "/node?iri=javascript%3Awindow.__ran%3D1"
    assert visit.evaluate("window.__ran") is None


@pytest.mark.parametrize("path", ["/", "/search?q=python", "/node?name=AI-102", "/sparql.html", "/nope"])
def test_pages_are_accessible(visit: Page, server: Server, path: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    visit.goto(server.url + path)
    visit.wait_for_load_state("networkidle")
    found = Axe().run(visit).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize("path", ["/", "/search?q=python", "/node?name=AI-102", "/sparql.html"])
@pytest.mark.parametrize("scripts", [True, False])
def test_pages_fit_a_phone_with_and_without_scripts(
    chromium: Browser, server: Server, path: str, scripts: bool
) -> None:
    made = chromium.new_context(viewport={"width": 380, "height": 800}, java_script_enabled=scripts)
    try:
        page = made.new_page()
        page.goto(server.url + path)
        assert page.get_by_role("heading", level=1).is_visible()
        if scripts:
            assert page.evaluate("document.documentElement.scrollWidth") <= 380
    finally:
        made.close()


def test_without_scripts_the_editor_is_a_form(chromium: Browser, server: Server) -> None:
    made = chromium.new_context(java_script_enabled=False)
    try:
        page = made.new_page()
        page.goto(f"{server.url}/sparql.html")
        assert page.locator("textarea[name=query]").is_visible()
        with page.expect_response(lambda response: "/sparql?query=" in response.url) as waiting:
            page.get_by_role("button", name="Run").click(no_wait_after=True)
        assert waiting.value.status == 200
    finally:
        made.close()
