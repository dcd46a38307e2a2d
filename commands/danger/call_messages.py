"""What the caller and the helpers write to each other while a call for help is open.

Each line of the caller is passed on, and answered with how the call stands. Of a line that may mean
that it is over the caller reads how to end it: it does not end it, and is not asked whether to, as
whoever forces somebody to write “I am well” would answer that too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.api import (
    ADD_TO_OPEN_CALL,
    END_OPEN_CALL,
    NOT_DONE_IN_CALL,
    OPEN_CALL_LINES,
    STOP_LINES,
    TEXT,
    UNMATCHED_LINES,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    Number,
    Person,
    Say,
    UserId,
    _,
    is_author,
    sounds_over,
)
from commands.danger import (
    call_endings,
    call_store,
    helper_answers,
    named_helpers,
    panic_call,
)
from commands.danger.call_reach import reach_of
from commands.danger.call_store import PanicCall
from commands.danger.declaration import GIVE_UP_AFTER, LONGEST_NOTE, feature


@feature.dialogue("more", beside=("panic",))
async def forward_message(ctx: Context, payload: dict[str, Any]) -> Answer:
    """Ask a person in danger where they are and wait for the answer, then forward it to the helpers
    and begin the next round, `forward_further`. Return what to say, if anything."""
    return await _forward_answer(ctx, payload, "further")


@feature.dialogue("further", beside=("panic",))
async def forward_further(ctx: Context, payload: dict[str, Any]) -> Answer:
    """Forward what a person in danger writes next. It takes turns with `forward_message`. Return
    what to say, if anything."""
    return await _forward_answer(ctx, payload, "more")


async def _forward_answer(ctx: Context, payload: dict[str, Any], following: str) -> Answer:
    """Ask, forward the answer to the helpers, and begin the dialogue that follows."""
    mine = await call_store.get_call(ctx.db, Number(payload["item"]))
    if mine is None:  # that call is over; its question may outlive it into the next one
        mine = await call_store.call_of(ctx.db, ctx.who)
    if mine is None:
        return None
    ask = [_("If you can, write where you are: I pass it on. If it was by mistake: `cancel`")]
    if (before := payload.get("before")) is not None:
        ask = await _passed_on_lines(ctx, mine, before, reached=bool(payload.get("reached", True)))
    text = ctx.ask("where", TEXT, *ask, patience=GIVE_UP_AFTER)
    if call_endings.is_over(text):
        return await panic_call.cancel_call(ctx)
    passed_on = await _forward_text(ctx, mine, text)
    about = {
        "item": mine.item,
        "before": "over" if sounds_over(text) else "more",
        "reached": bool(passed_on.reached),
    }
    await ctx.begin_dialogue(following, ctx.who, about, patience=GIVE_UP_AFTER)
    return passed_on.said


async def _passed_on_lines(ctx: Context, one: PanicCall, said: str, *, reached: bool) -> list[Line]:
    """Return the answer to a line that `reached` somebody, or nobody; `said` is `over` if it
    sounded so."""
    passed = _("Passed on. What you write here next I pass on too.")
    if not reached:
        reach = await reach_of(ctx, one)
        passed = _("I could pass that on to nobody: nobody I may call can be written to.")
        if reach.called or reach.left_out:
            passed = _("I passed that on to nobody.")
    return [
        passed,
        *await _state_lines(ctx, one),
        *([panic_call.ending_line()] if said == "over" else []),
    ]


async def _state_lines(ctx: Context, one: PanicCall) -> list[Line]:
    """Return how the call stands: who answers it, or that nobody has so far, or that nobody is
    left to call."""
    if one.taken is not None:
        who = Person(one.taken, full=True)
        return [_("Your call goes on. It is answered by: {who}", who=who)]
    if (await reach_of(ctx, one)).leaves_out_all:
        return named_helpers.nobody_else_lines()
    return [_("Your call goes on. Nobody has answered so far: I call until somebody does.")]


@dataclass(frozen=True, slots=True)
class _PassedOn:
    """What to say when a line is passed on, and whom it reached."""

    said: list[Line | Effect]
    reached: list[UserId]


async def _forward_text(ctx: Context, one: PanicCall, text: str) -> _PassedOn:
    """Pass on what a person in danger writes to each whom their call for help reached.

    Whom the words name and do not ask for reads none of them, and is not called again while
    somebody else is. Whom they ask for is called.
    """
    named = await named_helpers.heed_names(ctx, one, text)
    rung = await named_helpers.ring_after(ctx, one, named)
    told = tuple(Person(person, full=True) for person in named.left_out)
    said = _("{who} writes: “{text}”", who=Person(ctx.who, full=True), text=text[:LONGEST_NOTE])
    readers = dict.fromkeys([*one.called, *named.included])
    reached = [person for person in readers if person not in named.left_out]
    lines: list[Line | Effect] = [
        *await _not_done_lines(ctx, text),
        *([_("Not passed on to: {who}, as you name them.", who=told)] if told else []),
        *([named_helpers.call_anyway_line()] if told else []),
        *named_helpers.included_lines(named.included),
        *rung,
        *(Say((said,), to=person, loud=True, item=one.item) for person in reached),
    ]
    return _PassedOn(lines, reached)


async def _not_done_lines(ctx: Context, text: str) -> list[Line]:
    """Return what a line that is passed on asks for besides, and how to have it done."""
    lines: list[Line] = []
    for explain in ctx.registry.offers(NOT_DONE_IN_CALL):
        lines += await explain(ctx, text)
    return lines


@feature.offers(STOP_LINES.of("further"))
@feature.offers(STOP_LINES.of("more"))
async def cancel_by_answer(ctx: Context, _data: Mapping[str, Any]) -> list[Line]:
    """Cancel the asker's call for help when they answer `cancel`. Return the lines that say so."""
    mine = await call_store.call_of(ctx.db, ctx.who)
    return [await panic_call.stop_call(ctx, mine)] if mine is not None else []


@feature.offers(OPEN_CALL_LINES)
async def open_call_lines(ctx: Context) -> list[Line]:
    """Return lines about the state of the person's own open call for help; empty if there is
    none."""
    mine = await call_store.call_of(ctx.db, ctx.who)
    return [] if mine is None else [*await _state_lines(ctx, mine), panic_call.ending_line()]


@feature.offers(END_OPEN_CALL)
async def end_open_call(ctx: Context, text: str) -> Answer:
    """End the asker's open call for help if a line said in a room says so; if it may mean that,
    pass it on. Return what to say, or None if it is about no call."""
    mine = await call_store.call_of(ctx.db, ctx.who)
    if mine is None or ctx.said_at < mine.at:
        return None
    if call_endings.is_over(text):
        return await panic_call.cancel_call(ctx)
    return await _pass_on(ctx, mine, text) if sounds_over(text) else None


@feature.offers(ADD_TO_OPEN_CALL)
async def add_to_call(ctx: Context, text: str) -> Answer:
    """Pass on what the caller writes before their call's own question has come. Return what to say,
    if anything."""
    mine = await call_store.call_of(ctx.db, ctx.who)
    return None if mine is None else await _pass_on(ctx, mine, text)


async def _pass_on(ctx: Context, mine: PanicCall, text: str) -> list[Line | Effect]:
    passed_on = await _forward_text(ctx, mine, text)
    now = await call_store.get_call(ctx.db, mine.item) or mine
    over = "over" if sounds_over(text) else "more"
    said = await _passed_on_lines(ctx, now, over, reached=bool(passed_on.reached))
    return [*said, *passed_on.said]


@feature.offers(UNMATCHED_LINES)
async def calling_lines(ctx: Context, text: str) -> list[Line]:
    """Return who calls a helper for help, the words that came with it, and how to answer.

    Who takes back a call that is over already (`falsa alarma`) reads that nobody is called, and
    who answers none that rings for them that nobody calls them.
    """
    calling = [
        one for one in await call_store.calls_to(ctx.db, ctx.who) if one.taken in (None, ctx.who)
    ]
    if not calling:
        over = _("No call for help of yours is open: I am calling nobody. In danger: `panic`")
        if helper_answers.match_on_my_way(text) is not None:
            return [helper_answers.not_calling_line()]
        return [over] if call_endings.is_over(text) else []
    one = calling[0]
    who, number = Person(one.author, full=True), one.item
    how = (
        _("You answer the call of {who}. If you can't come after all: `can't go`", who=who)
        if one.taken
        else _(
            "{who} calls for help. If you look after them: `going {number}`",
            who=who,
            number=number,
        )
    )
    return [how, _("To write to them, reply to my message about the call.")]


@feature.reply("panic")
async def forward_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Forward replies between the caller of help and the helpers. `Going` as a reply answers the
    call. Return what to say, if anything."""
    one = await call_store.get_call(ctx.db, item.number)
    if one is None or not ctx.is_private:
        return None
    if is_author(ctx, item):
        if call_endings.is_over(text):
            return await panic_call.cancel_call(ctx)
        return await _pass_on(ctx, one, text)
    if ctx.who not in one.called:
        return None
    if helper_answers.match_on_my_way(text) is not None:
        return await helper_answers.accept_call(ctx, one)
    said = _("{who} writes: “{text}”", who=Person(ctx.who, full=True), text=text[:LONGEST_NOTE])
    return [Say((said,), to=one.author, loud=True, item=one.item), _("Passed on.")]
