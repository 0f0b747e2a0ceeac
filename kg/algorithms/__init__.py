"""What several questions compute with: graph theory and optimisation on plain arrays, one textbook idea per file.

A function here knows neither stores nor answers. It takes a graph, arrays or matrices, and returns the same; the
questions say what is asked of it, in the words of careers.
"""
