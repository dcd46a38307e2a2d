"""The bot as systemd and monitoring see it: started, well, cut off, frozen, told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import aiohttp

from bot.demo.loopback import free_port
from tests.operate.watch.notify_socket import Heard
from tests.real.botprocess import BotProcess
from tests.real.fixtures import Enter
from tests.real.patience import PATIENCE
from tests.real.proxy import Proxy
from tests.real.servers import Pair
from tests.real.test_operator import minga

WATCHDOG_SECONDS = 1.5


async def ask(port: int, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as answer,
    ):
        return answer.status, await answer.text()


async def becomes(port: int, wanted: tuple[int, str]) -> None:
    async with asyncio.timeout(PATIENCE):
        while await ask(port, "/readyz") != wanted:  # noqa: ASYNC110 - as monitoring asks
            await asyncio.sleep(0.2)


async def test_systemd_and_monitoring_are_told_how_it_is(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    systemd, port = Heard(str(tmp_path / "notify")), free_port()
    ana, person = await element("ana"), pair.person("minga")
    async with Proxy(person.server.url) as proxy:
        bot = BotProcess(
            tmp_path,
            person,
            moderators=[ana.user],
            homeserver=proxy.url,
            sections={"watch": {"listen": f"127.0.0.1:{port}"}},
            environment={
                "NOTIFY_SOCKET": systemd.address,
                "WATCHDOG_USEC": str(int(WATCHDOG_SECONDS * 1e6)),
            },
        )
        async with bot:
            assert (await systemd.until("READY=1"))[0].startswith("EXTEND_TIMEOUT_USEC=")
            await becomes(port, (200, "ready\n"))
            _does_without_what_it_hides(bot)
            room = await ana.create_room(invite=[person.id])
            assert "The bot reads and answers." in await minga("ready", "--config", bot.config)
            bare = [ana.user.strip("@").partition(":")[0], room.strip("!").partition(":")[0]]
            names = [ana.user, person.id, room, *bare, person.server.server_name]
            await _names_nobody(port, [*names, "Red de prueba", str(tmp_path)])
            await _outlives_an_outage(bot, proxy, systemd, port)
            await _is_silent_while_frozen(bot, systemd)
            systemd.rest()
            await bot.stop()
            assert "STOPPING=1" in systemd.rest()
            said = await minga("ready", "--config", bot.config, status=1)
            assert "The bot does not answer." in said
    systemd.close()


def _does_without_what_it_hides(bot: BotProcess) -> None:
    """It works as where libraries that ours would only try are not installed."""
    loaded = Path(f"/proc/{bot.pid}/maps").read_text(encoding="utf-8")
    assert "sqlcipher3" in loaded
    assert [name for name in ("_psycopg", "_zope_interface") if name in loaded] == []


async def _names_nobody(port: int, names: list[str]) -> None:
    """Nothing that leads to a person or room stands in any answer."""
    for path in ("/healthz", "/readyz", "/metrics"):
        _status, said = await ask(port, path)
        assert [name for name in names if name in said] == []


async def _outlives_an_outage(bot: BotProcess, proxy: Proxy, systemd: Heard, port: int) -> None:
    """Without a homeserver it is alive, not ready, and says so; then ready again."""
    await proxy.refuse()
    await bot.logs('"no sync"', 60)
    bot.later(minutes=6)
    await becomes(port, (503, "no_sync\n"))
    systemd.rest()
    for _again in range(3):
        await systemd.until("WATCHDOG=1")
    assert (await ask(port, "/healthz"))[0] == 200
    assert "no_sync" in await bot.logs("trouble begins.*no_sync|no_sync.*trouble begins", 90)
    said = await minga("ready", "--config", bot.config, status=1)
    assert "nothing from the homeserver" in said
    await proxy.accept()
    await becomes(port, (200, "ready\n"))


async def _is_silent_while_frozen(bot: BotProcess, systemd: Heard) -> None:
    """Frozen it pings no more, so that systemd starts it again; doctor sees it too."""
    os.kill(bot.pid, signal.SIGSTOP)
    async with asyncio.timeout(PATIENCE):
        while not _is_stopped(bot):  # noqa: ASYNC110 - what it does until then it may still say
            await asyncio.sleep(0.01)
    systemd.rest()
    await asyncio.sleep(WATCHDOG_SECONDS * 2)
    assert systemd.rest() == []
    said = await minga("doctor", "--config", bot.config, status=1)
    assert "does not answer at watch.listen" in said
    os.kill(bot.pid, signal.SIGCONT)
    await systemd.until("WATCHDOG=1")


def _is_stopped(bot: BotProcess) -> bool:
    """Whether none of its threads runs any more."""
    tasks = Path(f"/proc/{bot.pid}/task").glob("*/stat")
    return all(task.read_text().rpartition(")")[2].split()[0] == "T" for task in tasks)
