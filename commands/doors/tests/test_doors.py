"""Doors: a knock, questions in private, sealed answers, a decision; floods and restarts."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import ROOM, Talk, day_in_words
from bot.types import Membership, RoomId
from storage.membership import room_state

DOOR, MODS, DESK = RoomId("!puerta:test"), RoomId("!mod:test"), RoomId("!mesa:test")
DORA = "@dora:lejos.org"
NOW = timedelta(0)


async def a_door(talk: Talk, *, chosen: bool = True) -> None:
    """Ana moderates the door; Carla is in the moderators' room; Bea is a member."""
    await talk.room(DOOR, "Vestíbulo", ["ana", "bea"], {"ana": 50}, join_rule="knock")
    await talk.room(MODS, "Moderación", ["ana", "carla"], {"ana": 50})
    if chosen:
        await talk.set("moderation", "yes", MODS)


async def knocks(talk: Talk, who: str = DORA, room: RoomId = DOOR) -> str:
    await talk.moves(who, Membership.KNOCK, room)
    await talk.wait(NOW)
    return "\n".join(p.plain for p in await talk.said())


async def types(talk: Talk, who: str, what: str) -> str:
    """What the bot says to it, everywhere."""
    await talk.tells(who, what)
    await talk.wait(NOW)
    return "\n".join(p.plain for p in await talk.said())


def acts(talk: Talk, kind: str) -> list[tuple[RoomId, str]]:
    found = [p for p in talk.gateway.posted.values() if p.kind == kind]
    return [(p.room, str(p.content.get("user", ""))) for p in found]


async def clear(talk: Talk, *words: str) -> list[str]:
    """Which of these words stand anywhere in the database."""
    found = []
    async with talk.machine.db.reading() as tx:
        for table in await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'"):
            if table["name"] == "letter":
                continue  # what is on its way to be read
            rows = await tx.all(f'SELECT * FROM "{table["name"]}"')  # noqa: S608
            found += [w for w in words if any(w in str(tuple(row)) for row in rows)]
    return found


async def test_a_stranger_is_asked_answers_and_is_let_in(talk: Talk) -> None:
    await a_door(talk)
    said = await knocks(talk)
    assert "la puerta de Red de prueba, “Vestíbulo”" in said
    assert "1 de 1: ¿Cómo supiste" in said
    said = await types(talk, DORA, "por la radio de Bea")
    assert "Gracias" in said
    assert "las respuestas: solo quienes moderan" in await types(talk, DORA, "!visible 1")
    assert "1: Dora (@dora:lejos.org), “Vestíbulo”: espera una decisión desde" in said
    assert "por la radio de Bea" not in said and "`!admitir 1`" in said
    assert "“por la radio de Bea”" in await types(talk, "carla", "solicitudes 1")
    said = await talk.answer("carla", "!admitir 1", room=MODS)
    assert "Solicitud 1" in said and "Te estoy invitando a: Vestíbulo" in said
    assert acts(talk, "invite") == [(DOOR, DORA)]
    assert len(acts(talk, "redact")) == 1  # the answers, which Carla read
    assert "admitió la solicitud 1" in await talk.answer("bea", "!historial", room=DOOR)
    assert "ya se decidió" in await talk.answer("carla", "!rechazar 1", room=MODS)


async def test_answers_are_sealed_and_gone_after_the_decision(talk: Talk) -> None:
    await a_door(talk)
    await talk.answer("ana", '!preguntas agregar "¿Quién eres?"', room=DOOR)
    await talk.answer("ana", '!preguntas agregar "¿De dónde?"', room=DOOR)
    await knocks(talk)
    await types(talk, DORA, "palabra-secreta")
    assert await clear(talk, "palabra-secreta") == []
    await types(talk, DORA, "otra-palabra")
    assert await clear(talk, "palabra-secreta", "otra-palabra") == []
    assert "“palabra-secreta”" in await types(talk, "carla", "solicitudes 1")
    await talk.answer("ana", "!admitir 1", room=DOOR)
    async with talk.machine.db.reading() as tx:
        for table in ("doors_key", "doors_answer"):
            assert await tx.all(f"SELECT * FROM {table}") == []  # noqa: S608
    assert "ya se decidió" in await types(talk, "carla", "solicitudes 1")


async def test_two_questions_in_portuguese_while_the_room_is_spanish(talk: Talk) -> None:
    await a_door(talk)
    await talk.answer("ana", "!preguntas agregar ¿Cómo supiste de la red?", room=DOOR)
    await talk.answer("ana", "!preguntas agregar ¿Vives cerca? sí, no", room=DOOR)
    await knocks(talk)
    said = await types(talk, DORA, "idioma pt")
    assert "1 de 2: ¿Cómo supiste de la red?" in said and "São 2 perguntas" in said
    assert "2 de 2" in await types(talk, DORA, "pela Bia da rádio")
    said = await types(talk, DORA, "sim")
    assert "Obrigad" not in said and "agradecemos" in said
    assert "“pela Bia da rádio”" in await types(talk, "carla", "solicitudes 1")


async def test_it_is_killed_between_every_two_steps(talk: Talk) -> None:
    await a_door(talk)
    await talk.answer("ana", "!preguntas agregar ¿Primera?", room=DOOR)
    await talk.answer("ana", "!preguntas agregar ¿Segunda?", room=DOOR)
    heard = []
    for step in (
        lambda: talk.moves(DORA, Membership.KNOCK, DOOR),
        lambda: talk.tells(DORA, "una"),
        lambda: talk.tells(DORA, "dos"),
        lambda: talk.says("ana", "!admitir 1", room=DOOR),
    ):
        await step()
        await talk.restart()
        await talk.wait(NOW)
        await talk.restart()
        heard += [p.plain for p in await talk.said()]
        await talk.restart()
        await talk.wait(timedelta(seconds=1))
        heard += [p.plain for p in await talk.said()]
    text = "\n".join(heard)
    for once in (
        "1 de 2: ¿Primera?",
        "2 de 2: ¿Segunda?",
        "Gracias",
        "1 solicitud espera",
        "Te estoy inv",
    ):
        assert text.count(once) == 1, (once, text)
    assert acts(talk, "invite") == [(DOOR, DORA)]


async def test_choices_and_long_answers_are_asked_again(talk: Talk) -> None:
    await a_door(talk)
    await talk.answer("ana", '!preguntas agregar "¿Qué tema?" "Agua" "Tierra"', room=DOOR)
    await talk.answer("ana", "!preguntas agregar ¿Algo más?", room=DOOR)
    said = await knocks(talk)
    assert "1) Agua" in said and "2) Tierra" in said
    assert "2 de 2" in await types(talk, DORA, "tierra")
    assert "hasta 1000 letras" in await types(talk, DORA, "x" * 1001)
    await types(talk, DORA, "nada más")
    said = await types(talk, "carla", "solicitudes 1")
    assert "“Tierra”" in said and "“nada más”" in said


async def test_it_can_be_stopped_gone_on_with_and_corrected(talk: Talk) -> None:
    await a_door(talk)
    await talk.answer("ana", "!preguntas agregar ¿Primera?", room=DOOR)
    await talk.answer("ana", "!preguntas agregar ¿Segunda?", room=DOOR)
    await knocks(talk)
    await types(talk, DORA, "una")
    assert "Paré" in await types(talk, DORA, "cancelar")
    await talk.restart()
    await talk.wait(timedelta(days=5))
    assert "2 de 2: ¿Segunda?" in await types(talk, DORA, "solicitudes")
    await types(talk, DORA, "dos")
    assert "¿Primera?" in await types(talk, DORA, "respuesta 1")
    assert "Anotado" in await types(talk, DORA, "uno")
    said = await types(talk, "carla", "solicitudes 1")
    assert "“uno”" in said and "“una”" not in said
    assert "No existe" in await types(talk, DORA, "respuesta 3")
    assert "alguien decide" in await types(talk, DORA, "solicitudes")


async def test_a_no_is_kind_and_the_reason_stays_inside(talk: Talk) -> None:
    await a_door(talk)
    await knocks(talk)
    await types(talk, DORA, "soy Dora")
    await talk.says("carla", "!rechazar 1 es de la competencia", room=MODS)
    said = "\n".join(p.plain for p in await talk.said(await talk.private(DORA)))
    assert "leyó tus respuestas con atención" in said
    assert day_in_words(90) in said and "competencia" not in said
    assert (DOOR, DORA) in acts(talk, "kick")
    log = await talk.answer("bea", "!historial", room=DOOR)
    assert "rechazó la solicitud 1" in log and "competencia" not in log
    assert await clear(talk, "competencia") == []
    await talk.moves(DORA, Membership.LEAVE, DOOR)
    assert "Puedes volver a pedir" in await knocks(talk)
    await talk.moves(DORA, Membership.LEAVE, DOOR)
    await talk.wait(timedelta(days=90))
    await talk.said()
    assert "1 de 1" in await knocks(talk)


async def test_only_those_who_decide_see_and_decide(talk: Talk) -> None:
    await a_door(talk)
    await knocks(talk)
    await types(talk, DORA, "mi respuesta")
    for line in ("!admitir 1", "!rechazar 1", "!solicitudes 1"):
        said = await talk.answer("bea", line, room=DOOR)
        assert "No existe la solicitud 1" in said and "mi respuesta" not in said, line
    said = await talk.answer("ana", "!solicitudes 1", room=DOOR)
    assert "mi respuesta" not in said and "`solicitudes 1`" in said
    assert acts(talk, "invite") == []
    assert "Nadie está" in await types(talk, "bea", "solicitudes")
    assert "No existe la solicitud 1" in await types(talk, DORA, "admitir 1")


async def test_without_a_chosen_room_answers_are_only_read_in_private(talk: Talk) -> None:
    await a_door(talk, chosen=False)
    await knocks(talk)
    said = await types(talk, DORA, "mi respuesta")
    assert "1: Dora" in said and "mi respuesta" not in said
    assert "“mi respuesta”" in await types(talk, "ana", "solicitudes 1")
    assert "No existe" in await types(talk, "carla", "solicitudes 1")


async def test_the_list_says_who_is_at_which_step(talk: Talk) -> None:
    await a_door(talk)
    await knocks(talk)
    await knocks(talk, "@eva:lejos.org")
    await types(talk, DORA, "soy Dora")
    said = await talk.answer("carla", "!solicitudes", room=MODS)
    assert "1: Dora (@dora:lejos.org), “Vestíbulo”: espera una decisión desde" in said
    assert "2: Eva (@eva:lejos.org), “Vestíbulo”: en la pregunta 1 de 1 desde" in said
    await talk.says("ana", "!solicitudes")
    (here, aside) = await talk.said()
    assert "Dora" not in here.plain and "Dora" in aside.plain and aside.room != ROOM


async def test_who_goes_away_or_is_let_in_by_hand_is_no_request_any_more(talk: Talk) -> None:
    await a_door(talk)
    for now in (Membership.LEAVE, Membership.INVITE, Membership.BAN):
        await knocks(talk)
        await types(talk, DORA, "mi respuesta")
        await talk.moves(DORA, now, DOOR, by="ana")
        await talk.said()
        assert "Nadie espera" in await talk.answer("carla", "!solicitudes", room=MODS)
        async with talk.machine.db.reading() as tx:
            assert await tx.all("SELECT * FROM doors_answer") == []


async def test_after_thirty_days_the_answers_are_gone(talk: Talk) -> None:
    await a_door(talk)
    await knocks(talk)
    await types(talk, DORA, "mi respuesta")
    await talk.wait(timedelta(days=30))
    assert "borré lo que respondiste" in "\n".join(p.plain for p in await talk.said())
    async with talk.machine.db.reading() as tx:
        for table in ("doors_key", "doors_answer"):
            assert await tx.all(f"SELECT * FROM {table}") == []  # noqa: S608


async def test_a_second_knock_asks_nothing_twice(talk: Talk) -> None:
    await a_door(talk)
    await knocks(talk)
    async with talk.machine.db.transaction() as tx:
        event = {"type": "m.room.member", "state_key": DORA, "content": {"membership": "leave"}}
        await room_state.apply_state(tx, DOOR, [event], whole=False)
    assert await knocks(talk) == ""


async def test_a_room_into_which_others_come_without_asking_is_a_door_too(talk: Talk) -> None:
    """Who is in a space comes in alone; everybody else knocks."""
    await talk.room(DOOR, "Vestíbulo", ["ana"], {"ana": 50}, join_rule="knock_restricted")
    assert "1 de 1: ¿Cómo supiste" in await knocks(talk)


async def test_rooms_that_are_no_doors_stay_shut(talk: Talk) -> None:
    await talk.room(DOOR, "Cerrada", ["ana"], {"ana": 50}, join_rule="invite")
    assert await knocks(talk) == ""
    await talk.room(MODS, "Débil", ["ana"], {"ana": 50}, join_rule="knock", bot_power=-1)
    assert await knocks(talk, room=MODS) == ""
    assert await knocks(talk, room=await talk.private("bea")) == ""


async def test_one_servers_flood_waits_outside_and_is_counted(talk: Talk) -> None:
    await a_door(talk)
    for n in range(120):
        await talk.moves(f"@p{n}:malo.org", Membership.KNOCK, DOOR)
    await knocks(talk)
    said = [p for p in await talk.said() if p.room == MODS]
    async with talk.machine.db.reading() as tx:
        rows = await tx.all("SELECT person FROM doors_request")
    assert len(rows) == 51 and DORA in {row["person"] for row in rows}
    asked = [p for p in talk.gateway.posted.values() if "gente de malo.org toca" in p.plain]
    assert len(asked) == 1 and asked[0].room == MODS and said == []
    listed = await talk.answer("carla", "!solicitudes", room=MODS)
    assert "Fuera de “Vestíbulo”: 70 personas de malo.org" in listed
    for n in range(1, 41):
        await talk.says("carla", f"!rechazar {n}", room=MODS)
        await talk.moves(f"@p{n - 1}:malo.org", Membership.LEAVE, DOOR)
    await talk.wait(timedelta(minutes=3))
    async with talk.machine.db.reading() as tx:
        assert len(await tx.all("SELECT * FROM doors_request")) == 91
    await talk.wait(timedelta(days=1, minutes=3))  # who never answers keeps nobody waiting
    async with talk.machine.db.reading() as tx:
        assert len(await tx.all("SELECT * FROM doors_request")) == 121


async def test_who_knocked_before_the_bot_could_open_is_asked_too(talk: Talk) -> None:
    await talk.room(DOOR, "Vestíbulo", ["ana"], {"ana": 50}, bot_power=-1, join_rule="knock")
    await talk.moves(DORA, Membership.KNOCK, DOOR)
    await talk.hears_nothing()
    levels = {"users": {"@ana:test": 50, "@minga:test": 50}}
    event = {"type": "m.room.power_levels", "state_key": "", "content": levels}
    async with talk.machine.db.transaction() as tx:
        await room_state.apply_state(tx, DOOR, [event], whole=False)
    listed = await types(talk, "ana", "solicitudes")
    assert "1 persona de lejos.org" in listed and "1 de 1: ¿Cómo supiste" in listed


async def test_the_rooms_of_the_doors_areas_come_with_it(talk: Talk) -> None:
    await a_door(talk)
    await talk.room(DESK, "Mesa", ["ana"], {"ana": 50})
    await talk.answer("ana", "!area agregar general", room=DOOR)
    await talk.answer("ana", "!area agregar general", room=DESK)
    await talk.answer("ana", "!area agregar prensa")
    await knocks(talk)
    await types(talk, DORA, "soy Dora")
    await talk.says("ana", "!admitir 1 nada", room=DOOR)
    await talk.says("ana", "!admitir 1", room=DOOR)
    await talk.sent()
    assert set(acts(talk, "invite")) == {(DOOR, DORA), (DESK, DORA)}
    await knocks(talk, "@eva:lejos.org")
    await types(talk, "@eva:lejos.org", "soy Dora")
    await talk.says("ana", "!admitir 4 prensa", room=DOOR)
    await talk.sent()
    assert set(acts(talk, "invite")) >= {(DOOR, "@eva:lejos.org"), (ROOM, "@eva:lejos.org")}
    assert (DESK, "@eva:lejos.org") not in acts(talk, "invite")


async def test_questions_are_the_moderators_and_can_be_undone(talk: Talk) -> None:
    await a_door(talk)
    assert "No puedes" in await talk.answer("bea", "!preguntas agregar ¿Sí?", room=DOOR)
    assert "¿Cómo supiste de" in await talk.answer("bea", "!preguntas", room=DOOR)
    assert "nadie puede tocar" in await talk.answer("bea", "!preguntas")
    await talk.answer("ana", "!preguntas agregar ¿Una?", room=DOOR)
    said = await talk.answer("ana", "!perguntas adicionar ¿Dos? sí, no", room=DOOR)
    assert "2) ¿Dos? (sí o no)" in said
    assert "1) ¿Dos?" in await talk.answer("ana", "!questions remove 1", room=DOOR)
    await talk.answer("ana", "!deshacer", room=DOOR)
    await talk.answer("ana", "sí", room=DOOR)
    assert "2) ¿Dos?" in await talk.answer("bea", "!preguntas", room=DOOR)
    for n in range(8):
        await talk.answer("ana", f"!preguntas agregar ¿Otra {n}?", room=DOOR)
    for line, heard in (
        ("!preguntas agregar ¿Once?", "10 preguntas"),
        *((f"!preguntas quitar{which}", "¿Cuál?") for which in (" 11", "")),
    ):
        assert heard in await talk.answer("ana", line, room=DOOR), line
    await talk.answer("ana", "!preguntas quitar 1", room=DOOR)
    assert "Falta la pregunta" in await talk.answer("ana", "!preguntas agregar", room=DOOR)
    assert "letras" in await talk.answer("ana", "!preguntas agregar " + "x" * 301, room=DOOR)


async def test_a_question_is_added_in_whichever_form_and_nothing_is_passed_over(talk: Talk) -> None:
    await a_door(talk)
    assert "1) ¿Una?" in await talk.answer("ana", "!preguntas añade ¿Una?", room=DOOR)
    assert "2) ¿Dos?" in await talk.answer("ana", "!preguntas agrega ¿Dos?", room=DOOR)
    assert "1) ¿Dos?" in await talk.answer("ana", "!preguntas quita 1", room=DOOR)
    for line in ("!preguntas ¿Dónde vives?", "!preguntas “¿Dónde vives?” “Cerca” “Lejos”"):
        said = await talk.answer("ana", line, room=DOOR)
        assert "No entendí “¿Dónde vives?" in said and "`!preguntas agregar" in said
    assert "1) ¿Dos?" in await talk.answer("ana", "!preguntas", room=DOOR)
