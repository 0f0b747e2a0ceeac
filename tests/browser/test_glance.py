"""Pages that answer at a glance: what is asked about is said on the first screen, as HTML, and the network waits."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

import kg
from kg.handles.handle import KnowledgeGraph
from kg.handles.opening import open as open_graph
from kg.model.answers import Answer
from kg.views.drawing import scene_of
from kg.views.page import page_of
from kg.views.scene import Scene
from kg.views.still import svg, thumbnail
from tests.browser.conftest import Open, read, settle, until
from tests.conftest import DAY

pytestmark = pytest.mark.browser

AI, ML = "AI Engineer", "Machine Learning Engineer"
ASKED: dict[str, Callable[[KnowledgeGraph], Answer]] = {
    "overlap": lambda g: kg.overlap(g, AI, ML),
    "overlap of three": lambda g: kg.overlap(g, AI, ML, "Data Scientist"),
    "gap": lambda g: kg.gap(g, AI, from_=ML),
    "roadmap": lambda g: kg.roadmap(g, AI),
    "plan": lambda g: kg.plan(g, ML, held=["Python", "SQL"]),
    "similar": lambda g: kg.similar(g, AI),
    "opens": lambda g: kg.opens(g, held=["Python", "SQL"], limit=3),
    "disagree": lambda g: kg.disagree(g, AI, ML),
    "why": lambda g: kg.why(g, "AI-102"),
    "why two": lambda g: kg.why(g, AI, "Java"),
    "path": lambda g: kg.path(g, "Data Analyst", "MLOps Engineer", via=["leads_to"]),
    "paths": lambda g: kg.paths(g, "Data Analyst", AI, limit=4, via=["leads_to", "overlap"]),
    "show": lambda g: kg.show(g, "AI-102"),
    "show a role": lambda g: kg.show(g, AI),
}
#: What must be read on the first screen at 1440 × 900, without scrolling.
FIRST = {
    "overlap": (
        f"What do {AI} and {ML} share?",
        f"Only {AI}",
        "Both",
        f"Only {ML}",
        "PyTorch",
        "LangChain",
        "optional",
    ),
    "overlap of three": (AI, "Data Scientist", "PyTorch", "scikit-learn"),
    "gap": (f"What is missing for {AI}?", "missing, essential", "AI agents", "LangChain", "certifies"),
    "roadmap": (
        f"What is the way to {AI}, and its price?",
        "The next month",
        "Programming fundamentals",
        "Exams, USD",
        "together",
        "1 exam",
        "recommended",
        "Foundations",
        "Core",
        "Specialisation",
        "Optional",
    ),
    "plan": (f"What is the way to {ML}, and its price?", "The next month", "1 exam", "Foundations", "Optional"),
    "similar": (f"Which roles are most like {AI}?", "AI Architect", "0.22", "18 shared:", "Cloud AI platforms"),
    "opens": ("What opens most roles?", "1. Requirements analysis", "roles require it", "Analytics Engineer", "now, "),
    "disagree": (f"Are {AI} and {ML} one thing or two?", "One and the same", "Two apart", "ESCO v1.2", "O*NET 29.2"),
    "why": ("Who says what of", "Certifies", "AI agents", "our reading: Exam guide of", "price usd: 165"),
    "why two": (f"Who ties {AI} to Java?", f"{AI}: requires", "optional", "ESCO v1.1.1", "the article says (line 37)"),
    "path": ("How does one get from Data Analyst to MLOps Engineer?", "3 hops", "effort", "to learn", ML),
    "paths": (f"How does one get from Data Analyst to {AI}?", "+18 to learn", "effort 1.11 together", "Data Scientist"),
    "show": (
        "What is known of",
        "retired, not on offer",
        "USD 165",
        "associate",
        "12 months",
        "2 roles",
        "issued by",
        AI,
    ),
    "show a role": (f"What is known of {AI}?", "requires", "identifier", "LangChain"),
}
DESK = {"width": 1440, "height": 900}


@cache
def scene(name: str) -> Scene:
    return scene_of(ASKED[name](open_graph(as_of=DAY)))


def seen(page: Page) -> str:
    """Return the text that stands wholly within the window."""
    found: str = page.evaluate(
        """() => {
          const texts = [];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const node = walker.currentNode;
            if (!node.textContent.trim() || !node.parentElement.checkVisibility()) continue;
            const range = document.createRange();
            range.selectNodeContents(node);
            const box = range.getBoundingClientRect();
            if (box.width && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth) {
              texts.push(node.textContent.trim());
            }
          }
          return texts.join('\\n');
        }"""
    )
    return found


@pytest.mark.parametrize("name", ASKED)
def test_the_first_screen_answers(name: str, open_page: Open) -> None:
    page = open_page(page_of(scene(name)), viewport=DESK)
    text = seen(page)
    for said in FIRST[name]:
        assert said in text
    assert page.locator("h1").inner_text() == scene(name).heading
    assert page.locator("h1").inner_text().endswith("?")
    assert page.locator("#graph canvas").count() == 0, "the network waits until it is asked for"


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (1024, "light"), (390, "dark")])
@pytest.mark.parametrize("name", ASKED)
def test_nothing_is_small_or_overlaps_or_runs_over_and_axe_is_content(
    name: str, width: int, scheme: Any, open_page: Open
) -> None:
    page = open_page(page_of(scene(name)), viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    small = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility()
             && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())
             && parseFloat(getComputedStyle(e).fontSize) < 13).map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert small == []
    meeting = page.evaluate(
        """() => {
          const all = [...document.querySelectorAll('.board a.to, .board h2, .board h3, .sharebar li')]
            .filter((e) => e.checkVisibility()).map((e) => [e, e.getBoundingClientRect()]);
          const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
            && a.top < b.bottom - 1 && b.top < a.bottom - 1;
          return all.flatMap(([e, a], i) => all.slice(i + 1).filter(([f, b]) => !e.contains(f) && meet(a, b))
            .map(([f]) => `${e.textContent} / ${f.textContent}`));
        }"""
    )
    assert meeting == []
    violations = Axe().run(page).response["violations"]
    assert [found["id"] for found in violations if found["impact"] in ("serious", "critical")] == []


def test_bar_columns_legend_and_answer_count_the_same(open_page: Open) -> None:
    page = open_page(page_of(scene("overlap")), viewport=DESK)
    sides = {"left": f"only {AI}", "both": "shared", "right": f"only {ML}"}
    rows = [row for row in scene("overlap").answer.rows() if row["facet"] in ("skills", "tools")]
    for tone, side in sides.items():
        wanted = sum(row["side"] == tone for row in rows)
        assert page.locator(f".sharebar .t-{tone} b").inner_text() == str(wanted)
        assert page.locator(f".column.t-{tone} h2 .n").inner_text() == str(wanted)
        assert page.locator(f".column.t-{tone} .thing").count() == wanted
        groups = page.locator(f".column.t-{tone} h3 .n").all_inner_texts()
        assert sum(map(int, groups)) == wanted
        essential = sum(row["side"] == tone and any(row["essential"]) for row in rows)
        assert page.locator(f".column.t-{tone} .thing.on").count() == essential
        assert side in {mark.group for mark in scene("overlap").marks}
    assert f"{sum(row['side'] == 'both' for row in rows)} of {len(rows)} " in page.locator(".sentence").inner_text()


def test_gap_counts_the_same_in_bar_columns_and_rows(open_page: Open) -> None:
    page = open_page(page_of(scene("gap")), viewport=DESK)
    rows = scene("gap").answer.rows()
    held = sum(row["held"] for row in rows)
    assert page.locator(".sharebar .t-held b").inner_text() == str(held)
    assert page.locator(".column.t-held .thing").count() == held
    assert page.locator(".column .thing").count() == len(rows)
    certified = page.locator(".ranked .said").first.inner_text()
    assert certified.startswith("certifies ")
    assert certified.endswith(f" of {len(rows) - held}")
    assert re.search(r"USD \d+ · active · (associate|professional)$", page.locator(".ranked .more").first.inner_text())
    exam = page.locator(".ranked a.to").first
    exam.hover()
    lit = set(page.locator(".board .thing.lit").all_inner_texts())
    wanted = {row["label"] for row in rows if exam.inner_text() in row["certified_by_labels"]}
    assert len(lit) == int(certified.split()[1])
    assert lit == wanted


def test_bars_of_a_ranking_are_as_long_as_what_they_say(open_page: Open) -> None:
    page = open_page(page_of(scene("similar")), viewport=DESK)
    rows = scene("similar").answer.rows()
    assert page.locator(".ranked ol > li > a").all_inner_texts() == [row["label"] for row in rows]
    whole = page.locator(".length").first.bounding_box()
    assert whole
    for i, row in enumerate(rows):
        drawn = page.locator(".length > span").nth(i).bounding_box()
        assert drawn
        assert drawn["width"] / whole["width"] == pytest.approx(row["score"], abs=0.01)
        assert page.locator(".ranked .more").nth(i).inner_text().startswith(f"{len(row['shared'])} shared:")


def test_every_source_stands_under_what_it_says_and_is_counted_there(open_page: Open) -> None:
    page = open_page(page_of(scene("disagree")), viewport=DESK)
    rows = scene("disagree").answer.rows()
    wanted = [
        len({row["source"] for row in rows if row["says"] == says}) for says in dict.fromkeys(r["says"] for r in rows)
    ]
    assert [int(n) for n in page.locator(".sharebar b").all_inner_texts()] == wanted
    assert [int(n) for n in page.locator(".tellings h2 .n").all_inner_texts()] == wanted
    assert [page.locator(".tellings").nth(i).locator("li").count() for i in range(len(wanted))] == wanted
    assert thumbnail(scene("disagree")).count("<rect") == 2 * len(wanted) + sum(wanted), "parts, groups, and their rows"
    page.locator(".tellings a", has_text="O*NET").click()
    assert page.locator("#panel .claims li").count() > 0


@pytest.mark.parametrize("name", ["why", "why two"])
def test_every_claim_stands_with_its_ends_and_who_makes_it(name: str, open_page: Open) -> None:
    page = open_page(page_of(scene(name)), viewport=DESK)
    answer = scene(name).answer
    said = {(row["subject"], row["relation"], row["object"], row["essential"]) for row in answer.rows()}
    assert page.locator(".tellings li").count() == len(said)
    assert sum(int(n) for n in page.locator(".tellings h2 .n").all_inner_texts()) == len(said)
    text = page.locator(".board").inner_text()
    for row in answer.rows():
        assert row["object"] in text
        assert row["subject"] in f"{text} {page.locator('h1').inner_text()}"


def test_each_hop_tells_what_there_is_to_learn_and_the_lane_its_sum(open_page: Open) -> None:
    page = open_page(page_of(scene("paths")), viewport=DESK)
    answer = scene("paths").answer
    lanes = page.locator(".lane")
    assert lanes.count() == answer.measures["paths"]
    for i in range(lanes.count()):
        lane, rows = lanes.nth(i), [row for row in answer.rows() if row["path"] == i + 1]
        assert lane.locator("a.stop").all_inner_texts() == [rows[0]["from"], *(row["to"] for row in rows)]
        told = lane.locator(".by").all_inner_texts()
        assert [f"effort {row['effort']:.2f}" in by for row, by in zip(rows, told, strict=True)] == [True] * len(rows)
        learn = [int(found[1]) for by in told if (found := re.search(r"\+(\d+) to learn", by))]
        assert f"effort {sum(row['effort'] for row in rows):.2f} together, +{sum(learn)} to learn" in lane.inner_text()


def test_a_card_counts_what_it_lists(open_page: Open) -> None:
    page = open_page(page_of(scene("show")), viewport=DESK)
    rows = scene("show").answer.rows()
    assert page.locator(".column h2 .n").inner_text() == str(len(rows))
    assert page.locator(".column .thing").count() == len(rows)
    certifies = sum(row["phrase"] == "certifies" for row in rows)
    chief = page.locator(".chief div", has_text="Certifies").locator("dd").inner_text()
    assert sum(map(int, re.findall(r"\d+", chief))) == certifies
    assert page.locator(".facts a").first.get_attribute("href") == page.locator(".facts a").first.inner_text()


WORDS = ("mark", "marks", "Iri", "Facet", "the second covers")


@pytest.mark.parametrize("name", ASKED)
def test_no_page_speaks_of_how_it_is_made(name: str, open_page: Open) -> None:
    page = open_page(page_of(scene(name)), viewport=DESK)
    first = page.locator(".board a.to").first
    first.click()
    text = page.locator("body").inner_text()
    for word in WORDS:
        assert not re.search(rf"\b{word}\b(?! Both| both)", text.replace("Pass mark", "").replace("pass mark", "")), (
            word
        )


def test_steps_stand_in_order_light_up_their_chain_and_are_ticked_off_in_the_link(open_page: Open) -> None:
    page = open_page(page_of(scene("roadmap")), viewport={"width": 1440, "height": 1600})
    rows = scene("roadmap").answer.rows()
    assert page.locator("a.step > b").all_inner_texts() == [str(row["step"]) for row in rows]
    assert page.locator("li.ready a.step").count() == sum(row["ready"] for row in rows)
    assert page.locator("a.step.on").count() == sum(row["essential"] is True for row in rows)
    before = {row["iri"]: set(row["after"]) for row in rows}
    labels = {row["iri"]: row["label"] for row in rows}
    one = max(rows[:40], key=lambda row: len(row["after"]))
    page.locator("a.step", has_text=re.compile(rf"^{one['step']} ?{re.escape(one['label'])}")).hover()
    lit = page.locator("a.step.lit").all_inner_texts()
    for iri in before[one["iri"]]:
        assert any(labels[iri] in text for text in lit)
    assert len(lit) < len(rows)
    page.locator(".tick").nth(0).check()
    page.locator(".tick").nth(1).check()
    settle(page)
    left = f"{len(rows) - 2} of {len(rows)} steps left"
    assert page.locator("#left").inner_text() == left
    again = open_page(page_of(scene("roadmap")), page.evaluate("location.hash.slice(1)"), viewport=DESK)
    assert again.locator("#left").inner_text() == left
    assert again.locator("li.done").count() == 2


@pytest.mark.parametrize("name", ["roadmap", "plan"])
def test_the_next_month_exams_and_their_frontier_say_what_the_answer_says(name: str, open_page: Open) -> None:
    page = open_page(page_of(scene(name)), viewport=DESK)
    answer = scene(name).answer
    rows = {row["iri"]: row for row in answer.rows()}
    exams = [row for row in answer.rows() if row["kind"] == "certify"]
    plain = answer.to_json()

    month, certify = (page.locator(f".tellings.t-{tone} li > a") for tone in ("held", "certifications"))
    assert month.all_inner_texts() == [rows[iri]["label"] for iri in plain["next_month"]]
    assert certify.all_inner_texts() == [row["label"] for row in exams]
    head = page.locator(".tellings.t-certifications h2").inner_text()
    assert head == f"Exams, USD {sum(row['price_usd'] for row in exams):,.0f} together {len(exams)}"
    assert page.locator("li.exam a.step").count() == len(exams)
    for row, step in zip(exams, page.locator("li.exam").all_inner_texts(), strict=True):
        assert row["label"] in step
        assert f"USD {row['running_usd']:,.0f} so far" in step
        assert f"proves {len(row['covers'])}" in step
    points = plain["frontier"]
    frontier = page.locator(".tellings").filter(has=page.locator(".length")).locator("li")
    assert frontier.count() == len(points)
    for point, text in zip(points, frontier.all_inner_texts(), strict=True):
        assert f"USD {point['total']:,.0f}" in text
        assert f"proves {sum(map(len, point['adds']))} of {answer.measures['missing']}" in text
        assert ("recommended" in text) == point["recommended"]
    widths = [box["width"] for span in page.locator(".length > span").all() if (box := span.bounding_box())]
    assert widths == sorted(widths)
    stages = page.locator(".stagecol h2").all_inner_texts()
    assert stages[-1].startswith("Optional")


def test_a_still_of_a_way_has_its_steps_in_order() -> None:
    root = ElementTree.fromstring(svg(scene("roadmap")))
    texts = [part.text or "" for part in root.iter() if part.tag.endswith("text")]
    numbers = [int(text) for text in texts if text.isdigit()]
    assert numbers == [row["step"] for row in scene("roadmap").answer.rows()]


def test_a_chip_tells_who_says_so_beside_the_board(open_page: Open) -> None:
    page = open_page(page_of(scene("overlap")), viewport=DESK)
    chip = page.locator(".thing", has_text="LangChain")
    chip.click()
    panel = page.locator("#panel")
    assert panel.locator("h2").inner_text() == "LangChain"
    assert panel.locator(".claims li").count() > 0
    assert panel.locator(".claims a").count() > 0
    assert chip.get_attribute("aria-current") == "true"
    sides = page.evaluate(
        "[document.querySelector('.board').getBoundingClientRect().right,"
        " document.querySelector('#panel').getBoundingClientRect().left]"
    )
    assert sides[0] < sides[1], "details stand beside, not over"
    settle(page)
    assert page.evaluate("location.hash").startswith("#node=")
    again = open_page(page_of(scene("overlap")), page.evaluate("location.hash.slice(1)"), viewport=DESK)
    assert again.locator("#panel h2").inner_text() == "LangChain"
    panel.get_by_role("button", name="Close").click()
    assert page.evaluate("document.activeElement.textContent") == "LangChain"


def test_the_keyboard_takes_a_stop_for_each_column_and_arrows_within(open_page: Open) -> None:
    page = open_page(page_of(scene("overlap")), viewport=DESK)
    before = 0
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.board') !== null"):
            break
        before += 1
    assert before <= 12
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") != first
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel"
    page.keyboard.press("/")
    page.keyboard.type("pytorch")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "PyTorch"


def test_filters_lay_out_the_board_anew_and_say_how_many_are_left(open_page: Open) -> None:
    page = open_page(page_of(scene("overlap")), viewport=DESK)
    whole = int(page.locator(".column.t-both h2 .n").inner_text())
    page.get_by_role("button", name="Filter").click()
    page.locator("#legend").get_by_role("checkbox", name="tools").uncheck()
    assert page.locator(".thing:visible", has_text="PyTorch").count() == 0
    skills = sum(row["facet"] == "skills" and row["side"] == "both" for row in scene("overlap").answer.rows())
    assert page.locator(".column.t-both h2 .n").inner_text() == f"{skills} of {whole}"


def test_the_network_is_drawn_when_it_is_asked_for_and_linked_to(open_page: Open) -> None:
    page = open_page(page_of(scene("overlap")), viewport=DESK)
    page.get_by_text("Show as network").click()
    until(page, "document.querySelector('#graph canvas') !== null")
    settle(page)
    assert len(read(page, "labels")) > 5
    assert "network=1" in page.evaluate("location.hash")
    again = open_page(page_of(scene("overlap")), "network=1", viewport=DESK)
    until(again, "document.querySelector('#graph canvas') !== null")


@pytest.mark.parametrize("name", [name for name in ASKED if scene(name).board[-1].kind != "steps"])
def test_a_still_has_the_things_of_the_page_in_its_order_and_with_its_signs(name: str, open_page: Open) -> None:
    page = open_page(page_of(scene(name)), viewport=DESK)
    shown = [
        (text.replace("\n", " "), "on" in str(classes).split())
        for text, classes in page.evaluate(
            "[...document.querySelectorAll('.board .thing')].map((e) => [e.textContent, e.className])"
        )
    ]
    root = ElementTree.fromstring(svg(scene(name)))
    parts = [*root.iter()]
    drawn = []
    for box, text in pairwise(parts):
        if box.tag.endswith("rect") and box.get("height") == "24" and text.tag.endswith("text"):
            drawn.append((text.text or "", box.get("fill") != "#ffffff"))
    assert len(drawn) == len(shown)
    for (label, filled), (wanted, strong) in zip(drawn, shown, strict=True):
        assert filled == strong, wanted
        assert label == wanted or wanted.startswith(label.rstrip("…")), wanted
    words = " ".join("".join(part.itertext()) for part in parts if part.tag.endswith("text"))
    for count in page.locator(".board h2 .n, .board h3 .n").all_inner_texts():
        assert re.search(rf"\b{count}\b", words)
    assert "<text" not in thumbnail(scene(name))
