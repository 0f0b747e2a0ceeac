"""Page: an interactive picture as one HTML file, which works offline and can be sent.

`page_of` makes it of a scene. The heavy part, pyvis and with it IPython, is imported only then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kg.model.writing import write_file

if TYPE_CHECKING:
    from kg.views.scene import Scene

__all__ = ["Page", "page_of"]


@dataclass(frozen=True, slots=True)
class Page:
    """One self-contained HTML page: no request leaves it, whatever stands in its labels.

    Attributes
    ----------
    html
        The whole file.
    scene
        What it shows, for the still picture and the table beside it in a notebook; None for HTML from elsewhere.

    Examples
    --------
    >>> Page("<!doctype html><title>Overlap</title>")
    Page of 37 characters
    """

    html: str
    scene: Scene | None = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        return f"Page of {len(self.html)} characters"

    def save(self, path: str | Path) -> Path:
        """Write the page to a file, all or nothing, and return its path.

        Raises
        ------
        BadInput
            The file cannot be written; what stood there before still does.
        """
        return write_file(Path(path), self.html.encode())

    def open(self, path: str | Path | None = None) -> Path:
        """Show the page in the browser, and return the file shown.

        Parameters
        ----------
        path
            Where to save it; without one it goes to the folder for temporary files.

        Raises
        ------
        BadInput
            The file cannot be written.
        """
        import webbrowser
        from tempfile import mkdtemp

        file = self.save(Path(mkdtemp(prefix="career-kg-")) / "page.html" if path is None else path).resolve()
        webbrowser.open(file.as_uri())
        return file

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Return the page for a notebook cell; `kg.views.cell` says what is left of it where frames are taken out."""
        return {"text/html": self._repr_html_(), "text/plain": repr(self)}

    def _repr_html_(self) -> str:
        """Return the page for a notebook cell: in a frame of its own; still and table stand beside it."""
        from kg.views.cell import page_cell

        return page_cell(self.html, self.scene)


def page_of(scene: Scene) -> Page:
    """Return the interactive page of a scene; the same scene gives the same bytes."""
    from kg.views._page import render

    return Page(render(scene), scene)
