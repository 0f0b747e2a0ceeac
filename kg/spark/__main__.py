"""The bulk questions as a job: ``python -m kg.spark top-k TABLES OUT``, or this file given to ``spark-submit``."""

from __future__ import annotations

import argparse
import os
import sys

from kg.model.errors import KgError, MissingExtra
from kg.spark import closure, demand, top_k


def main(arguments: list[str] | None = None) -> int:
    """Answer one question and write the rows as Parquet."""
    parser = argparse.ArgumentParser(prog="python -m kg.spark", description=__doc__)
    parser.add_argument("question", choices=["top-k", "demand", "closure"])
    parser.add_argument("tables", help="what `kg export --to parquet` wrote, at an address that every worker can read")
    parser.add_argument("out", help="a new folder for the rows, as Parquet")
    parser.add_argument("--measure", default="weighted_jaccard", help="of top-k: weighted_jaccard, cosine or tfidf")
    parser.add_argument("-n", "--limit", type=int, default=10, help="of top-k: so many for each role")
    parser.add_argument("--source", action="append", default=[], help="only what this source says: its IRI")
    parser.add_argument("--essential-only", action="store_true", help="leave out what is only optional")
    asked = parser.parse_args(arguments)
    said = {"sources": asked.source, "essential_only": asked.essential_only}
    try:
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise MissingExtra("pyspark", "spark", "kg.spark") from None
        if "SPARK_ENV_LOADED" not in os.environ:  # not by spark-submit, whose cluster knows its own interpreter
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        spark = SparkSession.builder.appName("career-kg").getOrCreate()
        if asked.question == "top-k":
            rows = top_k(spark, asked.tables, measure=asked.measure, k=asked.limit, **said)
        else:
            rows = demand(spark, asked.tables, **said) if asked.question == "demand" else closure(spark, asked.tables)
        rows.write.parquet(asked.out)
    except KgError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
