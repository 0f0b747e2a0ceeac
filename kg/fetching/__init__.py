"""Official releases of frameworks, downloaded when asked for: what is where, and how it comes whole."""
