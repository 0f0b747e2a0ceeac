"""An answer as Markdown within a budget of bytes: for assistants, and for whoever pastes answers into a text.

The parts of the answer stand in their order, the most telling first; of each as many rows as there is room for, the
first part three times as fast as the others. Every row has the node it is about, as a short IRI, and numbers of the
sources that speak of it. What was left out is counted, with how to ask on. Whatever comes from data is inert: no link,
no image, no HTML, no code, no line of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from kg.model.answers import Answer, Claim, Section
from kg.model.iris import curie

__all__ = ["BYTES", "PER_TOKEN", "bounded_markdown", "inert"]

#: The budget where none is named: about 2,000 tokens.
BYTES = 7_000
#: Bytes that a token is counted as; English text has about four, IRIs and tables have less.
PER_TOKEN = 3.5
#: The least budget: room for the sentence and what was left out.
_LEAST = 1_000
_SENTENCE, _CELL, _CITED = 700, 220, 2
_KINDS = frozenset({"role", "skill", "tool", "certification", "provider", "activity"})
#: What parts write behind a name.
_BEHIND = re.compile(r"°$| \[[a-z, ]+\]$| \((?:essential|optional)\)$")
_SPECIAL = re.compile(r"([\\`*\[\]|])")

AskOn = Callable[[int, int], str]


class _Part(NamedTuple):
    """A section, ready to be cut: its number, rows of cells, and the sources of each row."""

    number: int
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    cited: tuple[tuple[str, ...], ...]
    note: str


def inert(text: str, most: int = _CELL) -> str:
    r"""Return a text of data as Markdown that does nothing: one line, no markup, cut at so many characters.

    Examples
    --------
    >>> print(inert("a\n# b <img src=x> [c](d) | `e`\u202e"))
    a # b &lt;img src=x&gt; \[c\](d) \| \`e\`
    """
    line = " ".join("".join(char if char.isprintable() else " " for char in text[: 4 * most]).split())
    line = line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
    return _SPECIAL.sub(r"\\\1", line).replace("<", "&lt;").replace(">", "&gt;")


def bounded_markdown(
    answer: Answer, *, most: int = BYTES, part: int = 0, offset: int = 0, ask_on: AskOn | None = None
) -> str:
    """Return an answer as Markdown of at most so many bytes of UTF-8.

    Parameters
    ----------
    most
        The budget, in bytes.
    part, offset
        Only this part, from 1, from this row on; 0 is all of them.
    ask_on
        Says how to have the rest of a part, from a row on.

    Examples
    --------
    >>> import kg
    >>> said = bounded_markdown(kg.gap(kg.open(as_of="2026-11-22"), "AI Engineer", held=["Python"]))
    >>> len(said.encode()) <= 7_000, "skill:ai-agents" in said, "rows shown" in said
    (True, True, True)
    """
    most = max(most, _LEAST)
    parts = _parts(answer)
    chosen = [one for one in parts if not part or one.number == part]
    begin = offset if part else 0
    how = ask_on or (lambda number, row: f"`--format table` has all; part {number}, from row {row + 1}")
    sources = _sources(answer)

    def written(shown: Mapping[int, int]) -> str:
        return "\n".join(_lines(answer, chosen, shown, begin, how, sources, len(parts)))

    counts = {one.number: 0 for one in chosen}
    level, fits = 1, True
    while fits and any(counts[one.number] < _size(one, begin) for one in chosen):
        further = {one.number: min(_size(one, begin), level * (3 if one is chosen[0] else 1)) for one in chosen}
        if fits := len(written(further).encode()) <= most:
            counts, level = further, level + max(1, level // 4)
    for one in chosen:  # what is left of the budget, row by row
        while counts[one.number] < _size(one, begin):
            further = {**counts, one.number: counts[one.number] + 1}
            if len(written(further).encode()) > most:
                break
            counts = further
    return _cut(written(counts), most)


def _size(part: _Part, begin: int) -> int:
    """Return how much there is of a part, in rows; a note alone counts as one."""
    return max(0, len(part.rows) - begin) or (1 if part.note else 0)


def _cut(text: str, most: int) -> str:
    raw = text.encode()
    return text if len(raw) <= most else raw[: most - 4].decode(errors="ignore") + "…"


def _lines(
    answer: Answer,
    parts: Sequence[_Part],
    shown: Mapping[int, int],
    begin: int,
    ask_on: AskOn,
    sources: Mapping[str, str],
    whole: int,
) -> Iterable[str]:
    about = answer.context
    dataset = " ".join(filter(None, (about.dataset.name, about.dataset.version)))
    yield inert(str(answer), _SENTENCE)
    yield f"\nAsked of {inert(dataset)}, as of {about.as_of}."
    numbers: dict[str, int] = {}
    left: list[str] = []
    for one in parts:
        count, size = shown[one.number], _size(one, begin)
        if count:
            yield from _table(one, begin, count, numbers)
        if count < size or begin:
            said = f"{count} of {len(one.rows)} rows shown" if one.rows else "not shown"
            title = inert(one.title or "Rows", 80)
            more = f"; ask on: {ask_on(one.number, begin + count)}" if count < size else ""
            left.append(f"- Part {one.number}, {title}: {said}{more}")
    if not parts and whole:
        left.append(f"- There are {whole} parts, numbered from 1.")
    if left:
        yield "\n## Left out\n"
        most = 12
        yield from left[:most]
        if len(left) > most:
            yield f"- and {len(left) - most} parts more"
    if numbers:
        yield "\n## Sources\n"
        yield from (f"{number}. {sources[iri]}" for iri, number in numbers.items())


def _table(part: _Part, begin: int, count: int, numbers: dict[str, int]) -> Iterable[str]:
    title = inert(part.title, 120)
    yield f"\n## {part.number}. {title}\n" if title else f"\n## {part.number}.\n"
    rows = part.rows[begin : begin + count]
    if rows:
        cited = part.cited[begin : begin + count]
        mark = any(cited)
        header = [*map(inert, part.header), *(["sources"] if mark else [])]
        yield f"| {' | '.join(header)} |"
        yield f"|{' --- |' * len(header)}"
        for row, iris in zip(rows, cited, strict=True):
            places = [str(numbers.setdefault(iri, len(numbers) + 1)) for iri in iris]
            yield f"| {' | '.join([*map(inert, row), *([', '.join(places)] if mark else [])])} |"
    if part.note:
        yield ("\n" if rows else "") + inert(part.note, 600)


def _parts(answer: Answer) -> list[_Part]:
    """Return the sections with the node of each row, and who speaks of it."""
    named = _named(answer)
    speaks = _speakers(answer.evidence)
    found = []
    for number, section in enumerate((*answer.sections(), *answer.notes()), start=1):
        nodes = [_node(row, named) for row in section.rows]
        plain = {cell for row in section.rows for cell in row}
        add = any(nodes) and not any(curie(iri) in plain for iri in nodes if iri)
        rows = tuple(
            (*row, curie(iri) if iri else "") if add else row for row, iri in zip(section.rows, nodes, strict=True)
        )
        found.append(
            _Part(
                number,
                section.title,
                (*_header(section), *(["iri"] if add else [])),
                rows,
                tuple(speaks.get(iri, ()) if iri else () for iri in nodes),
                section.note,
            )
        )
    return found


def _header(section: Section) -> tuple[str, ...]:
    width = max((len(row) for row in section.rows), default=0)
    return (*section.header, *([""] * width))[:width]


def _named(answer: Answer) -> dict[str, str]:
    """Return the IRI for each label that one node alone has, as the slice and the rows have them."""
    found: dict[str, set[str]] = {}
    for iri, attributes in answer.graph.nodes.items():
        if attributes.get("kind") in _KINDS:
            found.setdefault(str(attributes.get("label", "")), set()).add(str(iri))
    for row in answer.rows():
        if isinstance(row.get("iri"), str) and isinstance(row.get("label"), str):
            found.setdefault(row["label"], set()).add(row["iri"])
    return {label: next(iter(iris)) for label, iris in found.items() if label and len(iris) == 1}


def _node(row: Sequence[str], named: Mapping[str, str]) -> str:
    return next((named[name] for cell in row if (name := _BEHIND.sub("", cell)) in named), "")


def _speakers(evidence: Sequence[Claim]) -> dict[str, tuple[str, ...]]:
    """Return of each node the sources of the claims about it, those first that tie it to what the answer is about."""
    ends = Counter(end for claim in evidence for end in (claim.subject.iri, claim.object.iri))
    found: dict[str, dict[str, int]] = {}
    for claim in evidence:
        for one, other in ((claim.subject.iri, claim.object.iri), (claim.object.iri, claim.subject.iri)):
            of = found.setdefault(one, {})
            of[claim.source] = max(of.get(claim.source, 0), ends[other])
    return {iri: tuple(sorted(of, key=lambda source: (-of[source], source))[:_CITED]) for iri, of in found.items()}


def _sources(answer: Answer) -> dict[str, str]:
    """Return of each source its title, its date and where it can be read."""
    return {
        claim.source: ", ".join(
            filter(None, (inert(claim.source_label, 90), claim.source_date or "undated", inert(claim.source_url, 90)))
        )
        for claim in answer.evidence
    }
