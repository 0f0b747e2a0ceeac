"""The rules that shapes cannot say, about nodes and claims one by one: each one query, read into findings.

Rules that look at how things hang together (rings, mappings, names in common) stand in `kg.checks.ties`. A rule never
reads more of a store than its query gives, which is what makes a store of two million quads a matter of seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pyoxigraph import Literal, NamedNode

from kg.careers.offers import first_day
from kg.checks.drafts import Draft, NameOf, read
from kg.model.answers import counted
from kg.model.errors import BadInput
from kg.model.graphs import local_name
from kg.model.iris import curie
from kg.model.scales import ENDS, Ends
from kg.model.statements import Value
from kg.model.terms import KG
from kg.stores.binding import bind, load_query
from kg.stores.port import Store
from kg.stores.slices import select

__all__ = ["Circumstances", "Finder"]

_TERMS = frozenset(value for name, value in vars(KG).items() if not name.startswith("_"))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the rules are told besides the data: the day, and how old a status may be."""

    day: date
    stale_after: timedelta


#: From a store and what is asked to what is wrong.
Finder = Callable[[Store, Circumstances], Iterable[Draft]]


def wrong_kind(store: Store, asked: Circumstances) -> Iterator[Draft]:
    """Yield tools that are typed as skills, and skills as tools, by their category."""
    for node, kind, category in read(store, load_query("check_wrong_kind")):
        right = "tool" if kind == KG.Skill else "skill"
        said = (NameOf(node), local_name(kind).lower(), local_name(category).lower())
        fix = f"Make it a {right}, or change its category."
        yield Draft("error", "wrong-kind", "{} is a {} and also a {}.", said, fix, node)


def broken_iris(store: Store, asked: Circumstances) -> Iterator[Draft]:
    """Yield IRIs that are none, and those in our namespace of no kind or with a broken name.

    References
    ----------
    RFC 3987, Internationalized Resource Identifiers, section 2.2: what characters an IRI may have; RDF 1.1 Concepts,
    section 3.2: IRIs in a graph are absolute.
    """
    for iri, broken in read(store, load_query("check_iris")):
        if broken == "True":
            fix = "Write it whole, with its scheme (https://…), and %20 for a space."
            yield Draft("error", "broken-iri", "<{}> is no absolute IRI.", (iri,), fix, iri)
        else:
            message = "<{}> stands in the namespace of this project under no kind it has, or has a broken name."
            fix = "Write https://w3id.org/career-kg/KIND/NAME, in lower-case letters, digits and hyphens."
            yield Draft("error", "broken-iri", message, (iri,), fix, iri)


def unknown_terms(store: Store, asked: Circumstances) -> Iterator[Draft]:
    """Yield properties and classes in our vocabulary's namespace that it does not have."""
    for (term,) in read(store, load_query("check_terms")):
        if term not in _TERMS:
            fix = "Use a term of docs/model.md, or a namespace of your own."
            yield Draft("error", "unknown-term", "{} is no term of the vocabulary.", (curie(term),), fix)


def dangling(store: Store, asked: Circumstances) -> Iterator[Draft]:
    """Yield what claims tie and nothing describes."""
    claims: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for node, claim, subject, relation, _ in read(store, load_query("check_dangling")):
        claims[node][claim] = subject, relation
    for node, named in claims.items():
        subject, relation = named[min(named)]
        message = "{} is described nowhere, and {} it; the first is about {} ({})."
        names = f"{counted(len(named), 'claim')} {'names' if len(named) == 1 else 'name'}"
        said = (NameOf(node), names, NameOf(subject), local_name(relation))
        fix = "Give it a class and a label, or correct its IRI."
        yield Draft("warning", "dangling", message, said, fix, subject)


def claims_without_source(store: Store, asked: Circumstances) -> Iterator[Draft]:
    """Yield claims whose source is not described, by source."""
    for source, claims, first in read(store, load_query("check_no_source")):
        message = "{} of {}, which is not described; the first is about {}."
        said = (counted(int(claims), "claim"), NameOf(source), NameOf(first))
        yield Draft("error", "no-source", message, said, "Add it under `sources:` with its title and date.", first)


def no_scale(store: Store, asked: Circumstances) -> Iterator[Draft]:
    """Yield ratings on no scale."""
    for subject, target, rating in read(store, load_query("check_no_scale")):
        said = (local_name(rating), NameOf(subject), NameOf(target))
        yield Draft("error", "no-scale", "The {} of {} → {} names no scale.", said, "Name its scale.", subject)


def outside_scale(store: Store, asked: Circumstances) -> Iterator[Draft]:
    """Yield ratings outside the ends of their scale, where those are known."""
    ends = dict(ENDS)
    for scale, low, high in read(store, load_query("scales")):
        if (least := _number(low)) is not None and (most := _number(high)) is not None and least < most:
            ends[scale] = Ends(least, most)

    def outside(value: str, scale: str) -> bool:
        number = _number(value)
        return number is not None and scale in ends and not ends[scale].low <= number <= ends[scale].high

    spelt: set[Value] = set()
    for number, of in select(store, load_query("check_ratings")).rows:
        if isinstance(number, Literal) and isinstance(of, NamedNode) and outside(number.value, of.value):
            spelt.add(Value(number.value))
    if not spelt:
        return
    for subject, target, rating, value, scale in read(store, bind(load_query("check_rated"), number=spelt)):
        if outside(value, scale):
            bounds = ends[scale]
            message = "The {} of {} → {} is {}, outside {} to {} of {}."
            said = (
                local_name(rating),
                NameOf(subject),
                NameOf(target),
                f"{float(value):g}",
                f"{bounds.low:g}",
                f"{bounds.high:g}",
            )
            fix = "Correct it, or name its scale."
            yield Draft("error", "outside-scale", message, (*said, curie(scale)), fix, subject)


def ends_before_start(store: Store, asked: Circumstances) -> Iterator[Draft]:
    """Yield what ends before it starts."""
    for node, start, end, subject in read(store, load_query("check_periods")):
        message = "{} ends on {}, before it starts on {}."
        about = subject or node
        yield Draft(
            "error", "ends-before-start", message, (NameOf(node), end, start), "Correct one of the dates.", about
        )


def dead_successors(store: Store, asked: Circumstances) -> Iterator[Draft]:
    """Yield certifications that are replaced by one that is retired and leads nowhere."""
    for node, successor in read(store, load_query("check_successors")):
        message = "{} is replaced by {}, which is retired and has no successor."
        fix = "Name what can be taken now."
        yield Draft("warning", "dead-successor", message, (NameOf(node), NameOf(successor)), fix, node)


def _statuses(store: Store) -> Iterator[tuple[str, str, str]]:
    """Yield each certification with its status and the day it was checked; those retired do not come back."""
    found: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for node, status, checked in read(store, load_query("check_statuses")):
        found[node][0].add(local_name(status))
        found[node][1].add(checked)
    for node, (statuses, days) in found.items():
        if min(statuses) != "retired":
            yield node, min(statuses), min(days)


def no_date(store: Store, asked: Circumstances) -> Iterator[Draft]:
    """Yield certifications whose status has no date, or one that is none."""
    for node, _, checked in _statuses(store):
        if not checked:
            fix = "Say when it was checked."
            yield Draft("warning", "no-date", "The status of {} has no date.", (NameOf(node),), fix, node)
        elif _day(checked) is None:
            message = 'The status of {} is as of "{}", which is no date.'
            fix = "Write YYYY, YYYY-MM or YYYY-MM-DD."
            yield Draft("error", "no-date", message, (NameOf(node), checked), fix, node)


def old_statuses(store: Store, asked: Circumstances) -> Iterator[Draft]:
    """Yield certifications whose status was not checked recently."""
    for node, status, checked in _statuses(store):
        day = _day(checked)
        if day is not None and (age := asked.day - day) > asked.stale_after:
            message = "The status of {} ({}) was checked on {}, {} days ago."
            said = (NameOf(node), status, checked, str(age.days))
            yield Draft("warning", "old-status", message, said, "Check it again and change its date.", node)


def expired_claims(store: Store, asked: Circumstances) -> Iterator[Draft]:
    """Yield claims that held only until a day that is past."""
    for claim, _, relation, _, end in read(store, load_query("check_expired")):
        if end < asked.day.isoformat()[: len(end)]:
            said = (NameOf(claim), local_name(relation), end)
            fix = "See whether its source still says so."
            yield Draft("info", "expired-claim", "{} ({}) held until {}.", said, fix, claim)


def unreachable(store: Store, asked: Circumstances) -> Iterator[Draft]:
    """Yield skills and tools that nothing requires, certifies, uses, demonstrates, needs first or stands below."""
    for (node,) in read(store, load_query("check_unreachable")):
        message = "No role, certification or other skill leads to {}."
        yield Draft("info", "unreachable", message, (NameOf(node),), "Tie it to one, or drop it.", node)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return first_day(text)
    except BadInput:
        return None
