"""A dataset in parts that fit in memory: what every export of any size is made from.

Quads are dealt out to files on disk by the checksum of their subject, so that all that is said of one thing lies in one
part; then one part at a time is read, sorted and written on. Memory holds a part, never the dataset, and the order of
the store plays no role: the same quads give the same parts. (Sorting in the store, by ``ORDER BY``, was rejected: it
holds the whole result, and an endpoint may cap it.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zlib import crc32

from pyoxigraph import Quad, RdfFormat, parse

__all__ = ["Part", "parts", "subjects"]

_MOST = 500


class Part(NamedTuple):
    """One part of a dataset: its number from 0, and its quads as lines of N-Quads, sorted."""

    number: int
    lines: list[bytes]


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
    with TemporaryDirectory(prefix="kg-export-") as folder:
        places = [Path(folder) / f"{number:03d}.nq" for number in range(count)]
        with ExitStack() as stack:
            files = [stack.enter_context(place.open("wb")) for place in places]
            for quad in quads:
                files[crc32(str(quad.subject).encode()) % count].write(f"{quad} .\n".encode())
        yield _sorted(places)


def _sorted(places: Iterable[Path]) -> Iterator[Part]:
    for number, place in enumerate(places):
        with place.open("rb") as file:
            lines = sorted(file)
        place.unlink()
        yield Part(number, lines)


def subjects(part: Part) -> Iterator[tuple[str, list[Quad]]]:
    """Yield each subject of a part, as it is written in N-Quads, with all quads about it, both sorted."""
    for subject, quads in groupby(parse(b"".join(part.lines), format=RdfFormat.N_QUADS), lambda quad: quad.subject):
        yield str(subject), list(quads)
