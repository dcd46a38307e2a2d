"""A loan on real servers, and the bot killed around each word of it: once, and never in vain."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from storage.database import Database
from storage.encryption.keys import DATABASE
from storage.encryption.root_key import unlock
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.heard import Heard, all_read
from tests.real.plain import Member
from tests.real.servers import Pair

ECHO = re.compile(r"^Préstamo (\d+): .* presta “proyector” a ")
HOURS = 3


async def a_room(ana: Element, bot: BotProcess, eva: Member) -> str:
    """Ana's encrypted room, with the bot that she invited and that greeted."""
    room = await ana.create_room(invite=[bot.user, eva.user], name="Sala", version="12")
    await eva.accept(room)
    await ana.joined(room, eva.user)
    await ana.joined(room, bot.user)
    await ana.greeted(room, bot.user)
    return room


async def hours_pass(bot: BotProcess) -> None:
    """As if the bot had been off until some hours after the first reminder was due."""
    keys = unlock(bot.data, key_file=bot.folder / "secrets/key")
    db = await Database.open(bot.data / DATABASE, keys.db)
    try:
        async with db.transaction() as tx:
            moved = await tx.change(
                "UPDATE job SET due = unixepoch() - ?1, try_at = unixepoch() - ?1 WHERE id ="
                " (SELECT id FROM job WHERE feature = 'lending' AND name = 'remind'"
                " ORDER BY due LIMIT 1)",
                HOURS * 3600 + 30,
            )
        assert moved == 1
    finally:
        await db.close()


def count(heard: list[Heard], bot: BotProcess, words: str) -> int:
    return sum(one.sender == bot.user and words in one.text for one in heard)


async def test_handed_over_reminded_and_back_once_through_kills(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    ana, eva = await asyncio.gather(element("ana"), plain("eva"))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(ana, bot, eva)
        await ana.send(room, f"!presto proyector a {eva.user} por 5 días")
        found = ECHO.search((await ana.hears(ECHO, room=room, sender=bot.user)).text)
        assert found
        await bot.kill()
        await eva.send(room, f"!recibido {found[1]}")
        await bot.start()
        letters = await eva.called(40)
        await eva.hears("tiene “proyector” hasta", 40, room=letters, sender=bot.user)
        await bot.kill()
        await hours_pass(bot)
        await bot.start()
        await bot.ready()
        await bot.kill()
        await bot.start()
        late = await eva.hears("vuelve a más tardar", 40, room=letters, sender=bot.user)
        assert f"Con retraso de {HOURS} h" in late.text
        await bot.kill()
        await eva.send(room, f"!devuelto {found[1]}")
        await bot.start()
        await eva.hears("También le pregunto a", 40, room=letters, sender=bot.user)
        await bot.kill()
        await ana.send(room, f"!devuelto {found[1]}")
        await bot.start()
        await ana.hears("está libre", 40, room=room, sender=bot.user)
        await eva.hears("terminó", 40, room=letters, sender=bot.user)
        said, told = await ana.timeline(room), await eva.timeline(letters)
        assert count(said, bot, "está libre") == 1
        for words in ("tiene “proyector” hasta", "También le pregunto a", "terminó"):
            assert (count(said, bot, words), count(told, bot, words)) == (0, 1), words
        assert count(told, bot, "vuelve a más tardar") == 1
        ours = [one for one in await all_read(ana, room, bot.user) if one.encrypted]
        assert {(one.failure, one.shield) for one in ours} == {(None, 0)}
        await bot.stop()
