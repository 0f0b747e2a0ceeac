"""Finding names without reading them all gives what reading them all gives; the index is kept beside the store."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.handles.handle import KnowledgeGraph
from kg.handles.networkx_graphs import from_networkx
from kg.model.folding import fold
from kg.names import index as naming
from kg.names.index import NameIndex
from kg.names.lookup import ASKABLE, GraphNames, Hit, Names, find_nodes
from kg.names.trigrams import Trigrams
from kg.stores.oxigraph import OxigraphStore
from tests.strategies import Career, careers

DAY = date(2026, 11, 22)


def hits(names: Names, text: str, kinds: tuple[str, ...] = ASKABLE) -> set[Hit]:
    return set(find_nodes(names, text, kinds=kinds, limit=1_000))


def slips(random: Random, name: str) -> str:
    """Return a name with a slip or two of the finger."""
    letters = [*name]
    for _ in range(random.randint(0, 2)):
        at = random.randrange(len(letters)) if letters else 0
        what = random.randrange(3)
        letters[at : at + (what < 2)] = random.choice("aeinrst ") if what else ""
    return "".join(letters)


def test_every_name_and_misspelling_of_the_shipped_dataset(shipped: KnowledgeGraph) -> None:
    slow, random = GraphNames(shipped.names), Random(7)
    every = sorted(
        {hit_name for data in shipped.names.nodes.values() for hit_name in (data["label"], *data["aliases"])}
    )
    assert len(every) > 500
    for name in every[::3]:
        assert hits(shipped.index, name) == hits(slow, name), name
        text = slips(random, name)
        certain = {hit for hit in hits(slow, text) if hit.match != "close"}
        assert {hit for hit in hits(shipped.index, text) if hit.match != "close"} == certain, text
        assert shipped.index.exact(text, ("role", "tool")) == slow.exact(text, ("role", "tool")), text
    iris = [*shipped.names.nodes][:700]
    assert shipped.index.nodes([*iris, "https://x.org/y"]) == slow.nodes([*iris, "https://x.org/y"])
    for kind in ASKABLE:
        assert shipped.index.of_kind(kind) == slow.of_kind(kind)


@settings(max_examples=60, deadline=None)
@given(graph=careers(most=3), text=st.text(max_size=20), data=st.data())
def test_any_text_on_any_graph(graph: Career, text: str, data: st.DataObject) -> None:
    g = from_networkx(graph, as_of=DAY)
    slow = GraphNames(g.names)
    some = data.draw(st.lists(st.sampled_from(sorted(graph)), max_size=2))
    texts = [text, *some, *(graph.nodes[node]["label"] for node in sorted(graph)[:2])]
    for one in texts:
        assert g.index.exact(one, ASKABLE) == slow.exact(one, ASKABLE)
        if fold(one) and not slow.exact(one, ASKABLE):
            assert g.index.misspelt(one, ASKABLE) == slow.misspelt(one, ASKABLE)
    assert {hit.match for hit in hits(g.index, "\ud800half a pair")} <= {"close"}


@pytest.fixture
def folder(shipped: KnowledgeGraph, tmp_path: Path) -> Path:
    """A store folder with the shipped dataset."""
    store = OxigraphStore(tmp_path / "store")
    store.add(shipped.store.quads())
    store.close()
    return tmp_path / "store"


def handle(folder: Path, lang: str = "en") -> KnowledgeGraph:
    return KnowledgeGraph(OxigraphStore(folder), as_of=DAY, lang=lang)


def test_the_index_is_kept_beside_the_store_and_goes_with_the_generation(folder: Path) -> None:
    g = handle(folder)
    assert g.resolve("sklearn").label == "scikit-learn"
    (kept,) = (folder / "generation-000001" / "derived").iterdir()
    before = kept.stat().st_mtime_ns
    assert handle(folder).resolve("sklearn").label == "scikit-learn"
    assert kept.stat().st_mtime_ns == before, "read, not written again"
    g.store.add(from_networkx(mine()).store.quads())
    assert handle(folder).resolve("Prompt Librarian").kind == "role"
    assert not (folder / "generation-000001").exists()


def mine() -> Career:
    import networkx as nx

    graph: Career = nx.MultiDiGraph()
    graph.add_node("Prompt Librarian", label="Prompt Librarian", kind="role")
    return graph


def test_a_broken_index_is_passed_over(folder: Path) -> None:
    handle(folder).resolve("sklearn")
    (kept,) = (folder / "generation-000001" / "derived").iterdir()
    kept.write_bytes(b"")
    assert handle(folder).resolve("sklearn").label == "scikit-learn"
    kept.write_bytes(b"not a database, but as long as the header of one: " * 40)
    assert handle(folder).resolve("sklearn").label == "scikit-learn"


def test_a_language_that_is_no_tag_names_no_file(folder: Path) -> None:
    assert handle(folder, "../../en").resolve("sklearn").label == "scikit-learn"
    assert not (folder / "generation-000001" / "derived").exists()


def test_what_resembles_is_found_among_many_names(monkeypatch: pytest.MonkeyPatch, shipped: KnowledgeGraph) -> None:
    """With trigrams first, the best of what is close is the same as when every name is compared."""
    texts = [
        "mashine lerning enginering",
        "genrative intelligence",
        "cloud archtecture on amazon",
        "data scientist lead",
    ]
    every = [shipped.index.close(text, ASKABLE) for text in texts]
    monkeypatch.setattr(naming, "SCANNED", 0)
    index = NameIndex.open(shipped.store, None, "en")
    for text, slow in zip(texts, every, strict=True):
        assert slow
        found = index.close(text, ASKABLE)
        assert found[0].score == slow[0].score, text
        assert {hit.node.kind for hit in index.close(text, ("role",))} <= {"role"}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=8), max_size=8), st.text(max_size=8))
def test_trigrams_are_counted_as_by_hand(names: list[str], text: str) -> None:
    def parts(name: str) -> set[str]:
        padded = f"  {name.casefold()} "
        return {padded[i : i + 3] for i in range(len(padded) - 2)}

    index = Trigrams.read(names)
    assert index.sizes.tolist() == [len(parts(name)) for name in names]
    assert index.most_shared(text, 99) == [i for i, name in enumerate(names) if parts(name) & parts(text)]


def test_the_best_of_many_share_most() -> None:
    index = Trigrams.read(["data engineer", "civil engineer", "data analyst", "nurse"])
    assert index.most_shared("data enginer", 1) == [0]
    assert index.most_shared("nurses", 1) == [3]
    assert Trigrams.read([]).most_shared("data", 3) == []
