"""SPARQL as its users write it: read with care, run within limits, answered in the formats of the standard."""
