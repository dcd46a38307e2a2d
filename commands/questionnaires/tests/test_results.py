"""What comes of a questionnaire: its close, its files, its names, and who is forgotten."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import RoomId
from commands.questionnaires import store
from commands.questionnaires.tests.answering import (
    DAY,
    MESSAGE,
    NOW,
    ONE,
    SHORT,
    answers,
    crowd,
    heard,
    opened,
    types,
)

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


async def exported(talk: Talk, who: str) -> dict[str, str]:
    """The files that somebody gets, by the beginning of their names."""
    await talk.said()
    await talk.says(who, "!exportar 1")
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
