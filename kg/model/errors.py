"""The tree of errors.

::

    KgError
    ├── UnknownName    (LookupError)   no node answers to that name
    ├── AmbiguousName  (LookupError)   several do; they are listed, none is taken
    ├── BadInput       (ValueError)    a file or value that cannot be used; all faults at once
    ├── QueryError     (ValueError)    a SPARQL query that cannot be parsed or run
    │   ├── QueryRefused               it would reach out of the graph, or change it where that is not allowed
    │   └── QueryStopped               it was ended at its limit of time or memory
    ├── StoreError     (RuntimeError)  a store that cannot be opened, read or written
    │   ├── StoreBusy                  more is asked of it than it can do at once
    │   └── BrokenIri                  it holds an IRI that is none
    ├── FetchError     (OSError)       a download that failed, or is not what it should be
    └── MissingExtra   (ImportError)   an optional package is not installed

Every message has three parts: what was asked, what there is, what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "AmbiguousName",
    "BadInput",
    "BrokenIri",
    "Fault",
    "FetchError",
    "KgError",
    "MissingExtra",
    "QueryError",
    "QueryRefused",
    "QueryStopped",
    "StoreBusy",
    "StoreError",
    "UnknownName",
]


class KgError(Exception):
    """Anything that career-kg itself finds wrong with what it was given."""


class UnknownName(KgError, LookupError):
    """No node answers to the name; `close` holds the labels that come nearest."""

    def __init__(self, message: str, close: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.close = tuple(close)


class AmbiguousName(KgError, LookupError):
    """Several nodes answer to the name; `candidates` holds their IRIs, none is taken."""

    def __init__(self, message: str, candidates: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)


class QueryError(KgError, ValueError):
    """A SPARQL query that cannot be parsed or run."""


class QueryRefused(QueryError):
    """A query that would reach out of the graph (SERVICE, LOAD), or change a graph that may only be read."""


class QueryStopped(QueryError):
    """A query that was ended at its limit of time or memory, without an answer."""


class StoreError(KgError, RuntimeError):
    """A store that cannot be opened, read or written."""


class FetchError(KgError, OSError):
    """A download that failed, or that is not what it should be; nothing has its final name."""


class StoreBusy(StoreError):
    """More is asked of a store than it can do at once; try again a little later."""


class BrokenIri(StoreError):
    """A store holds an IRI that is none, as rdflib and some endpoints let in; `iri` is what stands there.

    Examples
    --------
    >>> print(BrokenIri("http://x.org/a b"))
    The data has <http://x.org/a b>, which is no absolute IRI. Mend it: whole, with its scheme, and %20 for a space.
    """

    def __init__(self, iri: str) -> None:
        self.iri = iri
        what = f"The data has <{iri}>, which is no absolute IRI."
        super().__init__(f"{what} Mend it: whole, with its scheme, and %20 for a space.")


class MissingExtra(KgError, ImportError):
    """An optional package is not installed.

    Examples
    --------
    >>> print(MissingExtra("pandas", "frames", "to_frame()"))
    to_frame() needs pandas, which is not installed. Install it with: pip install 'career-kg[frames]'
    """

    def __init__(self, package: str, extra: str, what: str) -> None:
        super().__init__(
            f"{what} needs {package}, which is not installed. Install it with: pip install 'career-kg[{extra}]'"
        )


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with a file: where, what, and what to do about it.

    Attributes
    ----------
    file
        Path as the user gave it; empty for data that never was a file.
    line
        Counted from 1; 0 where the line is not known.
    field
        Path of the field inside the file, such as ``roles[0].requires[2].skill``.
    """

    file: str
    line: int
    field: str
    message: str
    fix: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        head = ": ".join(part for part in (place, self.field, self.message) if part)
        return f"{head} {self.fix}".rstrip()


class BadInput(KgError, ValueError):
    """Input that cannot be used; `faults` holds every fault found, not only the first.

    Examples
    --------
    >>> print(BadInput("jobs.yaml", [Fault("jobs.yaml", 3, "roles[0].id", "is missing.", "Add an id.")]))
    jobs.yaml cannot be used: 1 fault.
      jobs.yaml:3: roles[0].id: is missing. Add an id.
    """

    def __init__(self, what: str, faults: Iterable[Fault] = ()) -> None:
        self.faults = tuple(faults)
        if not self.faults:
            super().__init__(what)
            return
        count = len(self.faults)
        lines = [f"{what} cannot be used: {count} fault{'s' if count > 1 else ''}."]
        lines += [f"  {fault}" for fault in self.faults]
        super().__init__("\n".join(lines))
