"""What holding implies: rules over claims of the graph, each with a reason that is told.

Four rules, and no other. **certifies**: a certification shows what it certifies, at its level, unless it is a
business-level exam. **broader**: a narrower skill shows its broader one, one step, and only where our own reading says
so, since the broader concepts of a framework are often headings. **demonstrates**: a tool shows the skills it
demonstrates. **prerequisite**: what is held shows all that must be learnt before it. The last two go on from what they
show. That being able to do one thing shows another is our reading; ``as_said`` counts only what was said, and
``not_held`` takes a thing back, with all that only it shows. Nothing is written into the graph.

What is shown is held at the level of what shows it; of several the highest counts. What was said at a level is held at
that level, whatever else shows it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.careers.proofs import is_business
from kg.model.answers import Claim, Node, node
from kg.model.graphs import Attributes, Graph, local_name

__all__ = ["RULES", "Reason", "levels_of", "reasons_of", "shown_by"]

#: The rules by name, each with what it says.
RULES = {
    "certifies": "a certification shows what it certifies, at its level",
    "broader": "a narrower skill shows its broader one, where our reading says so",
    "demonstrates": "a tool shows the skills it demonstrates",
    "prerequisite": "what is held shows what must be learnt before it",
    "required": "who comes from a role holds what it requires",
}
_RELATIONS = {"demonstrates": "demonstrates", "hasPrerequisite": "prerequisite"}

Edge = tuple[str, str, str, Attributes]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something counts as held that was not said: the rule, what shows it, and the claim that the rule rests on.

    Attributes
    ----------
    first
        What was said, from which the rules led here; the same as ``by`` where one rule was enough.
    """

    rule: str
    by: Node
    claim: Claim | None
    first: Node

    def __str__(self) -> str:
        """Say it in a few words.

        Examples
        --------
        >>> excel, sheets = Node("Excel", "x:e", "tool"), Node("Spreadsheets", "x:s", "tool")
        >>> print(Reason("demonstrates", sheets, None, excel))
        shown by Spreadsheets, by Excel
        """
        if self.rule in ("certifies", "required"):
            return self.by.label
        return f"shown by {self.by.label}" + (f", by {self.first.label}" if self.first != self.by else "")


Reasons = dict[str, tuple[Reason, ...]]


def reasons_of(
    graph: Graph,
    said: Collection[Node],
    start: Mapping[str, Reason] | None = None,
    *,
    not_held: Collection[str] = (),
    as_said: bool = False,
) -> Reasons:
    """Return all that counts as held, by IRI, each with why it does: nothing where it was said itself.

    Parameters
    ----------
    graph
        The slice ``held`` of what is said and of what the role one comes from requires.
    said
        What was said to be held.
    start
        What comes with the role that somebody comes from, with the reason.
    not_held
        IRIs that are not held, whatever shows them.
    as_said
        Whether nothing is shown by a rule but what certifications certify.
    """
    found: dict[str, tuple[Reason, ...]] = {n.iri: () for n in said if n.iri not in not_held}
    brought: dict[str, list[Reason]] = {}
    for one in sorted(said):
        if one.kind == "certification" and one.iri in found:
            for item, reason in _certified(graph, one):
                brought.setdefault(item, []).append(reason)
    for item, reason in (start or {}).items():
        brought.setdefault(item, []).append(reason)
    found |= {
        item: tuple(dict.fromkeys(reasons))
        for item, reasons in sorted(brought.items())
        if item not in found and item not in not_held
    }
    if as_said:
        return found
    ahead = [*found]
    for iri in sorted(ahead):
        for edge in _edges(graph, iri):
            if edge[3].get("relation") == "broader" and edge[3].get("origin", "reading") == "reading":
                ahead += _add(graph, found, iri, edge, "broader", not_held)
    while ahead:
        further: list[str] = []
        for iri in sorted(ahead):
            for edge in _edges(graph, iri):
                if rule := _RELATIONS.get(edge[3].get("relation", "")):
                    further += _add(graph, found, iri, edge, rule, not_held)
        ahead = further
    return found


def _add(graph: Graph, found: Reasons, iri: str, edge: Edge, rule: str, not_held: Collection[str]) -> Iterator[str]:
    target = edge[1]
    if target in found or target in not_held:
        return
    by = node(graph, iri)
    before = found[iri]
    first = before[0].first if before and before[0].rule not in ("certifies", "required") else by
    found[target] = (Reason(rule, by, Claim.read(graph, edge), first),)
    yield target


def _edges(graph: Graph, iri: str) -> list[Edge]:
    if iri not in graph.nodes:
        return []
    return sorted(graph.out_edges(iri, keys=True, data=True), key=lambda edge: (str(edge[1]), str(edge[2])))


def _certified(graph: Graph, certification: Node) -> Iterator[tuple[str, Reason]]:
    if certification.iri not in graph.nodes or is_business(graph.nodes[certification.iri]):
        return
    for edge in _edges(graph, certification.iri):
        if edge[3].get("relation") == "certifies":
            yield edge[1], Reason("certifies", certification, Claim.read(graph, edge), certification)


def levels_of(graph: Graph, reasons: Reasons, said: Mapping[str, Collection[str]]) -> dict[str, frozenset[str]]:
    """Return the levels, as they are written, at which things are held, by IRI; nothing of what has none.

    What has none is held well enough. What is shown has the levels of all that shows it.
    """
    known: dict[str, set[str]] = {iri: set(said.get(iri, ("",))) for iri, why in reasons.items() if not why}
    for iri, why in reasons.items():
        for reason in why:
            if reason.rule == "certifies":
                level = local_name(str(graph.nodes[reason.by.iri].get("certificationLevel", "")))
                known.setdefault(iri, set()).add(level.removesuffix("Level").casefold())
            elif reason.rule == "required":
                known.setdefault(iri, set()).add("")
    fixed, ahead = {iri for iri, why in reasons.items() if not why}, sorted(known)
    while ahead:
        iri = ahead.pop()
        for edge in _edges(graph, iri):
            relation, target = edge[3].get("relation", ""), edge[1]
            wider = relation == "broader" and edge[3].get("origin", "reading") == "reading" and _is_base(reasons[iri])
            if target in reasons and target not in fixed and (relation in _RELATIONS or wider):
                there = known.setdefault(target, set())
                if not known[iri] <= there:
                    there |= known[iri]
                    ahead.append(target)
    return {iri: frozenset(levels) for iri, levels in known.items() if "" not in levels}


def _is_base(why: tuple[Reason, ...]) -> bool:
    return all(reason.rule in ("certifies", "required") for reason in why)


def shown_by(reasons: Reasons, items: Iterable[str]) -> dict[str, Reason]:
    """Return those of some things that a rule shows from something else, with the reason."""
    return {
        iri: reasons[iri][0]
        for iri in items
        if iri in reasons and reasons[iri] and reasons[iri][0].rule not in ("certifies", "required")
    }
