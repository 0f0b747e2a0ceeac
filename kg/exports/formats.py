"""Every answer in every format: for people, for programs, to send, to print, for the web of data, and for editors.

A workbook and a picture as PNG are no text: `kg.exports.xlsx` and `kg.views.drawing.Drawing.render` have them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kg.model.answers import Answer
from kg.model.errors import BadInput
from kg.views.text_tables import plain_text, table_text

__all__ = ["FORMATS", "answer_form", "to_csv", "to_html", "to_json", "to_markdown", "to_svg", "to_ttl"]


def to_json(answer: Answer) -> str:
    """Return the answer as one JSON object (`kg.exports.answer_schema`)."""
    import json

    return json.dumps(answer.to_json(), ensure_ascii=False, indent=2) + "\n"


def to_csv(answer: Answer) -> str:
    """Return the rows as CSV with a header, also where there are none; lists are joined by "; ".

    Text that a spreadsheet would run as a formula gets an apostrophe before it.

    References
    ----------
    RFC 4180; OWASP, CSV Injection.
    """
    import csv
    from io import StringIO

    rows = answer.rows()
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if header := [*rows[0]] if rows else [column.name for column in answer.columns_here()]:
        writer.writerow(header)
        writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> str | int | float:  # a value of a row: plain, or a list of plain values
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    joined = value if isinstance(value, str) else "; ".join(str(_cell(item)) for item in value)
    return f"'{joined}" if joined[:1] in ("=", "+", "-", "@", "\t", "\r") else joined


def to_html(answer: Answer) -> str:
    """Return the answer as an interactive page that loads nothing: picture, words, tables, evidence."""
    from kg.views.drawing import draw

    return draw(answer).html


def to_svg(answer: Answer) -> str:
    """Return the answer as a still picture."""
    from kg.views.drawing import scene_of
    from kg.views.still import svg

    return svg(scene_of(answer))


def to_ttl(answer: Answer) -> str:
    """Return the slice behind the answer as Turtle: the claims, the nodes they tie, the sources that make them.

    Raises
    ------
    BadInput
        The answer was computed on a networkx graph, which holds no RDF.
    """
    from pyoxigraph import Quad

    from kg.model.rdf_text import write_turtle

    triples = answer.context.triples
    if not triples:
        raise BadInput("This answer has no RDF behind it. Turtle comes from questions to a graph opened by kg.open.")
    return write_turtle(Quad(t.subject, t.predicate, t.object) for t in triples).decode()


def _to_sarif(answer: Answer) -> str:
    """Return the findings of `check` or `lint` as a SARIF 2.1.0 log (`kg.exports.sarif`).

    Raises
    ------
    BadInput
        The answer has no findings.
    """
    from kg.exports.sarif import to_sarif as run

    return run(answer)


def to_markdown(answer: Answer) -> str:
    """Return the answer as Markdown, whole; within a budget it is `kg.views.markdown.bounded_markdown`."""
    from kg.exports.markdown import whole_markdown

    return whole_markdown(answer)


#: Format by name.
FORMATS: dict[str, Callable[[Answer], str]] = {
    "text": plain_text,
    "table": table_text,
    "json": to_json,
    "csv": to_csv,
    "html": to_html,
    "svg": to_svg,
    "ttl": to_ttl,
    "md": to_markdown,
    "sarif": _to_sarif,
}
#: What the ending of a file says of its form; the first of several is meant where none is named.
ENDINGS = {
    ".txt": ("text", "table"),
    ".md": ("md",),
    ".markdown": ("md",),
    ".csv": ("csv",),
    ".json": ("json", "sarif", "json-resume"),
    ".html": ("html",),
    ".htm": ("html",),
    ".svg": ("svg",),
    ".png": ("png",),
    ".xlsx": ("xlsx",),
    ".ttl": ("ttl",),
    ".sarif": ("sarif",),
    ".tsv": ("tsv",),
    ".xml": ("xml",),
    ".srx": ("xml",),
    ".srj": ("json",),
    ".yaml": ("yaml",),
    ".yml": ("yaml",),
}


def answer_form(form: str | None, output: Path | None, default: str = "text") -> str:
    """Return the form to write an answer in: that which is named, else that which the ending of the file says.

    Raises
    ------
    BadInput
        The two contradict each other, or the ending says none of ours and none is named.

    Examples
    --------
    >>> answer_form(None, Path("plan.xlsx")), answer_form("sarif", Path("check.json")), answer_form(None, None)
    ('xlsx', 'sarif', 'text')
    """
    ending = "" if output is None else output.suffix.lower()
    said = ENDINGS.get(ending, ())
    if form is not None and said and form not in said:
        raise BadInput(
            f"--format {form} contradicts the ending of {output}, which says {said[0]}. Leave out --format, or give "
            "the file another ending."
        )
    if form is None and ending and not said:
        raise BadInput(
            f"No answer is written as {ending} ({output}). Endings are {', '.join(ENDINGS)}; with any other, --format "
            "says the form."
        )
    return form or (said[0] if said else default)
