"""A Spark session on this machine, started once, and the Parquet tables it reads."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kg
from kg.exports.parquet import write_parquet

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    pyspark = pytest.importorskip("pyspark.sql", reason="pyspark is not installed: pip install 'career-kg[spark]'")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17, which is not installed")
    place = tmp_path_factory.mktemp("spark")
    os.environ["PYSPARK_PYTHON"] = sys.executable  # its workers are to be of this environment
    session = (
        pyspark.SparkSession.builder.master("local[2]")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.local.dir", str(place / "local"))
        .config("spark.sql.warehouse.dir", str(place / "warehouse"))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped dataset as Parquet."""
    folder = tmp_path_factory.mktemp("tables") / "shipped"
    with kg.open(as_of="2026-11-22") as g:
        write_parquet(g, folder)
    return folder
