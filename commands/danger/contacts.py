"""`!panic tell @ana`: the contacts that a person wants called. Each must agree first."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

from bot.api import (
    YES_NO,
    Answer,
    Context,
    Line,
    People,
    Person,
    Say,
    UserError,
    UserId,
    _,
    fold,
    rooms,
)
from commands.danger import call_store
from commands.danger.declaration import MOST_NAMED, called_by, feature

_JOINING = r"(?:\s*(?:,|;|a|y|e|and|to|al|ao)\s*)*"
_TELL = re.compile(r"(?:avisar|avisa|avisen|avise|llamar|chamar|tell|call)" + _JOINING)
_NOT = re.compile(r"(?:sin|sem|without|quitar|tirar|drop)" + _JOINING)
_NOT_ME = re.compile(r"(?:sin mi|no a mi|sem mim|eu nao|without me|not me)")
_WHO = re.compile(r"(?:a quien|quien|quienes|para quem|quem|who|whom)\??")


def asked(text: str, people: People) -> Callable[[Context, People], Awaitable[Answer]] | None:
    """Return the handler if the text is about contacts; None means a call for help, also in
    doubt."""
    words = fold(" ".join(part for part in text.split() if not part.startswith("@"))).strip()
    if _WHO.fullmatch(words) or (_TELL.fullmatch(words) and not people):
        return who_is_called
    if _NOT_ME.fullmatch(words) and not people:
        return out
    if people and _TELL.fullmatch(words):
        return add
    if people and _NOT.fullmatch(words):
        return drop
    return None


async def who_is_called(ctx: Context, _people: People = ()) -> Answer:
    named = await call_store.named_by(ctx.db, ctx.who)
    lines: list[Line] = []
    if called := tuple(Person(p, full=True) for p in await called_by(ctx, ctx.who)):
        lines.append(_("If you call for help, I call: {who}.", who=called))
    if waiting := tuple(Person(one, full=True) for one, yes in named if not yes):
        lines.append(_("Not agreed to it yet: {who}.", who=waiting))
    unread = [one for one, _yes in named if await _unreachable(ctx, one)]
    if unread:
        lines.append(_no_device(unread))
    return [*lines, _("To name somebody: `panic tell @ana:server.org`. To take a name out:"
                      " `panic without @ana:server.org`")]  # fmt: skip


async def add(ctx: Context, people: People) -> Answer:
    named = [one for one in people if one not in (ctx.who, ctx.me)]
    if not named:
        raise UserError(_("Please name somebody else: you would only call yourself."))
    before = [one for one, _yes in await call_store.named_by(ctx.db, ctx.who)]
    if len({*before, *named}) > MOST_NAMED:
        raise UserError(_("That is more people than I call: {count} at most.", count=MOST_NAMED))
    for one in named:
        if not await rooms.shares_room(ctx.db, one):
            raise UserError(
                _("I can't write to {who}: we share no room.", who=Person(one, full=True)),
                _("Name somebody who is in a room with me."),
            )
    unread = [one for one in named if await _unreachable(ctx, one)]
    await call_store.name(ctx.db, ctx.who, named)
    for one in named:
        if one not in before:
            await ctx.begin("agree", one, {"person": ctx.who})
    lines = [
        _("Noted. I ask them, and call them once they agree: {who}.",
          who=tuple(Person(one, full=True) for one in named)),
    ]  # fmt: skip
    return [*lines, _no_device(unread)] if unread else lines


async def drop(ctx: Context, people: People) -> Answer:
    for one in people:
        await call_store.unname(ctx.db, ctx.who, one)
    return _("Done. I would not call them any more: {who}.",
             who=tuple(Person(one, full=True) for one in people))  # fmt: skip


async def out(ctx: Context, _people: People = ()) -> Answer:
    """Remove the asker from everybody's contacts, and tell each of them."""
    by = await call_store.naming(ctx.db, ctx.who)
    for person in by:
        await call_store.unname(ctx.db, person, ctx.who)
    if not by:
        return _("Nobody named you to be called.")
    said = _not_any_more(ctx)
    return [
        _("Good that you say so. I tell {who}.", who=tuple(Person(one, full=True) for one in by)),
        *[Say((said,), to=one, loud=True) for one in by],
    ]


def _not_any_more(ctx: Context) -> Line:
    return _("{who} can't answer a call of yours. You can name somebody else.",
             who=Person(ctx.who, full=True))  # fmt: skip


async def _unreachable(ctx: Context, person: UserId) -> bool:
    return not ctx.fetched.devices(person).signed


def _no_device(people: list[UserId]) -> Line:
    return _("Can't be reached now, as no device of theirs is confirmed: {who}.",
             who=tuple(Person(one, full=True) for one in people))  # fmt: skip


@feature.dialogue("agree")
async def agree(ctx: Context, payload: Mapping[str, str]) -> Answer:
    """Ask somebody whether they agree to be called. Nobody is called without a yes."""
    person = UserId(payload["person"])
    named = {one for one, _yes in await call_store.named_by(ctx.db, person)}
    if ctx.who not in named:
        return None
    who = Person(person, full=True)
    answer = ctx.ask(
        "will",
        YES_NO,
        _("{who} would like me to call you if they are in danger: I would write to you again and"
          " again until somebody answers.", who=who),
        _("Would you answer such a call? `yes` or `no`"),
    )  # fmt: skip
    if answer != "yes":
        await call_store.unname(ctx.db, person, ctx.who)
        told = Say((_not_any_more(ctx),), to=person, loud=True)
        return [_("Good that you say so. I tell {who}.", who=who), told]
    if not await call_store.agree(ctx.db, person, ctx.who):
        return None
    said = _("{who} would answer a call of yours.", who=Person(ctx.who, full=True))
    return [
        _("Thank you. If {who} calls, I write to you at once.", who=who),
        _("If you can't any more: `panic without me`"),
        Say((said,), to=person),
    ]
