"""How often the database is asked for one message: what is read for every message costs most.

The numbers are limits. A change that needs more says in its commit why, and raises them here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Membership, MembershipChanged, RoomId
from storage import sync
from storage.connection import Connection

STATEMENTS = ("execute", "fetch", "execute_many", "commit", "roll_back")
MARKS = (*STATEMENTS, "begin", "call_in_thread")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Count what is asked of the connection, by its method."""
    counts = dict.fromkeys(MARKS, 0)

    def counted(name: str) -> Callable[..., Awaitable[Any]]:
        method = getattr(Connection, name)

        async def ask(connection: Connection, *args: Any) -> Any:
            counts[name] += 1
            return await method(connection, *args)

        return ask

    for name in MARKS:
        monkeypatch.setattr(Connection, name, counted(name))
    return counts


def ask_for(counts: dict[str, int]) -> tuple[int, int]:
    """Return how many statements were run, and how many hops to the thread they took."""
    statements = sum(counts[name] for name in STATEMENTS)
    hops = counts["call_in_thread"]
    counts.update(dict.fromkeys(MARKS, 0))
    return statements, hops


async def test_talk_is_looked_at_without_a_transaction(talk: Talk, asked: dict[str, int]) -> None:
    await talk.says("bea", "hola a todas")
    ask_for(asked)
    await talk.says("bea", "¿alguien tiene una escalera?", unread=True)
    assert ask_for(asked) == (3, 0)


async def test_a_command_and_its_answer(talk: Talk, asked: dict[str, int]) -> None:
    await talk.says("bea", "!pendientes")
    ask_for(asked)
    await talk.says("bea", "!pendientes")
    statements, hops = ask_for(asked)
    assert statements <= 15
    assert hops == 1, "its commit"
    assert len(await talk.said()) == 2
    ask_for(asked)
    await talk.says("bea", "!pendientes")
    ask_for(asked)
    await talk.said()
    statements, hops = ask_for(asked)
    assert statements <= 11
    assert hops == 1, "the commit of what was sent"


async def test_what_was_asked_before_is_not_prepared_again(talk: Talk) -> None:
    prepared: list[object] = []

    def note(*step: object) -> int:
        prepared.append(step)
        return 0  # SQLITE_OK

    talk.machine.db._conn._file.set_authorizer(note)
    for _ in range(2):
        prepared.clear()
        await talk.says("bea", "!pendientes")
        await talk.said()
    assert not prepared


async def test_a_vote_by_a_tap(talk: Talk, asked: dict[str, int]) -> None:
    await talk.says("ana", "!encuesta ¿Qué día? martes, jueves")
    _opening, native = await talk.sent()
    await talk.votes("carla", native.event, tuple(native.answers[:1]))
    await talk.sent()
    ask_for(asked)
    await talk.votes("bea", native.event, tuple(native.answers[:1]))
    statements, hops = ask_for(asked)
    assert statements <= 29
    assert hops <= 3, "its commit, and two looks at what the person voted before"


async def test_a_title_is_looked_for_in_all_rooms_at_once(
    talk: Talk, asked: dict[str, int]
) -> None:
    async def statements() -> int:
        ask_for(asked)
        await talk.tells("bea", "!cancelar la poda de los mangos")
        found = ask_for(asked)[0]
        await talk.sent()
        return found

    await statements()
    before = await statements()
    for number in range(4):
        room = RoomId(f"!barrio{number}:test")
        await talk.room(room, f"Barrio {number}", ["ana", "bea"])
        await talk.says("ana", "!encuesta ¿Qué? Pan, Té", room=room)
        await talk.sent()
    await statements()
    assert await statements() <= before


async def test_whoever_comes_where_nothing_is_said_of_it_costs_no_commit(
    talk: Talk, asked: dict[str, int]
) -> None:
    await talk.moves("dora", Membership.JOIN)
    again = EventId("$came"), user_id("dora"), talk.clock.at
    came = MembershipChanged(ROOM, *again, user_id("dora"), Membership.JOIN, Membership.INVITE)
    ask_for(asked)
    await talk.happens(came)
    statements, hops = ask_for(asked)
    assert statements <= 21
    assert hops == 0
    await talk.machine.dispatcher.commit_batch("s1", talk.clock.at)
    async with talk.machine.db.reading() as tx:
        assert await sync.seen_among(tx, [came.event]), "marked with its batch"
