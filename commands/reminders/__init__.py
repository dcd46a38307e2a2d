"""Reminders: for a room or for oneself, once or again and again."""

from __future__ import annotations

import json
import re
from datetime import datetime, time, timedelta
from pathlib import Path

from bot.api import (
    Answer,
    Context,
    Feature,
    Item,
    Job,
    Line,
    Membership,
    Missing,
    Moment,
    Person,
    RoomId,
    Say,
    Span,
    Topic,
    UserError,
    UserId,
    _,
    choice,
    dates,
    items,
    n_,
    rooms,
    words,
)
from commands.reminders import reading, store
from commands.reminders.store import Reminder

feature = Feature("reminders", Path(__file__).parent)

REMINDERS = Topic("reminders", words("recordatorios", "lembretes", "reminders"), _("Reminders"))
PAGE = 15
LONGEST = 1000
MOST = 200
FARTHEST = timedelta(days=3653)
LATE = timedelta(minutes=5)
"""What rings later than this says so."""
SNOOZE = timedelta(minutes=15)
DAY_HOUR = time(9)
"""When a day without an hour rings; the echo says it."""
MISSED = 50
"""As far as missed occurrences are counted."""


# --- making one -----------------------------------------------------------------------------------


@feature.command(
    words(
        "recordar",
        "lembrar",
        "remind",
        "recuérdame, recuerdame, me lembra, remind me, recuérdanos, nos lembra, me lembre,"
        " recordarme, recordatorio, lembrete, reminder",
    ),
    help=_("remind the room, or in private only you; `every …` repeats"),
    example=_("For example: `!remind tomorrow 17:00; bring the banner`"),
    topic=REMINDERS,
)
async def remind(ctx: Context, *, text: str) -> Answer:
    """A date (or a rhythm) and words, in either order. A day without an hour rings at 9:00."""
    when, phrase, what = await _understood(ctx, text)
    if len(what) > LONGEST:
        raise UserError(
            _("That is too long for a reminder: {count} letters at most.", count=LONGEST)
        )
    if await store.count_open(ctx.db, ctx.who) >= MOST:
        raise UserError(
            _("You have {count} open reminders; that is all I keep for one person.", count=MOST),
            _("To see them: `!reminders`. To remove one: `!cancel 57`"),
        )
    number = await ctx.new_item("reminder", what)
    rule = when if isinstance(when, dates.Recurrence) else None
    first = rule.first if rule else when
    assert isinstance(first, dates.When)
    one = Reminder(
        number,
        what,
        ctx.private,
        ctx.origin.thread,
        first.at,
        first.zone,
        rule.rule if rule else None,
        rule.start if rule else None,
        phrase if rule else None,
    )
    await store.put(ctx.db, one)
    await ctx.schedule("ring", one.due, item=number, person=ctx.who, zone=one.zone)
    return _about(ctx, one, *_echo(one))


async def _understood(ctx: Context, text: str) -> tuple[dates.When | dates.Recurrence, str, str]:
    """When, in which words, and of what; what is missing or doubtful is asked."""
    later = ctx.known.get("part:when")
    found = reading.split(later or text, ctx.now, ctx.policy.zone)
    if found is None:
        if reading.too_often(text):
            raise UserError(
                _("I don't ring more often than once an hour."),
                _("For example: `!remind every 2 hours; drink water`"),
            )
        raise Missing("when", _("the date"))
    if later is not None:
        before = reading.split(text, ctx.now, ctx.policy.zone)
        what = before.text if before else reading.unquoted(reading.joined(text))
    else:
        what = found.text
    when = _which(ctx, found)
    what = what or ctx.known.get("part:what", "")
    if not what.strip(' "'):
        raise Missing("what", _("what to remind of"))
    return when, found.phrase, what


def _which(ctx: Context, found: reading.Split) -> dates.When | dates.Recurrence:
    """The one date or series that is meant, with an hour, and not too far away."""
    if isinstance(found.when, reading.Series):
        chosen = _one_of(ctx, found.when)
        if not chosen.has_time:
            chosen = _at_nine(chosen)
        if chosen.first.at <= ctx.now:  # today's hour is over: the next one
            chosen = _from_next(chosen, ctx.now)
        _check(ctx, chosen.first)
        return chosen
    when = ctx.reading(found.phrase, found.when)
    if not when.has_time:
        wall = datetime.combine(when.wall.date(), DAY_HOUR)
        when = dates.When(dates.to_utc(wall, when.zone), wall, when.zone, True)
        if when.at <= ctx.now:
            raise Missing("when", _("the hour"))
    _check(ctx, when)
    return when


def _check(ctx: Context, when: dates.When) -> None:
    if when.at > ctx.now + FARTHEST:
        raise UserError(_("That is too far away: ten years at most."))


def _one_of(ctx: Context, found: reading.Series) -> dates.Recurrence:
    """The series that is meant; what was asked stays the same until it is answered."""
    if len(found.options) == 1:
        return found.options[0]
    rows = [(o.rule, o.start.isoformat(), o.zone, o.has_time) for o in found.options]
    kept = json.loads(ctx.known.setdefault("series", json.dumps(rows)))
    options = [dates.Recurrence(r, datetime.fromisoformat(s), z, t) for r, s, z, t in kept]
    shown = tuple(
        _("{n}) {moment}", n=n, moment=Moment(o.first.at, o.zone))
        for n, o in enumerate(options, start=1)
    )
    answer = ctx.ask(
        "which series",
        choice(len(options)),
        _("When is the first one? {options}", options=shown),
        _("Answer with the number."),
    )
    return options[int(answer) - 1]


def _at_nine(one: dates.Recurrence) -> dates.Recurrence:
    start = datetime.combine(one.start.date(), DAY_HOUR)
    return dates.Recurrence(one.rule, start, one.zone, True)


def _from_next(one: dates.Recurrence, now: datetime) -> dates.Recurrence:
    following = dates.next_after(one.rule, one.start, one.zone, now)
    if following is None:
        raise UserError(_('No time to come is left in "{words}".', words=one.rule))
    return dates.Recurrence(one.rule, following.wall, one.zone, True)


def _echo(one: Reminder) -> list[Line]:
    lines = [
        _(
            'Reminder {number}: {moment}, "{text}". To remove it: `!cancel {number}`',
            number=one.item,
            moment=Moment(one.due, one.zone),
            text=one.title,
        )
    ]
    if one.phrase:
        lines.append(_("It repeats: {rhythm}.", rhythm=one.phrase))
    return lines


def _about(ctx: Context, one: Reminder, *lines: Line) -> Say:
    """An answer to what was typed; replies to it are about the reminder."""
    return Say(lines, reply_to=ctx.origin.event, thread=ctx.origin.thread, item=one.item)


# --- ringing --------------------------------------------------------------------------------------


@feature.job("ring")
async def ring(ctx: Context, job: Job) -> Answer:
    """Ring, and wait for the next time or be done. What was missed meanwhile is only counted."""
    found = await _waiting(ctx, job)
    if found is None:
        return None
    item, one = found
    lines = await _ringing(ctx, item, one, job.due)
    if one.rule is None or one.start is None:
        await items.close(ctx.db, item.number)
        return await _loud(ctx, item, one, lines)
    lines += _missed(one, job.due, ctx.now)
    following = dates.next_after(one.rule, one.start, one.zone, ctx.now)
    if following is None:
        await items.close(ctx.db, item.number)
        lines.append(_("That was the last time."))
        return await _loud(ctx, item, one, lines)
    await store.set_due(ctx.db, item.number, following.at)
    await ctx.schedule(
        "ring", following.at, item=item.number, room=item.room, person=item.author, zone=one.zone
    )
    moment = Moment(following.at, one.zone)
    lines.append(
        _("Next time: {moment}. To stop: `!cancel {number}`", moment=moment, number=one.item)
    )
    return await _loud(ctx, item, one, lines)


@feature.job("again")
async def again(ctx: Context, job: Job) -> Answer:
    """Ring once more what was put off; a series goes on by itself."""
    found = await _waiting(ctx, job)
    if found is None:
        return None
    item, one = found
    if one.rule is None:
        await items.close(ctx.db, item.number)
    return await _loud(ctx, item, one, await _ringing(ctx, item, one, job.due))


async def _waiting(ctx: Context, job: Job) -> tuple[Item, Reminder] | None:
    if job.item is None:
        return None
    item, one = await items.get(ctx.db, job.item), await store.get(ctx.db, job.item)
    return (item, one) if item and item.open and one else None


async def _ringing(ctx: Context, item: Item, one: Reminder, due: datetime) -> list[Line]:
    """What is said; if it comes late, by how much, why, and when it should have been."""
    snooze = _("Again in 15 min: `!snooze {number} 15m`", number=one.item)
    person = Person(item.author)
    if ctx.now - due > LATE:
        span, moment = Span(ctx.now - due), Moment(due, one.zone)
        said = (
            _('Late by {span}, because I was away: "{text}".', span=span, text=one.title)
            if one.private
            else _(
                '{person}, late by {span}, because I was away: "{text}".',
                person=person,
                span=span,
                text=one.title,
            )
        )
        return [said, _("It was due {moment}. {snooze}", moment=moment, snooze=snooze)]
    if one.private:
        return [_('Reminder: "{text}".', text=one.title), snooze]
    return [_('Reminder for {person}: "{text}".', person=person, text=one.title), snooze]


def _missed(one: Reminder, due: datetime, now: datetime) -> list[Line]:
    count, at = 0, due
    while count < MISSED and one.rule and one.start:
        following = dates.next_after(one.rule, one.start, one.zone, at)
        if following is None or following.at > now:
            break
        count, at = count + 1, following.at
    if count == 0:
        return []
    if count == MISSED:
        return [_("Meanwhile more than {count} other times passed without ringing.", count=count)]
    return [
        n_(
            "Meanwhile {count} other time passed without ringing.",
            "Meanwhile {count} other times passed without ringing.",
            count,
        )
    ]


async def _loud(ctx: Context, item: Item, one: Reminder, lines: list[Line]) -> Say:
    """To the person alone, or in the room with a mention of who set it, if they are still there."""
    said, number = tuple(lines), item.number
    if one.private:
        return Say(said, to=item.author, loud=True, item=number, slot="ring")
    there = await rooms.membership(ctx.db, item.room, item.author) is Membership.JOIN
    mentions: tuple[UserId, ...] = (item.author,) if there else ()
    return Say(
        said,
        room=item.room,
        thread=one.thread,
        mentions=mentions,
        loud=True,
        item=number,
        slot="ring",
    )


# --- putting off ----------------------------------------------------------------------------------


@feature.command(
    words("posponer", "soneca", "snooze", "adiar lembrete"),
    help=_("ring again later, in reply to a reminder"),
    example=_("For example: `!snooze 57 15m`"),
    topic=REMINDERS,
    bare=True,
)
async def snooze(ctx: Context, *, text: str = "") -> Answer:
    """In reply to a reminder or with its number; 15 minutes if nothing else is said."""
    item, rest = await _meant(ctx, text)
    return await _put_off(ctx, item, rest)


@feature.reply("reminder")
async def replied(ctx: Context, item: Item, text: str) -> Answer:
    """`posponer 15m` in reply, without a prefix."""
    found = ctx.registry.find(text)
    if found is None or found[0].handler is not snooze:
        return None
    rest = found[2].strip()
    if rest and _length(rest) is None and not _is_date(ctx, rest):
        return None
    return await _put_off(ctx, item, rest)


async def _meant(ctx: Context, text: str) -> tuple[Item, str]:
    """The reminder, and how long. In a reply a lone number is minutes, unless it is its own."""
    text = text.strip()
    numbered = re.match(r"#?(\d{1,9})(?:\s+(.*))?$", text, re.DOTALL)
    item = await ctx.replied("reminder")
    if item is not None:
        own = numbered is not None and int(numbered[1]) == item.number
        if numbered and own and (not numbered[2] or _length(numbered[2]) is not None):
            return item, numbered[2] or ""
        return item, text
    if numbered is None:
        number = ctx.known.get("part:number")
        if number is None:
            raise Missing("number", _("the number"))
        return (await ctx.item(number, "reminder"))[0], text
    return await ctx.item(text, "reminder")


async def _put_off(ctx: Context, item: Item, rest: str) -> Answer:
    if item.author != ctx.who and not await ctx.moderates(item.room):
        raise UserError(
            _(
                "You can't put off {number}: that is for its author or the moderators.",
                number=item.number,
            )
        )
    one = await store.get(ctx.db, item.number)
    if one is None:
        raise UserError(_("There is no reminder {number} any more.", number=item.number))
    at = _later(ctx, one, rest, waits=item.open and one.rule is None)
    if at > ctx.now + FARTHEST:
        raise UserError(_("That is too far away: ten years at most."))
    await ctx.call_off(item.number, "again")
    if one.rule is None:
        await ctx.call_off(item.number, "ring")
        await store.set_due(ctx.db, item.number, at)
        await items.reopen(ctx.db, item.number)
    elif not item.open:
        await items.reopen(ctx.db, item.number)
    await ctx.schedule(
        "again", at, item=item.number, room=item.room, person=item.author, zone=one.zone
    )
    line = _(
        'Reminder {number} rings again: {moment}, "{text}". To remove it: `!cancel {number}`',
        number=item.number,
        moment=Moment(at, one.zone),
        text=item.title,
    )
    return _about(ctx, one, line)


def _later(ctx: Context, one: Reminder, rest: str, *, waits: bool) -> datetime:
    """When it rings again: after a while (of what has not rung yet: after its time), or a date."""
    length = _length(rest) if rest else SNOOZE
    if length is not None:
        return (max(ctx.now, one.due) if waits else ctx.now) + max(length, timedelta(minutes=1))
    phrase = _until(rest)
    when = ctx.reading(phrase, dates.read(phrase, ctx.now, one.zone))
    if when.has_time:
        return when.at
    return dates.to_utc(datetime.combine(when.wall.date(), DAY_HOUR), when.zone)


def _length(text: str) -> timedelta | None:
    bare = text.strip()
    if bare.isascii() and bare.isdigit() and len(bare) < 5:
        return timedelta(minutes=int(bare)) if int(bare) else None
    return dates.duration(re.sub(r"^(?:por|for|em|en|in)\s+", "", bare, flags=re.IGNORECASE))


def _until(text: str) -> str:
    pattern = r"^(?:hasta|até|ate|until|till|para|pra|to)\s+(?:el |a |o )?"
    return re.sub(pattern, "", text.strip(), flags=re.IGNORECASE)


def _is_date(ctx: Context, text: str) -> bool:
    read = dates.read(_until(text), ctx.now, ctx.policy.zone)
    return not isinstance(read, dates.Unreadable)


# --- lists, taking back ---------------------------------------------------------------------------


@feature.command(
    words("recordatorios", "lembretes", "reminders"),
    help=_("the reminders to come"),
    example=_("For example: `!reminders`"),
    topic=REMINDERS,
)
async def listed(ctx: Context, page: int = 1) -> Answer:
    """The room's; in private one's own, of every room."""
    found = (
        await store.open_of(ctx.db, ctx.who)
        if ctx.private
        else await store.open_in(ctx.db, ctx.room, ctx.who)
    )
    first = (max(page, 1) - 1) * PAGE
    lines = [_line(one) for one in found[first : first + PAGE]]
    if not lines:
        return [
            _("No reminder waits here."),
            _("For example: `!remind tomorrow 17:00; bring the banner`"),
        ]
    more = len(found) - first - PAGE
    if more > 0:
        following = max(page, 1) + 1
        lines.append(_("{count} more: `!reminders {page}`", count=more, page=following))
    return lines


def _line(one: Reminder) -> Line:
    text = " ".join(one.title.split())
    shown = text if len(text) <= 60 else f"{text[:59]}…"
    moment = Moment(one.due, one.zone)
    if one.phrase:
        return _(
            '{number}: {moment}, "{text}" ({rhythm})',
            number=one.item,
            moment=moment,
            text=shown,
            rhythm=one.phrase,
        )
    return _('{number}: {moment}, "{text}"', number=one.item, moment=moment, text=shown)


@feature.service("pending")
async def pending(ctx: Context, room: RoomId) -> list[Line]:
    """What waits in a room; never what somebody else set in private."""
    return [
        _("Reminder {line}", line=_line(one)) for one in await store.open_in(ctx.db, room, ctx.who)
    ]


@feature.service("cancel:reminder")
async def cancel(ctx: Context, item: Item) -> Line:
    """Take a reminder back, with all its times to come."""
    if not item.open:
        return _("Reminder {number} waits no more: nothing to cancel.", number=item.number)
    await ctx.call_off(item.number)
    await items.close(ctx.db, item.number)
    return _('Reminder {number} is cancelled: "{text}".', number=item.number, text=item.title)
