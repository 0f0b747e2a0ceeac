"""The road of the data holds: imports point backwards along it, the front door is a table, and little is imported."""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import kg
from kg.questions import QUESTIONS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "kg"

#: The rooms in the order of the road, and what each is for. A room imports itself and earlier ones, wherever in a file.
ROOMS = {
    "model": "what is said",
    "algorithms": "textbook computations, which know nothing of careers",
    "stores": "the port and what stands behind it",
    "engine": "other people's queries within limits",
    "sources": "files in",
    "names": "from a text to a node",
    "handles": "a graph that can be asked",
    "careers": "what career questions rest on",
    "questions": "one question per file",
    "checks": "the data and texts judged",
    "views": "an answer shown",
    "exports": "one format per file",
    "releases": "build, diff, infer",
    "web": "a face: the graph at an address",
    "assistants": "a face: the questions as tools of an assistant",
    "spark": "a face: bulk questions on a cluster",
    "cli": "a face: the command line, which starts the web too",
    "notebook": "a face: Jupyter, whose %kg is the command line in a cell",
}


@cache
def modules() -> dict[str, Path]:
    """Every module of the package but the front door, by its name without `kg.`."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        if name != "__init__":
            found[name] = path
    return found


def place(module: str) -> int:
    """Return the place of a module's room on the road; `__main__` starts the command line and comes last."""
    return len(ROOMS) if module == "__main__" else [*ROOMS].index(room(module))


def room(module: str) -> str:
    return module.partition(".")[0]


@cache
def imports(path: Path) -> frozenset[str]:
    """Return what a module imports of the package, wherever in the file, but for what only a type checker reads."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for statement in node.body
        for inner in ast.walk(statement)
    }
    known, found = modules(), set[str]()
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "kg":
            assert node.level == 0
            base = node.module.removeprefix("kg").lstrip(".")
            for alias in node.names:
                inner = f"{base}.{alias.name}".lstrip(".")
                found.add(inner if inner in known else base)
        elif isinstance(node, ast.Import):
            found |= {alias.name.removeprefix("kg.") for alias in node.names if alias.name.startswith("kg.")}
    return frozenset(found)


@pytest.mark.parametrize("module", modules())
def test_imports_point_backwards_along_the_road(module: str) -> None:
    for other in imports(modules()[module]):
        assert other, f"kg.{module} imports the front door"
        assert place(other) <= place(module), f"kg.{module} imports kg.{other}, which lies further along the road"


def test_there_are_no_circles() -> None:
    """Within one room, too, imports form no circle."""
    left = {module: {*imports(path)} - {module} for module, path in modules().items()}
    while left:
        free = [module for module, needs in left.items() if not needs & left.keys()]
        assert free, f"these import each other: {sorted(left)}"
        left = {module: needs for module, needs in left.items() if module not in free}


def test_the_rooms_are_those_of_the_plan_and_the_top_has_no_loose_file() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders == {*ROOMS}
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}


@pytest.mark.parametrize("name", ROOMS)
def test_no_room_has_the_name_of_something_public(name: str) -> None:
    """Python would put the package in its place after the first import."""
    assert name not in kg.__all__
    text = ast.get_docstring(ast.parse((PACKAGE / name / "__init__.py").read_text(encoding="utf-8")))
    assert text, f"kg/{name}/__init__.py says what lives there, and what does not"


def test_no_public_name_has_two_meanings() -> None:
    """Faces mirror what they run, views are one function each, and both frameworks are read by readers of one shape."""
    alike = {"main", "scene", "Reader", "content_of", "hierarchy", "release_of"}
    homes: dict[str, list[str]] = {}
    for module, path in modules().items():
        if room(module) in ("cli", "notebook"):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(module)
    assert {name: found for name, found in homes.items() if len(found) > 1 and name not in alike} == {}


@pytest.mark.parametrize("module", modules())
def test_only_faces_read_command_lines(module: str) -> None:
    tree = ast.parse(modules()[module].read_text(encoding="utf-8"))
    found = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert "cyclopts" not in found or room(module) in ("cli", "notebook")


def test_no_module_is_too_long_to_read() -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in modules().items()}
    assert {name: length for name, length in lengths.items() if length > 500} == {}


def test_relations_are_read_from_statements_by_no_store() -> None:
    """Importers know no store, and stores know no importer."""
    for module, path in modules().items():
        if room(module) == "sources":
            assert not [other for other in imports(path) if room(other) == "stores"], module
        if module in ("stores.memory", "stores.oxigraph", "stores.port"):
            assert "model.quads" not in imports(path), module


# --- the front door ----------------------------------------------------------------------------------------------


def test_the_front_door_lists_what_it_declares() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    declared = {
        (alias.asname or alias.name): node.module
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert declared == kg._CONTENTS
    assert [*kg._CONTENTS] == kg.__all__
    assert len(set(kg.__all__)) == len(kg.__all__)


@pytest.mark.parametrize("name", kg.__all__)
def test_every_name_of_the_front_door_resolves(name: str) -> None:
    found = getattr(kg, name)
    assert found is getattr(importlib.import_module(kg._CONTENTS[name]), name)
    assert name in dir(kg)
    assert found.__doc__


def test_a_name_the_front_door_does_not_have() -> None:
    with pytest.raises(AttributeError, match="module 'kg' has no attribute 'overlaps'"):
        kg.overlaps  # noqa: B018


def test_the_front_door_has_no_logic() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert functions == ["__getattr__", "__dir__"]


@pytest.mark.parametrize("question", sorted(QUESTIONS))
def test_the_name_of_a_question_is_its_address(question: str) -> None:
    module = importlib.import_module(kg._CONTENTS[question])
    assert module.__name__.startswith("kg.questions.")
    assert getattr(kg, question) is getattr(module, question)
    assert getattr(kg, question.capitalize()) is getattr(module, question.capitalize())
    slices = {"paths": "path", "roadmap": "plan"}  # these share a room
    assert (PACKAGE / "queries" / f"{slices.get(question, question)}.rq").is_file()


@pytest.mark.parametrize("module", modules())
def test_every_module_says_what_it_is_and_what_it_offers(module: str) -> None:
    tree = ast.parse(modules()[module].read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    found = importlib.import_module(f"kg.{module}") if module != "__main__" else None
    for name in getattr(found, "__all__", ()):
        assert hasattr(found, name), name


# --- what is imported when -----------------------------------------------------------------------------------------

HEAVY = (
    "IPython",
    "jinja2",
    "jsonschema",
    "networkx",
    "numpy",
    "pandas",
    "pyoxigraph",
    "pyshacl",
    "pyvis",
    "rapidfuzz",
    "rdflib",
    "rich",
    "scipy",
    "yaml",
)


def imported(program: str, *arguments: str) -> set[str]:
    """Return the heavy packages that a program has imported when it ends."""
    report = (
        f"\nimport json, sys\nprint(json.dumps([name for name in {HEAVY!r} if name in sys.modules]), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program + report, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_importing_the_package_imports_nothing_heavy() -> None:
    assert imported("import kg; kg.__all__; dir(kg)") == set()


def test_terms_and_errors_import_nothing_heavy() -> None:
    assert imported("from kg import KG, BadInput, Statement, Source, Value, Importance, data_path") == set()


@pytest.mark.parametrize(
    "command",
    [
        ("show", "python"),
        ("overlap", "AI Engineer", "Machine Learning Engineer"),
        ("find", "sklearn"),
        ("list", "roles"),
    ],
    ids=" ".join,
)
def test_a_command_that_is_piped_imports_no_graph_library_and_no_frames(command: tuple[str, ...]) -> None:
    """cyclopts itself imports parts of rich; drawing tables with it is left to terminals."""
    found = imported("from kg.cli.start import main; assert main() == 0", *command, "--as-of", "2026-11-22")
    assert "pyoxigraph" in found
    assert found <= {"pyoxigraph", "rich", "rapidfuzz"}
    assert "rapidfuzz" not in found or command[0] == "find"


def test_a_piped_command_draws_no_table_with_rich() -> None:
    program = "from kg.cli.start import main; assert main() == 0; import sys; assert 'rich.table' not in sys.modules"
    imported(program, "show", "python", "--as-of", "2026-11-22")


def test_a_piped_question_imports_nothing_of_findings() -> None:
    used = "import sys; found = {*sys.modules} & {'kg.model.findings', 'kg.exports.sarif'}; assert not found, found"
    imported(f"from kg.cli.start import main; assert main() == 0; {used}", "show", "python", "--as-of", "2026-11-22")
