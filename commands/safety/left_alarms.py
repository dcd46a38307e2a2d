"""Alarms left at the homeserver, which sends them even if the bot and its machine are gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.api import (
    SETTING_CHANGED,
    Answer,
    Context,
    DeviceVerified,
    Effect,
    Job,
    Line,
    Membership,
    Moment,
    Person,
    RoomId,
    Say,
    SayLater,
    Span,
    UserId,
    _,
    delayed_messages,
    rooms,
)
from commands.safety import alarm_recall, check_in_store
from commands.safety.check_in_store import CheckIn
from commands.safety.declaration import (
    ANSWER_TIME,
    LEAVES_ALARMS,
    LEFT_JOB,
    LEFT_WITHIN,
    REPLACED_WITHIN,
    SERVER_CHOICE_JOB,
    SERVER_MARGIN,
    feature,
)
from commands.safety.spared import Spared, without_left_out


@dataclass(frozen=True, slots=True)
class LeftAlarms:
    """What the person is told about alarms without the bot, and the effects that leave them."""

    lines: list[Line]
    effects: list[Effect]


def goes_out_at(one: CheckIn) -> datetime:
    """Return when (UTC) the homeserver sends a check-in's alarm by itself."""
    return one.due + ANSWER_TIME + SERVER_MARGIN


async def leave_alarms(ctx: Context, one: CheckIn) -> LeftAlarms:
    """Return the effects that leave an alarm for each contact at the homeserver, in place of
    earlier ones.

    `one` is without the contacts whom a call for help leaves out: these get none. If none can be
    left, the effects take earlier ones back and the lines say why.
    """
    if (obstacle := await _find_obstacle(ctx, one)) is not None:
        return LeftAlarms([obstacle], [await alarm_recall.take_back(ctx, one)])
    away = [person for person in one.named if not await _is_in_private_room(ctx, person)]
    await ctx.schedule(
        LEFT_JOB, ctx.now + LEFT_WITHIN, item=one.item, person=one.author, known=list(away)
    )
    lines = [_promise_line(ctx, one)] if one.named else []
    if away:
        lines.append(_not_left_line(away))
    gone = await _people_no_longer_named(ctx, one)
    effects: list[Effect] = [await alarm_recall.take_back(ctx, one, gone)] if gone else []
    await alarm_recall.watch_recall(ctx, one, REPLACED_WITHIN)
    return LeftAlarms(lines, [*effects, *(_leave_for(one, person) for person in one.named)])


def _promise_line(ctx: Context, one: CheckIn) -> Line:
    if ctx.fetched.delay_limits() == "away":
        return _(
            "My server does not say now if it keeps my alarm for when my computer is off. I try,"
            " and tell you if not."
        )
    return _(
        "If my computer is off then, the server sends them my alarm at {moment}.",
        moment=Moment(goes_out_at(one), one.zone),
    )


async def _find_obstacle(ctx: Context, one: CheckIn) -> Line | None:
    """Return the line that says why nothing is left at the homeserver, or None."""
    if await _is_unwanted(ctx, one):
        return _unwanted_line()
    limits = ctx.fetched.delay_limits()
    if limits == "away":  # that is no answer: it may keep them
        return None
    if limits is None:
        return _(
            "If my computer is off then, this alarm does not go out: my server keeps none for me."
            " Tell somebody yourself too."
        )
    if goes_out_at(one) - ctx.now > limits.longest:
        return _(
            "If my computer is off then, this alarm does not go out: my server keeps one for {span}"
            " at most.",
            span=Span(limits.longest),
        )
    mine = len(await delayed_messages.about(ctx.db, one.item))
    if await delayed_messages.count(ctx.db) - mine + len(one.named) > limits.most:
        return _(
            "If my computer is off then, this alarm does not go out: my server keeps no more of"
            " them. Tell somebody yourself."
        )
    return None


def _unwanted_line() -> Line:
    return _(
        "I leave nothing of it at the server. If my computer is off then, this alarm does not go"
        " out."
    )


async def _is_unwanted(ctx: Context, one: CheckIn) -> bool:
    """Return whether the network or the person chose that nothing lies at the homeserver."""
    return one.is_local or await ctx.setting_value(LEAVES_ALARMS) == "no"


async def _is_in_private_room(ctx: Context, person: UserId) -> bool:
    """Return whether the person is in their private room, where an alarm can be left."""
    home = await rooms.private_room(ctx.db, person)
    return home is not None and (await rooms.membership(ctx.db, home, person) is Membership.JOIN)


def _not_left_line(people: Sequence[UserId]) -> Line:
    return _(
        "Not for these yet; I can leave it once they are in our private room and confirm a device:"
        " {who}.",
        who=tuple(Person(person, full=True) for person in people),
    )


async def _people_no_longer_named(ctx: Context, one: CheckIn) -> tuple[UserId, ...]:
    left = await delayed_messages.about(ctx.db, one.item)
    return tuple(dict.fromkeys(m.person for m in left if m.wanted and m.person not in one.named))


def _leave_for(one: CheckIn, person: UserId) -> SayLater:
    then = alarm_recall.recalled_callback(one)
    lines = tuple(_left_lines(one))
    return SayLater(lines, person, one.item, goes_out_at(one), one.author, then)


def _left_lines(one: CheckIn) -> list[Line]:
    """Return the alarm as it goes out without the bot, which does not know what happened since."""
    lines = [
        _(
            "{who} wanted to be back by {moment}, and nobody told me that they are.",
            who=Person(one.author, full=True),
            moment=Moment(one.due),
        ),
        _(
            "I left this at the server in case my computer is off. If it is, they may have written"
            " `ok` to me without my reading it."
        ),
    ]
    if one.note:
        lines.append(_("They left this note: “{note}”", note=one.note))
    others = tuple(Person(person, full=True) for person in one.named)
    if len(others) > 1:
        lines.append(_("Named are: {who}.", who=others))
    return [
        *lines,
        _("Please call them, or go and look."),
        _(
            "If you take care of it, tell the others yourself, and write `on it {number}` for when"
            " I am back.",
            number=one.item,
        ),
    ]


@feature.runs(LEFT_JOB)
async def report_not_left(ctx: Context, job: Job) -> Answer:
    """Tell a person for which contacts the homeserver keeps no alarm, unless they know. Return what
    to say, if anything."""
    one = await check_in_store.get_check_in(ctx.db, job.item) if job.item is not None else None
    if one is None or one.told:
        return None
    missing = []
    for person in (await without_left_out(ctx, one)).one.named:
        left = await delayed_messages.wanted(ctx.db, one.item, person)
        if (left is None or left.delay_id is None) and person not in job.payload["known"]:
            missing.append(person)
    if not missing:
        return None
    return Say((_not_left_line(missing),), to=one.author, loud=True, item=one.item)


async def have_gone_out(ctx: Context, one: CheckIn) -> bool:
    """Return whether the time has passed at which the homeserver sends a check-in's alarms by
    itself."""
    left = await delayed_messages.about(ctx.db, one.item)
    return any(m.delay_id is not None and m.wanted and m.send_at <= ctx.now for m in left)


async def status_line(ctx: Context, one: CheckIn) -> Line:
    """Return the line that says what becomes of alarms if the bot's machine is off."""
    left = [
        m.person
        for m in await delayed_messages.about(ctx.db, one.item)
        if m.wanted and m.delay_id is not None
    ]
    if not left:
        return _("If my computer is off then, this alarm does not go out.")
    return _(
        "If my computer is off then, the server sends it by itself at {moment} to: {who}.",
        moment=Moment(goes_out_at(one), one.zone),
        who=tuple(Person(person, full=True) for person in left),
    )


# --- what changes for them ------------------------------------------------------------------------


@feature.offers(SETTING_CHANGED)
async def handle_setting(ctx: Context, key: str, _room: RoomId) -> None:
    """Cancel the alarms at the homeserver when a network sets that none are left there."""
    if key == LEAVES_ALARMS.key:  # the jobs read what it is now
        for one in await check_in_store.all_check_ins(ctx.db):
            await ctx.schedule(SERVER_CHOICE_JOB, ctx.now, item=one.item, person=one.author)


@feature.runs(SERVER_CHOICE_JOB)
async def report_taken_back(ctx: Context, job: Job) -> Answer:
    """Cancel the alarms of one check-in at the homeserver, and tell the person that none lies there
    now. Return what to say, if anything."""
    one = await check_in_store.get_check_in(ctx.db, job.item) if job.item is not None else None
    if one is None or not await _is_unwanted(ctx, one):
        return None
    if not await delayed_messages.about(ctx.db, one.item):
        return None
    said = Say((_unwanted_line(),), to=one.author, loud=True, item=one.item)
    return [await alarm_recall.take_back(ctx, one), said]


async def follow_spared(ctx: Context, one: CheckIn, spared: Spared) -> list[Effect]:
    """Return what takes back at once what lies at the homeserver for contacts whom a call for help
    leaves out: else it would go out if the bot's machine is gone by then.

    For all others it is left again if one of them is left out no more, or theirs names others.
    """
    every = await delayed_messages.about(ctx.db, one.item)
    lying = {m.person for m in every if m.wanted}
    replaced = {m.person for m in every if one.told}  # by an alarm of the bot, which is not sent
    gone = tuple(person for person in spared.gone if person in lying | replaced)
    effects: list[Effect] = [await alarm_recall.take_back(ctx, one, gone)] if gone else []
    is_changed = lying != {*spared.one.named}
    is_due = one.told > 0 or goes_out_at(one) <= ctx.now
    if not is_changed or is_due or await _find_obstacle(ctx, one) is not None:
        return effects
    if not gone:
        await alarm_recall.watch_recall(ctx, one, REPLACED_WITHIN)
    return [*effects, *(_leave_for(spared.one, person) for person in spared.one.named)]


@feature.on(DeviceVerified)
async def leave_again(ctx: Context, event: DeviceVerified) -> Answer:
    """Leave the alarms for a contact at the homeserver once more, so that the device they confirmed
    can read them. Return what to say, if anything."""
    again: list[Effect] = []
    for one in await check_in_store.check_ins_naming(ctx.db, event.sender):
        if await _is_unwanted(ctx, one):
            continue
        told = (await without_left_out(ctx, one)).one
        if event.sender not in told.named:
            continue
        left = await delayed_messages.wanted(ctx.db, one.item, event.sender)
        if left is not None and left.delay_id is not None and left.send_at > ctx.now:
            again.append(_leave_for(told, event.sender))
    return again
