"""`path` and `paths`: how does one get from one node to another?

A chain is a simple path over the relations chosen: it visits no node twice. Chains are ranked by hops and then by
effort, or by effort and then by hops. `kg.careers.hops` says what a hop is and what effort it takes,
`kg.algorithms.shortest` finds the chains. Where no source states how one gets from a role to another, roles that
require something in common are bridges between them; the answer says so, and what each hop carries over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, get_args

from kg.algorithms.shortest import Route, shortest_path, shortest_paths
from kg.careers.hops import OVERLAP, VIA, Chain, Hop, Name, Network, Prefer, read_relations, relation_iris
from kg.handles.asking import ask, check_choice, question
from kg.handles.handle import Handle
from kg.model.answers import Answer, Claim, Context, Node, Section, node
from kg.model.columns import FLAG, IRI, NUMBER, PLACE, RELATION, SHARE, TEXT, WHOLE, Column, many, maybe
from kg.model.errors import BadInput
from kg.model.graphs import Graph, local_name
from kg.model.terms import KG
from kg.names.lookup import ASKABLE

__all__ = ["Chain", "Hop", "Path", "Paths", "path", "paths"]


#: What is said before a way that nobody states.
_UNSTATED = "No source states this transition; what the roles require in common is the way (our reading)."
_HOP: tuple[Column, ...] = (
    Column("hop", PLACE, "its number in the chain", lambda e: e[1]),
    Column("from", TEXT, "where it begins", lambda e: e[2].start.label),
    Column("from_iri", IRI, "the same", lambda e: e[2].start.iri),
    Column("relation", RELATION, "with ^ where it is followed backwards; or `overlap`", lambda e: e[2].relation),
    Column("to", TEXT, "where it ends", lambda e: e[2].end.label),
    Column("to_iri", IRI, "the same", lambda e: e[2].end.iri),
    Column("effort", SHARE, "from role to role: the share, by weight, not carried over; else 1", lambda e: e[2].effort),
    Column("sources", many(TEXT), "who says so", lambda e: sorted({c.source_label for c in e[2].claims})),
)
_BRIDGED = Column("bridged", FLAG, "whether no source states a way, and shared requirements make one")


@dataclass(frozen=True)
class Path(Answer):
    """The shortest chain from one node to another.

    Attributes
    ----------
    chain
        None where there is no path.
    reason
        Why there is none: which side is cut off, or which role is not described.
    bridged
        Whether no source states a way, and the chain leads over roles that require something in common.
    """

    start: Node
    goal: Node
    chain: Chain | None
    reason: str
    bridged: bool = False

    columns: ClassVar = _HOP
    numbers: ClassVar = (
        Column("hops", maybe(PLACE), "how many; null where there is no path"),
        Column("effort", maybe(NUMBER), "the sum over the hops"),
        _BRIDGED,
    )

    def __str__(self) -> str:
        if self.chain is None:
            return _none(self.start, self.goal, self.reason)
        said = f"From {self.start.label} to {self.goal.label} in {self.chain.size}: {self.chain}."
        return f"{_UNSTATED} {said}" if self.bridged else said

    def entries(self) -> Iterable[tuple[int, int, Hop]]:
        """Return the hops with their numbers."""
        return ((1, i, hop) for i, hop in enumerate(self.hops, start=1))

    @property
    def yes(self) -> bool:
        """Whether there is a path."""
        return self.chain is not None

    @property
    def hops(self) -> tuple[Hop, ...]:
        """The hops from start to goal; none where there is no path."""
        return self.chain.hops if self.chain else ()

    @property
    def measures(self) -> dict[str, Any]:
        """Return the number of hops and their effort; None where there is no path."""
        return {
            "hops": len(self.chain.hops) if self.chain else None,
            "effort": self.chain.effort if self.chain else None,
            "bridged": self.bridged,
        }

    def sections(self) -> tuple[Section, ...]:
        """Return the chain hop by hop, with who says so."""
        return (_section("Hop by hop", self.chain),) if self.chain else ()


@dataclass(frozen=True)
class Paths(Answer):
    """The shortest chains from one node to another, the shortest first.

    Attributes
    ----------
    chains
        None of them where there is no path.
    reason
        Why there is none: which side is cut off, or which role is not described.
    bridged
        Whether no source states a way, and the chains lead over roles that require something in common.
    """

    start: Node
    goal: Node
    chains: tuple[Chain, ...]
    reason: str
    bridged: bool = False

    columns: ClassVar = (Column("path", PLACE, "which chain: the shortest is 1", lambda e: e[0]), *_HOP)
    numbers: ClassVar = (
        Column("paths", WHOLE, "how many"),
        Column("hops", maybe(PLACE), "of the first; null where there is none"),
        Column("effort", maybe(NUMBER), "of the first"),
        _BRIDGED,
    )

    def __str__(self) -> str:
        if not self.chains:
            return _none(self.start, self.goal, self.reason)
        first = self.chains[0]
        unstated = f"{_UNSTATED} " if self.bridged else ""
        if len(self.chains) == 1:
            return f"{unstated}One chain leads from {self.start.label} to {self.goal.label}, in {first.size}: {first}."
        return (
            f"{unstated}{len(self.chains)} chains lead from {self.start.label} to {self.goal.label}; the first, "
            f"in {first.size}: {first}."
        )

    def entries(self) -> Iterable[tuple[int, int, Hop]]:
        """Return the hops of each chain, with the number of the chain and their own."""
        return (
            (n, i, hop) for n, chain in enumerate(self.chains, start=1) for i, hop in enumerate(chain.hops, start=1)
        )

    @property
    def yes(self) -> bool:
        """Whether there is a path."""
        return bool(self.chains)

    @property
    def measures(self) -> dict[str, Any]:
        """Return the number of chains, and the hops and the effort of the first; None where there is no path."""
        first = self.chains[0] if self.chains else None
        return {
            "paths": len(self.chains),
            "hops": len(first.hops) if first else None,
            "effort": first.effort if first else None,
            "bridged": self.bridged,
        }

    def sections(self) -> tuple[Section, ...]:
        """Return each chain hop by hop, with who says so."""
        return tuple(_section(f"{i}. {chain.size}", chain) for i, chain in enumerate(self.chains, start=1))


def _none(start: Node, goal: Node, reason: str) -> str:
    return f"No path from {start.label} to {goal.label}: {reason}"


def _section(title: str, chain: Chain) -> Section:
    rows = tuple(
        (hop.start.label, hop.relation, hop.end.label, f"{hop.effort:.2f}", _because(hop)) for hop in chain.hops
    )
    return Section(title, ("from", "relation", "to", "effort", "who says so"), rows)


def _because(hop: Hop) -> str:
    """Return who says that a hop is there, and from role to role what is carried over."""
    parts = []
    if hop.relation != OVERLAP:
        said = sorted({(c.origin, c.source_label, c.basis or c.locator) for c in hop.claims})
        parts = [f"{source}{f' ({place})' if place else ''}" for _, source, place in said]
    if hop.required:
        named = ", ".join(n.label for n in hop.shared[:3])
        more = f" and {len(hop.shared) - 3} more" if len(hop.shared) > 3 else ""
        carried = f"carries over {len(hop.shared)} of {hop.required} requirements"
        parts.append(f"{carried}: {named}{more}" if named else carried)
    return "; ".join(parts)


@question
def path(
    g: Handle | Graph,
    start: str,
    goal: str,
    *,
    via: Sequence[str] = VIA,
    prefer: Prefer = "hops",
    max_effort: float | None = None,
    source: Sequence[str] = (),
) -> Path:
    """What is the shortest way from one node to another?

    Relations are followed as they are said, from subject to object: a role requires a skill, a certification certifies
    it. Write ^ before a relation to follow it the other way: ^certifies leads from a skill to its certifications. Where
    no relation is chosen and no source states how one gets from one role to another, overlap is followed too, and the
    answer says so.

    The effort of a hop from role A to role B is the share of what B requires, by weight, that A does not require
    too: 1 − Σ w_B(x) over what both require / Σ w_B(x) over all that B requires. It lies between 0 (nothing new) and
    1 (all new), and differs from B to A. It is 1 where B is not described, and for every hop that is not from role to
    role. The weight of a requirement is 1, or 0.5 where it is optional, or its rating where a role is rated
    throughout.

    Parameters
    ----------
    start, goal
        Two names of any kind.
    via
        The relations to follow, separated by commas, such as leads_to or ^certifies; overlap leads from role to role
        where both require something in common.
    prefer
        hops: fewest hops, of these the least effort; effort: least effort, of these the fewest hops.
    max_effort
        Leave out hops of more effort than this, 0…1; below 1 only hops from role to role remain.

    Returns
    -------
    Path
        The chain, hop by hop; where there is none, which side is cut off, or which role is not described.

    Raises
    ------
    UnknownName, AmbiguousName
        A name means no node, or several.
    BadInput
        There is no such relation, both names mean one node, or the effort is no share.

    References
    ----------
    I. Pohl, Bi-directional Search, Machine Intelligence 6 (1971).

    Examples
    --------
    >>> import kg
    >>> g = kg.open(as_of="2026-11-22")
    >>> print(kg.path(g, "Data Analyst", "MLOps Engineer", via=["leads_to"]).chain)
    Data Analyst → Data Scientist → Machine Learning Engineer → MLOps Engineer
    """
    asked = _ask(g, start, goal, 1, via, prefer, max_effort, source, single=True)
    return Path(asked.start, asked.goal, next(iter(asked.chains), None), asked.reason, asked.bridged, **asked.rest)


@question
def paths(
    g: Handle | Graph,
    start: str,
    goal: str,
    *,
    limit: int = 3,
    via: Sequence[str] = VIA,
    prefer: Prefer = "hops",
    max_effort: float | None = None,
    source: Sequence[str] = (),
) -> Paths:
    """Which chains lead from one node to another?

    The shortest simple paths: none visits a node twice. Relations, their direction and the effort of a hop (0…1, the
    share of the target's requirements, by weight, that is not carried over) are as for path, and so is what happens
    where no source states a transition between two roles.

    Parameters
    ----------
    start, goal
        Two names of any kind.
    limit
        At most so many chains.
    via
        The relations to follow, separated by commas, such as leads_to or ^certifies; overlap leads from role to role
        where both require something in common.
    prefer
        hops: fewest hops, of these the least effort; effort: least effort, of these the fewest hops.
    max_effort
        Leave out hops of more effort than this, 0…1; below 1 only hops from role to role remain.

    Returns
    -------
    Paths
        The chains, the shortest first, ties by label; where there is none, which side is cut off.

    Raises
    ------
    UnknownName, AmbiguousName
        A name means no node, or several.
    BadInput
        There is no such relation, both names mean one node, the effort is no share, or the limit is below 1.

    References
    ----------
    J. Y. Yen, Finding the K Shortest Loopless Paths in a Network, Management Science 17 (1971).

    Examples
    --------
    >>> import kg
    >>> g = kg.open(as_of="2026-11-22")
    >>> for chain in kg.paths(g, "Data Analyst", "AI Engineer", via=["leads_to"], limit=2).chains:
    ...     print(chain)
    Data Analyst → AI Engineer
    Data Analyst → Data Scientist → Machine Learning Engineer → AI Engineer
    """
    if limit < 1:
        raise BadInput(f"-n {limit} asks for no path. Give 1 or more.")
    asked = _ask(g, start, goal, limit, via, prefer, max_effort, source)
    return Paths(asked.start, asked.goal, asked.chains, asked.reason, asked.bridged, **asked.rest)


@dataclass(frozen=True, slots=True)
class _Found:
    """What both questions find out."""

    start: Node
    goal: Node
    chains: tuple[Chain, ...]
    reason: str
    bridged: bool
    evidence: tuple[Claim, ...]
    context: Context

    @property
    def rest(self) -> dict[str, Any]:
        """The fields of every answer."""
        return {"evidence": self.evidence, "context": self.context}


def _ask(
    g: Handle | Graph,
    start: str,
    goal: str,
    limit: int,
    via: Sequence[str],
    prefer: Prefer,
    max_effort: float | None,
    source: Sequence[str],
    *,
    single: bool = False,
) -> _Found:
    relations = read_relations(via)
    if max_effort is not None and not 0 <= max_effort <= 1:
        raise BadInput(f"An effort of {max_effort:g} is no share. Give a number from 0 to 1.")
    check_choice([prefer], get_args(Prefer), '"{value}" cannot be preferred. Choose from {among}.')
    asked = ask(
        g,
        start=start,
        goal=goal,
        limit=None if single else limit,
        via=relations,
        prefer=prefer,
        max_effort=max_effort,
        source=source,
    )
    handle = asked.handle
    ends = asked.nodes([start, goal], *ASKABLE)
    if ends[0].iri == ends[1].iri:
        raise BadInput(f"{ends[0].label} is named twice. Name two different nodes.")
    sources = asked.sources
    followed, efforts = relation_iris(relations), None
    if handle.is_large:  # search the arrays, and fetch what explains the chains found
        from kg.careers.role_network import RoleEfforts, TableGraph

        searched: Graph = TableGraph(
            handle.whole, [local_name(iri) for iri in followed], sources, [n.iri for n in ends]
        )
        if KG.requires in followed:
            efforts = RoleEfforts(handle.whole.matrix(frozenset(sources)))
    else:
        searched = handle.slice("path", node=[n.iri for n in ends], relation=followed, source=sources)
    heard = frozenset(sources)

    def search(over: Sequence[str]) -> tuple[Network, list[Route[Name]]]:
        network = Network(searched, over, prefer, max_effort, heard, efforts)
        names = network.name(ends[0].iri), network.name(ends[1].iri)
        if not single:
            return network, shortest_paths(*names, limit, network.out, network.into)
        one = shortest_path(*names, network.out, network.into)
        return network, [one] if one else []

    network, found = search(relations)
    bridged = not found and relations == read_relations(VIA) and {n.kind for n in ends} == {"role"}
    if bridged:  # no source states a transition
        relations = (*relations, OVERLAP)
        network, found = search(relations)
    reason = "" if found else _why_none(network, ends, bridged)
    graph = searched
    if handle.is_large:
        wanted = {iri for one in found for _, iri in one.nodes} or {n.iri for n in ends}
        graph = handle.slice("chain", node=sorted(wanted), source=sources)
        network = Network(graph, relations, prefer, max_effort, heard)
    chains = tuple(network.chain(one) for one in found)
    return _Found(
        node(graph, ends[0].iri),
        node(graph, ends[1].iri),
        chains,
        reason,
        bridged and bool(found),
        tuple(
            sorted(
                {claim for chain in chains for hop in chain.hops for claim in (*hop.claims, *network.carried(hop))},
                key=lambda claim: claim.sort_key,
            )
        ),
        asked.context(graph),
    )


def _why_none(network: Network, ends: Sequence[Node], bridged: bool) -> str:
    """Return why there is no path: which role is not described, or which side is cut off."""
    bare = [n.label for n in ends if bridged and not network.is_described(n.iri)]
    if bare:
        return (
            f"{' and '.join(bare)} {'is' if len(bare) == 1 else 'are'} not described; no source says what is required."
        )
    return network.reason(network.name(ends[0].iri), network.name(ends[1].iri))
