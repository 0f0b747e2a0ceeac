"""The command line: the questions, read off their signatures. No logic lives here.

`kg gap "data engineer" --held SQL` is `kg.gap(graph, "data engineer", held=["SQL"])`. Data goes to stdout, talk to
stderr; the exit code is 0 for an answer, 1 for "no", 2 for input that cannot be used.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, CycloptsError, Group, Parameter

from kg.cli.helping import COMMON, asked_for_help, common_in_a_line, overview, print_common
from kg.cli.session import session
from kg.cli.words import DRAWN, EXAMPLES, TOOLS
from kg.model.errors import BadInput, KgError, hide_secrets
from kg.questions import QUESTIONS

if TYPE_CHECKING:
    from kg.model.answers import Answer
    from kg.views.drawing import Drawing

__all__ = ["app", "main"]

Format = Literal[
    "text",
    "table",
    "json",
    "csv",
    "html",
    "svg",
    "png",
    "ttl",
    "md",
    "xlsx",
    "tsv",
    "xml",
    "sarif",
    "yaml",
    "json-resume",
]

_ASKING = Group("Questions", sort_key=1)
_MENDING = Group("Tools", sort_key=2)
_GRAPH = Group("Which graph, which day, which form", sort_key=9, help_formatter=common_in_a_line)

#: Commands that write a file of their own to -o, or to a folder; not an answer.
_OWN_FILES = frozenset({"build", "export", "infer", "init", "serve"})

_PLAIN = Parameter(negative=(), show_default=False)
#: Every command, with what it is for.
COMMANDS = QUESTIONS | {name: what for name, (_, what) in TOOLS.items()}

app = App(
    name="kg",
    help="A career knowledge graph that can be questioned: roles, skills, tools and certifications, with sources.",
    help_format="plaintext",
    version=lambda: _version(),
    default_parameter=_PLAIN,
    group_commands=Group("Help", sort_key=3),
    result_action="return_value",
    suppress_keyboard_interrupt=False,  # `kg.cli.start` says what it means
)
app.meta.group_parameters = _GRAPH
app.meta.suppress_keyboard_interrupt = False


def _version() -> str:
    from importlib.metadata import version

    return version("career-kg")


def _epilogue(name: str) -> str:
    return "Examples:\n" + "\n".join(f"  {line}" for line in EXAMPLES[name])


def _register() -> None:
    """Name every command by text: a run imports only the one it runs."""
    for order, (name, asks) in enumerate(QUESTIONS.items()):
        _add(f"questions:ask_{name}", name, asks, order, _ASKING)
    for order, (name, (module, asks)) in enumerate(TOOLS.items(), start=len(QUESTIONS)):
        if name == "draw":
            app.command(_drawing(asks, order))
        else:
            _add(f"{module}:{name}", name, asks, order, _MENDING)


def _add(place: str, name: str, asks: str, order: int, group: Group) -> None:
    app.command(f"kg.cli.{place}", name=name, help=asks, sort_key=order, group=group, help_epilogue=_epilogue(name))


def _drawing(asks: str, order: int) -> App:
    """Return the command that draws: each question as a command of it, with the same options."""
    found = App(
        name="draw",
        help=asks,
        help_format="plaintext",
        help_epilogue=_epilogue("draw"),
        group=_MENDING,
        sort_key=order,
        default_parameter=_PLAIN,
        group_commands=Group("Pictures", sort_key=1),
    )
    for place, (name, what) in enumerate((QUESTIONS | DRAWN).items()):
        where = name if name in DRAWN else f"draw_{name}"
        found.command(f"kg.cli.pictures:{where}", name=name, help=what, sort_key=place)
    return found


_register()
app.register_install_completion_command(
    group="Help", help="Complete commands and options with the tab key, in bash, zsh or fish."
)


@app.meta.default
def _launch(
    *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    graph: Annotated[tuple[str, ...], Parameter(group=_GRAPH, negative=())] = (),
    as_of: Annotated[str | None, Parameter(group=_GRAPH)] = None,
    format: Annotated[Format | None, Parameter(group=_GRAPH)] = None,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], group=_GRAPH)] = None,
    open: Annotated[bool, Parameter(group=_GRAPH)] = False,
    all: Annotated[bool, Parameter(group=_GRAPH)] = False,
    lang: Annotated[str, Parameter(group=_GRAPH)] = "en",
    release: Annotated[tuple[str, ...], Parameter(group=_GRAPH, negative=())] = (),
    merge_mappings: Annotated[bool, Parameter(group=_GRAPH)] = False,
    inferred: Annotated[bool, Parameter(group=_GRAPH)] = False,
    strict: Annotated[bool, Parameter(group=_GRAPH, negative=())] = False,
    max_tokens: Annotated[int | None, Parameter(group=_GRAPH)] = None,
) -> int:
    """Run one command.

    Parameters
    ----------
    graph
        The graph to ask instead of the shipped one: an RDF file, facts, a store folder, the address of a SPARQL
        endpoint (https://…), or "shipped"; may be repeated.
    as_of
        The day asked about, as YYYY-MM-DD; today by default.
    format
        text for people (the default), table for the plain rows, md for notes, wikis and assistants, xlsx and csv for
        spreadsheets, json for programs, html to send (what `draw` makes by default), svg and png to print, ttl for RDF
        tools; of `sparql` also tsv and xml; of `check` and `lint` also sarif, for editors and code hosts; of `read`
        also yaml, to correct, and json-resume.
    output
        The file to write the answer to, instead of the screen; its ending says the form: plan.html, plan.xlsx.
    open
        Show the picture in the browser: a page, unless --format says otherwise.
    all
        Show everything on a terminal too, not only what one screen holds. What goes to a file or a pipe is complete.
    lang
        The language to prefer for labels.
    release
        The release to read where the graph has several of a framework, such as esco-1-1-1, or all; the newest by
        default. May be repeated, once for each framework.
    merge_mappings
        Take as one what mappings say is exactly the same; the answer says what was merged.
    inferred
        Read derived claims too, which kg infer has written; the answer says which of its claims are derived.
    strict
        Take only labels, listed aliases and codes as names, and no line of what is held that is none.
    max_tokens
        With --format md: about so many tokens at most, of 3.5 bytes each; what is left out is counted. All by default.
    """
    session.release, session.merge_mappings, session.inferred = release, merge_mappings, inferred
    session.strict = strict
    session.where, session.as_of, session.lang = graph, as_of, lang
    session.output, session.form = output, format
    if not tokens:
        sys.stdout.write(overview(COMMANDS))
        return 0
    form: str = format or "text"
    if tokens[0] not in _OWN_FILES:
        from kg.exports.formats import answer_form

        form = answer_form(format, output, "html" if tokens[0] == "draw" else "text")
    answer = app(tokens)
    if answer is None or isinstance(answer, int):
        return answer or 0
    from kg.model import answers

    drawing = not isinstance(answer, answers.Answer)
    if open and form == "text":
        form = "html"
    if drawing or open or form in ("html", "svg", "png"):
        return _draw(answer, form, output, keep=drawing, show=open)
    _write(answer, form, output, whole=all, max_tokens=max_tokens)
    return 0 if answer.yes else 1


def _draw(drawn: Drawing | Answer, form: str, output: Path | None, *, keep: bool, show: bool) -> int:
    from kg.exports.pictures import put_picture
    from kg.views.drawing import Drawing

    drawing = drawn if isinstance(drawn, Drawing) else Drawing(drawn)
    put_picture(drawing, form, output, keep=keep, show=show)
    return 0 if drawing.answer.yes else 1


def _write(answer: Answer, form: str, output: Path | None, *, whole: bool, max_tokens: int | None) -> None:
    from io import TextIOWrapper

    if isinstance(sys.stdout, TextIOWrapper):
        if form in ("text", "table"):
            sys.stdout.reconfigure(errors="replace")  # a terminal shows what it can
        else:
            # As programs expect it, on every system; a file's name that is no UTF-8 must not end the answer.
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")
    if form == "text" and output is None and sys.stdout.isatty():
        from shutil import get_terminal_size

        from kg.views.screens import print_screen

        columns, lines = get_terminal_size()
        print_screen(answer, sys.stdout, width=columns, height=None if whole else lines)
        return
    if form == "xlsx":
        from kg.exports.xlsx import to_xlsx

        if output is None and sys.stdout.isatty():
            raise BadInput("A workbook is no text for a terminal. Name a file: -o answer.xlsx.")
        content = to_xlsx(answer)
    else:
        content = _rendered(answer, form, max_tokens).encode()
    if output is None:
        if form == "xlsx":
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            sys.stdout.write(content.decode())
        return
    from kg.model.writing import write_file

    print(write_file(output, content), file=sys.stderr)


def _rendered(answer: Answer, form: str, max_tokens: int | None) -> str:
    from kg.exports.formats import FORMATS

    found = answer.standard_form(form)
    if found is not None:
        return found
    if form not in FORMATS:
        have = ", ".join(name for name in (*FORMATS, "xlsx") if name != "sarif")
        of = "a profile (`kg read`)" if form in ("yaml", "json-resume") else "SPARQL results (`kg sparql`)"
        raise BadInput(f"{form} is a form of {of}. For an answer: {have}.")
    if form == "md" and max_tokens is not None:
        from kg.views.markdown import PER_TOKEN, bounded_markdown

        return bounded_markdown(answer, most=int(max_tokens * PER_TOKEN) - 1) + "\n"
    if form == "text":
        from kg.views.text_tables import PLAIN_WIDTH, plain_text

        columns = os.environ.get("COLUMNS", "")
        return plain_text(answer, width=int(columns) if columns.isdecimal() and int(columns) else PLAIN_WIDTH)
    return FORMATS[form](answer)


@contextmanager
def _speaking(words: list[str]) -> Iterator[None]:
    """Let the command asked for speak with its whole docstring; the others keep the one line of the table."""
    for word, after in zip(words, [*words[1:], ""], strict=False):  # of no word there is none
        if word in EXAMPLES:
            command = app["draw"][after] if word == "draw" and after in QUESTIONS | DRAWN else app[word]
            if word == "draw" and command is app["draw"]:
                break
            line, command.help = command.help, None  # read from the function
            try:
                yield
            finally:
                command.help = line
            return
    yield


def main() -> int:
    """Run the command line and return its exit code."""
    words = asked_for_help(sys.argv[1:], COMMANDS)
    try:
        if words == COMMON:
            print_common(app.meta, _GRAPH, _PLAIN)
            return 0
        with _speaking(words):
            return int(app.meta(words, exit_on_error=False, print_error=False) or 0)
    except CycloptsError as error:
        return _refuse(_refused(error))
    except KgError as error:
        return _refuse(str(error))
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        print(_unusable(error), file=sys.stderr)
        return 2


def _refuse(said: str) -> int:
    from kg.views.text_tables import clean

    print(clean(said), file=sys.stderr)
    return 2


def _refused(error: CycloptsError) -> str:
    """Return what to say of a command line that cannot be read, which repeats words of it."""
    from kg.cli.refusing import refusal

    common = (name for argument in app.meta.assemble_argument_collection() for name in argument.names)
    return hide_secrets(refusal(error, common))


def _unusable(error: OSError) -> str:
    """Return what to say of an error of the system that no command has put into words of its own."""
    what = error.filename if isinstance(error.filename, str) else "The answer"
    said = f"{what} cannot be read or written: {error.strerror or error}. Check the place, its rights and its space."
    return hide_secrets(said)


if __name__ == "__main__":
    sys.exit(main())
