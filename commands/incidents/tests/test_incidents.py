"""Incidents and appeals: who reads them, who settles them, and what is never there."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import ROOM, START_TIME, Talk, user_id
from bot.types import RoomId

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CARE = RoomId("!cuidado:test")
WORDS = "otra vez mensajes feos de noche"


async def a_team(talk: Talk, *people: str) -> None:
    """A room of the care team's."""
    await talk.room(CARE, "Cuidado", people or ("dora", "eva"))
    await talk.set("care", "yes", CARE)


async def told(talk: Talk) -> dict[str, str]:
    """What was said since, by reader: a person, `equipo` or `sala`."""
    names = ("ana", "bea", "carla", "dora", "eva")
    rooms: dict[RoomId, str] = {await talk.private(who): who for who in names}
    rooms |= {CARE: "equipo", ROOM: "sala"}
    found: dict[str, str] = {}
    for post in await talk.said():
        reader = rooms[post.room]
        found[reader] = f"{found.get(reader, '')}{post.plain}\n"
    return found


async def tells(talk: Talk, who: str, line: str) -> dict[str, str]:
    await talk.tells(who, line)
    return await told(talk)


async def test_from_what_happened_to_what_came_of_it(talk: Talk) -> None:
    await a_team(talk)
    await talk.says("bea", f"!incidente {WORDS}")
    posts = await talk.sent()
    assert [p.kind for p in posts if p.room == ROOM] == ["redact"]
    private = await talk.private("bea")
    mine = next(p for p in posts if p.room == private)
    assert "Lo recibió el equipo de cuidado: incidente 1" in mine.plain
    assert "Borré tu mensaje de la sala" in mine.plain
    team = next(p for p in posts if p.room == CARE)
    assert f"Incidente 1, de Bea: {WORDS}" in team.plain and "@bea:test" not in team.plain
    await talk.tells("bea", "y hoy también", reply=mine)
    assert "Bea agrega al incidente 1: y hoy también" in (await told(talk))["equipo"]
    await talk.says("eva", "qué feo", reply=team, room=CARE)
    await talk.hears_nothing()
    await talk.says("eva", "!atender", reply=team, room=CARE)
    said = await told(talk)
    assert "Eva (@eva:test) atiende el incidente 1 y te va a escribir" in said["bea"]
    assert "Anotado: atiendes el incidente 1" in said["equipo"]
    assert "Lo contó Bea (@bea:test)" in said["equipo"]  # who writes to them needs it
    assert "Primero alguien lo toma" in (await tells(talk, "dora", "resolver 1 listo"))["dora"]
    assert "Falta cómo terminó" in (await tells(talk, "eva", "resolver 1"))["eva"]
    said = await tells(talk, "eva", "hablamos con las dos personas")
    assert "Eva dice: hablamos con las dos personas" in said["bea"] and "apelar 1" in said["bea"]
    assert "El incidente 1 está resuelto" in said["equipo"] and "hablamos" not in said["equipo"]


async def test_the_words_are_sealed_and_go_with_their_key(talk: Talk) -> None:
    await a_team(talk)
    await tells(talk, "bea", f"incidente {WORDS}")
    async with talk.machine.db.reading() as tx:
        for row in await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'"):
            rows = [tuple(r) for r in await tx.all(f"SELECT * FROM {row['name']}")]  # noqa: S608
            assert "feos" not in repr(rows), row["name"]
    assert WORDS in (await tells(talk, "bea", "incidente 1"))["bea"]
    await tells(talk, "eva", "atender 1")
    await tells(talk, "eva", "resolver 1 listo")
    await talk.wait(30 * DAY + HOUR)
    async with talk.machine.db.reading() as tx:
        for table in ("incidents_incident", "incidents_part", "item"):
            assert not await tx.all(f"SELECT 1 FROM {table}"), table  # noqa: S608


async def test_nobody_outside_of_the_team_sees_that_it_is_there(talk: Talk) -> None:
    await a_team(talk)
    await tells(talk, "bea", f"incidente {WORDS}")
    for line in ("incidente 1", "atender 1", "resolver 1 listo", "apelar 1 porque sí"):
        assert "No existe el número 1" in (await tells(talk, "carla", line))["carla"], line
    assert "No existe" in (await tells(talk, "bea", "atender 1"))["bea"]  # not one's own
    assert "No hay nada abierto" in await talk.answer("ana", "!pendientes")
    assert "Incidente 1" in await talk.answer("eva", "!pendientes", room=CARE)


async def test_whom_it_is_about_reads_nothing_though_in_the_team(talk: Talk) -> None:
    await a_team(talk, "dora", "eva", "carla")
    said = await tells(talk, "bea", "incidente @carla:test me insulta")
    assert set(said) == {"bea", "dora", "eva"}
    assert "No existe" in (await tells(talk, "carla", "incidente 1"))["carla"]
    assert "No existe" in (await tells(talk, "carla", "atender 1"))["carla"]
    assert "No hay nada abierto" in await talk.answer("carla", "!pendientes", room=CARE)
    said = await tells(talk, "dora", "atender 1")
    assert set(said) == {"bea", "dora", "eva"}
    await talk.wait(8 * DAY)
    assert set(await told(talk)) == {"dora"}


async def test_where_no_team_was_chosen_the_networks_moderators_are_told(talk: Talk) -> None:
    said = await tells(talk, "bea", f"incidente {WORDS}")
    assert set(said) == {"bea", "ana"} and WORDS in said["ana"]
    assert "Lo recibió la moderación de la red: incidente 1" in said["bea"]
    assert (
        "todavía no tiene equipo de cuidado" in said["bea"] and "Quién lo lee: Ana" in said["bea"]
    )
    said = await tells(talk, "bea", "incidente @ana:test me grita")
    assert "Aquí no hay otra persona que lo pueda ver. No guardé nada" in said["bea"]
    assert said["bea"].startswith("No se muestra a: Ana.")
    assert "decida la sala" not in said["bea"] and set(said) == {"bea"}


async def test_who_waits_is_not_forgotten_and_restarts_say_how_late(talk: Talk) -> None:
    await a_team(talk)
    await talk.room(RoomId("!mods:test"), "Mods", ["ana"], {"ana": 50})
    await talk.set("moderation", "yes", RoomId("!mods:test"))
    await tells(talk, "bea", f"incidente {WORDS}")
    await talk.restart(after=DAY + 2 * HOUR)
    await talk.wait(timedelta(0))
    said = (await told(talk))["equipo"]
    assert "El incidente 1 espera desde hace 1 día" in said and "con retraso de 2 h" in said
    await talk.wait(DAY)
    posts = {p.room: p.plain for p in await talk.said()}
    assert "Algo espera al equipo de cuidado" in posts[RoomId("!mods:test")]
    assert "feos" not in posts[RoomId("!mods:test")]
    await tells(talk, "eva", "atender 1")
    await talk.wait(7 * DAY + HOUR)
    assert "Atiendes el incidente 1" in (await told(talk))["eva"]
    for _day in range(20):
        await talk.wait(DAY)
    assert (await told(talk))["eva"].count("Atiendes") == 6


# --- appeals --------------------------------------------------------------------------------------


async def muted(talk: Talk) -> None:
    await talk.says("ana", "!silenciar @bea:test 10 días gritos")
    await talk.sent()


async def test_an_appeal_goes_to_others_than_who_decided_and_takes_effect(talk: Talk) -> None:
    await a_team(talk, "ana", "dora", "bea")
    await muted(talk)
    assert "Falta por qué" in (await tells(talk, "bea", "apelar 1"))["bea"]
    said = await tells(talk, "bea", "fue otra persona")
    assert set(said) == {"bea", "dora"}
    assert "Apelación 2 sobre el número 1, de Bea: fue otra persona" in said["dora"]
    assert "Ya hay una apelación" in (await tells(talk, "bea", "apelar 1 otra vez"))["bea"]
    for who in ("ana", "bea", "eva"):
        assert "No existe" in (await tells(talk, who, "atender 2"))[who]
    await tells(talk, "dora", "atender 2")
    assert "Empieza por lo que se decide" in (await tells(talk, "dora", "resolver 2 sí"))["dora"]
    said = await tells(talk, "dora", "resolver 2 levantar: no estaba")
    assert "Ya puedes volver a escribir en “Sala”" in said["bea"]
    assert user_id("bea") not in talk.gateway.state[ROOM, "m.room.power_levels", ""]["users"]
    assert "levantó el número 1" in await talk.answer("carla", "!historial")


async def test_what_is_kept_stays_and_a_settled_incident_can_be_appealed(talk: Talk) -> None:
    await a_team(talk)
    await muted(talk)
    await tells(talk, "bea", "apelar 1 fue otra persona")
    await tells(talk, "eva", "atender 2")
    said = await tells(talk, "eva", "resolver 2 mantener, hay testigos")
    assert "mantener, hay testigos" in said["bea"] and "apelar" not in said["bea"]
    assert talk.gateway.state[ROOM, "m.room.power_levels", ""]["users"][user_id("bea")] == -1
    await tells(talk, "bea", f"incidente {WORDS}")
    assert "No existe" in (await tells(talk, "bea", "apelar 3 x"))["bea"]  # it is still open
    await tells(talk, "eva", "atender 3")
    await tells(talk, "eva", "resolver 3 nada")
    said = await tells(talk, "bea", "apelar 3 no me escucharon")
    assert set(said) == {"bea", "dora"}
    assert "No existe" in (await tells(talk, "eva", "atender 4"))["eva"]


async def test_without_a_team_a_rooms_other_moderators_look_at_an_appeal(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea", "eva"], {"ana": 50, "eva": 50})
    await muted(talk)
    said = await tells(talk, "bea", "apelar 1 fue otra persona")
    assert set(said) == {"bea", "eva"}
    await tells(talk, "eva", "atender 2")
    assert "volver a escribir" in (await tells(talk, "eva", "resolver 2 levantar"))["bea"]


async def test_a_call_for_help_leads_to_the_care_team(talk: Talk) -> None:
    for line in ("necesito ayuda", "preciso de ajuda", "need help"):
        assert "`incidente` y lo que pasó" in (await tells(talk, "bea", line))["bea"]
    assert talk.clock.at == START_TIME.at


async def test_a_no_to_the_question_what_happened_is_no_incident(talk: Talk) -> None:
    for line in ("incidente", "denuncia", "incidente no"):
        await talk.tells("bea", line)
        await talk.sent()
        await talk.tells("bea", "no")
        await talk.sent()
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT 1 FROM incidents_incident") == []
