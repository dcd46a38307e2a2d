"""`!panic`: somebody is in danger. Helpers are called at once, without any question first."""

from __future__ import annotations

import re

from bot.api import (
    CALL_KEY,
    PLEASE,
    SORRY,
    TAKE_ON,
    THANKS,
    Answer,
    Bare,
    CommandPlace,
    Context,
    ItemAccess,
    Line,
    Message,
    People,
    Person,
    RoomId,
    Say,
    UserError,
    _,
    fold,
    fold_answer,
    line_about,
    rooms,
    run_line,
    words,
)
from commands.danger import call_store, contacts, named_helpers, ringing_jobs
from commands.danger.call_store import PanicCall
from commands.danger.declaration import (
    GIVE_UP_AFTER,
    LONGEST_NOTE,
    REACHED_JOB,
    RING_JOB,
    SAFETY,
    TAKEN_BACK_JOB,
    feature,
    reachable_helpers,
)

ALARM = "panic"
"""The word that calls whoever is named behind it and nobody else is: `panic ana`."""
CANCEL_PHRASES = frozenset(
    {
        *("cancelar", "cancela", "fue sin querer", "sin querer", "ya paso", "ya estoy bien"),
        *("falsa alarma", "fue una falsa alarma", "fue falsa alarma", "cancela la alarma"),
        *(
            "cancelar la alarma",
            "ya estoy a salvo",
            "estoy a salvo",
            "alarma falsa",
            "falso alarme",
        ),
        *("foi sem querer", "sem querer", "ja passou", "ja estou bem", "alarme falso"),
        *("foi alarme falso", "foi um alarme falso", "cancela o alarme", "cancelar o alarme"),
        *("cancel", "by mistake", "it is over", "its over", "it's over", "false alarm"),
        *("it was a false alarm", "cancel the alarm", "i am safe now"),
    }
)
"""Texts that say that it is over or was a mistake."""
_COURTESY = re.compile(
    rf"\b(?:{PLEASE}|{THANKS}|{SORRY}|chicas|gente|(?:ya )?estoy bien|ya esta"
    r"|(?:ja )?(?:to|estou) bem|ta tudo bem|tudo bem|todo bien|im ok|im fine|i'm ok|i'm fine"
    r"|all good)\b|[,.;!¡]+"
)
"""What may stand beside them: a courtesy, or that somebody is well, which alone ends no call."""


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
    """Call for help. Text that is no sub-command is sent along with the call. Return the answer."""
    if is_cancelled(text):
        return await cancel_call(ctx)
    is_agreed = ctx.answers.get(CALL_KEY) == "yes"
    if not is_agreed and (asked := await contacts.find_subcommand(ctx, text, people)) is not None:
        answer, named = asked
        return await answer(ctx, named)
    said = " ".join((*people, text)).strip()
    mine = await call_store.call_of(ctx.db, ctx.who)
    return await _call_again(ctx, mine, said) if mine is not None else await _start_call(ctx, said)


def _cut_note(ctx: Context, said: str) -> str:
    """Return what is passed on of the words: of what was written until a yes the newest, else the
    first."""
    note = " ".join(said.split())
    return note[-LONGEST_NOTE:] if ctx.answers.get(CALL_KEY) == "yes" else note[:LONGEST_NOTE]


async def _start_call(ctx: Context, text: str) -> Answer:
    if not await rooms.shares_room(ctx.db, ctx.who):
        raise UserError(
            _("I can call nobody for you: we share no room."),
            _("Call somebody you trust, or the emergency number of where you are."),
        )
    home = ctx.room if ctx.is_private else await rooms.private_room(ctx.db, ctx.who)
    number = await ctx.add_item("panic", "", home or RoomId(ctx.who))
    await call_store.put_call(ctx.db, number, ctx.said_at, _cut_note(ctx, text))
    mine = await call_store.get_call(ctx.db, number)
    assert mine is not None
    named = await named_helpers.heed_names(ctx, mine, f"{ALARM}, {text}")
    called = await reachable_helpers(ctx, mine)
    unreached = named_helpers.left_out_lines(named.left_out, called)
    if not called:
        await ctx.schedule(
            RING_JOB, ctx.now + ringing_jobs.ring_interval(mine), item=number, person=ctx.who
        )
        return [*(unreached or _nobody_to_call()), _keep_trying_line()]
    effects = await ringing_jobs.ring_once(ctx, mine, called)
    await ctx.schedule(
        REACHED_JOB, ctx.now + ringing_jobs.REACH_CHECK_AFTER, item=number, person=ctx.who
    )
    await ctx.begin_dialogue("more", ctx.who, {"item": number}, patience=GIVE_UP_AFTER)
    who = tuple(Person(one, full=True) for one in called)
    return [
        _("I am calling now, and again until somebody answers: {who}.", who=who),
        *unreached,
        *await _not_agreed_lines(ctx),
        *effects,
    ]


def _keep_trying_line() -> Line:
    return _("I keep trying. If it was by mistake: `panic cancel`")


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


async def _call_again(ctx: Context, mine: PanicCall, text: str) -> Answer:
    """Call everybody again at once, also if somebody has answered. Return whom, and whom not."""
    if text:
        await call_store.set_note(ctx.db, mine.item, _cut_note(ctx, text))
    named = await named_helpers.heed_names(ctx, mine, f"{ALARM}, {text}")
    called = await reachable_helpers(ctx, mine)
    await ctx.cancel_jobs(mine.item)
    await ringing_jobs.call_anew(ctx, mine)
    out = await named_helpers.all_left_out(ctx, mine)
    unreached = named_helpers.left_out_lines(out, called)
    if not called:
        return [*(unreached or _nobody_to_call()), _keep_trying_line()]
    who = tuple(Person(one, full=True) for one in called)
    again = _("I am calling once more, and again until somebody answers: {who}.", who=who)
    return [again, *named_helpers.included_lines(named.included), *unreached]


async def cancel_call(ctx: Context) -> Answer:
    """Cancel the asker's call for help and tell everybody who was called. Return what to say, if
    anything."""
    mine = await call_store.call_of(ctx.db, ctx.who)
    if mine is None:
        return _("No call of yours is open: I am calling nobody.")
    said = _("{who} wrote that it is over. Nothing to do any more.", who=Person(ctx.who, full=True))
    told = [Say((said,), to=one, loud=True) for one in mine.called]
    await ringing_jobs.end_call(ctx, mine)
    return [_("Good. I call nobody any more and tell those I called."), *told]


def is_over(text: str) -> bool:
    """Return whether the text ends the writer's own call for help, as `pánico fue sin querer`
    does."""
    return is_cancelled(re.sub(r"^\W*(?:panico|panic)\s+", "", fold(text)))


def is_cancelled(text: str) -> bool:
    """Return whether the text says that a call for help is over or was a mistake, and nothing more
    than a courtesy beside that: `cancel please`, and not `cancelar no, vengan`."""
    if fold_answer(text) in CANCEL_PHRASES:
        return True
    left = " ".join(_COURTESY.sub(" ", fold(text)).split())
    return fold_answer(left) in CANCEL_PHRASES


async def stop_call(ctx: Context, mine: PanicCall) -> Line:
    """End the caller's own call for help; whoever was called is told so. Return the line that says
    so."""
    await ctx.schedule(TAKEN_BACK_JOB, ctx.now, person=ctx.who, called=list(mine.called))
    await ringing_jobs.end_call(ctx, mine)
    return _("Good. I call nobody any more and tell those I called.")


# --- who answers ----------------------------------------------------------------------------------

_ON_MY_WAY = re.compile(
    r"(?:(?:si|sim|yes|ok|okey|listo),? )?"
    r"(?:ya voy|yo voy|voy|voy para alla|estoy en camino|me ocupo|yo me ocupo|acudo"
    r"|vou|ja vou|eu vou|estou indo|to indo|eu cuido|cuido disso|atendo"
    r"|going|i am going|im going|i'm going|on my way|on it|im on it|i'm on it|coming)"
    r"(?:\s+#?(\d{1,9})|,? (?:en|em|in) \d{1,3} ?(?:m|min\w*|horas?|hours?))?"
)
"""How a helper answers in private; elsewhere these words may be about an event."""


_CANNOT = re.compile(
    r"(?:ya )?no (?:puedo(?: ir| llegar)?|voy)|(?:ja )?nao (?:posso(?: ir)?|vou|consigo(?: ir)?)"
    r"|i (?:can't|cant|cannot)(?: go| come)?|not going"
)
"""How whoever answered a call says that they can't after all."""


def cannot_come(text: str) -> bool:
    """Return whether the text of a helper says that they can't come after all."""
    return _CANNOT.fullmatch(fold(text).strip(" .!¡")) is not None


def match_on_my_way(text: str) -> re.Match[str] | None:
    return _ON_MY_WAY.fullmatch(fold(text).strip(" .!¡"))


feature.wants_line = lambda text: (
    match_on_my_way(text) is not None or cannot_come(text) or is_cancelled(text)
)
feature.listens_in_private_only = True


@feature.on(Message)
async def handle_message(ctx: Context, message: Message) -> Answer:
    """In private, take `I am coming` by a helper as the answer to a call for help, and `false
    alarm` by its author as its end. Return what to say, if anything."""
    if (going := match_on_my_way(ctx.text)) is not None:
        found = [one for one in await call_store.calls_to(ctx.db, ctx.who) if one.taken is None]
        meant = [one for one in found if going[1] in (None, str(one.item))]
        return await accept_call(ctx, meant[0]) if meant else None
    if cannot_come(ctx.text):
        answered = await call_store.answered_by(ctx.db, ctx.who)
        return await withdraw(ctx, answered[0]) if answered else None
    mine = await call_store.call_of(ctx.db, ctx.who)
    return await cancel_call(ctx) if mine is not None else None


async def withdraw(ctx: Context, one: PanicCall) -> Answer:
    """Take back a helper's answer to a call for help: tell the caller, and call everybody again at
    once. Return what to say, if anything."""
    await ringing_jobs.call_anew(ctx, one)
    theirs = Person(one.author, full=True)
    said = _(
        "{helper} can't come after all. I am calling the others again.",
        helper=Person(ctx.who, full=True),
    )
    return [
        _("Noted: you don't answer the call of {who} any more. They know it.", who=theirs),
        Say((said,), to=one.author, loud=True, item=one.item),
    ]


@feature.command(
    words("acudo", "atendo", "answering", "yo respondo | eu respondo"),
    help=_("you answer somebody's call for help; the others who were called hear it"),
    example=_("For example: `!answering {number}`", number=57),
    topic=SAFETY,
    does=ItemAccess.COUNTS,
    where=CommandPlace.PRIVATE,
    bare=Bare.NUMBERED,
)
async def answer_call(ctx: Context, number: int = 0) -> Answer:
    """Answer a call for help as a helper, by its number or the newest. Return the answer."""
    found = [one for one in await call_store.calls_to(ctx.db, ctx.who) if number in (0, one.item)]
    if not found and (other := await line_about(ctx, TAKE_ON, str(number or ""))) is not None:
        return await run_line(ctx, other)
    if not found:
        raise UserError(_("Nobody is calling you under that number: it is over, or a mistake."))
    return await accept_call(ctx, found[0])


async def accept_call(ctx: Context, one: PanicCall) -> Answer:
    """Store that the asker answers a call for help, and tell the caller and the others. The first
    one counts. Return what to say, if anything."""
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
