"""A linked network that lies or floods: it is named, and costs the others next to nothing."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.api import RoomId, Signer, UserId
from bot.fake import signer_of
from commands.links import hearing
from commands.links.base import MOST_ASKING
from commands.links.chain import JUMP
from commands.links.envelope import FIRST, Envelope
from commands.links.hearing import AT_ONCE, MOST_JUNK
from commands.links.joint.terms import Final, Member, Terms
from commands.links.tests.between import Between

A, B, C = (UserId(f"@minga:{name}") for name in "abc")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass(slots=True)
class Liar:
    """Who holds the keys of network A, and says what it likes, to whom it likes."""

    world: Between
    signer: Signer
    link: str
    seq: int
    prev: str

    @classmethod
    def of(cls, world: Between) -> Liar:
        signer = signer_of(world.of("a").gateway)
        last = [one for one in world.wire if one["network"] == signer.public][-1]
        one = envelope_of(last)
        return cls(world, signer, one.link, one.seq, one.hash)

    def next(self, kind: str, body: dict[str, Any], name: str = "d" * 32, **more: Any) -> Envelope:
        given = {"seq": self.seq + 1, "prev": self.prev, **more}
        one = Envelope(link=self.link, network=self.signer.public, kind=kind, id=name, body=body,
                       **given).signed(self.signer)  # fmt: skip
        self.seq, self.prev = one.seq, one.hash
        return one

    async def tells(self, one: Envelope, to: UserId = B) -> str:
        await self.world.hears(to, A, room(self.world), one.content())
        await self.world.flow()
        return self.world.told(to.split(":")[1])


def envelope_of(content: dict[str, Any]) -> Envelope:
    return Envelope.model_validate({k: v for k, v in content.items() if k in Envelope.model_fields})


def room(world: Between) -> RoomId:
    return next(iter(world.inside))


def a_thing(n: int, version: int = 1) -> dict[str, Any]:
    text = (f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x{n}\r\nSUMMARY:Feria {n}\r\n"
            "DTSTART:20261203T190000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")  # fmt: skip
    return {"what": "event", "version": version, "content": {"calendar": text}}


def said_by(world: Between, name: str) -> list[dict[str, Any]]:
    key = signer_of(world.of(name).gateway).public
    return [one for one in world.wire if one["network"] == key]


def names() -> Iterator[str]:
    for n in range(10_000):
        yield f"{n:032x}"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Between]:
    made = await Between.start(tmp_path, "a", "b")
    await made.link("a", "b")
    for name in ("a", "b"):
        made.told(name)
    yield made
    await made.close()


@pytest.fixture
async def three(tmp_path: Path) -> AsyncIterator[Between]:
    """The first three of four are linked."""
    made = await Between.start(tmp_path, "a", "b", "c", "d")
    await made.link("a", "b")
    await made.add("a", "c", "b")
    for name in ("a", "b", "c"):
        made.told(name)
    yield made
    await made.close()


# --- what it says -------------------------------------------------------------------------------


async def test_who_tells_one_this_and_another_that_is_named_by_both_within_a_day(
    three: Between,
) -> None:
    """Neither of the two can read what the other one got."""
    one, other = Liar.of(three), Liar.of(three)
    assert "Feria 1" in await one.tells(one.next("share", a_thing(1)), B)
    assert "Feria 2" in await other.tells(other.next("share", a_thing(2)), C)
    for name in ("b", "c"):
        await three.of(name).wait(timedelta(days=1, minutes=1))
    await three.flow()
    for name in ("b", "c"):
        assert "The link with Red A stopped: it told some one thing" in three.told(name), name


async def test_a_past_that_was_changed_shows_though_it_came_out_of_order(world: Between) -> None:
    liar = Liar.of(world)
    first = liar.next("share", a_thing(1))
    liar.prev = "1" * 64
    second = liar.next("share", a_thing(2), "e" * 32)
    assert await liar.tells(second) == ""
    assert "The link with Red A stopped" in await liar.tells(first)


async def test_a_beginning_from_a_backup_hides_no_changed_past(world: Between) -> None:
    liar = Liar.of(world)
    await liar.tells(liar.next("share", a_thing(1)))
    told = await liar.tells(liar.next("again", {"after": 1}, prev="1" * 64))
    assert "The link with Red A stopped" in told
    assert "backup" not in told


async def test_beginnings_from_a_backup_without_end_are_answered_a_few_times(
    world: Between,
) -> None:
    liar = Liar.of(world)
    told = [
        await liar.tells(liar.next("again", {"after": 1}, seq=liar.seq + JUMP, prev=FIRST))
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
        "share": a_thing(1, huge), "withdraw": {"version": huge}, "again": {"after": huge},
        "totals": {"counts": {"going": huge}}, "bring": {"bot": huge},
        "want": {"network": liar.signer.public, "first": huge - 1, "last": huge},
    }[kind]  # fmt: skip
    await liar.tells(liar.next(kind, body))
    assert "Feria 2" in await liar.tells(liar.next("share", a_thing(2), "e" * 32))


# --- floods -------------------------------------------------------------------------------------


async def test_much_that_waited_for_one_message_takes_effect_without_a_further_one(
    world: Between,
) -> None:
    liar = Liar.of(world)
    every = [liar.next("share", a_thing(n), name)
             for n, name in zip(range(2 * AT_ONCE + 20), names(), strict=False)]  # fmt: skip
    for one in every[1:]:
        await world.hears(B, A, room(world), one.content())
    told = await liar.tells(every[0])
    for _ in range(5):
        await world.of("b").wait(timedelta(seconds=1))
        await world.flow()
        told += world.told("b")
    assert told.count("shares something with us") == len(every)


async def test_a_thousand_messages_of_one_wait_and_those_of_another_are_heard_at_once(
    three: Between,
) -> None:
    liar = Liar.of(three)
    for n, name in zip(range(1000), names(), strict=False):
        one = liar.next("dance", {"n": n}, name)
        await three.hears(B, A, room(three), one.content())
    last = liar.next("share", a_thing(1))
    assert await liar.tells(last) == "", "what is so much waits"
    said = await three.answer("c", "!event Taller; jueves 19h")
    number = re.search(r"going (\d+)", said)
    assert number
    await three.says("c", f"!network share {number[1]}")
    await three.says("c", "yes")
    assert "Red C shares something with us" in three.told("b")
    told = ""
    for _ in range(16):
        await three.of("b").wait(timedelta(minutes=6))
        await three.flow()
        told += three.told("b")
    assert "Feria 1" in told


async def test_a_thousand_pieces_of_junk_are_counted_and_no_more(world: Between) -> None:
    liar, kept = Liar.of(world), []
    for n in range(1000):
        await world.hears(B, A, room(world), {"v": 1, "n": n})
        if n in (MOST_JUNK + 1, 999):
            async with world.of("b").machine.db.reading() as tx:
                row = await tx.one("SELECT count(*) AS n FROM links_message")
                junk = await tx.one("SELECT max(junk) AS n FROM links_peer")
                kept.append((row["n"] if row else 0, junk["n"] if junk else 0))
    await world.flow()
    assert kept[0] == kept[1]
    assert world.told("b").count("don't listen") == 1
    assert liar.seq


async def test_a_flood_of_wants_brings_each_message_again_once(world: Between) -> None:
    liar, key = Liar.of(world), signer_of(world.of("b").gateway).public
    first = len(said_by(world, "b"))
    for n in range(200):
        await liar.tells(liar.next("want", {"network": key, "first": 1, "last": 100 - n % 2}))
    assert len(said_by(world, "b")) - first <= first, "each of ours once more"


async def test_one_of_many_who_hold_it_lends_what_another_misses(
    three: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C misses what A said, and A is away: B lends it, and D sees that."""
    await three.add("a", "d", "b", "c")
    three.told("c")
    missed = Liar.of(three).seq + 1
    lent: list[UserId] = []

    def away(by: UserId, to: UserId, content: dict[str, Any]) -> list[dict[str, Any]]:
        if (
            by != A
            and to == C
            and (content["network"], content["seq"]) == (liar.signer.public, missed)
        ):
            lent.append(by)
        return [] if by == A and to == C else [content]

    liar = Liar.of(three)
    three.twist = away
    one = liar.next("share", a_thing(1))
    for bot in (B, UserId("@minga:d")):
        await liar.tells(one, bot)
    three.twist = lambda by, to, content: [] if by == A else away(by, to, content)
    moments = iter((0.1, 0.9))
    monkeypatch.setattr(hearing, "_CHANCE", SimpleNamespace(random=lambda: next(moments)))
    await three.hears(C, A, room(three), liar.next("dance", {}).content())
    for _ in range(40):
        for talk in three.talks.values():
            await talk.wait(timedelta(seconds=5))
        await three.flow()
    assert "Red A shares something with us" in three.told("c")
    assert len(lent) == 1


async def test_what_never_comes_is_asked_for_ever_more_seldom(world: Between) -> None:
    liar = Liar.of(world)
    await liar.tells(liar.next("dance", {}, seq=2**53 - 2))
    for _ in range(24 * 30):
        await world.of("b").wait(2 * MINUTE)
    await world.flow()
    asked = [one for one in said_by(world, "b") if one["kind"] == "want"]
    assert 3 <= len(asked) <= 12


async def test_whoever_passes_on_what_we_can_not_place_did_nothing_wrong(world: Between) -> None:
    liar = Liar.of(world)
    stranger = Signer.from_seed(C, b"z" * 32, lambda named: named)
    for n in range(1, 2 * MOST_JUNK):
        one = Envelope(link=liar.link, network=stranger.public, seq=n, prev=FIRST, kind="share",
                       id="e" * 32, body={}).signed(stranger)  # fmt: skip
        assert await liar.tells(one) == ""
    assert "Feria 1" in await liar.tells(liar.next("share", a_thing(1)))


async def test_a_flood_of_bots_brought_in_is_told_a_few_times(world: Between) -> None:
    liar, told = Liar.of(world), ""
    for n in range(100):
        told += await liar.tells(liar.next("bring", {"bot": f"@minga:x{n}"}))
    assert told.count("asks one more network") == MOST_ASKING


# --- decisions ----------------------------------------------------------------------------------


def terms_of(world: Between, *more: Member, **other: Any) -> dict[str, Any]:
    now = int(world.of("b").clock.at.timestamp())
    own = [Member(key=signer_of(world.of(n).gateway).public, name=f"Red {n.upper()}") for n in "ab"]
    given = {
        "id": "f" * 32, "proposer": own[0].key, "title": "Letter", "count": "sum",
        "answer_by": now + 3600, "closes": now + 7200, "commit_by": now + 9000,
        "reveal_by": now + 9900,
        "networks": tuple(sorted([*own, *more], key=lambda one: one.key)), **other,
    }  # fmt: skip
    return Terms.model_validate(given).model_dump()


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
    stranger = Member(key="A" * 43, name="Red Z")
    terms = terms_of(world, stranger, id="e" * 32)
    assert await liar.tells(liar.next("propose", terms, terms["id"])) == ""


@pytest.mark.parametrize("late", ["commit_by", "reveal_by"])
async def test_dates_that_leave_nobody_time_to_answer_are_refused(
    world: Between, late: str
) -> None:
    before = {"commit_by": "closes", "reveal_by": "commit_by"}[late]
    assert await proposes(world, **{late: terms_of(world)[before] + 1}) == ""


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
    said = await three.answer("a", '!proposal "Letter for the water" until Friday 18h')
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
        rows = await tx.all("SELECT key FROM links_joint_said WHERE kind = 'sign'")
    assert signer_of(three.of("c").gateway).public in {row["key"] for row in rows}


async def a_decision(world: Between) -> tuple[str, str]:
    """Under way in both; the words and the numbers at a and at b."""
    said = await world.answer("a", '!proposal "Letter for the water" until Friday 18h')
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


async def test_who_signs_another_result_is_named(world: Between) -> None:
    await a_decision(world)

    def forged(by: UserId, _to: UserId, content: dict[str, Any]) -> list[dict[str, Any]]:
        if by != A or content["kind"] != "final":
            return [content]
        signer = signer_of(world.of("a").gateway)
        body = json.loads(json.dumps(content["body"])) | {"statement": "0" * 64}
        return [envelope_of(content).model_copy(update={"body": body}).signed(signer).content()]

    world.twist = forged
    await hours(world, 72)
    assert "Red A worked out another result from the same words." in world.told("b")
    assert "worked out another" not in world.told("a")


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
    assert envelope_of(finals[-1]).says(Final) == envelope_of(held[-1]).says(Final)
