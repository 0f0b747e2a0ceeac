"""The graph in a notebook: magics (``%load_ext kg``) and the explorer. How answers look is in `kg.views.cell`."""
