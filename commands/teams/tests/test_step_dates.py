"""Steps with a date: how they are typed, who is reminded, and what who leads reads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk, at_hour
from bot.types import Membership
from commands.teams.tests.test_teams import opened, room_of

DAY = timedelta(days=1)


async def dated_steps(talk: Talk) -> None:
    """Two teams, whose first step of two ends in three days."""
    await opened(talk)
    await talk.answer("ana", "!equipos pasos Leer hasta en 3 días a las 18h, Entregar")


async def test_a_team_that_has_not_done_it_is_reminded_the_day_before(talk: Talk) -> None:
    await dated_steps(talk)
    await talk.wait_until(at_hour(2, 9) - timedelta(minutes=1))
    await talk.hears_nothing()
    await talk.wait(timedelta(minutes=1))
    said = await talk.said()
    assert {post.room for post in said} == {room_of(talk, "Norte"), room_of(talk, "Sur")}
    assert "Paso 1, Leer: hay tiempo hasta el" in said[0].plain and "`!paso 1`" in said[0].plain


async def test_a_team_that_has_done_it_is_left_alone(talk: Talk) -> None:
    await dated_steps(talk)
    await talk.answer("ana", "!paso 2 1")
    await talk.wait_until(at_hour(2, 9))
    (said,) = await talk.said()
    assert said.room == room_of(talk, "Sur")
    await talk.wait_until(at_hour(3, 18))
    in_room, in_private = await talk.said()
    assert in_room.room == ROOM
    assert in_room.plain == "Paso 1, Leer: lo hicieron 1 de 2 equipos."
    assert in_private.room == await talk.private("ana")
    assert "Siguen en eso: Sur" in in_private.plain


async def test_only_who_leads_and_is_in_the_room_reads_which_teams_are_late(talk: Talk) -> None:
    await dated_steps(talk)
    await talk.moves("ana", Membership.LEAVE)
    await talk.wait_until(at_hour(3, 18))
    said = [post.plain for post in await talk.said() if "lo hicieron" in post.plain]
    assert said == ["Paso 1, Leer: lo hicieron 0 de 2 equipos."]


async def test_a_reminder_that_comes_after_its_date_is_left_out(talk: Talk) -> None:
    await dated_steps(talk)
    await talk.restart(at_hour(4, 9) - talk.clock.at)
    await talk.wait(timedelta(0))
    said = await talk.said()
    assert ["lo hicieron 0 de 2" in post.plain for post in said] == [True, True]
    assert [post.room == ROOM for post in said] == [True, False]


async def test_a_date_that_is_changed_reminds_by_the_new_one_only(talk: Talk) -> None:
    await dated_steps(talk)
    said = await talk.answer("ana", "!equipos pasos 1 hasta en 9 días a las 18h")
    assert "1 Leer, hasta el" in said
    await talk.wait_until(at_hour(4, 10))
    await talk.hears_nothing()
    await talk.wait_until(at_hour(8, 9))
    assert len(await talk.said()) == 2


async def test_steps_that_are_put_away_remind_nobody(talk: Talk) -> None:
    await dated_steps(talk)
    await talk.answer("ana", "!cancelar 1")
    await talk.wait_until(at_hour(4, 9))
    await talk.hears_nothing()


async def test_what_is_no_date_stays_in_the_name(talk: Talk) -> None:
    await opened(talk)
    said = await talk.answer("ana", '!equipos pasos "Cantar hasta el final" hasta en 3 días "Leer"')
    assert "1 Cantar hasta el final, hasta el" in said and "2 Leer" in said
    assert "ya pasó" in await talk.answer("ana", "!equipos pasos Leer hasta ayer, Entregar")
    said = await talk.answer("ana", "!equipos pasos 9 hasta en 3 días")
    assert "No hay un paso 9." in said and "1 Cantar" in said
    assert "No puedes" in await talk.answer("bea", "!equipos pasos 2 hasta en 3 días")
    assert "2 Leer, hasta" not in await talk.answer("ana", "!equipos pasos")


async def test_a_date_for_one_step_by_its_name_leaves_the_others(talk: Talk) -> None:
    await opened(talk)
    await talk.answer("ana", "!equipos pasos Leer, Ensayar, Entregar")
    said = await talk.answer("ana", "!equipos pasos leer hasta en 3 días")
    assert "1 Leer, hasta el" in said and "2 Ensayar · 3 Entregar" in said


async def test_steps_go_only_after_a_yes(talk: Talk) -> None:
    await opened(talk)
    await talk.answer("ana", "!equipos pasos Leer, Ensayar, Entregar")
    said = await talk.answer("ana", "!equipos pasos Leer, Entregar")
    assert "Voy a quitar estos pasos: Ensayar" in said
    await talk.answer("ana", "no")
    assert "1 Leer · 2 Ensayar · 3 Entregar" in await talk.answer("ana", "!equipos pasos")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("hasta en 3 días", "¿Qué paso hay que terminar hasta entonces?"),
        ("hasta cuando puedan", "No entendí “hasta cuando puedan” como fecha"),
        ("2 hasta cuando puedan", "No entendí “hasta cuando puedan” como fecha"),
        ("leer hasta cuando puedan", "No entendí “hasta cuando puedan” como fecha"),
        ("Leer, hasta cuando puedan", "No entendí “hasta cuando puedan” como fecha"),
        ("5 hasta en 3 días", "No hay un paso 5."),
    ],
)
async def test_what_is_no_date_or_no_step_changes_nothing(talk: Talk, line: str, said: str) -> None:
    await opened(talk)
    await talk.answer("ana", "!equipos pasos Leer, Ensayar, Entregar")
    assert said in await talk.answer("ana", f"!equipos pasos {line}")
    assert "1 Leer · 2 Ensayar · 3 Entregar" in await talk.answer("ana", "!equipos pasos")


async def test_a_name_that_sounds_like_a_date_is_said(talk: Talk) -> None:
    await opened(talk)
    said = await talk.answer("ana", "!equipos pasos Leer hasta cuando puedan, Ensayar")
    assert "En “Leer hasta cuando puedan” no veo una fecha" in said


@pytest.mark.parametrize(
    ("language", "line", "said"),
    [
        ("es", "!equipos pasos Leer hasta en 3 días, Ensayar", "1 Leer, hasta el"),
        ("es", '!equipos pasos "Leer" hasta en 3 días "Ensayar"', "1 Leer, hasta el"),
        ("es", "!equipos pasos\nLeer hasta en 3 días\nEnsayar", "1 Leer, hasta el"),
        ("es", "!equipos pasos Leer hasta mañana a las 18h, Ensayar", "1 Leer, hasta el"),
        ("es", "!equipos 1 pasos Leer, hasta en 3 días", "1 Leer, hasta el"),
        ("pt", "!equipes passos Ler até em 3 dias, Ensaiar", "1 Ler, até"),
        ("pt", '!equipes passos "Ler" até amanhã "Ensaiar"', "1 Ler, até"),
        ("en", "!teams steps Read until in 3 days, Rehearse", "1 Read, until"),
        ("en", '!teams steps "Read" by tomorrow "Rehearse"', "1 Read, until"),
    ],
)
async def test_as_people_type_it(talk: Talk, language: str, line: str, said: str) -> None:
    await opened(talk)
    await talk.set("language", language)
    assert said in await talk.answer("ana", line)
