"""An upgrade that went wrong: one command goes back to the copy and the old program."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from storage.files.upgrade_copies import kept_copies
from tests.real.botprocess import MINGA, BotProcess
from tests.real.conftest import Enter
from tests.real.servers import Pair
from tests.real.test_two_bots import OPERATOR_MUST_ACT, answers, room_of, same_secrets

NEWER = '''"""A capability that only the newer program has."""
from pathlib import Path
from bot.api import Feature
feature = Feature("newer", Path(__file__).parent)
'''


def newer_program(folder: Path) -> str:
    """A folder that makes of the program the next version, whose database has a table more."""
    capability = folder / "next/newer"
    (capability / "migrations").mkdir(parents=True)
    (capability / "__init__.py").write_text(NEWER)
    (capability / "migrations/0001_newer.sql").write_text("CREATE TABLE newer_note (text TEXT);\n")
    return str(capability.parent)


async def minga(bot: BotProcess, *words: object, status: int = 0) -> str:
    process = await asyncio.create_subprocess_exec(
        *(str(MINGA), *map(str, words), "--config", str(bot.config)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=bot.folder,
        env={"PATH": "/usr/bin:/bin", "LC_MESSAGES": "en"},
    )
    said = (await process.communicate())[0].decode()
    assert process.returncode == status, said
    return said


async def test_back_on_the_old_program_the_poll_goes_on_and_nothing_is_answered_twice(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana = await element("ana")
    person = pair.person("minga", pair.a)
    bot = BotProcess(tmp_path / "here", person, moderators=[ana.user])
    async with bot:
        room = await room_of(ana, bot)
        assert await answers(ana, room, bot, "!encuesta ¿Dónde? Norte, Sur", "Encuesta 1: ") == 1
        assert await answers(ana, room, bot, "!votar 1 1", "Anotado: Norte") == 1
        before = await ana.devices(bot.user)
        await bot.stop()

        bot._more = (newer_program(tmp_path),)
        await bot.start()
        await bot.ready()
        (copy,) = kept_copies(bot.data)
        assert copy.path.stat().st_mode & 0o777 == 0o600
        assert await answers(ana, room, bot, "!votar 1 2", "Anotado: Sur") == 1
        assert await answers(ana, room, bot, "!encuesta ¿Otra? Sí, No", "Encuesta 2: ") == 1
        said = await minga(bot, "rollback", copy.path, status=1)
        assert "A bot is running" in said
        await bot.stop()

        said = await minga(bot, "rollback", copy.path)
        assert "One thing with a number" in said and "logs in as a new device" in said
        bot._more = ()
        await bot.start()
        await bot.ready()
        await ana.hears(re.compile("Volví desde una copia"), 30, room=room, sender=bot.user)
        after = await ana.devices(bot.user)
        assert len(after) == 1 and after != before
        assert await answers(ana, room, bot, "!votar 1 2", "Anotado: Sur") == 2, "and one before"
        assert await answers(ana, room, bot, "!encuesta ¿Y? Sí, No", "Encuesta 103: ¿Y") == 1, (
            "2 is taken"
        )
        assert await answers(ana, room, bot, "!cerrar 1", "“¿Dónde[?]”: gana Sur") == 1
        assert len(kept_copies(bot.data)) == 2, "the newer one was put aside"


async def test_where_another_bot_took_over_since_there_is_no_way_back_to_two(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana = await element("ana")
    person = pair.person("minga", pair.a)
    bot = BotProcess(tmp_path / "here", person, moderators=[ana.user])
    async with bot:
        room = await room_of(ana, bot)
        await bot.stop()
        bot._more = (newer_program(tmp_path),)
        await bot.start()
        await bot.ready()
        (copy,) = kept_copies(bot.data)
        await bot.stop()
        other = BotProcess(tmp_path / "there", person, moderators=[ana.user])
        same_secrets(bot, other)
        await minga(bot, "backup", tmp_path / "moved.backup")
        await minga(other, "restore", tmp_path / "moved.backup")
        async with other:
            await minga(bot, "rollback", copy.path)
            bot._more = ()
            await bot.start()
            assert await bot.ends(within=60) == OPERATOR_MUST_ACT
            said = await minga(bot, "init", "--new-device", status=OPERATOR_MUST_ACT)
            assert "Another bot took over this account" in said
            assert await answers(ana, room, other, "!encuesta ¿Qué? Pan, Té", r"\d: ¿Qué") == 1
