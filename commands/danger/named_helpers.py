"""Leave out of a call for help whom its words name, unless they clearly ask for that person.

Whom they do not accuse is left out only while somebody else is called.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.api import (
    CALLED_BY_WORDS,
    TOLD_WITHOUT_CALL,
    CalledByWords,
    Context,
    Effect,
    Line,
    NamedAs,
    Person,
    UserId,
    _,
    alluded_people,
)
from commands.danger import call_store, ringing_jobs
from commands.danger.call_store import PanicCall
from commands.danger.declaration import ALARM, feature, helpers_of, reachable_helpers


@dataclass(frozen=True, slots=True)
class NamedHelpers:
    """What the words of a call change: who is left out from now on, and who is called after
    all."""

    left_out: tuple[UserId, ...] = ()
    included: tuple[UserId, ...] = ()


async def heed_names(ctx: Context, one: PanicCall, text: str) -> NamedHelpers:
    """Store whom a call does not reach any more, also whether they do harm, and whom it reaches
    after all, as the words name them. Return whom it leaves out and includes.

    Who would be told of the caller for another reason, or has yet to agree to be called, is left
    out likewise, and not returned: the call is not theirs.
    """
    helpers = dict.fromkeys([*await helpers_of(ctx, one.author), *one.called])
    before = await call_store.left_out(ctx.db, one.item)
    contacts = await _told_otherwise(ctx, one)
    others = contacts - helpers.keys()
    asked = {p for p, _yes in await call_store.contacts_of(ctx.db, one.author)} - helpers.keys()
    rated = await alluded_people.rate_in_call(ctx, text, [*helpers, *(others | asked)])
    asked_for = [p for p, named in rated.items() if named is NamedAs.CALLED and p in before]
    await call_store.include_again(ctx.db, one.item, asked_for)
    included = [person for person in asked_for if person in helpers]
    await call_store.add_called(ctx.db, one.item, included)
    called = [p for p in helpers if p not in before or p in included]
    out = _people_left_out(rated, called, on_the_way=one.taken)
    told = [p for p in contacts if p in asked_for or p not in before.union(out)]
    untold = others.intersection(_people_left_out(rated, told))
    is_calling = len(out) < len(called)
    later = [p for p in asked if p in rated and _stays_out(rated[p], is_calling=is_calling)]
    await call_store.leave_out(ctx.db, one.item, [*out, *untold, *later])
    await ctx.drop_undelivered(one.item, out)
    accused = [person for person, named in rated.items() if named is NamedAs.ACCUSED]
    await call_store.accuse(ctx.db, one.item, accused)
    await ringing_jobs.announce_change(ctx, one)
    return NamedHelpers(tuple(out), tuple(included))


async def _told_otherwise(ctx: Context, one: PanicCall) -> set[UserId]:
    found: set[UserId] = set()
    for told in ctx.registry.offers(TOLD_WITHOUT_CALL):
        found.update(await told(ctx, one.author))
    return found


def _stays_out(named: NamedAs, *, is_calling: bool) -> bool:
    """Return whether somebody who may agree to be called later is left out of a call then; in
    doubt, if somebody else is called."""
    return named.keeps_out or (is_calling and named is NamedAs.DOUBTED)


def _people_left_out(
    rated: dict[UserId, NamedAs], called: Sequence[UserId], on_the_way: UserId | None = None
) -> list[UserId]:
    """Return who of those whom a call would reach is left out of it. Whoever is on the way already
    is left out for certain words only."""
    out = [one for one in called if one in rated and rated[one].keeps_out]
    doubted = [one for one in called if rated.get(one) is NamedAs.DOUBTED and one != on_the_way]
    return [*out, *doubted] if len(out) + len(doubted) < len(called) else out


async def left_out_by_note(ctx: Context, one: PanicCall, people: Collection[UserId]) -> set[UserId]:
    """Return which of these people, and of whoever would be told of the caller for another reason,
    the note of an open call leaves out: they may have been named to be told only since. Helpers
    whom it only leaves a doubt about were judged as it was written."""
    contacts = await _told_otherwise(ctx, one) | {*people}
    rated = await alluded_people.rate_in_call(ctx, f"{ALARM}, {one.note}", contacts)
    before = await call_store.left_out(ctx.db, one.item)
    judged = {*await reachable_helpers(ctx, one), *one.called}
    heeded = {p: named for p, named in rated.items() if named.keeps_out or p not in judged}
    return {*_people_left_out(heeded, [p for p in contacts if p not in before])}


async def ring_after(ctx: Context, one: PanicCall, named: NamedHelpers) -> list[Line | Effect]:
    """Return the calls that words of an open call make at once: for whom they include, and for
    everybody if nobody is on the way any more."""
    if one.taken in named.left_out or (named.included and one.taken is None):
        await ringing_jobs.call_anew(ctx, one)
        return []
    return await ringing_jobs.ring_once(ctx, one, named.included) if named.included else []


def included_lines(included: Collection[UserId]) -> list[Line]:
    """Return who is called after all, as the words ask for them; else nothing."""
    if not included:
        return []
    return [
        _("Called after all, as you ask: {who}.", who=tuple(Person(p, full=True) for p in included))
    ]


def left_out_lines(out: Collection[UserId], called: Collection[UserId]) -> list[Line]:
    """Return who is not called as they are named, and that nobody is left if so; else nothing."""
    if not out:
        return []
    lines = [
        _("Not called, as you name them: {who}.", who=tuple(Person(p, full=True) for p in out))
    ]
    return [*lines, *([] if called else nobody_else_lines()), call_anyway_line()]


def call_anyway_line() -> Line:
    """Return how to have somebody called whom a call leaves out."""
    return _("To call them after all: `panic` and the name.")


def nobody_else_lines() -> list[Line]:
    """Return that a call reaches nobody, and what else to do."""
    return [
        _("There is nobody else whom I could call."),
        _("Call somebody you trust, or the emergency number of where you are."),
    ]


def nobody_lines() -> list[Line]:
    """Return that there is nobody whom a call could reach, and what else to do."""
    return [
        _(
            "I have nobody to call: nobody who cares for the network, and nobody you named, can be"
            " written to."
        ),
        _("Call somebody you trust, or the emergency number of where you are."),
    ]


async def all_left_out(ctx: Context, one: PanicCall) -> list[UserId]:
    """Return every helper whom an open call leaves out, also for earlier words of it."""
    out = await call_store.left_out(ctx.db, one.item)
    return [person for person in await helpers_of(ctx, one.author) if person in out]


async def left_out_lines_for(ctx: Context, author: UserId, person: UserId) -> list[Line]:
    """Return for the author that their open call for help leaves this person out; else nothing."""
    one = await call_store.call_of(ctx.db, author)
    if one is None or person not in await call_store.left_out(ctx.db, one.item):
        return []
    return left_out_lines([person], called=[person])


async def include_unaccused(ctx: Context, one: PanicCall) -> None:
    """Have everybody called again whom a call leaves out and none of its words accuses."""
    accused = await call_store.accused(ctx.db, one.item)
    included = [person for person in await all_left_out(ctx, one) if person not in accused]
    await call_store.include_again(ctx.db, one.item, included)
    await call_store.add_called(ctx.db, one.item, included)
    await ringing_jobs.announce_change(ctx, one)


async def is_reaching_nobody(ctx: Context, one: PanicCall) -> bool:
    """Return whether an open call leaves out everybody whom it could reach."""
    has_helpers = bool(await helpers_of(ctx, one.author))
    return has_helpers and not await reachable_helpers(ctx, one)


@feature.offers(CALLED_BY_WORDS)
async def called_by_words(ctx: Context, before: str, text: str) -> CalledByWords | None:
    """Return whom a call would reach with the words of `before` and these, if these name somebody
    and leave out a helper, or if it would reach nobody; else None."""
    helpers = await helpers_of(ctx, ctx.who)
    named = await alluded_people.rate_in_call(ctx, text, helpers)
    rated = await alluded_people.rate_in_call(ctx, f"{before}. {text}", helpers)
    earlier = await alluded_people.rate_in_call(ctx, before, helpers)
    out = _people_left_out(rated, helpers)
    called = [one for one in helpers if one not in out]
    is_told = not named or {*rated.values(), *earlier.values()} <= {NamedAs.CALLED}
    if called and is_told:
        return None
    if not helpers:
        return CalledByWords(nobody_lines(), reaches=False)
    lines = left_out_lines(out, called)
    if called:
        lines.append(
            _("With a `yes` I call: {who}.", who=tuple(Person(p, full=True) for p in called))
        )
    return CalledByWords(lines, reaches=bool(called))
