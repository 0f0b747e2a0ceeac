"""The pages for people: found, escaped, linked, without scripts."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

import pytest

from kg.handles.handle import KnowledgeGraph
from kg.handles.opening import open as open_graph
from kg.web import pages
from kg.web.pictures import PICTURES, picture
from tests.conftest import DAY
from tests.strategies import Career
from tests.web.server import Server

HOSTILE = "</title><script>window.__ran=1</script><img src=x onerror=window.__ran=1>\"'{{7*7}}"


class Tags(HTMLParser):
    """Collects the elements of a page with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.found if found == tag]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """A graph whose labels would run, were they not escaped."""
    turtle = tmp_path_factory.mktemp("hostile") / "hostile.ttl"
    label = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
    turtle.write_text(
        "@prefix kg: <https://w3id.org/career-kg/ontology#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        f'<https://w3id.org/career-kg/skill/bad> a kg:Skill ; skos:prefLabel "{label}"@en ; skos:altLabel "bad"@en ;\n'
        f'  skos:definition "{label}"@en ; <https://schema.org/url> "javascript:alert(1)" .\n'
    )
    return open_graph(turtle, as_of=DAY)


def test_home_counts_and_leads_to_every_role(shipped: KnowledgeGraph, whole: Career) -> None:
    html = pages.home(shipped)
    kinds = Counter(data.get("kind") for _, data in whole.nodes(data=True))
    assert f"<strong>{kinds['role']}</strong> roles" in html
    assert f"<strong>{kinds['activity']}</strong> activities" in html
    links = [link["href"] for link in Tags(html).all("a")]
    assert "/node?iri=https%3A//w3id.org/career-kg/role/ai-engineer" in links
    assert "/picture/roadmap?of=https%3A//w3id.org/career-kg/role/ai-engineer" in links


def test_search_finds_and_says_what_it_found(shipped: KnowledgeGraph) -> None:
    html = pages.search(shipped, "sklearn")
    assert "scikit-learn" in html
    assert "/node?iri=https%3A//w3id.org/career-kg/tool/scikit-learn" in html
    assert "Nothing answers to" in pages.search(shipped, "qqqqqqqqqqqqqq") or "close" in pages.search(shipped, "qqqqqq")
    assert "exam code above" in pages.search(shipped, "   ")


def test_a_card_has_what_show_says_and_links_its_neighbours(shipped: KnowledgeGraph) -> None:
    html = pages.card(shipped, "https://w3id.org/career-kg/role/ai-engineer")
    assert "Requires (71)" in html
    links = [link["href"] for link in Tags(html).all("a")]
    assert "/node?iri=https%3A//w3id.org/career-kg/tool/python" in links


def test_hostile_labels_are_text(hostile: KnowledgeGraph) -> None:
    for html in (pages.search(hostile, "bad"), pages.card(hostile, "bad"), pages.message(HOSTILE, HOSTILE)):
        found = Tags(html)
        assert found.all("script") == found.all("img") == found.all("b") == []
        assert not [link for link in found.all("a") if str(link.get("href")).startswith("javascript:")]
        assert "49" not in html, "a label is no template"
    echoed = Tags(pages.search(hostile, HOSTILE))
    assert echoed.all("script") == []
    assert [field["value"] for field in echoed.all("input") if field.get("name") == "q"] == [HOSTILE]


def test_the_editor_carries_the_library_and_no_script_of_its_own() -> None:
    html = pages.editor(timeout=30, rows=1000, size=7)
    scripts = Tags(html).all("script")
    assert [script.get("src") for script in scripts] == ["/assets/yasqe.min.js", "/assets/console.js", None]
    assert scripts[-1]["type"] == "application/json"
    assert "demand-per-skill" in html
    assert "after 1,000 rows" in html


@pytest.mark.parametrize(("question", "names"), [("show", ["AI-102"]), ("overlap", ["AI Engineer", "ML Engineer"])])
def test_pictures_are_whole_pages(shipped: KnowledgeGraph, question: str, names: list[str]) -> None:
    assert picture(shipped, question, names).startswith("<!doctype html>")


@pytest.mark.parametrize(("question", "names"), [("nothing", []), ("overlap", ["one"]), ("atlas", ["one"])])
def test_pictures_that_are_not_there(shipped: KnowledgeGraph, question: str, names: list[str]) -> None:
    with pytest.raises(LookupError, match="picture"):
        picture(shipped, question, names)


@pytest.mark.servers
@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/", 200, "career-kg facts"),
        ("/search?q=python", 200, "Python"),
        ("/search", 200, "exam code above"),
        ("/node?iri=https://w3id.org/career-kg/tool/python", 200, "Python"),
        ("/node?name=AI-102", 200, "Azure AI Engineer"),
        ("/node?name=databricks", 404, "may mean"),
        ("/node?iri=https://example.org/nothing", 404, "Not found"),
        ("/node", 404, "Not found"),
        ("/picture/similar?of=AI+Engineer", 200, "<!doctype html>"),
        ("/picture/overlap?of=AI+Engineer", 404, "2 to 5 names"),
        ("/picture/nothing", 404, "No picture"),
        ("/picture/show?of=%3Cscript%3Ealert(1)%3C/script%3E", 404, "&lt;script&gt;"),
        ("/sparql.html", 200, "yasqe"),
        ("/nope", 404, "There is no page"),
    ],
)
def test_addresses(server: Server, path: str, status: int, said: str) -> None:
    answer = server.get(path)
    assert (answer.status, answer.kind) == (status, "text/html")
    assert said in answer.text


def test_every_picture_has_a_question() -> None:
    import kg

    for name, (least, most, ask) in PICTURES.items():
        assert 1 <= least <= most
        assert name == "gap" or ask is getattr(kg, name)


def test_assets_are_in_the_package() -> None:
    from kg.web.app import _ASSETS

    for text, _ in _ASSETS.values():
        assert text()
