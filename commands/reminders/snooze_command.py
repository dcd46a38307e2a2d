"""`!snooze`: ring again later, in reply to a reminder or by its number."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from datetime import datetime, timedelta

from bot.api import (
    SNOOZE,
    Answer,
    Bare,
    Context,
    Item,
    Line,
    MissingArgument,
    Moment,
    Number,
    Reach,
    UserError,
    _,
    dates,
    is_author,
    is_in,
    items,
    words,
)
from commands.reminders import reminder_store
from commands.reminders.declaration import (
    AGAIN_JOB,
    REMINDERS,
    RING_JOB,
    answer_about,
    feature,
    require_not_too_far,
    with_default_time,
)
from commands.reminders.reminder_store import Reminder

DEFAULT_SNOOZE = timedelta(minutes=15)


@feature.command(
    words("posponer", "soneca", "snooze", "| adiar lembrete |"),
    help=_("ring again later, in reply to a reminder"),
    example=_("For example: `!snooze {number} 15m`", number=57),
    topic=REMINDERS,
    reach=Reach.ROOM,
    bare=Bare.NUMBERED,
)
async def snooze(ctx: Context, *, text: str = "") -> Answer:
    """Snooze a reminder by reply or number, for 15 minutes if no time is given. Return the answer.

    Items of other features are snoozed by their feature.
    """
    # The new time may stand before or behind the number.
    other = await _other_snooze(ctx, text)
    if other is not None:
        return await other
    item, rest = await _find_reminder(ctx, text)
    return await _snooze_reminder(ctx, item, rest)


async def _other_snooze(ctx: Context, text: str) -> Awaitable[Line] | None:
    """Return the call that snoozes another feature's item, or None."""
    numbered = re.match(r"#?(\d{1,9})(?:\s+(.*))?$", text.strip(), re.DOTALL)
    item, rest = await ctx.replied_item(), text
    if numbered and (item is None or item.number == int(numbered[1])):
        found = await items.get(ctx.db, Number(int(numbered[1])))
        item, rest = (found if found and await ctx.may_see(found) else None), numbered[2] or ""
    if item is None or item.kind == "reminder":
        return None
    offers = ctx.registry.offers(SNOOZE.of(ctx.answer_privately_about(item).kind))
    return offers[0](ctx, item, rest) if offers else None


@feature.reply("reminder", reach=Reach.ROOM)
async def handle_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Snooze a reminder by a reply to it such as `posponer 15m`, typed without a prefix. Return
    what to say, if anything."""
    found = ctx.registry.find_command(text)
    if found is None or found[0].handler is not snooze:
        return None
    rest = found[2].strip()
    if rest and _read_duration(rest) is None and not _is_date(ctx, rest):
        return None
    return await _snooze_reminder(ctx, item, rest)


async def _find_reminder(ctx: Context, text: str) -> tuple[Item, str]:
    """Return the reminder and the rest.

    A lone number in a reply is minutes, unless it is the reminder's.
    """
    text = text.strip()
    numbered = re.match(r"#?(\d{1,9})(?:\s+(.*))?$", text, re.DOTALL)
    item = await ctx.replied_item("reminder")
    if item is not None:
        own = numbered is not None and int(numbered[1]) == item.number
        if numbered and own and (not numbered[2] or _read_duration(numbered[2]) is not None):
            return item, numbered[2] or ""
        return item, text
    if numbered is None:
        number = ctx.answers.get("part:number")
        if number is None:
            raise MissingArgument("number", _("the number"))
        return (await ctx.parse_item(number, "reminder"))[0], text
    return await ctx.parse_item(text, "reminder")


feature.log_line("put_off", _("put off reminder {number}"))


async def _snooze_reminder(ctx: Context, item: Item, rest: str) -> Answer:
    if not await ctx.may_change(item):
        raise UserError(
            _(
                "You can't put off {number}: that is for its author or the moderators.",
                number=item.number,
            )
        )
    one = await reminder_store.get_reminder(ctx.db, item.number)
    if one is None:
        raise UserError(_("There is no reminder {number} any more.", number=item.number))
    await _require_can_ring(ctx, item, one)
    at = _snooze_time(ctx, one, rest, waits=item.open and one.rule is None)
    require_not_too_far(ctx, at)
    await _schedule_snooze(ctx, item, one, at)
    if not is_author(ctx, item):
        await ctx.log("put_off", {"number": item.number}, room=item.room)
    line = _(
        'Reminder {number} rings again: {moment}, "{text}". To remove it: `!cancel {number}`',
        number=item.number,
        moment=Moment(at, one.zone),
        text=item.title,
    )
    return answer_about(ctx, one, line)


async def _require_can_ring(ctx: Context, item: Item, one: Reminder) -> None:
    """Raise `UserError` if the reminder has ended.

    The last occurrence of a series can still be snoozed.
    """
    if not one.private and not await is_in(ctx, item.room, item.author):
        raise UserError(
            _("Reminder {number} is over: who set it is not in that room.", number=item.number)
        )
    if item.open or one.rule is None or one.start is None:
        return
    if dates.next_after(one.rule, one.start, one.zone, ctx.said_at) is not None:
        raise UserError(
            _("Reminder {number} was cancelled.", number=item.number),
            _("For example: `!remind tomorrow 17:00; bring the banner`"),
        )


async def _schedule_snooze(ctx: Context, item: Item, one: Reminder, at: datetime) -> None:
    """Ring at `at` instead of before. A series keeps its rhythm besides."""
    await ctx.cancel_jobs(item.number, AGAIN_JOB)
    if one.rule is None or not item.open:
        await ctx.cancel_jobs(item.number, RING_JOB)
        await reminder_store.set_due(ctx.db, item.number, at)
    await items.reopen(ctx.db, item.number)
    await ctx.schedule(
        AGAIN_JOB, at, item=item.number, room=item.room, person=item.author, zone=one.zone
    )


def _snooze_time(ctx: Context, one: Reminder, rest: str, *, waits: bool) -> datetime:
    """Return when it rings again: after a duration, or at a date.

    The duration counts from the due time if it has not rung yet.
    """
    length = _read_duration(rest) if rest else DEFAULT_SNOOZE
    if length is not None:
        return (max(ctx.said_at, one.due) if waits else ctx.said_at) + max(
            length, timedelta(minutes=1)
        )
    phrase = _without_until(rest)
    when = ctx.choose_reading(phrase, dates.read_date(phrase, ctx.said_at, one.zone))
    return when.at if when.has_time else with_default_time(when).at


def _read_duration(text: str) -> timedelta | None:
    bare = text.strip()
    if bare.isascii() and bare.isdigit() and len(bare) < 5:
        return timedelta(minutes=int(bare)) if int(bare) else None
    return dates.read_duration(re.sub(r"^(?:por|for|em|en|in)\s+", "", bare, flags=re.IGNORECASE))


def _without_until(text: str) -> str:
    pattern = r"^(?:hasta|até|ate|until|till|para|pra|to)\s+(?:el |a |o )?"
    return re.sub(pattern, "", text.strip(), flags=re.IGNORECASE)


def _is_date(ctx: Context, text: str) -> bool:
    read = dates.read_date(_without_until(text), ctx.said_at, ctx.policy.zone)
    return not isinstance(read, dates.UnreadableDate)
