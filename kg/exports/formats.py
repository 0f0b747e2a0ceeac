"""Every answer in every format: for people, for programs, to send, to print, for the web of data, and for editors.

A picture as PNG is no text: `kg.views.drawing.Drawing.render` has it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kg.model.answers import Answer
from kg.model.errors import BadInput
from kg.views.text_tables import plain_text, table_text

__all__ = ["FORMATS", "to_csv", "to_html", "to_json", "to_markdown", "to_svg", "to_ttl"]


def to_json(answer: Answer) -> str:
    """Return the answer as one JSON object (`kg.exports.answer_schema`)."""
    import json

    return json.dumps(answer.to_json(), ensure_ascii=False, indent=2) + "\n"


def to_csv(answer: Answer) -> str:
    """Return the rows as CSV with a header; lists are joined by "; ".

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
    if rows:
        writer.writerow(rows[0])
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
    """Return the answer as Markdown within the budget where none is named (`kg.views.markdown`)."""
    from kg.views.markdown import bounded_markdown

    return bounded_markdown(answer) + "\n"


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
