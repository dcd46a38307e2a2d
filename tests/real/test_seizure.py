"""A seized disk tells nothing: what members said and who they are stands nowhere readable."""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
from pathlib import Path

from storage.database import Database
from storage.encryption.keys import DATABASE
from storage.encryption.root_key import unlock
from tests.real.botprocess import MINGA, BotProcess
from tests.real.conftest import EnterPlain
from tests.real.plain import Member
from tests.real.proxy import SYNC, Answer, Call, Proxy
from tests.real.servers import Pair

FULL = os.environ.get("MINGA_FULL") == "1"
POLLS, REMINDERS, TALK = (54, 40, 16) if FULL else (12, 16, 8)


def marker(kind: str) -> str:
    return f"{kind}{secrets.token_hex(6)}"


async def plant(ana: Member, eva: Member, room: str, bot: BotProcess) -> list[str]:
    """Use the bot as people do; every word that they wrote."""
    said = []
    for _ in range(POLLS):
        said += [marker(kind) for kind in ("pregunta", "norte", "sur")]
        await ana.send(room, '!encuesta "{}" "{}" "{}"'.format(*said[-3:]))
    for _ in range(TALK):
        said.append(marker("charla"))
        await ana.send(room, said[-1])
    for _ in range(REMINDERS):
        said.append(marker("tarea"))
        await eva.send(room, f"!recordar en 30 días; {said[-1]}")
    await eva.hears(f"Encuesta {POLLS}: ", 60, room=room, sender=bot.user)
    await eva.send_all(room, [f"!votar {number} 1" for number in range(1, POLLS + 1)])

    def noted() -> bool:
        return sum("Anotado: " in one.text for one in ana.ear.all(room, bot.user)) == POLLS

    await ana.ear.until(noted, 60)
    await ana.hears(said[-1], room=room, sender=bot.user)
    await ana.send(room, "!cerrar 1")
    await ana.hears("gana", room=room, sender=bot.user)
    return said


async def opened(bot: BotProcess, data: Path | None = None) -> str:
    """Everything that stands in its database, or a restored one, as who has the key reads it."""
    data = data or bot.data
    keys = unlock(data, key_file=bot.folder / "secrets/key")
    db = await Database.open(data / DATABASE, keys.db)
    try:
        async with db.reading() as tx:
            tables = await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")
            rows = [await tx.all(f'SELECT * FROM "{table["name"]}"') for table in tables]  # noqa: S608
    finally:
        await db.close()
    cells = (cell for table in rows for row in table for cell in tuple(row))
    texts = (c.decode(errors="replace") if isinstance(c, bytes) else str(c) for c in cells)
    return "\n".join(texts)


async def test_no_file_holds_what_was_said_or_who_was_there(
    pair: Pair, plain: EnterPlain, tmp_path: Path
) -> None:
    planted, hits = await seized(pair, plain, tmp_path)
    assert hits == []
    assert planted >= 50, "it was never planted"


async def seized(
    pair: Pair, plain: EnterPlain, tmp_path: Path
) -> tuple[int, list[tuple[str, str]]]:
    """Use the bot, kill it, back it up and stop it; how many markers its database holds, and which
    of all stand readable in which file."""
    ana, eva = await asyncio.gather(plain("ana"), plain("eva"))
    names = [marker("nombre"), marker("nombre")]
    for member, name in zip((ana, eva), names, strict=True):
        await member.client.set_displayname(name)
    account = pair.person("minga", pair.a)
    tokens: set[str] = set()

    async def overhear(call: Call) -> Answer:
        tokens.add(call.headers["Authorization"].removeprefix("Bearer "))
        return await call.forward()

    async with Proxy(pair.a.url) as proxy:
        proxy.on(SYNC, overhear)
        async with BotProcess(
            tmp_path, account, moderators=[ana.user], homeserver=proxy.url
        ) as bot:
            room = await ana.create_room([bot.user, eva.user])
            await eva.accept(room)
            await ana.joined(room, bot.user)
            said = await plant(ana, eva, room, bot)
            people = [ana.user, eva.user, bot.user, account.name, account.password, room]
            people += [ana.device, eva.device, *names]
            planted = [*said, *people, *tokens]
            assert len(tokens) == 1

            await bot.kill()  # the WAL stays behind
            assert any(path.name.endswith("-wal") for path in bot.files())
            hits = bot.holds(planted)
            await bot.start()
            await bot.ready()
            backup = await asyncio.create_subprocess_exec(
                MINGA,
                "backup",
                "--config",
                bot.config,
                tmp_path / "copy.backup",
                cwd=bot.folder,
                stdout=subprocess.DEVNULL,
            )
            assert await backup.wait() == 0
            await bot.stop()
            assert {"copy.backup", bot.log.name} <= {path.name for path in bot.files()}
            hits += bot.holds(planted)
            inside = await opened(bot)
            return len([one for one in planted if one in inside]), hits
