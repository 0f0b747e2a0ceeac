"""A server goes on answering from the generation it opened while others load into its folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from kg.handles.loading import load
from tests.faults.test_disk_full import lines
from tests.web.server import serving

pytest.importorskip("uvicorn", reason="needs the extra serve")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there, files that are open cannot be removed")
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?s{i} ?p{i} ?o{i} .' for i in range(6))} }}"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s <https://example.org/p> ?o FILTER(isLiteral(?o)) }"


def test_a_server_answers_as_before_while_its_folder_is_written(tmp_path: Path) -> None:
    for turn in range(4):
        (tmp_path / f"{turn}.nt").write_text(lines(50, f"turn{turn}-"))
    store = tmp_path / "store"
    for turn in (0, 1):  # two loads: the engine then has more files than it opens at once
        load([tmp_path / f"{turn}.nt"], into=store)

    def counted() -> int:
        answer = server.ask(COUNT, accept="application/sparql-results+json")
        assert answer.status == 200, answer.text
        return int(json.loads(answer.text)["results"]["bindings"][0]["n"]["value"])

    with serving("--graph", store, "--timeout", "3") as server:
        assert counted() == 100
        for turn in (2, 3):
            load([tmp_path / f"{turn}.nt"], into=store)
            assert {counted() for _ in range(6)} == {100}
        assert server.get("/").status == 200
        before = set(server.children())
        assert server.ask(ENDLESS).status == 504
        assert {counted() for _ in range(6)} == {100}, "a worker that replaces another reads what the others read"
        assert set(server.children()) != before
    with serving("--graph", store) as server:
        assert counted() == 200
    load([tmp_path / "0.nt"], into=store)
    assert len([*store.glob("generation-*")]) == 1
