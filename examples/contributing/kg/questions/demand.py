"""`demand`: which roles require a skill or tool?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kg.handles.asking import ask, question
from kg.handles.handle import Handle
from kg.model.answers import Answer, Claim, Node, counted, node
from kg.model.columns import IRI, KIND, TEXT, Column
from kg.model.graphs import Graph

__all__ = ["Demand", "demand"]


@dataclass(frozen=True)
class Demand(Answer):
    """The roles that require a skill or tool, by label."""

    columns: ClassVar = (
        Column("iri", IRI, "the role", lambda n: n.iri),
        Column("label", TEXT, "its name", lambda n: n.label),
        Column("kind", KIND, "its kind", lambda n: n.kind),
    )

    node: Node
    roles: tuple[Node, ...]

    def __str__(self) -> str:
        return f"{self.node.label} is required by {counted(len(self.roles), 'role')}."

    def entries(self) -> tuple[Node, ...]:
        """Return the roles: a row each."""
        return self.roles


@question
def demand(g: Handle | Graph, name: str) -> Demand:
    """Which roles require a skill or tool?

    Parameters
    ----------
    name
        Label, alias or IRI of a skill or tool.

    Examples
    --------
    >>> import kg
    >>> print(kg.demand(kg.open(), "Keras"))
    Keras is required by 1 role.
    """
    asked = ask(g, name=name)
    wanted = asked.node(name, "skill", "tool")
    graph = asked.slice("demand", item=[wanted.iri])
    edges = [e for e in graph.in_edges(wanted.iri, keys=True, data=True) if e[3]["relation"] == "requires"]
    claims = sorted((Claim.read(graph, edge) for edge in edges), key=lambda claim: claim.sort_key)
    roles = sorted({node(graph, role) for role, *_ in edges})
    return Demand(wanted, tuple(roles), evidence=tuple(claims), context=asked.context(graph))
