"""The command line: the questions, read off their signatures. No logic lives here.

`kg gap "data engineer" --held SQL` is `kg.gap(graph, "data engineer", held=["SQL"])`. Data goes to stdout, talk to
stderr; the exit code is 0 for an answer, 1 for "no", 2 for input that cannot be used.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import App, CycloptsError, Group, Parameter

from kg.errors import KgError
from kg.questions import QUESTIONS

if TYPE_CHECKING:
    from kg.answers import Answer

__all__ = ["app", "main"]

Format = Literal["text", "table", "json"]

_GRAPH = Group("Which graph, which day, which form", sort_key=9)

app = App(
    name="kg",
    help="A career knowledge graph that can be questioned: roles, skills, tools and certifications, with sources.",
    help_format="plaintext",
    version=lambda: _version(),
    default_parameter=Parameter(negative=(), show_default=False),
    group_commands=Group("Questions", sort_key=1),
    result_action="return_value",
)
app.meta.group_parameters = _GRAPH
_TOOLS = Group("Tools", sort_key=2)


def _version() -> str:
    from importlib.metadata import version

    return version("career-kg")


class _Session:
    """What the options common to all commands say; the graph is opened when a question first needs it."""

    def __init__(self) -> None:
        self.where: tuple[str, ...] = ()
        self.as_of: str | None = None
        self.lang = "en"

    def graph(self) -> Any:  # a KnowledgeGraph, imported only when opened
        from kg.handle import open as open_graph

        return open_graph(self.where or None, as_of=self.as_of, lang=self.lang)


session = _Session()


def _command(question: Callable[..., Answer]) -> Callable[..., Answer]:
    """Return a question as a command: the same signature without its first parameter, the graph."""

    def run(*args: Any, **options: Any) -> Answer:
        return question(session.graph(), *args, **options)

    signature = inspect.signature(question, eval_str=True)
    parameters = list(signature.parameters.values())[1:]
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]  # inspect reads it
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__doc__ = question.__doc__
    run.__name__ = question.__name__
    return run


_EXAMPLES = {
    "find": ["kg find sklearn", "kg find AIP-C01", 'kg find "machin learning" --kind skill'],
    "show": ["kg show AI-102", "kg show python --source esco-111", "kg show AI-102 --as-of 2026-01-15"],
    "list": [
        "kg list roles",
        "kg list certifications --status active --provider AWS",
        "kg list tools --category framework",
    ],
    "overlap": [
        'kg overlap "AI Engineer" "ML Engineer"',
        'kg overlap "AI Engineer" "ML Engineer" --source article',
        "kg overlap AI-103 AIP-C01 --format json",
    ],
    "build": ["kg build", "kg build my-facts --out my-dataset"],
    "load": ["kg load my-facts more.ttl --into my-store"],
}


def _epilogue(name: str) -> str:
    return "Examples:\n" + "\n".join(f"  {line}" for line in _EXAMPLES[name])


for _name in QUESTIONS:
    app.command(
        _command(getattr(import_module(f"kg.questions.{_name}"), _name)), name=_name, help_epilogue=_epilogue(_name)
    )


@app.command(group=_TOOLS, help_epilogue=_epilogue("build"))
def build(*facts: Path, out: Path = Path("exports")) -> None:
    """Compile facts into a dataset release: TriG, Turtle, JSON-LD, GraphML.

    Parameters
    ----------
    facts
        Files or folders of facts (YAML); by default those that come with the package.
    out
        The folder to write to.
    """
    from kg.building import build as run

    built = run(facts, out=out)
    for title, counted in (("Facts in", built.facts), ("Claims out", built.claims)):
        print(f"{title}: {', '.join(f'{number} {name}' for name, number in counted.items())}.", file=sys.stderr)
    print(f"{built.quads} quads.", file=sys.stderr)
    for path in built.files:
        print(path)


@app.command(group=_TOOLS, help_epilogue=_epilogue("load"))
def load(*paths: Path, into: Path) -> None:
    """Load files into a store folder, all or nothing.

    Parameters
    ----------
    paths
        RDF files, facts files (YAML), and folders of either, in any order.
    into
        The store folder; made if it does not exist. What it holds stays.
    """
    from kg.loading import load as run

    loaded = run(paths, into=into)
    print(f"Read {loaded.read} quads; {into} now holds {loaded.total}.", file=sys.stderr)


@app.meta.default
def _launch(
    *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    graph: Annotated[tuple[str, ...], Parameter(group=_GRAPH, negative=())] = (),
    as_of: Annotated[str | None, Parameter(group=_GRAPH)] = None,
    format: Annotated[Format, Parameter(group=_GRAPH)] = "text",
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], group=_GRAPH)] = None,
    lang: Annotated[str, Parameter(group=_GRAPH)] = "en",
) -> int:
    """Run one command.

    Parameters
    ----------
    graph
        The graph to ask instead of the shipped one: an RDF file, a facts folder, a store folder, or "shipped"; may be
        repeated to combine several.
    as_of
        The day asked about, as YYYY-MM-DD; today by default.
    format
        text for people, table for the plain rows, json for programs.
    output
        The file to write the answer to, instead of the screen.
    lang
        The language to prefer for labels.
    """
    session.where, session.as_of, session.lang = graph, as_of, lang
    answer = app(tokens)
    if answer is None or isinstance(answer, int):
        return answer or 0
    _write(answer, format, output)
    return 0 if answer.yes else 1


def _write(answer: Answer, form: Format, output: Path | None) -> None:
    from kg.exports.text import plain_text, print_rich, table_text

    if form == "text" and output is None and sys.stdout.isatty():
        print_rich(answer, sys.stdout)
        return
    if form == "json":
        import json

        rendered = json.dumps(answer.to_json(), ensure_ascii=False, indent=2) + "\n"
    else:
        rendered = plain_text(answer) if form == "text" else table_text(answer)
    if output is None:
        sys.stdout.write(rendered)
        return
    from kg.building import write_file

    print(write_file(output, rendered.encode()), file=sys.stderr)


def main() -> int:
    """Run the command line and return its exit code."""
    try:
        return int(app.meta(sys.argv[1:], exit_on_error=False, print_error=True) or 0)
    except CycloptsError:
        return 2  # it has said what was wrong
    except KgError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; nothing was changed.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


if __name__ == "__main__":
    sys.exit(main())
