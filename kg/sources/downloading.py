"""A download that goes on where it was cut, in the shape that pooch asks of a downloader.

The bytes go to ``NAME.part``, and beside it the server's mark of the very file they are of (its ``ETag``, else its
``Last-Modified``): a download is continued only with ``If-Range`` and that mark, so that two files never become one.
What is whole, and really an archive, is moved to the name pooch gives; pooch compares the checksum.
"""

from __future__ import annotations

import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import requests

__all__ = ["Resuming", "Unusable"]

_LARGEST = 1_000_000_000  # bytes; a release of O*NET has about fifteen million
_UNPACKED = 8_000_000_000
_CHUNK = 1024  # bytes; of the piece in which a connection ends, what came is lost
_TRIES = 4
_PAUSE = 1.0  # seconds before the second try; twice as many before each further one
_TIMEOUT = (10, 60)  # seconds: to connect, and between two pieces
_PASSING = frozenset({429, 500, 502, 503, 504})


class Unusable(requests.RequestException):
    """What the server sends is not what was asked for, and will not be on the next try."""


class _Cut(requests.RequestException):
    """The connection ended before the file did."""


class Resuming:
    """Download an archive over HTTP to a file, in as many pieces as the connection makes of it.

    Parameters
    ----------
    part
        Where the bytes are kept until they are all there.
    """

    def __init__(self, part: Path) -> None:
        self.part = part
        self._mark = part.with_name(f"{part.name}.mark")

    def __call__(self, url: str, output_file: str, pooch: Any, check_only: bool = False) -> None:
        """Download the file; pooch calls this, with the temporary name that it will compare and move."""
        with requests.Session() as session:
            session.max_redirects = 5
            for attempt in range(_TRIES):
                try:
                    self._fetch(session, url)
                    break
                except requests.RequestException as error:
                    status = None if error.response is None else error.response.status_code
                    passing = not isinstance(error, Unusable) and (status is None or status in _PASSING)
                    if not passing or attempt == _TRIES - 1:
                        raise
                    time.sleep(_PAUSE * 2**attempt)
        try:
            _check_archive(self.part)
        except Unusable:
            self._forget()
            raise
        self.part.replace(output_file)
        self._forget()

    def _fetch(self, session: requests.Session, url: str) -> None:
        """Ask for the file, or for the rest of it, and write what comes."""
        have, mark = self._kept()
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": mark}
        with session.get(url, headers=headers, stream=True, timeout=_TIMEOUT) as response:
            hops = [*(hop.url for hop in response.history), response.url]
            if url.startswith("https://") and not all(hop.startswith("https://") for hop in hops):
                raise Unusable("it leads to an address without encryption")
            if response.status_code == requests.codes.requested_range_not_satisfiable:
                self._forget()  # it is shorter than what we have of it: another file
                raise _Cut("the file is another one now", response=None)
            response.raise_for_status()
            goes_on = response.status_code == requests.codes.partial_content and response.headers.get(
                "Content-Range", ""
            ).startswith(f"bytes {have}-")
            if response.status_code == requests.codes.partial_content and not goes_on:
                self._forget()
                raise _Cut("another part came than was asked for", response=None)
            start = have if goes_on else 0
            size = _size(response, start)
            if not start:
                self.part.unlink(missing_ok=True)  # never the mark of one file beside the bytes of another
                self._remember(response)
            with self.part.open("ab" if start else "wb") as file, _progress(self.part, start, size) as advance:
                for chunk in response.iter_content(_CHUNK):
                    start += len(chunk)
                    if start > _LARGEST:
                        raise Unusable(f"it sends more than {_LARGEST:,} bytes")
                    file.write(chunk)
                    advance(len(chunk))
            if size is not None and start != size:
                raise _Cut(f"{start:,} of {size:,} bytes came")

    def _kept(self) -> tuple[int, str]:
        """Return how many bytes are there, and the mark of the file they are of; (0, "") where they are of no use."""
        try:
            have, mark = self.part.stat().st_size, self._mark.read_text(encoding="latin-1")
        except OSError:
            return 0, ""
        return (have, mark) if have and mark else (0, "")

    def _remember(self, response: requests.Response) -> None:
        """Keep the server's mark of the file; a weak one (RFC 9110, 13.1.5) is no promise that bytes are the same."""
        tag = response.headers.get("ETag", "")
        mark = tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")
        self._mark.write_text(mark, encoding="latin-1")

    def _forget(self) -> None:
        self.part.unlink(missing_ok=True)
        self._mark.unlink(missing_ok=True)


def _size(response: requests.Response, start: int) -> int | None:
    """Return how many bytes the whole file has, where the server says."""
    told = response.headers.get("Content-Length", "")
    size = start + int(told) if told.isdigit() else None
    if size is not None and size > _LARGEST:
        raise Unusable(f"it announces {size:,} bytes, more than {_LARGEST:,}")
    return size


def _check_archive(path: Path) -> None:
    """Raise where a file is no zip archive, or one whose members are not as they were packed."""
    try:
        with ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > _UNPACKED:
                raise Unusable(f"it sends an archive of more than {_UNPACKED:,} bytes")
            if archive.testzip() is not None:
                raise Unusable("it sends an archive that is damaged")
    except zlib.error:
        raise Unusable("it sends an archive that is damaged") from None
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        raise Unusable("it sends something that is no zip archive") from None


class _progress:  # noqa: N801  # used like the function it is
    """Show how far a download is, on a terminal; elsewhere nothing."""

    def __init__(self, part: Path, start: int, size: int | None) -> None:
        self._bar: Any = None
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

            columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn()
            self._bar = Progress(*columns, console=Console(stderr=True))
            self._task = self._bar.add_task(part.stem, total=size, completed=start)

    def __enter__(self) -> Callable[[int], None]:
        if self._bar is None:
            return lambda _: None
        self._bar.start()
        return lambda count: self._bar.advance(self._task, count)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
