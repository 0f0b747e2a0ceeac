"""N-Quads in shards: what the loaders of clusters and bulk loaders read in parallel.

Each shard is sorted, gzipped N-Quads; all quads about one subject stand in one shard. Nothing is lost: graphs, language
tags and datatypes are those of the dataset.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

from kg.exports.folders import Exported, replacing, write_manifest
from kg.exports.partitions import parts

if TYPE_CHECKING:
    from kg.handles.handle import KnowledgeGraph

__all__ = ["write_shards"]

#: Quads in a shard, about: some 15 MB compressed, a few seconds of work for a loader.
_SHARD = 500_000


def write_shards(g: KnowledgeGraph, folder: Path, *, most: int = _SHARD) -> Exported:
    """Write the dataset as ``part-000.nq.gz`` and on, with a manifest; the same dataset gives the same bytes.

    Parameters
    ----------
    most
        About so many quads go into a shard.

    Raises
    ------
    BadInput
        The folder cannot be written, or holds something else.

    References
    ----------
    W3C RDF 1.1 N-Quads. RFC 1952 (gzip); the header carries no time and no name.
    """
    rows: dict[str, int] = {}
    with replacing(folder) as fresh:
        with parts(g.store, most=most) as dealt:
            for part in dealt:
                name = f"part-{part.number:03d}.nq.gz"
                with (
                    (fresh / name).open("wb") as file,
                    gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as packed,
                ):
                    packed.writelines(part.lines)
                rows[name] = len(part.lines)
        quads = sum(rows.values())
        about = {"format": "N-Quads, gzip", "dataset": g.dataset.name, "version": g.dataset.version, "quads": quads}
        write_manifest(fresh, about, rows, "quads")
    return Exported(folder, quads, rows)
