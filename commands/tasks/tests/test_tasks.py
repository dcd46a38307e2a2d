"""Tasks, as conversations. It is Wednesday 25 November 2026, 10:00 in Bogotá."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.testing.talk import ROOM, START_TIME, Talk, day_in_words, user_id
from bot.types import EventId, Membership, RoomId, RoomUpgraded

pytestmark = pytest.mark.begins("wednesday 10:00", "it names days of the week")

MAKE = "!tarea @bea comprar pan para el viernes"


def friday_9() -> datetime:
    """The one after the Wednesday on which all begins, 9:00 in Bogotá."""
    return START_TIME.at + timedelta(days=1, hours=23)


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
@pytest.mark.parametrize(
    ("language", "line", "echo"),
    [
        ("es", MAKE, "Tarea 1: “comprar pan” · Bea · para: {friday}"),
        (
            "pt",
            "!tarefa @bea comprar pão até sexta",
            "Tarefa 1: “comprar pão” · Bea · para: {friday}",
        ),
        ("en", "!task @bea buy bread by Friday", "Task 1: “buy bread” · Bea · due {friday}"),
    ],
)
async def test_who_what_and_when_are_said_back(
    talk: Talk, language: str, line: str, echo: str
) -> None:
    await talk.set("language", language)
    await talk.says("ana", line)
    (said,) = await talk.hears(echo.format(friday=day_in_words(2, language)))
    assert said.content["m.mentions"] == {"user_ids": [user_id("bea")]}


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_reminded_in_private_the_day_before_and_on_the_day(talk: Talk) -> None:
    await talk.answer("ana", MAKE)
    for at in (friday_9() - timedelta(days=1), friday_9()):
        await talk.wait_until(at - timedelta(minutes=1))
        await talk.hears_nothing()
        await talk.wait_until(at)
        (post,) = await talk.hears("Tarea 1, “comprar pan”. Para cuándo: ")
        assert post.room == await talk.private("bea")
    await talk.wait(timedelta(days=9))
    await talk.hears_nothing()


async def test_a_late_reminder_says_how_late_and_survives_a_restart(talk: Talk) -> None:
    await talk.answer("ana", MAKE)
    await talk.restart(after=timedelta(days=1, hours=2))
    await talk.wait(timedelta(0))
    await talk.hears("Con retraso de 3 h")


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_who_has_not_come_along_to_the_new_room_yet_is_reminded(talk: Talk) -> None:
    await talk.answer("ana", MAKE)
    new = await talk.room(RoomId("!nueva:test"), "Sala", ["ana", "carla"], {"ana": 50})
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE room SET successor = ? WHERE room = ?", new, ROOM)
        await tx.run("UPDATE room SET predecessor = ? WHERE room = ?", ROOM, new)
    at = talk.clock.at
    await talk.happens(RoomUpgraded(ROOM, EventId("$up"), user_id("ana"), at, new, authentic=True))
    await talk.said()
    await talk.wait_until(friday_9())
    reminded = {post.room for post in await talk.said() if "“comprar pan”" in post.plain}
    assert reminded == {await talk.private("bea")}


async def test_nobody_is_reminded_of_what_is_done_or_cancelled(talk: Talk) -> None:
    await talk.answer("ana", MAKE)
    await talk.answer("ana", "!tarea @carla barrer el viernes")
    assert "Hecha: tarea 1" in await talk.answer("bea", "hecho 1")
    assert "Se quitó la tarea 2" in await talk.answer("ana", "!cancelar 2")
    await talk.wait(timedelta(days=9))
    await talk.hears_nothing()
    assert "No hay tareas abiertas" in await talk.answer("ana", "!tareas")


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_what_nobody_took_reminds_its_author_and_anybody_may_take_it(talk: Talk) -> None:
    await talk.answer("ana", "!tarea comprar pan para el viernes")
    await talk.wait_until(friday_9() - timedelta(days=1))
    (post,) = await talk.hears("Todavía falta quien la haga")
    assert post.room == await talk.private("ana")
    assert "Bea" in await talk.answer("bea", "!tarea 1 yo")
    assert "No puedes cambiar" in await talk.answer("carla", "!tarea 1 yo")
    await talk.wait_until(friday_9())
    (post,) = await talk.hears("comprar pan")
    assert post.room == await talk.private("bea")


async def test_only_who_does_it_its_author_and_moderators_close_it(talk: Talk) -> None:
    await talk.answer("bea", "!tarea @bea comprar pan")
    assert "No puedes cerrar la tarea 1" in await talk.answer("carla", "!hecho 1")
    assert "Hecha" in await talk.answer("ana", "!hecho 1")
    assert "dijo que la tarea 1 está hecha" in await talk.answer("carla", "!historial")
    assert "abierta otra vez" in await talk.answer("bea", "!hecho 1 no")
    assert "comprar pan" in await talk.answer("bea", "!tareas")


async def test_done_in_reply_without_a_number_and_several_at_once(talk: Talk) -> None:
    await talk.says("ana", "!tarea @bea comprar pan")
    (said,) = await talk.said()
    assert "Hecha: tarea 1" in await talk.answer("bea", "listo", reply=said)
    await talk.answer("ana", "!tarea @bea barrer")
    await talk.answer("ana", "!tarea @bea cocinar")
    both = await talk.answer("bea", "!hecho 2 3")
    assert "tarea 2" in both
    assert "tarea 3" in both
    await talk.says("bea", "listo, gracias", reply=said)
    await talk.hears_nothing()


async def test_what_is_done_already_is_not_told_to_the_room_again(talk: Talk) -> None:
    await talk.answer("ana", "!tarea @bea comprar pan")
    await talk.tells("bea", "hecho 1")
    assert {post.room for post in await talk.said()} == {ROOM, await talk.private("bea")}
    await talk.tells("bea", "listo 1")
    (said,) = await talk.hears("La tarea 1 ya")
    assert said.room == await talk.private("bea")


async def test_in_private_no_task_is_only_said_of_ones_own(talk: Talk) -> None:
    await talk.answer("ana", "!tarea comprar pan")
    await talk.tells("bea", "tareas")
    await talk.hears("No tienes tareas abiertas")


async def test_done_alone_is_the_only_one_or_is_asked(talk: Talk) -> None:
    assert "Falta" in await talk.answer("bea", "!hecho")
    await talk.answer("ana", "!tarea @bea comprar pan")
    assert "Hecha: tarea 1" in await talk.answer("bea", "!hecho")


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_it_is_changed_by_its_number(talk: Talk) -> None:
    await talk.answer("ana", MAKE)
    assert "Carla" in await talk.answer("ana", "!tarea 1 @carla")
    assert f"{day_in_words(5)}, 17:00" in await talk.answer("ana", "!tarea 1 el lunes 5pm")
    assert "“50 sillas”" not in await talk.answer("ana", "!tarea 1")
    assert "“50 sillas”" in await talk.answer("ana", "!tarea 50 sillas")
    await talk.wait_until(friday_9())
    await talk.hears_nothing()


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("!tarea", "Falta lo que hay que hacer"),
        ("!tarea @bea", "Falta lo que hay que hacer"),
        ("!tarea @zoe comprar pan", "No sé quién es @zoe"),
        ("!tarea @zoe:lejos.org comprar pan", "no está en esta sala"),
        ("!tarea comprar pan para el 30 de febrero", "No puedo anotar “"),
        ("!tarea comprar pan para ayer", "No puedo anotar “"),
        ("!tarea comprar pan mañana a las 5", "¿Cuál"),
        ("!tarea " + "x" * 600, "Es muy largo"),
        ("!tarea 77", "No existe el número 77"),
        ("!hecho 77", "No existe el número 77"),
    ],
)
async def test_what_cannot_be_kept_is_said(talk: Talk, line: str, answer: str) -> None:
    assert answer in await talk.answer("ana", line)


async def test_in_private_mine_of_all_rooms_and_in_a_room_the_rooms(talk: Talk) -> None:
    other = await talk.room(RoomId("!otra:test"), "Otra", ["ana", "bea"])
    await talk.answer("ana", MAKE)
    await talk.answer("ana", "!tarea @carla barrer")
    await talk.answer("ana", "!tarea @bea cocinar", room=other)
    await talk.tells("bea", "tareas")
    (said,) = await talk.said()
    assert ("comprar pan" in said.plain, "cocinar" in said.plain) == (True, True)
    assert "barrer" not in said.plain
    assert "cocinar" not in await talk.answer("bea", "!tareas")
    await talk.moves("bea", Membership.LEAVE, other)
    await talk.sent()
    await talk.tells("bea", "tareas")
    (said,) = await talk.said()
    assert "cocinar" not in said.plain


async def test_a_long_list_comes_in_pages(talk: Talk) -> None:
    for n in range(20):
        await talk.answer("ana", f"!tarea cosa {n}")
    first = await talk.answer("ana", "!tareas")
    assert "Más: `!tareas 2`" in first
    assert "“cosa 14”" in first
    second = await talk.answer("ana", "!tareas 2")
    assert ("“cosa 15”" in second, "“cosa 14”" in second) == (True, False)


async def test_made_in_private_for_a_room_it_is_told_there(talk: Talk) -> None:
    await talk.tells("ana", "tarea: @bea comprar pan")
    here, there = sorted(await talk.said(), key=lambda post: post.room == ROOM)
    assert (here.room, there.room) == (await talk.private("ana"), ROOM)
    assert "comprar pan" in there.plain


async def test_done_in_private_is_told_to_the_room_without_a_name(talk: Talk) -> None:
    await talk.answer("ana", MAKE)
    await talk.tells("bea", "hecho 1")
    posts = {post.room: post.plain for post in await talk.said()}
    assert posts == {
        await talk.private("bea"): "Hecha: tarea 1, “comprar pan”.",
        ROOM: "Hecha: tarea 1, “comprar pan”.",
    }


async def test_who_leaves_the_room_leaves_their_tasks_to_the_others(talk: Talk) -> None:
    await talk.answer("ana", MAKE)
    await talk.answer("ana", "!tarea @bea @carla barrer")
    await talk.answer("ana", "!tarea @carla pintar")
    await talk.moves("bea", Membership.LEAVE)
    (said,) = await talk.hears("Quien tenía esta tarea ya no está en la sala, y nadie la tiene: 1.")
    assert "Bea" not in said.plain, "it is nobody's fault"
    await talk.moves("bea", Membership.JOIN)
    mine = await talk.answer("bea", "mis tareas", room=await talk.private("bea"))
    assert "No tienes" in mine
    assert "barrer" not in mine
    await talk.wait_until(friday_9())
    private = await talk.private("bea")
    told = [post.plain for post in await talk.said() if post.room == private]
    assert not [words for words in told if "Para cuándo" in words], "nothing rings"
    assert "barrer" in await talk.answer("carla", "!tareas")
