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
from kg.names.graph_names import GraphNames
from kg.names.lookup import ASKABLE, Hit, Names, find_nodes
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
        certain = {hit for hit in hits(slow, text) if hit.match not in ("words inside", "close")}
        assert {hit for hit in hits(shipped.index, text) if hit.match not in ("words inside", "close")} == certain, text
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
    assert {hit.match for hit in hits(g.index, "\ud800half a pair")} <= {"words inside", "close"}


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


def test_what_is_like_a_text_is_the_same_in_memory_and_in_the_index(shipped: KnowledgeGraph) -> None:
    slow = GraphNames(shipped.names)
    for text in ("mashine lerning enginering", "genrative intelligence", "cloud archtecture on amazon", "data lead"):
        found = shipped.index.close(text, ASKABLE, 20)
        assert found
        assert found == slow.close(text, ASKABLE, 20)
        assert shipped.index.close(text, ("role",), 5) == slow.close(text, ("role",), 5)
