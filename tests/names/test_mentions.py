"""Names in running text: whole words, leftmost and longest, at exact offsets; against a slow search that is plain."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.handles.handle import KnowledgeGraph
from kg.names.mentions import NEVER, SHORT, WORDS, Matcher, Mention, Mentions, Name, fold_text, names_of, whole

ALPHABET = "abAB+#-–. \n_ßİéΐ1"
texts = st.text(ALPHABET, max_size=30)
patterns = st.lists(st.text("abAB+#-ßİéΐ1 ", min_size=1, max_size=4), min_size=1, max_size=6)


def folded(text: str) -> str:
    spaces = re.sub(r"\s+", lambda run: "\n" if run[0].count("\n") > 1 else " ", text)
    return re.sub("[‐‑‒–—−]", "-", spaces).replace("’", "'").casefold()


def of_a_word(char: str) -> bool:
    return char.isalnum() or char == "_" or unicodedata.category(char)[0] == "M"


def bounded(text: str, start: int, end: int) -> bool:
    if start and of_a_word(text[start - 1]):
        return False
    after = text[end : end + 2]
    return not after or (after[0] == "+" and after[1:].isalnum()) or not (after[0] in "+#" or of_a_word(after[0]))


def slowly(names: list[str], text: str) -> list[tuple[int, int, int]]:
    """Try every stretch of the text against every name, the leftmost and then the longest first."""
    keys = [folded(name.strip()) for name in names]
    found: list[tuple[int, int, int]] = []
    start = 0
    while start < len(text):
        for end in range(len(text), start, -1):
            inner = text[start:end]
            splits_a_run = text[start - 1 : start].isspace() and inner[0].isspace()
            if folded(inner) in keys and not splits_a_run and bounded(text, start, end):
                found.append((start, end, keys.index(folded(inner))))
                start = end
                break
        else:
            start += 1
    return found


@given(patterns, texts)
def test_the_automaton_finds_what_a_plain_search_finds(names: list[str], text: str) -> None:
    assert Matcher(names).find(text) == slowly(names, text)


@given(patterns, texts)
def test_matches_are_whole_words_apart_and_in_order(names: list[str], text: str) -> None:
    found = Matcher(names).find(text)
    assert found == sorted(found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    for start, end, number in found:
        assert fold_text(text[start:end]).text == fold_text(names[number].strip()).text
        assert bounded(text, start, end)


@given(st.text(ALPHABET + "ǰŉﬁ\u0345\u00a0\t", max_size=40))
def test_folding_keeps_the_way_back(text: str) -> None:
    found = fold_text(text)
    assert found.text == folded(text)
    assert found.origin(len(found.text)) == len(text)
    for start in range(len(text)):
        splits_a_run = text[start - 1 : start].isspace() and text[start].isspace()
        if not splits_a_run:
            assert found.origin(len(folded(text[:start]))) == start


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("JavaScript and Java", ["Java"]),
        ("java, JAVA; Java.", ["java", "JAVA", "Java"]),
        ("Javascripts pre-Java Java8 Java_8", ["Java"]),
        ("C++ but C#; and C", ["C++", "C"]),
        ("C++11", []),
        ("Machine\n  Learning  engineer", ["Machine\n  Learning"]),
        ("Machine\n\nLearning", []),
        ("MACHINE LEARNING ENGINES", ["MACHINE LEARNING"]),
        ("PCEP - Entry, PCEP — Entry", ["PCEP - Entry", "PCEP — Entry"]),
        ("GROẞ und groß und GROSS", ["GROẞ", "groß", "GROSS"]),
        ("ﬁn İİİ Java", ["Java"]),
        ("日本Java語 Java", ["Java"]),
    ],
)
def test_whole_words(text: str, found: list[str]) -> None:
    matcher = Matcher(["Java", "C", "C++", "machine learning", "machine learning engine", "PCEP – Entry", "groß"])
    assert [text[start:end] for start, end, _ in matcher.find(text)] == found


def test_whole_at_the_edges() -> None:
    assert whole("R", 0, 1)
    assert not whole("R2", 0, 1)
    assert not whole("e\u0301", 0, 1), "a combining mark belongs to its letter"


@pytest.fixture(scope="module")
def finder(shipped: KnowledgeGraph) -> Mentions:
    names = names_of(shipped.names, ("role", "skill", "tool", "certification"))
    return Mentions(shipped.names, names)


def labels(mentions: tuple[Mention, ...]) -> list[str]:
    return [mention.node.label for mention in mentions]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Python, R and SQL", ["Python", "R", "SQL"]),
        ("R&D at R-squared, vitamin r", []),
        ("by J. R. Smith", []),
        ("I use R. Then SQL.", ["R", "SQL"]),
        ("Go to the next page. Go!", []),
        ("- Go\n- Rust", ["Go", "Rust"]),
        ("written in Go.", ["Go"]),
        ("go", []),
        ("sql", []),
        ("Spark joy. Spark, Kafka and Ray", ["Apache Spark", "Apache Kafka", "Ray"]),
        ("a spark of light", []),
        ("pip install np; main.py; agents in the cloud", []),
        ("CV of Jane Doe", []),
        ("see https://python.org or jane@python.org", []),
        ("AI engineers and ML engineers", ["AI Engineer", "Machine Learning Engineer"]),
        ("exam AI-102 (004)", ["Microsoft Certified: Azure AI Engineer Associate"]),
        ("Microsoft Certified: Azure AI Engineer Associate", ["Microsoft Certified: Azure AI Engineer Associate"]),
    ],
)
def test_short_and_common_names(finder: Mentions, text: str, found: list[str]) -> None:
    assert labels(finder.find(text)) == found


def test_every_label_is_found_in_a_sentence(shipped: KnowledgeGraph, finder: Mentions) -> None:
    for iri, data in shipped.names.nodes.items():
        label = str(data.get("label"))
        if data.get("kind") in ("role", "skill", "tool", "certification") and label.casefold() not in NEVER:
            found = finder.find(f"They know {label} well.")
            assert iri in {mention.node.iri for mention in found}, label
            assert {mention.words for mention in found} == {label}


def test_a_name_of_two_is_a_mention_of_each() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("a", label="One", kind="tool", aliases=())
    graph.add_node("b", label="Two", kind="skill", aliases=())
    found = Mentions(graph, [Name("a", "alias", "Both"), Name("b", "alias", "both")]).find("both of them")
    assert [(mention.node.iri, mention.start, mention.end) for mention in found] == [("a", 0, 4), ("b", 0, 4)]


def test_the_word_lists_are_folded() -> None:
    assert all(word == word.casefold() and " " not in word for word in WORDS | NEVER)
    assert SHORT == 3
