"""career-kg: a career knowledge graph that can be questioned.

>>> import kg
>>> g = kg.open(as_of="2026-11-22")
>>> print(kg.find(g, "AIP-C01"))
"AIP-C01" is AWS Certified Generative AI Developer – Professional (certification).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # each name `as` itself, which tells type checkers that it is public
    from kg.benching import Bench as Bench
    from kg.benching import bench as bench
    from kg.cells.explorer import explore as explore
    from kg.cells.magics import load_ipython_extension as load_ipython_extension
    from kg.checking.check import Check as Check
    from kg.checking.check import check as check
    from kg.comparing.diff import Diff as Diff
    from kg.comparing.diff import diff as diff
    from kg.errors import AmbiguousName as AmbiguousName
    from kg.errors import BadInput as BadInput
    from kg.errors import FetchError as FetchError
    from kg.errors import KgError as KgError
    from kg.errors import MissingExtra as MissingExtra
    from kg.errors import QueryError as QueryError
    from kg.errors import QueryRefused as QueryRefused
    from kg.errors import QueryStopped as QueryStopped
    from kg.errors import StoreError as StoreError
    from kg.errors import UnknownName as UnknownName
    from kg.exports.datasets import Export as Export
    from kg.exports.datasets import export as export
    from kg.fetching.fetch import Fetch as Fetch
    from kg.fetching.fetch import fetch as fetch
    from kg.handle import KnowledgeGraph as KnowledgeGraph
    from kg.handle import graph as graph
    from kg.handle import open as open
    from kg.inference.infer import infer as infer
    from kg.inference.report import Infer as Infer
    from kg.linting.lint import Lint as Lint
    from kg.linting.lint import lint as lint
    from kg.loading import load as load
    from kg.networks import from_networkx as from_networkx
    from kg.querying.answer import Sparql as Sparql
    from kg.querying.asking import sparql as sparql
    from kg.querying.updating import update as update
    from kg.questions.disagree import Disagree as Disagree
    from kg.questions.disagree import disagree as disagree
    from kg.questions.find import Find as Find
    from kg.questions.find import find as find
    from kg.questions.gap import Gap as Gap
    from kg.questions.gap import gap as gap
    from kg.questions.list import List as List
    from kg.questions.list import list as list
    from kg.questions.opens import Opens as Opens
    from kg.questions.opens import opens as opens
    from kg.questions.overlap import Overlap as Overlap
    from kg.questions.overlap import overlap as overlap
    from kg.questions.path import Path as Path
    from kg.questions.path import Paths as Paths
    from kg.questions.path import path as path
    from kg.questions.path import paths as paths
    from kg.questions.plan import Plan as Plan
    from kg.questions.plan import plan as plan
    from kg.questions.roadmap import Roadmap as Roadmap
    from kg.questions.roadmap import roadmap as roadmap
    from kg.questions.show import Show as Show
    from kg.questions.show import show as show
    from kg.questions.similar import Similar as Similar
    from kg.questions.similar import similar as similar
    from kg.questions.why import Why as Why
    from kg.questions.why import why as why
    from kg.rdf import dataset as dataset
    from kg.shipped import data_path as data_path
    from kg.starting import init as init
    from kg.statements import Importance as Importance
    from kg.statements import Level as Level
    from kg.statements import Source as Source
    from kg.statements import Statement as Statement
    from kg.statements import Value as Value
    from kg.terms import KG as KG
    from kg.views.drawing import draw as draw
    from kg.views.page import Page as Page

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
    "gap": "kg.questions.gap",
    "plan": "kg.questions.plan",
    "roadmap": "kg.questions.roadmap",
    "similar": "kg.questions.similar",
    "opens": "kg.questions.opens",
    "path": "kg.questions.path",
    "paths": "kg.questions.path",
    "why": "kg.questions.why",
    "disagree": "kg.questions.disagree",
    "sparql": "kg.querying.asking",
    # draw the answer
    "draw": "kg.views.drawing",
    "Page": "kg.views.page",
    # the answers
    "Find": "kg.questions.find",
    "Show": "kg.questions.show",
    "List": "kg.questions.list",
    "Overlap": "kg.questions.overlap",
    "Gap": "kg.questions.gap",
    "Plan": "kg.questions.plan",
    "Roadmap": "kg.questions.roadmap",
    "Similar": "kg.questions.similar",
    "Opens": "kg.questions.opens",
    "Path": "kg.questions.path",
    "Paths": "kg.questions.path",
    "Why": "kg.questions.why",
    "Disagree": "kg.questions.disagree",
    "Sparql": "kg.querying.answer",
    # in a notebook
    "explore": "kg.cells.explorer",
    "load_ipython_extension": "kg.cells.magics",
    # go further: networkx, rdflib, your own data
    "graph": "kg.handle",
    "dataset": "kg.rdf",
    "from_networkx": "kg.networks",
    "load": "kg.loading",
    "update": "kg.querying.updating",
    "infer": "kg.inference.infer",
    "Infer": "kg.inference.report",
    "fetch": "kg.fetching.fetch",
    "Fetch": "kg.fetching.fetch",
    "bench": "kg.benching",
    "Bench": "kg.benching",
    "diff": "kg.comparing.diff",
    "Diff": "kg.comparing.diff",
    "init": "kg.starting",
    "export": "kg.exports.datasets",
    "Export": "kg.exports.datasets",
    "check": "kg.checking.check",
    "Check": "kg.checking.check",
    "lint": "kg.linting.lint",
    "Lint": "kg.linting.lint",
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
    "QueryRefused": "kg.errors",
    "QueryStopped": "kg.errors",
    "StoreError": "kg.errors",
    "FetchError": "kg.errors",
    "MissingExtra": "kg.errors",
}

__all__ = [*_CONTENTS]


def __getattr__(name: str) -> Any:  # PEP 562: each name has its own type, declared above
    if name in _CONTENTS:
        return getattr(import_module(_CONTENTS[name]), name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}")


def __dir__() -> list[str]:  # type: ignore[valid-type]  # here `list` is the question above
    return sorted(__all__)
