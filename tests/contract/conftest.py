"""The stores that hold the contract. A further store registers here, in one line, and every test beside asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg.handle import KnowledgeGraph
from kg.stores.memory import MemoryStore
from kg.stores.oxigraph import OxigraphStore
from kg.stores.port import Store

#: Name → how to make an empty store; the path is a folder that does not exist yet.
STORES: dict[str, Callable[[Path], Store]] = {
    "memory": lambda _: MemoryStore(),
    "oxigraph in memory": lambda _: OxigraphStore(),
    "oxigraph in a folder": OxigraphStore,
}


@pytest.fixture(params=list(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    made = STORES[request.param](tmp_path / "store")
    yield made
    made.close()


@pytest.fixture(scope="session")
def filled(shipped: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Store]:
    """Every kind of store, each holding the shipped dataset."""
    quads = tuple(shipped.store.quads())
    made = {name: make(tmp_path_factory.mktemp("filled") / "store") for name, make in STORES.items()}
    for each in made.values():
        each.add(quads)
    return made
