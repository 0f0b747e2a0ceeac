"""Advertisements: titles become roles, and every bad line is named."""

from pathlib import Path

import pytest

import kg


def test_adverts(tmp_path: Path) -> None:
    file = tmp_path / "adverts.jsonl"
    file.write_text('{"title": "Prompt Librarian", "skills": ["Cataloguing"]}\n')
    assert kg.why(kg.open(file), "Prompt Librarian", "Cataloguing").told[0].locator == "line 1"
    file.write_text('{"title": "Prompt Librarian", "skills": ["Cataloguing"]}\n[]\nnull\n')
    with pytest.raises(kg.BadInput, match=r"(?s):2: is no advertisement.*:3: is no advertisement"):
        kg.open(file)
