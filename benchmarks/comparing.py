"""How long it takes to compare two releases of ESCO's order, and to rank all roles by words, against their floors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from random import Random

from benchmarks import generated
from benchmarks.matrix import statements
from benchmarks.timing import Measured, in_turn
from kg.algorithms.similarity import Similarity
from kg.handles.handle import KnowledgeGraph
from kg.handles.likeness import rows_of
from kg.handles.words import RoleWords
from kg.model.quads import to_quads
from kg.model.statements import CLAIM_CLASSES
from kg.model.terms import KG
from kg.releases.diff import diff
from kg.stores.binding import bind, load_query
from kg.stores.oxigraph import OxigraphStore

_DAY = date(2026, 11, 22)
_ROLES, _WORDS, _LENGTH = 1_000, 18_000, 200  # the order of O*NET's occupations with their tasks and titles


def _texts() -> Iterator[tuple[str, int, str]]:
    """Yield made-up task statements: as words are used, a few in nearly all of them, most in a handful."""
    random = Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(letters[(i // 26**k) % 26] for k in range(4)) for i in range(_WORDS)]
    weights = [1 / (rank + 3) for rank in range(_WORDS)]
    for role in range(_ROLES):
        yield f"role-{role:04d}", 0, " ".join(random.choices(words, weights, k=_LENGTH))


def measure() -> Iterator[Measured]:
    """Yield the comparison of two releases beside reading the rows it needs, and words beside bare products."""
    size = generated.Size()
    stores = []
    for left_out in (0, 97):  # the second release lacks every ninety-seventh statement
        store = OxigraphStore()
        made = (s for i, s in enumerate(statements(size)) if not left_out or i % left_out)
        store.add(to_quads(made))
        stores.append(store)
    before, after = (KnowledgeGraph(store, as_of=_DAY) for store in stores)
    relations = (*CLAIM_CLASSES, KG.requiresEssential, KG.requiresOptional)
    queries = [load_query(f"diff_{name}") for name in ("nodes", "values", "ratings")]
    queries.append(bind(load_query("diff_links"), relation=relations))

    def bare_rows() -> None:
        for store in stores:
            for query in queries:
                for _ in store._engine.query(query, use_default_graph_as_union=True):  # type: ignore[union-attr]  # rows come
                    pass

    words = RoleWords.count(_texts())
    matrix = rows_of(words.weighed(tasks_only=False), words.roles)
    weights, transposed = matrix.weights, matrix.weights.T.tocsr()

    def bare_products() -> None:
        for start in range(0, _ROLES, 256):
            (weights[start : start + 256] @ transposed).toarray()

    def ranked() -> None:
        for _ in Similarity(matrix, "tfidf").nearest(10):
            pass

    jobs: dict[str, Callable[[], object]] = {
        "diff": lambda: diff(before, after),
        "rows": bare_rows,
        "ranked": ranked,
        "products": bare_products,
    }
    seconds = in_turn({name: partial(_run, job) for name, job in jobs.items()}, samples=5)
    yield Measured("two releases compared", seconds["diff"], "their rows", seconds["rows"], 6.0)
    yield Measured("top ten of every role by words", seconds["ranked"], "bare products", seconds["products"], 3.0)


def _run(job: Callable[[], object]) -> None:
    job()
