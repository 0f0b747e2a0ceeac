"""What is exported: the whole dataset, or the part that is about some nodes or that an answer rests on.

A part is a dataset of its own, with the same quads in the same named graphs, so that every format can write it and
questions can be asked of it. What its claims tie is described as in the whole dataset, with every name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Quad, Triple

from kg.exports.losses import RELATIONS
from kg.handles.handle import KnowledgeGraph
from kg.handles.versions import ALL, scope
from kg.model.errors import BadInput
from kg.model.terms import INFERRED, KG, RDF
from kg.stores.binding import bind, load_query
from kg.stores.oxigraph import OxigraphStore

if TYPE_CHECKING:
    from kg.model.answers import Answer
    from kg.stores.port import Store

__all__ = ["chosen_part"]

#: So many things are asked about at once.
_AT_ONCE = 500
_ENDS = (RDF.subject, RDF.predicate, RDF.object)


def chosen_part(g: KnowledgeGraph, about: Sequence[str] = (), answer: Answer | None = None) -> KnowledgeGraph:
    """Return the part of a dataset to export as a dataset.

    Parameters
    ----------
    about
        Names of nodes: what `kg.show` reads of each is taken.
    answer
        An answer to a question to this dataset: the slice it was computed on is taken.

    Raises
    ------
    BadInput
        The dataset merges mapped nodes, or the answer is one to a networkx graph.
    UnknownName, AmbiguousName
        A name means no node, or several.
    """
    if g.merge_mappings:
        raise BadInput("An export writes what the dataset says, where nothing is merged. Leave out --merge-mappings.")
    if not about and answer is None:
        # every release, or those asked for: forms that are nodes and edges would else read the newest alone
        store = scope(g.store, g.release or (ALL,), inferred=g.inferred)[0]
        if store is g.store and not g.left_out:
            return g
        return KnowledgeGraph(store, as_of=g.as_of, lang=g.lang, release=(ALL,), inferred=g.inferred)
    wanted: set[Triple] = set()
    if about:
        wanted |= {*g.slice("show", node=[g.resolve(name).iri for name in about]).triples}
    if answer is not None:
        behind = answer.context.triples
        if not behind:
            raise BadInput("This answer has no RDF behind it. Ask a graph opened by kg.open, and export that answer.")
        wanted |= {*behind}
    part = OxigraphStore()
    claims = _claims(wanted)
    wanted |= {*_plain(claims)}
    ends = {said[end] for said in claims for end in (RDF.subject, RDF.object)}
    part.add(_quads(g.scoped, wanted, ends))
    derived = part.ask(f"ASK {{ GRAPH <{INFERRED}> {{ ?claim a ?class }} }}")
    return KnowledgeGraph(part, as_of=g.as_of, lang=g.lang, inferred=derived)


def _claims(triples: set[Triple]) -> list[dict[str, Any]]:
    """Return subject, predicate and object of each claim, as terms."""
    said: dict[Any, dict[str, Any]] = {}
    for triple in triples:
        if triple.predicate.value in _ENDS:
            said.setdefault(triple.subject, {})[triple.predicate.value] = triple.object
    return [found for found in said.values() if len(found) == len(_ENDS)]


def _plain(claims: list[dict[str, Any]]) -> Iterator[Triple]:
    """Yield the plain triples of claims, which a slice may leave out."""
    for said in claims:
        relation = said[RDF.predicate]
        narrower = (KG.requiresEssential, KG.requiresOptional) if relation.value == KG.requires else ()
        for name in (relation, *map(NamedNode, narrower)):
            yield Triple(said[RDF.subject], name, said[RDF.object])


def _quads(store: Store, wanted: set[Triple], described: set[Any]) -> Iterator[Quad]:
    """Yield triples, and all that is said of some nodes but their relations, with the graphs they stand in."""
    things = {triple.subject.value for triple in wanted if isinstance(triple.subject, NamedNode)}
    things |= {node.value for node in described if isinstance(node, NamedNode)}
    ordered = sorted(things)
    query = load_query("said")
    for start in range(0, len(ordered), _AT_ONCE):
        for subject, predicate, target, graph in store.select(
            bind(query, thing=ordered[start : start + _AT_ONCE])
        ).rows:
            triple = Triple(subject, predicate, target)  # type: ignore[arg-type]  # the query binds these three
            if triple in wanted or (subject in described and triple.predicate.value not in RELATIONS):
                yield Quad(triple.subject, triple.predicate, triple.object, graph)  # type: ignore[arg-type]  # a name
