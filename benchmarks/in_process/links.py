"""What a joint decision of 10 to 360 networks costs.

Run by `python -m benchmarks.in_process.links`.
Two networks of each link are whole bots on a fake gateway; the others are their keys alone, that
say what an honest bot says, or in a tenth of all nothing. Both bots hear every message of all, in
an order of their own, so what one of them spends is what any of them would.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import structlog
from pydantic import BaseModel

from bot.api import EventId, LinkMessage, Number, RoomId, Signer, UserId, certifying_key, items
from bot.run.app import features
from bot.testing.fake_gateway import signer_of
from bot.testing.talk import ROOM, Talk
from commands.joint_decisions.terms import (
    Commitment,
    Final,
    JointTerms,
    NetworkResult,
    Opening,
    Reveal,
    SeenReveals,
    TermsAnswer,
    decode_bits,
    encode_bits,
    seal_result,
)
from commands.links import store
from commands.links.declaration import LINK_TYPE
from commands.links.protocol.envelope import FIRST, NetworkEnvelope
from commands.links.store import PeerState

SIZES = (10, 60, 180, 360)
FEW, MANY = 10, 100_000
"""Members in all networks together."""
SILENT = 10
"""One in so many never answers."""
LINK, NONCE = "a" * 32, "c" * 32
PLACE = RoomId("!link:test")
GOAL_SECONDS = 60
"""So long one bot may take for all messages of a decision of 360 networks."""
GOAL_MEMBERS = 1.5
"""With many members it takes at most so many times as long as with few."""


@dataclass(slots=True)
class Key:
    """A network of which only its key is there."""

    bot: UserId
    signer: Signer
    seq: int = 0
    prev: str = FIRST

    def says(self, kind: str, about: str, body: BaseModel) -> NetworkEnvelope:
        self.seq += 1
        one = NetworkEnvelope(
            link=LINK,
            network=self.signer.public,
            seq=self.seq,
            prev=self.prev,
            kind=kind,
            id=about,
            body=body.model_dump(),
        ).sign_with(self.signer)
        self.prev = one.hash
        return one


@dataclass(slots=True)
class World:
    talks: list[Talk]
    keys: list[Key]
    spent: list[float]
    """Seconds of each bot, of processor: others may use the machine."""
    wire: list[NetworkEnvelope] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(8))  # noqa: S311

    @property
    def loud(self) -> list[Key]:
        return [one for place, one in enumerate(self.keys) if place % SILENT]

    async def carry(self, fresh: Sequence[tuple[UserId, NetworkEnvelope]]) -> None:
        """These reach both bots, then what the bots say to it reaches the other one."""
        while fresh:
            self.wire += [one for _bot, one in fresh]
            for place, talk in enumerate(self.talks):
                order = [(bot, one) for bot, one in fresh if bot != talk.gateway.me]
                self.chance.shuffle(order)
                began = time.process_time()
                for bot, one in order:
                    await bot_hears(talk, bot, one)
                self.spent[place] += time.process_time() - began
            fresh = await self._said()

    async def _said(self) -> list[tuple[UserId, NetworkEnvelope]]:
        found = []
        for place, talk in enumerate(self.talks):
            began = time.process_time()
            await talk.wait(timedelta(0))  # what is due at once
            posts = await talk.sent()
            self.spent[place] += time.process_time() - began
            self.heard += [post.plain for post in posts if post.room == ROOM]
            for post in posts:
                if post.kind == LINK_TYPE:
                    known = {
                        k: v for k, v in post.content.items() if k in NetworkEnvelope.model_fields
                    }
                    found.append((talk.gateway.me, NetworkEnvelope.model_validate(known)))
        return found

    async def later(self, how_long: timedelta) -> None:
        for place, talk in enumerate(self.talks):
            began = time.process_time()
            await talk.wait(how_long)
            self.spent[place] += time.process_time() - began
        await self.carry(await self._said())

    async def does(self, place: int, *lines: str) -> str:
        self.heard.clear()
        for line in lines:
            await self.talks[place].says("ana", line)
            await self.carry(await self._said())
        return "\n".join(self.heard)


async def bot_hears(talk: Talk, bot: UserId, one: NetworkEnvelope) -> None:
    """One message of a network arrives at a bot."""
    event = EventId(f"$link{one.hash[:20]}")
    await talk.happens(LinkMessage(PLACE, event, bot, talk.clock.at, LINK_TYPE, one.content()))


async def prepared(folder: Path, size: int, members: int) -> World:
    talks = []
    for name in "ab":
        bot, path = UserId(f"@minga:{name}"), folder / f"{name}-{size}-{members}.db"
        talk = await Talk.start(
            path, features(), bot=bot, network=f"Red {name.upper()}", language="en"
        )
        people = [f"m{n}" for n in range(members // size)]
        await talk.room(ROOM, "Sala", ["ana", "bea", "carla", *people], {"ana": 50})
        talks.append(talk)
    keys = []
    for n in range(size - len(talks)):
        bot = UserId(f"@minga:k{n}")
        keys.append(Key(bot, Signer.from_seed(bot, n.to_bytes(32, "big"), lambda named: named)))
    known = [
        (t.gateway.me, signer_of(t.gateway), f"Red {x}") for t, x in zip(talks, "AB", strict=True)
    ]
    known += [(one.bot, one.signer, f"Red {n}") for n, one in enumerate(keys)]
    for talk in talks:
        await _linked(talk, known)
    return World(talks, keys, [0.0] * len(talks))


async def _linked(talk: Talk, known: Sequence[tuple[UserId, Signer, str]]) -> None:
    """All are linked with this one, as if their people had compared the codes."""
    me = talk.gateway.me
    await talk.room(PLACE, "", [bot for bot, _, _ in known if bot != me], kind=LINK_TYPE)
    async with talk.machine.db.transaction() as tx:
        number = await items.add(tx, "links", "link", ROOM, me, "link", talk.clock.at)
        await store.add_link(tx, number, LINK, PLACE)
        for bot, signer, name in known:
            if bot != me:
                peer = await store.add_peer(tx, number, bot, PeerState.ASKED, LINK)
                master = certifying_key(signer.certificate, signer.public) or ""
                known_by = {"key": signer.public, "master": master, "compared": 1}
                await store.change_peer(tx, peer, name=name, state=PeerState.LINKED, **known_by)


def _number(text: str, pattern: str) -> Number:
    found = re.search(pattern, text)
    assert found, text
    return Number(int(found[1]))


def _result(terms: JointTerms, key: str, roll: int) -> NetworkResult:
    return NetworkResult(
        terms=terms.hash,
        network=key,
        roll=roll,
        weight=roll,
        turnout=3,
        counts={"for": 2, "against": 1, "abstain": 0},
        outcome="for",
    )


async def decided(world: World, members: int) -> JointTerms:
    """From the proposal to the statement; the keys say what an honest bot would."""
    size = len(world.talks) + len(world.keys)
    said = await world.does(0, '!proposal "Letter for the water" until Friday 18h')
    poll = _number(said, r"Proposal (\d+)")
    said = await world.does(0, f"!network propose {poll}", "yes")
    there = _number(said, r"network accept (\d+)")
    terms = JointTerms.model_validate_json(
        json.dumps(next(one for one in world.wire if one.kind == "propose").body)
    )
    about = terms.id
    await world.does(1, f"!network accept {there}")
    yes = TermsAnswer(terms=terms.hash, answer="yes")
    await world.carry([(k.bot, k.says("sign", about, yes)) for k in world.keys])
    opened = next(one for one in world.wire if one.kind == "open").parse_body(Opening)
    assert len(decode_bits(terms.keys, opened.part)) == size
    for place, talk in enumerate(world.talks):
        number = poll if place == 0 else poll_of(world, place)
        await talk.says("bea", f"!vote {number} for")
    await world.later(_until(terms.closes, world))
    results = {
        k.signer.public: _result(terms, k.signer.public, max(3, members // size))
        for k in world.loud
    }
    await world.carry(
        [
            (
                k.bot,
                k.says(
                    "commit",
                    about,
                    Commitment(
                        terms=terms.hash, sealed=seal_result(results[k.signer.public], NONCE)
                    ),
                ),
            )
            for k in world.loud
        ]
    )
    await world.later(_until(terms.commit_by, world))
    had = encode_bits(terms.keys, {one.network for one in world.wire if one.kind == "commit"})
    await world.carry(
        [
            (
                k.bot,
                k.says(
                    "reveal",
                    about,
                    Reveal(result=results[k.signer.public], nonce=NONCE, commits=had),
                ),
            )
            for k in world.loud
        ]
    )
    had = encode_bits(terms.keys, {one.network for one in world.wire if one.kind == "reveal"})
    seen = SeenReveals(terms=terms.hash, reveals=had)
    await world.carry([(k.bot, k.says("seen", about, seen)) for k in world.loud])
    return terms


def poll_of(world: World, place: int) -> Number:
    """The vote's number, as it was opened there."""
    posts = world.talks[place].gateway.posted.values()
    every = [post.plain for post in posts if post.room == ROOM]
    return _number("\n".join(every), r"Proposal (\d+)")


def _until(at: int, world: World) -> timedelta:
    return timedelta(seconds=at + 1 - world.talks[0].clock.at.timestamp())


async def run(folder: Path, size: int, members: int) -> tuple[int, float]:
    """Messages of all, and the seconds of the slower bot; the statement is the same in both."""
    world = await prepared(folder, size, members)
    terms = await decided(world, members)
    finals = [one.parse_body(Final) for one in world.wire if one.kind == "final"]
    assert len(finals) == len(world.talks), finals
    assert len({one.statement for one in finals}) == 1, "the same bytes"
    last = max((text for text in world.heard if "Joint decision" in text), key=len)
    assert last.count("no answer in time") == len(world.keys) - len(world.loud), last
    finished = [(k.bot, k.says("final", terms.id, finals[0])) for k in world.loud]
    await world.carry(finished)
    await world.later(_until(terms.over_by, world))
    for talk in world.talks:
        await talk.close()
    return len(world.wire), max(world.spent)


async def measured(folder: Path) -> list[str]:
    """Prints the curve; what is beyond its goal."""
    beyond = []
    seconds = 0.0
    for size in SIZES:
        messages, seconds = await run(folder, size, MANY)
        click.echo(
            f"{size} networks: {messages} messages ({messages / size:.1f} for each network),"
            f" {seconds:.2f} s for one bot ({1000 * seconds / messages:.1f} ms a message)"
        )
    if seconds > GOAL_SECONDS:
        beyond.append(f"{seconds:.0f} s; the goal is {GOAL_SECONDS}")
    _messages, with_few = await run(folder, SIZES[-1], FEW)
    times = seconds / with_few
    click.echo(
        f"{SIZES[-1]} networks: {seconds:.2f} s with {MANY} members, {with_few:.2f} s with {FEW}:"
        f" {times:.2f} times"
    )
    if times > GOAL_MEMBERS:
        beyond.append(f"{times:.2f} times with many members; the goal is {GOAL_MEMBERS}")
    return beyond


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with TemporaryDirectory() as folder:
        beyond = asyncio.run(measured(Path(folder)))
    click.echo("\n".join(beyond) or "within the goals")
    sys.exit(bool(beyond))


if __name__ == "__main__":
    main()
