"""Hypothesis strategies: small career graphs, as networkx graphs of our schema.

Every graph has roles, skills, tools and certifications with labels that are hard on a terminal, a page and a lookup,
and claims between them that the schema allows. What is needed before what is never a circle.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import networkx as nx
from hypothesis import strategies as st

from kg.model.iris import mint
from kg.model.statements import Statement
from kg.model.terms import BASE, KG, SKOS

__all__ = [
    "DAYS",
    "KINDS",
    "READ_BY_RULES",
    "Attributes",
    "Career",
    "careers",
    "certifications",
    "iso_dates",
    "labels",
    "statements",
    "weights",
]

if TYPE_CHECKING:
    Career = nx.MultiDiGraph[str]  # of IRIs; the class takes no parameter at run time
else:
    Career = nx.MultiDiGraph
Attributes = dict[str, Any]  # of a node or an edge; their types differ by key, as in networkx

KINDS = ("role", "skill", "tool", "certification")
STATUSES = (KG.active, KG.beta, KG.announced, KG.planned, KG.retiring, KG.retired, KG.unverified)
#: Each end of every relation: the kinds it may tie.
RELATIONS = {
    "requires": (("role",), ("skill", "tool")),
    "certifies": (("certification",), ("skill", "tool")),
    "recommendedFor": (("certification",), ("role",)),
}
#: Within each of these groups one may need another first.
PREREQUISITES = (("skill", "tool"), ("certification",))
SOURCES = (
    {"source": f"{BASE}source/article", "source_label": "The article", "source_date": "2026", "origin": "article"},
    {"source": f"{BASE}source/esco", "source_label": "ESCO", "source_date": "2022-09-13", "origin": "source"},
    {"source": f"{BASE}source/career-kg", "source_label": "Our reading", "source_date": "", "origin": "reading"},
)

_AWKWARD = (
    "C++",
    "C#",
    "Node.js",
    "naïve Bayes",
    "数据工程师",
    "مهندس بيانات",
    "😀",
    "x\x1b[31mred",
    "\x9b2Jgone",
    "\u202eleft",
    '<img src=x onerror="alert(1)">',
    "</script><script>alert(1)</script>",
    "a\nb",
    "100%",
    "%s",
    "{0}",
    "'; DROP",
    '"quoted" \\ back',
    "  spaced  ",
    "-",
    "x" * 200,
)

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2032, 12, 31))


def labels() -> st.SearchStrategy[str]:
    """Labels: names as people write them, and some that are awkward."""
    plain = st.from_regex(r"[A-Z][a-z]{2,8}( [a-z]{2,8}){0,2}", fullmatch=True)
    return st.one_of(plain, st.sampled_from(_AWKWARD))


def iso_dates() -> st.SearchStrategy[str]:
    """Dates as sources give them: a day, a month, a year."""
    return st.builds(lambda day, cut: day.isoformat()[:cut], DAYS, st.sampled_from((10, 7, 4)))


@st.composite
def certifications(draw: st.DrawFn) -> Attributes:
    """What a certification says about its offer."""
    attributes: Attributes = {"status": draw(st.sampled_from(STATUSES))}
    for name in ("statusAsOf", "validFrom", "validThrough"):
        if draw(st.booleans()):
            attributes[name] = draw(iso_dates())
    return attributes


def weights() -> st.SearchStrategy[dict[str, float]]:
    """A weighted set, such as what a role requires."""
    return st.dictionaries(st.sampled_from("abcdefghij"), st.floats(0.01, 1.0), max_size=10)


@st.composite
def careers(
    draw: st.DrawFn, *, most: int = 4, name: Callable[[], st.SearchStrategy[str]] = labels, rated: bool = False
) -> Career:
    """A small career graph.

    Parameters
    ----------
    most
        At most so many nodes of each kind, at least two roles.
    name
        Where labels come from.
    rated
        Rate some of what is required from 1, which is not at all, to 5.
    """
    graph: Career = nx.MultiDiGraph()
    nodes: dict[str, list[str]] = {}
    for kind in KINDS:
        nodes[kind] = [f"{BASE}{kind}/{kind}-{i}" for i in range(draw(st.integers(2 if kind == "role" else 0, most)))]
        for iri in nodes[kind]:
            more = draw(certifications()) if kind == "certification" else {}
            aliases = tuple(draw(st.lists(name(), max_size=2, unique=True)))
            graph.add_node(iri, label=draw(name()), kind=kind, aliases=aliases, **more)

    def add(subject: str, relation: str, target: str, **more: object) -> None:
        claim = f"{BASE}claim/{graph.number_of_edges():04d}"
        graph.add_edge(subject, target, key=claim, relation=relation, **draw(st.sampled_from(SOURCES)), **more)

    for relation, (from_kinds, to_kinds) in RELATIONS.items():
        pairs = [(a, b) for k in from_kinds for a in nodes[k] for j in to_kinds for b in nodes[j]]
        chosen = draw(st.lists(st.sampled_from(pairs), max_size=12)) if pairs else []
        for subject, target in chosen:  # the same pair may come twice: two sources may say so
            stated: Attributes = draw(st.sampled_from(({"essential": True}, {"essential": False}, {})))
            if rated and relation == "requires" and draw(st.booleans()):
                importance = draw(st.one_of(st.just(1.0), st.integers(100, 500).map(lambda parts: parts / 100)))
                stated = {**stated, "importance": importance, "importanceScale": KG.OnetImportanceScale}
            add(subject, relation, target, **(stated if relation == "requires" else {}))
    for kinds in PREREQUISITES:
        ordered = [iri for kind in kinds for iri in nodes[kind]]
        steps = [(a, b) for i, b in enumerate(ordered) for a in ordered[i + 1 :]]
        for subject, target in draw(st.lists(st.sampled_from(steps), max_size=5, unique=True)) if steps else []:
            add(subject, "hasPrerequisite", target)
    return graph


#: What rules read: each relation with the kinds it ties, of `statements`.
READ_BY_RULES = {
    KG.requires: ("role", "skill"),
    KG.certifies: ("certification", "skill"),
    KG.hasPrerequisite: ("skill", "skill"),
    SKOS.broader: ("skill", "skill"),
    SKOS.exactMatch: ("skill", "skill"),
    SKOS.closeMatch: ("skill", "skill"),
    SKOS.relatedMatch: ("skill", "skill"),
    SKOS.broadMatch: ("skill", "skill"),
    SKOS.narrowMatch: ("skill", "skill"),
}


@st.composite
def statements(draw: st.DrawFn, most: int = 24) -> list[Statement]:
    """Claims of the relations that rules read, of two sources, on few nodes: with circles, loops and repetitions."""
    found = []
    for _ in range(draw(st.integers(0, most))):
        relation = draw(st.sampled_from(sorted(READ_BY_RULES)))
        one, other = (mint(kind, f"n{draw(st.integers(0, 5))}") for kind in READ_BY_RULES[relation])
        source = mint("source", draw(st.sampled_from(("one", "other"))))
        found.append(Statement(one, relation, other, source, locator=draw(st.sampled_from(("", "line 1")))))
    for number in range(6):
        if draw(st.booleans()):
            exam = mint("certification", f"n{number}")
            found.append(Statement(exam, KG.audience, KG.BusinessAudience, mint("source", "one")))
    return found
