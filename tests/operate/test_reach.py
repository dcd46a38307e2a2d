"""What an operator types at `minga init` is kept where it works; else each cause has its words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.operate.server_discovery import MOST_BYTES, Unreachable, find_homeserver, probe_homeserver

VERSIONS = {"versions": ["v1.1", "v1.11"]}
Serve = Callable[[dict[str, Any]], Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """A server that answers these paths, each with JSON, text or a response."""
    started: list[TestServer] = []

    async def start(paths: dict[str, Any]) -> str:
        async def answer(request: web.Request) -> web.StreamResponse:
            found = paths.get(request.path)
            if found is None:
                return web.json_response({"errcode": "M_NOT_FOUND", "error": "no"}, status=404)
            if callable(found):
                found = found()
            if isinstance(found, web.StreamResponse):
                return found
            return web.Response(text=found) if isinstance(found, str) else web.json_response(found)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        server = TestServer(app)
        await server.start_server()
        started.append(server)
        return f"http://127.0.0.1:{server.port}"

    yield start
    for server in started:
        await server.close()


async def test_what_was_typed_is_kept_though_the_well_known_names_another(serve: Serve) -> None:
    other = await serve({"/_matrix/client/versions": VERSIONS})
    known = {"m.homeserver": {"base_url": other}}
    here = await serve({"/_matrix/client/versions": VERSIONS, "/.well-known/matrix/client": known})
    assert await find_homeserver(f"{here}/") == here


async def test_an_address_with_a_path_is_an_address(serve: Serve) -> None:
    here = await serve({"/matrix/_matrix/client/versions": VERSIONS})
    assert await find_homeserver(f"{here}/matrix") == f"{here}/matrix"
    assert await find_homeserver(f"{here}/matrix/") == f"{here}/matrix"


async def test_a_server_without_a_client_api_says_where_it_is(serve: Serve) -> None:
    there = await serve({"/_matrix/client/versions": VERSIONS})
    known = {"m.homeserver": {"base_url": f"{there}/"}}
    here = await serve({"/.well-known/matrix/client": known})
    assert await find_homeserver(here) == there
    away = await serve(
        {
            "/.well-known/matrix/client": lambda: web.Response(
                status=302, headers={"Location": f"{here}/.well-known/matrix/client"}
            )
        }
    )
    assert await find_homeserver(away) == there


@pytest.mark.parametrize(
    "known",
    [
        "<!doctype html><title>Welcome</title>",
        lambda: web.Response(status=500, text="oops"),
        lambda: web.Response(status=302, headers={"Location": "/.well-known/matrix/client"}),
        lambda: web.Response(text="x" * (MOST_BYTES + 1)),
        [],
        {},
        {"m.homeserver": 5},
        {"m.homeserver": {"base_url": 5}},
        {"m.homeserver": {"base_url": "ftp://x"}},
        {"m.homeserver": {"base_url": "http://[::1"}},
        {"m.homeserver": {"base_url": "http://127.0.0.1:99999"}},
        {"m.homeserver": {"base_url": "http://127.0.0.1:1"}},
        "[" * 100_000,
        "\x00",
        "9" * 10_000,
    ],
)
async def test_a_senseless_well_known_is_no_traceback(serve: Serve, known: object) -> None:
    here = await serve({"/.well-known/matrix/client": known})
    with pytest.raises(Unreachable, match="is not a Matrix homeserver"):
        await find_homeserver(here)
    works = await serve({"/.well-known/matrix/client": known, "/_matrix/client/versions": VERSIONS})
    assert await find_homeserver(works) == works


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda: web.Response(status=502, text="<html>Bad Gateway"), "homeserver behind it is off"),
        (
            lambda: web.Response(status=301, headers={"Location": "https://x/"}),
            r"elsewhere \(https",
        ),
        ("<html>", "is not a Matrix homeserver"),
        ({"versions": "v1.11"}, "is not a Matrix homeserver"),
    ],
)
async def test_something_else_that_answers_is_called_what_it_is(
    serve: Serve, answer: object, told: str
) -> None:
    with pytest.raises(Unreachable, match=told):
        await probe_homeserver(await serve({"/_matrix/client/versions": answer}))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("http://127.0.0.1:1", "nothing listens there"),
        ("https://nobody.invalid", "no server of this name"),
        ("nobody.invalid", "no server of this name"),
        ("", "is not an address"),
        ("https://", "is not an address"),
        ("ftp://example.org", "is not an address"),
        ("http://[::1", "is not an address"),
        ("http://h:99999", "is not an address"),
        ("ana maría", "is not an address|no server of this name|not HTTP"),
        ("\x00", "is not an address|no server of this name|not HTTP"),
    ],
)
async def test_a_typed_mistake_is_a_sentence(typed: str, told: str) -> None:
    with pytest.raises(Unreachable, match=told):
        await find_homeserver(typed)


async def test_http_on_a_port_of_tls_and_the_other_way_is_told(serve: Serve) -> None:
    here = await serve({"/_matrix/client/versions": VERSIONS})
    with pytest.raises(Unreachable, match="http instead of https"):
        await find_homeserver(here.replace("http:", "https:"))
