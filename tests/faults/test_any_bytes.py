"""Any bytes at all, given to a reader: it reads them or says clearly that it cannot, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import kg
from kg.engine.reading import declare, explain, kind_of, refuse_reaching_out
from kg.exports.gexf import read_gexf
from kg.exports.graphml import read_graphml
from kg.exports.nodelink import read_nodelink
from kg.handles.gathering import gather
from kg.model.errors import BadInput, KgError
from kg.sources.exported import read_tables
from kg.sources.members import Member
from kg.sources.sssom import read_set

LAW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

#: A change to a file: where it begins, as a share of its length, how much is taken out, what is put in.
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 60),
        st.one_of(
            st.binary(max_size=8),
            st.sampled_from(
                [b"null", b"[]", b"{}", b"NaN", b"-1", b"1e999", b"\0", b"\xff", b"\xed\xa0\x80", b"<", b'"']
            ),
        ),
    ),
    min_size=1,
    max_size=4,
)
Edits = list[tuple[float, int, bytes]]


def edited(content: bytes, edits: Edits) -> bytes:
    for share, taken, put in edits:
        at = int(share * len(content))
        content = content[:at] + put + content[at + taken :]
    return content


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small export in each form that is read again."""
    folder = tmp_path_factory.mktemp("written")
    (folder / "facts.yaml").write_bytes(kg.init(folder / "facts").read_bytes())
    with kg.open(folder / "facts.yaml", as_of="2026-11-22") as g:
        for name in ("gexf", "graphml", "nodelink", "csv", "sssom"):
            kg.export(g, name, folder / name)
    lines = (kg.data_path("ontology/mappings.sssom.tsv")).read_bytes().splitlines(keepends=True)
    (folder / "sssom").write_bytes(b"".join(lines[:40]))
    return folder


READERS: dict[str, Callable[[Path], object]] = {
    "gexf": read_gexf,
    "graphml": read_graphml,
    "nodelink": read_nodelink,
    "sssom": lambda path: [*read_set(Member(path))],
    "facts.yaml": lambda path: gather([path]),
}


@pytest.mark.parametrize("form", READERS)
@LAW
@given(edits=EDITS)
def test_no_change_to_a_file_breaks_its_reader(written: Path, tmp_path: Path, form: str, edits: Edits) -> None:
    path = tmp_path / form
    path.write_bytes(edited((written / form).read_bytes(), edits))
    with suppress(KgError):
        READERS[form](path)


@pytest.mark.parametrize("form", READERS)
@LAW
@given(content=st.binary(max_size=200))
def test_no_bytes_break_a_reader(tmp_path: Path, form: str, content: bytes) -> None:
    path = tmp_path / form
    path.write_bytes(content)
    with suppress(KgError):
        READERS[form](path)


@LAW
@given(edits=EDITS, name=st.sampled_from(["nodes.csv", "claims.csv", "edges.csv", "properties.csv", "manifest.json"]))
def test_no_change_to_a_table_breaks_its_reader(written: Path, tmp_path: Path, edits: Edits, name: str) -> None:
    for file in (written / "csv").iterdir():
        content = file.read_bytes()
        (tmp_path / file.name).write_bytes(edited(content, edits) if file.name == name else content)
    with suppress(KgError):
        for _ in read_tables(tmp_path):
            pass


QUERY = b"""PREFIX kg: <https://w3id.org/career-kg/ontology#>
SELECT ?role (COUNT(*) AS ?n) FROM <https://example.org/g> WHERE { ?role kg:requires ?skill . # all
  OPTIONAL { ?skill a ?t } FILTER(?role = <https://example.org/a> && ?t != "a\\"b"@en) } GROUP BY ?role"""


@LAW
@given(edits=EDITS)
@example(edits=[(0.0, 10_000, b"INSERT DATA { <a:b> <a:b> 1 } ; LOAD <http://e/>")])
def test_no_text_breaks_what_reads_queries(edits: Edits) -> None:
    text = edited(QUERY, edits).decode("utf-8", "replace")
    declare(text)
    with suppress(KgError):
        refuse_reaching_out(text, kind_of(text))
    assert str(explain(text, "query"))


# --- what this found ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b'{"nodes": [{"id": "a"}], "edges": [{"source": "a", "key": "k"}]}',
        b'{"nodes": [{"name": "a"}], "edges": []}',
        b'{"nodes": [',
        b'{"nodes": 3, "edges": []}',
        b'"\xe3\x28"',
        b"[]",
    ],
)
def test_node_link_json_that_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "graph.json"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"graph\.json: (is no node-link JSON of kg|is not JSON).*\. "):
        read_nodelink(path)


def test_a_value_of_a_column_that_no_gexf_declares(tmp_path: Path) -> None:
    path = tmp_path / "graph.gexf"
    space = "http://gexf.net/1.3"
    path.write_text(f'<gexf xmlns="{space}"><node id="a"><attvalue for="9" value="x"/></node></gexf>')
    with pytest.raises(BadInput, match=r"graph\.gexf: is no GEXF of kg: .*Export it again"):
        read_gexf(path)


def test_graphml_whose_keys_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    space = "http://graphml.graphdrawing.org/xmlns"
    path.write_text(f'<graphml xmlns="{space}"><graph><node id="a"><data key="d9">x</data></node></graph></graphml>')
    with pytest.raises(BadInput, match=r"graph\.graphml: is no GraphML of kg: .*Export it again"):
        read_graphml(path)


@pytest.mark.parametrize("read", [read_gexf, read_graphml, read_nodelink])
def test_a_graph_that_is_not_there(tmp_path: Path, read: Callable[[Path], object]) -> None:
    with pytest.raises(BadInput, match=r"none: cannot be read: No such file or directory\. Check path and rights"):
        read(tmp_path / "none")


def test_a_choice_of_the_schema_that_may_be_empty(tmp_path: Path) -> None:
    """The values known were joined as text, and one of them was none."""
    path = tmp_path / "facts.yaml"
    path.write_text(json.dumps({"article": {"source": "a", "facets": {"advice": "nonsense"}}}))
    with pytest.raises(
        BadInput, match=r"facets\.advice: 'nonsense' is not one of the values known\. Choose from uses, "
    ):
        gather([path])
