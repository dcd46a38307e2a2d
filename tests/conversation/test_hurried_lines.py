"""What a frightened person, a hurried organiser and a traveller type: the bot does what they meant,
or says how, and never offers or does something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.run.app import features
from bot.testing.talk import ROOM, Talk
from tests.conversation.test_wrong_doors import privately

EVENT = {
    "es": "!evento Taller de radio en 3 días 16:00",
    "pt": "!evento Roda de conversa em 3 dias 16:00",
    "en": "!event Radio workshop in 3 days 16:00",
}


async def begin(path: Path, language: str) -> Talk:
    """Return a conversation in which event 1 was announced."""
    talk = await Talk.start(path / "minga.db", features(), language=language)
    await talk.says("ana", EVENT[language])
    await talk.sent()
    return talk


@pytest.mark.parametrize(
    ("language", "line", "heard"),
    [
        ("es", "no voy al taller", "no vas a “Taller de radio” (1)"),
        ("es", "no voy a ir al taller", "no vas a “Taller de radio” (1)"),
        ("pt", "não vou na roda", "você não vai a “Roda de conversa” (1)"),
        ("en", "im not coming to the workshop", 'you don\'t come to "Radio workshop" (1)'),
        ("es", "no voy a la cosa", "(no conozco “a la cosa”). Ejemplo: `no voy 1`"),
        ("pt", "não vou naquilo", "(não conheço “naquilo”). Exemplo: `não vou 1`"),
        ("en", "not going to the thing", "“to the thing”). For example: `not going 1`"),
    ],
)
async def test_who_does_not_come_names_it_by_words_or_hears_how_not_to(
    tmp_path: Path, language: str, line: str, heard: str
) -> None:
    """An example that said `going 1` made people come who had said that they don't."""
    talk = await begin(tmp_path, language)
    assert heard in await privately(talk, "carla", line)
    await talk.close()


async def test_a_number_answers_words_that_name_no_event(tmp_path: Path) -> None:
    talk = await begin(tmp_path, "es")
    await talk.tells("carla", "no voy a la cosa")
    await talk.sent()
    assert "no vas a “Taller de radio” (1)" in await privately(talk, "carla", "1")
    await talk.close()


@pytest.mark.parametrize(
    ("language", "line", "heard"),
    [
        ("es", "minga: evento 1 es el domingo", "`!mover 1 el domingo`"),
        ("es", "!evento 1 domingo 10h", "`!mover 1 domingo 10h`"),
        ("pt", "minga evento 1 é no domingo", "`!remarcar 1 no domingo`"),
        ("en", "minga event 1 is on sunday", "`!move 1 on sunday`"),
        ("en", "!event 1 will be tomorrow", "`!move 1 tomorrow`"),
    ],
)
async def test_a_number_and_a_date_make_no_event(
    tmp_path: Path, language: str, line: str, heard: str
) -> None:
    talk = await begin(tmp_path, language)
    assert heard in await talk.answer("ana", line)
    await talk.close()


async def test_a_title_may_begin_with_the_number_of_another_event(tmp_path: Path) -> None:
    talk = await begin(tmp_path, "es")
    assert "Evento 2: 1 año de la red" in await talk.answer(
        "ana", "!evento 1 año de la red en 2 días"
    )
    await talk.close()


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("es", "a qué hora es el taller"),
        ("es", "minga a que hora empieza el taller"),
        ("pt", "que horas é a roda"),
        ("pt", "minga que horas é a roda mesmo"),
        ("en", "what time is the workshop"),
    ],
)
async def test_the_hour_of_an_event_is_told(tmp_path: Path, language: str, line: str) -> None:
    """`que horas é a roda` was taken for the time bank (`horas`)."""
    talk = await begin(tmp_path, language)
    said = talk.answer("bea", line) if "minga" in line else privately(talk, "bea", line)
    assert "16:00" in (told := await said) and "(1)" in told
    await talk.close()


@pytest.mark.parametrize(
    ("language", "line", "how"),
    [
        ("es", "perdi mi celular como cierro mi cuenta ahi", "Cambia ahí también tu contraseña"),
        ("pt", "perdi meu celular", "Troque ali também a sua senha"),
        ("en", "my phone got stolen at the airport sign it out", "Change your password there too"),
        ("en", "lost my phone, log me out everywhere", "Change your password there too"),
    ],
)
async def test_whose_phone_is_gone_hears_how_to_shut_it_out(
    tmp_path: Path, language: str, line: str, how: str
) -> None:
    talk = await begin(tmp_path, language)
    assert how in await privately(talk, "carla", line)
    await talk.close()


async def test_a_robbery_is_a_call_and_names_how_to_shut_the_phone_out(talk: Talk) -> None:
    said = await privately(talk, "carla", "me robaron el celu")
    assert "¿Aviso ya a tu gente" in said and "`cerrar sesión`" in said
    said = await privately(talk, "carla", "perdi mi celular")
    assert "`cerrar sesión`" in said and "Todavía no avisé a nadie" in said, "the question stays"
    await talk.tells("carla", "sí")
    assert any("me robaron el celu perdi mi celular" in p.plain for p in await talk.said())


@pytest.mark.parametrize("line", ["i lost my phone charger", "i lost my way home to my phone"])
async def test_other_things_that_are_lost_are_no_phone(tmp_path: Path, line: str) -> None:
    talk = await begin(tmp_path, "en")
    assert "sign out" not in await privately(talk, "carla", line)
    await talk.close()


@pytest.mark.parametrize(
    ("language", "line", "help_first"),
    [
        ("es", "salir de mi casa", "`pánico`"),
        ("pt", "sair da minha casa", "`pânico`"),
        ("en", "leave my house", "`panic`"),
    ],
)
async def test_who_leaves_a_house_hears_of_help_first(
    tmp_path: Path, language: str, line: str, help_first: str
) -> None:
    talk = await begin(tmp_path, language)
    assert help_first in (await privately(talk, "carla", line)).splitlines()[0]
    await talk.close()


async def test_who_leaves_quietly_hears_that_it_is_seen(tmp_path: Path) -> None:
    talk = await begin(tmp_path, "en")
    said = await privately(talk, "carla", "leave sala quietly")
    assert "You leave 1 room: Sala" in said and "sees that you left" in said
    await talk.tells("carla", "no")
    await talk.sent()
    said = await privately(talk, "carla", "leave the kitchen group quietly")
    assert "“kitchen”" in said and "Your rooms: Sala" in said
    await talk.close()


@pytest.mark.parametrize(
    ("language", "line", "heard"),
    [
        ("en", "!hide event 1", "no offer or need 1"),
        ("es", "!mover evento 1 en 4 días 17:00", "movió el evento 1"),
        ("pt", "!remarcar o evento 1 em 4 dias 17:00", "evento 1"),
        ("pt", "minga prorroga o evento 1 até amanhã", "não dá para fazer isso"),
    ],
)
async def test_a_kind_may_stand_before_the_number(
    tmp_path: Path, language: str, line: str, heard: str
) -> None:
    talk = await begin(tmp_path, language)
    await talk.says("ana", line)
    said = "\n".join(post.plain for post in await talk.said())
    assert heard in said and "Missing" not in said and "Falta" not in said
    await talk.close()


@pytest.mark.parametrize(
    "line", ["minga cancel this week", "minga move this friday", "minga: cancel this week"]
)
async def test_of_this_week_people_talk(talk: Talk, line: str) -> None:
    await talk.says("ana", line)
    assert [post for post in await talk.sent() if post.room == ROOM] == []
