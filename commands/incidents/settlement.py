"""`!attend`, `!settle`, `!appeal`: somebody who has no part in it takes care of it."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.api import (
    FINISH,
    NOTHING,
    TAKE_ON,
    WAITING_NUMBERS,
    Answer,
    Bare,
    Behind,
    CommandPlace,
    Context,
    Effect,
    Item,
    ItemAccess,
    Job,
    Line,
    MissingArgument,
    Number,
    Person,
    Rest,
    Say,
    Span,
    UserError,
    _,
    chosen_moderators_room,
    fold,
    items,
    one_line,
    rooms,
    words,
)
from commands.care import measure_end, measure_store, person_hash
from commands.care.declaration import APPEAL_PERIOD, CARE, LATE_AFTER, LONGEST_REASON
from commands.care.measure_store import Deed
from commands.incidents import care_team, incident_command, incident_store, readers
from commands.incidents.declaration import SHRED_JOB, WAITING_JOB, feature
from commands.incidents.incident_command import IncidentToSettle
from commands.incidents.incident_store import Incident

SETTLE_WITHIN, REMINDER_INTERVAL = timedelta(days=7), timedelta(days=1)
MOST_REMINDERS = 7
MOST_LISTED = 20
"""Incidents of which one can be meant without its number."""
LIFT_WORDS = words("levantar", "revogar", "lift", "levanta, levantado, revoga, revogado, lifted")
KEEP_WORDS = words("mantener", "manter", "keep", "mantiene, se mantiene, mantém, stays")


@feature.command(
    words("atender", "atender", "attend", "lo atiendo | eu atendo |"),
    help=_("take care of an incident or an appeal"),
    example=_("For example: `!attend {number}`", number=57),
    topic=CARE,
    bare=Bare.NUMBERED,
)
async def attend(ctx: Context, one: IncidentToSettle) -> Answer:
    """Take on an incident or appeal. The rest of the team and the reporter are told. Return the
    answer."""
    if one.owner == ctx.who:
        return _(
            "You take care of it already. When it is settled: `settle {number}` and what came"
            " of it.",
            number=one.item,
        )
    due = ctx.now + SETTLE_WITHIN
    await incident_store.set_owner(ctx.db, one.item, ctx.who, due)
    await ctx.cancel_jobs(one.item)
    await ctx.schedule(WAITING_JOB, due, item=one.item)
    who = Person(ctx.who, full=True)
    said = _(
        "{who} takes care of incident {number} and will write to you.", who=who, number=one.item
    )
    answer: list[Line | Effect] = [
        _(
            "Noted: you take care of incident {number}. They know it, and wait for your word.",
            number=one.item,
        )
    ]
    if one.reporter is not None:
        answer.append(_("It was told by {who}.", who=Person(one.reporter, full=True)))
    return [
        *answer,
        *await _tell_team(ctx, one, said),
        *incident_command.notify_reporter(one, said),
    ]


async def _tell_team(ctx: Context, one: Incident, said: Line) -> list[Effect]:
    """Tell the rest of the team, unless the answer stands in the team's room anyway."""
    those = await care_team.team_for(ctx, one)
    if those.room is not None and ctx.room == those.room:
        return []
    return await those.tell(ctx, [said], one.item, besides=ctx.who)


@feature.command(
    words(
        "resolver", "resolver", "settle", "cerrar incidente | encerrar incidente | close incident"
    ),
    help=_("say what came of an incident or an appeal, and close it"),
    example=_("For example: `!settle {number} we talked with both`", number=57),
    topic=CARE,
)
async def settle(ctx: Context, one: IncidentToSettle, *, outcome: Rest = NOTHING) -> Answer:
    """Close an incident with its outcome, which the reporter reads. Only who took it on may. Return
    the answer."""
    if one.owner != ctx.who:
        raise UserError(_("First somebody takes care of it: `attend {number}`", number=one.item))
    came = one_line(outcome)
    if not re.search(r"\w", came):
        raise MissingArgument("outcome", _("what came of it"))
    effects = await _apply_outcome(ctx, one, came) if one.about is not None else []
    await incident_store.close_incident(ctx.db, one.item, ctx.now)
    await items.close(ctx.db, one.item)
    await ctx.cancel_jobs(one.item)
    await ctx.schedule(SHRED_JOB, ctx.now + APPEAL_PERIOD, item=one.item)
    told = (
        _(
            "Incident {number} is settled. {who} says: {text}",
            number=one.item,
            who=Person(ctx.who),
            text=came,
        ),
        _(
            "If you see it differently: `appeal {number}` and why. Others look at it than who"
            " decided.",
            number=one.item,
        ),
    )
    said = (
        _(
            "Settled: incident {number}. They read it in private; in {span} I delete its words.",
            number=one.item,
            span=Span(APPEAL_PERIOD),
        )
        if one.reporter is not None
        else _(
            "Settled: incident {number}. Who told it had their data deleted and reads nothing;"
            " in {span} I delete its words.",
            number=one.item,
            span=Span(APPEAL_PERIOD),
        )
    )
    others = await _tell_team(ctx, one, _("Incident {number} is settled.", number=one.item))
    last = told if one.about is None else told[:1]
    return [said, *effects, *others, *incident_command.notify_reporter(one, *last)]


async def _apply_outcome(ctx: Context, one: Incident, text: str) -> list[Effect]:
    """Lift the measure appealed against, or keep it. Raises `UserError` if the text says
    neither."""
    measure = await measure_store.get_measure(ctx.db, one.about) if one.about is not None else None
    if measure is None or measure.is_over or measure.act is Deed.REMOVE:
        return []
    first = fold(text).split()[0].strip(".,:;")
    if first in {fold(word) for word in LIFT_WORDS}:
        facts = {"number": measure.item, "act": measure.act, "reason": ""}
        await ctx.log("lifted", facts, room=measure.room)
        return await measure_end.lift_measure(ctx, measure)
    if first in {fold(word) for word in KEEP_WORDS}:
        return []
    raise UserError(
        _(
            "Begin with what becomes of it: `settle {number} lift` or `settle {number} keep`, and"
            " why.",
            number=one.item,
        )
    )


# --- appeals --------------------------------------------------------------------------------------


@feature.command(
    words("apelar", "recorrer", "appeal", "apelación | recurso contra, apelação |"),
    help=_("have others look at what was decided about you or what you told"),
    example=_("For example: `!appeal {number} I was not there`", number=57),
    topic=CARE,
    does=ItemAccess.COUNTS,
    where=CommandPlace.PRIVATE,
    behind=Behind.TEXT,
)
async def appeal(ctx: Context, number: Number, *, why: Rest = NOTHING) -> Answer:
    """Appeal against a measure, or against the settlement of an incident. Return the answer."""
    about = number
    apart = await _deciders(ctx, about)
    if apart is None:
        raise UserError(_("There is no number {number} here.", number=about))
    before = await incident_store.appeal_of(ctx.db, about)
    if before is not None:
        raise UserError(_("It was appealed already: number {number}.", number=before.item))
    reason = one_line(why)[: 4 * LONGEST_REASON]
    if not re.search(r"\w", reason):
        raise MissingArgument("why", _("why you see it differently"))
    apart.append(await person_hash.hash_person(ctx.db, ctx.who))
    one = await incident_command.file_incident(ctx, reason, ctx.origin.mentions, about, apart=apart)
    return [
        _(
            "Your appeal has number {number}. Neither you nor who decided has a say in it: others"
            " look at it and write to you.",
            number=one.number,
        ),
        *readers.not_shown_lines(one.held),
        *one.effects,
    ]


async def _deciders(ctx: Context, about: Number) -> list[bytes] | None:
    """Return the hashes of who decided it; None if the asker has no right to appeal."""
    mine = await person_hash.hash_person(ctx.db, ctx.who)
    measure = await measure_store.get_measure(ctx.db, about)
    if measure is not None and measure.mark == mine:
        return [await person_hash.hash_person(ctx.db, measure.by)] if measure.by else []
    one = await incident_store.get_incident(ctx.db, about)
    if one is None or one.mark != mine or one.closed is None or one.about is not None:
        return None
    found = [*await incident_store.excluded_marks(ctx.db, about)]
    return [*found, await person_hash.hash_person(ctx.db, one.owner)] if one.owner else found


# --- what falls due -------------------------------------------------------------------------------


@feature.runs(WAITING_JOB)
async def remind_of_incident(ctx: Context, job: Job) -> Answer:
    """Remind the team of an incident that nobody took on or its owner has not settled, up to a
    limit. Return what to say, if anything."""
    one = await incident_store.get_incident(ctx.db, job.item) if job.item is not None else None
    if one is None or one.closed is not None or one.reminded >= MOST_REMINDERS:
        return None
    again = ctx.now + REMINDER_INTERVAL
    await incident_store.count_reminder(ctx.db, one.item, again)
    await ctx.schedule(WAITING_JOB, again, item=one.item)
    late = ctx.now - job.due
    lines = (
        [_("I say it {span} late, because I was away.", span=Span(late))]
        if late > LATE_AFTER
        else []
    )
    if one.owner is not None:
        said = _(
            "You take care of incident {number}. When it is settled: `settle {number}` and"
            " what came of it.",
            number=one.item,
        )
        return Say((said, *lines), to=one.owner, loud=True, item=one.item)
    said = _(
        "Incident {number} has waited {span} for somebody. Who takes it: `attend {number}`",
        number=one.item,
        span=Span(ctx.now - one.at),
    )
    told = await (await care_team.team_for(ctx, one)).tell(ctx, [said, *lines], one.item)
    return [*told, *await _escalate(ctx, one)]


async def _escalate(ctx: Context, one: Incident) -> list[Effect]:
    """At the second reminder tell the moderators' room that something waits, not what.

    Whom the incident may be about does not get even that.
    """
    chosen, place = await chosen_moderators_room(ctx.db), await care_team.team_room(ctx)
    if one.reminded != 1 or chosen is None or place is None or place.room == chosen:
        return []
    said = _("Something has waited for the care team for {span}.", span=Span(ctx.now - one.at))
    apart = await care_team.excluded_readers(
        ctx, one, await care_team.appealed_room(ctx, one.about)
    )
    there = await rooms.members(ctx.db, chosen)
    if not {*apart} & {*there}:
        return [Say((said,), room=chosen, loud=True)]
    left = [who for who in there if who not in (*apart, ctx.me)]
    return [Say((said,), to=who, loud=True) for who in left[: care_team.MOST_RECIPIENTS]]


@feature.runs(SHRED_JOB)
async def delete_incident(ctx: Context, job: Job) -> Answer:
    """Delete a settled incident with the key of its text. Return what to say, if anything."""
    if job.item is not None and await incident_store.get_incident(ctx.db, job.item) is not None:
        await items.delete(ctx.db, job.item)
        ctx.db.shred()
    return None


@feature.offers(TAKE_ON.of("incident"))
async def taking_line(ctx: Context, item: Item) -> str | None:
    """Return what to type to take care of an incident, or None if this person may not settle it."""
    return f"attend {item.number}" if await _may_settle(ctx, item.number) else None


@feature.offers(FINISH.of("incident"))
async def finishing_line(ctx: Context, item: Item) -> str | None:
    """Return what to type to settle an incident, or None if this person may not."""
    return f"settle {item.number}" if await _may_settle(ctx, item.number) else None


@feature.offers(WAITING_NUMBERS)
async def waiting_numbers(ctx: Context) -> list[Number]:
    """Return the numbers of the incidents that this person may take on and that nobody has."""
    waiting = await incident_store.open_incidents(ctx.db, MOST_LISTED)
    return [one.item for one in waiting if one.owner is None and await _may_settle(ctx, one.item)]


async def _may_settle(ctx: Context, number: Number) -> bool:
    """Return whether the person may take and settle the incident of that number."""
    try:
        one, _rest = await incident_command.incident_to_settle(ctx, str(number))
    except UserError:
        return False
    return one.closed is None
