"""The words of a page: tables that equal the rows and can be sorted, evidence, query, print, and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator

from kg.model.answers import text
from kg.views.page import page_of
from tests.browser.conftest import Open, read, settle, until
from tests.browser.scenes import lists

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def gap() -> Any:
    return page_of(lists())


def cells(table: Locator) -> list[list[str]]:
    return [row.locator("td").all_text_contents() for row in table.locator("tbody tr").all()]


def test_the_tables_equal_sections_rows_and_evidence(open_page: Open, gap: Any) -> None:
    page = open_page(gap)
    answer = lists().answer
    shown = page.locator(".answer > .scroll table").all()
    assert [cells(table) for table in shown] == [[list(row) for row in part.rows] for part in answer.sections()]
    page.locator("#rows > summary").click()
    page.locator("#rows table").wait_for()
    assert page.locator("#rows th").all_text_contents() == list(answer.rows()[0])
    assert cells(page.locator("#rows table")) == [[text(value) for value in row.values()] for row in answer.rows()]
    page.locator("#evidence > summary").click()
    page.locator("#evidence table").wait_for()
    evidence = cells(page.locator("#evidence table"))
    assert [row[:6] for row in evidence] == [
        [c.subject.label, c.relation, c.object.label, c.source_label, c.source_date, c.locator] for c in answer.evidence
    ]
    page.locator("#query > summary").click()
    assert page.locator("#query pre").inner_text() == answer.sparql
    page.locator("#list > summary").click()
    page.locator("#list table").wait_for()
    assert len(cells(page.locator("#list table"))) == len(lists().marks)
    page.locator("#list").get_by_role("button", name="Statistics").last.click()
    assert read(page, "selected") == next(mark.key for mark in lists().marks if mark.label == "Statistics")


def test_a_table_is_sorted_by_its_headings(open_page: Open, gap: Any) -> None:
    page = open_page(gap)
    page.locator("#rows > summary").click()
    table = page.locator("#rows table")
    heading = table.locator("th").nth(2)
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    numbers = [float(row[2]) for row in cells(table)]
    assert numbers == sorted(numbers)
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    assert [float(row[2]) for row in cells(table)] == sorted(numbers, reverse=True)
    table.locator("th").nth(0).get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "none"
    labels = [row[0] for row in cells(table)]
    assert labels == ["Docker", "Éclair", "Model deployment", "Python", "SQL", "Statistics"]


def test_printing_puts_the_whole_picture_on_paper_and_takes_it_away(open_page: Open, gap: Any) -> None:
    page = open_page(gap, color_scheme="dark")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    image = page.locator("img.printed")
    until(page, "document.querySelector('img.printed').naturalWidth > 0")
    assert image.is_visible()
    assert page.locator("#legend").is_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()") == "#ffffff"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert image.count() == 0
    page.emulate_media(media="screen")
    settle(page)
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()") == "#14181c"


def test_without_scripts_the_answer_can_be_read(chromium: Any, gap: Any, tmp_path: Any) -> None:
    context = chromium.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(gap.save(tmp_path / "page.html").as_uri())
        assert page.locator("noscript").inner_text() == "The picture needs scripts; the answer stands below without."
        assert page.locator("h1").inner_text() == "Gap: Engineer"
        assert page.locator(".answer > .scroll td").first.inner_text() == "Python"
    finally:
        context.close()
