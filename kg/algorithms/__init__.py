"""Textbook computations on arrays and plain graphs: shortest paths, set cover, similarity, ranking.

Nothing here knows a role from a skill; of ours only errors are imported.
"""
