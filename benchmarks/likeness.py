"""Every measure of how alike roles are, against a list of related roles made by others.

`python -m benchmarks likeness --graph FOLDER` prints it.

O*NET publishes for each of its occupations twenty related ones. Each measure ranks the others, and is scored by how
many of those twenty it puts among its first twenty. All measures are scored on the same roles, those that every one of
them can rate, so that none looks better for having been asked less; how many it can rate is said beside it. Nothing is
fitted to the lists. What `combined` puts together is what did best on one half of the roles; no choice rests on the
other half, which is reported on its own, and says what to expect elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from kg.handles.asking import ask
from kg.handles.handle import Handle, KnowledgeGraph
from kg.handles.likeness import LIKENESS, TITLES, Likeness, Score
from kg.handles.opening import open as open_graph
from kg.model.answers import Answer, Row, Section, counted
from kg.model.errors import BadInput
from kg.model.graphs import ClaimGraph
from kg.stores.binding import load_query
from kg.views.text_tables import plain_text

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from kg.algorithms.similarity import Similarity
    from kg.handles.likeness import Combined
    from kg.handles.whole import WholeGraph

    Ints = npt.NDArray[np.int64]

__all__ = ["Bench", "bench", "measure"]

MOST = 20
_FEWEST = 40  # roles; with fewer the numbers say nothing
_COLUMNS = {
    "recall": f"recall at {MOST}",
    "held_out": "held-out half",
    "mrr": "MRR",
    "auc": "AUC",
    "coverage": "coverage",
}


@dataclass(frozen=True)
class Bench(Answer):
    """How well each measure finds the related roles.

    Attributes
    ----------
    scores
        By measure, in the order of `kg.handles.likeness.LIKENESS`.
    chance
        The recall of an order by chance.
    scored
        How many roles were asked about: those with related ones that every measure rates.
    listed
        How many roles have a list of related ones.
    related
        The mean length of those lists, within what was scored.
    """

    scores: dict[Likeness, Score]
    chance: float
    scored: int
    listed: int
    related: float

    def __str__(self) -> str:
        best = max(self.scores, key=lambda name: self.scores[name].recall)
        found = self.scores[best]
        scored = counted(self.scored, "role")
        return (
            f"Of {self.related:.1f} related roles, {TITLES[best]} ({best}) finds {found.recall:.0%} among its first "
            f"{MOST}, {found.held_out:.0%} on the half held out; by chance {self.chance:.1%}. {scored} scored, of "
            f"{self.listed} with a list."
        )

    @property
    def measures(self) -> dict[str, Any]:
        """Return how many roles were scored, how many have a list, and the recall of chance."""
        return {"scored": self.scored, "listed": self.listed, "chance": self.chance}

    def rows(self) -> tuple[Row, ...]:
        """Return one row per measure: measure, recall, held_out, mrr, auc, coverage."""
        return tuple(
            {"measure": name, **{f.name: getattr(score, f.name) for f in fields(score)}}
            for name, score in self.scores.items()
        )

    def sections(self) -> tuple[Section, ...]:
        """Return the measures, the best first, and what the numbers are."""
        ordered = sorted(self.scores, key=lambda name: -self.scores[name].recall)
        rows = tuple(
            (name, TITLES[name], *(f"{getattr(self.scores[name], column):.3f}" for column in _COLUMNS))
            for name in ordered
        )
        note = (
            f"Recall at {MOST}: the share of the related roles among the {MOST} most alike. Held-out half: the same on "
            "the half of the roles on which no choice rests. MRR: one over the place of the first related role. AUC: "
            "the chance that a related role is more alike than another. Coverage: the share of the roles with a list "
            "that the measure can rate."
        )
        return (Section("Best first", ("measure", "compares by", *_COLUMNS.values()), rows, note),)


def bench(g: Handle, *, measure: Sequence[Likeness] = ()) -> Bench:
    """How well does each measure find the roles that a source itself calls related?

    Parameters
    ----------
    g
        A graph that holds such lists, as O*NET's does (`kg load`).
    measure
        The measures to score; all by default. The roles they are scored on are the same either way.

    Returns
    -------
    Bench
        Recall at twenty, on all roles and on the half held out; mean reciprocal rank; area under the curve; coverage.

    Raises
    ------
    BadInput
        The graph has no lists of related roles, or fewer than forty roles that every measure can rate.

    References
    ----------
    J. A. Dahlke, D. J. Putka, O. Shewach and P. Lewis, Developing Related Occupations for the O*NET Program (2022): the
    lists rest on tasks and work activities, rated knowledge and alternate titles. Measures that read the same have
    an advantage on them.
    """
    if unknown := [name for name in measure if name not in LIKENESS]:
        raise BadInput(f'No measure "{unknown[0]}". Choose from {", ".join(LIKENESS)}.')
    whole = g.whole
    lists = _lists(g, whole)
    if not lists:
        raise BadInput(
            "No source of this graph says which roles are related, so there is nothing to score by. O*NET's does: "
            "`kg fetch onet`, `kg load`, then `python -m benchmarks likeness --graph FOLDER`."
        )
    indexes = {name: whole.likeness(name) for name in LIKENESS}
    pool = [at for at in range(len(whole.roles)) if all(index.rated[at] for index in indexes.values())]
    asked = [at for at in pool if lists.get(at, frozenset()) & {*pool}]
    if len(asked) < _FEWEST:
        raise BadInput(
            f"{counted(len(asked), 'role')} with related ones can be rated by every measure; with fewer than {_FEWEST} "
            "the numbers say nothing. Load ratings, technology and task statements too."
        )
    sizes = [len(lists[at] & {*pool}) for at in asked]
    chosen = [name for name in LIKENESS if not measure or name in measure]
    scores = {name: _score(whole, indexes[name], pool, asked, lists) for name in chosen}
    return Bench(
        scores,
        round(sum(min(MOST, len(pool) - 1) / (len(pool) - 1) for _ in asked) / len(asked), 4),
        len(asked),
        len(lists),
        sum(sizes) / len(sizes),
        context=ask(g, measure=measure).context(ClaimGraph({}, ())),
    )


def is_held_out(role: str) -> bool:
    """Tell whether a role is of the half on which no choice rests; by its IRI, so that it is the same everywhere.

    Examples
    --------
    >>> is_held_out("https://www.onetonline.org/link/summary/15-2051.00")
    False
    """
    return sha256(role.encode()).digest()[0] % 2 == 1


def _lists(g: Handle, whole: WholeGraph) -> dict[int, frozenset[int]]:
    """Return the positions of the roles that a source calls related, by that of the role."""
    place = {role: at for at, role in enumerate(whole.roles)}
    pairs: set[tuple[str, str]] = set()
    if isinstance(g, KnowledgeGraph):
        pairs = {(str(row["role"]), str(row["related"])) for row in g.store.select(load_query("related_roles")).dicts()}
    found: dict[int, set[int]] = defaultdict(set)
    for role, related in pairs:
        if role in place and related in place and role != related:
            found[place[role]].add(place[related])
    return {at: frozenset(related) for at, related in sorted(found.items())}


def _score(
    whole: WholeGraph,
    index: Similarity | Combined,
    pool: Sequence[int],
    asked: Sequence[int],
    lists: dict[int, frozenset[int]],
) -> Score:
    import numpy as np

    from kg.algorithms.ranking import found

    among = np.array(pool)
    results = []
    for at in asked:
        others = among[among != at]
        relevant = np.isin(others, list(lists[at]))
        results.append(found(index.scores(at)[others], relevant, whole.ranks[others], most=MOST))
    held_out = [result.recall for at, result in zip(asked, results, strict=True) if is_held_out(whole.roles[at])]

    def mean(values: Sequence[float]) -> float:
        return round(float(np.mean(values)), 4) if len(values) else float("nan")

    return Score(
        mean([result.recall for result in results]),
        mean(held_out),
        mean([result.reciprocal for result in results]),
        mean([result.auc for result in results]),
        round(sum(bool(index.rated[at]) for at in lists) / len(lists), 4),
    )


def measure(folder: str = "") -> str:
    """Return the scores on a store folder with lists of related roles, as a table; without a folder, how to get one."""
    try:
        return plain_text(bench(open_graph(folder or None)))
    except BadInput as error:
        return str(error)
