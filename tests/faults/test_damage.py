"""A damaged store: the right answer or a clear error, never a wrong one."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad

import kg
from kg.model.errors import BadInput, StoreError
from kg.stores.oxigraph import OxigraphStore

if TYPE_CHECKING:
    from tests.conftest import Run

P = NamedNode("https://example.org/p")


def quads(count: int, name: str) -> list[Quad]:
    graph = NamedNode(f"https://example.org/{name}")
    return [Quad(NamedNode(f"https://example.org/{name}{i}"), P, Literal(f"{name} {i}"), graph) for i in range(count)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store folder written in two loads, so that it has files of several generations."""
    folder = tmp_path_factory.mktemp("whole") / "store"
    store = OxigraphStore(folder)
    store.add(quads(2000, "many"))
    store.add(quads(50, "more"))
    store.close()
    return folder


WANTED = frozenset(quads(2000, "many") + quads(50, "more"))


def files(folder: Path) -> list[Path]:
    """Return the files that hold something, sorted."""
    generation = folder / (folder / "current").read_text()
    return [path for path in sorted(generation.iterdir()) if path.is_file() and path.stat().st_size]


def outcome(folder: Path) -> str:
    """Return what reading the whole store comes to."""
    said = ""
    try:
        store = OxigraphStore(folder)
    except StoreError as error:
        said = str(error)
    if said:
        assert re.search("cannot be opened: .*`kg load` anew", said), said
        return "refused at opening"
    try:
        found = frozenset(store.quads())
        rows = store.select("SELECT * { GRAPH ?g { ?s ?p ?o } }").rows
        size = len(store)
    except StoreError as error:
        said = str(error)
    finally:
        store.close()
    if said:
        assert re.search("is damaged: .*Delete it and `kg load` anew|cannot be read", said), said
        return "refused at reading"
    return "right" if found == WANTED and len(rows) == size == len(WANTED) else "WRONG"


def flip(path: Path, rng: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


def flips(whole: Path, place: Path, count: int, seed: int) -> Counter[tuple[str, str]]:
    rng = random.Random(seed)
    found: Counter[tuple[str, str]] = Counter()
    for _ in range(count):
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(whole, place)
        path = rng.choice(files(place))
        flip(path, rng)
        kind = path.suffix or path.name.partition("-")[0]
        found[kind, outcome(place)] += 1
    return found


def test_a_flipped_bit_is_found_or_does_not_matter(whole: Path, tmp_path: Path) -> None:
    found = flips(whole, tmp_path / "store", 40, seed=1)
    assert not any(how == "WRONG" for _, how in found), found


@pytest.mark.slow
def test_a_thousand_flipped_bits(whole: Path, tmp_path: Path) -> None:
    found = flips(whole, tmp_path / "store", 1000, seed=2)
    print(f"flipped bits: {dict(sorted(found.items()))}")
    assert not any(how == "WRONG" for _, how in found), found
    assert found[".sst", "refused at reading"] + found[".sst", "refused at opening"] > 100


@pytest.mark.parametrize("fault", ["empty", "half", "gone", "nonsense"])
def test_every_file_of_a_store_empty_cut_gone_or_nonsense(whole: Path, tmp_path: Path, fault: str) -> None:
    found: dict[str, str] = {}
    for path in files(whole):
        shutil.rmtree(tmp_path / "store", ignore_errors=True)
        shutil.copytree(whole, tmp_path / "store")
        spoilt = tmp_path / "store" / path.parent.name / path.name
        content = spoilt.read_bytes()
        if fault == "gone":
            spoilt.unlink()
        else:
            spoilt.write_bytes({"empty": b"", "half": content[: len(content) // 2]}.get(fault, b"nonsense" * 99))
        found[path.name] = outcome(tmp_path / "store")
    assert "WRONG" not in found.values(), found
    refused = {name for name, how in found.items() if how.startswith("refused")}
    unread = {name for name in found if name.endswith(".sst")} - refused
    assert len(unread) <= 1, "but for the file that only a writer reads, none is passed over"
    assert "CURRENT" in refused


def test_a_store_that_is_damaged_is_named_on_the_command_line(whole: Path, tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    for path in files(folder):
        if path.suffix == ".sst":
            content = bytearray(path.read_bytes())
            content[len(content) // 8] ^= 1
            path.write_bytes(content)
    for words in (("sparql", "SELECT * { ?s ?p ?o }"), ("list", "roles"), ("export", "--to", "nquads")):
        ran = run(*words, "--graph", folder)
        assert (ran.code, ran.out) == (2, ""), ran
        assert "Traceback" not in ran.err
        said = " ".join(ran.err.split())
        assert "damaged" in said or "cannot be opened" in said, said
        assert "`kg load` anew" in said


def test_writing_into_a_damaged_store_makes_nothing_worse(whole: Path, tmp_path: Path) -> None:
    rng = random.Random(3)
    outcomes: Counter[str] = Counter()
    for _ in range(15):
        folder = tmp_path / "store"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(whole, folder)
        path = rng.choice([path for path in files(folder) if path.suffix == ".sst"])
        flip(path, rng)
        try:
            store = OxigraphStore(folder)
            store.add(quads(1, "new"))
            store.close()
        except StoreError:
            outcomes["refused"] += 1
        try:
            assert frozenset(OxigraphStore(folder).quads()) in (WANTED, WANTED | {*quads(1, "new")})
            outcomes["right"] += 1
        except StoreError:
            outcomes["found when read"] += 1
    assert outcomes.total() >= 15


@pytest.mark.parametrize(
    "pointer", [b"", b"\0" * 17, b"generation-", b"generation-9", b"generation-000002/../..", b"\xff"]
)
def test_a_pointer_that_is_spoilt(whole: Path, tmp_path: Path, pointer: bytes) -> None:
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    (folder / "current").write_bytes(pointer)
    told = r"has a pointer that leads nowhere: there is generation-000002, .*printf generation-000002 > '.*current'"
    with pytest.raises(StoreError, match=told):
        OxigraphStore(folder)
    with pytest.raises(StoreError, match=told):
        OxigraphStore(folder).add(quads(1, "new"))
    assert [path.name for path in folder.glob("generation-*")] == ["generation-000002"], "what could be saved is left"


# --- files that are read --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".trig", ".ttl", ".jsonld", ".nq", ".rdf"])
@pytest.mark.parametrize("part", [0.0, 0.001, 0.5, 0.999])
def test_a_file_that_is_cut(tmp_path: Path, ending: str, part: float) -> None:
    """Where a whole file is longer than the cut, the cut is told, or what is there is a whole file by itself."""
    from pyoxigraph import RdfFormat, serialize

    form = RdfFormat.from_extension(ending[1:])
    assert form is not None
    path = tmp_path / f"data{ending}"
    data = quads(200, "many")
    content = serialize(data if form.supports_datasets else [quad.triple for quad in data], format=form)
    assert content is not None
    path.write_bytes(content[: int(len(content) * part)])
    said = ""
    try:
        with kg.open(path) as g:
            found = frozenset(quad.triple for quad in g.store.quads())
    except (BadInput, StoreError) as error:
        said = str(error)
    if said:
        assert str(path) in said
    else:  # what is there is a whole file by itself: the part before a line
        assert ending in (".nq", ".ttl", ".trig")
        assert {triple for triple in found if triple.predicate == P} < {quad.triple for quad in data}
