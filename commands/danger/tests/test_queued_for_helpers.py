"""What of a call waits for somebody who can't read it yet, once they are out or it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk, user_id
from commands.danger.tests.test_called_by_name import carla_is_named, told

CALL = "está en peligro y pide ayuda"
HIDING = "estoy en la calle 5, casa de dora"


async def carla_cannot_read_it(talk: Talk, before: str = "panico me siguen") -> None:
    """Bea calls and says where she is, while Carla has no device that counts."""
    await carla_is_named(talk)
    talk.gateway.unconfirmed.add(user_id("carla"))
    await told(talk, before)
    await told(talk, HIDING)


async def read_by_carla_afterwards(talk: Talk) -> str:
    talk.gateway.unconfirmed.discard(user_id("carla"))
    home = await talk.private("carla")
    return "\n".join(post.plain for post in await talk.said() if post.room == home)


async def test_what_waited_for_a_helper_is_read_once_they_can(talk: Talk) -> None:
    await carla_cannot_read_it(talk)
    heard = await read_by_carla_afterwards(talk)
    assert CALL in heard and HIDING in heard


@pytest.mark.parametrize("line", ["es carla, me pega", "panico sin carla"])
async def test_who_is_taken_out_reads_nothing_that_waited_for_them(talk: Talk, line: str) -> None:
    await carla_cannot_read_it(talk)
    heard = await told(talk, line)
    assert heard["carla"] == "" and "Carla (@carla:test)" in heard["bea"]
    assert await read_by_carla_afterwards(talk) == ""
    await talk.wait(timedelta(minutes=3))
    assert CALL in (await told(talk, HIDING))["ana"]


async def test_nor_who_answered_it(talk: Talk) -> None:
    await carla_cannot_read_it(talk)
    await talk.tells("ana", "voy")
    await told(talk, "es carla, me pega")
    assert await read_by_carla_afterwards(talk) == ""


@pytest.mark.parametrize("over", ["falsa alarma", "cancelar", "!cancelar 1"])
async def test_of_a_call_that_is_over_only_that_is_read(talk: Talk, over: str) -> None:
    await carla_cannot_read_it(talk)
    await told(talk, over)
    await talk.wait(timedelta(0))
    heard = await read_by_carla_afterwards(talk)
    assert CALL not in heard and HIDING not in heard
    assert heard == "Bea (@bea:test) escribió que ya pasó. No hay nada más que hacer."


async def test_of_a_call_that_nobody_answered_only_that_is_read(talk: Talk) -> None:
    await carla_cannot_read_it(talk)
    await talk.wait(timedelta(hours=25))
    heard = await read_by_carla_afterwards(talk)
    assert CALL not in heard and HIDING not in heard and "Nadie respondió" in heard
