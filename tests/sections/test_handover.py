"""Who has a room that is handed over: one bot or, for a moment, none; and never both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.testing.talk import Talk
from bot.types import BotInvited, EventId, RoomId, Trust, UserId
from storage.sections import handovers
from tests.sections.two_bots import GOES, SECOND, STAYS, TwoBots, step

BOT = UserId("@minga:test")


@pytest.fixture
async def bots(tmp_path: Path) -> AsyncIterator[TwoBots]:
    made = await TwoBots.start(tmp_path)
    yield made
    await made.close()


async def heard(talk: Talk, room: RoomId = GOES) -> str:
    return "\n".join(post.plain for post in await talk.said(room))


async def answers(talk: Talk, line: str, room: RoomId = GOES) -> str:
    await talk.says("ana", line, room=room)
    return await heard(talk, room)


async def fill(talk: Talk) -> None:
    """A poll with a vote (1), an event (2), a loan (thing 3, loan 4), an entry (5), a reminder."""
    for line in (
        "!encuesta ¿Dónde? Norte, Sur hasta en 30 horas",
        "!evento Taller en 60 horas",
        "!presto taladro a @bea por 5 días",
        "!guardar ficha Llaves en la panadería #casa",
        "!recordar en 5 horas; traer agua",
    ):
        await talk.says("ana", line, room=GOES)
    await talk.says("bea", "!votar 1 2", room=GOES)
    await talk.says("ana", "!encuesta ¿Aquí? Sí, No", room=STAYS)
    await talk.said()


async def handed(bots: TwoBots) -> Talk:
    """Both bots run, the second is in no room yet."""
    await fill(bots.first)
    file = await bots.write(await bots.split())
    await bots.first.restart()
    await bots.first.machine.dispatcher.announce_identity()
    return await bots.take_in(file)


async def finish(bots: TwoBots) -> Talk:
    second = bots.second
    assert second is not None
    await bots.enter()
    await bots.carry(second, bots.first)
    await bots.carry(bots.first, second)
    await bots.carry(second, bots.first)
    return second


async def test_everything_open_goes_on_by_the_same_numbers(bots: TwoBots) -> None:
    second = await handed(bots)
    assert "@minga2:test" in await heard(bots.first)
    await finish(bots)
    assert any("@minga:test" in post.plain for post in second.gateway.posted.values())
    assert "Anotado: Norte" in await answers(second, "!votar 1 1")
    assert "Taller" in await answers(second, "!agenda")
    assert "panadería" in await answers(second, "#ficha")
    assert "taladro" in await answers(second, "!préstamos")
    assert "norte" in await answers(second, "!area")
    assert "Sur: 1\n" in await answers(second, "!cerrar 1")
    number = int((await answers(second, "!encuesta ¿Nueva? Sí, No")).split()[1].rstrip(":"))
    assert number > 6


async def test_the_first_bot_says_where_it_went_and_notes_nothing(bots: TwoBots) -> None:
    await handed(bots)
    first = bots.first
    await first.said()
    assert "@minga2:test" in await answers(first, "!votar 1 1")
    await first.tells("bea", "votar 1 1")
    assert not any("Anotado" in post.plain for post in await first.said())
    async with first.machine.db.reading() as tx:
        votes = await tx.count("SELECT count(*) AS n FROM poll_book_ballot")
    assert votes == 1  # as when it was handed over
    assert "Encuesta" in await answers(first, "!encuesta ¿Otra? Sí, No", STAYS)


async def test_what_falls_due_meanwhile_is_said_once_by_the_second_bot(bots: TwoBots) -> None:
    second = await handed(bots)
    for talk in (bots.first, second):
        await talk.said()
    await bots.first.wait(timedelta(hours=6))
    await second.wait(timedelta(0))
    both = [post.plain for talk in (bots.first, second) for post in await talk.said()]
    assert not any("traer agua" in text for text in both)
    await finish(bots)
    await second.wait(timedelta(minutes=1))
    assert sum("traer agua" in post.plain for post in await second.said()) == 1
    await bots.first.wait(timedelta(minutes=1))
    assert not any("traer agua" in post.plain for post in await bots.first.said())


async def who_answers(bots: TwoBots) -> list[str]:
    """Which bots take a vote in the room now."""
    found = []
    for name, talk in (("first", bots.first), ("second", bots.second)):
        if talk is not None and "Anotado" in await answers(talk, "!votar 1 1"):
            found.append(name)
    return found


@pytest.mark.parametrize("killed", range(7))
async def test_a_kill_between_any_two_steps_leaves_one_bot_at_most(
    bots: TwoBots, killed: int
) -> None:
    """Both bots are killed after one of the steps and come back with what they had committed."""
    await fill(bots.first)
    done = await bots.split()
    first = bots.first
    await first.restart()  # it was stopped for that
    seen = []

    async def strike(at: int) -> None:
        if at == killed:
            for talk in (bots.first, bots.second):
                if talk is not None:
                    await talk.restart()
        seen.append(await who_answers(bots))

    await strike(0)
    file = await bots.write(done)
    await first.machine.dispatcher.announce_identity()
    await strike(1)
    second = await bots.take_in(file)
    await strike(2)
    await bots.enter()
    await strike(3)
    await bots.carry(second, first)
    await strike(4)
    await bots.carry(first, second)
    await strike(5)
    await bots.carry(second, first)
    await strike(6)
    await second.machine.dispatcher.ask_for_rooms()  # as each hour; it is settled already
    await bots.carry(second, first)
    assert all(len(who) < 2 for who in seen)
    assert seen[-1] == ["second"]
    assert not any("first" in who for who in seen)
    async with first.machine.db.reading() as tx:
        assert await handovers.idle_rooms(tx) == []
    assert GOES in first.gateway.left


async def test_a_lost_word_is_asked_for_again(bots: TwoBots) -> None:
    second = await handed(bots)
    await bots.enter()
    await bots.carry(second, bots.first)
    assert await bots.steps(bots.first)  # its word is lost on the way
    assert await who_answers(bots) == []
    await second.machine.dispatcher.ask_for_rooms()
    await bots.carry(second, bots.first)
    await bots.carry(bots.first, second)
    assert await who_answers(bots) == ["second"]


async def test_nobody_else_can_take_a_room_or_give_one(bots: TwoBots) -> None:
    second = await handed(bots)
    await bots.enter()
    [ask] = await bots.steps(second)
    mal = UserId("@mal:test")
    for sender, trust in ((mal, Trust.SIGNED), (SECOND, Trust.UNSIGNED)):
        await bots.first.happens(step(sender, ask.content, f"$x{sender}", bots.first, trust))
    other = {**ask.content, "section": "0" * 16}
    await bots.first.happens(step(SECOND, other, "$y", bots.first))
    assert await bots.steps(bots.first) == []
    await bots.first.happens(step(SECOND, ask.content, "$z", bots.first))
    [word] = await bots.steps(bots.first)
    for sender, content, trust in (
        (mal, word.content, Trust.SIGNED),
        (BOT, {**word.content, "signature": "A" * 86}, Trust.SIGNED),
        (BOT, word.content, Trust.UNSIGNED),
    ):
        await second.happens(step(sender, content, f"$w{sender}{trust}", second, trust))
    await second.happens(step(BOT, word.content, "$r", second, room=RoomId("!otra:test")))
    assert await who_answers(bots) == []
    await second.happens(step(BOT, word.content, "$v", second))
    assert await who_answers(bots) == ["second"]


async def test_what_was_taken_back_the_second_bot_leaves(bots: TwoBots) -> None:
    second = await handed(bots)
    async with bots.first.machine.db.transaction() as tx:
        [one] = await handovers.all_of(tx, "out")
        assert await handovers.take_back(tx, one.id) == [GOES]
    await bots.first.restart()
    assert await who_answers(bots) == ["first"]
    await bots.enter()
    await bots.carry(second, bots.first)
    await bots.carry(bots.first, second)
    await second.sent()
    assert GOES in second.gateway.left
    assert await who_answers(bots) == ["first"]


async def test_the_second_bot_follows_only_into_its_rooms(bots: TwoBots) -> None:
    second = await handed(bots)
    for n, room in enumerate((GOES, STAYS)):
        event = EventId(f"$i{n}")
        await second.happens(BotInvited(room, event, BOT, second.clock.at, False, encrypted=True))
    kinds = {post.room: post.kind for post in await second.sent()}
    assert kinds[GOES] == "join" and kinds.get(STAYS) != "join"


async def test_when_the_first_bot_is_lost_for_good_the_second_begins_alone(bots: TwoBots) -> None:
    second = await handed(bots)
    await bots.enter()
    async with second.machine.db.transaction() as tx:
        assert await handovers.begin_all(tx) == 1
    await second.restart()
    assert await who_answers(bots) == ["second"]
