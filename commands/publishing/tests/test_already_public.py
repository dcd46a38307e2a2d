"""Who asks for what is done already, or can't be done, reads that and not that a number lacks."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk
from commands.publishing.tests.test_publishing import said_now

NOTHING = "Nada de esta sala es público"


async def publish_notice(talk: Talk) -> None:
    await talk.says("ana", "!avisar La feria abre pronto en la plaza")
    await talk.says("ana", "!publicar 1")
    await talk.says("ana", "sí")
    assert "ahora es público" in await said_now(talk)


@pytest.mark.parametrize(
    "line",
    ["!publicar el aviso", "!publicar lo de la feria", "!publicar o aviso", "!publish the notice"],
)
async def test_what_is_public_already_is_named(talk: Talk, line: str) -> None:
    await publish_notice(talk)
    said = await talk.answer("ana", line)
    assert "1 ya es público" in said and "!retirar 1" in said


async def test_it_is_named_too_where_other_things_could_become_public(talk: Talk) -> None:
    await publish_notice(talk)
    await talk.says("ana", "!evento Marcha en 50 horas")
    assert "1 ya es público" in await talk.answer("ana", "!publicar el aviso")
    assert "evento 2: “Marcha”" in await talk.answer("ana", "!publicar la marcha")


@pytest.mark.parametrize(
    "line",
    [
        "!retirar lo de la feria",
        "!retirar",
        "!quita eso de la web",
        "minga, saca eso de internet",
        "!tira isso do site",
        "!take it off the website",
        "!quita la decisión",
        "!quita la decisión de la web",
        "!tira a decisão",
    ],
)
async def test_where_nothing_is_public_that_is_said(talk: Talk, line: str) -> None:
    assert NOTHING in await talk.answer("ana", line)
    assert NOTHING in await talk.answer("bea", line)


async def test_in_private_too(talk: Talk) -> None:
    await talk.tells("bea", "quita eso de la web")
    assert NOTHING in await said_now(talk)


@pytest.mark.parametrize("line", ["quita eso de la web", "tira do ar", "take it down"])
async def test_who_may_not_withdraw_is_told_whom_to_ask(talk: Talk, line: str) -> None:
    await publish_notice(talk)
    for asked in (await talk.answer("bea", f"!{line}"), await _told(talk, "bea", line)):
        assert "es para la moderación" in asked and "Pídeselo" in asked
    assert "`!retirar 1`" in await talk.answer("ana", f"!{line}")


async def _told(talk: Talk, who: str, line: str) -> str:
    await talk.tells(who, line)
    return await said_now(talk)


SEEING = [
    "quién puede ver esto?",
    "quien puede ver esto",
    "¿quién ve esto?",
    "quién puede leer esto?",
    "quem pode ver isso?",
    "quem vê isso?",
    "quem pode ler isso?",
    "who can see this?",
    "who can read this",
    "who sees this?",
]


@pytest.mark.parametrize("line", SEEING)
async def test_who_can_see_this(talk: Talk, line: str) -> None:
    await publish_notice(talk)
    for said in (await _told(talk, "bea", line), await talk.answer("bea", f"minga, {line}")):
        assert "Leo todos los mensajes" in said
        assert "Lo que es público lo ve todo el mundo" in said and "publicar`" in said
