"""`ok`: somebody is back, and their check-in ends."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    ENDS_ALARM,
    SOUNDS_UNWELL,
    YES_NO,
    Answer,
    Context,
    Effect,
    Item,
    JobKind,
    Line,
    Message,
    Moment,
    Person,
    Say,
    UserError,
    _,
    fold_answer,
    is_author,
    items,
    run_line,
)
from commands.safety import alarm_recall, back_words, check_in_store, delays, left_alarms
from commands.safety.back_words import BACK_PHRASES, SHORT_PHRASES
from commands.safety.check_in_store import CheckIn
from commands.safety.declaration import (
    ACKNOWLEDGED_WITHIN,
    ANSWER_TIME,
    RECALLED_BACK_JOB,
    REMIND_BEFORE,
    feature,
)
from commands.safety.spared import people_told


def _is_back(ctx: Context, mine: CheckIn, text: str) -> bool:
    """Return whether the text ends the check-in without a question.

    One of the set phrases does. One with an excuse beside it, a yes, being at home and having
    arrived well do so only once the person was asked: before, who writes `llegué bien` may be where
    they were going, and not back.
    """
    folded, since = fold_answer(text), ctx.said_at - mine.said
    if folded in SHORT_PHRASES and not mine.told and since < ACKNOWLEDGED_WITHIN:
        return False
    if folded in BACK_PHRASES:
        return True
    reminded = mine.due - mine.said > 2 * REMIND_BEFORE
    asked = mine.due - (REMIND_BEFORE if reminded else timedelta(0))
    if ctx.said_at < asked or "?" in text:
        return False
    if back_words.is_clearly_back(text) or back_words.is_phrase(text):
        return True
    return back_words.says_yes(text) and not mine.told


@feature.offers(ENDS_ALARM)
async def says_back(ctx: Context, text: str) -> bool:
    """Return whether the asker, who is due to be back, clearly says that they are, or how much
    later they will be.

    `ok` may answer whatever else is asked.
    """
    is_phrase = fold_answer(text) in BACK_PHRASES - SHORT_PHRASES
    is_clear = is_phrase or back_words.is_clearly_back(text)
    if not is_clear and delays.read_delay(text) is None:
        return False
    return await check_in_store.check_in_of(ctx.db, ctx.who) is not None


@feature.offers(SOUNDS_UNWELL)
async def sounds_unwell(ctx: Context, text: str) -> bool:
    """Return whether the asker, who is due to be back, says that they are not well."""
    if not back_words.sounds_unwell(text):
        return False
    return await check_in_store.check_in_of(ctx.db, ctx.who) is not None


feature.wants_line = lambda text: (
    back_words.says_back_somehow(text)
    or back_words.asks_to_stop(text)
    or delays.may_change_check_in(text)
)
feature.listens_in_private_only = True


@feature.on(Message)
async def handle_message(ctx: Context, message: Message) -> Answer:
    """End the check-in at a clear phrase in private; at an unclear one, or where somebody needs
    nobody to wait, ask. Return what to say, if anything.

    Who was asked whether they are and says clearly that they are back has answered yes.
    """
    mine = await check_in_store.check_in_of(ctx.db, ctx.who)
    if mine is None:
        return None
    if not back_words.says_back_somehow(ctx.text):
        return await _offer_to_stop(ctx, mine) if back_words.asks_to_stop(ctx.text) else None
    if _BACK not in ctx.answers and _is_back(ctx, mine, message.text):
        return await end_check_in(ctx)
    is_sure = back_words.is_phrase(ctx.text) or back_words.is_clearly_back(ctx.text)
    if is_sure and await ctx.has_asked(_BACK):
        await ctx.end_question(*ctx.question_slot)
        return await end_check_in(ctx)
    if ctx.ask(_BACK, YES_NO, _("Are you safe and back? `yes` or `no`")) != "yes":
        return [_waiting_line(ctx, mine), _("If you are back already: `back-by ok`")]
    return await end_check_in(ctx)


_BACK, _STOP = "back", "stop"
"""Keys of the questions whether somebody is back, and whether to stop waiting for them."""


async def _offer_to_stop(ctx: Context, mine: CheckIn) -> Answer:
    """Ask whether to take back a check-in, and do so at a yes. Return what to say."""
    asked = _(
        "Do I stop waiting for your `ok` ({moment}), and tell nobody? `yes` or `no`",
        moment=Moment(mine.due, mine.zone),
    )
    if ctx.ask(_STOP, YES_NO, _("I changed nothing yet."), asked) != "yes":
        return [_waiting_line(ctx, mine), _("If you are back already: `back-by ok`")]
    return await run_line(ctx, f"cancel {mine.item}")


def check_in_line(one: CheckIn) -> Line:
    """Return a person's own check-in in one line: its number, until when, and whom they named."""
    return _(
        "Number {number}: you are back by {moment}. You named: {who}.",
        number=one.item,
        moment=Moment(one.due, one.zone),
        who=tuple(Person(person, full=True) for person in one.named),
    )


def _waiting_line(ctx: Context, one: CheckIn) -> Line:
    """Return until when the bot waits, and what it does next: the time may be over already."""
    if one.told:
        return _("They have been told that you did not answer.")
    if ctx.said_at < one.due:
        return _("I keep waiting for you, until {moment}.", moment=Moment(one.due, one.zone))
    return _(
        "I still have no `ok` from you. Without it I tell {who} at {moment}.",
        who=tuple(Person(person, full=True) for person in one.named),
        moment=Moment(one.due + ANSWER_TIME, one.zone),
    )


@feature.reply("return")
async def handle_reply(ctx: Context, item: Item, text: str) -> Answer:
    """End the check-in at a reply to its question. Return what to say, if anything."""
    mine = await check_in_store.get_check_in(ctx.db, item.number)
    if mine is None or not is_author(ctx, item):
        return None
    if fold_answer(text) not in BACK_PHRASES and not _is_back(ctx, mine, text):
        return None
    return await end_check_in(ctx)


async def end_check_in(ctx: Context) -> Answer:
    """End the asker's check-in, delete it, and tell the contacts if they had been told. Return what
    to say, if anything.

    Whom a call for help leaves out hears nothing of it.
    Raises `UserError` if there is none.
    """
    mine = await check_in_store.check_in_of(ctx.db, ctx.who)
    if mine is None:
        raise UserError(*no_check_in_lines())
    were_told = bool(mine.told) or await left_alarms.have_gone_out(ctx, mine)
    readers = await people_told(ctx, mine) if were_told else []
    await delete_check_in(ctx, mine, None if were_told else RECALLED_BACK_JOB)
    told: list[Effect] = [
        Say((_("{who} is back and well.", who=Person(ctx.who, full=True)),), to=one, loud=True)
        for one in readers
    ]
    if were_told:
        return [_("Good that you are back. I tell the people you named."), *told]
    return _("Good that you are back. I told nobody, and I have deleted it.")


def no_check_in_lines() -> tuple[Line, Line]:
    """Return the lines for somebody who is not waited for: how to leave a check-in."""
    return (
        _("You have said no time by which you are back."),
        _("For example: `!back-by 22:00 @ana:server.org; the march in the centre`"),
    )


async def delete_check_in(ctx: Context, one: CheckIn, then: JobKind | None) -> None:
    """Delete everything about a check-in, with its jobs and its alarms at the homeserver.

    `then` says how it ended, as in `schedule_recall`. None: nobody needs to hear of an alarm that
    the homeserver does not give back.
    """
    await ctx.cancel_jobs(one.item)
    if then is None:
        await alarm_recall.schedule_silent_recall(ctx, one.item)
    else:
        await alarm_recall.schedule_recall(ctx, one, then)
    await items.delete(ctx.db, one.item)
