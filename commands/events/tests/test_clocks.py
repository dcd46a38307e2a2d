"""Everyone's own clock: in private a person's, in a room the room's and those of who comes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from commands.events.tests.making import WEEKLY, made


@pytest.fixture
async def spread(talk: Talk) -> Talk:
    """Bea lives in São Paulo, Carla in Madrid; Ana where the room is."""
    await talk.tells("bea", "zona São Paulo")
    await talk.tells("carla", "zona Madrid")
    await talk.sent()
    return talk


@pytest.mark.begins("2026-11-25T10:00", "it names dates in words")
async def test_who_moves_up_reads_it_on_their_own_clock_and_on_that_of_the_event(
    spread: Talk,
) -> None:
    event, _opening, _poll = await made(spread, seats=1, rule=WEEKLY)
    await spread.says("ana", f"voy {event.item}")
    await spread.says("carla", f"voy {event.item}")
    await spread.sent()
    await spread.says("ana", f"no voy {event.item} 10/12")
    (letter,) = await spread.said(await spread.private("carla"))
    assert (
        "Viernes 11 de diciembre, 01:00 (Madrid) · Allá: jueves 10 de diciembre, 19:00 (Bogotá)"
        in letter.plain
    )
    assert f"`no voy {event.item} 10/12`" in letter.plain, "the day of the event, as it is typed"


@pytest.mark.begins("2026-11-25T10:00", "it names dates in words")
async def test_an_answer_in_private_is_on_ones_own_clock_and_in_the_room_on_its_own(
    spread: Talk,
) -> None:
    event, _opening, _poll = await made(spread)
    await spread.tells("bea", f"voy {event.item}")
    (told,) = await spread.said(await spread.private("bea"))
    assert "jueves 3 de diciembre, 21:00 (São Paulo) · Allá: jueves 3" in told.plain
    assert "São Paulo" not in await spread.answer("bea", f"voy {event.item}")
    await spread.tells("ana", f"voy {event.item}")
    (told,) = await spread.said(await spread.private("ana"))
    assert "Allá" not in told.plain


@pytest.mark.begins("2026-11-25T10:00", "it names dates in words")
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
    assert (
        "En otros relojes de quienes van: 21:00 (São Paulo) · "
        "viernes 4 de diciembre, 01:00 (Madrid)" in edit.plain
    )
