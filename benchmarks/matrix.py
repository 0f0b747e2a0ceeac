"""How long whole-graph questions take on a generated graph of ESCO's order, against bare products and plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from heapq import nlargest

import kg
from benchmarks import generated
from benchmarks.timing import Measured, in_turn
from kg.algorithms.matrix import RoleMatrix
from kg.algorithms.similarity import Similarity, first
from kg.handles.claims import RELATIONS, ClaimTable
from kg.handles.handle import KnowledgeGraph
from kg.handles.requirements import Requirements
from kg.model.iris import mint
from kg.model.quads import to_quads
from kg.model.statements import Source, Statement, Value
from kg.model.terms import KG, RDF, SKOS
from kg.stores.binding import bind, load_query
from kg.stores.oxigraph import OxigraphStore

_SOURCE = Source(mint("source", "generated"), "Generated", KG.SourceSays)
_MOST = 10


def statements(size: generated.Size) -> Iterator[Statement]:
    """Yield roles, skills in a tree of eight below each, and the generated requirements."""
    yield from _SOURCE.statements()
    for kind, name, count in ((KG.Role, "role", size.roles), (KG.Skill, "skill", size.skills)):
        for i in range(count):
            iri = mint(name, f"{name}-{i}")
            yield Statement(iri, RDF.type, kind, _SOURCE.iri)
            yield Statement(iri, SKOS.prefLabel, Value.of(f"{name.capitalize()} {i}", lang="en"), _SOURCE.iri)
            if name == "skill" and i:
                yield Statement(iri, SKOS.broader, mint(name, f"{name}-{(i - 1) // 8}"), _SOURCE.iri)
    for (role, skill), importance in generated.requirements(size).items():
        needs = mint("role", f"role-{role}"), KG.requires, mint("skill", f"skill-{skill}")
        yield Statement(*needs, _SOURCE.iri, essential=importance > 0.5)


def _matrix(store: OxigraphStore) -> RoleMatrix:
    return Requirements.read(ClaimTable.of(store)).matrix()


def _run(job: Callable[[], object]) -> None:
    job()


def measure() -> Iterator[Measured]:
    """Yield the matrix from a store, top tens for one role and for all, and the two questions, each with its floor."""
    store = OxigraphStore()
    store.add(to_quads(statements(generated.Size())))
    g = KnowledgeGraph(store, as_of=date(2026, 11, 22))
    matrix = _matrix(store)
    weights, transposed = matrix.weights, matrix.weights.T.tocsr()
    indexes = {name: Similarity(matrix, name) for name in ("weighted_jaccard", "cosine")}
    sets = [frozenset(weights.indices[a:b].tolist()) for a, b in zip(weights.indptr, weights.indptr[1:], strict=False)]
    role, held = g.resolve("Role 7").iri, ["Skill 0", "Skill 1", "Skill 2"]

    def bare_rows() -> None:
        for _ in store._engine.query(
            bind(load_query("claims"), relation=RELATIONS.values()), use_default_graph_as_union=True
        ):  # type: ignore[union-attr]  # rows come
            pass

    def plain_sets() -> None:
        nlargest(_MOST, range(len(sets)), key=lambda other: len(sets[7] & sets[other]) / len(sets[7] | sets[other]))

    def bare_products() -> None:
        for start in range(0, len(sets), 256):
            (weights[start : start + 256] @ transposed).toarray()

    def all_pairs(name: str) -> None:
        for _ in indexes[name].nearest(_MOST):
            pass

    jobs: dict[str, Callable[[], object]] = {
        "rows": bare_rows,
        "requirements": lambda: _matrix(store),
        "sets": plain_sets,
        "one product": lambda: (weights[[7]] @ transposed).toarray(),
        "one jaccard": lambda: first(indexes["weighted_jaccard"].scores(7), _MOST),
        "one cosine": lambda: first(indexes["cosine"].scores(7), _MOST),
        "products": bare_products,
        "all jaccard": lambda: all_pairs("weighted_jaccard"),
        "all cosine": lambda: all_pairs("cosine"),
        "similar": lambda: kg.similar(g, role),
        "opens": lambda: kg.opens(g, held=held, limit=3),
    }
    seconds = in_turn({name: partial(_run, job) for name, job in jobs.items()}, samples=5)
    product, products = "a bare sparse product", "the bare sparse products"
    pure = "plain Python sets"
    yield Measured("130,000 requirements to a matrix", seconds["requirements"], "their rows", seconds["rows"], 3.0)
    for name in ("jaccard", "cosine"):
        one, every = seconds[f"one {name}"], seconds[f"all {name}"]
        yield Measured(f"top ten of one role, {name}", one, product, seconds["one product"], 3.0)
        yield Measured(f"top ten of one role, {name}", one, pure, seconds["sets"], 0.5)
        yield Measured(f"top ten of every role, {name}", every, products, seconds["products"], 3.0)
        yield Measured(f"top ten of every role, {name}", every, f"{pure}, for all", seconds["sets"] * len(sets), 0.1)
    yield Measured("kg similar, warm", seconds["similar"], pure, seconds["sets"], 20.0)
    yield Measured("kg opens, warm", seconds["opens"], "the rows of all requirements", seconds["rows"], 3.0)
