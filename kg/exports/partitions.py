"""A dataset in parts that fit in memory: what every export of any size is made from.

Quads are dealt out to files on disk by the checksum of their subject, so that all that is said of one thing lies in one
part; then one part at a time is read, sorted and written on. Memory holds a part, never the dataset, and the order of
the store plays no role: the same quads give the same parts. (Sorting in the store, by ``ORDER BY``, was rejected: it
holds the whole result, and an endpoint may cap it.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import BytesIO
from itertools import groupby
from tempfile import TemporaryFile, gettempdir
from typing import IO, TYPE_CHECKING, NamedTuple
from zlib import crc32

from pyoxigraph import Quad, RdfFormat, parse, serialize

from kg.model.errors import BadInput, KgError
from kg.stores.oxigraph import OxigraphStore

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from kg.stores.port import Store

__all__ = ["Part", "parts", "said_of_temporary", "subjects", "temporary_file"]

_MOST = 500
#: So many bytes are dealt out at a time.
_AT_ONCE = 1 << 20


class Part(NamedTuple):
    """One part of a dataset: its number from 0, and its quads as lines of N-Quads, sorted."""

    number: int
    lines: list[bytes]


@contextmanager
def temporary_file() -> Iterator[IO[bytes]]:
    """Give a file without a name, of which nothing is left, however this process ends.

    Raises
    ------
    BadInput
        It cannot be made.
    """
    with said_of_temporary():
        file = TemporaryFile(prefix="kg-")  # noqa: SIM115  # closed below, where that may fail
    try:
        yield file
    finally:
        with suppress(OSError):  # what is still buffered may have nowhere to go, which was said before
            file.close()


@contextmanager
def parts(store: Store, *, most: int = 500_000) -> Iterator[Iterator[Part]]:
    """Deal the quads of a store out and give the parts, one at a time.

    Parameters
    ----------
    most
        About so many quads go into a part. Beyond 500 parts, which is what can be open at once, parts grow instead.

    Examples
    --------
    >>> from pyoxigraph import NamedNode, Quad
    >>> from kg.stores.oxigraph import OxigraphStore
    >>> n, store = NamedNode("https://example.org/n"), OxigraphStore()
    >>> store.add([Quad(n, n, n)])
    >>> with parts(store) as dealt:
    ...     [(part.number, len(part.lines)) for part in dealt]
    [(0, 1)]
    """
    count = max(1, min(-(-len(store) // most), _MOST))
    with ExitStack() as stack:
        dealer = _Dealer([stack.enter_context(temporary_file()) for _ in range(count)])
        try:
            if isinstance(store, OxigraphStore):
                store.write(dealer)
            else:
                serialize(store.quads(), dealer, RdfFormat.N_QUADS)
            dealer.finish()
        except (OSError, KgError):
            if dealer.failure:
                raise _full(dealer.failure) from None
            raise
        yield _sorted(dealer.files)


@contextmanager
def said_of_temporary() -> Iterator[None]:
    """Say of the temporary folder that it cannot be written, where a fault would else be put down to another place."""
    try:
        yield
    except OSError as error:
        raise _full(error) from None


def _full(error: OSError) -> BadInput:
    try:
        place = gettempdir()
    except FileNotFoundError:  # there is none at all
        place = "a temporary folder"
    return BadInput(
        f"What is sorted and put together goes to {place} meanwhile, which cannot be written: "
        f"{error.strerror or error}. It takes some 200 bytes for a quad; set TMPDIR to a folder with more space."
    )


class _Dealer(BytesIO):
    """A file to write N-Quads to, that deals the lines out to others by the checksum of their subject.

    Attributes
    ----------
    failure
        Why one of the others could not be written, which whoever writes here may say in other words.
    """

    def __init__(self, files: list[IO[bytes]]) -> None:
        super().__init__()
        self.files = files
        self.failure: OSError | None = None

    def write(self, data: Buffer, /) -> int:
        """Take in a piece of the text, which may end within a line."""
        size = super().write(data)
        if self.tell() > _AT_ONCE:
            try:
                self._deal()
            except OSError as error:
                self.failure = error
                raise
        return size

    def _deal(self) -> None:
        whole, _, rest = self.getvalue().rpartition(b"\n")
        self.seek(0)
        self.truncate()
        super().write(rest)
        if len(self.files) == 1:
            self.files[0].write(whole + b"\n" if whole else b"")
            return
        dealt: list[list[bytes]] = [[] for _ in self.files]
        count = len(dealt)
        for line in whole.split(b"\n") if whole else ():
            dealt[crc32(line[: line.index(b" ")]) % count].append(line)
        for file, lines in zip(self.files, dealt, strict=True):
            if lines:
                file.write(b"\n".join(lines) + b"\n")

    def finish(self) -> None:
        """Deal out what is left."""
        try:
            self._deal()
            for file in self.files:
                file.flush()
        except OSError as error:
            self.failure = error
            raise


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
