"""A linked network that wants to know who somebody is, or to have them asked again and again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.testing.fake_gateway import signer_of
from bot.testing.talk import START_TIME
from commands.links.protocol.envelope import NetworkEnvelope
from commands.shares.contact import sealed_address
from commands.shares.contact.author_side import MOST_OF_NETWORK, MOST_REFUSALS, MOST_TO_PERSON
from commands.shares.contact.sealed_address import SEALED_SIZE, ContactBinding
from tests.links.between import Between
from tests.links.liar import A, B, C, Liar, room, said_by
from tests.links.offering import (
    alone,
    answer,
    asked,
    number_in,
    published,
    rows,
    shared,
    tells,
    told,
)

LOW_ORDER = "01" + "00" * 31


def public(world: Between, name: str) -> str:
    return signer_of(world.of(name).gateway).public


async def waiting(world: Between) -> tuple[dict[str, Any], ContactBinding, bytes]:
    """Somebody of B waits for A; what A, that lies, needs for an answer of its own."""
    _number, copy = await shared(world)
    await tells(world, "b", "bea", f"interested {copy}")
    world.twist = lambda _by, to, content: [] if to == A else [content]
    await tells(world, "b", "bea", "yes")
    told(world, "b")
    await alone(world, "b", "bea")
    world.twist = lambda _by, _to, content: [content]
    ask = said_by(world, "b")[-1]
    assert ask["kind"] == "ask"
    own, key = sealed_address.new_key()
    contact = ContactBinding(
        ask["link"],
        ask["id"],
        ask["body"]["thing"],
        ask["network"],
        ask["body"]["key"],
        public(world, "a"),
        key,
    )
    return ask, contact, own


def a_yes(
    ask: Mapping[str, Any], contact: ContactBinding, own: bytes, address: str
) -> dict[str, Any]:
    sealed = sealed_address.seal_address(own, contact.asker_key, contact, contact.author, address)
    return {"to": ask["network"], "key": contact.author_key, "sealed": sealed}


async def hears(liar: Liar, one: NetworkEnvelope) -> str:
    """B hears it; what its room is told. What people are told alone stays to be read."""
    told(liar.world, "b")
    await liar.world.hears(B, A, room(liar.world), one.content())
    await liar.world.flow()
    return told(liar.world, "b")


async def test_an_honest_yes_made_by_hand_is_heard(world: Between) -> None:
    """Else nothing below would show anything."""
    ask, contact, own = await waiting(world)
    liar = Liar.of(world)
    await hears(liar, liar.next("answer", a_yes(ask, contact, own, "@carla:a"), ask["id"]))
    assert "(@carla:a), of Red A" in await alone(world, "b", "bea")


async def test_answers_that_are_none_leave_the_question_open(world: Between) -> None:
    ask, contact, own = await waiting(world)
    liar = Liar.of(world)
    good = a_yes(ask, contact, own, "@carla:a")
    moved = replace(contact, id="e" * 32)
    mine = sealed_address.seal_address(own, contact.asker_key, contact, contact.asker, "@carla:a")
    for wrong in (
        {"key": LOW_ORDER},
        {"key": "zz" * 32},
        {"key": good["key"][:-2]},
        {"sealed": "00" * SEALED_SIZE},
        {"sealed": good["sealed"] + "00"},
        {"sealed": a_yes(ask, moved, own, "@carla:a")["sealed"]},
        {"sealed": mine},
        {"key": sealed_address.new_key()[1]},
        {"to": 7},
        {"more": "x"},
        *(a_yes(ask, contact, own, a) for a in ("carla", "@carla:a b", "@‮:a", "@" + "x" * 254)),
    ):
        said = await hears(liar, liar.next("answer", good | wrong, ask["id"]))
        assert said == "", wrong
        assert await alone(world, "b", "bea") == "", wrong
    assert [one["said"] for one in await rows(world, "b")] == [""]
    await hears(liar, liar.next("answer", good, ask["id"]))
    assert "@carla:a" in await alone(world, "b", "bea")
    await hears(liar, liar.next("answer", good, ask["id"]))
    await hears(liar, liar.next("answer", a_yes(ask, contact, own, ""), ask["id"]))
    assert await alone(world, "b", "bea") == "", "once"


async def test_an_answer_to_what_nobody_asked_or_to_another_network_is_nothing(
    world: Between,
) -> None:
    ask, contact, own = await waiting(world)
    liar = Liar.of(world)
    good = a_yes(ask, contact, own, "@carla:a")
    await hears(liar, liar.next("answer", good, "f" * 32))
    await hears(liar, liar.next("answer", good | {"to": public(world, "a")}, ask["id"]))
    await hears(liar, liar.next("contact", {"to": ask["network"]}, ask["id"]))
    assert await alone(world, "b", "bea") == ""
    assert [one["said"] for one in await rows(world, "b")] == [""]


async def test_only_the_network_that_shared_it_answers_and_no_other_can_read_it(
    three: Between,
) -> None:
    number = await published(three)
    await three.says("a", f"!network share {number}", "carla")
    await three.says("a", "yes", "carla")
    incoming = number_in(told(three, "b"), r"accept (\d+)")
    copy = number_in(await answer(three, "b", f"!network accept {incoming}"), r"as (\d+)")
    question = await asked(three, copy)
    assert "Somebody of Red B" in question
    ask = next(one for one in three.wire if one["kind"] == "ask")
    own, key = sealed_address.new_key()
    contact = ContactBinding(
        ask["link"],
        ask["id"],
        ask["body"]["thing"],
        ask["network"],
        ask["body"]["key"],
        public(three, "c"),
        key,
    )
    forged = a_yes(ask, contact, own, "@mallory:c")
    await from_c(three, "answer", forged, ask["id"])
    assert await alone(three, "b", "bea") == "", "it was not asked"
    await tells(three, "a", "carla", "yes")
    assert "(@carla:test), of Red A" in await alone(three, "b", "bea")
    reply = next(
        one
        for one in three.wire
        if one["kind"] == "answer"
        and one["id"] == ask["id"]
        and one["network"] == public(three, "a")
    )
    true = replace(contact, author=public(three, "a"), author_key=reply["body"]["key"])
    with pytest.raises(sealed_address.UnsealError):
        sealed_address.unseal_address(
            own, ask["body"]["key"], true, true.author, reply["body"]["sealed"]
        )
    for name in ("a", "b", "c"):
        kept = await messages(three, name)
        assert "carla:" not in kept
        assert "bea:" not in kept
    assert await rows(three, "c") == []


async def from_c(world: Between, kind: str, body: dict[str, Any], name: str) -> None:
    """What network C's bot could say next, if somebody made it."""
    last = said_by(world, "c")[-1]
    before = NetworkEnvelope.model_validate(
        {k: last[k] for k in NetworkEnvelope.model_fields if k in last}
    )
    one = before.model_copy(
        update={"seq": before.seq + 1, "prev": before.hash, "kind": kind, "id": name, "body": body}
    )
    signed = one.sign_with(signer_of(world.of("c").gateway))
    await world.hears(B, C, room(world), signed.content())
    await world.flow()


async def messages(world: Between, name: str) -> str:
    """All that a network keeps of what was said in the link."""
    async with world.of(name).machine.db.reading() as tx:
        return json.dumps([row["content"] for row in await tx.all("SELECT * FROM links_message")])


# --- asking again and again -----------------------------------------------------------------------


class Asker:
    """Network A, that lies, asks for whoever of B wrote something."""

    def __init__(self, world: Between, thing: str) -> None:
        self.world, self.liar, self.thing, self.count = world, Liar.of(world), thing, 0

    async def asks(self, name: str = "", **more: Any) -> str:
        """What the author is told, and their room."""
        self.count += 1
        body = {
            "to": public(self.world, "b"),
            "thing": self.thing,
            "key": sealed_address.new_key()[1],
            "note": "",
        } | more
        one = self.liar.next("ask", body, name or f"{self.count:032x}")
        said = await hears(self.liar, one)
        return said + await alone(self.world, "b", "bea")


@pytest.fixture
async def asker(world: Between) -> Asker:
    number = await published(world, who="bea", name="b")
    await world.says("b", f"!network share {number}", "bea")
    await world.says("b", "yes", "bea")
    told(world, "b")
    thing = next(one for one in world.wire if one["kind"] == "share")
    return Asker(world, thing["id"])


async def no(asker: Asker) -> str:
    return await tells(asker.world, "b", "bea", "no")


async def test_an_ask_made_by_hand_is_heard(asker: Asker) -> None:
    assert "Somebody of Red A is interested" in await asker.asks(note="hola")


async def test_after_no_the_same_is_not_asked_again_and_after_a_few_nothing_is(
    asker: Asker,
) -> None:
    for n in range(MOST_REFUSALS):
        assert "Somebody of Red A" in await asker.asks(f"{n:032x}")
        await no(asker)
        assert await asker.asks(f"{n:032x}") == "", "the same one"
    own, key = sealed_address.new_key()
    assert await asker.asks("a" * 32, key=key) == ""
    before = len(said_by(asker.world, "b"))
    await asker.world.of("b").wait(timedelta(hours=13))
    await asker.world.flow()
    (reply,) = said_by(asker.world, "b")[before:]
    contact = ContactBinding(
        reply["link"],
        "a" * 32,
        asker.thing,
        public(asker.world, "a"),
        key,
        reply["network"],
        reply["body"]["key"],
    )
    sealed = reply["body"]["sealed"]
    assert (
        sealed_address.unseal_address(own, contact.author_key, contact, contact.author, sealed)
        == ""
    ), "a no"


async def test_nobody_is_asked_more_than_a_few_times_a_day(asker: Asker) -> None:
    for _ in range(3 * MOST_TO_PERSON):
        await asker.asks()
    kept = await rows(asker.world, "b")
    assert sum(one["person"] == "@bea:test" for one in kept) == MOST_TO_PERSON
    assert sum(one["said"] == "no" for one in kept) == 2 * MOST_TO_PERSON
    for _ in range(MOST_OF_NETWORK):
        await asker.asks()
    assert len(await rows(asker.world, "b")) == MOST_OF_NETWORK, "the rest is not heard"


async def test_what_is_no_ask_asks_nobody(asker: Asker) -> None:
    for wrong in (
        {"thing": "e" * 32},
        {"thing": "x"},
        {"key": "x"},
        {"note": "x" * 301},
        {"to": "x"},
        {"note": 7},
        {"more": "x"},
    ):
        assert await asker.asks(**wrong) == "", wrong
    assert await rows(asker.world, "b") == []


async def test_a_key_that_all_know_gets_no_address(asker: Asker) -> None:
    assert "Somebody of Red A" in await asker.asks(key=LOW_ORDER)
    said = await tells(asker.world, "b", "bea", "yes")
    assert "a key that I can't use" in said
    assert "answer" not in [one["kind"] for one in said_by(asker.world, "b")]


async def test_whoever_says_yes_gets_no_wrong_address(asker: Asker) -> None:
    own, key = sealed_address.new_key()
    await asker.asks("a" * 32, key=key)
    await tells(asker.world, "b", "bea", "yes")
    reply = said_by(asker.world, "b")[-1]
    contact = ContactBinding(
        reply["link"],
        "a" * 32,
        asker.thing,
        public(asker.world, "a"),
        key,
        reply["network"],
        reply["body"]["key"],
    )
    opened = sealed_address.unseal_address(
        own, contact.author_key, contact, contact.author, reply["body"]["sealed"]
    )
    assert opened == "@bea:test", "who was said yes to reads it"
    liar, to = asker.liar, {"to": reply["network"]}
    good = sealed_address.seal_address(
        own, contact.author_key, contact, contact.asker, "@mallory:a"
    )
    for wrong in (reply["body"]["sealed"], "00" * SEALED_SIZE, "x", good + "00"):
        await hears(liar, liar.next("contact", to | {"sealed": wrong}, "a" * 32))
        assert await alone(asker.world, "b", "bea") == ""
    await hears(liar, liar.next("contact", to | {"sealed": good}, "b" * 32))
    assert await alone(asker.world, "b", "bea") == "", "of another"
    await hears(liar, liar.next("contact", to | {"sealed": good}, "a" * 32))
    assert "(@mallory:a), of Red A" in await alone(asker.world, "b", "bea")
    await hears(liar, liar.next("contact", to | {"sealed": good}, "a" * 32))
    assert await alone(asker.world, "b", "bea") == "", "once"


async def test_an_address_that_never_comes_is_not_waited_for_for_ever(asker: Asker) -> None:
    await asker.asks("a" * 32)
    await tells(asker.world, "b", "bea", "yes")
    await asker.world.of("b").wait(timedelta(days=7, minutes=1))
    await asker.world.flow()
    assert [(one["said"], one["secret"]) for one in await rows(asker.world, "b")] == [
        ("gone", None)
    ]


async def test_a_thing_that_was_taken_back_is_asked_about_in_vain(asker: Asker) -> None:
    number = number_in(await answer(asker.world, "b", "!offers", "bea"), r"(\d+): “kombi")
    await answer(asker.world, "b", f"!network withdraw {number}", "bea")
    assert await asker.asks() == ""
    assert await rows(asker.world, "b") == []


def iso(days: int) -> str:
    """So many days after the beginning, as offers carry it."""
    return f"{START_TIME.at + timedelta(days=days):%Y-%m-%d}T05:00Z"


async def test_offers_that_are_none_are_not_taken_in(world: Between) -> None:
    liar = Liar.of(world)
    good = {"text": "kombi los sábados", "kind": "", "place": "", "until": iso(25)}
    for wrong in (
        {"text": ""},
        {"text": "…"},
        {"text": "x" * 301},
        {"kind": "person"},
        {"place": "x" * 81},
        {"until": ""},
        {"until": iso(-24)},
        {"until": iso(1437)},
        {"until": "9" * 40},
        {"text": " ".join(f"#t{n}" for n in range(9)) + " kombi"},
    ):
        body = {"what": "offer", "version": 1, "content": good | wrong}
        assert await hears(liar, liar.next("share", body, "c" * 32)) == "", wrong
    body = {"what": "offer", "version": 1, "content": good}
    assert "kombi los sábados" in await hears(liar, liar.next("share", body, "c" * 32))


async def test_a_trusted_network_crowds_nothing_of_ours_out(world: Between) -> None:
    await world.says("b", "!red confiar Red A ofertas")
    await world.says("b", "yes")
    await published(world, "!offer camioneta", "ana", "b")
    liar = Liar.of(world)
    for n in range(12):
        text = f"kombi camioneta carro camión los sábados para mover sillas {n}"
        content = {"text": text, "kind": "", "place": "", "until": iso(25)}
        body = {"what": "offer", "version": 1, "content": content}
        await hears(liar, liar.next("share", body, f"{n:032x}"))
    await world.says("b", "!need camioneta para mover sillas el sábado", "bea")
    await world.says("b", "yes", "bea")
    first = await alone(world, "b", "bea")
    assert "“camioneta”" in first, "what is of ours comes first"
    assert "kombi" not in first
