"""A room is upgraded in the middle of a poll: votes and result go on in the new room."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.heard import POLL_START, all_read
from tests.real.servers import Pair
from tests.real.test_polls import ASK, a_room, is_result, opened

HERE_NOW = "La sala sigue aquí"


@pytest.mark.parametrize("invited", [True, False], ids=["invited", "public"])
async def test_an_open_poll_goes_on_in_the_upgraded_room(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path, invited: bool
) -> None:
    ana, eva = await asyncio.gather(element("ana"), plain("eva"))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        old = await a_room(ana, bot, eva, version="11")
        if not invited:
            await ana.set_state(old, "m.room.join_rules", {"join_rule": "public"})
        await ana.send(old, f"{ASK} hasta en 2 horas")
        number, _, poll = await opened(ana, old, bot)
        await ana.vote(old, poll, "Norte")
        new = await ana.upgrade(old, "12")
        await ana.invite(new, eva.user)
        if invited:
            await ana.invite(new, bot.user)
        await eva.accept(new)
        await ana.hears(HERE_NOW, 30, room=new, sender=bot.user)
        again = await ana.hears(lambda e: e.type == POLL_START, room=new, sender=bot.user)
        await ana.vote(new, again, "Sur")  # of the same server, so it is read before Eva's line
        await eva.joined(new, bot.user)  # else her app does not encrypt for it
        await eva.send(new, f"!votar {number} 2")
        await eva.hears("Anotado: Sur", room=new, sender=bot.user)
        bot.later(hours=3)
        result = await ana.hears(is_result, 60, room=new, sender=bot.user)
        assert "gana Sur" in result.text
        assert {"Norte: 0", "Sur: 2"} <= set(result.text.splitlines())
        await ana.hears(lambda e: e.content.get("redacts") == again.id, room=new)
        every = [one for one in await all_read(ana, new, bot.user) if one.encrypted]
        said = [one for one in every if one.content]
        assert {(one.failure, one.shield) for one in said} == {(None, 0)}
        assert [is_result(one) for one in said].count(True) == 1
        assert not [one for one in await ana.timeline(old) if is_result(one)]
        await bot.stop()
