"""Questionnaires, as conversations: made, answered, stopped, resumed, closed, forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership, Number, RoomId
from commands.questionnaires import store

NOW, DAY = timedelta(0), timedelta(days=1)
ONE = Number(1)
MESSAGE = (
    '!cuestionario "Evaluación" hasta en 20 días\n'
    "1. ¿Cómo estuvo el taller? (1 a 5)\n2. ¿Vuelves? (sí o no)\n3. ¿Algo más?"
)
SHORT = '!cuestionario "Evaluación"\n1. ¿Vuelves? (sí o no)\n2. ¿Algo más?'


async def heard(talk: Talk, who: str) -> str:
    """All that the bot said to somebody in private since, with what falls due now."""
    await talk.wait(NOW)
    posts = await talk.said()
    room = await talk.private(who)
    return "\n".join(post.plain for post in posts if post.room == room)


async def types(talk: Talk, who: str, what: str) -> str:
    """Let somebody write in private, and return what the bot says to them."""
    await talk.tells(who, what)
    return await heard(talk, who)


async def opened(talk: Talk, message: str = SHORT) -> None:
    """A questionnaire that Ana made in the room, number 1."""
    await talk.answer("ana", message)
    assert "Cuestionario 1: “Evaluación”" in await talk.answer("ana", "sí")
    await talk.wait(NOW)
    await talk.said()


async def crowd(talk: Talk, count: int, room: RoomId = ROOM) -> list[str]:
    """So many people come into the room."""
    names = [f"p{n}" for n in range(count)]
    for name in names:
        await talk.moves(name, Membership.JOIN, room)
    await talk.said()
    return names


async def answers(talk: Talk, who: str, *lines: str) -> str:
    """Let somebody answer all questions in private."""
    await types(talk, who, "cuestionario 1")
    told = ""
    for line in lines:
        told = await types(talk, who, line)
    assert "eso era todo" in told, told
    return told


# --- made ---------------------------------------------------------------------------------------


async def test_a_moderator_writes_it_in_one_message_and_sees_it_before_it_opens(talk: Talk) -> None:
    shown = await talk.answer("ana", MESSAGE)
    for line in ("“Evaluación”, así lo entendí:", "1. ¿Cómo estuvo el taller? (de 1 a 5)",
                 "2. ¿Vuelves? (sí o no)", "3. ¿Algo más? (en palabras)", "solo yo veo",
                 "Pregunta a 3 personas en 1 sala", "¿Sigo?"):  # fmt: skip
        assert line in shown
    told = await talk.answer("ana", "sí")
    assert "Cuestionario 1: “Evaluación”, 3 preguntas." in told
    assert "`!cuestionario 1`. Cierra el" in told
    assert "respondieron 0 personas" in await talk.answer("bea", "!cuestionario")


@pytest.mark.parametrize(
    ("language", "line", "told"),
    [
        ("es", "!cuestionario Evaluación del mes hasta viernes\n¿Vuelves? (si o no)\n¿Algo más?",
         "“Evaluación del mes”"),
        ("es", "!formulario Evaluación 1. ¿Vuelves? (sí/no) 2. ¿Cuántas? (número)", "un número"),
        ("es", '!cuestionario "Censo" con nombre\n1. ¿Dónde vives?', "Con nombre: la moderación"),
        ("es", "!cuestionario Censo anónimo hasta mañana 18h\n- ¿Dónde vives?", "Sin nombre"),
        ("pt", "!questionario Avaliação até sexta\n1) Como foi? (1 a 5)\n2) Volta? (sim ou não)",
         "“Avaliação”, entendi assim"),
        ("pt", "!questionário Avaliação\nQue temas? (várias: água, terra, rádio)",
         "várias de: água · terra · rádio"),
        ("pt", "!formulário Oficina com nome\n- Quantas pessoas? (número)", "Com nome"),
        ("en", "!questionnaire Review until friday\n1. How was it? (1 to 5)", "from 1 to 5"),
        ("en", "!form Review\nWhich day? (one of: monday, friday)", "one of: monday · friday"),
        ("en", "!questionnaire Review anonymous\n1. Anything else? (text)", "in words"),
    ],
)  # fmt: skip
async def test_it_is_read_as_a_hurried_person_types_it(
    talk: Talk, language: str, line: str, told: str
) -> None:
    await talk.set("language", language)
    assert told in await talk.answer("ana", line)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("!cuestionario Evaluación", "Faltan las preguntas"),
        ('!cuestionario ""\n1. ¿Vuelves?', "Falta el título"),
        ("!cuestionario Evaluación\n1. ¿?", "La pregunta 1 no tiene palabras"),
        ("!cuestionario Evaluación con nombre sin nombre\n1. ¿Vuelves?", "¿Con nombre o sin"),
        ("!cuestionario Evaluación en: marte\n1. ¿Vuelves?", "No existe el área “marte”"),
        ("!cuestionario Evaluación hasta ayer\n1. ¿Vuelves?", "pas"),
        ("!cuestionario 57", "no existe el cuestionario 57"),
        ("!cuestionario 57 cerrar", "no existe el cuestionario 57"),
    ],
)
async def test_what_is_missing_is_said_and_nothing_opens(talk: Talk, line: str, told: str) -> None:
    assert told in await talk.answer("ana", line)
    assert "No hay ningún cuestionario" in await talk.answer("ana", "!cuestionario")


async def test_only_moderators_make_and_close_it(talk: Talk) -> None:
    assert "moderación" in await talk.answer("bea", SHORT)
    await opened(talk)
    assert "No puedes cerrar el cuestionario 1" in await talk.answer("bea", "!cerrar 1")
    assert "No puedes cancelar" in await talk.answer("bea", "!cancelar 1")


# --- answered -----------------------------------------------------------------------------------


async def test_questions_come_one_at_a_time_in_private(talk: Talk) -> None:
    await opened(talk, MESSAGE)
    assert "Te pregunto en privado" in await talk.answer("bea", "!cuestionario 1")
    first = await heard(talk, "bea")
    assert "1 de 3: ¿Cómo estuvo el taller?" in first and "Nadie lee quién" in first
    assert "de 1 a 5, por favor" in await types(talk, "bea", "9")
    assert "2 de 3: ¿Vuelves?" in await types(talk, "bea", "4")
    back = await types(talk, "bea", "atrás")
    assert "1 de 3" in back and "Tu respuesta hasta ahora: 4" in back
    assert "2 de 3" in await types(talk, "bea", "saltar")
    assert "3 de 3: ¿Algo más?" in await types(talk, "bea", "saltar")
    assert "eso era todo" in await types(talk, "bea", "hola, todo bien")
    mine = await types(talk, "bea", "cuestionario 1")
    assert "1. ¿Cómo estuvo el taller? 4\n2. ¿Vuelves? sin respuesta\n3. ¿Algo más? hola" in mine
    assert "respondieron 1 de 3" in await talk.answer("ana", "!resultados 1")


async def test_one_goes_on_days_later_where_one_stopped_through_a_restart(talk: Talk) -> None:
    await opened(talk, MESSAGE)
    await types(talk, "bea", "cuestionario 1")
    await types(talk, "bea", "4")
    assert "Para seguir" in await types(talk, "bea", "cancelar")
    await talk.restart(5 * DAY)
    assert "2 de 3" in await types(talk, "bea", "cuestionario 1")
    await talk.restart(3 * DAY)
    assert "3 de 3" in await types(talk, "bea", "sí")


async def test_after_weeks_the_question_lapses_and_the_answers_stay(talk: Talk) -> None:
    await opened(talk, MESSAGE)
    await types(talk, "bea", "cuestionario 1")
    await types(talk, "bea", "4")
    await talk.wait(9 * DAY)
    await types(talk, "bea", "sí")
    assert "2 de 3" in await types(talk, "bea", "cuestionario 1")


async def test_words_of_danger_go_first(talk: Talk) -> None:
    await opened(talk)
    await types(talk, "bea", "cuestionario 1")
    await types(talk, "bea", "sí")
    told = await types(talk, "bea", "me quieren matar")
    assert "eso era todo" not in told and told
    async with talk.machine.db.reading() as tx:
        assert await store.count_finished(tx, ONE) == 0


async def test_an_answer_can_be_changed_and_withdrawn_until_the_close(talk: Talk) -> None:
    await opened(talk)
    await answers(talk, "bea", "sí", "nada")
    assert "hasta ahora: sí" in await types(talk, "bea", "cuestionario 1 1")
    assert "Anotado" in await types(talk, "bea", "no")
    assert "1. ¿Vuelves? no" in await types(talk, "bea", "cuestionario 1")
    assert "No hay pregunta 7" in await types(talk, "bea", "cuestionario 1 7")
    assert "Borré tus respuestas" in await types(talk, "bea", "cuestionario 1 retirar")
    assert "respondieron 0 de 3" in await talk.answer("ana", "!resultados 1")


async def test_its_questions_cannot_be_changed_while_people_answer(talk: Talk) -> None:
    await opened(talk)
    assert "no se pueden cambiar" in await talk.answer("ana", "!cambiar 1 otra cosa")


async def test_who_leaves_or_is_removed_answers_no_more(talk: Talk) -> None:
    await opened(talk)
    await types(talk, "bea", "cuestionario 1")
    await talk.moves("bea", Membership.LEAVE, by="ana")
    told = await types(talk, "bea", "sí")
    assert "no estás en ninguna" in told and "Borré tus respuestas" in told
    assert "no existe el cuestionario" in await types(talk, "bea", "cuestionario 1")


async def test_who_was_asked_and_left_stays_counted_once_finished(talk: Talk) -> None:
    await crowd(talk, 5)
    await opened(talk)
    for n in range(5):
        await answers(talk, f"p{n}", "sí", "saltar")
    await talk.moves("p0", Membership.LEAVE)
    assert "Respondieron 5 de 8" in await talk.answer("ana", "!cerrar 1")


async def test_a_stranger_learns_nothing_of_it(talk: Talk) -> None:
    await opened(talk)
    assert "no existe el cuestionario 1" in await types(talk, "zoe", "cuestionario 1")


# --- closed -------------------------------------------------------------------------------------


async def test_at_the_close_the_room_reads_the_counts_and_the_link_is_gone(talk: Talk) -> None:
    await crowd(talk, 6)
    await opened(talk, MESSAGE)
    for n in range(6):
        await answers(talk, f"p{n}", str(1 + n % 5), "sí" if n else "no", f"frase {n}")
    await types(talk, "bea", "cuestionario 1")
    told = await talk.answer("ana", "!cerrar 1")
    assert "cerrado. Respondieron 6 de 9" in told
    assert (
        "promedio 2.67" in told and "sí: 5 · no: 1" in told and "6 respuestas en palabras" in told
    )
    assert "frase" not in told
    assert "está cerrado" in await heard(talk, "bea")
    assert "ya no sé cuáles" in await types(talk, "p1", "cuestionario 1 retirar")
    async with talk.machine.db.reading() as tx:
        assert await tx.count("SELECT count(*) AS n FROM questionnaires_person") == 0
        assert await tx.count("SELECT count(*) AS n FROM questionnaires_key") == 0
        dump = [tuple(row) for row in await tx.all("SELECT * FROM questionnaires_form")]
    assert "p3:test" not in str(dump)


async def test_fewer_than_five_answers_are_never_shown(talk: Talk) -> None:
    await opened(talk)
    for who in ("ana", "bea", "carla"):
        await answers(talk, who, "sí", "secreto")
    told = await talk.answer("ana", "!cerrar 1")
    assert "Menos de 5 personas" in told and "sí:" not in told
    files = await exported(talk, "ana")
    assert "secreto" not in str(files) and "muy pocas" not in str(files)


async def test_it_closes_by_itself_and_says_when_it_is_late(talk: Talk) -> None:
    await opened(talk)
    await talk.wait(13 * DAY)
    await talk.hears_nothing()
    await talk.restart(3 * DAY)
    await talk.wait(NOW)
    told = "\n".join(post.plain for post in await talk.said(ROOM))
    assert "Respondieron 0 de 3" in told and "con retraso" in told
    assert "está cerrado" in await types(talk, "bea", "cuestionario 1 1")


async def test_who_began_is_reminded_a_day_before(talk: Talk) -> None:
    await opened(talk)
    await types(talk, "bea", "cuestionario 1")
    await talk.wait(13 * DAY + timedelta(hours=1))
    assert "Empezaste el cuestionario 1" in await heard(talk, "bea")


async def test_a_cancelled_one_leaves_nothing(talk: Talk) -> None:
    await opened(talk)
    await answers(talk, "bea", "sí", "nada")
    await talk.answer("ana", "!cancelar 1")
    assert "se canceló" in await talk.answer("ana", "sí")
    async with talk.machine.db.reading() as tx:
        for table in ("form", "room", "key", "person"):
            assert await tx.count(f"SELECT count(*) AS n FROM questionnaires_{table}") == 0  # noqa: S608


# --- files, names, rooms ------------------------------------------------------------------------


async def exported(talk: Talk, who: str, **more: RoomId) -> dict[str, str]:
    """The files that somebody gets, by the beginning of their names."""
    await talk.said()
    await talk.says(who, "!exportar 1", **more)
    return {
        post.content["filename"].split("-")[0]: talk.gateway.files[
            post.content["file"]["url"]
        ].decode("utf-8-sig")
        for post in await talk.said()
        if "file" in post.content
    }


async def test_the_files_hold_the_counts_and_a_codebook_and_no_row_of_a_person(talk: Talk) -> None:
    await crowd(talk, 6)
    await opened(talk, MESSAGE)
    for n in range(6):
        await answers(talk, f"p{n}", "5", "sí", "=1+1" if n == 3 else "bien")
    await talk.answer("ana", "!cerrar 1")
    files = await exported(talk, "bea")
    assert set(files) == {"conteos", "libro"}
    assert "q1;todas;5;6" in files["conteos"] and "q2;todas;sí;6" in files["conteos"]
    assert "'=1+1" in files["conteos"] and "\n=1+1" not in files["conteos"]
    assert "p3" not in files["conteos"]
    assert "q1;¿Cómo estuvo el taller?;un número;1 | 2 | 3 | 4 | 5" in files["libro"]


async def test_with_names_only_moderators_read_them_and_not_for_ever(talk: Talk) -> None:
    await crowd(talk, 5)
    await opened(talk, SHORT.replace('"\n', '" con nombre\n'))
    for n in range(5):
        await answers(talk, f"p{n}", "sí", f"frase {n}")
    told = await talk.answer("ana", "!cerrar 1")
    assert "La moderación lee" in told and "p1" not in told
    assert set(await exported(talk, "bea")) == {"conteos", "libro"}
    files = await exported(talk, "ana")
    assert "@p1:test;Sala;sí;frase 1" in files["respuestas"]
    assert "tus respuestas a 1 cuestionario" in await types(talk, "p1", "borrarme")
    await types(talk, "p1", "sí")
    assert "@p1:test" not in (await exported(talk, "ana"))["respuestas"]
    await talk.wait(91 * DAY)
    assert set(await exported(talk, "ana")) == {"conteos", "libro"}


async def test_who_is_forgotten_while_it_is_open_is_not_counted(talk: Talk) -> None:
    await opened(talk)
    await answers(talk, "bea", "sí", "nada")
    assert "tus respuestas a 1 cuestionario" in await types(talk, "bea", "borrarme")
    await types(talk, "bea", "sí")
    assert "respondieron 0 de" in await talk.answer("ana", "!resultados 1")


async def test_a_room_that_is_replaced_takes_it_along(talk: Talk) -> None:
    await opened(talk)
    await answers(talk, "bea", "sí", "nada")
    new = await talk.room(RoomId("!nueva:test"), "Sala", ["ana", "bea", "carla"], {"ana": 50})
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE questionnaires_room SET room = ?", new)
        await tx.run("UPDATE item SET room = ?", new)
    assert "respondieron 1 de 3" in await talk.answer("ana", "!resultados 1", room=new)


async def test_three_hundred_people_answer(talk: Talk) -> None:
    await crowd(talk, 300)
    await opened(talk)
    async with talk.machine.db.transaction() as tx:
        for n in range(299):
            one = store.Respondent(user_id(f"p{n}"), ROOM, 0, True, ((n % 2,), f"frase {n}"))
            await store.put_respondent(tx, ONE, one)
    await answers(talk, "p299", "no", "la última")
    told = await talk.answer("ana", "!cerrar 1")
    assert "Respondieron 300 de 303" in told and "sí: 150 · no: 150" in told
