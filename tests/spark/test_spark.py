"""The bulk questions on Spark give what the matrix engine gives, on the shipped dataset and on a generated one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from pyoxigraph import Literal, NamedNode, Quad

import kg
from benchmarks.generated import Size, career
from kg.algorithms.matrix import Taxonomy
from kg.algorithms.similarity import Measure, Similarity
from kg.exports.parquet import write_parquet
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput, MissingExtra
from kg.model.terms import SCHEMA
from kg.spark import closure, demand, top_k
from kg.spark.__main__ import main
from kg.spark.nearest import BlockMeasure

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:pyspark"),
    pytest.mark.filterwarnings("ignore::FutureWarning:pyspark"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

ESCO = "https://w3id.org/career-kg/source/esco-111"


def rows(frame: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in frame.collect()]


def same(found: list[tuple[Any, ...]], expected: list[tuple[Any, ...]]) -> bool:
    """Whether two lists of nearest roles are the same; a sum in another order may differ in the twelfth decimal."""
    bare = [[(*row[:2], row[3]) for row in sorted(rows_)] for rows_ in (found, expected)]
    scores = [[row[2] for row in sorted(rows_)] for rows_ in (found, expected)]
    return bare[0] == bare[1] and scores[0] == pytest.approx(scores[1], abs=2e-12)


def nearest_by_matrix(g: KnowledgeGraph, measure: Measure, k: int, **said: Any) -> list[tuple[str, str, float, int]]:
    """Every role's nearest by the matrix engine, without those that have nothing in common."""
    matrix = g.whole.requirements.matrix(**said)
    found = []
    for role, near, scores in Similarity(matrix, measure).nearest(k):
        alike = [(matrix.roles[i], score) for i, score in zip(near, scores.tolist(), strict=True) if score > 0]
        found += [(matrix.roles[role], other, score, rank) for rank, (other, score) in enumerate(alike, 1)]
    return sorted(found)


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> tuple[KnowledgeGraph, Path]:
    """A generated graph, rated on a scale of known ends, with more roles than fit the blocks that the test asks for."""
    g = kg.from_networkx(career(Size(400, 900, 6_000, 20, 800, 300)), as_of="2026-11-22")
    scale = NamedNode("https://w3id.org/career-kg/scale/generated")
    ends = ((SCHEMA.minValue, 0.25), (SCHEMA.maxValue, 1.25))  # what lies below the lowest weighs nothing
    g.store.add(Quad(scale, NamedNode(name), Literal(end)) for name, end in ends)
    folder = tmp_path_factory.mktemp("generated") / "tables"
    write_parquet(g, folder, most=20_000)
    return g, folder


@pytest.mark.parametrize("measure", ["weighted_jaccard", "cosine", "tfidf"])
@pytest.mark.parametrize("said", [{}, {"essential_only": True}, {"sources": [ESCO]}], ids=str)
def test_top_k_of_the_shipped_dataset(
    spark: SparkSession, tables: Path, shipped: KnowledgeGraph, measure: BlockMeasure, said: dict[str, Any]
) -> None:
    found = rows(top_k(spark, tables, measure=measure, k=5, block=7, **said))
    assert found
    assert same(found, nearest_by_matrix(shipped, measure, 5, **said))


@pytest.mark.parametrize("measure", ["weighted_jaccard", "cosine", "tfidf"])
def test_top_k_does_not_depend_on_the_blocks(
    spark: SparkSession, generated: tuple[KnowledgeGraph, Path], measure: BlockMeasure
) -> None:
    g, folder = generated
    expected = nearest_by_matrix(g, measure, 10)
    assert len(expected) > 3_000
    for block in (150, 1_000):
        assert same(rows(top_k(spark, folder, measure=measure, k=10, block=block)), expected)


def test_demand_is_that_of_the_matrix(spark: SparkSession, generated: tuple[KnowledgeGraph, Path]) -> None:
    g, folder = generated
    every, needed = g.whole.requirements.matrix(), g.whole.requirements.matrix(essential_only=True)
    roles = np.bincount(every.weights.indices, minlength=len(every.items))
    essential = np.bincount(needed.weights.indices, minlength=len(needed.items))
    described = int(np.count_nonzero(np.diff(every.weights.indptr)))
    found = rows(demand(spark, folder))
    expected = [
        (item, g.names.nodes[item]["label"], int(roles[i]), int(essential[i]), pytest.approx(roles[i] / described))
        for i, item in enumerate(every.items)
        if roles[i]  # what weighs nothing is not required
    ]
    assert found == sorted(expected, key=lambda row: (-row[2], row[0]))


def test_closure_is_that_of_the_taxonomy(spark: SparkSession, tables: Path, shipped: KnowledgeGraph) -> None:
    matrix = shipped.whole.requirements.matrix()
    taxonomy = Taxonomy.read(matrix, shipped.whole.hierarchy)
    own = dict(enumerate(taxonomy.own.tolist()))
    names = {position: matrix.items[item] for item, position in own.items()}
    found = rows(closure(spark, tables))
    above: dict[str, set[str]] = {}
    for subject, target, _ in found:
        above.setdefault(subject, set()).add(target)
    for item, name in enumerate(matrix.items):
        columns = taxonomy.above.indices[taxonomy.above.indptr[item] : taxonomy.above.indptr[item + 1]]
        assert len(above.get(name, set()) | {name}) == len(columns)
        assert {names[c] for c in columns if c in names} <= above.get(name, set()) | {name}
    steps = {(subject, target): number for subject, target, number in found}
    assert len(steps) == len(found)
    assert {pair for pair, number in steps.items() if number == 1} == set(shipped.whole.hierarchy)


def test_a_circle_comes_to_an_end(spark: SparkSession, tmp_path: Path) -> None:
    columns = ["subject", "relation", "object"]
    circle = [("a", "broader", "b"), ("b", "broader", "c"), ("c", "broader", "a"), ("x", "leadsTo", "a")]
    spark.createDataFrame(circle, columns).write.parquet(str(tmp_path / "edges.parquet"))
    found = {(subject, target): steps for subject, target, steps in rows(closure(spark, tmp_path))}
    assert found == {
        (a, b): "abc".index(b) - "abc".index(a) if b > a else 3 + "abc".index(b) - "abc".index(a)
        for a in "abc"
        for b in "abc"
    }
    with pytest.raises(BadInput, match="not complete after 1 steps"):
        closure(spark, tmp_path, max_steps=1)


def test_as_a_job(spark: SparkSession, tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "out")
    assert main(["top-k", str(tables), out, "--measure", "cosine", "-n", "2"]) == 0
    assert {row[3] for row in rows(spark.read.parquet(out))} == {1, 2}
    assert main(["demand", str(tmp_path), str(tmp_path / "other")]) == 2
    assert "Write the tables first: kg export --to parquet" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "message"),
    [({"measure": "lin"}, 'No measure "lin" on Spark'), ({"k": 0}, "k is 0"), ({"block": 0}, "block is 0")],
    ids=str,
)
def test_what_cannot_be_asked(spark: SparkSession, tables: Path, said: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        top_k(spark, tables, **said)


def test_without_spark(monkeypatch: pytest.MonkeyPatch, tables: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(MissingExtra, match=r"career-kg\[spark\]"):
        demand(cast(Any, None), tables)  # it comes to no session
