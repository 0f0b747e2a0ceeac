"""One Chromium for all tests of pages: the network is off, and a page that asks for anything or says anything fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Frame,
    Page,
    Route,
)

from kg.views.page import Page as Picture

LOCAL = ("file://", "data:", "blob:", "about:")


class Open(Protocol):
    """Open a picture in a browser, and wait until it is ready."""

    def __call__(self, picture: Picture, fragment: str = "", *, phone: bool = False, **context: Any) -> Page:
        """Return the page; ``context`` are options of Playwright's ``new_context``."""


class Watched:
    """What pages asked for and said, which should be nothing."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.said: list[str] = []

    def route(self, route: Route) -> None:
        if route.request.url.startswith(LOCAL):
            route.continue_()
            return
        self.requests.append(route.request.url)
        route.abort()

    def watch(self, page: Page) -> None:
        def console(message: ConsoleMessage) -> None:
            self.said.append(f"{message.type}: {message.text}")

        def dialog(shown: Dialog) -> None:
            self.said.append(f"dialog: {shown.message}")
            shown.dismiss()

        page.on("console", console)
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("request", lambda request: None if request.url.startswith(LOCAL) else self.requests.append(request.url))
        page.on("dialog", dialog)


@pytest.fixture
def watched() -> Iterator[Watched]:
    seen = Watched()
    yield seen
    assert seen.said == []
    assert seen.requests == []


@pytest.fixture
def open_page(chromium: Browser, watched: Watched, tmp_path: Path) -> Iterator[Open]:
    """Open pictures; when the test ends, none may have asked for anything, said anything, or run a hostile label."""
    contexts: list[BrowserContext] = []

    def opened(picture: Picture, fragment: str = "", *, phone: bool = False, **context: Any) -> Page:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 800}
        options: dict[str, Any] = {"viewport": size, "reduced_motion": "reduce", "has_touch": phone} | context
        made = chromium.new_context(**options)
        made.set_default_timeout(20_000)
        contexts.append(made)
        made.route("**/*", watched.route)
        page = made.new_page()
        watched.watch(page)
        file = picture.save(tmp_path / f"page-{len(contexts)}.html")
        page.goto(file.as_uri() + (f"#{fragment}" if fragment else ""))
        page.wait_for_selector("html[data-state=ready]")
        return page

    yield opened
    ran = [page.evaluate("window.__ran") for made in contexts for page in made.pages]
    for made in contexts:
        made.close()
    assert set(ran) <= {None}


def read(page: Page, name: str, *arguments: object) -> Any:  # whatever the page's reading interface returns
    """Return what `window.careerKg` says."""
    return page.evaluate("([name, ...rest]) => window.careerKg[name](...rest)", [name, *arguments])


def until(page: Page | Frame, expression: str, argument: object = None) -> None:
    """Wait until an expression is true. (Playwright's own way evaluates text in the page, which the policy forbids.)"""
    for _ in range(200):
        if page.evaluate(expression, argument):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never true: {expression}")


def settle(page: Page) -> None:
    """Let frames be drawn and the address be written."""
    page.evaluate("() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => done()), 220))")
