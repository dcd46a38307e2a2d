"""Points with their times, and who speaks next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk, user_id
from commands.meetings import agenda, marked_lines, minutes_document

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("line", "title", "minutes"),
    [
        ("Presupuesto 10m", "Presupuesto", 10),
        ("Presupuesto (10 min)", "Presupuesto", 10),
        ("10 minutos: Presupuesto", "Presupuesto", 10),
        ('"Presupuesto" 1 hora y media', "Presupuesto", 90),
        ("Presupuesto - 1h", "Presupuesto", 60),
        ("Presupuesto", "Presupuesto", 0),
        ("Los 3 temas de la casa", "Los 3 temas de la casa", 0),
    ],
)
def test_a_point_and_its_time(line: str, title: str, minutes: int) -> None:
    found, length = agenda.split_point(line)
    assert (found, length) == (title, timedelta(minutes=minutes) if minutes else None)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("acuerdo: pan", [("agreed", "pan")]),
        ("ACUERDO : pan", [("agreed", "pan")]),
        ("- Acuerdo 2: pan", [("agreed", "pan")]),
        ("**Tarea:** pan", [("task", "pan")]),
        ("compromiso: pan", [("task", "pan")]),
        ("encaminhamento: pão", [("task", "pão")]),
        ("informação: às 19:00", [("info", "às 19:00")]),
        ("acuerdo:\npan", [("agreed", "pan")]),
        ("acuerdo: a\ntask: b", [("agreed", "a"), ("task", "b")]),
        ("acuerdo:", []),
        ("de acuerdo: sí", []),
        ("informe: pan", []),
        ("tareas pendientes: pan", []),
        ("acuerdo pan", []),
    ],
)
def test_only_marked_lines_are_kept(text: str, kept: list[tuple[str, str]]) -> None:
    assert [(one.kind.value, one.words) for one in marked_lines.find_marked_lines(text)] == kept
    assert marked_lines.may_concern_meeting(text) or not kept


def test_a_file_of_minutes_is_only_text() -> None:
    hostile = "![x](http://evil.org/a) <img src=x> [l](javascript:1) `c` # h &lt; https://x.org/a_b"
    said = minutes_document.escape_markdown(hostile)
    assert "![x]" not in said
    assert "<img" not in said.replace("\\<img", "")
    assert "<https://x.org/a_b>" in said
    assert minutes_document.escape_markdown("1. uno\n# dos") == "\\1. uno \\# dos"


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_points_are_gone_through_and_time_is_called_once(talk: Talk) -> None:
    await talk.answer("carla", "!punto Presupuesto 10m\nFiesta 5m")
    assert "1. Presupuesto (10 min)\n2. Fiesta (5 min)" in await talk.answer("ana", "!punto")
    await talk.answer("bea", "!reunion empezar")
    assert "No puedes" in await talk.answer("carla", "!punto siguiente")
    assert "Punto 1: Presupuesto (10 min, hasta el " in await talk.answer("bea", "!punto siguiente")
    await talk.wait(4 * MINUTE)
    assert "ahora, termina en 6 min" in await talk.answer("carla", "!punto")
    await talk.wait(6 * MINUTE)
    await talk.hears("Se acabó el tiempo (10 min): 1. Presupuesto")
    assert "10:15" in await talk.answer("bea", "!punto 5 min")
    await talk.wait(5 * MINUTE)
    await talk.hears("Se acabó el tiempo (15 min)")
    assert "Punto 2: Fiesta" in await talk.answer("ana", "!punto próximo")
    await talk.wait(2 * MINUTE)
    assert "No quedan puntos" in await talk.answer("bea", "!punto siguiente")
    await talk.wait(10 * MINUTE)
    await talk.hears_nothing()
    await talk.answer("bea", "!reunion cerrar")
    said = await talk.answer("bea", "!reunion 1")
    assert "· Presupuesto: 15 min de 15 min\n· Fiesta: 2 min de 5 min" in said


async def test_time_that_ran_out_while_away_is_called_late(talk: Talk) -> None:
    await talk.answer("bea", "!reunion empezar")
    await talk.answer("bea", "!punto Presupuesto 10m")
    await talk.answer("bea", "!punto siguiente")
    await talk.restart(30 * MINUTE)
    await talk.wait(timedelta(0))
    await talk.hears("Con retraso de 20 min")


async def test_what_was_not_reached_waits_for_the_next_meeting(talk: Talk) -> None:
    await talk.answer("bea", "!reunion empezar")
    await talk.answer("carla", "!punto Uno")
    await talk.answer("carla", "!punto Dos")
    await talk.answer("bea", "!punto siguiente")
    assert "1 punto quedó pendiente" in await talk.answer("bea", "!reunion cerrar")
    assert "1. Dos" in await talk.answer("bea", "!reunion empezar")


async def test_a_point_is_removed_by_who_proposed_it(talk: Talk) -> None:
    await talk.answer("carla", "!punto Uno")
    assert "lo puede quitar quien" in await talk.answer("bea", "!punto quitar 1")
    assert "Fuera del orden del día: Uno" in await talk.answer("carla", "!punto quitar 1")
    await talk.answer("carla", "!punto Dos")
    assert "Fuera" in await talk.answer("ana", "!punto quitar 1")
    assert "quitó el punto 1" in await talk.answer("carla", "!historial")


async def test_an_agenda_has_an_end(talk: Talk) -> None:
    many = "\n".join(f"Punto {n}" for n in range(31))
    assert "30 puntos como máximo" in await talk.answer("carla", f"!punto {many}")


async def test_first_who_has_not_spoken_yet(talk: Talk) -> None:
    await talk.answer("bea", "!reunion empezar")
    assert "tu turno es el 1" in await talk.answer("carla", "!palabra")
    assert "tu turno es el 1" in await talk.answer("carla", "!palabra")
    assert "tu turno es el 2" in await talk.answer("ana", "!palabra sobre el pan")
    await talk.says("bea", "!palabra siguiente")
    (said,) = await talk.hears("Carla tiene la palabra. Después: Ana")
    assert said.content["m.mentions"] == {"user_ids": [user_id("carla")]}
    await talk.answer("carla", "!palabra")
    await talk.answer("bea", "!palabra")
    listed = await talk.answer("ana", "!palabra lista")
    assert "Tiene la palabra: Carla" in listed
    assert "Ana · Bea · Carla" in listed
    assert "Saliste de la lista" in await talk.answer("bea", "!palabra no")
    assert "Ana tiene" in await talk.answer("carla", "!palabra siguiente"), (
        "who has it passes it on"
    )
    assert "No puedes dar la palabra" in await talk.answer("carla", "!palabra siguiente")
    assert "Carla tiene" in await talk.answer("bea", "!palabra siguiente")
    assert "Nadie pidió" in await talk.answer("bea", "!palabra siguiente")


async def test_where_a_mark_is_enough_the_list_is_one_message_that_is_edited(talk: Talk) -> None:
    await talk.set("short_answers", "yes")
    await talk.answer("bea", "!reunion empezar")
    await talk.says("carla", "!palabra")
    listed, mark = sorted(await talk.sent(), key=lambda post: post.kind, reverse=True)
    assert (mark.kind, listed.plain) == ("m.reaction", "Sigue: 1 Carla")
    await talk.says("ana", "!palabra")
    edit = next(post for post in await talk.sent() if post.kind == "m.room.message")
    assert edit.content["m.relates_to"]["event_id"] == listed.event
    assert edit.plain == "* Sigue: 1 Carla · 2 Ana"
    await talk.says("bea", "!palabra siguiente")
    floor, edit = await talk.sent()
    assert (floor.plain, edit.plain) == ("Carla tiene la palabra.", "* Sigue: 1 Ana")
    await talk.says("ana", "!palabra no")
    edit = next(post for post in await talk.sent() if post.kind == "m.room.message")
    assert edit.plain == "* Nadie espera para hablar."
