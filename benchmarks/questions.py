"""Questions on a framework of real size, in a store folder: cold from the shell, and warm; each against its floor.

Without ``--graph FOLDER`` a generated framework of ESCO's order is loaded into a temporary folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import kg
from benchmarks import generated
from benchmarks.matrix import statements
from benchmarks.timing import Measured, in_turn, process
from kg.algorithms.similarity import Similarity
from kg.handles.claims import ClaimTable
from kg.handles.handle import KnowledgeGraph
from kg.handles.requirements import Requirements
from kg.model.quads import to_quads
from kg.names.lookup import find_nodes
from kg.stores.binding import bind, load_query
from kg.stores.oxigraph import OxigraphStore

_DAY = "2026-11-22"
#: What finding a misspelt name among as many may take, in seconds (`rapidfuzz` alone on 41,000 names takes 3.6 ms).
_FIND = 0.005
#: What a warm question may add to its query, in seconds.
_BEYOND = 0.010


def measure(folder: str = "") -> Iterator[Measured]:
    """Yield every question with its floor, in the store folder given or in a generated one."""
    if folder:
        yield from _measure(Path(folder))
        return
    with TemporaryDirectory() as temporary:
        store = OxigraphStore(Path(temporary) / "store")
        store.add(to_quads(statements(generated.Size())))
        store.close()
        yield from _measure(Path(temporary) / "store")


def _run(job: Callable[[], object]) -> None:
    job()


def _measure(folder: Path) -> Iterator[Measured]:
    start = perf_counter()
    g = kg.open(folder, as_of=_DAY)
    g.index.of_kind("role")
    named = perf_counter() - start
    start = perf_counter()
    whole = g.whole.matrix()
    print(f"   made once for a generation: names {named:.1f} s, claims {perf_counter() - start:.1f} s")
    described = [iri for iri in whole.roles if len(whole.row(iri)) > 20]
    one, other = (g.index.nodes(described)[iri].label for iri in (described[7], described[-7]))
    a, b = (g.resolve(name, "role").iri for name in (one, other))
    held = [n.label for n in g.index.nodes(list(whole.row(b))[:3]).values()]
    skill = max((n.label for n in g.index.of_kind("skill")[:500] if n.label.isascii()), key=len)
    misspelt, far = skill[:3] + skill[4:], skill[:4] + "x" + skill[6:10] + skill[11:] + " work"
    queries = {
        "overlap": bind(load_query("overlap"), node=[a, b], source=()),
        "gap": bind(load_query("gap"), role=[a, b], held=(), source=()),
    }
    weights = whole.weights
    transposed = weights.T.tocsr()
    index = Similarity(whole, "cosine")
    command = ["-m", "kg", "overlap", "--as-of", _DAY]

    def bare_products() -> None:
        for first in range(0, len(whole.roles), 256):
            (weights[first : first + 256] @ transposed).toarray()

    def all_pairs() -> None:
        for _ in index.nearest(10):
            pass

    def reopened() -> KnowledgeGraph:
        again = KnowledgeGraph(OxigraphStore(folder), as_of=date.fromisoformat(_DAY))
        again.resolve(one, "role")
        return again

    jobs: dict[str, Callable[[], object]] = {
        "cold": process(*command, one, other, "--graph", str(folder)),
        "cold shipped": process(*command, "AI Engineer", "Machine Learning Engineer"),
        "bare open": lambda: OxigraphStore(folder).close(),
        "open": reopened,
        "overlap query": lambda: g.store.construct(queries["overlap"]),
        "overlap": lambda: kg.overlap(g, one, other),
        "gap query": lambda: g.store.construct(queries["gap"]),
        "gap": lambda: kg.gap(g, one, from_=other),
        "exact": lambda: find_nodes(g.index, one),
        "misspelt": lambda: find_nodes(g.index, misspelt),
        "close": lambda: find_nodes(g.index, far),
        "similar": lambda: kg.similar(g, one),
        "opens": lambda: kg.opens(g, held=held, limit=3),
        "plan": lambda: kg.plan(g, one, from_=other),
        "path": lambda: kg.path(g, one, other, via=["requires", "^requires"]),
        "matrix": lambda: Requirements.read(ClaimTable.of(g.store)).matrix(),
        "products": bare_products,
        "all pairs": all_pairs,
    }
    s = in_turn({name: partial(_run, job) for name, job in jobs.items()}, samples=5)
    names = f"{len(g.index):,} names"  # type: ignore[arg-type]  # of a store folder it is a NameIndex
    yield Measured("overlap of two roles, cold", s["cold"], "the same on the shipped dataset", s["cold shipped"], 2.0)
    yield Measured("open and find a role", s["open"], "opening alone", s["bare open"], 2.0)
    for name in ("overlap", "gap"):
        floor = s[f"{name} query"] + _BEYOND
        yield Measured(f"{name} of two roles, warm", s[name], "its query and 10 ms", floor, 1.0)
    for name in ("exact", "misspelt", "close"):
        yield Measured(f"find among {names}, {name}", s[name], "5 ms", _FIND, 1.0)
    yield Measured("claims from their file to a matrix", s["matrix"], "the overlap's query", s["overlap query"], 10.0)
    yield Measured("top ten of every role, cosine", s["all pairs"], "the bare sparse products", s["products"], 2.0)
    for name in ("similar", "opens", "plan", "path"):
        yield Measured(f"kg {name}, warm, by name", s[name], "the bare sparse products", s["products"], 5.0)
