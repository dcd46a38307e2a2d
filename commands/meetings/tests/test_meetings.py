"""Meetings, as conversations. It is Wednesday 25 November 2026, 10:00 in Bogotá."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.testing.talk import ROOM, Talk, day_in_words, user_id
from bot.types import EventId, RoomId
from commands.meetings.tests.minutes_talk import begun, closed, text_of, ticks

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


# --- from beginning to end ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "start", "lines", "end", "words"),
    [
        (
            "es",
            "!reunion empezar Asamblea",
            ["acuerdo: usar Signal", "Tarea: @carla comprar pan", "info: ver https://x.org/a_b"],
            "!reunion cerrar",
            ["Acta de la reunión 1: Asamblea", "Acuerdos:\n· usar Signal", "Participaron 2 person"],
        ),
        (
            "pt",
            "!reuniao começar Assembleia",
            [
                "acordo: usar Signal",
                "Encaminhamento: @carla comprar pão",
                "info: ver https://x.org",
            ],
            "!reuniao encerrar",
            ["Ata da reunião 1: Assembleia", "Acordos:\n· usar Signal", "Tarefas:\n· 2: “comprar"],
        ),
        (
            "en",
            "!meeting start Assembly",
            ["agreed: use Signal", "task: @carla buy bread", "info: see https://x.org"],
            "!meeting end",
            ["Minutes of meeting 1: Assembly", "Agreements:\n· use Signal", "Links:\n· https://x"],
        ),
    ],
)
async def test_marked_lines_become_minutes_in_the_room_and_in_a_file(
    talk: Talk, language: str, start: str, lines: list[str], end: str, words: list[str]
) -> None:
    await talk.set("language", language)
    await begun(talk, start)
    for who, line in zip(("bea", "carla", "bea"), lines, strict=True):
        await ticks(talk, who, line)
    said, file = await closed(talk, end)
    for one in words:
        assert one in said, said
    assert file.startswith("# ")
    assert "- us" in file


async def test_nothing_else_of_what_is_said_is_kept(talk: Talk) -> None:
    await begun(talk)
    await talk.says("ana", "zanahoria secreta")
    await talk.says("bea", "creo que acuerdo: no es")
    await talk.says("carla", "!palabra sobre la zanahoria")
    await talk.says("ana", "acuerdo: pan\nzanahoria")
    await talk.sent()
    async with talk.machine.db.reading() as tx:
        tables = await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")
        for table in [row["name"] for row in tables]:
            rows = [tuple(row) for row in await tx.all(f"SELECT * FROM {table}")]  # noqa: S608
            assert "zanahoria" not in repr(rows), table
            assert "no es" not in repr(rows), table
        assert len(await tx.all("SELECT * FROM meetings_line")) == 1


async def test_the_beginning_says_what_is_kept_and_shows_agenda_and_open_tasks(talk: Talk) -> None:
    await talk.answer("ana", "!tarea @carla comprar pan")
    await talk.answer("carla", "!punto Presupuesto 10m")
    said = (await begun(talk)).plain
    for words in (
        "`acuerdo:`",
        "Nada más.",
        "1. Presupuesto (10 min)",
        "1: “comprar pan” · Carla",
        "`!reunión cerrar`",
    ):
        assert words in said


async def test_talk_outside_of_a_meeting_stays_talk(talk: Talk) -> None:
    for line in ("acuerdo: usar Signal", "info: hola", "presente", "tarea: pan"):
        await talk.says("bea", line)
    await talk.hears_nothing()
    await begun(talk)
    await talk.says("bea", "no hay acuerdo: sigamos")
    await talk.says("bea", "hola: ¿qué tal?")
    await talk.hears_nothing()


async def test_part_of_a_message_is_said_to_be_kept(talk: Talk) -> None:
    await begun(talk)
    said = await talk.answer("bea", "acuerdo: pan\ny otra cosa\ninfo: agua")
    assert "Anoté 2 líneas" in said
    await ticks(talk, "bea", "**Acuerdo:**\n- usar Signal")
    text, _file = await closed(talk)
    assert "· pan\n· usar Signal" in text


async def test_a_line_in_a_reply_to_anybody_counts(talk: Talk) -> None:
    await begun(talk)
    said = await talk.says("ana", "usemos Signal")
    await ticks(talk, "bea", "acuerdo: usar Signal", reply=said)
    text, _file = await closed(talk)
    assert "· usar Signal" in text


async def test_without_tasks_or_polls_the_minutes_keep_the_lines(
    talk: Talk, tmp_path: Path
) -> None:
    few = [
        one
        for one in talk.features
        if one.name not in ("tasks", "polls", "decisions", "organisations")
    ]
    alone = await Talk.start(tmp_path / "alone.db", few)
    try:
        await begun(alone)
        await ticks(alone, "bea", "tarea: @carla comprar pan para pasado mañana")
        assert "no puedo contar votos" in await alone.answer("bea", "!manos ¿Seguimos?")
        text, file = await closed(alone)
        for one in (text, file):
            assert "@carla comprar pan para pasado mañana" in one
    finally:
        await alone.close()


# --- who may, one at a time ---------------------------------------------------------------------


async def test_one_at_a_time_in_a_room_and_its_own_in_a_thread(talk: Talk) -> None:
    await begun(talk)
    assert "La reunión 1 está en curso" in await talk.answer("ana", "!reunión iniciar")
    root = EventId("$hilo")
    assert "Empieza la reunión 2" in await talk.answer("ana", "!reunion empezar", thread=root)
    await talk.says("ana", "acuerdo: del hilo", thread=root)
    await talk.says("ana", "acuerdo: de la sala")
    await talk.says("carla", "acuerdo: de otro hilo", thread=EventId("$otro"))
    await talk.sent()
    assert "del hilo" in await talk.answer("ana", "!reunion cerrar", thread=root)
    text, _file = await closed(talk)
    assert "· de la sala\n· de otro hilo" in text


async def test_who_began_it_and_moderators_end_it(talk: Talk) -> None:
    await begun(talk)
    assert "No puedes cerrar la reunión" in await talk.answer("carla", "!reunion cerrar")
    assert "Acta de la reunión 1" in await talk.answer("ana", "!reunion terminar")
    assert "cerró la reunión 1" in await talk.answer("carla", "!historial")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("!reunion", "Aquí no hay una reunión en curso"),
        ("!reunion cerrar", "Aquí no hay una reunión en curso"),
        ("!reunion en 33 horas", "Para empezar una ahora"),
        ("!reunion 77", "No existe el número 77"),
        ("!palabra", "Aquí no hay una reunión en curso"),
        ("!punto siguiente", "Aquí no hay una reunión en curso"),
        ("!punto", "El orden del día está vacío"),
        ("!punto quitar 3", "no tiene punto 3"),
        ("!manos", "Falta la pregunta"),
        ("!manos ¿Seguimos? 5 horas", "como máximo una hora"),
        ("!reunion empezar " + "x" * 300, "Es muy largo"),
        ("!punto " + "x" * 300, "Es muy largo"),
    ],
)
async def test_what_cannot_be_done_is_said(talk: Talk, line: str, answer: str) -> None:
    assert answer in await talk.answer("bea", line)


async def test_a_meeting_is_held_in_a_room(talk: Talk) -> None:
    await talk.tells("bea", "reunion empezar")
    await talk.hears("Una reunión ocurre en una sala")


async def test_a_line_that_is_far_too_long_is_refused_aloud(talk: Talk) -> None:
    await begun(talk)
    assert "No anoté esa línea" in await talk.answer("bea", "acuerdo: " + "x" * 2000)


# --- who was there ------------------------------------------------------------------------------


async def test_the_minutes_say_how_many_and_names_only_where_the_room_wants_them(
    talk: Talk,
) -> None:
    await begun(talk)
    await ticks(talk, "carla", "Presente!")
    await ticks(talk, "carla", "acuerdo: pan")
    text, file = await closed(talk)
    assert "Participaron 2 personas." in text
    assert "Carla" not in text + file
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT * FROM meetings_person") == []
    await talk.set("meeting_names", "yes")
    assert "nombra a quien" in (await begun(talk)).plain
    await ticks(talk, "carla", "presente")
    text, _file = await closed(talk)
    assert "Participaron: Bea · Carla" in text


# --- shown again --------------------------------------------------------------------------------


async def test_the_minutes_are_shown_again_by_number_and_elsewhere_in_private(talk: Talk) -> None:
    await begun(talk)
    assert "sigue en curso" in await talk.answer("carla", "!acta 1")
    await ticks(talk, "bea", "acuerdo: usar Signal")
    await closed(talk)
    for line in ("!acta 1", "!reunion 1"):
        await talk.says("carla", line)
        said, file = await talk.said()
        assert "usar Signal" in said.plain
        assert "usar Signal" in text_of(talk, file)
    other = await talk.room(RoomId("!otra:test"), "Otra", ["carla", "dora"])
    await talk.says("carla", "!acta 1", room=other)
    posts = {post.room: post.plain for post in await talk.said()}
    assert "usar Signal" not in posts[other]
    assert "No existe el número 1" in await talk.answer("dora", "!acta 1", room=other)


async def test_decisions_meanwhile_are_in_the_minutes(talk: Talk) -> None:
    await talk.answer("ana", "!encuesta ¿Antes? Pan, Agua")
    await talk.answer("ana", "!cerrar 1")
    await talk.wait(MINUTE)
    await begun(talk)
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    await talk.says("bea", "!votar 3 1")
    await talk.says("ana", "!cerrar 3")
    await talk.sent()
    text, file = await closed(talk)
    for one in (text, file):
        assert "¿Dónde?" in one
        assert "¿Antes?" not in one


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_who_has_a_task_by_them_is_meant(talk: Talk) -> None:
    await begun(talk)
    await ticks(talk, "bea", "tarea: @carla comprar pan para pasado mañana")
    await talk.says("bea", "!reunion cerrar")
    (said,) = await talk.said()
    assert said.content["m.mentions"] == {"user_ids": [user_id("carla")]}
    assert f"2: “comprar pan” · Carla · para: {day_in_words(2)}" in said.plain
    await talk.wait(23 * HOUR)
    (letter,) = await talk.hears("Tarea 2, “comprar pan”")
    assert letter.room == await talk.private("carla")


async def test_a_doubtful_date_is_asked_of_who_wrote_it_in_private(talk: Talk) -> None:
    await begun(talk)
    await talk.says("bea", "tarea: @carla llamar mañana a las 5")
    await talk.wait(timedelta(0))
    posts = [post for post in await talk.said() if post.room != ROOM]
    assert "¿para cuándo es?" in posts[0].plain
    await talk.tells("bea", "1")
    await talk.hears("“llamar” · Carla · para: ")
    text, _file = await closed(talk)
    assert "“llamar” · Carla · para:" in text
    assert "17:00" in text


# --- late, cut, forgotten -----------------------------------------------------------------------


async def test_it_survives_a_restart(talk: Talk) -> None:
    await begun(talk)
    await ticks(talk, "bea", "acuerdo: uno")
    await talk.restart(HOUR)
    await ticks(talk, "carla", "acuerdo: dos")
    text, _file = await closed(talk)
    assert "· uno\n· dos" in text
    assert "durante 1 h" in text


async def test_what_was_sent_in_time_and_read_after_the_end_is_added(talk: Talk) -> None:
    await begun(talk)
    sent = talk.clock.at + MINUTE
    await talk.wait(10 * MINUTE)
    await closed(talk)
    await talk.wait(HOUR)
    await ticks(talk, "carla", "acuerdo: usar Signal", late=True, at=sent)
    await talk.says("carla", "acuerdo: fuera de hora", late=True, at=talk.clock.at - MINUTE)
    await talk.says("carla", "acuerdo: antes de todo", late=True, at=sent - HOUR)
    await talk.hears_nothing()
    await talk.wait(MINUTE)
    (file,) = await talk.said()
    assert "con retraso" in file.plain
    assert "usar Signal" in text_of(talk, file)
    assert "fuera" not in text_of(talk, file)


async def test_a_forgotten_meeting_asks_and_ends_by_itself(talk: Talk) -> None:
    await begun(talk)
    await talk.wait(2 * HOUR)
    await ticks(talk, "bea", "acuerdo: pan")
    await talk.wait(HOUR)
    await talk.hears_nothing()
    await talk.wait(2 * HOUR)
    await talk.hears("¿Sigue la reunión 1?")
    await talk.restart(HOUR)
    await talk.wait(timedelta(0))
    told, file = await talk.said()
    assert "se cerró sola" in told.plain
    assert "durante 2 h" in await talk.answer("bea", "!reunion 1")
    assert "pan" in text_of(talk, file)
    assert "Aquí no hay" in await talk.answer("bea", "!reunion")


async def test_who_answers_keeps_it_going(talk: Talk) -> None:
    await begun(talk)
    await talk.wait(3 * HOUR)
    await talk.hears("¿Sigue la reunión 1?")
    await talk.wait(MINUTE)
    assert "sigue" in await talk.answer("carla", "!reunion seguir")
    await talk.wait(2 * HOUR)
    await talk.hears_nothing()
    assert "en curso" in await talk.answer("bea", "!reunion")
    await talk.wait(HOUR)
    await talk.hears("¿Sigue la reunión 1?")


# --- show of hands ------------------------------------------------------------------------------


async def test_a_show_of_hands_is_a_native_poll_of_minutes(talk: Talk) -> None:
    await begun(talk)
    await talk.says("bea", "!manos ¿Seguimos?")
    said, poll = await talk.sent()
    assert said.plain == "A mano alzada, 3 min: ¿Seguimos?"
    assert len(poll.answers) == 3
    await talk.taps("carla", poll, 1)
    await talk.says("bea", "me da igual", reply=said)
    await talk.hears("Anotado: Me da igual")
    await talk.wait(4 * MINUTE)
    (result,) = await talk.said()
    assert result.plain == "¿Seguimos? Sí: 1 · No: 0 · Me da igual: 1"
    assert "¿Seguimos?" not in await talk.answer("bea", "!decisiones")
    text, _file = await closed(talk)
    assert "¿Seguimos? Sí: 1 · No: 0 · Me da igual: 1" in text


async def test_hands_with_options_and_a_length(talk: Talk) -> None:
    await talk.says("bea", "!manos ¿Qué color? Azul, Rojo 5m")
    _said, poll = await talk.sent()
    assert len(poll.answers) == 2
    await talk.taps("carla", poll, 1)
    await talk.wait(4 * MINUTE)
    await talk.hears_nothing()
    await talk.wait(MINUTE)
    await talk.hears("¿Qué color? Azul: 1 · Rojo: 0")
