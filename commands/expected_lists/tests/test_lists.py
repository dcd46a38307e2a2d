"""An organisation's own list: its people come in without questions, and it is gone when it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.api import spreadsheets
from bot.testing.talk import ROOM, Talk, day_in_words, user_id
from bot.types import Media, Membership, Message, RoomId, UserId
from commands.expected_lists import list_parser
from storage.membership import room_state

DESK, DOOR = RoomId("!mesa:test"), RoomId("!puerta:test")
DORA, EVA = "@dora:lejos.org", "@eva:otra.net"
NOW = timedelta(0)
CSV = "Nombre;Matrix;Correo\r\nDora Ruiz;'@dora:lejos.org;dora@mail.org\r\nEva;;eva@mail.org\r\n"


async def press(talk: Talk) -> None:
    await talk.room(DESK, "Mesa", ["ana", "carla"], {"ana": 50})
    await talk.answer("ana", "!area agregar prensa")
    await talk.answer("ana", "!area agregar prensa", room=DESK)


async def own(talk: Talk, who: str, line: str) -> str:
    said = await talk.answer(who, line, room=await talk.private(who))
    await talk.wait(NOW)
    return "\n".join([said, *(p.plain for p in await talk.said())])


async def a_list(talk: Talk, *people: str, area: str = "prensa") -> str:
    await own(talk, "ana", "\n".join([f"lista {area}", *people]))
    return await own(talk, "ana", "sí")


def invited(talk: Talk, who: str = DORA) -> set[RoomId]:
    every = [p for p in talk.gateway.posted.values() if p.kind == "invite"]
    return {p.room for p in every if p.content["user"] == who}


async def a_door(talk: Talk) -> None:
    await talk.room(DOOR, "Vestíbulo", ["ana", "bea"], {"ana": 50}, join_rule="knock")


async def knocks(talk: Talk, who: str = DORA) -> str:
    await talk.moves(who, Membership.KNOCK, DOOR)
    await talk.wait(NOW)
    return "\n".join(p.plain for p in await talk.said())


async def clear(talk: Talk, *words: str) -> list[str]:
    """Which of these words stand anywhere in the database."""
    found = []
    async with talk.machine.db.reading() as tx:
        for table in await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'"):
            if table["name"] not in ("letter", "posted", "room", "member"):
                rows = await tx.all(f'SELECT * FROM "{table["name"]}"')  # noqa: S608
                found += [w for w in words if any(w in str(tuple(row)) for row in rows)]
    return found


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_it_is_shown_before_it_counts(talk: Talk) -> None:
    await press(talk)
    said = await own(talk, "ana", f"lista prensa hasta el viernes\n{DORA}\n@carla:test\nsin nombre")
    assert "Para “prensa”: 2 personas; ya en sus salas: 1" in said
    assert "Sin dirección: sin nombre" in said and day_in_words(2) in said
    assert "Lo dejé como estaba" in await own(talk, "ana", "no")
    assert "No hay ninguna lista" in await own(talk, "ana", "lista")


async def test_who_is_on_it_knocks_and_is_let_in_without_a_question(talk: Talk) -> None:
    await press(talk)
    await a_door(talk)
    await a_list(talk, DORA)
    await talk.restart()
    said = await knocks(talk)
    assert "Red de prueba te espera: estás en la lista para “prensa”" in said
    assert "1 de 1" not in said and "toca a la puerta" not in said
    assert invited(talk) == {ROOM, DESK, DOOR}
    assert "1 de 1" in await knocks(talk, EVA)
    assert "Dora: entró por la lista" in await talk.answer("carla", "!historial", room=DESK)


async def test_a_door_of_others_still_asks(talk: Talk) -> None:
    """Ana may not bring people there, so her list does not open it; Bea's moderators decide."""
    await press(talk)
    await talk.room(DOOR, "Vestíbulo", ["bea"], {"bea": 50}, join_rule="knock")
    await a_list(talk, DORA)
    assert "1 de 1" in await knocks(talk)
    assert invited(talk) == set()


async def test_who_is_on_it_may_write_to_the_bot_and_is_let_in(talk: Talk) -> None:
    await press(talk)
    await a_list(talk, DORA)
    for who, kind in ((EVA, "leave"), (DORA, "join")):
        await talk.invites(who, RoomId(f"!con-{who[1:]}"), direct=True)
        await talk.wait(timedelta(minutes=1))
        assert (await talk.sent())[-1].kind == kind
    private = await talk.private(DORA)
    await talk.moves("@minga:test", Membership.JOIN, private)
    await talk.wait(NOW)
    said = "\n".join(p.plain for p in await talk.said(private))
    assert "te espera" in said
    assert invited(talk) == {ROOM, DESK}
    await talk.wait(timedelta(hours=2))
    assert all(p.kind != "leave" for p in await talk.sent())


async def test_who_knocked_before_there_was_a_list_need_not_come_again(talk: Talk) -> None:
    await press(talk)
    await a_door(talk)
    assert "1 de 1" in await knocks(talk)
    said = await a_list(talk, DORA)
    assert "te espera" in said
    assert invited(talk) == {ROOM, DESK, DOOR}
    assert "en la pregunta" not in await own(talk, "ana", "solicitudes")


async def test_the_rules_come_first_and_are_shown_once(talk: Talk) -> None:
    await press(talk)
    await a_door(talk)
    await talk.says("ana", "!reglas cambiar Nos escuchamos.", room=DOOR)
    await talk.says("ana", "sí", room=DOOR)
    await a_list(talk, DORA)
    await talk.wait(timedelta(minutes=1))
    await talk.said()
    assert "Nos escuchamos" in await knocks(talk)
    assert invited(talk) == set()
    await own(talk, "ana", "solicitudes")  # looks for who waits outside
    await talk.wait(timedelta(hours=2))
    assert "Nos escuchamos" not in "\n".join(p.plain for p in await talk.said())
    await own(talk, DORA, "acepto")
    assert invited(talk) == {ROOM, DESK, DOOR}


async def test_it_shows_who_has_come(talk: Talk) -> None:
    await press(talk)
    await a_door(talk)
    await a_list(talk, DORA, EVA, "@carla:test")
    await knocks(talk)
    said = await own(talk, "ana", "lista 1")
    assert "han llegado 2 de 3" in said
    assert "Han llegado: @dora:lejos.org · @carla:test" in said
    assert "Todavía no: @eva:otra.net" in said
    assert "han llegado 2 de 3" in await own(talk, "ana", "lista")


async def test_people_are_taken_off_and_added(talk: Talk) -> None:
    await press(talk)
    await a_door(talk)
    await a_list(talk, DORA, EVA)
    assert "Fuera de la lista 1: 1 persona" in await own(talk, "ana", f"lista 1 quitar {DORA}")
    assert "Fuera de la lista 1: 0 personas" in await own(talk, "ana", f"lista 1 sacar {DORA}")
    assert "1 de 1" in await knocks(talk)
    said = await own(talk, "ana", f"lista 1 añadir {DORA} {EVA}")
    assert "Se suma a la lista 1: 1 persona" in said
    assert "te espera" in said  # she is at the door already
    assert "sumó 1 persona a la lista 1" in await talk.answer("bea", "!historial")


async def test_only_who_moderates_the_area_has_a_list_for_it(talk: Talk) -> None:
    await press(talk)
    assert "No puedes hacer una lista" in await own(talk, "bea", f"lista prensa {DORA}")
    await a_list(talk, DORA)
    for line in ("lista 1", f"lista 1 quitar {DORA}"):
        assert "No existe una lista 1 para ti" in await own(talk, "bea", line)
    assert DORA not in await own(talk, "bea", "lista")
    assert "no existe" in (await own(talk, "bea", "cancelar 1")).casefold()


async def test_who_does_not_moderate_any_more_lets_nobody_in(talk: Talk) -> None:
    await press(talk)
    await a_door(talk)
    await a_list(talk, DORA)
    levels = {"users": {user_id("ana"): 0, "@minga:test": 50}}
    event = {"type": "m.room.power_levels", "state_key": "", "content": levels}
    async with talk.machine.db.transaction() as tx:
        for room in (ROOM, DESK, DOOR):
            await room_state.apply_state(tx, room, [event], whole=False)
    assert "1 de 1" in await knocks(talk)
    assert invited(talk) == set()


async def test_typed_in_a_room_it_goes_on_in_private(talk: Talk) -> None:
    await press(talk)
    private = await talk.private("ana")
    await talk.says("ana", f"!lista prensa {DORA}")
    posts = await talk.sent()
    assert {p.room for p in posts if p.kind == "m.room.message"} == {private}
    assert any(p.kind == "redact" and p.room == ROOM for p in posts)


async def test_addresses_are_sealed_and_shredded_at_the_end(talk: Talk) -> None:
    await press(talk)
    await a_list(talk, DORA, EVA)
    assert await clear(talk, DORA, EVA) == []
    assert "borré sus direcciones" in await own(talk, "ana", "cancelar 1")
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT * FROM expected_lists_list") == []
        assert await tx.all("SELECT * FROM expected_lists_person") == []
    await a_door(talk)
    assert "1 de 1" in await knocks(talk)


async def test_it_ends_by_itself(talk: Talk) -> None:
    await press(talk)
    await own(talk, "ana", f"lista prensa hasta mañana\n{DORA}")
    await own(talk, "ana", "sí")
    await talk.restart(after=timedelta(days=3))
    await talk.wait(NOW)
    said = "\n".join(p.plain for p in await talk.said(await talk.private("ana")))
    assert "La lista 1 para “prensa” terminó: llegaron 0 de 1" in said
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT * FROM expected_lists_person") == []


async def test_it_can_be_undone(talk: Talk) -> None:
    await press(talk)
    await a_list(talk, DORA)
    await talk.answer("ana", "!deshacer")
    await talk.answer("ana", "sí")
    assert "No hay ninguna lista" in await own(talk, "ana", "lista")


async def test_where_a_list_alone_lets_nobody_in_those_who_decide_read_of_it(talk: Talk) -> None:
    await press(talk)
    await a_door(talk)
    await talk.set("list_admits", "no", RoomId(""))
    said = await own(talk, "ana", f"lista prensa {DORA}")
    assert "quien decide lee que están en ella" in said
    await own(talk, "ana", "sí")
    assert "1 de 1" in await knocks(talk)
    await own(talk, DORA, "por la radio")
    assert "Está en la lista 1, para “prensa”" in await own(talk, "ana", "solicitudes 2")


async def test_whoever_is_forgotten_is_on_no_list(talk: Talk) -> None:
    from commands.expected_lists import store

    await press(talk)
    await a_list(talk, DORA, EVA)
    async with talk.machine.db.transaction() as tx:
        assert len(await store.lists_with_person(tx, UserId(DORA), talk.clock.at)) == 1
        assert await store.forget_person(tx, UserId(DORA)) == 1
        assert await store.lists_with_person(tx, UserId(DORA), talk.clock.at) == []
    assert "0 de 1" in await own(talk, "ana", "lista")


async def test_a_file_is_read_with_it_or_in_reply_to_it(talk: Talk) -> None:
    await press(talk)
    private = await talk.private("ana")
    talk.gateway.files["mxc://test/lista"] = CSV.encode("cp1252")
    media = Media("mxc://test/lista", "lista.csv", "text/csv", len(CSV), {"v": "v2"})
    await talk.says("ana", "lista prensa", room=private, media=media)
    said = "\n".join(p.plain for p in await talk.said())
    assert "Para “prensa”: 1 persona" in said and "Sin dirección: Eva;;eva@mail.org" in said
    await talk.says("ana", "no", room=private)
    await talk.said()
    sent = await talk.says("ana", "lista.csv", room=private, media=media)
    await talk.said()
    await talk.says("ana", "lista prensa", room=private, reply=sent)
    assert "Para “prensa”: 1 persona" in "\n".join(p.plain for p in await talk.said())
    await talk.restart()
    assert "Lista 1 para “prensa”: 1 persona" in await own(talk, "ana", "dale")
    assert isinstance(talk.gateway.said[sent], Message)


def test_a_line_has_a_person_wherever_they_stand_in_it() -> None:
    listed = list_parser.parse_table(spreadsheets.decode_text(("﻿" + CSV).encode("utf-8")))
    assert listed.people == ("@dora:lejos.org",)
    assert listed.wrong == ("Eva;;eva@mail.org",)
    listed = list_parser.parse_typed("prensa @a:b.org, @c:d.org\n1) @e:f.org\n\nGuía")
    assert listed.head == "prensa"
    assert listed.people == ("@a:b.org", "@c:d.org", "@e:f.org")
    assert listed.wrong == ("Guía",)
    assert spreadsheets.decode_text("ñ".encode("utf-16")) == "ñ"
    assert spreadsheets.decode_text("ñ".encode("cp1252")) == "ñ"
