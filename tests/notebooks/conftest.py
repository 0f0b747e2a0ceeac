"""The browser of the page tests, for notebooks too."""

from tests.browser.conftest import chromium, playwright

__all__ = ["chromium", "playwright"]
