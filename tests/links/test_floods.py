"""A linked network that floods the others: it costs them next to nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.api import Signer, UserId
from bot.testing.fake_gateway import signer_of
from commands.links import store
from commands.links.declaration import MOST_ASKING
from commands.links.protocol import gap_fill, limits
from commands.links.protocol.chain import ChainHead
from commands.links.protocol.envelope import FIRST, NetworkEnvelope
from commands.links.protocol.inbound import AT_ONCE, MOST_JUNK
from commands.links.protocol.limits import KindLimits
from tests.links.between import Between
from tests.links.liar import A, B, C, Liar, a_thing, envelope_of, names, room, said_by
from tests.links.test_returning import asked

MINUTE = timedelta(minutes=1)


async def test_much_that_waited_for_one_message_takes_effect_without_a_further_one(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "USUAL", KindLimits(told=3 * AT_ONCE))
    liar = Liar.of(world)
    every = [
        liar.next("share", a_thing(n), name)
        for n, name in zip(range(2 * AT_ONCE + 20), names(), strict=False)
    ]
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
    said = await three.answer("c", "!event Taller; en 33 horas")
    number = re.search(r"going (\d+)", said)
    assert number
    await three.says("c", f"!network share {number[1]}")
    await three.says("c", "yes")
    assert "Red C shares something with us" in three.told("b")
    told = ""
    for _ in range(40):
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
    monkeypatch.setattr(gap_fill, "_CHANCE", SimpleNamespace(random=lambda: next(moments)))
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
        one = NetworkEnvelope(
            link=liar.link,
            network=stranger.public,
            seq=n,
            prev=FIRST,
            kind="share",
            id="e" * 32,
            body={},
        ).sign_with(stranger)
        assert await liar.tells(one) == ""
    assert "Feria 1" in await liar.tells(liar.next("share", a_thing(1)))


async def test_a_flood_of_bots_brought_in_is_told_a_few_times(world: Between) -> None:
    liar, told = Liar.of(world), ""
    for n in range(100):
        told += await liar.tells(liar.next("bring", {"bot": f"@minga:x{n}"}))
    assert told.count("asks one more network") == MOST_ASKING


async def test_what_is_long_counts_as_several(world: Between) -> None:
    """Else a network could fill the disks of the others."""
    liar = Liar.of(world)
    for n in range(60):
        one = liar.next("dance", {"n": n, "text": "x" * 39_000})
        await world.hears(B, A, room(world), one.content())
    assert await liar.tells(liar.next("share", a_thing(1))) == "", "what is so much waits"


async def test_false_ends_of_chains_make_us_repeat_no_more_than_wants_do(world: Between) -> None:
    liar, key = Liar.of(world), signer_of(world.of("b").gateway).public

    async def repeated(seq: int) -> int:
        before = len(world.wire)
        ends = {liar.signer.public: f"{seq} {'0' * 16}"}
        await liar.tells(liar.next("here", {"ends": ends}))
        return len(world.wire) - before

    first = liar.seq + 1
    for n in range(5):
        await liar.tells(liar.next("dance", {"n": n}))
    assert await repeated(first) == 1, "it may be a lie that others should see"
    for last in (100, 100, 100, 100, 99):  # and one was shown
        await liar.tells(liar.next("want", {"network": key, "first": 1, "last": last}))
    assert await repeated(first + 1) == 0


async def test_false_ends_of_one_that_left_make_us_lend_no_more_than_wants_do(
    three: Between,
) -> None:
    """C says again and again that it has read nothing of A."""
    gone = Liar.of(three)
    for n in range(100):
        await gone.tells(gone.next("dance", {"n": n}))
    async with three.of("a").machine.db.transaction() as tx:
        (link,) = await store.all_links(tx)
        await store.set_own_head(tx, link.item, ChainHead(gone.seq, gone.prev))
    await three.says("a", f"!network disconnect {three.links['a']}")
    await three.says("a", "yes")
    signer, last = signer_of(three.of("c").gateway), envelope_of(said_by(three, "c")[-1])
    liar = Liar(three, signer, last.link, last.seq, last.hash)
    for _n in range(20):
        one = liar.next("here", {"ends": {gone.signer.public: f"0 {'0' * 16}"}})
        await three.hears(B, C, room(three), one.content())
    async with three.of("b").machine.db.reading() as tx:
        lent = await tx.count("SELECT count(*) AS n FROM job WHERE name = 'lend'")
    assert lent == 5, "500 messages at once"


async def test_several_that_leave_at_once_make_us_tell_our_ends_once(three: Between) -> None:
    await three.add("a", "d", "b", "c")
    await asked(three)
    for name in "bc":
        await three.says(name, f"!network disconnect {three.links[name]}")
        await three.says(name, "yes")
    before = len(said_by(three, "a"))
    await three.of("a").wait(3 * MINUTE)
    await three.flow()
    assert [one["kind"] for one in said_by(three, "a")[before:]].count("here") == 1
