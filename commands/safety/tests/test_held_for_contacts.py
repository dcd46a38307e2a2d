"""What of a check-in waits for a contact who can't read it yet, once a call leaves them out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk, user_id
from commands.safety.tests.test_accused_contacts import OVERDUE, letters
from commands.safety.tests.test_check_in_during_call import ACCUSES, NAMED, NAMES_YOU, told


async def confirms(talk: Talk) -> str:
    """Carla confirms a device at last. Return what she reads then."""
    talk.gateway.unconfirmed.discard(user_id("carla"))
    return (await letters(talk))["carla"]


async def carla_cannot_read_it(talk: Talk, wait: timedelta) -> None:
    """Bea is out, while Carla has no device that counts."""
    talk.gateway.unconfirmed.add(user_id("carla"))
    await told(talk, NAMED)
    await talk.wait(wait)
    await letters(talk)


@pytest.mark.parametrize("minutes", [1, 75, 95])
async def test_whom_the_call_leaves_out_reads_none_of_it(talk: Talk, minutes: int) -> None:
    await carla_cannot_read_it(talk, timedelta(minutes=minutes))
    await told(talk, ACCUSES)
    assert await confirms(talk) == ""
    await talk.wait(timedelta(minutes=95))
    heard = await letters(talk)
    assert heard["carla"] == "" and OVERDUE in heard["ana"]


@pytest.mark.parametrize("minutes", [1, 75])
async def test_whom_it_does_not_reads_it(talk: Talk, minutes: int) -> None:
    await carla_cannot_read_it(talk, timedelta(minutes=minutes))
    await told(talk, "panico me siguen")
    heard = await confirms(talk)
    assert NAMES_YOU in heard and (OVERDUE in heard) is (minutes > 60)


async def test_who_was_left_out_is_told_again_once_the_call_is_over(talk: Talk) -> None:
    """Whoever holds her phone could else take away an alarm by a call and a false alarm."""
    await carla_cannot_read_it(talk, timedelta(minutes=75))
    await told(talk, ACCUSES)
    await told(talk, "falsa alarma")
    assert await confirms(talk) == ""
    await talk.wait(timedelta(minutes=16))
    assert OVERDUE in (await letters(talk))["carla"]
