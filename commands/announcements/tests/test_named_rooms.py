"""A room that an announcement begins with is where it is said: nothing of doubt is said here."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import RoomId

KITCHEN, GARDEN = RoomId("!kitchen:test"), RoomId("!garden:test")


async def named(talk: Talk, name: str) -> None:
    """Open a second room of this name, which Ana moderates too, and all of the first read."""
    await talk.room(KITCHEN, name, ["ana", "bea", "carla"], {"ana": 50})


async def posted(talk: Talk) -> dict[RoomId, str]:
    """Return what is posted in each room until nothing more is to be done."""
    await talk.wait(timedelta(0))
    return {post.room: post.plain for post in await talk.said()}


LINES = [
    ("Cocina", "!avisar en cocina no hay agua"),
    ("Cocina", "!avisar en cocina: no hay agua"),
    ("Cocina", "!avisar en la cocina que no hay agua"),
    ("Cocina", "minga, avisar en cocina no hay agua"),
    ("Cocina", "minga, avisa en la cocina que no hay agua"),
    ("Equipo de agua", "!avisar en Equipo de agua: no hay agua"),
    ("Cozinha", "!avisar na cozinha no hay agua"),
    ("Cozinha", "minga, avisa na cozinha que no hay agua"),
    ("Kitchen", "minga, announce in kitchen no hay agua"),
    ("Kitchen", "!announce in the kitchen: no hay agua"),
    ("Kitchen", "!announce in the Kitchen room that no hay agua"),
]


@pytest.mark.parametrize(("name", "line"), LINES)
async def test_in_a_room_it_is_asked_where(talk: Talk, name: str, line: str) -> None:
    await named(talk, name)
    asked = await talk.answer("ana", line)
    assert f"1) en {name}, no aquí: “no hay agua”" in asked and "2) aquí: " in asked
    await talk.says("ana", "1")
    posts = await posted(talk)
    assert posts[KITCHEN] == "Aviso 1: no hay agua"
    assert posts[ROOM] == "Avisado: número 1."


async def test_here_is_the_whole_text(talk: Talk) -> None:
    await named(talk, "Cocina")
    await talk.answer("ana", "!avisar En la cocina hay comida")
    assert await talk.answer("ana", "2") == "Aviso 1: En la cocina hay comida"


async def test_its_answer_is_the_name_too(talk: Talk) -> None:
    await named(talk, "Cocina")
    await talk.answer("ana", "!avisar en cocina no hay agua")
    await talk.says("ana", "cocina")
    assert (await posted(talk))[KITCHEN] == "Aviso 1: no hay agua"


async def test_who_moderates_only_there_is_asked_too(talk: Talk) -> None:
    await talk.room(KITCHEN, "Cocina", ["ana", "bea"], {"bea": 50})
    asked = await talk.answer("bea", "!avisar en cocina no hay agua")
    assert "1) en Cocina, no aquí: “no hay agua”" in asked and "2)" not in asked
    await talk.says("bea", "1")
    assert (await posted(talk))[KITCHEN] == "Aviso 1: no hay agua"


async def test_a_room_of_others_and_this_one_are_text(talk: Talk) -> None:
    await talk.room(KITCHEN, "Cocina", ["ana", "bea"], {"bea": 50})
    assert await talk.answer("ana", "!avisar en cocina hay té") == "Aviso 1: en cocina hay té"
    assert await talk.answer("ana", "!avisar en sala hay té") == "Aviso 2: en sala hay té"


@pytest.mark.parametrize(
    "line", ["avisar en Cocina no hay agua", "announce in cocina: no hay agua"]
)
async def test_in_private_it_is_said_there(talk: Talk, line: str) -> None:
    await named(talk, "Cocina")
    await talk.tells("ana", line)
    posts = await posted(talk)
    assert posts[KITCHEN] == "Aviso 1: no hay agua" and ROOM not in posts


@pytest.mark.parametrize(
    "line",
    [
        "avisar en Cocina y Sala no hay agua",
        "avisar en Cocina, Sala: no hay agua",
        "avisar na cocina e na sala não tem água",
        "announce in Cocina and Sala no water",
    ],
)
async def test_in_private_several_are_shown(talk: Talk, line: str) -> None:
    await named(talk, "Cocina")
    await talk.tells("ana", line)
    (shown,) = await talk.said()
    assert "Estará en 2 salas: Cocina · Sala" in shown.plain
    text = shown.plain.partition("\n")[0]
    assert text in ("Aviso: no hay agua", "Aviso: não tem água", "Aviso: no water")


async def test_several_without_this_room_leave_it_out(talk: Talk) -> None:
    await named(talk, "Cocina")
    await talk.room(GARDEN, "Huerta", ["ana", "bea"], {"ana": 50})
    shown = await talk.answer("ana", "!avisar en Cocina y Huerta no hay agua")
    assert "Estará en 2 salas: Cocina · Huerta" in shown
    await talk.says("ana", "sí")
    posts = await posted(talk)
    assert {KITCHEN, GARDEN} <= posts.keys() and "Aviso 1" not in posts[ROOM]


async def test_a_room_that_is_unknown_beside_one_is_not_text(talk: Talk) -> None:
    await named(talk, "Cocina")
    for line in ("!avisar en Cocina y Prensa no hay agua", "!avisar na cocina e no porto: oi"):
        assert "No conozco ninguna sala tuya" in await talk.answer("ana", line)
    await talk.tells("ana", "avisar en Cocina y Prensa no hay agua")
    assert "No conozco ninguna sala tuya" in (await talk.said())[0].plain


async def test_a_name_that_two_rooms_have_is_asked_for_in_private(talk: Talk) -> None:
    await named(talk, "Cocina")
    await talk.room(GARDEN, "Cocina", ["ana", "bea"], {"ana": 50})
    await talk.tells("ana", "avisar en Cocina: no hay agua")
    posts = await posted(talk)
    assert not posts.keys() & {ROOM, KITCHEN, GARDEN}
    assert "No sé qué sala es “Cocina”." in "".join(posts.values())


@pytest.mark.parametrize("line", ["!avisar hay pan en la cocina", "!avisar en la cocina: hay pan"])
async def test_a_name_that_two_rooms_have_is_asked_for(talk: Talk, line: str) -> None:
    await named(talk, "Cocina")
    await talk.room(GARDEN, "Cocina", ["ana", "bea", "carla"], {"ana": 50})
    assert "1) en Cocina, no aquí: “hay pan”" in await talk.answer("ana", line)
    await talk.says("ana", "1")
    posts = await posted(talk)
    assert "Cocina" not in posts.pop(ROOM) and not posts.keys() & {KITCHEN, GARDEN}
    assert "No sé qué sala es “Cocina”." in "".join(posts.values())


async def test_of_two_rooms_of_a_name_at_the_end_the_moderated_one_is_meant(talk: Talk) -> None:
    await talk.room(GARDEN, "Cocina", ["ana", "bea", "carla"], {"bea": 50})
    await named(talk, "Cocina")
    await talk.answer("ana", "!avisar hay pan en la cocina")
    await talk.says("ana", "1")
    posts = await posted(talk)
    assert posts[KITCHEN] == "Aviso 1: hay pan" and GARDEN not in posts


async def test_this_room_is_meant_before_another_of_its_name(talk: Talk) -> None:
    await named(talk, "Sala")
    assert await talk.answer("ana", "!avisar en sala hay té") == "Aviso 1: en sala hay té"


@pytest.mark.parametrize("answer", ["1", "3"])
async def test_a_room_that_is_new_since_the_question_moves_no_answer(
    talk: Talk, answer: str
) -> None:
    await named(talk, "Huerta")
    await talk.tells("ana", "avisar no hay agua")
    (asked,) = await talk.said()
    assert "1) Huerta\n2) Sala\n3) todas" in asked.plain, asked.plain
    await talk.room(GARDEN, "Cocina", ["ana", "bea"], {"ana": 50})
    await talk.tells("ana", answer)
    posts = await posted(talk)
    assert not posts.keys() & {ROOM, KITCHEN, GARDEN}
    assert "1) Cocina\n2) Huerta\n3) Sala" in "".join(posts.values())


# --- both, and all --------------------------------------------------------------------------------

BOTH = [
    "!avisar en las dos salas no hay agua",
    "!avisar a las dos salas que no hay agua",
    "!avisar en ambas salas: no hay agua",
    "minga, avisa en las dos salas que no hay agua",
    "minga, avisa en todas que no hay agua",
    "minga, avisa en todas las salas que no hay agua",
    "!avisar no hay agua en las dos salas",
    "!avisar nas duas salas no hay agua",
    "minga, avisa nas duas salas que no hay agua",
    "minga, avisa em todas q no hay agua",
    "!announce in both rooms no hay agua",
    "minga, announce in both rooms that no hay agua",
    "minga, tell both rooms no hay agua",
]


@pytest.mark.parametrize("line", BOTH)
async def test_both_are_all_of_two(talk: Talk, line: str) -> None:
    await named(talk, "Cocina")
    assert (await talk.answer("ana", line)).startswith("¿En todas las salas que moderas?")
    shown = await talk.answer("ana", "sí")
    assert "Aviso: no hay agua\n" in shown and "Cocina" in shown


async def test_both_of_three_is_asked(talk: Talk) -> None:
    await named(talk, "Cocina")
    await talk.room(GARDEN, "Huerta", ["ana", "bea"], {"ana": 50})
    said = await talk.answer("ana", "!avisar en las dos salas no hay agua")
    assert "¿Qué salas?" in said and "Aviso" not in said


@pytest.mark.parametrize("text", ["en dos horas no hay agua", "a las dos hay reunión"])
async def test_two_of_something_else_is_text(talk: Talk, text: str) -> None:
    await named(talk, "Cocina")
    assert f"Aviso 1: {text}" == await talk.answer("ana", f"!announce {text}")


@pytest.mark.parametrize(
    "line",
    [
        "minga, avisa en cuanto llegues",
        "minga, avisa no mais tardar",
        "minga, avisa en casa",
        "minga, por favor avisa en casa",
    ],
)
async def test_an_order_that_names_no_room_is_not_said(talk: Talk, line: str) -> None:
    await named(talk, "Cocina")
    assert "Aviso" not in await talk.answer("ana", line)


async def test_what_the_text_asks_of_others_is_said(talk: Talk) -> None:
    said = await talk.answer("ana", "!avisar Avisen en la puerta si llegan")
    assert said == "Aviso 1: Avisen en la puerta si llegan"


@pytest.mark.parametrize("answer", ["las dos", "as duas", "todas", "both", "All of them!", "3"])
async def test_which_room_may_be_all(talk: Talk, answer: str) -> None:
    await named(talk, "Cocina")
    await talk.tells("ana", "avisar no hay agua")
    (asked,) = await talk.said()
    assert asked.plain == "¿Para qué sala?\n1) Cocina\n2) Sala\n3) todas"
    await talk.tells("ana", answer)
    (shown,) = await talk.said()
    assert "Aviso: no hay agua\n" in shown.plain and "Estará en 2 salas" in shown.plain


async def test_who_chose_the_room_is_not_asked_what_it_is(talk: Talk) -> None:
    await named(talk, "Cocina")
    await talk.tells("ana", "avisar no hay agua")
    await talk.said()
    await talk.tells("ana", "cocina")
    assert (await posted(talk))[KITCHEN] == "Aviso 1: no hay agua"


async def test_announce_is_no_reminder_in_private(talk: Talk) -> None:
    await talk.tells("ana", "announce no water")
    assert (await posted(talk))[ROOM] == "Aviso 1: no water"


@pytest.mark.parametrize(
    "line",
    [
        "avisa en mi casa que me siguen",
        "avisa na minha casa que estão me seguindo",
        "avisen a todas que me siguen",
        "avisa a todas que me siguen",
        "avisa pra todo mundo que me seguem",
        "tell everyone they are following me",
        "dile a todos que me estan siguiendo",
        "let everyone know im being followed",
        "avisa a la gente que me detuvieron",
        "avisa o pessoal que me prenderam",
        "fala pra todo mundo que estao me seguindo",
        "tell all rooms i was arrested",
        "avísales que me detuvieron",
        "avisales que la policia me detuvo",
        "avísales que los pacos me rodean",
        "avísales que el viene por mi",
        "avísales que no hay nadie, estoy sola con él",
        "avísales que la puerta me la están rompiendo",
        "avísales que la policía va a entrar, voy sola",
        "avísales que hay un tipo siguiéndome, ayúdame a mí",
        "avísales que el auto de ayer, I'm scared",
        "avísales que la cosa está mal, nos encontramos rodeadas",
        "avísales que el tipo quiere matarme",
        "avísales que hay un hombre siguiéndome",
        "avísales que no hay salida, ayuda",
        "avísales que la policía quiere llevarnos",
        "avísales que no hay salida ayuda por favor",
    ],
)
async def test_danger_is_not_taken_for_an_announcement(talk: Talk, line: str) -> None:
    await named(talk, "Cocina")
    await talk.tells("ana", "pánico avisar a @bea:test")
    await talk.wait(timedelta(0))
    await talk.tells("bea", "sí")
    await talk.sent()
    await talk.tells("ana", line)
    (said,) = await talk.said()
    assert "pánico" in said.plain and "Aviso:" not in said.plain


@pytest.mark.parametrize(
    "line",
    [
        "avísales que el sábado nos vemos en la plaza",
        "avísales que la asamblea es en el salón, nos encontramos en la puerta",
        "avísales que hay peligro de lluvia",
        "avísales que los cuadernos llegaron y hay que juntarnos el sábado",
        "avísales que hay ayuda para el huerto",
        "avísales que el huerto necesita ayuda",
    ],
)
async def test_where_people_meet_is_announced(talk: Talk, line: str) -> None:
    await talk.says("ana", f"minga, {line}")
    (said,) = await talk.said()
    assert said.plain == f"Aviso 1: {line.removeprefix('avísales que ')}"


@pytest.mark.begins("10:00", "it names an hour of this day")
@pytest.mark.parametrize(
    "line",
    [
        *("avísales que llego tarde", "avísales", "avísales que estoy bien"),
        "avísales que vuelvo a las 21",
    ],
)
async def test_who_is_to_be_awaited_announces_nothing(talk: Talk, line: str) -> None:
    await talk.tells("ana", line)
    (said,) = await talk.said()
    assert "`regreso 22:00" in said.plain


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Norte", "!avisar corte de agua a las 5 en la sala Norte"),
        ("Norte", "!avisar corte de agua a las 5 en Norte."),
        ("Sala Norte", "!avisar corte de agua a las 5 en la sala norte"),
        ("Norte", "!avisar corte de agua a las 5 na sala Norte"),
        ("North", "!announce corte de agua a las 5 in room North"),
    ],
)
async def test_a_room_at_the_end_is_asked_about(talk: Talk, name: str, line: str) -> None:
    await named(talk, name)
    asked = await talk.answer("ana", line)
    assert f"1) en {name}, no aquí: “corte de agua a las 5”" in asked and "2) aquí: " in asked
    await talk.says("ana", "1")
    if not line.startswith("!announce"):  # `avisar` may be a reminder
        assert "¿Un aviso o un recordatorio?" in (await talk.said())[-1].plain
        await talk.says("ana", "1")
    posts = await posted(talk)
    assert posts[KITCHEN] == "Aviso 1: corte de agua a las 5"
    assert posts[ROOM] == "Avisado: número 1."


async def test_a_room_at_the_end_may_be_a_place(talk: Talk) -> None:
    await named(talk, "Cocina")
    await talk.answer("ana", "!avisar Hay comida en la cocina")
    assert await talk.answer("ana", "2") == "Aviso 1: Hay comida en la cocina"
    assert await talk.answer("ana", "!avisar Hay comida en la plaza") == (
        "Aviso 2: Hay comida en la plaza"
    )


async def test_a_room_of_other_moderators_at_the_end_is_asked_about(talk: Talk) -> None:
    await talk.room(KITCHEN, "Cocina", ["ana", "bea", "carla"], {"bea": 50})
    asked = await talk.answer("ana", "!avisar Hay comida en la cocina")
    assert asked.startswith("¿Lo digo aquí: “Hay comida en la cocina”?") and "modera" not in asked
    assert await talk.answer("ana", "no") == "Lo dejé como estaba."
    await talk.answer("ana", "!avisar Hay comida en la cocina")
    assert await talk.answer("ana", "sí") == "Aviso 1: Hay comida en la cocina"


@pytest.mark.parametrize("moderator", ["ana", "bea"])
async def test_a_place_is_not_made_known_as_a_room_to_who_is_not_in_it(
    talk: Talk, moderator: str
) -> None:
    await talk.room(KITCHEN, "Refugio", ["ana"], {moderator: 50})
    said = await talk.answer("ana", "!avisar la comida se reparte en Refugio")
    assert said == "Aviso 1: la comida se reparte en Refugio"


async def test_a_room_that_is_called_one_is_asked_about_before_others(talk: Talk) -> None:
    await talk.room(KITCHEN, "Refugio", ["ana"], {"ana": 50})
    asked = await talk.answer("ana", "!avisar la comida se reparte en la sala Refugio")
    assert "1) en Refugio, no aquí: “la comida se reparte”" in asked


async def test_whom_it_is_told_is_no_room(talk: Talk) -> None:
    await talk.says("ana", "minga, avisa a todas las organizaciones que mañana no hay agua")
    assert not [post for post in await talk.said() if post.plain.startswith("Aviso ")]
    said = await talk.answer("ana", "minga, avisa a todas las salas que no hay agua")
    assert said == "Aviso 1: no hay agua"
