"""Other people's queries within limits.

The library of ready ones, the worker process and its pool, results in the formats of the standards, updates. The
question `sparql`, which a graph is asked, stands in `kg.questions`.
"""
