"""People are named as they were shown, once they said yes, until they take it back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership
from commands.publishing.consents import MOST_YES
from commands.publishing.tests.test_publishing import (
    public_text,
    publish_event,
    record,
    said_now,
)
from storage.membership import room_state


async def named_event(talk: Talk) -> None:
    await publish_event(talk, "Marcha en 50 horas lugar: Casa de @bea")


async def test_somebody_is_named_once_they_said_yes(talk: Talk) -> None:
    await talk.says("ana", "!evento Marcha en 50 horas lugar: Casa de @bea")
    shown = await talk.answer("ana", "!publicar 1")
    assert "lugar: Casa de alguien" in shown and "en privado si puedo nombrar a: Bea" in shown
    await talk.says("ana", "sí")
    asked = await said_now(talk)
    assert "1, “Marcha”, es público. Tu nombre estaría ahí: “Bea”" in asked
    assert "Bea" not in await public_text(talk, 1)
    await talk.restart()
    await talk.tells("bea", "sí")
    await said_now(talk)
    assert "Casa de Bea" in await public_text(talk, 1)
    assert "es público" not in await said_now(talk)


async def calls_themselves(talk: Talk, who: str, name: str) -> None:
    content = {"membership": "join", "displayname": name}
    event = {"type": "m.room.member", "state_key": user_id(who), "content": content}
    async with talk.machine.db.transaction() as tx:
        await room_state.apply_state(tx, ROOM, [event | {"sender": user_id(who)}], whole=False)


async def test_the_name_is_the_one_that_was_shown_and_the_room_reads_it(talk: Talk) -> None:
    await named_event(talk)
    await calls_themselves(talk, "bea", "Otra")
    await talk.tells("bea", "sí")
    said = await said_now(talk)
    assert "Otra deja que su nombre esté en 1, “Marcha”: “Bea”" in said, said
    text = await public_text(talk, 1)
    assert "Casa de Bea" in text and "Otra" not in text


@pytest.mark.parametrize(
    "name",
    [
        "Carla",
        "СARLA ",
        "carla",
        "Minga",
        "Ana Pérez @carla:test",
        "@carla",
        "http://evil",
        "evil.example",
        "www.evil",
        "\u202e ",
    ],
)
async def test_who_goes_by_anothers_name_or_a_link_is_named_by_their_account(
    talk: Talk, name: str
) -> None:
    await calls_themselves(talk, "bea", name)
    await named_event(talk)
    await talk.tells("bea", "sí")
    await said_now(talk)
    assert "Casa de bea" in await public_text(talk, 1)


@pytest.mark.parametrize("name", ["Bea (ella/elle)", "Dra. Bea L. Ruiz", "Bea de Carla"])
async def test_other_names_stand_as_they_are(talk: Talk, name: str) -> None:
    await calls_themselves(talk, "bea", name)
    await named_event(talk)
    await talk.tells("bea", "sí")
    await said_now(talk)
    assert f"Casa de {name}" in await public_text(talk, 1)


async def test_who_says_no_or_nothing_is_somebody_and_is_asked_once(talk: Talk) -> None:
    await named_event(talk)
    await talk.tells("bea", "no")
    await said_now(talk)
    await talk.says("ana", "!mover 1 en 60 horas")
    assert "Tu nombre" not in await said_now(talk)
    assert "alguien" in await public_text(talk, 1)


@pytest.mark.parametrize(
    "line",
    [
        "retirar mi nombre 1",
        "retirar mi nombre de 1",
        "quitar mi nombre 1",
        "retirar mi nombre",
        "tirar meu nome 1",
        "retirar meu nome da 1",
        "withdraw my name 1",
        "take my name out of 1",
        "remove my name from 1",
    ],
)
async def test_a_yes_can_be_taken_back(talk: Talk, line: str) -> None:
    await named_event(talk)
    await talk.tells("bea", "sí")
    await said_now(talk)
    assert "Casa de Bea" in await public_text(talk, 1)
    await talk.tells("bea", line)
    said = await said_now(talk)
    assert "Saco tu nombre" in said and "se queda con ella" in said
    assert "Casa de alguien" in await public_text(talk, 1)
    await talk.tells("bea", "publicar mi nombre 1")
    await said_now(talk)
    assert "Casa de Bea" in await public_text(talk, 1)


async def test_a_name_goes_even_where_other_words_wait(talk: Talk) -> None:
    await named_event(talk)
    await talk.tells("bea", "sí")
    await said_now(talk)
    await talk.says("ana", "!cambiar 1 título: Otra cosa")
    await said_now(talk)
    await talk.tells("bea", "retirar mi nombre 1")
    assert "ya no es público" in await said_now(talk)
    found = await record(talk, 1)
    assert found is not None and found.document is None


async def test_nobody_is_asked_who_is_not_in_the_network(talk: Talk) -> None:
    await talk.moves("bea", Membership.BAN, by="ana")
    await publish_event(talk, "Marcha en 50 horas lugar: Casa de @bea:test y de @dora:otra.org")
    assert all("bea" not in p.room for p in await talk.said())
    assert "Casa de alguien y de alguien" in await public_text(talk, 1)


async def test_names_are_asked_in_the_language_of_each(talk: Talk) -> None:
    await talk.tells("bea", "idioma pt")
    await talk.says("ana", "!evento Marcha en 50 horas lugar: Casa de @bea")
    await talk.says("ana", "!publicar 1")
    await talk.says("ana", "sí")
    assert "Seu nome estaria ali: “Bea”" in await said_now(talk)


async def test_a_yes_that_came_too_late_is_told_how_to_say_it_now(talk: Talk) -> None:
    await named_event(talk)
    await talk.wait(timedelta(days=9))
    await said_now(talk)
    await talk.tells("bea", "si")
    assert "Para decir que sí ahora: `publicar mi nombre 1`" in await said_now(talk)
    assert "Bea" not in await public_text(talk, 1)
    await talk.tells("bea", "publicar mi nombre 1")
    await said_now(talk)
    assert "Casa de Bea" in await public_text(talk, 1)


async def test_a_late_no_is_left_at_that(talk: Talk) -> None:
    await named_event(talk)
    await talk.wait(timedelta(days=9))
    await said_now(talk)
    await talk.tells("bea", "no")
    assert "publicar mi nombre" not in await said_now(talk)


async def test_who_is_forgotten_is_named_no_more(talk: Talk) -> None:
    await named_event(talk)
    await talk.tells("bea", "sí")
    await said_now(talk)
    await talk.tells("bea", "borrarme")
    await talk.tells("bea", "sí")
    said = await said_now(talk)
    assert "tu nombre en lo público" in said
    found = await record(talk, 1)
    assert found is not None and found.document is not None
    assert "Casa de alguien" in found.document.to_json()


async def test_who_says_yes_and_no_in_turns_is_out_at_last(talk: Talk) -> None:
    await named_event(talk)
    await talk.tells("bea", "sí")
    for times in range(1, MOST_YES + 1):
        said = await said_now(talk)
        assert "Casa de Bea" in await public_text(talk, 1)
        assert ("se queda fuera" in said) == (times == MOST_YES), said
        await talk.tells("bea", "publicar mi nombre 1")
        assert "va a estar en 1" in await said_now(talk), "a yes said twice is one"
        await talk.tells("bea", "retirar mi nombre 1")
        assert "Saco tu nombre" in await said_now(talk)
        assert "Bea" not in await public_text(talk, 1)
        await talk.tells("bea", "publicar mi nombre 1")
    said = await said_now(talk)
    assert "Tu nombre entró 3 veces en 1" in said and "Ahora se queda fuera" in said, said
    assert "Bea" not in await public_text(talk, 1)
    await talk.tells("bea", "retirar mi nombre 1")
    assert "no está en 1" in await said_now(talk)


async def test_a_no_is_heard_however_often_somebody_said_yes(talk: Talk) -> None:
    await named_event(talk)
    await talk.tells("bea", "sí")
    await said_now(talk)
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE publishing_consent SET agreed = 99")
    await talk.tells("bea", "retirar mi nombre")
    assert "Saco tu nombre" in await said_now(talk)
    assert "Bea" not in await public_text(talk, 1)
