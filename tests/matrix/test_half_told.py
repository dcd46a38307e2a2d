"""A list of devices that is not whole or not current judges no message (C8)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.matrix.crypto.crypto_machine import NoKey
from bot.matrix.crypto.key_requests import HALF_TOLD_WAIT
from bot.types import Trust
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import Person, know, person


async def half_told(server: KeyServer, folder: Path) -> tuple[Person, Person, dict[str, Any]]:
    """The bot, and Eva who said something when their server told of her device and not who
    signed it, as Synapse does while it fetches both from another homeserver."""
    bot, eva = await person(server, folder, "bot"), await person(server, folder, "eva")
    gone = ("master_keys", "self_signing_keys")
    server.lie = lambda kind, told: (
        {name: part for name, part in told.items() if name not in gone}
        if kind == "keys/query"
        else told
    )
    await bot.machine.query_devices(bot.http, [eva.user])
    server.lie = None
    said = await eva.say("acabo de llegar", [bot])
    bot.sync()
    return bot, eva, said


async def test_a_message_waits_while_the_server_has_told_half_of_its_senders_keys(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, eva, said = await half_told(server, tmp_path)
    for _ in range(2):
        with pytest.raises(NoKey, match="device"):
            bot.hear(said)
    assert await bot.machine.maintain(bot.http) == {eva.user}
    assert bot.hear(said).trust is Trust.SIGNED


async def test_it_does_not_wait_for_ever(server: KeyServer, tmp_path: Path) -> None:
    bot, eva, said = await half_told(server, tmp_path)
    del server.masters[eva.user], server.signing[eva.user]
    await bot.machine.maintain(bot.http)
    with pytest.raises(NoKey, match="device"):
        bot.hear(said)
    bot.clock.now += HALF_TOLD_WAIT
    await bot.machine.maintain(bot.http)
    assert bot.hear(said).trust is Trust.UNSIGNED


async def test_a_message_of_an_unsigned_device_waits_while_its_list_is_out_of_date(
    server: KeyServer, tmp_path: Path
) -> None:
    bot = await person(server, tmp_path, "bot")
    eva = await person(server, tmp_path, "eva", signed=False)
    await know(bot, eva)
    await eva.sign()
    said = await eva.say("ya firmada", [bot])
    bot.sync()
    bot.machine.note_device_lists([eva.user], [])  # with the sync that brings the message
    with pytest.raises(NoKey, match="device"):
        bot.hear(said)
    await bot.machine.maintain(bot.http)
    assert bot.hear(said).trust is Trust.SIGNED
