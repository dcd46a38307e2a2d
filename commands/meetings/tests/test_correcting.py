"""Lines that are edited or deleted, while the meeting goes on and after it."""

from __future__ import annotations

from bot.testing.talk import Talk
from bot.types import Trust
from commands.meetings.tests.minutes_talk import begun, closed, ticks


async def test_a_line_that_is_deleted_is_taken_out_with_its_task(talk: Talk) -> None:
    await begun(talk)
    wrong = await ticks(talk, "bea", "tarea: @carla comprar pan")
    await ticks(talk, "bea", "acuerdo: usar Signal")
    await talk.redacts("bea", wrong)
    await talk.hears_nothing()
    text, file = await closed(talk)
    assert "pan" not in text + file
    assert "No hay tareas abiertas" in await talk.answer("ana", "!tareas")


async def test_a_line_that_is_edited_is_mended_where_it_stands(talk: Talk) -> None:
    await begun(talk)
    first = await ticks(talk, "bea", "acuerdo: usar Sinal")
    await ticks(talk, "carla", "acuerdo: dos")
    task = await ticks(talk, "bea", "tarea: @carla comprar pan")
    typo = await talk.says("carla", "acuerod: tres")
    await talk.hears_nothing()
    await talk.edits("bea", first, "acuerdo: usar Signal")
    await talk.edits("carla", first, "acuerdo: usar otra cosa")
    await talk.edits("ana", first, "acuerdo: nada", trust=Trust.UNSIGNED)
    await talk.edits("bea", task, "tarea: @ana comprar queso")
    await talk.hears_nothing()
    await talk.edits("carla", typo, "acuerdo: tres")
    assert [post.kind for post in await talk.sent()] == ["m.reaction"]
    text, _file = await closed(talk)
    assert "· usar Signal\n· dos\n· tres" in text
    assert "“comprar queso” · Ana" in text
    assert "pan" not in text
    await talk.edits("bea", first, "acuerdo: después")
    await talk.hears_nothing()
    assert "después" not in await talk.answer("ana", "!acta 1")


async def test_an_edit_without_a_mark_takes_the_line_out(talk: Talk) -> None:
    await begun(talk)
    line = await ticks(talk, "bea", "acuerdo: pan")
    await talk.edits("bea", line, "era broma: pan")
    text, _file = await closed(talk)
    assert "pan" not in text


async def test_an_edit_of_a_command_runs_nothing(talk: Talk) -> None:
    said = await talk.says("bea", "hola")
    await talk.edits("bea", said, "!reunion empezar")
    await talk.hears_nothing()
    await talk.edits("bea", said, "acuerdo: nada")
    await talk.hears_nothing()


async def test_after_the_end_a_deleted_line_stays_in_the_minutes(talk: Talk) -> None:
    await begun(talk)
    line = await ticks(talk, "bea", "acuerdo: usar Signal")
    await closed(talk)
    await talk.redacts("bea", line)
    assert "usar Signal" in await talk.answer("ana", "!acta 1")
