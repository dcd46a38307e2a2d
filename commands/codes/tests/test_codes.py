"""Invitation codes: made by moderators, typed by strangers, guessed by nobody."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import RoomId, Trust, UserId
from commands.codes import code_syntax
from storage.membership import room_state

DESK = RoomId("!mesa:test")
DORA = "@dora:lejos.org"


async def press(talk: Talk) -> None:
    await talk.room(DESK, "Mesa", ["ana", "carla"], {"ana": 50})
    await talk.answer("ana", "!area agregar prensa")
    await talk.answer("ana", "!area agregar prensa", room=DESK)


async def made(talk: Talk, line: str = "codigo prensa") -> str:
    said = await talk.answer("ana", line, room=await talk.private("ana"))
    found = re.search(r"`([A-Z2-9]{4}-[A-Z2-9]{4})`", said)
    assert found, said
    return found[1]


async def types(talk: Talk, who: str, what: str) -> str:
    return await talk.answer(who, what, room=await talk.private(who))


def invited(talk: Talk) -> list[tuple[RoomId, str]]:
    return [
        (p.room, str(p.content["user"])) for p in talk.gateway.posted.values() if p.kind == "invite"
    ]


async def heard(talk: Talk) -> str:
    await talk.wait(timedelta(seconds=1))
    return "\n".join(p.plain for p in await talk.said())


@pytest.mark.parametrize(
    "typed",
    [
        *("{}", "codigo {}", "código: {}", "code {}", "!codigo {}", "tengo un código {}"),
        *("hola, me dieron este código: {}, gracias", "mi código es {}", "o código é {}."),
        *("hi! my code is {}, thank you", "tenho um código “{}”", "el codigo ({})"),
    ],
)
async def test_a_stranger_comes_into_the_rooms_of_the_area(talk: Talk, typed: str) -> None:
    await press(talk)
    code = await made(talk)
    said = await types(talk, DORA, typed.format(code.lower().replace("-", " ")))
    assert "prensa" in said
    await talk.restart()
    assert set(invited(talk)) == {(ROOM, DORA), (DESK, DORA)}
    assert "Tienes invitaciones: Sala · Mesa" in await heard(talk)
    assert "usó el código 1" in await talk.answer("bea", "!historial")


async def test_a_code_has_a_number_of_uses_and_an_end(talk: Talk) -> None:
    await press(talk)
    code = await made(talk, "codigo prensa usos:2 vence:3d")
    for who in (DORA, DORA, "@eva:lejos.org"):
        assert "prensa" in await types(talk, who, code)
        await heard(talk)
    assert "no abre nada" in await types(talk, "@luz:lejos.org", code)
    other = await made(talk, "codigo prensa usos:2 vence:3d")
    await talk.wait(timedelta(days=3, seconds=1))
    assert "no abre nada" in await types(talk, "@luz:lejos.org", other)


async def test_it_is_taken_back_by_its_number_or_undone_from_a_room(talk: Talk) -> None:
    await press(talk)
    code, second = await made(talk), await made(talk)
    assert "Código 2, “prensa”: usos que quedan: 10" in await types(talk, "ana", "codigo")
    assert "no abre" in await types(talk, "ana", "cancelar 1")
    assert "no abre nada" in await types(talk, DORA, code)
    await talk.answer("ana", "!deshacer", room=DESK)
    await talk.answer("ana", "sí", room=DESK)
    assert invited(talk) == []
    assert "no abre nada" in await types(talk, DORA, second)


async def test_only_who_moderates_a_room_of_the_area_makes_one(talk: Talk) -> None:
    await press(talk)
    assert "No puedes hacer un código" in await types(talk, "carla", "codigo prensa")
    assert "No existe el área" in await types(talk, "@eva:lejos.org", "codigo prensa")


async def test_typed_in_a_room_it_is_answered_in_private(talk: Talk) -> None:
    await press(talk)
    typed = await talk.says("ana", "!codigo prensa")
    posts = await talk.sent()
    assert [p.content["redacts"] for p in posts if p.kind == "redact"] == [typed]
    assert all(p.room != ROOM for p in posts if "`" in p.plain)


async def test_guessing_is_slow_and_says_nothing(talk: Talk) -> None:
    await press(talk)
    code = await made(talk)
    for _ in range(5):
        assert "no abre nada" in await types(talk, DORA, code_syntax.new_code())
    assert "muchos intentos" in await types(talk, DORA, code)
    assert invited(talk) == []
    await talk.restart()
    assert "muchos intentos" in await types(talk, DORA, code)
    await talk.wait(timedelta(hours=1, seconds=1))
    assert "prensa" in await types(talk, DORA, code)


async def test_the_code_itself_is_kept_nowhere(talk: Talk) -> None:
    await press(talk)
    code = await made(talk)
    async with talk.machine.db.reading() as tx:
        tables = await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")
        for table in tables:
            for row in await tx.all(f'SELECT * FROM "{table["name"]}"'):  # noqa: S608
                assert code not in str(tuple(row)), table["name"]


async def test_a_code_in_a_room_and_words_like_one_are_talk(talk: Talk) -> None:
    await press(talk)
    code = await made(talk)
    for trust in (Trust.SIGNED, Trust.UNSIGNED):  # a ✗ below it would point at it
        await talk.says("bea", code, trust=trust)
        assert await talk.sent() == []
    for line in ("cafe frio", "computer", "mi código es secreto", "sala 2345"):
        assert "no abre nada" not in await types(talk, "bea", line) or line == "sala 2345"


async def test_who_made_it_and_moderates_no_more_lets_nobody_in(talk: Talk) -> None:

    await press(talk)
    code = await made(talk)
    levels = {"users": {"@minga:test": 50}, "invite": 50}
    event = {"type": "m.room.power_levels", "state_key": "", "content": levels}
    async with talk.machine.db.transaction() as tx:
        for room in (ROOM, DESK):
            await room_state.apply_state(tx, room, [event], whole=False)
    await types(talk, DORA, code)
    said = await heard(talk)
    assert invited(talk) == []
    assert "Todavía no pude invitarte" in said and "En “Mesa” no puedes invitar" in said


async def test_what_fails_is_told_to_who_made_it_and_tried_again(talk: Talk) -> None:
    await press(talk)
    code = await made(talk)
    talk.gateway.uninvitable = {UserId(DORA): "M_UNKNOWN"}
    await types(talk, DORA, code)
    said = await heard(talk)
    assert "quizá esa dirección no existe: @dora:lejos.org" in said
    talk.gateway.uninvitable = {}
    await talk.restart()
    await talk.wait(timedelta(hours=1))
    await talk.sent()
    assert set(invited(talk)) == {(ROOM, DORA), (DESK, DORA)}
    assert "Tienes invitaciones: Sala · Mesa" in await heard(talk)
    await talk.wait(timedelta(hours=2))
    await talk.hears_nothing()


async def test_who_takes_no_invitations_hears_how_to_let_them_in(talk: Talk) -> None:
    await press(talk)
    code = await made(talk)
    talk.gateway.uninvitable = {UserId(DORA): "M_INVITE_BLOCKED"}
    await types(talk, DORA, code)
    said = await heard(talk)
    assert "Tu aplicación no recibe invitaciones: permítelas en sus ajustes" in said
    assert "Su aplicación no recibe invitaciones, para “Mesa”" in said, "who made the code reads it"
    talk.gateway.uninvitable = {}
    await talk.wait(timedelta(hours=1))
    await talk.sent()
    assert "Tienes invitaciones: Sala · Mesa" in await heard(talk)


# --- strangers who write to the bot ---------------------------------------------------------------


async def door(talk: Talk, who: str) -> str:
    await talk.invites(who, RoomId(f"!con-{who[1:]}"), direct=True)
    await talk.wait(timedelta(minutes=1))
    return (await talk.sent())[-1].kind


async def test_strangers_may_write_while_a_code_is_open(talk: Talk) -> None:
    await press(talk)
    assert await door(talk, DORA) == "leave"
    await made(talk, "codigo prensa usos:1")
    assert await door(talk, DORA) == "join"
    await talk.answer("ana", "!deshacer", room=DESK)
    await talk.answer("ana", "sí", room=DESK)
    assert await door(talk, "@eva:lejos.org") == "leave"


async def test_one_server_takes_half_of_the_places_at_most(talk: Talk) -> None:
    await press(talk)
    await made(talk, "codigo prensa usos:30")
    doors = [await door(talk, f"@p{n}:malo.org") for n in range(60)]
    assert doors.count("join") == 20
    assert await door(talk, DORA) == "join"


async def test_a_stranger_without_a_code_is_left_after_an_hour(talk: Talk) -> None:
    await press(talk)
    code = await made(talk)
    for name in (DORA, "@eva:lejos.org"):
        room = await talk.private(name)
        await talk.invites(name, room, direct=True)
    await types(talk, DORA, code)
    await talk.sent()
    await talk.restart()
    await talk.wait(timedelta(hours=1, seconds=1))
    posts = await talk.sent()
    left = [p.room for p in posts if p.kind == "leave"]
    assert left == [await talk.private("@eva:lejos.org")]
