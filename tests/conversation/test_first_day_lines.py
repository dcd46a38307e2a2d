"""What people ask the bot on their first day, and once a poll is over, in their own words."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, Talk

HELP = {"es": "Todo, por tema: `ayuda todo`", "pt": "`ajuda tudo`", "en": "`help all`"}
READS = {"es": "Leo todos los mensajes", "pt": "Leio todas as mensagens", "en": "I read every"}
ROOMS = {"es": "A otra sala se entra", "pt": "Em outra sala se entra", "en": "Into another one"}


@pytest.mark.parametrize(
    ("language", "line", "heard"),
    [
        ("es", "soy nueva", HELP),
        ("es", "como funciona esto soy nueva", HELP),
        ("es", "hola soy nuevo aqui", HELP),
        ("es", "recien llegue, por donde empiezo", HELP),
        ("es", "¿qué es esto?", HELP),
        ("pt", "sou nova aqui o que eu faço", HELP),
        ("pt", "por onde eu começo", HELP),
        ("en", "hey im new here what is this", HELP),
        ("en", "what should i do first", HELP),
        ("es", "quien puede leer lo que escribo aqui", READS),
        ("es", "¿quién ve mis mensajes?", READS),
        ("pt", "quem consegue ler o que eu escrevo aqui", READS),
        ("en", "who sees what i type", READS),
        ("es", "que salas hay", ROOMS),
        ("es", "quiero entrar a la sala de la olla comun", ROOMS),
        ("pt", "quais salas existem", ROOMS),
        ("en", "can i join the press room", ROOMS),
    ],
)
async def test_a_newcomers_line_in_private_is_answered(
    talk: Talk, language: str, line: str, heard: dict[str, str]
) -> None:
    await talk.tells("bea", f"!language {language}")
    await talk.said()
    await talk.tells("bea", line)
    told = "\n".join(said.plain for said in await talk.said(await talk.private("bea")))
    assert heard[language] in told


async def test_the_rooms_of_a_person_are_told_in_private(talk: Talk) -> None:
    await talk.says("bea", "minga, que salas hay")
    aloud, told = await talk.said()
    assert aloud.room == ROOM and aloud.plain == "Te escribí en privado."
    assert told.room != ROOM and "Salas que compartimos" in told.plain


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("es", ("minga quien gano", "Minga, ¿quién ganó?", "minga como quedo la encuesta")),
        ("pt", ("minga quem ganhou", "minga o que ganhou")),
        ("en", ("minga who won", "minga so what did we pick")),
    ],
)
async def test_who_won_is_the_newest_result(
    talk: Talk, language: str, lines: tuple[str, ...]
) -> None:
    await talk.set("language", language)
    await talk.answer("ana", "!poll Where? North, South")
    await talk.answer("ana", "!poll When? Monday, Sunday")
    await talk.says("bea", "!vote 2 2")
    await talk.says("ana", "!close 2")
    await talk.said()
    for line in lines:
        assert "“When?”" in await talk.answer("bea", line), line


async def test_who_won_in_private_tells_of_no_room_of_others(talk: Talk) -> None:
    await talk.answer("ana", "!poll Where? North, South")
    await talk.tells("stranger", "who won")
    assert "Where" not in "\n".join(said.plain for said in await talk.said())


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("es", "todavia puedo cambiar mi voto?"),
        ("pt", "ainda posso mudar o meu voto?"),
        ("en", "can i still change my vote?"),
    ],
)
async def test_whether_a_vote_can_be_changed_asks_for_the_new_one(
    talk: Talk, language: str, line: str
) -> None:
    await talk.answer("ana", "!poll Where? North, South")
    await talk.tells("bea", f"!language {language}")
    await talk.said()
    await talk.tells("bea", line)
    told = "\n".join(said.plain for said in await talk.said(await talk.private("bea")))
    assert "1 North · 2 South" in told


@pytest.mark.parametrize(
    "line",
    [
        *("soy nueva en el barrio", "que salas hay en el hospital", "quien gano anoche?"),
        *("minga quien gano el partido", "who won last night", "what is this", "soy nueva"),
        *("minga quem ganhou o jogo", "puedo cambiar mi voto?", "quiero entrar a la sala"),
    ],
)
async def test_what_is_asked_of_neighbours_is_left_alone(talk: Talk, line: str) -> None:
    await talk.answer("ana", "!poll Where? North, South")
    await talk.says("bea", line)
    assert await talk.sent() == []
