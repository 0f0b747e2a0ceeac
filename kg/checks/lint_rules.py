"""The rules of `lint`: each one function from what was read to findings."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from kg.careers.offers import offer
from kg.careers.proofs import conditions, is_business
from kg.checks.remarks import Reading, Remark, one
from kg.model.findings import RuleText
from kg.model.folding import fold
from kg.names.mentions import Mention

__all__ = ["GROWTH", "RULES", "RULE_TEXTS", "SAID", "known_conflicts", "new_title"]

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

Rule = Callable[[Reading], Iterable[Remark]]


def _about(mention: Mention, rule: str, message: str, severity: str, fix: str) -> Remark:
    return Remark(mention.start, mention.words, mention.node.iri, rule, message, severity, fix)


def retired(reading: Reading) -> Iterator[Remark]:
    """Yield certifications that can no longer be taken, with their successor."""
    for mention, stands, _ in reading.certifications:
        if stands.status == "retired":
            when = f" on {stands.until}" if stands.until else ""
            message = f"{reading.titled(mention.node.iri)} was retired{when}."
            yield _about(mention, "retired", message, "error", reading.instead(mention.node.iri))


def ending(reading: Reading) -> Iterator[Remark]:
    """Yield certifications that end soon, or are being retired."""
    for mention, stands, _ in reading.certifications:
        if stands.status in ("ending", "retiring"):
            when = f" on {stands.until}" if stands.until else ""
            how = "ends" if stands.status == "ending" else "is being retired"
            message = f"{reading.titled(mention.node.iri)} {how}{when}."
            yield _about(mention, "ending", message, "warning", reading.instead(mention.node.iri))


def replaced(reading: Reading) -> Iterator[Remark]:
    """Yield certifications that still can be taken but have a successor."""
    for mention, stands, _ in reading.certifications:
        if stands.status not in ("retired", "ending", "retiring") and reading.successors(mention.node.iri):
            message = f"{reading.titled(mention.node.iri)} has a successor."
            yield _about(mention, "replaced", message, "warning", reading.instead(mention.node.iri))


def not_on_offer(reading: Reading) -> Iterator[Remark]:
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


def new_version(reading: Reading) -> Iterator[Remark]:
    """Yield certifications of which another exam version is announced."""
    for mention, stands, data in reading.first:
        if data.get("upcomingVersion") and stands.status != "retired":
            coming, present = one(data["upcomingVersion"]), one(data.get("examCode"))
            message = f"A version change is announced for {reading.titled(mention.node.iri)}: {coming}."
            fix = (
                f"Name the certification, not the version; say that {present or 'the present exam'} is being replaced."
            )
            yield _about(mention, "new-version", message, "warning", fix)


def new_title(data: Mapping[str, Any]) -> str:
    """Return the title that a certification had before, where a note on its name says that it changed."""
    found = _NEW_TITLE.search(one(data.get("editorialNote")))
    if not found or fold(found[2]) not in fold(data["label"]) or fold(found[1]) in fold(data["label"]):
        return ""
    return found[1]


def renamed(reading: Reading) -> Iterator[Remark]:
    """Yield certifications named by a title that they had before."""
    for mention, _, data in reading.certifications:
        old = new_title(data)
        if old and fold(old) in fold(mention.words):
            message = f'"{old}" is an older title.'
            yield _about(mention, "renamed", message, "warning", f'Write "{data["label"]}".')


def no_provider(reading: Reading) -> Iterator[Remark]:
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


def business_level(reading: Reading) -> Iterator[Remark]:
    """Yield exams about the business, which prove no engineering."""
    for mention, stands, data in reading.first:
        if is_business(data) and stands.status != "retired":
            message = f"{reading.titled(mention.node.iri)} is a business-level exam: it certifies no engineering skill."
            yield _about(
                mention, "business-level", message, "warning", "Say so, or list it apart from engineering exams."
            )


def not_open(reading: Reading) -> Iterator[Remark]:
    """Yield certifications that only some may take."""
    for mention, stands, data in reading.first:
        who = conditions(data)
        if who and stands.status != "retired":
            message = f"{reading.titled(mention.node.iri)} is not open to everybody: only with {' and '.join(who)}."
            yield _about(mention, "not-open", message, "warning", "Say who may take it.")


def not_checked(reading: Reading) -> Iterator[Remark]:
    """Yield certifications whose status was last checked long ago."""
    for mention, stands, _ in reading.first:
        if stands.stale and stands.status not in ("retired", "unverified"):
            when = stands.checked or "no known day"
            message = f"The status of {reading.titled(mention.node.iri)} was last checked on {when}."
            yield _about(mention, "not-checked", message, "info", "Check the vendor's page before you recommend it.")


def no_source(reading: Reading) -> Iterator[Remark]:
    """Yield roles that no source describes."""
    seen = set()
    for mention in reading.mentions:
        data = reading.graph.nodes[mention.node.iri]
        if mention.node.kind == "role" and data.get("describedStatus") == "unverified" and mention.node not in seen:
            seen.add(mention.node)
            message = f"No source found says what {mention.node.label} requires."
            yield _about(mention, "no-source", message, "info", "Name a source for what you say of it.")


def empty_lists(reading: Reading) -> Iterator[Remark]:
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
            yield Remark(at, words, "", "empty-list", f'Nothing is listed under "{words.rstrip(":")}".', "warning", fix)


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


def growth_claims(reading: Reading) -> Iterator[Remark]:
    """Yield claims about demand and growth that name no source on their line."""
    linked = {reading.line_of(offset) for offset in reading.text.links}
    for found in _GROWTH.finditer(reading.text.text):
        line = reading.line_of(found.start())
        if line not in linked and not _SOURCED.search(reading.lines[line][1]):
            message = f'"{found[0]}" is a claim about demand without a source.'
            fix = "Name a source with its date, or leave it out."
            yield Remark(found.start(), found[0], "", "growth-claim", message, "warning", fix)


#: Every rule, in the order to read its findings where they stand at one place; `known_conflicts` comes last, since it
#: is silent on what another rule has said.
RULES: tuple[Rule, ...] = (
    retired,
    ending,
    replaced,
    renamed,
    no_provider,
    business_level,
    not_open,
    new_version,
    not_on_offer,
    not_checked,
    no_source,
    empty_lists,
    growth_claims,
)
#: The rules after which `known_conflicts` is silent.
SAID = frozenset(("retired", "ending", "replaced", "business-level", "new-version"))


def known_conflicts(reading: Reading, said: Collection[str]) -> Iterator[Remark]:
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
            fix = one(data.get("advice")) or f'Read `kg why "{mention.node.label}"`.'
            yield _about(mention, "known-conflict", message, "warning" if data["severity"] == "A" else "info", fix)


#: What is said of each rule, in their order (`docs/checks.md`).
RULE_TEXTS = (
    RuleText(
        "retired",
        "error",
        "A certification that can no longer be taken; its successor is named.",
        "Who follows the text prepares for an exam that is gone.",
        '"Begin with AI-102."',
    ),
    RuleText(
        "ending",
        "warning",
        "A certification that ends within 90 days, or is being retired.",
        "There may be no time left to prepare for it.",
        "an exam that ends next month",
    ),
    RuleText(
        "replaced",
        "warning",
        "A certification that can be taken and has a successor.",
        "The successor is what will count.",
        "an exam whose successor is out",
    ),
    RuleText(
        "renamed",
        "warning",
        "A certification under a title that it had before.",
        "Nobody finds it under this name.",
        '"Certified Associate in Python Programming"',
    ),
    RuleText(
        "no-provider",
        "warning",
        "A certification named without whose it is.",
        "Several vendors have one of that name.",
        '"Generative AI Leader"',
    ),
    RuleText(
        "business-level",
        "warning",
        "An exam about the business, recommended in a text.",
        "It certifies no engineering skill.",
        '"AWS Certified AI Practitioner" for engineers',
    ),
    RuleText(
        "not-open",
        "warning",
        "A certification that only some may take.",
        "Readers without that condition cannot register.",
        '"Claude Certified Developer – Foundations" for everybody',
    ),
    RuleText(
        "new-version",
        "warning",
        "A certification of which another exam version is announced.",
        "The code in the text will soon be wrong.",
        "an exam code that is about to change",
    ),
    RuleText(
        "not-on-offer",
        "info",
        "A certification that is not yet, or not surely, on offer.",
        "It cannot be booked like the others.",
        "an exam in beta",
    ),
    RuleText(
        "not-checked",
        "info",
        "A certification whose status was last checked long ago.",
        "It may have ended since.",
        "last checked a year ago",
    ),
    RuleText(
        "no-source",
        "info",
        "A role that no source describes.",
        "What the text says of it rests on nothing that is known here.",
        "a role with status unverified",
    ),
    RuleText(
        "empty-list",
        "warning",
        "A heading that promises a list, with none below.",
        "What was promised is missing.",
        '"Recommended Java Certifications" and nothing below',
    ),
    RuleText(
        "growth-claim",
        "warning",
        "A claim about demand or growth without a source.",
        "Nobody can check it.",
        '"highly in demand"',
    ),
    RuleText(
        "known-conflict",
        "warning",
        "A certification about which the article is known to mislead, where no other rule has spoken.",
        "The same mistake is easily made again.",
        "an exam recommended for the wrong role",
    ),
)
