"""Mermaid's own parser and renderer read what is exported.

They are the one file that Mermaid's makers publish for a page (no tree of packages, so nothing to lock but its
checksum), fetched by npm once into `build/` and run in the browser that the other tests use.
"""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import networkx as nx
import pytest
from playwright.sync_api import Browser, Page

import kg
from kg.exports.datasets import export
from kg.exports.mermaid import MOST_EDGES
from kg.handles.handle import KnowledgeGraph

VERSION = "11.17.2"
SHA256 = "581ed7d74bd9048d0e3a91363927d72ef22942d7722546b27f7cc29e35390eb8"
BUILD = Path(__file__).parents[2] / "build"
DRAW = """async text => {
    await mermaid.parse('flowchart LR');
    const read = await mermaid.mermaidAPI.getDiagramFromText(text);
    const counts = [read.db.getVertices().size, read.db.getEdges().length];
    mermaid.initialize({startOnLoad: false});
    document.body.innerHTML = (await mermaid.render('drawn', text)).svg;
    return counts;
}"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Mermaid for a page; the tests are skipped where npm or its registry is absent, since nothing else needs them."""
    kept = BUILD / f"mermaid-{VERSION}.min.js"
    if not kept.is_file():
        npm, folder = shutil.which("npm"), tmp_path_factory.mktemp("npm")
        if not npm:
            pytest.skip("npm is absent: Mermaid cannot be had")
        pack = [npm, "pack", f"mermaid@{VERSION}", "--silent", "--pack-destination", str(folder)]
        if subprocess.run(pack, capture_output=True, timeout=240).returncode:
            pytest.skip("the registry of npm does not answer: Mermaid cannot be had")
        with tarfile.open(folder / f"mermaid-{VERSION}.tgz") as archive:
            member = archive.extractfile("package/dist/mermaid.min.js")
            assert member is not None
            fresh = folder / kept.name
            fresh.write_bytes(member.read())
        BUILD.mkdir(exist_ok=True)
        shutil.move(fresh, kept)
    assert sha256(kept.read_bytes()).hexdigest() == SHA256
    return kept


@pytest.fixture
def page(chromium: Browser, script: Path) -> Iterator[Page]:
    """An empty page with Mermaid, cut off from the network."""
    with chromium.new_context(offline=True) as context:
        opened = context.new_page()
        opened.set_content("<body></body>")
        opened.add_script_tag(content=script.read_text(encoding="utf-8"))
        yield opened


def test_hard_names_are_drawn_as_they_are(page: Page, tmp_path: Path) -> None:
    labels = [
        *(
            'say "hi"',
            "end",
            "a#35;b",
            "<b>x</b>",
            "`md`",
            "**bold**",
            "مهندس",
            "a\nb\x00",
            "%% no",
            "x]--> y",
            "graph",
        ),
        *(
            "; |",
            "&amp;",
            "C#",
            "click n0 call alert(1)",
            "1. one",
            "- two",
            "\u202eleft",
            "👩‍💻",
            "naïve Bayes",
            "数据",
        ),
    ]
    career: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number, label in enumerate(labels):
        career.add_node(f"https://example.org/{number:02}", label=label, kind="skill")
        career.add_edge("https://example.org/00", f"https://example.org/{number:02}", relation="hasPrerequisite")
    text = export(kg.from_networkx(career), "mermaid", tmp_path / "hard.mmd").place.read_text(encoding="utf-8")
    assert page.evaluate(DRAW, text) == [len(labels), len(labels)]
    drawn = [" ".join(found.split()) for found in page.locator("svg .node").all_text_contents()]
    written = [
        "".join(char for char in " ".join(label.split()) if char.isprintable() or char in "\u202e\u200d")
        for label in labels
    ]
    assert sorted(drawn) == sorted(text.replace("\u202e", "").replace("\u200d", "") for text in written)
    assert page.locator("svg b, svg strong, svg code, svg script").count() == 0


@pytest.mark.parametrize("name", ["Data Engineer", "AI-103", "Python"])
def test_a_slice_is_drawn_whole(name: str, shipped: KnowledgeGraph, page: Page, tmp_path: Path) -> None:
    done = export(shipped, "mermaid", tmp_path / "slice.mmd", about=[name])
    lines = done.place.read_text(encoding="utf-8").splitlines()
    nodes, edges = sum('"' in line and "|" not in line for line in lines), sum("|" in line for line in lines)
    assert page.evaluate(DRAW, "\n".join(lines)) == [nodes, edges]
    assert page.locator("svg .node").count() == nodes > 5
    assert page.locator("svg path.flowchart-link").count() == edges > 5


def test_more_edges_than_mermaid_draws_are_said(shipped: KnowledgeGraph, page: Page, tmp_path: Path) -> None:
    done = export(shipped, "mermaid", tmp_path / "all.mmd")
    (beyond,) = (loss.count for loss in done.lost if loss.what.startswith("edges beyond"))
    lines = done.place.read_text(encoding="utf-8").splitlines()
    edges = [line for line in lines if "|" in line]
    assert len(edges) == MOST_EDGES + beyond
    reading = "async text => (await mermaid.parse(text)).diagramType"
    with pytest.raises(Exception, match=f"the limit is {MOST_EDGES}"):
        page.evaluate(reading, "\n".join(lines))
    few = [line for line in lines if line not in set(edges[MOST_EDGES:])]
    assert page.evaluate(reading, "\n".join(few)) == "flowchart-v2"
