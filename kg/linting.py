"""`lint`: is a text about careers still true?

A text names certifications, tools and roles; some have been retired, renamed or replaced since, some never were what
the text takes them for. Every rule is one function from what was read to findings, each with its place in the file and
what to write instead. Nothing is judged but what the graph knows: a certification it does not have is not found.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.answers import Answer, Claim, Row, Section, counted
from kg.graphs import Graph, local_name
from kg.handle import Handle, as_handle, context
from kg.mentions import Mention, Mentions, Name, names_of
from kg.naming.lookup import fold
from kg.offers import Offer, offer
from kg.texts import Place, Text, read_text

__all__ = ["GROWTH", "RULES", "Finding", "Lint", "lint"]

_KINDS = ("role", "skill", "tool", "certification")
#: What a successor may be that cannot be named without saying so.
_COMING = ("beta", "announced", "planned", "not started")
_SEVERITIES = ("error", "warning", "info")
#: Claims about demand and growth, which this project has no figures for and no text should make without a source.
GROWTH = (
    r"(?:highly )?in(?:-| )(?:high(?:-| )|great )?demand",
    r"high(?:-| )demand",
    r"(?:fast|rapid)(?:est|ly)?(?:-| )(?:growing|expanding)",
    r"(?:growing|expanding|rising) (?:fast|rapidly|quickly)",
    r"(?:excellent|huge|massive|explosive|strong|tremendous) growth",
    r"(?:booming|skyrocketing|exploding|future-proof|recession-proof|lucrative)",
    r"(?:high|highest|best|top)(?:-| )(?:paying|paid)",
    r"most (?:exciting|sought(?:-| )after|promising) (?:\w+ ){0,2}(?:fields?|careers?|jobs?|roles?)",
)
_GROWTH = re.compile(rf"(?<![\w-])(?:{'|'.join(GROWTH)})(?![\w-])", re.IGNORECASE)
_SOURCED = re.compile(r"https?://|\baccording to\b|\bsource:|\[\d+\]", re.IGNORECASE)
_ITEM = re.compile(r"\s*(?:[-*+•·–]\s|\d+[.)]\s|\|)")
_PROMISE = re.compile(
    r"\b(?:certifications|certificates|certs|exams|courses|tools|skills|technologies|languages|frameworks|libraries|"
    r"platforms|books|resources)\b",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(r"(?:\binclude|\bincluding|\bfollowing|\bsuch as|\bthese(?: are)?|\bare)\s*:$", re.IGNORECASE)
_NEW_TITLE = re.compile(r'"([^"]+)".*\b(?:title|titled|renamed|called)\b.*"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend in a text.

    Attributes
    ----------
    start
        Offset in the text; `Lint` has the place in the file.
    words
        What the text says there.
    iri
        The node it is about; empty where it is about none.
    rule
        The name of the rule.
    severity
        ``error`` (it is gone), ``warning`` (it misleads) or ``info`` (good to know).
    """

    start: int
    words: str
    iri: str
    rule: str
    message: str
    severity: str
    fix: str


@dataclass(frozen=True)
class Reading:
    """What the rules are told: the text, what it names, the graph, the day."""

    text: Text
    mentions: tuple[Mention, ...]
    graph: Graph
    day: date

    @cached_property
    def lines(self) -> tuple[tuple[int, str], ...]:
        """Every line of what was read with the offset of its start."""
        found, at = [], 0
        for line in self.text.text.split("\n"):
            found.append((at, line))
            at += len(line) + 1
        return tuple(found)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(start for start, _ in self.lines)

    @cached_property
    def _mention_starts(self) -> tuple[int, ...]:
        return tuple(mention.start for mention in self.mentions)

    def line_of(self, offset: int) -> int:
        """Return the number, from 0, of the line at an offset."""
        return bisect_right(self._starts, offset) - 1

    def on_line(self, line: int) -> tuple[Mention, ...]:
        """Return what a line names."""
        start, words = self.lines[line]
        from_, to = bisect_left(self._mention_starts, start), bisect_right(self._mention_starts, start + len(words))
        return self.mentions[from_:to]

    @cached_property
    def certifications(self) -> tuple[tuple[Mention, Offer, Mapping[str, Any]], ...]:
        """Every certification named, once a line, with how it stands and what is known of it."""
        found: dict[tuple[str, int], Mention] = {}
        for mention in self.mentions:
            if mention.node.kind == "certification":
                found.setdefault((mention.node.iri, self.line_of(mention.start)), mention)
        return tuple(
            (m, offer(self.graph.nodes[m.node.iri], self.day), self.graph.nodes[m.node.iri]) for m in found.values()
        )

    @cached_property
    def first(self) -> tuple[tuple[Mention, Offer, Mapping[str, Any]], ...]:
        """Every certification named, once."""
        found: dict[str, tuple[Mention, Offer, Mapping[str, Any]]] = {}
        for entry in self.certifications:
            found.setdefault(entry[0].node.iri, entry)
        return tuple(found.values())

    def successors(self, iri: str) -> tuple[Claim, ...]:
        """Return the claims that name what replaces a certification, and what replaces that, one for each successor."""
        found: dict[str, Claim] = {}
        ahead = [iri]
        for node in ahead:  # grows while it is read, each node once
            edges = self.graph.out_edges(node, keys=True, data=True)
            claims = [Claim.read(self.graph, edge) for edge in edges if edge[3]["relation"] == "isReplacedBy"]
            for claim in sorted(claims, key=lambda claim: claim.sort_key):
                if claim.object.iri not in found and claim.object.iri != iri:
                    found[claim.object.iri] = claim
                    ahead.append(claim.object.iri)
        return tuple(found.values())

    def titled(self, iri: str) -> str:
        """Return the label of a certification with its exam code."""
        data = self.graph.nodes[iri]
        code = _one(data.get("examCode"))
        return f"{data['label']} ({code})" if code and code not in data["label"] else str(data["label"])

    def instead(self, iri: str) -> str:
        """Return what to name in the place of a certification: successors on offer, else those to come."""
        stands: dict[str, list[str]] = {}
        for claim in self.successors(iri):
            status = offer(self.graph.nodes[claim.object.iri], self.day).status
            stands.setdefault(status, []).append(self.titled(claim.object.iri))
        if "active" in stands:
            return f"Name its successor: {' or '.join(stands['active'])}."
        coming = [f"{title} ({status})" for status in _COMING for title in stands.get(status, ())]
        if coming:
            return f"Its successor is not generally on offer yet: {', '.join(coming)}."
        return "No successor on offer is known: leave it out."


Rule = Callable[[Reading], Iterable[Finding]]


def _about(mention: Mention, rule: str, message: str, severity: str, fix: str) -> Finding:
    return Finding(mention.start, mention.words, mention.node.iri, rule, message, severity, fix)


def retired(reading: Reading) -> Iterator[Finding]:
    """Yield certifications that can no longer be taken, with their successor."""
    for mention, stands, _ in reading.certifications:
        if stands.status == "retired":
            when = f" on {stands.until}" if stands.until else ""
            message = f"{reading.titled(mention.node.iri)} was retired{when}."
            yield _about(mention, "retired", message, "error", reading.instead(mention.node.iri))


def ending(reading: Reading) -> Iterator[Finding]:
    """Yield certifications that end soon, or are being retired."""
    for mention, stands, _ in reading.certifications:
        if stands.status in ("ending", "retiring"):
            when = f" on {stands.until}" if stands.until else ""
            how = "ends" if stands.status == "ending" else "is being retired"
            message = f"{reading.titled(mention.node.iri)} {how}{when}."
            yield _about(mention, "ending", message, "warning", reading.instead(mention.node.iri))


def replaced(reading: Reading) -> Iterator[Finding]:
    """Yield certifications that still can be taken but have a successor."""
    for mention, stands, _ in reading.certifications:
        if stands.status not in ("retired", "ending", "retiring") and reading.successors(mention.node.iri):
            message = f"{reading.titled(mention.node.iri)} has a successor."
            yield _about(mention, "replaced", message, "warning", reading.instead(mention.node.iri))


def not_on_offer(reading: Reading) -> Iterator[Finding]:
    """Yield certifications that are not yet, or not surely, on offer."""
    words = {
        "beta": "is in beta",
        "announced": "is announced and not yet on offer",
        "planned": "is planned and not yet on offer",
        "not started": "has not started yet",
        "unverified": "could not be verified",
    }
    for mention, stands, _ in reading.first:
        if stands.status in words:
            message = (
                f"{reading.titled(mention.node.iri)} {words[stands.status]} (checked {stands.checked or 'never'})."
            )
            yield _about(mention, "not-on-offer", message, "info", "Say so, and link the vendor's page.")


def new_version(reading: Reading) -> Iterator[Finding]:
    """Yield certifications of which another exam version is announced."""
    for mention, stands, data in reading.first:
        if data.get("upcomingVersion") and stands.status != "retired":
            coming, present = _one(data["upcomingVersion"]), _one(data.get("examCode"))
            message = f"A version change is announced for {reading.titled(mention.node.iri)}: {coming}."
            fix = (
                f"Name the certification, not the version; say that {present or 'the present exam'} is being replaced."
            )
            yield _about(mention, "new-version", message, "warning", fix)


def _new_title(data: Mapping[str, Any]) -> str:
    """Return the title that a certification had before, where a note on its name says that it changed."""
    found = _NEW_TITLE.search(_one(data.get("editorialNote")))
    if not found or fold(found[2]) not in fold(data["label"]) or fold(found[1]) in fold(data["label"]):
        return ""
    return found[1]


def renamed(reading: Reading) -> Iterator[Finding]:
    """Yield certifications named by a title that they had before."""
    for mention, _, data in reading.certifications:
        old = _new_title(data)
        if old and fold(old) in fold(mention.words):
            message = f'"{old}" is an older title.'
            yield _about(mention, "renamed", message, "warning", f'Write "{data["label"]}".')


def no_provider(reading: Reading) -> Iterator[Finding]:
    """Yield certifications named without whose they are, where their full name says it."""
    for mention, _, data in reading.first:
        label, words = str(data["label"]), mention.words
        if mention.how != "alias" or not fold(label).endswith(fold(words)):
            continue
        line = reading.line_of(mention.start)
        if any(other.node == mention.node and other.how in ("label", "code") for other in reading.on_line(line)):
            continue
        providers = [
            name
            for _, target, _, tie in reading.graph.out_edges(mention.node.iri, keys=True, data=True)
            if tie["relation"] == "issuedBy"
            for name in (reading.graph.nodes[target].get("label", ""), *reading.graph.nodes[target].get("aliases", ()))
        ]
        there, missing = fold(reading.lines[line][1]), fold(label).removesuffix(fold(words))
        if any(fold(name) in missing for name in providers) and not any(fold(name) in there for name in providers):
            message = f'"{words}" does not say whose certification it is.'
            yield _about(mention, "no-provider", message, "warning", f'Write "{label}".')


def business_level(reading: Reading) -> Iterator[Finding]:
    """Yield exams about the business, which prove no engineering."""
    for mention, stands, data in reading.first:
        if local_name(_one(data.get("audience"))) == "BusinessAudience" and stands.status != "retired":
            message = f"{reading.titled(mention.node.iri)} is a business-level exam: it certifies no engineering skill."
            yield _about(
                mention, "business-level", message, "warning", "Say so, or list it apart from engineering exams."
            )


def not_checked(reading: Reading) -> Iterator[Finding]:
    """Yield certifications whose status was last checked long ago."""
    for mention, stands, _ in reading.first:
        if stands.stale and stands.status not in ("retired", "unverified"):
            when = stands.checked or "no known day"
            message = f"The status of {reading.titled(mention.node.iri)} was last checked on {when}."
            yield _about(mention, "not-checked", message, "info", "Check the vendor's page before you recommend it.")


def no_source(reading: Reading) -> Iterator[Finding]:
    """Yield roles that no source describes."""
    seen = set()
    for mention in reading.mentions:
        data = reading.graph.nodes[mention.node.iri]
        if mention.node.kind == "role" and data.get("describedStatus") == "unverified" and mention.node not in seen:
            seen.add(mention.node)
            message = f"No source found says what {mention.node.label} requires."
            yield _about(mention, "no-source", message, "info", "Name a source for what you say of it.")


def empty_lists(reading: Reading) -> Iterator[Finding]:
    """Yield headings that promise a list, with none below."""
    lines, declared = reading.lines, dict[int, int]()
    filled = [i for i, (_, line) in enumerate(lines) if line.strip() and not re.fullmatch(r"\s*[-=*_]{3,}\s*", line)]
    items = {i for i in filled if _ITEM.match(lines[i][1])}
    for offset, level in reading.text.headings.items():
        if (place := bisect_left(filled, reading.line_of(offset))) < len(filled):
            declared[filled[place]] = level
    for offset in reading.text.items:
        if (place := bisect_left(filled, reading.line_of(offset))) < len(filled):
            items.add(filled[place])

    def heading(i: int) -> bool:
        return i in declared if declared else i not in items and _like_a_heading(lines[i][1])

    for k, i in enumerate(filled):
        start, line = lines[i]
        colon = line.rstrip().endswith(":")
        if i in items or not (heading(i) or colon) or not (_PROMISE.search(line) or _ANNOUNCES.search(line.rstrip())):
            continue
        below = filled[k + 1] if k + 1 < len(filled) else None
        if below is None:
            empty = True
        elif below in items:
            empty = False
        elif heading(below):
            after = filled[k + 2] if k + 2 < len(filled) else None
            bare = not declared and not _PROMISE.search(lines[below][1]) and after == below + 1 and heading(after)
            named = not declared and _is_named(reading, below)
            empty = declared.get(below, 0) <= declared.get(i, 0) and not bare and not named
        else:
            empty = colon and below > i + 1
        if empty:
            words = line.strip()
            offered = _offered_for(reading, i)
            fix = "Fill it, or drop the heading." + (f" On offer: {'; '.join(offered)}." if offered else "")
            at = start + len(line) - len(line.lstrip())
            yield Finding(
                at, words, "", "empty-list", f'Nothing is listed under "{words.rstrip(":")}".', "warning", fix
            )


def _like_a_heading(line: str) -> bool:
    """Tell whether a line of plain text reads as a heading: short, in capitals at the start of words, no sentence."""
    words = re.findall(r"[^\W\d_][\w+#-]*", line)
    long = [word for word in words if len(word) > 3]
    return (
        0 < len(words) <= 10
        and not re.search(r"[.?!;,:|]\s*$|[,;|@]", line)
        and words[0][0].isupper()
        and sum(word[0].isupper() for word in long) * 3 >= len(long) * 2
    )


def _is_named(reading: Reading, line: int) -> bool:
    """Tell whether a line is nothing but a name that the graph knows."""
    start, words = reading.lines[line]
    return any(m.words == words.strip() and m.start >= start for m in reading.on_line(line))


def _offered_for(reading: Reading, line: int) -> list[str]:
    """Return certifications on offer that have in their name a tool that the line names."""
    tools = {mention.node.iri for mention in reading.on_line(line) if mention.node.kind == "tool"}
    found = [
        (stands.since, reading.titled(iri))
        for iri, data in reading.graph.nodes.items()
        if data.get("kind") == "certification"
        and any(_names_tool(reading, tool, str(data["label"])) for tool in tools)
        and (stands := offer(data, reading.day)).status == "active"
    ]
    return [title for _, title in sorted(found, reverse=True)[:3]]


def _names_tool(reading: Reading, tool: str, label: str) -> bool:
    name = re.escape(str(reading.graph.nodes[tool]["label"]))
    return bool(re.search(rf"(?<!\w){name}(?!\w)", label))


def growth_claims(reading: Reading) -> Iterator[Finding]:
    """Yield claims about demand and growth that name no source on their line."""
    linked = {reading.line_of(offset) for offset in reading.text.links}
    for found in _GROWTH.finditer(reading.text.text):
        line = reading.line_of(found.start())
        if line not in linked and not _SOURCED.search(reading.lines[line][1]):
            message = f'"{found[0]}" is a claim about demand without a source.'
            fix = "Name a source with its date, or leave it out."
            yield Finding(found.start(), found[0], "", "growth-claim", message, "warning", fix)


#: Every rule, in the order to read its findings where they stand at one place; `known_conflicts` comes last, since it
#: is silent on what another rule has said.
RULES: tuple[Rule, ...] = (
    retired,
    ending,
    replaced,
    renamed,
    no_provider,
    business_level,
    new_version,
    not_on_offer,
    not_checked,
    no_source,
    empty_lists,
    growth_claims,
)
_SAID = frozenset(("retired", "ending", "replaced", "business-level", "new-version"))


def known_conflicts(reading: Reading, said: Collection[str]) -> Iterator[Finding]:
    """Yield what is known to mislead about a certification, where no other rule has spoken of it.

    A conflict names everything that its explanation touches; it is told of those that the article named on the lines
    where it went wrong.
    """
    wrong: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    lines: dict[int, set[str]] = {}
    for _, data in reading.graph.nodes.items():
        if data.get("kind") == "statement":
            lines.setdefault(data["line"][0], set()).update(data.get("mentions", ()))
    for iri, data in sorted(reading.graph.nodes.items()):
        if data.get("kind") == "conflict" and data.get("severity") in ("A", "B"):
            named = {node for line in data.get("line", ()) for node in lines.get(line, ())}
            for node in named & {*data.get("about", ())}:
                wrong.setdefault(node, []).append((iri, data))
    for mention, _, _ in reading.first:
        for _, data in wrong.get(mention.node.iri, ()) if mention.node.iri not in said else ():
            finding, full_stop, _ = str(data.get("finding", "")).partition(". ")
            message = f"{reading.titled(mention.node.iri)}: {finding}{'.' if full_stop else ''}"
            fix = _one(data.get("advice")) or f'Read `kg why "{mention.node.label}"`.'
            yield _about(mention, "known-conflict", message, "warning" if data["severity"] == "A" else "info", fix)


@dataclass(frozen=True)
class Lint(Answer):
    """What to mend in a text.

    Attributes
    ----------
    findings
        In the order of the text, each with its place.
    named
        What the text names, each node once.
    """

    name: str
    findings: tuple[tuple[Place, Finding], ...]
    named: tuple[Mention, ...]

    def __str__(self) -> str:
        kinds = [sum(m.node.kind == kind for m in self.named) for kind in ("certification", "tool", "role")]
        named = ", ".join(counted(n, kind) for n, kind in zip(kinds, ("certification", "tool", "role"), strict=True))
        if not self.findings:
            return f"{self.name}: nothing found; it names {named}."
        counts = [(severity, sum(f.severity == severity for _, f in self.findings)) for severity in _SEVERITIES]
        found = ", ".join(counted(n, severity) if severity != "info" else f"{n} info" for severity, n in counts if n)
        return f"{self.name}: {found}; it names {named}."

    @property
    def yes(self) -> bool:
        """Whether nothing was found that should be mended; the command line exits with 1 where something was."""
        return all(finding.severity == "info" for _, finding in self.findings)

    @property
    def measures(self) -> dict[str, Any]:
        """Return the number of findings by severity, and of the nodes named."""
        found = {f"{severity}s": sum(f.severity == severity for _, f in self.findings) for severity in _SEVERITIES}
        return {**found, "named": len(self.named)}

    def rows(self) -> tuple[Row, ...]:
        """Return one row per finding: line, column, page, text, iri, rule, finding, severity, fix.

        ``page`` is empty but for a PDF, whose lines count from the top of the page.
        """
        return tuple(
            {
                "line": place.line,
                "column": place.column,
                "page": place.page or None,
                "text": finding.words,
                "iri": finding.iri,
                "rule": finding.rule,
                "finding": finding.message,
                "severity": finding.severity,
                "fix": finding.fix,
            }
            for place, finding in self.findings
        )

    def sections(self) -> tuple[Section, ...]:
        """Return one table for each severity, in the order of the text."""
        parts = []
        for severity in _SEVERITIES:
            rows = tuple(
                (str(place), f.words, f.message, f.fix) for place, f in self.findings if f.severity == severity
            )
            if rows:
                header = ("line", "text", "finding", "what to do")
                parts.append(Section(f"{severity.capitalize()} ({len(rows)})", header, rows))
        return tuple(parts)


def lint(g: Handle | Graph, file: str | Path) -> Lint:
    """Is a text about careers still true?

    Parameters
    ----------
    g
        A graph or its handle; its day is the day to judge by.
    file
        Plain text, Markdown, HTML or PDF; ``-`` reads standard input.

    Returns
    -------
    Lint
        What is retired, ending, replaced, renamed, business-level, known to mislead or without a source, in the order
        of the text, with what to write instead.

    Raises
    ------
    BadInput
        The file cannot be read.
    MissingExtra
        A PDF, without pypdf.

    Examples
    --------
    >>> import kg
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "advice.txt"
    ...     _ = path.write_text("Begin with AI-102.")
    ...     found = kg.lint(kg.open(as_of="2026-11-22"), path)
    >>> for row in found.rows():
    ...     print(row["line"], row["column"], row["finding"])
    1 12 Microsoft Certified: Azure AI Engineer Associate (AI-102) was retired on 2026-06-30.
    """
    handle = as_handle(g)
    text = read_text(file)
    graph = handle.slice("lint")
    older = (
        Name(iri, "older title", old)
        for iri, data in sorted(graph.nodes.items())
        if data.get("kind") == "certification" and (old := _new_title(data))
    )
    finder = Mentions(graph, (*names_of(graph, _KINDS), *older))
    reading = Reading(text, finder.find(text.text), graph, handle.as_of)
    found = [finding for rule in RULES for finding in rule(reading)]
    found += known_conflicts(reading, {finding.iri for finding in found if finding.rule in _SAID})
    placed = sorted(
        ((text.place(finding.start), finding) for finding in found),
        key=lambda pair: (pair[1].start, _SEVERITIES.index(pair[1].severity)),
    )
    named = {mention.node: mention for mention in reversed(reading.mentions)}
    gone = {finding.iri for finding in found if finding.rule in ("retired", "ending", "replaced")}
    claims = {claim for iri in gone for claim in reading.successors(iri)}
    return Lint(
        text.name,
        tuple(placed),
        tuple(sorted(named.values(), key=lambda mention: mention.start)),
        evidence=tuple(sorted(claims, key=lambda claim: claim.sort_key)),
        context=context(handle, graph, file=str(file)),
    )


def _one(value: Any) -> str:  # an attribute: text, or a tuple where sources differ
    return str(value[0] if isinstance(value, tuple) and value else value or "")
