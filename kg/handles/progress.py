"""A bar on the terminal, or in a notebook cell, while a load is under way."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath

from kg.handles.loading import Progress

__all__ = ["progress_bar"]


@contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """Give what shows the progress of a load, on a terminal or in a notebook cell; nothing where there is neither."""
    if not (sys.stderr.isatty() or _in_notebook()):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), TextColumn("{task.fields[quads]:,} quads"), TimeElapsedColumn())
    text = TextColumn("{task.description}", markup=False)
    with Bar(*columns, text, console=Console(stderr=True, force_jupyter=_in_notebook()), transient=True) as shown:
        task = shown.add_task("", total=1.0, quads=0)

        def tell(file: str, quads: int, share: float) -> None:
            shown.update(task, completed=share, description=PurePath(file.rpartition(":")[2]).name, quads=quads)

        yield tell


def _in_notebook() -> bool:
    """Return whether this runs in the kernel of a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")
