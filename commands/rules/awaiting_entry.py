"""Newcomers who were let in but have not entered: rules not accepted, or invitations pending."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Job,
    Line,
    Membership,
    Moment,
    Person,
    RoomId,
    Say,
    UserId,
    _,
    rooms,
)
from commands.onboarding.areas import permissions
from commands.onboarding.invitations import store as invitation_store
from commands.rules import store as rules_store
from commands.rules import stuck_reminders
from commands.rules.declaration import NUDGE_INSIDE_JOB, STUCK_INSIDE_JOB, feature

SHOWN, RECENT = 20, timedelta(days=30)
"""How many newcomers `!requests` lists, and how long after they were let in."""


async def _rooms_not_entered(ctx: Context, person: UserId) -> list[RoomId]:
    """Return the rooms that the person was invited to and has not entered."""
    found = await invitation_store.newcomer_rooms(ctx.db, person)
    now = {room: await rooms.membership(ctx.db, room, person) for room in found}
    return [room for room in found if now[room] is Membership.INVITE]


@feature.runs(NUDGE_INSIDE_JOB)
async def remind_of_entry(ctx: Context, _job: Job) -> Answer:
    """Remind a newcomer of the step that is left until they are in, if there is one. Runs once for
    each newcomer. Return what to say, if anything."""
    if await rules_store.held_admissions(ctx.db, ctx.who):
        return Say(
            (
                _("One step is left before the invitations come: the network's rules."),
                _("To read them: `rules`. To accept them: `I agree`"),
            ),
            to=ctx.who,
            loud=True,
        )
    waiting = await _rooms_not_entered(ctx, ctx.who)
    if not waiting:
        return None
    names = tuple([await permissions.room_label_of(ctx, room) for room in waiting])
    lines = (
        _("Invitations still wait for you: {rooms}", rooms=names),
        _("In your app the invitations stand in the list of chats: accept each of them."),
    )
    return Say(lines, to=ctx.who, loud=True)


@feature.runs(STUCK_INSIDE_JOB)
async def report_not_entered(ctx: Context, _job: Job) -> Answer:
    """Tell the moderators once, a week later, which step a newcomer has not taken. Return what to
    say, if anything."""
    person = Person(ctx.who, full=True)
    if await rules_store.held_admissions(ctx.db, ctx.who):
        said = _("{person} was let in a week ago and has yet to accept the rules.", person=person)
        return await stuck_reminders.tell_moderators(ctx, said)
    waiting = await _rooms_not_entered(ctx, ctx.who)
    if not waiting:
        return None
    names = tuple([await permissions.room_label_of(ctx, room) for room in waiting])
    said = _(
        "{person} was let in a week ago and has not entered: {rooms}", person=person, rooms=names
    )
    return await stuck_reminders.tell_moderators(ctx, said)


async def entry_lines(ctx: Context) -> list[Line]:
    """Return lines for `!requests` about newcomers' pending invitations: whose, since when, to
    which rooms."""
    said: list[Line] = []
    for person, since in await invitation_store.newcomers_since(ctx.db, ctx.now - RECENT):
        waiting = await _rooms_not_entered(ctx, person)
        if waiting and len(said) < SHOWN:
            names = tuple([await permissions.room_label_of(ctx, room) for room in waiting])
            said.append(
                _(
                    "{person}: invited since {since}, has not entered: {rooms}",
                    person=Person(person, full=True),
                    since=Moment(since, with_zone=False),
                    rooms=names,
                )
            )
    return said
