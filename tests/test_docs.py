"""The documentation shows what the commands print, has a page for every question, and no link that leads nowhere."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from kg.questions import QUESTIONS
from tests.examples import BLOCK, FLAGS, ROOT, console

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
#: What is read on a code host, whose links lead to files; a site has only what stands in `docs/`.
READ = [*PAGES, *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "notebooks/README.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    made = {re.sub(r"[^\w\- ]", "", heading.casefold()).strip().replace(" ", "-") for heading in headings}
    return made | set(re.findall(r"^::: (\S+)$", text, re.MULTILINE))


@pytest.mark.parametrize("path", [page for page in PAGES if "```console" in page.read_text(encoding="utf-8")], ids=name)
def test_console_blocks(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert BLOCK.findall(text) == BLOCK.findall(console(text)), "`make goldens` writes what is printed now"


@pytest.mark.parametrize("path", [page for page in PAGES if ">>> " in page.read_text(encoding="utf-8")], ids=name)
def test_python_blocks(path: Path) -> None:
    failed, tried = doctest.testfile(str(path), module_relative=False, optionflags=FLAGS)
    assert tried
    assert not failed


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_has_a_page_with_an_example(question: str) -> None:
    page = (DOCS / "questions" / f"{question}.md").read_text(encoding="utf-8")
    assert f"`{question}`" in page.splitlines()[0]
    assert re.search(rf"^\$ kg {question} ", page, re.MULTILINE)
    assert f"docs/questions/{question}.md" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", READ, ids=name)
def test_no_link_leads_nowhere(path: Path) -> None:
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue  # an address elsewhere: no test asks the network
        place, _, anchor = link.partition("#")
        target = (path.parent / place).resolve() if place else path
        assert target.exists(), f"{name(path)} leads to {link}"
        assert path not in PAGES or target.is_relative_to(DOCS), f"{link} is outside docs/, so the site lacks it"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{name(path)} leads to {link}"


def test_every_page_stands_in_the_navigation() -> None:
    shown = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert [page for page in PAGES if str(page.relative_to(DOCS)) not in shown] == []


def test_there_are_examples_enough() -> None:
    texts = [page.read_text(encoding="utf-8") for page in (ROOT / "README.md", *PAGES)]
    assert sum(len(BLOCK.findall(text)) for text in texts) >= 25
    assert sum(text.count("\n>>> ") for text in texts) >= 15
