"""Calls for action: steps, and how many people have done each. Nobody sees who."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    CANCEL,
    ROOM_CLOSES,
    Answer,
    CommandPlace,
    Context,
    Edit,
    Effect,
    Item,
    Job,
    Line,
    MessageRef,
    MissingArgument,
    Moment,
    NamedArgument,
    ParsedArguments,
    Reach,
    RoomId,
    Say,
    UserError,
    _,
    find_taking_back,
    is_author,
    items,
    n_,
    words,
)
from commands.tasks import action_store, task_parser
from commands.tasks.action_store import Action
from commands.tasks.declaration import COUNTS_JOB, END_ACTION_JOB, TASKS, feature

DEFAULT_LENGTH = timedelta(days=30)
REFRESH_INTERVAL = timedelta(minutes=1)
"""How often the counts in the room are updated, however many people write."""
MOST_STEPS, LONGEST_TITLE, LONGEST_STEP = 12, 300, 200
CLOSES = NamedArgument(
    words("cierra", "encerra", "closes", "termina, ends"), joined=("hasta", "até", "until")
)
EXAMPLE = _('For example: `!action "Letter to the mayor" "Write" "Call" "Share"`')


@feature.command(
    words("acción", "ação", "action", "llamado, movilización | mobilização, chamado | call"),
    help=_("a call for action: steps, and how many did each"),
    example=EXAMPLE,
    topic=TASKS,
    reach=Reach.ROOM,
    where=CommandPlace.ROOM,
    args=(CLOSES,),
    begins_calls=("call",),
)
async def action(ctx: Context, parts: ParsedArguments) -> Answer:
    """Open a call for action with a title and steps, like a poll's question and options. Return the
    answer.

    Without an end date it lasts `DEFAULT_LENGTH`.
    """
    room = ctx.place
    if (asked := await _show_action(ctx, parts)) is not None:
        return asked
    title, steps = _check_limits(*parts.question_and_options())
    ends = ctx.said_at + DEFAULT_LENGTH
    if CLOSES.key in parts.named:
        ends = ctx.parse_date(parts.named[CLOSES.key], end_of_day=True)
    number = await ctx.add_item("action", title, room)
    await action_store.put_action(ctx.db, number, room, ends, steps)
    await ctx.schedule(END_ACTION_JOB, ends, item=number, room=room, zone=ctx.policy.zone)
    made = await action_store.get_action(ctx.db, number)
    assert made is not None
    thread = ctx.origin.thread if room == ctx.room else None
    said = Say(
        _opening_lines(made), room=room, thread=thread, loud=True, item=number, slot="opening"
    )
    if room == ctx.room:
        return said
    name = ctx.target.name if ctx.target else room
    return [_("Call {number} is open in {room}.", number=number, room=name or room), said]


async def _show_action(ctx: Context, parts: ParsedArguments) -> Answer:
    """Show the call if the line is its number: `!acción 57`."""
    if parts.quoted or task_parser.read_numbers(parts.free) is None:
        return None
    item, _rest = await ctx.parse_item(parts.free, "action")
    one = await action_store.get_action(ctx.db, item.number)
    return (
        Say(_opening_lines(one) if one.open else _end_lines(one), item=item.number) if one else None
    )


def _check_limits(title: str, steps: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    title = " ".join(title.split())
    steps = tuple(" ".join(step.split()) for step in steps)
    if not title:
        raise MissingArgument("parts", _("what it is about and its steps"))
    if not steps:
        raise UserError(_("Which steps? Each in quotes."), EXAMPLE)
    if len(steps) > MOST_STEPS:
        raise UserError(
            _("That is too much for one call: {count} steps at most.", count=MOST_STEPS)
        )
    if len(title) > LONGEST_TITLE or any(len(step) > LONGEST_STEP for step in steps):
        raise UserError(
            _(
                "That is too long: a title has {count} letters at most, a step {step}.",
                count=LONGEST_TITLE,
                step=LONGEST_STEP,
            )
        )
    return title, steps


def _opening_lines(one: Action) -> tuple[Line, ...]:
    return (
        _("Call for action {number}: {title}", number=one.item, title=one.title),
        *_step_lines(one),
        _("Did you do one? `!done {number} 1`, here or in private with me.", number=one.item),
        _("Only the counts can be seen. Open until {moment}.", moment=Moment(one.ends)),
    )


def _end_lines(one: Action) -> tuple[Line, ...]:
    over = _("Call for action {number} is over: {title}", number=one.item, title=one.title)
    return over, *_step_lines(one)


def _step_lines(one: Action) -> list[Line]:
    """Return each step with how many people did it."""
    return [
        n_(
            "{place}. {words}: {count} person",
            "{place}. {words}: {count} people",
            step.count,
            place=place,
            words=step.words,
        )
        for place, step in enumerate(one.steps, start=1)
    ]


async def mark_steps(ctx: Context, item: Item, text: str, *, takes_back: bool) -> Answer:
    """Mark the named steps of a call for action as done by the asker, or unmark them. Return what
    to say, if anything.

    Raises `UserError` if the call is over or the step is unclear.
    """
    one = await action_store.get_action(ctx.db, item.number)
    if one is None or not one.open:
        raise UserError(_("Call {number} is over.", number=item.number))
    places = [1] if not text.strip() and len(one.steps) == 1 else task_parser.read_numbers(text)
    if places is None or not all(1 <= place <= len(one.steps) for place in places):
        raise UserError(
            _("Which step? For example: `!done {number} 1`", number=one.item), *_step_lines(one)
        )
    for place in dict.fromkeys(places):
        change = action_store.remove_doer if takes_back else action_store.add_doer
        await change(ctx.db, one.item, place, ctx.who)
    await _schedule_refresh(ctx, one)
    mine = [str(place) for _item, place in await action_store.steps_of(ctx.db, ctx.who, one.item)]
    now = await action_store.get_action(ctx.db, one.item)
    assert now is not None
    return (
        [_confirmation_line(one, mine, private=ctx.is_private), *_step_lines(now)]
        if ctx.is_private
        else _confirmation_line(one, mine, private=False)
    )


def _confirmation_line(one: Action, mine: list[str], *, private: bool) -> Line:
    """In the room, don't repeat who did what."""
    if not private:
        return _("Noted. How many did each: `!action {number}`", number=one.item)
    if not mine:
        return _("Noted: no step of call {number} is yours.", number=one.item)
    return _("Noted: of call {number} you did {steps}.", number=one.item, steps=", ".join(mine))


async def _schedule_refresh(ctx: Context, one: Action) -> None:
    if not await ctx.has_job(one.item, COUNTS_JOB):
        await ctx.schedule(COUNTS_JOB, ctx.now + REFRESH_INTERVAL, item=one.item, room=one.room)


@feature.runs(COUNTS_JOB)
async def refresh_counts(ctx: Context, job: Job) -> Answer:
    """Update the counts in the opening message of a call for action. Return what to say, if
    anything."""
    one = await action_store.get_action(ctx.db, job.item) if job.item is not None else None
    if one is None or not one.open:
        return None
    return Edit(MessageRef(one.item, "opening"), _opening_lines(one), room=one.room)


@feature.runs(END_ACTION_JOB)
async def end_due_action(ctx: Context, job: Job) -> Answer:
    """End a call for action when its time is over. Return what to say, if anything."""
    one = await action_store.get_action(ctx.db, job.item) if job.item is not None else None
    return await end_action(ctx, one) if one is not None and one.open else None


async def close_action(ctx: Context, one: Action, lines: tuple[Line, ...]) -> Edit:
    """Store that a call for action is over, and cancel its jobs. Return the edit that puts these
    lines in place of its opening. Who did what is deleted."""
    await action_store.end_action(ctx.db, one.item)
    await items.close(ctx.db, one.item)
    await ctx.cancel_jobs(one.item)
    return Edit(MessageRef(one.item, "opening"), lines, room=one.room)


async def end_action(ctx: Context, one: Action) -> list[Effect]:
    """End a call for action and post its counts. Return what to send. Who did what is deleted."""
    lines = _end_lines(one)
    return [
        await close_action(ctx, one, lines),
        Say(lines, room=one.room, reply_to=MessageRef(one.item, "opening"), item=one.item),
    ]


@feature.reply("action", reach=Reach.ROOM)
async def handle_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Mark steps of a call for action as done by `2` or `hecho 2` in reply to it. Return None for
    other text."""
    found = ctx.registry.find_command(text)
    if found is not None and found[0].name.en == "done":
        text = found[2]
    elif task_parser.read_numbers(text) is None:
        return None
    takes_back, steps = await find_taking_back(ctx, text)
    return await mark_steps(ctx, item, steps, takes_back=takes_back)


feature.log_line("ended", _("ended the call for action {number}"))


@feature.offers(CANCEL.of("action"))
async def cancel_action(ctx: Context, item: Item) -> Answer:
    """End a call for action now; its counts stay. Say so if it is over already. Return what to say,
    if anything."""
    one = await action_store.get_action(ctx.db, item.number)
    if one is None or not one.open:
        return _("Call {number} is over.", number=item.number)
    if not is_author(ctx, item):
        await ctx.log("ended", {"number": item.number}, room=item.room)
    effects = await end_action(ctx, one)
    over = _("Call {number} is over.", number=item.number)
    return effects if item.room == ctx.room else [over, *effects]


@feature.offers(ROOM_CLOSES.of("action"))
async def end_with_room(ctx: Context, item: Item, _goes_on: RoomId | None) -> list[Effect]:
    """End a call for action whose room closes, and post its counts there before. Return what to
    send."""
    one = await action_store.get_action(ctx.db, item.number)
    return await end_action(ctx, one) if one is not None and one.open else []
