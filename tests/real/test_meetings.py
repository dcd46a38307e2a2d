"""A meeting from its beginning to its minutes: members on two servers, the bot killed within."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.heard import Heard, all_read
from tests.real.plain import Member
from tests.real.servers import Pair

TALK = "la zanahoria está en el sótano"


async def a_room(ana: Element, bot: BotProcess, eva: Member) -> str:
    room = await ana.create_room(invite=[bot.user, eva.user], name="Sala", version="12")
    await eva.accept(room)
    await ana.joined(room, eva.user)
    await ana.joined(room, bot.user)
    await ana.greeted(room, bot.user)
    return room


async def noted(member: Element | Member, room: str, event: str, bot: BotProcess) -> None:
    """The bot's quiet mark stands at this message."""

    def mark(one: Heard) -> bool:
        relates = one.relation or one.content.get("m.relates_to") or {}
        return one.type == "m.reaction" and relates.get("event_id") == event

    await member.hears(mark, 30, room=room, sender=bot.user)


def is_file(event: Heard) -> bool:
    return event.content.get("msgtype") == "m.file"


async def test_a_meeting_of_two_servers_is_written_down_though_the_bot_is_killed(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    home = pair.person("eva", pair.a)
    ana, eva = await asyncio.gather(element("ana"), plain(home))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(ana, bot, eva)
        await ana.send(room, "!reunion empezar Asamblea")
        await eva.hears("Empieza la reunión 1: Asamblea", 30, room=room, sender=bot.user)
        await eva.send(room, TALK)
        await noted(eva, room, await eva.send(room, "acuerdo: usar Signal"), bot)
        task = f"tarea: {eva.user} barrer en 20 minutos"
        await noted(ana, room, await ana.send(room, task), bot)
        wrong = await ana.send(room, "acuerdo: vernos el lunes")
        await noted(ana, room, wrong, bot)
        await ana.edit(room, wrong, "acuerdo: vernos el martes")

        await bot.kill()
        bot.later(minutes=30)
        late = await eva.send(room, "info: sigue en https://example.org/a_b")
        await bot.start()
        await noted(eva, room, late, bot)
        private = await eva.called(40)
        await eva.hears("Tarea 2, “barrer”", 40, room=private, sender=bot.user)

        await ana.send(room, "!reunion cerrar")
        minutes = "Acta de la reunión 1: Asamblea"
        said = await ana.hears(minutes, 30, room=room, sender=bot.user)
        assert said.content["m.mentions"] == {"user_ids": [eva.user]}
        for words in (
            "· usar Signal\n· vernos el martes",
            "2: “barrer”",
        ):
            assert words in said.text
        await eva.hears(minutes, 30, room=room, sender=bot.user)
        assert is_file(said)
        text = (await ana.download(said)).decode()
        assert text.startswith(f"# {minutes}\n")
        assert "- usar Signal" in text
        assert "<https://example.org/a_b>" in text
        heard = await all_read(ana, room, bot.user)
        assert {(one.failure, one.shield) for one in heard if one.encrypted} == {(None, 0)}
        assert TALK not in text + said.text
        await bot.stop()
        assert bot.holds([TALK, "usar Signal"]) == []
