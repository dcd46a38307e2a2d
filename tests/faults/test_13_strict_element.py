"""A strict Element talks with the bot: two hundred lines, ten installs, restarts, and restores."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from storage.files.backup import write_backup
from storage.files.restoration import restore_backup
from tests.faults.figures import Figure, full_or
from tests.faults.scene import PATIENT, TASK, replies_to
from tests.real.botprocess import BotProcess
from tests.real.element import Element
from tests.real.fixtures import Enter
from tests.real.proxy import Proxy
from tests.real.servers import Pair, Person
from tests.real.test_two_bots import keys_of, same_secrets

LINES, INSTALLS = full_or(100, 5), full_or(10, 1)
UPLOAD = "POST .*/keys/(upload|device_signing/upload|signatures/upload)"
OPEN = re.compile("No hay nada abierto")


@pytest.mark.full  # tests/real/test_trust.py and test_two_bots.py show it in make test
async def test_two_hundred_lines_are_read(
    pair: Pair, element: Enter, tmp_path: Path, figure: Figure
) -> None:
    figure.mark("200 of 200 read, those of the bot without a shield")
    ana = await element(pair.person("ana", pair.a))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await _room(ana, bot)
        asked = [await ana.send(room, TASK.format(number)) for number in range(LINES)]
        answered = dict.fromkeys(asked, 0)
        for event in asked:
            heard = await ana.hears(replies_to(event), PATIENT, room=room, sender=bot.user)
            answered[event] += heard.failure is None and heard.shield == 0
    read = len(asked) + sum(answered.values()) if all(answered.values()) else sum(answered.values())
    figure.result(
        f"{read} of {2 * LINES} read, no shield on any of the bot's",
        passed=read == 2 * LINES,
        read=read,
    )


@pytest.mark.full  # tests/real/test_trust.py and test_two_bots.py show it in make test
async def test_it_is_the_same_bot_after_a_restart_and_on_a_new_host(
    pair: Pair, element: Enter, tmp_path: Path, figure: Figure
) -> None:
    figure.mark("10 of 10 installs read; 0 uploads of a second start; same master key 10 of 10")
    ana = await element(pair.person("ana", pair.a))
    read, uploads, same = 0, 0, 0
    for number in range(INSTALLS):
        account = pair.person("minga", pair.a)
        folder = tmp_path / str(number)
        async with Proxy(pair.a.url) as proxy:
            old = BotProcess(folder / "old", account, moderators=[ana.user], homeserver=proxy.url)
            async with old:
                room = await _room(ana, old)
                read += await _reads(ana, room, old)
                before, master = proxy.count(UPLOAD), _master(ana, account)
                await old.stop()
                await old.start()
                await old.ready()
                uploads += proxy.count(UPLOAD) - before
                await old.stop()
            await write_backup(old.data, keys_of(old), folder / "copy.backup")
            new = BotProcess(folder / "new", account, moderators=[ana.user])
            same_secrets(old, new)
            key = new.folder / "secrets/key"
            await restore_backup(folder / "copy.backup", new.data, key_file=key)
            async with new:
                await ana.devices(new.user)  # asked anew: Element knows the new one by now
                same += _master(ana, account) == master and await _reads(ana, room, new)
    figure.result(
        f"{read} of {INSTALLS} installs read, {uploads} uploads of second starts, {same} of"
        f" {INSTALLS} restored with the same master key and read",
        passed=read == same == INSTALLS and not uploads,
        read=read,
        uploads=uploads,
        same=same,
    )


async def _room(ana: Element, bot: BotProcess) -> str:
    room = await ana.create_room(invite=[bot.user], name="Sala")
    await ana.joined(room, bot.user)
    await ana.greeted(room, bot.user)
    return room


async def _reads(ana: Element, room: str, bot: BotProcess) -> bool:
    """Return whether the bot's next answer is read, encrypted and without a shield."""
    event = await ana.send(room, "!pendientes")
    heard = await ana.hears(replies_to(event), PATIENT, room=room, sender=bot.user)
    return bool(OPEN.search(heard.text)) and (heard.encrypted, heard.shield) == (True, 0)


def _master(ana: Element, account: Person) -> Any:
    """Return the account's master key, as everybody sees it."""
    path = "/_matrix/client/v3/keys/query"
    asked: dict[str, Any] = {"device_keys": {account.id: []}}
    said = account.server.call("POST", path, asked, ana.token)
    return said["master_keys"][account.id]["keys"]
