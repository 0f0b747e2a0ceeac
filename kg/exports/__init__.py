"""The dataset in other formats: one format per file, the same bytes on every run, and what was lost, counted.

How an answer is shown stands in `kg.views`.
"""
