"""Jupyter: magics, completion, the explorer.

How an answer shows itself in a cell stands in `kg.views.cell`.
"""
