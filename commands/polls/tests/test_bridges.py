"""People behind a bridge have no vote unless the room wants that, and a secret vote says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.run.app import features
from bot.testing.talk import ROOM, Talk
from bot.types import Membership

BOT, GHOST = "@telegrambot:test", "@telegram_712345678:test"
TELEGRAM = {"bridgebot": BOT, "protocol": {"id": "telegram", "displayname": "Telegram"}}
SECRET = "!encuesta ¿Dónde? Norte, Sur, Zoom secreta hasta en 56 horas"


async def bridged(talk: Talk) -> None:
    """Bring a bridge into the room, with one person of the other service."""
    await talk.state(ROOM, "m.bridge", TELEGRAM)
    await talk.moves(BOT, Membership.JOIN)
    await talk.moves(GHOST, Membership.JOIN)


async def test_who_comes_by_a_bridge_is_not_on_the_roll(talk: Talk) -> None:
    await bridged(talk)
    heard = await talk.answer("bea", "!votantes")
    assert "ahora 3 personas" in heard
    assert "2 cuentas llegan por un puente desde otro servicio, y no tienen voto" in heard
    await talk.answer("ana", "!propuesta Abrimos el sábado hasta en 56 horas")
    assert "3 personas" in await talk.answer("bea", "!resultados 1")


async def test_a_room_may_want_their_votes(talk: Talk) -> None:
    await bridged(talk)
    await talk.answer("ana", "!configurar gente-de-puentes sí")
    await talk.answer("ana", "sí")
    heard = await talk.answer("bea", "!votantes")
    assert "ahora 5 personas" in heard and "puente" not in heard


async def test_a_look_alone_takes_no_vote(talk: Talk) -> None:
    await talk.moves(GHOST, Membership.JOIN)
    heard = await talk.answer("bea", "!votantes")
    assert "ahora 4 personas" in heard and "puente" not in heard


async def test_who_is_named_and_comes_by_a_bridge_is_said(talk: Talk) -> None:
    await bridged(talk)
    heard = await talk.answer(
        "ana", f"!propuesta Vamos hasta en 56 horas votan: {GHOST}, @bea:test"
    )
    assert "llega por un puente desde otro servicio" in heard
    assert "`!configurar gente-de-puentes sí`" in heard


async def test_a_secret_vote_says_that_somebody_outside_reads_along(talk: Talk) -> None:
    for name in ("dora", "elsa", "flor"):
        await talk.moves(name, Membership.JOIN)
    await bridged(talk)
    said = await talk.answer("ana", SECRET)
    assert "En esta sala hay un puente: lo que se escribe aquí también se lee en Telegram." in said


async def test_a_secret_vote_without_a_bridge_speaks_of_none(talk: Talk) -> None:
    for name in ("dora", "elsa", "flor"):
        await talk.moves(name, Membership.JOIN)
    assert "puente" not in await talk.answer("ana", SECRET)


@pytest.mark.parametrize("stays", [True, False])
async def test_a_poll_of_a_members_app_counts_nobody_without_a_vote(
    talk: Talk, *, stays: bool
) -> None:
    await bridged(talk)
    poll = talk.polls("ana", "¿Cine?", "Sí", "No")
    await talk.votes(GHOST, poll, ("1",))
    await talk.votes("bea", poll, ("2",))
    if not stays:
        await talk.moves(GHOST, Membership.LEAVE)
    heard = await talk.answer("bea", "!resultados", reply=poll)
    assert "Sí: 0" in heard and "No: 1" in heard and "Votó 1 persona" in heard
    assert "No conté 1 cuenta" in heard and "puente" in heard
    await talk.answer("ana", "!configurar gente-de-puentes sí")
    await talk.answer("ana", "sí")
    heard = await talk.answer("bea", "!resultados", reply=poll)
    assert "Sí: 1" in heard and "puente" not in heard


async def test_a_show_of_hands_counts_nobody_behind_a_bridge(tmp_path: Path) -> None:
    talk = await Talk.start(tmp_path / "all.db", features())
    await bridged(talk)
    await talk.says("ana", "!manos ¿Seguimos?")
    opened = [post for post in await talk.sent() if "poll.start" in post.kind]
    await talk.taps(GHOST, opened[0], 1)
    await talk.taps("bea", opened[0], 1)
    await talk.sent()
    assert "Sí: 1" in await talk.answer("bea", "!resultados 1")
    await talk.close()
