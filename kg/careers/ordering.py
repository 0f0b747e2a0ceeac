"""What must be learnt before what: the prerequisites of a role, their stages, and an order that can be followed.

What is learnt first is what most of the rest rests on and what is used most; what is essential, or needed by something
essential, comes before what is optional within a stage. Topological order by Kahn's algorithm, the smallest key first
wherever there is a choice, so that it is the same every time.

*Everyday* is what nearly everybody who programs works with, be it optional for this role: the three languages and
products that most roles require, where more than half of all do, and the language of the role. They are so for a role
that programs: it requires a language, or what its languages rest on, or something essential rests on one.

*Foundations* are the everyday things with all they need, and what something else rests on while it needs nothing first,
or rests on such alone and is a stepping stone or carries a quarter of the whole. *Specialisation* is what needs
something first and nothing else builds on. *Core* is what lies between, and what stands alone. What else is optional
stands apart, as a stage of its own, but for what a recommended exam tests. No step of a stage needs one of a later
stage.

No stepping stone is scheduled for the sake of one optional thing: that one is set aside then, and what it would need is
named. Where no source says what comes before what, as in ESCO, stages are not invented: they are groups of skills.

References
----------
A. B. Kahn, Topological Sorting of Large Networks, Communications of the ACM 5 (1962).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Any

from kg.careers.required import Required
from kg.model.answers import Node, node
from kg.model.errors import BadInput
from kg.model.graphs import Graph, local_name

__all__ = [
    "OPTIONAL_STAGE",
    "STAGES",
    "Before",
    "SetAside",
    "Way",
    "closure_of",
    "everyday_of",
    "in_order",
    "languages_of",
    "prerequisites",
    "resting_on",
    "stages",
    "way_of",
]

OPTIONAL_STAGE = "optional"
STAGES = ("foundations", "core", "specialisation", OPTIONAL_STAGE)
#: Everyday are so many tools that most roles require, where more than half of all do: of fewer than ten roles nothing
#: follows.
_EVERYDAY, _FEW_ROLES = 3, 10
#: Where fewer things than this are known to need another, no stages follow.
_HARDLY_ANY = 0.1
#: What carries so much of the whole is a foundation.
_MUCH = 0.25
#: Languages that ask for data or lay out a page are nobody's language of a role where there is another.
_ASKING = frozenset({"sql", "html-css", "bash", "powershell", "kql", "dax", "sparql", "rdf", "owl", "shacl"})

#: For each thing, what must come directly before it.
Before = Mapping[str, Collection[str]]


def prerequisites(graph: Graph, missing: Collection[str], held: Collection[str]) -> dict[str, set[str]]:
    """Return for all that is missing, and all that must be learnt before it, what must come directly before."""
    before: dict[str, set[str]] = {}
    ahead = sorted(missing)
    while ahead:
        iri = ahead.pop()
        if iri in before:
            continue
        edges = graph.out_edges(iri, keys=True, data=True)
        before[iri] = {
            first for _, first, _, data in edges if data.get("relation") == "hasPrerequisite" and first not in held
        }
        ahead += sorted(before[iri])
    return before


def stages(before: Before, required: Collection[str]) -> dict[str, str]:
    """Return the stage of everything that a role requires or that must be learnt before that; rings are core."""
    built_on = {first for firsts in before.values() for first in firsts}
    stage = {iri: "foundations" if iri in built_on else "core" for iri, firsts in before.items() if not firsts}
    ahead = True
    while ahead:
        ahead = False
        for iri in before.keys() - stage.keys() - set(required):
            if all(stage.get(first) == "foundations" for first in before[iri]):
                stage[iri] = "foundations"
                ahead = True
    base = {iri for iri, name in stage.items() if name == "foundations"}
    rests = resting_on(before, before)
    stage |= {
        iri: "foundations"
        for iri in before.keys() - stage.keys()
        if {*before[iri]} <= base and len(rests[iri]) >= _MUCH * len(before)
    }
    for iri in before.keys() - stage.keys():
        stage[iri] = "core" if iri in built_on else "specialisation"
    return stage


@dataclass(frozen=True, slots=True)
class SetAside:
    """Something optional that is no step: only for it would have to be learnt what it needs first."""

    required: Required
    needs: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """What is to be learnt, and in which order.

    Attributes
    ----------
    before
        For each thing to learn, what must be learnt directly before it.
    stage
        Of each, its stage.
    stages
        The stages there are, in order.
    set_aside
        What is optional and no step.
    resting
        Of each, how many of the other things rest on it, directly or not, what stands apart left out.
    worth
        Of each, the weight of what rests on it together with its own.
    needed
        What is essential or needed by something essential.
    everyday
        The everyday things, with all they need.
    grouped
        Whether the stages are groups of skills, since no source says what comes before what.
    """

    before: Before
    stage: Mapping[str, str]
    stages: tuple[str, ...]
    set_aside: tuple[SetAside, ...]
    resting: Mapping[str, int]
    worth: Mapping[str, float]
    needed: frozenset[str]
    everyday: frozenset[str]
    grouped: bool = False

    def key(self, iri: str, own: tuple[Any, ...], turn: int, used: int) -> tuple[Any, ...]:
        """Return where a thing stands in the order, as a tuple to compare.

        Parameters
        ----------
        own
            What decides last.
        turn
            Of the first exam that tests it: what is tested first is learnt first, but in foundations.
        used
            How many roles require it.
        """
        at = self.stages.index(self.stage[iri])
        if at == 0 and not self.grouped:
            return at, iri not in self.everyday, 0, -self.worth[iri], -used, own
        return at, iri not in self.needed, turn, -self.worth[iri], -used, own


def languages_of(graph: Graph, needs: Iterable[Required], used: Mapping[str, int]) -> tuple[str, ...]:
    """Return the languages that a role requires, the language of the role first: essential, heavy and much used."""
    found = [r for r in needs if local_name(str(graph.nodes[r.node.iri].get("category", ""))) == "Language"]
    found.sort(
        key=lambda r: (local_name(r.node.iri) in _ASKING, *r.sort_key[:2], -used.get(r.node.iri, 0), *r.sort_key[2:])
    )
    return tuple(r.node.iri for r in found)


def everyday_of(
    graph: Graph, needs: Sequence[Required], used: Mapping[str, int], roles: int, languages: Sequence[str]
) -> set[str]:
    """Return what a role requires that everybody who programs uses; nothing for a role that does not program."""
    spoken = [iri for iri in languages if local_name(iri) not in _ASKING]
    before = prerequisites(graph, [r.node.iri for r in needs if r.essential], ())
    below = {first for iri in spoken for first in prerequisites(graph, [iri], ())[iri]}
    if not (spoken and ({*spoken} & before.keys() or below & {r.node.iri for r in needs})):
        return set()
    platform = "Platform"
    tools = [
        r
        for r in needs
        if r.node.kind == "tool" and local_name(str(graph.nodes[r.node.iri].get("category", ""))) != platform
    ]
    most = [r for r in tools if used.get(r.node.iri, 0) * 2 > roles >= _FEW_ROLES]
    most.sort(key=lambda r: (-used[r.node.iri], r.sort_key))
    return {r.node.iri for r in most[:_EVERYDAY]} | {*spoken[:1]}


def resting_on(before: Before, among: Collection[str]) -> dict[str, set[str]]:
    """Return for each thing what of some others rests on it, directly or not."""
    rests: dict[str, set[str]] = defaultdict(set)
    for iri in among:
        for first in closure_of(before, [iri]) - {iri}:
            rests[first].add(iri)
    return rests


def closure_of(before: Before, some: Iterable[str]) -> set[str]:
    """Return some things and all that must be learnt before them."""
    found, ahead = set[str](), [*some]
    while ahead:
        iri = ahead.pop()
        if iri not in found:
            found.add(iri)
            ahead += before.get(iri, ())
    return found


def way_of(
    graph: Graph,
    needs: Sequence[Required],
    held: Collection[str],
    *,
    everyday: Collection[str],
    tested: Collection[str],
) -> Way:
    """Return what is to be learnt for what is missing, what of it stands apart, and the stages.

    Parameters
    ----------
    needs
        All that the role requires, held or not.
    everyday
        What is learnt with what is essential, though it is optional.
    tested
        What the chosen exams test: it is learnt before them.
    """
    missing = {r.node.iri: r for r in needs if r.node.iri not in held}
    before = prerequisites(graph, missing, held)
    in_order(before, lambda iri: (iri,), graph)  # a ring is named, not planned
    wanted = {iri for iri, r in missing.items() if r.essential or iri in everyday}
    optional = _worth_scheduling(before, missing, wanted)
    apart = [r for iri, r in missing.items() if iri not in optional and iri not in closure_of(before, wanted)]
    before = {iri: before[iri] for iri in closure_of(before, {*wanted, *optional})}
    main = closure_of(before, {*wanted, *({*tested} & before.keys())})

    everything = [r.node.iri for r in needs]
    natural = stages(prerequisites(graph, everything, ()), everything)
    usual = closure_of(before, {*everyday} & before.keys())
    stage = {iri: natural[iri] if iri in main else OPTIONAL_STAGE for iri in before}
    stage |= dict.fromkeys(usual, STAGES[0])
    rests = resting_on(before, main)
    worth: dict[str, float] = {
        iri: sum(missing[one].weight for one in (*rests[iri], iri) if one in missing) for iri in before
    }
    said = sum(bool(firsts) for firsts in before.values())
    groups = _groups(graph, missing, main) if said < _HARDLY_ANY * len(before) else {}
    if groups:
        stage |= groups
        heavy: dict[str, float] = dict.fromkeys(groups.values(), 0.0)
        for iri, name in groups.items():
            heavy[name] += worth[iri]
        order = (*sorted({*groups.values()}, key=lambda name: (name == _NO_GROUP, -heavy[name], name)), OPTIONAL_STAGE)
        for iri in reversed(in_order(before, lambda iri: (iri,), graph)):  # what comes first stands no later
            for first in before[iri]:
                stage[first] = min(stage[first], stage[iri], key=order.index)
    else:
        order = STAGES
    there = {*stage.values()}
    return Way(
        before,
        stage,
        tuple(name for name in order if name in there or not groups),
        tuple(SetAside(r, _only_for(graph, r.node.iri, missing, held, before)) for r in apart),
        {iri: len(rests[iri]) for iri in before},
        worth,
        frozenset(closure_of(before, (iri for iri in before if iri in missing and missing[iri].essential))),
        frozenset(usual),
        bool(groups),
    )


def _worth_scheduling(before: Before, missing: Mapping[str, Required], wanted: Collection[str]) -> set[str]:
    """Return what is optional and needs no stepping stone that nothing else needs."""
    needed = closure_of(before, wanted)
    left = missing.keys() - wanted
    while True:
        uses = Counter(stone for iri in left for stone in closure_of(before, [iri]) - missing.keys() - needed)
        kept = {iri for iri in left if all(uses[s] > 1 for s in closure_of(before, [iri]) - missing.keys() - needed)}
        if kept == left:
            return kept
        left = kept


def _only_for(
    graph: Graph, iri: str, missing: Mapping[str, Required], held: Collection[str], scheduled: Collection[str]
) -> tuple[Node, ...]:
    whole = closure_of(prerequisites(graph, [iri], held), [iri]) - {iri} - {*scheduled} - missing.keys()
    return tuple(sorted((node(graph, one) for one in whole), key=lambda n: (n.label.casefold(), n.iri)))


_NO_GROUP = "in other groups"


def _groups(graph: Graph, missing: Mapping[str, Required], main: Collection[str]) -> dict[str, str]:
    """Return the group of each thing, by what is broader than it; nothing where most have none."""
    found = {}
    for iri in sorted(main):
        broader = sorted(
            (one.kind != "group", one.label.casefold(), one.label)
            for _, v, _, data in graph.out_edges(iri, keys=True, data=True)
            if data.get("relation") == "broader"
            for one in [node(graph, v)]
        )
        found[iri] = broader[0][2] if broader else _NO_GROUP
    if sum(name != _NO_GROUP for name in found.values()) * 2 <= len(found) or len(missing) < 2:
        return {}
    size = Counter(found.values())
    return {iri: name if size[name] > 1 else _NO_GROUP for iri, name in found.items()}


def in_order(before: Before, key: Callable[[str], tuple[Any, ...]], graph: Graph) -> list[str]:
    """Return the keys so that each follows what is before it, the smallest key first wherever there is a choice (Kahn).

    Raises
    ------
    BadInput
        They run in a ring.
    """
    waiting = {iri: sum(first in before for first in firsts) for iri, firsts in before.items()}
    follow: dict[str, list[str]] = defaultdict(list)
    for iri, firsts in before.items():
        for first in firsts:
            follow[first].append(iri)
    free = [(key(iri), iri) for iri, count in waiting.items() if not count]
    heapify(free)
    order = []
    while free:
        _, iri = heappop(free)
        order.append(iri)
        for after in follow[iri]:
            waiting[after] -= 1
            if not waiting[after]:
                heappush(free, (key(after), after))
    if len(order) < len(before):
        ring = _ring({iri: before[iri] for iri in before if iri not in set(order)})
        named = " needs ".join(f'"{node(graph, iri).label}"' for iri in ring)
        raise BadInput(
            f"These cannot be put in order, since each needs the next first: {named}. Take one of these "
            "prerequisites out of the data, or name one of them as --held."
        )
    return order


def _ring(before: Before) -> list[str]:
    """Return a ring among nodes that all have one of each other before them, its first node again at its end."""
    path = [min(before)]
    while True:
        # Every node left waits for another that is left, so the walk never ends but in a ring.
        first = min(iri for iri in before[path[-1]] if iri in before)
        if first in path:
            return [*path[path.index(first) :], first]
        path.append(first)
