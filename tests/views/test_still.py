"""Stills: well-formed SVG with real text, safe whatever stands in it; PNG drawn from it."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from kg.handles.handle import KnowledgeGraph
from kg.model.errors import MissingExtra
from kg.model.signs import KIND_SIGNS
from kg.questions.path import path
from kg.questions.similar import similar
from kg.views.communities import atlas
from kg.views.drawing import Drawing, scene_of
from kg.views.scene import Heading, Scene
from kg.views.still import png, svg, thumbnail
from tests.goldens import kept
from tests.strategies import Career

SVG = "{http://www.w3.org/2000/svg}"
GOLDEN = Path(__file__).parent / "golden" / "path.svg"
HOSTILE = (
    "</title></svg><script>alert(1)</script><img src=x onerror=alert(1)>\x1b\u202e\"'& javascript:alert(1) "
    + "x" * 9000
)


@pytest.fixture(scope="module")
def chain(shipped: KnowledgeGraph) -> Scene:
    """The network behind the board of a path."""
    found = scene_of(path(shipped, "Data Analyst", "MLOps Engineer", via=["leads_to"]))
    return replace(found, board=(), asks="")


def texts(drawn: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(drawn).iter(f"{SVG}text")]


@pytest.mark.golden
def test_golden_svg(chain: Scene) -> None:
    kept(GOLDEN, svg(chain))


def test_a_still_says_in_text_what_it_shows(chain: Scene) -> None:
    root = ElementTree.fromstring(svg(chain))
    assert (root.get("role"), root.findtext(f"{SVG}title")) == ("img", chain.title)
    assert root.findtext(f"{SVG}desc") == str(chain.answer)
    found = texts(svg(chain))
    for mark in chain.marks:
        assert all(word in " ".join(found) for word in mark.label.split())
    assert {column.label for column in chain.columns} <= {*found}
    assert {"role", "career-kg facts 2026.11.22, as of 2026-11-22"} <= {*found}, "a legend, and what was asked"


def test_it_holds_all_of_the_picture(chain: Scene) -> None:
    root = ElementTree.fromstring(svg(chain))
    _, _, wide, high = map(float, (root.get("viewBox") or "").split())
    assert (float(root.get("width") or 0), float(root.get("height") or 0)) == (round(wide), round(high))
    small = ElementTree.fromstring(svg(chain, width=300))
    assert small.get("width") == "300"
    bare = ElementTree.fromstring(svg(chain, words=False))
    assert float((bare.get("viewBox") or "").split()[3]) < high


def test_every_kind_has_a_sign_of_its_own() -> None:
    signs = KIND_SIGNS.values()
    assert len({sign.shape for sign in signs}) == len(signs), "colour is never the only sign"
    assert len({sign.light for sign in signs}) == len({sign.dark for sign in signs}) == len(signs)


def test_a_closed_cluster_hides_what_it_holds(shipped: KnowledgeGraph) -> None:
    found = scene_of(atlas(shipped))
    hidden = {mark.label for mark in found.marks if mark.cluster}
    named = {name for mark in found.marks if mark.is_cluster for name in mark.label.split(" · ")}
    assert len(hidden) > 300
    assert {*texts(svg(found))} & hidden <= named


def hostile(scene: Scene) -> Scene:
    marks = tuple(
        replace(
            m, label=HOSTILE, note=HOSTILE, group=HOSTILE, kind=HOSTILE, status=HOSTILE, details=((HOSTILE, HOSTILE),)
        )
        for m in scene.marks
    )
    lines = tuple(replace(line, label=HOSTILE, relation=HOSTILE) for line in scene.lines)
    return replace(scene, title=HOSTILE, marks=marks, lines=lines, columns=(Heading(HOSTILE, 0.0),), groups=(HOSTILE,))


def test_hostile_text_is_only_text(chain: Scene) -> None:
    for drawn in (svg(hostile(chain)), thumbnail(hostile(chain))):
        root = ElementTree.fromstring(drawn)  # well-formed, whatever was in it
        names = {element.tag.removeprefix(SVG) for element in root.iter()}
        assert names <= {"svg", "g", "title", "desc", "text", "rect", "path", "circle", "polygon"}
        assert not [key for element in root.iter() for key in element.attrib if key.startswith("on") or "href" in key]
        assert not {"\x1b", "\u202e"} & {*drawn}
        assert len(drawn) < 80_000, "what is too long is cut"


def test_a_thumbnail_is_small_and_silent(shipped: KnowledgeGraph) -> None:
    for answer in (similar(shipped, "AI Engineer"), atlas(shipped)):
        root = ElementTree.fromstring(thumbnail(scene_of(answer), width=400, aspect=1.6))
        assert root.get("aria-hidden") == "true"
        assert [*root.iter(f"{SVG}text")] == []
        assert float(root.get("height") or 0) == pytest.approx(250, abs=5)


class TestPng:
    """Pictures as PNG, drawn by the libraries of the extra."""

    def test_it_is_a_picture_of_the_width_asked_for(self, chain: Scene) -> None:
        image = pytest.importorskip("PIL.Image")
        pytest.importorskip("resvg_py")
        small, large = png(chain, width=400), png(chain)
        with image.open(BytesIO(small)) as one, image.open(BytesIO(large)) as two:
            assert (one.format, one.width, one.mode) == ("PNG", 400, "P")
            assert two.width == int(ElementTree.fromstring(svg(chain)).get("width") or 0)
            assert len(one.convert("RGB").getcolors(1 << 24)) > 8, "something is drawn"
            blue = tuple(int(KIND_SIGNS["role"].light[i : i + 2], 16) for i in (1, 3, 5))
            near = [
                c for _, c in two.convert("RGB").getcolors(1 << 24) if sum(map(abs, map(int.__sub__, c, blue))) < 24
            ]
            assert near, "with the colour of roles"
        assert len(small) < 15_000
        assert png(chain, width=400) == small

    @pytest.mark.parametrize("missing", ["resvg_py", "PIL"])
    def test_without_what_draws_it_the_extra_is_named(
        self, missing: str, chain: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = builtins.__import__

        def without(
            name: str,
            globals: Mapping[str, object] | None = None,
            locals: Mapping[str, object] | None = None,
            fromlist: Sequence[str] | None = (),
            level: int = 0,
        ) -> Any:
            if name.partition(".")[0] == missing:
                raise ImportError(f"No module named {missing!r}", name=missing)
            return real(name, globals, locals, fromlist or (), level)

        for name in [name for name in sys.modules if name.partition(".")[0] == missing]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setattr(builtins, "__import__", without)
        with pytest.raises(MissingExtra, match=r"career-kg\[png\]"):
            png(chain)


def test_an_answer_drawn_twice_has_the_same_name_and_bytes(shipped: KnowledgeGraph, whole: Career) -> None:
    one, two = (Drawing(path(shipped, "Data Analyst", "MLOps Engineer", via=["leads_to"])) for _ in range(2))
    assert one.name == two.name == "path-data-analyst-mlops-engineer"
    for form in ("html", "svg"):
        assert one.render(form) == two.render(form)
