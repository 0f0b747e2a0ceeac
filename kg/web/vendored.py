"""Software of others that pages carry: what lies in the package, and what is fetched when it is asked for.

The editor YASQE lies in `kg/web/vendor/` and vis-network comes with pyvis. Oxigraph for the browser is four megabytes
of WebAssembly: too much to carry in every installation for one page, so it is fetched from the npm registry by the
command that writes the page, in one version whose checksum is known, and kept in the user's cache.
"""

from __future__ import annotations

import tarfile
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from kg.model.errors import FetchError, MissingExtra

__all__ = ["Engine", "oxigraph", "vis_network", "yasqe"]

_OXIGRAPH = "https://registry.npmjs.org/oxigraph/-/oxigraph-0.5.11.tgz"
#: The same as ``sha512-zKdgmp1tsrutGzC1…`` in the registry, in hexadecimal.
_SHA512 = (
    "cca7609a9d6db2bbad1b30b59420b2c306513e92c929a2672920d6a18da12213"
    "22c2209145734dd4353b594c9322706f80f293f18e4df918304cbf2a297a4b9e"
)


class Engine(NamedTuple):
    """Oxigraph for the browser: its JavaScript module and its WebAssembly."""

    script: str
    wasm: bytes


def yasqe() -> tuple[str, str]:
    """Return the style and the script of the editor."""
    place = files("kg.web").joinpath("vendor", "yasqe")
    style, script = (place.joinpath(f"yasqe.min.{ending}").read_text(encoding="utf-8") for ending in ("css", "js"))
    return style, script


def vis_network() -> str:
    """Return the script of vis-network as pyvis ships it."""
    return files("pyvis").joinpath("templates", "lib", "vis-9.1.2", "vis-network.min.js").read_text(encoding="utf-8")


def oxigraph(cache: Path | None = None) -> Engine:
    """Return Oxigraph for the browser, from the cache or, the first time, from the npm registry.

    Parameters
    ----------
    cache
        Folder to keep the download in; the user's cache by default.

    Raises
    ------
    MissingExtra
        pooch, which fetches it, is not installed.
    FetchError
        It cannot be fetched, or is not what it should be.
    """
    try:
        import pooch
    except ImportError:
        raise MissingExtra("pooch", "fetch", "The SPARQL page") from None
    folder = cache or Path(pooch.os_cache("career-kg"))
    name = _OXIGRAPH.rpartition("/")[2]
    try:
        path = pooch.retrieve(_OXIGRAPH, known_hash=f"sha512:{_SHA512}", fname=name, path=folder)
    except (OSError, ValueError) as error:  # what requests raises is an OSError; a wrong checksum is a ValueError
        raise FetchError(
            f"The SPARQL page carries Oxigraph, which is fetched once from {_OXIGRAPH} and kept in {folder}. "
            f"{_why(error)} Go online once, or put that file there."
        ) from None
    with tarfile.open(fileobj=BytesIO(Path(path).read_bytes())) as archive:
        return Engine(_member(archive, "package/web.js").decode(), _member(archive, "package/web_bg.wasm"))


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    if file is None:
        raise FetchError(f"{name} is not in the package of Oxigraph.")
    return file.read()


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, ValueError) and "hash" in str(error):
        return "What came is not the one known: its checksum differs."
    answered = getattr(error, "response", None) is not None
    return f"It cannot be fetched: {error if answered else 'there is no connection'}."
