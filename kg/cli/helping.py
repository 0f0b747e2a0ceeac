"""Help: what there is on one screen, grouped by what one wants; of a command its own options first.

The option parser lists a command's options; here is what it shows of the common ones, and the screen before all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cyclopts import App, Group, Parameter
    from cyclopts.help import HelpPanel
    from rich.console import Console, ConsoleOptions

__all__ = ["COMMON", "asked_for_help", "common_in_a_line", "overview", "print_common"]

#: What asks for the options that all commands have.
COMMON = ["options", "--help"]
_FLAGS = frozenset({"--help", "-h"})
#: What one wants, and which commands answer that; two of a kind share a line.
_WANTED: Mapping[str, Mapping[str, str]] = {
    "Ask": {
        "gap": "what a role requires that is not held yet",
        "plan, roadmap": "in which order one gets there, from what is held or nothing",
        "overlap": "what roles, exams or skills share, and what sets them apart",
        "similar": "which roles are most like this one",
        "path, paths": "which way leads from one to another, or which ways do",
        "opens": "which few skills bring most roles within reach",
        "why": "who says so, since when, and where",
        "disagree": "whether two are one and the same, by what each source says",
    },
    "For people": {
        "nearest": "which roles suit what somebody holds",
        "read": "what somebody holds, by a list, a table or a CV",
        "lint": "whether a text about careers is still true",
    },
    "Look": {
        "find": "which node a text means",
        "show": "what is known of one, and what uses it",
        "list": "what there is, of one kind",
        "draw": "any answer, or the whole graph, as a page or a picture",
    },
    "Data": {
        "init, build": "begin facts of your own; compile them into a dataset",
        "fetch, load": "get a framework; load files into a store",
        "link": "which nodes a table of names means",
        "check": "whether the data is right",
        "diff": "what changed between two releases, and in an answer",
        "infer": "what follows from the claims, by named rules",
        "export": "RDF, tables, GraphML, GEXF, SKOS, Mermaid and more",
        "sparql": "ask in SPARQL",
    },
    "Serve": {
        "serve": "a SPARQL endpoint, a search and an editor, on this machine",
        "mcp": "the questions to an assistant, as tools (MCP)",
    },
}
_MOST = 80


def asked_for_help(words: Sequence[str], commands: Collection[str]) -> list[str]:
    """Return a command line with `help` in words put as the option; of no command that there is, to be refused.

    Nothing is returned where what there is is asked for.

    Examples
    --------
    >>> asked_for_help(["help", "gap"], ["gap"]), asked_for_help(["gap", "help"], ["gap"])
    (['gap', '--help'], ['gap', 'help'])
    >>> asked_for_help(["--as-of", "2026-01-15", "-h"], ["gap"]), asked_for_help(["gab", "-h"], ["gap"])
    ([], ['gab'])
    """
    if words[:1] == ["help"]:
        words = [*words[1:], "--help"]
    if words == COMMON or not _FLAGS & {*words} or {*words} & {*commands}:
        return [*words]
    return [] if words[0].startswith("-") else [words[0]]


def overview(commands: Mapping[str, str]) -> str:
    """Return one screen of what there is.

    Parameters
    ----------
    commands
        Every command with what it is for; such as stand in no group come last, so that none is missing.
    """
    lines = [
        'Usage: kg COMMAND … [OPTIONS], such as: kg gap "AI Engineer" --held Python',
        "A career knowledge graph that can be questioned; every answer has its sources.",
    ]
    named = {name for group in _WANTED.values() for names in group for name in names.split(", ")}
    rest = {name: what for name, what in commands.items() if name not in named}
    for title, group in {**_WANTED, **({"More": rest} if rest else {})}.items():
        lines.append(title)
        lines += [_line(names, what) for names, what in group.items()]
    lines += [
        "",
        "`kg help COMMAND` has options and examples, `kg help options` the common ones.",
        "--version says which this is, --install-completion sets up the tab key.",
    ]
    return "\n".join(lines) + "\n"


def _line(names: str, what: str) -> str:
    line = f"  {names:<14} {what}"
    return line if len(line) <= _MOST else f"{line[: _MOST - 2]} …"


def common_in_a_line(console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:
    """Print, of a panel of options that all commands have, no more than a line."""
    names = [name for entry in panel.entries for name in (*entry.positive_names, *entry.positive_shorts)]
    said = "Common options: {}: `kg help options`"
    shown = [*names]
    while shown and len(said.format(", ".join(shown) + " …" * (shown != names))) > console.width:
        shown.pop()
    console.print(said.format(", ".join(shown) + " …" * (shown != names)), highlight=False)


def print_common(launcher: App, group: Group, plain: Parameter) -> None:
    """Print the options that all commands have, each with what it says."""
    from cyclopts.help import DefaultFormatter, create_parameter_help_panel

    options = launcher.assemble_argument_collection(default_parameter=plain, parse_docstring=True)
    found = options.filter_by(group=group)
    console = launcher.console
    DefaultFormatter()(console, console.options, create_parameter_help_panel(group, found, "plaintext"))
