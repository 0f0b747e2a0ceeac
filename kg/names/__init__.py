"""From a text to a node: the index of names, matching, mentions in running text.

What is done with the node is not here.
"""
