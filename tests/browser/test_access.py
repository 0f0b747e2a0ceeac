"""Pages for everyone: no serious finding of axe, light and dark, on a phone, with motion reduced, in words."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from kg.views.page import page_of
from tests.browser.conftest import Open, read, settle, until
from tests.browser.scenes import BASE, groups, hostile, lists

pytestmark = pytest.mark.browser

PYTHON = f"{BASE}skill/0"


def findings(page: Page) -> list[str]:
    """Return what axe finds serious or critical."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


@pytest.mark.parametrize(
    ("scheme", "phone"),
    [
        ("light", False),
        ("dark", True),
        pytest.param("dark", False, marks=pytest.mark.slow),
        pytest.param("light", True, marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing_serious(open_page: Open, scheme: str, phone: bool) -> None:
    page = open_page(page_of(lists()), f"node={PYTHON}", phone=phone, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    page.locator("#search").fill("s")
    assert page.get_by_role("option").count() > 1
    assert findings(page) == []


@pytest.mark.parametrize("make", [groups, hostile])
def test_axe_finds_nothing_serious_in_groups_and_hostile_text(open_page: Open, make: Any) -> None:
    assert findings(open_page(page_of(make()))) == []


def test_dark_follows_the_system_until_it_is_chosen(open_page: Open) -> None:
    page = open_page(page_of(lists()), color_scheme="dark")
    paper = "getComputedStyle(document.querySelector('.stage')).backgroundColor"
    assert page.evaluate(paper) == "rgb(20, 24, 28)"
    assert page.locator("#theme").inner_text() == "Light"
    page.emulate_media(color_scheme="light")
    settle(page)
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    page.locator("#theme").click()
    assert page.evaluate(paper) == "rgb(20, 24, 28)"
    page.emulate_media(color_scheme="dark")
    page.emulate_media(color_scheme="light")
    settle(page)
    assert page.evaluate(paper) == "rgb(20, 24, 28)"  # chosen is chosen


def test_a_phone_shows_all_of_it_in_its_width(open_page: Open) -> None:
    page = open_page(page_of(lists()), phone=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    small = page.evaluate(
        """[...document.querySelectorAll('button, input, summary')].filter((e) => e.checkVisibility())
           .filter((e) => e.getBoundingClientRect().height < 24 && !e.closest('label')).map((e) => e.outerHTML)"""
    )
    assert small == []
    at = read(page, "position", f"{BASE}role/engineer")
    page.touchscreen.tap(at["x"], at["y"])
    settle(page)
    assert page.locator("#panel h2").inner_text() == "Engineer"
    assert page.locator("#legend details").get_attribute("open") is None


def test_with_motion_reduced_the_view_jumps(open_page: Open) -> None:
    page = open_page(page_of(lists()), reduced_motion="reduce")
    before = read(page, "view")["scale"]
    page.locator("#zoom-in").click()
    assert read(page, "view")["scale"] == pytest.approx(before * 1.3)  # at once
    moving = open_page(page_of(lists()), reduced_motion="no-preference")
    frames = moving.evaluate(
        """() => new Promise((done) => { const seen = new Set();
           careerKg.onFrame(() => seen.add(careerKg.view().scale));
           document.getElementById('zoom-in').click(); setTimeout(() => done(seen.size), 500); })"""
    )
    assert frames > 2


def test_every_control_has_a_name_and_changes_are_said(open_page: Open) -> None:
    page = open_page(page_of(lists()))
    tree = page.locator("body").aria_snapshot()
    assert 'application "Gap: Engineer: 8 things and 7 lines"' in tree
    assert 'combobox "Search the picture"' in tree
    assert 'button "Zoom in"' in tree
    assert 'complementary "Legend and filters"' in tree
    page.locator("#legend").get_by_role("checkbox", name="skills").uncheck()
    until(page, "document.getElementById('status').textContent.includes('hidden, 5 things drawn')")
