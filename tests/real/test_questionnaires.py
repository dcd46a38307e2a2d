"""A questionnaire and an anonymous message on real servers, the bot killed in the middle."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from storage.database import Database
from storage.encryption.keys import DATABASE
from storage.encryption.root_key import unlock
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.plain import Member
from tests.real.servers import Pair

OPENED = re.compile(r"Cuestionario (\d+): “Evaluación”")
PASSED = re.compile(r"Es el número (\d+)")
NAMES = ("eva", "bea", "carla", "dora", "fanny")
MESSAGE = '!cuestionario "Evaluación"\n1. ¿Cómo estuvo? (1 a 5)\n2. ¿Algo más?'


async def answered(one: Member, bot: BotProcess, room: str, number: str, n: int) -> str:
    """One person asks for the questions in the room and answers in private. That room."""
    await one.send(room, f"!cuestionario {number}")
    private = await one.called(60)
    await one.hears("1 de 2: ¿Cómo estuvo?", 60, room=private, sender=bot.user)
    await one.send(private, str(1 + n % 5))
    await one.hears("2 de 2: ¿Algo más?", 60, room=private, sender=bot.user)
    return private


async def finished(one: Member, bot: BotProcess, private: str, n: int) -> None:
    await one.send(private, f"frase {n}")
    await one.hears("eso era todo", 90, room=private, sender=bot.user)


async def test_five_people_answer_through_a_kill_and_only_counts_are_left(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    ana = await element("ana")
    people = await asyncio.gather(*map(plain, NAMES))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await ana.create_room(invite=[bot.user, *(p.user for p in people)], name="Sala")
        for one in people:
            await one.accept(room)
            await ana.joined(room, one.user)
        await ana.greeted(room, bot.user)
        await ana.send(room, MESSAGE)
        await ana.hears("¿Sigo?", room=room, sender=bot.user)
        await ana.send(room, "sí")
        opening = await ana.hears(OPENED, room=room, sender=bot.user)
        assert (opening.encrypted, opening.failure, opening.shield) == (True, None, 0)
        found = OPENED.search(opening.text)
        assert found
        number = found[1]
        privates = await asyncio.gather(
            *(answered(one, bot, room, number, n) for n, one in enumerate(people))
        )
        await bot.kill()
        writing = asyncio.gather(
            *(
                finished(one, bot, private, n)
                for n, (one, private) in enumerate(zip(people, privates, strict=True))
            )
        )
        await bot.start()
        await writing

        await ana.send(room, f"!cerrar {number}")
        result = await ana.hears("Respondieron 5 de 6", 40, room=room, sender=bot.user)
        assert "promedio 3" in result.text and "5 respuestas en palabras" in result.text
        assert "frase" not in result.text

        await ana.send(room, "!configurar buzón sí")
        await ana.hears("¿Sigo?", room=room, sender=bot.user)
        await ana.send(room, "sí")
        await ana.hears("!deshacer", room=room, sender=bot.user)
        eva, private = people[0], privates[0]
        await eva.send(private, "buzón para: sala\nlas reuniones son muy tarde")
        await eva.hears("¿Sigo?", 40, room=private, sender=bot.user)
        await eva.send(private, "sí")
        told = PASSED.search((await eva.hears(PASSED, 40, room=private, sender=bot.user)).text)
        assert told
        note = await ana.hears("│ las reuniones son muy tarde", 40, room=room, sender=bot.user)
        assert "eva" not in note.text
        await bot.kill()
        await bot.start()
        await ana.send(room, f"!buzón {told[1]} ¿a las 6?")
        await eva.hears("│ ¿a las 6?", 60, room=private, sender=bot.user)
        await bot.stop()
        await _only_counts_are_left(bot)


async def _only_counts_are_left(bot: BotProcess) -> None:
    keys = unlock(bot.data, key_file=bot.folder / "secrets/key")
    db = await Database.open(bot.data / DATABASE, keys.db)
    try:
        async with db.reading() as tx:
            for table in ("person", "key"):
                assert await tx.count(f"SELECT count(*) AS n FROM questionnaires_{table}") == 0  # noqa: S608
    finally:
        await db.close()
