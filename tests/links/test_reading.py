"""What is read of another network and what is kept: junk, first words, old words, size."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.testing.fake_gateway import signer_of
from commands.links.declaration import MESSAGE_LIFETIME
from commands.links.protocol import limits
from commands.links.protocol.inbound import MOST_JUNK
from tests.links.between import Between
from tests.links.liar import A, B, Liar, a_thing, envelope_of, room, said_by
from tests.links.offering import number_in
from tests.links.test_connecting import code_in

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SILENCE = "don't listen"


async def junk(world: Between, count: int) -> str:
    """What B's people are told when so much junk comes from A."""
    for n in range(count):
        await world.hears(B, A, room(world), {"v": 1, "n": n})
    await world.flow()
    return world.told("b")


async def peer(world: Between, column: str) -> Any:
    """What B has in this column of A's row."""
    async with world.of("b").machine.db.reading() as tx:
        row = await tx.one(f"SELECT {column} AS found FROM links_peer WHERE bot = ?", A)  # noqa: S608
    assert row is not None
    return row["found"]


async def passes(world: Between, span: timedelta) -> None:
    await world.of("b").wait(span)
    await world.flow()


# --- junk -----------------------------------------------------------------------------------------


async def test_the_last_piece_of_too_much_junk_begins_an_hour_of_silence(world: Between) -> None:
    liar = Liar.of(world)
    good = liar.next("share", a_thing(1))
    assert await junk(world, MOST_JUNK - 1) == ""
    await passes(world, 59 * MINUTE)
    assert SILENCE in await junk(world, 1)
    await passes(world, 59 * MINUTE)
    assert await liar.tells(good) == ""
    await passes(world, MINUTE)
    assert "Feria 1" in await liar.tells(good)


async def test_junk_of_an_hour_ago_is_forgiven(world: Between) -> None:
    liar = Liar.of(world)
    for n in range(3):
        assert await junk(world, MOST_JUNK - 1) == ""
        assert f"Feria {n}" in await liar.tells(liar.next("share", a_thing(n), f"{n:032x}"))
        await passes(world, HOUR)


async def test_a_new_count_of_junk_begins_a_new_hour(world: Between) -> None:
    await junk(world, 1)
    await passes(world, HOUR)
    await junk(world, 1)
    await passes(world, MINUTE)
    assert SILENCE in await junk(world, MOST_JUNK - 1)


# --- first words ----------------------------------------------------------------------------------


async def test_who_is_not_vouched_for_is_not_met_and_who_is_by_its_first_word_is(
    tmp_path: Path,
) -> None:
    world = await Between.start(tmp_path, "a", "b")
    world.twist = lambda by, _to, content: [] if by == A else [content]
    await world.says("a", "!red conectar @minga:b")
    await world.says("a", "sí")
    await world.says("b", f"!red aceptar {world.number('b')}")
    greeting, liar = envelope_of(said_by(world, "a")[0]), Liar.of(world)
    world.told("b")
    assert await liar.tells(liar.next("dance", greeting.body)) == ""
    assert (await peer(world, "key"), await peer(world, "junk")) == (None, 0)
    elsewhere = greeting.body | {"certificate": {**greeting.body["certificate"], "user_id": B}}
    forged = greeting.model_copy(update={"body": elsewhere}).sign_with(liar.signer)
    assert await liar.tells(forged) == ""
    assert (await peer(world, "key"), await peer(world, "junk")) == (None, 1)
    world.twist = lambda _by, _to, content: [content]
    told = await liar.tells(greeting)
    for content in said_by(world, "a")[1:]:
        told += await liar.tells(envelope_of(content))
    assert code_in(told) == code_in(world.told("a"))
    assert await peer(world, "key") == signer_of(world.of("a").gateway).public
    await world.close()


# --- what is kept ---------------------------------------------------------------------------------


async def test_what_another_network_said_is_on_disk_no_longer_than_messages_live(
    world: Between,
) -> None:
    liar = Liar.of(world)
    await liar.tells(liar.next("dance", {"t": "Feria"}))

    async def is_kept() -> bool:
        async with world.of("b").machine.db.reading() as tx:
            found = await tx.one("SELECT 1 FROM links_message WHERE content LIKE '%Feria%'")
        return found is not None

    await passes(world, MESSAGE_LIFETIME - DAY)
    assert await is_kept()
    await passes(world, 2 * DAY)
    assert not await is_kept()


async def test_what_comes_in_its_turn_counts_however_little_may_wait(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "AHEAD", 0)
    liar = Liar.of(world)
    assert "Feria 1" in await liar.tells(liar.next("share", a_thing(1)))


async def test_the_message_that_is_too_much_has_no_effect_and_copies_are_kept_up_no_more(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    liar = Liar.of(world)
    waiting = number_in(await liar.tells(liar.next("share", a_thing(1))), r"network accept (\d+)")
    copy = number_in(await world.answer("b", f"!network accept {waiting}"), r"Red A as (\d+)")
    monkeypatch.setattr(limits, "MOST", await peer(world, "held"))
    told = await liar.tells(liar.next("share", a_thing(2), "2" * 32))
    assert "The link with Red A stopped" in told
    assert "Feria 2" not in told
    assert "Shared by Red A, which keeps it up no more" in await world.answer("b", f"!event {copy}")


async def test_how_much_a_network_sends_is_told_again_after_a_month(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MUCH", 0)
    liar = Liar.of(world)
    much = "sends far more than networks do"
    assert much in await liar.tells(liar.next("dance", {}))
    await passes(world, limits.TOLD_AGAIN - MINUTE)
    assert much not in await liar.tells(liar.next("dance", {}))
    await passes(world, MINUTE)
    assert much in await liar.tells(liar.next("dance", {}))
