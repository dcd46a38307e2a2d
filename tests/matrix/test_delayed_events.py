"""What a homeserver says of delayed events is checked before it is believed."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.gateway import DelayedEvent, DelayLimits, Refused, TryLater
from bot.matrix.http import Http
from bot.matrix.rooms.delayed_events import CAPABILITY, DelayedEvents
from bot.matrix.rooms.member_encryption import MemberEncryption
from bot.types import RoomId, UserId
from storage.membership.room import Room
from tests.matrix.test_lookup import room

ROOM, ANA = RoomId("!casa:test"), UserId("@ana:test")


class Answers:
    """A homeserver that answers what it is given, in order, and notes what it was asked."""

    def __init__(self, *given: Mapping[str, Any] | Exception) -> None:
        self._given = list(given)
        self.asked: list[tuple[str, str, Any]] = []

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        self.asked.append((method, path, more.get("query", body)))
        answer = self._given.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Sealer:
    """Encrypts for nobody, but notes for whom."""

    async def encrypt(
        self, _room: Room, kind: str, content: Mapping[str, Any], alone: UserId, _readers: None
    ) -> Mapping[str, Any]:
        return {"ciphertext": f"{kind} for {alone}: {sorted(content)}"}


def delayed(answers: Answers, *, encrypted: bool = True) -> DelayedEvents:
    async def find_room(_room: RoomId) -> Room:
        return room(encrypted=encrypted)

    turns: defaultdict[RoomId, asyncio.Lock] = defaultdict(asyncio.Lock)
    return DelayedEvents(cast(Http, answers), cast(MemberEncryption, Sealer()), turns, find_room)


@pytest.mark.parametrize(
    ("said", "limits"),
    [
        ({"max_delay_ms": 86_400_000, "max_scheduled": 5}, DelayLimits(timedelta(days=1), 5)),
        ({"max_delay_ms": 60_000}, DelayLimits(timedelta(minutes=1), 100)),
        ({"max_delay_ms": 0, "max_scheduled": 100}, None),  # Synapse where it is off
        ({"max_delay_ms": 10, "max_scheduled": 0}, None),
        ({"max_delay_ms": True}, None),
        ({"max_delay_ms": "86400000"}, None),
        ({"max_delay_ms": 10**30}, DelayLimits(timedelta(milliseconds=10**13), 100)),
        ([], None),
        (None, None),
    ],
)
async def test_limits_are_read_with_care(said: Any, limits: DelayLimits | None) -> None:
    answers = Answers({"capabilities": {CAPABILITY: said}})
    assert await delayed(answers).limits() == limits


async def test_nothing_is_left_in_plain_text() -> None:
    answers = Answers()
    with pytest.raises(Refused):
        await delayed(answers, encrypted=False).leave(
            ROOM, "m.room.message", {}, "t", timedelta(hours=1), alone=ANA
        )
    assert answers.asked == []


async def test_it_is_encrypted_for_one_person_and_left_under_its_transaction() -> None:
    answers = Answers({"delay_id": "d1"})
    found = await delayed(answers).leave(
        ROOM, "m.room.message", {"body": "x"}, "t/1", timedelta(seconds=61.2), alone=ANA
    )
    assert found == "d1"
    ((method, path, query),) = answers.asked
    assert method == "PUT" and path.endswith("/send/m.room.encrypted/t%2F1")
    assert query == {"org.matrix.msc4140.delay": "61200"}


@pytest.mark.parametrize("said", [{}, {"delay_id": 7}, {"delay_id": ""}, {"delay_id": "x" * 300}])
async def test_an_answer_without_an_id_is_tried_again(said: Mapping[str, Any]) -> None:
    with pytest.raises(TryLater):
        await delayed(Answers(said)).leave(ROOM, "k", {}, "t", timedelta(hours=1), alone=ANA)


async def test_what_lies_there_is_read_and_the_malformed_left_out() -> None:
    since = datetime(2027, 1, 1, tzinfo=UTC)
    good = {"delay_id": "a", "room_id": ROOM, "delayed_since_ts": int(since.timestamp() * 1000)}
    older = {"delay_id": "b", "room_id": ROOM, "running_since": int(since.timestamp() * 1000)}
    listed = [good, older, {**good, "delay_id": None}, {**good, "delayed_since_ts": -1}, 7, None]
    found = await delayed(Answers({"delayed_events": listed})).listed()
    assert found == [DelayedEvent("a", ROOM, since), DelayedEvent("b", ROOM, since)]
    with pytest.raises(TryLater):
        await delayed(Answers({"delayed_events": "all"})).listed()


async def test_taking_back_asks_both_ways_and_says_whether_it_was_there() -> None:
    gone, unknown = Refused("M_NOT_FOUND"), Refused("M_UNRECOGNIZED")
    for given, is_there in (
        ([{}], True),
        ([gone], False),
        ([unknown, {}], True),
        (
            [unknown, gone],
            False,
        ),
    ):
        answers = Answers(*given)
        assert await delayed(answers).cancel("d/1") is is_there
        assert "/d%2F1" in answers.asked[0][1]
    with pytest.raises(Refused):
        await delayed(Answers(Refused("M_FORBIDDEN"))).cancel("d")


async def test_all_is_taken_back_as_slowly_as_the_server_asks() -> None:
    one = {"delay_id": "a", "room_id": ROOM, "delayed_since_ts": 1}
    slowly = TryLater("M_LIMIT_EXCEEDED", timedelta(milliseconds=1))
    answers = Answers({"delayed_events": [one, {**one, "delay_id": "b"}]}, slowly, {}, {})
    assert await delayed(answers).cancel_all() == 2
    with pytest.raises(TryLater):
        await delayed(Answers({"delayed_events": [one]}, TryLater("http_502"))).cancel_all()
