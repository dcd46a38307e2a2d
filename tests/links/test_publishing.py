"""Two networks make a joint decision public: when all said yes, in the same bytes."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.api import Number, RoomId
from bot.testing.talk import ROOM
from commands.joint_decisions.proof import verify
from commands.joint_publication.heard_words import MOST_WORDS
from commands.links import store as link_store
from commands.public_site.log.folder_check import check_folder
from commands.publishing import store as publishing_store
from storage.membership import room_state
from tests.links.between import Between
from tests.links.liar import A, Liar
from tests.links.test_deciding import number_in
from tests.links.test_options import ACCEPT, over

ASKS = r"network accept (\d+)"


async def proposed(world: Between, title: str, *others: str) -> tuple[int, dict[str, int]]:
    """A's own vote, and the number of the joint decision in each network, before any answers."""
    poll = number_in(
        await world.answer("a", f'!proposal "{title}" until in 56 hours'), r"Proposal (\d+)"
    )
    names = ", ".join(f"Red {other.upper()}" for other in others)
    await world.says("a", f"!network propose {poll} with {names}")
    numbers = {"a": number_in(await world.answer("a", "yes"), r"Joint decision (\d+)")}
    return poll, numbers | {name: number_in(world.told(name), ACCEPT) for name in others}


async def decided(world: Between, title: str = "Letter for the water") -> dict[str, int]:
    """The number of a joint decision of A and B that is over, in each of them."""
    poll, numbers = await proposed(world, title, "b")
    await world.says("b", f"!network accept {numbers['b']}")
    await world.says("a", f"!vote {poll} for", "bea")
    await over(world)
    for name in numbers:
        world.told(name)
    return numbers


async def both_publish(world: Between, numbers: dict[str, int]) -> None:
    """At first each says yes, then each publishes it."""
    for _first_asks_then_publishes in range(2):
        for name in "ab":
            await world.says(name, f"!publish {numbers[name]}")
            await world.says(name, "yes")


async def public_file(world: Between, name: str, number: int) -> tuple[dict[str, Any], bytes]:
    """What a network hands out of a joint decision: the document, and the one file with it."""
    async with world.of(name).machine.db.transaction() as tx:
        record = await publishing_store.get_record(tx, Number(number))
        assert record is not None
        row = await tx.one("SELECT * FROM publishing_file WHERE number = ?", number)
    assert record.document is not None
    assert row is not None
    return json.loads(record.document.to_json()), row["content"]


async def is_public(world: Between, name: str, number: int) -> bool:
    async with world.of(name).machine.db.transaction() as tx:
        record = await publishing_store.get_record(tx, Number(number))
    return record is not None and record.is_public


async def test_both_publish_the_same_bytes_once_both_said_yes(world: Between) -> None:
    numbers = await decided(world)
    said = await world.answer("a", f"!publish {numbers['a']}")
    assert "Each of them must agree" in said
    assert all(name in said for name in ("Red A", "Red B"))
    assert "keeps it, even if you withdraw it later" in said
    assert "Asked: Red B" in await world.answer("a", "yes")
    asked = world.told("b")
    assert "Red A asks: may “Letter for the water”" in asked
    assert "A yes publishes nothing here by itself" in asked
    assert "waits for the yes of: Red B" in await world.answer("a", f"!publish {numbers['a']}")
    assert not await is_public(world, "a", numbers["a"])
    number = number_in(asked, ASKS)
    assert number == numbers["b"]
    await world.says("b", f"!network accept {number}")
    assert "All networks agree" in await world.answer("b", "yes")
    assert "All networks agree" in world.told("a")
    assert not await is_public(world, "b", numbers["b"]), "a yes is no order to publish"
    files = {}
    for name, number in numbers.items():
        assert "Letter for the water" in await world.answer(name, f"!publish {number}")
        await world.says(name, "yes")
        assert await is_public(world, name, number)
        files[name] = await public_file(world, name, number)
    assert files["a"][1] == files["b"][1]
    described = [document["files"] for document, _content in files.values()]
    assert described[0] == described[1]
    assert described[0][0]["name"].startswith("joint-")


async def test_our_vote_is_public_only_as_a_part_of_the_whole(world: Between) -> None:
    poll, numbers = await proposed(world, "Letter", "b")
    await world.says("b", f"!network accept {numbers['b']}")
    await over(world)
    await world.of("a").wait(timedelta(days=2))
    said = await world.answer("a", f"!publish {poll}")
    assert f"{poll} is our part of joint decision {numbers['a']}." in said
    assert f"`!publish {numbers['a']}`" in said


async def test_it_does_not_tell_who_declined_or_who_knows_whom(three: Between) -> None:
    """B and C know each other on A's word; that stays in the file of the rooms."""
    numbers = await decided(three)
    for name in "ab":
        await three.says(name, f"!publish {numbers[name]}")
        await three.says(name, "yes")
    await three.says("a", f"!publish {numbers['a']}")
    await three.says("a", "yes")
    _document, content = await public_file(three, "a", numbers["a"])
    kinds = {word["kind"] for word in json.loads(content)["said"]}
    assert kinds == {"commit", "final", "open", "reveal", "seen", "sign"}
    assert b"Red C" not in content, "who was not asked is not named"


@pytest.mark.parametrize(
    ("ask", "accept"),
    [
        ("!publicar {a}", "!red aceptar {b}"),
        ("!publica la {a}", "!red acepta {b}"),
        ("!publicar decisión {a}", "!publicar {b}"),
        ("!publique a {a}", "!rede aceitar {b}"),
        ("!publicar decisão {a}", "!rede aceita {b}"),
        ("!publish {a}", "!publish decision {b}"),
        ("!Publicar: {a}", "!Red aceptar {b}"),
        ("!publish #{a}", "!network accept #{b}"),
        ("¡publicar {a}", "!publicar {b}"),
        ("!publish the {a}", "!network accept {b}"),
    ],
)
async def test_lines_of_people_in_a_hurry(world: Between, ask: str, accept: str) -> None:
    numbers = await decided(world)
    await world.says("a", ask.format_map(numbers))
    assert "Asked: Red B" in await world.answer("a", "sí")
    await world.says("b", accept.format_map(numbers))
    assert "All networks agree" in await world.answer("b", "sim")


async def test_who_left_the_link_can_ask_nobody_and_its_yes_stays(world: Between) -> None:
    numbers = await decided(world)
    for name in "ab":
        await world.says(name, f"!publish {numbers[name]}")
        await world.says(name, "yes")
    await world.says("b", f"!network disconnect {world.links['b']}")
    await world.says("b", "yes")
    await world.says("a", f"!publish {numbers['a']}")
    await world.says("a", "yes")
    assert await is_public(world, "a", numbers["a"])
    said = await world.answer("b", f"!withdraw {numbers['b']}")
    assert "write to their moderators" in said
    assert "can't ask them" in await world.answer("b", f"!publish {numbers['b']}")


async def test_the_same_bytes_lie_at_the_same_path_of_both_folders(tmp_path: Path) -> None:
    world = await Between.start(tmp_path, "a", "b", public=True)
    await world.link("a", "b")
    for _ in range(2):  # so that its numbers are others
        await world.says("b", '!event "Radio" in 3 days')
    world.told("b")
    numbers = await decided(world)
    assert numbers["a"] != numbers["b"]
    await both_publish(world, numbers)
    await world.close()
    folders = [tmp_path / name / "public" for name in "ab"]
    files = [sorted(one.glob("files/**/*.json")) for one in folders]
    (first,), (second,) = files
    assert first.relative_to(folders[0]) == second.relative_to(folders[1])
    assert first.read_bytes() == second.read_bytes()
    assert (verify(first, ()) or [False])[0]
    for folder in folders:
        assert [line.in_english() for line in check_folder(folder).wrong] == []


async def test_no_file_of_what_was_withdrawn_stays_in_a_folder(tmp_path: Path) -> None:
    world = await Between.start(tmp_path, "a", "b", public=True)
    await world.link("a", "b")
    world.told("b")
    numbers = await decided(world)
    await both_publish(world, numbers)
    folders = [tmp_path / name / "public" for name in "ab"]
    for name, folder in zip("ab", folders, strict=True):
        await world.of(name).wait(timedelta(minutes=1))
        assert len(list(folder.glob("files/*.json"))) == 1
    await world.says("b", f"!withdraw {numbers['b']}")
    await world.says("b", "yes")
    for name in "ab":
        await world.of(name).wait(timedelta(minutes=1))
    await world.close()
    for folder in folders:
        assert [path for path in folder.glob("files/**/*") if path.is_file()] == []
        assert [line.in_english() for line in check_folder(folder).wrong] == []


async def test_a_no_keeps_it_at_home(world: Between) -> None:
    numbers = await decided(world)
    await world.says("a", f"!publish {numbers['a']}")
    await world.says("a", "yes")
    world.told("a")
    assert "say no" in await world.answer("b", f"!network decline {numbers['b']}")
    assert "Red B does not let" in world.told("a")
    assert "waits for the yes of: Red B" in await world.answer("a", f"!publish {numbers['a']}")
    assert not await is_public(world, "a", numbers["a"])


async def test_a_yes_that_is_taken_back_takes_it_out_everywhere(world: Between) -> None:
    numbers = await decided(world)
    for name in "ab":
        await world.says(name, f"!publish {numbers[name]}")
        await world.says(name, "yes")
    for name in "ab":
        await world.says(name, f"!publish {numbers[name]}")
        await world.says(name, "yes")
        assert await is_public(world, name, numbers[name])
        world.told(name)
    said = await world.answer("b", f"!withdraw {numbers['b']}")
    assert "their bots hand it out no more, too" in said
    assert "Red B does not let" in world.told("a")
    for name in "ab":
        assert not await is_public(world, name, numbers[name])
    assert "waits for the yes of: Red B" in await world.answer("a", f"!publish {numbers['a']}")


async def test_who_moderates_its_room_only_takes_it_out_there(world: Between) -> None:
    numbers = await decided(world)
    await both_publish(world, numbers)
    talk, number = world.of("b"), numbers["b"]
    care = await talk.room(RoomId("!care:test"), "Care", ["ana"], {"ana": 50})
    await talk.set("moderation", "yes", care)
    assert "You can't do that here" in await world.answer("b", f"!withdraw {number}", "bea")
    async with talk.machine.db.transaction() as tx:
        content = {"users": {"@bea:test": 50, talk.gateway.me: 50}}
        event = {"type": "m.room.power_levels", "state_key": "", "content": content}
        await room_state.apply_state(tx, ROOM, [event | {"sender": "@ana:test"}], whole=False)
    said = await world.answer("b", f"!withdraw {number}", "bea")
    assert "is public no more" in said, said
    assert "Red B does not let" not in world.told("a")
    assert not await is_public(world, "b", number)
    assert await is_public(world, "a", numbers["a"]), "the network's yes is its moderators'"


async def test_silence_is_told_and_nothing_is_public(world: Between) -> None:
    numbers = await decided(world)
    await world.says("a", f"!publish {numbers['a']}")
    await world.says("a", "yes")
    for name in "ab":
        await world.of(name).wait(timedelta(days=7, minutes=1))
    await world.flow()
    assert "No answer on making “Letter for the water”" in world.told("a")
    assert "!network accept" in await world.answer("b", "!pending")


async def test_a_network_that_declined_is_named_in_it_and_must_agree(three: Between) -> None:
    _poll, numbers = await proposed(three, "Letter", "b", "c")
    await three.says("b", f"!network accept {numbers['b']}")
    await three.says("c", f"!network decline {numbers['c']}")
    await over(three)
    await three.says("a", f"!publish {numbers['a']}")
    assert "Asked: " in await three.answer("a", "yes")
    number = number_in(three.told("b"), ASKS)
    await three.says("b", f"!network accept {number}")
    assert "Asked: Red C." in await three.answer("b", "yes")
    assert "waits for the yes of: Red C." in await three.answer("a", f"!publish {numbers['a']}")


async def test_before_the_end_and_by_others_nothing_is_asked(world: Between) -> None:
    _poll, numbers = await proposed(world, "Letter", "b")
    assert "has not ended yet" in await world.answer("a", f"!publish {numbers['a']}")
    numbers = await decided(world)
    assert "moderators" in await world.answer("a", f"!publish {numbers['a']}", "bea")
    assert [one for one in world.wire if one["kind"] == "publish"] == []


async def test_words_that_name_a_person_stay_at_home(world: Between) -> None:
    numbers = await decided(world, "Thanks to @bea:test")
    assert "name a person" in await world.answer("a", f"!publish {numbers['a']}")


async def test_words_of_no_sense_and_too_many_are_junk(world: Between) -> None:
    numbers = await decided(world)
    terms = next(one for one in world.wire if one["kind"] == "final")["body"]["terms"]
    about = next(one for one in world.wire if one["kind"] == "final")["id"]
    liar = Liar.of(world)
    body = {"terms": terms, "file": "e" * 64, "answer": "yes"}
    wrong = (body | {"terms": "e" * 64}, body | {"answer": "maybe"}, body | {"more": 1})
    for changed in wrong:
        await liar.tells(liar.next("publish", changed, about))
    assert await junk_of(world) == len(wrong)
    for _ in range(MOST_WORDS + 2):
        await liar.tells(liar.next("publish", body, about))
    assert await junk_of(world) == len(wrong) + 2
    assert "may “Letter" not in world.told("b"), "the file is none of ours"
    assert "settled already" in await world.answer("b", f"!network accept {numbers['b']}")


async def test_who_changed_their_mind_too_often_can_still_take_it_back(world: Between) -> None:
    numbers = await decided(world)
    await both_publish(world, numbers)
    word = next(one for one in world.wire if one["kind"] == "publish")
    liar = Liar.of(world)
    for _ in range(MOST_WORDS):
        await liar.tells(liar.next("publish", word["body"], word["id"]))
    assert await is_public(world, "b", numbers["b"])
    said = await liar.tells(liar.next("publish", word["body"] | {"answer": "no"}, word["id"]))
    assert "so it is public nowhere" in said
    assert not await is_public(world, "b", numbers["b"])
    again = await liar.tells(liar.next("publish", word["body"] | {"answer": "no"}, word["id"]))
    assert "public nowhere" not in again, "told once"


async def test_a_yes_to_another_file_is_none_to_ours(world: Between) -> None:
    numbers = await decided(world)
    await both_publish(world, numbers)
    assert await is_public(world, "b", numbers["b"])
    word = next(one for one in world.wire if one["kind"] == "publish")
    liar = Liar.of(world)
    await liar.tells(liar.next("publish", word["body"] | {"file": "e" * 64}, word["id"]))
    assert not await is_public(world, "b", numbers["b"])
    assert "waits for the yes of: Red A." in await world.answer("b", f"!publish {numbers['b']}")
    await world.of("b").wait(timedelta(days=8))
    await world.flow()
    assert "has other words of it than we" in world.told("b")


async def test_another_result_takes_it_out(world: Between) -> None:
    numbers = await decided(world)
    await both_publish(world, numbers)
    word = next(one for one in world.wire if one["kind"] == "publish")
    async with world.of("b").machine.db.transaction() as tx:
        await tx.run("UPDATE joint_decisions_decision SET told = ?", "e" * 64)
    liar = Liar.of(world)
    said = await liar.tells(liar.next("publish", word["body"], word["id"]))
    assert "is public no more" in said
    assert not await is_public(world, "b", numbers["b"])


async def junk_of(world: Between) -> int:
    """How much of what A said B could not take."""
    async with world.of("b").machine.db.transaction() as tx:
        return next(peer.junk for peer in await link_store.all_peers(tx) if peer.bot == A)
