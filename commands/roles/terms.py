"""Terms of a role: a reminder before the end, and the end, however late the bot is."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import (
    Answer,
    Context,
    Job,
    Line,
    Membership,
    MembershipChanged,
    Moment,
    Number,
    Person,
    Say,
    UserId,
    _,
    rooms,
)
from commands.roles import store
from commands.roles.declaration import ENDS_JOB, ENDS_SOON_JOB, feature, log_values
from commands.roles.store import Role

REMIND_BEFORE = timedelta(days=7)
LATE_AFTER = timedelta(minutes=5)


def holding_line(known: Role, person: UserId, until: datetime | None) -> Line:
    """Return the line that says that a person has a role, and until when."""
    who = Person(person, full=True)
    if until is None:
        return _("{person} has the role “{name}”.", person=who, name=known.title)
    return _(
        "{person} has the role “{name}” until {moment}.",
        person=who,
        name=known.title,
        moment=Moment(until),
    )


def person_until(person: UserId, until: datetime) -> Line:
    """Return a person's name with the end of their term in a role."""
    return _("{person} (until {moment})", person=Person(person), moment=Moment(until))


async def plan_term_end(ctx: Context, known: Role, person: UserId, until: datetime | None) -> None:
    """Schedule the end of a term and a reminder a week before, or halfway through a short term."""
    if until is None:
        return
    zone = (await ctx.policy_of_room(known.room)).zone
    warn = max(until - REMIND_BEFORE, ctx.now + (until - ctx.now) / 2)
    stamp = until.timestamp()
    for kind, at in ((ENDS_SOON_JOB, warn), (ENDS_JOB, until)):
        await ctx.schedule(
            kind, at, item=known.item, room=known.room, zone=zone, who=person, until=stamp
        )


async def _current_term(ctx: Context, job: Job) -> tuple[Role, UserId, datetime] | None:
    """Return role, person and end of the scheduled term, if they still have it."""
    known = await store.get_role(ctx.db, Number(job.item)) if job.item is not None else None
    if known is None:
        return None
    for one in await store.list_holders(ctx.db, known.item):
        stamp = one.until.timestamp() if one.until else None
        if one.until and (one.person, stamp) == (job.payload["who"], job.payload["until"]):
            return known, one.person, one.until
    return None


@feature.runs(ENDS_SOON_JOB)
async def remind_of_end(ctx: Context, job: Job) -> Answer:
    """Tell holder and room that a term in a role ends soon, so that somebody else can be drawn.
    Return what to say, if anything."""
    term = await _current_term(ctx, job)
    if term is None or term[2] <= ctx.said_at:
        return None
    known, person, until = term
    said = _(
        "The role “{name}” of {person} ends {moment}. To draw who has it next: `!role draw {name}`",
        name=known.title,
        person=Person(person),
        moment=Moment(until),
    )
    return Say((said,), room=known.room, mentions=(person,), loud=True, item=known.item)


feature.log_line("ended", _("the term of {person} in the role “{name}” is over"), values=log_values)


@feature.runs(ENDS_JOB)
async def end_term(ctx: Context, job: Job) -> Answer:
    """Take the role from its holder at the end of the term, and log it in the bot's name. Return
    what to say, if anything."""
    term = await _current_term(ctx, job)
    if term is None:
        return None
    known, person, until = term
    await store.remove_holder(ctx.db, known.item, person)
    await ctx.log("ended", {"role": known.title, "user": person}, room=known.room)
    lines = [
        _(
            "The term of {person} in the role “{name}” is over. Thank you. To draw who has it"
            " next: `!role draw {name}`",
            person=Person(person),
            name=known.title,
        )
    ]
    if ctx.said_at - until > LATE_AFTER:
        lines.append(_("I say this late, for I was away: it ended {moment}.", moment=Moment(until)))
    return Say(tuple(lines), room=known.room, loud=True, item=known.item)


feature.log_line("left", _("{person} left, and with that the role “{name}”"), values=log_values)


@feature.on(MembershipChanged)
async def remove_leaver(ctx: Context, what: MembershipChanged) -> Answer:
    """Take all roles of a room from a person who left it. Return what to say, if anything."""
    if what.after in (Membership.JOIN, Membership.INVITE):
        return None
    if await rooms.membership(ctx.db, what.room, what.user) is Membership.JOIN:
        return None  # an old event: they are back
    for known in await store.remove_from_roles(ctx.db, what.room, what.user):
        await ctx.log("left", {"role": known.title, "user": what.user}, room=known.room)
    return None
