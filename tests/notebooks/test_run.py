"""Every notebook runs from top to bottom, and the outputs that are committed are those it gives.

`make goldens` saves what they give, without times, kernel metadata and random ids, so that the same notebook is the
same file whoever saves it.
"""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.goldens import ANEW

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
MOST_BYTES = 600_000
#: Pictures and frames hold a font's or a layout's rounding; what they say stands in the text beside them.
STABLE = ("text/plain",)
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def run(path: Path) -> Any:  # nbformat has no types
    """Return a notebook with the outputs it gives now."""
    book = nbformat.read(path, as_version=4)
    client = NotebookClient(
        book,
        timeout=120,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
        coalesce_streams=True,
    )
    client.execute()
    return book


def tidied(book: Any) -> Any:  # as above
    """Return a notebook without what differs from run to run."""
    book.metadata = nbformat.from_dict(KERNEL)
    for number, cell in enumerate(book.cells, start=1):
        cell.id = f"cell-{number:02d}"
        cell.metadata = {}
        for output in cell.get("outputs", ()):
            if "metadata" in output:
                output.metadata = {}
    return book


def said(book: Any) -> list[list[object]]:  # as above
    """Return what the code cells say, cell by cell."""
    return [
        [
            output.get("text") or {form: output.get("data", {}).get(form) for form in STABLE}
            for output in cell.outputs
            if output.get("name") != "stderr"
        ]
        for cell in book.cells
        if cell.cell_type == "code"
    ]


def test_all_seven_are_there() -> None:
    assert [path.stem[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05", "06", "07"]
    index = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in NOTEBOOKS if f"({path.name})" not in index] == []


@pytest.mark.golden
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_and_says_what_is_committed(path: Path) -> None:
    found = tidied(run(path))
    committed = nbformat.read(path, as_version=4)
    if ANEW and said(found) != said(committed):
        nbformat.write(found, path)
        return
    assert said(found) == said(committed), f"{path.name}: `make goldens` saves it anew, if that is what you want"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_is_committed_is_whole_small_and_names_no_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    book = nbformat.reads(text, as_version=4)
    nbformat.validate(book)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert [output for cell in code for output in cell.outputs if output.get("name") == "stderr"] == []
    assert book.cells[0].source.startswith("# ")
    assert book.cells[-1].cell_type == "markdown", "it ends in the sentence that answers"
    assert len(text.encode()) < MOST_BYTES
    outputs = str([cell.outputs for cell in code])
    assert str(ROOT) not in outputs
    assert re.findall(r"(?<![\w/.])/(?:home|tmp|root|work|Users|private|var)/[\w.-]+", outputs) == []
    written = re.sub(r"[!-~]{500,}", "", outputs)  # in what is packed any three letters may stand
    assert len(written) > 1000
    assert not re.search(rf"\b{re.escape(socket.gethostname())}\b", written)


def test_a_changed_output_is_noticed() -> None:
    book = nbformat.read(NOTEBOOKS[0], as_version=4)
    other = nbformat.read(NOTEBOOKS[0], as_version=4)
    cell = next(cell for cell in other.cells if cell.cell_type == "code" and cell.outputs)
    output = cell.outputs[0]
    if "text" in output:
        output.text += "more"
    else:
        output.data["text/plain"] += "more"
    assert said(book) != said(other)
