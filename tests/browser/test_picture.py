"""The picture in a browser: marks stand on the canvas, are found, filtered, chosen, opened, and linked to."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page

from kg.model.signs import KIND_SIGNS
from kg.views._page import MOST_VISIBLE
from kg.views.page import page_of
from tests.browser.conftest import Open, read, settle, until
from tests.browser.scenes import BASE, groups, lists

pytestmark = pytest.mark.browser

ROLE, PYTHON, DOCKER = f"{BASE}role/engineer", f"{BASE}skill/0", f"{BASE}skill/4"
STATISTICS = f"{BASE}tool/1"


@pytest.fixture(scope="module")
def gap() -> Any:
    return page_of(lists())


def colour_at(page: Page, key: str, *, dx: float = 0.0) -> tuple[int, ...]:
    """Return the colour of the canvas where a mark stands."""
    return tuple(
        page.evaluate(
            """([key, dx]) => {
              const canvas = document.querySelector('#graph canvas');
              const at = window.careerKg.position(key);
              const box = canvas.getBoundingClientRect();
              const sharp = canvas.width / box.width;
              const x = Math.round((at.x + dx - box.left) * sharp), y = Math.round((at.y - box.top) * sharp);
              const copy = document.createElement('canvas');
              copy.width = copy.height = 1;
              const context = copy.getContext('2d', { willReadFrequently: true });
              context.drawImage(canvas, -x, -y);
              return [...context.getImageData(0, 0, 1, 1).data];
            }""",
            [key, dx],
        )
    )


def click(page: Page, key: str) -> None:
    at = read(page, "position", key)
    page.mouse.click(at["x"], at["y"])
    settle(page)


def test_every_mark_stands_on_the_canvas_in_the_colour_of_its_kind(open_page: Open, gap: Any) -> None:
    page = open_page(gap)
    scene = lists()
    assert read(page, "visible") == [mark.key for mark in scene.marks]
    for key, kind in ((ROLE, "role"), (PYTHON, "skill"), (STATISTICS, "tool")):
        assert colour_at(page, key) == (*bytes.fromhex(KIND_SIGNS[kind].light[1:]), 255)
    assert colour_at(page, "exam")[:3] == (255, 255, 255)  # retired: hollow
    assert set(read(page, "labels")) == {mark.key for mark in scene.marks}
    assert len(read(page, "lines")) == len(scene.lines)
    for mark in scene.marks:
        at = read(page, "position", mark.key)
        assert 236 < at["x"] < 1260
        assert 100 < at["y"] < 800


def test_a_click_opens_the_details_with_every_claim(open_page: Open, gap: Any) -> None:
    page = open_page(gap)
    click(page, PYTHON)
    panel = page.locator("#panel")
    assert read(page, "selected") == PYTHON
    assert panel.locator("h2").inner_text() == "Python"
    assert "What Python is." in panel.inner_text()
    said = panel.locator(".claims li").inner_text()
    for part in (
        "Engineer",
        "requires",
        "Python",
        "Handbook",
        "2025-03",
        "page 7",
        "essential",
        "Engineer needs Python",
    ):
        assert part in said
    for link in panel.locator("a").all():
        assert (link.get_attribute("rel"), link.get_attribute("target")) == ("noreferrer noopener", "_blank")
    hrefs = [link.get_attribute("href") for link in panel.locator("a").all()]
    assert hrefs == ["https://example.org/0", f"{BASE}skill/0", "https://example.org/handbook"]
    assert set(read(page, "outstanding")) == {PYTHON, ROLE}
    panel.get_by_role("button", name="Engineer").click()
    assert read(page, "selected") == ROLE
    panel.get_by_role("button", name="Close").click()
    assert read(page, "selected") is None
    assert panel.is_hidden()


def test_a_line_tells_what_it_rests_on(open_page: Open, gap: Any) -> None:
    page = open_page(gap)
    role, python = read(page, "position", ROLE), read(page, "position", PYTHON)
    page.mouse.click((role["x"] + python["x"]) / 2, (role["y"] + python["y"]) / 2)
    settle(page)
    assert page.locator("#panel h2").inner_text() == "Engineer → Python"
    assert page.locator("#panel .claims li").count() == 1


def test_pointing_lights_the_neighbours_and_says_what_it_is(open_page: Open, gap: Any) -> None:
    page = open_page(gap)
    bright = colour_at(page, PYTHON)
    at = read(page, "position", "exam")
    page.mouse.move(at["x"], at["y"])
    settle(page)
    assert set(read(page, "outstanding")) == {"exam", DOCKER}
    assert colour_at(page, PYTHON) != bright
    assert "Exam AI-102" in page.locator("#tip").inner_text()
    page.mouse.move(at["x"], at["y"] - 90)
    settle(page)
    assert read(page, "outstanding") is None
    assert colour_at(page, PYTHON) == bright


def test_search_finds_without_case_and_accents(open_page: Open, gap: Any) -> None:
    page = open_page(gap)
    page.keyboard.press("/")
    page.keyboard.type("eclair")
    box = page.get_by_role("combobox", name="Search the picture")
    assert box.get_attribute("aria-expanded") == "true"
    assert [option.inner_text().split("\n")[0] for option in page.get_by_role("option").all()] == ["Éclair"]
    assert read(page, "outstanding") == [f"{BASE}skill/2"]
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == "hit-0"
    page.keyboard.press("Enter")
    settle(page)
    assert read(page, "selected") == f"{BASE}skill/2"
    assert page.evaluate("document.activeElement.id") == "graph"
    box.fill("no such thing")
    assert page.get_by_role("option").count() == 0
    assert read(page, "outstanding") == [f"{BASE}skill/2", ROLE]  # what is chosen stays lit
    page.keyboard.press("Escape")
    assert box.input_value() == ""


def test_the_legend_filters_by_kind_group_status_and_source(open_page: Open, gap: Any) -> None:
    page = open_page(gap)
    legend = page.locator("#legend")
    everything = read(page, "visible")

    def switched(name: str) -> set[str]:
        """Return what goes when an entry is switched off, and switch it on again."""
        box = legend.get_by_role("checkbox", name=name)
        box.uncheck()
        left = read(page, "visible")
        box.check()
        assert read(page, "visible") == everything
        return set(everything) - set(left)

    assert switched("tools") == {STATISTICS, f"{BASE}tool/3", f"{BASE}tool/5"}
    assert switched("held") == {PYTHON, STATISTICS, f"{BASE}skill/2"}
    assert switched("our reading") == {f"{BASE}tool/5"}
    assert switched("Survey") == {f"{BASE}tool/5"}
    assert switched("Handbook") == set(everything) - {f"{BASE}tool/5", ROLE}
    legend.get_by_role("checkbox", name="roles").uncheck()
    legend.get_by_role("checkbox", name="skills").uncheck()
    legend.get_by_role("button", name="Show everything").click()
    assert read(page, "visible") == everything
    assert legend.get_by_role("button", name="Show everything").is_disabled()


def test_the_keyboard_alone_reaches_every_control_and_every_mark(open_page: Open, gap: Any) -> None:
    page = open_page(gap)
    stops: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            "(() => { const e = document.activeElement; return e === document.body ? '' : e.id || e.tagName })()"
        )
        if not stop:
            break
        stops.append(stop)
    controls = ["theme", "search", "zoom-out", "zoom-in", "fit", "copy-link", "save-png", "save-svg", "print", "graph"]
    assert [stop for stop in stops if stop in controls] == controls
    boxes = page.locator("#legend input").count()
    summaries = page.locator("summary").count()
    headings = page.locator(".sort").count()
    # besides: the scrolling table
    assert len(stops) == len(controls) + boxes + summaries + headings + 1
    page.locator("#graph").focus()
    page.keyboard.press("Home")
    seen = [read(page, "selected")]
    assert seen == [ROLE]
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
        seen.append(read(page, "selected"))
    assert seen[1:] == [STATISTICS, f"{BASE}skill/2", f"{BASE}skill/2", STATISTICS, ROLE]
    until(page, "document.getElementById('status').textContent.includes('Engineer')")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel"
    page.locator("#graph").focus()
    page.keyboard.press("Escape")
    assert read(page, "selected") is None
    before = scale_at_rest(page)
    page.keyboard.press("+")
    assert scale_at_rest(page) == pytest.approx(before * 1.3, rel=0.01)


def scale_at_rest(page: Page) -> float:
    """Return how large the picture is once it no longer moves."""
    scales: list[float] = []
    while len(scales) < 2 or scales[-1] != scales[-2]:
        assert len(scales) < 40, "the picture comes to rest"
        settle(page)
        scales.append(read(page, "view")["scale"])
    return scales[-1]


def test_the_address_holds_the_state_and_gives_it_back(open_page: Open, gap: Any) -> None:
    page = open_page(gap)
    click(page, DOCKER)
    page.locator("#legend").get_by_role("checkbox", name="certifications").uncheck()
    page.locator("#zoom-in").click()
    page.locator("#theme").click()
    page.locator("#search").fill("python")
    settle(page)
    fragment = page.evaluate("location.hash.slice(1)")
    assert parse_qs(fragment)["node"] == [DOCKER]
    assert parse_qs(fragment)["off"] == ["kind:certification"]
    other = open_page(gap, fragment)
    assert read(other, "selected") == DOCKER
    assert read(other, "visible") == read(page, "visible")
    assert read(other, "view") == pytest.approx(read(page, "view"), abs=1)
    assert other.locator("#search").input_value() == "python"
    assert other.evaluate("document.documentElement.dataset.theme") == "dark"
    assert read(other, "fragment") == fragment


@pytest.mark.parametrize(
    "fragment", ["node=gone&off=kind:&off=x:y&open=z&view=a,b,c&theme=<b>", "node=__proto__", "%%%"]
)
def test_an_address_that_names_nothing_shows_everything(open_page: Open, gap: Any, fragment: str) -> None:
    page = open_page(gap, fragment)
    assert read(page, "selected") is None
    assert read(page, "visible") == [mark.key for mark in lists().marks]


def test_a_group_opens_on_a_click_and_closes_again(open_page: Open) -> None:
    page = open_page(page_of(groups()))
    discs = [f"disc-{d}" for d in range(4)]
    assert read(page, "visible") == discs
    assert [count for *_, count in read(page, "lines")] == [30] * 4  # 30 lines to the next disc are drawn as one
    click(page, "disc-1")
    assert read(page, "open") == ["disc-1"]
    assert len(read(page, "visible")) == 3 + 30
    assert read(page, "position", "disc-1") is None
    inner = [line for line in read(page, "lines") if line[0].startswith("disc-1/") and line[1].startswith("disc-1/")]
    assert len(inner) == 30
    page.get_by_role("button", name="Close").first.click()
    settle(page)
    assert read(page, "visible") == discs
    page.locator("#graph").focus()
    page.keyboard.press("Enter")  # the disc that was closed is chosen
    settle(page)
    assert read(page, "open") == ["disc-1"]


def test_a_mark_in_a_closed_group_is_found_and_its_group_opens(open_page: Open) -> None:
    page = open_page(page_of(groups(nested=True)))
    assert "disc-1" not in read(page, "visible")  # it stands in another
    page.locator("#search").fill("skill 1.7")
    page.keyboard.press("Enter")
    settle(page)
    assert read(page, "selected") == "disc-1/7"
    assert sorted(read(page, "open")) == ["disc-0", "disc-1"]
    assert set(read(page, "outstanding")) == {"disc-1/7", "disc-1/6", "disc-1/8", "disc-0/7", "disc-2"}
    page.keyboard.press("Backspace")
    settle(page)
    assert read(page, "selected") == "disc-1"
    assert read(page, "open") == ["disc-0"]


def test_never_more_is_drawn_than_stays_fluid(open_page: Open) -> None:
    members = 180
    page = open_page(page_of(groups(24, members)))
    for disc in ("disc-0", "disc-1", "disc-2", "disc-3"):
        page.locator("#search").fill(f"skill {disc[5:]}.7")
        page.keyboard.press("Enter")
    settle(page)
    assert len(read(page, "visible")) <= MOST_VISIBLE
    assert "disc-3" in read(page, "open")
    assert "disc-0" not in read(page, "open")  # opened first, closed first
    big = open_page(page_of(groups(2, MOST_VISIBLE + 100)))
    click(big, "disc-0")
    assert len(read(big, "visible")) == MOST_VISIBLE
    assert "held back" in big.locator("#graph-note").inner_text()


def test_labels_thin_out_by_weight_and_come_back_nearer(open_page: Open) -> None:
    page = open_page(page_of(groups(1, 200)))
    click(page, "disc-0")
    page.locator("#fit").click()
    settle(page)
    few = read(page, "labels")
    assert 0 < len(few) < 200
    assert few[0] == "disc-0/0"  # the weightiest
    at = read(page, "position", "disc-0/0")
    page.mouse.move(at["x"], at["y"])
    for _ in range(6):
        page.locator("#zoom-in").click()
    settle(page)
    near = page.evaluate(
        """() => { const { left, right, top, bottom } = document.getElementById('graph').getBoundingClientRect();
           return window.careerKg.visible().map((key) => window.careerKg.position(key))
             .filter(({ x, y }) => x > left && x < right && y > top && y < bottom).length }"""
    )
    assert len(read(page, "labels")) >= near > 0


def test_dragging_moves_the_view_and_a_mark_moves_alone(open_page: Open, gap: Any) -> None:
    page = open_page(gap)
    role, python = read(page, "position", ROLE), read(page, "position", PYTHON)
    page.mouse.move(python["x"], python["y"])
    page.mouse.down()
    page.mouse.move(python["x"] + 30, python["y"] + 40, steps=4)
    page.mouse.up()
    settle(page)
    assert read(page, "position", PYTHON) == pytest.approx({"x": python["x"] + 30, "y": python["y"] + 40}, abs=8)
    assert read(page, "position", ROLE) == pytest.approx(role, abs=1)
    page.mouse.move(role["x"], role["y"] + 150)
    page.mouse.down()
    page.mouse.move(role["x"] + 50, role["y"] + 150, steps=4)
    page.mouse.up()
    settle(page)
    assert read(page, "position", ROLE)["x"] == pytest.approx(role["x"] + 50, abs=8)


def test_the_picture_is_saved_as_svg_and_png(open_page: Open, gap: Any) -> None:
    from xml.etree import ElementTree

    page = open_page(gap)
    with page.expect_download() as saved:
        page.locator("#save-svg").click()
    assert saved.value.suggested_filename == "gap-engineer.svg"
    svg = ElementTree.fromstring(saved.value.path().read_text(encoding="utf-8"))
    texts = {"".join(text.itertext()).strip("\u2068\u2069") for text in svg.iter("{http://www.w3.org/2000/svg}text")}
    assert texts >= {"Gap: Engineer", "Engineer", "Python", "Exam AI-102", "held", "missing", "what it takes"}
    with page.expect_download() as saved:
        page.locator("#save-png").click()
    assert saved.value.suggested_filename == "gap-engineer.png"
    head = saved.value.path().read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = (int.from_bytes(head[at : at + 4], "big") for at in (16, 20))
    box = svg.attrib["viewBox"].split()
    assert (width, height) == pytest.approx((2 * float(box[2]), 2 * float(box[3])), abs=2)
