"""A line without a number that asks for something else than publishing it now is asked about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from commands.publishing.tests.test_replies import announced

ELSE = {
    "es": """el aviso del agua con embargo hasta el viernes
        el aviso del agua mañana
        el aviso del agua mañana por favor
        el aviso del agua mañana a las 9
        todo menos la marcha
        la marcha solo para la sala
        el aviso del agua pero sin los nombres
        la marcha cuando confirme Ana
        la marcha sin la dirección
        el aviso del agua en una hora
        la marcha si Ana está de acuerdo
        la marcha no, el taller
        el aviso del agua ya no
        la marcha y el aviso
        la marcha a las 2
        a las 2
        a la 1
        el lunes 2
        en 2 horas
        mañana 2""",
    "pt": """tudo menos a marcha
        a marcha só para a sala
        a marcha amanhã às 9
        o aviso da água amanhã
        o aviso da água quando a Ana confirmar
        a marcha sem o endereço
        a marcha depois do almoço
        o aviso da água ainda não
        a marcha na segunda
        a marcha se a Bea concordar
        o aviso da água embargado até sexta
        às 2
        dia 2""",
    "en": """everything except the march
        the march tomorrow at 9
        the water notice tomorrow
        the water notice under embargo until Friday
        the march only to this room
        the march without the address
        the march once Ana confirms
        the march, not yet
        the march later tonight
        the march if Bea agrees
        the march instead of the workshop
        at 2""",
}
TITLES = {
    "es": ("Mañana no hay agua", "Marcha"),
    "pt": ("Amanhã não tem água", "Marcha"),
    "en": ("No water tomorrow", "March"),
}
SHOWN = {
    "es": "Esto queda público, para todo el mundo:",
    "pt": "Isto fica público, para todo mundo:",
    "en": "This becomes public, for everybody:",
}


@pytest.mark.parametrize("language", ["es", "pt", "en"])
async def test_what_asks_for_something_else_is_asked_about(talk: Talk, language: str) -> None:
    await talk.says("ana", f"!idioma {language}")
    await announced(talk, TITLES[language][0])
    await announced(talk, TITLES[language][1])
    for line in ELSE[language].splitlines():
        said = await talk.answer("ana", f"!publicar {line.strip()}")
        assert SHOWN[language] not in said and "`!publi" in said, (line, said)


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("el aviso del agua", "Mañana no hay agua"),
        ("ya mismo el aviso del agua porfa", "Mañana no hay agua"),
        ("el aviso de mañana", "Mañana no hay agua"),
        ("la marcha del sábado en la web", "Marcha el sábado"),
        ("o aviso da marcha agora por favor", "Marcha el sábado"),
        ("today's announcement about the marcha", "Marcha el sábado"),
        ("el aviso 2", "Marcha el sábado"),
    ],
)
async def test_what_means_it_is_shown(talk: Talk, line: str, title: str) -> None:
    await announced(talk)
    await announced(talk, "Marcha el sábado")
    said = await talk.answer("ana", f"!publicar {line}")
    assert SHOWN["es"] in said and f"“{title}”" in said, said


async def test_it_says_which_words_and_what_a_number_does(talk: Talk) -> None:
    await announced(talk)
    said = await talk.answer("ana", "!publicar el aviso del agua con embargo hasta el viernes")
    assert "No sé qué me pides con “con embargo hasta el viernes”" in said
    assert "Con el número te lo muestro, y tras tu sí se hace público todo, enseguida:" in said
    assert "`!publicar 1`: aviso, “Mañana no hay agua”" in said


async def published(talk: Talk, text: str, number: int) -> None:
    await announced(talk, text)
    await talk.says("ana", f"!publicar {number}")
    await talk.says("ana", "sí")
    await talk.said()


@pytest.mark.parametrize(
    "line",
    [
        "el aviso de anteayer",
        "o aviso de ontem",
        "yesterday's announcement",
        "el aviso de luz",
        "todo menos la marcha",
        "todo excepto la marcha",
        "tudo menos a marcha",
        "everything except the marcha",
        "solo la marcha no",
    ],
)
async def test_what_does_not_fit_stays_public(talk: Talk, line: str) -> None:
    await published(talk, "Marcha", 1)
    said = await talk.answer("ana", f"!retirar {line}")
    assert "`!retirar 1`: aviso, “Marcha”" in said and "ya no es público" not in said, said


@pytest.mark.parametrize("now", ["ya", "ahora mismo", "agora", "já", "now", "right now"])
async def test_now_is_when_to_publish_it_and_not_its_day(talk: Talk, now: str) -> None:
    await announced(talk, "Marcha")
    await announced(talk, "Otro aviso")
    await talk.wait(timedelta(days=3))
    assert "aviso 1: “Marcha”" in await talk.answer("ana", f"!publicar la marcha {now}")


@pytest.mark.parametrize("day", ["de antier", "de anteayer", "recién enviado", "de ayer"])
async def test_a_day_is_counted_back(talk: Talk, day: str) -> None:
    await announced(talk, "Marcha")
    await talk.wait(timedelta(days=2))
    said = await talk.answer("ana", f"!publicar el aviso {day}")
    assert (SHOWN["es"] in said) is day.startswith("de ant"), said


@pytest.mark.parametrize(
    "line",
    ["el aviso de hoy", "el aviso de ayer", "lo de la marcha rápido", "el aviso ya por favor"],
)
async def test_the_day_is_when_it_was_written_or_became_public(talk: Talk, line: str) -> None:
    await announced(talk, "Marcha")
    await talk.wait(timedelta(days=1))
    await talk.says("ana", "!publicar 1")
    await talk.says("ana", "sí")
    await talk.said()
    assert "1, “Marcha”, ya no es público" in await talk.answer("ana", f"!retirar {line}")
