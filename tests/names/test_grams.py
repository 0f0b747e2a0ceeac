"""What is like a text: by words and grams, as counted by hand; whole words before parts of words."""

from __future__ import annotations

from collections import Counter
from math import log, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.names.grams import Grams
from kg.names.words import meant, stem, telling

_WORDS = st.sampled_from(["data", "engineer", "engineers", "civil", "nurse", "nursing", "of", "C++", "forest", "rest"])
_NAMES = st.lists(_WORDS, max_size=4).map(" ".join)


def grams(word: str) -> list[str]:
    padded = f" {word} "
    return [padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1)]


class ByHand:
    """Every name compared with the text, by the definition in the module."""

    def __init__(self, nodes: list[list[str]]) -> None:
        self.nodes = nodes
        names = [name for found in nodes for name in found]
        self.size = len(names)
        self.gram_df = Counter(gram for name in names for gram in {g for w in telling(name) for g in grams(w)})
        self.stem_df = Counter(one for name in names for one in {stem(w) for w in telling(name)})

    def grams_of(self, *texts: str) -> dict[str, float]:
        counts = Counter(g for text in texts for w in telling(text) for g in grams(w))
        return {g: n * (log((1 + self.size) / (1 + self.gram_df[g])) + 1) for g, n in counts.items()}

    def stems_of(self, text: str) -> dict[str, float]:
        counts = Counter(stem(w) for w in telling(text))
        return {s: n * sqrt(log((1 + self.size) / (1 + self.stem_df[s])) + 1) for s, n in counts.items()}

    def score(self, text: str, names: list[str]) -> float:
        w = Grams.of([["x"]]).weights
        by_name = [
            w.words * cosine(self.stems_of(text), self.stems_of(name))
            + w.grams * cosine(self.grams_of(text), self.grams_of(name))
            for name in names
        ]
        whole = cosine(self.grams_of(text), self.grams_of(*names))
        return max(by_name) + w.whole * whole + w.label * cosine(self.grams_of(text), self.grams_of(names[0]))


def cosine(one: dict[str, float], other: dict[str, float]) -> float:
    length = sqrt(sum(x * x for x in one.values()) * sum(x * x for x in other.values()))
    return sum(x * other.get(key, 0) for key, x in one.items()) / length if length else 0.0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(_NAMES, min_size=1, max_size=3), min_size=1, max_size=5), _NAMES)
def test_scores_are_those_counted_by_hand(nodes: list[list[str]], text: str) -> None:
    known = {g for names in nodes for name in names for w in telling(name) for g in grams(w)}
    stems = {stem(w) for names in nodes for name in names for w in telling(name)}
    if not all(set(grams(w)) <= known and stem(w) in stems for w in telling(meant(text))):
        return  # what no name has counts as the rarest, not as what is in none
    hand = ByHand(nodes)
    for found in Grams.of(nodes).ranked(text, 99):
        assert found.score == pytest.approx(hand.score(meant(text), nodes[found.node]), abs=1e-4)


@given(st.lists(st.lists(_NAMES, min_size=1, max_size=3), max_size=5), _NAMES)
def test_every_node_with_a_word_of_the_text_is_found_and_none_twice(nodes: list[list[str]], text: str) -> None:
    found = Grams.of(nodes).ranked(text, 99)
    wanted = {stem(w) for w in telling(text)}
    having = {i for i, names in enumerate(nodes) if any(wanted & {stem(w) for w in telling(name)} for name in names)}
    assert having == {one.node for one in found if one.has_word}
    assert len({one.node for one in found}) == len(found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_a_short_word_is_no_part_of_a_longer_one() -> None:
    index = Grams.of([["forest ranger"], ["REST API"], ["nurse"]])
    assert [one.node for one in index.ranked("REST", 9)] == [1]
    assert [one.node for one in index.ranked("forests", 9)] == [0]
    assert [one.node for one in index.ranked("nursing", 9)] == []


@pytest.mark.parametrize("text", ["", "the", "!!!", "asdf", "qqqqqqqqqq", "\ud800", "of and"])
def test_nonsense_is_like_nothing(text: str) -> None:
    assert Grams.of([["data engineer"], ["the nurse"], []]).ranked(text, 9) == []
    assert Grams.of([]).ranked(text or "data", 9) == []


def test_an_index_is_the_same_when_read_again_and_searches_only_what_it_may(tmp_path: Path) -> None:
    index = Grams.of([["data engineer", "data wrangler"], ["civil engineer"], ["nurse"]])
    index.save(tmp_path / "grams.npz")
    again = Grams.load(tmp_path / "grams.npz")
    assert again.ranked("data engineers", 9) == index.ranked("data engineers", 9)
    assert [one.node for one in again.ranked("engineer", 9, np.array([False, True, True]))] == [1]
    assert len(index.ranked("engineer", 1)) == 1
