"""Stills: a scene as SVG, written here, and as PNG, made from that SVG.

The SVG has real text, a title and a description for those who cannot see it, a legend, and no script. What a cluster
holds is not drawn: a still shows the scene as a page shows it when it opens. The PNG is drawn by resvg, which needs no
browser, and packed into few colours by Pillow; its letters are those of the fonts that the machine has, so unlike the
SVG it differs from machine to machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from io import BytesIO

from kg.model.errors import MissingExtra
from kg.model.signs import KIND_SIGNS, LINE_SIGNS, OTHER_KIND, TONES, kind_sign
from kg.views.flow import CHIEF, EXAM, EXAM_EDGE, LANE, READY, READY_EDGE, WIDE, board_svg
from kg.views.geometry import BESIDE, LABEL, NOTE, WRAP, Box, bare, cut, radius, text_width
from kg.views.layout import around
from kg.views.scene import Mark, Scene
from kg.views.strokes import (
    INK,
    PALE,
    PAPER,
    SOFT,
    STROKE,
    bar,
    dashes,
    figure,
    line_between,
    mark_with_words,
    number,
    shape_of,
    text_at,
    unstyled,
)

__all__ = ["png", "svg", "thumbnail"]

FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
_MARGIN = 24.0
#: Width of a picture for which none is asked, at most; and of one with words around it, at least.
_WIDEST, _NARROWEST = 2000.0, 640.0
_TITLE, _SENTENCE, _HEADING = 20.0, 14.0, 34.0
_HEAVY = ' font-weight="600"'
#: How strong a colour of the palette of a PNG is, from the rim of a letter to its middle.
_SHADES = (0.14, 0.35, 0.6, 0.8, 1.0)
#: Beyond so many lines, each is drawn paler.
_MANY = 60


def svg(scene: Scene, *, width: int | None = None, words: bool = True) -> str:
    """Return a scene as SVG.

    Parameters
    ----------
    width
        Of the picture, in pixels; by default as large as its content, up to 2,000.
    words
        Whether title, sentence, legend and source stand around the picture.
    """
    if scene.board:
        return _of_board(scene, width, words=words)
    free = tuple(mark for mark in scene.marks if not mark.cluster)
    inner = _room(scene, free)
    content = inner.right - inner.left
    across = max(content, _NARROWEST if words else 0.0)
    above, head = _above(scene, across) if words else ([], 0.0)
    below, foot = _below(scene, free, across) if words else ([], 0.0)
    wide, high = across + 2 * _MARGIN, head + (inner.bottom - inner.top) + foot + 2 * _MARGIN
    x, y = _MARGIN - inner.left + (across - content) / 2, _MARGIN + head - inner.top
    shown = width or round(min(wide, _WIDEST))
    parts = [
        *_opening(scene, wide, high, shown),
        *above,
        f'<g transform="translate({number(x)} {number(y)})">',
        *_headings(scene, inner),
        *_lines(scene, free),
        *(part for mark in free for part in mark_with_words(mark)),
        "</g>",
        *([f'<g transform="translate(0 {number(high - foot - _MARGIN)})">', *below, "</g>"] if below else []),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _of_board(scene: Scene, width: int | None, *, words: bool) -> str:
    """Return the board of a scene as SVG, with title and sentence above it, and what was asked of what below."""
    drawn, inner = board_svg(scene.board)
    above, head = _above(scene, WIDE) if words else ([], 0.0)
    foot = 30.0 if words else 0.0
    wide, high = WIDE + 2 * _MARGIN, head + inner + foot + 2 * _MARGIN
    parts = [
        *_opening(scene, wide, high, width or round(wide)),
        *above,
        f'<g transform="translate({number(_MARGIN)} {number(_MARGIN + head)})">',
        *drawn,
        "</g>",
    ]
    if words:
        parts.append(text_at(cut(_about(scene), WIDE, NOTE), _MARGIN, high - _MARGIN, NOTE))
    return "\n".join((*parts, "</svg>")) + "\n"


def _opening(scene: Scene, wide: float, high: float, shown: int) -> list[str]:
    """Return how a picture begins: its size, its title and description, its paper."""
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(wide)} {number(high)}" width="{shown}" '
        f'height="{round(shown * high / wide)}" role="img" font-family="{escape(FONTS)}">',
        f"<title>{unstyled(scene.heading)}</title>",
        f"<desc>{unstyled(scene.sentence)}</desc>",
        f'<rect width="100%" height="100%" fill="{PAPER}"/>',
    ]


def _about(scene: Scene) -> str:
    """Return what was asked of what, on which day."""
    data, day = scene.answer.context.dataset, scene.answer.context.as_of
    return ", as of ".join(part for part in (f"{data.name} {data.version}".strip(), day) if part)


def png(scene: Scene, *, width: int | None = None, words: bool = True) -> bytes:
    """Return a scene as PNG, with few colours and so of few bytes.

    Parameters
    ----------
    width
        Of the picture, in pixels; by default as large as its content, up to 2,000.
    words
        As for `svg`.

    Raises
    ------
    MissingExtra
        resvg-py or Pillow is not installed (``pip install 'career-kg[png]'``).
    """
    try:
        from PIL import Image
        from resvg_py import svg_to_bytes
    except ImportError as error:
        name = "Pillow" if (error.name or "").startswith("PIL") else "resvg-py"
        raise MissingExtra(name, "png", "A picture as PNG") from None
    drawn = svg_to_bytes(svg_string=svg(scene, width=width, words=words), sans_serif_family="DejaVu Sans")
    with Image.open(BytesIO(drawn)) as image:
        palette = Image.new("P", (1, 1))
        palette.putpalette([value for colour in _palette() for value in colour])
        few = image.convert("RGB").quantize(palette=palette, dither=Image.Dither.NONE)
    out = BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def _palette() -> list[tuple[int, int, int]]:
    """Return the colours of a picture, each in steps towards the paper, as the rims of letters and lines have them.

    A palette found by counting would drop the colour of a kind that has few marks.
    """
    tones = (colour for tone in TONES.values() for colour in (tone.light, tone.light_tint))
    used = dict.fromkeys(
        [
            *tones,
            *(sign.light for sign in (*KIND_SIGNS.values(), OTHER_KIND)),
            INK,
            SOFT,
            PALE,
            STROKE,
            READY,
            READY_EDGE,
            LANE,
            CHIEF,
            EXAM,
            EXAM_EDGE,
        ]
    )
    found = {(255, 255, 255): None}
    for colour in used:
        pure = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        for share in _SHADES:
            red, green, blue = (round(255 + (value - 255) * share) for value in pure)
            found[red, green, blue] = None
    return [*found]


def thumbnail(scene: Scene, *, width: int = 480, aspect: float = 1.6) -> str:
    """Return a small picture without words, to stand in another page: its top, of a fixed form.

    It says nothing to a screen reader; the words beside it do.
    """
    if scene.board:
        return _small_board(scene, width, aspect)
    free = tuple(mark for mark in scene.marks if not mark.cluster)
    inner = around(free)
    wide, high = max(inner.right - inner.left, 1.0), inner.bottom - inner.top
    if any(mark.size for mark in free):  # a map is shown whole
        wide = max(wide, high * aspect)
    shown = wide / aspect
    left = inner.left - (wide - (inner.right - inner.left)) / 2
    top = inner.top if high > shown else inner.top - (shown - high) / 2
    edge = wide * 0.03
    view = (left - edge, top - edge / aspect, wide + 2 * edge, shown + 2 * edge / aspect)
    seen = [mark for mark in free if mark.y - radius(mark) < top + shown + edge]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{" ".join(map(number, view))}" width="{width}" '
        f'height="{round(width / aspect)}" aria-hidden="true" focusable="false">',
        *_lines(scene, free),
        *(bar(mark) for mark in seen if mark.beside),
        *(figure(mark, 1.6) for mark in seen),
        "</svg>",
    ]
    return "".join(parts)


def _small_board(scene: Scene, width: int, aspect: float) -> str:
    """Return the top of a board, without words."""
    drawn, _ = board_svg(scene.board, words=False)
    edge = WIDE * 0.03
    view = (-edge, -edge, WIDE + 2 * edge, (WIDE + 2 * edge) / aspect)
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{" ".join(map(number, view))}" width="{width}" '
            f'height="{round(width / aspect)}" aria-hidden="true" focusable="false">',
            *drawn,
            "</svg>",
        )
    )


def _room(scene: Scene, marks: Iterable[Mark]) -> Box:
    """Return the room of the picture: its marks, and the bands and headings over them."""
    found = around(marks)
    halves = [(column.x, text_width(cut(column.label, BESIDE)) / 2) for column in scene.columns]
    left = min([found.left, *(x - half for x, half in halves)])
    right = max([found.right, *(x + half for x, half in halves)])
    top = min([found.top, *(band.top for band in scene.bands)]) - (_HEADING if scene.columns else 0)
    return Box(left, top, right, max([found.bottom, *(band.bottom for band in scene.bands)]))


def _headings(scene: Scene, inner: Box) -> Iterator[str]:
    for column in scene.columns:
        yield text_at(cut(column.label, BESIDE), column.x, inner.top + 14, LABEL, middle=True, more=_HEAVY)
    for band in scene.bands:
        yield f'<path d="M{number(inner.left)} {number(band.top)}H{number(inner.right)}" stroke="{PALE}"/>'
        yield text_at(cut(band.label, BESIDE), inner.left, band.top + 18, LABEL, more=_HEAVY)


def _lines(scene: Scene, free: Iterable[Mark]) -> Iterator[str]:
    at = {mark.key: mark for mark in free}
    drawn = [line for line in scene.lines if line.source in at and line.target in at]
    yield f'<g fill="none" stroke="{STROKE}" stroke-opacity="{0.75 if len(drawn) < _MANY else 0.4}">'
    for line in drawn:
        yield line_between(line, at[line.source], at[line.target])
    yield "</g>"


def _broken(value: str, width: float, size: float) -> list[str]:
    """Break a text into lines."""
    lines: list[str] = []
    for word in bare(value[:1000]).split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(cut(word, width, size))
    return lines


def _above(scene: Scene, across: float) -> tuple[list[str], float]:
    """Return title and sentence, and their height."""
    y = _MARGIN + _TITLE
    parts = [text_at(cut(scene.heading, across, _TITLE), _MARGIN, y, _TITLE, INK, more=_HEAVY)]
    y += 8
    for line in _broken(scene.sentence, across, _SENTENCE)[:6]:
        y += 20
        parts.append(text_at(line, _MARGIN, y, _SENTENCE))
    return parts, y - _MARGIN + 24


def _below(scene: Scene, free: Iterable[Mark], across: float) -> tuple[list[str], float]:
    """Return the legend and below it what was asked of what, and their height."""
    marks = [*free]
    looks = []
    for kind in dict.fromkeys(mark.kind for mark in marks if mark.kind):
        sign = kind_sign(kind)
        looks.append((f'{shape_of(sign.shape, 7, 0, 6)} fill="{sign.light}"/>', cut(kind, WRAP, NOTE)))
    keys = {mark.key for mark in marks}
    styles = {line.style for line in scene.lines if line.source in keys and line.target in keys}
    for line in (line for style, line in LINE_SIGNS.items() if style in styles):
        path = f'<path d="M0 0H24" stroke="{STROKE}" stroke-width="2"{dashes(line.dash)}/>'
        looks.append((path, line.meaning))
    parts, x, y = [], _MARGIN, 44.0
    for drawn, name in looks:
        wide = 34 + text_width(name, NOTE) + 20
        if x + wide > across + _MARGIN and x > _MARGIN:
            x, y = _MARGIN, y + 22
        parts.append(f'<g transform="translate({number(x)} {number(y)})">{drawn}{text_at(name, 30, 4, NOTE)}</g>')
        x += wide
    parts.append(text_at(cut(_about(scene), across, NOTE), _MARGIN, y + 26, NOTE))
    return parts, y + 30
