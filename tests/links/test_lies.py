"""A linked network that lies: it is named, or its words are nothing. See also `test_mutants.py`."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.api import EventId, RoomId, UserId
from bot.testing.fake_gateway import signer_of
from bot.types import RoomUpgraded
from commands.joint_decisions.terms import Final, JointTerms, TermsNetwork
from commands.links.declaration import LINK_TYPE
from commands.links.protocol.chain import RESTART_JUMP
from commands.links.protocol.envelope import FIRST
from tests.links.between import Between, Twist
from tests.links.liar import A, B, C, Liar, a_thing, envelope_of, names, room, said_by

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


async def test_a_past_that_was_changed_shows_though_it_came_out_of_order(world: Between) -> None:
    liar = Liar.of(world)
    first = liar.next("share", a_thing(1))
    liar.prev = "1" * 64
    second = liar.next("share", a_thing(2), "e" * 32)
    assert await liar.tells(second) == ""
    assert "The link with Red A stopped" in await liar.tells(first)


async def test_beginnings_from_a_backup_without_end_are_answered_a_few_times(
    world: Between,
) -> None:
    liar = Liar.of(world)
    told = [
        await liar.tells(liar.next("again", {"after": 1}, seq=liar.seq + RESTART_JUMP, prev=FIRST))
        for _ in range(30)
    ]
    assert len([one for one in told if "backup" in one]) == 4
    assert len([one for one in said_by(world, "b") if one["kind"] == "held"]) == 4


async def test_what_nobody_asked_for_makes_us_take_back_nothing(world: Between) -> None:
    liar, key = Liar.of(world), signer_of(world.of("b").gateway).public
    for huge in (1, 2**53 - 1):
        ids = {name: huge for name, _ in zip(names(), range(300), strict=False)}
        await liar.tells(liar.next("held", {"of": key, "ids": ids}))
    assert "withdraw" not in [one["kind"] for one in said_by(world, "b")]
    assert "Feria" in await liar.tells(liar.next("share", a_thing(1)))


@pytest.mark.parametrize("kind", ["share", "withdraw", "totals", "again", "bring", "want"])
async def test_huge_numbers_change_nothing_and_the_chain_goes_on(world: Between, kind: str) -> None:
    liar, huge = Liar.of(world), 2**53 - 1
    body = {
        "share": a_thing(1, huge),
        "withdraw": {"version": huge},
        "again": {"after": huge},
        "totals": {"counts": {"going": huge}},
        "bring": {"bot": huge},
        "want": {"network": liar.signer.public, "first": huge - 1, "last": huge},
    }[kind]
    await liar.tells(liar.next(kind, body))
    assert "Feria 2" in await liar.tells(liar.next("share", a_thing(2), "e" * 32))


def terms_of(world: Between, *more: TermsNetwork, **other: Any) -> dict[str, Any]:
    now = int(world.of("b").clock.at.timestamp())
    own = [
        TermsNetwork(key=signer_of(world.of(n).gateway).public, name=f"Red {n.upper()}")
        for n in "ab"
    ]
    given = {
        "id": "f" * 32,
        "proposer": own[0].key,
        "title": "Letter",
        "count": "sum",
        "answer_by": now + 3600,
        "closes": now + 7200,
        "commit_by": now + 9000,
        "reveal_by": now + 9900,
        "networks": tuple(sorted([*own, *more], key=lambda one: one.key)),
        **other,
    }
    return JointTerms.model_validate(given).model_dump()


async def proposes(world: Between, **other: Any) -> str:
    liar = Liar.of(world)
    terms = terms_of(world, **other)
    return await liar.tells(liar.next("propose", terms, terms["id"]))


async def test_terms_that_make_sense_are_shown(world: Between) -> None:
    """Else nothing below would show anything."""
    assert "asks us to decide together" in await proposes(world)


async def test_terms_call_nobody_by_another_name_and_name_no_strangers(world: Between) -> None:
    liar, terms = Liar.of(world), terms_of(world)
    for member in terms["networks"]:
        member["name"] = "Red Santa"
    said = await liar.tells(liar.next("propose", terms, terms["id"]))
    assert "With: Red" in said
    assert "Santa" not in said
    strangers = [
        TermsNetwork(key=f"{n}" * 43, name="Red \u202eB\nyes " + "z" * 80) for n in range(9)
    ]
    terms = terms_of(world, *strangers, id="e" * 32)
    said = await liar.tells(liar.next("propose", terms, terms["id"]))
    named = [line for line in said.splitlines() if "(so Red A calls it)" in line]
    assert len(named) == 1, "on one line"
    assert "Red B yes zzz" in named[0]
    assert "\u202e" not in said
    assert named[0].count("(so Red A calls it)") == 5, "a few, and how many more"
    assert "z" * 60 not in said


@pytest.mark.parametrize("late", ["commit_by", "reveal_by"])
async def test_dates_that_leave_nobody_time_to_answer_are_refused(
    world: Between, late: str
) -> None:
    before = {"commit_by": "closes", "reveal_by": "commit_by"}[late]
    assert await proposes(world, **{late: terms_of(world)[before] + 1}) == ""


async def test_a_decision_that_would_end_in_a_far_year_is_refused(world: Between) -> None:
    liar, now = Liar.of(world), terms_of(world)["closes"]
    for far in (now + 3 * 366 * 24 * 3600, 2**53 - 10**6):
        dates = {"closes": far, "commit_by": far + 9000, "reveal_by": far + 18000}
        terms = terms_of(world, **dates)
        assert await liar.tells(liar.next("propose", terms, terms["id"])) == ""
    terms = terms_of(world)
    assert "asks us to decide" in await liar.tells(liar.next("propose", terms, terms["id"]))


async def test_a_flood_of_proposals_ends_in_silence(world: Between) -> None:
    liar, told = Liar.of(world), ""
    for name, _ in zip(names(), range(120), strict=False):
        terms = terms_of(world, id=name)
        told += await liar.tells(liar.next("propose", terms, name))
    assert told.count("asks us to decide together") == 50


async def test_what_was_said_of_a_decision_before_it_was_heard_of_counts(three: Between) -> None:
    """C's answer comes to B before A's question does."""
    late: list[tuple[UserId, UserId, dict[str, Any]]] = []

    def slow(by: UserId, to: UserId, content: dict[str, Any]) -> list[dict[str, Any]]:
        if (by, to, content["kind"]) == (A, B, "propose"):
            late.append((by, to, content))
            return []
        return [content]

    three.twist = slow
    said = await three.answer("a", '!proposal "Letter for the water" until in 56 hours')
    poll = re.search(r"Proposal (\d+)", said)
    assert poll
    await three.says("a", f"!network propose {poll[1]}")
    await three.says("a", "yes")
    number = re.search(r"network accept (\d+)", three.told("c"))
    assert number
    await three.says("c", f"!network accept {number[1]}")
    (by, to, content), three.twist = late[0], lambda _by, _to, content: [content]
    await three.hears(to, by, room(three), content)
    await three.flow()
    async with three.of("b").machine.db.reading() as tx:
        rows = await tx.all("SELECT key FROM joint_decisions_word WHERE kind = 'sign'")
    assert signer_of(three.of("c").gateway).public in {row["key"] for row in rows}


async def a_decision(world: Between) -> tuple[str, str]:
    """Under way in both; the words and the numbers at a and at b."""
    said = await world.answer("a", '!proposal "Letter for the water" until in 56 hours')
    poll = re.search(r"Proposal (\d+)", said)
    assert poll
    await world.says("a", f"!network propose {poll[1]}")
    said = await world.answer("a", "yes")
    joint = re.search(r"Joint decision (\d+)", said)
    there = re.search(r"network accept (\d+)", world.told("b"))
    assert joint
    assert there
    await world.says("b", f"!network accept {there[1]}")
    return joint[1], there[1]


async def hours(world: Between, count: int) -> None:
    for _ in range(count):
        for talk in world.talks.values():
            await talk.wait(HOUR)
        await world.flow()


async def test_an_honest_decision_names_nobody_and_a_late_word_is_signed_anew(
    world: Between,
) -> None:
    """A opens its result long after all: it does not count, and both sign what that makes."""
    await a_decision(world)
    held: list[dict[str, Any]] = []

    def slow(by: UserId, _to: UserId, content: dict[str, Any]) -> list[dict[str, Any]]:
        if by == A and content["kind"] in ("reveal", "seen", "final"):
            held.append(content)
            return []
        return [content]

    world.twist = slow
    await hours(world, 72)
    assert "Red A: sealed a result and did not open it" in world.told("b")
    world.twist = lambda _by, _to, content: [content]
    for one in held:
        await world.hears(B, A, room(world), one)
    await world.of("b").wait(2 * MINUTE)
    await world.flow()
    assert "this is the result now" in world.told("b")
    finals = [one for one in said_by(world, "b") if one["kind"] == "final"]
    assert len(finals) == 2
    assert envelope_of(finals[-1]).parse_body(Final) == envelope_of(held[-1]).parse_body(Final)


def two_faced(world: Between, lied_to: UserId) -> Twist:
    """A's result is another one for that network; all it says later hangs together for each."""
    signer, ends = signer_of(world.of("a").gateway), dict[UserId, str]()

    def twist(by: UserId, to: UserId, content: dict[str, Any]) -> list[dict[str, Any]]:
        if by != A or not (to in ends or content["kind"] == "reveal"):
            return [content]
        one = envelope_of(content)
        if one.kind == "reveal" and to == lied_to:
            body = json.loads(json.dumps(one.body))
            body["result"]["counts"]["for"] += 1
            body["result"]["turnout"] += 1
            one = one.model_copy(update={"body": body})
        one = one.model_copy(update={"prev": ends.get(to, one.prev)}).sign_with(signer)
        ends[to] = one.hash
        return [one.content()]

    return twist


async def test_who_tells_two_totals_of_a_decision_is_named_and_the_others_agree(
    three: Between,
) -> None:
    """B reads one result of A's and C another; neither can read the other's."""
    said = await three.answer("a", '!proposal "Letter for the water" until in 56 hours')
    poll = re.search(r"Proposal (\d+)", said)
    assert poll
    await three.says("a", f"!network propose {poll[1]}")
    await three.says("a", "yes")
    for name in ("b", "c"):
        number = re.search(r"network accept (\d+)", three.told(name))
        assert number
        await three.says(name, f"!network accept {number[1]}")
    three.twist = two_faced(three, C)
    await hours(three, 96)
    for name in ("b", "c"):
        told = three.told(name)
        assert "The link with Red A stopped: it told some one thing" in told, name
    async with three.of("b").machine.db.reading() as tx:
        b = await tx.one("SELECT told FROM joint_decisions_decision")
    async with three.of("c").machine.db.reading() as tx:
        c = await tx.one("SELECT told FROM joint_decisions_decision")
    assert b
    assert c
    assert b["told"] == c["told"]


async def test_who_stands_between_shows_each_side_another_code(tmp_path: Path) -> None:
    """A asks C, who asks B in its turn: whatever C passes on, the two codes differ."""
    world = await Between.start(tmp_path, "a", "b", "c")
    await world.says("a", "!network link @minga:c")
    await world.says("a", "yes")
    await world.says("c", f"!network accept {world.number('c')}")
    one = re.search(r"\d{4} \d{4} \d{4}", world.told("a"))
    await world.says("c", "!network link @minga:b")
    await world.says("c", "yes")
    await world.says("b", f"!network accept {world.number('b')}")
    other = re.search(r"\d{4} \d{4} \d{4}", world.told("b"))
    await world.close()
    assert one
    assert other
    assert one[0] != other[0]


async def test_a_number_that_was_not_the_one_promised_stops_the_meeting(tmp_path: Path) -> None:
    """Who waits for ours to choose its own by it can not."""
    world = await Between.start(tmp_path, "a", "b")

    def chosen_later(by: UserId, _to: UserId, content: dict[str, Any]) -> list[dict[str, Any]]:
        if by != A or content["body"].get("step") != 2:
            return [content]
        signer = signer_of(world.of("a").gateway)
        body = content["body"] | {"nonce": "0" * 32}
        return [envelope_of(content).model_copy(update={"body": body}).sign_with(signer).content()]

    world.twist = chosen_later
    await world.says("a", "!network link @minga:b")
    await world.says("a", "yes")
    await world.says("b", f"!network accept {world.number('b')}")
    told = world.told("b")
    await world.close()
    assert "changed its number on the way" in told
    assert not re.search(r"\d{4} \d{4} \d{4}", told)


async def test_a_network_that_calls_itself_like_another_is_told_apart(tmp_path: Path) -> None:
    world = await Between.start(tmp_path, "a", "b", "c")
    await world.link("a", "b")

    def as_b(by: UserId, _to: UserId, content: dict[str, Any]) -> list[dict[str, Any]]:
        if by != C or content["body"].get("step") != 1:
            return [content]
        signer = signer_of(world.of("c").gateway)
        body = content["body"] | {"name": "RED  b"}
        return [envelope_of(content).model_copy(update={"body": body}).sign_with(signer).content()]

    world.twist = as_b
    await world.says("a", "!network link @minga:c")
    await world.says("a", "yes")
    await world.says("c", f"!network accept {world.number('c')}")
    told = await world.answer("a", "!network")
    await world.close()
    assert "RED b (@minga:c)" in told


async def test_who_was_not_asked_or_said_no_is_not_taken_into_a_decision(world: Between) -> None:
    liar = Liar.of(world)
    terms = JointTerms.model_validate(terms_of(world))
    await liar.tells(liar.next("propose", terms.model_dump(), terms.id))
    opened = {"terms": terms.hash, "part": "3"}
    assert await liar.tells(liar.next("open", opened, terms.id)) == ""
    await hours(world, 1)
    assert "Letter" not in world.told("b")


async def test_an_answer_to_other_terms_is_none(world: Between) -> None:
    liar = Liar.of(world)
    terms = terms_of(world)
    await liar.tells(liar.next("propose", terms, terms["id"]))
    await liar.tells(liar.next("sign", {"terms": "0" * 64, "answer": "yes"}, terms["id"]))
    async with world.of("b").machine.db.reading() as tx:
        assert await tx.all("SELECT key FROM joint_decisions_word") == []


async def test_who_leaves_in_the_middle_of_a_decision_says_no_more_of_it(world: Between) -> None:
    await a_decision(world)
    await world.says("b", "!network disconnect Red A")
    await world.says("b", "yes")
    said = len(said_by(world, "b"))
    await hours(world, 72)
    assert len(said_by(world, "b")) == said
    assert "Red B: called its vote off" in world.told("a")


async def test_in_a_room_that_follows_the_link_room_nobody_else_reads(world: Between) -> None:
    """Who may upgrade the room could have asked a person into the new one."""
    talk, fresh = world.of("b"), RoomId("!fresh:a")
    await talk.room(fresh, "", [A, "@mallory:x"], kind=LINK_TYPE, creator=A, bot_power=0)
    event = EventId("$up")
    await talk.happens(RoomUpgraded(room(world), event, A, talk.clock.at, fresh, True, True))
    await world.flow()
    world.told("b")
    await talk.wait(timedelta(minutes=3))
    await world.flow()
    assert "they get no key to what we say" in world.told("b")
