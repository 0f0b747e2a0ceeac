"""Claims written as lines say exactly what claims written as quads say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from kg.model.iris import mint
from kg.model.quads import is_iri, statement_lines, statement_quads
from kg.model.statements import CLAIM_CLASSES, Importance, Level, Statement, Value
from kg.model.terms import KG, SKOS, XSD

IRIS = st.sampled_from([mint("role", "a"), mint("skill", "b"), "http://data.europa.eu/esco/skill/é", "urn:x:y"])
TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
VALUES = st.one_of(
    st.builds(Value, TEXT),
    st.builds(Value, TEXT, lang=st.sampled_from(["en", "pt-BR"])),
    st.builds(Value.of, st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False))),
)
STATEMENTS = st.builds(
    Statement,
    subject=IRIS,
    relation=st.sampled_from([*CLAIM_CLASSES, SKOS.prefLabel, KG.status]),
    object=st.one_of(IRIS, VALUES),
    source=IRIS,
    locator=TEXT,
    essential=st.sampled_from([True, False, None]),
    importance=st.one_of(st.none(), st.builds(Importance, st.floats(0, 5), IRIS)),
    level=st.one_of(st.none(), st.builds(Level, st.floats(0, 7), IRIS)),
    basis=TEXT,
    derived_from=st.lists(IRIS, max_size=2, unique=True).map(tuple),
    valid_from=st.sampled_from(["", "2026", "2026-05-01"]),
    more=st.lists(st.tuples(st.sampled_from([KG.rank, KG.inDemand]), VALUES), max_size=2).map(tuple),
)


@given(STATEMENTS)
def test_lines_are_what_quads_are(statement: Statement) -> None:
    lines = statement_lines(statement)
    assert list(parse(lines, format=RdfFormat.N_QUADS)) == list(statement_quads(statement))
    assert lines == "".join(f"{quad} .\n" for quad in statement_quads(statement))


def test_what_is_no_iri_is_never_written() -> None:
    with pytest.raises(ValueError, match="IRI"):
        statement_lines(Statement("http://e/a> <http://e/b", SKOS.prefLabel, Value("x"), mint("source", "s")))
    assert not is_iri("http://e/%zz")
    assert is_iri(f"{XSD.string}")
