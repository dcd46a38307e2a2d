"""Whom a call for help leaves out loses the alarm at the homeserver at once, not when it is due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.api import DeviceVerified, RoomId
from bot.gateway import Refused
from bot.testing.talk import START_TIME, Talk, user_id
from commands.safety.tests.test_left_alarms import (
    HOUR,
    LEFT,
    MINUTE,
    leaves,
    letters,
    lying,
    rows,
    sends_without_the_bot,
    talk,
)

__all__ = ["talk"]
pytestmark = pytest.mark.begins("10:00", "it names hours of this day")

ACCUSES = "panico carla me esta pegando"
SPARED = "De tu regreso no le digo nada"
GOES_OUT = timedelta(hours=2, minutes=11)


async def calls(talk: Talk, line: str = ACCUSES) -> dict[str, list[str]]:
    told = await leaves(talk, line)
    await _settles(talk)
    return told


async def _settles(talk: Talk) -> None:
    """Let jobs run and what they write go out."""
    await talk.wait(timedelta(0))
    await talk.sent()


async def lying_for(talk: Talk) -> set[str]:
    """Return for whom an alarm lies at the homeserver."""
    rooms = {await talk.private(who): who for who in ("ana", "bea", "carla")}
    there = lying(talk)
    assert all(len(those) == 1 for those in there.values())
    return {rooms[room] for room in there}


async def test_it_is_taken_back_long_before_it_is_due_and_the_other_stays(talk: Talk) -> None:
    await leaves(talk)
    await talk.wait(MINUTE)
    await calls(talk)
    assert await lying_for(talk) == {"bea"} and await rows(talk) == 1
    await sends_without_the_bot(talk, START_TIME.at + GOES_OUT)  # its machine is gone
    told = await letters(talk)
    assert LEFT in told["bea"][-1] and not [one for one in told.get("carla", []) if LEFT in one]


async def test_later_words_of_the_call_count_likewise(talk: Talk) -> None:
    await leaves(talk)
    await calls(talk, "panico me siguen")
    assert await lying_for(talk) == {"bea", "carla"}
    await leaves(talk, "es carla, me pega")
    await _settles(talk)
    assert await lying_for(talk) == {"bea"}


async def test_a_bot_that_is_killed_right_after_the_call_takes_it_back_as_it_starts(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await leaves(talk)
    with monkeypatch.context() as until_killed:
        until_killed.setattr("bot.testing.talk.run_due_jobs", _nothing)
        await leaves(talk, ACCUSES)
        assert await lying_for(talk) == {"bea", "carla"}
    await talk.restart(after=HOUR)
    await _settles(talk)
    assert await lying_for(talk) == {"bea"}


async def _nothing(*_args: object) -> None:
    """Jobs of a bot that is dead."""


@pytest.mark.parametrize("line", ["falsa alarma", "panico carla"])
async def test_it_lies_there_again_once_the_call_is_over_or_asks_for_her(
    talk: Talk, line: str
) -> None:
    """Whoever holds her phone could else take away an alarm by a call and a false alarm."""
    await leaves(talk)
    await calls(talk)
    assert await lying_for(talk) == {"bea"}
    await leaves(talk, line)
    await _settles(talk)
    assert await lying_for(talk) == {"bea", "carla"}


async def test_a_check_in_while_the_call_is_open_leaves_none_for_her(talk: Talk) -> None:
    await calls(talk)
    told = await leaves(talk)
    assert any(SPARED in one for one in told["ana"])
    await talk.wait(3 * MINUTE)
    assert await lying_for(talk) == {"bea"}
    assert not [one for texts in (await letters(talk)).values() for one in texts if "no los" in one]
    await leaves(talk, "30 min más")
    await leaves(talk, "sí")
    await _settles(talk)
    assert await lying_for(talk) == {"bea"}


async def test_a_server_that_keeps_it_is_told_without_the_advice_to_write_to_her(
    talk: Talk,
) -> None:
    await leaves(talk, "regreso 12:00 @carla")
    talk.gateway.delayed.trouble = Refused("M_FORBIDDEN")
    await calls(talk)
    await talk.wait(MINUTE)
    (warned,) = [one for one in (await letters(talk))["ana"] if "no detiene mi aviso" in one]
    assert "Carla (@carla:test)" in warned and "Escríbele" not in warned and "tú" not in warned
    await sends_without_the_bot(talk, START_TIME.at + GOES_OUT)
    await letters(talk)
    await talk.wait(2 * MINUTE)
    told = await letters(talk)
    assert "carla" not in told and any("quizás ya salió mi aviso" in one for one in told["ana"])


async def test_what_lies_there_for_the_other_names_whom_the_call_leaves_out_no_more(
    talk: Talk,
) -> None:
    async def names_for_bea() -> str:
        (one,) = lying(talk)[await talk.private("bea")]
        return str(one.content["body"])

    await leaves(talk)
    assert "Carla (@carla:test)" in await names_for_bea()
    await calls(talk)
    assert await lying_for(talk) == {"bea"} and "Carla" not in await names_for_bea()
    await talk.wait(3 * MINUTE)
    assert not [one for one in (await letters(talk)).get("ana", []) if "no detiene mi aviso" in one]
    await leaves(talk, "falsa alarma")
    await _settles(talk)
    assert "Carla (@carla:test)" in await names_for_bea() and await rows(talk) == 2


async def test_one_left_again_for_a_new_device_names_whom_the_call_leaves_out_neither(
    talk: Talk,
) -> None:
    await leaves(talk)
    await calls(talk)
    phone = DeviceVerified(RoomId(""), talk._event(), user_id("bea"), talk.clock.at)
    await talk.happens(phone)
    await _settles(talk)
    (one,) = lying(talk)[await talk.private("bea")]
    assert "Carla" not in str(one.content["body"])


async def test_one_that_the_bots_own_alarm_was_to_replace_is_taken_back_with_it(talk: Talk) -> None:
    """Carla can't read the bot's own alarm when it is due."""
    await leaves(talk)
    talk.gateway.unconfirmed.add(user_id("carla"))
    await talk.wait_until(START_TIME.at + 2 * HOUR)
    await talk.wait(10 * MINUTE)
    await letters(talk)
    assert await lying_for(talk) == {"carla"}
    await calls(talk)
    assert await lying_for(talk) == set() and await rows(talk) == 0
    talk.gateway.unconfirmed.discard(user_id("carla"))
    assert "carla" not in await letters(talk)
