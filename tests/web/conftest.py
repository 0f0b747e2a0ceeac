"""One server of the shipped dataset for all tests that only ask it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import DAY
from tests.web.server import Server, serving


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """`kg serve` of the shipped dataset."""
    with serving("--timeout", "10", "--as-of", DAY) as started:
        yield started
