"""Names as people type them: the right node, the right candidates, or a refusal; and never another exam in silence.

`typed.csv` has one name a row, and what is expected: an IRI in its short form, where the name means that node; the same
behind ``~``, where the node is another version of the exam, which is told; ``?`` where several nodes answer and none is
taken; ``-`` where nothing answers; ``code:`` and the code of an exam that need not be in the dataset: the name means
that exam, or another version of it, which is told, or nothing at all.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kg.handles.handle import KnowledgeGraph
from kg.model.errors import AmbiguousName, UnknownName
from kg.model.folding import fold
from kg.model.iris import curie
from kg.names.variants import version_of

with (Path(__file__).parent / "typed.csv").open(encoding="utf-8", newline="") as file:
    TYPED = [(row["text"], row["expected"]) for row in csv.DictReader(file)]


def test_there_are_enough_of_every_sort() -> None:
    assert len(TYPED) >= 400
    assert len({text for text, _ in TYPED}) == len(TYPED)


@pytest.mark.parametrize(("text", "expected"), TYPED, ids=[text.encode("unicode_escape").decode() for text, _ in TYPED])
def test_a_name_as_people_type_it(shipped: KnowledgeGraph, text: str, expected: str) -> None:
    if expected == "?":
        with pytest.raises(AmbiguousName) as raised:
            shipped.resolve(text)
        assert len(raised.value.candidates) > 1
    elif expected == "-":
        with pytest.raises(UnknownName):
            shipped.resolve(text)
    elif expected.startswith("code:"):
        try:
            found = shipped.read(text)
        except (UnknownName, AmbiguousName):
            return
        own = fold(text) in {fold(name) for name in names_of(shipped, found.node.iri)}
        assert own or (found.how == "version" and version_of(text) and found.said)
    else:
        found = shipped.read(text)
        assert curie(found.node.iri) == expected.removeprefix("~")
        assert (found.how == "version") == expected.startswith("~")
        assert not expected.startswith("~") or " version of " in found.said


def names_of(g: KnowledgeGraph, iri: str) -> set[str]:
    data = g.names.nodes[iri]
    codes = data.get("examCode", ())
    return {data["label"], *data["aliases"], *((codes,) if isinstance(codes, str) else codes)}
