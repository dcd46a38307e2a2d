"""The network's agreement: shown, accepted with date and version, asked for again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk, day_in_words
from bot.types import Membership, RoomId

DOOR, OTHER = RoomId("!puerta:test"), RoomId("!otra:test")
DORA = "@dora:lejos.org"
NOW = timedelta(0)


async def written(talk: Talk, text: str = "Nos escuchamos.") -> str:
    """Ana writes them; what she hears, and what everybody is asked is left to be heard."""
    said = await talk.answer("ana", f"!reglas cambiar {text}")
    assert "¿Sigo?" in said, said
    return said + await talk.answer("ana", "sí")


async def private(talk: Talk, who: str, what: str) -> str:
    await talk.tells(who, what)
    await talk.wait(NOW)
    return "\n".join(p.plain for p in await talk.said())


async def asked(talk: Talk) -> dict[RoomId, str]:
    """What was said where, while time passes."""
    found: dict[RoomId, str] = {}
    for _ in range(6):
        await talk.wait(timedelta(seconds=10))
        for post in await talk.said():
            found[post.room] = found.get(post.room, "") + post.plain
    return found


def invited(talk: Talk) -> list[tuple[RoomId, str]]:
    found = [p for p in talk.gateway.posted.values() if p.kind == "invite"]
    return [(p.room, str(p.content["user"])) for p in found]


async def test_they_are_shown_and_accepted_with_date_and_version(talk: Talk) -> None:
    assert "todavía no escribió" in await talk.answer("bea", "!reglas")
    assert "todavía no escribió" in await private(talk, "bea", "acepto")
    await written(talk)
    said = await private(talk, "bea", "reglas")
    assert f"versión 1, del {day_in_words()}" in said and "Nos escuchamos." in said
    assert "Para aceptarlas: `acepto`" in said
    said = await private(talk, "bea", "Acepto.")
    assert f"Anotado: aceptaste la versión 1 de las reglas el {day_in_words()}" in said
    accepted = f"Aceptaste esta versión el {day_in_words()}"
    await talk.restart(timedelta(days=1))
    for word in ("aceito", "de acuerdo", "reglas", "!I agree"):
        assert accepted in await private(talk, "bea", word), word


async def test_members_are_asked_once_and_again_after_a_change(talk: Talk) -> None:
    said = await written(talk)
    assert "Pido en privado a 3 personas" in said
    first = await asked(talk)
    places = {await talk.private(name) for name in ("ana", "bea", "carla")}
    assert places <= set(first) and all("Nos escuchamos." in first[p] for p in places)
    await private(talk, "bea", "acepto")
    await talk.restart()
    assert await asked(talk) == {}
    await written(talk, "Nos escuchamos y nos cuidamos.")
    again = await asked(talk)
    assert all("versión 2" in again[p] for p in places)
    listed = await private(talk, "ana", "solicitudes")
    assert "3 personas no han aceptado la versión 2 de las reglas: Ana · Bea · Carla" in listed
    await private(talk, "bea", "acepto")
    listed = await private(talk, "ana", "solicitudes")
    assert "2 personas no han aceptado la versión 2" in listed and "Bea" not in listed


async def test_the_bot_is_killed_while_it_asks(talk: Talk) -> None:
    await talk.room(OTHER, "Otra", [f"p{n}" for n in range(25)])
    await written(talk)
    for _ in range(8):
        await talk.restart()
        await talk.wait(timedelta(seconds=10))
        await talk.restart()
        await talk.sent()
    texts = [p for p in talk.gateway.posted.values() if "Nos escuchamos." in p.plain]
    assert len(texts) == len({p.room for p in texts}) == 28


async def test_only_the_networks_moderators_write_them(talk: Talk) -> None:
    await talk.room(OTHER, "Otra", ["bea"], {"bea": 100})
    said = await talk.answer("bea", "!reglas cambiar Mando yo.", room=OTHER)
    assert "No puedes" in said
    for line, heard in {
        "!reglas cambiar": "Falta el texto",
        "!regras mudar  ": "Falta el texto",
        "!rules set " + "x" * 4001: "4000 letras",
    }.items():
        assert heard in await talk.answer("ana", line), line
    await written(talk)
    await asked(talk)
    assert "Ya dicen eso" in await talk.answer("ana", "!reglas cambiar Nos escuchamos.")


async def test_a_version_is_taken_back(talk: Talk) -> None:
    await written(talk)
    await private(talk, "bea", "acepto")
    await written(talk, "Otras.")
    assert "escribió la versión 2 de las reglas" in await talk.answer("bea", "!historial")
    await asked(talk)
    await talk.answer("ana", "!deshacer")
    await talk.answer("ana", "sí")
    said = await private(talk, "bea", "reglas")
    assert "versión 1" in said and "Aceptaste esta versión" in said


@pytest.mark.parametrize(
    "line",
    [
        "Acepto.",
        "ACEITO!!",
        "acepto 🙂",
        "sí acepto",
        "Acepto las reglas",
        "eu aceito",
        "I agree",
        "i accept the rules",
        "!acepto",
        "de acuerdo",
    ],
)
async def test_in_private_it_may_be_said_in_many_ways(talk: Talk, line: str) -> None:
    await written(talk)
    await asked(talk)
    assert "aceptaste la versión 1" in await private(talk, "bea", line)


async def test_in_a_room_the_word_counts_only_in_reply_to_them(talk: Talk) -> None:
    await written(talk)
    await asked(talk)
    await talk.says("bea", "!reglas")
    (shown,) = await talk.said()
    assert "Aceptaste" not in shown.plain
    await talk.says("bea", "de acuerdo")
    await talk.hears_nothing()
    await talk.says("bea", "acepto", reply=shown)
    await talk.hears("Anotado: aceptaste la versión 1")
    await talk.says("carla", '!propuesta "Sede nueva" tipo:consentimiento')
    words, *_poll = await talk.sent()
    await talk.says("carla", "de acuerdo", reply=words)  # that is a voice for the proposal
    (said,) = await talk.said()
    assert "Anotado" in said.plain and "reglas" not in said.plain


async def test_who_is_let_in_accepts_first_and_comes_in_then(talk: Talk) -> None:
    await talk.room(DOOR, "Vestíbulo", ["ana"], {"ana": 50}, join_rule="knock")
    await written(talk)
    await asked(talk)
    await talk.moves(DORA, Membership.KNOCK, DOOR)
    await talk.wait(NOW)
    await private(talk, DORA, "por la radio")
    await talk.says("ana", "!admitir 2", room=DOOR)
    said = "\n".join(p.plain for p in await talk.said())
    assert "te recibe" in said and "Nos escuchamos." in said and invited(talk) == []
    listed = await private(talk, "ana", "solicitudes")
    assert "Dora (@dora:lejos.org): ya puede entrar, falta que acepte las reglas" in listed
    await talk.restart()
    await private(talk, DORA, "acepto")
    await talk.restart()
    await talk.sent()
    there = await talk.private(DORA)
    said = [p.plain for p in talk.gateway.posted.values() if p.room == there][-1]
    assert "aceptaste la versión" in said and "Te estoy invitando a: Vestíbulo" in said
    assert invited(talk) == [(DOOR, DORA)]
    await private(talk, DORA, "acepto")
    assert invited(talk) == [(DOOR, DORA)]


async def test_who_let_them_in_can_be_forgotten_before_they_accept(talk: Talk) -> None:
    await talk.room(DOOR, "Vestíbulo", ["ana"], {"ana": 50}, join_rule="knock")
    await written(talk)
    await asked(talk)
    await talk.moves(DORA, Membership.KNOCK, DOOR)
    await talk.wait(NOW)
    await private(talk, DORA, "por la radio")
    await talk.says("ana", "!admitir 2", room=DOOR)
    await talk.said()
    await private(talk, "ana", "borrarme")
    await private(talk, "ana", "sí")
    async with talk.machine.db.reading() as tx:
        held = await tx.all("SELECT person, author FROM rules_admission")
    assert [tuple(row) for row in held] == [(DORA, "")]
    await private(talk, DORA, "acepto")
    assert invited(talk) == [(DOOR, DORA)], "the door's own say is enough"


async def test_a_code_too_lets_in_who_accepts(talk: Talk) -> None:
    await talk.answer("ana", "!area agregar general")
    await written(talk)
    await asked(talk)
    said = await private(talk, "ana", "codigo general")
    code = said.split("`")[1]
    assert "Nos escuchamos." in await private(talk, DORA, code)
    assert invited(talk) == []
    await private(talk, DORA, "acepto")
    assert invited(talk) == [(ROOM, DORA)]
