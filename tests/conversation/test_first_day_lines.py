"""What people ask the bot on their first day, and once a poll is over, in their own words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk

CRIES = (
    "quiero entrar a la sala y diego me pega|como entro al grupo si mi ex me amenaza"
    "|quiero entrar a la sala pero diego me espera con un cuchillo"
    "|puedo entrar al grupo sin que mi ex me vea|quiero entrar a la sala de mujeres, diego me pega"
    "|quiero entrar a la sala de mujeres, me pegan|me pegan|ellos me pegan en la casa"
    "|quiero entrar a la sala de la olla diego me pega|quero entrar no grupo e ele me bate"
    "|how do i get into a group he is hitting me in the room|can i join the group, he hits me"
    "|cual es el telefono de la policia, me estan pegando"
    "|cual es el telefono de la policia me estan pegando"
    "|what is the phone number of the police, he is hitting me"
    "|what is the phone number of the police he is hitting me"
    "|qual é o telefone da polícia, estão me batendo|what's ana's phone, he is hitting me"
)
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
        ("es", "quiero entrar al grupo de agua y saneamiento", ROOMS),
        ("es", "¿puedo entrar al grupo de ayuda mutua?", ROOMS),
        ("es", "quiero entrar a la sala de la olla comun del barrio", ROOMS),
        ("pt", "quero entrar no grupo da horta", ROOMS),
        ("en", "how do i get into the food not bombs group", ROOMS),
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


@pytest.mark.parametrize("line", CRIES.split("|"))
async def test_a_cry_behind_a_newcomers_question_is_heard(talk: Talk, line: str) -> None:
    await talk.tells("bea", line)
    said = "\n".join(post.plain for post in await talk.said())
    assert "¿Aviso ya a tu gente" in said
    assert "Salas que compartimos" not in said and "No encuentro" not in said


async def test_harm_behind_a_newcomers_question_is_heard(talk: Talk) -> None:
    await talk.tells("bea", "quiero entrar al grupo pero me acosan")
    said = "\n".join(post.plain for post in await talk.said())
    assert "incidente" in said and "Salas que compartimos" not in said


@pytest.mark.parametrize("line", CRIES.split("|"))
async def test_a_cry_behind_a_question_is_passed_on_to_who_was_called(
    talk: Talk, line: str
) -> None:
    await talk.tells("bea", "auxilio")
    await talk.wait(timedelta(seconds=5))
    await talk.sent()
    await talk.tells("bea", line)
    await talk.wait(timedelta(seconds=5))
    own = await talk.private("bea")
    said = await talk.said()
    assert any(line in post.plain for post in said if post.room != own)
    assert not any("Salas que compartimos" in post.plain for post in said)


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
