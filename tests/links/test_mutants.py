"""Eight bots with a valid key that lie in a link: each is named by who sees it, or refused.

Each is tried once more with the one check taken out that finds it: then it passes. So every check
is needed, and every mutant tries just the one.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.api import Number, UserId
from bot.testing.fake_gateway import signer_of
from commands.joint_decisions import statement, store
from commands.joint_decisions.statement import Board
from commands.joint_decisions.terms import NetworkResult, seal_result
from commands.links.protocol import chain, inbound
from commands.links.protocol.chain import ChainHead, ChainPosition
from commands.links.protocol.envelope import NetworkEnvelope
from storage.database import Tx
from tests.links.between import Between, Twist
from tests.links.liar import A, B, C, Liar, a_thing, envelope_of, room

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Lie = Callable[[Between], Awaitable[str]]
"""What B is told."""
Change = Callable[[str, dict[str, Any]], None]
FORKED = "The link with Red A stopped: it told some one thing and others another."
ALTERED = "Red A: opened another result than it had sealed, so it is refused"


# --- what it says in the link ---------------------------------------------------------------------


async def two_things_in_one_place(world: Between) -> str:
    one, other = Liar.of(world), Liar.of(world)
    await one.tells(one.next("share", a_thing(1)))
    return await other.tells(other.next("share", a_thing(2)))


async def this_to_one_and_that_to_another(world: Between) -> str:
    """B and C find out within a day, from what each says of the ends of all chains."""
    one, other = Liar.of(world), Liar.of(world)
    await one.tells(one.next("share", a_thing(1)), B)
    await other.tells(other.next("share", a_thing(2)), C)
    for name in ("b", "c"):
        await world.of(name).wait(DAY + timedelta(minutes=1))
    await world.flow()
    told = {name: world.told(name) for name in ("b", "c")}
    return told["b"] if FORKED in told["c"] else ""


async def another_past(world: Between) -> str:
    liar = Liar.of(world)
    liar.prev = "1" * 64
    return await liar.tells(liar.next("share", a_thing(1)))


async def another_past_as_if_restored(world: Between) -> str:
    """A beginning from a backup names nothing before it, and stands far behind the end."""
    liar = Liar.of(world)
    await liar.tells(liar.next("share", a_thing(1)))
    return await liar.tells(liar.next("again", {"after": 1}, prev="1" * 64, seq=liar.seq + 1))


# --- what it says in a decision -------------------------------------------------------------------


async def decided(world: Between, twist: Twist) -> str:
    """What B is told of a decision with A, whose words go out as `twist` has them."""
    said = await world.answer("a", '!proposal "Letter for the water" until in 23 hours')
    poll = re.search(r"Proposal (\d+)", said)
    assert poll
    await world.says("a", f"!network propose {poll[1]}")
    await world.says("a", "yes")
    there = re.search(r"network accept (\d+)", world.told("b"))
    assert there
    await world.says("b", f"!network accept {there[1]}")
    world.twist = twist
    await passes(world, HOUR * 24, *[HOUR * 2] * 6)
    return world.told("b")


def saying(world: Between, change: Change) -> Twist:
    """A changes what it says, and signs that: a chain like any other."""
    signer, end = signer_of(world.of("a").gateway), ""

    def twist(by: UserId, _to: UserId, content: dict[str, Any]) -> list[dict[str, Any]]:
        nonlocal end
        if by != A:
            return [content]
        one = envelope_of(json.loads(json.dumps(content)))
        change(one.kind, one.body)
        one = one.model_copy(update={"prev": end or one.prev}).sign_with(signer)
        end = one.hash
        return [one.content()]

    return twist


async def passes(world: Between, *spans: timedelta) -> None:
    for span in spans:
        for talk in world.talks.values():
            await talk.wait(span)
        await world.flow()


async def opens_another_total_than_it_sealed(world: Between) -> str:
    def change(kind: str, body: dict[str, Any]) -> None:
        if kind == "reveal":
            body["result"]["counts"]["for"] += 1
            body["result"]["turnout"] += 1

    return await decided(world, saying(world, change))


async def seals_more_votes_than_people(world: Between) -> str:
    result: NetworkResult | None = None
    key = signer_of(world.of("a").gateway).public

    def change(kind: str, body: dict[str, Any]) -> None:
        nonlocal result
        if kind == "commit":
            counts = {"for": 900, "against": 0, "abstain": 0}
            result = NetworkResult(
                terms=body["terms"],
                network=key,
                roll=3,
                weight=3,
                turnout=3,
                counts=counts,
                outcome="for",
            )
            body["sealed"] = seal_result(result, "0" * 32)
        elif kind == "reveal" and result:
            body |= {"result": result.model_dump(), "nonce": "0" * 32}

    return await decided(world, saying(world, change))


async def opens_late(world: Between) -> str:
    """When it knows what the others had; all that it says hangs together."""
    held: list[dict[str, Any]] = []

    def slow(by: UserId, _to: UserId, content: dict[str, Any]) -> list[dict[str, Any]]:
        if by != A or content["kind"] not in ("reveal", "seen", "final"):
            return [content]
        held.append(content)
        return []

    told = await decided(world, slow)
    world.twist = lambda _by, _to, content: [content]
    for one in held:
        await world.hears(B, A, room(world), one)
    await passes(world, timedelta(minutes=2))
    return told + world.told("b")


async def signs_another_statement(world: Between) -> str:
    def change(kind: str, body: dict[str, Any]) -> None:
        if kind == "final":
            body["statement"] = "0" * 64

    return await decided(world, saying(world, change))


# --- the eight, and the check that finds each -----------------------------------------------------


class Same(str):
    """Equal to everything."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __ne__(self, _other: object) -> bool:
        return False


def any_twin(patch: pytest.MonkeyPatch) -> None:
    real = chain.chain_position
    patch.setattr(chain, "chain_position", lambda head, _held, one: real(head, None, one))


def no_comparing(patch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: object) -> None:
        return None

    patch.setitem(inbound.HANDLERS, "here", nothing)


def any_past(patch: pytest.MonkeyPatch) -> None:
    def place(head: ChainHead, held: str | None, one: NetworkEnvelope) -> ChainPosition:
        follows = one.seq == head.seq + 1
        return real(ChainHead(head.seq, one.prev) if follows else head, held, one)

    real = chain.chain_position
    patch.setattr(chain, "chain_position", place)


def any_backup(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(chain, "is_restart", lambda _head, one: one.kind == "again")


def any_seal(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(statement, "seal_result", lambda *_: Same())


def any_numbers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(NetworkResult, "is_possible", lambda *_: True)


def any_time(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        Board, "attested_in_time", lambda board: (set(board.participants), set(board.participants))
    )


def no_comparing_of_ends(patch: pytest.MonkeyPatch) -> None:
    async def said(tx: Tx, item: Number, kind: str) -> Any:
        return {} if kind == "final" else await real(tx, item, kind)

    real = store.words_of_kind
    patch.setattr(store, "words_of_kind", said)


MUTANTS: tuple[tuple[Lie, str, Callable[[pytest.MonkeyPatch], None], str], ...] = (
    (two_things_in_one_place, FORKED, any_twin, ""),
    (this_to_one_and_that_to_another, FORKED, no_comparing, ""),
    (another_past, FORKED, any_past, "Feria 1"),
    (another_past_as_if_restored, FORKED, any_backup, "Red A goes on from a backup"),
    (opens_another_total_than_it_sealed, ALTERED, any_seal, "Red A: for: 1, against: 0"),
    (seals_more_votes_than_people, ALTERED, any_numbers, "Red A: for: 900, against: 0"),
    (
        opens_late,
        "Red A: opened its result too late, so it is refused",
        any_time,
        "Red A: for: 0, against: 0",
    ),
    (
        signs_another_statement,
        "Red A worked out another result from the same words.",
        no_comparing_of_ends,
        "Red A: for: 0, against: 0",
    ),
)
"""Who lies, how it is named, the check that finds it, and what is told instead without that."""


@pytest.fixture(params=MUTANTS, ids=lambda one: one[0].__name__)
async def mutant(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Any]:
    """One of them, and who is there."""
    names = "abc" if request.param[0] is this_to_one_and_that_to_another else "ab"
    world = await Between.start(tmp_path, *names)
    await world.link("a", "b")
    if "c" in names:
        await world.add("a", "c", "b")
    for name in names:
        world.told(name)
    yield (world, *request.param)
    await world.close()


async def test_it_is_named_or_refused(mutant: Any) -> None:
    world, lie, named, *_more = mutant
    assert named in await lie(world)


async def test_without_its_check_it_passes(mutant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world, lie, named, check, passed = mutant
    check(monkeypatch)
    told = await lie(world)
    assert named not in told
    assert passed in told


def test_there_are_eight() -> None:
    assert len({lie for lie, *_more in MUTANTS}) == 8
