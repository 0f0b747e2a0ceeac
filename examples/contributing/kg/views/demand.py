"""`demand` as a picture: the thing, and around it the roles that require it."""

from __future__ import annotations

from kg.questions.demand import Demand

from kg.views.layout import rank_ring
from kg.views.scene import Scene
from kg.views.sketch import Sketch, by_ends

__all__ = ["scene"]


def scene(answer: Demand) -> Scene:
    """Return the picture of a demand: a ring of roles, clockwise by label from the top."""
    sketch = Sketch(answer)
    said = by_ends(answer.evidence)
    sketch.put(sketch.mark(answer.node, weight=1.0, group="asked about"), 0.0, 0.0)
    roles = [sketch.mark(role, group="requires it") for role in answer.roles]
    sketch.marks += rank_ring(roles, [180.0] * len(roles))
    for role in answer.roles:
        sketch.line(role.iri, answer.node.iri, "requires", said[role.iri, "requires", answer.node.iri])
    return sketch.scene("demand", groups=["asked about", "requires it"])
