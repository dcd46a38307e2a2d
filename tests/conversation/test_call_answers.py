"""What people type who are asked whether their people are to be called, and mean a yes."""

from __future__ import annotations

import pytest

from bot.distress import call_answers
from bot.testing.talk import Talk

ALARM, NO_POLICE = "está en peligro y pide ayuda", "No puedo llamar a la policía"
MEANT = (
    "sip|sep|yea|yup|omg yes|pode|pode ser|por favor|porfa|please|apurate|apúrate me encontró"
    "|rapido|hurry|aviso? si|ahora"
)
PLEADED = (
    "ayuda|ayuda por favor|help|socorro|a todos|a todas|everyone|a todo mundo|chama a policia"
    "|llama a la policía|call the police please"
)
NEITHER = (
    "no por favor|ayuda no|por favor no|hurry no|puede ser|help with polls|no llames a nadie|ja"
)


async def told(talk: Talk, *lines: str) -> str:
    for line in lines:
        await talk.sent()
        await talk.tells("bea", line)
    return "\n".join(post.plain for post in await talk.said())


def test_only_an_answer_that_means_it_is_a_yes() -> None:
    for line in MEANT.split("|"):
        assert call_answers.read_answer(line) == "yes", line
    for line in PLEADED.split("|"):
        assert call_answers.pleads(line) and call_answers.read_answer(line) is None, line
    for line in NEITHER.split("|"):
        assert call_answers.read_answer(line) != "yes" and not call_answers.pleads(line), line


@pytest.mark.parametrize("line", ["pode ser", "apúrate me encontró", *PLEADED.split("|")])
async def test_who_pleads_when_asked_is_helped(talk: Talk, line: str) -> None:
    said = await told(talk, "me están siguiendo", line)
    assert ALARM in said and (NO_POLICE in said) == ("poli" in line)
    assert ALARM not in await told(talk, "cancelar", "falsa alarma", "tengo miedo", "ayuda no")


@pytest.mark.parametrize("line", ["ayuda", "help", "a todos"])
async def test_no_incident_is_reported_by_a_cry(talk: Talk, line: str) -> None:
    own = await talk.private("bea")
    await told(talk, "un compañero me manoseó en la asamblea")
    await talk.tells("bea", line)
    assert {post.room for post in await talk.said()} == {own}
    await talk.tells("bea", "si")
    assert {post.room for post in await talk.said()} > {own}
