"""The port, and what stands behind it.

rdflib in memory, Oxigraph in memory and in folders with their generations, endpoints, what combines and restricts
them; terms bound into queries. What a place on disk or an address is, is found out in `kg.handles.opening`.
"""
