"""From a knock to four rooms: a stranger on another homeserver, on Element's engine, strict."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from urllib.parse import quote, urlencode

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.element import Element
from tests.real.servers import Pair


async def comes_in(member: Element, known: set[str], most: int = 1) -> set[str]:
    """The next rooms to which the member is invited; they are in them."""
    found: set[str] = set()
    while len(found) < most:
        found.add(await member.called(known | found, 120))
    return found


async def a_room(ana: Element, bot: BotProcess, name: str) -> str:
    """With the bot in it, which may invite; in the area of newcomers."""
    room = await ana.create_room(invite=[bot.user], name=name, version="11")
    await ana.joined(room, bot.user)
    await ana.greeted(room, bot.user)
    await ana.set_power(room, bot.user, 50)
    await ana.send(room, "!area agregar general")
    await ana.hears("general:", room=room, sender=bot.user)
    return room


async def knock(pair: Pair, member: Element, room: str, via: str) -> None:
    """As Element does when asked to: over federation, by the room's server."""
    query = urlencode([("server_name", via), ("via", via)])
    path = f"/_matrix/client/v3/knock/{quote(room)}?{query}"
    await asyncio.to_thread(pair.b.call, "POST", path, {}, token=member.token)


async def again(bot: BotProcess) -> None:
    """SIGKILL, and a new start."""
    await bot.kill()
    await bot.start()
    await bot.ready()


async def decided(ana: Element, bot: BotProcess, room: str) -> str:
    """Something that who comes later can't read in the room: the number of its minutes."""
    await ana.send(room, "!encuesta ¿De qué color? Azul, Verde")
    opened = await ana.hears(re.compile(r"Encuesta (\d+):"), 60, room=room, sender=bot.user)
    number = re.search(r"Encuesta (\d+):", opened.text)
    assert number
    for line, heard in (("!votar {} 1", "Anotado: Azul"), ("!cerrar {}", "gana Azul")):
        await ana.send(room, line.format(number[1]))
        await ana.hears(heard, 60, room=room, sender=bot.user)
    return number[1]


async def test_a_stranger_knocks_answers_and_is_in_four_rooms(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    """The bot is killed between every two steps; nothing is lost and nothing asked twice."""
    host = pair.person("ana", pair.a)
    ana, dora = await asyncio.gather(element(host), element("dora"))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        names = ("Vestíbulo", "Mesa", "Radio", "Cocina")
        rooms = [await a_room(ana, bot, name) for name in names]
        door = rooms[0]
        for asked in ("¿Cómo supiste de la red?", "¿Vives cerca? sí, no"):
            await ana.send(door, f"!preguntas agregar {asked}")
            await ana.hears(asked[:12], room=door, sender=bot.user)
        for line in ("!reglas cambiar Nos escuchamos.", "!configurar avales 1"):
            await ana.send(door, line)
            await ana.hears("¿Sigo?", 60, room=door, sender=bot.user)
            await ana.send(door, "sí")
            await ana.hears("Para volver", 60, room=door, sender=bot.user)
            await again(bot)
        decision = await decided(ana, bot, rooms[1])
        await ana.send(door, "!acompañar sí")
        await ana.hears("Cuando sea tu turno", 60, room=door, sender=bot.user)
        await again(bot)
        await ana.set_state(door, "m.room.join_rules", {"join_rule": "knock"})
        await ana.send(door, "!preguntas")
        await ana.hears("Quien toca a la puerta responde", room=door, sender=bot.user)

        await knock(pair, dora, door, host.id.partition(":")[2])
        await again(bot)
        (private,) = await comes_in(dora, set())
        await dora.reads_first("1 de 2: ¿Cómo supiste", room=private, sender=bot.user, within=60)
        await again(bot)
        await dora.send(private, "idioma pt")
        await dora.hears("São 2 perguntas", 60, room=private, sender=bot.user)
        await again(bot)
        await dora.send(private, "pela Bia da rádio")
        await dora.hears("2 de 2: ¿Vives cerca?", 60, room=private, sender=bot.user)
        await again(bot)
        await dora.send(private, "sim")
        await dora.hears("agradecemos", 60, room=private, sender=bot.user)
        told = await ana.hears(f"{dora.user}) toca a la puerta", 60, room=door, sender=bot.user)
        number = re.search(r"`avalar (\d+)`", told.text)
        assert number, told.text
        assert "Bia" not in told.text  # no room for moderators was chosen
        await again(bot)
        await ana.send(door, f"!avalar {number[1]}")
        (aside,) = await comes_in(ana, set(rooms))
        await ana.send(aside, "cancelar")
        await ana.hears("No cambié nada", 60, room=aside, sender=bot.user)
        await ana.hears("Anotado: avalas", 60, room=aside, sender=bot.user)
        await again(bot)
        await ana.send(door, f"!admitir {number[1]}")
        await dora.hears("Para aceitar:", 60, room=private, sender=bot.user)
        await again(bot)

        await dora.send(private, "aceito")
        inside = await comes_in(dora, {private}, 4)
        assert inside == set(rooms)
        for room in rooms:
            await ana.joined(room, dora.user)
        await dora.hears("Estou convidando você para", 60, room=private, sender=bot.user)
        await again(bot)
        summary = await dora.hears("Aqui você pode escrever", 60, room=private, sender=bot.user)
        assert "Decidido nos últimos 30 dias" in summary.text and "vence Azul" in summary.text
        assert f"`ata {decision}`" in summary.text and "Cocina" in summary.text
        await ana.hears(f"{dora.user}) acaba de llegar", 60, room=aside, sender=bot.user)
        await again(bot)
        await ana.send(aside, "puedo")
        await dora.hears("Quem acompanha você", 60, room=private, sender=bot.user)
        await again(bot)
        said = [one for one in await dora.timeline(private) if one.sender == bot.user]
        texts = "\n".join(one.text for one in said)
        for once in (
            *("2 de 2:", "agradecemos", "Estou convidando"),
            *("Decidido nos últimos", "Quem acompanha você"),
        ):
            assert texts.count(once) == 1, texts
        assert {(one.failure, one.shield) for one in said if one.encrypted} == {(None, 0)}
        await bot.stop()


async def test_a_code_lets_a_stranger_in_from_another_homeserver(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    """And a list of people says for each what became of them."""
    host = pair.person("ana", pair.a)
    ana, dora = await asyncio.gather(element(host), element("dora"))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(ana, bot, "Sala")
        await ana.send(room, "!codigo general usos:1")
        (private,) = await comes_in(ana, {room})
        code = await ana.hears(re.compile("`?[A-Z2-9]{4}-[A-Z2-9]{4}`?"), 60, room=private)
        found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", code.text)
        assert found
        alone = await dora.create_room(invite=[bot.user], direct=True)
        await dora.joined(alone, bot.user)
        await dora.send(alone, f"codigo {found[0]}")
        assert await comes_in(dora, {alone}) == {room}
        await ana.joined(room, dora.user)

        good, nobody = pair.person("eva").id, f"@nobody-at-all:{dora.user.partition(':')[2]}"
        await ana.send(room, f"!invitar {good} {nobody} {dora.user} sin@correo.org general")
        result = await ana.hears(
            re.compile("Invité a|No es una dirección"), 60, room=room, sender=bot.user
        )
        text = result.text
        assert good in text and "sin@correo.org" in text and dora.user in text
        await bot.stop()


async def a_space(pair: Pair, ana: Element, bot: BotProcess, room: str) -> str:
    """As Element makes a private one: only who moderates it may invite. It lists the room."""
    path, body = (
        "/_matrix/client/v3/createRoom",
        {
            "name": "Red",
            "preset": "private_chat",
            "creation_content": {"type": "m.space"},
            "invite": [bot.user],
            "power_level_content_override": {
                "events_default": 100,
                "invite": 50,
                "users": {bot.user: 50},
            },
        },
    )
    made = await asyncio.to_thread(pair.a.call, "POST", path, body, token=ana.token)
    space = str(made["room_id"])
    await ana.joined(space, bot.user)
    await ana.set_state(space, "m.space.child", {"via": [ana.user.partition(":")[2]]}, key=room)
    return space


async def is_out(member: Element, room: str) -> None:
    """As their own homeserver tells it."""
    await member.ear.until(lambda: member.memberships.get(room) == "leave", 60)


async def test_into_the_space_and_out_of_the_network(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    """From another homeserver: one room by a sentence, the rest by `!salir`, through a restart
    between the question and the answer."""
    host = pair.person("ana", pair.a)
    ana, dora = await asyncio.gather(element(host), element("dora"))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(ana, bot, "Cocina")
        space = await a_space(pair, ana, bot, room)
        await ana.send(room, f"!invitar {dora.user} general")
        assert await comes_in(dora, set(), 2) == {room, space}
        await ana.joined(room, dora.user)
        assert not [one for one in await ana.timeline(space) if one.sender == bot.user and one.text]

        await dora.send(room, "!salir")
        (private,) = await comes_in(dora, {room, space})
        await dora.hears("Sales de 2 salas: Cocina · Red", 60, room=private, sender=bot.user)
        await dora.send(private, "quiero salir de la cocina")
        await dora.hears("Sales de 1 sala: Cocina", 60, room=private, sender=bot.user)
        await dora.send(private, "sí")
        await is_out(dora, room)
        assert dora.memberships[space] == "join"

        await dora.send(private, "!salir")
        await dora.hears("Sales de 1 sala: Red", 60, room=private, sender=bot.user)
        await again(bot)
        await dora.send(private, "sí")
        await is_out(dora, space)
        await bot.stop()
