"""A temporary folder that cannot be written is named, and not the place of the export."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedRandom
from pathlib import Path

import pytest

from kg.exports import partitions, rdf
from kg.exports.datasets import export
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput
from kg.releases.infer import infer

SAID = r"which cannot be written: {}\. .*set TMPDIR to a folder with more space"


@contextmanager
def full() -> Iterator[BufferedRandom]:
    file = open("/dev/full", "r+b")  # noqa: SIM115, PTH123  # closing it writes what is left, which fails too
    try:
        yield file
    finally:
        with suppress(OSError):
            file.close()


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
@pytest.mark.parametrize("form", ["trig", "turtle", "skos"])
def test_a_temporary_folder_that_is_full_is_named(
    shipped: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """There is room to sort the parts, but none to put them together."""
    monkeypatch.setattr(rdf, "temporary_file", full)
    with pytest.raises(BadInput, match=SAID.format("No space left on device")) as caught:
        export(shipped, form, tmp_path / f"out.{form}")
    assert str(tmp_path) not in str(caught.value)
    assert [*tmp_path.iterdir()] == []


def test_where_no_temporary_file_can_be_made(
    shipped: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(partitions, "TemporaryFile", refuse)
    monkeypatch.setattr(partitions, "gettempdir", refuse)
    with pytest.raises(BadInput, match=SAID.format("No usable temporary directory found")):
        export(shipped, "trig", tmp_path / "out.trig")
    with pytest.raises(BadInput, match=SAID.format("No usable temporary directory found")):
        infer(shipped, into=tmp_path / "out.nq")
    assert [*tmp_path.iterdir()] == []
