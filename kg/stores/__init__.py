"""Stores: a port of very few methods, and what stands behind it.

`open_store` tells what a place is: the shipped dataset, an RDF file, facts in YAML, a store folder. A further engine
registers here.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from pathlib import Path

from kg.errors import StoreError
from kg.shipped import DATASET_FILE, read_data
from kg.stores.oxigraph import OxigraphStore, is_store_folder
from kg.stores.port import Store

__all__ = ["open_store"]

Place = str | Path


def open_store(where: Place | Collection[Place] | None = None) -> tuple[Store, str]:
    """Open what `where` names; several places are combined in memory.

    Returns
    -------
    tuple
        The store, and the SHA-256 of the file it was read from: of one file that file's, of several that of their
        sums, empty for a store folder.

    Raises
    ------
    StoreError
        A place is missing or is no store.
    BadInput
        A file has faults.
    """
    places = (where,) if where is None or isinstance(where, str | Path) else tuple(where)
    if len(places) <= 1:
        return _open_one(places[0] if places else None)
    combined, sums = OxigraphStore(), []
    for place in places:
        store, digest = _open_one(place)
        combined.add(store.quads())
        sums.append(digest)
    return combined, sha256("".join(sums).encode()).hexdigest() if all(sums) else ""


def _open_one(place: Place | None) -> tuple[Store, str]:
    if place is None or place == "shipped":
        from kg.stores.preload import take

        return take(), sha256(read_data(DATASET_FILE)).hexdigest()
    if not str(place):
        raise StoreError(
            'The name of the graph is empty. Name a file, a folder of facts, a store folder, or "shipped".'
        )
    if "://" in str(place):
        raise StoreError(
            f"{place} is an address. This version reads files and store folders: `kg load FILE --into FOLDER`."
        )
    path = Path(place)
    if not path.exists():
        raise StoreError(f'There is no "{path}". Name a file, a folder of facts, a store folder, or "shipped".')
    if path.is_dir() and is_store_folder(path):
        return OxigraphStore(path), ""
    from kg.loading import gather

    gathered = gather([path])
    store = OxigraphStore()
    store.add((*gathered.quads, *gathered.borrowed))
    return store, gathered.sha256
