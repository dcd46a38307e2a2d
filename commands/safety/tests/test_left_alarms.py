"""Alarms left at the homeserver: with the bot gone they go out; with it, nobody is told twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.api import DeviceVerified, Membership, RoomId, UserId
from bot.capability.feature import Feature
from bot.gateway import DelayLimits, Refused, TryLater
from bot.testing.fake_delayed_events import FakeDelayedEvents, LeftEvent
from bot.testing.fake_gateway import FakeGateway
from bot.testing.talk import START_TIME, Talk, user_id
from commands.safety.tests.test_safety_talk import forgetter

pytestmark = pytest.mark.begins("10:00", "it names hours of this day")

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OUT = "regreso 12:00 @bea:test @carla; marcha en el centro"
LEFT = "nadie me dijo que ya volvió"
ALARM = "no me ha respondido"
BACK = "ya regresó y está bien"
PROMISE = "el servidor les manda mi aviso"
NO_PROMISE = "este aviso no sale"


@pytest.fixture
def capabilities(capabilities: Sequence[Feature], tmp_path: Path) -> Sequence[Feature]:
    return [*capabilities, forgetter(tmp_path / "forgetter")]


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    """A talk on a homeserver that keeps a hundred messages for 31 days."""
    talk.gateway.delayed.keeps = DelayLimits(31 * DAY, 100)
    for who in ("ana", "bea", "carla"):
        await talk.private(who)
    return talk


async def letters(talk: Talk) -> dict[str, list[str]]:
    """Return what each person has read in private since the last call."""
    rooms = {await talk.private(who): who for who in ("ana", "bea", "carla")}
    told: dict[str, list[str]] = {}
    for post in await talk.said():
        told.setdefault(rooms.get(post.room, post.room), []).append(post.plain)
    return told


async def leaves(talk: Talk, line: str = OUT, who: str = "ana") -> dict[str, list[str]]:
    await talk.tells(who, line)
    return await letters(talk)


def lying(talk: Talk) -> dict[RoomId, list[LeftEvent]]:
    """Return the events that lie at the homeserver, for each private room."""
    found: dict[RoomId, list[LeftEvent]] = {}
    for one in talk.gateway.delayed.left.values():
        found.setdefault(one.room, []).append(one)
    return found


async def sends_without_the_bot(talk: Talk, at: datetime) -> None:
    """Let the homeserver's time come while the bot is off."""
    talk.clock.at = at
    talk.gateway.delayed.send_due()


async def rows(talk: Talk) -> int:
    async with talk.machine.db.reading() as tx:
        return len(await tx.all("SELECT * FROM delayed_message"))


async def test_one_lies_there_for_each_contact_and_the_person_is_told_so(talk: Talk) -> None:
    told = await leaves(talk)
    assert PROMISE in told["ana"][0] and "12:11" in told["ana"][0]
    there = lying(talk)
    assert set(there) == {await talk.private("bea"), await talk.private("carla")}
    for (one,) in there.values():
        assert one.at == START_TIME.at + 2 * HOUR + 11 * MINUTE
        assert LEFT in one.content["body"] and "“marcha en el centro”" in one.content["body"]
    await talk.wait(2 * MINUTE)
    await talk.hears_nothing()
    assert "a: Bea (@bea:test) · Carla" in (await leaves(talk, "regreso"))["ana"][0]


async def test_ok_takes_them_back(talk: Talk) -> None:
    await leaves(talk)
    await talk.wait(HOUR)
    assert "No le avisé a nadie" in (await leaves(talk, "ok"))["ana"][0]
    await talk.wait(timedelta(0))
    await talk.hears_nothing()
    assert lying(talk) == {} and await rows(talk) == 0


async def test_the_bots_own_alarm_takes_them_back_and_nobody_is_told_twice(talk: Talk) -> None:
    await leaves(talk)
    await talk.wait_until(START_TIME.at + 2 * HOUR)
    await letters(talk)
    await talk.wait(10 * MINUTE)
    told = await letters(talk)
    assert [ALARM in text for text in told["bea"]] == [True]
    assert lying(talk) == {} and await rows(talk) == 0
    await sends_without_the_bot(talk, talk.clock.at + 2 * MINUTE)
    await talk.hears_nothing()


@pytest.mark.parametrize("error", [Refused("M_UNRECOGNIZED"), TryLater("http_500")])
async def test_a_server_that_takes_none_back_does_not_keep_the_alarm_from_being_said(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Delayed events were turned off since, or fail, and none goes out either."""
    await leaves(talk)

    async def fails(_self: FakeDelayedEvents, _delay_id: str) -> bool:
        raise error

    async def wait(seconds: float) -> None:
        talk.clock.at += timedelta(seconds=seconds)

    monkeypatch.setattr(FakeDelayedEvents, "cancel", fails)
    talk.machine.outbox._sleep = wait
    await talk.wait_until(START_TIME.at + 2 * HOUR)
    await letters(talk)
    await talk.wait(10 * MINUTE)
    told = await letters(talk)
    assert [ALARM in text for text in told["bea"]] == [True]
    assert [ALARM in text for text in told["carla"]] == [True]


async def test_with_the_bot_off_they_go_out_and_it_says_nothing_again(talk: Talk) -> None:
    await leaves(talk)
    await sends_without_the_bot(talk, START_TIME.at + 2 * HOUR + 11 * MINUTE)
    assert [LEFT in text for text in (await letters(talk))["carla"]] == [True]
    await talk.restart(after=MINUTE)
    await talk.wait(timedelta(0))
    told = await letters(talk)
    assert set(told) == {"ana"} and "Avisé a Bea" in told["ana"][-1]
    await talk.wait(15 * MINUTE)  # the second call is the bot's own
    assert ALARM in (await letters(talk))["bea"][0]
    assert await rows(talk) == 0


async def test_who_is_back_while_it_was_off_is_told_to_those_who_were_alarmed(talk: Talk) -> None:
    await leaves(talk)
    await sends_without_the_bot(talk, START_TIME.at + 3 * HOUR)
    await letters(talk)
    told = await leaves(talk, "ok")
    assert "Les aviso a quienes nombraste" in told["ana"][0]
    assert BACK in told["bea"][0] and BACK in told["carla"][0]
    await talk.wait(timedelta(0))
    await talk.hears_nothing()
    assert await rows(talk) == 0


async def test_a_contact_who_takes_care_of_what_the_server_sent_is_believed(talk: Talk) -> None:
    await leaves(talk)
    await sends_without_the_bot(talk, START_TIME.at + 3 * HOUR)
    await letters(talk)
    told = await leaves(talk, "me ocupo 1", "bea")
    assert "se está ocupando de Ana" in told["carla"][0]
    await talk.wait(timedelta(0))
    await talk.wait(2 * HOUR)
    assert not any(ALARM in text for texts in (await letters(talk)).values() for text in texts)


async def test_a_moved_time_moves_them_and_the_old_one_goes_last(talk: Talk) -> None:
    await leaves(talk)
    talk.gateway.delayed.cancelled.clear()
    told = await leaves(talk, "regreso 14:00")
    assert "14:11" in told["ana"][0]
    for (one,) in lying(talk).values():
        assert one.at == START_TIME.at + 4 * HOUR + 11 * MINUTE
    assert len(talk.gateway.delayed.cancelled) == 2 and await rows(talk) == 2
    await leaves(talk, "regreso 14:00 @carla; con Zoé")
    ((one,),) = lying(talk).values()
    assert one.room == await talk.private("carla") and "con Zoé" in one.content["body"]


async def test_a_lost_answer_leaves_one_not_two(talk: Talk) -> None:
    """The homeserver took it, the bot was killed before it heard so."""
    talk.gateway.delayed.lose_responses = True
    slept: list[float] = []

    async def mend(seconds: float) -> None:
        slept.append(seconds)
        talk.gateway.delayed.lose_responses = False

    talk.machine.outbox._sleep = mend
    await leaves(talk, "regreso 12:00 @bea:test")
    assert slept and [len(found) for found in lying(talk).values()] == [1]
    await leaves(talk, "ya volví")
    await talk.wait(timedelta(0))
    await letters(talk)
    assert lying(talk) == {}


async def test_who_can_not_be_left_one_yet_is_named_and_gets_it_later(talk: Talk) -> None:
    home = await talk.private("carla")
    await talk.moves("carla", Membership.LEAVE, home)
    await talk.says("ana", f"!{OUT}")
    mine = await talk.private("ana")
    said = "\n".join(p.plain for p in list(talk.gateway.posted.values()) if p.room == mine)
    said += "\n".join(p.plain for p in await talk.said(mine))
    assert "Para estas personas todavía no" in said and "Carla (@carla:test)" in said
    await talk.wait(timedelta(0))
    await talk.sent()  # she comes into the private room that was opened for her
    assert len(lying(talk)) == 2


async def test_one_private_room_is_opened_for_a_letter_and_an_alarm(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are in two queues. Of two rooms she would come into one, the alarm into the other."""
    await talk.moves("dora", Membership.JOIN)
    opened: list[UserId] = []
    make = FakeGateway.make_private_room

    async def slowly(self: FakeGateway, user: UserId, alias: str) -> RoomId:
        for _ in range(100):
            await asyncio.sleep(0)
        opened.append(user)
        return await make(self, user, alias)

    monkeypatch.setattr(FakeGateway, "make_private_room", slowly)
    await leaves(talk, "regreso 12:00 @dora:test")
    await talk.sent()
    assert opened == [user_id("dora")]
    assert len(lying(talk)) == 1


async def test_what_the_server_refuses_is_told_within_two_minutes(talk: Talk) -> None:
    await talk.tells("ana", OUT)
    talk.gateway.delayed.keeps = None
    assert PROMISE in (await letters(talk))["ana"][0]
    await talk.wait(2 * MINUTE)
    (said,) = (await letters(talk))["ana"]
    assert "todavía no" in said and "Bea" in said and "Carla" in said
    assert await rows(talk) == 0


@pytest.mark.parametrize(
    ("keeps", "line", "why"),
    [
        (None, OUT, "mi servidor no me guarda"),
        (DelayLimits(HOUR, 100), OUT, "mi servidor lo guarda como mucho 1 h"),
        (DelayLimits(31 * DAY, 1), OUT, "mi servidor no guarda más"),
        (DelayLimits(31 * DAY, 100), f"{OUT} sin servidor", "no dejo nada en el servidor"),
    ],
)
async def test_where_none_is_left_the_answer_says_so(
    talk: Talk, keeps: DelayLimits | None, line: str, why: str
) -> None:
    talk.gateway.delayed.keeps = keeps
    told = await leaves(talk, line)
    assert NO_PROMISE in told["ana"][0] and why in told["ana"][0].replace("De esto n", "n")
    assert lying(talk) == {}
    assert NO_PROMISE in (await leaves(talk, "regreso"))["ana"][0]
    await talk.wait_until(START_TIME.at + 2 * HOUR + 10 * MINUTE)
    assert "“marcha en el centro”" in (await letters(talk))["bea"][-1]


async def test_a_network_and_a_person_may_choose_against_it(talk: Talk) -> None:
    await leaves(talk)
    assert NO_PROMISE in (await leaves(talk, "regreso 13:00 sem o servidor"))["ana"][0]
    assert lying(talk) == {}
    assert NO_PROMISE in (await leaves(talk, "regreso 14:00"))["ana"][0]  # as it was chosen
    assert PROMISE in (await leaves(talk, "regreso 14:00 con servidor"))["ana"][0]
    assert len(lying(talk)) == 2
    assert "en toda la red" in await talk.answer("ana", "!configurar aviso-en-el-servidor no")
    await talk.answer("ana", "sí")
    await talk.wait(timedelta(0))
    assert NO_PROMISE in (await letters(talk))["ana"][-1]
    assert lying(talk) == {}, "also what lay there before"
    phone = DeviceVerified(RoomId(""), talk._event(), user_id("bea"), talk.clock.at)
    await talk.happens(phone)
    await talk.sent()
    assert lying(talk) == {}, "and nothing comes there for a new phone"
    assert NO_PROMISE in (await leaves(talk, "regreso 15:00 @bea:test"))["ana"][0]
    assert lying(talk) == {}


@pytest.mark.parametrize("words", ["sin servidro", "sinservidor", "sem servidro", "sin el servdor"])
async def test_a_misspelt_wish_that_the_server_knows_nothing_is_kept(
    talk: Talk, words: str
) -> None:
    told = await leaves(talk, f"regreso 12:00 @carla {words}")
    assert "no dejo nada en el servidor" in told["ana"][0].replace("De esto n", "n")
    assert lying(talk) == {}


@pytest.mark.parametrize(
    "line",
    ["me demoro", "me demoro un rato", "más tiempo", "llego tarde", "mi regreso", "sin servidor"],
)
async def test_who_is_late_reads_how_to_get_more_time(talk: Talk, line: str) -> None:
    await leaves(talk)
    said = (await leaves(talk, line))["ana"][0]
    assert "Todavía no cambié nada" in said and "`regreso 23:30`" in said
    assert "`regreso 23:30 sin servidor`" in said
    assert len(lying(talk)) == 2


async def test_whoever_declines_or_is_forgotten_is_not_alarmed(talk: Talk) -> None:
    await leaves(talk)
    await leaves(talk, "regreso no 1", "bea")
    assert set(lying(talk)) == {await talk.private("carla")}
    await talk.says("ana", "!olvida @carla:test")
    await talk.wait(timedelta(0))
    await talk.sent()
    assert lying(talk) == {} and await rows(talk) == 0


async def test_cancelling_takes_them_back(talk: Talk) -> None:
    await leaves(talk)
    await leaves(talk, "cancelar 1")
    await talk.wait(timedelta(0))
    await letters(talk)
    assert lying(talk) == {} and await rows(talk) == 0


async def test_a_contacts_new_device_gets_one_that_it_can_read(talk: Talk) -> None:
    await leaves(talk)
    before = {one.txn for found in lying(talk).values() for one in found}
    event, now = talk._event(), talk.clock.at
    await talk.happens(DeviceVerified(RoomId(""), event, user_id("bea"), now))
    await talk.sent()
    there = lying(talk)
    (new,), (kept,) = there[await talk.private("bea")], there[await talk.private("carla")]
    assert new.txn not in before and kept.txn in before and new.at == kept.at
    assert await rows(talk) == 2


async def test_a_server_that_does_not_answer_in_time_is_not_said_to_keep_none(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = FakeDelayedEvents.limits

    async def away(_self: FakeDelayedEvents) -> DelayLimits | None:
        raise TryLater("TimeoutError")

    monkeypatch.setattr(FakeDelayedEvents, "limits", away)
    told = (await leaves(talk))["ana"][0]
    assert "no dice ahora si guarda mi aviso" in told and NO_PROMISE not in told
    assert len(lying(talk)) == 2, "it is tried"
    monkeypatch.setattr(FakeDelayedEvents, "limits", limits)
    assert PROMISE in (await leaves(talk, "regreso 13:00"))["ana"][0]


async def test_after_a_restore_a_lost_answer_is_not_mistaken_for_a_forgotten_alarm(
    talk: Talk,
) -> None:
    """What the replaced database left in the same room has another time, and stays what it is."""
    await leaves(talk, "regreso 14:00 @bea:test")
    async with talk.machine.db.transaction() as tx:  # as in a backup of before
        await tx.run("DELETE FROM delayed_message")
        await tx.run("DELETE FROM safety_return")
    ((forgotten, _event),) = talk.gateway.delayed.left.items()
    talk.gateway.delayed.lose_responses = True

    async def mend(_seconds: float) -> None:
        talk.gateway.delayed.lose_responses = False

    talk.machine.outbox._sleep = mend
    await leaves(talk, "regreso 12:00 @bea:test")
    await leaves(talk, "ya volví")
    await talk.wait(timedelta(0))
    await letters(talk)
    assert list(talk.gateway.delayed.left) == [forgotten]
