"""Commands and plain lines that answer an event: `voy 57`, `no voy`, `tal vez 57 24/09`."""

from __future__ import annotations

from bot.api import (
    Answer,
    Context,
    Item,
    Line,
    Message,
    Moment,
    Number,
    Reach,
    Say,
    UserError,
    UserId,
    _,
    acknowledge,
    dates,
    find_help_kind,
    items,
    n_,
)
from commands.attendance import event_parameters, rsvp, rsvp_phrases
from commands.attendance.declaration import feature
from commands.attendance.place_messages import waiting_line
from commands.attendance.roster import Rsvp
from commands.attendance.rsvp import RsvpOutcome
from commands.attendance.rsvp_phrases import Tail, TypedAnswer
from commands.events import texts
from commands.events.declaration import EVENTS_TOPIC
from commands.events.event import Date, Event, dates_after, next_date


@feature.command(  # Guests, day and number are one sentence: `rsvp_phrases` reads it.
    rsvp_phrases.GOING,
    help=_("say that you come; `going 57 tomorrow` for one date of a series"),
    example=_("For example: `!going {number}`", number=57),
    topic=EVENTS_TOPIC,
    of=("event",),
    reach=Reach.ROOM,
    vote=True,
    begins_calls=True,
)
async def answer_going(ctx: Context, *, text: str = "") -> Answer:
    """Record that the person comes to an event. A date and a number of guests may follow. Return
    the answer.

    Raises `UserError` and `MissingArgument`.
    """
    return await _answer_typed(ctx, Rsvp.YES, text)


@feature.command(  # Guests, day and number are one sentence: `rsvp_phrases` reads it.
    rsvp_phrases.NOT_GOING,
    help=_("say that you don't come; your place goes to the next person"),
    example=_("For example: `!not going {number}`", number=57),
    topic=EVENTS_TOPIC,
    of=("event",),
    reach=Reach.ROOM,
    vote=True,
    begins_calls=True,
)
async def answer_not_going(ctx: Context, *, text: str = "") -> Answer:
    """Record that the person does not come to an event. Return the answer. Raises `UserError` and
    `MissingArgument`."""
    return await _answer_typed(ctx, Rsvp.NO, text)


@feature.command(  # Guests, day and number are one sentence: `rsvp_phrases` reads it.
    rsvp_phrases.MAYBE,
    help=_("say that you may come; you are reminded, and no seat is kept"),
    example=_("For example: `!maybe {number}`", number=57),
    topic=EVENTS_TOPIC,
    of=("event",),
    reach=Reach.ROOM,
    vote=True,
)
async def answer_maybe(ctx: Context, *, text: str = "") -> Answer:
    """Record that the person may come to an event. Return the answer. Raises `UserError` and
    `MissingArgument`."""
    return await _answer_typed(ctx, Rsvp.MAYBE, text)


async def _answer_typed(ctx: Context, says: Rsvp, text: str) -> Answer:
    tail = rsvp_phrases.parse_tail(text)
    item, rest = await event_parameters.find_item(ctx, tail.rest)
    event = await event_parameters.load_event(ctx, item)
    if says is Rsvp.NO and event.rule is None:
        rest = await _strip_reason(ctx, event, text, rest)
    when = await event_parameters.find_date(ctx, event, rest, every=tail.every)
    return await record_answer(ctx, event, says, when, tail.guests)


async def _strip_reason(ctx: Context, event: Event, text: str, rest: str) -> str:
    """Return the rest of a no without its reason, if the event is named before it."""
    readable = not isinstance(dates.read_date(rest, ctx.said_at, event.zone), dates.UnreadableDate)
    before = rsvp_phrases.strip_reason(text)
    if not rest or readable or not before or find_help_kind(text) is not None:
        return rest
    found, named = await event_parameters.find_item(ctx, rsvp_phrases.parse_tail(before).rest)
    return named if found.number == event.item else rest


# --- without a prefix -----------------------------------------------------------------------------


async def answer_by_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Record the answer `voy`, `no puedo` or `tal vez 24/09` in a reply to an event, or `no puedo`
    and why. Return None for other text, also for a reason that calls for help."""
    refusal = rsvp_phrases.parse_refusal(text) if find_help_kind(text) is None else None
    for found in (rsvp_phrases.parse_answer(text), refusal):
        if found is not None:
            answer = await _answer_bare(ctx, item, found.says, found.tail, found.number)
            if answer is not None:
                return answer
    return None


def may_concern_events(line: str) -> bool:
    """Return whether a line without a command may be about coming to an event or about a shift."""
    return rsvp_phrases.may_be_answer(line) or rsvp_phrases.may_be_shift_line(line)


feature.wants_line = may_concern_events
feature.listens_within_room = True


@feature.on(Message)
async def answer_unprefixed(ctx: Context, _message: Message) -> Answer:
    """Record the answer of a whole line such as `voy 57`, where 57 is an event of this room.

    In private it may be any event the person can see. Return None for other text.
    """
    found = rsvp_phrases.parse_answer(ctx.text)
    number = (
        found.number or (n[0] if (n := rsvp_phrases.split_event_number(found.tail.rest)) else None)
        if found
        else None
    )
    item = await items.get(ctx.db, number) if number is not None else None
    whole = found is not None and number is not None and _is_whole_line(found, number)
    if whole and (item is None or not await ctx.may_see(item)):
        await ctx.parse_item(str(number))  # raises the error for an unknown number
    if found is None or item is None or item.kind != "event" or not await ctx.may_see(item):
        return None
    if not ctx.is_private and not item.stands_in(ctx.room):
        return None
    return await _answer_bare(ctx, item, found.says, found.tail, found.number)


def _is_whole_line(said: TypedAnswer, number: Number) -> bool:
    """True if the line is an answer and a number, and nothing else."""
    return said.tail.rest in (str(number), f"#{number}") or (
        said.number == number and not said.tail.rest
    )


async def _answer_bare(
    ctx: Context, item: Item, says: Rsvp, tail: Tail, before: Number | None
) -> Answer:
    """Record an answer if the whole line is one. Return None if anything else stands in it."""
    rest = tail.rest
    if before is not None and before != item.number:
        return None
    own = rsvp_phrases.split_event_number(rest)
    if before is None and own is not None and own[0] == item.number:
        rest = own[1]
    event = await event_parameters.load_event(ctx, item)
    if says is Rsvp.YES:
        rest = rsvp_phrases.strip_event_words(rest, event.title)
    if rest and isinstance(dates.read_date(rest, ctx.said_at, event.zone), dates.UnreadableDate):
        return None
    when = await event_parameters.find_date(ctx, event, rest, every=tail.every)
    return await record_answer(ctx, event, says, when, tail.guests)


# --- recording and confirming ---------------------------------------------------------------------


async def record_answer(
    ctx: Context, event: Event, says: Rsvp, when: Date | None, guests: int | None
) -> Answer:
    """Record a person's answer about an event and return its confirmation.

    Raises `UserError` if it is too late.
    """
    refused = closed_lines(ctx, event, when)
    if refused is not None:
        raise UserError(*refused)
    found = await rsvp.save_answer(ctx, event, says, when, guests)
    lines = confirmation_lines(found, ctx.who, ctx)
    said = _reply_about_event(ctx, found, lines)
    return [said if len(lines) > 1 else await acknowledge(ctx, said), *found.letters]


def _reply_about_event(ctx: Context, found: RsvpOutcome, lines: tuple[Line, ...]) -> Say:
    """Return a message of which a reply is about the event too."""
    return Say(lines, reply_to=ctx.origin.event, thread=ctx.origin.thread, item=found.event.item)


def closed_lines(ctx: Context, event: Event, when: Date | None) -> tuple[Line, ...] | None:
    """Return the lines that say why nobody can answer about the event any more, or None."""
    named = {"title": texts.shorten_title(event.title), "number": event.item}
    if event.cancelled:
        return (_('"{title}" ({number}) was cancelled.', **named), _("What comes: `!events`"))
    if when is not None and when.at <= ctx.said_at:
        begun = _(
            '"{title}" ({number}) began {moment}.', moment=Moment(when.at, event.zone), **named
        )
        return (begun, *event_parameters.next_dates_lines(event, ctx))
    if when is not None or dates_after(event, ctx.said_at, 1):
        return None
    if (running := next_date(event, ctx.said_at)) is not None:
        return (
            _(
                '"{title}" ({number}) has begun: {moment}.',
                moment=Moment(running.at, event.zone),
                **named,
            ),
            _("Whoever comes now is welcome; there is nothing to write."),
        )
    return (_('"{title}" ({number}) is over.', **named), _("What comes: `!events`"))


def confirmation_lines(found: RsvpOutcome, who: UserId, ctx: Context) -> tuple[Line, ...]:
    """Return the lines that confirm a person's answer about an event.

    It is one line, unless they wait for a place on some date.
    """
    event, given = found.event, found.given
    named = {
        "title": texts.shorten_title(event.title),
        "number": event.item,
        "when": _date_text(found, ctx),
    }
    if given.says is Rsvp.NO:
        return (
            _(
                'Noted: you don\'t come to "{title}" ({number}), {when}. If that changes: '
                "`going {number}`",
                **named,
            ),
        )
    if given.says is Rsvp.MAYBE:
        return (
            _(
                'Noted: you may come to "{title}" ({number}), {when}. For sure? `going {number}`',
                **named,
            ),
        )
    place = found.roster.waiting_number(who)
    if place:
        return _waiting_lines(found, place, named)
    lines = [_going_line(given.guests, named)]
    if found.waits_at:
        lines.append(waiting_line(event, found.waits_at))
    return tuple(lines)


def _going_line(guests: int, named: dict[str, object]) -> Line:
    if guests:
        return n_(
            'Noted: you come to "{title}" ({number}) with {count} more, {when}.',
            'Noted: you come to "{title}" ({number}) with {count} more, {when}.',
            guests,
            **named,
        )
    return _(
        'Noted: you come to "{title}" ({number}), {when}. If that changes: `not going {number}`',
        **named,
    )


def _waiting_lines(found: RsvpOutcome, place: int, named: dict[str, object]) -> tuple[Line, ...]:
    left = found.roster.free or 0
    if left:
        first = (
            n_(
                'At "{title}" ({number}), {when}, {count} seat is left, too few for all of you.',
                'At "{title}" ({number}), {when}, {count} seats are left, too few for all of you.',
                left,
                **named,
            )
            if found.given.guests
            else _(
                'At "{title}" ({number}), {when}, others wait before you for what is left.', **named
            )
        )
    else:
        first = n_(
            'The only seat of "{title}" ({number}), {when}, is taken.',
            'All {count} seats of "{title}" ({number}), {when}, are taken.',
            found.event.seats or 0,
            **named,
        )
    return (
        first,
        _("You are on the waiting list: number {place}.", place=place),
        _(
            "If a place frees, it is yours and I write to you. To leave the list: "
            "`not going {number}`",
            number=found.event.item,
        ),
    )


def _date_text(found: RsvpOutcome, ctx: Context) -> Line:
    if found.when is None and found.event.rule is not None:
        return _("every date")
    when = found.when or next(iter(dates_after(found.event, ctx.said_at, 1)), None)
    if when is None:
        return _("every date")
    zone = ctx.policy.zone if ctx.is_private else found.event.zone
    return texts.date_line_on_clock(found.event, when, zone)
