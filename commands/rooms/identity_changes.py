"""Announce replaced Matrix identities in the person's rooms, until somebody confirms them.

Reasons and limits: docs/decisions/0024.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.api import (
    AcceptIdentity,
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Membership,
    MembershipChanged,
    Moment,
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
from commands.rooms.declaration import IDENTITY_JOB, feature

SILENCE_NEEDED = timedelta(hours=72)
"""How long the old identity must be silent before a new one counts unconfirmed."""
MOST_SHOWN = 5
ANNOUNCE_EVERY = timedelta(hours=24)
"""Least time between announcements: a server may replace keys all day."""


feature.log_line("identity", _("has a new Matrix identity"))


@feature.on(NewIdentity)
async def announce_identity(ctx: Context, what: NewIdentity) -> Answer:
    """Tell the rooms that a person has a new identity: a new phone, or somebody else in their name.
    Only people can tell. Return what to say, if anything."""
    new = await identities.waiting_identity(ctx.db, what.sender)
    if new is not None:
        await ctx.schedule(IDENTITY_JOB, what.at + SILENCE_NEEDED, person=what.sender, key=new.key)
    shared = await rooms.shared_rooms(ctx.db, what.sender)
    for room in shared:
        await ctx.log("identity", {}, room=room.room)
    if not shared or (new is not None and what.at - new.told_at < ANNOUNCE_EVERY):
        return None
    if new is None:  # the bot's own identity: nothing to confirm
        return [
            Say(_own_identity_lines(), to=one, loud=True)
            for one in await _other_moderators(ctx, shared)
        ]
    await identities.mark_told(ctx.db, what.sender, new.key, what.at)
    told = _announcement(what.sender, what.at + SILENCE_NEEDED)
    return [
        *_say_in_rooms(shared, *told),
        *[
            Say(told, to=one, loud=True)
            for one in await _other_moderators(ctx, shared, what.sender)
        ],
    ]


feature.log_line("old_identity", _("has the old Matrix identity again"))


@feature.on(OldIdentity)
async def handle_old_identity(ctx: Context, what: OldIdentity) -> Answer:
    """Restart the time in which a new identity waits when an old device writes, or end it when the
    old identity is back. Return what to say, if anything."""
    shared = await rooms.shared_rooms(ctx.db, what.sender)
    person = Person(what.sender, full=True)
    if what.back:
        for room in shared:
            await ctx.log("old_identity", {}, room=room.room)
        return _say_in_rooms(
            shared,
            _(
                "{person} has their old Matrix identity again: nothing has to be confirmed.",
                person=person,
            ),
            _(
                "Did they not change anything themselves? Then their account is not safe: tell them"
                " by another way."
            ),
        )
    new = await identities.waiting_identity(ctx.db, what.sender)
    if new is None:
        return None
    await identities.mark_old_active(ctx.db, what.sender, what.at)
    if new.spoke is not None and what.at - new.spoke < ANNOUNCE_EVERY:
        return None
    return _say_in_rooms(
        shared,
        _(
            "Careful: an old device of {person} still writes, so two may be using that name.",
            person=person,
        ),
        _("The new identity waits for 72 hours more from now. Ask them by phone or face to face."),
    )


@feature.on(MembershipChanged)
async def announce_at_join(ctx: Context, what: MembershipChanged) -> Answer:
    """Tell a room that the person who joins it has a new identity that is not confirmed. Return
    what to say, if anything."""
    if what.after is not Membership.JOIN or what.before is Membership.JOIN:
        return None
    new = await identities.waiting_identity(ctx.db, what.user)
    if new is None:
        return None  # looked at first: in a catch-up of many rooms this is asked for each of them
    here = [one for one in await rooms.shared_rooms(ctx.db, what.user) if one.room == what.room]
    if not here:
        return None
    return _say_in_rooms(here, *_announcement(what.user, _waits_until(new)))


@feature.runs(IDENTITY_JOB)
async def accept_after_silence(ctx: Context, job: Job) -> Answer:
    """Accept a person's new identity after 72 hours, unless the old one wrote or somebody said it
    is not theirs. Return what to say, if anything."""
    person = ctx.who
    new = await identities.waiting_identity(ctx.db, person)
    if new is None or new.key != job.payload["key"] or new.denied:
        return None
    if ctx.now < _waits_until(new):
        await ctx.schedule(IDENTITY_JOB, _waits_until(new), person=person, key=new.key)
        return None
    shown = Person(person, full=True)
    return await accept_identity(
        ctx,
        new,
        "silent",
        _(
            "For 72 hours nothing came from {person}'s old devices: the new identity counts now.",
            person=shown,
        ),
        _(
            "Nobody confirmed it. If you know that it is not them: `!ban {address} …`",
            address=person,
        ),
    )


def _person_meant(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"person": Person(UserId(str(facts.get("user", ""))))}


feature.log_line("silent", _("the new Matrix identity counts, after 72 hours of silence"))
feature.log_line(
    "confirmed", _("confirmed the new Matrix identity of {person}"), values=_person_meant
)
feature.log_line(
    "disowned", _("said that the new Matrix identity is not {person}"), values=_person_meant
)


async def accept_identity(
    ctx: Context, new: identities.WaitingIdentity, act: str, *lines: Line
) -> list[Line | Effect]:
    """Store that a new identity is the person's own, announce it in their rooms and log it. Return
    what to say."""
    await identities.confirm(ctx.db, new.person, new.changed)
    shared = await rooms.shared_rooms(ctx.db, new.person)
    for room in shared:
        await ctx.log(act, {} if act == "silent" else {"user": new.person}, room=room.room)
    return [AcceptIdentity(new.person, new.key), *_say_in_rooms(shared, *lines)]


async def unconfirmed_lines(ctx: Context) -> list[Line]:
    """Return the lines that name unconfirmed identities in this room; in private, in all rooms."""
    found = []
    for new in await identities.all_waiting(ctx.db):
        theirs = {room.room for room in await rooms.shared_rooms(ctx.db, new.person)}
        mine = {room.room for room in await rooms.shared_rooms(ctx.db, ctx.who)}
        if theirs & (mine if ctx.is_private else {ctx.room}):
            found.append(new)
    return [
        _(
            "{person} has a new Matrix identity since {moment}, and nobody confirmed it yet."
            " `!confirm {address}`",
            person=Person(new.person),
            moment=Moment(new.changed),
            address=new.person,
        )
        for new in found[:MOST_SHOWN]
    ]


def _waits_until(new: identities.WaitingIdentity) -> datetime:
    return (new.spoke or new.changed) + SILENCE_NEEDED


def _announcement(who: UserId, ends: datetime) -> tuple[Line, ...]:
    return (
        _(
            "{person} has a new Matrix identity: a new phone or a lost password, or somebody"
            " else in"
            " their name.",
            person=Person(who, full=True),
        ),
        _("I do nothing that they write now, and send them nothing; what is for them waits."),
        _("Do you know them? Ask by phone or face to face, not in Matrix."),
        _("It is them: `!confirm {address}`. It is not: `!confirm {address} no`", address=who),
        _(
            "If nobody says anything and the old devices stay silent, it counts from {moment}.",
            moment=Moment(ends),
        ),
    )


def _own_identity_lines() -> tuple[Line, ...]:
    return (
        _(
            "My own Matrix identity was replaced. Whoever runs me should look at once:"
            " `minga doctor`"
        ),
    )


def _say_in_rooms(shared: list[Room], *lines: Line) -> list[Line | Effect]:
    return [Say(lines, room=room.room, loud=True) for room in shared]


async def _other_moderators(
    ctx: Context, shared: list[Room], but: UserId | None = None
) -> list[UserId]:
    """Return network moderators who read it in none of these rooms."""
    there = {user for room in shared for user in await rooms.members(ctx.db, room.room)}
    return sorted(ctx.defaults.moderators - there - {ctx.me, but})
