"""`kg serve`: the graph on this machine's door: SPARQL for programs, a search and an editor for people."""
