"""The log: found by person, kind and date; a line changed or taken away shows."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import ActRequest, Answer, Context, Feature, Topic, log, run_act, verbatim, words
from bot.capability.authority.acts import GOVERN
from bot.capability.data import erasure
from bot.run.app import features
from bot.testing.dated_words import typed_day
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import RoomId, UserId
from storage.rows import room_moves
from tests.storage.rows import test_forgetting

NEW = RoomId("!nueva:test")
ASK = "!encuesta A? B, C"


async def changes(talk: Talk, line: str, who: str = "ana", yes: str = "sí") -> str:
    await talk.answer(who, line)
    return await talk.answer(who, yes)


async def some(talk: Talk) -> None:
    """Two days: on the first Ana, on the second Bea, and Ana a list of voters."""
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla"], {"ana": 50, "bea": 50})
    await changes(talk, "!configurar doce-horas sí razón: hay visita de Brasil")
    await talk.wait(timedelta(days=1))
    await changes(talk, "!configurar zona Recife", "bea")
    await talk.answer("ana", "!votantes agregar Sur @bea:test")


async def alter(talk: Talk, sql: str) -> None:
    async with talk.machine.db.transaction() as tx:
        await tx.run(sql)


async def test_the_log_is_read_by_person_kind_and_date(talk: Talk) -> None:
    await some(talk)
    asked = {
        "!historial": (3, "zona"),
        "!historial @bea:test": (1, "Bea: zona"),
        "!historial @ana": (2, "Ana: doce-horas"),
        "!historial Ana encuestas": (1, "Ana"),
        "!historial salas": (2, "doce-horas"),
        "!historial ajustes": (2, "doce-horas"),
        "!historial hoy": (2, "zona"),
        "!historial ayer": (1, "doce-horas"),
        "!historial desde hoy": (2, "zona"),
        "!historial hasta ayer": (1, "doce-horas"),
        f"!historial @ana desde {typed_day()} hasta hoy": (2, "doce-horas"),
        "!historial @carla": (1, "No encuentro ninguna línea así"),
        "!historial 2": (1, "No"),
        "!historial patatas": (2, "No puedo leer “patatas”"),
    }
    for line, (count, words_) in asked.items():
        heard = await talk.answer("carla", line)
        assert len(heard.splitlines()) == count, (line, heard)
        assert words_ in heard, (line, heard)


async def test_why_stands_in_the_line(talk: Talk) -> None:
    await some(talk)
    assert "porque: hay visita de Brasil" in await talk.answer("carla", "!historial ayer")


async def test_the_next_page_keeps_what_was_sought(talk: Talk) -> None:
    for n in range(11):
        await changes(talk, f"!configurar doce-horas {'no' if n % 2 else 'sí'}")
    heard = await talk.answer("bea", "!historial @ana desde hoy")
    assert "`!historial @ana desde hoy 2`" in heard
    assert len((await talk.answer("bea", "!historial @ana desde hoy 2")).splitlines()) == 1


async def test_every_way_of_changing_a_log_shows_and_where(talk: Talk) -> None:
    await some(talk)
    assert "está entero: 3 líneas" in await talk.answer("carla", "!historial comprobar")
    for sql, shows in (
        ("DELETE FROM log WHERE id = 3", "Quitaron líneas del final"),
        ("DELETE FROM log WHERE id = 2", "Bea: cambió"),
        ("UPDATE log SET act = 'x' WHERE id = 1", "Ana"),
        ("UPDATE log SET who = '@eva:test' WHERE id = 2", "zona: Bogotá → Recife"),
        ("UPDATE log SET facts = replace(facts, 'Recife', 'Lima') WHERE id = 2", "Bea: zona"),
        ("UPDATE log SET at = at + 60 WHERE id = 2", "Bea: zona"),
        ("DELETE FROM log", "Quitaron líneas del final"),
    ):
        async with talk.machine.db.transaction() as tx:
            await tx.run("CREATE TABLE kept AS SELECT * FROM log")
            await tx.run(sql)
        heard = await talk.answer("carla", "!historial comprobar")
        assert "entero" not in heard, sql
        assert shows in heard or sql == "DELETE FROM log WHERE id = 2", (sql, heard)
        assert "alterado" in await talk.answer("carla", "!historial"), sql
        async with talk.machine.db.transaction() as tx:
            await tx.run("DELETE FROM log")
            await tx.run("INSERT INTO log SELECT * FROM kept")
            await tx.run("DROP TABLE kept")
    assert "está entero: 3 líneas" in await talk.answer("carla", "!historial comprobar")


async def test_a_noted_mark_tells_of_a_log_that_was_written_anew(talk: Talk) -> None:
    await some(talk)
    heard = await talk.answer("carla", "!historial comprobar")
    mark = re.search(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", heard)
    assert mark is not None
    noted = f"!historial comprobar {mark[0].lower()}"
    await changes(talk, "!configurar doce-horas no")
    assert "sigue como cuando anotaste" in await talk.answer("carla", noted)
    async with talk.machine.db.transaction() as tx:  # by who has the key of the database
        rows = await tx.all("SELECT * FROM log ORDER BY id")
        await tx.run("DELETE FROM log")
        await tx.run("DELETE FROM log_head")
        for row in rows[1:]:
            await log.add(tx, ROOM, talk.clock.at, row["feature"], row["act"], row["who"], {})
    assert "está entero: 3 líneas" in await talk.answer("carla", "!historial comprobar")
    assert "Ninguna línea" in await talk.answer("carla", noted)
    assert "no es la marca" in await talk.answer("carla", "!historial comprobar hola")


async def test_marks_outlive_a_replaced_room(talk: Talk) -> None:
    await some(talk)
    await talk.room(NEW, "Nueva", ["ana", "bea", "carla"], {"ana": 50})
    await talk.says("ana", "!configurar prefijo +", room=NEW)
    await talk.says("ana", "sí", room=NEW)
    await talk.said()
    async with talk.machine.db.transaction() as tx:
        mark = (await log.check_log(tx, ROOM)).mark
        await room_moves.move_room(tx, ROOM, NEW)
    assert "entero: 4 líneas" in await talk.answer("carla", "+historial comprobar", room=NEW)
    assert "sigue" in await talk.answer("carla", f"+historial comprobar {mark}", room=NEW)
    await alter(talk, "DELETE FROM log WHERE id = 3")
    assert "del final" in await talk.answer("carla", "+historial comprobar", room=NEW)


def forgetter(folder: Path, person: UserId) -> Feature:

    feature = Feature("forgetter", folder)

    @feature.command(
        words("olvida", "esquece", "obliterate"),
        help=verbatim("x"),
        example=verbatim("x"),
        topic=Topic("f", words("olvidos", "esquecidos", "oblivion"), verbatim("x")),
    )
    async def forget(ctx: Context, *, text: str = "") -> Answer:
        await erasure.forget_person(ctx, person)
        return None

    return feature


async def test_of_who_is_gone_the_line_says_a_person_and_still_checks(tmp_path: Path) -> None:

    path = tmp_path / "m.db"
    talk = await Talk.start(path, [*features(), forgetter(tmp_path, user_id("bea"))])
    await some(talk)
    await talk.says("ana", "!olvida")
    await talk.said()
    assert "una persona: zona: Bogotá → Recife" in await talk.answer("carla", "!historial")
    assert "está entero: 3 líneas" in await talk.answer("carla", "!historial comprobar")
    await alter(talk, "UPDATE log SET facts = replace(facts, 'Recife', 'Lima') WHERE id = 2")
    assert "no encaja" in await talk.answer("carla", "!historial comprobar")
    await talk.close()


def council(folder: Path) -> Feature:
    """What changes the clock needs the room; the rest a moderator does alone."""

    feature = Feature("council", folder)

    @feature.offers(GOVERN)
    async def govern(ctx: Context, wish: ActRequest) -> Answer:
        if (wish.act, wish.of) == ("set", "timezone") and ctx.who != user_id("bea"):
            return verbatim(f"espera {sorted(wish.payload)}")
        return await run_act(ctx, wish)

    return feature


async def test_what_only_the_room_may_change_nobody_takes_back_alone(tmp_path: Path) -> None:

    known = [one for one in features() if "govern" not in one.services]
    talk = await Talk.start(tmp_path / "m.db", [*known, council(tmp_path)])
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla"], {"ana": 50, "bea": 50})
    assert "Cambiado" in await changes(talk, "!configurar doce-horas sí", "bea")
    assert "Cambiado" in await changes(talk, "!configurar zona Recife", "bea")
    assert "Bogotá → Recife" in await talk.answer("ana", "!deshacer")
    assert "espera ['undoes']" in await talk.answer("ana", "sí")
    assert "Recife" in await talk.answer("ana", "!configurar zona")
    assert "Deshecho: zona" in await changes(talk, "!deshacer", "bea")
    assert "Bogotá" in await talk.answer("ana", "!configurar zona")
    assert "Deshecho: doce-horas" in await changes(talk, "!deshacer", "ana")
    await talk.close()


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_what_moderators_do_to_other_peoples_things_has_its_line(talk: Talk) -> None:
    """What its author may do has none: it is no use of power."""
    for by, left in (("ana", True), ("bea", False)):
        for make, act, says in (
            (ASK, "!cerrar {n}", "cerró la encuesta {n}"),
            (ASK, "!extender {n} hasta el domingo 18h", "dio más tiempo a la encuesta {n}"),
            (ASK, "!cancelar {n}", "canceló {n}"),
            ("!cuando T jueves 18h, viernes 19h", "!elegir {n} 1", "la fecha de la encuesta {n}"),
            ("!evento Taller jueves 19h", "!turnos {n} 2 Cocina", "cambió el evento {n}"),
            ("!recordar mañana 17h; agua", "!cancelar {n}", "canceló {n}"),
            ("!recordar mañana 17h; agua", "!posponer {n} 2h", "pospuso el recordatorio {n}"),
        ):
            await talk.answer("bea", make)
            async with talk.machine.db.reading() as tx:
                row = await tx.one("SELECT max(number) AS n FROM item")
            assert row is not None
            await talk.answer(by, act.format(n=row["n"]))
            await talk.answer(by, "sí")
            heard = (await talk.answer("carla", "!historial")).splitlines()[0]
            found = re.search(f"Ana: .*{says.format(n=row['n'])}$", heard)
            assert (found is not None) is left, (act, heard)


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_what_who_when_and_why_of_every_line_can_be_read(talk: Talk) -> None:
    """No capability leaves a line that only the machine could read."""
    await test_forgetting.everything(talk)
    for room in (ROOM, test_forgetting.KITCHEN):
        heard = await talk.answer("ana", "!historial", room=room)
        page = 1
        while f"`!historial {page + 1}`" in heard:
            page += 1
            heard += "\n" + await talk.answer("ana", f"!historial {page}", room=room)
        features_ = "|".join(talk.machine.registry.features)
        assert "Ana: " in heard
        raw = [line for line in heard.splitlines() if re.search(rf": (?:{features_}), \w+$", line)]
        assert [line for line in raw if not line.endswith(": rooms, set")] == [], (
            "but the test's own"
        )


async def test_the_newest_lines_are_checked_by_themselves(talk: Talk) -> None:
    await some(talk)
    for sql, recent in (
        ("UPDATE log SET act = 'x' WHERE id = 3", False),
        ("UPDATE log SET act = 'x' WHERE id = 1", True),  # `check` in full finds it
        ("DELETE FROM log WHERE id = 1", False),
        ("UPDATE log_head SET hash = x'00'", False),
    ):
        with pytest.raises(LookupError):  # so that it is undone
            async with talk.machine.db.transaction() as tx:
                assert (await log.check_log(tx, ROOM, 2)).is_whole
                await tx.run(sql)
                assert (await log.check_log(tx, ROOM, 2)).is_whole is recent, sql
                assert not await log.is_whole(tx, ROOM), sql
                raise LookupError
