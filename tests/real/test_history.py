"""Whoever the bot lets in reads what was said before, where the room wants it, on Element's engine.

MSC4268, Matrix 1.19; docs/decisions/0035.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.element import Element
from tests.real.heard import Heard
from tests.real.patience import PATIENCE
from tests.real.servers import Pair

VISIBILITY = "m.room.history_visibility"


async def a_room(ana: Element, bot: BotProcess, history: str, name: str = "Sala") -> str:
    """A room of Ana's with this history visibility, in which the bot may invite."""
    room = await ana.create_room(invite=[bot.user], name=name, version="11", history=history)
    await ana.joined(room, bot.user)
    await ana.greeted(room, bot.user)
    await ana.set_power(room, bot.user, 50)
    return room


async def turns_it_on(ana: Element, bot: BotProcess, room: str) -> str:
    """Ana sets it; returns the preview that she confirmed."""
    await ana.send(room, "!configurar historia-al-entrar sí")
    shown = await ana.hears("¿Sigo?", 60, room=room, sender=bot.user)
    await ana.send(room, "sí")
    await ana.hears("Para volver", 60, room=room, sender=bot.user)
    return shown.text


def shows_history(ana: Element, room: str) -> bool:
    """Whether Ana's app has heard that the room shows its history."""
    said = [one.content for one in ana.ear.all(room, kind=VISIBILITY)]
    return bool(said) and said[-1].get("history_visibility") == "shared"


async def talk_before(ana: Element, bot: BotProcess, room: str) -> tuple[str, str]:
    """Ana says something, and the bot answers; the events of both."""
    said = await ana.send(room, "!hora")
    answer = await ana.hears(lambda e: e.reply_to == said, 60, room=room, sender=bot.user)
    return said, answer.id


async def let_in(ana: Element, bot: BotProcess, room: str, who: Element) -> None:
    """The bot invites, and the person accepts and knows the devices of those who are there."""
    await ana.send(room, f"!invitar {who.user}")
    await ana.hears("Invité a 1 persona", 60, room=room, sender=bot.user)
    ana.ear.forget()
    await who.accept(room)
    for other in (ana.user, bot.user):
        await who.sees_signed(other)


async def read(who: Element, room: str) -> dict[str, Heard]:
    """All encrypted events of the room, as the app shows them when it is opened anew."""
    return {one.id: one for one in await who.timeline(room) if one.encrypted}


async def reads(who: Element, room: str, *events: str) -> dict[str, Heard]:
    """The same, once these can be read: keys may come after the invitation that they belong to."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await read(who, room)
            if all(one in found and found[one].failure is None for one in events):
                return found
            await asyncio.sleep(0.3)  # nothing tells when they have come


async def test_a_newcomer_reads_what_was_said_before(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana, bea, dora = await asyncio.gather(
        element("ana"), element("bea", strict=False), element("dora", strict=False)
    )
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(ana, bot, "shared")
        shown = await turns_it_on(ana, bot, room)
        assert "Leerán los últimos 14 días" in shown
        mine, bots = await talk_before(ana, bot, room)
        await let_in(ana, bot, room, bea)
        found = await reads(bea, room, mine, bots)
        assert found[mine].text == "!hora"

        # Who is invited by a person reads what the bot said, as by its mark.
        await ana.invite(room, dora.user)
        await dora.accept(room)
        for other in (ana.user, bot.user):
            await dora.sees_signed(other)
        await reads(dora, room, mine, bots)
        await bot.stop()


async def test_where_it_is_not_wanted_or_the_room_is_closed_nothing_can_be_read(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    """Off; kept from who joins; and said before the room was opened: without the mark."""
    ana, bea = await asyncio.gather(element("ana"), element("bea", strict=False))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        off = await a_room(ana, bot, "shared", "Apagada")
        closed = [await a_room(ana, bot, kind, kind) for kind in ("joined", "invited")]
        opened = await a_room(ana, bot, "joined", "Abierta")
        before = {room: await talk_before(ana, bot, room) for room in (off, *closed, opened)}
        for room in (*closed, opened):
            assert "Aún sin efecto" in await turns_it_on(ana, bot, room)
        await ana.set_state(opened, VISIBILITY, {"history_visibility": "shared"})
        await ana.ear.until(lambda: shows_history(ana, opened), 60)  # her app, before she speaks
        later = await talk_before(ana, bot, opened)

        for room, said in before.items():
            await let_in(ana, bot, room, bea)
            found = await read(bea, room)
            assert all(one not in found or found[one].failure for one in said), room
        await reads(bea, opened, *later)
        await bot.stop()


async def test_an_unconfirmed_phone_reads_nothing_of_before(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    """Nor does one that is confirmed later: what was given was given to nobody."""
    ana, dora = await asyncio.gather(element("ana"), element("dora", strict=False, sign=False))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(ana, bot, "shared")
        await turns_it_on(ana, bot, room)
        said = await talk_before(ana, bot, room)
        await let_in(ana, bot, room, dora)
        for _ in range(2):
            found = await read(dora, room)
            assert all(found[one].failure for one in said)
            await dora.sign()
        await bot.logs('"why": "devices"')
        await bot.stop()


async def test_the_bot_takes_no_keys_from_who_invites_it(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    """Ana's app gives it the keys of what was said before, as it does to anybody."""
    ana, bea = await asyncio.gather(element("ana"), element("bea", strict=False))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await ana.create_room(name="Sala", version="11", history="shared")
        before = await ana.send(room, "antes de que llegara el bot")
        await ana.ask("discardSession", room=room)
        await ana.invite(room, bot.user)
        await ana.joined(room, bot.user)
        await ana.greeted(room, bot.user)
        await ana.set_power(room, bot.user, 50)
        await turns_it_on(ana, bot, room)
        said = await talk_before(ana, bot, room)
        await let_in(ana, bot, room, bea)
        found = await reads(bea, room, *said)
        assert found[before].failure is not None  # the bot did not have it to give
        await bot.stop()
