"""Show how many people come in the event's message, and list who they are on request."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import (
    ITEM_CHANGED,
    NOTHING,
    Answer,
    Context,
    Edit,
    ItemAccess,
    Job,
    Line,
    MessageRef,
    Person,
    Reach,
    Rest,
    Say,
    SubCommands,
    UserId,
    _,
    n_,
    words,
)
from commands.attendance import checkin, event_parameters, stored_roster
from commands.attendance.declaration import COUNTS_JOB, feature
from commands.attendance.event_parameters import EventOrNext
from commands.attendance.roster import GivenAnswer, Roster
from commands.events import other_rooms, store, texts
from commands.events.consequences import message_lines
from commands.events.declaration import EVENTS_TOPIC
from commands.events.event import Date, Event, next_date

MOST_NAMED = 40
"""How many people are named at most; of the others only the number is given."""
ATTENDEE_SUBS = SubCommands(number_first=True)


@feature.runs(COUNTS_JOB)
async def update_counts(ctx: Context, job: Job) -> Answer:
    """Edit the event's messages after answers have changed, and send the totals to linked networks.
    Return what to say, if anything."""
    event = await store.get_event(ctx.db, job.item) if job.item is not None else None
    if event is None or event.cancelled:
        return None
    for offer in ctx.registry.offers(ITEM_CHANGED):
        await offer(ctx, event.item)
    await other_rooms.repeat(ctx, event, other_rooms.EDITED)
    lines = await message_lines(ctx, event)
    return Edit(MessageRef(event.item, "opening"), lines, room=event.room) if lines else None


@feature.command(
    words(
        "asistentes",
        "participantes",
        "attendees",
        "quién va, quienes van, lista de asistencia, lista de asistentes, asistencia, "
        "inscritos, inscritas, confirmados, confirmadas, quién confirmó, quiénes confirmaron, "
        "quiénes han confirmado, quiénes han confirmado su asistencia, quiénes van a venir | "
        "quem vai, lista de presença, lista de participantes, presença, inscritos, "
        "inscritas, confirmados, quem confirmou, quem confirmou presença | "
        "who comes, who is coming, who's coming, attendance list, attendance, who confirmed, "
        "who has confirmed",
    ),
    help=_("who comes to an event"),
    example=_("For example: `!attendees {number}`", number=57),
    topic=EVENTS_TOPIC,
    of=("event",),
    does=ItemAccess.READS,
    reach=Reach.ROOM,
    subs=ATTENDEE_SUBS,
)
async def list_attendees(ctx: Context, event: EventOrNext, *, day: Rest = NOTHING) -> Answer:
    """List who comes, may come and waits for a place, at the event's next date or the one named.
    Return the answer. Raises `UserError` if the event has no such date.

    Also lists who was present at the latest recorded date.
    """
    when = await event_parameters.find_date(ctx, event, day, every=False) or next_date(
        event, ctx.said_at
    )
    lines = await checkin.presence_lines(ctx, event)
    if when is not None:
        lines = [
            *roster_lines(event, when, await stored_roster.load_roster(ctx, event, when)),
            *lines,
        ]
    if not lines:
        return _(
            '"{title}" ({number}) is over.',
            title=texts.shorten_title(event.title),
            number=event.item,
        )
    return reply_with_lines(ctx, event, lines)


def roster_lines(event: Event, when: Date, found: Roster) -> list[Line]:
    """Return the lines that name who comes to an event, may come and waits, but not who
    declined."""
    named = {"title": texts.shorten_title(event.title), "number": event.item}
    head = _('"{title}" ({number}), {when}', when=texts.date_line(event, when), **named)
    if not (found.going or found.maybe or found.waiting):
        return [head, _("Nobody has said yet that they come. To come: `going {number}`", **named)]
    lines = [head]
    if found.going:
        lines.append(
            _("Coming ({count}): {people}", count=found.taken, people=person_lines(found.going))
        )
    if found.maybe:
        maybe = len(found.maybe)
        lines.append(_("Maybe ({count}): {people}", count=maybe, people=person_lines(found.maybe)))
    if found.waiting:
        waiting = len(found.waiting)
        lines.append(
            _(
                "On the waiting list ({count}): {people}",
                count=waiting,
                people=person_lines(found.waiting),
            )
        )
    if found.free:
        lines.append(_("Seats left: {count}", count=found.free))
    return lines


def person_lines(given_: Sequence[GivenAnswer]) -> tuple[Line, ...]:
    """Return a line with these people and their guests; of many, the first ones and how many more
    there are."""
    shown = tuple(_person_text(one.person, one.guests) for one in given_[:MOST_NAMED])
    more = len(given_) - MOST_NAMED
    return (*shown, n_("and {count} more", "and {count} more", more)) if more > 0 else shown


def _person_text(person: UserId, guests: int) -> Line:
    if guests:
        return Line("{person} +{count}", {"person": Person(person), "count": guests})
    return Line("{person}", {"person": Person(person)})


def reply_with_lines(ctx: Context, event: Event, lines: Sequence[Line]) -> Answer:
    """Return the lines as an answer in the room, or in private where others may not read them.

    A reply to it is about the event.
    """
    return Say(tuple(lines), to=ctx.who, item=event.item) if ctx.answer_privately else list(lines)
