"""`paths`: which chains lead from one node to another? It shares a room with `path`: `kg.questions.path`."""

from kg.questions.path import Paths, paths

__all__ = ["Paths", "paths"]
