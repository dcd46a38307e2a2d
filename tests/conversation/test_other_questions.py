"""A question whether to report does not swallow what is plainly something else, and hears a no."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, Talk

ASKED = "como hago para sacar a alguien que esta molestando"
TOLD_NOBODY = "Bien. No avisé a nadie."


@pytest.fixture
async def asked(talk: Talk) -> Talk:
    """Bea is asked whether what she wrote is to be passed on."""
    await talk.tells("bea", "hay alguien que esta molestando en la sala")
    assert (await talk.said())[-1].plain.startswith("¿Paso lo que escribiste como incidente?")
    return talk


@pytest.mark.parametrize(
    "line",
    [
        *("no, es otra cosa", "no era eso", "no, no es eso", "es otra cosa", "não era isso"),
        *("não, é outra coisa", "no, that's not it", "that's not what i meant", "something else"),
        *("no, it's something else", "not that", "no es un incidente"),
    ],
)
async def test_a_no_in_ones_own_words_is_heard(asked: Talk, line: str) -> None:
    await asked.tells("bea", line)
    assert (await asked.said())[-1].plain.startswith(TOLD_NOBODY)
    await asked.tells("bea", "sí")
    assert all("incidente" not in post.plain for post in await asked.said())


@pytest.mark.parametrize(
    "line", ["no era eso, me pega", "no es otra cosa que acoso", "no, es otra cosa: me sigue"]
)
async def test_what_tells_more_is_no_no(asked: Talk, line: str) -> None:
    await asked.tells("bea", line)
    assert not (await asked.said())[-1].plain.startswith(TOLD_NOBODY)


async def test_another_question_is_answered_and_not_passed_on(asked: Talk) -> None:
    await asked.tells("bea", "cuando es la asamblea")
    said = (await asked.said())[-1].plain
    assert "Todavía no hay nada previsto" in said and "¿Aviso? `sí` o `no`" in said
    await asked.tells("bea", "que puedo configurar de la sala desde aca")
    said = (await asked.said())[-1].plain
    assert "`configurar`" in said and said.endswith("¿Aviso? `sí` o `no`")
    await asked.tells("bea", "viene cada noche")
    await asked.said()
    await asked.tells("bea", "sí")
    told = "\n".join(post.plain for post in await asked.said())
    assert "viene cada noche" in told and "molestando" in told
    assert "asamblea" not in told and "configurar" not in told


@pytest.mark.parametrize(
    "line", ["¿quién lo va a leer?", "¿qué hago si me sigue?", "¿y qué hago si vuelve?"]
)
async def test_a_question_about_it_belongs_to_it(asked: Talk, line: str) -> None:
    await asked.tells("bea", line)
    await asked.said()
    await asked.tells("bea", "sí")
    assert "hay alguien que esta molestando" in "\n".join(p.plain for p in await asked.said())


@pytest.mark.parametrize("line", [ASKED, "como echo a una persona que molesta"])
async def test_who_moderates_is_shown_how(talk: Talk, line: str) -> None:
    await talk.tells("ana", line)
    said = (await talk.said())[-1].plain
    assert "`expulsar @nombre:servidor`" in said and "¿Paso" not in said and "`pánico`" in said
    await talk.says("ana", f"Minga, ¿{line}?")
    posts = await talk.said()
    assert "`expulsar" in posts[-1].plain and posts[-1].room != ROOM


async def test_who_does_not_is_offered_to_report_it(talk: Talk) -> None:
    await talk.tells("bea", ASKED)
    said = (await talk.said())[-1].plain
    assert said.startswith("¿Paso lo que escribiste") and "Ana (@ana:test)" in said


@pytest.mark.parametrize(
    ("who", "line"),
    [("ana", "como saco a alguien de la sala"), ("bea", "how do i kick someone out")],
)
async def test_without_harm_it_is_a_matter_of_help(talk: Talk, who: str, line: str) -> None:
    await talk.tells(who, line)
    assert (await talk.said())[-1].plain.startswith("`expulsar`: sacar a alguien")


async def test_who_is_bothered_themselves_is_asked_even_if_they_moderate(talk: Talk) -> None:
    await talk.tells("ana", "como saco a alguien que me esta acosando")
    assert "¿Paso" in (await talk.said())[-1].plain
