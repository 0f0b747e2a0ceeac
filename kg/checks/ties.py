"""The rules about how things hang together: rings, mappings that make two things one, names in common."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from kg.checks.check_rules import Circumstances
from kg.checks.drafts import Draft, NameOf, read
from kg.model.folding import fold
from kg.model.graphs import local_name
from kg.model.iris import curie
from kg.model.terms import DCTERMS, KG, SKOS
from kg.stores.binding import bind, load_query
from kg.stores.port import Store

__all__ = ["mapping_collapse", "rings", "shared_labels", "shared_names"]

_RINGS = (KG.hasPrerequisite, SKOS.broader, DCTERMS.isReplacedBy)
#: Kinds whose names must not be shared, since a question looks for either; each with what the two are called.
_SORTS = {"Role": "role", "Skill": "skill", "Tool": "skill", "Certification": "certification", "Provider": "provider"}


def rings(store: Store, asked: Circumstances) -> Iterator[Draft]:
    """Yield every ring of prerequisites: things of which each must be known before itself.

    References
    ----------
    R. Tarjan, Depth-First Search and Linear Graph Algorithms, SIAM Journal on Computing 1 (1972): strongly connected
    components.
    """
    ties: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for relation, subject, target in read(store, bind(load_query("check_ties"), relation=_RINGS)):
        ties[relation].append((subject, target))
    for relation in _RINGS:
        for ring in _rings(ties[relation]):
            names = " → ".join(["{}"] * (len(ring) + 1))
            message = f"{local_name(relation)} goes round in a ring: {names}."
            said = tuple(map(NameOf, (*ring, ring[0])))
            yield Draft("error", "cycle", message, said, "Drop one of its claims.", ring[0])


def _rings(edges: Sequence[tuple[str, str]]) -> Iterator[list[str]]:
    """Yield one ring of each knot of edges, sorted; what is tied to itself is a ring of one."""
    import networkx as nx

    ties: nx.DiGraph[str] = nx.DiGraph(edges)
    found = [sorted(knot) for knot in nx.strongly_connected_components(ties) if len(knot) > 1]
    for knot in sorted([*found, *([node] for node in nx.nodes_with_selfloops(ties))]):
        yield knot if len(knot) == 1 else [u for u, _ in nx.find_cycle(ties.subgraph(knot), knot[0])]


def mapping_collapse(store: Store, asked: Circumstances) -> Iterator[Draft]:
    """Yield nodes of one framework that mappings make one: each exactly the same as one other, or along a chain.

    ``skos:exactMatch`` is transitive and symmetric, so all that it ties is one thing; a framework that has two nodes in
    it says they are different.

    References
    ----------
    SKOS Reference, W3C Recommendation, 18 August 2009, section 10.3: S42 to S46.
    """
    ties: dict[str, set[str]] = defaultdict(set)
    for _, one, other in read(store, bind(load_query("check_ties"), relation=[SKOS.exactMatch])):
        ties[one].add(other)
        ties[other].add(one)
    fix = "Make all but one of the mappings a closeMatch."
    for same in _tied(ties):
        framework: dict[str, list[str]] = defaultdict(list)
        for node in same:
            framework[node.removesuffix(local_name(node))].append(node)
        for nodes in framework.values():
            if len(nodes) == 1:
                continue
            if shared := set.intersection(*(ties[node] for node in nodes)):
                message = f"{_and(nodes)} are each mapped as exactly the same as {{}} ({{}})."
                said = [*nodes, min(shared)]
            else:
                chain = _chain(ties, nodes[0], nodes[1])
                message = f"Mappings make {_and(nodes)} one: {' = '.join(['{} ({})'] * len(chain))}."
                said = [*nodes, *chain]
            yield Draft("warning", "mapping-collapse", message, _named(said), fix, nodes[0])


def _tied(ties: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """Yield the nodes that hang together, each lot sorted, by their first."""
    seen: set[str] = set()
    for start in sorted(ties):
        if start not in seen:
            lot = _reached(ties, start)
            seen |= lot.keys()
            yield sorted(lot)


def _reached(ties: Mapping[str, set[str]], start: str) -> dict[str, str]:
    """Return what is reached from a node, breadth first, each with the node before it."""
    before = {start: ""}
    ahead = deque([start])
    while ahead:
        node = ahead.popleft()
        for other in sorted(ties[node] - before.keys()):
            before[other] = node
            ahead.append(other)
    return before


def _chain(ties: Mapping[str, set[str]], one: str, other: str) -> list[str]:
    """Return a shortest chain from one node to another that hangs together with it."""
    before = _reached(ties, one)
    chain = [other]
    while chain[-1] != one:
        chain.append(before[chain[-1]])
    return chain[::-1]


def shared_labels(store: Store, asked: Circumstances) -> Iterator[Draft]:
    """Yield every preferred label that two nodes of one sort and one framework share."""
    for name, _, owners in _shared(store):
        labelled = [iri for iri, is_label in owners.items() if is_label]
        if len(labelled) > 1:
            message = f'"{{}}" is the label of {_and(labelled)}.'
            fix = "Tell them apart in their labels."
            yield Draft("warning", "shared-label", message, (name, *_named(labelled)), fix, labelled[-1])


def shared_names(store: Store, asked: Circumstances) -> Iterator[Draft]:
    """Yield every alias or exam code that is also a name of another node of the sort, in one framework.

    In a published framework that is good to know, and for who publishes it to change: a question that gives the name
    asks which is meant.
    """
    for name, framework, owners in _shared(store):
        if sum(owners.values()) < 2:
            message = f'"{{}}" is a name of {_and(owners)}.'
            severity = "info" if framework else "warning"
            yield Draft(severity, "shared-name", message, (name, *_named(owners)), "Keep it for one.", [*owners][-1])


def _and(nodes: Collection[str]) -> str:
    return " and ".join(["{} ({})"] * len(nodes))


def _named(nodes: Iterable[str]) -> tuple[str, ...]:
    return tuple(part for node in nodes for part in (NameOf(node), curie(node)))


def _shared(store: Store) -> Iterator[tuple[str, str, dict[str, bool]]]:
    """Yield every name that several nodes of one sort and one framework have: the name, the framework, who has it.

    With who has it comes whether it is the label there. Names are the same where looking one up finds the other
    (`kg.model.folding.fold`). That two frameworks have a name in common is no fault: they describe the same world.
    """
    sorts: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for node, kind, framework in read(store, load_query("check_kinds")):
        sorts[node].add((_SORTS[local_name(kind)], framework))
    owners: dict[tuple[str, str, str], dict[str, bool]] = defaultdict(dict)
    spelt: dict[tuple[str, str, str], str] = {}
    for node, how, name in read(store, load_query("check_names")):
        for sort in sorts.get(node, ()):
            key = (*sort, fold(name))
            spelt.setdefault(key, name)
            owners[key][node] = owners[key].get(node, False) or how == SKOS.prefLabel
    for key in sorted(key for key, found in owners.items() if len(found) > 1):
        yield spelt[key], key[1], owners[key]
