"""Opening that fails lets go of what was opened before: a writer then clears it away."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

import kg
from kg.handles.opening import open_store
from kg.model.errors import KgError, StoreError
from kg.stores.oxigraph import OxigraphStore

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there, nothing is held by locks")


def write(folder: Path, number: int) -> None:
    store = OxigraphStore(folder)
    store.add([Quad(NamedNode(f"a:{number}"), NamedNode("a:p"), Literal(number), NamedNode("a:g"))])
    store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "store", 1)
    return tmp_path / "store"


def generations(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("generation-*"))


@pytest.mark.parametrize(
    ("other", "message"),
    [("missing", "There is no"), ("https://example.org/sparql", "An endpoint cannot be combined")],
    ids=["a later place is missing", "they cannot be combined"],
)
def test_places_that_cannot_be_opened_together(folder: Path, other: str, message: str) -> None:
    with pytest.raises(StoreError, match=message) as caught:
        open_store([folder, other])
    write(folder, 2)
    assert generations(folder) == ["generation-000002"]
    assert caught.tb is not None  # as long as the error lives, so does what it came from


@pytest.mark.parametrize(
    ("asked", "message"),
    [({"inferred": True}, "infer"), ({"release": "esco-9"}, "release")],
    ids=["derived claims", "a release"],
)
def test_what_a_store_does_not_have(folder: Path, asked: dict[str, bool | str], message: str) -> None:
    with pytest.raises(KgError, match=message) as caught:
        kg.open(folder, **asked)  # type: ignore[arg-type]  # one of two keywords
    write(folder, 2)
    assert generations(folder) == ["generation-000002"]
    assert caught.tb is not None  # as above
