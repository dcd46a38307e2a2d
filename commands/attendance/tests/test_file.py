"""The attendance of a series as a file: names for who hosts it, numbers for everybody else."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from bot.api import dates
from bot.testing.talk import ROOM, PostedEvent, Talk
from commands.attendance.tests.test_checkin import code_of
from commands.events.tests.making import first_day, made, weekly

BOGOTA = "America/Bogota"


async def table_of(
    talk: Talk, who: str, line: str, *, private: bool = False
) -> tuple[PostedEvent, list[list[str]]]:
    """The message with the file, and its rows."""
    await (talk.tells if private else talk.says)(who, line)
    (post,) = [p for p in await talk.sent() if p.content.get("msgtype") == "m.file"]
    text = talk.gateway.files[post.content["file"]["url"]].decode("utf-8-sig")
    return post, list(csv.reader(io.StringIO(text), delimiter=";"))


async def attended_series(talk: Talk) -> int:
    """A weekly class, the second date of which Bea and Carla were at, and Carla the first."""
    event, _opening, _poll = await made(talk, rule=weekly())
    await talk.set("presence", "yes")
    await talk.says("bea", f"voy {event.item}")
    await talk.says("dora", f"no voy {event.item}")
    for weeks, there in ((0, ("carla",)), (1, ("bea", "carla"))):
        await talk.wait_until(first_day().plus(7 * weeks).at(19))
        await talk.sent()
        code = await code_of(talk, event.item)
        for person in there:
            await talk.tells(person, f"llegué {event.item} {code}")
    await talk.wait(timedelta(days=1))
    await talk.sent()
    return event.item


async def test_who_hosts_gets_each_person_and_how_often_they_came(talk: Talk) -> None:
    number = await attended_series(talk)
    post, rows = await table_of(talk, "ana", f"!asistentes {number} archivo")
    assert post.room != ROOM, "names are not for the room"
    assert post.content["filename"] == f"asistencia-{number}.csv"
    days = [dates.to_wall(first_day().plus(7 * n).at(19), BOGOTA).date() for n in (0, 1)]
    assert rows[0][:4] == ["persona", "nombre", "estuvo", "dijo que iba"]
    assert rows[0][4:] == [f"{day} 19:00" for day in days]
    assert rows[1:] == [
        ["'@bea:test", "Bea", "1", "2", "dijo que iba", "estuvo"],
        ["'@carla:test", "Carla", "2", "0", "estuvo", "estuvo"],
        ["estuvo", "", "", "", "1", "2"],
        ["dijo que iba", "", "", "", "1", "1"],
    ], "nobody who declined is in it"


async def test_others_get_numbers_and_no_name(talk: Talk) -> None:
    number = await attended_series(talk)
    post, rows = await table_of(talk, "bea", f"!asistentes {number} archivo")
    assert post.room == ROOM
    assert rows[0] == ["fecha", "estuvo", "dijo que iba", "tal vez", "lista de espera"]
    assert [row[1:] for row in rows[1:]] == [["1", "1", "0", "0"], ["2", "1", "0", "0"]]
    assert "bea" not in str(rows).lower()


async def test_whoever_was_forgotten_is_in_no_file(talk: Talk) -> None:
    number = await attended_series(talk)
    await talk.tells("carla", "borrarme")
    await talk.tells("carla", "sí")
    await talk.sent()
    _post, rows = await table_of(talk, "ana", f"!asistentes {number} archivo")
    assert [row[0] for row in rows[1:-2]] == ["'@bea:test"]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("es", "!asistentes 1 archivo"),
        ("es", "!lista de asistencia 1 en excel"),
        ("es", "!exportar asistencia 1"),
        ("es", "!asistencia archivo 1"),
        ("es", "!asistentes planilla"),
        ("pt", "!participantes 1 arquivo"),
        ("pt", "!exportar presença 1"),
        ("pt", "!lista de presença 1 planilha"),
        ("en", "!attendees 1 file"),
        ("en", "!export attendance 1"),
        ("en", "!who is coming 1 as a file"),
    ],
)
async def test_as_people_type_it(talk: Talk, language: str, line: str) -> None:
    await made(talk)
    await talk.says("bea", "voy 1")
    await talk.sent()
    await talk.set("language", language)
    _post, rows = await table_of(talk, "ana", line)
    assert rows[1][0] == "'@bea:test"


async def test_without_an_answer_there_is_no_file(talk: Talk) -> None:
    await made(talk)
    assert "nadie respondió" in await talk.answer("ana", "!asistentes 1 archivo")
    assert "No existe el número 9" in await talk.answer("ana", "!exportar asistencia 9")


async def test_a_room_that_keeps_nothing_of_who_was_there_says_so(talk: Talk) -> None:
    await made(talk)
    await talk.says("bea", "voy 1")
    await talk.sent()
    post, _rows = await table_of(talk, "ana", "asistentes 1 archivo", private=True)
    assert "no guarda quién estuvo" in post.plain


async def test_of_an_event_to_come_it_says_who_comes(talk: Talk) -> None:
    await made(talk)
    await talk.says("bea", "voy 1")
    await talk.sent()
    hosts, _rows = await table_of(talk, "ana", "!asistentes 1 archivo")
    assert "quién va, con nombres" in hosts.plain and "fue" not in hosts.plain
    others, _rows = await table_of(talk, "carla", "!asistentes 1 archivo")
    assert "cuántas personas van" in others.plain and "fueron" not in others.plain
    await talk.wait_until(first_day().at(19) + timedelta(minutes=1))
    await talk.sent()
    hosts, _rows = await table_of(talk, "ana", "!asistentes 1 archivo")
    assert "quién fue, con nombres" in hosts.plain
