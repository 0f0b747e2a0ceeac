"""The graph at an address: `kg serve`, and the page that answers SPARQL without a server.

Pages that show one answer are made in `kg.views`.
"""
