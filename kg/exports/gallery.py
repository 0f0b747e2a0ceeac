"""What a dataset release brings beside its data: pages that answer, a page on the vocabulary, and an index to all.

Every file stands alone: nothing is loaded from anywhere, not even from the file beside it. The index shows a small
picture of each page, drawn into it, and lists the data with sizes and checksums.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from kg.exports.vocabulary import read_vocabulary
from kg.handles.handle import KnowledgeGraph
from kg.model.answers import Answer
from kg.questions.disagree import disagree
from kg.questions.gap import gap
from kg.questions.overlap import overlap
from kg.questions.roadmap import roadmap
from kg.views.communities import atlas
from kg.views.drawing import Drawing
from kg.views.packing import csp_hash
from kg.views.still import thumbnail

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["gallery"]

#: The article's two roles.
_AI, _ML = "AI Engineer", "Machine Learning Engineer"
_DOWNLOADS = {
    "trig": "RDF with a named graph for each source: the dataset itself",
    "ttl": "RDF without named graphs, for tools that read Turtle",
    "jsonld": "RDF as JSON, for programs that read JSON-LD",
    "graphml": "nodes and edges, for Gephi, yEd, Cytoscape or networkx",
    "json": "JSON Schema of every answer (--format json)",
}


@dataclass(frozen=True)
class _Entry:
    """A page of the gallery: its file, the command that makes it, and what it shows."""

    file: str
    command: str
    drawing: Drawing

    @property
    def thumbnail(self) -> str:
        return thumbnail(self.drawing.scene)


def gallery(g: KnowledgeGraph, data: Mapping[str, bytes], *, shipped: bool) -> dict[str, bytes]:
    """Return the pages of a release, by file name.

    Parameters
    ----------
    g
        The dataset, asked about on the day of the release.
    data
        Its files, by name.
    shipped
        Whether it is the dataset of this package: then the article's question is answered on pages of its own, and the
        vocabulary has one. Any other has the atlas and the index.
    """
    entries = [_Entry(file, command, Drawing(answer)) for file, command, answer in _asked(g, shipped)]
    pages = {entry.file: entry.drawing.render("html") for entry in entries}
    if shipped:
        pages["ontology.html"] = _render("ontology.html.j2", vocabulary=read_vocabulary())
    downloads = [
        {
            "file": name,
            "about": _DOWNLOADS.get(name.rpartition(".")[2], ""),
            "size": _size(len(content)),
            "sha256": sha256(content).hexdigest(),
        }
        for name, content in data.items()
    ]
    pages["index.html"] = _render(
        "index.html.j2",
        dataset=g.dataset,
        as_of=g.as_of.isoformat(),
        entries=entries,
        downloads=downloads,
        shipped=shipped,
    )
    return pages


def _asked(g: KnowledgeGraph, shipped: bool) -> list[tuple[str, str, Answer]]:
    found: list[tuple[str, str, Answer]] = []
    if shipped:
        found = [
            ("overlap.html", f'kg draw overlap "{_AI}" "{_ML}"', overlap(g, _AI, _ML)),
            ("gap-to-ai-engineer.html", f'kg draw gap "{_AI}" --from "{_ML}"', gap(g, _AI, from_=_ML)),
            ("gap-to-ml-engineer.html", f'kg draw gap "{_ML}" --from "{_AI}"', gap(g, _ML, from_=_AI)),
            ("roadmap-ai-engineer.html", f'kg draw roadmap "{_AI}"', roadmap(g, _AI)),
            ("roadmap-ml-engineer.html", f'kg draw roadmap "{_ML}"', roadmap(g, _ML)),
            ("disagree.html", f'kg draw disagree "{_AI}" "{_ML}"', disagree(g, _AI, _ML)),
        ]
    return [*found, ("atlas.html", "kg draw atlas", atlas(g))]


def _size(number: int) -> str:
    """Return a size in bytes as people read it.

    Examples
    --------
    >>> _size(900), _size(1_228_627)
    ('1 KB', '1.2 MB')
    """
    return f"{number / 1e6:.1f} MB" if number >= 1e6 else f"{max(1, round(number / 1e3))} KB"


def _render(template: str, **values: object) -> bytes:
    style = files("kg.exports").joinpath("assets", "gallery.css").read_text(encoding="utf-8")
    policy = f"default-src 'none'; style-src {csp_hash(style)}; base-uri 'none'; form-action 'none'"
    page: str = _environment().get_template(template).render(style=style, policy=policy, **values)
    return page.encode()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("kg.exports", "assets"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
