"""Registration tokens: of Synapse by its admin API, and of MAS as its published API answers.

MAS itself is in no registry that we install from (a Rust program with a database), so a small
server answers as its OpenAPI description and its own tests say. For Synapse itself see
tests/real/test_accounts.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web

from bot.gateway import Refused, TryLater
from bot.matrix.accounts.mas_tokens import PAGE, MasTokens
from bot.matrix.accounts.no_accounts import NoAccounts
from bot.matrix.accounts.synapse_tokens import SynapseTokens
from bot.matrix.http import Http

UNTIL = datetime(2027, 3, 1, 12, tzinfo=UTC)
CLIENT, SECRET = "01J44RKQYM4G3TNVANTMTDYTX6", "hunter2-of-the-client"


class Served:
    """A server on loopback that answers by `answer` and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.status = 0  # of every answer, if set
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        self.asked.append((request.method, request.path))
        if self.status:
            return web.json_response({}, status=self.status)
        status, body = await self.answer(request)
        return web.json_response(body, status=status)

    async def answer(self, request: web.Request) -> tuple[int, Any]:
        raise NotImplementedError


class Mas(Served):
    """The paths of MAS that the bot uses."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: dict[str, dict[str, Any]] = {}
        self.open = True

    async def answer(self, request: web.Request) -> tuple[int, Any]:
        if request.path == "/oauth2/token":
            form = {key: values[0] for key, values in parse_qs(await request.text()).items()}
            right = {"client_id": CLIENT, "client_secret": SECRET, "scope": "urn:mas:admin"}
            if form != {**right, "grant_type": "client_credentials"}:
                return 401, {"error": "invalid_client", "error_description": "no"}
            return 200, {"access_token": "mat_x", "token_type": "Bearer", "expires_in": 300}
        if request.headers.get("Authorization") != "Bearer mat_x":
            return 401, {"errors": [{"title": "Missing authorization header"}]}
        if request.path == "/api/admin/v1/site-config":
            return 200, {"server_name": "x", "password_registration_enabled": self.open}
        if request.path.endswith("/revoke"):
            return self._revoke(request.path.split("/")[-2])
        return await self._add(request) if request.method == "POST" else self._list(request)

    async def _add(self, request: web.Request) -> tuple[int, Any]:
        said = await request.json()
        if any(one["token"] == said["token"] for one in self.tokens.values()):
            return 409, {"errors": [{"title": "already exists"}]}
        number = f"{len(self.tokens):026}"
        self.tokens[number] = {**said, "valid": True, "revoked_at": None}
        return 201, {"data": self._row(number)}

    def _list(self, request: web.Request) -> tuple[int, Any]:
        assert request.query["filter[valid]"] == "true"
        found = [n for n, one in self.tokens.items() if one["valid"]]
        found = [n for n in found if n > request.query.get("page[after]", "")]
        page = found[: int(request.query["page[first]"])]
        return 200, {"meta": {"count": len(found)}, "data": [self._row(n) for n in page]}

    def _revoke(self, number: str) -> tuple[int, Any]:
        if number not in self.tokens:
            return 404, {"errors": [{"title": "not found"}]}
        if not self.tokens[number]["valid"]:
            return 400, {"errors": [{"title": "already revoked"}]}
        self.tokens[number]["valid"] = False
        return 200, {"data": self._row(number)}

    def _row(self, number: str) -> dict[str, Any]:
        row = {"type": "user-registration_token", "id": number}
        return {**row, "attributes": self.tokens[number]}

    def valid(self) -> list[str]:
        return [one["token"] for one in self.tokens.values() if one["valid"]]


@pytest.fixture
async def mas() -> AsyncIterator[Mas]:
    served = Mas()
    await served.start()
    yield served
    await served.stop()


@pytest.fixture
async def office(mas: Mas) -> AsyncIterator[MasTokens]:
    made = MasTokens(Http(mas.url), CLIENT, SECRET)
    yield made
    await made.close()


async def test_mas_makes_a_token_once_and_ends_it(mas: Mas, office: MasTokens) -> None:
    assert await office.trouble() is None
    await office.offer("7K2M-XQ9A-PD4T", 3, UNTIL)
    await office.offer("7K2M-XQ9A-PD4T", 3, UNTIL)  # the answer was lost
    ((one),) = mas.tokens.values()
    assert (one["usage_limit"], one["expires_at"]) == (3, "2027-03-01T12:00:00Z")
    await office.withdraw("7K2M-XQ9A-PD4T")
    await office.withdraw("7K2M-XQ9A-PD4T")
    await office.withdraw("NEVER-MADE")
    assert mas.valid() == []


async def test_mas_a_token_is_found_on_a_later_page(mas: Mas, office: MasTokens) -> None:
    for n in range(PAGE + 5):
        await office.offer(f"T{n}", 1, UNTIL)
    await office.withdraw(f"T{PAGE + 3}")
    assert f"T{PAGE + 3}" not in mas.valid() and len(mas.valid()) == PAGE + 4


async def test_mas_says_what_is_wrong(mas: Mas, office: MasTokens) -> None:
    wrong = MasTokens(Http(mas.url), CLIENT, "not the secret")
    assert await wrong.trouble() == "refused"
    with pytest.raises(Refused):
        await wrong.offer("T", 1, UNTIL)
    await wrong.close()
    mas.open = False
    assert await office.trouble() == "closed"
    mas.status = 403
    assert await office.trouble() == "refused"
    for status in (429, 500, 502):
        mas.status = status
        assert await office.trouble() == "away"
        with pytest.raises(TryLater):
            await office.offer("T", 1, UNTIL)
    assert mas.tokens == {}


class Synapse(Served):
    """The paths of Synapse that the bot uses; `flows` of its registration, None if it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: dict[str, Any] = {}
        self.flows: Any = [{"stages": ["m.login.registration_token"]}]

    async def answer(self, request: web.Request) -> tuple[int, Any]:
        if request.path == "/_matrix/client/v3/register":
            assert "Authorization" not in request.headers
            if self.flows is None:
                return 403, {"errcode": "M_FORBIDDEN"}
            return 401, {"flows": self.flows, "params": {}, "session": "s"}
        if request.headers.get("Authorization") != "Bearer syt_boss":
            return 401, {"errcode": "M_UNKNOWN_TOKEN", "error": "no"}
        name = request.path.rpartition("/")[2]
        if name == "new":
            said = await request.json()
            if said["token"] in self.tokens or said["uses_allowed"] < 1:
                return 400, {"errcode": "M_INVALID_PARAM"}
            self.tokens[said["token"]] = said
            return 200, said
        if name != "registration_tokens" and name not in self.tokens:
            return 404, {"errcode": "M_NOT_FOUND"}
        if request.method == "DELETE":
            del self.tokens[name]
        return 200, {}


@pytest.fixture
async def synapse() -> AsyncIterator[Synapse]:
    served = Synapse()
    await served.start()
    yield served
    await served.stop()


async def test_synapse_makes_a_token_once_and_ends_it(synapse: Synapse) -> None:
    office = SynapseTokens(Http(synapse.url, "syt_boss"), Http(synapse.url))
    assert await office.trouble() is None
    await office.offer("7K2M", 3, UNTIL)
    await office.offer("7K2M", 3, UNTIL)
    expiry = int(UNTIL.timestamp() * 1000)
    assert synapse.tokens == {"7K2M": {"token": "7K2M", "uses_allowed": 3, "expiry_time": expiry}}
    with pytest.raises(Refused):
        await office.offer("OTHER", 0, UNTIL)
    await office.withdraw("7K2M")
    await office.withdraw("7K2M")
    assert synapse.tokens == {}
    admin = {path for _method, path in synapse.asked if path.startswith("/_synapse")}
    assert all(path.startswith("/_synapse/admin/v1/registration_tokens") for path in admin)
    await office.close()


@pytest.mark.parametrize(
    ("flows", "trouble"),
    [
        ([{"stages": ["m.login.dummy"]}], "closed"),  # anybody, without a token
        ([{"stages": ["m.login.registration_token", "m.login.dummy"]}], None),
        ([{"stages": "m.login.registration_token"}, 7, None], "closed"),
        (None, "closed"),
    ],
)
async def test_synapse_is_asked_whether_a_token_opens_anything(
    synapse: Synapse, flows: Any, trouble: str | None
) -> None:
    synapse.flows = flows
    office = SynapseTokens(Http(synapse.url, "syt_boss"), Http(synapse.url))
    assert await office.trouble() == trouble
    await office.close()


async def test_a_dead_token_of_an_administrator_does_not_stop_the_bot(synapse: Synapse) -> None:
    office = SynapseTokens(Http(synapse.url, "syt_dead"), Http(synapse.url))
    assert await office.trouble() == "refused"
    for act in (office.offer("T", 1, UNTIL), office.withdraw("T")):
        with pytest.raises(Refused):
            await act
    synapse.status = 502
    assert await office.trouble() == "away"
    await office.close()


async def test_without_a_right_nothing_is_given() -> None:
    office = NoAccounts()
    assert await office.trouble() == "off"
    for act in (office.offer("T", 1, UNTIL), office.withdraw("T")):
        with pytest.raises(Refused):
            await act
    await office.close()
