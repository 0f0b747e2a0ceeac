"""Files about people: what each says, whatever it is written in.

Everything is read by what it holds: a profile of ours (YAML), a JSON Resume or badges (`kg.sources.people_json`), an
export of LinkedIn (`kg.sources.linkedin`), a table of one person or many (`kg.sources.people_tables`), or a text.
Nothing is fetched, no macro and no formula runs, and no file may be larger than a text may (`kg.sources.texts`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kg.model.errors import BadInput, Fault
from kg.sources.texts import read_text
from kg.sources.written import Written

__all__ = ["read_written"]

_YAML = (".yaml", ".yml")
_TABLES = (".csv", ".tsv", ".xlsx")
#: A file that has one of these endings is a text whatever it begins with.
_TEXTS = (".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx", ".docm")


def read_written(path: Path) -> tuple[Written | dict[str, Any], ...]:
    """Return what a file says of each person; a profile of ours as its content.

    Raises
    ------
    BadInput
        It cannot be read, or is damaged.
    """
    ending = path.suffix.casefold()
    if ending in _YAML:
        return (_read_yaml(path),)
    if path.is_dir() or ending in (".zip", *_TABLES):
        from kg.sources.linkedin import is_linkedin, read_linkedin
        from kg.sources.people_tables import read_people_table

        if is_linkedin(path):
            return (read_linkedin(path),)
        if (found := read_people_table(path)) is not None:
            return found
    text = read_text(path)
    if ending not in _TEXTS:
        from kg.sources.people_json import is_json_text, read_json_person

        if is_json_text(text.text) and (one := read_json_person(text.name, text.text)):
            return (one,)
    return (Written(text=text),)


def _read_yaml(path: Path) -> dict[str, Any]:
    """Return a profile of ours; aliases are refused, since a file of a few lines can hold millions by them."""
    import yaml

    text = read_text(path).text
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
            raise _bad(path, 0, "uses YAML aliases.", "Write it out.")
        content = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise _bad(path, line, f"is no YAML: {error.problem}.", "See the line named.") from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise _bad(path, 0, "is no YAML that can be read.", "Write it as `kg read --format yaml` does.") from None
    parts = ("held", "not_counted", "not_understood", "roles")
    right = isinstance(content, dict) and "held" in content
    if not right or not all(isinstance(content.get(part) or [], list) for part in parts):
        raise _bad(path, 0, "is no profile: it has no list of what is held.", "Write held: and below it - Python.")
    return dict(content)


def _bad(path: Path, line: int, message: str, fix: str) -> BadInput:
    return BadInput(str(path), [Fault(str(path), line, "", message, fix)])
