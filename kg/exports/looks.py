"""What the kinds look like in forms that have colours and shapes: Mermaid, GraphML for yEd, GEXF for Gephi.

The shape tells the kind without the colour. Colours are pale, so that a dark name can be read on them.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["LOOKS", "OTHER", "Look"]


class Look(NamedTuple):
    """Fill and rim as ``#rrggbb``, and the name of the shape in yEd."""

    fill: str
    rim: str
    shape: str


#: By kind.
LOOKS = {
    "role": Look("#dbeafe", "#1d4ed8", "roundrectangle"),
    "skill": Look("#dcfce7", "#15803d", "rectangle"),
    "tool": Look("#fef3c7", "#b45309", "octagon"),
    "certification": Look("#fce7f3", "#be185d", "hexagon"),
    "provider": Look("#ede9fe", "#6d28d9", "trapezoid"),
    "activity": Look("#e5e7eb", "#374151", "ellipse"),
}
#: Of every other thing: sources, citations, groups …
OTHER = Look("#ffffff", "#8b96a3", "diamond")
