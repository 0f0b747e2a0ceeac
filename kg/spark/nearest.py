"""The most similar roles of every role, block by block.

A join on skills makes one row for every pair of roles that share one, and a skill that every second role requires makes
hundreds of millions of them in one task. So the role × skill matrix is cut into blocks of roles instead, by hash, and
each task multiplies two blocks (scipy, as the matrix engine does) and keeps the k best of each row. Blocks are equally
large whatever is popular, a task's memory is that of two blocks and one dense square, and what travels is the matrix
once for every block.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from kg.algorithms.similarity import first
from kg.model.errors import BadInput, MissingExtra
from kg.spark.tables import functions, role_weights

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["top_k"]

BlockMeasure = Literal["weighted_jaccard", "cosine", "tfidf"]
_DECIMALS = 12
_MOST_TASKS = 10_000


def top_k(
    spark: SparkSession,
    folder: str | Path,
    *,
    measure: BlockMeasure = "weighted_jaccard",
    k: int = 10,
    sources: Sequence[str] = (),
    essential_only: bool = False,
    block: int = 4_000,
) -> DataFrame:
    """Which roles are most like each role?

    Parameters
    ----------
    spark
        The session.
    folder
        The Parquet export.
    measure
        weighted_jaccard, cosine or tfidf, as `kg.algorithms.similarity.Similarity` defines them; ``lin`` compares along
        the hierarchy and stays with the matrix engine.
    k
        At most so many for each role.
    sources, essential_only
        As in `kg.spark.tables.role_weights`.
    block
        Roles in a block, about. A task holds a square of that side, 8 bytes a cell: 128 MB for 4,000.

    Returns
    -------
    DataFrame
        ``role``, ``other``, ``score`` (0…1, rounded to twelve decimals), ``rank`` (from 1; ties by IRI). Only roles
        that have something in common: a score of 0 is left out.

    Raises
    ------
    BadInput
        There is no such measure, or a number is below 1.
    MissingExtra
        pyspark, or pandas with pyarrow, is not installed.
    """
    if measure not in get_args(BlockMeasure):
        raise BadInput(f'No measure "{measure}" on Spark. Choose from {", ".join(get_args(BlockMeasure))}.')
    if k < 1 or block < 1:
        raise BadInput(f"k is {k} and block is {block}. Both are 1 or more.")
    f = functions()
    _check_frames()
    required = role_weights(spark, folder, sources=sources, essential_only=essential_only).select(
        "role", "item", "weight"
    )
    roles = required.select("role").distinct().count()
    if measure == "tfidf":
        times = required.groupBy("item").agg(f.log(f.lit(max(roles, 1)) / f.count("role")).alias("idf"))
        required = required.join(times, "item").select("role", "item", (f.col("weight") * f.col("idf")).alias("weight"))
    blocks = max(1, -(-roles // block))
    numbered = required.withColumn("block", f.pmod(f.xxhash64("role"), f.lit(blocks)).cast("int"))
    every = f.explode(f.sequence(f.lit(0), f.lit(blocks - 1))).alias("partner")
    low, high = f.least("block", "partner").alias("low"), f.greatest("block", "partner").alias("high")
    paired = numbered.select("*", every).select("role", "item", "weight", "block", low, high)
    # A number said keeps Spark from merging tasks whose input is small: it is the products that take long.
    paired = paired.repartition(min(blocks * (blocks + 1) // 2, _MOST_TASKS), "low", "high")
    found = paired.groupBy("low", "high").applyInPandas(
        _of_two_blocks(measure == "weighted_jaccard", k), "role string, other string, score double"
    )
    from pyspark.sql import Window

    best = Window.partitionBy("role").orderBy(f.desc("score"), "other")
    return found.withColumn("rank", f.row_number().over(best)).where(f.col("rank") <= k)


def _check_frames() -> None:
    try:
        import pandas  # noqa: F401
        import pyarrow  # type: ignore[import-untyped]  # noqa: F401
    except ImportError as error:
        raise MissingExtra(error.name or "pandas", "spark", "kg.spark.top_k") from None


def _of_two_blocks(jaccard: bool, k: int) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return what a task does with the rows of two blocks, which may be one and the same."""

    def nearest(rows: pd.DataFrame) -> pd.DataFrame:
        import numpy as np
        import pandas as pd
        from scipy.sparse import csr_array

        items, columns = np.unique(rows["item"].to_numpy(dtype=str), return_inverse=True)
        blocks = rows["block"].to_numpy()

        def matrix(block: int) -> tuple[Any, Any]:  # IRIs, and a scipy.sparse.csr_array, which has no types
            own = blocks == block
            names, lines = np.unique(rows["role"].to_numpy(dtype=str)[own], return_inverse=True)
            values = rows["weight"].to_numpy(dtype=float)[own]
            return names, csr_array((values, (lines, columns[own])), shape=(len(names), len(items)))

        here, left = matrix(int(rows["low"].iloc[0]))
        same = rows["low"].iloc[0] == rows["high"].iloc[0]
        there, right = (here, left) if same else matrix(int(rows["high"].iloc[0]))
        scores = _scores(left, right, jaccard)
        if same:
            np.fill_diagonal(scores, np.nan)
        ways = [(here, there, scores)] if same else [(here, there, scores), (there, here, scores.T)]
        found = [
            (names[i], others[j], table[i, j])
            for names, others, table in ways
            for i in range(len(names))
            for j in first(table[i], k)
        ]
        return pd.DataFrame(found, columns=["role", "other", "score"])

    return nearest


def _scores(left: Any, right: Any, jaccard: bool) -> Any:
    """Return the scores of two sparse matrices' rows, dense; NaN where two have nothing in common."""
    import numpy as np

    if jaccard:  # a minimum is the sum, over the steps between the weights that occur, of what both reach
        shared, before = np.zeros((left.shape[0], right.shape[0])), 0.0
        for level in np.unique(np.concatenate((left.data, right.data))):
            shared += (level - before) * (_reaching(left, level) @ _reaching(right, level).T).toarray()
            before = level
        size = left.sum(axis=1)[:, None] + right.sum(axis=1)[None, :] - shared
    else:
        shared = (left @ right.T).toarray()
        size = np.sqrt(left.power(2).sum(axis=1)[:, None] * right.power(2).sum(axis=1)[None, :])
    scores = np.full(shared.shape, np.nan)
    np.divide(shared, size, out=scores, where=shared > 0)
    return np.minimum(np.round(scores, _DECIMALS), 1.0)


def _reaching(matrix: Any, level: float) -> Any:
    reached = matrix.copy()
    reached.data = (reached.data >= level).astype(float)
    reached.eliminate_zeros()
    return reached
