"""The stores that hold the contract. A further store registers here, in one line, and every test beside asks it."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pyoxigraph import Quad

from kg.handles.handle import KnowledgeGraph
from kg.handles.loading import load
from kg.model.shipped import data_path
from kg.stores.endpoint import EndpointStore
from kg.stores.memory import MemoryStore
from kg.stores.oxigraph import OxigraphStore
from kg.stores.port import Store
from tests.contract.servers import Server, oxigraph
from tests.sources.frameworks import write_esco, write_onet_text

#: Name → how to make an empty store; the path is a folder that does not exist yet.
STORES: dict[str, Callable[[Path], Store]] = {
    "memory": lambda _: MemoryStore(),
    "oxigraph in memory": lambda _: OxigraphStore(),
    "oxigraph in a folder": OxigraphStore,
}
#: And the name of the store that a real server stands behind.
ENDPOINT = "endpoint of oxigraph's server"


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Oxigraph's server, emptied before each use."""
    with oxigraph(tmp_path_factory.mktemp("empty-server")) as server:
        yield server


def emptied(server: Server) -> EndpointStore:
    request = urllib.request.Request(server.update, b"DROP ALL", {"Content-Type": "application/sparql-update"})
    urllib.request.urlopen(request, timeout=20).close()
    return EndpointStore(server.query, update=server.update)


@pytest.fixture(params=[*STORES, pytest.param(ENDPOINT, marks=pytest.mark.servers)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    if request.param == ENDPOINT:
        made: Store = emptied(request.getfixturevalue("empty_server"))
    else:
        made = STORES[request.param](tmp_path / "store")
    yield made
    made.close()


@pytest.fixture(scope="session")
def filled(shipped: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Store]]:
    """Every kind of store, each holding the shipped dataset."""
    quads = tuple(shipped.store.quads())
    with filled_with(quads, tmp_path_factory.mktemp("filled")) as made:
        yield made


@pytest.fixture(scope="module")
def rated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Store]]:
    """Every kind of store, each holding small releases in the shapes of O*NET and ESCO, and the vocabulary: these have
    ratings, scales, related roles and kinds of skills.
    """
    folder = tmp_path_factory.mktemp("rated")
    releases = [write_onet_text(folder / "db_29_3_text"), write_esco(folder / "esco-1.1.1")]
    load([*releases, data_path("ontology/kg.ttl")], into=folder / "loaded")
    loaded = OxigraphStore(folder / "loaded")
    quads = tuple(loaded.quads())
    loaded.close()
    with filled_with(quads, folder) as made:
        yield made


@contextmanager
def filled_with(quads: Iterable[Quad], folder: Path) -> Iterator[dict[str, Store]]:
    quads = tuple(quads)
    made = {name: make(folder / "store") for name, make in STORES.items()}
    with oxigraph(folder) as server:
        made[ENDPOINT] = EndpointStore(server.query, update=server.update)
        for each in made.values():
            each.add(quads)
        yield made
        for each in made.values():
            each.close()
