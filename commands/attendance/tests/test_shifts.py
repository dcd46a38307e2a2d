"""What there is to do at an event, as conversations."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.api import UserError
from bot.testing.talk import Talk
from bot.types import Membership
from commands.attendance import shift_phrases
from commands.attendance.shift_store import Shift
from commands.events.tests.making import first_day, made, weekly


def fair(*more: str) -> str:
    """A line that makes an event of the morning."""
    day = first_day()
    return " ".join(("!evento Feria", day.weekday, day.typed, "10h", *more))


SHIFTS = "turnos: 1 recepción, 2 sonido"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2 recepción, 4 sonido", [Shift("recepción", 2), Shift("sonido", 4)]),
        ("recepción 2; sonido (4)", [Shift("recepción", 2), Shift("sonido", 4)]),
        ("2x café y 1 limpieza", [Shift("café", 2), Shift("limpieza", 1)]),
        ("portería", [Shift("portería", 1)]),
        ("", None),
        ("1 café, 2 Cafe", None),
        ("0 café", None),
        ("9999 café", None),
        (f"1 {'a' * 61}", None),
        (", ".join(f"1 t{n}" for n in "abcdefghijklmnopqrstu"), None),
    ],
)
def test_what_there_is_to_do_is_read(typed: str, expected: list[Shift] | None) -> None:
    if expected is None:
        with pytest.raises(UserError):
            shift_phrases.parse_shifts(typed)
    else:
        assert shift_phrases.parse_shifts(typed) == expected


async def test_people_take_and_leave_them_and_the_gaps_are_shown(talk: Talk) -> None:
    event, opening, _poll = await made(talk, fair(SHIFTS))
    assert "Turnos: recepción 0 de 1 · sonido 0 de 2" in opening.plain
    assert f"`tomo {event.item} recepción`" in opening.plain
    assert "te toca “recepción”" in await talk.answer("bea", f"tomo {event.item} Recepcion")
    full = await talk.answer("carla", f"!tomo {event.item} recepción")
    assert "ya está completo" in full
    assert "Todavía faltan: sonido" in full
    assert "te toca “sonido”" in await talk.answer("carla", "pego sonido", reply=opening)
    listed = await talk.answer("ana", f"!turnos {event.item}")
    assert "recepción 1 de 1: Bea" in listed
    assert "sonido 1 de 2: Carla" in listed
    await talk.wait(timedelta(minutes=1))
    (edit,) = await talk.said()
    assert "recepción 1 de 1 · sonido 1 de 2" in edit.plain
    assert "queda libre" in await talk.answer("bea", f"dejo {event.item} recepción")
    assert "No tenías ese turno" in await talk.answer("bea", f"!dejo {event.item}")
    assert "no tiene el turno “luces”" in await talk.answer(
        "bea", f"!tomar turno {event.item} luces"
    )


@pytest.mark.parametrize("line", ["tomo {n} cafés al día", "dejo {n} cosas aquí", "take {n}"])
async def test_talk_takes_no_shift(talk: Talk, line: str) -> None:
    event, _opening, _poll = await made(talk, fair(SHIFTS))
    await talk.says("bea", line.format(n=event.item))
    await talk.hears_nothing()


async def test_who_does_not_come_or_goes_away_has_no_shift(talk: Talk) -> None:
    event, _opening, _poll = await made(talk, fair(SHIFTS))
    await talk.says("bea", f"tomo {event.item} recepción")
    await talk.says("carla", f"tomo {event.item} sonido")
    await talk.says("carla", f"no voy {event.item}")
    await talk.moves("bea", Membership.LEAVE)
    await talk.sent()
    listed = await talk.answer("ana", f"!turnos {event.item}")
    assert "recepción 0 de 1" in listed
    assert "sonido 0 de 2" in listed


async def test_of_a_series_each_date_has_its_own(talk: Talk) -> None:
    event, _opening, _poll = await made(talk, fair(SHIFTS), rule=weekly())
    first, second = first_day(), first_day().plus(7)
    assert first.words(talk) in await talk.answer("bea", f"tomo {event.item} recepción")
    line = f"tomo {event.item} recepción {second.typed}"
    assert second.words(talk) in await talk.answer("carla", line)
    assert "recepción 1 de 1: Bea" in await talk.answer("ana", f"!turnos {event.item}")
    await talk.wait_until(first.at(12))
    await talk.sent()
    assert "recepción 1 de 1: Carla" in await talk.answer("ana", f"!turnos {event.item}")


async def test_who_made_the_event_changes_them_and_nobody_loses_one(talk: Talk) -> None:
    event, _opening, _poll = await made(talk, fair(), by="bea")
    assert "no tiene turnos" in await talk.answer("carla", f"!turnos {event.item}")
    assert "No puedes" in await talk.answer("carla", f"!turnos {event.item} 1 puerta")
    assert "2 sonido" in await talk.answer("bea", f"!turnos {event.item} 2 sonido, 1 café")
    for who in ("carla", "ana"):
        await talk.answer(who, f"tomo {event.item} sonido")
    less = await talk.answer("bea", f"!turnos {event.item} turnos: 1 sonido")
    assert "En “sonido” ya hay más personas" in less
    assert "3 sonido" in await talk.answer("ana", f"!turnos {event.item} 3 sonido")
    assert "sonido 2 de 3: Ana · Carla" in await talk.answer("ana", f"!turnos {event.item}")


async def test_the_reminder_names_what_one_has_to_do(talk: Talk) -> None:
    event, _opening, _poll = await made(talk, fair(SHIFTS))
    await talk.says("bea", f"voy {event.item}")
    await talk.says("bea", f"tomo {event.item} sonido")
    await talk.sent()
    await talk.wait_until(first_day().at(9))
    (letter,) = await talk.said(await talk.private("bea"))
    assert "Tu turno: sonido" in letter.plain
