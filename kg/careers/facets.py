"""Facets: under which head a claim is shown where nodes are compared, and the table that the article compares by."""

from __future__ import annotations

from kg.model.graphs import Attributes

__all__ = ["COMPARISON", "FACETS", "IN_TABLE", "article_line", "facet_of"]

#: The rows of the article's own table, by the facet its statements stand under.
COMPARISON = {
    "primary focus": "Primary focus",
    "work scope": "Work scope",
    "technology": "Technologies",
    "skill": "Skills",
    "typical tool": "Typical tools",
}
FACETS = (
    "skills",
    "tools",
    "technologies",
    "typical tools",
    "uses",
    "certifications",
    "roles",
    "prerequisites",
    "primary focus",
    "work scope",
    "focus",
    "activities",
)
#: The facets of the article's own table.
IN_TABLE = ("primary focus", "work scope", "technologies", "typical tools")
_USED = {"technology": "technologies", "typical tool": "typical tools"}


def facet_of(kind: str, outgoing: bool, data: Attributes, other_kind: str) -> str:
    """Return the facet under which a claim is shown, or nothing where it does not count in a comparison."""
    relation = data.get("relation", "")
    if kind == "role" and outgoing:
        if relation == "requires":
            return "tools" if other_kind == "tool" else "skills"
        if relation == "uses":
            return _USED.get(data.get("facet", ""), "uses")
        if relation == "focusesOn":
            heading = str(data.get("facet", ""))
            return heading if heading in ("primary focus", "work scope") else "focus"
        return "activities" if relation == "worksOn" else ""
    if kind == "role":
        return "certifications" if relation == "recommendedFor" else ""
    if kind == "certification":
        if relation == "certifies":
            return "tools" if other_kind == "tool" else "skills"
        if relation == "hasPrerequisite" and outgoing:
            return "prerequisites"
        return "roles" if relation == "recommendedFor" and outgoing else ""
    if outgoing:
        return "prerequisites" if relation == "hasPrerequisite" else ""
    return {"requires": "roles", "certifies": "certifications"}.get(relation, "")


def article_line(data: Attributes) -> int:
    """Return the line in the article that a claim's locator names; 0 where it names none."""
    place = str(data.get("locator", ""))
    return int(place.removeprefix("line ")) if place.removeprefix("line ").isdigit() else 0
