"""`update`: change a store folder by SPARQL Update."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from kg.engine.process import DataPlace, Worker
from kg.model.errors import StoreError
from kg.stores.generations import check_pointer
from kg.stores.oxigraph import is_store_folder

__all__ = ["Updated", "update"]


class Updated(NamedTuple):
    """What an update did: quads in the folder before and afterwards, and whether derived claims were dropped."""

    before: int
    after: int
    dropped: bool = False


def update(folder: str | Path, text: str, *, timeout: float = 30.0) -> Updated:
    """Change the quads of a store folder by SPARQL 1.1 Update, all or nothing.

    The folder gets a new generation, without the claims that were derived from the old one (`kg.infer`), and who reads
    the old one is not disturbed. An update names its graphs, by GRAPH, WITH or USING: a pattern without one sees the
    default graph alone, in which this project keeps nothing.

    Parameters
    ----------
    folder
        A store folder, as `kg.load` writes it.
    text
        SPARQL Update; several operations are separated by semicolons.
    timeout
        Seconds after which the update is ended, the folder as it was; 0 for no limit.

    Raises
    ------
    StoreError
        There is no store folder, or another process writes into it.
    QueryError
        The update cannot be parsed or run, or is refused (LOAD, SERVICE), or was ended at its limit.

    References
    ----------
    W3C, SPARQL 1.1 Update.

    Examples
    --------
    >>> import kg, tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     _ = kg.load([kg.data_path("ontology/kg.ttl")], into=place)
    ...     done = kg.update(place, "INSERT DATA { GRAPH source:mine { tool:x a kg:Tool } }")
    ...     done.after - done.before
    1
    """
    path = Path(folder)
    if not is_store_folder(path):
        check_pointer(path)
        raise StoreError(
            f"{folder} is no store folder, and only those can be changed. `kg load FILE --into FOLDER` makes one."
        )
    with Worker(DataPlace("nothing")) as worker:
        head, _ = worker.ask(text, timeout=timeout, folder=str(path.absolute()))
    return Updated(int(head["before"]), int(head["after"]), bool(head["dropped"]))
