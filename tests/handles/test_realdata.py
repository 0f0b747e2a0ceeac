"""The real ESCO 1.1.1 and O*NET 29.3: exact counts, exact overlaps, the traps as they stand there, memory, kills."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.handles.loaded import Loaded
from kg.handles.loading import load
from kg.handles.opening import open as open_graph
from kg.model.terms import KG, SKOS
from kg.questions.overlap import overlap
from kg.stores.oxigraph import OxigraphStore
from tests.conftest import DAY
from tests.realdata import real_data

ROOT = Path(__file__).parents[2]
OCCUPATION = "http://data.europa.eu/esco/occupation/"
ONET = "https://www.onetonline.org/link/summary/"

#: The whole of ESCO is loaded in `make test`; what loads it again, or O*NET, is slow.
pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def esco(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Loaded]:
    into = tmp_path_factory.mktemp("esco") / "store"
    return into, load([real_data("esco-1.1.1")], into=into)


@pytest.fixture(scope="module")
def onet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Loaded]:
    pytest.importorskip("openpyxl")
    into = tmp_path_factory.mktemp("onet") / "store"
    return into, load([real_data("onet-29.3")], into=into)


def count(folder: Path, pattern: str) -> int:
    store = OxigraphStore(folder)
    try:
        (row,) = store.select(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}").dicts()
        return int(str(row["n"]))
    finally:
        store.close()


def claims(relation: str, also: str = "") -> str:
    return f"?x <http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate> <{relation}> . {also}"


# --- ESCO -----------------------------------------------------------------------------------------------------------


def test_esco_is_read_whole(esco: tuple[Path, Loaded]) -> None:
    _, loaded = esco
    rows = {file.content.removeprefix("ESCO "): 0 for file in loaded.files}
    for file in loaded.files:
        rows[file.content.removeprefix("ESCO ")] += file.rows
    assert rows == {
        "occupations": 3007,
        "skills": 13896,
        "collections": 26 + 1201 + 570 + 346 + 122 + 40 + 96,
        "groups": 619 + 640,
        "names of groups": 647,
        "hierarchies": 3617 + 20656,
        "relations of occupations": 123855,
        "relations of skills": 5899,
    }
    assert sum(file.skipped.total() for file in loaded.files) == 0
    assert loaded.total == loaded.read == loaded.added


def test_esco_in_the_store(esco: tuple[Path, Loaded]) -> None:
    folder, _ = esco
    essential = f"?x <{KG.essential}> true ."
    assert count(folder, claims(KG.requires)) == 123855
    assert count(folder, claims(KG.requires, essential)) == 64946
    assert count(folder, claims(SKOS.broader)) == 20656 + 3617
    assert count(folder, claims(KG.hasPrerequisite)) == 191
    assert count(folder, claims(KG.benefitsFrom)) == 5708
    assert count(folder, f"?x a <{KG.Skill}>") == 13896
    assert count(folder, f"?x a <{KG.Role}> ; <{SKOS.prefLabel}> ?label") == 3007
    assert count(folder, f"?x a <{KG.Group}>") == 619 + 640 + 7


def test_the_traps_of_esco_are_told(esco: tuple[Path, Loaded]) -> None:
    _, loaded = esco
    noted = {what: n for file in loaded.files if file.content == "ESCO skills" for what, n in file.noted.items()}
    assert noted["skills without a skillType"] == 6
    assert noted["labels with outer, doubled or non-breaking spaces, mended"] > 0
    assert "a9e54177-a185-404d-b6e6-15663d31137e" in loaded.remarks[0], "relations name it, no file describes it"
    assert len(loaded.ambiguous) > 1000


@pytest.mark.parametrize(
    ("other", "essential_only", "sizes"),
    [
        ("data scientist", True, (28, 54, 8, 0.1081)),
        ("computer vision engineer", True, (28, 26, 5, 0.1020)),
        ("knowledge engineer", True, (28, 23, 10, 0.2439)),
        ("software developer", True, (28, 24, 2, 0.0400)),
        ("knowledge engineer", False, (83, 87, 60, 0.5455)),
        ("software developer", False, (83, 104, 37, 0.2467)),
    ],
)
def test_overlaps_are_exact(
    esco: tuple[Path, Loaded], other: str, essential_only: bool, sizes: tuple[int, int, int, float]
) -> None:
    g = open_graph(esco[0], as_of=DAY)
    designer = f"{OCCUPATION}35553663-deab-4d9a-bf22-15c1625d28e8"
    store = OxigraphStore(esco[0])
    (row,) = store.select(f'SELECT ?o {{ ?o a <{KG.Role}> ; <{SKOS.prefLabel}> "{other}"@en }}').dicts()
    store.close()
    needs = "" if not essential_only else f" ; <{KG.essential}> true"
    subject = "http://www.w3.org/1999/02/22-rdf-syntax-ns#subject"
    pattern = (
        "?c <"
        + subject
        + "> <{}> ; <http://www.w3.org/1999/02/22-rdf-syntax-ns#object> ?x ; a <"
        + KG.Requirement
        + ">"
        + needs
    )
    first, second = pattern.format(designer), pattern.format(row["o"]).replace("?c", "?d")
    a, b, both = count(esco[0], first), count(esco[0], second), count(esco[0], f"{first} . {second}")
    assert (a, b, both, round(both / (a + b - both), 4)) == sizes
    answer = overlap(g, designer, str(row["o"]), essential_only=essential_only)
    assert round(answer.measures["jaccard"], 4) == sizes[3]


@pytest.mark.slow
def test_a_second_load_of_esco_changes_nothing(esco: tuple[Path, Loaded]) -> None:
    folder, first = esco
    again = load([real_data("esco-1.1.1")], into=folder)
    assert (again.added, again.total, again.files) == (0, first.total, first.files)


@pytest.mark.slow
def test_the_load_of_esco_stays_below_a_gigabyte(tmp_path: Path) -> None:
    program = (
        "import resource, sys; from kg.handles.loading import load; load([sys.argv[1]], into=sys.argv[2]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    command = [sys.executable, "-c", program, str(real_data("esco-1.1.1")), str(tmp_path / "store")]
    peak = int(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    assert peak * 1024 < 1 << 30


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.slow
def test_a_load_of_esco_killed_at_any_moment_loses_nothing(tmp_path: Path, seed: int) -> None:
    into = tmp_path / "store"
    facts = tmp_path / "one.ttl"
    facts.write_text("<http://e/s> <http://e/p> <http://e/o> .", encoding="utf-8")
    before = load([facts], into=into).total
    command = [sys.executable, "-m", "kg", "load", str(real_data("esco-1.1.1")), "--into", str(into)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(random.Random(seed).uniform(2, 9))
        process.send_signal(signal.SIGKILL)
    assert len(OxigraphStore(into)) == before
    assert load([facts], into=into).total == before
    assert len([path for path in into.iterdir() if path.name.startswith("generation")]) == 1, "the rest is cleared away"


# --- O*NET ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_onet_is_read_whole(onet: tuple[Path, Loaded]) -> None:
    folder, loaded = onet
    assert {Path(file.name).stem: file.rows for file in loaded.files} == {
        "Content Model Reference": 627,
        "Occupation Data": 1016,
        "Alternate Titles": 56560,
        "Job Zones": 923,
        "DWA Reference": 2087,
        "Knowledge": 58014,
        "Skills": 61530,
        "Technology Skills": 32681,
        "Task Statements": 18796,
        "Tasks to DWAs": 23233,
        "Related Occupations": 18460,
    }
    assert sum(file.skipped.total() for file in loaded.files) == 0
    assert count(folder, f"?x a <{KG.Role}>") == 1016
    assert count(folder, claims(KG.relatedRole)) == 18460
    assert count(folder, claims(KG.worksOn)) == 18796


@pytest.mark.slow
def test_ratings_of_onet_are_one_claim_for_each_occupation_and_element(onet: tuple[Path, Loaded]) -> None:
    folder, _ = onet
    rated = f"?x <{KG.importance}> ?importance"
    required, aside = count(folder, claims(KG.requires, rated)), count(folder, claims(KG.setsAside, rated))
    assert required + aside == (61530 + 58014) // 2
    flagged = count(folder, claims(KG.setsAside, f"?x <{KG.notRelevant}> true"))
    assert flagged == 3302 + 5939, "every row of the two files that is flagged as not relevant"
    suppressed = count(folder, claims(KG.setsAside, f"?x <{KG.recommendSuppress}> true"))
    assert suppressed == 19
    assert count(folder, claims(KG.requires, f"?x <{KG.inDemand}> true")) == 2339
    assert count(folder, claims(KG.uses)) == 32681 - 2339


@pytest.mark.parametrize("code", ["15-1252.00", "15-2051.00"])
@pytest.mark.slow
def test_occupations_without_ratings_have_none(onet: tuple[Path, Loaded], code: str) -> None:
    subject = "http://www.w3.org/1999/02/22-rdf-syntax-ns#subject"
    pattern = f"?x <{subject}> <{ONET}{code}>"
    assert count(onet[0], f"{pattern} ; <{KG.importance}> ?importance") == 0
    assert count(onet[0], f"{pattern} ; <{KG.hotTechnology}> ?hot") > 50


@pytest.mark.slow
def test_onet_is_described_as_a_release(onet: tuple[Path, Loaded]) -> None:
    store = OxigraphStore(onet[0])
    rows = store.select(
        "PREFIX dcterms: <http://purl.org/dc/terms/> SELECT ?title ?date ?version { ?source dcterms:isVersionOf ?all ; "
        "dcterms:title ?title ; dcterms:date ?date ; <https://schema.org/version> ?version }"
    ).dicts()
    assert [tuple(row.values()) for row in rows] == [("O*NET 29.3", "2025-05", "29.3")]
    store.close()
