"""A real JupyterLab in a real browser: cells run, pictures answer, an untrusted notebook still says everything."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest
from nbformat import v4
from playwright.sync_api import Browser, Dialog, Frame, Page

import kg
from kg.views.page import page_of
from tests.browser.conftest import read, until
from tests.browser.scenes import hostile

pytestmark = pytest.mark.browser

DAY = "2026-11-22"
ROOT = Path(__file__).parents[2]


class Lab:
    """A JupyterLab on a folder, its address, and what its pages asked for elsewhere or said of ours."""

    def __init__(self, address: str, folder: Path, browser: Browser) -> None:
        self.address, self.folder, self.browser = address, folder, browser
        self.elsewhere: list[str] = []
        self.said: list[str] = []

    def open(self, name: str) -> Page:
        page = self.browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(60_000)
        page.on("request", lambda request: self._asked(request.url))
        page.on(
            "console",
            lambda message: self.said.append(message.text) if "about:srcdoc" in str(message.location) else None,
        )
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("dialog", self._dialog)
        page.goto(f"{self.address}/lab/workspaces/{Path(name).stem}/tree/{name}")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        return page

    def _dialog(self, dialog: Dialog) -> None:
        self.said.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _asked(self, url: str) -> None:
        if not url.startswith((self.address, self.address.replace("http", "ws"), "data:", "blob:", "about:")):
            self.elsewhere.append(url)


@pytest.fixture(scope="module")
def lab(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    home = tmp_path_factory.mktemp("lab")
    folder = home / "work"
    folder.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    places = {
        name: str(home / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    settings = ("--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1", "--IdentityProvider.token=")
    more = ("--LabApp.expose_app_in_browser=True", "--LabApp.news_url=", f"--ServerApp.root_dir={folder}")
    with (home / "log").open("wb") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *settings, *more],
            env={**os.environ, **places, "PYTHONPATH": str(ROOT)},
            stdout=log,
            stderr=log,
        )
        try:
            found = Lab(f"http://127.0.0.1:{port}", folder, chromium)
            for _ in range(240):
                try:
                    urlopen(f"{found.address}/api/status", timeout=5)
                    break
                except (URLError, OSError):
                    assert started.poll() is None, (home / "log").read_text()
                    time.sleep(0.25)
            else:
                pytest.fail("JupyterLab did not start")
            yield found
            assert found.elsewhere == []
            assert found.said == []
            assert [path.name for path in folder.iterdir() if path.suffix != ".ipynb" and path.name[0] != "."] == []
        finally:
            started.terminate()
            started.wait(20)


def write(folder: Path, name: str, *cells: Any) -> Path:  # notebook nodes
    path = folder / name
    about = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(v4.new_notebook(cells=[*cells], metadata=about), path)  # type: ignore[no-untyped-call]  # nbformat has no annotations
    return path


def shown(what: Any) -> Any:  # a cell with an answer or a page as its saved output
    made: Any = v4.new_code_cell("…")  # type: ignore[no-untyped-call]  # as above
    made.outputs = [v4.new_output("execute_result", data=what._repr_mimebundle_(), execution_count=1)]  # type: ignore[no-untyped-call]  # as above
    return made


def picture(page: Page) -> Frame:
    """Return the frame of the first picture, once it is drawn."""
    held = page.wait_for_selector(".jp-OutputArea iframe[srcdoc]").content_frame()  # type: ignore[union-attr]  # it waits
    assert held is not None
    until(held, "() => document.documentElement.dataset.state === 'ready'")
    return held


def run_all(page: Page) -> None:
    page.wait_for_function("() => window.jupyterapp")
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
    )
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")


def test_cells_are_run_and_the_picture_answers(lab: Lab) -> None:
    sources = (
        "%load_ext kg",
        f"%kg use shipped --as-of {DAY}",
        '%kg gap "AI Engineer" --held Python',
        "%%sparql roles\nSELECT ?role { ?role a kg:Role } ORDER BY ?role LIMIT 3",
        f'import kg\nkg.explore(kg.open(as_of="{DAY}"), "AI Engineer")',
    )
    write(lab.folder, "live.ipynb", *map(v4.new_code_cell, sources))
    page = lab.open("live.ipynb")
    run_all(page)
    frame = picture(page)
    keys = read(frame, "visible")  # type: ignore[arg-type]  # a frame is asked as a page is
    assert len(keys) > 10
    frame.evaluate("(key) => { location.hash = new URLSearchParams({ node: key }) }", keys[1])
    until(frame, "(key) => window.careerKg.selected() === key", keys[1])
    assert page.locator(".career-kg-still").first.is_hidden()
    assert page.locator(".jp-OutputArea a[href*='/role/']").count() == 3
    explorer = page.locator(".career-kg")
    explorer.locator("fieldset").wait_for()
    before = explorer.locator("[role=status]").inner_text()
    explorer.get_by_label("SQL", exact=True).check()
    page.wait_for_function(
        "(before) => document.querySelector('.career-kg [role=status]').textContent !== before", arg=before
    )
    assert "coverage" in explorer.locator("[role=status]").inner_text()
    page.screenshot(path=os.environ.get("KG_SHOTS", str(lab.folder.parent)) + "/live.png")
    page.close()


def test_an_untrusted_notebook_shows_sentence_picture_and_table(lab: Lab) -> None:
    g = kg.open(as_of=DAY)
    answer = kg.gap(g, "AI Engineer", held=["Python"])
    write(lab.folder, "untrusted.ipynb", shown(answer), shown(page_of(hostile())))
    page = lab.open("untrusted.ipynb")
    output = page.locator(".jp-OutputArea-output").first
    output.locator("img").wait_for()
    assert page.locator(".jp-OutputArea iframe").count() == 0
    assert str(answer) in output.inner_text()
    assert output.locator("img").evaluate("(image) => image.naturalWidth") > 100
    output.locator("summary").click()
    assert output.locator("table").first.is_visible()
    assert page.evaluate("window.__ran") is None
    page.screenshot(path=os.environ.get("KG_SHOTS", str(lab.folder.parent)) + "/untrusted.png")
    page.close()


def test_the_html_of_nbconvert_shows_the_same_from_disk(chromium: Browser, tmp_path: Path) -> None:
    from nbconvert import HTMLExporter

    answer = kg.gap(kg.open(as_of=DAY), "AI Engineer", held=["Python"])
    file = write(tmp_path, "saved.ipynb", shown(answer), shown(page_of(hostile())))
    exporter: Any = HTMLExporter(require_js_url="", mathjax_url="", mermaid_js_url="")  # type: ignore[no-untyped-call]  # no annotations
    html, _ = exporter.from_filename(str(file))
    saved = tmp_path / "saved.html"
    saved.write_text(html, encoding="utf-8")
    context = chromium.new_context(offline=True)
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(saved.as_uri())
    frame = picture(page)
    assert len(read(frame, "visible")) > 10  # type: ignore[arg-type]  # as above
    assert page.locator(".career-kg-still").first.is_hidden()
    assert page.evaluate("window.__ran") is None
    assert {held.evaluate("window.__ran") for held in page.frames} == {None}
    assert said == []
    context.close()


@pytest.mark.slow
def test_twenty_pictures_in_a_notebook_stay_responsive(chromium: Browser, tmp_path: Path) -> None:
    """They are drawn as they are scrolled to; a click is answered within a second."""
    from nbconvert import HTMLExporter

    g = kg.open(as_of=DAY)
    roles = [row["label"] for row in kg.list(g, "roles").rows()][:20]
    file = write(tmp_path, "many.ipynb", *(shown(kg.gap(g, role)) for role in roles))
    exporter: Any = HTMLExporter(require_js_url="", mathjax_url="", mermaid_js_url="")  # type: ignore[no-untyped-call]  # as above
    saved = tmp_path / "many.html"
    saved.write_text(exporter.from_filename(str(file))[0], encoding="utf-8")
    page = chromium.new_page()
    page.goto(saved.as_uri())
    frames = page.locator("iframe[srcdoc]")
    for i in range(frames.count()):
        frames.nth(i).scroll_into_view_if_needed()
        page.wait_for_timeout(300)
    frame = picture(page)
    began = time.monotonic()
    key = read(frame, "visible")[1]  # type: ignore[arg-type]  # as above
    frame.evaluate("(key) => { location.hash = new URLSearchParams({ node: key }) }", key)
    until(frame, "(key) => window.careerKg.selected() === key", key)
    assert time.monotonic() - began < 3
    page.close()
