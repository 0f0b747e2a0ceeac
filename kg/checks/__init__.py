"""Data and texts judged: `check` and `lint`, their rules and shapes.

What a finding is stands in `kg.model.findings`.
"""
