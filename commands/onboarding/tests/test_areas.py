"""Areas: who puts rooms together, who sees them, and what a moderator of one may not do."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Membership, RoomId, RoomUpgraded, Trust

DESK, PRESS = RoomId("!mesa:test"), RoomId("!prensa:test")


async def rooms(talk: Talk) -> None:
    """Ana moderates both rooms of the area; Bea moderates another room alone."""
    await talk.room(DESK, "Mesa", ["ana", "carla"], {"ana": 50})
    await talk.room(PRESS, "Prensa", ["bea"], {"bea": 50})
    await talk.answer("ana", "!area agregar prensa")
    await talk.answer("ana", "!area agregar prensa", room=DESK)


async def test_the_rooms_of_an_area_are_told_where_it_is(talk: Talk) -> None:
    assert "todavía no hay áreas" in await talk.answer("bea", "!area")
    await rooms(talk)
    for line in ("!area", "!área", "!areas", "!area prensa", "!area PRENSA"):
        assert "prensa: 2 salas: Sala · Mesa" in await talk.answer("bea", line)
    assert "todavía no hay áreas" in await talk.answer("bea", "!area", room=PRESS)
    assert "No existe el área “prensa” aquí" in await talk.answer("bea", "!area prensa", room=PRESS)
    assert "prensa: 2 salas" in await talk.answer("carla", "area", room=await talk.private("carla"))
    gone = await talk.answer("eva", "area", room=await talk.private("eva"))
    assert "todavía no hay áreas" in gone


async def test_only_moderators_change_areas_and_only_into_their_own(talk: Talk) -> None:
    await rooms(talk)
    assert "No puedes" in await talk.answer("bea", "!area agregar otra")
    said = await talk.answer("bea", "!area agregar prensa", room=PRESS)
    assert "No puedes sumar una sala a “prensa”" in said
    assert "Prensa" not in await talk.answer("ana", "!area prensa")
    said = await talk.answer("bea", "!area quitar prensa", room=PRESS)
    assert "No existe el área" in said
    await talk.answer("bea", "!area agregar radio", room=PRESS)
    assert "radio: 1 sala: Prensa" in await talk.answer("bea", "!area", room=PRESS)


async def test_it_is_logged_in_every_room_and_can_be_undone(talk: Talk) -> None:
    await rooms(talk)
    assert "agregó la sala “Mesa” al área “prensa”" in await talk.answer("bea", "!historial")
    assert "agregó esta sala al área “prensa”" in await talk.answer("ana", "!historial", room=DESK)
    await talk.answer("ana", "!deshacer", room=DESK)
    await talk.answer("ana", "sí", room=DESK)
    assert "prensa: 1 sala: Sala" in await talk.answer("ana", "!area")
    await talk.answer("ana", "!area quitar prensa")
    assert "todavía no hay áreas" in await talk.answer("ana", "!area")
    await talk.answer("ana", "!deshacer")
    await talk.answer("ana", "sí")
    assert "prensa: 1 sala: Sala" in await talk.answer("ana", "!area")


async def test_what_was_taken_out_comes_back_only_with_the_others_yes(talk: Talk) -> None:
    await talk.room(PRESS, "Prensa", ["ana", "bea"], {"ana": 50, "bea": 50})
    await talk.answer("ana", "!area agregar prensa")
    await talk.answer("ana", "!area agregar prensa", room=PRESS)
    await talk.answer("bea", "!area quitar prensa", room=PRESS)
    await talk.answer("bea", "!deshacer", room=PRESS)
    assert "No puedes sumar" in await talk.answer("bea", "sí", room=PRESS)


async def test_a_name_is_a_name(talk: Talk) -> None:
    for line, heard in {
        "!area agregar": "Falta el nombre",
        "!area agregar 57": "Falta el nombre",
        "!area agregar a b c d": "hasta tres palabras",
        "!area agregar @ana:test": "hasta tres palabras",
        "!area agregar " + "x" * 31: "30 letras",
        "!area presna": "No existe el área “presna” aquí",
    }.items():
        assert heard in await talk.answer("ana", line), line
    await talk.answer("ana", "!area agregar Coordinación")
    said = await talk.answer("ana", "!area coordinacoin")
    assert "La más parecida: `Coordinación`" in said


async def test_an_upgraded_room_stays_in_its_areas(talk: Talk) -> None:
    await talk.answer("ana", "!area agregar prensa")
    new = await talk.room(RoomId("!new:test"), "Nueva", ["ana"], {"ana": 50})
    await talk.happens(
        RoomUpgraded(ROOM, EventId("$up"), user_id("ana"), talk.clock.at, new, True, True)
    )
    await talk.said()
    assert "prensa: 1 sala: Nueva" in await talk.answer("ana", "!area", room=new)


# --- leaving --------------------------------------------------------------------------------------


async def removed(talk: Talk, name: str) -> set[RoomId]:
    return {
        p.room for p in await talk.sent() if p.kind == "kick" and p.content["user"] == user_id(name)
    }


async def test_leaving_the_network_is_confirmed_and_says_what_stays(talk: Talk) -> None:
    await rooms(talk)
    private = await talk.private("carla")
    said = await talk.answer("carla", "salir", room=private)
    assert "Sales de 2 salas: Mesa · Sala" in said
    assert "Lo que guardo de ti se queda" in said
    await talk.restart()
    await talk.says("carla", "dale", room=private)
    assert await removed(talk, "carla") == set()
    await talk.says("carla", "sí", room=private)
    assert await removed(talk, "carla") == {ROOM, DESK}


async def test_no_is_no_and_a_question_is_stopped_by_the_same_word(talk: Talk) -> None:
    private = await talk.private("carla")
    await talk.says("carla", "!salir", room=private)
    await talk.says("carla", "salir", room=private)
    assert "No cambié nada" in "\n".join(p.plain for p in await talk.said())
    await talk.says("carla", "sí", room=private)
    assert await removed(talk, "carla") == set()


async def test_leaving_an_area_leaves_its_rooms(talk: Talk) -> None:
    await rooms(talk)
    await talk.room(PRESS, "Radio", ["carla", "bea"], {"bea": 50})
    private = await talk.private("carla")
    await talk.says("carla", "salir prensa", room=private)
    await talk.says("carla", "sí", room=private)
    assert await removed(talk, "carla") == {ROOM, DESK}
    said = await talk.answer("carla", "salir nada", room=private)
    assert "No existe el área “nada” aquí" in said
    assert "Para salir de todas tus salas: `salir`" in said


async def test_where_the_bot_may_not_remove_people_it_says_how(talk: Talk) -> None:
    await talk.room(DESK, "Mesa", ["carla"], bot_power=0)
    private = await talk.private("carla")
    await talk.says("carla", "!sair", room=private)
    await talk.says("carla", "sim", room=private)
    posts = await talk.sent()
    assert {p.room for p in posts if p.kind == "kick"} == {ROOM}
    assert any("De estas sales en tu aplicación" in p.plain and "Mesa" in p.plain for p in posts)
    await talk.moves("carla", Membership.LEAVE)
    said = await talk.answer("carla", "!salir", room=private)
    assert "No tengo permiso para sacarte de estas salas: Mesa" in said


@pytest.mark.parametrize(
    "line",
    [
        *("quiero salir de la red", "salir de la red", "salir de todo", "salir del grupo"),
        *("salir de todas las salas", "quiero salir", "me voy del grupo"),
        *("salir todas las salas", "salir todas las salas ya", "sair tudo agora"),
        *("quero sair da rede", "sair da rede", "sair do grupo", "quero sair", "sair de tudo"),
        *("leave the group", "leave all rooms", "leave the network", "i want to leave"),
        *("salir del grupo ya", "leave the group please"),
        *("i'm leaving the group", "I want to leave the network"),
    ],
)
async def test_who_wants_to_leave_is_offered_the_rooms_and_no_deletion(
    talk: Talk, line: str
) -> None:
    await talk.room(PRESS, "Cocina", ["ana", "bea", "carla"], {"ana": 50})
    await talk.tells("carla", line)
    said = (await talk.said())[-1].plain
    assert "Sales de 2 salas: Cocina · Sala" in said
    assert "Para salir de una sola: `salir Cocina`" in said
    assert "hasta que escribas `borrarme`" in said and "¿Sigo?" in said
    await talk.tells("carla", "sí")
    assert await removed(talk, "carla") == {PRESS, ROOM}


@pytest.mark.parametrize(
    "line",
    [
        *("salir cocina", "leave cocina", "leave the cocina room"),
        *("quiero salir de la sala cocina", "quiero salir del chat de cocina ya"),
        *("me quiero salir del grupo de cocina", "sácame del equipo cocina"),
        *("quero sair da sala da cocina", "quero sair do grupo cocina", "me tira do time cocina"),
        *("take me out of the cocina group", "remove me from the cocina chat now"),
    ],
)
async def test_one_room_is_left_by_its_name(talk: Talk, line: str) -> None:
    await talk.room(PRESS, "Cocina", ["ana", "bea", "carla"], {"ana": 50})
    await talk.tells("carla", line)
    assert (await talk.said())[-1].plain.startswith("Sales de 1 sala: Cocina\n")
    await talk.tells("carla", "sí")
    assert await removed(talk, "carla") == {PRESS}


async def test_a_name_that_two_rooms_have_is_no_way_to_leave_one(talk: Talk) -> None:
    await talk.room(PRESS, "Cocina", ["ana", "carla"], {"ana": 50})
    await talk.room(DESK, "Sala de Cocina", ["ana", "carla"], {"ana": 50})
    await talk.tells("carla", "salir de la cocina")
    said = (await talk.said())[-1].plain
    assert "Sales de 2 salas: Cocina · Sala de Cocina" in said
    assert "`salir Cocina`" not in said
    await talk.tells("carla", "no")
    await talk.tells("carla", "salir")
    said = (await talk.said())[-1].plain
    assert "Sales de 3 salas: Cocina · Sala · Sala de Cocina" in said
    assert "Para salir de una sola: `salir Sala`" in said
    await talk.tells("carla", "no")
    await talk.tells("carla", "salir Sala")
    await talk.tells("carla", "sí")
    assert await removed(talk, "carla") == {ROOM}


@pytest.mark.parametrize(
    "line",
    [
        *("sáquenme de la casa", "sácame de casa", "necesito salir de la casa ya"),
        *("me voy de casa", "quiero irme de la casa", "salgo de casa", "salir de la casa"),
        *("preciso sair de casa", "me tira de casa", "me tirem da casa", "sair da casa"),
        *("get me out of the casa", "i need to leave the casa now", "take me out of casa"),
    ],
)
async def test_who_may_want_out_of_a_house_hears_of_help_before_the_room(
    talk: Talk, line: str
) -> None:
    await talk.room(PRESS, "Casa", ["ana", "bea", "carla"], {"ana": 50})
    await talk.tells("carla", line)
    said = (await talk.said())[-1].plain
    assert said.startswith("En peligro: `pánico`.")
    assert "\nSales de 1 sala: Casa\n" in said
    await talk.tells("carla", "sí")
    assert await removed(talk, "carla") == {PRESS}


async def test_where_the_bot_may_not_remove_them_they_hear_of_help_too(talk: Talk) -> None:
    await talk.room(PRESS, "Casa", ["carla"], bot_power=0)
    await talk.tells("carla", "sáquenme de la casa")
    said = (await talk.said())[-1].plain
    assert said.startswith("En peligro: `pánico`.") and "No tengo permiso" in said


async def test_who_wants_to_get_out_of_something_else_is_offered_help(talk: Talk) -> None:
    await talk.tells("carla", "quiero salir de mi casa")
    assert "Si hay peligro: `pánico`" in (await talk.said())[-1].plain
    await talk.tells("carla", "quiero salir de la sala de prensa")
    assert "No existe el área “prensa” aquí." in (await talk.said())[-1].plain


async def test_talk_in_a_room_about_leaving_one_is_left_alone(talk: Talk) -> None:
    await talk.room(PRESS, "Cocina", ["ana", "bea", "carla"], {"ana": 50})
    await talk.says("carla", "quiero salir de la cocina")
    assert await talk.sent() == []


async def test_talk_in_a_room_about_going_is_no_line_for_the_bot(talk: Talk) -> None:
    """Else who has no signed device would read a ✗ below it, and it would count as a tap."""
    for line in (
        *("me voy a dormir", "hola, me voy de la sala 2 a la 3", "salgo de trabajar a las 6"),
        *("vou sair mais cedo hoje", "preciso sair agora", "i need to leave early today"),
        *("me voy de la cocina", "i'm leaving the office now", "quiero irme temprano"),
    ):
        await talk.says("carla", line, trust=Trust.UNSIGNED)
        assert await talk.sent() == [], line


async def test_a_call_for_help_is_heard_although_it_begins_like_leaving(talk: Talk) -> None:
    await talk.says("carla", "quiero salir de aquí me va a matar")
    told = (await talk.said())[-1]
    assert told.room != ROOM and "¿Aviso" in told.plain


async def test_an_area_votes_in_a_decision(talk: Talk) -> None:
    """`votan: coordinación`: of those who are here, who is in one of its rooms."""
    await talk.room(RoomId("!coord:test"), "Mesa", ["ana", "carla"], {"ana": 50})
    await talk.says("ana", "!area agregar coordinación", room=RoomId("!coord:test"))
    await talk.said()
    opening = await talk.answer("ana", "!propuesta Compramos la olla votan: coordinacion")
    assert "Pueden votar 2 personas" in opening
    assert "No puedes votar" in await talk.answer("bea", "!votar 1 a favor")
    assert "Anotado" in await talk.answer("carla", "!votar 1 a favor")
