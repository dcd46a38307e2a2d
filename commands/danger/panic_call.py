"""`!panic`: somebody is in danger. Helpers are called at once, without any question first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.api import (
    STOP_LINES,
    TAKE_ON,
    TEXT,
    Answer,
    CommandPlace,
    Context,
    Effect,
    Item,
    ItemAccess,
    Line,
    Message,
    Number,
    People,
    Person,
    RoomId,
    Say,
    UserError,
    _,
    fold,
    fold_answer,
    is_author,
    line_about,
    rooms,
    run_line,
    words,
)
from commands.danger import call_store, contacts, ringing_jobs
from commands.danger.call_store import PanicCall
from commands.danger.declaration import (
    GIVE_UP_AFTER,
    LONGEST_NOTE,
    REACHED_JOB,
    RING_JOB,
    SAFETY,
    TAKEN_BACK_JOB,
    feature,
    helpers_of,
)

CANCEL_PHRASES = frozenset(
    {
        *("cancelar", "cancela", "fue sin querer", "sin querer", "ya paso", "ya estoy bien"),
        *("falsa alarma", "ya estoy a salvo", "estoy a salvo"),
        *("foi sem querer", "sem querer", "ja passou", "ja estou bem", "alarme falso"),
        *("cancel", "by mistake", "it is over", "false alarm", "i am safe now"),
    }
)
"""Texts that say that it is over or was a mistake."""


@feature.command(  # In danger every line counts: whatever is typed calls for help.
    words("pánico", "pânico", "panic", "auxilio | socorro"),
    help=_(
        "you are in danger: whoever cares for the network, and the people you named, are called"
        " at once"
    ),
    example=_("For example: `!panic`. Beforehand: `!panic tell @ana:server.org`"),
    topic=SAFETY,
    does=ItemAccess.COUNTS,
    where=CommandPlace.PRIVATE,
    urgent=True,
)
async def panic(ctx: Context, people: People = (), *, text: str = "") -> Answer:
    """Call for help. Text that is no subcommand is sent along with the call."""
    if fold_answer(text) in CANCEL_PHRASES:
        return await cancel_call(ctx)
    if (asked := contacts.find_subcommand(text, people)) is not None:
        return await asked(ctx, people)
    note = " ".join((*people, *text.split()))[:LONGEST_NOTE]
    mine = await call_store.call_of(ctx.db, ctx.who)
    return await _call_again(ctx, mine, note) if mine is not None else await _start_call(ctx, note)


async def _start_call(ctx: Context, note: str) -> Answer:
    if not await rooms.shares_room(ctx.db, ctx.who):
        raise UserError(
            _("I can call nobody for you: we share no room."),
            _("Call somebody you trust, or the emergency number of where you are."),
        )
    home = ctx.room if ctx.is_private else await rooms.private_room(ctx.db, ctx.who)
    number = await ctx.add_item("panic", "", home or RoomId(ctx.who))
    await call_store.put_call(ctx.db, number, ctx.said_at, note)
    mine = await call_store.get_call(ctx.db, number)
    assert mine is not None
    called = await helpers_of(ctx, ctx.who)
    if not called:
        await ctx.schedule(
            RING_JOB, ctx.now + ringing_jobs.ring_interval(mine), item=number, person=ctx.who
        )
        return [*_nobody_to_call(), _("I keep trying. If it was by mistake: `panic cancel`")]
    effects = await ringing_jobs.ring_once(ctx, mine, called)
    await ctx.schedule(
        REACHED_JOB, ctx.now + ringing_jobs.REACH_CHECK_AFTER, item=number, person=ctx.who
    )
    await ctx.begin_dialogue("more", ctx.who, {"item": number}, patience=GIVE_UP_AFTER)
    who = tuple(Person(one, full=True) for one in called)
    return [
        _("I am calling now, and again until somebody answers: {who}.", who=who),
        *await _not_agreed_lines(ctx),
        *effects,
    ]


def _nobody_to_call() -> list[Line]:
    return [
        _(
            "I have nobody to call: nobody who cares for the network, and nobody you named, can be"
            " written to."
        ),
        _("Call somebody you trust, or the emergency number of where you are."),
    ]


async def _not_agreed_lines(ctx: Context) -> list[Line]:
    waiting = [one for one, yes in await call_store.contacts_of(ctx.db, ctx.who) if not yes]
    if not waiting:
        return []
    who = tuple(Person(one, full=True) for one in waiting)
    return [_("Not called, as they have not agreed to it yet: {who}.", who=who)]


async def _call_again(ctx: Context, mine: PanicCall, note: str) -> Answer:
    """Call everybody again at once, also if somebody has answered."""
    if note:
        await call_store.set_note(ctx.db, mine.item, note)
    await call_store.set_helper(ctx.db, mine.item, None)
    await ctx.cancel_jobs(mine.item)
    await ctx.schedule(RING_JOB, ctx.now, item=mine.item, person=ctx.who)
    return _("I am calling once more, and again until somebody answers.")


async def cancel_call(ctx: Context) -> Answer:
    """Cancel the asker's call and tell everybody who was called."""
    mine = await call_store.call_of(ctx.db, ctx.who)
    if mine is None:
        return _("No call of yours is open: I am calling nobody.")
    said = _("{who} wrote that it is over. Nothing to do any more.", who=Person(ctx.who, full=True))
    told = [Say((said,), to=one, loud=True) for one in mine.called]
    await ringing_jobs.end_call(ctx, mine)
    return [_("Good. I call nobody any more and tell those I called."), *told]


# --- more from the person -------------------------------------------------------------------------


@feature.dialogue("more", beside=("panic",))
async def forward_message(ctx: Context, payload: dict[str, int]) -> Answer:
    """Ask where the person is, and forward the answer to the helpers."""
    question = _("If you can, write where you are: I pass it on. If it was by mistake: `cancel`")
    return await _forward_answer(ctx, payload, question, "further")


@feature.dialogue("further", beside=("panic",))
async def forward_further(ctx: Context, payload: dict[str, int]) -> Answer:
    """Forward what the person writes next, without asking for the place again.

    It takes turns with `forward_message`.
    """
    question = _("Passed on. What you write here next I pass on too.")
    return await _forward_answer(ctx, payload, question, "more")


async def _forward_answer(
    ctx: Context, payload: dict[str, int], question: Line, following: str
) -> Answer:
    """Ask, forward the answer to the helpers, and begin the dialogue that follows."""
    mine = await call_store.get_call(ctx.db, Number(payload["item"]))
    if mine is None:
        return None
    text = ctx.ask("where", TEXT, question, patience=GIVE_UP_AFTER)
    if _is_over(text):
        return await cancel_call(ctx)
    await ctx.begin_dialogue(following, ctx.who, payload, patience=GIVE_UP_AFTER)
    return forward_text(ctx, mine, text)


def _is_over(text: str) -> bool:
    """Return whether the text ends the call.

    `panico fue sin querer` is an answer here, not a new call.
    """
    return fold_answer(re.sub(r"^\W*(?:panico|panic)\s+", "", fold(text))) in CANCEL_PHRASES


def forward_text(ctx: Context, one: PanicCall, text: str) -> list[Line | Effect]:
    """Return the effects that pass on what the caller writes meanwhile to everybody called."""
    said = _("{who} writes: “{text}”", who=Person(ctx.who, full=True), text=text[:LONGEST_NOTE])
    return [Say((said,), to=person, loud=True, item=one.item) for person in one.called]


@feature.offers(STOP_LINES.of("further"))
@feature.offers(STOP_LINES.of("more"))
async def cancel_by_answer(ctx: Context, _data: Mapping[str, Any]) -> list[Line]:
    """Cancel the asker's call when they answer `cancel`."""
    mine = await call_store.call_of(ctx.db, ctx.who)
    return [await stop_call(ctx, mine)] if mine is not None else []


async def stop_call(ctx: Context, mine: PanicCall) -> Line:
    """End the caller's own call; whoever was called is told so."""
    await ctx.schedule(TAKEN_BACK_JOB, ctx.now, person=ctx.who, called=list(mine.called))
    await ringing_jobs.end_call(ctx, mine)
    return _("Good. I call nobody any more and tell those I called.")


# --- who answers ----------------------------------------------------------------------------------

_ON_MY_WAY = re.compile(
    r"(?:ya voy|yo voy|voy|voy para alla|estoy en camino|me ocupo|yo me ocupo|acudo"
    r"|vou|ja vou|eu vou|estou indo|to indo|eu cuido|cuido disso|atendo"
    r"|going|i am going|im going|i'm going|on my way|on it|im on it|i'm on it|coming)"
    r"(?:\s+#?(\d{1,9}))?"
)
"""How a helper answers in private; elsewhere these words may be about an event."""


def _match_on_my_way(text: str) -> re.Match[str] | None:
    return _ON_MY_WAY.fullmatch(fold(text).strip(" .!¡"))


feature.wants_line = lambda text: (
    _match_on_my_way(text) is not None or fold_answer(text) in CANCEL_PHRASES
)


@feature.on(Message)
async def handle_message(ctx: Context, message: Message) -> Answer:
    """In private: `I am coming` by a helper answers a call, `false alarm` by its author cancels
    it."""
    if not ctx.is_private:
        return None
    if (going := _match_on_my_way(ctx.text)) is not None:
        found = [one for one in await call_store.calls_to(ctx.db, ctx.who) if one.taken is None]
        meant = [one for one in found if going[1] in (None, str(one.item))]
        return await accept_call(ctx, meant[0]) if meant else None
    mine = await call_store.call_of(ctx.db, ctx.who)
    return await cancel_call(ctx) if mine is not None else None


@feature.command(
    words("acudo", "atendo", "answering", "yo respondo | eu respondo"),
    help=_("you answer somebody's call for help; the others who were called hear it"),
    example=_("For example: `!answering {number}`", number=57),
    topic=SAFETY,
    does=ItemAccess.COUNTS,
    where=CommandPlace.PRIVATE,
    bare=True,
)
async def answer_call(ctx: Context, number: int = 0) -> Answer:
    """Answer a call for help as a helper, by its number or the newest."""
    found = [one for one in await call_store.calls_to(ctx.db, ctx.who) if number in (0, one.item)]
    if not found and (other := await line_about(ctx, TAKE_ON, str(number or ""))) is not None:
        return await run_line(ctx, other)
    if not found:
        raise UserError(_("Nobody is calling you under that number: it is over, or a mistake."))
    return await accept_call(ctx, found[0])


@feature.reply("panic")
async def forward_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Forward replies between the caller and the helpers. `Going` as a reply answers the call."""
    one = await call_store.get_call(ctx.db, item.number)
    if one is None or not ctx.is_private:
        return None
    if is_author(ctx, item):
        return [*forward_text(ctx, one, text), _("Passed on.")]
    if ctx.who not in one.called:
        return None
    if _match_on_my_way(text) is not None:
        return await accept_call(ctx, one)
    said = _("{who} writes: “{text}”", who=Person(ctx.who, full=True), text=text[:LONGEST_NOTE])
    return [Say((said,), to=one.author, loud=True, item=one.item), _("Passed on.")]


async def accept_call(ctx: Context, one: PanicCall) -> Answer:
    """Make the asker the one who helps, and tell the caller and the others. The first one
    counts."""
    theirs = Person(one.author, full=True)
    if one.taken == ctx.who:
        return _("Noted already. What {who} writes I pass on to you.", who=theirs)
    if one.taken is None:
        await call_store.set_helper(ctx.db, one.item, ctx.who)
        await ctx.cancel_jobs(one.item, RING_JOB)
    said = _("{helper} answers the call of {who}.", helper=Person(ctx.who, full=True), who=theirs)
    others = [person for person in one.called if person != ctx.who]
    return [
        _(
            "Noted: you answer the call of {who}. They and the others who were called know it.",
            who=theirs,
        ),
        _("To write to them, reply to this message."),
        *[Say((said,), to=person, loud=True) for person in others],
        Say((said,), to=one.author, loud=True, item=one.item),
    ]
