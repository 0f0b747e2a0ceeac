"""`overlap`: what do two or more nodes share, and what sets them apart?

Roles are compared by what they require, certifications by what they test, skills and tools by who needs them. The
numbers compare skills and tools by weight; the table shows every facet. A thing stands on one side, once: where a role
requires it, whatever else is said of it, such as that the article's own table names it, is a mark on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import itemgetter
from typing import Any, ClassVar

from kg.algorithms.measures import Measures, Weights, compare, share_of
from kg.careers.exam_facts import exam_facts
from kg.careers.facets import COMPARISON, FACETS, IN_TABLE, article_line, facet_of
from kg.careers.offers import offer
from kg.careers.required import heaviest
from kg.handles.asking import ask, question
from kg.handles.handle import Handle
from kg.model.answers import Answer, Claim, Context, Node, Row, Section, counted, node
from kg.model.columns import FLAG, IRI, KIND, OBJECT, PLACE, SHARE, STATUS, TEXT, Column, many, maybe, one_of
from kg.model.errors import BadInput
from kg.model.graphs import Attributes, Graph

__all__ = ["Measures", "Overlap", "Shared", "compare", "overlap"]

#: How the first is tied to what is counted, by the kind of the nodes compared.
_COVERS = {
    "role": "of what {other} asks for",
    "certification": "of what {other} tests",
    "skill": "of what needs {other}",
    "tool": "of what needs {other}",
}
#: What counts in the measures, by the kind of the nodes compared.
_MEASURED = {
    "role": ("skills", "tools"),
    "certification": ("skills", "tools"),
    "skill": ("roles", "certifications"),
    "tool": ("roles", "certifications"),
}


@dataclass(frozen=True, slots=True)
class Shared:
    """One thing that some of the nodes have, and which of them.

    Attributes
    ----------
    having
        The nodes that have it, in the order asked.
    essential
        Whether each of them needs it as essential; None where that is not a question.
    wording, lines
        The article's words for it, and their lines.
    standing
        For a certification: its status on the day asked about.
    also
        What else is said of it, by facet, such as that it is one of the technologies of the article's table.
    """

    facet: str
    node: Node
    having: tuple[Node, ...]
    essential: tuple[bool | None, ...]
    wording: str
    lines: tuple[int, ...]
    standing: str = ""
    also: tuple[Shared, ...] = ()


@dataclass(frozen=True)
class Overlap(Answer):
    """What nodes share, by facet, with measures and evidence.

    Attributes
    ----------
    items
        Each thing once, under the facet that counts most.
    comparison
        The comparison table of the article.
    exams
        Of certifications, what one asks first of each: level, price, minutes and so on, in words, by what it is about.
    """

    nodes: tuple[Node, ...]
    items: tuple[Shared, ...]
    weights: Mapping[str, Weights] = field(repr=False)
    comparison: tuple[Row, ...] = ()
    exams: tuple[Row, ...] = ()

    columns: ClassVar = (
        Column("facet", TEXT, "what kind of thing", lambda e: e[1].facet),
        Column("iri", IRI, "the thing", lambda e: e[1].node.iri),
        Column("label", TEXT, "its name", lambda e: e[1].node.label),
        Column("kind", KIND, "its kind", lambda e: e[1].node.kind),
        Column(
            "side", one_of("both", "left", "right", "some"), "all, the first, the last, some of several", itemgetter(0)
        ),
        Column("having", many(TEXT, 1), "who has it", lambda e: [n.label for n in e[1].having]),
        Column("essential", many(maybe(FLAG)), "to each of them", lambda e: [*e[1].essential]),
        Column("wording", TEXT, "as the article says it", lambda e: e[1].wording),
        Column("lines", many(PLACE), "lines of the article", lambda e: [*e[1].lines]),
        Column("status", STATUS, "of a certification, on the day asked about", lambda e: e[1].standing),
        Column("also", many(TEXT), "what else is said of it, and of which", lambda e: [_also(x) for x in e[1].also]),
    )
    numbers: ClassVar = (
        Column("jaccard", maybe(SHARE), "what is shared, of all there is"),
        Column("weighted_jaccard", maybe(SHARE), "the same, by weight"),
        Column("cosine", maybe(SHARE), "of two: of their weights", optional=True),
        Column("coverage_left", maybe(SHARE), "of two: the share of the first that the last has", optional=True),
        Column("coverage_right", maybe(SHARE), "of two: the share of the last that the first has", optional=True),
    )
    beside: ClassVar = (
        Column("comparison", many(OBJECT), "the comparison table of the article", lambda a: [*a.comparison]),
        Column("exams", many(OBJECT), "of certifications: level, price and more of each", lambda a: [*a.exams]),
    )

    def __str__(self) -> str:
        kind = _MEASURED.get(self.nodes[0].kind, ("skills", "tools"))
        what = " and ".join(kind)
        measured = [item for item in self.items if item.facet in kind]
        both = sum(len(item.having) == len(self.nodes) for item in measured)
        labels = [n.label for n in self.nodes]
        names = " and ".join(labels) if len(labels) == 2 else f"{', '.join(labels[:-1])} and {labels[-1]}"
        bare = [n.label for n in self.nodes if not self.weights[n.iri]]
        if bare:
            return (
                f"{names} cannot be measured against each other: "
                f"{' and '.join(bare)} {'is' if len(bare) == 1 else 'are'} not described by any {what}."
            )
        if len(self.nodes) > 2:
            return f"{names} all share {both} of {len(measured)} {what}."
        measures = self.measures
        (one, two), of = labels, _COVERS[self.nodes[0].kind]
        return (
            f"{names} share {both} of {len(measured)} {what} (weighted Jaccard {measures['weighted_jaccard']:.2f}). "
            f"{two} brings {measures['coverage_left']:.0%} {of.format(other=one)}, "
            f"{one} {measures['coverage_right']:.0%} {of.format(other=two)}, by weight."
        )

    def entries(self) -> Iterable[tuple[str, Shared]]:
        """Return the things with the side they are on."""
        return ((self.side(item), item) for item in self.items)

    @property
    def measures(self) -> dict[str, Any]:
        """Return jaccard, weighted_jaccard, cosine, coverage_left, coverage_right (`Measures`).

        Beyond two nodes the first two, over all of them.
        """
        vectors = [self.weights[n.iri] for n in self.nodes]
        if len(vectors) == 2:
            found = compare(vectors[0], vectors[1])
            return {name: getattr(found, name) for name in Measures.__slots__}
        union = sorted({x for vector in vectors for x in vector})
        low = sum(min(vector.get(x, 0.0) for vector in vectors) for x in union)
        high = sum(max(vector.get(x, 0.0) for vector in vectors) for x in union)
        shared = sum(all(x in vector for vector in vectors) for x in union)
        return {"jaccard": share_of(shared, len(union)), "weighted_jaccard": share_of(low, high)}

    def side(self, item: Shared) -> str:
        """Return where an item stands: both (all of them), left (only the first), right (only the last), or some."""
        if len(item.having) == len(self.nodes):
            return "both"
        if item.having == self.nodes[:1]:
            return "left"
        return "right" if item.having == self.nodes[-1:] else "some"

    def sections(self) -> tuple[Section, ...]:
        """Return the table of the article where only it is asked, of certifications that of exams, then every facet."""
        labels = tuple(n.label for n in self.nodes)
        parts = []
        table = self.comparison if {claim.origin for claim in self.evidence} == {"article"} else ()
        if table:
            lines = tuple(
                (row["category"], *("; ".join(row[n.iri]) for n in self.nodes), text_lines(row["lines"]))
                for row in table
            )
            parts.append(Section("Key differences, as the article has them", ("", *labels, "line"), lines))
        if self.exams:
            facts = tuple((row["about"], *(row[n.iri] for n in self.nodes)) for row in self.exams)
            parts.append(Section("What one asks first", ("", *labels), facts))
        for facet in (facet for facet in FACETS if not (table and facet in IN_TABLE)):
            if items := [item for item in self.items if item.facet == facet]:
                parts.append(self._side_by_side(facet, items))
        measures = tuple(
            (_measure(name, labels), "not described" if v is None else f"{v:.3f}") for name, v in self.measures.items()
        )
        parts.append(Section("Measures", ("measure", "value"), measures, note=self._signs() + _sources(self.evidence)))
        return tuple(parts)

    def _side_by_side(self, facet: str, items: Sequence[Shared]) -> Section:
        columns = [[_mark(item) for item in items if len(item.having) == len(self.nodes)]]
        columns += [[_mark(item) for item in items if item.having == (n,)] for n in self.nodes]
        header = ["shared", *(f"only {n.label}" for n in self.nodes)]
        if len(self.nodes) > 2:
            some = [
                f"{_mark(i)} ({', '.join(n.label for n in i.having)})"
                for i in items
                if 1 < len(i.having) < len(self.nodes)
            ]
            columns.append(some)
            header.append("some")
        depth = max(len(column) for column in columns)
        table = tuple(tuple(column[i] if i < len(column) else "" for column in columns) for i in range(depth))
        counts = tuple(f"{name} ({len(column)})" for name, column in zip(header, columns, strict=True))
        return Section(facet.capitalize(), counts, table)

    def _signs(self) -> str:
        """Return what the signs in the tables mean, of those that are there."""
        said = "° optional. " if any(_mark(item).count("°") for item in self.items) else ""
        return said + (
            "[table] the article's own table names it. " if any(_in_table(item) for item in self.items) else ""
        )


def text_lines(lines: Sequence[int]) -> str:
    """Return line numbers as text.

    Examples
    --------
    >>> text_lines([30, 31])
    '30, 31'
    """
    return ", ".join(map(str, lines))


def _mark(item: Shared) -> str:
    optional = item.essential and not any(item.essential) and None not in item.essential
    standing = f" [{item.standing}]" if item.standing not in ("", "active") else ""
    return f"{item.node.label}{'°' if optional else ''}{standing}{_in_table(item)}"


def _in_table(item: Shared) -> str:
    """Return the mark of what the article's own table names; of whom, where that is not all who have it."""
    whose = {n for said in item.also if said.facet in IN_TABLE for n in said.having}
    if not whose:
        return ""
    return " [table]" if whose >= {*item.having} else f" [table: {', '.join(sorted(n.label for n in whose))}]"


def _also(said: Shared) -> str:
    return f"{said.facet}: {', '.join(n.label for n in said.having)}"


def _measure(name: str, labels: Sequence[str]) -> str:
    """Return what a measure is called, with the names of the two it is about."""
    if name.startswith("coverage_"):
        one, two = labels if name == "coverage_left" else reversed(labels)
        return f"of {one}, covered by {two}"
    return name.replace("_", " ")


def _sources(evidence: Sequence[Claim]) -> str:
    if not evidence:
        return "Evidence: none."
    by_source: dict[str, int] = defaultdict(int)
    for claim in evidence:
        dated = f", {claim.source_date}" if claim.source_date else ""
        by_source[f"{claim.source_label}{dated}"] += 1
    top = sorted(by_source.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = "; ".join(f"{name} ({n})" for name, n in top[:6])
    more = f"; {len(top) - 6} more" if len(top) > 6 else ""
    return f"Evidence: {counted(len(evidence), 'claim')} from {counted(len(top), 'source')}: {shown}{more}."


@question
def overlap(g: Handle | Graph, *nodes: str, essential_only: bool = False, source: Sequence[str] = ()) -> Overlap:
    """What do two or more nodes of a kind share, and what sets them apart?

    Roles are compared by what they require, certifications by what they test, skills and tools by who needs them. In
    the measures a requirement weighs how far its rating lies along its own scale, where it has one; else 1 if it is
    essential and 0.5 if it is optional (our reading); where several sources speak, the larger weight counts.

    Parameters
    ----------
    nodes
        Two or more names of one kind, such as "AI Engineer" and "ML engineer".

    Returns
    -------
    Overlap
        Items by facet, then label; measures; evidence.

    Raises
    ------
    UnknownName, AmbiguousName
        A name means no node, or several.
    BadInput
        Fewer than two nodes, or nodes of different kinds.

    Examples
    --------
    >>> import kg
    >>> g = kg.open(as_of="2026-11-22")
    >>> answer = kg.overlap(g, "AI Engineer", "ML engineer", source=["article"])
    >>> [item.node.label for item in answer.items if any(said.facet == "typical tools" for said in item.also)]
    ['API integration', 'Cloud AI platforms', 'LangChain', 'PyTorch', 'scikit-learn', 'TensorFlow']
    """
    if len(nodes) < 2:
        raise BadInput(
            f'An overlap needs two or more names; {len(nodes)} given. Name another, such as "Data Scientist".'
        )
    asked = ask(g, nodes=nodes, essential_only=essential_only, source=source)
    found = asked.nodes(nodes, *_MEASURED)
    kinds = sorted({n.kind for n in found})
    comparable = {"skill", "tool"} if set(kinds) <= {"skill", "tool"} else set(kinds)
    if len(comparable - {"skill", "tool"}) + bool(comparable & {"skill", "tool"}) > 1 or kinds[0] not in _MEASURED:
        what = ", ".join(f"{n.label} is a {n.kind}" for n in found)
        raise BadInput(
            f"An overlap compares nodes of one kind, be it roles, certifications, or skills and tools: {what}."
        )
    if len({n.iri for n in found}) < len(found):
        raise BadInput(f"{found[0].label} is named twice. Name two different nodes.")
    iris = [n.iri for n in found]
    graph = asked.slice("overlap", node=iris, source=asked.sources)
    return _overlap(
        graph,
        iris,
        day=asked.day,
        essential_only=essential_only,
        sources=frozenset(asked.sources),
        context=asked.context(graph),
    )


def _overlap(
    graph: Graph, iris: Sequence[str], *, day: date, essential_only: bool, sources: frozenset[str], context: Context
) -> Overlap:
    """Compute the overlap of nodes of a graph; the definition, without names and stores."""
    nodes = tuple(node(graph, iri) for iri in iris)
    kind = nodes[0].kind
    edges: dict[tuple[str, str], dict[str, list[tuple[str, str, str, Attributes]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    said: dict[str, dict[str, set[tuple[int, str, str]]]] = defaultdict(lambda: defaultdict(set))
    for iri in iris:
        for edge in (*graph.out_edges(iri, keys=True, data=True), *graph.in_edges(iri, keys=True, data=True)):
            subject, target, _, data = edge
            other = target if subject == iri else subject
            if sources and data.get("source") not in sources:
                continue
            heading = COMPARISON.get(data.get("facet", ""))
            if kind == "role" and heading:
                said[heading][iri].add((article_line(data), str(data.get("statement", "")), data.get("wording", "")))
            facet = facet_of(kind, subject == iri, data, graph.nodes[other].get("kind", ""))
            if facet and not (essential_only and data.get("essential") is False):
                edges[facet, other][iri].append(edge)
    measured = _MEASURED[kind]
    weights: dict[str, dict[str, float]] = {iri: {} for iri in iris}
    items = []
    for (facet, other), by_node in edges.items():
        having = tuple(n for n in nodes if n.iri in by_node)
        if facet in measured:
            for iri, found in by_node.items():
                counted_as = heaviest(graph, (data for *_, data in found))
                if counted_as > 0:
                    weights[iri][other] = counted_as
        wordings = sorted({data["wording"] for found in by_node.values() for *_, data in found if data.get("wording")})
        items.append(
            Shared(
                facet,
                node(graph, other),
                having,
                tuple(_essential([data for *_, data in by_node[n.iri]]) for n in having),
                "; ".join(wordings),
                tuple(
                    sorted(
                        {article_line(data) for found in by_node.values() for *_, data in found if article_line(data)}
                    )
                ),
                offer(graph.nodes[other], day).status if facet == "certifications" else "",
            )
        )
    evidence = {
        edge[2]: Claim.read(graph, edge) for by_node in edges.values() for found in by_node.values() for edge in found
    }
    items.sort(key=lambda i: (FACETS.index(i.facet), i.node.label.casefold(), i.node.iri))
    return Overlap(
        nodes,
        tuple(_once(items) if kind == "role" else items),
        weights,
        tuple(
            {
                "category": heading,
                **{iri: [words for *_, words in sorted(said[heading][iri])] for iri in iris},
                "lines": sorted({line for found in said[heading].values() for line, *_ in found}),
            }
            for heading in COMPARISON.values()
            if heading in said
        ),
        _exams(graph, nodes, items, day) if kind == "certification" else (),
        evidence=tuple(sorted(evidence.values(), key=lambda claim: claim.sort_key)),
        context=context,
    )


def _once(items: Iterable[Shared]) -> Iterable[Shared]:
    """Yield each thing once, the rest that is said of it as marks.

    It stands where the first facet has it. What a role is said to focus on or work on by the very name of what is
    required is the same to a reader.
    """
    by_thing: dict[str, list[Shared]] = {}
    names: dict[str, str] = {}
    for item in items:
        thing = item.node.iri
        if item.facet not in _MEASURED["role"]:
            thing = thing if thing in by_thing else names.get(item.node.label.casefold(), thing)
        names.setdefault(item.node.label.casefold(), thing)
        by_thing.setdefault(thing, []).append(item)
    for first, *more in by_thing.values():
        yield replace(
            first,
            wording="; ".join(sorted({part for one in (first, *more) for part in one.wording.split("; ") if part})),
            lines=tuple(sorted({line for one in (first, *more) for line in one.lines})),
            also=tuple(more),
        )


def _exams(graph: Graph, nodes: Sequence[Node], items: Iterable[Shared], day: date) -> tuple[Row, ...]:
    """Return what one asks first of certifications, a row for each thing asked."""
    needed = [item for item in items if item.facet == "prerequisites"]
    facts = {
        n.iri: exam_facts(graph.nodes[n.iri], day, [item.node.label for item in needed if n in item.having])
        for n in nodes
    }
    return tuple(
        {"about": about, **{iri: found[about] for iri, found in facts.items()}} for about in facts[nodes[0].iri]
    )


def _essential(found: Sequence[Attributes]) -> bool | None:
    stated = [data["essential"] for data in found if data.get("essential") is not None]
    return any(stated) if stated else None
