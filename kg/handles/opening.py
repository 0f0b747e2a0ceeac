"""`open`: what a place is, and a handle on what is there.

`open_store` tells what a place is: the shipped dataset, an RDF file, facts in YAML, a store folder, the address of a
SPARQL endpoint. A further engine registers here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.handles.handle import KnowledgeGraph, read_day
from kg.model.errors import BadInput, StoreError
from kg.model.shipped import DATASET_FILE, read_data
from kg.model.terms import INFERRED
from kg.stores.combined import combine
from kg.stores.generations import check_pointer
from kg.stores.oxigraph import OxigraphStore, is_store_folder
from kg.stores.port import Store

if TYPE_CHECKING:
    from kg.sources.members import Member

__all__ = ["open", "open_store"]

Place = str | Path
#: A graph in memory: of rdflib, of networkx, or a DataFrame of edges; none of them is imported here.
InMemory = Any
#: Computes a SHA-256 when it is asked for; most answers never do.
Digest = Callable[[], str]


def open_store(
    where: Place | InMemory | Collection[Place | InMemory] | None = None, *, inferred: bool = False
) -> tuple[Store, Digest]:
    """Open what `where` names; several places are combined (`kg.stores.combined`).

    Derived claims that stand beside a store folder's content or in a file are read only where ``inferred`` asks for
    them; an endpoint and a dataset of rdflib are as they are.

    Returns
    -------
    tuple
        The store, and what computes the SHA-256 of its files: of one file that file's, of several that of their sums,
        empty where a store folder is among them.

    Raises
    ------
    StoreError
        A place is missing or is no store.
    BadInput
        A file has faults.
    """
    single = where is None or isinstance(where, str | Path) or _at_hand(where)
    if not single and not isinstance(where, Collection):
        raise BadInput(
            f"{type(where).__name__} is nothing that opens. Give a file, a folder, a store, an address, a graph of "
            "rdflib or networkx, or a DataFrame of edges."
        )
    places: tuple[Any, ...] = (where,) if single else tuple(where)  # type: ignore[arg-type]  # a Collection by now
    if not places:
        raise StoreError('No graph is named. Name a file, a folder of facts, a store folder, or "shipped".')
    if len(places) == 1:
        return _open_one(places[0], inferred)
    opened: list[tuple[Store, Digest]] = []
    try:
        beside = _files_of(places)
        for place in places:
            opened.append(_open_one(place, inferred, beside))
        if any(store.generation for store, _ in opened):
            return combine([(store, digest()) for store, digest in opened], name="inferred" if inferred else ""), str
        digests = [digest for _, digest in opened]
        return combine([(store, "") for store, _ in opened]), lambda: _sum_of_sums([digest() for digest in digests])
    except BaseException:
        for store, _ in opened:
            store.close()
        raise


def _sum_of_sums(sums: Collection[str]) -> str:
    from hashlib import sha256

    return sha256("".join(sums).encode()).hexdigest() if all(sums) else ""


def _sum_of_shipped() -> str:
    from hashlib import sha256

    return sha256(read_data(DATASET_FILE)).hexdigest()


def _at_hand(where: object) -> str:
    """Return which library a graph in memory is of; nothing where it is none. Who has one has imported that library."""
    for library, name in (("rdflib", "Graph"), ("networkx", "Graph"), ("pandas", "DataFrame")):
        made = getattr(sys.modules.get(library), name, None)
        if made is not None and isinstance(where, made):
            return library
    return ""


def _open_at_hand(what: Any, library: str) -> Store:
    """Return a graph in memory as a store: a dataset of rdflib itself, of anything else a copy."""
    if library == "networkx":
        from kg.handles.networkx_graphs import from_networkx

        return from_networkx(what).store
    if library == "pandas":
        from kg.handles.frames import open_frame

        return open_frame(what).store
    from kg.stores.memory import MemoryStore, of_graph

    return MemoryStore(what if isinstance(what, sys.modules["rdflib"].Dataset) else of_graph(what))


def _files_of(places: Collection[Any]) -> tuple[Member, ...]:
    """Return the RDF files that several places hold, whose sources are to have different names."""
    from kg.sources.members import members
    from kg.sources.rdf import FORMATS

    found: list[Member] = []
    for place in places:
        if isinstance(place, str | Path) and Path(place).exists() and not is_store_folder(Path(place)):
            with suppress(BadInput):  # who reads it says what is wrong
                found += (file for file in members(Path(place)) if file.suffix in FORMATS)
    return tuple(found)


def _open_one(place: Place | InMemory | None, inferred: bool, beside: Sequence[Member] = ()) -> tuple[Store, Digest]:
    if library := _at_hand(place):
        return _open_at_hand(place, library), str
    if place is None or place == "shipped":
        from kg.stores.preload import take

        return take(), _sum_of_shipped
    if not str(place):
        raise StoreError(
            "The name of the graph is empty. Name a file, a folder of facts, a store folder, an endpoint's address, or "
            '"shipped".'
        )
    if "://" in str(place):
        from kg.stores.endpoint import EndpointStore

        return EndpointStore(str(place)), str
    path = Path(place)
    if not path.exists():
        raise StoreError(f'There is no "{path}". Name a file, a folder of facts, a store folder, or "shipped".')
    if path.is_dir() and is_store_folder(path):
        return OxigraphStore(path, inferred=inferred), str
    if path.is_dir():
        check_pointer(path)
    from kg.handles.gathering import gather

    gathered = gather([path], beside=beside)
    store = OxigraphStore()
    quads = (*gathered.quads, *gathered.borrowed)
    store.add(quads if inferred else (quad for quad in quads if getattr(quad.graph_name, "value", "") != INFERRED))
    return store, lambda: gathered.sha256


def open(
    where: Place | InMemory | Collection[Place | InMemory] | None = None,
    *,
    as_of: date | str | None = None,
    lang: str = "en",
    release: Collection[str] = (),
    merge_mappings: bool = False,
    inferred: bool = False,
    strict: bool = False,
) -> KnowledgeGraph:
    """Open a career knowledge graph.

    Parameters
    ----------
    where
        ``None`` or ``"shipped"`` for the dataset that comes with the package; the path of an RDF file, of a facts
        file or folder (YAML), or of a store folder; the address of a SPARQL endpoint (``https://…``); a graph
        in memory: an rdflib ``Dataset``, which is read as it changes, or a copy of an rdflib ``Graph``, of a networkx
        graph (`kg.from_networkx`) or of a DataFrame of edges; or several of these, which are combined.
    as_of
        The day asked about, a `date` or ISO text; today by default.
    lang
        Language to prefer for labels; English, then any, where there is none.
    release
        The releases to read where the graph has several of a framework, by short id (``esco-1-1-1``) or as ``esco
        1.1.1``, or ``all``; the newest of each by default.
    merge_mappings
        Take as one node what mappings say is the same (``skos:exactMatch``), in every answer; the dataset stays as it
        is, and answers say what was merged.
    inferred
        Read derived claims too, which `kg.infer` has written; every answer says which of its claims are derived.
    strict
        Take only labels, listed aliases, codes and IRIs as names, and no line of what is held that is none: nothing is
        read as something else, be it said or not.

    Raises
    ------
    StoreError
        The place is no store, or cannot be read; or derived claims are asked for and there are none.
    BadInput
        A file has faults (all are listed), the date is none, or there is no such release.

    Examples
    --------
    >>> import kg
    >>> g = kg.open(as_of="2026-11-22")
    >>> print(kg.show(g, "AI-102"))
    Microsoft Certified: Azure AI Engineer Associate (AI-102): retired since 2026-06-30, not on offer on 2026-11-22;
    successor: Microsoft Certified: Azure AI Apps and Agents Developer Associate.
    """
    day = read_day(as_of)
    store, digest = open_store(where, inferred=inferred)
    release = (release,) if isinstance(release, str) else release
    opened = KnowledgeGraph(
        store,
        as_of=day,
        digest=digest,
        lang=lang,
        release=release,
        merge_mappings=merge_mappings,
        inferred=inferred,
        strict=strict,
    )
    if release or inferred:
        try:
            opened.left_out  # noqa: B018  # what is not there is said now, not when a question is asked
        except BaseException:
            opened.close()
            raise
    return opened
