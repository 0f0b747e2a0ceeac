"""`similar`: which roles are most like this one?

Every role of the graph is rated at once, on sparse matrices (`kg.algorithms`); only what is shown is then
fetched, with the claims behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

from kg.algorithms.matrix import RoleMatrix
from kg.algorithms.similarity import MEASURES, first
from kg.handles.asking import ask, check_choice, question
from kg.handles.handle import Handle
from kg.handles.likeness import LIKENESS, PARTS, SCORES, TITLES, Combined, Likeness
from kg.model.answers import Answer, Claim, Node, Section, counted, few
from kg.model.columns import FLAG, IRI, SHARE, TEXT, WHOLE, Column, many, maybe, one_of
from kg.model.errors import BadInput
from kg.model.graphs import Graph
from kg.names.lookup import Names

__all__ = ["Alike", "Similar", "similar"]

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
    parts
        Of the measure *combined*, the score by each of its parts (`kg.handles.likeness.PARTS`), None where that
        part cannot rate the two; nothing for other measures.
    """

    role: Node
    score: float | None
    shared: tuple[Node, ...]
    coverage: float | None
    parts: tuple[float | None, ...] = ()


def _part(place: int, found: Alike) -> float | None:
    return found.parts[place] if found.parts else None


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
    measure: Likeness
    nearest: tuple[Alike, ...]
    unrated: tuple[Alike, ...]
    rated: int

    columns: ClassVar = (
        Column("iri", IRI, "the role", lambda e: e.role.iri),
        Column("label", TEXT, "its name", lambda e: e.role.label),
        Column("score", maybe(SHARE), "how like it is; null where it cannot be rated", lambda e: e.score),
        Column("shared", many(TEXT), "what both require", lambda e: [n.label for n in e.shared]),
        Column(
            "coverage",
            maybe(SHARE),
            "the share of its required weight that the role asked about requires too",
            lambda e: e.coverage,
        ),
        Column("rated", FLAG, "whether it can be rated", lambda e: e.score is not None),
        *(
            Column(part, maybe(SHARE), f"of *combined*: by {part}", partial(_part, i), optional=True)
            for i, part in enumerate(PARTS)
        ),
    )
    numbers: ClassVar = (
        Column("measure", one_of(*SCORES), "the measure"),
        Column("rated", WHOLE, "other roles that it rated"),
        Column("unrated", WHOLE, "other roles that it could not"),
        Column(
            "yardstick_recall_at_20", maybe(SHARE), "how well the measure does against the related occupations of O*NET"
        ),
        Column("yardstick_auc", maybe(SHARE), "the same"),
        Column("yardstick_coverage", maybe(SHARE), "the same"),
    )

    def __str__(self) -> str:
        measure, unrated = TITLES[self.measure], counted(len(self.unrated), "role")
        if not self.nearest:
            return f"No role can be compared with {self.role.label} by {measure}: {unrated} cannot be rated."
        alike = ", ".join(f"{found.role.label} {found.score:.2f}" for found in self.nearest[:3])
        rest = f" {unrated} cannot be rated." if self.unrated else ""
        return f"Most like {self.role.label}, by {measure}: {alike}; of {counted(self.rated, 'role')} rated.{rest}"

    def entries(self) -> tuple[Alike, ...]:
        """Return the roles shown, the unrated last."""
        return (*self.nearest, *self.unrated)

    def columns_here(self) -> tuple[Column, ...]:
        """Return the columns; those of its parts of the measure *combined*."""
        return tuple(column for column in self.columns if self.measure == "combined" or not column.optional)

    @property
    def measures(self) -> dict[str, Any]:
        """Return the name of the measure, how many other roles it rated, how many not, and how well it does elsewhere.

        ``yardstick_…`` are its scores against the related occupations of O*NET 29.3 (`kg bench similarity`).
        """
        score = SCORES[self.measure]
        return {
            "measure": self.measure,
            "rated": self.rated,
            "unrated": len(self.unrated),
            "yardstick_recall_at_20": score.recall,
            "yardstick_auc": score.auc,
            "yardstick_coverage": score.coverage,
        }

    def sections(self) -> tuple[Section, ...]:
        """Return the nearest roles, what they share, and those that cannot be rated."""
        rows = tuple(
            (
                found.role.label,
                f"{found.score:.3f}",
                *("–" if part is None else f"{part:.2f}" for part in found.parts),
                "not described" if found.coverage is None else f"{found.coverage:.0%}",
                str(len(found.shared)),
                few([n.label for n in found.shared], 4),
            )
            for found in self.nearest
        )
        parts = []
        if rows:
            of = PARTS if self.measure == "combined" else ()
            header = "role", "score" if of else TITLES[self.measure], *of, "covered", "shared", "such as"
            note = f"Covered: the share of what that role requires, by weight, that {self.role.label} requires too."
            parts.append(Section("Most alike first", header, rows, f"{note} {_yardstick(self.measure)}"))
        if self.unrated:
            described = [found.role.label for found in self.unrated if found.coverage is not None]
            bare = [found.role.label for found in self.unrated if found.coverage is None]
            note = f"Not described: {few(bare, 12)}. " if bare else ""
            note += f"Described, but not comparable: {few(described, 12)}." if described else ""
            parts.append(Section("Not rated, which is not the same as unlike", note=note.strip()))
        return tuple(parts)


def _yardstick(measure: Likeness) -> str:
    """Return how far the measure can be trusted, in a sentence."""
    score = SCORES[measure]
    return (
        f"On O*NET 29.3 {TITLES[measure]} finds {score.recall:.0%} of the occupations that O*NET itself calls related "
        f"among its first twenty (AUC {score.auc:.2f}), and rates {score.coverage:.0%} of the occupations."
    )


@question
def similar(
    g: Handle | Graph,
    role: str,
    /,
    *,
    measure: Likeness | None = None,
    limit: int = 10,
    essential_only: bool = False,
    source: Sequence[str] = (),
) -> Similar:
    """Which roles are most like this one?

    Compared is what roles require, skills and tools together. A requirement weighs how far its rating lies along its
    own scale, where it has one; else 1 if it is essential and 0.5 if it is optional (our reading); where several
    sources speak, the larger weight counts. Other measures compare words, tools or ratings. Every measure is from 0 to
    1 and symmetric. A role it cannot rate, since no source describes it, is listed as not rated.

    Parameters
    ----------
    role
        The role to compare with, such as "Data Engineer".
    measure
        weighted_jaccard: what both need over what either needs. cosine: the angle between the two; less hard on
        roles of unequal length. tfidf: cosine where what few roles need counts most. lin: near misses count too, by
        what stands above both in the hierarchy of skills. technology: the tools used, rare ones most. skills,
        knowledge: the angle between what is required of the one or the other. tasks: the words of the tasks. text: the
        words of label, aliases, definition and tasks. combined: text, knowledge and skills together, each shown. Of
        the occupations that O*NET calls related, these stand among the first twenty: combined 65%, text 60%, tasks
        53%, knowledge 45%, weighted_jaccard 37%, cosine 34%, skills 28%, tfidf 24%, technology 22%, lin 20%, by
        chance 2%. By default combined where a source rates how important requirements are, as O*NET does, and
        weighted_jaccard elsewhere, and with --source or --essential-only.
    limit
        How many roles to show.
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
        There is no such measure, or the number is below 1; or the measure reads what sources or --essential-only do
        not choose from.

    References
    ----------
    See `kg.algorithms.similarity.Similarity` and `kg.handles.likeness`, where each measure is defined: Ruzicka
    (1958); Salton and McGill (1983); Spärck Jones (1972); Resnik (1995) and Lin (1998) with best-match average
    (Pesquita et al. 2008).

    Examples
    --------
    >>> import kg
    >>> answer = kg.similar(kg.open(as_of="2026-11-22"), "AI Engineer", limit=3)
    >>> answer.nearest[0].role.label
    'AI Architect'
    >>> [found.role.label for found in answer.unrated]
    []
    """
    check_choice([measure] if measure else [], LIKENESS, 'No measure "{value}". Choose from {among}.')
    if limit < 1:
        raise BadInput(f"{limit} roles cannot be shown. Ask for 1 or more: -n 10.")
    asked = ask(g, role=role, measure=measure, limit=limit, essential_only=essential_only, source=source)
    subject, sources = asked.node(role, "role"), asked.sources
    whole, way = asked.handle.whole, (frozenset(sources), essential_only)
    if measure is None:
        measure = "combined" if whole.is_rated and not any(way) else "weighted_jaccard"
    asked.arguments["measure"] = measure
    _check(measure, *way)
    matrix = whole.matrix(*way)
    plain = measure in MEASURES
    index = whole.similarity(measure, *way) if measure in MEASURES else whole.likeness(measure, *way)
    roles, ranks = (matrix.roles, whole.role_ranks) if plain else (whole.roles, whole.ranks)
    nearest: list[tuple[str, float]] = []
    parts: dict[str, tuple[float | None, ...]] = {}
    unrated = {n.iri for n in whole.names.of_kind("role")} | {*roles}
    rated = 0
    at = index.matrix.position.get(subject.iri)
    if at is not None and index.rated[at]:
        scores = index.scores(at)
        scores[at] = float("nan")
        known = [iri for iri, score in zip(roles, scores.tolist(), strict=True) if score == score]
        unrated -= {*known}
        rated = len(known)
        best = first(scores, limit, ranks).tolist()
        nearest = [(roles[i], float(scores[i])) for i in best]
        if isinstance(index, Combined):
            by_part = index.of_parts(at)
            parts = {roles[i]: tuple(_known(by_part.get(name), i) for name in PARTS) for i in best}
    unrated.discard(subject.iri)
    found, left = _alike(whole.names, matrix, subject.iri, nearest, unrated)
    found = [replace(alike, parts=parts.get(alike.role.iri, ())) for alike in found]
    shown = found[:_EVIDENCE]
    items = {n.iri for alike in shown for n in alike.shared}
    graph = asked.slice("similar", role=[subject.iri, *(a.role.iri for a in shown)], item=items, source=sources)
    return Similar(
        subject,
        measure,
        tuple(found),
        tuple(sorted(left, key=lambda alike: _by_label(alike.role))),
        rated,
        evidence=_evidence(graph, subject.iri, shown, sources, essential_only),
        context=asked.context(graph),
    )


def _check(measure: Likeness, sources: frozenset[str], essential_only: bool) -> None:
    """Refuse to choose from what a measure does not read."""
    reads = {"tasks": "words", "text": "words", "combined": "words too", "technology": "tools, rated or not"}
    if measure in reads and (essential_only or (sources and measure != "technology")):
        option = "--essential-only" if essential_only else "--source"
        raise BadInput(
            f"{measure} reads {reads[measure]}, which {option} does not choose from. Choose another measure: "
            "weighted_jaccard, skills, knowledge …"
        )


def _known(scores: Any, at: int) -> float | None:  # an array, or None where a part rates nobody
    """Return a score; None where there is none."""
    return None if scores is None or scores[at] != scores[at] else float(scores[at])


def _by_label(n: Node) -> tuple[str, str]:
    return n.label.casefold(), n.iri


def _alike(
    names: Names, matrix: RoleMatrix, asked: str, nearest: Sequence[tuple[str, float]], unrated: Iterable[str]
) -> tuple[list[Alike], list[Alike]]:
    """Return the roles that are rated, and those that are not, each with what it shares with the one asked about."""
    own = matrix.row(asked)
    scores: dict[str, float | None] = {**dict(nearest), **dict.fromkeys(unrated)}
    rows = {iri: matrix.row(iri) for iri in scores}
    named = names.nodes([*scores, *own])

    def alike(iri: str) -> Alike:
        other = rows[iri]
        both = sorted((-min(own[i], other[i]), _by_label(named[i]), i) for i in own.keys() & other.keys())
        total = sum(other.values())
        covered = sum(other[i] for i in sorted(own.keys() & other.keys()))
        return Alike(named[iri], scores[iri], tuple(named[i] for *_, i in both), covered / total if total else None)

    return [alike(iri) for iri, _ in nearest], [alike(iri) for iri in unrated]


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
