"""What stands above what, over any number of steps: the transitive closure of a relation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg.model.errors import BadInput
from kg.spark.tables import functions, spark_table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["closure"]


def closure(
    spark: SparkSession,
    folder: str | Path,
    *,
    relations: Sequence[str] = ("broader", "demonstrates"),
    max_steps: int = 100,
) -> DataFrame:
    """What can be reached from each thing over some relations?

    Computed step by step from what was new in the step before (semi-naive evaluation), so that a circle comes to an
    end, which ``WITH RECURSIVE`` does not promise. What stands in a circle reaches itself.

    Parameters
    ----------
    spark
        The session.
    folder
        The Parquet export.
    relations
        Names of relations, subject → object; by default what makes the hierarchy of skills and tools
        (`kg.handles.requirements.hierarchy_of`).
    max_steps
        So many steps at most.

    Returns
    -------
    DataFrame
        ``subject``, ``object``, ``steps`` (the fewest that lead there, from 1); in no particular order.

    Raises
    ------
    BadInput
        The closure is not complete after `max_steps`.

    References
    ----------
    F. Bancilhon and R. Ramakrishnan, An Amateur's Introduction to Recursive Query Processing Strategies, SIGMOD (1986).

    Notes
    -----
    Each step is one join on the middle node and one anti-join against what is known. What has few things below it is
    cheap; a node with millions below it makes the closure itself that large. Every step is kept on the executors
    (``localCheckpoint``), so that the plan does not grow.
    """
    f = functions()
    edges = (
        spark_table(spark, folder, "edges")
        .where(f.col("relation").isin([*relations]))
        .select("subject", "object")
        .distinct()
        .localCheckpoint()
    )
    known = edges.withColumn("steps", f.lit(1))
    new = known
    onwards = edges.select(f.col("subject").alias("middle"), f.col("object").alias("end"))
    for step in range(2, max_steps + 2):
        new = (
            new.join(onwards, new["object"] == onwards["middle"])
            .select(new["subject"], f.col("end").alias("object"))
            .distinct()
            .join(known, ["subject", "object"], "left_anti")
            .withColumn("steps", f.lit(step))
            .localCheckpoint()
        )
        if new.isEmpty():
            return known
        known = known.unionByName(new).localCheckpoint()
    raise BadInput(f"The closure of {', '.join(relations)} is not complete after {max_steps} steps. Allow more.")
