"""The questions, one per file.

The name is the address: `overlap` is `kg/questions/overlap.py`, `kg.overlap`, `kg overlap`, `queries/overlap.rq`.
"""

from __future__ import annotations

__all__ = ["QUESTIONS"]

#: Every question over the graph, in the order a newcomer meets them, with the first line of its docstring, so that the
#: command line can list them without importing them.
QUESTIONS = {
    "find": "Which node does a text mean?",
    "show": "What is known of one node, and what uses it?",
    "list": "What is there, of one kind?",
    "overlap": "What do two or more nodes of a kind share, and what sets them apart?",
    "gap": "What does a role require that is not held yet?",
    "plan": "In which order does one get to a role from what is held, and which certifications prove it?",
    "roadmap": "What is the whole way to a role, from nothing, in stages?",
    "similar": "Which roles are most like this one?",
    "nearest": "Which roles suit what somebody holds?",
    "opens": "Which few skills bring most roles within reach?",
    "path": "What is the shortest way from one node to another?",
    "paths": "Which chains lead from one node to another?",
    "why": "Who says so?",
    "disagree": "Are two things one and the same, by what each source says?",
}
