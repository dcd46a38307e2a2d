"""What one network may cost: bytes that wait, bytes that are kept, and silence that is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from commands.links.protocol import limits
from commands.links.protocol.envelope import FIRST, LARGEST
from commands.links.protocol.inbound import HANDLERS
from tests.links.between import Between
from tests.links.liar import A, B, Liar, a_thing, names, room

DAY = timedelta(days=1)
LONG = "x" * (LARGEST - 700)
POISON = "RRULE:FREQ=DAILY;UNTIL=00010101\r\nEND:VEVENT"


async def kept(world: Between) -> int:
    """Bytes that B keeps of all networks."""
    async with world.of("b").machine.db.reading() as tx:
        row = await tx.one("SELECT sum(length(content)) AS n FROM links_message")
    assert row is not None
    return int(row["n"])


async def early(world: Between, liar: Liar, base: int, count: int) -> None:
    """Messages behind a hole: none of them can take effect."""
    for n in range(count):
        one = liar.next("dance", {"t": LONG, "n": n}, seq=base + 2 + n, prev=FIRST)
        await world.hears(B, A, room(world), one.content())


async def test_what_waits_behind_a_hole_is_little_however_much_is_sent(world: Between) -> None:
    liar = Liar.of(world)
    before = await kept(world)
    await early(world, liar, liar.seq, 130)
    assert await kept(world) - before <= limits.AHEAD


async def test_a_chain_that_begins_anew_again_and_again_leaves_nothing_behind(
    world: Between,
) -> None:
    liar = Liar.of(world)
    before, seq = await kept(world), liar.seq
    for turn in range(1, 4):
        base = seq + turn * 1_000_000
        one = liar.next("again", {}, seq=base, prev=FIRST)
        await world.hears(B, A, room(world), one.content())
        await early(world, liar, base, 30)
    assert await kept(world) - before < 32 * (LARGEST + 100)


async def test_what_was_left_out_for_its_size_is_asked_for_and_takes_effect(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "AHEAD", 2000)
    liar, told = Liar.of(world), ""
    every = [liar.next("share", a_thing(n), f"{n:032x}") for n in range(6)]
    for one in every[1:]:
        await world.hears(B, A, room(world), one.content())
    for one in every:  # as who is asked for it sends it again
        told += await liar.tells(one)
    assert [f"Feria {n}" in told for n in range(6)] == [True] * 6


async def test_people_are_told_at_a_threshold_and_the_link_stops_at_the_limit(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MUCH", await kept(world) + 3000)
    monkeypatch.setattr(limits, "MOST", await kept(world) + 9000)
    liar, told = Liar.of(world), []
    for n, name in zip(range(40), names(), strict=False):
        told.append(await liar.tells(liar.next("dance", {"t": "x" * 500, "n": n}, name)))
    said = "\n".join(told)
    assert said.count("Red A sends far more than networks do") == 1
    assert said.count("The link with Red A stopped: it sent more than") == 1
    size = await kept(world)
    await liar.tells(liar.next("dance", {"t": "x" * 500}))
    assert await kept(world) == size
    assert "stopped" in await world.answer("b", "!network")


async def test_a_network_that_is_silent_for_three_days_is_told_once_and_once_more_later(
    world: Between,
) -> None:
    def mute(by: Any, _to: Any, content: dict[str, Any]) -> list[dict[str, Any]]:
        return [] if by == A else [content]

    async def days(count: int) -> str:
        for _ in range(count):
            for name in "ab":
                await world.of(name).wait(DAY)
            await world.flow()
        return world.told("b")

    assert "Nothing has come from" not in await days(6), "each says once a day that it is there"
    world.twist = mute
    assert "Nothing has come from" not in await days(2)
    assert (await days(10)).count("Nothing has come from Red A since") == 1
    world.twist = lambda _by, _to, content: [content]
    await days(2)
    world.twist = mute
    assert (await days(6)).count("Nothing has come from Red A since") == 1


async def test_a_poisoned_calendar_stops_no_chain(world: Between) -> None:
    liar = Liar.of(world)
    bad = a_thing(2)
    bad["content"]["calendar"] = bad["content"]["calendar"].replace("END:VEVENT", POISON)
    await liar.tells(liar.next("share", bad, "2" * 32))
    assert "Feria 3" in await liar.tells(liar.next("share", a_thing(3), "3" * 32))


@pytest.mark.parametrize("broken", ["SELECT 1", "SELECT nothing FROM nowhere"])
async def test_what_breaks_a_handler_is_told_counted_undone_and_passed_over(
    world: Between, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    async def breaks(ctx: Any, *_what: Any) -> None:
        await ctx.db.run("INSERT INTO stale_room VALUES ('half', NULL)")
        await ctx.db.run(broken)
        raise ZeroDivisionError

    liar = Liar.of(world)
    with monkeypatch.context() as patch:
        patch.setitem(HANDLERS, "share", breaks)
        assert "went wrong on my side" in await liar.tells(liar.next("share", a_thing(1)))
    assert "Feria 2" in await liar.tells(liar.next("share", a_thing(2), "2" * 32))
    async with world.of("b").machine.db.reading() as tx:
        row = await tx.one("SELECT junk FROM links_peer")
        assert await tx.one("SELECT 1 FROM stale_room") is None
    assert row is not None and row["junk"] == 1
