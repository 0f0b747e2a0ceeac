"""One file that answers SPARQL: the dataset, the engine and an editor in a page that opens from disk and loads nothing.

The page carries Oxigraph compiled to WebAssembly, which runs in a worker, so that a query can be stopped; YASQE, the
editor; vis-network for pictures; the query library with example values; and the dataset as TriG. All of it is gzip in
letters and unpacked by the browser. The policy of the page lets four scripts run, by their hashes, and the worker; no
address can be reached from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.model.iris import curie
from kg.model.signs import KIND_SIGNS, OTHER_KIND, SHAPES
from kg.model.terms import BASE, DATASET, DCTERMS, PREFIXES, RDF, SCHEMA, SKOS
from kg.model.writing import write_file
from kg.views.packing import csp_hash, pack, pack_json
from kg.web.examples import examples
from kg.web.vendored import Engine, oxigraph, vis_network, yasqe

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["asset", "console", "signs", "sparql_page", "write_sparql_page"]

#: The editor and what it shows, after what asks: an engine in the page, or a server.
CONSOLE = ("terms.js", "table.js", "picture.js", "main.js")


def sparql_page(trig: bytes, *, engine: Engine) -> bytes:
    """Return the page that answers SPARQL on a dataset.

    Parameters
    ----------
    trig
        The dataset as TriG, such as ``career-kg.trig``.
    engine
        Oxigraph for the browser (`kg.web.vendored.oxigraph`).
    """
    quads = tuple(parse(trig, format=RdfFormat.TRIG))
    style, editor = yasqe()
    own_style, bootstrap = style + asset("console", "page.css"), asset("offline", "boot.js")
    page = console(asset("offline", "asking.js"))
    vis = vis_network()
    name, version = (_text(quads, DATASET, relation) for relation in (DCTERMS.title, SCHEMA.version))
    data = {
        "base": BASE,
        "prefixes": PREFIXES,
        "queries": [query._asdict() for query in examples(quads)],
        "terms": _terms(quads),
        **signs(),
    }
    scripts = " ".join(map(csp_hash, (bootstrap, editor, vis, page)))
    policy = (
        "default-src 'none'",
        f"script-src {scripts} 'wasm-unsafe-eval'",
        f"style-src {csp_hash(own_style)}",
        "worker-src blob:",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    packed = {
        "engine": pack((_classic(engine.script) + asset("offline", "engine.js")).encode()),
        "wasm": pack(engine.wasm),
        "dataset": pack(trig),
        "editor": pack(editor.encode()),
        "vis": pack(vis.encode()),
        "page": pack(page.encode()),
        "data": pack_json(data),
    }
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            title=f"Ask {name or 'the career graph'} in SPARQL",
            about=f"{version} · {len(quads):,} quads" if version else f"{len(quads):,} quads",
            prefixes=sorted(PREFIXES),
            policy="; ".join(policy),
            style=own_style,
            bootstrap=bootstrap,
            packed=packed,
        )
        .encode()
    )


def _classic(module: str) -> str:
    """Return a module as a plain script: a page opened from disk may start no worker from a module."""
    plain = re.sub(r"^export (?=class |function |async )", "", module, flags=re.MULTILINE)
    plain = re.sub(r"^export \{.*\};?$", "", plain, flags=re.MULTILINE)
    return plain.replace("import.meta.url", "self.location.href")


def _text(quads: Iterable[Quad], subject: str, relation: str) -> str:
    found = (
        quad.object.value
        for quad in quads
        if isinstance(quad.object, Literal)
        and quad.predicate.value == relation
        and getattr(quad.subject, "value", "") == subject
    )
    return next(found, "")


def _terms(quads: Iterable[Quad]) -> list[str]:
    """Return what the editor completes: properties, classes and named things, as prefixed names."""
    found: set[str] = set()
    for quad in quads:
        found.add(quad.predicate.value)
        if quad.predicate.value == RDF.type:
            found.add(str(getattr(quad.object, "value", "")))
        elif quad.predicate.value == SKOS.prefLabel and isinstance(quad.subject, NamedNode):
            found.add(quad.subject.value)
    return sorted(name for name in map(curie, found) if "://" not in name)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import ChoiceLoader, Environment, PackageLoader

    return Environment(
        loader=ChoiceLoader([PackageLoader("kg.web", f"assets/{part}") for part in ("offline", "console")]),
        autoescape=True,
        trim_blocks=True,
    )


def asset(part: str, name: str) -> str:
    """Return a script or style of the editor: of the page alone, of the server's, or of both (``console``)."""
    return files("kg.web").joinpath("assets", part, name).read_text(encoding="utf-8")


def console(asking: str) -> str:
    """Return the scripts of the editor as one, after the one that asks."""
    scripts = [asking, *(asset("console", name) for name in CONSOLE)]
    return "(() => {\n'use strict';\n" + "\n".join(scripts) + "\n})();\n"


def signs() -> dict[str, dict[str, object]]:
    """Return what the editor's pictures draw kinds with."""
    return {
        "signs": {kind: [sign.light, sign.shape] for kind, sign in {**KIND_SIGNS, "": OTHER_KIND}.items()},
        "marks": {name: shape.character for name, shape in SHAPES.items()},
    }


def write_sparql_page(trig: Path, place: Path) -> Path:
    """Write the page of a dataset, with the engine from the cache or the npm registry, and return where it is.

    Raises
    ------
    FetchError, MissingExtra
        The engine cannot be had.
    BadInput
        The page cannot be written.
    """
    engine = oxigraph()
    place.parent.mkdir(parents=True, exist_ok=True)
    return write_file(place, sparql_page(trig.read_bytes(), engine=engine))
