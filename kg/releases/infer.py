"""`infer`: what follows from the claims, written as claims of their own."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from kg.handles.handle import KnowledgeGraph
from kg.handles.opening import open as open_graph
from kg.handles.versions import releases_of
from kg.model.answers import Context
from kg.model.errors import BadInput, StoreError
from kg.model.terms import INFERRED, KG
from kg.releases.deriving import Derived, derive
from kg.releases.infer_rules import rules_named
from kg.releases.inferred import Infer
from kg.releases.premises import read_premises
from kg.stores.generations import clear_leftovers, inferred_of
from kg.stores.oxigraph import OxigraphStore
from kg.stores.port import Store

__all__ = ["infer"]

#: The files that derived claims are written to, by ending.
_ENDINGS = (".trig", ".nq")


def infer(
    g: KnowledgeGraph | str | Path | None = None, *, rules: Collection[str] = (), into: str | Path | None = None
) -> Infer:
    """What follows from the claims, by named rules?

    Derived claims are written as claims, each with its rule and its premises, in a named graph of their own. They take
    the place of all that were derived before, so that running twice changes nothing. Questions and SPARQL read them
    only where they are asked to (`kg.open(…, inferred=True)`, ``--inferred``).

    Parameters
    ----------
    g
        A graph that `kg.open` opened, or its place; of frameworks the release is read that the graph reads.
    rules
        Names of the rules to apply; all by default.
    into
        The file to write, .trig or .nq; by default the store folder that was asked.

    Returns
    -------
    Infer
        How many claims each rule concluded.

    Raises
    ------
    BadInput
        There is no such rule; the graph is no store folder, and no file is named; it was opened with derived claims.
    StoreError
        The folder cannot be written, or has changed meanwhile; it is as it was.

    References
    ----------
    W3C, SKOS Simple Knowledge Organization System Reference, sections 8 and 10. W3C, OWL 2 Web Ontology Language
    Profiles, section 4.3 (the rules prp-trp, prp-symp, prp-inv1, prp-spo1, prp-spo2).

    Examples
    --------
    >>> import kg, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     found = kg.infer(kg.open(), rules=["relevant-certification"], into=f"{folder}/derived.trig")
    ...     with_them = kg.open(["shipped", f"{folder}/derived.trig"], inferred=True)
    ...     kg.why(with_them, "AI-103", "AI Engineer").measures["derived"]
    1
    """
    handle = g if isinstance(g, KnowledgeGraph) else open_graph(g)
    applied = rules_named(rules)
    if handle.inferred:
        raise BadInput(
            "Rules conclude from what is asserted, and this graph is read with its derived claims. Open it without."
        )
    file = Path(into) if into is not None else None
    if file is not None and file.suffix not in _ENDINGS:
        raise BadInput(f'"{file}" ends in neither {" nor ".join(_ENDINGS)}. Name the file so that its form is clear.')
    folder = handle.store if isinstance(handle.store, OxigraphStore) and handle.store.folder else None
    if file is None and folder is None:
        raise BadInput(
            "This graph is no store folder, and no file is named to write to. Name a store folder (kg infer --graph "
            "FOLDER), or a file (kg infer -o derived.trig)."
        )
    store = handle.scoped
    facts = read_premises(store, {relation for rule in applied for relation in (*rule.reads, *rule.concludes)})
    with derive(applied, facts, date=_newest(store, facts.sources)) as derived:
        if file is not None:
            changed = _write_file(file, derived)
        else:
            assert folder is not None  # noqa: S101  # one of the two is there
            changed = _write_folder(folder, derived)
        return Infer(
            rules=applied,
            claims=dict(derived.claims),
            quads=derived.quads,
            sources=len(facts.sources),
            releases=tuple(r.title for r in releases_of(handle.store) if r.source in facts.sources),
            place=str(file if file is not None else folder.folder),  # type: ignore[union-attr]  # as above
            changed=changed,
            context=Context(
                as_of=handle.as_of.isoformat(),
                dataset=handle.dataset,
                asked={"rules": [rule.name for rule in applied]},
            ),
        )


def _write_folder(store: OxigraphStore, derived: Derived) -> bool:
    """Put the claims beside the content of a store folder; leave them where the same stand there already."""
    if store.folder is not None and store.holds_inferred and _holds(store, derived.checksum):
        clear_leftovers(store.folder)
        return False
    store.derive(derived.chunks())
    return True


def _holds(store: OxigraphStore, checksum: str) -> bool:
    """Whether claims of this checksum stand beside the generation that was read; what is damaged holds none."""
    asked = f"SELECT DISTINCT ?sum WHERE {{ GRAPH <{INFERRED}> {{ <{INFERRED}> <{KG.checksum}> ?sum }} }}"
    try:
        before = OxigraphStore(store.folder, inferred=True)
        try:
            beside = store.generation is not None and before.generation == inferred_of(store.generation)
            return beside and [row["sum"] for row in before.select(asked).dicts()] == [checksum]
        finally:
            before.close()
    except StoreError:
        return False


def _write_file(path: Path, derived: Derived) -> bool:
    """Write the claims to a file; TriG is sorted, as in an export."""
    from kg.model.rdf_text import write_trig
    from kg.model.writing import write_file

    content = b"".join(derived.chunks())
    if path.suffix == ".trig":
        content = write_trig(parse(content, RdfFormat.N_QUADS))
    try:
        if path.is_file() and path.read_bytes() == content:
            return False
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}. Name another file.") from None
    write_file(path, content)
    return True


def _newest(store: Store, sources: Collection[str]) -> str:
    """Return the newest date of the sources, of the precision it has; empty where none is dated."""
    rows = store.select("SELECT DISTINCT ?source ?date WHERE { ?source <http://purl.org/dc/terms/date> ?date }").dicts()
    return max((str(row["date"]) for row in rows if row["source"] in sources), default="")
