"""The relations of a node as a reader sees them: how each reads, whether it is needed, who says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.model.answers import ORIGIN_WORDS, Claim, Node, Section
from kg.model.signs import NEED

__all__ = ["Relation", "relation_section", "who_says"]

#: So many of each relation are shown to readers; the rows have them all.
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation of the node shown: how it reads, the node at the other end, the claims behind it.

    Attributes
    ----------
    rated
        How far its importance lies along its scale, 0…1; None where no source rates it.
    """

    phrase: str
    relation: str
    other: Node
    essential: bool | None
    claims: tuple[Claim, ...]
    standing: str
    rated: float | None = None


def relation_section(phrase: str, relations: Sequence[Relation]) -> Section:
    """Return the relations that read alike: a table, or one line where the same source says all of them."""
    title = f"{phrase.capitalize()} ({len(relations)})"
    more = f"And {len(relations) - _SHOWN} more; --format csv has them all." if len(relations) > _SHOWN else ""
    rows = [(r.other.label, _need(r), r.standing, _said_by(r.claims)) for r in relations[:_SHOWN]]
    if len(rows) > 2 and len({row[1:] for row in rows}) == 1 and not any(rows[0][1:3]):
        return Section(title, note=f"{', '.join(row[0] for row in rows)}. ({rows[0][3]}){' ' * bool(more)}{more}")
    header = ("node", "need", "status", "who says so")
    used = [i for i in range(len(header)) if any(row[i] for row in rows)]
    return Section(title, tuple(header[i] for i in used), tuple(tuple(row[i] for i in used) for row in rows), more)


def _need(found: Relation) -> str:
    if found.essential is None:
        return "" if found.rated is None else f"{found.rated:.0%}"
    return NEED[found.essential]


def _said_by(claims: Sequence[Claim]) -> str:
    who = [*dict.fromkeys(who_says(claim) for claim in claims)]
    return "; ".join(who[:3]) if len(who) <= 3 else f"{'; '.join(who[:2])} and {len(who) - 2} more"


def who_says(claim: Claim) -> str:
    """Return who says it, when and where, in one phrase."""
    if claim.origin == "derived":
        return f"derived: {claim.rule}" if claim.rule else ORIGIN_WORDS["derived"]
    if claim.origin == "article":
        return f"{ORIGIN_WORDS['article']}, {claim.locator}" if claim.locator else ORIGIN_WORDS["article"]
    if claim.source.endswith("/career-kg"):
        return ORIGIN_WORDS["reading"]
    dated = f"{claim.source_label}, {claim.source_date}" if claim.source_date else claim.source_label
    return f"{ORIGIN_WORDS['reading']}: {dated}" if claim.origin == "reading" else dated
