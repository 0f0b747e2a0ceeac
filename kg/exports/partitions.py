"""A dataset in parts that fit in memory: what every export of any size is made from.

Quads are dealt out to files on disk by the checksum of their subject, so that all that is said of one thing lies in one
part; then one part at a time is read, sorted and written on. Memory holds a part, never the dataset, and the order of
the store plays no role: the same quads give the same parts. (Sorting in the store, by ``ORDER BY``, was rejected: it
holds the whole result, and an endpoint may cap it.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import groupby
from tempfile import TemporaryFile, gettempdir
from typing import IO, NamedTuple
from zlib import crc32

from pyoxigraph import Quad, RdfFormat, parse

from kg.errors import BadInput, KgError

__all__ = ["Part", "parts", "subjects", "temporary_file"]

_MOST = 500


class Part(NamedTuple):
    """One part of a dataset: its number from 0, and its quads as lines of N-Quads, sorted."""

    number: int
    lines: list[bytes]


@contextmanager
def temporary_file() -> Iterator[IO[bytes]]:
    """Give a file without a name, of which nothing is left, however this process ends."""
    file = TemporaryFile(prefix="kg-")
    try:
        yield file
    finally:
        with suppress(OSError):  # what is still buffered may have nowhere to go, which was said before
            file.close()


@contextmanager
def parts(quads: Iterable[Quad], size: int, *, most: int = 500_000) -> Iterator[Iterator[Part]]:
    """Deal quads out and give the parts, one at a time.

    Parameters
    ----------
    quads
        The dataset, each quad once, in any order.
    size
        How many quads there are; it decides the number of parts.
    most
        About so many quads go into a part. Beyond 500 parts, which is what can be open at once, parts grow instead.

    Examples
    --------
    >>> from pyoxigraph import NamedNode, Quad
    >>> n = NamedNode("https://example.org/n")
    >>> with parts([Quad(n, n, n)], 1) as dealt:
    ...     [(part.number, len(part.lines)) for part in dealt]
    [(0, 1)]
    """
    count = max(1, min(-(-size // most), _MOST))
    with ExitStack() as stack:
        try:
            files = [stack.enter_context(temporary_file()) for _ in range(count)]
            for quad in quads:
                files[crc32(str(quad.subject).encode()) % count].write(f"{quad} .\n".encode())
            for file in files:
                file.flush()
        except OSError as error:
            if isinstance(error, KgError):
                raise
            raise BadInput(
                f"The export sorts its parts in {gettempdir()}, which cannot be written: {error.strerror or error}. "
                "It takes some 200 bytes for a quad; set TMPDIR to a folder with more space."
            ) from None
        yield _sorted(files)


def _sorted(files: Iterable[IO[bytes]]) -> Iterator[Part]:
    for number, file in enumerate(files):
        file.seek(0)
        lines = sorted(file)
        file.close()
        yield Part(number, lines)


def subjects(part: Part) -> Iterator[tuple[str, list[Quad]]]:
    """Yield each subject of a part, as it is written in N-Quads, with all quads about it, both sorted."""
    for subject, quads in groupby(parse(b"".join(part.lines), format=RdfFormat.N_QUADS), lambda quad: quad.subject):
        yield str(subject), list(quads)
