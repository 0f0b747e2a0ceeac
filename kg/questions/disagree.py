"""`disagree`: one thing or two?

What each source says of two nodes: one concept for both, an alternative label of the other's, two things that it
describes apart, only one of them, or neither. Frameworks (ESCO, O*NET) are read through the matches, by release; what
other sources think shows in what they describe. Our own reading is no witness here: it is shown only where it ties the
two to each other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlsplit

from kg.handles.asking import ask, question
from kg.handles.handle import Handle
from kg.model.answers import ORIGIN_WORDS, Answer, Claim, Context, Node, Section, counted, node, text
from kg.model.columns import DATE, IRI, MAYBE_IRI, NOT_EMPTY, OBJECT, ORIGIN, TEXT, WHOLE, Column, many, one_of
from kg.model.errors import BadInput
from kg.model.folding import fold
from kg.model.graphs import Graph

__all__ = ["Disagree", "View", "disagree"]

_SAME = ("exactMatch", "closeMatch")
_MATCHES = (*_SAME, "broadMatch", "narrowMatch", "relatedMatch")
_KINDS = ("role", "skill", "tool")
#: Every verdict, in the order to read them.
SAYS = ("same", "alternative label", "separate", "only one", "related", "absent")
#: Hosts that publish for others, so that two of their pages are two publishers.
_SHARED_HOSTS = ("github.com", "www.github.com", "gitlab.com", "medium.com", "dev.to")


@dataclass(frozen=True, slots=True)
class View:
    """What one source says of one node, or of both.

    Attributes
    ----------
    source
        The release of a framework, or the title of the source.
    says
        ``same`` (this concept is the node), ``alternative label`` (the node is only another name of it), ``separate``
        (the source keeps the two apart), ``only one`` (it has no place for the other), ``related``, ``absent``.
    about
        The node it is said of; for what ties the two to each other, the one it starts from.
    object
        The concept of the framework, or the node, that it is said to be.
    date
        When the source was published, as an ISO date of the precision known.
    """

    source: str
    says: str
    about: Node
    object: Node
    date: str
    locator: str
    origin: str
    url: str = ""
    basis: str = ""

    @property
    def sort_key(self) -> tuple[int, str, Node, Node, str]:
        """Order by verdict, then by source, node and concept."""
        return (SAYS.index(self.says), self.source, self.about, self.object, self.locator)


@dataclass(frozen=True)
class Disagree(Answer):
    """What each source says of two nodes.

    Attributes
    ----------
    views
        One for each source and node, by verdict.
    conflicts
        What is known to conflict about both, as (severity, what the article says, finding, advice).
    """

    left: Node
    right: Node
    views: tuple[View, ...]
    conflicts: tuple[tuple[str, str, str, str], ...]

    columns: ClassVar = (
        Column("source", NOT_EMPTY, "who says it", lambda view: view.source),
        Column("says", one_of(*SAYS), "what it says of the two", lambda view: view.says),
        Column("about", TEXT, "which of the two it is about", lambda view: view.about.label),
        Column("about_iri", IRI, "the same", lambda view: view.about.iri),
        Column("object", TEXT, "the concept of the source; empty where it has none", lambda view: view.object.label),
        Column("object_iri", MAYBE_IRI, "the same", lambda view: view.object.iri),
        Column("date", DATE, "when the source was made", lambda view: view.date),
        Column("locator", TEXT, "the place in the source", lambda view: view.locator),
        Column("origin", ORIGIN, "the article, another source, or our reading", lambda view: view.origin),
        Column("url", TEXT, "where it can be read", lambda view: view.url),
        Column("basis", TEXT, "what our reading rests on", lambda view: view.basis),
    )
    numbers: ClassVar = (
        *(Column(says.replace(" ", "_"), WHOLE, f"views that say: {says}") for says in SAYS),
        Column("conflicts", WHOLE, "known contradictions"),
    )
    beside: ClassVar = (
        Column(
            "conflicts",
            many(OBJECT),
            "known contradictions: severity, says, finding, advice",
            lambda a: [dict(zip(("severity", "says", "finding", "advice"), row, strict=True)) for row in a.conflicts],
        ),
    )

    def __str__(self) -> str:
        both = f"{self.left.label} and {self.right.label}"
        said = [*self._by_framework(), *self._by_description()]
        if not said:
            return f"{both}: no source says whether they are one thing or two."
        return f"{both}: {', '.join(said)}."

    def entries(self) -> tuple[View, ...]:
        """Return the views."""
        return self.views

    def _by_framework(self) -> Iterator[str]:
        for release in sorted({view.source for view in self.views if view.object.kind == "concept"}):
            views = [view for view in self.views if view.source == release and view.says != "absent"]
            concepts = {says: {v.object.iri for v in views if v.says == says} for says in SAYS}
            names = {view.about for view in views}
            if len(names) == 1:
                yield f"only {views[0].about.label} in {release}"
            elif concepts["same"]:
                yield f"one concept in {release}"
            elif concepts["separate"]:
                yield f"two concepts in {release}"
            elif found := concepts["alternative label"]:
                yield f"alternate titles under {counted(len(found), 'occupation')} of {release}"
            else:
                yield f"only related to concepts of {release}"

    def _by_description(self) -> Iterator[str]:
        kind = self.left.kind if self.left.kind == self.right.kind else "thing"
        described = [view for view in self.views if view.object.kind != "concept" and view.says == "separate"]
        places = ["the article"] if any(view.origin == "article" for view in described) else []
        places += sorted({_publisher(v.url) or v.source for v in described if v.origin != "article"})
        if places:
            shown = places if len(places) < 4 else [*places[:3], f"{len(places) - 3} more"]
            yield f"two {kind}s in {' and '.join(shown)}"
        alone = [view for view in self.views if view.object.kind != "concept" and view.says == "only one"]
        if alone:
            yield f"{counted(len(alone), 'source')} describe{'s' if len(alone) == 1 else ''} only one of them"

    @property
    def yes(self) -> bool:
        """Whether any source says anything."""
        return bool(self.views)

    @property
    def measures(self) -> dict[str, Any]:
        """Return how many views there are of each verdict, and how many known conflicts."""
        counts = {says.replace(" ", "_"): sum(view.says == says for view in self.views) for says in SAYS}
        return {**counts, "conflicts": len(self.conflicts)}

    def sections(self) -> tuple[Section, ...]:
        """Return the views by verdict, then what is known to conflict."""
        rows = tuple(
            (
                view.says,
                view.about.label,
                "" if view.object == view.about else view.object.label,
                f"{view.source}, {view.date}" if view.date else view.source,
                text(view.basis or view.locator),
                ORIGIN_WORDS.get(view.origin, view.origin),
            )
            for view in self.views
        )
        parts = (
            [Section("Who says what", ("says", "of", "as", "source", "where, or why", "origin"), rows)] if rows else []
        )
        if self.conflicts:
            parts.append(Section("Known conflicts", ("severity", "the article", "finding", "advice"), self.conflicts))
        return tuple(parts)


@question
def disagree(g: Handle | Graph, left: str, right: str) -> Disagree:
    """Are two things one and the same, by what each source says?

    Each framework and each source is asked: the same concept, an alternative label of it, two things apart, only one
    of the two, or neither.

    Parameters
    ----------
    left
        A role, skill or tool, by label, alias or IRI.
    right
        The one to compare it with: another role, or another skill or tool.

    Returns
    -------
    Disagree
        What each source says, by verdict; empty where none says anything. A framework is known by our matches to it,
        so "absent" means that we found no match in it.

    Raises
    ------
    UnknownName, AmbiguousName
        A name means no role, skill or tool, or several.
    BadInput
        Both names mean the same node, or one a role and the other a skill or tool.

    References
    ----------
    A. Miles and S. Bechhofer, SKOS Simple Knowledge Organization System Reference, W3C 2009, section 10: mapping
    properties.

    Examples
    --------
    >>> import kg
    >>> print(kg.disagree(kg.open(as_of="2026-11-22"), "AI Engineer", "ML engineer"))
    AI Engineer and Machine Learning Engineer: one concept in ESCO v1.2, alternate titles under 3 occupations of O*NET
    29.2, two roles in the article and roadmap.sh, 3 sources describe only one of them.
    """
    asked = ask(g, left=left, right=right)
    one, two = asked.nodes([left, right], *_KINDS)
    if one.iri == two.iri:
        raise BadInput(f'"{left}" and "{right}" are both {one.label}. Name two roles, skills or tools.')
    if (one.kind == "role") != (two.kind == "role"):
        raise BadInput(
            f"{one.label} is a {one.kind}, {two.label} a {two.kind}. Name two roles, or two skills or tools; "
            f"`kg why` has the claims between any two."
        )
    graph = asked.slice("disagree", node=[one.iri, two.iri])
    return _disagree(graph, one.iri, two.iri, asked.context(graph))


def _disagree(graph: Graph, left: str, right: str, asked: Context) -> Disagree:
    """Read what each source says of both; the definition, without names and stores."""
    claims = {iri: _claims(graph, iri) for iri in (left, right)}
    between = [claim for claim in claims[left] if {claim.subject.iri, claim.object.iri} == {left, right}]
    matches = {
        iri: [c for c in found if c.relation in _MATCHES and c.subject.iri == iri] for iri, found in claims.items()
    }
    releases = sorted({claim.locator or claim.source_label for found in matches.values() for claim in found})
    frameworks = {_framework_of(release) for release in releases}
    views = [view for release in releases for view in _framework(graph, release, matches)]
    described = {
        iri: [
            claim
            for claim in found
            if claim.relation not in _MATCHES
            and claim.origin != "reading"
            and claim not in between
            and _framework_of(claim.source_label) not in frameworks
        ]
        for iri, found in claims.items()
    }
    views += _descriptions(graph, described)
    views += [_tie(claim) for claim in between]
    used = {claim for found in (*matches.values(), *described.values()) for claim in found} | {*between}
    return Disagree(
        node(graph, left),
        node(graph, right),
        tuple(sorted(views, key=lambda view: view.sort_key)),
        tuple(_conflicts(graph, {left, right})),
        evidence=tuple(sorted(used, key=lambda claim: claim.sort_key)),
        context=asked,
    )


def _claims(graph: Graph, iri: str) -> list[Claim]:
    """Return what sources say of a node; a rule is none."""
    edges = (*graph.out_edges(iri, keys=True, data=True), *graph.in_edges(iri, keys=True, data=True))
    claims = [Claim.read(graph, edge) for edge in {edge[2]: edge for edge in edges}.values()]
    return [claim for claim in claims if claim.origin != "derived"]


def _framework(graph: Graph, release: str, matches: Mapping[str, Sequence[Claim]]) -> Iterator[View]:
    """Yield what one release of a framework says of each node, by our matches to it."""
    found = {iri: [c for c in claims if (c.locator or c.source_label) == release] for iri, claims in matches.items()}
    date, url = _release(graph, release)
    for iri, claims in found.items():
        (other,) = found.keys() - {iri}
        concepts_of_other = {
            claim.object.iri for claim in found[other] if claim.relation in _SAME or _only_a_title(graph, claim)
        }
        if not claims:
            nothing = Node("", "", "concept")
            yield View(release, "absent", node(graph, iri), nothing, date, release, "reading", url)
        for claim in claims:
            if _only_a_title(graph, claim):
                says = "alternative label"
            elif claim.relation not in _SAME:
                says = "related"
            elif claim.object.iri in concepts_of_other:
                says = "same"
            else:
                says = "separate" if found[other] else "only one"
            concept = Node(claim.object.label, claim.object.iri, "concept")
            basis = claim.basis.partition("; ")[2] if claim.basis.startswith("semapv:") else claim.basis
            when = date or claim.source_date
            yield View(release, says, claim.subject, concept, when, release, claim.origin, url or concept.iri, basis)


def _only_a_title(graph: Graph, claim: Claim) -> bool:
    """Tell whether a match rests on the node's name being an alternative label of the concept."""
    if not re.search(r"alternat(iv)?e (label|title)s?", claim.basis):
        return False
    own = {fold(name) for name in (claim.subject.label, *graph.nodes[claim.subject.iri].get("aliases", ()))}
    return any(fold(quoted) in own for quoted in re.findall(r'"([^"]+)"', claim.basis))


def _release(graph: Graph, release: str) -> tuple[str, str]:
    """Return the date and the address of a framework's release, where it is among the sources."""
    for _, data in sorted(graph.nodes.items()):
        if data.get("kind") == "source" and str(data.get("label", "")).startswith(release):
            return str(data.get("date", "")), str(data.get("url", ""))
    return "", ""


def _framework_of(release: str) -> str:
    """Return what stands before the version in the name of a release: other releases of it are no other source.

    Examples
    --------
    >>> _framework_of("O*NET 29.2"), _framework_of("ESCO v1.1.1 occupation-skill relations and skills")
    ('O*NET', 'ESCO')
    """
    return re.split(r" v?\d", release, maxsplit=1)[0]


def _publisher(url: str) -> str:
    host = urlsplit(url).netloc.removeprefix("www.")
    return "" if host in _SHARED_HOSTS else host


def _descriptions(graph: Graph, described: Mapping[str, Sequence[Claim]]) -> Iterator[View]:
    """Yield, for each source, whether it describes both nodes or one; pages of one publisher count as one source."""
    by_publisher: dict[str, dict[str, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for iri, claims in described.items():
        for claim in claims:
            by_publisher[_publisher(claim.source_url) or claim.source][iri].append(claim)
    for _, by_node in sorted(by_publisher.items()):
        says = "separate" if len(by_node) == 2 else "only one"
        for iri, claims in by_node.items():
            about = node(graph, iri)
            by_source: dict[str, list[Claim]] = defaultdict(list)
            for claim in claims:
                by_source[claim.source].append(claim)
            for same_source in by_source.values():
                first = same_source[0]
                place = _where(same_source)
                yield View(
                    first.source_label, says, about, about, first.source_date, place, first.origin, first.source_url
                )


def _where(claims: Sequence[Claim]) -> str:
    """Return where claims stand: the lines, or how many there are and where the first is."""
    lines = sorted({int(c.locator.removeprefix("line ")) for c in claims if re.fullmatch(r"line \d+", c.locator)})
    if lines:
        runs: list[list[int]] = []
        for line in lines:
            if runs and line == runs[-1][-1] + 1:
                runs[-1].append(line)
            else:
                runs.append([line])
        shown = ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
        return f"{'lines' if len(lines) > 1 else 'line'} {shown}"
    places = sorted({claim.locator for claim in claims} - {""})
    return "; ".join([counted(len(claims), "claim"), *places[:1]])


def _tie(claim: Claim) -> View:
    """Return what a claim between the two says of them."""
    return View(
        claim.source_label,
        "same" if claim.relation in _SAME else "related",
        claim.subject,
        claim.object,
        claim.source_date,
        claim.locator,
        claim.origin,
        claim.source_url,
        f"{claim.relation}: {claim.basis}" if claim.basis else claim.relation,
    )


def _conflicts(graph: Graph, both: set[str]) -> Iterable[tuple[str, str, str, str]]:
    """Yield what is known to conflict about both, where sources can be named for it."""
    found = []
    for iri, data in graph.nodes.items():
        if data.get("kind") == "conflict" and both <= {*data.get("about", ())} and data.get("derived_from"):
            number = int(iri.rpartition("/")[2]) if iri.rpartition("/")[2].isdigit() else 0
            found.append((number, tuple(str(data.get(name, "")) for name in ("severity", "says", "finding", "advice"))))
    for _, (severity, says, finding, advice) in sorted(found):
        yield severity, says, finding, advice
