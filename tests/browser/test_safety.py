"""Hostile labels in every field: nothing runs, breaks or is asked for; from a file, a server and a notebook cell."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page

from kg.views.page import page_of
from tests.browser.conftest import Open, Watched, read, settle, until
from tests.browser.scenes import HOSTILE, hostile, lists

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def evil() -> Any:
    return page_of(hostile())


def use_everything(page: Page) -> None:
    """Choose every mark, open every part, search, save, switch: whatever writes a label anywhere."""
    for key in read(page, "visible"):
        page.evaluate("(key) => { location.hash = new URLSearchParams({ node: key }) }", key)
        until(page, "(key) => window.careerKg.selected() === key", key)
    for part in ("rows", "evidence", "list", "query"):
        page.locator(f"#{part} > summary").click()
    for box in page.locator("#legend input:visible").all()[:6]:
        box.uncheck()
        box.check()
    page.locator("#search").fill("<")
    settle(page)
    page.keyboard.press("Escape")
    at = read(page, "position", read(page, "visible")[-1]) or {"x": 600, "y": 400}
    page.mouse.move(at["x"], at["y"])
    settle(page)


def test_nothing_runs_from_a_file(open_page: Open, evil: Any) -> None:
    page = open_page(evil)
    assert len(read(page, "visible")) == len(HOSTILE)
    assert "__proto__" in read(page, "visible")
    use_everything(page)
    assert page.locator("h1").text_content() == HOSTILE[1]
    assert page.title() == HOSTILE[1]
    hrefs = page.evaluate("[...document.querySelectorAll('a')].map((a) => a.protocol)")
    assert set(hrefs) <= {"http:", "https:"}
    assert page.evaluate("document.querySelectorAll('img, iframe, object, embed, form').length") == 0
    assert page.evaluate("Object.keys(Object.prototype).length + ({}).kind === undefined") is False


def test_a_long_label_is_cut_on_the_canvas_and_whole_in_the_details(open_page: Open, evil: Any) -> None:
    page = open_page(evil)
    page.evaluate("(key) => { location.hash = new URLSearchParams({ node: key }) }", "x" * 10_000)
    until(page, "window.careerKg.selected()?.length === 10000")
    assert page.locator("#panel h2").text_content() == "x" * 10_000
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_text_keeps_its_direction_to_itself(open_page: Open, evil: Any) -> None:
    page = open_page(evil)
    assert page.evaluate("getComputedStyle(document.querySelector('h1 bdi')).unicodeBidi").startswith("isolate")
    drawn = [text for text in re.findall(r"<text[^>]*>([^<]*)</text>", read(page, "svg")) if text]
    assert all(text.startswith("\u2068") and text.endswith("\u2069") for text in drawn)
    assert "\u202e" not in "".join(drawn[-20:])


def test_a_saved_picture_is_well_formed_and_holds_no_script(open_page: Open, evil: Any) -> None:
    from xml.etree import ElementTree

    page = open_page(evil)
    svg = ElementTree.fromstring(read(page, "svg"))
    tags = {element.tag.rpartition("}")[2] for element in svg.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "g", "path", "text"}
    attributes = {name for element in svg.iter() for name in element.attrib}
    assert not [name for name in attributes if name.startswith("on") or "href" in name]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    (tmp_path / "www").mkdir()
    running = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "www")))
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield tmp_path / "www", f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.mark.slow
def test_nothing_runs_from_a_server_and_only_the_page_is_asked_for(
    chromium: Browser, evil: Any, server: tuple[Path, str]
) -> None:
    folder, address = server
    evil.save(folder / "page.html")
    seen, said = [], []
    context = chromium.new_context(reduced_motion="reduce")
    try:
        page = context.new_page()
        page.on("request", lambda request: seen.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{address}/page.html")
        page.wait_for_selector("html[data-state=ready]")
        use_everything(page)
        assert seen == [f"{address}/page.html"]
        assert said == []
        assert page.evaluate("window.__ran") is None
    finally:
        context.close()


@pytest.mark.parametrize("make", [lists, hostile])
def test_nothing_runs_in_the_frame_of_a_notebook_cell(
    chromium: Browser, watched: Watched, make: Any, tmp_path: Path
) -> None:
    """The frame is of no origin: it has no storage, no history, no way to what is around it."""
    cell = tmp_path / "cell.html"
    cell.write_text(
        f"<!doctype html><title>cell</title>{page_of(make())._repr_html_()}", encoding="utf-8", errors="replace"
    )
    context = chromium.new_context(viewport={"width": 1000, "height": 800}, reduced_motion="reduce")
    try:
        page = context.new_page()
        watched.watch(page)
        page.goto(cell.as_uri())
        handle = page.wait_for_selector("iframe")
        frame = handle.content_frame() if handle else None
        assert isinstance(frame, Frame)
        frame.wait_for_selector("html[data-state=ready]")
        assert frame.evaluate("origin") == "null"
        assert len(frame.evaluate("careerKg.visible()")) == len(make().marks)
        frame.locator("#zoom-in").click()
        frame.locator("#theme").click()
        frame.locator("#search").fill("e")
        frame.locator("#search").press("Enter")
        until(frame, "window.careerKg.selected() !== null")
        settle(page)
        assert (page.evaluate("window.__ran"), frame.evaluate("window.__ran")) == (None, None)
    finally:
        context.close()
