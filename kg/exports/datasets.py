"""`kg export`: a dataset, or the part behind some nodes or an answer, in the form that another tool reads.

The forms are those of `kg.exports.dataset_formats`. Every export ends with a report of what its form could not say,
counted while it was written.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg.exports.dataset_formats import DATASET_FORMATS, DatasetFormat
from kg.exports.folders import Exported, replacing_export
from kg.exports.losses import Loss, as_losses
from kg.exports.selecting import chosen_part
from kg.model.answers import Answer, Context, Row, Section
from kg.model.errors import BadInput, KgError
from kg.model.syntaxes import SYNTAXES

if TYPE_CHECKING:
    from kg.handles.handle import KnowledgeGraph

__all__ = ["Export", "export", "export_to_stdout"]


@dataclass(frozen=True, kw_only=True)
class Export(Answer):
    """What an export wrote, and what it could not say.

    Attributes
    ----------
    place
        The file or folder.
    form
        The name of the format.
    quads
        How many quads the dataset has.
    files
        Rows or quads in each file of a folder, by its name; a single file has the quads it was made from.
    lost
        What the format could not say, the most frequent first.
    """

    place: Path
    form: str
    quads: int
    files: dict[str, int]
    lost: tuple[Loss, ...]

    def __str__(self) -> str:
        if self.lost:
            return (
                f"A dataset of {self.quads:,} quads was written as {self.form}; what that cannot say is counted below."
            )
        return f"{self.quads:,} quads were written as {self.form}; nothing was lost."

    def rows(self) -> tuple[Row, ...]:
        """Return a row for each kind of loss."""
        return tuple({"not written": loss.what, "count": loss.count} for loss in self.lost)

    def sections(self) -> tuple[Section, ...]:
        """Return the files of a folder, and the losses."""
        files = tuple((name, f"{number:,}") for name, number in self.files.items())
        lost = tuple((loss.what, f"{loss.count:,}") for loss in self.lost)
        found = [Section(header=("file", "rows"), rows=files)] if len(files) > 1 else []
        return (*found, Section(header=("not written", "count"), rows=lost)) if lost else tuple(found)


def export(
    g: KnowledgeGraph, to: str, place: str | Path, *, about: Sequence[str] = (), answer: Answer | None = None
) -> Export:
    """Write a dataset in another form: all of it, or the part behind some nodes or an answer.

    Parameters
    ----------
    g
        The handle of a graph.
    to
        The name of a format of `DATASET_FORMATS`, such as ``trig``, ``gexf`` or ``parquet`` (`docs/formats.md`).
    place
        The file or folder to write; what stands there is replaced when the new one is complete.
    about
        Names of nodes: only what is said of them, as `kg.show` reads it, is written.
    answer
        An answer of a question to ``g``: only the slice it rests on is written.

    Raises
    ------
    BadInput
        There is no such format, the place cannot be written, or the answer has no RDF behind it.
    MissingExtra
        The format needs a package that is not installed.
    UnknownName, AmbiguousName
        A name in ``about`` means no node, or several.

    Examples
    --------
    >>> import kg, tempfile
    >>> g = kg.open(as_of="2026-11-22")
    >>> with tempfile.TemporaryDirectory() as place:
    ...     done = kg.export(g, "gexf", place + "/roles.gexf", answer=kg.overlap(g, "AI Engineer", "ML Engineer"))
    >>> [loss.what for loss in done.lost]
    ['sources of what is said of a node']
    """
    form = _format(to)
    part = chosen_part(g, about, answer)
    where = Path(place)
    if form.ending:
        with replacing_export(where) as file:
            lost: Counter[str] = form.load()(part, file)
        quads = len(part.store)
        done = Exported(where, quads, {where.name: quads})
    else:
        done, lost = form.load()(part, where), Counter()
    return _told(g, form, done, lost)


def export_to_stdout(g: KnowledgeGraph, to: str, *, about: Sequence[str] = (), answer: Answer | None = None) -> Export:
    """Write a format that is one file to standard output, once it is complete.

    Raises
    ------
    BadInput
        As `export`; and the format is a folder.
    """
    import shutil
    from tempfile import gettempdir

    from kg.exports.partitions import temporary_file

    form = _format(to)
    if not form.ending:
        raise BadInput(
            f"Nothing says where to: {form.title} are a folder. Name a new one: kg export --to {to} -o FOLDER."
        )
    part = chosen_part(g, about, answer)
    with temporary_file() as file:
        try:
            lost: Counter[str] = form.load()(part, file)
            file.seek(0)
        except OSError as error:
            if isinstance(error, KgError):
                raise
            raise BadInput(
                f"The export is put together in {gettempdir()}, which cannot be written: {error.strerror or error}. "
                "Set TMPDIR to a folder with more space, or name a file: -o FILE."
            ) from None
        sys.stdout.flush()
        shutil.copyfileobj(file, _bytes(sys.stdout))
    name = f"dataset{form.ending}"
    return _told(g, form, Exported(Path(name), len(part.store), {name: len(part.store)}), lost)


def _told(g: KnowledgeGraph, form: DatasetFormat, done: Exported, lost: Counter[str]) -> Export:
    return Export(
        place=done.place,
        form=form.title,
        quads=done.quads,
        files=done.files,
        lost=as_losses(lost),
        context=Context(as_of=g.as_of.isoformat(), dataset=g.dataset),
    )


def _bytes(stream: Any) -> IO[bytes]:  # standard output, or what stands in its place
    found: IO[bytes] = stream.buffer
    return found


def _format(name: str) -> DatasetFormat:
    also = {ending[1:]: syntax.name for syntax in SYNTAXES for ending in syntax.endings} | {"mmd": "mermaid"}
    for form in DATASET_FORMATS:
        if form.name == also.get(name, name):
            return form
    raise BadInput(f'No format "{name}". Choose from {", ".join(form.name for form in DATASET_FORMATS)}.')
