"""In danger: a call reaches whoever can be reached; destroyed keys open nothing any more."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from functools import partial
from pathlib import Path

import nio
import pytest

from bot.operate.operator_errors import OPERATOR_MUST_ACT
from storage.database import Database, WrongKey
from storage.encryption.keys import DATABASE, HEADER, KEY_STORE
from storage.encryption.root_key import unlock
from storage.files.backup import read_backup_info, write_backup
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.heard import Heard
from tests.real.plain import Member
from tests.real.servers import Pair, Person

CRY, ALARM = "me siguen dos personas", "está en peligro y pide ayuda"


async def devices(account: Person) -> list[str]:
    """The account's devices at its server, but for the one that looks."""
    client = nio.AsyncClient(account.server.url, account.id)
    try:
        assert isinstance(await client.login(account.password), nio.LoginResponse)
        found = await client.devices()
        assert isinstance(found, nio.DevicesResponse)
        every = [device.id for device in found.devices if device.id != client.device_id]
        await client.logout()
    finally:
        await client.close()
    return every


async def test_a_call_for_help_and_then_the_end_of_it_all(
    pair: Pair, plain: EnterPlain, tmp_path: Path
) -> None:
    ana, bea, carla = await asyncio.gather(plain("ana"), plain("bea"), plain("carla"))
    dora = await plain("dora", sign=False)
    account = pair.person("minga", pair.a)
    team = [ana.user, carla.user, dora.user]
    async with BotProcess(tmp_path, account, moderators=team) as bot:
        room = await ana.create_room([bot.user, bea.user, carla.user, dora.user])
        await asyncio.gather(*(one.accept(room) for one in (bea, carla, dora)))
        await ana.joined(room, bot.user)
        own = await calls_for_help(bot, room, bea, ana, carla, dora)
        await practises(bot, ana, own[ana.user])
        copy = (bot.folder / "secrets/key").read_bytes()
        keys = unlock(bot.data, key_file=bot.folder / "secrets/key")
        await write_backup(bot.data, keys, tmp_path / "night.backup")
        header, disk = read_backup_info(tmp_path / "night.backup").key_header, tmp_path / "disk"
        disk.mkdir()
        for name in (DATABASE, KEY_STORE):
            shutil.copy2(bot.data / name, disk / name)  # as a disk that keeps its blocks
        assert len(await devices(account)) == 1
        await ends_it_all(bot, ana, carla, own)
        assert await bot.ends() == 0
        assert await devices(account) == []
        assert bot.holds([CRY, ana.user, bea.user, room, account.password]) == []
        await bot.start()
        assert await bot.ends() == OPERATOR_MUST_ACT
        key = bot.folder / "secrets/key"
        assert not key.exists()
        key.touch(mode=0o600)
        key.write_bytes(copy)
        assert not list(bot.data.glob("*.db*"))
        for name in (DATABASE, KEY_STORE):
            (disk / HEADER).write_text(json.dumps(dict(header)))
            theirs = unlock(disk, key_file=key)
            for opened in (theirs.db, theirs.bare_db, theirs.niodb, theirs.bare_niodb):
                with pytest.raises(WrongKey):
                    await Database.open(disk / name, opened, create=False)


async def calls_for_help(
    bot: BotProcess, room: str, bea: Member, ana: Member, carla: Member, dora: Member
) -> dict[str, str]:
    """Each one's private room. Dora has no confirmed device: it is said that she is not reached."""
    await bea.send(room, f"!panico {CRY}")
    homes = await asyncio.gather(*(one.called(40) for one in (ana, bea, carla)))
    for one, home in zip((ana, carla), (homes[0], homes[2]), strict=True):
        heard = await one.hears(ALARM, 40, room=home, sender=bot.user)
        assert CRY in heard.text
    said = await bea.hears("Todavía no les llegó", 60, room=homes[1], sender=bot.user)
    assert dora.user in said.text and ana.user not in said.text.partition("\n")[0]
    await bot.restart()
    await ana.send(homes[0], "voy")
    await bea.hears("responde al aviso", 40, room=homes[1], sender=bot.user)
    await carla.hears("responde al aviso", 40, room=homes[2], sender=bot.user)
    await takes_out_and_calls_again(bot, room, homes, bea, ana, carla, dora)
    return {ana.user: homes[0], carla.user: homes[2]}


async def takes_out_and_calls_again(
    bot: BotProcess, room: str, homes: list[str], bea: Member, *others: Member
) -> None:
    """Nobody is left; a bare `panico` calls those whom no words accuse; a line in the room ends it.

    Whom the words accuse reads before and after that the same.
    """
    ana, carla, dora = others
    of_ana, own, of_carla = homes
    await bea.send(own, f"no le digas a {ana.user} ni a {dora.user}")
    await bea.hears("No se lo paso a quien nombras", 40, room=own, sender=bot.user)
    await bea.send(own, f"{carla.user} me pega")
    await bea.hears("No queda nadie", 40, room=own, sender=bot.user)
    taken_out = await on_my_way(bot, carla, of_carla)
    of_call = [one.text for one in carla.ear.all(of_carla, bot.user)]

    await bea.send(own, "panico")
    said = await bea.hears("Aviso una vez más", 40, room=own, sender=bot.user)
    again, _, spared = said.text.partition("\n")
    assert ana.user in again and carla.user not in again and carla.user in spared
    await ana.hears(ALARM, 40, room=of_ana, sender=bot.user)

    await bea.send(room, "!falsa alarma")
    await bea.hears("Ya no aviso a nadie", 40, room=own, sender=bot.user)
    await ana.hears("ya pasó", 40, room=of_ana, sender=bot.user)
    assert await on_my_way(bot, carla, of_carla) == taken_out and "Nadie te avisa" in taken_out
    assert [one.text for one in carla.ear.all(of_carla, bot.user)] == [*of_call, taken_out]


async def on_my_way(bot: BotProcess, helper: Member, home: str) -> str:
    """What a helper reads who answers a call that does not ring for them (any more)."""
    helper.ear.forget()
    typed = await helper.send(home, "ya voy")
    await helper.ear.until(lambda: typed in helper.ear.events)

    def answers(event: Heard) -> bool:
        return list(helper.ear.events).index(event.id) > list(helper.ear.events).index(typed)

    return (await helper.hears(answers, 40, room=home, sender=bot.user)).text


async def practises(bot: BotProcess, ana: Member, own: str) -> None:
    """All of it without harm: nobody is called but somebody who is not there."""
    await ana.send(own, "practica")
    room = await ana.called(40)
    await ana.hears("nada se guarda", 40, room=room, sender=bot.user)
    await ana.send(room, "!panico")
    heard = await ana.hears(ALARM, 40, room=room, sender=bot.user)
    assert heard.text.startswith("(práctica, en privado a @equipo:practica)")


async def ends_it_all(bot: BotProcess, ana: Member, carla: Member, own: dict[str, str]) -> None:
    """Two moderators of the network, one after the other."""
    await carla.send(own[carla.user], "autodestruir")
    await ana.hears("pide destruir las claves", 40, room=own[ana.user], sender=bot.user)
    await ana.send(own[ana.user], "autodestruir")
    await ana.hears("ya lo pidió", 40, room=own[ana.user], sender=bot.user)
    await ana.send(own[ana.user], "sí")
    await ana.hears("Destruyo las claves y termino", 40, room=own[ana.user], sender=bot.user)


SAID_TO_THE_BOT = ("!me están siguiendo", "!ayuda, me robaron", "!denuncia fulano me acosó ayer")
CALLED_TO_THE_ROOM = "emergencia nos están desalojando"
TYPED_IN_PRIVATE = {  # behind a call for help, what happened would be added to that
    "me acosaron en la reunion": "incidente",
    "AUXILIOOO me ayudan": "pánico",
    "necesito ayuda": "pánico",
    "he is going to kill me": "pánico",
    "tô sendo seguida": "pánico",
}


async def test_what_is_typed_in_danger_finds_the_door_and_leaves_the_room(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana, bea = await asyncio.gather(element("ana"), element("bea"))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await ana.create_room(invite=[bot.user, bea.user], name="Sala")
        await ana.joined(room, bot.user)
        await bea.accept(room)
        await ana.set_power(room, bot.user, 100)
        await bea.send(room, "!pendientes")
        await bea.hears("abiert", 60, room=room, sender=bot.user)
        homes = {}
        for one in (bea, ana):
            homes[one.user] = await one.create_room(invite=[bot.user], direct=True)
            await one.joined(homes[one.user], bot.user)
            await one.send(homes[one.user], "hola")
            await one.hears("Hola", 60, room=homes[one.user], sender=bot.user)
        own = homes[bea.user]
        await leaves_the_room(bot, room, own, ana, bea)
        await stays_in_the_room(bot, room, own, ana, bea)
        bea.ear.forget()
        for line, word in TYPED_IN_PRIVATE.items():
            await bea.send(own, line)
            said = await bea.hears(re.compile(r"\w"), 60, room=own, sender=bot.user)
            assert word in said.text.partition("\n")[0], (line, said.text)
        await bea.send_file(own, "voz.ogg", "audio/ogg", b"OggS")
        said = await bea.hears("notas de voz", 60, room=own, sender=bot.user)
        assert said.text.startswith("Si hay peligro: escribe `pánico`")
        await bea.send(own, "me están siguiendo")
        await bea.hears("Aviso ya a tu gente", 60, room=own, sender=bot.user)
        await bea.send(own, "sí por favor")
        rung = await ana.hears(ALARM, 60, room=homes[ana.user], sender=bot.user)
        assert "me están siguiendo”" in rung.text
        await bot.stop()


def takes_away(typed: str, event: Heard) -> bool:
    return event.content.get("redacts") == typed


async def leaves_the_room(bot: BotProcess, room: str, own: str, ana: Element, bea: Element) -> None:
    """Another member's Element sees the line go; the answer is in private alone."""
    for line in SAID_TO_THE_BOT:
        bea.ear.forget()
        typed = await bea.send(room, line)
        gone = await ana.hears(partial(takes_away, typed), 60, room=room, sender=bot.user)
        assert gone.type == "m.room.redaction"
        assert (await ana.shown(room, typed)).text == ""
        said = await bea.hears(re.compile("Aviso ya|incidente"), 60, room=own, sender=bot.user)
        assert re.search("pánico|incidente", said.text.partition("\n")[0])
    assert not [one for one in await ana.timeline(room) if "pánico" in one.text]


async def stays_in_the_room(
    bot: BotProcess, room: str, own: str, ana: Element, bea: Element
) -> None:
    """A call to the people there is theirs: nothing is taken away, nothing is said aloud."""
    await bea.send(own, "no")
    await bea.hears("No avisé a nadie", 60, room=own, sender=bot.user)
    typed = await bea.send(room, CALLED_TO_THE_ROOM)
    await ana.hears(CALLED_TO_THE_ROOM, 60, room=room)
    said = await bea.hears("Aviso ya a tu gente", 60, room=own, sender=bot.user)
    assert "sigue en la sala" in said.text
    assert (await ana.shown(room, typed)).text == CALLED_TO_THE_ROOM
    await bea.send(own, "no")
    await bea.hears("No avisé a nadie", 60, room=own, sender=bot.user)
