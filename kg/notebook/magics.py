"""``%load_ext kg``: the command line and SPARQL as magics of IPython.

``%kg overlap "AI Engineer" "ML Engineer"`` is what ``kg overlap "AI Engineer" "ML Engineer"`` is on the command line,
with the answer as its value. ``%%sparql`` asks a query. ``%kg use`` says which graph and which day all further ones are
about. Nothing here needs ipywidgets. What is wrong with an input is said in a line, without a traceback.
"""

from __future__ import annotations

import shlex
from argparse import ArgumentParser
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

from cyclopts import App, CycloptsError, Parameter

from kg.cli.refusing import refusal
from kg.cli.session import session
from kg.handles.handle import KnowledgeGraph
from kg.handles.opening import open as open_graph
from kg.model.errors import KgError, MissingExtra

try:
    from IPython.core.error import UsageError
    from IPython.core.magic import Magics, cell_magic, line_magic, magics_class
except ImportError:
    raise MissingExtra("IPython", "notebook", "%load_ext kg") from None

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from kg.questions.sparql_answer import Sparql

__all__ = ["KgMagics", "load_ipython_extension"]


@dataclass(frozen=True)
class Using:
    """Which graph is asked, and about which day."""

    where: tuple[str, ...] = ()
    as_of: str | None = None
    lang: str = "en"
    release: tuple[str, ...] = ()
    merge_mappings: bool = False
    inferred: bool = False


@magics_class
class KgMagics(Magics):
    """``%kg`` and ``%%sparql``."""

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._variables = shell.user_ns
        self._using = Using()
        self._own: KnowledgeGraph | None = None
        self._open: dict[Using, KnowledgeGraph] = {}

    @line_magic
    def kg(self, line: str) -> Any:  # an Answer, or None where a command has none
        """Ask a question as on the command line, or choose a graph.

        %kg overlap "AI Engineer" "ML Engineer"

        %kg gap "AI Engineer" --held Python --as-of 2026-11-22

        %kg use my-store --as-of 2026-11-22      # a file, a folder, an address, "shipped", or a variable
        """
        tokens = _words(line)
        try:
            return self._run(tokens)
        except CycloptsError as error:
            raise UsageError(refusal(error)) from None
        except KgError as error:
            raise UsageError(str(error)) from None

    def _run(self, tokens: list[str]) -> Any:  # as above
        from kg.cli.app import app

        reading = App(help_flags=(), version_flags=(), result_action="return_value")
        using = bool(tokens) and tokens[0] == "use"

        @reading.default
        def read(
            *rest: Annotated[str, Parameter(allow_leading_hyphen=True)],
            graph: Annotated[tuple[str, ...], Parameter(negative=())] = (),
            as_of: str | None = None,
            lang: str | None = None,
            release: Annotated[tuple[str, ...], Parameter(negative=())] = (),
            merge_mappings: Annotated[bool, Parameter(negative=())] = False,
            inferred: Annotated[bool, Parameter(negative=())] = False,
        ) -> Any:  # as above
            asked = Using(
                graph or self._using.where,
                as_of or self._using.as_of,
                lang or self._using.lang,
                release or self._using.release,
                merge_mappings or self._using.merge_mappings,
                inferred or self._using.inferred,
            )
            if using:
                return self._use(rest[1:], asked)
            session.where, session.as_of, session.lang = asked.where, asked.as_of, asked.lang
            session.release, session.merge_mappings = asked.release, asked.merge_mappings
            session.inferred = asked.inferred
            if rest and rest[0] == "check":  # it refuses these; what was chosen for questions is not said to it
                session.release, session.merge_mappings = release, merge_mappings
                session.inferred = asked.inferred if asked.where else inferred
            named = rest and rest[0] in ("load", "build", "init", "fetch", "check", "serve")
            session.opened = None if named else self.graph(asked)
            try:
                return app(rest, exit_on_error=False, print_error=False)
            finally:
                session.opened = None

        found = reading(tokens, exit_on_error=False, print_error=False)
        return None if isinstance(found, int) else _as_page(found)

    def _use(self, places: tuple[str, ...], asked: Using) -> None:
        """Choose the graph for what follows: places, or the name of a variable that holds a graph."""
        own = self._variables.get(places[0]) if len(places) == 1 else None
        if isinstance(own, KnowledgeGraph):
            self._own, self._using = own, Using()
        else:
            chosen = replace(asked, where=places or asked.where)
            self._opened(chosen)  # what cannot be opened leaves the choice as it was
            self._own, self._using = None, chosen
        print(self.graph())  # noqa: T201  # talk, as on the command line

    def graph(self, using: Using | None = None) -> KnowledgeGraph:
        """Return the graph that is asked."""
        if self._own is not None and using in (None, self._using):
            return self._own
        return self._opened(using or self._using)

    def _opened(self, using: Using) -> KnowledgeGraph:
        if using not in self._open:
            self._open[using] = open_graph(
                using.where or None,
                as_of=using.as_of,
                lang=using.lang,
                release=using.release,
                merge_mappings=using.merge_mappings,
                inferred=using.inferred,
            )
        return self._open[using]

    @cell_magic
    def sparql(self, line: str, cell: str) -> Any:  # a Sparql, or a DataFrame
        """Ask a SPARQL query, or the query of the library that the cell names; the prefixes need no declaration.

        %%sparql [NAME] [--frame] [--graph WHERE] [--as-of DAY] [--bind ROW=TERM] [--limit N] [--timeout SECONDS]

        NAME is the variable to keep the answer in; with --frame it is a pandas DataFrame. A table that is cut at the
        limit of rows says so; 0 is no limit.
        """
        from kg.questions.sparql import sparql

        asked = _ARGUMENTS.parse_args(_words(line))
        if asked.name and not asked.name.isidentifier():
            raise UsageError(f'"{asked.name}" cannot be the name of a variable. Write %%sparql NAME.')
        using = replace(
            self._using, where=tuple(asked.graph) or self._using.where, as_of=asked.as_of or self._using.as_of
        )
        try:
            g = self.graph(using if asked.graph or asked.as_of else None)
            found: Sparql = sparql(g, cell.strip(), bind=asked.bind, limit=asked.limit, timeout=asked.timeout)
            kept = found.to_frame() if asked.frame else found
        except KgError as error:
            raise UsageError(str(error)) from None
        if asked.name:
            self._variables[asked.name] = kept
        return kept


class _Arguments(ArgumentParser):
    """The arguments of ``%%sparql``."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in a line."""
        raise UsageError(f"%%sparql: {message}. {self.format_usage().strip()}")


_ARGUMENTS = _Arguments(prog="%%sparql", add_help=False, allow_abbrev=False)
_ARGUMENTS.add_argument("name", nargs="?", default="")
_ARGUMENTS.add_argument("--frame", action="store_true")
_ARGUMENTS.add_argument("--graph", action="append", default=[])
_ARGUMENTS.add_argument("--as-of")
_ARGUMENTS.add_argument("--bind", action="append", default=[])
_ARGUMENTS.add_argument("--limit", type=int, default=10_000)
_ARGUMENTS.add_argument("--timeout", type=float, default=30.0)


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError as error:
        raise UsageError(f"{line}: {error}. Close the quotation mark.") from None


def _as_page(found: Any) -> Any:  # what a command gives
    """Return the page of what `%kg draw` draws; anything else as it is."""
    return getattr(found, "page", found)


def load_ipython_extension(ipython: InteractiveShell) -> None:
    """Make ``%kg`` and ``%%sparql`` known to IPython, with completion; ``%load_ext kg`` calls it."""
    from kg.notebook.completing import completions

    magics = KgMagics(ipython)
    ipython.register_magics(magics)

    def complete(_: Any, event: Any) -> list[str]:  # IPython hands over the shell and the event
        return completions(event.line, event.symbol, magics.graph)

    ipython.set_hook("complete_command", complete, str_key="%kg")  # type: ignore[no-untyped-call]  # IPython has no types there
