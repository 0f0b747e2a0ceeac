"""career-kg: a career knowledge graph that can be questioned.

>>> import kg
>>> g = kg.open(as_of="2026-11-22")
>>> print(kg.find(g, "AIP-C01"))
"AIP-C01" is AWS Certified Generative AI Developer – Professional (certification).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.errors import AmbiguousName, BadInput, KgError, MissingExtra, QueryError, StoreError, UnknownName
    from kg.handle import KnowledgeGraph, graph, open
    from kg.loading import load
    from kg.networks import from_networkx
    from kg.questions.find import Find, find
    from kg.questions.list import List, list
    from kg.questions.overlap import Overlap, overlap
    from kg.questions.show import Show, show
    from kg.shipped import data_path
    from kg.statements import Importance, Level, Source, Statement, Value
    from kg.terms import KG

#: Public names in the order a newcomer meets them, each with the module it lives in.
_CONTENTS = {
    # open a graph
    "open": "kg.handle",
    "KnowledgeGraph": "kg.handle",
    # ask it
    "find": "kg.questions.find",
    "show": "kg.questions.show",
    "list": "kg.questions.list",
    "overlap": "kg.questions.overlap",
    # the answers
    "Find": "kg.questions.find",
    "Show": "kg.questions.show",
    "List": "kg.questions.list",
    "Overlap": "kg.questions.overlap",
    # go further: networkx, your own data
    "graph": "kg.handle",
    "from_networkx": "kg.networks",
    "load": "kg.loading",
    "data_path": "kg.shipped",
    # the terms and what statements are made of
    "KG": "kg.terms",
    "Statement": "kg.statements",
    "Source": "kg.statements",
    "Value": "kg.statements",
    "Importance": "kg.statements",
    "Level": "kg.statements",
    # what can go wrong
    "KgError": "kg.errors",
    "UnknownName": "kg.errors",
    "AmbiguousName": "kg.errors",
    "BadInput": "kg.errors",
    "QueryError": "kg.errors",
    "StoreError": "kg.errors",
    "MissingExtra": "kg.errors",
}

__all__ = [*_CONTENTS]


def __getattr__(name: str) -> Any:  # PEP 562: each name has its own type, declared above
    if name in _CONTENTS:
        return getattr(import_module(_CONTENTS[name]), name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}")


def __dir__() -> list[str]:  # type: ignore[valid-type]  # here `list` is the question above
    return sorted(__all__)
