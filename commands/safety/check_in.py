"""`ok`: somebody is back, and their check-in ends."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.api import (
    ENDS_ALARM,
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
    fold,
    fold_answer,
    is_author,
    items,
)
from commands.safety import alarm_recall, check_in_store, delays, left_alarms
from commands.safety.check_in_store import CheckIn
from commands.safety.declaration import (
    ACKNOWLEDGED_WITHIN,
    ANSWER_TIME,
    RECALLED_BACK_JOB,
    REMIND_BEFORE,
    feature,
)

BACK_PHRASES = frozenset(
    {
        *("ok", "okey", "okay", "ya volvi", "volvi", "ya estoy", "ya estoy de vuelta"),
        *("estoy bien", "estoy de vuelta", "ya regrese", "regrese", "todo bien", "ya llegue"),
        *("voltei", "ja voltei", "estou bem", "estou de volta", "tudo bem", "ta tudo bem"),
        *("ja cheguei", "to bem", "ja to em casa"),
        *("i am back", "im back", "i'm back", "back", "i am safe", "im safe", "i'm safe"),
        *("all good", "im ok", "i'm ok", "i am ok"),
    }
)
SHORT_PHRASES = frozenset({"ok", "okey", "okay", "todo bien", "tudo bem", "all good"})
"""Said soon after the bot's answer, these may only acknowledge it."""
_BACK_WORDS = frozenset(
    {
        *(
            "ok",
            "si",
            "sim",
            "yes",
            "listo",
            "lista",
            "pronto",
            "pronta",
            "done",
            "llegue",
            "llege",
            "yegue",
            "cheguei",
            "xeguei",
        ),
        *("arrived", "bien", "bem", "safe", "safely", "home", "casa", "volvi", "voltei", "regrese"),
        *("yep", "yeah", "ss"),
    }
)
_FILLER_WORDS = frozenset(
    {
        *(
            "ya",
            "ja",
            "estoy",
            "estou",
            "to",
            "ta",
            "todo",
            "tudo",
            "toda",
            "a",
            "en",
            "em",
            "i",
            "am",
        ),
        *(
            "im",
            "got",
            "made",
            "it",
            "at",
            "all",
            "la",
            "mi",
            "minha",
            "my",
            "sana",
            "salva",
            "sano",
        ),
        *(
            "salvo",
            "y",
            "e",
            "and",
            "gracias",
            "obrigada",
            "obrigado",
            "thanks",
            "aca",
            "aqui",
            "here",
        ),
        *(
            "okey",
            "okay",
            "oi",
            "hola",
            "hi",
            "well",
            "certo",
            "sound",
            "thx",
            "tks",
            "vlw",
            "valeu",
            "thank",
            "you",
            "super",
            "back",
            "muy",
            "muito",
            "amiga",
            "good",
        ),
    }
)


def _said_words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text).replace("'", "").replace("’", ""))


def may_mean_back(text: str) -> bool:
    """Return whether the text may say that its writer is back: `llegué bien`, `ok estoy bien`,
    `listo`."""
    said = _said_words(text)
    told = _BACK_WORDS.intersection(said)
    return len(said) <= 8 and bool(told) and _FILLER_WORDS.issuperset({*said} - told)


_YES_WORDS = frozenset({"si", "sim", "yes", "yep", "yeah", "ss"})
_ARRIVED_WORDS = frozenset(
    {
        *("llegue", "llege", "yegue", "cheguei", "xeguei", "arrived", "got", "made", "back"),
        *("volvi", "voltei", "regrese"),
    }
)
_HOME_WORDS = frozenset({"home", "casa"})
_WELL_WORDS = frozenset(
    {"bien", "bem", "safe", "safely", "certo", "salva", "salvo", "sana", "good"}
)


def is_clearly_back(text: str) -> bool:
    """Return whether the text says two of having arrived, home and well, and nothing else (`home
    safe thx`)."""
    said = set(_said_words(text))
    told = [bool(said & words) for words in (_ARRIVED_WORDS, _HOME_WORDS, _WELL_WORDS)]
    return may_mean_back(text) and sum(told) >= 2 and "?" not in text


def tells_of_return(text: str) -> bool:
    """Return whether a sentence that nothing understood has a word of coming back in it."""
    words = (_ARRIVED_WORDS | _HOME_WORDS) - {"got", "made"}
    return not words.isdisjoint(_said_words(text))


def _is_back(ctx: Context, mine: CheckIn, text: str) -> bool:
    """Return whether the text ends the check-in without a question.

    One of the set phrases does. A yes, and having arrived well, do so only once the person was
    asked: before, who writes `llegué bien` may be where they were going, and not back.
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
    is_yes = may_mean_back(text) and not _YES_WORDS.isdisjoint(_said_words(text))
    return is_clearly_back(text) or (is_yes and not mine.told)


@feature.offers(ENDS_ALARM)
async def says_back(ctx: Context, text: str) -> bool:
    """Return whether the asker, who is due to be back, clearly says that they are.

    `ok` may answer whatever else is asked.
    """
    if fold_answer(text) not in BACK_PHRASES - SHORT_PHRASES:
        return False
    return await check_in_store.check_in_of(ctx.db, ctx.who) is not None


def says_back_somehow(text: str) -> bool:
    """Return whether the text says, or may say, that its writer is back."""
    return fold_answer(text) in BACK_PHRASES or may_mean_back(text)


feature.wants_line = lambda text: says_back_somehow(text) or delays.may_change_check_in(text)
feature.listens_in_private_only = True


@feature.on(Message)
async def handle_message(ctx: Context, message: Message) -> Answer:
    """End the check-in at a clear phrase in private; at an unclear one ask. Return what to say, if
    anything."""
    mine = await check_in_store.check_in_of(ctx.db, ctx.who)
    if mine is None or not says_back_somehow(ctx.text):
        return None
    if "back" not in ctx.answers and _is_back(ctx, mine, message.text):
        return await end_check_in(ctx)
    if ctx.ask("back", YES_NO, _("Are you safe and back? `yes` or `no`")) != "yes":
        return [_waiting_line(ctx, mine), _("If you are back already: `back-by ok`")]
    return await end_check_in(ctx)


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

    Raises `UserError` if there is none.
    """
    mine = await check_in_store.check_in_of(ctx.db, ctx.who)
    if mine is None:
        raise UserError(*no_check_in_lines())
    were_told = bool(mine.told) or await left_alarms.have_gone_out(ctx, mine)
    await delete_check_in(ctx, mine, None if were_told else RECALLED_BACK_JOB)
    told: list[Effect] = [
        Say((_("{who} is back and well.", who=Person(ctx.who, full=True)),), to=one, loud=True)
        for one in mine.named
        if were_told
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
