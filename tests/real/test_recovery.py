"""The recovery key on real servers: Element's engine opens it, and the bot comes back with it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from bot.matrix.crypto.bot_identity import Identity
from bot.matrix.crypto.recovery import recover_seeds
from bot.matrix.crypto.secret_storage import parse_recovery_key
from bot.matrix.login import Account, brief_login
from bot.types import UserId
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.servers import Pair
from tests.real.test_first_day import devices, master
from tests.real.test_operator import minga, secret
from tests.real.test_polls import a_room

RUNS = 10 if os.environ.get("MINGA_FULL") else 2


async def make_key(bot: BotProcess, *more: str) -> str:
    """`minga recovery-key` of a bot that may be running; what the paper says."""
    file = bot.folder / f"paper-{os.urandom(3).hex()}"
    await minga("recovery-key", "--config", bot.config, "--file", file, *more)
    assert file.stat().st_mode & 0o777 == 0o600
    return file.read_text().strip()


async def test_elements_engine_opens_what_the_bot_stored(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    account = pair.person("minga", pair.a)
    ana = await element("ana")
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        key = await make_key(bot)
        app = await element(account, sign=False)
        assert not (await app.devices(account.id))[app.device]
        assert await app.use_recovery_key(key) == {
            "fits": True,
            "masterKey": True,
            "selfSigningKey": True,
            "userSigningKey": True,
        }
        assert (await ana.devices(account.id))[app.device], "signed by the bot's own identity"
        newer = await make_key(bot, "--yes")
        assert newer != key
        other = await element(account, sign=False)
        assert not (await other.use_recovery_key(key))["fits"], "the old one opens nothing"
        assert (await other.use_recovery_key(newer))["fits"]
        assert bot.holds([key, key.replace(" ", ""), newer]) == []
        await bot.stop()


async def test_what_elements_engine_stored_is_opened_here(pair: Pair, element: Enter) -> None:
    person = pair.person("carla", pair.a)
    carla = await element(person)
    key = await carla.make_recovery_key()
    account = Account(person.server.url, UserId(person.id), person.password)
    async with brief_login(account) as http:
        seeds = await recover_seeds(http, account.user, parse_recovery_key(key))
    ours = Identity.from_seeds(account.user, seeds).master_key
    assert master(person)["keys"] == {f"ed25519:{ours}": ours}


@pytest.mark.parametrize("run", range(RUNS))
async def test_all_is_lost_and_the_bot_comes_back_as_the_same(
    pair: Pair, element: Enter, tmp_path: Path, run: int
) -> None:
    """Data and key are gone; a strict member sees no alarm, reads, and is read."""
    ana = await element("ana")
    account = pair.person("minga", pair.a)
    bot = BotProcess(tmp_path / "bot", account, moderators=[ana.user])
    async with bot:
        room = await a_room(ana, bot)
        await ana.send(room, "!encuesta ¿Dónde? Norte, Sur")
        await ana.hears("¿Dónde?", 30, room=room, sender=bot.user)
        before = master(account)
        key = await make_key(bot)
        await (bot.stop if run % 2 else bot.kill)()
        shutil.rmtree(bot.data)
        (bot.folder / "secrets/key").unlink()

        paper = secret(tmp_path / "paper", key.replace(" ", ""))
        said = await minga("recover", "--config", bot.config, "--recovery-key-file", paper)
        assert "nobody has to verify the bot again" in said
        assert key[:4] not in said
        assert devices(account) == 1, "the lost machine is signed out"
        await bot.start()
        told = await ana.hears("Estoy de vuelta desde el ", 60, room=room, sender=bot.user)
        assert told.shield == 0
        assert "nadie tiene que verificarme otra vez" in told.text
        await ana.send(room, "!pendientes")
        answer = await ana.hears("No hay nada abierto", 30, room=room, sender=bot.user)
        assert answer.shield == 0
        assert master(account)["keys"] == before["keys"]
        assert list((await ana.devices(account.id)).values()) == [True]
        await bot.restart()
        await ana.send(room, "!estado")
        await ana.hears("Aquí estoy", 30, room=room, sender=bot.user)
        timeline = await ana.timeline(room)
        assert len([event for event in timeline if "Estoy de vuelta" in event.text]) == 1
        await bot.stop()
