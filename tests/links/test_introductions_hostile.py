"""Introductions that are false, forged, old, circular or too many: each has an end that is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.api import EventId, NewIdentity, RoomId, Signer, UserId, certifying_key
from bot.testing.fake_gateway import signer_of
from commands.link_introductions import introducing
from commands.link_introductions.declaration import MOST_IN_MESSAGE
from commands.link_introductions.introduction import NetworkIntroduction
from tests.links.between import Between, bot_of
from tests.links.kept_world import linked
from tests.links.liar import A, B, C, Liar, a_thing, envelope_of, room
from tests.links.test_fuzz import NASTY
from tests.links.test_introductions import HOUR, accept_each_other, news

DAY = timedelta(days=1)


async def an_accepted_newcomer(folder: Path) -> Between:
    """B and C accepted each other on A's word; D is in the room, and compared with A only."""
    made = await Between.start(folder, "a", "b", "c", "d")
    await made.link("a", "b")
    for name in ("c", "d"):
        await made.bring("a", name)
        await made.compare("a", name)
    await news(made)
    await accept_each_other(made, "b", "c")
    for name in "abcd":
        made.told(name)
    return made


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Between]:
    made = await linked(an_accepted_newcomer, tmp_path)
    yield made
    await made.close()


def signer(world: Between, name: str) -> Signer:
    return signer_of(world.of(name).gateway)


def master(world: Between, name: str) -> str:
    own = signer(world, name)
    return certifying_key(own.certificate, own.public) or ""


def introduction(world: Between, by: str, of: str, **more: Any) -> dict[str, Any]:
    """What the network `by` signs about the network `of`, some of it not as it is."""
    until = world.of(by).clock.at + timedelta(days=300)
    true: dict[str, Any] = {
        "link": Liar.of(world).link,
        "introducer": signer(world, by).public,
        "bot": bot_of(of),
        "key": signer(world, of).public,
        "master": master(world, of),
        "until": int(until.timestamp()),
    }
    return NetworkIntroduction(**true | more).sign(signer(world, by)).model_dump()


async def says(world: Between, *some: dict[str, Any], to: UserId = B) -> str:
    """Network A says them, or passes them on."""
    liar = Liar.of(world)
    said = liar.next("introduce", {"introductions": list(some)})
    world.wire.append(said.content())
    told = await liar.tells(said, to)
    await news(world)
    return told + world.told(to.split(":")[1])


async def junk(world: Between, name: str = "b") -> int:
    async with world.of(name).machine.db.reading() as tx:
        return await tx.count("SELECT junk AS n FROM links_peer WHERE bot = ?", A)


FALSE_KEY = "E" * 43


async def test_who_signs_two_keys_for_one_bot_is_named_and_all_is_asked_anew(
    world: Between,
) -> None:
    told = await says(world, introduction(world, "a", "c", key=FALSE_KEY))
    assert "Red A signed two different keys for Red C." in told
    assert "Accepted on that word, so it waits for you again: Red C." in told
    listed = await world.answer("b", "!network")
    assert "Red C: waits for you again" in listed
    assert "Red A: linked, code compared" in listed, "that its code is the same stays true"
    assert "ntroduced by Red A" not in listed
    again = await says(world, introduction(world, "a", "c", key=FALSE_KEY))
    assert "two different keys" not in again, "told once"


async def test_who_was_accepted_on_another_word_too_is_not_held_up(world: Between) -> None:
    """Else one network could stop a decision that goes on, by a lie about another one."""
    await world.compare("b", "d")
    await world.compare("c", "d")
    await news(world, HOUR)
    both = f"{signer(world, 'a').public} {signer(world, 'd').public}"
    async with world.of("b").machine.db.transaction() as tx:
        await tx.run(
            "UPDATE link_introductions_accepted SET introducers = ? WHERE bot = ?", both, C
        )
    told = await says(world, introduction(world, "a", "c", key=FALSE_KEY))
    assert "Red A signed two different keys for Red C." in told
    assert "waits for you again" not in told
    assert "No introduction of theirs counts here any more." in told
    assert "Red C: linked, introduced by Red D" in await world.answer("b", "!network Red C")


async def test_what_rests_on_it_over_another_is_asked_anew_too(world: Between) -> None:
    """B accepts D on the word of C alone, which it accepted on the word of A."""
    async with world.of("b").machine.db.transaction() as tx:
        await tx.run("DELETE FROM link_introductions_word WHERE bot = '@minga:d'")
    await world.compare("c", "d")
    await news(world, HOUR)
    assert "Red D: introduced by Red C" in await world.answer("b", "!network accept Red D")
    await world.says("b", "yes")
    await world.says("d", "!network accept Red B")
    await world.says("d", "yes")
    assert "Red D: linked, introduced by Red C" in await world.answer("b", "!network Red D")
    told = await says(world, introduction(world, "a", "c", key=FALSE_KEY))
    assert "waits for you again: Red C · Red D." in told


async def test_what_a_doubted_network_says_comes_once_its_code_is_compared(
    world: Between,
) -> None:
    await says(world, introduction(world, "a", "c", key=FALSE_KEY))
    await world.says("c", "!event Taller de radio; en 33 horas; place: Casa Azul")
    number = world.told("c").split("going ")[1].split("`")[0]
    await world.says("c", f"!network share {number} with Red B")
    await world.says("c", "yes")
    assert "Taller" not in world.told("b")
    await world.compare("b", "c")
    assert "Red C: linked, code compared" in await world.answer("b", "!network Red C")
    for _ in range(6):
        await world.of("c").wait(DAY)
        await world.flow()
        await world.of("b").wait(timedelta(minutes=5))
        await world.flow()
    assert "Red C shares something" in world.told("b")


async def test_another_key_than_the_bot_shows_is_false(world: Between) -> None:
    told = await says(world, introduction(world, "a", "d", master=FALSE_KEY))
    assert "Red A signed two different keys for Red D." in told
    told = await says(world, introduction(world, "c", "d", key=FALSE_KEY))
    assert "Red C introduces Red D with another key than Red D shows us" in told


async def test_who_introduces_us_with_a_key_that_is_not_ours_is_named(world: Between) -> None:
    told = await says(world, introduction(world, "c", "b", key=FALSE_KEY))
    assert "Red C introduces us to others with a key that is not ours." in told


async def test_what_people_find_to_be_another_code_stops_it_and_names_who_introduced_it(
    world: Between,
) -> None:
    asked = await world.answer("b", "!network refute Red C")
    assert "Did its moderators read another one to you?" in asked
    told = await world.answer("b", "yes")
    assert "The link with Red C is stopped" in told
    assert "Red A introduced Red C with a key whose code is not the one of its people." in told
    listed = await world.answer("b", "!network")
    assert "Red C: stopped" in listed
    await says(world, introduction(world, "d", "c"))
    assert "Red C: stopped" in await world.answer("b", "!network"), "no word brings it back"
    assert "introduced by Red A" not in await world.answer("b", "!network")


@pytest.mark.parametrize(
    "wrong",
    [
        {"link": "f" * 32},
        {"until": 2**40},
        {"bot": "nobody"},
        {"bot": "@minga:" + "x" * 300},
        {"v": 2},
    ],
)
async def test_what_is_malformed_or_meant_for_another_link_is_junk(
    world: Between, wrong: dict[str, Any]
) -> None:
    one = introduction(world, "d", "c") | wrong
    own = signer(world, "d")
    assert await says(world, one) == ""
    assert await junk(world) == 1
    signed = NetworkIntroduction.model_construct(
        **{k: v for k, v in one.items() if k != "signature"}
    )
    resigned = one | {"signature": own.sign(signed.unsigned_bytes())}
    assert await says(world, resigned) == ""
    assert await junk(world) == 2, "signed as it is, it is refused all the same"


async def test_nobody_signs_for_another_nor_for_itself(world: Between) -> None:
    forged = introduction(world, "a", "d") | {"introducer": signer(world, "c").public}
    assert await says(world, forged) == ""
    assert await says(world, introduction(world, "d", "d")) == ""
    assert await junk(world) == 2


async def test_networks_that_only_introduce_each_other_are_nobody(world: Between) -> None:
    """A is taken out: then nobody that was compared leads to C and D."""
    await world.says("b", "!network refute Red A")
    await world.says("b", "yes")
    world.told("b")
    for by, of in (("c", "d"), ("d", "c")):
        one = introduction(world, by, of)
        await world.hears(B, C, room(world), _said_by(world, "c", one))
    await news(world)
    assert "accept 1" not in world.told("b")
    listed = await world.answer("b", "!network")
    assert "Introduced by" not in listed
    assert "introduced by" not in listed.replace("who introduced it deceived", "")


def _said_by(world: Between, name: str, one: dict[str, Any]) -> dict[str, Any]:
    """The next message of that network, which carries this."""
    own = signer(world, name)
    last = envelope_of([said for said in world.wire if said["network"] == own.public][-1])
    made = last.model_copy(
        update={
            "seq": last.seq + 1,
            "prev": last.hash,
            "kind": "introduce",
            "body": {"introductions": [one]},
        }
    ).sign_with(own)
    world.wire.append(made.content())
    return made.content()


async def test_an_old_introduction_counts_no_more(world: Between) -> None:
    past = int((world.of("d").clock.at - DAY).timestamp())
    await says(world, introduction(world, "d", "c", until=past))
    async with world.of("b").machine.db.reading() as tx:
        own = signer(world, "d").public
        query = "SELECT count(*) AS n FROM link_introductions_word WHERE introducer = ? AND bot = ?"
        assert await tx.count(query, own, C) == 0
    assert await junk(world) == 0, "who passes it on did no wrong"


async def test_an_introduction_that_nobody_used_is_over_after_a_year(world: Between) -> None:
    assert "Introduced by Red A. On" in await world.answer("b", "!network Red D")
    await world.of("b").wait(timedelta(days=366))
    assert "Introduced by" not in await world.answer("b", "!network Red D")


async def test_what_one_network_brings_is_limited(
    world: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    liar, most = Liar.of(world), 110
    monkeypatch.setattr(introducing, "MOST_CARRIED", most)

    async def brings(start: int, count: int) -> None:
        some = range(start, start + count)
        many = [introduction(world, "a", "d", bot=f"@m{n}:x") for n in some]
        await liar.tells(liar.next("introduce", {"introductions": many}))

    for start in range(0, most + 50, MOST_IN_MESSAGE):
        await brings(start, MOST_IN_MESSAGE)
    async with world.of("b").machine.db.reading() as tx:
        query = "SELECT count(*) AS n FROM link_introductions_word WHERE carrier = ?"
        assert await tx.count(query, signer(world, "a").public) == most
    assert await junk(world) == 0
    await brings(0, MOST_IN_MESSAGE + 1)
    assert await junk(world) == 1


async def test_what_rested_on_a_network_that_leaves_stays_and_is_named(world: Between) -> None:
    await world.says("a", "!network disconnect Red B")
    await world.says("a", "yes")
    told = world.told("b")
    assert "Red A ended the link with us." in told
    assert "Accepted on its word, and still linked: Red C." in told
    listed = await world.answer("b", "!network")
    assert "Red C: linked, introduced by Red A; code not compared" in listed
    assert "Introduced by Red A" not in listed, "for others its word counts no more"


async def test_whom_we_compared_with_is_gone_so_nobody_is_introduced(world: Between) -> None:
    """C was accepted on A's word and stays, but no comparison of ours leads to it any more."""
    await world.says("a", "!network disconnect Red B")
    await world.says("a", "yes")
    await world.compare("c", "d")
    await news(world, HOUR)
    listed = await world.answer("b", "!network")
    assert "Red C: linked, introduced by Red A" in listed
    assert "Introduced by" not in listed


async def test_who_left_introduces_nobody_though_others_introduced_it(world: Between) -> None:
    async with world.of("b").machine.db.transaction() as tx:
        await tx.run("DELETE FROM link_introductions_word WHERE bot = '@minga:d'")
    await world.compare("c", "d")
    await news(world, HOUR)
    assert "Introduced by Red C" in await world.answer("b", "!network Red D")
    await world.says("c", "!network disconnect Red B")
    await world.says("c", "yes")
    assert "Introduced by" not in await world.answer("b", "!network Red D")


async def test_what_rested_on_a_network_that_forks_is_asked_anew(world: Between) -> None:
    one, other = Liar.of(world), Liar.of(world)
    await one.tells(one.next("share", a_thing(1)))
    told = await other.tells(other.next("share", a_thing(2)))
    assert "The link with Red A stopped" in told
    assert "Accepted on that word, so it waits for you again: Red C." in told


async def test_an_introduced_bot_with_a_new_identity_stops(world: Between) -> None:
    talk = world.of("b")
    await talk.happens(NewIdentity(RoomId(""), EventId("$new"), C, talk.clock.at))
    await world.flow()
    assert "The link with Red C stopped: its bot has a new identity." in world.told("b")
    await world.says("b", "!network accept 1")
    assert "Red C: stopped" in await world.answer("b", "!network")


@pytest.mark.parametrize("field", sorted(NetworkIntroduction.model_fields))
async def test_whatever_stands_in_one_breaks_nothing(world: Between, field: str) -> None:
    liar, true = Liar.of(world), introduction(world, "a", "d")
    with structlog.testing.capture_logs() as logs:
        for value in NASTY:
            await liar.tells(liar.next("introduce", {"introductions": [true | {field: value}]}))
            async with world.of("b").machine.db.transaction() as tx:
                await tx.run("UPDATE links_peer SET junk = 0, busy = 0")
    assert [one for one in logs if one["log_level"] == "error"] == []
    listed = await world.answer("b", "!network")
    assert "Red C: linked, introduced by Red A" in listed
    assert "Introduced by Red A. On their word" in listed
