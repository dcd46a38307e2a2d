"""A helper answers a call for help, by its number or in words, or can't come after all."""

from __future__ import annotations

import re

from bot.api import (
    TAKE_ON,
    Answer,
    Bare,
    CommandPlace,
    Context,
    ItemAccess,
    Line,
    Message,
    Person,
    Say,
    UserError,
    _,
    fold,
    line_about,
    run_line,
    words,
)
from commands.danger import call_endings, call_store, panic_call, ringing_jobs
from commands.danger.call_store import PanicCall
from commands.danger.declaration import RING_JOB, SAFETY, feature

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
    match_on_my_way(text) is not None or cannot_come(text) or call_endings.is_cancelled(text)
)
feature.listens_in_private_only = True


@feature.on(Message)
async def handle_message(ctx: Context, message: Message) -> Answer:
    """In private, take `I am coming` by a helper as the answer to a call for help, and `false
    alarm` by its author as its end. Return what to say, if anything."""
    if (going := match_on_my_way(ctx.text)) is not None:
        found = [one for one in await call_store.calls_to(ctx.db, ctx.who) if one.taken is None]
        meant = [one for one in found if going[1] in (None, str(one.item))]
        if meant:
            return await accept_call(ctx, meant[0])
        return None  # taken out of an open call they read the same as of one that is over
    if cannot_come(ctx.text):
        answered = await call_store.answered_by(ctx.db, ctx.who)
        return await withdraw(ctx, answered[0]) if answered else None
    mine = await call_store.call_of(ctx.db, ctx.who)
    return await panic_call.cancel_call(ctx) if mine is not None else None


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
        raise UserError(not_calling_line())
    return await accept_call(ctx, found[0])


def not_calling_line() -> Line:
    """Return the line for a helper who answers a call for help that does not ring for them."""
    return _("Nobody is calling you under that number: it is over, or a mistake.")


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
        *[Say((said,), to=person, loud=True, item=one.item) for person in (*others, one.author)],
    ]
