"""The data itself, read for what is wrong with it.

`shapes` asks the shapes of `ontology/shapes.ttl` as SPARQL, `rules` say what shapes cannot, `check` is the answer.
"""
