"""What many tests share: the shipped dataset, opened once, the same as a networkx graph, and the command line."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

import pytest
from hypothesis import HealthCheck, settings

from kg.handles.handle import KnowledgeGraph
from kg.handles.networks import whole_network
from kg.handles.opening import open as open_graph
from tests.outside import outside as outside

if TYPE_CHECKING:
    import networkx as nx
    from playwright.sync_api import Browser, Playwright

# How fast examples are drawn says what else the machine does, and nothing of the code.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")

#: The day every test asks about, so that none rots.
DAY = "2026-11-22"


@pytest.fixture(scope="session")
def shipped() -> KnowledgeGraph:
    """The shipped dataset on a fixed day."""
    return open_graph(as_of=DAY)


@pytest.fixture(scope="session")
def undescribed(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """The shipped dataset and a role of which no source says what it requires: the Data Gardener."""
    file = tmp_path_factory.mktemp("undescribed") / "facts.yaml"
    role = "{id: data-gardener, label: Data Gardener, status: unverified}"
    file.write_text(f"source: mine\nsources:\n- {{id: mine, title: Mine, origin: reading}}\nroles:\n- {role}\n")
    return open_graph(["shipped", file], as_of=DAY)


@pytest.fixture(scope="session")
def whole(shipped: KnowledgeGraph) -> nx.MultiDiGraph[str]:
    """The whole shipped dataset as a frozen networkx graph."""
    return whole_network(shipped)


def some(items: Sequence[str], most: int = 20) -> Sequence[str]:
    """Return items spread evenly over all: what ships grows, and a test of every pair with its square."""
    return items[:: -(-len(items) // most) or 1]


class Ran(NamedTuple):
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


class Run(Protocol):
    """Run the command line in this process, as `kg ARGUMENTS` would."""

    def __call__(self, *arguments: object) -> Ran:
        """Return what the command left."""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line, called in process: its help eighty columns wide, its answers as wide as in a pipe."""
    from kg.cli import app as cli

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "80" if not arguments or {"--help", "-h"} & {*arguments} else "")
        capsys.readouterr()
        code = cli.main()
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run


# --- the browser

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One Playwright for all tests of a process: it keeps an event loop running, and bears no second one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


def find_chromium() -> str | None:
    """Return the path of a Chromium, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Chromium; where there is none the tests are skipped, but in CI they fail."""
    found = find_chromium()
    if not found:
        said = "no chromium: apt install chromium"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)
    browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
    yield browser
    browser.close()
