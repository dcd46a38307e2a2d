"""Who can't take part in a decision, or is left out of it: they hear it, and so do the others."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.testing.fake_gateway import signer_of
from commands.joint_decisions.proof import verify
from commands.joint_decisions.terms import JointTerms, TermsNetwork, decode_bits
from tests.links.between import Between
from tests.links.liar import A, B, C, Liar, envelope_of, names, said_by
from tests.links.test_deciding import number_in
from tests.links.test_lies import terms_of
from tests.links.test_options import over

HOUR = timedelta(hours=1)
STRANGER = TermsNetwork(key="A" * 43, name="Red Z")
ACCEPT = r"network accept (\d+)"


async def proposed(world: Between) -> tuple[int, int, str]:
    """The vote of A, put to all who are linked with it; the decision; all that was said."""
    said = await world.answer("a", '!proposal "Letter for the water" until in 56 hours')
    poll = number_in(said, r"Proposal (\d+)")
    await world.says("a", f"!network propose {poll}")
    said = await world.answer("a", "yes")
    return poll, number_in(said, r"Joint decision (\d+)"), said


# --- who is not linked with all of them -----------------------------------------------------------


async def test_who_is_not_linked_with_all_says_so_and_everybody_learns_what_to_do(
    tmp_path: Path,
) -> None:
    """B and C are linked with A, and have not compared their codes."""
    world = await Between.start(tmp_path, "a", "b", "c")
    await world.link("a", "b")
    await world.add("a", "c")
    for name in "abc":
        world.told(name)
    poll, joint, said = await proposed(world)
    for name, other in (("b", "Red C"), ("c", "Red B")):
        told = world.told(name)
        assert f"“Letter for the water”, with networks that we are not linked with: {other}" in told
        assert "compare the codes with them, `!network`; then Red A can propose it anew" in told
        assert "accept" not in told
    for name, other in (("B", "Red C"), ("C", "Red B")):
        line = f"Red {name} can't take part in joint decision {joint}: it is not linked with"
        assert f"{line} {other}." in said
    assert said.count("you can propose it to all of them anew") == 2
    assert "No other network takes part" in said
    (number,) = await _joints(world, "b")
    assert "settled already" in await world.answer("b", f"!network accept {number}")
    async with world.of("b").machine.db.reading() as tx:
        assert not await tx.all(
            "SELECT number FROM item WHERE feature = 'joint_decisions' AND kind = 'joint' AND open"
        )
    assert "more time" in await world.answer("a", f"!extend {poll} until in 104 hours")
    await world.close()


async def _joints(world: Between, name: str) -> list[int]:
    async with world.of(name).machine.db.reading() as tx:
        return [row["item"] for row in await tx.all("SELECT item FROM joint_decisions_decision")]


async def test_the_answer_to_strangers_is_signed_and_names_them_by_their_place(
    world: Between,
) -> None:
    liar, terms = Liar.of(world), terms_of(world, STRANGER)
    await liar.tells(liar.next("propose", terms, terms["id"]))
    (no,) = [one for one in said_by(world, "b") if one["kind"] == "sign"]
    assert envelope_of(no).is_genuine()
    assert no["body"]["answer"] == "no"
    keys = [one["key"] for one in terms["networks"]]
    assert decode_bits(keys, no["body"]["unknown"]) == {STRANGER.key}
    opened = {"terms": no["body"]["terms"], "part": "7"}
    assert await liar.tells(liar.next("open", opened, terms["id"])) == ""


async def test_a_flood_of_strangers_is_told_ten_times_a_day_and_no_more(world: Between) -> None:
    liar, told = Liar.of(world), ""
    for name, _n in zip(names(), range(25), strict=False):
        terms = terms_of(world, STRANGER, id=name)
        told += await liar.tells(liar.next("propose", terms, name))
    assert told.count("that we are not linked with") == 10
    assert len([one for one in said_by(world, "b") if one["kind"] == "sign"]) == 10


async def test_who_says_it_knows_nobody_is_told_of_in_a_few_names(world: Between) -> None:
    """The bits name whom they like: beyond the terms they name nobody."""
    _poll, joint, _said = await proposed(world)
    proposal = next(one for one in world.wire if one["kind"] == "propose")
    terms = envelope_of(said_by(world, "b")[-1])
    signer = signer_of(world.of("b").gateway)
    body = {"terms": _hash(proposal), "answer": "no", "unknown": "f" * 1024}
    lie = terms.model_copy(
        update={
            "seq": terms.seq + 1,
            "prev": terms.hash,
            "kind": "sign",
            "id": proposal["id"],
            "body": body,
        }
    ).sign_with(signer)
    await world.hears(A, B, next(iter(world.inside)), lie.content())
    await world.flow()
    told = world.told("a")
    assert "can't take part" not in told, "it names only itself and us"
    assert f"No other network takes part in joint decision {joint}" in told


def _hash(proposal: dict[str, Any]) -> str:
    return envelope_of(proposal).parse_body(JointTerms).hash


# --- who is not asked ---------------------------------------------------------------------------


async def test_only_those_who_are_named_are_asked_and_the_others_hear_nothing(
    three: Between,
) -> None:
    """C is in the same link: its bot reads along, and its people are left in peace."""
    said = await three.answer("a", '!proposal "Letter for the water" until in 56 hours')
    poll = number_in(said, r"Proposal (\d+)")
    said = await three.answer("a", f"!network propose {poll} with Red B")
    assert "goes to Red B:" in said
    assert "Not asked, though in the same link, where their bots can read it: Red C." in said
    said = await three.answer("a", "yes")
    assert "asked Red B." in said
    told = three.told("b")
    assert "Red C" not in told
    await three.says("b", f"!network accept {number_in(told, ACCEPT)}")
    assert "is open: Red" in three.told("a")
    await three.says("a", f"!vote {poll} for", "bea")
    await over(three)
    assert "Red C" not in three.told("a")
    assert "“Letter for the water”: approved" in three.told("b")
    assert three.told("c") == ""
    assert await _joints(three, "c") == []
    async with three.of("c").machine.db.reading() as tx:
        assert {row["junk"] for row in await tx.all("SELECT junk FROM links_peer")} == {0}
    assert not [one for one in said_by(three, "c") if one["kind"] == "sign"]


# --- who said yes and is left out -----------------------------------------------------------------


async def test_who_said_yes_and_is_left_out_hears_it_and_the_others_read_it(
    three: Between, tmp_path: Path
) -> None:
    """C's yes is there for B; A opens without it, whether it never came or A would not have it."""
    poll, _joint, _said = await proposed(three)
    for name in "bc":
        number = number_in(three.told(name), ACCEPT)
        three.twist = _without("@minga:c", "sign", "@minga:a")
        await three.says(name, f"!network accept {number}")
    for talk in three.talks.values():
        await talk.wait(20 * HOUR)
    await three.flow()
    three.twist = lambda _by, _to, content: [content]
    assert "Not taking part: Red C" in three.told("a")
    told = three.told("c")
    assert "Red A opened joint decision" in told
    assert "without us, though we had said yes. Our votes are not in it." in told
    assert "Proposal" not in told, "no vote opens that nobody would count"
    loud = [post for post in three.of("c").gateway.posted.values() if "without us" in post.plain]
    assert loud[0].content["msgtype"] == "m.text", "it notifies"
    assert "without Red C, who had said yes" in three.told("b")
    await three.says("a", f"!vote {poll} for", "bea")
    for _n in range(40):
        for talk in three.talks.values():
            await talk.wait(HOUR)
        await three.flow()
    line = "Red C had said yes, and Red A opened it without them: their votes are not in it."
    assert line in three.told("b")
    await three.says("b", f"!export {(await _joints(three, 'b'))[0]}")
    (tmp_path / "proof.json").write_bytes([*three.of("b").gateway.files.values()][-1])
    found = verify(tmp_path / "proof.json", ())
    assert found is not None
    assert found[0], "it is as A wanted it, and says whom that left out"
    assert any("opened it without them" in line.msgid for line in found[1])


def _without(by: str, kind: str, to: str) -> Any:
    return lambda a, b, content: [] if (a, content["kind"], b) == (by, kind, to) else [content]


async def test_who_said_no_and_is_counted_in_is_not_called_silent_alone(three: Between) -> None:
    """A says that B takes part, which said no; C reads whose doing it is."""
    liar, key = Liar.of(three), signer_of(three.of("c").gateway).public
    terms = terms_of(three, TermsNetwork(key=key, name="Red C"))
    proposal = liar.next("propose", terms, terms["id"])
    for bot, act in ((B, "decline"), (C, "accept")):
        number = number_in(await liar.tells(proposal, bot), ACCEPT)
        await three.says(bot[-1], f"!network {act} {number}")
    yes = {"terms": proposal.parse_body(JointTerms).hash, "answer": "yes"}
    part = {"terms": yes["terms"], "part": "7"}
    for word in (liar.next("sign", yes, terms["id"]), liar.next("open", part, terms["id"])):
        for bot in (B, C):
            await liar.tells(word, bot)
    three.twist = lambda _by, _to, _content: []
    for _n in range(12):
        await three.of("c").wait(HOUR)
    await three.flow()
    told = three.told("c")
    assert "Red B: no answer in time" in told
    assert "Red A counted in Red B, without their yes: they owed no answer." in told


async def test_who_answers_after_it_was_opened_hears_that_it_is_too_late(world: Between) -> None:
    """A opens long before the time to answer is over, with itself and nobody."""
    liar, terms = Liar.of(world), terms_of(world)
    said = await liar.tells(liar.next("propose", terms, terms["id"]))
    number = number_in(said, ACCEPT)
    part = {"terms": _hash({**world.wire[-1], "body": terms, "kind": "propose"}), "part": "0"}
    await liar.tells(liar.next("open", part, terms["id"]))
    said = await world.answer("b", f"!network accept {number}")
    assert "Red A has opened it already, without us." in said


async def test_what_has_ended_makes_place_for_more(world: Between) -> None:
    """A network can have fifty decisions under way; those that are over are not."""
    await proposed(world)
    await world.says("b", f"!network accept {number_in(world.told('b'), ACCEPT)}")
    for _n in range(64):
        for talk in world.talks.values():
            await talk.wait(HOUR)
        await world.flow()
    for name in "ab":
        async with world.of(name).machine.db.reading() as tx:
            row = await tx.one("SELECT open FROM item WHERE kind = 'joint'")
        assert row is not None
        assert not row["open"], name
