r"""How well names are matched, and how fast, on data that others have labelled: `make bench ARGS=names`.

The data is read from ``$KG_DATA`` (by default ``../shared/data`` beside the checkout) and no row of it is part of the
project: titles of O\*NET and of vacancies with their ESCO occupation, spans of advertisements with their ESCO skill,
French labels of ESCO 1.0, and the names in ``tests/names/typed.csv``. `_fit` learns the constants of
`kg.names.lookup.readable` from the first two; they are printed beside those in use.

References
----------
F. Retyk and others, MELO: an evaluation benchmark for multilingual entity linking of occupations, RecSys in HR (2024).
"""

from __future__ import annotations

import csv
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import exp, log, sqrt
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

import numpy as np

import kg
from kg.handles.handle import KnowledgeGraph
from kg.names import lookup
from kg.names.lookup import ASKABLE, find_nodes, linked

__all__ = ["report"]

_DAY = "2026-11-22"


class Title(NamedTuple):
    """A text with the IRIs that it may be linked to, and the kinds asked for."""

    text: str
    right: frozenset[str]
    kinds: tuple[str, ...] = ("role",)


def report(folder: str = "") -> str:
    """Return the figures; they take some minutes."""
    data = Path(os.environ.get("KG_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not (data / "benchmarks").is_dir():
        return f"{data} has no benchmarks: set KG_DATA."
    with TemporaryDirectory() as temporary:
        where = folder or str(Path(temporary) / "esco")
        if not folder:
            kg.load([data / "esco-1.1.1"], into=where)
        g = kg.open(where, as_of=_DAY)
        return "\n".join(_lines(g, data))


def _lines(g: KnowledgeGraph, data: Path) -> Iterator[str]:
    titles = {
        "O*NET titles": [*_crosswalk(data / "benchmarks" / "esco_onet_crosswalk_excerpt.csv")],
        "vacancy titles": [*_vacancies(data / "benchmarks" / "vacancy_titles_dev.csv")],
    }
    roles = {n.iri for n in g.index.of_kind("role")}
    yield "task                 success@1  @10   (char 3–5 TF-IDF, one line)"
    plain = CharTfidf(_names(g))
    for task, found in titles.items():
        found = titles[task] = [one for one in found if one.right & roles]
        ours = _success(found, lambda text: [hit.node.iri for hit in linked(g.index, text, kinds=("role",), limit=10)])
        line = _success(found, plain.nearest)
        yield f"{task:<20} {ours[0]:.3f}      {ours[1]:.3f}  ({line[0]:.3f} {line[1]:.3f}), {len(found)} titles"
    spans = [*_spans(data / "benchmarks", g)]
    yield from _reliability(g, {**titles, "spans of skills": spans})
    yield from _fit(g, titles.values())
    yield from _times(g)


def _crosswalk(path: Path) -> Iterator[Title]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.reader(file)]
    start = next(i for i, row in enumerate(rows) if row and row[0] == "O*NET Id")
    right: dict[str, set[str]] = defaultdict(set)
    for row in rows[start + 1 :]:
        right[row[1]].add(row[3])
    yield from (Title(text, frozenset(iris)) for text, iris in right.items())


def _vacancies(path: Path) -> Iterator[Title]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from (Title(row["title"], frozenset({row["esco_uri"]})) for row in csv.DictReader(file))


def _spans(folder: Path, g: KnowledgeGraph) -> Iterator[Title]:
    """Yield spans that annotators have given a skill; those they found none for are right where nothing is sure."""
    by_label = {n.label: n.iri for n in g.index.of_kind("skill")}
    for name in ("tech", "house"):
        with (folder / f"{name}_validation_annotations.csv").open(encoding="utf-8", newline="") as file:
            right: dict[tuple[str, str], set[str]] = defaultdict(set)
            for row in csv.DictReader(file):
                right[row["sentence"], row["sub_span"] or row["span"]].add(by_label.get(row["label"], ""))
        yield from (Title(text, frozenset(iris), ("skill",)) for (_, text), iris in right.items())


def _success(titles: Sequence[Title], nearest: Callable[[str], Sequence[str]]) -> tuple[float, float]:
    found = [(one.right, nearest(one.text)) for one in titles]
    first = sum(bool(iris) and iris[0] in right for right, iris in found)
    return first / len(found), sum(bool(right & {*iris[:10]}) for right, iris in found) / len(found)


def _names(g: KnowledgeGraph) -> list[tuple[str, str]]:
    nodes = g.names.nodes.items()
    return [(iri, name) for iri, d in nodes if d.get("kind") == "role" for name in (d["label"], *d["aliases"])]


class CharTfidf:
    """The yardstick: cosine of TF-IDF over three to five letters within words, the best name of a node counts."""

    def __init__(self, names: Sequence[tuple[str, str]]) -> None:
        self._names = names
        counted = [Counter(_letters(name)) for _, name in names]
        frequency = Counter(gram for found in counted for gram in found)
        self._idf = {gram: log((1 + len(names)) / (1 + n)) + 1 for gram, n in frequency.items()}
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for i, found in enumerate(counted):
            length = sqrt(sum((n * self._idf[gram]) ** 2 for gram, n in found.items())) or 1.0
            for gram, n in found.items():
                postings[gram].append((i, n * self._idf[gram] / length))
        self._postings = {
            gram: (np.array([i for i, _ in f]), np.array([w for _, w in f])) for gram, f in postings.items()
        }

    def nearest(self, text: str) -> list[str]:
        """Return the ten nearest nodes, by IRI."""
        scores = np.zeros(len(self._names))
        for gram, n in Counter(_letters(text)).items():
            if gram in self._postings:
                names, weights = self._postings[gram]
                scores[names] += n * self._idf[gram] * weights
        found: dict[str, None] = {}
        for i in np.argsort(-scores, kind="stable")[:300]:
            found[self._names[i][0]] = None
        return [*found][:10]


def _letters(text: str) -> Iterator[str]:
    for word in text.casefold().split():
        padded = f" {word} "
        for size in (3, 4, 5):
            yield from (padded[i : i + size] for i in range(max(1, len(padded) - size + 1)))


def _reliability(g: KnowledgeGraph, sets: Mapping[str, Sequence[Title]]) -> Iterator[str]:
    """Yield how often a match told with such a score was right, and how often one of each sort was."""
    bins: dict[int, list[bool]] = defaultdict(list)
    sorts: dict[str, list[bool]] = defaultdict(list)
    for titles in sets.values():
        for one in titles:
            if found := find_nodes(g.index, one.text, kinds=one.kinds, limit=1):
                right = found[0].node.iri in one.right
                bins[min(int(found[0].score * 10), 9)].append(right)
                sorts[found[0].match].append(right)
    yield "score        matches  right"
    yield from (
        f"{n / 10:.1f} to {(n + 1) / 10:.1f}   {len(f):6}   {sum(f) / len(f):.3f}" for n, f in sorted(bins.items())
    )
    yield "how              matches  right"
    yield from (f"{how:<16} {len(f):6}   {sum(f) / len(f):.3f}" for how, f in sorted(sorts.items()))


def _fit(g: KnowledgeGraph, sets: Iterable[Sequence[Title]]) -> Iterator[str]:
    """Yield the constants of how likely what is like a text is right, by logistic regression."""
    grams, kind_of = g.index._grams  # type: ignore[attr-defined]  # it is a NameIndex; scores are wanted as they are
    among = kind_of == ASKABLE.index("role")
    nodes = g.index.of_kind("role")
    places = dict(zip(among.nonzero()[0].tolist(), (n.iri for n in nodes), strict=True))
    samples: list[tuple[float, float, bool]] = []
    for one in (one for titles in sets for one in titles):
        if (two := grams.ranked(one.text, 2, among)) and not g.index.exact(one.text, ("role",)):
            gap = two[0].score - (two[1].score if len(two) > 1 else 0.0)
            samples.append((min(two[0].score, 1.0), gap, places[two[0].node] in one.right))
    most = lookup.LIKE[3]
    a = b = c = 0.0
    for _ in range(1_500):
        da = db = dc = 0.0
        for score, gap, right in samples:
            error = right - 1 / (1 + exp(-(a + b * score + c * min(gap, most))))
            da, db, dc = da + error, db + error * score, dc + error * min(gap, most)
        a, b, c = a + 8 * da / len(samples), b + 8 * db / len(samples), c + 8 * dc / len(samples)
    yield f"learned: {a:.2f}, {b:.2f}, {c:.2f}; in use: {lookup.LIKE}"


def _times(g: KnowledgeGraph) -> Iterator[str]:
    random = Random(7)
    labels = [n.label for n in random.sample([*g.index.of_kind("skill")], 200) if len(n.label) > 8]
    texts = {
        "exact": labels,
        "misspelt": [label[:3] + label[4:] for label in labels],
        "ranked": [f"{label} work" for label in labels],
    }
    for what, found in texts.items():
        find_nodes(g.index, found[0])
        times = []
        for text in found:
            start = perf_counter()
            find_nodes(g.index, text)
            times.append(perf_counter() - start)
        yield f"{what:<10} {median(times) * 1000:6.2f} ms, one name, warm"
