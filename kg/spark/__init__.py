"""Bulk questions on Apache Spark, over the Parquet export: for graphs that outgrow one machine.

>>> import kg.spark
>>> kg.spark.top_k.__name__, kg.spark.demand.__name__, kg.spark.closure.__name__
('top_k', 'demand', 'closure')

Each function takes a session and the folder that `kg export --to parquet` wrote, at any address that Spark reads, and
returns a lazy DataFrame; nothing but counts travels to the driver. On a graph that fits one machine each gives what the
matrix engine gives (`kg.algorithms`). `docs/scale.md` says when to use which.
"""

from __future__ import annotations

from kg.spark.closing import closure
from kg.spark.demanding import demand
from kg.spark.nearest import top_k

__all__ = ["closure", "demand", "top_k"]
