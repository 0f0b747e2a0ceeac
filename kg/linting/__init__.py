"""A text about careers, read for what it names and judged by what the graph knows.

`texts` takes a file's words out of its markup, `mentions` finds the names in them, `reading` puts both beside the
graph, `rules` say what is wrong, `lint` is the answer. What a CV brings is read by `texts` and `mentions` too.
"""
