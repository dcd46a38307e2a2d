"""One poll in many rooms: asked once, seen natively in each, counted once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk, find_number, user_id
from bot.types import RoomId
from storage import rooms

KITCHEN, GARDEN = RoomId("!kitchen:test"), RoomId("!garden:test")
ASKED = "!encuesta ¿Qué día? martes, jueves en: Cocina, Huerta"
AT_ONCE = timedelta(0)


async def three_rooms(talk: Talk) -> None:
    """Ana moderates all three; Bea is in two of them, Dora and Elsa are in one."""
    await talk.room(KITCHEN, "Cocina", ["ana", "bea", "dora"], {"ana": 50})
    await talk.room(GARDEN, "Huerta", ["ana", "elsa"], {"ana": 50})


async def asked(talk: Talk, line: str = ASKED) -> tuple[int, dict[str, PostedEvent]]:
    """Ask and agree; return the number and the native poll of each room."""
    await talk.says("ana", line)
    await talk.sent()
    await talk.says("ana", "sí")
    await talk.wait(AT_ONCE)
    posts = await talk.sent()
    number = find_number(next(p for p in posts if p.kind == "m.room.message"))
    return number, {p.room: p for p in posts if p.is_poll}


async def heard_in(talk: Talk) -> dict[str, str]:
    """What each room heard since the last call, after what was due was done."""
    await talk.wait(AT_ONCE)
    heard: dict[str, str] = {}
    for post in await talk.said():
        heard[post.room] = heard.get(post.room, "") + post.plain + "\n"
    return heard


async def test_one_poll_is_native_in_each_room_and_counted_once(talk: Talk) -> None:
    await three_rooms(talk)
    number, polls = await asked(talk)
    assert set(polls) == {ROOM, KITCHEN, GARDEN}
    await talk.taps("carla", polls[ROOM], 1)
    await talk.taps("dora", polls[KITCHEN], 2)
    await talk.taps("elsa", polls[GARDEN], 2)
    assert "martes: 1" in await talk.answer("carla", f"!resultados {number}")
    assert "jueves: 2" in await talk.answer("elsa", f"!resultados {number}", room=GARDEN)


async def test_before_a_yes_it_says_how_many_rooms_and_people(talk: Talk) -> None:
    await three_rooms(talk)
    shown = await talk.answer("ana", ASKED)
    assert "aquí y en 2 salas más: Cocina · Huerta" in shown
    assert "En todas estas salas juntas hay 5 personas." in shown
    assert "Lo dejé como estaba" in await talk.answer("ana", "no")
    assert (await heard_in(talk)) == {}


async def test_each_room_acts_on_it_as_on_its_own(talk: Talk) -> None:
    await three_rooms(talk)
    number, _polls = await asked(talk)
    assert "jueves" in await talk.answer("dora", f"!votar {number} 2", room=KITCHEN)
    assert "martes" in await talk.answer("elsa", "!votar martes", room=GARDEN)
    assert f"{number}" in await talk.answer("elsa", "!pendientes", room=GARDEN)
    assert "jueves: 1" in await talk.answer("dora", "!resultados", room=KITCHEN)


async def test_in_private_it_is_pending_once(talk: Talk) -> None:
    await three_rooms(talk)
    await asked(talk)
    told = await talk.answer("bea", "pendientes", room=await talk.private("bea"))
    assert told.count("¿Qué día?") == 1
    assert ("Cocina:" in told) != ("Sala:" in told), "nothing else is open in the other room"


async def test_who_is_in_several_rooms_votes_once_and_is_told(talk: Talk) -> None:
    await three_rooms(talk)
    number, polls = await asked(talk)
    await talk.taps("bea", polls[ROOM], 1)
    assert await heard_in(talk) == {}
    await talk.taps("bea", polls[KITCHEN], 2)
    (told,) = await talk.hears("Una persona tiene un voto: cuenta este, el último.")
    assert told.room == await talk.private("bea")
    await talk.taps("bea", polls[ROOM], 2)
    await talk.hears_nothing()
    assert "1 de 5 personas" in await talk.answer("carla", f"!resultados {number}")


async def test_a_room_has_its_own_count(talk: Talk) -> None:
    await three_rooms(talk)
    number, polls = await asked(talk)
    await talk.taps("carla", polls[ROOM], 1)
    await talk.taps("bea", polls[ROOM], 1)
    await talk.taps("bea", polls[KITCHEN], 2)  # moves to the other room
    await talk.sent()
    await talk.tells("ana", f"votar {number} 2")  # belongs to the first of hers
    await talk.sent()
    told = await talk.answer("ana", f"!resultados {number} salas")
    assert "Sala: martes: 1 · jueves: 1" in told
    assert "Cocina: martes: 0 · jueves: 1" in told
    assert "Aún sin votos de 1 sala." in told
    theirs = await talk.answer("elsa", f"!results {number} rooms", room=GARDEN)
    assert "Cocina" not in theirs and "una sala en la que no estás: " in theirs


async def test_rooms_beyond_those_listed_are_counted_together(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.poll_book.room_counts.MOST_SHOWN", 1)
    await three_rooms(talk)
    number, polls = await asked(talk)
    await talk.taps("carla", polls[ROOM], 1)
    await talk.taps("bea", polls[ROOM], 1)
    await talk.taps("dora", polls[KITCHEN], 2)
    await talk.taps("elsa", polls[GARDEN], 1)
    told = await talk.answer("ana", f"!resultados {number} salas")
    assert "Sala: martes: 2 · jueves: 0" in told
    assert "2 salas más, juntas: martes: 1 · jueves: 1" in told


async def test_counts_of_rooms_are_as_hidden_as_the_counts(talk: Talk) -> None:
    await three_rooms(talk)
    number, polls = await asked(talk, ASKED + " sin-parciales")
    await talk.taps("carla", polls[ROOM], 1)
    told = await talk.answer("ana", f"!resultados {number} salas")
    assert "martes" not in told and "al final" in told


async def test_the_end_is_said_in_each_room_and_the_native_poll_goes(talk: Talk) -> None:
    await three_rooms(talk)
    number, polls = await asked(talk)
    await talk.taps("dora", polls[KITCHEN], 2)
    await talk.says("ana", f"!cerrar {number}")
    await talk.wait(AT_ONCE)
    posts = await talk.sent()
    assert {p.room for p in posts if p.kind == "redact"} == {ROOM, KITCHEN, GARDEN}
    won = [p for p in posts if "gana jueves" in p.plain]
    assert {p.room for p in won} >= {ROOM, KITCHEN, GARDEN}
    assert len({p.room for p in posts}) == 3


async def test_more_time_is_said_in_each_room(talk: Talk) -> None:
    await three_rooms(talk)
    number, _polls = await asked(talk, ASKED + " hasta en 2 días")
    await talk.says("ana", f"!extender {number} en 5 días", room=KITCHEN)
    heard = await heard_in(talk)
    assert all("más tiempo" in heard[room] for room in (ROOM, KITCHEN, GARDEN))


async def test_a_cancelled_one_ends_in_each_room(talk: Talk) -> None:
    await three_rooms(talk)
    number, _polls = await asked(talk)
    await talk.says("ana", f"!cancelar {number}", room=GARDEN)
    await talk.says("ana", "sí", room=GARDEN)
    heard = await heard_in(talk)
    assert all("cancel" in heard[room] for room in (ROOM, KITCHEN, GARDEN))


# --- who may -------------------------------------------------------------------------------------


async def test_a_room_that_somebody_else_moderates_is_left_out_and_said(talk: Talk) -> None:
    await three_rooms(talk)
    await talk.room(RoomId("!press:test"), "Prensa", ["ana", "eva"], {"eva": 50})
    shown = await talk.answer("ana", ASKED + ", Prensa")
    assert "Sin 1 sala que no moderas: Prensa" in shown
    assert "!configurar avisos-de-red sí" in shown
    await talk.answer("ana", "sí")
    assert "!press:test" not in await heard_in(talk)


async def test_a_member_cannot_ask_elsewhere(talk: Talk) -> None:
    await three_rooms(talk)
    told = await talk.answer("bea", "!encuesta ¿Qué día? martes, jueves en: Cocina")
    assert "Sin 1 sala que no moderas: Cocina" in told
    assert "Encuesta" not in told
    assert await heard_in(talk) == {}


async def test_a_room_can_let_the_network_ask_in_it(talk: Talk) -> None:
    press = await talk.room(RoomId("!press:test"), "Prensa", ["eva", "gil"], {"eva": 50})
    line = "!encuesta ¿Qué día? martes, jueves en: todas"
    assert "Sin 1 sala" in await talk.answer("ana", line)  # Ana is one of the network's moderators
    await talk.answer("eva", "!configurar avisos-de-red sí", room=press)
    await talk.answer("eva", "sí", room=press)
    _number, polls = await asked(talk, line)
    assert press in polls


async def test_a_room_where_the_bot_may_not_write_is_left_out(talk: Talk) -> None:
    await three_rooms(talk)
    mute = await talk.room(RoomId("!mute:test"), "Muda", ["ana"], {"ana": 100}, bot_power=0)
    await talk.state(
        mute, "m.room.power_levels", {"users": {user_id("ana"): 100}, "events_default": 50}
    )
    shown = await talk.answer("ana", ASKED + ", Muda")
    assert "Sin 1 sala donde no puedo escribir: Muda" in shown


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (ASKED.replace("Cocina, Huerta", "nada"), "No conozco"),
        (ASKED.replace("Cocina, Huerta", "Sala"), "Es esta misma sala"),
        (ASKED + " secreta", "se queda en una sala"),
        (ASKED + " votan: @bea:test", "vota quien está en ellas"),
    ],
)
async def test_what_cannot_be_is_told(talk: Talk, line: str, said: str) -> None:
    await three_rooms(talk)
    assert said in await talk.answer("ana", line)
    assert await heard_in(talk) == {}


@pytest.mark.parametrize(
    "line",
    [
        "!encuesta ¿Qué día? martes, jueves en: Cocina, Huerta",
        "!encuesta ¿Qué día nos vemos? martes / jueves  en : cocina , huerta",
        '!encuesta "¿Qué día?" "martes" "jueves" en:Cocina,Huerta',
        "!enquete Que dia? terça, quinta em: Cocina; Huerta até amanhã 18h",
        "!poll Which day? Tuesday, Thursday in: Cocina | Huerta",
        "!poll Which day? Tuesday, Thursday in: todas",
        "!propuesta Firmamos la carta en: Huerta, cocina hasta mañana 18h",
        '!proposta "Assinamos a carta" em: todas',
        "!encuesta ¿Qué día? martes, jueves en: todas las salas cierra: mañana 6pm",
        "!cuando Reunión mañana 18h, mañana 19h en: Cocina, Huerta",
    ],
)
async def test_it_is_typed_as_people_type(talk: Talk, line: str) -> None:
    await three_rooms(talk)
    _number, polls = await asked(talk, line)
    assert set(polls) == {ROOM, KITCHEN, GARDEN}


# --- rooms that change ---------------------------------------------------------------------------


async def test_a_person_of_no_room_may_not_see_it(talk: Talk) -> None:
    await three_rooms(talk)
    other = await talk.room(RoomId("!press:test"), "Prensa", ["eva"], {"eva": 50})
    number, _polls = await asked(talk)
    assert "No existe el número" in await talk.answer("eva", f"!votar {number} 1", room=other)


async def test_a_vote_of_a_lost_room_counts(talk: Talk) -> None:
    await three_rooms(talk)
    number, polls = await asked(talk)
    await talk.taps("elsa", polls[GARDEN], 2)
    async with talk.machine.db.transaction() as tx:
        await rooms.mark_left(tx, GARDEN)
    told = await talk.answer("ana", f"!resultados {number} salas")
    assert "jueves: 1" in told
    await talk.says("ana", f"!cerrar {number}")
    heard = await heard_in(talk)
    assert "gana jueves" in heard[ROOM] and GARDEN not in heard
