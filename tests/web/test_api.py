"""The JSON API: answers as Python's, described by what they are, small where asked, and no request breaks it."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator, validator_for
from starlette.testclient import TestClient

import kg
from kg.checks.served import SENT, served_question, served_questions
from kg.handles.handle import KnowledgeGraph
from kg.handles.opening import open as open_graph
from kg.handles.signatures import PRIVATE, Taken, needs_file, taken_by
from kg.questions import QUESTIONS
from kg.web.app import make_app
from kg.web.openapi import COMMON, openapi
from kg.web.service import Limits, Service
from tests.conftest import DAY
from tests.web.server import Server

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
JSON = {"Content-Type": "application/json"}
#: Of each question, what it is asked.
ASKED: dict[str, dict[str, Any]] = {
    "find": {"text": "sklearn"},
    "show": {"name": "AI-102"},
    "list": {"kind": "certifications", "status": ["active"], "provider": ["Microsoft"]},
    "overlap": {"nodes": ["AI Engineer", "ML engineer"], "essential_only": True},
    "gap": {"roles": ["AI Engineer"], "held": ["Python", "SQL"], "include": ["ending,beta"]},
    "plan": {"role": "Prompt Engineer", "held": ["Python"], "budget": 300, "prefer": "few", "all_certifiable": True},
    "roadmap": {"role": "Prompt Engineer"},
    "similar": {"role": "AI Engineer", "limit": 4, "measure": "cosine"},
    "nearest": {"held": ["Python", "SQL"]},
    "opens": {"held": ["Python", "SQL"], "threshold": 0.25},
    "path": {"start": "Data Analyst", "goal": "MLOps Engineer"},
    "paths": {"start": "Data Analyst", "goal": "MLOps Engineer", "limit": 2, "via": ["leads_to"]},
    "why": {"name": "AI Engineer", "other": "Python"},
    "disagree": {"left": "AI Engineer", "right": "ML engineer"},
    "link": {"names": ["ML engneer", "Astronaut"], "kind": ["role"]},
    "lint": {"document": "Begin with **AI-102**."},
}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    service = Service(lambda: open_graph(as_of=DAY), limits=Limits(timeout=60.0))
    with TestClient(make_app(service, cors=["https://example.org"])) as found:
        yield found


def in_address(asked: dict[str, Any]) -> str:
    """What is asked, as an address has it."""
    values = {name: str(v).lower() if isinstance(v, bool) else v for name, v in asked.items()}
    return urlencode(values, doseq=True)


def python(g: KnowledgeGraph, name: str, asked: dict[str, Any]) -> dict[str, Any]:
    """The answer of the Python function, as JSON."""
    if name == "link":
        return kg.link(g, asked["names"], kind=asked["kind"]).to_json()
    if name == "lint":
        return served_question("lint")(g, asked["document"]).to_json()
    positional = [value for key, value in asked.items() if key in ("nodes", "roles") for value in value]
    first = [asked[key] for key in ("text", "name", "kind", "role", "start", "goal", "left", "right") if key in asked]
    rest = {k: v for k, v in asked.items() if k not in ("nodes", "roles") and v not in first}
    if "include" in rest:
        rest["include"] = ["ending", "beta"]
    return getattr(kg, name)(g, *positional, *first, **rest).to_json()  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", served_questions())
def test_an_answer_is_that_of_python(client: TestClient, shipped: KnowledgeGraph, name: str) -> None:
    assert name in ASKED, "tell this test how the question is asked"
    asked = ASKED[name]
    wanted = json.loads(json.dumps(python(shipped, name, asked)))
    posted = client.post(f"/api/v1/{name}", json=asked)
    assert posted.status_code == 200, posted.text
    said = posted.json()
    assert {k: v for k, v in said.items() if k != "asked"} == {k: v for k, v in wanted.items() if k != "asked"}
    assert said["dataset"]["sha256"] == shipped.dataset.sha256
    form = client.post(f"/api/v1/{name}", data=asked)
    assert form.json() == said
    if not PRIVATE & asked.keys():
        assert client.get(f"/api/v1/{name}?{in_address(asked)}").json() == said


def test_every_question_that_needs_no_file_is_served() -> None:
    assert {*served_questions()} == {name for name in QUESTIONS if not needs_file(served_question(name))} | {*SENT}
    for name in served_questions():
        assert not [one.name for one in taken_by(served_question(name)) if one.of not in (str, bool, int, float)]
        assert all(one.meaning for one in taken_by(served_question(name))), name


# --- the description


@pytest.fixture(scope="module")
def described(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return found


def resolved(described: dict[str, Any], name: str) -> dict[str, Any]:
    """The schema of an answer that stands alone."""
    return {"$ref": f"#/components/schemas/{name}", "components": described["components"]}


def test_the_description_is_openapi(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    assert {path.rpartition("/")[2] for path in described["paths"]} == {*served_questions()}
    names = [operation["operationId"] for path in described["paths"].values() for operation in path.values()]
    assert len(names) == len({*names})
    for schema in described["components"]["schemas"].values():
        validator_for({**schema, "components": described["components"]})
    text = json.dumps(described)
    for target in re.findall(r'"\$ref": "#/([^"]+)"', text):
        place: Any = described
        for part in target.split("/"):
            place = place[part]
    for path in described["paths"].values():
        for method, operation in path.items():
            assert operation["responses"].keys() >= {"200", "4XX", "5XX"}
            for parameter in operation.get("parameters", ()):
                assert {"name", "in", "schema", "description"} <= parameter.keys()
                assert parameter["name"] not in PRIVATE
            assert ("requestBody" in operation) == (method == "post")


@pytest.mark.parametrize("name", served_questions())
def test_an_answer_is_as_described_and_nothing_less(client: TestClient, described: dict[str, Any], name: str) -> None:
    schema = Draft202012Validator(resolved(described, name))
    said = client.post(f"/api/v1/{name}", json=ASKED[name]).json()
    assert [error.message for error in schema.iter_errors(said)] == []
    column = next(iter(said["rows"][0]))
    assert not schema.is_valid({**said, "rows": [{**said["rows"][0], column: {"no": "value"}}]})
    small = client.post(f"/api/v1/{name}", json={**ASKED[name], "fields": [f"rows.{column}"]}).json()
    assert [error.message for error in schema.iter_errors(small)] == []


# --- small answers


def test_pages_together_are_the_whole(client: TestClient) -> None:
    address = "/api/v1/list?kind=roles&fields=rows&limit=7"
    seen, pages = [], 0
    while address:
        page = client.get(address)
        seen += page.json()["rows"]
        pages += 1
        address = page.links["next"]["url"] if "next" in page.links else ""
    whole = client.get("/api/v1/list?kind=roles").json()["rows"]
    assert seen == whole
    assert pages == -(-len(whole) // 7)


def test_fields_keep_what_says_of_what_the_answer_is(client: TestClient) -> None:
    said = client.get("/api/v1/show?name=AI-102&fields=measures,rows.label&limit=2").json()
    assert said.keys() == {"question", "asked", "as_of", "dataset", "answer", "measures", "rows", "page"}
    assert [row.keys() for row in said["rows"]] == [{"label"}] * 2
    assert said["page"]["next"] == 2


def test_the_day_is_asked_for(client: TestClient) -> None:
    then, now = (client.get(f"/api/v1/show?name=AI-102{day}").json() for day in ("&as_of=2026-01-15", ""))
    assert (then["as_of"], then["measures"]["on_offer"]) == ("2026-01-15", True)
    assert (now["as_of"], now["measures"]["on_offer"]) == (DAY, False)


# --- HTTP


def test_what_the_client_has_is_not_sent_again(client: TestClient) -> None:
    for address in ("/api/v1/show?name=AI-102", "/api/v1/openapi.json"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    other = client.get("/api/v1/show?name=AI-102&as_of=2026-01-15")
    assert other.headers["etag"] != client.get("/api/v1/show?name=AI-102").headers["etag"]
    assert "etag" not in client.post("/api/v1/show", json={"name": "AI-102"}).headers


def test_a_tag_is_of_the_data_and_how_they_are_read(tmp_path: Path) -> None:
    facts = tmp_path / "own.ttl"
    tags = set()
    for label, lang in (("A", "en"), ("B", "en"), ("A", "de")):
        facts.write_text(
            "@prefix kg: <https://w3id.org/career-kg/ontology#> ."
            "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
            f'<https://w3id.org/career-kg/skill/x> a kg:Skill ; skos:prefLabel "{label}"@en .'
        )
        service = Service(lambda lang=lang: open_graph(facts, as_of=DAY, lang=lang), limits=Limits())  # type: ignore[misc]
        with TestClient(make_app(service)) as own:
            tags.add(own.get("/api/v1/list?kind=skills").headers["etag"])
    assert len(tags) == 3


@pytest.mark.parametrize(
    ("method", "address", "sent", "status", "said"),
    [
        ("GET", "gap?roles=AI+Engineer&held=Python", {}, 400, "held is not taken from an address"),
        ("GET", "opens?held=Python", {}, 400, "POST it to /api/v1/opens"),
        ("GET", "lint", {}, 405, "document is not taken from an address"),
        ("POST", "gap?roles=AI+Engineer", {"json": {}}, 400, "in its body, not in the address"),
        ("POST", "gap", {"json": ["AI Engineer"]}, 400, "is a JSON object"),
        ("POST", "gap", {"content": "{", "headers": JSON}, 400, "no JSON"),
        ("POST", "plan", {"content": '{"role": "x", "budget": NaN}', "headers": JSON}, 400, "NaN"),
        ("POST", "gap", {"content": b"\xff", "headers": JSON}, 400, "not UTF-8"),
        ("POST", "gap", {"content": "x", "headers": {"Content-Type": "text/plain"}}, 415, "not as text/plain"),
        ("POST", "gap", {"content": "[" * 100_000, "headers": JSON}, 400, "no JSON"),
        ("POST", "gap", {"content": "x" * 2_000_000}, 413, "at most 1048576 bytes"),
        ("POST", "gap", {"json": {}, "headers": {"Origin": "https://evil.test"}}, 403, "may not read here"),
        ("GET", "gap", {}, 400, "gap needs roles"),
        ("GET", "show?nmae=x", {}, 400, 'show takes no "nmae". It takes: name, source'),
        ("GET", "show?name=a&name=b", {}, 400, "name is given 2 times"),
        ("GET", "find?text=x&limit=0", {}, 400, "--limit 0 leaves nothing to show"),
        ("GET", "find?text=x&limit=many", {}, 400, "no whole number"),
        ("GET", "find?text=x&limit=100000", {}, 400, "Give at most 100"),
        ("GET", "list?kind=robots", {}, 400, "Choose among roles"),
        ("GET", "show?name=AI-102&as_of=soon", {}, 400, '"soon" is no date'),
        ("POST", "show", {"json": {"name": ["a"] * 2}}, 400, "given 2 times"),
        ("POST", "show", {"content": '{"name": "\\ud800"}', "headers": JSON}, 400, "half of a character"),
        ("POST", "show", {"json": {"name": "x" * 501}}, 400, "Give at most 500"),
        ("POST", "opens", {"json": {"held": ["x"] * 501}}, 400, "Give at most 500"),
        ("GET", "show?name=databricks", {}, 409, "may mean"),
        ("GET", "show?name=Pythonn+3000", {}, 404, "Pythonn 3000"),
        ("GET", "nothing", {}, 404, "There are: find, show"),
        ("GET", "nothing/at/all", {}, 404, "openapi.json says what there is"),
        ("PUT", "gap", {}, 405, "PUT is not taken here"),
        ("GET", "show?name=%FF", {}, 400, "percent-encoded UTF-8"),
    ],
)  # fmt: skip
def test_an_error_is_a_problem_with_the_sentence(
    client: TestClient,
    described: dict[str, Any],
    method: str,
    address: str,
    sent: dict[str, Any],
    status: int,
    said: str,
) -> None:
    answer = client.request(method, f"/api/v1/{address}", **sent)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    found = answer.json()
    assert found["status"] == status
    assert said in found["detail"]
    assert Draft202012Validator(resolved(described, "Problem")).is_valid(found)


def test_a_problem_says_what_the_command_line_prints(client: TestClient, shipped: KnowledgeGraph) -> None:
    for name in ("databricks", "date engineer"):
        with pytest.raises(kg.KgError) as error:
            kg.show(shipped, name)
        found = client.get(f"/api/v1/show?name={name}").json()
        assert found["detail"] == str(error.value)
        assert found["error"] == type(error.value).__name__
        assert found.get("candidates") or found.get("close")


def test_pages_of_named_origins_may_read_and_see_the_tag(client: TestClient) -> None:
    asked = client.get("/api/v1/list?kind=roles", headers={"Origin": "https://example.org"})
    assert asked.headers["access-control-allow-origin"] == "https://example.org"
    assert "etag" in asked.headers["access-control-expose-headers"].lower()
    first = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST",
             "Access-Control-Request-Headers": "content-type"}  # fmt: skip
    assert client.options("/api/v1/gap", headers=first).status_code == 200
    other = client.options("/api/v1/gap", headers={**first, "Origin": "https://evil.test"})
    assert other.status_code == 400


def test_a_question_that_takes_too_long_is_told_so() -> None:
    service = Service(lambda: open_graph(as_of=DAY), limits=Limits(timeout=1e-6))
    with TestClient(make_app(service)) as hurried:
        answer = hurried.get("/api/v1/roadmap?role=AI+Engineer")
    assert (answer.status_code, answer.headers["content-type"]) == (504, "application/problem+json")
    assert "`kg serve --timeout`" in answer.json()["detail"]


# --- whatever is asked


NAMES = [
    "AI Engineer",
    "ML engineer",
    "Python",
    "SQL=Working",
    "AI-102",
    "databricks",
    "Data Analyst",
    "leads_to",
    "aws",
]
TEXTS = st.one_of(st.sampled_from(NAMES), st.text(max_size=20), st.just("'\";{}<script>?x ?y"))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


def fitting(one: Taken) -> st.SearchStrategy[Any]:
    """What the schema of a parameter admits, and the small of it."""
    schema = one.schema["items"] if one.several else one.schema
    if one.name == "as_of":
        return st.dates().map(str) | TEXTS
    if one.name == "source":
        value: st.SearchStrategy[Any] = st.sampled_from(["article", "esco-111", "nobody"])
    elif "enum" in schema:
        value = st.sampled_from(schema["enum"])
    else:
        value = {
            "string": TEXTS,
            "boolean": st.booleans(),
            "integer": st.integers(-1, 5),
            "number": st.floats(-1, 1000, allow_nan=False),
        }[schema["type"]]
    return st.lists(value, max_size=3) if one.several else value


def requests(name: str) -> st.SearchStrategy[dict[str, Any]]:
    takes = [*taken_by(served_question(name)), *COMMON]
    needed = {one.name: fitting(one) for one in takes if one.required}
    fit = st.fixed_dictionaries(needed, optional={one.name: fitting(one) for one in takes if not one.required})
    wild = st.dictionaries(st.sampled_from([one.name for one in takes]) | st.text(max_size=5), ANYTHING, max_size=4)
    return st.one_of(fit, fit, st.tuples(fit, wild).map(lambda both: both[0] | both[1]))


@pytest.mark.parametrize("name", served_questions())
def test_no_request_breaks_it(client: TestClient, described: dict[str, Any], name: str) -> None:
    schema = Draft202012Validator(resolved(described, name))

    @settings(max_examples=12)
    @given(requests(name), st.booleans())
    def ask(asked: dict[str, Any], by_get: bool) -> None:
        if by_get:
            texts = {k: [str(x) for x in v] if isinstance(v, list) else str(v) for k, v in asked.items()}
            answer = client.get(f"/api/v1/{name}?{urlencode(texts, doseq=True, errors='surrogatepass')}")
        else:
            answer = client.post(f"/api/v1/{name}", content=json.dumps(asked), headers=JSON)
        assert answer.status_code < 500, answer.text
        assert "Traceback" not in answer.text
        if answer.status_code == 200:
            assert [error.message for error in schema.iter_errors(answer.json())] == []
        else:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"]

    ask()


# --- the page about it


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```\n", DOCS.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.servers
@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="the page shows curl and jq")
def test_the_examples_of_the_page_run(server: Server) -> None:
    """Every example against a server; where the page shows what comes back, that comes back."""
    shells, shown = blocks("sh"), blocks("json")
    assert len(shells) == len(shown) + 1, "the first block starts the server"
    for command, said in zip(shells[1:], shown, strict=True):
        ours = command.replace("http://127.0.0.1:8080", server.url)
        done = subprocess.run(["bash", "-c", ours], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == json.loads(said)
    for program in blocks("python"):
        ours = program.replace("http://127.0.0.1:8080", server.url)
        done = subprocess.run([sys.executable, "-c", ours], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert done.stdout == "".join(f"{line[2:]}\n" for line in program.splitlines() if line.startswith("# "))


@pytest.mark.servers
def test_nothing_of_a_request_is_written_down(server: Server) -> None:
    assert server.send("POST", "/api/v1/gap", '{"roles": ["AI Engineer"], "held": ["Tuvan throat singing"]}',
                       Content_Type="application/json").status == 404  # fmt: skip
    assert server.get("/api/v1/show?name=Tuvan+throat+singing").status == 404
    assert "Tuvan" not in server.said
    assert server.process.stderr is not None
    ready, _, _ = select.select([server.process.stderr], [], [], 0)
    assert not ready or "Tuvan" not in os.read(server.process.stderr.fileno(), 100_000).decode()


def test_the_description_names_what_is_served(shipped: KnowledgeGraph) -> None:
    assert shipped.dataset.version in openapi(shipped.dataset)["info"]["summary"]
