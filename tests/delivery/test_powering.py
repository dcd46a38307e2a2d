"""One person's power is given and taken back, and what others change meanwhile stays theirs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.api import Answer, Context, Feature, SetPowerLevel, Topic, UserId, verbatim, words
from bot.delivery.kinds.room_state import POWER_LEVELS
from bot.testing.talk import ROOM, Talk, user_id

probe = Feature("probe", Path(__file__).parent / "probe")
about = verbatim("for the test")
topic = Topic("probe", words("sondas", "sondas-pt", "probes"), about)
BEA = user_id("bea")


@probe.command(words("pon", "poe", "puts"), help=about, example=about, topic=topic)
async def puts(_ctx: Context, level: str, was: str) -> Answer:
    return SetPowerLevel(UserId(BEA), _level(level), _level(was))


def _level(typed: str) -> int | None:
    return None if typed == "none" else int(typed)


@pytest.fixture
def capabilities() -> Sequence[Feature]:
    return [probe]


def levels(talk: Talk) -> dict[str, object]:
    return dict(talk.gateway.state[ROOM, POWER_LEVELS, ""])


def others(talk: Talk, who: str, level: int) -> None:
    """Somebody changes the room's power levels at the server, and we don't know of it yet."""
    now = levels(talk)
    users = {**now["users"], who: level}  # type: ignore[dict-item]
    talk.gateway.state[ROOM, POWER_LEVELS, ""] = {**now, "users": users, "ban": 75}


async def test_the_entry_comes_and_goes_and_all_else_stays(talk: Talk) -> None:
    before = levels(talk)
    await talk.says("ana", "!puts -1 none")
    await talk.sent()
    assert levels(talk)["users"] == {**before["users"], BEA: -1}  # type: ignore[dict-item]
    others(talk, user_id("carla"), 25)
    await talk.says("ana", "!puts none -1")
    await talk.sent()
    after = {**before["users"], user_id("carla"): 25}  # type: ignore[dict-item]
    assert levels(talk) == {"users": after, "ban": 75}


async def test_who_was_raised_meanwhile_is_left_and_who_asked_hears_it(talk: Talk) -> None:
    others(talk, BEA, 50)
    await talk.says("ana", "!puts -1 none")
    (said,) = await talk.said()
    assert "cambió" in said.plain and "mismo momento" in said.plain
    assert levels(talk)["users"][BEA] == 50  # type: ignore[index]


async def test_a_lost_response_is_no_second_change(talk: Talk) -> None:
    talk.gateway.lose_responses = True
    await talk.says("ana", "!puts -1 none")
    talk.gateway.lose_responses = False
    await talk.sent()
    await talk.restart()
    posts = await talk.sent()
    assert levels(talk)["users"][BEA] == -1  # type: ignore[index]
    assert not [post for post in posts if post.kind == "m.room.message"]
