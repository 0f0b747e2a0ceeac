"""The hops from node to node that a path may take: the relations chosen, read one way or the other, with their effort.

Claims are followed as they are said, from subject to object; ``^certifies`` follows them the other way, as in SPARQL.
`overlap` is a relation that nobody claims: it ties two roles that require something in common. Edges are only looked
at where a search comes by, so that a path between two nodes never reads a large graph as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum
from typing import Any, Literal, Protocol

from kg.algorithms.shortest import Route, reached
from kg.careers.required import weights
from kg.model.answers import Claim, Node, counted, node
from kg.model.errors import BadInput
from kg.model.graphs import Attributes, Graph, local_name
from kg.model.statements import CLAIM_CLASSES
from kg.model.terms import KG

__all__ = [
    "OVERLAP",
    "VIA",
    "WEIGHT_UNITS",
    "Chain",
    "Efforts",
    "Hop",
    "Name",
    "Network",
    "Prefer",
    "effort",
    "read_relations",
    "relation_iris",
]

Prefer = Literal["hops", "effort"]

#: The relations followed where none are chosen.
VIA = ("requires", "certifies", "leads_to", "has_prerequisite", "demonstrates", "broader", "uses", "recommended_for")
OVERLAP = "overlap"
_RELATIONS = {local_name(iri): iri for iri in CLAIM_CLASSES}
#: Efforts are counted in billionths and weights in millionths, so that sums are exact and a tie is a tie.
_UNITS = 10**9
WEIGHT_UNITS = 10**6
#: The length of a hop, and of a billionth of effort: what is preferred outweighs the other in any chain.
_FIRST = {"hops": (10**15, 1), "effort": (1, 10**6)}

Edge = tuple[str, str, str, Attributes]
#: A node as the search sees it: its label and its IRI, so that ties fall by label and then by IRI.
Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a chain.

    Attributes
    ----------
    relation
        Local name of the relation, with ``^`` before it where it is followed from object to subject, or ``overlap``.
    effort
        0…1: from role to role the share of the target's weight that is not carried over, else 1.
    claims
        Who says so; of an overlap, the claims of both roles about what they share.
    shared, required
        From role to role: what is carried over, heaviest first, and how many things the target requires.
    """

    start: Node
    relation: str
    end: Node
    effort: float
    claims: tuple[Claim, ...]
    shared: tuple[Node, ...] = ()
    required: int = 0


@dataclass(frozen=True, slots=True)
class Chain:
    """Hops, each from where the last one ends."""

    hops: tuple[Hop, ...]

    def __str__(self) -> str:
        return " → ".join(n.label for n in self.nodes)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes, from start to goal."""
        return (self.hops[0].start, *(hop.end for hop in self.hops))

    @property
    def effort(self) -> float:
        """The sum of the efforts of the hops."""
        return round(fsum(hop.effort for hop in self.hops), 9)

    @property
    def size(self) -> str:
        """Hops and effort in words."""
        return f"{counted(len(self.hops), 'hop')}, effort {self.effort:.2f}"


def read_relations(via: Sequence[str]) -> tuple[str, ...]:
    """Return the relations chosen by local name, each once; ``leads_to`` and ``leadsTo`` are the same."""
    texts = [via] if isinstance(via, str) else via
    found: dict[str, None] = {}
    for name in (part.strip() for text in texts for part in text.split(",")):
        turned, bare = name.startswith("^"), name.removeprefix("^")
        head, *more = bare.split("_")
        camel = head + "".join(word.capitalize() for word in more)
        if camel not in _RELATIONS and (camel != OVERLAP or turned):
            there = ", ".join([OVERLAP, *sorted(_RELATIONS)])
            raise BadInput(
                f'No relation "{name}". There are: {there}; ^ before one follows it from object to subject '
                "(an overlap leads both ways as it is)."
            )
        found["^" * turned + camel] = None
    if not found:
        raise BadInput("No relation is chosen. Name one, such as leads_to.")
    return tuple(found)


def relation_iris(relations: Sequence[str]) -> tuple[str, ...]:
    """Return the IRIs of the relations whose claims are needed, for the hops and for their effort."""
    wanted = {_RELATIONS[name.removeprefix("^")] for name in relations if name != OVERLAP}
    if {"leadsTo", "^leadsTo", OVERLAP} & {*relations}:  # hops from role to role, whose effort rests on requirements
        wanted.add(KG.requires)
    return tuple(sorted(wanted))


class Efforts(Protocol):
    """What hops between roles take, known for all of them at once."""

    def of(self, role: str, leaving: bool) -> dict[str, int]:
        """Return the effort to (or from) every role that shares something with one, in billionths, by IRI."""


def effort(carried: Any, total: Any) -> Any:  # whole numbers, or arrays of them
    """Return the share of a total weight that is not carried over, in billionths, half a one rounded up.

    Examples
    --------
    >>> effort(1_500_000, 2_000_000)
    250000000
    """
    return ((total - carried) * 2 * _UNITS + total) // (2 * total)


class Network:
    """The hops that may be taken, found as a search comes by.

    Parameters
    ----------
    relations
        Local names, with ``^`` where followed from object to subject; the first that ties two nodes is the one named.
    efforts
        What hops between roles take, where it is known for all roles at once; else it is found hop by hop.
    """

    def __init__(
        self,
        graph: Graph,
        relations: Sequence[str],
        prefer: Prefer,
        max_effort: float | None,
        sources: frozenset[str],
        efforts: Efforts | None = None,
    ) -> None:
        self._graph = graph
        self._rank = {name: i for i, name in enumerate(relations)}
        self._per_hop, self._per_unit = _FIRST[prefer]
        self._most = _UNITS if max_effort is None else round(max_effort * _UNITS)
        self._sources = sources
        self._efforts = efforts
        self._weights: dict[str, dict[str, int]] = {}
        self._totals: dict[str, int] = {}
        self._roles: dict[str, set[str]] = {}
        self._names: dict[str, Name] = {}
        self._known: dict[tuple[Name, bool], list[tuple[Name, int]]] = {}

    def name(self, iri: str) -> Name:
        """Return a node as the search sees it."""
        if iri not in self._names:
            self._names[iri] = str(self._graph.nodes[iri].get("label", iri)).casefold(), iri
        return self._names[iri]

    def is_described(self, role: str) -> bool:
        """Return whether a source says what a role requires."""
        return bool(self._required(role))

    def out(self, name: Name) -> list[tuple[Name, int]]:
        """Return the hops that leave a node, as (node, length)."""
        return self._hops(name, True)

    def into(self, name: Name) -> list[tuple[Name, int]]:
        """Return the hops that reach a node, as (node, length)."""
        return self._hops(name, False)

    def _hops(self, name: Name, leaving: bool) -> list[tuple[Name, int]]:
        if (name, leaving) not in self._known:
            iri = name[1]
            found = []
            for other, units in self._tied(iri, leaving):
                if units <= self._most:
                    found.append((self.name(other), self._per_hop + units * self._per_unit))
            self._known[name, leaving] = found
        return self._known[name, leaving]

    def _tied(self, iri: str, leaving: bool) -> Iterator[tuple[str, int]]:
        """Yield the nodes one hop away, each once, with the effort of the hop in billionths."""
        if self._efforts is None or not self._is_role(iri):
            for other in {edge[2] for edge in self._ties(iri, leaving)} - {iri}:
                yield other, self._units(iri, other) if leaving else self._units(other, iri)
            return
        known = {role: units for role, units in self._efforts.of(iri, leaving).items() if self._is_role(role)}
        others = {edge[2] for edge in self._ties(iri, leaving, overlapping=False)}
        if OVERLAP in self._rank:
            others.update(known)
        for other in others - {iri}:
            yield other, known.get(other, _UNITS)

    def _ties(self, iri: str, leaving: bool, *, overlapping: bool = True) -> Iterator[tuple[str, Edge | None, str]]:
        """Yield what ties a node to those it leads to (or that lead to it): the relation, the edge, the other node."""
        for outward, edges in ((True, self._graph.out_edges), (False, self._graph.in_edges)):
            turned = "" if outward == leaving else "^"
            for edge in edges(iri, keys=True, data=True):
                relation = turned + edge[3].get("relation", "")
                if relation in self._rank and self._heard(edge):
                    yield relation, edge, edge[1] if outward else edge[0]
        if overlapping and OVERLAP in self._rank and self._is_role(iri):
            shared = ((other, item) for item in self._required(iri) for other in self._requiring(item))
            for other in {role for role, item in shared if item in self._required(role)}:
                yield OVERLAP, None, other

    def _heard(self, edge: Edge) -> bool:
        return not self._sources or edge[3].get("source") in self._sources

    def _is_role(self, iri: str) -> bool:
        return bool(self._graph.nodes[iri].get("kind") == "role")

    def _required(self, role: str) -> dict[str, int]:
        """Return what a role requires, with its weight in millionths, at least one."""
        if role not in self._weights:
            found = weights(self._graph, role, sources=self._sources)
            self._weights[role] = {item: max(1, round(weight * WEIGHT_UNITS)) for item, weight in found.items()}
            self._totals[role] = sum(self._weights[role].values())
        return self._weights[role]

    def _requiring(self, item: str) -> set[str]:
        """Return the roles of which a source says that they require a thing; it may weigh nothing there."""
        if item not in self._roles:
            self._roles[item] = {
                edge[0]
                for edge in self._graph.in_edges(item, keys=True, data=True)
                if edge[3].get("relation") == "requires" and self._heard(edge) and self._is_role(edge[0])
            }
        return self._roles[item]

    def _units(self, start: str, end: str) -> int:
        """Return the effort of a hop in billionths."""
        if not (self._is_role(start) and self._is_role(end)):
            return _UNITS
        brought, needed = self._required(start), self._required(end)
        total = self._totals[end]
        if not total:
            return _UNITS
        carried = sum(needed[item] for item in needed.keys() & brought.keys())
        return int(effort(carried, total))

    def chain(self, found: Route[Name]) -> Chain:
        """Return a path of the search as a chain, each hop with what explains it."""
        iris = [iri for _, iri in found.nodes]
        return Chain(tuple(self._hop(a, b) for a, b in pairwise(iris)))

    def _hop(self, start: str, end: str) -> Hop:
        ties = [(relation, edge) for relation, edge, other in self._ties(start, True) if other == end]
        relation = min((name for name, _ in ties), key=self._rank.__getitem__)
        edges = [edge for name, edge in ties if name == relation and edge is not None]
        shared: list[str] = []
        needed: dict[str, int] = {}
        if self._is_role(start) and self._is_role(end):
            needed = self._required(end)
            shared = sorted(needed.keys() & self._required(start).keys(), key=lambda x: (-needed[x], *self.name(x)))
        hop = Hop(
            node(self._graph, start),
            relation,
            node(self._graph, end),
            self._units(start, end) / _UNITS,
            tuple(sorted((Claim.read(self._graph, edge) for edge in edges), key=lambda claim: claim.sort_key)),
            tuple(node(self._graph, item) for item in shared),
            len(needed),
        )
        if relation != OVERLAP:
            return hop
        return Hop(hop.start, hop.relation, hop.end, hop.effort, self.carried(hop), hop.shared, hop.required)

    def carried(self, hop: Hop) -> tuple[Claim, ...]:
        """Return the claims of both roles about what is carried over."""
        shared = {n.iri for n in hop.shared}
        claims = (
            Claim.read(self._graph, edge)
            for role in (hop.start.iri, hop.end.iri)
            for edge in (self._graph.out_edges(role, keys=True, data=True) if shared else ())
            if edge[1] in shared and edge[3].get("relation") == "requires" and self._heard(edge)
        )
        return tuple(sorted(claims, key=lambda claim: claim.sort_key))

    def reason(self, start: Name, goal: Name) -> str:
        """Return why there is no path: which side is cut off."""
        over = f"over {', '.join(self._rank)}"
        if self._most < _UNITS:
            over += f" with an effort up to {self._most / _UNITS:g}"
        ahead, behind = len(reached(start, self.out)) - 1, len(reached(goal, self.into)) - 1
        labels = [self._graph.nodes[iri].get("label", iri) for _, iri in (start, goal)]
        if not ahead and not behind:
            return f"{over}, nothing leaves {labels[0]} and nothing reaches {labels[1]}."
        if not ahead:
            return f"{over}, nothing leaves {labels[0]}; {counted(behind, 'node')} would lead to {labels[1]}."
        if not behind:
            return f"{over}, nothing reaches {labels[1]}; {labels[0]} leads to {counted(ahead, 'node')}."
        return (
            f"{over}, they lie apart: {labels[0]} leads to {counted(ahead, 'node')}, "
            f"{counted(behind, 'node')} lead{'s' if behind == 1 else ''} to {labels[1]}, and none is among both."
        )
