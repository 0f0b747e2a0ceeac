"""`similar`: which roles are most like this one?

Every role of the graph is rated at once, on sparse matrices (`kg.algorithms`); only what is shown is then
fetched, with the claims behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from cyclopts import Parameter

from kg.algorithms.similarity import MEASURES, Measure, Similarity, first
from kg.answers import Answer, Claim, Node, Row, Section, counted, few
from kg.errors import BadInput
from kg.graphs import Graph
from kg.handle import Handle, as_handle, context, source_iris
from kg.terms import curie

__all__ = ["Alike", "Similar", "similar"]

_NAMES = {"weighted_jaccard": "weighted Jaccard", "cosine": "cosine", "tfidf": "TF-IDF cosine", "lin": "Lin"}
_EVIDENCE = 50


@dataclass(frozen=True, slots=True)
class Alike:
    """A role, and how much it is like the one asked about.

    Attributes
    ----------
    score
        0…1; None where the measure cannot rate it.
    shared
        What both require, heaviest first, then by label.
    coverage
        Share of its required weight, 0…1, that the role asked about requires too; None where it is not described.
    """

    role: Node
    score: float | None
    shared: tuple[Node, ...]
    coverage: float | None


@dataclass(frozen=True)
class Similar(Answer):
    """The roles most like one.

    Attributes
    ----------
    nearest
        Most alike first; ties by label, then IRI.
    unrated
        The roles that the measure cannot rate, by label: it is not known whether they are alike.
    rated
        How many other roles were rated, shown or not.
    """

    role: Node
    measure: Measure
    nearest: tuple[Alike, ...]
    unrated: tuple[Alike, ...]
    rated: int

    def __str__(self) -> str:
        measure, unrated = _NAMES[self.measure], counted(len(self.unrated), "role")
        if not self.nearest:
            return f"No role can be compared with {self.role.label} by {measure}: {unrated} cannot be rated."
        alike = ", ".join(f"{found.role.label} {found.score:.2f}" for found in self.nearest[:3])
        rest = f" {unrated} cannot be rated." if self.unrated else ""
        return f"Most like {self.role.label}, by {measure}: {alike}; of {counted(self.rated, 'role')} rated.{rest}"

    @property
    def measures(self) -> dict[str, Any]:
        """Return the name of the measure, how many other roles it rated, and how many it could not rate."""
        return {"measure": self.measure, "rated": self.rated, "unrated": len(self.unrated)}

    def rows(self) -> tuple[Row, ...]:
        """Return one row per role shown, the unrated last: iri, label, score, shared, coverage, rated.

        ``shared`` has the labels of what both require; ``coverage`` is the share of that role's required weight that
        the role asked about requires too.
        """
        return tuple(
            {
                "iri": found.role.iri,
                "label": found.role.label,
                "score": found.score,
                "shared": [n.label for n in found.shared],
                "coverage": found.coverage,
                "rated": found.score is not None,
            }
            for found in (*self.nearest, *self.unrated)
        )

    def sections(self) -> tuple[Section, ...]:
        """Return the nearest roles, what they share, and those that cannot be rated."""
        rows = tuple(
            (
                found.role.label,
                f"{found.score:.3f}",
                "not described" if found.coverage is None else f"{found.coverage:.0%}",
                str(len(found.shared)),
                few([n.label for n in found.shared], 4),
            )
            for found in self.nearest
        )
        parts = []
        if rows:
            header = "role", _NAMES[self.measure], "covered", "shared", "such as"
            note = f"Covered: the share of what that role requires, by weight, that {self.role.label} requires too."
            parts.append(Section("Most alike first", header, rows, note))
        if self.unrated:
            described = [found.role.label for found in self.unrated if found.coverage is not None]
            bare = [found.role.label for found in self.unrated if found.coverage is None]
            note = f"Not described: {few(bare, 12)}. " if bare else ""
            note += f"Described, but not comparable: {few(described, 12)}." if described else ""
            parts.append(Section("Not rated, which is not the same as unlike", note=note.strip()))
        return tuple(parts)


def similar(
    g: Handle | Graph,
    role: str,
    /,
    *,
    measure: Measure = "weighted_jaccard",
    number: Annotated[int, Parameter(name=["--number", "-n"])] = 10,
    essential_only: bool = False,
    source: Sequence[str] = (),
) -> Similar:
    """Which roles are most like this one?

    Compared is what roles require, skills and tools together. An essential requirement weighs 1 and an optional one
    0.5 (our reading); where several sources speak, the larger weight counts. Every measure is from 0 to 1 and
    symmetric. A role it cannot rate, since no source describes it, is listed as not rated.

    Parameters
    ----------
    g
        A graph or its handle.
    role
        The role to compare with, such as "Data Engineer".
    measure
        weighted_jaccard: what both need over what either needs. cosine: the angle between the two; less hard on
        roles of unequal length. tfidf: cosine where what few roles need counts most. lin: near misses count too, by
        what stands above both in the hierarchy of skills.
    number
        How many roles to show.
    essential_only
        Leave out what is only optional.
    source
        Only what these sources require, by short id, such as article or esco-111. The hierarchy of skills is always
        that of all sources.

    Returns
    -------
    Similar
        The nearest roles, with score, what is shared and coverage; then those that cannot be rated. The evidence is
        what both require, for the first fifty roles shown.

    Raises
    ------
    UnknownName, AmbiguousName
        The name means no role, or several.
    BadInput
        There is no such measure, or the number is below 1.

    References
    ----------
    See `kg.algorithms.similarity.Similarity`, where each measure is defined: Ruzicka (1958); Salton and McGill (1983);
    Spärck Jones (1972); Resnik (1995) and Lin (1998) with best-match average (Pesquita et al. 2008).

    Examples
    --------
    >>> import kg
    >>> answer = kg.similar(kg.open(as_of="2026-11-22"), "AI Engineer", number=3)
    >>> answer.nearest[0].role.label
    'LLM / Generative AI Engineer'
    >>> [found.role.label for found in answer.unrated]
    ['Analytics Engineer']
    """
    from kg.algorithms.matrix import Taxonomy

    handle = as_handle(g)
    if measure not in MEASURES:
        raise BadInput(f'No measure "{measure}". Choose from {", ".join(MEASURES)}.')
    if number < 1:
        raise BadInput(f"{number} roles cannot be shown. Ask for 1 or more: -n 10.")
    asked = handle.resolve(role, "role")
    sources = source_iris(handle, source)
    matrix = handle.requirements.matrix(sources=sources, essential_only=essential_only)
    names = _Names(handle)
    own = matrix.row(asked.iri)
    nearest: list[tuple[str, float]] = []
    unrated = {iri for iri, data in handle.names.nodes.items() if data.get("kind") == "role"} | {*matrix.roles}
    if own:
        taxonomy = Taxonomy.read(matrix, handle.hierarchy) if measure == "lin" else None
        at = matrix.roles.index(asked.iri)
        scores = Similarity(matrix, measure, taxonomy).scores(at)
        scores[at] = float("nan")
        known = [(iri, score) for iri, score in zip(matrix.roles, scores.tolist(), strict=True) if score == score]
        unrated -= {iri for iri, _ in known}
        rank = names.ranks(matrix.roles)
        nearest = [(matrix.roles[i], float(scores[i])) for i in first(scores, number, rank).tolist()]
        rated = len(known)
    else:
        rated = 0
    unrated.discard(asked.iri)
    found = [names.alike(iri, score, own, matrix.row(iri)) for iri, score in nearest]
    left = [names.alike(iri, None, own, matrix.row(iri)) for iri in unrated]
    shown = found[:_EVIDENCE]
    items = {n.iri for alike in shown for n in alike.shared}
    graph = handle.slice("similar", role=[asked.iri, *(a.role.iri for a in shown)], item=items, source=sources)
    return Similar(
        asked,
        measure,
        tuple(found),
        tuple(sorted(left, key=lambda alike: _by_label(alike.role))),
        rated,
        evidence=_evidence(graph, asked.iri, shown, sources, essential_only),
        context=context(
            handle,
            graph,
            role=role,
            measure=measure,
            number=number,
            essential_only=essential_only,
            source=[*source],
        ),
    )


def _by_label(n: Node) -> tuple[str, str]:
    return n.label.casefold(), n.iri


class _Names:
    """The labels of roles, skills and tools, as the handle has them."""

    def __init__(self, handle: Handle) -> None:
        self._nodes = handle.names.nodes

    def node(self, iri: str) -> Node:
        """Return a node with its label and kind."""
        data = self._nodes.get(iri, {})
        return Node(data.get("label", curie(iri)), iri, data.get("kind", ""))

    def ranks(self, iris: Sequence[str]) -> Any:
        """Return the place of each in the order by label, then IRI, as an array."""
        import numpy as np

        order = sorted(range(len(iris)), key=lambda i: _by_label(self.node(iris[i])))
        ranks = np.empty(len(iris), dtype=np.int64)
        ranks[order] = np.arange(len(iris))
        return ranks

    def alike(self, iri: str, score: float | None, own: dict[str, float], other: dict[str, float]) -> Alike:
        """Return a role with what it shares with the one asked about."""
        both = sorted((-min(own[i], other[i]), _by_label(self.node(i))) for i in own.keys() & other.keys())
        total = sum(other.values())
        covered = sum(other[i] for i in sorted(own.keys() & other.keys()))
        shared = tuple(self.node(i) for _, (_, i) in both)
        return Alike(self.node(iri), score, shared, covered / total if total else None)


def _evidence(
    graph: Graph, asked: str, shown: Sequence[Alike], sources: Sequence[str], essential_only: bool
) -> tuple[Claim, ...]:
    """Return the claims by which the roles shown, and the one asked about, require what they share."""
    needs = {found.role.iri: {n.iri for n in found.shared} for found in shown}
    needs[asked] = {item for items in needs.values() for item in items}
    claims = {
        Claim.read(graph, edge)
        for role, items in needs.items()
        if role in graph.nodes
        for edge in graph.out_edges(role, keys=True, data=True)
        if edge[1] in items
        and edge[3].get("relation") == "requires"
        and (not sources or edge[3].get("source") in sources)
        and not (essential_only and edge[3].get("essential") is False)
    }
    return tuple(sorted(claims, key=lambda claim: claim.sort_key))
