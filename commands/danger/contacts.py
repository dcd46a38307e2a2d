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
from commands.danger.declaration import MOST_CONTACTS, feature, helpers_of

_LINKING_WORDS = r"(?:\s*(?:,|;|a|y|e|and|to|al|ao)\s*)*"
_TELL = re.compile(r"(?:avisar|avisa|avisen|avise|llamar|chamar|tell|call)" + _LINKING_WORDS)
_NOT = re.compile(r"(?:sin|sem|without|quitar|tirar|drop)" + _LINKING_WORDS)
_NOT_ME = re.compile(r"(?:sin mi|no a mi|sem mim|eu nao|without me|not me)")
_WHO = re.compile(r"(?:a quien|quien|quienes|para quem|quem|who|whom)\??")


def find_subcommand(
    text: str, people: People
) -> Callable[[Context, People], Awaitable[Answer]] | None:
    """Return the handler if the text behind `panic` is about contacts; None means a call for help,
    also in doubt."""
    words = fold(" ".join(part for part in text.split() if not part.startswith("@"))).strip()
    if _WHO.fullmatch(words) or (_TELL.fullmatch(words) and not people):
        return show_contacts
    if _NOT_ME.fullmatch(words) and not people:
        return withdraw_as_contact
    if people and _TELL.fullmatch(words):
        return add_contacts
    if people and _NOT.fullmatch(words):
        return remove_contacts
    return None


async def show_contacts(ctx: Context, _people: People = ()) -> Answer:
    """Show whom a call for help of the asker would reach, and who has not agreed to be called yet.
    Return what to say, if anything."""
    named = await call_store.contacts_of(ctx.db, ctx.who)
    lines: list[Line] = []
    if called := tuple(Person(p, full=True) for p in await helpers_of(ctx, ctx.who)):
        lines.append(_("If you call for help, I call: {who}.", who=called))
    if waiting := tuple(Person(one, full=True) for one, yes in named if not yes):
        lines.append(_("Not agreed to it yet: {who}.", who=waiting))
    unread = [one for one, _yes in named if await _is_unreachable(ctx, one)]
    if unread:
        lines.append(_unreachable_line(unread))
    return [
        *lines,
        _machine_off_line(),
        _(
            "To name somebody: `panic tell @ana:server.org`. To take a name out:"
            " `panic without @ana:server.org`"
        ),
    ]


async def add_contacts(ctx: Context, people: People) -> Answer:
    """Add people to those who are called when the person is in danger; each of them is asked first.
    Return what to say, if anything.

    Raises `UserError` for oneself alone, for too many, and for whom the bot shares no room with.
    """
    named = [one for one in people if one not in (ctx.who, ctx.me)]
    if not named:
        raise UserError(_("Please name somebody else: you would only call yourself."))
    before = [one for one, _yes in await call_store.contacts_of(ctx.db, ctx.who)]
    if len({*before, *named}) > MOST_CONTACTS:
        raise UserError(_("That is more people than I call: {count} at most.", count=MOST_CONTACTS))
    for one in named:
        if not await rooms.shares_room(ctx.db, one):
            raise UserError(
                _("I can't write to {who}: we share no room.", who=Person(one, full=True)),
                _("Name somebody who is in a room with me."),
            )
    unread = [one for one in named if await _is_unreachable(ctx, one)]
    await call_store.add_contacts(ctx.db, ctx.who, named)
    for one in named:
        if one not in before:
            await ctx.begin_dialogue("agree", one, {"person": ctx.who})
    lines = [
        _(
            "Noted. I ask them, and call them once they agree: {who}.",
            who=tuple(Person(one, full=True) for one in named),
        ),
        _machine_off_line(),
    ]
    return [*lines, _unreachable_line(unread)] if unread else lines


def _machine_off_line() -> Line:
    """Return what nobody may find out only when they are in danger."""
    return _("If my computer is off, I hear no call and call nobody: have a phone number too.")


async def remove_contacts(ctx: Context, people: People) -> Answer:
    """Remove people from those who are called when the person is in danger. Return what to say, if
    anything."""
    for one in people:
        await call_store.remove_contact(ctx.db, ctx.who, one)
    return _(
        "Done. I would not call them any more: {who}.",
        who=tuple(Person(one, full=True) for one in people),
    )


async def withdraw_as_contact(ctx: Context, _people: People = ()) -> Answer:
    """Remove the asker from the contacts of everybody, and tell each of them. Return what to say,
    if anything."""
    by = await call_store.people_with_contact(ctx.db, ctx.who)
    for person in by:
        await call_store.remove_contact(ctx.db, person, ctx.who)
    if not by:
        return _("Nobody named you to be called.")
    said = _withdrawn_line(ctx)
    return [
        _("Good that you say so. I tell {who}.", who=tuple(Person(one, full=True) for one in by)),
        *[Say((said,), to=one, loud=True) for one in by],
    ]


def _withdrawn_line(ctx: Context) -> Line:
    return _(
        "{who} can't answer a call of yours. You can name somebody else.",
        who=Person(ctx.who, full=True),
    )


async def _is_unreachable(ctx: Context, person: UserId) -> bool:
    return not ctx.fetched.devices(person).signed


def _unreachable_line(people: list[UserId]) -> Line:
    return _(
        "Can't be reached now, as no device of theirs is confirmed: {who}.",
        who=tuple(Person(one, full=True) for one in people),
    )


@feature.dialogue("agree")
async def ask_contact(ctx: Context, payload: Mapping[str, str]) -> Answer:
    """Ask somebody whether they agree to be called in danger. Nobody is called without a yes.
    Return what to say, if anything."""
    person = UserId(payload["person"])
    named = {one for one, _yes in await call_store.contacts_of(ctx.db, person)}
    if ctx.who not in named:
        return None
    who = Person(person, full=True)
    answer = ctx.ask(
        "will",
        YES_NO,
        _(
            "{who} would like me to call you if they are in danger: I would write to you again and"
            " again until somebody answers.",
            who=who,
        ),
        _("Would you answer such a call? `yes` or `no`"),
    )
    if answer != "yes":
        await call_store.remove_contact(ctx.db, person, ctx.who)
        told = Say((_withdrawn_line(ctx),), to=person, loud=True)
        return [_("Good that you say so. I tell {who}.", who=who), told]
    if not await call_store.mark_agreed(ctx.db, person, ctx.who):
        return None
    said = _("{who} would answer a call of yours.", who=Person(ctx.who, full=True))
    return [
        _("Thank you. If {who} calls, I write to you at once.", who=who),
        _("If you can't any more: `panic without me`"),
        Say((said,), to=person),
    ]
