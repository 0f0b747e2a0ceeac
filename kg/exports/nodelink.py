"""Node-link JSON: what networkx, D3 and many pages read; every attribute of the graph is kept, and is read back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg.exports.networks import network_losses
from kg.handles.networks import whole_network
from kg.sources.guards import as_written, check_json

if TYPE_CHECKING:
    import networkx as nx

    from kg.handles.handle import KnowledgeGraph

__all__ = ["read_nodelink", "stream_nodelink"]


def stream_nodelink(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write a dataset as node-link JSON, one line for each node and edge, and return what is lost.

    References
    ----------
    networkx, `node_link_graph`: it reads the file with ``edges="edges"``.
    """
    graph = whole_network(g)
    lost = network_losses(g, graph)
    nodes = [{"id": node, **dict(sorted(graph.nodes[node].items()))} for node in sorted(graph.nodes)]
    edges = [
        {"source": u, "target": v, "key": key, **_renamed(data)}
        for u, v, key, data in sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[:3])
    ]
    file.write(b'{"directed": true, "multigraph": true, "graph": {},\n"nodes": [')
    _write_lines(nodes, file)
    file.write(b'],\n"edges": [')
    _write_lines(edges, file)
    file.write(b"]}\n")
    return lost


def _write_lines(items: list[dict[str, Any]], file: IO[bytes]) -> None:
    for place, item in enumerate(items):
        file.write((",\n" if place else "\n").encode() + json.dumps(item, ensure_ascii=False).encode())


def _renamed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of an edge; who says it is ``said_by``, since ``source`` is where the edge begins."""
    return {"said_by" if name == "source" else name: value for name, value in sorted(data.items())}


def read_nodelink(path: str | Path) -> nx.MultiDiGraph[str]:
    """Return the graph that `stream_nodelink` or networkx wrote: what to give to `kg.from_networkx`.

    Raises
    ------
    BadInput
        The file is no such graph, or is made to exhaust whoever reads it.
    """
    import networkx as nx

    with as_written(path, "node-link JSON") as member:
        data = json.loads(check_json(member))
        if "edges" not in data and "links" not in data:
            raise ValueError('it has neither the key "edges" nor "links"')
        made = nx.MultiDiGraph if data.get("directed", True) else nx.MultiGraph
        graph: nx.MultiDiGraph[str] = made()  # type: ignore[assignment]  # what was written has a direction or none
        for node in data["nodes"]:
            graph.add_node(node.pop("id"), **_tuples(node))
        for number, edge in enumerate(data["edges"] if "edges" in data else data["links"]):
            ends = (edge.pop("source"), edge.pop("target"), edge.pop("key", number))
            graph.add_edge(*ends, **{"source" if name == "said_by" else name: v for name, v in _tuples(edge).items()})
        return graph


def _tuples(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in attributes.items()}
