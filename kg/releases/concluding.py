"""What rules conclude, and from what.

Each rule concludes what its query says (`kg.releases.infer_rules`), here by looking pairs up and by breadth-first
search, which finds the premises on the way: a query that follows a chain of any length cannot name its links. One
claim is made for each conclusion. Where several derivations lead to it, the claim names one: the shortest, and of
these the one whose nodes come first by IRI. Naming all was rejected: a pair in a hierarchy of n levels may have
exponentially many.
`relevant-certification` names all its pairs, since each is a reason of its own, and together they say how much a
certification has to do with a role.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from kg.model.errors import BadInput
from kg.model.terms import KG, SKOS
from kg.releases.infer_rules import INVERSES, Rule
from kg.releases.premises import Facts

__all__ = ["MOST", "Conclusion", "conclude"]

#: More claims than this are not derived: a mapping that puts thousands on one thing has the square of that in matches.
MOST = 20_000_000


class Conclusion(NamedTuple):
    """What follows, and the claims it follows from."""

    subject: str
    relation: str
    object: str
    premises: tuple[str, ...]


def conclude(rule: Rule, facts: Facts, *, most: int = MOST) -> Iterator[Conclusion]:
    """Yield what a rule concludes from the facts, each once, in the order of relation, subject and object.

    Raises
    ------
    BadInput
        That would be more than so many.
    """
    for number, conclusion in enumerate(_RULES[rule.name](facts)):
        if number == most:
            raise BadInput(
                f"The rule {rule.name} concludes more than {most:,} claims from this graph. Choose others with --rule, "
                "or look at the mappings that put many things on one."
            )
        yield conclusion


def _turned(facts: Facts, inverses: Mapping[str, str]) -> Iterator[Conclusion]:
    """Yield each pair read the other way."""
    for relation, inverse in sorted(inverses.items(), key=lambda item: item[1]):
        there = facts.pairs(inverse)
        pairs = facts.pairs(relation)
        for target, subject in sorted((o, s) for s, o in pairs):
            if (target, subject) not in there:
                yield Conclusion(target, inverse, subject, pairs[subject, target][:1])


def _inverse(facts: Facts) -> Iterator[Conclusion]:
    return _turned(facts, INVERSES)


def _match_symmetry(facts: Facts) -> Iterator[Conclusion]:
    return _turned(facts, {match: match for match in (SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch)})


def _match_inverse(facts: Facts) -> Iterator[Conclusion]:
    return _turned(facts, {SKOS.broadMatch: SKOS.narrowMatch, SKOS.narrowMatch: SKOS.broadMatch})


def _broader_closure(facts: Facts) -> Iterator[Conclusion]:
    after: dict[str, list[str]] = defaultdict(list)
    for narrow, wide in sorted(facts.pairs(SKOS.broader)):
        after[narrow].append(wide)
    there = facts.pairs(SKOS.broaderTransitive)
    for narrow in after:  # sorted, since the pairs are
        for wide, premises in _chains(narrow, after, facts, SKOS.broader):
            if (narrow, wide) not in there:
                yield Conclusion(narrow, SKOS.broaderTransitive, wide, premises)


def _match_transitivity(facts: Facts) -> Iterator[Conclusion]:
    beside: dict[str, set[str]] = defaultdict(set)
    for one, other in facts.pairs(SKOS.exactMatch):
        beside[one].add(other)
        beside[other].add(one)
    ordered = {node: sorted(beside[node]) for node in sorted(beside)}
    for one, near in ordered.items():
        direct = set(near)
        for other, premises in _chains(one, ordered, facts, SKOS.exactMatch):
            if other not in direct:
                yield Conclusion(one, SKOS.exactMatch, other, premises)


def _chains(
    start: str, after: Mapping[str, list[str]], facts: Facts, relation: str
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what is reached from a node, by IRI, each with the claims of a shortest chain to it."""
    before: dict[str, str] = {start: ""}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for there in after.get(here, ()):
            if there not in before:
                before[there] = here
                waiting.append(there)
    chains: dict[str, tuple[str, ...]] = {start: ()}
    for node, parent in before.items():  # in the order they were reached, a parent before its children
        if parent:
            chains[node] = (*chains[parent], facts.between(relation, parent, node))
    del chains[start]
    for node in sorted(chains):
        yield node, chains[node]


def _relevant_certification(facts: Facts) -> Iterator[Conclusion]:
    needed: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for (role, item), claims in facts.pairs(KG.requires).items():
        needed[item].append((role, claims))
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (certification, item), claims in facts.pairs(KG.certifies).items():
        if certification in facts.business:
            continue
        for role, requirements in needed.get(item, ()):
            if role != certification:
                found[certification, role].update(claims, requirements)
    there = facts.pairs(KG.relevantTo)
    for certification, role in sorted(found):
        if (certification, role) not in there:
            yield Conclusion(certification, KG.relevantTo, role, tuple(sorted(found[certification, role])))


_RULES: Mapping[str, Callable[[Facts], Iterator[Conclusion]]] = {
    "broader-closure": _broader_closure,
    "inverse": _inverse,
    "match-symmetry": _match_symmetry,
    "match-transitivity": _match_transitivity,
    "match-inverse": _match_inverse,
    "relevant-certification": _relevant_certification,
}
