"""The tables of a Parquet export as Spark reads them, and the weights that the bulk questions share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.model.errors import BadInput, MissingExtra
from kg.model.scales import ENDS, OPTIONAL_WEIGHT
from kg.model.terms import SCHEMA

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["functions", "spark_table", "role_weights"]


def functions() -> Any:  # a module
    """Return `pyspark.sql.functions`.

    Raises
    ------
    MissingExtra
        pyspark is not installed.
    """
    try:
        from pyspark.sql import functions as found
    except ImportError:
        raise MissingExtra("pyspark", "spark", "kg.spark") from None
    return found


def spark_table(spark: SparkSession, folder: str | Path, table: str) -> DataFrame:
    """Return a table of an export: nodes, claims, edges or properties.

    Raises
    ------
    BadInput
        The folder is no Parquet export.
    """
    functions()
    from pyspark.errors import AnalysisException

    place = f"{str(folder).rstrip('/')}/{table}.parquet"
    try:
        return spark.read.parquet(place)
    except AnalysisException:
        raise BadInput(
            f"There is no {place}. Write the tables first: kg export --to parquet -o FOLDER, and put the folder where "
            "every worker can read it."
        ) from None


def role_weights(
    spark: SparkSession, folder: str | Path, *, sources: Sequence[str] = (), essential_only: bool = False
) -> DataFrame:
    """Return what roles require, one row a pair: role, item, weight (above 0, up to 1), needed.

    The weight follows the one rule of `kg.careers.required`: how far the importance lies along its scale, where
    the ends of that are known, else 1, or 0.5 for what is called optional; of several claims the greatest. Needed is
    what any source calls essential, or of which one draws no such line.

    Parameters
    ----------
    sources
        IRIs of the sources to hear; all by default.
    essential_only
        Leave out what no source calls essential.
    """
    f = functions()
    claims = spark_table(spark, folder, "claims").where(f.col("relation") == "requires")
    if sources:
        claims = claims.where(f.col("source").isin([*sources]))
    needed = f.coalesce("essential", f.lit(True))
    share = f.least(
        f.greatest((f.col("importance") - f.col("low")) / (f.col("high") - f.col("low")), f.lit(0.0)), f.lit(1.0)
    )
    rated = f.col("importance").isNotNull() & f.col("low").isNotNull()
    weight = f.when(rated, share).when(needed, 1.0).otherwise(OPTIONAL_WEIGHT)
    pairs = (
        claims.join(f.broadcast(_ends(spark, folder)), f.col("importance_scale") == f.col("scale"), "left")
        .groupBy(f.col("subject").alias("role"), f.col("object").alias("item"))
        .agg(f.max(weight).alias("weight"), f.max(needed).alias("needed"))
        .where("weight > 0")
    )
    return pairs.where("needed") if essential_only else pairs


def _ends(spark: SparkSession, folder: str | Path) -> DataFrame:
    """Return the scales of which the ends are known, from the data or else from the vocabulary: scale, low, high."""
    f = functions()
    said = spark_table(spark, folder, "properties").where(f.col("property").isin([SCHEMA.minValue, SCHEMA.maxValue]))
    number = f.col("value").try_cast("double")
    described = said.groupBy(f.col("subject").alias("scale")).agg(
        f.max(f.when(f.col("property") == SCHEMA.minValue, number)).alias("low"),
        f.max(f.when(f.col("property") == SCHEMA.maxValue, number)).alias("high"),
    )
    known = [
        f.struct(f.lit(scale).alias("scale"), f.lit(ends.low).alias("low"), f.lit(ends.high).alias("high"))
        for scale, ends in ENDS.items()
    ]
    vocabulary = spark.range(1).select(f.inline(f.array(*known)))
    described = described.where("low < high")
    return described.unionByName(vocabulary.join(described, "scale", "left_anti"))
