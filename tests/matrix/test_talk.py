"""Two people and a bot who talk: who can read what, and what it costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.matrix.crypto.crypto_machine import NoKey
from bot.types import Trust
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import know, person


async def test_a_signed_member_reads_the_bot_from_the_first_message(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await know(bot, ana)
    said = await bot.say("hola", [ana])
    ana.sync()
    heard = ana.hear(said)
    assert (heard.content["body"], heard.trust, heard.device) == ("hola", Trust.SIGNED, "PHONE")


async def test_the_bot_reads_its_own_letters_again(server: KeyServer, tmp_path: Path) -> None:
    bot = await person(server, tmp_path, "bot")
    said = await bot.say("hola", [])
    bot.restart()
    assert bot.hear(said).content["body"] == "hola"


async def test_when_nothing_changed_a_message_costs_no_request(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await bot.say("uno", [ana])
    before = len(server.calls)
    for _ in range(20):
        await bot.say("más", [ana])
    assert len(server.calls) == before


async def test_a_message_whose_key_is_late_is_read_when_it_comes(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await know(bot, ana)
    said = await ana.say("tarde", [bot])
    with pytest.raises(NoKey) as missing:
        bot.hear(said)
    assert bot.sync().new_sessions == {("!room:one.example", missing.value.session_id)}
    assert bot.hear(said).content["body"] == "tarde"
