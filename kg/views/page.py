"""Page: an interactive picture as one HTML file, which works offline and can be sent.

`page_of` makes it of a scene. The heavy part, pyvis and with it IPython, is imported only then.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from kg.writing import write_file

if TYPE_CHECKING:
    from kg.views.scene import Scene

__all__ = ["Page", "page_of"]

#: What a page in a notebook cell may do: run its own script, open a link in a tab of its own, save a picture. It is
#: never of the same origin as the notebook, so it can neither read nor run anything of it.
SANDBOX = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"


@dataclass(frozen=True, slots=True)
class Page:
    """One self-contained HTML page: no request leaves it, whatever stands in its labels.

    Attributes
    ----------
    html
        The whole file.

    Examples
    --------
    >>> Page("<!doctype html><title>Overlap</title>")
    Page of 37 characters
    """

    html: str

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

    def _repr_html_(self) -> str:
        """Return the page for a notebook cell, in a frame that keeps it apart from the notebook."""
        return (
            f'<iframe srcdoc="{escape(self.html)}" sandbox="{SANDBOX}" title="Interactive picture" width="100%" '
            'height="720" loading="lazy" style="border: 0"></iframe>'
        )


def page_of(scene: Scene) -> Page:
    """Return the interactive page of a scene; the same scene gives the same bytes."""
    from kg.views._page import render

    return Page(render(scene))
