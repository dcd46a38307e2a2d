"""Whoever the words of a call for help name is not called. Ana alone moderates the network."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.run.app import features
from bot.testing.talk import Talk

ALARM = {
    "es": "está en peligro y pide ayuda",
    "pt": "está em perigo e pede ajuda",
    "en": "is in danger and calls for help",
}
YES = {"es": "si", "pt": "sim", "en": "yes"}
NOBODY = {
    "es": "No le aviso a quien nombras: Ana",
    "pt": "Não aviso quem você citou: Ana",
    "en": "Not called, as you name them: Ana",
}
ABOUT_HER = [
    *(("es", "ana me amenaza con pegarme"), ("es", "ana me esta siguiendo")),
    *(("es", "@ana me esta siguiendo"), ("es", "avisa, ana me esta pegando")),
    *(("es", "me esta siguiendo ana, ayuda"), ("es", "no llames a ana, me esta pegando")),
    *(("es", "la que me amenaza se llama ana"), ("es", "necesito ayuda, ana me quiere pegar")),
    *(("es", "me llama ana y me amenaza"), ("es", "ayuda ana me esta pegando")),
    *(("pt", "a ana que modera ta me ameaçando"), ("pt", "ana esta me seguindo")),
    *(("pt", "nao avisa a ana, ela ta me batendo"), ("pt", "a ana me bateu com uma faca")),
    *(("en", "ana is threatening me"), ("en", "ana is threatening me with a knife")),
    *(("en", "dont call ana she is beating me"), ("en", "ana threatened to kill me")),
]
WANTED = [
    *(("es", "me estan siguiendo, avisa a ana"), ("es", "ana veni, me estan siguiendo")),
    *(("es", "llama a ana y a carla que me estan siguiendo"), ("es", "ana ayudame me siguen")),
    *(("es", "avísale a ana me estan persiguiendo"), ("es", "ayuda ana!! me estan siguiendo")),
    *(("pt", "chama a ana, estao me seguindo"), ("pt", "ana me ajuda estao me seguindo")),
    *(("es", "me siguen, avisa a ana"), ("pt", "me seguem, avisa a ana")),
    *(("en", "they follow me, tell ana"), ("es", "los pacos me rodean, dile a ana")),
    *(("en", "call ana they are following me"), ("en", "ana help me, im being followed")),
    *(("es", "me estan siguiendo"), ("pt", "estao me seguindo"), ("en", "im being followed")),
]


async def told(talk: Talk, line: str) -> dict[str, str]:
    """What Ana, Bea and Carla read in private after Bea's line."""
    await talk.tells("bea", line)
    rooms = {await talk.private(who): who for who in ("ana", "bea", "carla")}
    said = dict.fromkeys(rooms.values(), "")
    for post in await talk.said():
        said[rooms.get(post.room, "")] = said.get(rooms.get(post.room, ""), "") + post.plain + "\n"
    return said


@pytest.mark.parametrize(("language", "line"), ABOUT_HER)
async def test_who_is_named_is_not_called(tmp_path: Path, language: str, line: str) -> None:
    talk = await Talk.start(tmp_path / "m.db", features(), language=language)
    asked = (await told(talk, line))["bea"]
    assert NOBODY[language] in asked and asked.count("Ana (") == 1, asked
    heard = await told(talk, YES[language])
    assert NOBODY[language] in heard["bea"] and heard["ana"] == "", heard
    await talk.wait(timedelta(hours=1))
    assert not any(ALARM[language] in post.plain for post in await talk.said())
    await talk.close()


@pytest.mark.parametrize(("language", "line"), WANTED)
async def test_who_is_wanted_is_called(tmp_path: Path, language: str, line: str) -> None:
    talk = await Talk.start(tmp_path / "m.db", features(), language=language)
    assert NOBODY[language] not in (await told(talk, line))["bea"]
    assert ALARM[language] in (await told(talk, YES[language]))["ana"]
    await talk.close()


async def carla_is_named(talk: Talk) -> None:
    await told(talk, "panico avisar a @carla:test")
    await talk.wait(timedelta(0))
    await talk.tells("carla", "si")
    await talk.sent()


async def test_the_others_are_called_and_the_question_says_whom(talk: Talk) -> None:
    await carla_is_named(talk)
    asked = (await told(talk, "ana me amenaza"))["bea"]
    assert "Con un `sí` aviso a: Carla (@carla:test)." in asked
    heard = await told(talk, "si")
    assert ALARM["es"] in heard["carla"] and heard["ana"] == ""


async def test_panic_with_a_name_leaves_them_out(talk: Talk) -> None:
    await carla_is_named(talk)
    heard = await told(talk, "panico carla me esta pegando")
    assert ALARM["es"] in heard["ana"] and heard["carla"] == ""
    assert "No le aviso a quien nombras: Carla" in heard["bea"]
    assert heard["bea"].index("Estoy avisando ahora") == 0


async def test_with_nobody_left_the_call_stays_open_and_rings_nobody(talk: Talk) -> None:
    heard = await told(talk, "socorro ana me pegó")
    assert "No queda nadie más a quien pueda avisar" in heard["bea"] and heard["ana"] == ""
    await talk.wait(timedelta(hours=1))
    assert (await told(talk, "estoy en la calle 5"))["ana"] == ""


@pytest.mark.parametrize("line", ["panico sin ana", "panic without ana", "pânico sem a ana"])
async def test_without_her_is_without_her(talk: Talk, line: str) -> None:
    await carla_is_named(talk)
    heard = await told(talk, line)
    assert ALARM["es"] in heard["carla"] and heard["ana"] == ""
    assert "No le aviso a quien nombras: Ana" in heard["bea"]


async def test_in_a_room_it_is_the_same(talk: Talk) -> None:
    await carla_is_named(talk)
    await talk.says("bea", "carla me esta siguiendo")
    await talk.sent()
    heard = await told(talk, "si")
    assert ALARM["es"] in heard["ana"] and heard["carla"] == ""


async def test_a_name_that_comes_later_is_left_out_from_then_on(talk: Talk) -> None:
    await carla_is_named(talk)
    heard = await told(talk, "panico")
    assert ALARM["es"] in heard["carla"] and ALARM["es"] in heard["ana"]
    heard = await told(talk, "carla me esta pegando")
    assert "carla me esta pegando" in heard["ana"] and heard["carla"] == ""
    assert "No se lo paso a quien nombras: Carla" in heard["bea"]
    await talk.wait(timedelta(minutes=3))
    rung = [post.room for post in await talk.said() if ALARM["es"] in post.plain]
    assert rung == [await talk.private("ana")]


async def test_a_name_before_the_yes_is_left_out_too(talk: Talk) -> None:
    await carla_is_named(talk)
    await told(talk, "me siguen")
    assert (
        "No le aviso a quien nombras: Carla"
        in (await told(talk, "es carla la que me sigue"))["bea"]
    )
    heard = await told(talk, "si")
    assert ALARM["es"] in heard["ana"] and heard["carla"] == ""
