"""Everyone's own clock: in private a person's, in a room the room's and those of who comes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from commands.events.tests.days import moment
from commands.events.tests.making import first_day, made, weekly


@pytest.fixture
async def spread(talk: Talk) -> Talk:
    """Bea lives in São Paulo, Carla in Madrid; Ana where the room is."""
    await talk.tells("bea", "zona São Paulo")
    await talk.tells("carla", "zona Madrid")
    await talk.sent()
    return talk


async def test_who_moves_up_reads_it_on_their_own_clock_and_on_that_of_the_event(
    spread: Talk,
) -> None:
    event, _opening, _poll = await made(spread, seats=1, rule=weekly())
    await spread.says("ana", f"voy {event.item}")
    await spread.says("carla", f"voy {event.item}")
    await spread.sent()
    second = first_day().plus(7)
    await spread.says("ana", f"no voy {event.item} {second.typed}")
    (letter,) = await spread.said(await spread.private("carla"))
    at = second.at(19)
    here, there = moment(spread, at), moment(spread, at, "Europe/Madrid")
    assert f"{there} · Allá: {here}".casefold() in letter.plain.casefold()
    assert f"`no voy {event.item} {second.typed}`" in letter.plain, "the day as it is typed there"


async def test_an_answer_in_private_is_on_ones_own_clock_and_in_the_room_on_its_own(
    spread: Talk,
) -> None:
    event, _opening, _poll = await made(spread)
    await spread.tells("bea", f"voy {event.item}")
    (told,) = await spread.said(await spread.private("bea"))
    at = first_day().at(19)
    here, there = moment(spread, at), moment(spread, at, "America/Sao_Paulo")
    assert f"{there} · Allá: {here}" in told.plain
    assert "São Paulo" not in await spread.answer("bea", f"voy {event.item}")
    await spread.tells("ana", f"voy {event.item}")
    (told,) = await spread.said(await spread.private("ana"))
    assert "Allá" not in told.plain


async def test_the_message_of_an_event_names_other_clocks_only_where_they_differ(
    spread: Talk,
) -> None:
    event, _opening, _poll = await made(spread)
    await spread.says("ana", f"voy {event.item}")
    assert "otros relojes" not in await spread.answer("ana", f"!evento {event.item}")
    await spread.says("bea", f"voy {event.item}")
    await spread.says("carla", f"tal vez {event.item}")
    await spread.sent()
    await spread.wait(timedelta(minutes=1))
    (edit,) = await spread.said()
    there = moment(spread, first_day().at(19), "Europe/Madrid")
    assert f"En otros relojes de quienes van: 21:00 (São Paulo) · {there}" in edit.plain
