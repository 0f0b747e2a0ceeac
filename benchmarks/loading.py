"""How long frameworks take to load, against pyoxigraph's bulk load of the same quads from N-Quads, both onto disk.

The official files are read where they are at hand ($KG_DATA, else ../shared/data); a framework that is not is left out,
and said so on stderr. Reading ESCO as a stream must stay within three times the engine's own time.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import RdfFormat, Store

from benchmarks.timing import Measured, in_turn
from kg.handles.loading import load

_DATA = Path(os.environ.get("KG_DATA") or Path(__file__).parents[2] / "shared" / "data")
_FRAMEWORKS = ("esco-1.1.1", "onet-29.3")
_SAMPLES = 3


def measure() -> Iterator[Measured]:
    """Yield the load of each framework that is at hand."""
    for name in _FRAMEWORKS:
        if not (_DATA / name).is_dir():
            print(f"{_DATA / name} is not there: left out.", file=sys.stderr)
            continue
        with TemporaryDirectory() as folder:
            yield _measure(name, Path(folder))


def _measure(name: str, folder: Path) -> Measured:
    quads = folder / "quads.nq"
    read = load([_DATA / name], into=folder / "first").total
    generation = (folder / "first" / "current").read_text(encoding="utf-8").strip()
    Store.read_only(str(folder / "first" / generation)).dump(str(quads), format=RdfFormat.N_QUADS)

    def ours() -> None:
        shutil.rmtree(folder / "ours", ignore_errors=True)
        load([_DATA / name], into=folder / "ours")

    def theirs() -> None:
        shutil.rmtree(folder / "theirs", ignore_errors=True)
        store = Store(str(folder / "theirs"))
        store.bulk_load(path=str(quads), format=RdfFormat.N_QUADS)
        store.flush()

    seconds = in_turn({"ours": ours, "theirs": theirs}, samples=_SAMPLES)
    return Measured(f"load {name}, {read:,} quads", seconds["ours"], "bulk load of N-Quads", seconds["theirs"], 3)
