"""A graph that can be asked.

Opening a place, loading files into a store, the handle, the ways to networkx and rdflib and back, versions of
frameworks, the whole graph as arrays. Questions are not here.
"""
