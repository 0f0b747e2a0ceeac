"""A combination of places that is kept is opened again for the same content only, and is never in anybody's way."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad

from kg.handles.loading import load
from kg.handles.opening import open_store
from kg.stores import combined
from kg.stores.combined import CombinedStore
from kg.stores.oxigraph import OxigraphStore
from kg.stores.port import Store
from tests.rights import without_privileges

P = "https://example.org/says"
posix = pytest.mark.skipif(sys.platform == "win32", reason="rights and locks are POSIX's")


def said(path: Path, *words: str) -> Path:
    path.write_text("".join(f'<https://example.org/{word}> <{P}> "{word}" .\n' for word in words))
    return path


def loaded(folder: Path, *words: str) -> Path:
    load([said(folder.with_suffix(".nt"), *words)], into=folder)
    return folder


def words_of(*places: Path | rdflib.Dataset) -> set[str]:
    store, _ = open_store(places)
    found = {str(row["word"]) for row in store.select(f"SELECT ?word WHERE {{ ?s <{P}> ?word }}").dicts()}
    store.close()
    return found


def kept_beside(folder: Path) -> list[Path]:
    return sorted(folder.glob("generation-*+*"))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """The largest place, beside which combinations are kept."""
    return loaded(tmp_path / "base", *(f"word{i}" for i in range(200)))


def more_than(base: set[str], found: set[str]) -> set[str]:
    assert base < found
    return found - base


@pytest.mark.parametrize("other", ["a store folder", "a file", "a dataset"])
def test_what_was_kept_answers_for_the_same_content_only(tmp_path: Path, base: Path, other: str) -> None:
    whole = words_of(base)

    def place(word: str) -> Path | rdflib.Dataset:
        if other == "a file":
            return said(tmp_path / "other.nt", word)
        if other == "a dataset":
            dataset = rdflib.Dataset()
            dataset.add((rdflib.URIRef("https://example.org/it"), rdflib.URIRef(P), rdflib.Literal(word)))
            return dataset
        shutil.rmtree(tmp_path / "other", ignore_errors=True)
        return loaded(tmp_path / "other", word)

    first = place("first")
    assert more_than(whole, words_of(base, first)) == {"first"}
    assert more_than(whole, words_of(base, first)) == {"first"}
    assert len(kept_beside(base)) == 1
    assert more_than(whole, words_of(base, place("second"))) == {"second"}
    assert len(kept_beside(base)) == 2


@pytest.mark.parametrize("what", ["version", "dataset"])
def test_what_another_release_of_the_package_kept_is_not_opened(
    tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Names that facts do not define are borrowed from the shipped dataset."""
    more = said(tmp_path / "more.nt", "more")
    words_of(base, more)
    if what == "version":
        monkeypatch.setattr("importlib.metadata.version", lambda name: "999")
    else:
        monkeypatch.setattr(combined, "read_data", lambda name: b"another release")
    words_of(base, more)
    assert len(kept_beside(base)) == 2


@posix
@pytest.mark.skipif(sys.platform not in ("linux", "win32") and os.geteuid() == 0, reason="root reads all there")
def test_what_another_user_keeps_to_himself_is_combined_elsewhere(tmp_path: Path, base: Path) -> None:
    more = said(tmp_path / "more.nt", "more")
    found = words_of(base, more)
    (kept,) = kept_beside(base)
    kept.chmod(0)
    try:
        with without_privileges():
            assert words_of(base, more) == found
    finally:
        kept.chmod(0o755)
    assert kept_beside(base) == [kept]


def test_what_is_kept_on_a_read_only_disk_is_opened(
    tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = said(tmp_path / "more.nt", "more")
    words_of(base, more)
    (kept,) = kept_beside(base)
    there = (kept / "CURRENT").stat()

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "utime", refuse)
    store, _ = open_store([base, more])
    assert isinstance(store, CombinedStore)
    assert store.generation == kept
    assert os.path.samestat((kept / "CURRENT").stat(), there)
    store.close()


def test_of_two_that_combine_the_same_the_second_leaves_nothing(
    tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more, write = said(tmp_path / "more.nt", "more"), combined._write

    def overtaken(store: OxigraphStore, others: Sequence[Store], path: Path) -> None:
        write(store, others, path)
        monkeypatch.setattr(combined, "_write", write)
        words_of(base, more)

    monkeypatch.setattr(combined, "_write", overtaken)
    assert "more" in words_of(base, more)
    assert combined._write is write
    (kept,) = kept_beside(base)
    assert "." not in kept.name


@posix
def test_what_is_being_combined_is_left_alone_by_a_writer(
    tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more, write = said(tmp_path / "more.nt", "more"), combined._write
    seen: list[bool] = []

    def met(store: OxigraphStore, others: Sequence[Store], path: Path) -> None:
        write(store, others, path)
        writer = OxigraphStore(base)
        writer.add([Quad(NamedNode("https://example.org/it"), NamedNode(P), Literal("new"))])
        writer.close()
        seen.append(path.is_dir())

    monkeypatch.setattr(combined, "_write", met)
    assert "more" in words_of(base, more)
    assert seen == [True]
    assert [path.name for path in kept_beside(base) if path.name.count(".")] == []
