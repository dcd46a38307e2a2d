"""What came into Matrix of late, on real homeservers: blocked invitations, bridges, `m.tz`."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from urllib.parse import quote

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.servers import Pair, Person, enter_silently, takes_no_invitations
from tests.real.test_onboarding import a_room, again


async def test_who_takes_no_invitations_is_named_as_such(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    """By the bot's own server and by another one."""
    ana = await element(pair.person("ana", pair.a))
    near, far, eva = pair.person("luz", pair.a), pair.person("sol"), pair.person("eva")
    for closed in (near, far):
        await asyncio.to_thread(takes_no_invitations, closed)
    async with BotProcess(tmp_path, pair.person("minga", pair.a), moderators=[ana.user]) as bot:
        room = await a_room(ana, bot, "Sala")
        await ana.send(room, f"!invitar general\n{near.id}\n{far.id}\n{eva.id}\n@nadie")
        told = await ana.hears("Su aplicación no recibe invitaciones", 120, sender=bot.user)
        (line,) = [one for one in told.text.splitlines() if "no recibe invitaciones" in one]
        assert near.id in line and far.id in line and eva.id not in line
        assert "quizá esa dirección no existe" not in told.text
        await bot.stop()


def ghost_and_bot(pair: Pair) -> tuple[Person, Person]:
    """Accounts of the form that a bridge gives, on the bot's homeserver."""
    made = []
    for name in (f"telegram_{secrets.randbelow(10**9) + 10**9}", "telegrambot"):
        password = secrets.token_hex(8)
        made.append(Person(pair.a.register(name, password), name, password, pair.a))
    return made[0], made[1]


async def test_a_bridge_is_known_and_votes_for_nobody(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    """Also after a SIGKILL, and by a bot that comes in when the bridge is there already."""
    ana = await element(pair.person("ana", pair.a))
    ghost, bridge = await asyncio.to_thread(ghost_and_bot, pair)
    protocol = {"id": "telegram", "displayname": "Telegram"}
    content = {"bridgebot": bridge.id, "protocol": protocol}
    async with BotProcess(tmp_path, pair.person("minga", pair.a), moderators=[ana.user]) as bot:
        room = await a_room(ana, bot, "Sala")
        await ana.set_state(room, "m.bridge", content, key="telegram/1")
        await ana.set_state(room, "m.room.policy", _policy(ana.user.partition(":")[2]))
        for one in (ghost, bridge):
            await ana.invite(room, one.id)
            await asyncio.to_thread(enter_silently, one, room)
        await again(bot)
        await ana.send(room, "!permisos")
        told = await ana.hears("también se lee en Telegram", 60, room=room, sender=bot.user)
        assert "revisa cada mensaje de aquí" in told.text
        await ana.send(room, "!votantes")
        told = await ana.hears("ahora 1 persona", 60, room=room, sender=bot.user)
        assert "2 cuentas llegan por un puente" in told.text
        await bot.stop()


def _policy(server: str) -> dict[str, object]:
    """A policy server that Synapse leaves aside, as it is its own name."""
    return {
        "via": server,
        "public_keys": {"ed25519": "6yhHGKhCiXTSEN2ksjV7kX_N6rBQZ3Xb-M7LlC6NS-s"},
    }


async def test_the_clock_of_a_profile_is_offered(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    person = pair.person("ana", pair.a)
    ana = await element(person)
    path = f"/_matrix/client/v3/profile/{quote(person.id)}/m.tz"
    zone = {"m.tz": "America/Mexico_City"}
    await asyncio.to_thread(pair.a.call, "PUT", path, zone, token=ana.token)
    async with BotProcess(tmp_path, pair.person("minga", pair.a), moderators=[ana.user]) as bot:
        room = await ana.create_room(invite=[bot.user], name="Sala")
        private = await ana.called({room}, 60)
        for line, heard in (
            ("", "1 de 5"),
            ("saltar", "El perfil de tu aplicación dice Ciudad de México"),
            ("cancelar", "No cambié nada"),
        ):
            if line:
                await ana.send(private, line)
            await ana.hears(heard, 60, room=private, sender=bot.user)
        await ana.send(private, "zona")
        told = await ana.hears("Para tomar esa hora", 60, room=private, sender=bot.user)
        assert "(Bogotá)" in told.text and "(Ciudad de México)" in told.text
        await bot.stop()
