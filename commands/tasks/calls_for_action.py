"""Calls for action: steps, and how many people have done each. Nobody sees who."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Answer,
    Arg,
    Context,
    Edit,
    Effect,
    Item,
    Job,
    Line,
    Missing,
    Moment,
    Parts,
    Reach,
    Ref,
    Say,
    UserError,
    Where,
    _,
    fold,
    is_author,
    items,
    n_,
    words,
)
from commands.tasks import action_store, task_parser
from commands.tasks.action_store import Action
from commands.tasks.declaration import TASKS, feature

USUAL = timedelta(days=30)
TOGETHER = timedelta(minutes=1)
"""How often the counts in the room are updated, however many people write."""
MOST_STEPS, LONGEST, LONGEST_STEP = 12, 300, 200
CLOSES = Arg(
    words("cierra", "encerra", "closes", "termina, ends"), joined=("hasta", "até", "until")
)
EXAMPLE = _('For example: `!action "Letter to the mayor" "Write" "Call" "Share"`')
NOT = frozenset({"no", "nao", "not"})


@feature.command(
    words(
        "accion", "ação", "action", "acción, llamado, movilización | mobilização, chamado | call"
    ),
    help=_("a call for action: steps, and how many did each"),
    example=EXAMPLE,
    topic=TASKS,
    reach=Reach.ROOM,
    where=Where.ROOM,
    args=(CLOSES,),
)
async def action(ctx: Context, parts: Parts) -> Answer:
    """Open a call with a title and steps, like a poll's question and options.

    Without an end date it lasts `DEFAULT_LENGTH`.
    """
    room = ctx.target.room if ctx.target else ctx.room
    if (asked := await _asked(ctx, parts)) is not None:
        return asked
    title, steps = _checked(*parts.question_and_options())
    ends = ctx.now + USUAL
    if CLOSES.key in parts.named:
        ends = ctx.date(parts.named[CLOSES.key], end_of_day=True)
    number = await ctx.new_item("action", title, room)
    await action_store.put(ctx.db, number, room, ends, steps)
    await ctx.schedule("end action", ends, item=number, room=room, zone=ctx.policy.zone)
    made = await action_store.get(ctx.db, number)
    assert made is not None
    thread = ctx.origin.thread if room == ctx.room else None
    said = Say(_opening(made), room=room, thread=thread, loud=True, item=number, slot="opening")
    if room == ctx.room:
        return said
    name = ctx.target.name if ctx.target else room
    return [_("Call {number} is open in {room}.", number=number, room=name or room), said]


async def _asked(ctx: Context, parts: Parts) -> Answer:
    """Show the call if the line is its number: `!accion 57`."""
    if parts.quoted or task_parser.numbers(parts.free) is None:
        return None
    item, _rest = await ctx.item(parts.free, "action")
    one = await action_store.get(ctx.db, item.number)
    return Say(_opening(one) if one.open else _ended(one), item=item.number) if one else None


def _checked(title: str, steps: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    title = " ".join(title.split())
    steps = tuple(" ".join(step.split()) for step in steps)
    if not title:
        raise Missing("parts", _("what it is about and its steps"))
    if not steps:
        raise UserError(_("Which steps? Each in quotes."), EXAMPLE)
    if len(steps) > MOST_STEPS:
        raise UserError(
            _("That is too much for one call: {count} steps at most.", count=MOST_STEPS)
        )
    if len(title) > LONGEST or any(len(step) > LONGEST_STEP for step in steps):
        raise UserError(
            _(
                "That is too long: a title has {count} letters at most, a step {step}.",
                count=LONGEST,
                step=LONGEST_STEP,
            )
        )
    return title, steps


def _opening(one: Action) -> tuple[Line, ...]:
    return (
        _("Call for action {number}: {title}", number=one.item, title=one.title),
        *_steps(one),
        _("Did you do one? `!done {number} 1`, here or in private with me.", number=one.item),
        _("Only the counts can be seen. Open until {moment}.", moment=Moment(one.ends)),
    )


def _ended(one: Action) -> tuple[Line, ...]:
    over = _("Call for action {number} is over: {title}", number=one.item, title=one.title)
    return over, *_steps(one)


def _steps(one: Action) -> list[Line]:
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


async def did(ctx: Context, item: Item, text: str) -> Answer:
    """Note the steps that the asker did, or with `no` behind, did not do.

    Raises `UserError` if the call is over or the step is unclear.
    """
    one = await action_store.get(ctx.db, item.number)
    if one is None or not one.open:
        raise UserError(_("Call {number} is over.", number=item.number))
    *typed, last = text.split() or [""]
    taken_back = fold(last.strip(".!")) in NOT
    said = " ".join(typed) if taken_back else text
    places = [1] if not said.strip() and len(one.steps) == 1 else task_parser.numbers(said)
    if places is None or not all(1 <= place <= len(one.steps) for place in places):
        raise UserError(
            _("Which step? For example: `!done {number} 1`", number=one.item), *_steps(one)
        )
    for place in dict.fromkeys(places):
        change = action_store.did_not if taken_back else action_store.did
        await change(ctx.db, one.item, place, ctx.who)
    await _refresh(ctx, one)
    mine = [str(place) for _item, place in await action_store.of_person(ctx.db, ctx.who, one.item)]
    now = await action_store.get(ctx.db, one.item)
    assert now is not None
    return (
        [_noted(one, mine, private=ctx.private), *_steps(now)]
        if ctx.private
        else _noted(one, mine, private=False)
    )


def _noted(one: Action, mine: list[str], *, private: bool) -> Line:
    """In the room, don't repeat who did what."""
    if not private:
        return _("Noted. How many did each: `!action {number}`", number=one.item)
    if not mine:
        return _("Noted: no step of call {number} is yours.", number=one.item)
    return _("Noted: of call {number} you did {steps}.", number=one.item, steps=", ".join(mine))


async def _refresh(ctx: Context, one: Action) -> None:
    if not await ctx.waits(one.item, "counts"):
        await ctx.schedule("counts", ctx.read + TOGETHER, item=one.item, room=one.room)


@feature.job("counts")
async def counts(ctx: Context, job: Job) -> Answer:
    """Update the counts in the opening message."""
    one = await action_store.get(ctx.db, job.item) if job.item is not None else None
    if one is None or not one.open:
        return None
    return Edit(Ref(one.item, "opening"), _opening(one), room=one.room)


@feature.job("end action")
async def over(ctx: Context, job: Job) -> Answer:
    one = await action_store.get(ctx.db, job.item) if job.item is not None else None
    return await end(ctx, one) if one is not None and one.open else None


async def end(ctx: Context, one: Action) -> list[Effect]:
    """End the call and post its counts. Who did what is deleted."""
    await action_store.end(ctx.db, one.item)
    await items.close(ctx.db, one.item)
    await ctx.call_off(one.item)
    lines = _ended(one)
    return [
        Edit(Ref(one.item, "opening"), lines, room=one.room),
        Say(lines, room=one.room, reply_to=Ref(one.item, "opening"), item=one.item),
    ]


@feature.reply("action", reach=Reach.ROOM)
async def replied(ctx: Context, item: Item, text: str) -> Answer:
    """Read `2` or `hecho 2` in reply to a call as done steps. Other replies are talk."""
    found = ctx.registry.find(text)
    if found is not None and found[0].name.en == "done":
        text = found[2]
    elif task_parser.numbers(text) is None:
        return None
    return await did(ctx, item, text)


@feature.service("cancel:action")
async def cancel(ctx: Context, item: Item) -> Answer:
    """End the call now. The counts stay."""
    one = await action_store.get(ctx.db, item.number)
    if one is None or not one.open:
        return _("Call {number} is over.", number=item.number)
    if not is_author(ctx, item):
        await ctx.log("ended", {"number": item.number}, room=item.room)
    effects = await end(ctx, one)
    over = _("Call {number} is over.", number=item.number)
    return effects if item.room == ctx.room else [over, *effects]
