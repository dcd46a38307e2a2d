"""Who says that another person reads along, stands at their door, or wants all of it gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import distress
from bot.run.app import features
from bot.testing.talk import ROOM, Talk

CLEAR = {
    "es": "Para que borre lo que guardo de ti: `borrarme`."
    " Este chat y tus mensajes los borras en tu aplicación.",
    "pt": "Para eu apagar o que guardo de você: `me-apague`."
    " Este chat e suas mensagens você apaga no seu aplicativo.",
    "en": "To have me delete what I keep of you: `forget-me`."
    " This chat and your messages you delete in your app.",
}
GONE = [
    *(("es", "borra todo"), ("es", "borra este chat"), ("es", "borra mis mensajes")),
    *(("es", "Borra todo ya!!"), ("es", "elimina todo por favor")),
    *(("pt", "apaga tudo"), ("pt", "apaga td meu agr"), ("pt", "apaga essa conversa")),
    *(("pt", "apaga tudo que eu escrevi"), ("pt", "apague minhas mensagens")),
    *(("en", "delete everything"), ("en", "delete all my stuff now"), ("en", "wipe this chat")),
    *(("es", "borra lo q acabo de poner"), ("es", "kiero borrar todo lo mio")),
    *(("pt", "apaga o que eu mandei"), ("pt", "quero apagar minha mensagem")),
    *(("en", "take back my last message"), ("en", "delete what i just said")),
    *(
        ("es", "borrar todo"),
        ("es", "eliminar todo ya"),
        ("pt", "apagar tudo"),
        ("pt", "deletar tudo"),
    ),
    *(("en", "please delete my messages"), ("en", "erase everything i wrote")),
]
AT_THE_DOOR = [
    *("hes outside my door", "he's at my door", "they're standing outside my house"),
    *("ele ta na minha porta", "ele está parado em frente da minha casa"),
    *("está en mi puerta", "esta afuera de mi casa", "ele tá na porta de casa"),
]
READ_ALONG = [
    *(("es", "mi marido revisa mi celular"), ("es", "mi novio me lee los mensajes")),
    *(("pt", "meu marido olha meu celular"), ("pt", "ele mexe no meu celular")),
    *(("en", "my husband checks my phone"), ("en", "he goes through my phone")),
]
HARMLESS = [
    *("my husband bought a phone", "my dad checks my phone bill", "she is at my house for dinner"),
    *("the chairs are at the door", "delete everything on page 2", "clear the table"),
    *("mi marido revisa el acta", "borra todo el pizarrón", "el cartel va en la puerta"),
    *("mi hermana está en mi casa", "mi marido mira mi celular roto", "borra todo lo del sábado"),
    *("ele está na porta da sede", "meu marido comprou um celular", "apaga a lousa toda"),
    *("borra todo lo que revisan el lunes", "delete everything they read out on sunday"),
    *("did they read my messages", "revisan los celulares perdidos", "estão olhando as cadeiras"),
    *("ela está na minha casa hoje", "apaga tudo que é da pauta velha"),
]
"""None of them is in danger or wants anything deleted by the bot."""


GONE_IN_HURRY = [
    *(("es", "borra todo me revisan el celular"), ("es", "eliminar todo, me revisan el celular")),
    *(("es", "borrar todo que nos están revisando los celulares"),),
    *(("es", "elimina todo rapido mi ex me esta mirando el cel"),),
    *(("pt", "apaga tudo ele ta mexendo no meu celular"),),
    *(
        ("pt", "apaga tudo, estão revistando meu celular"),
        ("pt", "deletar tudo estao lendo meu zap"),
    ),
    *(("en", "delete everything he's checking my phone"),),
    *(("en", "wipe everything now theyre searching my phone"),),
    *(("en", "erase all my messages, they are reading my chats"),),
]


@pytest.mark.parametrize(("language", "line"), GONE_IN_HURRY)
async def test_what_deletes_it_comes_before_the_call(
    tmp_path: Path, language: str, line: str
) -> None:
    talk = await Talk.start(tmp_path / "m.db", features(), language=language)
    await talk.tells("bea", line)
    said = (await talk.said())[-1].plain
    assert said.startswith(f"{CLEAR[language]}\n") and "`p" in said.split("\n")[1], said
    await talk.close()


@pytest.mark.parametrize(
    "line", ["minga borra todo", "minga borra todo por favor", "minga apaga tudo"]
)
async def test_the_name_needs_no_comma(talk: Talk, line: str) -> None:
    await talk.says("bea", line)
    assert (await talk.said())[-1].plain.startswith(CLEAR["es"])


@pytest.mark.parametrize(
    "line", ["borra mi cuenta ya", "apaga minha conta já", "delete my account now"]
)
async def test_an_account_is_deleted_after_a_question(talk: Talk, line: str) -> None:
    await talk.tells("bea", line)
    assert (await talk.said())[-1].plain.endswith("¿Sigo? `sí` o `no`")


@pytest.mark.parametrize("line", HARMLESS)
async def test_harmless_lines_near_them_stay_silent(talk: Talk, line: str) -> None:
    assert distress.find_help_kind(line) is None
    assert distress.find_spoken_call(line) is None
    assert not distress.is_about_traces(line)
    for said in (line, f"minga {line}"):
        await talk.says("bea", said)
        assert await talk.sent() == []


@pytest.mark.parametrize("line", [*AT_THE_DOOR, *(line for _, line in READ_ALONG)])
async def test_they_are_asked_in_private_and_left_alone_in_a_room(talk: Talk, line: str) -> None:
    await talk.says("bea", line)
    assert await talk.sent() == [], "what the room is told is theirs"
    await talk.tells("bea", line)
    assert (await talk.said())[-1].plain.startswith("¿Aviso ya a tu gente")


@pytest.mark.parametrize(("language", "line"), READ_ALONG)
async def test_who_is_read_along_is_told_how_to_clear_it(
    tmp_path: Path, language: str, line: str
) -> None:
    talk = await Talk.start(tmp_path / "m.db", features(), language=language)
    await talk.tells("bea", line)
    assert CLEAR[language] in (await talk.said())[-1].plain
    await talk.close()


@pytest.mark.parametrize(("language", "line"), GONE)
async def test_all_gone_says_what_deletes_it(tmp_path: Path, language: str, line: str) -> None:
    talk = await Talk.start(tmp_path / "m.db", features(), language=language)
    await talk.tells("bea", line)
    assert (await talk.said())[-1].plain.startswith(f"{CLEAR[language]}\n")
    await talk.says("bea", f"minga, {line}")
    posts = await talk.said()
    assert [post.room for post in posts if post.room == ROOM] == [], "nothing of it aloud"
    assert posts[-1].plain.startswith(CLEAR[language])
    await talk.close()


async def test_a_word_behind_the_command_is_understood(talk: Talk) -> None:
    await talk.tells("bea", "borra todo lo mio ya")
    await talk.hears("¿Sigo?")


async def test_that_wish_is_no_part_of_what_a_call_passes_on(talk: Talk) -> None:
    for line in ("me siguen", "estoy en la calle 5", "borra todo"):
        await talk.tells("bea", line)
    said = (await talk.said())[-1].plain
    assert said.startswith(CLEAR["es"]) and "Todavía no avisé a nadie. ¿Aviso" in said
    await talk.tells("bea", "sí")
    posts = "\n".join(post.plain for post in await talk.said())
    assert "“me siguen estoy en la calle 5”" in posts


async def test_a_yes_after_a_cry_calls_and_does_not_leave(talk: Talk) -> None:
    await talk.tells("bea", "salir del grupo")
    await talk.hears("¿Sigo?")
    await talk.tells("bea", "hes outside my door")
    await talk.hears("¿Aviso ya a tu gente")
    await talk.tells("bea", "sí")
    posts = await talk.sent()
    assert any("está en peligro y pide ayuda" in post.plain for post in posts)
    assert not any(post.kind == "kick" for post in posts)
