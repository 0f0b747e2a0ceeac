"""What is asked for most: demand for each skill and tool over all roles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg.spark.tables import functions, role_weights, spark_table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["demand"]


def demand(
    spark: SparkSession, folder: str | Path, *, sources: Sequence[str] = (), essential_only: bool = False
) -> DataFrame:
    """How many roles require each skill and tool?

    Parameters
    ----------
    spark
        The session.
    folder
        The Parquet export.
    sources, essential_only
        As in `kg.spark.tables.role_weights`.

    Returns
    -------
    DataFrame
        ``item``, ``label`` (null where the item has none), ``roles`` (how many require it), ``essential`` (for how many
        it is essential), ``share`` (roles over all roles that are described, 0…1); most asked for first, ties by IRI.

    Notes
    -----
    One shuffle by pair and one by item, both aggregated before they travel, so an item that everybody requires makes no
    task longer.
    """
    f = functions()
    required = role_weights(spark, folder, sources=sources, essential_only=essential_only)
    described = required.agg(f.countDistinct("role").alias("described"))
    counted = required.groupBy("item").agg(
        f.count("role").alias("roles"), f.count(f.when(f.col("needed"), 1)).alias("essential")
    )
    labels = spark_table(spark, folder, "nodes").select(f.col("iri").alias("item"), "label")
    return (
        counted.join(labels, "item", "left")
        .crossJoin(f.broadcast(described))
        .select("item", "label", "roles", "essential", (f.col("roles") / f.col("described")).alias("share"))
        .orderBy(f.desc("roles"), "item")
    )
