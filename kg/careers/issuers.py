"""Which providers are meant by what people call them."""

from __future__ import annotations

from collections.abc import Sequence

from kg.handles.handle import Handle
from kg.model.errors import BadInput
from kg.model.folding import fold
from kg.model.graphs import Attributes, local_name
from kg.model.terms import KG

__all__ = ["issuers_of"]


def issuers_of(handle: Handle, wanted: Sequence[str]) -> frozenset[str] | None:
    """Return the IRIs of the providers meant: by name, id, alias or initials, else by part of a name; None for any."""
    if not wanted:
        return None
    graph = handle.slice("list", **{"class": [KG.Provider]})
    there = {iri: data for iri, data in graph.nodes.items() if data.get("kind") == "provider"}
    found: set[str] = set()
    for want in wanted:
        folded = fold(want)

        def names(iri: str, data: Attributes) -> set[str]:
            label = str(data.get("label", iri))
            initials = "".join(word[0] for word in label.split())
            return {iri, *map(fold, (local_name(iri), label, initials, *data.get("aliases", ())))}

        meant = {iri for iri, data in there.items() if names(iri, data) & {want, folded}}
        meant = meant or {iri for iri, data in there.items() if folded and folded in fold(str(data.get("label", "")))}
        if not meant:
            known = ", ".join(sorted(str(data.get("label", iri)) for iri, data in there.items())) or "none at all"
            raise BadInput(f'No provider "{want}". There are: {known}.')
        found |= meant
    return frozenset(found)
