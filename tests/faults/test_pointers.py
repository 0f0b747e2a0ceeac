"""A store folder whose pointer is lost or set back: what it holds is told, and nothing of it is removed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import kg
from kg.handles.loading import load
from kg.model.errors import StoreError
from kg.stores.oxigraph import OxigraphStore
from tests.conftest import Run
from tests.faults.test_disk_full import chain, content

INSERT = "INSERT DATA { GRAPH source:mine { tool:x a kg:Tool } }"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store folder written in two loads, with what was derived from it."""
    for number in (6, 12):
        (tmp_path / f"{number}.nt").write_text(chain(number))
        load([tmp_path / f"{number}.nt"], into=tmp_path / "store")
    kg.infer(tmp_path / "store", rules=["inverse"])
    return tmp_path / "store"


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder but the lock, which whoever wants to write makes."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in ("lock", "LOCK", "LOG"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


WAYS: dict[str, Callable[[Path], object]] = {
    "load": lambda store: load([store.parent / "6.nt"], into=store),
    "update": lambda store: kg.update(store, INSERT),
    "infer": kg.infer,
    "open": kg.open,
    "open with another": lambda store: kg.open([store, "shipped"]),
    "store": OxigraphStore,
}


@pytest.mark.parametrize("way", WAYS)
def test_a_store_without_its_pointer_is_not_empty(store: Path, way: str) -> None:
    """A load took it for the rest of a killed one: it removed the only generation, and exited with 0."""
    wanted = content(store)
    (store / "current").unlink()
    before = snapshot(store)
    told = r"has lost its pointer: there is generation-000003, .* printf generation-000003 > '.*current'"
    with pytest.raises(StoreError, match=told):
        WAYS[way](store)
    assert snapshot(store) == before
    (store / "current").write_text("generation-000003\n")  # as the message says
    assert content(store) == wanted


@pytest.mark.parametrize(
    "words",
    [
        ("load", "6.nt", "--into", "store"),
        ("serve", "--graph", "store", "--port", "0"),
        ("serve", "--graph", "store", "--port", "0", "--update"),
        ("export", "--to", "turtle", "--graph", "store"),
        ("check", "--graph", "store"),
        ("infer", "--graph", "store"),
        ("diff", "store", "6.nt"),
        ("sparql", "ASK {}", "--graph", "store"),
        ("sparql", INSERT, "--graph", "store", "--update"),
        ("list", "roles", "--graph", "store"),
    ],
)
def test_every_command_says_that_the_pointer_is_lost(
    store: Path, run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    (store / "current").unlink()
    before = snapshot(store)
    monkeypatch.chdir(store.parent)
    code, out, told = run(*words)
    assert (code, out) == (2, "")
    assert "store has lost its pointer: there is generation-000003" in told
    assert snapshot(store) == before


def test_a_pointer_set_back_lets_nothing_newer_be_replaced(store: Path, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(store, older)
    load([tmp_path / "6.nt"], into=older)  # the fourth; with the third put beside it again as it was
    shutil.copytree(store / "generation-000003", older / "generation-000003")
    (older / "current").write_text("generation-000003")
    before = snapshot(older)
    assert content(older) == content(store), "what is pointed to is read"
    with pytest.raises(StoreError, match="holds generation-000004, which is newer than the generation that its file"):
        load([tmp_path / "12.nt"], into=older)
    assert snapshot(older) == before
    (older / "current").write_text("generation-000004")
    load([tmp_path / "12.nt"], into=older)
    assert [path.name for path in older.glob("generation-*")] == ["generation-000005"], "the others are superseded"


def test_what_a_killed_first_load_left_is_cleared_away(tmp_path: Path) -> None:
    """It was never pointed to: its pointer lies beside it."""
    (tmp_path / "6.nt").write_text(chain(6))
    store = tmp_path / "store"
    (store / "generation-000001").mkdir(parents=True)
    (store / "current.000001").write_text("generation-000001")
    load([tmp_path / "6.nt"], into=store)
    assert sorted(path.name for path in store.iterdir()) == ["current", "generation-000001", "lock"]
    assert len(content(store)) > 0
