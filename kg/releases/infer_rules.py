"""The rules: each a named way to conclude claims from claims.

A rule is defined by its query in `kg/queries/`, a SPARQL CONSTRUCT over what is asserted: that is what it concludes, no
more and no less. `kg.releases.concluding` concludes the same faster, and names the premises; tests hold that the two
agree, with each other, with plain search on networkx, and with an OWL 2 RL reasoner where OWL 2 RL can say the rule.

What all rules have in common: a claim that ties a node to itself says nothing and is never concluded, whatever a cycle
or a symmetric relation would give; and what a source asserts is not concluded again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from kg.model.errors import BadInput
from kg.model.iris import mint
from kg.model.terms import KG, SKOS
from kg.stores.binding import load_query

__all__ = ["INVERSES", "RULES", "Rule", "rules_named"]

#: The inverse relations that serve a question, each with what is asserted; `ontology/kg.ttl` declares them.
INVERSES: Final[Mapping[str, str]] = {
    KG.requires: KG.requiredBy,
    KG.certifies: KG.certifiedBy,
    KG.hasPrerequisite: KG.prerequisiteOf,
    SKOS.broader: SKOS.narrower,
}


@dataclass(frozen=True)
class Rule:
    """A way to conclude claims from claims.

    Attributes
    ----------
    says
        What it concludes from what, in words.
    reads, concludes
        The relations of its premises and of its conclusions.
    after
        Where it comes from: the clause of a standard, or this project.
    """

    name: str
    label: str
    says: str
    reads: tuple[str, ...] = field(repr=False)
    concludes: tuple[str, ...] = field(repr=False)
    after: str = field(repr=False)

    @property
    def iri(self) -> str:
        """The IRI under which the derived graph describes it."""
        return mint("rule", self.name)

    @property
    def formal(self) -> str:
        """What it concludes, as SPARQL CONSTRUCT."""
        return load_query(f"infer_{self.name.replace('-', '_')}")


_SYMMETRIC = (SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch)
_OPPOSITE = (SKOS.broadMatch, SKOS.narrowMatch)

RULES: Final = (
    Rule(
        "broader-closure",
        "broader, step by step",
        "What is broader than something broader is broader too: skos:broaderTransitive, at any number of steps. Its "
        "premises are the steps of one shortest chain. skos:broader itself is not concluded.",
        (SKOS.broader,),
        (SKOS.broaderTransitive,),
        "SKOS Reference, S22 and S24",
    ),
    Rule(
        "inverse",
        "the other way round",
        "What a role requires is required by the role; so with certifies and certified by, has prerequisite and "
        "prerequisite of, broader and narrower.",
        tuple(INVERSES),
        tuple(INVERSES.values()),
        "owl:inverseOf in ontology/kg.ttl; SKOS Reference, S25",
    ),
    Rule(
        "match-symmetry",
        "a match holds both ways",
        "Exact, close and related matches hold in both directions.",
        _SYMMETRIC,
        _SYMMETRIC,
        "SKOS Reference, S44",
    ),
    Rule(
        "match-transitivity",
        "exact matches of exact matches",
        "What exactly matches the same thing matches exactly. Its premises are the steps of one shortest chain, each "
        "in the direction its source states. Close matches are never chained.",
        (SKOS.exactMatch,),
        (SKOS.exactMatch,),
        "SKOS Reference, S44 and S45",
    ),
    Rule(
        "match-inverse",
        "a broader match is a narrower one from the other side",
        "Where one thing has another as a broader match, the other has the one as a narrower match.",
        _OPPOSITE,
        _OPPOSITE,
        "SKOS Reference, S43",
    ),
    Rule(
        "relevant-certification",
        "certifies what the role requires",
        "A certification is relevant to a role when it certifies a skill or tool that the role requires, essential or "
        "optional. Its premises are all such pairs of a requirement and an assessment; each pair alone is enough. A "
        "business-level exam covers no engineering skill, so it is relevant to none. The status is not looked at: a "
        "retired certification stays relevant, and is no next step.",
        (KG.requires, KG.certifies),
        (KG.relevantTo,),
        "this project; the property chain kg:certifies, kg:requiredBy",
    ),
)


def rules_named(names: Collection[str] = ()) -> tuple[Rule, ...]:
    """Return the rules of these names, in the order of `RULES`; all where none is named.

    Raises
    ------
    BadInput
        There is no rule of that name.

    Examples
    --------
    >>> [rule.name for rule in rules_named(["match-inverse", "inverse"])]
    ['inverse', 'match-inverse']
    """
    known = {rule.name for rule in RULES}
    for name in names:
        if name not in known:
            raise BadInput(f'No rule "{name}". There are: {", ".join(r.name for r in RULES)}. See kg infer --list.')
    return tuple(rule for rule in RULES if not names or rule.name in names)
