"""What the options common to all commands say: which graph, which release, which day, which language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.handles.handle import KnowledgeGraph

__all__ = ["Session", "session"]


class Session:
    """One run of the command line; the graph is opened when a question first needs it."""

    def __init__(self) -> None:
        self.where: tuple[str, ...] = ()
        self.as_of: str | None = None
        self.lang = "en"
        self.release: tuple[str, ...] = ()
        self.merge_mappings = False
        self.inferred = False
        self.strict = False
        self.output: Path | None = None
        self.form: str | None = None
        self.opened: KnowledgeGraph | None = None
        """A graph that is open already, as in a notebook; it is asked then, and the rest is not read."""

    def graph(self) -> KnowledgeGraph:
        """Return the graph asked about."""
        if self.opened is not None:
            return self.opened
        from kg.handles.opening import open as open_graph

        return open_graph(
            self.where or None,
            as_of=self.as_of,
            lang=self.lang,
            release=self.release,
            merge_mappings=self.merge_mappings,
            inferred=self.inferred,
            strict=self.strict,
        )


session = Session()
