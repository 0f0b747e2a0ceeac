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
    from kg.careers.people import people as people
    from kg.careers.people import profile as profile
    from kg.careers.profile import People as People
    from kg.careers.profile import Profile as Profile
    from kg.checks.check import Check as Check
    from kg.checks.check import check as check
    from kg.checks.lint import Lint as Lint
    from kg.checks.lint import lint as lint
    from kg.engine.updating import update as update
    from kg.exports.datasets import Export as Export
    from kg.exports.datasets import export as export
    from kg.handles.handle import KnowledgeGraph as KnowledgeGraph
    from kg.handles.loading import load as load
    from kg.handles.networks import graph as graph
    from kg.handles.networkx_graphs import from_networkx as from_networkx
    from kg.handles.opening import open as open
    from kg.handles.rdflib_datasets import dataset as dataset
    from kg.model.errors import AmbiguousName as AmbiguousName
    from kg.model.errors import BadInput as BadInput
    from kg.model.errors import FetchError as FetchError
    from kg.model.errors import KgError as KgError
    from kg.model.errors import MissingExtra as MissingExtra
    from kg.model.errors import QueryError as QueryError
    from kg.model.errors import QueryRefused as QueryRefused
    from kg.model.errors import QueryStopped as QueryStopped
    from kg.model.errors import StoreError as StoreError
    from kg.model.errors import UnknownName as UnknownName
    from kg.model.shipped import data_path as data_path
    from kg.model.statements import Importance as Importance
    from kg.model.statements import Level as Level
    from kg.model.statements import Source as Source
    from kg.model.statements import Statement as Statement
    from kg.model.statements import Value as Value
    from kg.model.terms import KG as KG
    from kg.notebook.explorer import explore as explore
    from kg.notebook.magics import load_ipython_extension as load_ipython_extension
    from kg.questions.disagree import Disagree as Disagree
    from kg.questions.disagree import disagree as disagree
    from kg.questions.find import Find as Find
    from kg.questions.find import find as find
    from kg.questions.gap import Gap as Gap
    from kg.questions.gap import gap as gap
    from kg.questions.link import Link as Link
    from kg.questions.link import link as link
    from kg.questions.list import List as List
    from kg.questions.list import list as list
    from kg.questions.nearest import Nearest as Nearest
    from kg.questions.nearest import nearest as nearest
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
    from kg.questions.sparql import sparql as sparql
    from kg.questions.sparql_answer import Sparql as Sparql
    from kg.questions.why import Why as Why
    from kg.questions.why import why as why
    from kg.releases.diff import Diff as Diff
    from kg.releases.diff import diff as diff
    from kg.releases.infer import infer as infer
    from kg.releases.inferred import Infer as Infer
    from kg.sources.fetch import Fetch as Fetch
    from kg.sources.fetch import fetch as fetch
    from kg.sources.starting import init as init
    from kg.views.drawing import draw as draw
    from kg.views.page import Page as Page

#: Public names in the order a newcomer meets them, each with the module it lives in.
_CONTENTS = {
    # open a graph
    "open": "kg.handles.opening",
    "KnowledgeGraph": "kg.handles.handle",
    # ask it
    "find": "kg.questions.find",
    "show": "kg.questions.show",
    "list": "kg.questions.list",
    "overlap": "kg.questions.overlap",
    "gap": "kg.questions.gap",
    "plan": "kg.questions.plan",
    "roadmap": "kg.questions.roadmap",
    "similar": "kg.questions.similar",
    "nearest": "kg.questions.nearest",
    "opens": "kg.questions.opens",
    "path": "kg.questions.path",
    "paths": "kg.questions.path",
    "why": "kg.questions.why",
    "disagree": "kg.questions.disagree",
    "link": "kg.questions.link",
    "sparql": "kg.questions.sparql",
    # who asks
    "profile": "kg.careers.people",
    "people": "kg.careers.people",
    "Profile": "kg.careers.profile",
    "People": "kg.careers.profile",
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
    "Nearest": "kg.questions.nearest",
    "Opens": "kg.questions.opens",
    "Path": "kg.questions.path",
    "Paths": "kg.questions.path",
    "Why": "kg.questions.why",
    "Disagree": "kg.questions.disagree",
    "Link": "kg.questions.link",
    "Sparql": "kg.questions.sparql_answer",
    # in a notebook
    "explore": "kg.notebook.explorer",
    "load_ipython_extension": "kg.notebook.magics",
    # go further: networkx, rdflib, your own data
    "graph": "kg.handles.networks",
    "dataset": "kg.handles.rdflib_datasets",
    "from_networkx": "kg.handles.networkx_graphs",
    "load": "kg.handles.loading",
    "update": "kg.engine.updating",
    "infer": "kg.releases.infer",
    "Infer": "kg.releases.inferred",
    "fetch": "kg.sources.fetch",
    "Fetch": "kg.sources.fetch",
    "diff": "kg.releases.diff",
    "Diff": "kg.releases.diff",
    "init": "kg.sources.starting",
    "export": "kg.exports.datasets",
    "Export": "kg.exports.datasets",
    "check": "kg.checks.check",
    "Check": "kg.checks.check",
    "lint": "kg.checks.lint",
    "Lint": "kg.checks.lint",
    "data_path": "kg.model.shipped",
    # the terms and what statements are made of
    "KG": "kg.model.terms",
    "Statement": "kg.model.statements",
    "Source": "kg.model.statements",
    "Value": "kg.model.statements",
    "Importance": "kg.model.statements",
    "Level": "kg.model.statements",
    # what can go wrong
    "KgError": "kg.model.errors",
    "UnknownName": "kg.model.errors",
    "AmbiguousName": "kg.model.errors",
    "BadInput": "kg.model.errors",
    "QueryError": "kg.model.errors",
    "QueryRefused": "kg.model.errors",
    "QueryStopped": "kg.model.errors",
    "StoreError": "kg.model.errors",
    "FetchError": "kg.model.errors",
    "MissingExtra": "kg.model.errors",
}

#: What a room finds by name that lies further along the road: how Jupyter shows an answer.
_SHOWN_BY = {"bundle": "kg.views.drawing"}

__all__ = [*_CONTENTS]


def __getattr__(name: str) -> Any:  # PEP 562: each name has its own type, declared above
    if module := _CONTENTS.get(name) or _SHOWN_BY.get(name):
        return getattr(import_module(module), name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}")


def __dir__() -> list[str]:  # type: ignore[valid-type]  # here `list` is the question above
    return sorted(__all__)
