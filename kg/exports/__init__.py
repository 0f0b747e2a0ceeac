"""Exports: one format per file, each a function from quads or a graph to bytes, the same bytes on every run."""
