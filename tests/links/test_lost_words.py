"""What a restored backup lost of our own messages comes back; what was deleted stays deleted."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from bot.testing.fake_gateway import signer_of
from commands.links import store
from commands.links.protocol.chain import RESTART_JUMP
from commands.links.protocol.inbound import RETURNED_WITHIN
from tests.links.between import Between
from tests.links.liar import A, B, Liar, envelope_of, room, said_by
from tests.links.test_restored import copied, restored
from tests.links.test_returning import Away, hours_pass


async def numbers_of_b(world: Between) -> set[int]:
    """Which of its own messages B holds."""
    key = said_by(world, "b")[0]["network"]
    async with world.of("b").machine.db.reading() as tx:
        link = (await store.all_links(tx))[0]
        return set(await store.numbers_ahead(tx, link.item, key, 0, 10_000))


async def test_what_was_deleted_long_ago_is_not_stored_anew(world: Between) -> None:
    old = next(one for one in said_by(world, "b") if one["seq"] == 3)
    assert 3 in await numbers_of_b(world)
    await world.of("b").wait(timedelta(days=130))
    assert 3 not in await numbers_of_b(world)
    await world.hears(B, A, room(world), old)
    assert 3 not in await numbers_of_b(world)


async def loses_150(world: Between) -> tuple[Path, set[int]]:
    """What B goes on from, and what it said since: A has that."""
    talk = world.of("b")
    copy = await copied(talk)
    last = envelope_of(said_by(world, "b")[-1])
    chain = Liar(world, signer_of(talk.gateway), last.link, last.seq, last.hash)
    for _message in range(150):
        one = chain.next("here", {"ends": {}})
        await world.hears(A, B, room(world), one.content())
    return copy, set(range(last.seq + 1, last.seq + 151))


async def minutes_pass(world: Between, minutes: int) -> None:
    for _pause in range(minutes // 2):
        for each in world.talks.values():
            await each.wait(timedelta(minutes=2))
        await world.flow()


async def test_more_than_can_be_asked_for_at_once_comes_back(world: Between) -> None:
    copy, lost = await loses_150(world)
    await restored(world, world.of("b"), copy)
    await minutes_pass(world, 16)
    assert lost <= await numbers_of_b(world)


async def test_all_comes_back_from_a_network_that_is_off_at_first(world: Between) -> None:
    copy, lost = await loses_150(world)
    away = Away(world, A)
    away.leaves()
    await restored(world, world.of("b"), copy)
    await hours_pass(world, 24)
    assert not lost & await numbers_of_b(world)
    await away.returns()
    await hours_pass(world, 48)
    assert lost <= await numbers_of_b(world)


async def test_what_nobody_has_is_asked_for_ever_more_seldom(world: Between) -> None:
    await restored(world, world.of("b"), await copied(world.of("b")))
    asked: list[int] = []  # after so many hours
    for hour in range(24 * 14):
        await hours_pass(world, 1)
        wants = [one for one in said_by(world, "b") if one["kind"] == "want"]
        asked += [hour] * (len(wants) - len(asked))
    pauses = [later - before for before, later in pairwise(asked)]
    assert pauses == sorted(pauses)
    last = timedelta(hours=asked[-1])
    assert RETURNED_WITHIN - timedelta(days=1) < last < RETURNED_WITHIN


async def test_two_restores_of_one_backup_say_no_two_things_in_one_place(world: Between) -> None:
    talk = world.of("b")
    copy = await copied(talk)
    for _restore in range(2):
        await restored(world, talk, copy)
        await minutes_pass(world, 10)
    async with world.of("a").machine.db.reading() as tx:
        (peer,) = await store.peers_with_bot(tx, B)
    assert peer.state is store.PeerState.LINKED
    ours = {(one["seq"], envelope_of(one).hash) for one in said_by(world, "b")}
    assert len({seq for seq, _hash in ours}) == len(ours)


async def test_what_was_said_between_two_restores_of_one_backup_comes_back(world: Between) -> None:
    talk = world.of("b")
    copy, lost = await loses_150(world)
    await restored(world, talk, copy)
    await minutes_pass(world, 10)
    between = {one["seq"] for one in said_by(world, "b") if one["seq"] > RESTART_JUMP}
    assert between
    await restored(world, talk, copy)
    assert not between & await numbers_of_b(world)
    await minutes_pass(world, 46)
    assert lost | between <= await numbers_of_b(world)


async def test_who_holds_less_than_others_makes_nobody_skip_what_they_hold(three: Between) -> None:
    talk = three.of("b")
    copy, lost = await loses_150(three)
    await restored(three, talk, copy)
    await minutes_pass(three, 10)
    between = {one["seq"] for one in said_by(three, "b") if one["seq"] > RESTART_JUMP}
    key = said_by(three, "b")[0]["network"]
    async with three.of("c").machine.db.transaction() as tx:
        await tx.run("DELETE FROM links_message WHERE key = ? AND seq <= ?", key, max(lost))
    await restored(three, talk, copy)
    await minutes_pass(three, 46)
    assert lost | between <= await numbers_of_b(three)


async def test_a_stopped_network_sends_nothing_back(world: Between) -> None:
    talk = world.of("b")
    copy = await copied(talk)
    last = envelope_of(said_by(world, "b")[-1])
    chain = Liar(world, signer_of(talk.gateway), last.link, last.seq, last.hash)
    one = chain.next("here", {"ends": {}})
    await restored(world, talk, copy)
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE links_peer SET state = 'stopped'")
    await world.hears(B, A, room(world), one.content())
    assert one.seq not in await numbers_of_b(world)
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE links_peer SET state = 'linked'")
    await world.hears(B, A, room(world), one.content())
    assert one.seq in await numbers_of_b(world)
