"""Accounts for who has none, on a real Synapse: a stranger registers with the token of a code."""

from __future__ import annotations

import asyncio
import re
import secrets
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo.loopback import write_secret
from bot.demo.synapse import Homeserver, HomeserverError
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.element import Element
from tests.real.homeserver_nursery import ForkedHomeserver
from tests.real.patience import PATIENCE
from tests.real.servers import LEAN, Person, in_memory

TOKEN = re.compile(r"`([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})`")
CODE = re.compile(r"`([A-Z2-9]{4}-[A-Z2-9]{4})`")
RIGHT = {"accounts": {"synapse_token_file": "secrets/synapse_admin"}}
TOKENS = "/_synapse/admin/v1/registration_tokens"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homeserver]:
    """One whose doors open to whoever has a token."""
    settings = {**LEAN, "enable_registration": True, "registration_requires_token": True}
    with (
        in_memory(tmp_path_factory.mktemp("open")) as place,
        ForkedHomeserver(place / "a", settings=settings) as started,
    ):
        yield started


def person(server: Homeserver, name: str, *, admin: bool = False) -> Person:
    password = secrets.token_hex(8)
    return Person(server.register(name, password, admin=admin), name, password, server)


def admin_token(server: Homeserver) -> str:
    """The access token of an administrator who is not the bot."""
    boss = person(server, "boss", admin=True)
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": boss.id},
        "password": boss.password,
    }
    return str(server.call("POST", "/_matrix/client/v3/login", body)["access_token"])


def with_right(folder: Path, token: str) -> None:
    """Put the administrator's token where the bot's operator would."""
    (folder / "secrets").mkdir(mode=0o700)
    write_secret(folder / "secrets/synapse_admin", token)


def registers(server: Homeserver, name: str, token: str) -> Person:
    """What an app does for somebody with a token (spec, token-authenticated registration)."""
    password, path = secrets.token_hex(8), "/_matrix/client/v3/register"
    body: dict[str, Any] = {"username": name, "password": password, "inhibit_login": True}
    request = urllib.request.Request(server.url + path, b"{}", method="POST")  # noqa: S310
    with pytest.raises(urllib.error.HTTPError) as asked:
        urllib.request.urlopen(request)  # noqa: S310 - loopback
    session = re.search(r'"session": ?"(\w+)"', asked.value.read().decode())
    assert session is not None
    auth = {"type": "m.login.registration_token", "token": token, "session": session[1]}
    with pytest.raises(HomeserverError) as next_stage:
        server.call("POST", path, {**body, "auth": auth})
    if '"completed":["m.login.registration_token"]' not in str(next_stage.value):
        raise next_stage.value
    dummy = {"type": "m.login.dummy", "session": session[1]}
    made = server.call("POST", path, {**body, "auth": dummy})
    return Person(str(made["user_id"]), name, password, server)


async def test_a_stranger_registers_with_the_token_and_comes_in_by_the_code(
    server: Homeserver, element: Enter, tmp_path: Path
) -> None:
    token_of_boss = await asyncio.to_thread(admin_token, server)
    ana = await element(person(server, "ana"))
    account = person(server, "minga")
    with_right(tmp_path, token_of_boss)
    async with BotProcess(tmp_path, account, moderators=[ana.user], sections=RIGHT) as bot:
        room = await ana.create_room(invite=[bot.user], name="Prensa")
        await ana.joined(room, bot.user)
        await ana.greeted(room, bot.user)
        await ana.set_power(room, bot.user, 50)
        await ana.send(room, "!area agregar prensa")
        await ana.hears("prensa:", 60, room=room, sender=bot.user)
        own = await ana.create_room(invite=[bot.user], direct=True)
        await ana.joined(own, bot.user)
        await ana.send(own, "codigo prensa con-cuenta usos:1")
        said = (await ana.hears("Crea una cuenta en el servidor", 60, room=own)).text
        token, code = found(TOKEN, said), found(CODE, said)
        dora = await element(await asyncio.to_thread(registers, server, "dora", token))
        with pytest.raises(HomeserverError, match=r"M_UNAUTHORIZED"):
            await asyncio.to_thread(registers, server, "eva", token)  # for one person only
        door = await dora.create_room(invite=[bot.user], direct=True)
        await dora.joined(door, bot.user)
        await dora.send(door, code)
        await dora.hears("prensa", 60, room=door, sender=bot.user)
        await dora.accept(room)
        await ana.joined(room, dora.user)
        await is_taken_back(server, token_of_boss, ana, own, bot)
        assert bot.holds([token_of_boss, token]) == []


async def is_taken_back(
    server: Homeserver, boss: str, ana: Element, own: str, bot: BotProcess
) -> None:
    """The token of the next code goes with it."""
    await ana.send(own, "codigo prensa con-cuenta usos:4 vence:3d")
    said = (await ana.hears("usar: 4", 60, room=own)).text
    made = await asyncio.to_thread(server.call, "GET", f"{TOKENS}/{found(TOKEN, said)}", None, boss)
    assert made["uses_allowed"] == 4 and made["expiry_time"] is not None
    number = re.search(r"Código (\d+)", said)
    assert number is not None
    await ana.send(own, f"cancelar {number[1]}")
    await ana.hears("ya no abre nada", 60, room=own, sender=bot.user)
    async with asyncio.timeout(PATIENCE):
        while await lists(server, boss, found(TOKEN, said)):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.5)


async def lists(server: Homeserver, boss: str, token: str) -> bool:
    answer = await asyncio.to_thread(server.call, "GET", TOKENS, None, boss)
    return token in {one["token"] for one in answer["registration_tokens"]}


def found(pattern: re.Pattern[str], said: str) -> str:
    match = pattern.search(said)
    assert match is not None, said
    return match[1]


async def test_without_the_right_it_says_what_the_operator_must_do(
    server: Homeserver, element: Enter, tmp_path: Path
) -> None:
    ana = await element(person(server, "ana2"))
    account = person(server, "minga2")
    wrong = "syt_bm9ib2R5_wrongwrongwrongwrong_000000"
    with_right(tmp_path, wrong)
    async with BotProcess(tmp_path, account, moderators=[ana.user], sections=RIGHT) as bot:
        room = await ana.create_room(invite=[bot.user], name="Prensa")
        await ana.joined(room, bot.user)
        await ana.greeted(room, bot.user)
        await ana.send(room, "!area agregar prensa")
        await ana.hears("prensa:", 60, room=room, sender=bot.user)
        own = await ana.create_room(invite=[bot.user], direct=True)
        await ana.joined(own, bot.user)
        await ana.send(own, "codigo prensa con-cuenta")
        said = (await ana.hears("no acepta el permiso", 60, room=own, sender=bot.user)).text
        assert "operating.md" in said
        await ana.send(own, "codigo prensa")
        await ana.hears(CODE, 60, room=own, sender=bot.user)
        await bot.stop()
