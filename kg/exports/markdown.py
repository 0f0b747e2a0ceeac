"""Markdown: an answer whole, for a note, a wiki, an issue; tables are those of GitHub Flavored Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.model.answers import Answer
from kg.views.text_tables import arranged, clean

__all__ = ["whole_markdown"]

#: What Markdown or HTML would read as more than itself.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>|#~!&])")
#: An address in running text becomes a link by itself.
_LINK = re.compile(r"(?i)\b(https?|ftp|www)(?=[:.])")
#: What would begin a list, a heading or a rule at the beginning of a line.
_BEGINNING = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")


def whole_markdown(answer: Answer) -> str:
    """Return an answer as Markdown, every label escaped: its sentence, every section as a table, the sources.

    References
    ----------
    GitHub Flavored Markdown Spec, tables (extension), 2019.
    """
    parts = [f"**{_escaped(str(answer))}**"]
    if answer.next_step:
        parts.append(_escaped(answer.next_step))
    for section in arranged(answer):
        if section.title:
            parts.append(f"## {_escaped(section.title)}")
        if section.rows:
            parts.append("\n".join(_table(section.header, section.rows)))
        if section.note:
            parts.append(_escaped(section.note))
    about = answer.context.dataset
    parts.append(
        _escaped(" ".join(part for part in (about.name, about.version, "as of", answer.context.as_of) if part))
    )
    return "\n\n".join(parts) + "\n"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [_row(header), _row(["---"] * len(header), escape=False), *map(_row, rows)]


def _row(cells: Sequence[str], *, escape: bool = True) -> str:
    return f"| {' | '.join(_escaped(cell) if escape else cell for cell in cells)} |"


def _escaped(text: str) -> str:
    r"""Return a text that Markdown shows as it is, on one line.

    Examples
    --------
    >>> print(_escaped("C# | <b>"), _escaped("- a"))
    C\# \| \<b\> \- a
    """
    line = " ".join(clean(text).split())
    return _BEGINNING.sub(r"\1\\\2", _LINK.sub("\\1\N{ZERO WIDTH NON-JOINER}", _SIGNS.sub(r"\\\1", line)))
