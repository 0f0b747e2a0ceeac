"""Answers that are lists (`find`, `list`) as a picture: their nodes, in columns; no lines."""

from __future__ import annotations

from kg.model.answers import Answer, Node, text
from kg.views.layout import Listing, best_rows, grid
from kg.views.scene import Scene
from kg.views.sketch import Sketch

__all__ = ["scene"]

#: Marks drawn; the table has every row.
_MOST = 500


def scene(answer: Answer) -> Scene:
    """Return the picture of an answer whose rows name nodes (iri, label, kind); of any other, an empty one.

    A page of the empty scene is the answer's words and tables.
    """
    sketch = Sketch(answer)
    rows = [row for row in answer.rows() if row.get("iri") and row.get("kind")]
    marks = []
    for row in {str(row["iri"]): row for row in rows[:_MOST]}.values():
        more = [
            (name.replace("_", " "), text(value))
            for name, value in row.items()
            if name not in ("iri", "label", "kind") and value not in (None, "")
        ]
        n = Node(str(row["label"]), str(row["iri"]), str(row["kind"]))
        group = text(row.get("category") or row.get("status") or "")
        marks.append(
            sketch.mark(n, group=group, more=more, note=text(row.get("name")) if row.get("name") != n.label else "")
        )
    found = Listing.of(marks)
    sketch.marks += grid(marks, 0.0, 0.0, best_rows(found.size, max(len(marks), 1))).marks
    return sketch.scene(type(answer).__name__.lower())
