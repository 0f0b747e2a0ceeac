"""Is a certification for a role? What sources state, and what its name and its domains say.

Recommended is what somebody other than we says is for the role, or what carries the name of the role, or its core, on
the vendor's page: in the name of the exam, or in the title of a domain that has at least a fifth of it. Our own
reading of a guide (*addresses this role*) counts less, and says so. Where a known conflict advises against showing a
certification as evidence for the role (*not as AI Engineer evidence*), only what a source states, or the very name of
the role in that of the exam, counts.

Words are compared by their stems, so that *analyst*, *analytics* and *analysis* are one, and only side by side: "Cloud
DevOps Engineer" does not name a Cloud Engineer. The core of a role are the words of its name that say what it is about
(*AI* Engineer), and what it requires that carries these words. Words that every second role has, such as *data*, say
nothing alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from kg.careers.required import Required
from kg.model.answers import Claim
from kg.model.graphs import Graph

__all__ = ["DOMAIN_SHARE", "Fit", "RoleNames", "Stems", "domains_of", "interval", "is_within", "stems"]

Stems = tuple[str, ...]

#: A domain with so many percent of the exam at least says what the exam is about.
DOMAIN_SHARE = 20.0

#: Words of one family that only share their beginning.
_ROOTS = ("administrat", "analy", "architect", "consult", "develop", "engineer", "govern", "manag", "operat", "scien")
_ENDINGS = ("ing", "ers", "er", "s")
#: What people of a role are called, which says nothing of what it is about.
_HEADS = frozenset(
    {*_ROOTS} - {"govern", "operat"} | {"specialist", "technician", "programm", "lead", "officer", "steward", "owner"}
)
#: What says nothing alone.
_VAGUE = frozenset(
    {"data", "software", "system", "solution", "busines", "research", "technical", "full", "stack", "it"}
)
#: Two ways to write one thing.
_SPELLINGS = {
    "artificial intelligence": "ai",
    "machine learning": "ml",
    "mlops": "ml operations",
    "genai": "generative ai",
    "cybersecurity": "cyber security",
}
_GRADES = {"stated": 1.0, "named": 1.0, "near": 0.8, "core": 0.5, "reading": 0.5}
#: What stands between the words of a name and belongs to a version.
_VERSION = re.compile(r"^(\d+|se|v\d+)$")


class Fit(NamedTuple):
    """Why a certification is for a role.

    Attributes
    ----------
    kind
        ``stated`` by a source, ``named`` after the role, about its ``core``, or by our ``reading`` only; empty where
        nothing says so.
    says
        The same in words.
    claims
        The claims that state it.
    near
        Of an exam about the core: whether its name also says what people of the role are called, or our reading of its
        guide agrees.
    """

    kind: str = ""
    says: str = ""
    claims: tuple[Claim, ...] = ()
    near: bool = False

    @property
    def grade(self) -> float:
        """How much what the exam proves counts for the role, above 0 and up to 1; our reading."""
        return _GRADES["near" if self.near else self.kind]

    @property
    def is_clear(self) -> bool:
        """Whether it is for the role itself: said to be, or called so, or about its core and for people called so."""
        return self.kind in ("stated", "named") or self.near

    @property
    def is_outside(self) -> bool:
        """Whether somebody other than we says so: a source, or the vendor by what it calls the exam."""
        return self.kind in ("stated", "named", "core")


@lru_cache(maxsize=4096)
def stems(text: str) -> Stems:
    """Return the stems of the words of a text, in their order.

    Examples
    --------
    >>> stems("Data analytics"), stems("Certified Data Analysts")
    (('data', 'analy'), ('certified', 'data', 'analy'))
    """
    text = text.casefold()
    for long, short in _SPELLINGS.items():
        text = text.replace(long, short)
    return tuple(_stem(word) for word in re.findall(r"c\+\+|c#|[^\W_]+", text))


def _stem(word: str) -> str:
    for root in _ROOTS:
        if word.startswith(root):
            return root
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def is_within(phrase: Stems, text: Stems) -> bool:
    """Whether the words of a phrase stand side by side in a text."""
    return bool(phrase) and any(text[i : i + len(phrase)] == phrase for i in range(len(text) - len(phrase) + 1))


def domains_of(graph: Graph, iri: str) -> tuple[tuple[str, float | None, float | None], ...]:
    """Return the domains of an exam: title, and the share it has of it in percent, as an interval; None where unknown.

    Where sources differ, the interval holds what all of them say.
    """
    found = []
    for domain in graph.nodes[iri].get("hasDomain", ()):
        data = graph.nodes.get(domain, {})
        low, high = _numbers(data.get("weightMin")), _numbers(data.get("weightMax"))
        found.append((str(data.get("label", "")), min(low, default=None), max(high, default=None)))
    return tuple(found)


def interval(low: float | None, high: float | None) -> str:
    """Return a share as it is read: one number, or two with a dash; empty where unknown."""
    if low is None or high is None:
        return ""
    return f"{low:g}" if low == high else f"{low:g}–{high:g}"


def _numbers(value: Any) -> list[float]:  # an attribute: nothing, a number, or several
    values = value if isinstance(value, tuple) else () if value is None else (value,)
    return [float(one) for one in values]


class RoleNames:
    """The names of a role and of its core, as a vendor would write them.

    Parameters
    ----------
    graph
        Has the role and what it requires, with their aliases.
    role
        IRI of the role.
    needs
        What it requires.
    """

    def __init__(self, graph: Graph, role: str, needs: Iterable[Required]) -> None:
        self.graph, self.role = graph, role
        label, *aliases = _names(graph.nodes[role])
        own = [*_spread(label)]
        self.names = {stems(name): name for name in [*own, *aliases]}
        self.about = {stems(subject): subject for name in own if (subject := _subject(name))}
        self.core: dict[Stems, str] = {}
        for need in needs:
            written = {stems(name): name for name in reversed(_names(graph.nodes[need.node.iri]))}
            whole = any(
                words in self.names
                or words in self.about
                or (need.essential and any(is_within(words, stems(name)) for name in own))
                for words in written
            )
            for words, name in written.items():
                if whole or (need.essential and any(is_within(subject, words) for subject in self.about)):
                    self.core.setdefault(words, name)
        self.disputed = {
            iri
            for data in graph.nodes.values()
            if data.get("kind") == "conflict"
            and any(f"not as {name}".casefold() in str(data.get("advice", "")).casefold() for name in own)
            for iri in data.get("about", ())
        }

    @property
    def is_senior(self) -> bool:
        """Whether the name of the role asks for experience: an architect, a lead, a senior."""
        words = stems(self.graph.nodes[self.role].get("label", ""))
        return bool({"architect", "lead", "senior", "principal", "head", "chief"} & {*words})

    def fit(self, iri: str) -> Fit:
        """Return why a certification is for the role, the best reason there is."""
        claims = self._recommended(iri)
        stated = tuple(
            claim
            for claim in claims
            if claim.origin == "source" or (claim.origin == "article" and iri not in self.disputed)
        )
        if stated:
            return Fit("stated", f"{stated[0].source_label}, {stated[0].locator}", stated)
        earlier = tuple(claim for claim in self._said_of_earlier(iri) if claim.origin == "source")
        if earlier:
            says = f"{earlier[0].source_label}, {earlier[0].locator}; said of its earlier version"
            return Fit("stated", says, earlier)
        read = tuple(claim for claim in claims if claim.origin == "reading" and iri not in self.disputed)
        title = self._title(iri)
        for phrase, name in self.names.items():
            if is_within(phrase, title):
                return Fit("named", f"its name says {name}")
        for phrase, name in {**self.about, **self.core}.items():
            if iri not in self.disputed and is_within(phrase, title):
                return Fit(
                    "core",
                    f"its name says {name}",
                    near=bool(read) or any(_in_order(words, title) for words in self.names),
                )
        # One word, such as "security", is in the titles of too many domains to say much.
        several = [phrase for phrase in {**self.about, **self.core, **self.names} if len(phrase) > 1]
        for domain, low, high in domains_of(self.graph, iri) if iri not in self.disputed else ():
            for phrase in several:
                if low is not None and low >= DOMAIN_SHARE and is_within(phrase, stems(domain)):
                    return Fit("core", f"{interval(low, high)} % of it are {domain}", near=bool(read))
        return Fit("reading", "by our reading of its guide alone", read) if read else Fit()

    def _recommended(self, iri: str) -> tuple[Claim, ...]:
        edges = self.graph.out_edges(iri, keys=True, data=True) if iri in self.graph.nodes else ()
        found = (
            Claim.read(self.graph, edge)
            for edge in edges
            if edge[3].get("relation") == "recommendedFor" and edge[1] == self.role
        )
        return tuple(sorted(found, key=lambda claim: claim.sort_key))

    def _said_of_earlier(self, iri: str) -> Iterable[Claim]:
        for before, _, _, data in self.graph.in_edges(iri, keys=True, data=True):
            if data.get("relation") == "isReplacedBy":
                yield from self._recommended(before)

    def _title(self, iri: str) -> Stems:
        """Return the words of the name of an exam, without those of who issues it and of the version."""
        words = stems(self.graph.nodes[iri].get("label", ""))
        for _, issuer, _, data in self.graph.out_edges(iri, keys=True, data=True):
            first = (
                stems(self.graph.nodes.get(issuer, {}).get("label", "")) if data.get("relation") == "issuedBy" else ()
            )
            if first and words[: len(first)] == first:
                words = words[len(first) :]
        return tuple(word for word in words if not _VERSION.match(word))


def _in_order(phrase: Stems, text: Stems) -> bool:
    """Whether the words of a phrase stand in a text in their order, with others between them."""
    left = iter(text)
    return all(word in left for word in phrase)


def _names(data: Mapping[str, Any]) -> list[str]:  # attributes of a node
    return [str(data.get("label", "")), *map(str, data.get("aliases", ()))]


def _spread(label: str) -> Iterable[str]:
    """Yield what a name with a slash stands for: LLM/GenAI Engineer is an LLM Engineer, and a GenAI Engineer."""
    *firsts, last = (part.strip() for part in label.split("/"))
    yield last
    for first in firsts:
        yield f"{first} {last.partition(' ')[2]}".strip()


def _subject(name: str) -> str:
    """Return what a role is about: its name without what its people are called; empty where that says nothing."""
    words = name.split()
    while words and stems(words[-1])[-1:] and stems(words[-1])[-1] in _HEADS:
        words.pop()
    about = " ".join(words)
    return "" if {*stems(about)} <= _VAGUE else about
