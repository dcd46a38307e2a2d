"""What becomes public of events."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.api import public_services
from bot.capability.data.public_services import PublicNames
from bot.testing.publications import everybody, find_in, published
from bot.testing.talk import Talk, find_number
from bot.types import Number


async def made(talk: Talk, line: str) -> int:
    await talk.says("ana", line)
    return find_number((await talk.said())[0])


def facts(found: public_services.Publication, language: str) -> dict[str, str]:
    every = found.document.facts
    return {one.name.in_language(language): one.value.in_language(language) for one in every}


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_what_when_and_where_in_three_languages(talk: Talk) -> None:
    line = "!evento Taller de radio en 3 días a las 19h dura:2h lugar: Casa Azul cupos:37"
    number = await made(talk, line)
    at = int(talk.clock.at.timestamp())
    await talk.says("bea", f"!voy {number}")
    await talk.says("ana", f"!cambiar {number} descripción: Traigan audífonos\nSin costo")
    found = await published(talk, number)
    begins = (talk.clock.at + timedelta(days=3)).replace(hour=0, minute=0)  # 19:00 in Bogotá
    document = found.document
    assert document.kind == "event" and document.at == at
    assert document.title.text == "Taller de radio"
    assert [one.text for one in document.paragraphs] == ["Traigan audífonos\nSin costo"]
    when = document.event
    assert when is not None and when.ends is not None
    assert (when.ends - when.begins, when.zone) == (2 * 3600, "America/Bogota")
    assert datetime.fromtimestamp(when.begins, begins.tzinfo).hour == 0
    assert when.place is not None and when.place.text == "Casa Azul"
    spanish, portuguese, english = (facts(found, one) for one in ("es", "pt", "en"))
    assert spanish["lugar"] == portuguese["lugar"] == english["place"] == "Casa Azul"
    assert "19:00 (Bogotá), dura 2 h" in spanish["cuándo"]
    assert "dura 2 h" in portuguese["quando"] and "lasts 2 h" in english["when"]
    assert find_in(found, "bea", "ana", "cupos", "37 ") == [], "who comes is nobody's business"


async def test_the_link_of_a_call_stays_in_the_room(talk: Talk) -> None:
    number = await made(talk, "!evento Charla mañana 19h enlace: https://meet.example.org/secreta")
    assert find_in(await published(talk, number), "meet.example.org") == []


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_a_series_with_a_date_moved_and_one_cancelled(talk: Talk) -> None:
    number = await made(talk, "!evento Asamblea cada martes 19h lugar: Plaza")
    event = (await published(talk, number)).document.event
    assert event is not None and event.repeats == "FREQ=WEEKLY;BYDAY=TU"
    first = event.begins
    await talk.says("ana", f"!cancelar {number} {day(talk, first, 1)}")
    await talk.says("ana", "sí")
    await talk.says("ana", f"!mover {number} {day(talk, first, 2)} al {day(talk, first, 2, 1)} 20h")
    await talk.says("ana", "sí")
    await talk.said()
    found = await published(talk, number)
    moved = found.document.event
    assert moved is not None
    week, a_day_and_an_hour = 7 * 86400, 25 * 3600
    assert moved.left_out == (first + week, first + 2 * week)
    assert moved.added == (first + 2 * week + a_day_and_an_hour,)
    assert facts(found, "es")["se repite"] == "cada martes, 19:00"
    changed = [one for one in found.document.facts if one.name.text == "changed"]
    assert len(changed) == 2, "people read what machines read"


def day(talk: Talk, first: int, weeks: int, days: int = 0) -> str:
    at = datetime.fromtimestamp(first, talk.clock.at.tzinfo) - timedelta(hours=5)
    return f"{at + timedelta(weeks=weeks, days=days):%d/%m}"


async def test_a_cancelled_event_says_so_and_stays_the_same_as_time_passes(talk: Talk) -> None:
    number = await made(talk, "!evento Feria en 5 días lugar: Plaza")
    before = await published(talk, number)
    await talk.says("ana", f"!cancelar {number}")
    await talk.says("ana", "sí")
    await talk.said()
    found = await published(talk, number)
    assert before.document.event is not None and found.document.event is not None
    assert (before.document.event.cancelled, found.document.event.cancelled) == (False, True)
    assert facts(found, "pt")["estado"] == "cancelado"
    assert found.document.event.all_day
    await talk.wait(timedelta(days=400))
    assert await published(talk, number) == found


async def test_nobody_named_in_it_becomes_public(talk: Talk) -> None:
    line = "!evento Fiesta de @bea:test mañana 19h lugar: casa de @carla:test"
    number = await made(talk, line)
    found = await published(talk, number, PublicNames(members=await everybody(talk)))
    assert find_in(found, "@bea", "@carla", "@ana", ":test") == []


async def test_each_change_is_told_to_whoever_publishes(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Number] = []

    async def note(_ctx: object, number: Number) -> None:
        told.append(number)

    feature = next(iter(talk.machine.registry.features.values()))
    monkeypatch.setitem(feature.services, public_services.PUBLIC_CHANGED.name, note)
    number = await made(talk, "!evento Feria en 5 días 10h lugar: Plaza")
    told.clear()
    for line in ("lugar: Parque", "título: Feria grande"):
        await talk.says("ana", f"!cambiar {number} {line}")
        assert told.pop() == number and told == []
    await talk.says("ana", f"!cancelar {number}")
    await talk.says("ana", "sí")
    assert told == [number]
