"""The web application: which address answers what.

=====================  ==============================================================================================
``/``                  what is served, a search, the pictures
``/search?q=``         nodes by name
``/node?iri=``         the card of a node
``/picture/…?of=``     interactive pages, drawn when asked for
``/sparql``            the endpoint (SPARQL 1.1 Protocol); without a query its description, for browsers the editor
``/sparql.html``       the editor
``/terms.json``        the names that it completes
``/api/v1/…``          the questions as JSON, described by OpenAPI (`kg.web.api`)
``/assets/…``          scripts and styles
=====================  ==============================================================================================
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from kg.engine.rendering import triples_as
from kg.model.errors import KgError, QueryStopped
from kg.web import pages
from kg.web.api import api_answer, api_description
from kg.web.description import describe
from kg.web.guarding import Guard, foreign_page
from kg.web.negotiating import TABLE_TYPES, TRIPLE_TYPES, choose
from kg.web.problems import is_api, problem
from kg.web.protocol import Refusal, fault_of, read_request, refuse
from kg.web.service import Service
from kg.web.sparql_page import asset, console
from kg.web.vendored import vis_network, yasqe

__all__ = ["make_app"]

#: Where an answer was cut at the limit of rows, this header says so, with the limit, as Virtuoso's does.
_CUT = "X-SPARQL-MaxRows"

#: Path under ``/assets/`` → what gives its text, and its media type.
_ASSETS: Final[dict[str, tuple[Callable[[], str], str]]] = {
    "serve.css": (lambda: asset("served", "serve.css"), "text/css"),
    "console.css": (lambda: asset("console", "page.css"), "text/css"),
    "console.js": (lambda: asset("served", "boot.js") + console(asset("served", "asking.js")), "text/javascript"),
    "yasqe.min.css": (lambda: yasqe()[0], "text/css"),
    "yasqe.min.js": (lambda: yasqe()[1], "text/javascript"),
    "vis-network.min.js": (vis_network, "text/javascript"),
}
#: A picture brings its own policy, by hashes; what it may not say itself is who may frame it.
_PICTURE_POLICY = {"Content-Security-Policy": "frame-ancestors 'none'"}

Handler = Callable[[Service, Request], Awaitable[Response]]


def make_app(
    service: Service, *, hosts: Sequence[str] = (), cors: Sequence[str] = (), names: Sequence[str] = ()
) -> Starlette:
    """Return the application.

    Parameters
    ----------
    service
        The graph that is served.
    hosts
        Names the server may be called by; any where there is none.
    cors
        Origins whose pages may read from it; none of them may change anything.
    names
        What the server is called, besides addresses, by those of its own pages that may send updates.
    """

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            service.close()

    own = frozenset({*hosts, *names})

    def served(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await handler(service, request)

        return endpoint

    async def sparql(request: Request) -> Response:
        return await _sparql(service, request, own)

    middleware = [Middleware(Guard, hosts=hosts, origins=cors)]
    if cors:
        shown = [_CUT, "ETag", "Link", "Retry-After"]
        middleware.append(
            Middleware(CORSMiddleware, allow_origins=[*cors], allow_methods=["GET", "POST"], expose_headers=shown)
        )
    return Starlette(
        routes=[
            Route("/", served(_home)),
            Route("/search", served(_search)),
            Route("/node", served(_node)),
            Route("/picture/{question}", served(_picture)),
            Route("/sparql", sparql, methods=["GET", "POST"]),
            Route("/.well-known/void", sparql),
            Route("/sparql.html", served(_editor)),
            Route("/terms.json", served(_terms)),
            Route("/api/v1/openapi.json", served(api_description)),
            Route("/api/v1/{question}", served(api_answer), methods=["GET", "POST"]),
            Route("/assets/{name}", _asset),
            Route("/robots.txt", _robots),
        ],
        middleware=middleware,
        exception_handlers={404: _not_found, 405: _not_so},
        lifespan=lifespan,
    )


async def _sparql(service: Service, request: Request, own: Collection[str]) -> Response:
    try:
        asked = await read_request(request)
        if asked is None:
            return await _describe(service, request)
        if asked.kind == "update":
            if service.folder is None:
                raise Refusal(403, "This endpoint is read-only. `kg serve --graph FOLDER --update` takes updates.")
            if page := foreign_page(request.headers, own):
                raise Refusal(
                    403,
                    f"A page of {page[:100]} may not change what is served here: updates are taken from the "
                    "server's own pages and from programs that are no browser. --cors lets pages read, never write.",
                )
            done = await service.change(asked.text)
            return PlainTextResponse(f"{done.before} quads became {done.after}.\n")
        accept = request.headers.get("accept", "")
        table, triples = choose(accept, TABLE_TYPES), choose(accept, TRIPLE_TYPES)
        reply = await service.ask(
            asked.text,
            _gone(request),
            table=table and TABLE_TYPES[table],
            triples=triples and TRIPLE_TYPES[triples],
            default=asked.default,
            named=asked.named,
        )
        if reply.head["kind"] == "unacceptable":
            offered = TRIPLE_TYPES if reply.head["form"] == "triples" else TABLE_TYPES
            raise Refusal(406, f"The answer of this query comes as {', '.join(offered)}; Accept names none of them.")
        media = (triples if reply.head["kind"] == "triples" else table) or ""
        headers = {"Vary": "Accept", "Cache-Control": "no-cache"}
        if not reply.head.get("complete", True):
            headers[_CUT] = str(service.limits.rows)
        return Response(reply.body, media_type=_with_charset(media), headers=headers)
    except Refusal as fault:
        return refuse(fault)
    except QueryStopped as error:
        return refuse(Refusal(504, str(error).replace("with --timeout", "with `kg serve --timeout`")))
    except KgError as error:
        return refuse(fault_of(error))


async def _gone(request: Request) -> None:
    """Wait until the client has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _describe(service: Service, request: Request) -> Response:
    """Answer a request without a query: the description of the endpoint, or, in a browser, the editor."""
    media = choose(request.headers.get("accept", ""), {**TRIPLE_TYPES, "text/html": "html"})
    if media == "text/html":
        return RedirectResponse("/sparql.html", status_code=303)
    if media is None:
        raise Refusal(406, f"The description comes as {', '.join(TRIPLE_TYPES)}; Accept names none of them.")
    endpoint = str(request.url.replace(path="/sparql", query=""))
    body = await service.run(
        lambda: triples_as(TRIPLE_TYPES[media], describe(service.graph, endpoint, updates=service.folder is not None))
    )
    return Response(body, media_type=_with_charset(media), headers={"Vary": "Accept"})


def _with_charset(media: str) -> str:
    return f"{media}; charset=utf-8" if media.startswith("text/") or media.endswith("xml") else media


async def _home(service: Service, _: Request) -> Response:
    return HTMLResponse(await service.run(lambda: pages.home(service.graph)))


async def _search(service: Service, request: Request) -> Response:
    asked = request.query_params.get("q", "")[:200]
    return HTMLResponse(await service.run(lambda: pages.search(service.graph, asked)))


async def _node(service: Service, request: Request) -> Response:
    name = (request.query_params.get("iri") or request.query_params.get("name") or "")[:2000]
    return await _shown(service, lambda: pages.card(service.graph, name))


async def _picture(service: Service, request: Request) -> Response:
    question, names = request.path_params["question"], tuple(request.query_params.getlist("of"))
    return await _shown(service, lambda: service.page(question, names), _PICTURE_POLICY)


async def _shown(service: Service, make: Callable[[], str], headers: dict[str, str] | None = None) -> Response:
    """Answer with a page, or with a page that says why there is none."""
    try:
        return HTMLResponse(await service.run(make), headers=headers)
    except KgError as error:
        status = 404 if isinstance(error, LookupError) else 400
        return HTMLResponse(pages.message("Not found" if status == 404 else "Not so", str(error)), status_code=status)


async def _editor(service: Service, _: Request) -> Response:
    return HTMLResponse(
        pages.editor(timeout=service.limits.timeout, rows=service.limits.rows, size=len(service.graph.store))
    )


async def _terms(service: Service, _: Request) -> Response:
    return JSONResponse(await service.run(lambda: pages.terms(service.graph)))


async def _asset(request: Request) -> Response:
    found = _ASSETS.get(request.path_params["name"])
    if found is None:
        return await _not_found(request, None)
    text, media = found
    return Response(text(), media_type=f"{media}; charset=utf-8", headers={"Cache-Control": "max-age=3600"})


async def _robots(_: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /sparql\nDisallow: /picture/\n")


async def _not_found(request: Request, __: object) -> Response:
    if is_api(request.url.path):
        return problem(Refusal(404, "There is nothing at this address. /api/v1/openapi.json says what there is."))
    return HTMLResponse(pages.message("Not found", "There is no page at this address."), status_code=404)


async def _not_so(request: Request, error: Exception) -> Response:
    headers = dict(getattr(error, "headers", None) or {})
    fault = Refusal(405, f"{request.method} is not taken here. Use {headers.get('Allow', 'another method')}.", headers)
    return problem(fault) if is_api(request.url.path) else refuse(fault)
