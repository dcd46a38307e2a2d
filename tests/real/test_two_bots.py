"""One account, two bots: the older one stops, nothing is said twice, nobody is asked in vain."""

from __future__ import annotations

import asyncio
import re
import shutil
from pathlib import Path

from storage.encryption.keys import Keys
from storage.encryption.root_key import unlock
from storage.files.backup import write_backup
from storage.files.restoration import restore_backup
from tests.real.botprocess import MINGA, BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.servers import Pair

STOPPED = re.compile("Another bot took over this account")
UNREAD = re.compile("No pude leer")
OPERATOR_MUST_ACT = 78


def keys_of(bot: BotProcess) -> Keys:
    return unlock(bot.data, key_file=bot.folder / "secrets/key")


def same_secrets(old: BotProcess, new: BotProcess) -> None:
    shutil.copytree(old.folder / "secrets", new.folder / "secrets", dirs_exist_ok=True)


async def doctor(bot: BotProcess) -> str:
    """What the operator reads who looks why it does not work."""
    process = await asyncio.create_subprocess_exec(
        *(str(MINGA), "doctor", "--config", str(bot.config)),
        stdout=asyncio.subprocess.PIPE,
        cwd=bot.folder,
    )
    return (await process.communicate())[0].decode()


async def room_of(ana: Element, bot: BotProcess, *more: str) -> str:
    room = await ana.create_room(invite=[bot.user, *more], name="Sala")
    await ana.joined(room, bot.user)
    await ana.greeted(room, bot.user)
    return room


async def answers(ana: Element, room: str, bot: BotProcess, line: str, words: str) -> int:
    """How often the line is answered: asked once everybody has had the time to."""
    await ana.send(room, line)
    await ana.hears(re.compile(words), room=room, sender=bot.user)
    last = await ana.send(room, "!estado")
    await ana.hears(lambda heard: heard.reply_to == last, room=room, sender=bot.user)
    return sum(bool(re.search(words, one.text)) for one in ana.ear.all(room, bot.user))


async def test_after_a_restore_the_older_bot_stops_and_nobody_repeats_what_was_answered(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    ana, bea = await element("ana"), await plain("bea")
    person = pair.person("minga", pair.a)
    async with BotProcess(tmp_path / "old", person, moderators=[ana.user]) as old:
        room = await room_of(ana, old, bea.user)
        await bea.accept(room)
        await ana.joined(room, bea.user)
        await ana.send(room, "!encuesta ¿Dónde? Norte, Sur")
        await ana.hears(re.compile("Encuesta 1: "), room=room, sender=old.user)
        await bea.send(room, "!votar 1 2")
        await ana.hears(re.compile("Anotado: Sur"), room=room, sender=old.user)
        await write_backup(old.data, keys_of(old), tmp_path / "copy.backup")
        lost = await bea.send(room, "!recordar en 3 días; traer agua")
        await ana.hears(re.compile("Recordatorio"), room=room, sender=old.user)

        new = BotProcess(tmp_path / "new", person, moderators=[ana.user])
        same_secrets(old, new)
        await restore_backup(
            tmp_path / "copy.backup", new.data, key_file=new.folder / "secrets/key"
        )
        async with new:
            assert await old.ends(within=60) == OPERATOR_MUST_ACT
            assert await ana.devices(new.user)  # asked anew: Element knows the new one by now
            assert await answers(ana, room, new, "!votar 1 1", "Anotado: Norte") == 1
            new.later(minutes=2)  # whose key is not here after a minute is asked
            asked = await ana.hears(UNREAD, 30, room=room, sender=new.user)
            assert asked.reply_to == lost
            assert sum(bool(UNREAD.search(one.text)) for one in ana.ear.all(room, new.user)) == 1

            await old.start()  # by its operator, or a machine that comes back
            assert await old.ends(within=60) == OPERATOR_MUST_ACT
            assert STOPPED.search(old.last_words())
            said = await doctor(old)
            assert "BAD" in said and STOPPED.search(said)
            assert await answers(ana, room, new, "!encuesta ¿Otra? Sí, No", r"\d: ¿Otra") == 1
            assert await answers(ana, room, new, "!cerrar 1", "“¿Dónde[?]”: ") == 1


async def test_a_copied_folder_is_noticed_and_one_of_the_two_stops(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana = await element("ana")
    person = pair.person("minga", pair.a)
    async with BotProcess(tmp_path / "old", person, moderators=[ana.user]) as old:
        room = await room_of(ana, old)
        copy = BotProcess(tmp_path / "copy", person, moderators=[ana.user])
        await asyncio.to_thread(shutil.copytree, old.data, copy.data)
        same_secrets(old, copy)
        async with copy:
            assert await old.ends(within=60) == OPERATOR_MUST_ACT
            await copy.logs("the data is a copy")
            assert await answers(ana, room, copy, "!encuesta ¿Qué? Pan, Té", r"\d: ¿Qué") == 1
            await copy.restart()
            assert await answers(ana, room, copy, "!encuesta ¿Y? Sí, No", r"\d: ¿Y") == 1
