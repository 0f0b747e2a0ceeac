"""`path` and `paths` at a glance: a lane for each chain, with what each hop takes; as a network, all chains in one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from kg.model.answers import Node, counted, few
from kg.questions.path import Chain, Hop, Path, Paths
from kg.views.board import Block, Lane, Lanes, LaneStop
from kg.views.layout import order_layers, stack
from kg.views.scene import Heading, Mark, Scene
from kg.views.sketch import Sketch, in_words, style_of

__all__ = ["scene"]

_HOP = 250.0


def scene(answer: Path | Paths) -> Scene:
    """Return the picture of chains: a node stands as many columns from the start as in the chain that passes it last.

    Where there is no path, both ends stand apart.
    """
    sketch = Sketch(answer)
    chains = _chains(answer)
    depth: dict[str, int] = {}
    passed: dict[str, list[int]] = defaultdict(list)
    nodes = {answer.start.iri: answer.start}
    for number, chain in enumerate(chains, start=1):
        for i, n in enumerate(chain.nodes):
            nodes.setdefault(n.iri, n)
            depth[n.iri] = max(i, depth.get(n.iri, i))
            passed[n.iri].append(number)
    nodes[answer.goal.iri] = answer.goal
    last = max(depth.values(), default=2)
    depth |= {answer.start.iri: 0, answer.goal.iri: last}
    hops = {(hop.start.iri, hop.relation, hop.end.iri): hop for chain in chains for hop in chain.hops}
    layers = order_layers(
        [[iri for iri in nodes if depth[iri] == i] for i in range(last + 1)], [(a, b) for a, _, b in hops]
    )
    into: dict[str, list[Hop]] = defaultdict(list)
    for (_, _, end), hop in hops.items():
        into[end].append(hop)
    for i, layer in enumerate(layers):
        marks = [_mark(sketch, answer, nodes[iri], into[iri], passed[iri] if len(chains) > 1 else []) for iri in layer]
        sketch.marks += stack(marks, i * _HOP, 0.0).marks
        if chains and layer:
            sketch.columns.append(
                Heading("start" if i == 0 else "goal" if i == last else f"after {counted(i, 'hop')}", i * _HOP)
            )
    for (start, relation, end), hop in hops.items():
        label = f"{in_words(relation)}, effort {hop.effort:.2f}"
        arrow = relation != "overlap"
        style = "dotted" if relation == "overlap" else style_of(hop.claims)
        if relation.startswith("^"):  # drawn as it is said: from subject to object
            start, end = end, start
        sketch.line(
            start, end, relation.removeprefix("^"), hop.claims, label=label, style=style, weight=0.6, arrow=arrow
        )
    return sketch.scene(
        "paths" if isinstance(answer, Paths) else "path",
        groups=["start and goal", "on the way"],
        asks=f"How does one get from {answer.start.label} to {answer.goal.label}?",
        board=_board(chains),
        told=[title for title in (section.title for section in answer.sections()) if title],
    )


def _board(chains: Sequence[Chain]) -> list[Block]:
    """Return a lane for each chain: at each hop its relation, effort, and how much there is to learn; the total."""
    lanes = []
    for number, chain in enumerate(chains, start=1):
        stops = [LaneStop(chain.nodes[0].iri, chain.nodes[0].label)]
        stops += [LaneStop(hop.end.iri, hop.end.label, _takes(hop)) for hop in chain.hops]
        learn = sum(map(_new, chain.hops))
        total = f"effort {chain.effort:.2f} together{f', +{learn} to learn' if learn else ''}"
        lanes.append(
            Lane(f"{f'{number}. ' if len(chains) > 1 else ''}{counted(len(chain.hops), 'hop')}", tuple(stops), total)
        )
    return [Lanes(tuple(lanes))] if lanes else []


def _new(hop: Hop) -> int:
    """Return how many requirements of a role are not carried over from the role before."""
    return hop.required - len(hop.shared)


def _takes(hop: Hop) -> str:
    learn = f" · +{_new(hop)} to learn" if hop.required else ""
    return f"{in_words(hop.relation)} · effort {hop.effort:.2f}{learn}"


def _chains(answer: Path | Paths) -> tuple[Chain, ...]:
    if isinstance(answer, Paths):
        return answer.chains
    return (answer.chain,) if answer.chain else ()


def _mark(sketch: Sketch, answer: Path | Paths, n: Node, into: Sequence[Hop], chains: Sequence[int]) -> Mark:
    ends = n in (answer.start, answer.goal)
    carried = [
        (
            f"carried over from {hop.start.label}",
            f"{len(hop.shared)} of {hop.required}: {few([s.label for s in hop.shared], 8)}",
        )
        for hop in into
        if hop.required
    ]
    more = [("in chains", ", ".join(map(str, chains))), *carried]
    group = "start and goal" if ends else "on the way"
    efforts = sorted({hop.effort for hop in into})
    note = f"effort {' or '.join(f'{effort:.2f}' for effort in efforts[:2])}" if efforts else ""
    return sketch.mark(n, weight=1.0 if ends else 0.6, group=group, note=note, more=more)
