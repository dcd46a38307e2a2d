"""Announce replaced Matrix identities in the person's rooms, until somebody confirms them.

Reasons and limits: docs/decisions/0024.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import (
    AcceptIdentity,
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Membership,
    Moment,
    Moved,
    NewIdentity,
    OldIdentity,
    Person,
    Room,
    Say,
    UserId,
    _,
    identities,
    rooms,
)
from commands.rooms.declaration import feature

SILENCE = timedelta(hours=72)
"""How long the old identity must be silent before a new one counts unconfirmed."""
SHOWN = 5
TELL_EVERY = timedelta(hours=24)
"""Least time between announcements: a server may replace keys all day."""


@feature.on(NewIdentity)
async def replaced(ctx: Context, what: NewIdentity) -> Answer:
    """Announce a new identity: a new phone, or somebody else in their name. Only people can
    tell."""
    new = await identities.waiting(ctx.db, what.sender)
    if new is not None:
        await ctx.schedule("identity", what.at + SILENCE, person=what.sender, key=new.key)
    shared = await rooms.shared_rooms(ctx.db, what.sender)
    for room in shared:
        await ctx.log("identity", {}, room=room.room)
    if not shared or (new is not None and what.at - new.told_at < TELL_EVERY):
        return None
    if new is None:  # the bot's own identity: nothing to confirm
        return [Say(_own(), to=one, loud=True) for one in await _moderators(ctx, shared)]
    await identities.told(ctx.db, what.sender, new.key, what.at)
    told = _told(what.sender, what.at + SILENCE)
    return [
        *_everywhere(shared, *told),
        *[Say(told, to=one, loud=True) for one in await _moderators(ctx, shared, what.sender)],
    ]


@feature.on(OldIdentity)
async def spoke(ctx: Context, what: OldIdentity) -> Answer:
    """Restart the waiting time when an old device writes, or end it when the old identity is
    back."""
    shared = await rooms.shared_rooms(ctx.db, what.sender)
    person = Person(what.sender, full=True)
    if what.back:
        for room in shared:
            await ctx.log("old_identity", {}, room=room.room)
        return _everywhere(
            shared,
            _("{person} has their old Matrix identity again: nothing has to be confirmed.",
              person=person),
            _("Did they not change anything themselves? Then their account is not safe: tell them"
              " by another way."),
        )  # fmt: skip
    new = await identities.waiting(ctx.db, what.sender)
    if new is None:
        return None
    await identities.old_one_spoke(ctx.db, what.sender, what.at)
    if new.spoke is not None and what.at - new.spoke < TELL_EVERY:
        return None
    return _everywhere(
        shared,
        _("Careful: an old device of {person} still writes, so two may be using that name.",
          person=person),
        _("The new identity waits for 72 hours more from now. Ask them by phone or face to face."),
    )  # fmt: skip


@feature.on(Moved)
async def came(ctx: Context, what: Moved) -> Answer:
    """Announce a waiting identity in a room that the person joins."""
    if what.now is not Membership.JOIN or what.before is Membership.JOIN:
        return None
    new = await identities.waiting(ctx.db, what.user)
    here = [one for one in await rooms.shared_rooms(ctx.db, what.user) if one.room == what.room]
    if new is None or not here:
        return None
    return _everywhere(here, *_told(what.user, _ends(new)))


@feature.job("identity")
async def ends(ctx: Context, job: Job) -> Answer:
    """Accept the new identity after 72 hours, unless the old one wrote or somebody disowned it."""
    person = ctx.who
    new = await identities.waiting(ctx.db, person)
    if new is None or new.key != job.payload["key"] or new.denied:
        return None
    if ctx.read < _ends(new):
        await ctx.schedule("identity", _ends(new), person=person, key=new.key)
        return None
    shown = Person(person, full=True)
    return await accept(
        ctx,
        new,
        "silent",
        _("For 72 hours nothing came from {person}'s old devices: the new identity counts now.",
          person=shown),
        _("Nobody confirmed it. If you know that it is not them: `!ban {address} …`",
          address=person),
    )  # fmt: skip


async def accept(
    ctx: Context, new: identities.Waiting, act: str, *lines: Line
) -> list[Line | Effect]:
    """Make the new identity the person's own, announce it in their rooms and log it."""
    await identities.confirmed(ctx.db, new.person, new.changed)
    shared = await rooms.shared_rooms(ctx.db, new.person)
    for room in shared:
        await ctx.log(act, {} if act == "silent" else {"user": new.person}, room=room.room)
    return [AcceptIdentity(new.person, new.key), *_everywhere(shared, *lines)]


async def doubted(ctx: Context) -> list[Line]:
    """Name the unconfirmed identities in this room; in private, in all rooms of the asker."""
    found = []
    for new in await identities.all_waiting(ctx.db):
        theirs = {room.room for room in await rooms.shared_rooms(ctx.db, new.person)}
        mine = {room.room for room in await rooms.shared_rooms(ctx.db, ctx.who)}
        if theirs & (mine if ctx.private else {ctx.room}):
            found.append(new)
    return [
        _("{person} has a new Matrix identity since {moment}, and nobody confirmed it yet."
          " `!confirm {address}`",
          person=Person(new.person), moment=Moment(new.changed), address=new.person)
        for new in found[:SHOWN]
    ]  # fmt: skip


def _ends(new: identities.Waiting) -> datetime:
    return (new.spoke or new.changed) + SILENCE


def _told(who: UserId, ends: datetime) -> tuple[Line, ...]:
    return (
        _("{person} has a new Matrix identity: a new phone or a lost password, or somebody else in"
          " their name.", person=Person(who, full=True)),
        _("I do nothing that they write now, and send them nothing; what is for them waits."),
        _("Do you know them? Ask by phone or face to face, not in Matrix."),
        _("It is them: `!confirm {address}`. It is not: `!confirm {address} no`", address=who),
        _("If nobody says anything and the old devices stay silent, it counts from {moment}.",
          moment=Moment(ends)),
    )  # fmt: skip


def _own() -> tuple[Line, ...]:
    return (
        _("My own Matrix identity was replaced. Whoever runs me should look at once:"
          " `minga doctor`"),
    )  # fmt: skip


def _everywhere(shared: list[Room], *lines: Line) -> list[Line | Effect]:
    return [Say(lines, room=room.room, loud=True) for room in shared]


async def _moderators(ctx: Context, shared: list[Room], but: UserId | None = None) -> list[UserId]:
    """Return network moderators who read it in none of these rooms."""
    there = {user for room in shared for user in await rooms.members(ctx.db, room.room)}
    return sorted(ctx.defaults.moderators - there - {ctx.me, but})
