"""From one release of data to the next.

`kg build` writes one, `diff` says what differs between two, `infer` what rules conclude. How files are written in each
format stands in `kg.exports`.
"""
