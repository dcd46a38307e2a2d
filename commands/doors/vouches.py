"""Vouches: how many are needed, who gave them, and what those who decide see of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import (
    Context,
    Effect,
    Job,
    Line,
    Number,
    Person,
    RoomId,
    Say,
    Setting,
    UserId,
    WholeNumber,
    _,
    n_,
    words,
)
from commands.doors import deciders, door_marks
from commands.doors.declaration import MANY_KNOCK_JOB, feature
from commands.doors.store import Request, RequestStep
from storage.database import Tx

WEEK = timedelta(days=7)
HOUR, COLLECTING_TIME = timedelta(hours=1), timedelta(minutes=10)
"""How long knocks are collected for one message."""
MOST_ANNOUNCED, AT_ONCE = 10, 50
"""Knocks told one by one in an hour; beyond that, up to so many in one message."""
MOST = 5
"""How many people a member can vouch for in a week."""
VOUCHES_NEEDED = Setting(
    "vouches",
    words("avales", "recomendações", "vouches", "indicações"),
    WholeNumber(0, 20),
    "0",
    _("How many members have to vouch for who knocks; 0: none."),
    network=True,
)
feature.settings.append(VOUCHES_NEEDED)


async def vouches_needed(ctx: Context) -> int:
    """Return how many members must vouch for a request; 0 for none."""
    return int(await ctx.setting_value(VOUCHES_NEEDED))


async def are_decisive(ctx: Context, request: Request) -> bool:
    """Return whether vouches alone decide on this request, it is answered, and there are enough."""
    given, wanted = len(await vouchers_of(ctx.db, request.item)), await vouches_needed(ctx)
    alone = await deciders.decision_mode(ctx, request.room) == "vouches" and wanted > 0
    return request.step is RequestStep.DECIDING and alone and given >= wanted


async def vouch_lines(ctx: Context, request: Request) -> list[Line]:
    """Return lines for those who decide: who vouched for a request and how many are missing."""
    given, wanted = await vouchers_of(ctx.db, request.item), await vouches_needed(ctx)
    if not given and not wanted:
        return []
    people = tuple(Person(person) for person in given)
    if not wanted:
        return [_("Vouched for by: {people}", people=people)]
    if not given:
        return [
            n_(
                "Nobody vouched yet; {count} is needed.",
                "Nobody vouched yet; {count} are needed.",
                wanted,
            )
        ]
    return [
        _(
            "Vouched for by {given} of {wanted}: {people}",
            given=len(given),
            wanted=wanted,
            people=people,
        )
    ]


async def ask_members(ctx: Context, request: Request, room: RoomId) -> list[Effect]:
    """Ask the members at the door whether they know who knocks; many knocks are told together.
    Return the messages."""
    if not await vouches_needed(ctx):
        return []
    if await count_knocks(ctx.db, room, ctx.now - HOUR) > MOST_ANNOUNCED:
        if await door_marks.mark_knocks(ctx.db, room, request.item):
            await ctx.schedule(MANY_KNOCK_JOB, ctx.now + COLLECTING_TIME, room=room)
        return []
    said = _(
        "{person} knocks here. Who knows them writes to me in private: `vouch {number}`",
        person=Person(request.person, full=True),
        number=request.item,
    )
    return [Say((said,), room=room)]


@feature.runs(MANY_KNOCK_JOB)
async def announce_knocks(ctx: Context, _job: Job) -> list[Effect]:
    """Post the names of who has knocked since the last message, at most `AT_ONCE` at a time. Return
    the messages."""
    first = await door_marks.take_knocks(ctx.db, ctx.room)
    found = await open_knocks(ctx.db, ctx.room, first, AT_ONCE + 1)
    if len(found) > AT_ONCE:
        await door_marks.mark_knocks(ctx.db, ctx.room, found[AT_ONCE][0])
        await ctx.schedule(MANY_KNOCK_JOB, ctx.now + COLLECTING_TIME, room=ctx.room)
    lines = (
        [
            _(
                "They knock here. Who knows one of them writes to me in private: `vouch {number}`",
                number=found[0][0],
            )
        ]
        if found
        else []
    )
    lines += [
        Line("{number}: {person}", {"number": number, "person": Person(person, full=True)})
        for number, person in found[:AT_ONCE]
    ]
    return [Say(tuple(lines), room=ctx.room)] if lines else []


# --- on disk --------------------------------------------------------------------------------------


async def add_vouch(tx: Tx, item: Number, person: UserId, at: datetime) -> None:
    """Store a vouch for a request. Deletes old vouches of closed requests."""
    await tx.run(
        "DELETE FROM doors_vouch WHERE at < ? AND item NOT IN (SELECT item FROM"
        " doors_request WHERE step IN ('asking', 'deciding'))",
        (at - WEEK).timestamp(),
    )
    await tx.run("INSERT OR IGNORE INTO doors_vouch VALUES (?, ?, ?)", item, person, at.timestamp())


async def count_knocks(tx: Tx, room: RoomId, since: datetime) -> int:
    """Return how many people began to knock at this door since an instant."""
    return await tx.count(
        "SELECT count(*) AS n FROM doors_request JOIN item ON number = item"
        " WHERE doors_request.room = ? AND at > ?",
        room,
        since.timestamp(),
    )


async def open_knocks(tx: Tx, room: RoomId, first: int, limit: int) -> list[tuple[int, UserId]]:
    """Return the open requests at a door from this number on, with who knocks."""
    rows = await tx.all(
        "SELECT item, person FROM doors_request WHERE room = ? AND item >= ?"
        " AND step IN ('asking', 'deciding') ORDER BY item LIMIT ?",
        room,
        first,
        limit,
    )
    return [(int(row["item"]), UserId(row["person"])) for row in rows]


async def remove_vouch(tx: Tx, item: Number, person: UserId) -> bool:
    """Delete a vouch for a request. Return False if there was none."""
    query = "DELETE FROM doors_vouch WHERE item = ? AND person = ?"
    return await tx.change(query, item, person) > 0


async def vouchers_of(tx: Tx, item: Number) -> list[UserId]:
    """Return the people who vouched for the request, in the order in which they did."""
    return await tx.column(
        UserId, "SELECT person FROM doors_vouch WHERE item = ? ORDER BY at", item
    )


async def has_vouched(tx: Tx, item: Number, person: UserId) -> bool:
    """Return whether the person vouched for the request."""
    return person in await vouchers_of(tx, item)


async def vouches_by(tx: Tx, person: UserId) -> list[int]:
    """Return the requests for which the person vouched."""
    return await tx.column(int, "SELECT item FROM doors_vouch WHERE person = ?", person)


async def count_vouches_since(tx: Tx, person: UserId, since: datetime) -> int:
    """Return how many vouches the person gave since an instant."""
    return await tx.count(
        "SELECT count(*) AS n FROM doors_vouch WHERE person = ? AND at > ?",
        person,
        since.timestamp(),
    )
