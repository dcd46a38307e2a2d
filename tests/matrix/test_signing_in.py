"""Signing in: one device for the account, also after a cut, and never another account."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.gateway import SignedOut, TryLater
from bot.matrix.http import Http
from bot.matrix.login import Account, UnusableAccount, forget_session, sign_in, stored_session
from bot.matrix.login_renewal import keep_logged_in
from bot.matrix.login_sentences import DEAD_TOKEN, LAPSED_TOKEN
from bot.operate.operator_errors import operator_lines
from bot.types import UserId
from storage.database import Database
from tests.matrix.homeserver import ME, Homeserver

KEY = b"x" * 32


@pytest.fixture
def server(home: Homeserver) -> Homeserver:
    home.now = int(datetime.now(UTC).timestamp() * 1000)
    return home


def account(server: Homeserver, **more: Any) -> Account:
    return Account(**{"homeserver": server.url, "user": UserId(ME), "password": "pw"} | more)


async def enter(server: Homeserver, db: Database, who: Account) -> str:
    http = Http(server.url)
    try:
        return await sign_in(http, db, KEY, who)
    finally:
        await http.close()


async def test_a_restart_uses_the_same_device_and_token(server: Homeserver, db: Database) -> None:
    first = await enter(server, db, account(server))
    assert len(first) > 8
    assert await enter(server, db, account(server)) == first
    assert server.count("/login") == 1
    await forget_session(db)
    assert await enter(server, db, account(server)) != first


async def test_a_login_cut_off_is_repeated_with_the_same_device(
    server: Homeserver, db: Database
) -> None:
    server.trouble += [None, (502, b"")]
    with pytest.raises(TryLater):
        await enter(server, db, account(server))
    await enter(server, db, account(server))
    devices = {body["device_id"] for path, body in server.bodies if path.endswith("/login")}
    assert len(devices) == 1


async def test_a_token_with_its_device(server: Homeserver, db: Database) -> None:
    given = account(server, password=None, token="t", device="DEVICE")
    assert await enter(server, db, given) == "DEVICE"
    server.device = "ANOTHER"
    with pytest.raises(UnusableAccount):
        await enter(server, db, given)


async def test_another_account_than_configured_is_refused(server: Homeserver, db: Database) -> None:
    server.user = "@other:one.example"
    with pytest.raises(UnusableAccount):
        await enter(server, db, account(server))


async def test_a_device_that_was_signed_out_is_told_as_that(
    server: Homeserver, db: Database
) -> None:
    first = await enter(server, db, account(server))
    server.trouble += [None, (401, b'{"errcode": "M_UNKNOWN_TOKEN"}')]
    with pytest.raises(SignedOut, match="minga init"):
        await enter(server, db, account(server))
    server.trouble += [None, (401, b'{"errcode": "M_UNKNOWN_TOKEN", "soft_logout": true}')]
    assert await enter(server, db, account(server)) == first


@pytest.mark.parametrize("versions", [[], ["v1.2", "r0.6.0"], "v1.11", [5]])
async def test_an_old_homeserver_is_refused(
    server: Homeserver, db: Database, versions: object
) -> None:
    server.refuse["versions"] = (200, {"versions": versions})
    with pytest.raises(UnusableAccount):
        await enter(server, db, account(server))


# --- a login that the homeserver lets lapse -------------------------------------------------------

SOFT = (401, b'{"errcode": "M_UNKNOWN_TOKEN", "soft_logout": true}')
WHOAMI = "/_matrix/client/v3/account/whoami"


@pytest.fixture
async def entered(server: Homeserver, db: Database) -> AsyncIterator[Http]:
    """A login that renews itself, as `MatrixGateway.connect` leaves it."""
    http = Http(server.url)
    await sign_in(http, db, KEY, account(server))
    keep_logged_in(http, db, KEY, account(server))
    yield http
    await http.close()


async def test_a_soft_logout_is_mended_with_the_same_device(
    server: Homeserver, db: Database, entered: Http
) -> None:
    device, server.next_token = server.device, "fresh"
    server.trouble = [SOFT]
    assert (await entered.call("GET", WHOAMI))["device_id"] == device
    assert (server.count("/login"), entered.token) == (2, "fresh")
    assert (await stored_session(db, KEY, UserId(ME)))["token"] == "fresh"
    assert await enter(server, db, account(server)) == device
    assert server.count("/login") == 2


async def test_requests_that_fail_together_log_in_once(server: Homeserver, entered: Http) -> None:
    server.next_token = "fresh"
    server.trouble = [SOFT, SOFT, SOFT]
    await asyncio.gather(*(entered.call("GET", WHOAMI) for _ in range(3)))
    assert server.count("/login") == 2


async def test_a_server_that_takes_no_fresh_token_either_is_asked_later(
    server: Homeserver, entered: Http
) -> None:
    server.trouble = [SOFT, None, SOFT]
    with pytest.raises(TryLater):
        await entered.call("GET", WHOAMI)
    assert (await entered.call("GET", WHOAMI))["user_id"] == ME


@pytest.mark.parametrize("at_start", [True, False])
async def test_where_only_a_token_is_known_a_soft_logout_asks_for_one_of_the_same_device(
    server: Homeserver, db: Database, *, at_start: bool
) -> None:
    """It needs no new device and no `minga init`, and knows no password."""
    given = account(server, password=None, token="t", device="DEVICE")
    http = Http(server.url)
    await sign_in(http, db, KEY, given)
    keep_logged_in(http, db, KEY, given)
    server.trouble = [*([None] if at_start else []), SOFT]
    with pytest.raises(SignedOut) as dead:
        await (enter(server, db, given) if at_start else http.call("GET", WHOAMI))
    assert operator_lines(dead.value) == (LAPSED_TOKEN,)
    server.trouble = [(401, b'{"errcode": "M_UNKNOWN_TOKEN"}')]
    with pytest.raises(SignedOut) as dead:
        await http.call("GET", WHOAMI)
    assert operator_lines(dead.value) == (DEAD_TOKEN,)
    await http.close()
    assert await enter(server, db, account(server, password=None, token="u")) == "DEVICE"


async def test_a_soft_logout_ends_the_bot_if_its_password_does_not_serve(
    server: Homeserver, entered: Http
) -> None:
    server.refuse["/login"] = (403, {"errcode": "M_FORBIDDEN"})
    server.trouble = [SOFT]
    with pytest.raises(SignedOut, match="access_token_file"):
        await entered.call("GET", WHOAMI)
