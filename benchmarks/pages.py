"""How soon a page can be used, and how long a frame takes while it is dragged: ours beside plain pyvis, in Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.generated import ESCO, Size, career
from benchmarks.timing import Measured

if TYPE_CHECKING:
    import networkx as nx
    from playwright.sync_api import Browser

__all__ = ["measure"]

#: Graphs by how many nodes they have; the last is of ESCO's order.
SIZES = {
    100: Size(20, 75, 150, 5, 40, 10),
    1_000: Size(180, 780, 1_800, 40, 500, 60),
    3_000: Size(530, 2_350, 5_600, 120, 1_500, 200),
    17_000: ESCO,
}
#: Seconds after which a page is given up, and how often a page is opened.
CAP, OPENINGS = 60, 5
#: A frame of this many milliseconds or less makes twenty a second.
FRAME = 50.0

_FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
#: Drag the picture for sixty frames with the mouse held down, and return the milliseconds of each.
_DRAG = """() => new Promise((done) => {
  const canvas = document.querySelector('canvas');
  const box = canvas.getBoundingClientRect();
  const [x, y] = [box.left + 12, box.bottom - 12];
  const fire = (type, dx) => canvas.dispatchEvent(new PointerEvent(type, {
    bubbles: true, cancelable: true, pointerId: 1, pointerType: 'mouse', isPrimary: true,
    button: type === 'pointermove' ? -1 : 0, buttons: type === 'pointerup' ? 0 : 1,
    clientX: x + dx, clientY: y - dx / 2,
  }));
  const times = [];
  let last;
  fire('pointerdown', 0);
  const step = (now) => {
    if (last) times.push(now - last);
    last = now;
    if (times.length === 60) { fire('pointerup', 120); done(times); return; }
    fire('pointermove', 2 * (times.length + 1));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""
_OURS = ("window.careerKg.usable", "window.careerKg.visible().length")
#: Every group open, as far as the page allows: as much as it ever draws.
_ALL_OPEN = "#" + "&".join(f"open=community%7C{i}" for i in range(60))
_FLUID = "a frame at 20 a second"
_FIRST_FRAME = "<script>network.once('afterDrawing', () => { window.__usable = performance.now(); });</script></body>"


class Opened(NamedTuple):
    """Medians of one page: seconds until usable, milliseconds of a frame while dragging (None: given up); marks."""

    usable: float | None
    frame: float | None
    shown: int


def plain_pyvis(graph: nx.MultiDiGraph[str]) -> str:
    """Return the page that pyvis makes of a graph by itself, with its script inlined, its lists filled directly."""
    from pyvis.network import Network

    network = Network(directed=True, cdn_resources="in_line", height="600px")
    numbers = {node: i for i, node in enumerate(graph)}
    network.nodes = [
        {"id": i, "label": data["label"], "shape": "dot"} for i, data in enumerate(graph.nodes[node] for node in graph)
    ]
    network.edges = [{"from": numbers[a], "to": numbers[b], "arrows": "to"} for a, b in graph.edges()]
    html = str(network.generate_html())
    return html.replace("</body>", _FIRST_FRAME)


def look(browser: Browser, html: str, ready: str, shown: str, openings: int, fragment: str = "") -> Opened:
    """Open a page so many times, drag it each time, and return medians."""
    from playwright.sync_api import Error

    usable, frames, marks = [], [], 0
    with TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(html, encoding="utf-8")
        for _ in range(openings):
            context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
            context.set_default_timeout(CAP * 1000)
            context.route("http*://**", lambda route: route.abort())
            page = context.new_page()
            try:
                page.goto(file.as_uri() + fragment, wait_until="commit")
                page.wait_for_selector("html[data-state=ready]" if "data-state" in html else "canvas", state="attached")
                usable.append(_when(page, ready) / 1000)
                marks = int(page.evaluate(shown))
                page.wait_for_timeout(300)
                frames.append(median(page.evaluate(_DRAG)))
            except Error:
                return Opened(None, None, marks)
            finally:
                context.close()
    return Opened(median(usable), median(frames), marks)


def _when(page: object, ready: str) -> float:
    """Ask until the page says when it could be used."""
    from time import monotonic

    from playwright.sync_api import Error, Page

    assert isinstance(page, Page)
    end = monotonic() + CAP
    while monotonic() < end:
        if found := page.evaluate(ready):
            return float(found)
        page.wait_for_timeout(50)
    raise Error(f"not usable after {CAP} s")


def measure() -> Iterator[Measured]:
    """Yield time to interactive and frame time at each size, beside plain pyvis of the same graph."""
    from playwright.sync_api import sync_playwright

    from kg.views.drawing import draw

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    small = None
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        for size, order in SIZES.items():
            graph = career(order)
            html = draw(graph).html
            ours = look(browser, html, *_OURS, OPENINGS)
            full = look(browser, html, *_OURS, OPENINGS, _ALL_OPEN)
            plain = look(browser, plain_pyvis(graph), "window.__usable", "network.body.nodeIndices.length", 1)
            assert ours.usable
            assert ours.frame
            assert full.frame
            small = small or ours
            name = f"{size:,} nodes ({ours.shown} drawn)"
            said = f"plain pyvis{'' if plain.usable else f', which gave up after {CAP} s'}"
            yield Measured(f"usable, {name}", ours.usable, said, plain.usable or CAP, 1.0)
            yield Measured(f"usable, {name}", ours.usable, "ours at 100 nodes", small.usable or CAP, 2.0)
            yield Measured(f"dragging, {name}", ours.frame / 1000, _FLUID, FRAME / 1000, 1.0)
            opened = f"{size:,} nodes, groups open ({full.shown} drawn)"
            yield Measured(f"dragging, {opened}", full.frame / 1000, _FLUID, FRAME / 1000, 1.0)
            if plain.frame:  # no screen shows more than sixty frames a second
                yield Measured(f"dragging, {opened}", full.frame / 1000, "plain pyvis", plain.frame / 1000, 1.1)
        browser.close()
