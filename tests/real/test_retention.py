"""After a room's time nothing older of the bot's is seen there, nor stands in the database."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from pathlib import Path

from storage.database import Database
from storage.encryption.keys import DATABASE
from storage.encryption.root_key import unlock
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.heard import Heard
from tests.real.servers import Pair
from tests.real.test_meetings import a_room
from tests.real.test_seizure import marker, opened

SHORT = 3
"""Seconds, in the place of the days that a person would choose."""


async def shorten(bot: BotProcess) -> None:
    """What was chosen in days holds in seconds, and what comes every hour or day is due now."""
    keys = unlock(bot.data, key_file=bot.folder / "secrets/key")
    db = await Database.open(bot.data / DATABASE, keys.db)
    try:
        async with db.transaction() as tx:
            names = ("retention", "keep-polls")
            for name in names:
                changed = await tx.change(
                    "UPDATE setting SET value = ? WHERE name = ?", str(SHORT), name
                )
                assert changed == 1, name
            await tx.run("INSERT OR REPLACE INTO over SELECT number, 1 FROM item WHERE NOT open")
            await tx.run("UPDATE job SET due = 1, try_at = 1 WHERE feature = 'rights'")
    finally:
        await db.close()


def left(events: list[Heard], before: int) -> list[Heard]:
    """What is still to be read of what was said before then, of messages and polls."""
    read = [one for one in events if one.content and one.type != "m.room.redaction"]
    return [one for one in read if one.at < before and one.state_key is None]


def redacted(ana: Element, room: str, bot: BotProcess) -> set[str]:
    gone = ana.ear.all(room, bot.user, "m.room.redaction")
    return {str(one.content.get("redacts")) for one in gone}


async def chooses(ana: Element, room: str, bot: BotProcess, *what: str) -> None:
    for one in what:
        for line in (f"!configurar {one}", "sí"):
            event = await ana.send(room, line)
            await ana.hears(partial(answers, event), 30, room=room, sender=bot.user)


def answers(event: str, heard: Heard) -> bool:
    return heard.reply_to == event


async def test_after_its_time_nothing_is_seen_in_the_room_or_stands_in_the_database(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    home = pair.person("eva", pair.a)
    ana, eva = await asyncio.gather(element("ana"), plain(home))
    account = pair.person("minga", pair.a)
    word = marker("pregunta")
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(ana, bot, eva)
        await eva.send(room, f'!encuesta "{word}" "Norte" "Sur"')
        await ana.hears("Encuesta 1: ", 30, room=room, sender=bot.user)
        await ana.send(room, "!votar 1 1")
        await ana.hears("Anotado", 30, room=room, sender=bot.user)
        await eva.send(room, "!cerrar 1")
        await ana.hears("gana Norte", 30, room=room, sender=bot.user)
        await eva.send(room, "!exportar 1")
        await ana.hears(lambda one: "file" in one.content, 30, room=room, sender=bot.user)
        await chooses(ana, room, bot, "retencion 1 día", "guardar-encuestas 1 día")
        talk = await eva.send(room, "esto lo dijo eva")
        await bot.stop()
        theirs = [one for one in await ana.timeline(room) if one.sender == bot.user]
        assert len(left(theirs, int(time.time() * 1000))) >= 9
        assert word in await opened(bot)

        await shorten(bot)
        bot.later(seconds=SHORT + 1)  # the time that was chosen passes, in whole seconds
        now = int(time.time() * 1000)
        await bot.start()
        await bot.ready()
        old = {one.id for one in left(theirs, now)}
        await ana.ear.until(lambda: old <= redacted(ana, room, bot), 90)
        await ana.send(room, "!ayuda")
        await ana.hears("!avisar", 30, room=room, sender=bot.user)
        await bot.stop()
        everything = await ana.timeline(room)
        assert left([one for one in everything if one.sender == bot.user], now) == []
        assert "esto lo dijo eva" in [one.text for one in everything if one.id == talk]
        assert word not in await opened(bot)
