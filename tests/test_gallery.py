"""The pages of a release: each one file that loads nothing, the same on every build, and an index that leads to all."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kg.exports.vocabulary import read_vocabulary
from kg.handles.opening import open as open_graph
from kg.model.terms import KG
from kg.names.lookup import ASKABLE
from kg.releases.building import build
from kg.sources.starting import init
from kg.views.packing import unpack

EXPORTS = Path(__file__).parents[1] / "exports"
DATA = {"career-kg.trig", "career-kg.ttl", "career-kg.jsonld", "career-kg.graphml", "answer.schema.json"}
PICTURES = {
    "overlap.html",
    "gap-to-ai-engineer.html",
    "gap-to-ml-engineer.html",
    "roadmap-ai-engineer.html",
    "roadmap-ml-engineer.html",
    "disagree.html",
    "atlas.html",
}
PAGES = {*PICTURES, "ontology.html", "index.html"}
PACKED = re.compile(r'(<script type="application/octet-stream"[^>]*>)([^<]+)(</script>)')


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the shipped facts."""
    out = tmp_path_factory.mktemp("release")
    build(out=out)
    return out


def unpacked(page: str) -> str:
    """Return a page with its compressed parts decompressed: what compresses differs from machine to machine."""
    return PACKED.sub(lambda found: found[1] + unpack(found[2]).decode() + found[3], page)


class Links(HTMLParser):
    """The links of a page, its anchors, and whatever would load something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.loads: list[str] = []
        self.policy = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a":
            self.links.append(found["href"] or "")
        self.anchors.add(found.get("id") or "")
        address = found.get("src") or (found.get("href") if tag != "a" else "") or ""
        if address and not address.startswith("data:"):
            self.loads.append(address)
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"] or ""


def test_a_release_has_the_data_the_pages_and_nothing_else(built: Path) -> None:
    assert {path.name for path in built.iterdir()} == DATA | PAGES


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_pages_of_the_release_are_what_the_facts_give(built: Path, name: str) -> None:
    made, kept = (unpacked((folder / name).read_text(encoding="utf-8")) for folder in (built, EXPORTS))
    assert made == kept, f"exports/{name} is not what the facts give: run `kg build`"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_one_file_that_loads_nothing(built: Path, name: str) -> None:
    page = (built / name).read_text(encoding="utf-8")
    found = Links(page)
    assert found.loads == []
    assert found.policy.startswith("default-src 'none'")
    assert "unsafe" not in found.policy
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digests = [f"'sha256-{b64encode(sha256(one.encode()).digest()).decode()}'" for one in style]
    assert digests
    assert all(digest in found.policy for digest in digests)
    assert not re.search(r"@import|url\(", "".join(style))
    assert "2026-11-22" in page or name == "ontology.html"
    # The atlas holds every node of the dataset: 400 bytes for each, beside the frame that every page has.
    nodes = sum(len(open_graph().index.of_kind(kind)) for kind in ASKABLE) if name == "atlas.html" else 0
    assert len(page) < (220_000 + 400 * nodes if nodes else 450_000)


def test_the_index_leads_to_every_page_and_every_file(built: Path) -> None:
    page = (built / "index.html").read_text(encoding="utf-8")
    found = Links(page)
    assert {*found.links} == (DATA | PAGES) - {"index.html"}
    for name in DATA:
        content = (built / name).read_bytes()
        assert sha256(content).hexdigest() in page, name
    assert page.count("<svg") == len(PICTURES), "each picture has a small one"


def test_the_index_names_the_command_that_makes_each_page(built: Path) -> None:
    import html

    page = (built / "index.html").read_text(encoding="utf-8")
    commands = [html.unescape(found) for found in re.findall(r"<code>(kg draw .*?)</code>", page)]
    assert len(commands) == len(PICTURES)
    assert 'kg draw gap "AI Engineer" --from "Machine Learning Engineer"' in commands


def test_the_vocabulary_page_defines_every_term(built: Path) -> None:
    page = (built / "ontology.html").read_text(encoding="utf-8")
    found = Links(page)
    terms = [term for _, part in read_vocabulary().parts for term in part]
    own = {iri for name, iri in vars(KG).items() if isinstance(iri, str) and not name.startswith("_")}
    assert own <= {term.iri for term in terms}
    for term in terms:
        assert term.definition, term.name
        assert term.question, term.name
        assert term.anchor in found.anchors
    inside = {link.removeprefix("#") for link in found.links if link.startswith("#")}
    assert inside == found.anchors - {""}
    assert all(link.startswith(("#", "http://", "https://")) for link in found.links)


def test_facts_of_your_own_have_an_atlas_and_an_index(tmp_path: Path) -> None:
    init(tmp_path / "mine")
    files = build([tmp_path / "mine"], out=tmp_path / "out").files
    assert {path.name for path in files} == DATA | {"atlas.html", "index.html"}
    found = Links((tmp_path / "out" / "index.html").read_text(encoding="utf-8"))
    assert {*found.links} == DATA | {"atlas.html"}
    whole = open_graph(tmp_path / "out" / "career-kg.trig", as_of="2026-11-22")
    page = unpacked((tmp_path / "out" / "atlas.html").read_text(encoding="utf-8"))
    for node in whole.names.nodes.values():
        assert node["label"] in page


def test_hostile_names_are_only_text(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(
        "source: mine\n"
        "sources: [{id: mine, title: '<script>alert(1)</script>', date: '2026-11-01', origin: source}]\n"
        "roles: [{id: r, label: '</script><img src=x onerror=alert(1)>', "
        "requires: [{skill: s, essential: true, source: mine}]}]\n"
        "skills: [{id: s, label: '\"><svg onload=alert(1)>', category: practice, definition: x}]\n",
        encoding="utf-8",
    )
    build([tmp_path / "facts.yaml"], out=tmp_path / "out")
    for name in ("index.html", "atlas.html"):
        page = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert "<img" not in page
        assert "<svg onload" not in page
        assert Links(page).loads == []
