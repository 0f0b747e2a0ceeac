"""`check`: is the data right?

The shapes of `ontology/shapes.ttl` say what each node must have (SHACL, asked as SPARQL by `kg.checks.shapes`); the
rules of `kg.checks.registry` say what shapes cannot. Each rule asks the store one query, so that files, a store
folder of two million quads and an endpoint are checked alike. Findings in facts files carry file and line; what is
wrong with a file itself (syntax, unknown names) is reported before any rule runs, all of it at once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pyoxigraph import NamedNode, Quad

from kg.careers.offers import STALE
from kg.checks.check_rules import Circumstances
from kg.checks.drafts import Draft, NameOf, worded
from kg.checks.registry import FINDERS, RULES
from kg.checks.shapes import violations
from kg.handles.gathering import gather
from kg.handles.handle import KnowledgeGraph, read_day
from kg.model.answers import Context, Dataset, Section
from kg.model.columns import MAYBE_IRI, NOT_EMPTY, TEXT, WHOLE, Column, maybe, one_of
from kg.model.errors import BadInput, BrokenIri, Fault, hide_secrets
from kg.model.findings import SEVERITIES, Finding, Findings, RuleText, chosen_rules, fails
from kg.model.shipped import data_path
from kg.model.terms import DCTERMS, RDF
from kg.model.values import plain
from kg.sources.members import printable
from kg.stores.oxigraph import OxigraphStore

if TYPE_CHECKING:
    from kg.stores.port import Store

__all__ = ["Check", "check"]

#: Of the findings with one rule and one remedy, so many are shown to people; programs get all.
SHOWN = 10


@dataclass(frozen=True)
class Check(Findings):
    """What is wrong with data, the gravest first.

    Attributes
    ----------
    shacl
        Whether the shapes were checked too.
    rules
        The names of the rules that were asked.
    """

    what: str
    findings: tuple[Finding, ...]
    shacl: bool
    rules: tuple[str, ...] = ()

    columns: ClassVar = (
        Column("file", TEXT, "where it stands; empty where that is a graph", attrgetter("file")),
        Column("line", maybe(WHOLE), "the line; null where it has none", attrgetter("line")),
        Column("severity", one_of(*SEVERITIES), "how grave it is", attrgetter("severity")),
        Column("rule", TEXT, "the rule that found it", attrgetter("rule")),
        Column("message", NOT_EMPTY, "what is wrong", attrgetter("message")),
        Column("fix", TEXT, "what to do", attrgetter("fix")),
        Column("iri", MAYBE_IRI, "the node it is about", attrgetter("about")),
    )

    def __str__(self) -> str:
        return f"{self.what}: {self.counted() or 'nothing found'}."

    def entries(self) -> Iterable[Finding]:
        """Return the findings."""
        return self.findings

    @property
    def located(self) -> tuple[Finding, ...]:
        """Every finding, the gravest first."""
        return self.findings

    @property
    def rule_texts(self) -> tuple[RuleText, ...]:
        """The rules that were asked, and what a file itself may have wrong."""
        return tuple(rule for rule in RULES if rule.name in self.rules)

    @property
    def measures(self) -> Mapping[str, Any]:
        """Return the number of findings by severity, and whether the shapes were checked."""
        return {**super().measures, "shacl": self.shacl}

    def sections(self) -> tuple[Section, ...]:
        """Return one table for each severity; of many findings with one remedy the first, and how many more."""
        parts = []
        for severity in SEVERITIES:
            found = [f for f in self.findings if f.severity == severity]
            alike: Counter[tuple[str, str]] = Counter()
            left: Counter[str] = Counter()
            rows = []
            for f in found:
                alike[f.rule, f.fix] += 1
                if alike[f.rule, f.fix] > SHOWN:
                    left[f.rule] += 1
                else:
                    rows.append((f"{f.file}:{f.line}" if f.line else f.file, f.rule, f.message, f.fix))
            if found:
                header = ("where", "rule", "finding", "what to do")
                more = "; ".join(f"and {n:,} more of {rule}" for rule, n in sorted(left.items()))
                note = f"{more}. --format json, csv or sarif has all.".capitalize() if more else ""
                parts.append(Section(f"{severity.capitalize()} ({len(found):,})", header, tuple(rows), note))
        return tuple(parts)


def check(
    *paths: str | Path | KnowledgeGraph,
    graph: KnowledgeGraph | None = None,
    as_of: date | str | None = None,
    lang: str | None = None,
    stale_after: int = STALE.days,
    shapes: bool = True,
    rule: Sequence[str] = (),
    skip_rule: Sequence[str] = (),
    fail_on: str = "warning",
) -> Check:
    """Is the data right?

    Parameters
    ----------
    paths
        Facts files and folders (YAML), tables (CSV), RDF files; the facts that come with the package by default. They
        are read, not loaded anywhere. Or one graph that is open already, the same as ``graph``.
    graph
        A graph that is open already, such as a store folder, instead of files: all of it is checked, every release.
        Its findings carry no file.
    as_of
        The day by which statuses are judged old; by default the day of the graph, else today.
    lang
        The language to prefer for labels; by default that of the graph, else English.
    stale_after
        Days after which a status is old.
    shapes
        Check the shapes (SHACL) too.
    rule
        The rules to ask, by name (docs/checks.md); all by default. A file that cannot be read is always said.
    skip_rule
        Rules to leave out.
    fail_on
        The least severity that makes the answer a "no": error, warning, info or never.

    Returns
    -------
    Check
        The findings, the gravest first; with file and line where they are known.

    Raises
    ------
    BadInput
        Both files and a graph are given, the day or the age is none, or there is no such rule or severity.

    Examples
    --------
    >>> import kg
    >>> kg.check(as_of="2026-11-22", shapes=False).measures["errors"]
    0
    """
    if len(paths) == 1 and isinstance(paths[0], KnowledgeGraph) and graph is None:
        graph, paths = paths[0], ()
    files = [path for path in paths if not isinstance(path, KnowledgeGraph)]
    if len(files) < len(paths):
        raise BadInput(
            f"{len(paths)} things are to be checked, an open graph among them. Name either files or one graph."
        )
    if graph is not None and paths:
        raise BadInput(f"{paths[0]} is to be checked, and a graph. Name either files or a graph.")
    day = graph.as_of if graph is not None and as_of is None else read_day(as_of)
    if stale_after < 0:
        raise BadInput(f"{stale_after} days is no age. Give 0 or more.")
    fails((), fail_on)  # a severity that is none is said now
    asked = Circumstances(day, timedelta(days=stale_after))
    names = chosen_rules((text.name for text in RULES), rule, (*skip_rule, *(() if shapes else ("shape",))))
    if graph is not None:
        context = Context(
            as_of=day.isoformat(),
            dataset=graph.dataset,
            asked={"graph": graph.dataset.name, "stale_after": stale_after},
        )
        found = sorted(
            worded(graph.store, [*_drafts(graph.store, asked, names)], lang or graph.lang), key=lambda f: f.sort_key
        )
        return Check(graph.dataset.name, tuple(found), "shape" in names, names, context=context, fail_on=fail_on)
    given = [Path(path) for path in files] or [data_path("ontology/facts")]
    what = hide_secrets(", ".join(map(printable, files))) or "The facts of this release"
    context = Context(
        as_of=day.isoformat(),
        dataset=Dataset(what),
        asked={"paths": [hide_secrets(printable(path)) for path in files], "stale_after": stale_after},
    )
    with_file = tuple(text.name for text in RULES if text.name in ("file", *names))
    try:
        gathered = gather(given)
    except BadInput as error:
        faults = error.faults or (Fault("", 0, "", str(error)),)
        found = sorted(map(_fault, faults), key=lambda f: f.sort_key)
        return Check(what, tuple(found), False, with_file, context=context, fail_on=fail_on)
    store = OxigraphStore()
    store.add((*gathered.quads, *gathered.borrowed))
    # What is borrowed is not whole: of a certification that a role names, its status is not there.
    defined = {quad.subject for quad in gathered.quads if quad.predicate.value == RDF.type}
    borrowed = {str(plain(quad.subject)) for quad in gathered.borrowed if quad.subject not in defined}
    drafts = [draft for draft in _drafts(store, asked, names) if not draft.named or draft.named - borrowed]
    root = "" if paths else f"{data_path('ontology/facts').parent.parent}/"
    places = _places(
        gathered.quads, {iri: (file.removeprefix(root), at) for iri, (file, at) in gathered.places.items()}
    )
    placed = [
        _placed(one, draft, places) for one, draft in zip(worded(store, drafts, lang or "en"), drafts, strict=True)
    ]
    found = sorted(placed, key=lambda f: f.sort_key)
    return Check(what, tuple(found), "shape" in names, with_file, context=context, fail_on=fail_on)


def _drafts(store: Store, asked: Circumstances, names: Sequence[str]) -> Iterator[Draft]:
    """Yield what the rules find, then what breaks the shapes; and which of them an IRI that is none kept from the data.

    Raises
    ------
    BrokenIri
        There is such an IRI, and the rule that would say so is not asked.
    """
    finders = {**FINDERS, "shape": _shapes}
    barred: dict[str, list[str]] = defaultdict(list)
    for name, find in finders.items():
        try:
            if name in names:
                yield from find(store, asked)
        except BrokenIri as error:
            if "broken-iri" not in names:
                raise
            barred[error.iri].append(name)
    for iri, rules in barred.items():
        message = "<{}> is no absolute IRI, and keeps these rules from the data: {}."
        fix = "Mend it, then check again: whole, with its scheme (https://…), and %20 for a space."
        yield Draft("error", "broken-iri", message, (iri, ", ".join(rules)), fix, iri)


def _shapes(store: Store, asked: Circumstances) -> Iterator[Draft]:
    for focus, severity, words in violations(store):
        message, _, fix = words.partition(". ")
        yield Draft(severity, "shape", "{}: {}.", (NameOf(focus), message), fix, focus)


def _fault(fault: Fault) -> Finding:
    message = f"{fault.field}: {fault.message}" if fault.field else fault.message
    return Finding("error", "file", message, fault.fix, file=fault.file, line=fault.line)


def _places(quads: Iterable[Quad], defined: Mapping[str, tuple[str, int]]) -> tuple[Mapping[str, tuple[str, int]], ...]:
    """Return where things are defined, a claim where its subject is; and where what is not defined is named."""
    claims, ends = dict(defined), []
    for quad in quads:
        if quad.predicate.value in (RDF.subject, RDF.object, DCTERMS.source) and isinstance(quad.object, NamedNode):
            claim, end = str(plain(quad.subject)), quad.object.value
            ends.append((claim, end))
            if quad.predicate.value == RDF.subject and end in defined:
                claims[claim] = defined[end]
    named: dict[str, tuple[str, int]] = {}
    for claim, end in ends:
        if claim in claims:
            named[end] = min(claims[claim], named.get(end, claims[claim]))
    return claims, named


def _placed(finding: Finding, draft: Draft, places: Sequence[Mapping[str, tuple[str, int]]]) -> Finding:
    """Return the finding with the place of what it is about; else of what else it names, in the order of its words."""
    nodes = [node for node in (draft.about, *(part for part in draft.parts if isinstance(part, NameOf))) if node]
    file, line = next((where[node] for where in places for node in nodes if node in where), ("", 0))
    return replace(finding, file=file, line=line)
