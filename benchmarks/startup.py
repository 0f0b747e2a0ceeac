"""How long a command takes from the shell, as a whole process."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.timing import Measured, in_turn, process
from kg.model.shipped import DATASET_FILE, data_path

_PARSE = (
    "import sys, pyoxigraph as ox; store = ox.Store(); "
    "store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.TRIG); "
    "list(store.query('SELECT * { ?s ?p ?o } LIMIT 100', use_default_graph_as_union=True))"
)


def measure() -> Iterator[Measured]:
    """Yield the cold start of `kg show` and `kg overlap` on the shipped dataset."""
    path = str(data_path(DATASET_FILE))
    seconds = in_turn(
        {
            "interpreter": process("-c", "pass"),
            "parse": process("-c", _PARSE, path),
            "cyclopts": process("-c", "import cyclopts"),
            "networkx": process("-c", "import networkx"),
            "help": process("-m", "kg", "--help"),
            "show": process("-m", "kg", "show", "python"),
            "overlap": process("-m", "kg", "overlap", "AI Engineer", "Machine Learning Engineer"),
            "gap": process("-m", "kg", "gap", "AI Engineer", "--held", "Python"),
        }
    )
    floor = seconds["parse"] + seconds["cyclopts"] - seconds["interpreter"]
    what = "parsing and querying the dataset + importing the command-line library"
    yield Measured("kg show, cold", seconds["show"], what, floor, 2.0)
    yield Measured("kg overlap, cold", seconds["overlap"], "importing networkx", seconds["networkx"], 1.5)
    yield Measured("kg gap, cold", seconds["gap"], "importing networkx", seconds["networkx"], 1.5)
    yield Measured("kg --help, cold", seconds["help"], "importing networkx", seconds["networkx"], 1.5)
