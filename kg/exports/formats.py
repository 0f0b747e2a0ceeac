"""Every answer in every format: text and table for people, json and csv for programs, html to send, ttl for the web
of data.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from kg.answers import Answer, section_html
from kg.errors import BadInput
from kg.exports.text import plain_text, table_text
from kg.graphs import ClaimGraph

__all__ = ["FORMATS", "to_csv", "to_html", "to_json", "to_ttl"]


def to_json(answer: Answer) -> str:
    """Return the answer as one JSON object (`kg/schemas/answer.schema.json`)."""
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


_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
h1 { font-size: 1.375rem; }
h2 { font-size: 1.125rem; }
main { overflow-x: auto; }
table { border-collapse: collapse; margin: 0 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid #8886; }
pre { overflow-x: auto; }
footer { opacity: .75; font-size: .875rem; }
"""


def to_html(answer: Answer) -> str:
    """Return the answer as one self-contained HTML page: no script, nothing loaded, every label escaped, light and
    dark.
    """
    title = escape(str(answer))
    sections = "\n".join(section_html(section, heading="h2") for section in answer.sections())
    data = answer.context.dataset
    about = escape(f"{data.name} {data.version}, as of {answer.context.as_of}")
    evidence = "".join(
        f"<li>{escape(c.subject.label)} <em>{escape(c.relation)}</em> {escape(c.object.label)}: "
        f"{_linked(c.source_label, c.source_url)}{escape(', ' + c.source_date if c.source_date else '')}"
        f"{escape(', ' + c.locator if c.locator else '')}</li>"
        for c in answer.evidence
    )
    proof = (
        f"<details><summary>Evidence: {len(answer.evidence)} claims</summary><ul>{evidence}</ul></details>"
        if evidence
        else ""
    )
    query = (
        f"<details><summary>The query</summary><pre>{escape(answer.sparql)}</pre></details>" if answer.sparql else ""
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n{sections}\n{proof}\n{query}\n</main>\n<footer>{about}</footer>\n</body>\n</html>\n"
    )


def _linked(label: str, url: str) -> str:
    """Return a label as a link where the address is one that can be followed safely."""
    if url.startswith(("https://", "http://")):
        return f'<a href="{escape(url)}" rel="noreferrer">{escape(label)}</a>'
    return escape(label)


def to_ttl(answer: Answer) -> str:
    """Return the slice behind the answer as Turtle: the claims, the nodes they tie, the sources that make them.

    Raises
    ------
    BadInput
        The answer was computed on a networkx graph, which holds no RDF.
    """
    from pyoxigraph import Quad

    from kg.exports.rdf import write_turtle

    graph = answer.context.graph
    if not isinstance(graph, ClaimGraph) or not graph.triples:
        raise BadInput("This answer has no RDF behind it. Turtle comes from questions to a graph opened by kg.open.")
    return write_turtle(Quad(t.subject, t.predicate, t.object) for t in graph.triples).decode()


#: Format by name.
FORMATS: dict[str, Callable[[Answer], str]] = {
    "text": plain_text,
    "table": table_text,
    "json": to_json,
    "csv": to_csv,
    "html": to_html,
    "ttl": to_ttl,
}
