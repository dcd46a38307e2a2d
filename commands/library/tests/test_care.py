"""Is it still right? Asked in its time, through restarts; and what is held of a person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.api import PENDING, Context, Line, RoomId
from bot.capability.data.erasure import forget_in_capability
from bot.testing.talk import Talk, user_id
from bot.types import Membership
from commands.library.declaration import feature
from commands.library.tests.filing import sends

DAY = timedelta(days=1)


async def days(talk: Talk, count: int) -> list[str]:
    """Days go by, one after the other; what is said meanwhile."""
    said: list[str] = []
    for _day in range(count):
        await talk.wait(DAY)
        said += [post.plain for post in await talk.said()]
    return said


async def test_its_keeper_is_asked_and_what_nobody_answers_is_marked(talk: Talk) -> None:
    await talk.answer("ana", "!configurar revisar-cada 30 días")
    await talk.answer("ana", "sí")
    for line in ("!guardar nota Los lunes", "!guardar mapa Calle 5"):
        await talk.answer("bea", line)
    await talk.answer("carla", "!guardar lista Pan y agua")
    assert await days(talk, 29) == []
    await talk.restart(timedelta(days=3))
    said = await days(talk, 1)
    [bea] = [one for one in said if "#nota" in one]
    assert "¿Sigue todo bien?" in bea and "#mapa: Calle 5" in bea and "#lista" not in bea
    assert len(said) == 2, "one question for each keeper"
    await talk.restart()
    await talk.tells("bea", "sí")
    await talk.hears("queda como está")
    assert await days(talk, 6) == []
    assert "sin revisar" not in await talk.answer("bea", "!recursos")
    await days(talk, 2)
    listed = await talk.answer("bea", "!recursos")
    assert "#lista: Pan y agua (sin revisar)" in listed
    assert listed.count("sin revisar") == 1
    assert "Si sigue: `!vigente 3`" in await talk.answer("bea", "#lista")
    assert "vuelve a contar como vigente" in await talk.answer("bea", "!sigue bien lista")
    assert "sin revisar" not in await talk.answer("bea", "!recursos")
    again = await days(talk, 25)
    assert any("#mapa" in one for one in again), "asked again in its time"
    await talk.tells("bea", "no")
    await talk.hears("`actualizar 1 texto nuevo`")


@pytest.mark.begins("10:00", "the keeper is asked at an hour of the day")
async def test_who_is_gone_is_not_asked_and_no_means_never(talk: Talk) -> None:
    await talk.answer("bea", "!guardar nota Los lunes")
    await talk.set("library_review", "0")
    assert await days(talk, 200) == []
    assert "sin revisar" not in await talk.answer("ana", "!recursos")
    await talk.set("library_review", "30")
    await talk.moves("bea", Membership.LEAVE)
    assert await days(talk, 1) == []
    assert "#nota: Los lunes (sin revisar)" in await talk.answer("ana", "!recursos")
    await talk.answer("ana", "!cancelar 1")
    await talk.answer("ana", "sí")
    await days(talk, 2)
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT * FROM job WHERE feature = 'library'") == []


async def told(talk: Talk, service: str, who: str) -> list[str]:
    """What the library itself says of a person, or does."""
    lines: list[Line] = []

    async def pending(ctx: Context, _room: RoomId) -> list[Line]:
        if service == "forget":
            return await forget_in_capability(ctx, feature.name, user_id(who))
        lines.extend(await feature.services[service](ctx, user_id(who)))
        return lines

    offering = next(f for f in talk.features if PENDING.name in f.services)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(offering.services, PENDING.name, pending)
        return (await talk.answer("ana", "!pendientes")).splitlines()


async def test_what_is_held_of_a_person_and_how_it_goes(talk: Talk) -> None:
    said = await talk.says("bea", "Mi teléfono es 555")
    sent = await sends(talk, "carla")
    await talk.says("ana", "!guardar bea-tel", reply=said)
    await talk.says("bea", "!guardar acta", reply=sent)
    await talk.says("bea", "!guardar nota Lo mío")
    await talk.says("ana", "!guardar quién Pregunten a @bea:test")
    await talk.says("ana", "!guardar reglas Las de siempre")
    await talk.says("ana", "!actualizar reglas Otra cosa", reply=said)
    await talk.says("ana", "!actualizar reglas Las de ahora")
    await talk.sent()
    kept = "\n".join(await told(talk, "export", "bea"))
    for words in ("Guardaste #acta", "Guardaste #nota", "guardó tu mensaje como #bea-tel"):
        assert words in kept
    gone = "\n".join(await told(talk, "forget", "bea"))
    assert "2 cosas tuyas de la biblioteca" in gone
    assert "tu nombre en 1 cosa de otras" in gone
    listed = await talk.answer("ana", "!recursos")
    assert "bea-tel" not in listed and "#nota" not in listed
    assert "#quién: Pregunten a …" in listed
    assert "lo guardó" not in await talk.answer("ana", "#acta")
    assert "555" not in await talk.answer("ana", "!versiones reglas")
    assert not [one for one in await told(talk, "export", "bea") if "uardaste" in one]
    async with talk.machine.db.reading() as tx:
        for table in ("library_resource", "library_version"):
            rows = await tx.all(f"SELECT * FROM {table}")  # noqa: S608
            assert not [row for row in rows if "bea:test" in repr(tuple(row))], table


async def test_much_is_asked_a_screen_at_a_time(talk: Talk) -> None:
    """Of two rooms too, one question after the other."""
    other = await talk.room(RoomId("!otra:test"), "Otra", ["bea"])
    for n in range(9):
        await talk.answer("bea", f"!guardar cosa{n} Texto {n}", room=other)
    await talk.answer("bea", "!guardar nota Los lunes")
    said = await days(talk, 182)
    assert len(said) == 1
    assert said[0].count("\n") == 9, "eight on a screen"
    await talk.tells("bea", "sí")
    assert "queda como está" in (await talk.said())[0].plain
    [rest] = await days(talk, 1)
    assert rest.count("\n") == 3
