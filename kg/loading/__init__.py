"""From files to quads, and from files to a store: everything a path may be, as one transaction.

`gather` reads files into memory, for a question that is asked of them directly. `load` writes them to a store folder,
as streams: a framework of a million quads never stands in memory as a whole. What a path is is recognised first, by
what it holds rather than by how it is called (`kg.loading.recognising`).
"""

from kg.loading.gathering import Gathered, gather
from kg.loading.loading import load
from kg.loading.report import Loaded

__all__ = ["Gathered", "Loaded", "gather", "load"]
