"""One contract (`bot/gateway.py`) for the fake gateway and the real one: both are asked the same.

What the tests of the commands rest on, the fake, is worth only as much as it is like the real one.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from bot.gateway import Refused, TryLater
from bot.types import EventId, Media, UserId
from storage.rows.forgotten_people import (
    MOST_ENTRIES,
    MOST_LETTERS,
    MOST_OTHERS,
    ForgottenEntry,
    OtherList,
    seal_list,
)
from tests.real.contract_worlds import ANSWERS, HELLO, TEXT, World, faked, served

pytestmark = pytest.mark.asyncio(loop_scope="module")

ENCRYPTED = {"algorithm": "m.megolm.v1.aes-sha2"}
PNG = secrets.token_bytes(5000)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["fake", "real"])
async def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """Each implementation in its own world, made once for all tests."""
    if request.param == "fake":
        made = faked()
    else:
        made = served(request.getfixturevalue("pair"), tmp_path_factory.mktemp("contract"))
    async with made as one:
        yield one


async def test_the_newest_event_that_is_committed_is_one_that_can_be_asked_for(
    world: World,
) -> None:
    room, event = await world.newest(await world.theirs("lo último"))
    found = await world.gateway.message(room, event)
    assert found is not None and (found.room, found.text) == (world.room, "lo último")


async def test_the_same_transaction_posts_once(world: World) -> None:
    before = await world.seen()
    first = await world.says("once")
    assert await world.says("once") == first
    assert set(await world.seen()) - set(before) == {first}


async def test_another_transaction_posts_another(world: World) -> None:
    before = await world.seen()
    one, other = await world.says("one"), await world.says("other")
    assert one != other
    assert set(await world.seen()) - set(before) == {one, other}


async def test_who_is_no_reader_can_not_read_it_even_later(world: World) -> None:
    hidden = await world.gateway.send(world.room, TEXT, HELLO, "hidden", readers=())
    shown = await world.gateway.send(world.room, TEXT, HELLO, "shown", readers=(world.ana,))
    assert [await world.reads(one) for one in (hidden, shown)] == [False, True]


async def test_what_bots_say_to_bots_is_refused_where_others_may_come_in(world: World) -> None:
    for rule in ("public", "invite"):
        await world.gateway.set_state(world.room, "m.room.join_rules", "", {"join_rule": rule})
        await world.theirs("and now?")  # what came before it is known
        with pytest.raises(Refused) if rule == "public" else nullcontext():
            await world.gateway.send(world.room, "org.minga.link", {"v": 1}, rule)


async def test_what_was_sent_is_found_by_its_transaction(world: World) -> None:
    event = await world.says("sought")
    await world.says("later")
    assert await world.found("sought") == event
    assert await world.found("never said") is None


async def test_what_was_sent_is_found_in_its_own_room_only(world: World) -> None:
    other = await world.gateway.make_private_room(world.stranger(), "contract-other")
    await world.says("here")
    assert await world.found("here", other) is None


async def test_what_we_said_comes_page_by_page_without_what_was_taken_back(world: World) -> None:
    began = datetime.now(UTC) - timedelta(minutes=5)
    events = [await world.says(f"own {n}") for n in range(7)]
    await world.gateway.redact(world.room, events[3], "", "own gone")
    await world.theirs("not ours")
    assert world.ana in (await world.gateway.writers(world.room, began) or ())
    assert await world.gateway.writers(world.room, began + timedelta(days=1)) == frozenset()
    found: list[tuple[EventId, datetime]] = []
    page, start = await world.gateway.own_messages(world.room, None)
    while True:
        found += page
        if start is None:
            break
        page, start = await world.gateway.own_messages(world.room, start)
    assert [event for event, _at in found if event in events] == [
        event for event in reversed(events) if event != events[3]
    ], "the newest first"
    assert all(began <= at <= datetime.now(UTC) + timedelta(minutes=5) for _event, at in found)


async def test_what_is_too_old_opens_with_no_key_of_ours_and_what_comes_does(world: World) -> None:
    old = await world.theirs("viejo")
    assert await world.gateway.message(world.room, old) is not None
    await asyncio.sleep(0.01)  # stamps are in milliseconds
    await world.gateway.forget_keys(world.room, datetime.now(UTC))
    assert await world.gateway.message(world.room, old) is None
    new = await world.theirs("nuevo")
    said = await world.gateway.message(world.room, new)
    assert said is not None
    assert said.text == "nuevo"


async def test_what_is_kept_beside_the_account_is_there_until_it_is_replaced(world: World) -> None:
    kind = f"org.minga.test.{secrets.token_hex(3)}"
    assert await world.gateway.account_data(kind) == {}
    for content in ({"sealed": "one"}, {"sealed": "two"}):
        await world.gateway.set_account_data(kind, content)
        assert await world.gateway.account_data(kind) == content


async def test_the_longest_list_of_forgotten_people_is_kept_beside_the_account(
    world: World,
) -> None:
    key, today = b"k" * 32, int(datetime.now(UTC).timestamp()) // 86400
    every = [
        ForgottenEntry(secrets.token_hex(8), secrets.token_hex(16), today)
        for _n in range(MOST_ENTRIES)
    ]
    left = MOST_LETTERS - len(seal_list(key, every)["sealed"])
    aside = [OtherList("A" * (left // MOST_OTHERS), today)] * MOST_OTHERS
    content = seal_list(key, every, aside)
    assert len(content["others"]) == MOST_OTHERS and len(str(content)) >= MOST_LETTERS
    kind = f"org.minga.test.{secrets.token_hex(3)}"
    await world.gateway.set_account_data(kind, content)
    assert await world.gateway.account_data(kind) == content


async def test_redacting_takes_an_event_away_once(world: World) -> None:
    event, kept = await world.says("regretted"), await world.says("kept")
    first = await world.gateway.redact(world.room, event, "", "redacting")
    assert await world.gateway.redact(world.room, event, "", "redacting") == first
    seen = await world.seen()
    assert (seen[event], seen[kept]) == (True, False)
    assert [await world.gateway.is_redacted(world.room, e) for e in (event, kept)] == [True, False]


async def test_a_file_comes_back_as_it_was(world: World) -> None:
    media = await uploaded(world)
    assert await world.gateway.download(media, len(PNG)) == PNG


async def test_a_file_beyond_the_cap_is_refused(world: World) -> None:
    media = await uploaded(world)
    with pytest.raises(Refused, match="M_TOO_LARGE"):
        await world.gateway.download(media, len(PNG) - 1)


async def test_a_file_that_is_not_there_is_refused(world: World) -> None:
    server = world.gateway.me.partition(":")[2]
    media = Media(f"mxc://{server}/nothing", "x.png", "image/png", 1, None)
    with pytest.raises(Refused, match="M_NOT_FOUND"):
        await world.gateway.download(media, 10)


async def test_the_same_alias_gives_the_same_private_room(world: World) -> None:
    eva = world.stranger()
    room = await world.gateway.make_private_room(eva, "contract-eva")
    assert await world.gateway.make_private_room(eva, "contract-eva") == room
    assert await world.gateway.make_private_room(eva, "contract-more") != room
    invited = await world.gateway.get_state(room, "m.room.member", eva)
    assert invited and invited["membership"] == "invite"
    sealed = await world.gateway.get_state(room, "m.room.encryption", "")
    assert sealed and sealed["algorithm"] == "m.megolm.v1.aes-sha2"


async def test_the_same_alias_gives_the_same_room_of_the_network(world: World) -> None:
    eva, nobody = world.stranger(), UserId("@nobody:nowhere.invalid")
    for alias, invited in (("contract-norte", eva), ("contract-sur", nobody)):
        with suppress(TryLater):  # whoever cannot be invited leaves the room behind
            await world.gateway.make_room(alias, "Norte", "Una sala", [invited])
        room = await world.gateway.make_room(alias, "Norte", "Una sala", [invited])
        assert await world.gateway.make_room(alias, "Norte", "Una sala", [invited]) == room
        assert await world.gateway.get_state(room, "m.room.encryption", "") == ENCRYPTED
        topic = await world.gateway.get_state(room, "m.room.topic", "")
        assert topic and topic["topic"] == "Una sala"
        member = await world.gateway.get_state(room, "m.room.member", eva)
        assert (member is not None) == (invited == eva)


async def test_state_that_was_set_is_given_back(world: World) -> None:
    topic = {"topic": "Un contrato", "org.minga.more": [1, {"a": None}]}
    await world.gateway.set_state(world.room, "org.minga.test", "key", topic)
    assert await world.gateway.get_state(world.room, "org.minga.test", "key") == topic
    for kind in ("org.minga.test", "m.room.canonical_alias"):  # the alias would be its name
        assert not await world.gateway.get_state(world.room, kind, "")


async def test_inviting_twice_is_done(world: World) -> None:
    eva = world.stranger()
    for _ in range(2):
        await world.gateway.invite(world.room, eva, "ven")
        assert await world.membership(eva) == "invite"


async def test_removing_who_is_not_there_is_done(world: World) -> None:
    eva = world.stranger()
    await world.gateway.remove(world.room, eva, "", "kick")
    await world.gateway.invite(world.room, eva, "")
    for how, then in (("kick", "leave"), ("ban", "ban"), ("unban", "leave")):
        for _ in range(2):
            await world.gateway.remove(world.room, eva, "", how)
            assert await world.membership(eva) == then


async def test_leaving_twice_is_done(world: World) -> None:
    room = await world.gateway.make_private_room(world.stranger(), "contract-leaving")
    await world.gateway.leave(room)
    await world.gateway.leave(room)


async def test_a_room_that_we_are_not_in_refuses(world: World) -> None:
    eva = world.stranger()
    room = await world.gateway.make_private_room(eva, "contract-left")
    event = await world.gateway.send(room, TEXT, HELLO, "farewell")
    await world.gateway.leave(room)
    for asked in (
        world.gateway.send(room, TEXT, HELLO, "too late"),
        world.gateway.redact(room, event, "", "too late to redact"),
        world.gateway.set_state(room, "m.room.topic", "", {"topic": "?"}),
        world.gateway.get_state(room, "m.room.topic", ""),
        world.gateway.invite(room, eva, ""),
        world.found("farewell", room),
        world.gateway.message(room, event),
        world.gateway.poll(room, event),
        world.gateway.is_redacted(room, event),
        world.gateway.own_messages(room, None),
        world.gateway.writers(room, datetime.now(UTC)),
    ):
        with pytest.raises(Refused, match="M_FORBIDDEN"):
            await asked
    with pytest.raises(Refused, match="M_ROOM_IN_USE"):
        await world.gateway.make_private_room(eva, "contract-left")


async def test_what_a_member_said_is_read_back(world: World) -> None:
    said = await world.gateway.message(world.room, await world.theirs("Nos vemos a las seis"))
    assert said is not None
    assert (said.room, said.sender, said.text) == (world.room, world.ana, "Nos vemos a las seis")


async def test_what_was_edited_is_read_back_with_its_last_words_and_as_said_when_it_was(
    world: World,
) -> None:
    event = await world.theirs("!votar 1 1")
    first = await world.gateway.message(world.room, event)
    await world.edits(event, "!votar 1 2")
    await world.edits(event, "!votar 1 3")
    said = await world.gateway.message(world.room, event)
    assert first is not None and said is not None and said.edited_at is not None
    assert (first.text, first.edited_at) == ("!votar 1 1", None)
    assert (said.event, said.sender, said.at, said.text) == (
        event,
        world.ana,
        first.at,
        "!votar 1 3",
    )
    assert said.at <= said.edited_at <= datetime.now(UTC) + timedelta(minutes=5)


async def test_a_members_poll_is_read_with_every_response(world: World) -> None:
    event = await world.polled()
    poll = await world.gateway.poll(world.room, event)
    assert poll is not None
    assert (poll.event, poll.author, poll.question) == (event, world.ana, "Hoy?")
    assert (poll.answers, poll.most, poll.ended, poll.unread) == (ANSWERS, 1, None, 0)
    by_time = sorted(poll.votes, key=lambda vote: vote.stamp)
    assert [(v.sender, v.answers) for v in by_time] == [(world.ana, ("a",)), (world.ana, ("b",))]
    assert await world.gateway.message(world.room, event) is None
    assert await world.gateway.poll(world.room, await world.theirs("Hoy?")) is None


async def test_what_stands_nowhere_or_elsewhere_is_refused(world: World) -> None:
    said, nothing = await world.theirs("Aquí"), EventId("$" + "x" * 43)
    other = await world.gateway.make_private_room(world.stranger(), "contract-elsewhere")
    for room, event in ((world.room, nothing), (other, said)):
        for look in (world.gateway.message, world.gateway.poll, world.gateway.is_redacted):
            with pytest.raises(Refused, match="M_NOT_FOUND"):
                await look(room, event)


async def uploaded(world: World) -> Media:
    """A file at the server, as somebody's message would name it."""
    file = (await world.gateway.upload(PNG, "image/png")).file
    return Media(str(file["url"]), "x.png", "image/png", len(PNG), file)
