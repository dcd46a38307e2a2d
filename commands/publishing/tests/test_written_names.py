"""Whose name somebody wrote into what is public is told so, and never that it stands nowhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from bot.types import Membership
from commands.publishing.tests.test_publishing import NOW, public_text, publish_event, said_now

WAY_OUT = "De ahí no lo puedo sacar. Quien modera puede retirarlo entero con `retirar 1`. Pídeselo."
ASKED = [
    "saca mi nombre",
    "no quiero que salga mi nombre",
    "retirar mi nombre",
    "retirar mi nombre 1",
    "tira meu nome",
    "take my name off",
    "remove my name from 1",
    "publicar mi nombre 1",
]


async def in_private(talk: Talk, who: str) -> str:
    """What this person reads in private once what is due now is done."""
    await talk.wait(NOW)
    room = await talk.private(who)
    return "\n".join(post.plain for post in await talk.said() if post.room == room)


async def publish_decision(talk: Talk, title: str = "Que Bea y Carla lleven la caja") -> str:
    """Publish a proposal. Return what Bea reads in private."""
    await talk.says("carla", f"!propuesta {title}")
    await talk.says("ana", "!votar 1 sí")
    await talk.says("ana", "!cerrar 1")
    await talk.says("ana", "sí")
    await talk.wait(timedelta(hours=25))
    await talk.says("ana", "!publicar 1")
    await talk.said()
    await talk.says("ana", "sí")
    return await in_private(talk, "bea")


async def test_the_preview_says_that_they_are_told_and_they_are_once(talk: Talk) -> None:
    await talk.says("ana", "!anunciar Ana, Bea y Carla llevan la caja leído")
    await said_now(talk)
    shown = await talk.answer("ana", "!publicar 1")
    assert "Por ahora no agrego el nombre de nadie." in shown
    assert "Ana · Bea · Carla" in shown and "se lo digo en privado a esas personas" in shown
    await talk.says("ana", "sí")
    await talk.wait(NOW)
    posts = await talk.said()
    said = dict.fromkeys(("ana", "bea", "carla"), "")
    for who in said:
        room = await talk.private(who)
        said[who] = "\n".join(post.plain for post in posts if post.room == room)
    assert "es público, y en su texto está: Bea." in said["bea"] and WAY_OUT in said["bea"], said
    assert "en su texto está: Carla." in said["carla"]
    assert "en su texto" not in said["ana"], "she read it before"
    await talk.wait(timedelta(days=2))
    assert not await in_private(talk, "bea")


@pytest.mark.parametrize("line", ASKED)
async def test_who_asks_reads_where_the_name_is_written(talk: Talk, line: str) -> None:
    assert "en su texto está: Bea." in await publish_decision(talk)
    await talk.tells("bea", line)
    said = await said_now(talk)
    title = "1, “Que Bea y Carla lleven la caja”"
    assert f"Tu nombre está escrito en el texto de {title}: Bea.\n{WAY_OUT}" in said, said
    assert "no está" not in said


async def test_who_may_withdraw_it_reads_how(talk: Talk) -> None:
    await publish_decision(talk)
    await talk.tells("carla", "saca mi nombre")
    assert "Para retirarlo entero: `retirar 1`" in await said_now(talk)


async def test_a_name_that_was_agreed_to_is_no_written_name(talk: Talk) -> None:
    await publish_event(talk, "Marcha en 50 horas lugar: Casa de @bea")
    await talk.tells("bea", "sí")
    await said_now(talk)
    await talk.tells("bea", "retirar mi nombre")
    said = await said_now(talk)
    assert "Saco tu nombre" in said and "escrito" not in said and "en su texto" not in said
    assert "Bea" not in await public_text(talk, 1)


@pytest.mark.parametrize("line", ["retirar mi nombre", "retirar mi nombre 1"])
async def test_who_takes_a_yes_back_reads_that_the_name_is_written_too(
    talk: Talk, line: str
) -> None:
    await publish_event(talk, "Bea y la marcha en 50 horas lugar: Casa de @bea")
    await talk.tells("bea", "sí")
    await said_now(talk)
    await talk.tells("bea", line)
    said = await said_now(talk)
    assert "Saco tu nombre" in said and "en su texto está: Bea." in said, said


async def test_a_no_where_the_name_is_written_too_says_so(talk: Talk) -> None:
    await publish_event(talk, "Bea y la marcha en 50 horas lugar: Casa de @bea")
    await talk.tells("bea", "no")
    assert "Tu nombre está escrito en el texto de 1" in await said_now(talk)


async def test_who_left_is_not_written_to(talk: Talk) -> None:
    await talk.moves("bea", Membership.LEAVE)
    assert not await publish_decision(talk)


async def test_what_becomes_public_again_tells_only_who_was_not_told(talk: Talk) -> None:
    await publish_event(talk, "Bea y la marcha en 50 horas")
    await talk.says("ana", "!cambiar 1 título: Bea, Carla y la marcha")
    await talk.says("ana", "!publicar 1")
    await said_now(talk)
    await talk.says("ana", "sí")
    said = await said_now(talk)
    assert "en su texto está: Carla." in said and "en su texto está: Bea" not in said, said


async def test_many_are_listed_up_to_a_bound(talk: Talk) -> None:
    for number in range(1, 8):
        await talk.says("ana", f"!anunciar {number} Bea trae la lona leído")
        await talk.says("ana", f"!publicar {number}")
        await talk.said()
        await talk.says("ana", "sí")
    await talk.said()
    await talk.tells("bea", "saca mi nombre")
    said = await said_now(talk)
    assert said.count("está escrito") == 5 and "y 2 más" in said, said
