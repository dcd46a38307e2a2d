"""A moderator with nothing but her app: rooms set up, copied and taken back; roles; forgetting.

All of it is typed in rooms, on Element's engine in strict mode; nobody touches the bot's machine.
"""

from __future__ import annotations

import asyncio
import subprocess
import tomllib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
import pytest_asyncio

from bot.matrix.crypto.crypto_machine import CryptoMachine
from bot.types import UserId
from storage.connection import SyncConnection
from storage.database import Database
from storage.encryption.keys import DATABASE, KEY_STORE
from storage.encryption.root_key import unlock
from storage.files.restoration import restore_backup
from storage.rooms import present_people
from tests.real.botprocess import MINGA, BotProcess
from tests.real.element import Element
from tests.real.heard import Heard, What
from tests.real.patience import PATIENCE
from tests.real.plain import Member, PlainError
from tests.real.servers import Pair
from tests.real.test_seizure import opened

pytestmark = pytest.mark.asyncio(loop_scope="module")

CARE_TEAM = "!configurar cuidado sí"
ROOMS = 20
NAMES = [f"Grupo {n}" for n in range(1, ROOMS + 1)]


@dataclass(slots=True)
class Network:
    """Ana moderates `hall` and the rooms of the area; `own` is her private room with the bot."""

    bot: BotProcess
    ana: Element
    eva: Member
    dani: Member
    hall: str
    own: str
    rooms: list[str]

    async def hears(self, what: What, room: str = "") -> Heard:
        """What the bot says, as Ana reads it: encrypted, signed, and without a shield."""
        heard = await self.ana.hears(what, 30, room=room or self.hall, sender=self.bot.user)
        assert (heard.encrypted, heard.failure, heard.shield) == (True, None, 0), heard
        return heard

    async def answer(self, line: str, room: str = "") -> str:
        event = await self.ana.send(room or self.hall, line)
        return (await self.hears(lambda heard: heard.reply_to == event, room)).text

    def entry(self, member: Member) -> int | None:
        """Their own power in the hall, as their own server has told them last."""
        levels = member.ear.all(self.hall, kind="m.room.power_levels")[-1].content
        found: int | None = levels.get("users", {}).get(member.user)
        return found

    async def everywhere(self, words: str) -> list[str]:
        """What all rooms of the area hear of a change that was ordered elsewhere."""
        heard = await asyncio.gather(*(self.hears(words, room) for room in self.rooms))
        return [one.text for one in heard]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def network(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Network]:
    """Made once for all tests."""
    async with AsyncExitStack() as stack:
        ana, eva, dani = Element(), Member(), Member()
        host = pair.person("ana", pair.a)
        folder = tmp_path_factory.mktemp("rooms")
        bot = BotProcess(folder, pair.person("minga", pair.a), moderators=[host.id])
        for member in (ana, eva, dani):
            await stack.enter_async_context(member)
        await asyncio.gather(
            ana.login(*host.door),
            eva.login(*pair.person("eva").door),
            dani.login(*pair.person("dani").door),
            stack.enter_async_context(bot),
        )

        async def a_room(name: str, *others: Member) -> str:
            invited = [bot.user, *(one.user for one in others)]
            room = await ana.create_room(invite=invited, name=name, version="12")
            await ana.greeted(room, bot.user)
            return room

        hall, *rooms = await asyncio.gather(
            a_room("Sala", eva, dani), *(a_room(name) for name in NAMES)
        )
        await asyncio.gather(eva.accept(hall), dani.accept(hall))
        own = await ana.create_room(invite=[bot.user], direct=True)
        await ana.joined(own, bot.user)
        yield Network(bot, ana, eva, dani, hall, own, rooms)


async def test_a_room_is_set_up_alone_copied_to_twenty_and_taken_back(network: Network) -> None:
    ana = network.ana
    shown = await network.answer("!configurar zona Tokio razón: vivimos allá")
    assert "antes, Bogotá → después, Tokio" in shown
    assert "Cambiado" in await network.answer("sí")
    assert "En total" in await network.answer("!configurar plantilla asamblea")
    assert "Cambiado" in await network.answer("sí")

    await ana.send(network.hall, "!configurar exportar")
    file = await network.hears(lambda heard: heard.content.get("msgtype") == "m.file")
    text = (await ana.download(file)).decode()
    there = tomllib.loads(text)["settings"]
    assert there["zona"] == "Asia/Tokyo"
    changed = text.replace('zona = "Asia/Tokyo"', 'zona = "America/Recife"')
    event = await ana.send_file(
        network.hall, "ajustes.toml", "application/toml", changed.encode(), "!configurar importar"
    )
    shown = (await network.hears(lambda heard: heard.reply_to == event)).text
    assert "Tokio → Recife" in shown and "En total 1 cambio en 1 sala" in shown
    assert "Cambiado" in await network.answer("sí")

    for said in await asyncio.gather(
        *(network.answer("!area agregar grupos", room) for room in network.rooms)
    ):
        assert "grupos:" in said
    await ana.send(network.hall, "!configurar copiar a área grupos")
    shown = (await network.hears("En total", network.own)).text
    assert f"en {ROOMS} salas" in shown
    assert f"Cambiado en {ROOMS} salas" in await network.answer("sí", network.own)
    for said in await network.everywhere("cambió aquí"):
        assert "Bogotá → Recife" in said
    assert f"cambió ajustes en {ROOMS} salas" in await network.answer("!historial")

    assert f"cambió ajustes en {ROOMS} salas" in await network.answer("!deshacer")
    await ana.send(network.hall, "sí")
    await network.hears("Quedó como antes", network.own)
    for said in await network.everywhere("cambió aquí"):
        assert "Recife → Bogotá" in said
    assert f"deshizo: cambió ajustes en {ROOMS} salas" in await network.answer("!historial")
    for room in network.rooms:
        log = await network.answer("!historial", room)
        assert "zona: Bogotá → Recife" in log and "deshizo: zona: Bogotá → Recife" in log
        assert "El historial está entero" in await network.answer("!historial comprobar", room)


async def test_a_role_is_drawn_as_members_count_again_and_calls_only_its_people(
    network: Network,
) -> None:
    bot, ana, eva, dani = network.bot, network.ana, network.eva, network.dani
    for role in ("prensa", "cuidado"):
        await network.answer(f"!cargo nuevo {role}")
    assert "tiene el cargo" in await network.answer(f"!cargo dar prensa {eva.user}")
    await dani.send(network.hall, f"!cargo prensa llama {ana.user}, hay rueda")
    called = await network.hears("llama a prensa")
    assert called.content["m.mentions"] == {"user_ids": [eva.user]}

    await ana.send(network.hall, "!cargo sortear cuidado 1 en 5 min")
    opening = await network.hears("Mi promesa")
    words = {eva.user: "girasol", dani.user: "lluvia de mayo"}
    for member in (eva, dani):
        await answers(member, opening, words[member.user])
        await network.hears(f"“{words[member.user]}” está en el sorteo")
    await bot.stop()
    await comes_due(bot, "drawn")
    await bot.start()
    over = await network.hears("terminó")
    sheet = await network.hears(lambda heard: heard.content.get("msgtype") == "m.file")
    drawn = drawn_first((await ana.download(sheet)).decode(), opening.text, words, ana.user)
    assert f"{drawn}) tiene el cargo “cuidado”" in over.text
    assert over.content["m.mentions"] == {"user_ids": [drawn]}

    await network.answer("!configurar menciones-de-cargo sí")
    await network.answer("sí")
    await dani.send(network.hall, "@cuidado ¿quién abre?")
    called = await network.hears("llama a cuidado")
    assert called.content["m.mentions"] == {"user_ids": [drawn]}


async def answers(member: Member, to: Heard, text: str) -> None:
    relation = {"m.in_reply_to": {"event_id": to.id}}
    content = {"msgtype": "m.text", "body": text, "m.relates_to": relation}
    await member.send_event(to.room, "m.room.message", content)


async def comes_due(bot: BotProcess, job: str) -> None:
    """As if the bot had been off until then."""
    keys = unlock(bot.data, key_file=bot.folder / "secrets/key")
    db = await Database.open(bot.data / DATABASE, keys.db)
    try:
        async with db.transaction() as tx:
            moved = await tx.change("UPDATE job SET due = 1, try_at = 1 WHERE name = ?", job)
        assert moved
    finally:
        await db.close()


def drawn_first(sheet: str, opening: str, words: dict[str, str], other: str) -> str:
    """Who was drawn, counted from what stood in the room and the secret of the file alone."""
    secret = sheet.split("sha256(")[1].split(")")[0]
    assert sha(secret) in opening
    people = sorted([*words, other])
    assert sha("\n".join(people))[:16] in opening
    seed = sha("\n".join([secret, *(f"{who} {words[who]}" for who in sorted(words))]))
    return min(people, key=lambda who: sha(f"{seed} {who}"))


def sha(text: str) -> str:
    return sha256(text.encode()).hexdigest()


async def test_a_flood_is_silenced_and_an_appeal_reaches_others_than_who_decided(
    network: Network,
) -> None:
    bot, ana, eva, dani = network.bot, network.ana, network.eva, network.dani
    team, own = network.rooms[0], network.own
    await ana.set_power(network.hall, bot.user, 100)
    await ana.invite(team, dani.user)
    await dani.accept(team)
    for room, line in ((team, CARE_TEAM), (network.hall, "!configurar mensajes-por-minuto 5")):
        await network.answer(line, room)
        assert "Cambiado" in await network.answer("sí", room)

    story = await eva.send(network.hall, "!incidente mensajes feos de noche")
    told = await network.hears("mensajes feos de noche", team)
    number = told.text.split()[1].strip(",")
    await ana.hears(partial(redacts, story), 30, room=network.hall, sender=bot.user)
    home = await eva.called()
    await network.answer(f"atender {number}", own)
    await network.answer(f"resolver {number} hablamos con todas", own)
    await eva.hears("hablamos con todas", 30, room=home, sender=bot.user)
    await eva.send(home, f"apelar {number} no me escucharon")
    letters = await dani.called()
    await dani.hears("no me escucharon", 30, room=letters, sender=bot.user)
    assert not [one for one in ana.ear.all() if "no me escucharon" in one.text]

    with suppress(PlainError):  # it may be silenced before the seventh
        await eva.send_all(network.hall, ["hola"] * 7)
    await eva.ear.until(lambda: network.entry(eva) == -1, 30)
    await eva.hears("muchos mensajes", 30, room=home, sender=bot.user)
    assert "silenció" in await network.answer("!deshacer")
    await network.answer("sí")
    await eva.ear.until(lambda: network.entry(eva) is None, 30)


def leaves(who: str, heard: Heard) -> bool:
    return (heard.state_key, heard.content.get("membership")) == (who, "leave")


def redacts(event: str, heard: Heard) -> bool:
    return heard.type == "m.room.redaction" and heard.content.get("redacts") == event


async def test_who_asks_to_be_forgotten_is_nowhere_and_the_totals_stay(
    network: Network, tmp_path: Path
) -> None:
    bot, ana, eva = network.bot, network.ana, network.eva
    poll = await lived(network)
    totals = await network.answer(f"!resultados {poll}")
    assert "Norte: 1" in totals
    own = await eva.create_room([bot.user])
    await eva.joined(own, bot.user)
    for line, words in (("borrarme", "No se puede deshacer"), ("sí", "ya no guardo nada tuyo")):
        await eva.send(own, line)
        await eva.hears(words, room=own, sender=bot.user)
    rooms = [one for one, now in eva.memberships.items() if now == "join"]
    for room in rooms:
        await eva.client.room_leave(room)
    await ana.hears(partial(leaves, eva.user), room=network.hall)
    assert await network.answer(f"!resultados {poll}") == totals
    async with asyncio.timeout(PATIENCE):
        while eva.user in await present(bot):  # noqa: ASYNC110
            await asyncio.sleep(0.3)  # of rooms without Ana nobody else hears
    await bot.stop()
    await comes_due(bot, "daily")
    await bot.start()
    async with asyncio.timeout(PATIENCE):
        while eva.user in await opened(bot):  # noqa: ASYNC110
            await asyncio.sleep(0.3)  # nothing tells when the day's work is done
    await program(bot, "backup", bot.folder / "copy.backup")
    await bot.stop()
    copy = tmp_path / "copy"
    await restore_backup(bot.folder / "copy.backup", copy, key_file=bot.folder / "secrets/key")
    inside = await opened(bot, copy)
    assert ana.user in inside and eva.user not in inside
    devices = await an_hour_later(bot)
    assert ana.user in devices and eva.user not in devices


async def present(bot: BotProcess) -> set[UserId]:
    """Who is in any room, as far as the bot knows."""
    keys = unlock(bot.data, key_file=bot.folder / "secrets/key")
    db = await Database.open(bot.data / DATABASE, keys.db)
    try:
        async with db.reading() as tx:
            return await present_people(tx)
    finally:
        await db.close()


async def an_hour_later(bot: BotProcess) -> str:
    """What stands in the key store once the bot has looked twice at who is there."""
    keys = unlock(bot.data, key_file=bot.folder / "secrets/key")
    db = await Database.open(bot.data / DATABASE, keys.db)
    path, user = bot.data / KEY_STORE, UserId(bot.user)
    held = SyncConnection(path, keys.niodb, ())
    (device,) = held.run("SELECT device_id FROM accounts").fetchone()
    machine = CryptoMachine.open(path, user, device, db_key=keys.niodb, pickle_key=keys.nio_pickle)
    try:
        async with db.reading() as tx:
            present = await present_people(tx)
        assert [machine.drop_absent(present) for _ in range(2)] == [0, 1]
        tables = held.run("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        rows = [held.run(f'SELECT * FROM "{name}"').fetchall() for (name,) in tables]  # noqa: S608
    finally:
        machine.close()
        held.close()
        await db.close()
    return repr(rows)


async def lived(network: Network) -> str:
    """What Eva does, and what others do with her; the number of the poll in which she votes."""
    eva = network.eva

    async def does(member: Element | Member, line: str, words: str) -> str:
        await member.send(network.hall, line)
        return (await network.hears(words)).text

    opening = await does(network.ana, "!encuesta ¿Dónde? Norte, Sur", "¿Dónde?")
    number = opening.split()[1].strip(":")
    await does(eva, f"!votar {number} 1", "Anotado: Norte")
    opening = await does(network.ana, "!evento Taller mañana 19h", "Taller")
    await does(eva, f"!voy {opening.split()[1].strip(':')}", "Anotado: vas a")
    await does(network.ana, f"!presto proyector a {eva.user} por 5 días", "Préstamo")
    await eva.send(network.hall, "!recibido")
    await network.ana.hears("Confirmado por ambas partes", 30, sender=network.bot.user)
    await does(network.ana, f"!tarea {eva.user} comprar pan para mañana", "Tarea ")
    await does(eva, "!encuesta ¿Cuándo? Hoy, Mañana", "¿Cuándo?")
    await does(network.ana, f"!cerrar {number}", "gana Norte")
    await does(eva, "!recordar en 2 horas; llamar a la abuela", "Recordatorio ")
    return number


async def program(bot: BotProcess, *line: str | Path) -> None:
    """The operator's own command."""
    done = await asyncio.create_subprocess_exec(
        MINGA, *line, "--config", bot.config, cwd=bot.folder, stdout=subprocess.DEVNULL
    )
    assert await done.wait() == 0
