"""Files, folders and archives as one list of members, each of which opens as a stream.

What comes in an archive was packed by somebody else: names that lead out of it, members that are too many, too large
or packed too tightly to be honest, encryption and damage are refused before a byte is unpacked, and a member that
turns out larger than it said ends with an error. Nothing is ever unpacked to disk.

References
----------
D. Fifield, A better zip bomb, WOOT 2019 (why both sizes and ratios are capped, and members may not overlap).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from kg.model.errors import BadInput, Fault, is_address

__all__ = ["Member", "check_archive", "members", "printable"]

#: An archive with more members than this is refused; the largest release of O*NET has 44.
MAX_MEMBERS = 2_000
#: A member, and an archive, that unpacks to more bytes than this is refused; all of ESCO in one language has 43 MB.
MAX_MEMBER_BYTES = 1 << 30
MAX_TOTAL_BYTES = 4 << 30
#: A member larger than `RATIO_FROM` that was packed to less than this part is refused; text packs to a tenth or so.
MAX_RATIO = 200
RATIO_FROM = 1 << 20

_BLOCK = 1 << 20
_HARMFUL = "Such an archive is made to harm; do not use it."


def printable(path: Path | str) -> str:
    r"""Return a path as text, in which bytes that are no UTF-8 are escaped, so that two names stay two.

    Examples
    --------
    >>> printable("caf\udce9.ttl")
    'caf\\xe9.ttl'
    """
    return str(path).encode(errors="surrogateescape").decode(errors="backslashreplace")


@dataclass(frozen=True)
class Member:
    """One file, or one file inside an archive.

    Attributes
    ----------
    path, inner
        The file on disk, and the name inside it where that is an archive.
    size
        Its length in bytes, unpacked.
    called
        What the source that the file is is called, where its own name is that of another file too.
    """

    path: Path
    inner: str = ""
    size: int = 0
    called: str = ""

    @property
    def name(self) -> str:
        """The name to show: the path as given and, after a colon, the name in the archive."""
        return f"{printable(self.path)}:{self.inner}" if self.inner else printable(self.path)

    @property
    def file_name(self) -> str:
        """The last part of its name."""
        return PurePosixPath(self.inner).name if self.inner else printable(self.path.name)

    @property
    def stem(self) -> str:
        """The last part of its name without the ending."""
        return PurePosixPath(self.file_name).stem

    @property
    def source_name(self) -> str:
        """What the source that the file is is called (`kg.sources.distinguishing`)."""
        return self.called or self.stem

    @property
    def suffix(self) -> str:
        """The ending of its name, in lower case, with the dot."""
        return PurePosixPath(self.file_name).suffix.lower()

    def open(self) -> IO[bytes]:
        """Open it for reading.

        Raises
        ------
        BadInput
            It cannot be read.
        """
        try:
            if self.inner:
                archive = ZipFile(self.path)
                stream = archive.open(self.inner)
                archive.close()  # the open member keeps the file
                return stream
            return self.path.open("rb")
        except _DAMAGE as error:
            raise self.damaged(error) from None

    def blocks(self) -> Iterator[bytes]:
        """Yield its bytes, a block at a time."""
        with self.open() as stream:
            try:
                while block := stream.read(_BLOCK):
                    yield block
            except _DAMAGE as error:
                raise self.damaged(error) from None

    def read(self, limit: int = MAX_MEMBER_BYTES) -> bytes:
        """Return all its bytes.

        Raises
        ------
        BadInput
            It is damaged, or has more bytes than the limit.
        """
        whole = BytesIO()
        for block in self.blocks():
            whole.write(block)
            if whole.tell() > limit:
                raise self.fault(f"has more than {limit:,} bytes.", "Split it.")
        return whole.getvalue()

    def sha256(self) -> str:
        """Return the SHA-256 of its content."""
        digest = sha256()
        for block in self.blocks():
            digest.update(block)
        return digest.hexdigest()

    def checksum(self) -> str:
        """Return its SHA-256 and its name, as they stand in the description of a source made of several files."""
        return f"sha256:{self.sha256()} {self.file_name}"

    def fault(self, message: str, fix: str, *, line: int = 0, column: str = "") -> BadInput:
        """Return the error that this file cannot be used."""
        return BadInput(self.name, [Fault(self.name, line, column, message, fix)])

    def damaged(self, error: Exception) -> BadInput:
        """Return the error that this file cannot be read."""
        if isinstance(error, OSError) and error.strerror:
            return self.fault(f"cannot be read: {error.strerror}.", "Check path and rights.")
        return self.fault(f"is damaged: {_reason(error)}.", "Download or save it again.")


#: What reading an archive may raise when it is not what it says.
_DAMAGE = (OSError, BadZipFile, LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def _reason(error: Exception) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__


def members(path: Path) -> tuple[Member, ...]:
    """Return what a path holds: a file, a folder with all below it, archives opened; in order of path and name.

    Raises
    ------
    BadInput
        It is missing or cannot be read, or with every archive in it that is refused.
    """
    if not path.exists():
        fault = "does not exist.", "Check the path."
        if is_address(path):
            fault = "is an address, not a file.", "Download it, and give the file: nothing is fetched unasked."
        raise BadInput(str(path), [Fault(str(path), 0, "", *fault)])
    found: list[Member] = []
    faults: list[Fault] = []
    try:
        for file in sorted(p for p in path.rglob("*") if _is_wanted(p, path)) if path.is_dir() else [path]:
            try:
                _refuse_irregular(file)
                found += _of_archive(file) if file.suffix.lower() == ".zip" else _of_file(file)
            except BadInput as error:
                faults += error.faults
    except OSError as error:
        faults.append(Fault(str(path), 0, "", f"cannot be read: {error.strerror}.", "Check its rights."))
    if faults:
        raise BadInput(str(path), faults)
    return tuple(found)


def _is_wanted(path: Path, top: Path) -> bool:
    """Whether this is a file of the folder, and neither hidden nor the lock of an open workbook."""
    hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in path.relative_to(top).parts)
    return path.is_file() and not hidden


def _refuse_irregular(path: Path) -> None:
    """Refuse pipes, whose writer would be waited for, and devices, which may have no end."""
    if not path.is_file():
        raise BadInput("", [Fault(str(path), 0, "", "is no regular file.", "Give a file, a folder or a .zip archive.")])


def _of_file(path: Path) -> Iterator[Member]:
    yield Member(path, "", path.stat().st_size)


def _of_archive(path: Path) -> Iterator[Member]:
    for info in check_archive(path, str(path)):
        hidden = PurePosixPath(info.filename).name.startswith((".", "~$")) or info.filename.startswith("__MACOSX/")
        if not info.is_dir() and not hidden:
            yield Member(path, info.filename, info.file_size)


def check_archive(file: Path | IO[bytes], name: str) -> list[ZipInfo]:
    """Return the members of an archive, in the order of their names, once all of them are found harmless.

    Raises
    ------
    BadInput
        It is damaged, or something in it is refused; every fault is listed.
    """
    try:
        with ZipFile(file) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_MEMBERS:
                raise BadInput(name, [Fault(name, 0, "", f"has more than {MAX_MEMBERS:,} members.", "Split it.")])
            faults = [Fault(name, 0, info.filename[:200], *problem) for info in infos for problem in _problems(info)]
    except _DAMAGE as error:
        fault = Fault(name, 0, "", f"is no intact archive: {_reason(error)}.", "Download it again.")
        raise BadInput(name, [fault]) from None
    total = sum(info.file_size for info in infos)
    packed = [(info.header_offset, info.header_offset + info.compress_size) for info in infos]
    if total > MAX_TOTAL_BYTES:
        faults.append(
            Fault(name, 0, "", f"would unpack to {total:,} bytes, more than {MAX_TOTAL_BYTES:,}.", "Split it.")
        )
    ordered = sorted(packed)
    if any(end > start for (_, end), (start, _) in pairwise(ordered)):
        faults.append(
            Fault(name, 0, "", "has members that overlap.", "Such an archive is made to harm; do not use it.")
        )
    names = [info.filename for info in infos]
    if len(set(names)) < len(names):
        faults.append(Fault(name, 0, "", "has two members of one name.", "Pack it anew."))
    if faults:
        raise BadInput(name, faults)
    return sorted(infos, key=lambda info: info.filename)


def _problems(info: ZipInfo) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a member, and what to do."""
    parts = info.filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        yield "leads out of the archive.", _HARMFUL
    if info.flag_bits & 0x1:
        yield "is encrypted.", "Unpack it and give the folder."
    if info.file_size > MAX_MEMBER_BYTES:
        yield f"would unpack to {info.file_size:,} bytes, more than {MAX_MEMBER_BYTES:,}.", "Split it."
    elif info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        ratio = info.file_size // max(info.compress_size, 1)
        yield f"would unpack to {ratio:,} times its size.", "No table does; such an archive is made to harm."
