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

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

__all__ = [
    "AmbiguousName",
    "BadInput",
    "BrokenIri",
    "Fault",
    "Faults",
    "FetchError",
    "KgError",
    "MissingExtra",
    "QueryError",
    "QueryRefused",
    "QueryStopped",
    "StoreBusy",
    "StoreError",
    "UnknownName",
    "hide_secrets",
    "is_address",
]

#: User and password of an address, up to the last @ before its path; where there is a password, whatever signs it has.
#: A path that was made of an address has one slash.
_USER = re.compile(r"\b([a-z][a-z0-9+.-]*:/{1,2})(?:[^\s/?#@:]*:(?!\d{1,5}(?:[/?#\s]|$))[^\s<>\"]*@|[^\s/?#]*@)", re.I)
#: What follows a field of an address that is called like a secret.
_FIELD = re.compile(
    r"([?&;#][\w.-]*(?:token|(?<![a-z])key|apikey|secret|passw(?:or)?d|pwd|passphrase|signature|sig|auth|credentials?)=)[^\s&;#<>\"']+",
    re.I,
)


def hide_secrets(text: str) -> str:
    """Return a text without the secrets of the addresses in it: user and password, and fields such as ``token=``.

    Every error of ours passes here when it is made, and whatever the command line writes to standard error.

    Examples
    --------
    >>> print(hide_secrets("https://me:p@ss/word@example.org/sparql?api_key=12&x=1 cannot be read."))
    https://example.org/sparql?api_key=…&x=1 cannot be read.
    >>> print(hide_secrets("http:/me@example.org/a https://example.org:80/@b"))
    http:/example.org/a https://example.org:80/@b
    """
    if ":/" not in text and "=" not in text:
        return text
    return _FIELD.sub(r"\1…", _USER.sub(r"\1", text))


def is_address(path: object) -> bool:
    """Whether a path is an address of the web, which has one slash less once it was made a path.

    Examples
    --------
    >>> [is_address(text) for text in ("https://example.org/a.ttl", "https:/example.org/a.ttl", "C:/a.ttl", "a.ttl")]
    [True, True, False, False]
    """
    return re.match(r"[a-z][a-z0-9+.-]+:/", str(path), re.IGNORECASE) is not None


class KgError(Exception):
    """Anything that career-kg itself finds wrong with what it was given; its message holds no secret of an address."""

    def __init__(self, message: str = "") -> None:
        super().__init__(hide_secrets(message))


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

    def __post_init__(self) -> None:
        """Keep secrets of addresses out of whatever shows a fault: a message, a report, a log."""
        for name in ("file", "field", "message", "fix"):
            object.__setattr__(self, name, hide_secrets(getattr(self, name)))

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        head = ": ".join(part for part in (place, self.field, self.message) if part)
        return f"{head} {self.fix}".rstrip()


#: A message tells so many faults; the rest is counted.
TOLD = 100


class BadInput(KgError, ValueError):
    """Input that cannot be used; `faults` holds every fault found, and the message the first hundred.

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
        lines += [f"  {fault}" for fault in self.faults[:TOLD]]
        if count > TOLD:
            lines.append(f"  … and {count - TOLD:,} more. Mend these first.")
        super().__init__("\n".join(lines))


class Faults:
    """The faults of several files, gathered so that all are told at once.

    Examples
    --------
    >>> faults = Faults()
    >>> with faults.kept():
    ...     raise BadInput("a.csv", [Fault("a.csv", 2, "level", "is no number.", "Write 3.")])
    >>> [fault.line for fault in faults.found]
    [2]
    """

    def __init__(self) -> None:
        self.found: list[Fault] = []

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep what is wrong with the input inside, and go on."""
        try:
            yield
        except BadInput as error:
            self.found += error.faults or (Fault("", 0, "", str(error)),)

    def tell(self) -> None:
        """Raise BadInput with every fault that was kept; do nothing where there is none."""
        if self.found:
            files = {fault.file for fault in self.found}
            raise BadInput(next(iter(files)) if len(files) == 1 else f"{len(files)} files", self.found)
