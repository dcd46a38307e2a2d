"""`!visible`, `who can see 1`: who can see one thing, in the words of people in a hurry."""

from __future__ import annotations

import re

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import RoomId

KITCHEN = RoomId("!cocina:test")
ASKED = {
    "es": """quien puede ver la 1
        quién ve el evento 1?
        quienes pueden leer la 1
        es publica la 1
        visible 1""",
    "pt": """quem pode ver a 1
        quem vê o evento 1?
        quem consegue ver a 1
        é pública a 1
        visível 1""",
    "en": """who can see 1
        who sees event 1?
        who can read 1
        is 1 public
        visible 1""",
}
ANSWERED = {
    "es": ("quien esté en “Sala”, ahora o después", "No es público."),
    "pt": ("quem estiver em “Sala”, agora ou depois", "Não é público."),
    "en": ("whoever is in “Sala”, now or later", "It is not public."),
}


@pytest.mark.parametrize(
    ("language", "line"),
    [(code, line.strip()) for code, lines in ASKED.items() for line in lines.splitlines()],
)
async def test_who_sees_a_thing_is_answered(talk: Talk, language: str, line: str) -> None:
    await talk.set("language", language)
    await talk.says("ana", "!event Tea in 3 days 11:00")
    await talk.sent()
    said = await talk.answer("bea", f"minga, {line}")
    assert "1, “Tea”:" in said
    assert all(part in said for part in ANSWERED[language])


async def test_in_a_reply_this_is_the_thing(talk: Talk) -> None:
    await talk.says("ana", "!evento Asado en 3 días 11:00")
    post = (await talk.sent())[-1].event
    assert "Pueden ver 1, “Asado”:" in await talk.answer("bea", "!quién ve esto", reply=post)
    assert "Leo todos los mensajes" in await talk.answer("bea", "!quién ve esto")


async def test_what_is_public_is_said_to_be_so(talk: Talk) -> None:
    await talk.says("ana", "!evento Asado en 3 días 11:00")
    await talk.sent()
    await talk.says("ana", "!publicar 1")
    await talk.sent()
    await talk.says("ana", "sí")
    await talk.sent()
    said = await talk.answer("bea", "!quién puede ver la 1")
    assert re.search(r"todo el mundo: es público desde el .*`!retirar 1`", said)
    assert "No es público" not in said


async def test_other_rooms_are_counted_where_others_read_along(talk: Talk) -> None:
    await talk.room(KITCHEN, "Cocina", ["ana", "bea"], {"ana": 50})
    for line in ("!avisar a todas las salas: Hay feria", "sí", "sí"):
        await talk.says("ana", line)
        await talk.sent()
    said = await talk.answer("bea", "!quién puede ver la 1")
    assert "quien esté en 1 sala más" in said and "Cocina" not in said
    private = await talk.private("bea")
    said = await talk.answer("bea", "quién puede ver la 1", room=private)
    assert "“Sala”" in said and "“Cocina”" in said
    private = await talk.private("carla")
    said = await talk.answer("carla", "quién puede ver la 1", room=private)
    assert "“Sala”" in said and "quien esté en 1 sala más" in said and "Cocina" not in said


async def test_ones_own_reminder_is_ones_own_and_hidden_from_others(talk: Talk) -> None:
    private = await talk.private("bea")
    await talk.says("bea", "recordar en 2 horas; llamar", room=private)
    await talk.sent()
    said = await talk.answer("bea", "quién puede ver la 1", room=private)
    assert "tú, aquí en privado" in said and "Sala" not in said
    assert "No existe el número 1 aquí" in await talk.answer("carla", "!quién puede ver la 1")


@pytest.mark.parametrize(
    ("line", "wide"),
    [
        ("!ofrezco carpas toda la red", True),
        ("!necesito carpas toda la red", True),
        ("!ofrezco carpas", False),
        ("!presto carpa de la red", True),
        ("!presto carpa de la sala", False),
        ("!guardar guía Cómo cuidarnos #cuidado visible:red", True),
        ("!guardar guía Cómo cuidarnos #cuidado", False),
    ],
)
async def test_what_is_for_the_whole_network_is_said_to_be_so(
    talk: Talk, line: str, wide: bool
) -> None:
    await talk.says("ana", line)
    await talk.sent()
    if wide:
        await talk.says("ana", "sí")
        await talk.sent()
    said = await talk.answer("ana", "!visible 1", room=ROOM)
    assert ("quien esté en cualquier sala de esta red" in said) is wide
    assert ("quien esté en “Sala”" in said) is not wide


@pytest.mark.parametrize("line", ["quién ve a mi hija", "quem vê isso de longe", "who can see him"])
async def test_what_names_no_thing_is_no_question_about_one(talk: Talk, line: str) -> None:
    said = await talk.answer("bea", line, room=await talk.private("bea"))
    assert "Pueden ver" not in said and "Falta" not in said


@pytest.mark.parametrize(
    ("language", "lines", "called"),
    [
        ("es", ("pánico me siguen", "quien puede ver la 1"), "a quienes llamé: Ana (@ana:test)"),
        ("pt", ("socorro", "quem vê a 1"), "quem chamei: Ana (@ana:test)"),
        ("en", ("panic", "who can see 1?"), "whom I called: Ana (@ana:test)"),
    ],
)
async def test_whom_a_call_for_help_rang_for_is_said_to_the_caller_alone(
    talk: Talk, language: str, lines: tuple[str, str], called: str
) -> None:
    await talk.answer("bea", f"idioma {language}", room=await talk.private("bea"))
    await talk.tells("bea", lines[0])
    await talk.sent()
    assert called in await talk.answer("bea", lines[1], room=await talk.private("bea"))
    await talk.says("bea", f"!{lines[1]}")
    posts = await talk.said()
    assert [called in post.plain for post in posts] == [post.room != ROOM for post in posts]
    assert "@ana:test" not in await talk.answer("carla", lines[1], room=await talk.private("carla"))


async def test_whom_a_late_return_is_told_to_is_said_to_who_set_it(talk: Talk) -> None:
    await talk.tells("bea", "regreso en 2 horas @carla:test")
    await talk.sent()
    said = await talk.answer("bea", "!visible 1", room=await talk.private("bea"))
    assert "si no escribes `ok` a tiempo, quienes nombraste: Carla (@carla:test)" in said
    await talk.says("bea", "!visible 1")
    posts = await talk.said()
    assert ["@carla:test" in p.plain for p in posts] == [p.room != ROOM for p in posts]


async def test_nobody_is_named_where_others_read_the_answer(talk: Talk) -> None:
    """Such a thing stands in no such room; if it ever does, it still names nobody there."""
    await talk.set("time_bank", "own", RoomId(""))
    private = await talk.private("bea")
    hours = ("horas 2 a @carla", "sí")
    danger = ("pánico me siguen", "regreso en 2 horas @carla:test")
    for line in ("incidente mensajes feos", *danger, *hours):
        await talk.says("bea", line, room=private)
    await talk.sent()
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE item SET room = ?", ROOM)
    for number in (1, 2, 3, 4):
        said = await talk.answer("bea", f"!visible {number}")
        assert f"Pueden ver {number}:" in said and "“Sala”" in said
        assert not re.search("Ana|Carla|@ana|@carla", said)
        await talk.says("bea", f"visible {number}", room=private)
        (told,) = await talk.said()
        assert re.search("Ana|Carla", told.plain)
