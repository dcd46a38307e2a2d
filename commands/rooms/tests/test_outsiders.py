"""`!permissions` says who outside reads along in a room, and which server checks its messages."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import Membership

WHATSAPP = {"bridgebot": "@whatsappbot:test", "protocol": {"id": "whatsapp"}}
POLICY = {"via": "orden.org", "public_keys": {"ed25519": "abc"}}


async def test_a_bridge_is_said(talk: Talk) -> None:
    assert "puente" not in await talk.answer("bea", "!permisos")
    await talk.state(ROOM, "uk.half-shot.bridge", WHATSAPP)
    await talk.moves("@whatsapp_573001234567:test", Membership.JOIN)
    heard = await talk.answer("bea", "!permisos")
    assert "todo lo que necesito" in heard
    assert "lo que se escribe aquí también se lee en WhatsApp" in heard
    await talk.state(ROOM, "uk.half-shot.bridge", {})
    assert "1 cuenta de aquí parece ser de un puente" in await talk.answer("bea", "!permisos")


@pytest.mark.parametrize("kind", ["m.room.policy", "org.matrix.msc4284.policy"])
async def test_a_policy_server_is_said_with_what_it_means(talk: Talk, kind: str) -> None:
    content = POLICY if kind == "m.room.policy" else {"via": "orden.org", "public_key": "abc"}
    await talk.state(ROOM, kind, content)
    assert "orden.org" not in await talk.answer("bea", "!permisos"), "nobody of it is here"
    await talk.moves("@robot:orden.org", Membership.JOIN)
    heard = await talk.answer("bea", "!permisos")
    assert "El servidor orden.org revisa cada mensaje de aquí y puede retenerlo" in heard
    assert "también los votos" in heard


@pytest.mark.parametrize(
    ("language", "bridge", "policy"),
    [
        ("pt", "o que se escreve aqui também é lido em WhatsApp", "pode segurar, votos também"),
        ("en", "what is written here is also read in WhatsApp", "may hold it back, votes too"),
    ],
)
async def test_it_is_said_in_the_rooms_language(
    talk: Talk, language: str, bridge: str, policy: str
) -> None:
    await talk.set("language", language)
    await talk.state(ROOM, "m.bridge", WHATSAPP)
    await talk.state(ROOM, "m.room.policy", POLICY)
    await talk.moves("@whatsappbot:test", Membership.JOIN)
    await talk.moves("@robot:orden.org", Membership.JOIN)
    heard = await talk.answer("bea", "!permissions")
    assert bridge in heard and policy in heard
