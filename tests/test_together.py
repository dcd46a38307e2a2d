"""What one capability leaves for another: rules, rights and permissions that meet in one room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import features
from bot.testing import Talk
from bot.types import RoomId

OTHER = RoomId("!otra:test")
NOW = timedelta(0)


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    talk = await Talk.start(tmp_path / "minga.db", features())
    yield talk
    await talk.close()


@pytest.mark.parametrize(
    ("language", "lacks"),
    [
        ("es", ("`!expulsar`", "`!vetar`", "`!silenciar`", "cerrar la sala", "`!renombrar`")),
        ("pt", ("`!expulsar`", "`!banir`", "`!silenciar`", "fechar a sala", "`!renomear`")),
    ],
)
async def test_what_moderating_takes_is_among_the_permissions(
    talk: Talk, language: str, lacks: tuple[str, ...]
) -> None:
    await talk.room(OTHER, "Otra", ["ana"], {"ana": 100}, bot_power=0)
    await talk.set("language", language, OTHER)
    heard = await talk.answer("ana", "!permisos", room=OTHER)
    for words in lacks:
        assert words in heard


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("expulsar", "sacar a alguien de la sala"),
        ("silenciar", "silenciar a alguien"),
        ("advertir", "advertir a alguien"),
        ("vetar", "vetar la entrada"),
        ("banir", "vetar la entrada"),
        ("remove", "sacar a alguien de la sala"),
        ("configurar retencion", "cambiar el ajuste retencion"),
    ],
)
async def test_a_rule_is_found_by_the_word_of_its_command_too(
    talk: Talk, typed: str, title: str
) -> None:
    assert title in await talk.answer("ana", f"!gobierno {typed} decisión")


async def test_who_has_something_of_who_is_forgotten_hears_it_once(talk: Talk) -> None:
    await talk.answer("bea", "!presto proyector a @carla hasta el viernes")
    await talk.answer("carla", "!recibido 2")
    await talk.wait(NOW)
    await talk.said()
    await talk.tells("bea", "borrarme")
    (asked,) = await talk.said()
    assert "alguien tiene 1 de ellas" in asked.plain
    await talk.wait(NOW)
    await talk.hears_nothing()  # not before it is done
    await talk.tells("bea", "sí")
    await talk.said()
    await talk.wait(NOW)
    (told,) = await talk.said(await talk.private("carla"))
    assert "El préstamo 2 ya no está en mi lista" in told.plain
    assert "Bea" not in told.plain and "proyector" not in told.plain
    await talk.wait(timedelta(days=9))
    assert await talk.said(await talk.private("carla")) == []


async def test_what_came_of_an_incident_is_not_said_to_reach_who_is_forgotten(talk: Talk) -> None:
    await talk.tells("bea", "incidente me gritaron")
    await talk.tells("ana", "atender 1")
    await talk.tells("bea", "borrarme")
    await talk.tells("bea", "sí")
    await talk.said()
    await talk.tells("ana", "resolver 1 hablamos")
    (said,) = await talk.said(await talk.private("ana"))
    assert "no lee nada" in said.plain and "en privado" not in said.plain
