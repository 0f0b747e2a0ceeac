"""Files in: what a file is, reading it into statements, fetching official ones.

Readers are pure generators; none knows a store. What is done with the statements stands in `kg.handles`.
"""
