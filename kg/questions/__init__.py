"""The questions, one per file.

The name is the address: `overlap` is `kg/questions/overlap.py`, `kg.overlap`, `kg overlap`, `queries/overlap.rq`.
"""

from __future__ import annotations

__all__ = ["QUESTIONS"]

#: Every question over the graph, in the order a newcomer meets them.
QUESTIONS = ("find", "show", "list", "overlap")
