"""`kg fetch`: get the official release of a framework, and only when asked to.

O*NET is a public download under CC BY 4.0, one archive per release and form. Its publisher names no checksum, and none
that this project could verify ships with it. So the first download is trusted, its SHA-256 is kept beside the file in
the form that ``sha256sum -c`` reads, and every later download must have the same; ``--sha256`` holds it against one
that you have from elsewhere. ESCO is sent by mail to whoever fills in a form, which no program should do for you:
`fetch` says where and how.

pooch does what it is good at: it compares the sum and moves the file to its name last. It starts anew after a cut,
though, so the bytes themselves come through `kg.sources.downloading`, which goes on where it was cut.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from kg.model.answers import Answer, Context, Row, Section
from kg.model.errors import BadInput, FetchError, MissingExtra, hide_secrets

if TYPE_CHECKING:
    import requests

__all__ = ["FRAMEWORKS", "Fetch", "fetch"]

Framework = Literal["onet", "esco"]
FRAMEWORKS: tuple[Framework, ...] = ("onet", "esco")
Form = Literal["text", "excel"]

#: The release that the importer is tested with, on the official workbooks.
ONET_RELEASE = "29.3"
ONET_MIRROR = "https://www.onetcenter.org/dl_files/database"
ONET_LICENCE = "CC BY 4.0: credit the U.S. Department of Labor, Employment and Training Administration (USDOL/ETA)"
ESCO_PAGE = "https://esco.ec.europa.eu/en/use-esco/download"
ESCO_LICENCE = "Commission Decision 2011/833/EU: reuse with acknowledgement of the European Commission"
_FIRST_RELEASE = (20, 1)  # older ones lie elsewhere, under other names


@dataclass(frozen=True)
class Fetch(Answer):
    """What was fetched, or where to get it.

    Attributes
    ----------
    file
        Where it lies; None where a person has to fetch it.
    trust
        How its checksum was checked: ``given`` (it is the one you gave), ``recorded`` (it is that of the first
        download), ``first`` (nothing to compare with; recorded now).
    downloaded
        Whether it came now, or was there already.
    steps
        What to do next, in order: commands, and where a person is needed, instructions.
    """

    framework: str
    release: str
    url: str
    licence: str
    steps: tuple[str, ...]
    file: Path | None = None
    sha256: str = ""
    trust: str = ""
    downloaded: bool = False
    size: int = 0

    def __str__(self) -> str:
        if self.file is None:
            return f"{self.framework} is not downloaded by programs: its publisher sends a link to your address."
        how = "fetched" if self.downloaded else "is there already"
        return f"{self.framework} {self.release} {how}: {self.file} ({self.size / 1e6:.1f} MB). {_TRUST[self.trust]}"

    @property
    def yes(self) -> bool:
        """Whether the file is there."""
        return self.file is not None

    @property
    def measures(self) -> Mapping[str, Any]:
        """Return the size in bytes, and whether it was downloaded now."""
        return MappingProxyType({"bytes": self.size, "downloaded": self.downloaded})

    def rows(self) -> tuple[Row, ...]:
        """Return one row: framework, release, url, licence, file, sha256, checked, next."""
        return (
            {
                "framework": self.framework,
                "release": self.release,
                "url": self.url,
                "licence": self.licence,
                "file": str(self.file) if self.file else None,
                "sha256": self.sha256 or None,
                "checked": self.trust or None,
                "next": list(self.steps),
            },
        )

    def sections(self) -> tuple[Section, ...]:
        """Return where it comes from, under which licence, and what to do next."""
        about = [("from", self.url), ("licence", self.licence)]
        about += [("SHA-256", self.sha256)] if self.sha256 else []
        numbered = [(f"{i}.", step) for i, step in enumerate(self.steps, 1)]
        return Section(header=("", ""), rows=tuple(about)), Section("Next", ("", ""), tuple(numbered))


_TRUST = {
    "given": "Its SHA-256 is the one given.",
    "recorded": "Its SHA-256 is that of the first download.",
    "first": "Its publisher names no checksum, so nothing proves it; its SHA-256 is recorded, and later downloads must "
    "have the same.",
}


def fetch(
    framework: Framework,
    *,
    release: str = "",
    form: Form = "text",
    into: str | Path | None = None,
    sha256: str = "",
    mirror: str = ONET_MIRROR,
) -> Fetch:
    """Get the official release of a framework.

    A download that was cut goes on where it stopped; nothing has its final name before it is whole and its checksum
    is right. What is there already is checked and not downloaded again.

    Parameters
    ----------
    framework
        onet, or esco: which asks for an address to send a link to, so that you are told where and how.
    release
        Which release of O*NET, such as 30.3; by default the one that the importer is tested with.
    form
        The form of the archive: text (tab-separated, smaller) or excel.
    into
        The folder to put it in; by default the cache of this user.
    sha256
        The checksum it must have, where you know one.
    mirror
        The address of the folder that holds the archives, instead of the publisher's.

    Returns
    -------
    Fetch
        Where the file lies, its checksum and how it was checked, and what to do with it.

    Raises
    ------
    BadInput
        There is no such framework or release, or the folder cannot be written.
    FetchError
        The server cannot be reached, has no such file, sends something else, or the checksum is another.
    MissingExtra
        pooch is not installed (``pip install 'career-kg[fetch]'``).

    Examples
    --------
    >>> import kg
    >>> print(kg.fetch("esco"))
    ESCO is not downloaded by programs: its publisher sends a link to your address.
    """
    if framework not in FRAMEWORKS:
        raise BadInput(f'"{framework}" cannot be fetched. Choose from {", ".join(FRAMEWORKS)}.')
    if framework == "esco":
        return _esco(release)
    release = release or ONET_RELEASE
    if not re.fullmatch(r"\d{2}\.\d", release) or tuple(map(int, release.split("."))) < _FIRST_RELEASE:
        raise BadInput(
            f'"{release}" is no release of O*NET that can be fetched. They are written {ONET_RELEASE}, from 20.1 on; '
            "https://www.onetcenter.org/db_releases.html lists them, and holds the older ones."
        )
    if form not in ("text", "excel"):
        raise BadInput(f'"{form}" is no form of O*NET. Choose text or excel.')
    if sha256 and not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        raise BadInput(f'"{sha256}" is no SHA-256: 64 hexadecimal digits.')
    name = f"db_{release.replace('.', '_')}_{form}.zip"
    folder = Path(into) if into is not None else _cache()
    return _onet(release, f"{mirror.rstrip('/')}/{name}", folder / name, sha256.lower())


def _esco(release: str) -> Fetch:
    wanted = f"ESCO dataset v{release}" if release else "the newest ESCO dataset"
    steps = (
        f"Open {ESCO_PAGE} and choose {wanted}: content classification, your language, file type csv.",
        "Read and accept the privacy statement, and give the address to send the link to; fetch the zip it leads to.",
        "kg load 'ESCO dataset - v1.2.0 - classification - en - csv.zip' --into esco (the zip as it came, or unpacked; "
        "where relations are a zip of their own, give both in one command)",
        'kg find "data scientist" --graph esco',
    )
    return Fetch("ESCO", release, ESCO_PAGE, ESCO_LICENCE, steps)


def _cache() -> Path:
    return Path(_pooch().os_cache("career-kg"))


def _pooch() -> Any:  # the module; it is an extra
    try:
        import pooch
    except ImportError:
        raise MissingExtra("pooch", "fetch", "kg fetch") from None
    pooch.get_logger().setLevel("ERROR")  # what it has to say, the answer says
    return pooch


def _onet(release: str, url: str, path: Path, given: str) -> Fetch:
    pooch = _pooch()
    import requests

    from kg.sources.downloading import Resuming

    record = path.with_name(f"{path.name}.sha256")
    known = given or _recorded(record)
    trust = "given" if given else "recorded" if known else "first"
    try:
        there = path.is_file() and pooch.hashes.hash_matches(str(path), known)
        pooch.retrieve(
            url,
            known_hash=known or None,
            fname=path.name,
            path=str(path.parent),
            downloader=Resuming(path.with_name(f"{path.name}.part")),
        )
        found = pooch.file_hash(str(path))
        if not _recorded(record):
            from kg.model.writing import write_file

            write_file(record, f"{found}  {path.name}\n".encode())
        size = path.stat().st_size
    except requests.RequestException as error:
        raise FetchError(f"{url} cannot be fetched: {_reason(error)}. {_what_to_do(error)}") from None
    except ValueError:
        whose = "given" if given else f"recorded in {record}"
        raise FetchError(
            f"What {url} sends has another SHA-256 than the one {whose}, {known}. It was thrown away: the publisher, "
            f"or somebody on the way, has replaced the file. If you know why, delete {record.name} and fetch again."
        ) from None
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror or error}. Name another folder: --into.") from None
    shown = hide_secrets(url)
    steps = (f"kg load {_quoted(path)} --into onet", 'kg find "data scientist" --graph onet')
    return Fetch("O*NET", release, shown, ONET_LICENCE, steps, path, found, trust, not there, size, context=Context())


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))


def _recorded(record: Path) -> str:
    """Return the checksum of the first download; empty where there was none."""
    if not record.is_file():
        return ""
    found = re.match(r"([0-9a-f]{64})  \S", record.read_text(encoding="utf-8", errors="replace"))
    if not found:
        raise BadInput(f"{record} holds no checksum. Delete it, if you trust {record.stem}.")
    return found[1]


def _reason(error: requests.RequestException) -> str:
    if type(error).__name__ in _REASONS:
        return _REASONS[type(error).__name__]
    if error.response is not None:
        return f"the server answers {error.response.status_code} {error.response.reason}"
    return str(error)


#: What went wrong, where the library's own words are a stack of classes and memory addresses.
_REASONS = {
    "ConnectionError": "the server cannot be reached, or hung up",
    "ChunkedEncodingError": "the server hung up",
    "ConnectTimeout": "the server does not answer",
    "ReadTimeout": "the server stopped sending",
    "SSLError": "the certificate of the server is not valid",
    "ProxyError": "the proxy does not answer",
    "TooManyRedirects": "the server leads in circles",
    "InvalidURL": "that is no address",
}


def _what_to_do(error: requests.RequestException) -> str:
    if error.response is not None and error.response.status_code in (404, 410):
        return "Look at https://www.onetcenter.org/db_releases.html for the releases there are."
    if type(error).__name__ == "Unusable":
        return "Nothing of it is kept. Name another --mirror, or fetch it with a browser and check what it is."
    return "Try again later: what has come is kept, and the download goes on from there."
