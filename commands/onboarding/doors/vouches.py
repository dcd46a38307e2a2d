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
    Whole,
    _,
    n_,
    settings,
    words,
)
from commands.onboarding.declaration import feature
from commands.onboarding.doors import deciders
from commands.onboarding.doors.store import Request, Step
from storage.database import Tx

WEEK = timedelta(days=7)
HOUR, TOGETHER = timedelta(hours=1), timedelta(minutes=10)
"""How long knocks are collected for one message."""
ALOUD, AT_ONCE = 10, 50
"""Knocks told one by one in an hour; beyond that, up to so many in one message."""
MOST = 5
"""How many people a member can vouch for in a week."""
NEEDED = Setting(
    "vouches",
    words("avales", "indicacoes", "vouches"),
    Whole(0, 20),
    "0",
    _("How many members have to vouch for who knocks; 0: none."),
    network=True,
)
feature.settings.append(NEEDED)


async def needed(ctx: Context) -> int:
    """Return how many vouches a request needs; 0 for none."""
    return int(await ctx.setting(NEEDED))


async def suffice(ctx: Context, request: Request) -> bool:
    """Tell whether vouches alone decide on this request, it is answered, and there are enough."""
    given, wanted = len(await of(ctx.db, request.item)), await needed(ctx)
    alone = await deciders.decision(ctx, request.room) == "vouches" and wanted > 0
    return request.step is Step.DECIDING and alone and given >= wanted


async def lines(ctx: Context, request: Request) -> list[Line]:
    """Return who vouched and how many are missing, for those who decide."""
    given, wanted = await of(ctx.db, request.item), await needed(ctx)
    if not given and not wanted:
        return []
    people = tuple(Person(person) for person in given)
    if not wanted:
        return [_("Vouched for by: {people}", people=people)]
    if not given:
        return [n_("Nobody vouched yet; {count} is needed.", "Nobody vouched yet; {count} are"
                   " needed.", wanted)]  # fmt: skip
    return [_("Vouched for by {given} of {wanted}: {people}", given=len(given), wanted=wanted,
              people=people)]  # fmt: skip


async def asked(ctx: Context, request: Request, room: RoomId) -> list[Effect]:
    """Ask the members at the door whether they know who knocks; many knocks are told together."""
    if not await needed(ctx):
        return []
    if await count_knocks(ctx.db, room, ctx.read - HOUR) > ALOUD:
        if not await settings.fact(ctx.db, f"many_knock:{room}"):
            await settings.set_fact(ctx.db, f"many_knock:{room}", str(request.item))
            await ctx.schedule("many_knock", ctx.read + TOGETHER, room=room)
        return []
    said = _("{person} knocks here. Who knows them writes to me in private: `vouch {number}`",
             person=Person(request.person, full=True), number=request.item)  # fmt: skip
    return [Say((said,), room=room)]


@feature.job("many_knock")
async def many_knock(ctx: Context, _job: Job) -> list[Effect]:
    """Name together everybody who knocked since, at most `AT_ONCE` in one message."""
    first = int(await settings.fact(ctx.db, f"many_knock:{ctx.room}") or 0)
    await settings.drop_fact(ctx.db, f"many_knock:{ctx.room}")
    found = await knocks(ctx.db, ctx.room, first, AT_ONCE + 1)
    if len(found) > AT_ONCE:
        await settings.set_fact(ctx.db, f"many_knock:{ctx.room}", str(found[AT_ONCE][0]))
        await ctx.schedule("many_knock", ctx.read + TOGETHER, room=ctx.room)
    lines = [_("They knock here. Who knows one of them writes to me in private: `vouch {number}`",
               number=found[0][0])] if found else []  # fmt: skip
    lines += [Line("{number}: {person}", {"number": number, "person": Person(person, full=True)})
              for number, person in found[:AT_ONCE]]  # fmt: skip
    return [Say(tuple(lines), room=ctx.room)] if lines else []


# --- on disk --------------------------------------------------------------------------------------


async def put(tx: Tx, item: Number, person: UserId, at: datetime) -> None:
    """Store a vouch. Deletes old vouches of closed requests."""
    await tx.run("DELETE FROM onboarding_vouch WHERE at < ? AND item NOT IN (SELECT item FROM"
                 " onboarding_request WHERE step IN ('asking', 'deciding'))",
                 (at - WEEK).timestamp())  # fmt: skip
    await tx.run(
        "INSERT OR IGNORE INTO onboarding_vouch VALUES (?, ?, ?)", item, person, at.timestamp()
    )


async def count_knocks(tx: Tx, room: RoomId, since: datetime) -> int:
    """Count the people who began to knock at this door since then."""
    row = await tx.one(
        "SELECT count(*) AS n FROM onboarding_request JOIN item ON number = item"
        " WHERE onboarding_request.room = ? AND at > ?",
        room,
        since.timestamp(),
    )
    return int(row["n"]) if row else 0


async def knocks(tx: Tx, room: RoomId, first: int, limit: int) -> list[tuple[int, UserId]]:
    """Return open requests of a door from this number on, with who knocks."""
    rows = await tx.all(
        "SELECT item, person FROM onboarding_request WHERE room = ? AND item >= ?"
        " AND step IN ('asking', 'deciding') ORDER BY item LIMIT ?",
        room,
        first,
        limit,
    )
    return [(int(row["item"]), UserId(row["person"])) for row in rows]


async def drop(tx: Tx, item: Number, person: UserId) -> bool:
    """Delete a vouch. Return False if there was none."""
    query = "DELETE FROM onboarding_vouch WHERE item = ? AND person = ?"
    return await tx.change(query, item, person) > 0


async def of(tx: Tx, item: Number) -> list[UserId]:
    """Return who vouched for the request, in the order in which they did."""
    rows = await tx.all("SELECT person FROM onboarding_vouch WHERE item = ? ORDER BY at", item)
    return [UserId(row["person"]) for row in rows]


async def has(tx: Tx, item: Number, person: UserId) -> bool:
    """Tell whether the person vouched for the request."""
    return person in await of(tx, item)


async def by(tx: Tx, person: UserId) -> list[int]:
    """Return the requests that the person vouched for."""
    rows = await tx.all("SELECT item FROM onboarding_vouch WHERE person = ?", person)
    return [int(row["item"]) for row in rows]


async def count_since(tx: Tx, person: UserId, since: datetime) -> int:
    """Count how many vouches the person gave since then."""
    row = await tx.one(
        "SELECT count(*) AS n FROM onboarding_vouch WHERE person = ? AND at > ?",
        person,
        since.timestamp(),
    )
    return int(row["n"]) if row else 0


async def forget(tx: Tx, person: UserId) -> int:
    """Delete the person's vouches. Return how many there were."""
    return await tx.change("DELETE FROM onboarding_vouch WHERE person = ?", person)
