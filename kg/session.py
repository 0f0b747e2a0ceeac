"""What the options common to all commands say: which graph, which day, which language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.handle import KnowledgeGraph

__all__ = ["Session", "session"]


class Session:
    """One run of the command line; the graph is opened when a question first needs it."""

    def __init__(self) -> None:
        self.where: tuple[str, ...] = ()
        self.as_of: str | None = None
        self.lang = "en"

    def graph(self) -> KnowledgeGraph:
        """Return the graph asked about."""
        from kg.handle import open as open_graph

        return open_graph(self.where or None, as_of=self.as_of, lang=self.lang)


session = Session()
