"""What a large dataset costs on each engine: `python -m benchmarks.scale FOLDER [STEP…] [--requirements N]`.

The dataset is generated (`benchmarks.generated`): 40,000 roles, 30,000 skills, 1,000,000 requirements, which is more
than ten million quads. The folder receives all that is written, about 4 GB; what a step left there is replaced when it
is done again. The steps, in the order they need each other: load, shards, parquet, questions, serve, virtuoso, spark.
Every step runs in a process of its own and prints a line for each figure. `docs/scale.md` shows the figures.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

import kg
from benchmarks.generated import BASE, Size, requirements
from benchmarks.servers import Wire, memory_of, oxigraph, virtuoso
from kg.algorithms.similarity import Similarity
from kg.exports.parquet import write_parquet
from kg.exports.shards import write_shards
from kg.model.quads import to_quads
from kg.model.statements import Importance, Source, Statement, Value
from kg.model.terms import KG, RDF, SKOS
from kg.stores.oxigraph import OxigraphStore

_KINDS = {"role": KG.Role, "skill": KG.Skill}
_SOURCE = f"{BASE}source/generated"


def statements(size: Size) -> Iterator[Statement]:
    """Yield a generated dataset as statements: names, requirements with their importance, prerequisites."""
    yield from Source(_SOURCE, "Generated", KG.SourceSays).statements()
    for kind, number in (("role", size.roles), ("skill", size.skills)):
        for i in range(number):
            iri = f"{BASE}{kind}/{kind}-{i}"
            yield Statement(iri, RDF.type, _KINDS[kind], _SOURCE)
            yield Statement(iri, SKOS.prefLabel, Value.of(f"{kind} {i}", lang="en"), _SOURCE)
    scale = f"{BASE}scale/generated"
    for (role, skill), importance in requirements(size).items():
        yield Statement(
            f"{BASE}role/role-{role}",
            KG.requires,
            f"{BASE}skill/skill-{skill}",
            _SOURCE,
            essential=importance > 0.5,
            importance=Importance(importance, scale),
        )
    for i in range(1, size.skills):
        yield Statement(f"{BASE}skill/skill-{i}", SKOS.broader, f"{BASE}skill/skill-{(i - 1) // 8}", _SOURCE)


def load(folder: Path, size: Size) -> None:
    """Fill a new store folder."""
    shutil.rmtree(folder / "store", ignore_errors=True)
    say("generate", lambda: sum(1 for _ in to_quads(statements(size))), "quads")
    store = OxigraphStore(folder / "store")
    say("generate and load", lambda: store.add(to_quads(statements(size))))
    figure("quads in the store", len(store), "")
    figure("store folder", _megabytes(folder / "store"), "MB")


def shards(folder: Path, size: Size) -> None:
    """Export N-Quads in shards."""
    with kg.open(folder / "store") as g:
        say("export N-Quads in shards", lambda: write_shards(g, folder / "shards"))
    figure("shards", _megabytes(folder / "shards"), "MB")


def parquet(folder: Path, size: Size) -> None:
    """Export Parquet tables."""
    with kg.open(folder / "store") as g:
        say("export Parquet", lambda: write_parquet(g, folder / "parquet"))
    figure("Parquet tables", _megabytes(folder / "parquet"), "MB")


_DEMAND = "SELECT ?item (COUNT(DISTINCT ?role) AS ?roles) { ?role kg:requires ?item } GROUP BY ?item"
#: What is asked, as the command line is told. The last two read the whole graph.
_ASKED = (
    ("show", "role 7"),
    ("gap", "role 7", "--held", "skill 3", "--held", "skill 40"),
    ("overlap", "role 7", "role 8"),
    ("why", "role 7", "skill 9"),
    ("find", "skil 4711"),
    ("similar", "role 7"),
    ("sparql", _DEMAND, "--timeout", "300"),
)
_WHOLE = ("similar", "sparql")


def questions(folder: Path, size: Size) -> None:
    """Ask the store folder, each question in a process of its own: the first time, and the median of more."""
    for asked in _ASKED:
        _ask(asked, str(folder / "store"), again=1 if asked[0] in _WHOLE else 3)


def _ask(asked: Sequence[str], where: str, wire: Wire | None = None, again: int = 3) -> None:
    """Print what a question costs: seconds the first time and later, memory, and what went over the wire."""
    command = [sys.executable, "-m", "kg", *asked, "--graph", where, "--as-of", "2026-11-22", "--format", "csv"]
    name = " ".join(asked)[:42]
    seconds, most = [], 0.0
    for _ in range(1 + again):
        if wire:
            wire.reset()
        start = perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said = process.stderr.read() if process.stderr else b""
        _, status, used = os.wait4(process.pid, 0)
        seconds.append(perf_counter() - start)
        most = max(most, used.ru_maxrss / 1e3)
        if os.waitstatus_to_exitcode(status) > 1:  # 1 says "no", which is an answer
            print(f"{name:<44} no answer after {seconds[-1]:.1f} s: {said.decode()[-200:].strip()}", flush=True)
            return
    traffic = (
        ""
        if not wire
        else f", {wire.connections} connections, {wire.sent / 1e3:,.1f} kB out, {wire.received / 1e3:,.1f} kB in"
    )
    later = f"{seconds[0]:.2f} s, then {median(seconds[1:]):.2f} s, {most:,.0f} MB"
    print(f"{name:<44} {later}{traffic}", flush=True)


def serve(folder: Path, size: Size) -> None:
    """Ask the same of Oxigraph's server on the same files."""
    generation = folder / "store" / (folder / "store" / "current").read_text().strip()
    with oxigraph(generation) as (process, port, path):
        _ask_over_http(process, port, path)


def virtuoso_(folder: Path, size: Size) -> None:
    """Load the shards into Virtuoso, and ask it the same."""
    shutil.rmtree(folder / "virtuoso", ignore_errors=True)
    with virtuoso(folder / "virtuoso", folder / "shards") as (process, port, path, seconds):
        figure("load the shards", seconds, "s")
        figure("database", _megabytes(folder / "virtuoso"), "MB")
        _ask_over_http(process, port, path)


def _ask_over_http(process: int, port: int, path: str) -> None:
    wire = Wire(port)
    figure("memory of the server, at rest", memory_of(process)[0], "MB")
    for asked in _ASKED:
        _ask(asked, f"http://127.0.0.1:{wire.port}{path}", wire, 1 if asked[0] in _WHOLE else 3)
    figure("memory of the server, at most", memory_of(process)[1], "MB")


def spark(folder: Path, size: Size) -> None:
    """Ask the bulk questions on Spark, on this machine, and of the matrix engine."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    import kg.spark

    builder = (
        SparkSession.builder.master("local[2]").config("spark.driver.memory", "6g").config("spark.ui.enabled", "false")
    )
    start = perf_counter()
    session = builder.config("spark.driver.host", "127.0.0.1").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    figure("start of Spark", perf_counter() - start, "s")
    tables = folder / "parquet"
    say("demand, Spark", lambda: kg.spark.demand(session, tables).write.mode("overwrite").parquet(f"{folder}/demand"))
    say(
        "closure, Spark", lambda: kg.spark.closure(session, tables).write.mode("overwrite").parquet(f"{folder}/closure")
    )
    say(
        "top ten of every role, Spark",
        lambda: kg.spark.top_k(session, tables).write.mode("overwrite").parquet(f"{folder}/top"),
    )
    session.stop()
    with kg.open(folder / "store", as_of="2026-11-22") as g:
        say("claims to arrays (or from the cache)", lambda: g.whole.requirements)
        matrix = g.whole.matrix()
        say(
            "top ten of every role, matrix engine", lambda: deque(Similarity(matrix, "weighted_jaccard").nearest(10), 0)
        )


_STEPS: dict[str, Callable[[Path, Size], None]] = {
    "load": load,
    "shards": shards,
    "parquet": parquet,
    "questions": questions,
    "serve": serve,
    "virtuoso": virtuoso_,
    "spark": spark,
}


def say(what: str, job: Callable[[], object], unit: str = "") -> None:
    """Do a job and print how long it took."""
    start = perf_counter()
    found = job()
    figure(what, perf_counter() - start, "s")
    if unit:
        figure(what, float(str(found)), unit)


def figure(what: str, number: float, unit: str) -> None:
    """Print one figure."""
    print(f"{what:<44} {number:>14,.1f} {unit}", flush=True)


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main() -> int:
    """Run the steps asked for, or all, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("steps", nargs="*", choices=[*_STEPS, []], metavar="STEP", help=", ".join(_STEPS))
    parser.add_argument("--requirements", type=int, default=1_000_000)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    size = Size(asked.requirements // 25, asked.requirements * 3 // 100, asked.requirements)
    if asked.inside:
        _STEPS[asked.steps[0]](asked.folder, size)
        figure("most memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, "MB")
        return 0
    for step in asked.steps or _STEPS:
        print(f"== {step}", flush=True)
        again = ["--requirements", str(asked.requirements), "--inside"]
        done = subprocess.run([sys.executable, "-m", "benchmarks.scale", str(asked.folder), step, *again], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
