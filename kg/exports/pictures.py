"""Where a picture goes: to a file, to the browser, or to standard output."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import mkdtemp

from kg.model.errors import BadInput
from kg.model.writing import write_file
from kg.views.drawing import Drawing

__all__ = ["put_picture"]


def put_picture(drawing: Drawing, form: str, output: Path | None, *, keep: bool, show: bool) -> None:
    """Write a picture, and name the file on standard error.

    Parameters
    ----------
    form
        html, svg or png.
    output
        The file; without one, standard output, unless the picture is kept or shown.
    keep
        Without a file named, write to one in the working folder, named after what was asked.
    show
        Open the file in the browser.

    Raises
    ------
    BadInput
        The file cannot be written, or a terminal would get a PNG.
    """
    content = drawing.render(form)
    if output is None and not keep and not show:
        if form == "png" and sys.stdout.isatty():
            raise BadInput("A PNG is no text for a terminal. Name a file: -o picture.png.")
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    name = Path(f"{drawing.name}.{form}")
    if output is None:
        output = name if keep else Path(mkdtemp(prefix="career-kg-")) / name
    written = write_file(output, content)
    sys.stderr.write(f"{written}\n")
    if show:
        import webbrowser

        webbrowser.open(written.resolve().as_uri())
