"""What a store on Oxigraph holds when writing or reopening it fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.model.errors import StoreError
from kg.stores import oxigraph
from kg.stores.generations import Hold
from kg.stores.oxigraph import OxigraphStore

Opened = tuple[object, Path | None, Hold | None]


def quad(number: int) -> Quad:
    return Quad(NamedNode(f"a:{number}"), NamedNode("a:p"), Literal(number), NamedNode("a:g"))


def line(number: int) -> bytes:
    return f"{quad(number)} .\n".encode()


@pytest.fixture(params=["in memory", "in a folder"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OxigraphStore]:
    made = OxigraphStore(None if request.param == "in memory" else tmp_path / "store")
    made.add([quad(0)])
    yield made
    made.close()


def test_chunks_are_taken_in(store: OxigraphStore) -> None:
    store.load(line(number) for number in (1, 2, 3))
    assert {*store.quads()} == {*map(quad, range(4))}


def test_chunks_that_break_off_leave_the_store_as_it_was(store: OxigraphStore) -> None:
    def broken() -> Iterator[bytes]:
        yield line(1)
        yield line(2)
        raise ZeroDivisionError("midway")

    with pytest.raises(ZeroDivisionError, match="midway"):
        store.load(broken())
    assert [*store.quads()] == [quad(0)]


def test_a_chunk_that_is_no_rdf_leaves_the_store_as_it_was(store: OxigraphStore) -> None:
    with pytest.raises(SyntaxError, match="Parser error"):
        store.load([line(1), line(2), b"no line of ours\n", line(3)])
    assert [*store.quads()] == [quad(0)]


@pytest.mark.parametrize("write", ["add", "derive"])
def test_where_the_new_generation_cannot_be_opened_the_old_one_is_still_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: str
) -> None:
    """As when a process has no file handles left."""
    folder = tmp_path / "store"
    store = OxigraphStore(folder)
    store.add([quad(0)])
    writes = {"add": lambda: store.add([quad(1)]), "derive": lambda: store.derive([line(1)])}

    def refuse(folder: Path, *, inferred: bool = False) -> Opened:
        raise StoreError(f"The store in {folder} cannot be opened: Too many open files.")

    with monkeypatch.context() as patched:
        patched.setattr(oxigraph, "open_current", refuse)
        with pytest.raises(StoreError, match=r"is in .*, but it cannot be read from there now.*Too many open files"):
            writes[write]()
    assert [*store.quads()] == [quad(0)]
    assert {*OxigraphStore(folder, inferred=True).quads()} == {quad(0), quad(1)}
    store.add([quad(2)])
    assert quad(2) in {*store.quads()}
    store.close()
    OxigraphStore(folder).add([quad(3)])
    assert [path.name for path in sorted(folder.glob("generation-*"))] == ["generation-000004"]
