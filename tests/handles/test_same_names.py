"""Two files of one name are two sources, whichever folders they lie in and however they are given."""

from __future__ import annotations

import shutil
from itertools import permutations
from pathlib import Path
from zipfile import ZipFile

import pytest

from kg.handles.loading import load
from kg.handles.opening import open_store
from kg.model.iris import slugify
from kg.stores.oxigraph import OxigraphStore
from kg.stores.port import Store
from tests.conftest import Run

SKILL = """\
@prefix kg: <https://w3id.org/career-kg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<#s1> a kg:Skill ; skos:prefLabel "{}"@en .
"""


def write(path: Path, label: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SKILL.format(label))
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three files of one name, two of them in folders of one name."""
    places = ("2025", "2026", "old/2025")
    return [write(tmp_path / place / "skills.ttl", label) for place, label in zip(places, "abc", strict=True)]


def labels(store: Store) -> dict[str, str]:
    """Return what is called what, by the name of the source."""
    query = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?s ?l { GRAPH ?g { ?s skos:prefLabel ?l } }"
    rows = store.select(query).dicts()
    return {str(row["l"]): str(row["s"]).rpartition("source/")[2].partition("#")[0] for row in rows}


def held(place: Path) -> dict[str, str]:
    store = OxigraphStore(place)
    try:
        return labels(store)
    finally:
        store.close()


def test_two_files_of_one_name_are_two_skills(files: list[Path], tmp_path: Path, run: Run) -> None:
    """They became one, with one of the two labels."""
    code, out, _ = run("load", *files[:2], "--into", tmp_path / "st")
    assert code == 0
    assert "sources of their own" in out
    assert held(tmp_path / "st") == {"a": "2025-skills", "b": "2026-skills"}
    _, out, _ = run("list", "skills", "--graph", tmp_path / "st")
    assert out.startswith("2 skills")


def test_names_depend_neither_on_the_order_nor_on_how_files_are_given(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = {"a": f"{tmp_path.name}-2025-skills", "b": "2026-skills", "c": "old-2025-skills"}
    expected["a"] = slugify(expected["a"])
    monkeypatch.chdir(tmp_path / "old")
    given: list[list[Path]] = [*map(list, permutations(files)), [tmp_path]]
    given.append([Path("../2026/skills.ttl"), Path("2025/skills.ttl"), files[0]])
    for number, paths in enumerate(given):
        load(paths, into=tmp_path.parent / f"{tmp_path.name}-{number}")
        assert held(tmp_path.parent / f"{tmp_path.name}-{number}") == expected
        opened, _ = open_store(paths)
        assert labels(opened) == expected
        opened.close()


def test_endings_and_archives_tell_files_apart(tmp_path: Path) -> None:
    one = write(tmp_path / "skills.ttl", "a")
    other = write(tmp_path / "skills.trig", "b")
    for name, label in (("x", "c"), ("y", "d")):
        with ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr("in/skills.ttl", SKILL.format(label))
    load([one, other], into=tmp_path / "st")
    assert held(tmp_path / "st") == {"a": "skills-ttl", "b": "skills-trig"}
    load([tmp_path / "x.zip", tmp_path / "y.zip"], into=tmp_path / "zips")
    assert held(tmp_path / "zips") == {"c": "x-in-skills", "d": "y-in-skills"}


def test_folders_spelt_alike_do_not_make_files_one(tmp_path: Path) -> None:
    files = [write(tmp_path / folder / "skills.ttl", label) for folder, label in (("a b", "a"), ("a-b", "b"))]
    load(files, into=tmp_path / "st")
    found = held(tmp_path / "st")
    assert len({*found.values()}) == 2
    load(files[::-1], into=tmp_path / "st")
    assert held(tmp_path / "st") == found


def test_loading_the_same_again_changes_nothing(files: list[Path], tmp_path: Path) -> None:
    load(files, into=tmp_path / "st")
    before = held(tmp_path / "st")
    for paths in ([files[0]], [files[1], files[0]], files, [tmp_path / "2026"]):
        again = load(paths, into=tmp_path / "st")
        assert (again.added, held(tmp_path / "st")) == (0, before)


def test_a_file_loaded_alone_keeps_its_name_beside_one_that_comes_later(files: list[Path], tmp_path: Path) -> None:
    assert not load([files[0]], into=tmp_path / "st").remarks
    load(files[:2], into=tmp_path / "st")
    assert held(tmp_path / "st") == {"a": "skills", "b": "2026-skills"}


def test_a_file_of_a_name_that_the_store_knows_is_told(files: list[Path], tmp_path: Path) -> None:
    """An edited file looks the same as another file of its name: nothing is replaced, and the report says so."""
    load([files[0]], into=tmp_path / "st")
    loaded = load([files[1]], into=tmp_path / "st")
    assert {*held(tmp_path / "st")} == {"a", "b"}, "nothing is replaced"
    (told,) = loaded.remarks
    assert told.startswith("The store had the source skills from a file of other content. What ")
    assert "rename it, and load both into a new folder" in str(loaded.to_json())


def test_an_edited_file_stays_the_source_it_was(files: list[Path], tmp_path: Path) -> None:
    load(files[:2], into=tmp_path / "st")
    write(files[0], "edited")
    loaded = load([files[0]], into=tmp_path / "st")
    assert held(tmp_path / "st")["edited"] == "2025-skills"
    assert len(loaded.remarks) == 2, "what it is called, and that there was other content"


def test_names_say_nothing_of_the_machine(files: list[Path], tmp_path: Path) -> None:
    moved = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    for file in files[:2]:
        (moved / file.parent.name).mkdir(parents=True)
        shutil.copy(file, moved / file.parent.name)
    for number, folder in enumerate((tmp_path, moved)):
        load([folder / "2025", folder / "2026"], into=tmp_path.parent / f"{tmp_path.name}-st{number}")
    quads = [OxigraphStore(tmp_path.parent / f"{tmp_path.name}-st{number}").dump() for number in (0, 1)]
    assert sorted(quads[0].splitlines()) == sorted(quads[1].splitlines())
