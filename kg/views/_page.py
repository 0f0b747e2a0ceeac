"""The page around the network: the one module that knows pyvis.

pyvis 0.3.2 is the builder: its lists are filled directly, since its `add_edge` scans all edges; its options are set,
with physics off and every position given; and it renders our template instead of its own. Its own page loads styles
and scripts from elsewhere, is written without an encoding, shows no words around the picture, and runs what stands in
a heading, in an id or, once any title holds "href", in every title. So none of these is used: no titles, numbers as
ids, escaping switched on, and of what it ships only vis-network's script, without the 220 KB style sheet.

The policy of the page lets three scripts run, by their hashes, and nothing else: the bootstrap, which unpacks the other
two; vis-network; and ours, the files of ``assets`` in the order of `SCRIPTS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kg.model.answers import Claim, counted, text
from kg.model.signs import FILLS, KIND_SIGNS, LINE_SIGNS, NEED, SHAPES, STATUS_SIGNS, TONES, fill_of, kind_sign
from kg.model.terms import BASE
from kg.views.board import shares_of, tones_of
from kg.views.geometry import BESIDE, NOTE, WRAP, cut, radius, wrapped
from kg.views.packing import bare_code, bare_style, columns, csp_hash, pack, pack_json
from kg.views.scene import Line, Mark, Scene

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["MOST_ROWS", "MOST_VISIBLE", "SCRIPTS", "render"]

#: Our script, part by part, in the order they stand in the page.
SCRIPTS = (
    "data.js",
    "dom.js",
    "shapes.js",
    "state.js",
    "paint.js",
    "lines.js",
    "words.js",
    "room.js",
    "picture.js",
    "keys.js",
    "panel.js",
    "legend.js",
    "search.js",
    "tables.js",
    "saving.js",
    "board.js",
    "link.js",
    "main.js",
)
#: Marks drawn at once: beyond, the least important wait until others are hidden (`python -m benchmarks pages`).
MOST_VISIBLE = 500
#: Rows of a section written into the page itself; the rest is one click away, in the table of all rows.
MOST_ROWS = 300


def render(scene: Scene) -> str:
    """Return the page of a scene: one HTML file that loads nothing."""
    from pyvis.network import Network

    network = Network(directed=True)
    numbers = {mark.key: i for i, mark in enumerate(scene.marks)}
    network.nodes = [_node(i, mark) for i, mark in enumerate(scene.marks)]
    network.edges = [_edge(line, numbers) for line in scene.lines if line.source in numbers and line.target in numbers]
    network.options = {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "edges": {"smooth": False},
        "interaction": {
            "hover": False,
            "selectable": False,
            "multiselect": False,
            "keyboard": False,
            "tooltipDelay": 0,
        },
    }
    network.heading = _words(scene)  # pyvis hands it to the template as it is
    network.templateEnv = _environment()
    network.path = "page.html.j2"
    html: str = network.generate_html()
    return html.encode("utf-8", "replace").decode("utf-8")


def _node(number: int, mark: Mark) -> dict[str, Any]:
    """Return a mark as a node of pyvis, whose id is its number: a key may be anything."""
    return {
        "id": number,
        "key": mark.key,
        "label": mark.label,
        "lines": "\n".join(wrapped(mark)),
        "below": cut(mark.note, BESIDE if mark.beside else WRAP, NOTE) if mark.note else "",
        "kind": mark.kind,
        "shape": kind_sign(mark.kind).shape,
        "fill": fill_of(mark.status, mark.group),
        "x": mark.x,
        "y": mark.y,
        "size": radius(mark),
        "weight": mark.weight,
        "group": mark.group,
        "status": mark.status,
        "note": mark.note,
        "iri": mark.iri,
        "details": [list(pair) for pair in mark.details],
        "cluster": mark.cluster,
        "is_cluster": mark.is_cluster,
        "beside": mark.beside,
        "claims": list(mark.claims),
    }


def _edge(line: Line, numbers: dict[str, int]) -> dict[str, Any]:
    return {
        "from": numbers[line.source],
        "to": numbers[line.target],
        "relation": line.relation,
        "label": line.label or line.relation,
        "style": line.style,
        "weight": line.weight,
        "arrow": line.arrow,
        "claims": list(line.claims),
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "subject": claim.subject.label,
        "relation": claim.relation,
        "object": claim.object.label,
        "source": claim.source_label,
        "url": claim.source_url,
        "date": claim.source_date,
        "locator": claim.locator,
        "origin": claim.origin,
        "essential": NEED[claim.essential],
        "wording": claim.wording,
        "basis": claim.basis,
        "iri": claim.iri,
        "subject_iri": claim.subject.iri,
        "object_iri": claim.object.iri,
    }


def _words(scene: Scene) -> dict[str, Any]:
    """Return everything the template writes beside the network."""
    answer, context = scene.answer, scene.answer.context
    style, bootstrap = _style(scene), _asset("boot.js")
    vis, script = _vis(), _script()
    data = context.dataset
    rows = answer.rows()
    drawn = frozenset(scene.claims)
    claims = (*scene.claims, *(claim for claim in answer.evidence if claim not in drawn))
    places = {claim: i for i, claim in enumerate(claims)}
    return {
        "title": scene.title,
        "asks": scene.heading,
        "sentence": scene.sentence,
        "board": scene.board,
        "still": _still(scene) if scene.board else "",
        "sections": (*(part for part in answer.sections() if part.title not in scene.told), *answer.notes()),
        "most_rows": MOST_ROWS,
        "about": " · ".join(
            part for part in (f"{data.name} {data.version}".strip(), context.as_of and f"as of {context.as_of}") if part
        ),
        "sparql": context.sparql,
        "size": _size(scene),
        "style": style,
        "bootstrap": bootstrap,
        "vis": _packed(vis),
        "script": _packed(script),
        "policy": "; ".join(
            (
                "default-src 'none'",
                f"script-src {csp_hash(bootstrap)} {csp_hash(vis)} {csp_hash(script)}",
                f"style-src {csp_hash(style)}",
                "img-src data: blob:",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
        "scene": {
            "view": scene.view,
            "title": scene.title,
            "sentence": scene.sentence,
            "base": BASE,
            "most": MOST_VISIBLE,
            "kinds": _kinds(scene.marks),
            "shapes": {name: shape[:4] for name, shape in SHAPES.items()},
            "fills": FILLS,
            "statuses": {status: sign.fill for status, sign in STATUS_SIGNS.items()},
            "styles": LINE_SIGNS,
            "groups": list(dict.fromkeys(chain(scene.groups, (mark.group for mark in scene.marks if mark.group)))),
            "columns": [[column.label, column.x] for column in scene.columns],
            "bands": [[band.label, band.top, band.bottom] for band in scene.bands],
        },
        "claims": columns([_claim(claim) for claim in claims]),
        "evidence": [places[claim] for claim in answer.evidence],
        "rows": columns([{name: text(value) for name, value in row.items()} for row in rows]),
        "columns": list(rows[0]) if rows else [],
    }


def _style(scene: Scene) -> str:
    """Return the style of a page: the common one, the tones of its board, a rule for each share of a width there."""
    used = tones_of(scene.board)
    tones = (
        f".t-{name} {{ --tone: light-dark({tone.light}, {tone.dark}); "
        f"--wash: light-dark({tone.light_tint}, {tone.dark_tint}); --on-tone: light-dark(#ffffff, #0e1114); }}"
        for name, tone in TONES.items()
        if name in used
    )
    shares = (f".s{share} {{ --s: {share}; }}" for share in shares_of(scene.board))
    return bare_style("\n".join((_asset("page.css"), *_board_style(scene), *tones, *shares)))


def _board_style(scene: Scene) -> Iterator[str]:
    """Yield of the style of boards what is common, and the parts of the components that stand on this one."""
    kinds = {block.kind for block in scene.board}
    first, *parts = re.split(r"^/\* == (.*) == \*/$", _asset("board.css"), flags=re.MULTILINE)
    if kinds:
        yield first
    yield from (part for names, part in zip(parts[::2], parts[1::2], strict=True) if kinds & {*names.split()})


def _still(scene: Scene) -> str:
    from kg.views.still import svg

    return svg(scene)


def _kinds(marks: Iterable[Mark]) -> list[list[str]]:
    """Return the kinds drawn in the order of the legend: name, plural, shape, colour on light and on dark paper."""
    drawn = {mark.kind for mark in marks if not mark.is_cluster}
    order = [kind for kind in KIND_SIGNS if kind in drawn] + sorted(drawn - KIND_SIGNS.keys())
    return [[kind, *kind_sign(kind)[:4]] for kind in order]


def _size(scene: Scene) -> str:
    marks = sum(not mark.is_cluster for mark in scene.marks)
    return f"{counted(marks, 'thing')} and {counted(len(scene.lines), 'line')}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("kg.views", "assets"), autoescape=True, trim_blocks=True)
    environment.filters["short"] = _short
    environment.filters["packed"] = pack_json
    environment.filters["columns"] = columns
    return environment


def _short(key: str) -> str:
    """Return a key as the fragment of a link has it: one of the dataset's own without what they all begin with."""
    return quote(key.removeprefix(BASE), safe="/:", errors="replace")


def _asset(name: str) -> str:
    return files("kg.views").joinpath("assets", name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _script() -> str:
    """Return our script: its parts in one function, so that they share names with each other and with nobody else."""
    return "(() => {\n'use strict';\n" + "\n".join(bare_code(_asset(name)) for name in SCRIPTS) + "\n})();\n"


@lru_cache(maxsize=1)
def _vis() -> str:
    """Return vis-network as pyvis ships it."""
    return files("pyvis").joinpath("templates", "lib", "vis-9.1.2", "vis-network.min.js").read_text(encoding="utf-8")


@lru_cache(maxsize=4)
def _packed(script: str) -> str:
    return pack(script.encode())
