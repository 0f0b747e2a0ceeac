r"""How well `nearest` finds a role by half of what it asks for: `make bench ARGS=nearest`.

Of a role with at least ten requirements half are held, drawn at random, and a quarter as many strangers, drawn by how
often roles ask for them; the role itself should come first (success@1), or among the first five (success@5). 1,200
trials on O\*NET 29.3, read from ``$KG_DATA`` (by default ``../shared/data`` beside the checkout), and as many on the
shipped roles. Beside `kg.algorithms.suiting` stand the ways that were not taken, on the same trials. Ties share their
places; roles with fewer than ten requirements take no part.

References
----------
S. Robertson and H. Zaragoza, The probabilistic relevance framework: BM25 and beyond (2009).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, diags_array

import kg
from kg.algorithms.suiting import suiting
from kg.handles.handle import KnowledgeGraph
from kg.questions.nearest import THIN

__all__ = ["report"]

TRIALS = 1_200
_DAY = "2026-11-22"
_K1, _B = 1.2, 0.75

Floats = npt.NDArray[np.float64]


class Trial(NamedTuple):
    """A role, by its row, and what is held, by column."""

    role: int
    held: npt.NDArray[np.int64]


def report(folder: str = "") -> str:
    """Return the figures, of the shipped roles and of O*NET, or of a store folder; they take about a minute."""
    if folder:
        return "\n".join(_lines(kg.open(folder, as_of=_DAY), folder))
    lines = [*_lines(kg.open(as_of=_DAY), "the shipped roles")]
    data = Path(os.environ.get("KG_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not (data / "onet-29.3").is_dir():
        return "\n".join([*lines, f"{data} has no onet-29.3: set KG_DATA."])
    with TemporaryDirectory() as temporary:
        where = str(Path(temporary) / "onet")
        kg.load([data / "onet-29.3"], into=where)
        return "\n".join([*lines, *_lines(kg.open(where, as_of=_DAY), "O*NET 29.3")])


def _lines(g: KnowledgeGraph, name: str) -> Iterator[str]:
    weights = g.whole.matrix().weights.astype(np.float64)
    described = np.flatnonzero(np.diff(weights.indptr) >= THIN)
    yield f"{name}: {len(described)} roles with at least {THIN} requirements, {weights.shape[1]} items"
    drawn = [*_trials(weights, described)]
    for way, scores in _ways(weights, drawn):
        first, five = _success(scores, drawn, weights)
        yield f"  {way:<28} success@1 {first:.3f}  success@5 {five:.3f}"


def _trials(weights: Any, described: npt.NDArray[np.int64]) -> Iterator[Trial]:  # scipy has no types
    rng = np.random.default_rng(1)
    times = np.bincount(weights.indices[weights.data > 0], minlength=weights.shape[1]).astype(np.float64)
    for role in rng.choice(described, size=TRIALS):
        own = weights.indices[weights.indptr[role] : weights.indptr[role + 1]]
        half = min(len(own), max(3, len(own) // 2))
        held = rng.choice(own, size=half, replace=False)
        strangers = rng.choice(len(times), size=max(1, round(half / 4)), replace=False, p=times / times.sum())
        yield Trial(int(role), np.unique(np.concatenate([held, strangers])).astype(np.int64))


def _ways(weights: Any, trials: list[Trial]) -> Iterator[tuple[str, Floats]]:
    """Yield each way with the scores it gives: trials × roles."""
    lengths = [len(trial.held) for trial in trials]
    rows = np.repeat(np.arange(len(trials)), lengths)
    columns = np.concatenate([trial.held for trial in trials])
    held = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(trials), weights.shape[1]))
    binary = weights.copy()
    binary.data = (binary.data > 0).astype(np.float64)
    asked, said = np.diff(weights.indptr).astype(np.float64), np.array(lengths, dtype=np.float64)[:, None]
    common, both = (held @ weights.T).toarray(), (held @ binary.T).toarray()
    total = np.asarray(weights.sum(axis=1)).ravel()
    length = np.sqrt(np.asarray(weights.power(2).sum(axis=1)).ravel())
    yield "coverage", common / np.maximum(total, 1e-9)
    yield "cosine", common / np.maximum(length, 1e-9)
    yield "weighted Jaccard", common / np.maximum(total[None] + said - common, 1e-9)
    yield "Jaccard", both / np.maximum(asked[None] + said - both, 1)
    described = asked >= THIN
    times = np.asarray(binary.sum(axis=0)).ravel()
    idf = np.log(1 + (described.sum() - times + 0.5) / (times + 0.5))
    bm25 = binary.copy()
    bm25.data = (_K1 + 1) / (
        1 + _K1 * (1 - _B + _B * np.repeat(asked, np.diff(weights.indptr)) / asked[described].mean())
    )
    yield "BM25, binary", (held @ diags_array(idf) @ bm25.T).toarray()
    yield "beta-binomial (nearest)", np.array([suiting(weights, [[c] for c in one.held.tolist()])[0] for one in trials])


def _success(scores: Floats, trials: list[Trial], weights: Any) -> tuple[float, float]:
    scores = scores.copy()
    scores[:, np.diff(weights.indptr) < THIN] = -np.inf
    own = scores[np.arange(len(trials)), [trial.role for trial in trials]][:, None]
    places = (scores > own).sum(axis=1) + ((scores == own).sum(axis=1) - 1) / 2
    return float((places < 1).mean()), float((places < 5).mean())
