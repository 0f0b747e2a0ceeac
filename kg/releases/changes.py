"""What changed from one side to the other: a pure comparison of two `Said`.

Identity is the IRI. A node that has only one IRI less and another more was not renamed, as far as the data can tell:
it is one removed and one added. What hangs on a node that is new or gone comes and goes with it; such relations are
counted, and only those between what stands on both sides, or at what stays, are changes of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.model.answers import Node
from kg.model.graphs import local_name
from kg.model.iris import curie
from kg.model.terms import KG, SCHEMA, SKOS
from kg.releases.sides import MappingLink, Said

__all__ = ["CERTIFICATION_TERMS", "Change", "changes", "following"]

#: What is said of a node, with the name of the change of it, in the order to read them.
_TERMS = {
    SKOS.prefLabel: "label",
    SKOS.definition: "definition",
    SKOS.altLabel: "aliases",
    KG.category: "category",
    KG.status: "status",
    KG.priceUSD: "price",
    SCHEMA.validFrom: "valid from",
    SCHEMA.validThrough: "valid through",
    KG.validityMonths: "months valid",
    KG.examCode: "exam code",
    KG.examMinutes: "exam minutes",
    KG.certificationLevel: "certification level",
    KG.audience: "audience",
}
#: The terms under which a certification is offered.
CERTIFICATION_TERMS = tuple(_TERMS.values())[4:]
_WORDS = {True: "essential", False: "optional", None: "not said"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was.

    Attributes
    ----------
    what
        ``added`` or ``removed`` (a node, or with a relation a claim); ``kind``; ``label``, ``definition``,
        ``aliases``, ``status``, ``price`` … (what is said of a node); ``essential``, ``importance``, ``level`` (what is
        said of a relation).
    node
        What it is about, by the label it has afterwards, or had.
    relation, object
        For a relation: its local name, and its other end.
    before, after
        The values, in words, where there are any.
    """

    what: str
    node: Node
    relation: str = ""
    object: Node | None = None
    before: str = ""
    after: str = ""

    @property
    def sort_key(self) -> tuple[str, ...]:
        """Order by kind, then label, then IRI; then by relation and its other end."""
        other = (self.object.label.casefold(), self.object.iri) if self.object else ("", "")
        return (self.node.kind, self.node.label.casefold(), self.node.iri, self.relation, *other, self.what)


def changes(before: Said, after: Said) -> tuple[Change, ...]:
    """Return what changed, sorted.

    The other way round the same has changed: added is removed, and before is after.

    Examples
    --------
    >>> said = Said({"x": "skill"}, {"x": {SKOS.prefLabel: ("Machine learning",)}}, {})
    >>> later = Said({"x": "skill"}, {"x": {SKOS.prefLabel: ("Machine Learning",)}}, {})
    >>> [(found.what, found.before, found.after) for found in changes(said, later)]
    [('label', 'Machine learning', 'Machine Learning')]
    """
    found = [*_nodes(before, after), *_terms(before, after), *_claims(before, after)]
    return tuple(sorted(found, key=lambda change: change.sort_key))


def following(before: Said, after: Said) -> int:
    """Return how many relations came or went with the node they start from, and are no changes of their own."""
    one_sided = before.links.keys() ^ after.links.keys()
    return sum(_goes_with_subject(subject, before, after) for subject, _, _ in one_sided)


def _goes_with_subject(subject: str, before: Said, after: Said) -> bool:
    return (subject in before.kinds) != (subject in after.kinds)


def _node(iri: str, before: Said, after: Said) -> Node:
    here = after if iri in after.kinds or (iri not in before.kinds and iri in after.values) else before
    return Node(here.label(iri), iri, here.kinds.get(iri, ""))


def _nodes(before: Said, after: Said) -> Iterator[Change]:
    for iri in after.kinds.keys() - before.kinds.keys():
        yield Change("added", _node(iri, before, after))
    for iri in before.kinds.keys() - after.kinds.keys():
        yield Change("removed", _node(iri, before, after))
    for iri in before.kinds.keys() & after.kinds.keys():
        if before.kinds[iri] != after.kinds[iri]:
            yield Change("kind", _node(iri, before, after), before=before.kinds[iri], after=after.kinds[iri])


def _terms(before: Said, after: Said) -> Iterator[Change]:
    for iri in before.kinds.keys() & after.kinds.keys():
        old, new = before.values.get(iri, {}), after.values.get(iri, {})
        if old == new:
            continue
        for relation, word in _TERMS.items():
            had, has = old.get(relation, ()), new.get(relation, ())
            if had == has:
                continue
            if word == "aliases":  # the others stay, and would hide what came and went
                had, has = tuple(v for v in had if v not in has), tuple(v for v in has if v not in had)
            node = _node(iri, before, after)
            yield Change(word, node, before="; ".join(had), after="; ".join(has))


def _claims(before: Said, after: Said) -> Iterator[Change]:
    for what, links in (
        ("added", after.links.keys() - before.links.keys()),
        ("removed", before.links.keys() - after.links.keys()),
    ):
        here = after if what == "added" else before
        for triple in links:
            subject, relation, target = triple
            if not _goes_with_subject(subject, before, after):
                said = _in_words(here.links[triple])
                ends = _node(subject, before, after), _node(target, before, after)
                old, new = ("", said) if what == "added" else (said, "")
                yield Change(what, ends[0], local_name(relation), ends[1], old, new)
    for triple in before.links.keys() & after.links.keys():
        old_link, new_link = before.links[triple], after.links[triple]
        if old_link == new_link:
            continue
        subject, relation, target = triple
        ends = _node(subject, before, after), _node(target, before, after)
        name = local_name(relation)
        if old_link.essential != new_link.essential:
            words = _WORDS[old_link.essential], _WORDS[new_link.essential]
            yield Change("essential", ends[0], name, ends[1], *words)
        for what, had, has in (
            ("importance", old_link.importance, new_link.importance),
            ("level", old_link.level, new_link.level),
        ):
            if had != has:
                yield Change(what, ends[0], name, ends[1], _rated(had), _rated(has))


def _in_words(link: MappingLink) -> str:
    return "" if link.essential is None else _WORDS[link.essential]


def _rated(ratings: tuple[tuple[str, float], ...]) -> str:
    """Return ratings in words, each with the scale it is on: ratings on two scales are no change of a number."""
    return "; ".join(f"{value:g} on {curie(scale)}" if scale else f"{value:g}" for scale, value in ratings)
