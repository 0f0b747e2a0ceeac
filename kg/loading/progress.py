"""A bar on the terminal while a load is under way."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath

from kg.loading.loading import Progress

__all__ = ["bar"]


@contextmanager
def bar() -> Iterator[Progress | None]:
    """Give what shows the progress of a load on stderr; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), TextColumn("{task.fields[quads]:,} quads"), TimeElapsedColumn())
    text = TextColumn("{task.description}", markup=False)
    with Bar(*columns, text, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=1.0, quads=0)

        def tell(file: str, quads: int, share: float) -> None:
            shown.update(task, completed=share, description=PurePath(file.rpartition(":")[2]).name, quads=quads)

        yield tell
