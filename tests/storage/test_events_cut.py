"""Events of a version in which attendance, reminders and calendar were one with them go on."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import ROOM, PostedEvent, Talk, user_id
from commands.attendance.tests.test_shifts import SHIFTS, fair
from commands.events.tests.days import in_days
from commands.events.tests.making import first_day, made, weekly
from storage import log
from tests.storage.uncut import join_again

PARTS = ("event_reminders", "calendar", "attendance")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def become_old(talk: Talk) -> None:
    """The file as the version before the cut would have written it; then today's starts on it."""
    async with talk.machine.db.transaction() as tx:
        for part in PARTS:
            await join_again(tx, "events", part)
        owners = {row["owner"] for row in await tx.all("SELECT owner FROM schema_version")}
        jobs = {row["feature"] for row in await tx.all("SELECT feature FROM job")}
        assert not (owners | jobs) & set(PARTS)
    await talk.restart()


async def series(talk: Talk) -> tuple[int, PostedEvent | None]:
    """A series with one seat: Bea goes, Carla waits, Ana may come; Bea does the reception."""
    event, _opening, poll = await made(talk, fair(SHIFTS), rule=weekly(), seats=1)
    for line in (f"voy {event.item}", f"tomo {event.item} recepción"):
        await talk.says("bea", line)
    await talk.says("carla", f"voy {event.item}")
    await talk.says("ana", f"tal vez {event.item}")
    await talk.says("ana", f"!sin avisos {event.item}")
    await talk.sent()
    return event.item, poll


async def test_answers_shifts_and_taps_go_on(talk: Talk) -> None:
    number, poll = await series(talk)
    await become_old(talk)
    there = await talk.answer("ana", f"!asistentes {number}")
    assert "Van (1): Bea" in there and "espera (1): Carla" in there and "Tal vez (1): Ana" in there
    assert "recepción 1 de 1: Bea" in await talk.answer("ana", f"!turnos {number}")
    assert poll is not None
    await talk.taps("bea", poll, 3)
    (letter,) = await talk.said(await talk.private("carla"))
    assert "Hay lugar" in letter.plain


async def test_reminders_come_once_to_who_wants_them_and_the_message_is_written_anew(
    talk: Talk,
) -> None:
    await series(talk)
    await become_old(talk)
    await talk.wait(timedelta(minutes=1))
    assert any("Hasta ahora, van: 1" in post.plain for post in await talk.said())
    await talk.wait_until(first_day().at(9))
    reminded = [post for post in await talk.said() if "empieza en" in post.plain]
    assert {post.room for post in reminded} == {await talk.private("bea")}
    assert any("Tu turno: recepción" in post.plain for post in reminded)


async def test_the_weekly_digest_comes_once(talk: Talk) -> None:
    await series(talk)
    day = in_days(5)
    await talk.answer("ana", f"!configurar resumen-semanal {day.weekday} 9h")
    await talk.answer("ana", "sí")
    await become_old(talk)
    await talk.wait_until(day.at(9))
    digests = [post for post in await talk.said() if "siete días" in post.plain]
    assert [post.room for post in digests] == [ROOM]


async def test_what_was_asked_about_a_bare_line_is_answered(talk: Talk) -> None:
    number, _poll = await series(talk)
    asked = await talk.answer("bea", f"voy {number} {in_days(0).weekday}")
    assert "2)" in asked
    await become_old(talk)
    assert "no es ese día" in await talk.answer("bea", "2")


async def test_the_log_and_what_is_taken_back_keep_their_words(talk: Talk) -> None:
    number, _poll = await series(talk)
    async with talk.machine.db.transaction() as tx:
        facts = {"number": number, "count": 2}
        await log.add(tx, ROOM, talk.clock.at, "events", "there", user_id("ana"), facts)
    await talk.answer("ana", f"!mover {number} todas {first_day().plus(1).weekday}")
    await become_old(talk)
    assert f"anotó que 2 personas estuvieron en el evento {number}" in (
        await talk.answer("bea", "!historial")
    )
    await talk.answer("ana", "!deshacer")
    assert "vuelve a ser como antes" in await talk.answer("ana", "sí")
