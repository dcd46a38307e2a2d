"""Leave out of a call for help whom its words name, unless they clearly ask for that person.

Whom they do not accuse is left out only while somebody else is called.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot.api import (
    CALLED_BY_WORDS,
    LOOKING_AFTER,
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
from commands.danger.call_reach import keeps_out, names_for, people_left_out, reach_of
from commands.danger.call_store import PanicCall
from commands.danger.declaration import feature, helpers_of

N = TypeVar("N", bound=str)


@dataclass(frozen=True, slots=True)
class NamedHelpers:
    """What the words of a call change: who is left out from now on, and who is called after all.
    `others` are the helpers whom all its words so far do not leave out."""

    left_out: tuple[UserId, ...] = ()
    included: tuple[UserId, ...] = ()
    others: tuple[UserId, ...] = ()


async def heed_names(ctx: Context, one: PanicCall, text: str) -> NamedHelpers:
    """Store how a line of a call names people, also those whom the call can't reach yet: it is read
    here once, and its words are kept nowhere. Return whom it leaves out and includes.

    Who would be told of the caller for another reason, or has yet to agree to be called, is not
    returned: the call is not theirs. Whoever is on the way is not left out as named in passing.
    """
    helpers = dict.fromkeys([*await helpers_of(ctx, one.author), *one.called])
    chosen = [person for person, _yes in await call_store.contacts_of(ctx.db, one.author)]
    known = {*helpers, *chosen, *await people_told_otherwise(ctx, one.author)}
    names = await alluded_people.read_names(ctx, text, known)
    rated = {p: n for p, n in names.people.items() if p != one.taken or n is not NamedAs.DOUBTED}
    before = await names_for(ctx, one, {*helpers, *rated})
    asked_for = [p for p in helpers if rated.get(p) is NamedAs.CALLED and p not in one.called]
    included = [p for p in asked_for if one.rung or keeps_out(before.get(p))]
    called = [p for p in helpers if p in included or not keeps_out(before.get(p))]
    out = people_left_out(rated, called)
    decided = {p: now for p, now in rated.items() if not now.is_doubt or p not in called}
    decided |= {p: _later_name(NamedAs.SET_ASIDE, rated[p]) for p in out if p not in decided}
    await call_store.add_alluded(ctx.db, one.item, _read_after(before, decided))
    words = await call_store.names(ctx.db, one.item)
    await call_store.add_names(ctx.db, one.item, _read_after(words, names.words))
    await call_store.add_called(ctx.db, one.item, included)
    await ctx.drop_undelivered(one.item, out)
    await ringing_jobs.announce_change(ctx, one)
    return NamedHelpers(tuple(out), tuple(included), tuple(p for p in called if p not in out))


async def people_told_otherwise(ctx: Context, author: UserId) -> set[UserId]:
    """Return who would be told of the author for another reason than their call for help."""
    found: set[UserId] = set()
    for told in ctx.registry.offers(TOLD_WITHOUT_CALL):
        found.update(await told(ctx, author))
    return found


async def people_looking_after(ctx: Context, author: UserId) -> set[UserId]:
    """Return who looks after the author by now without a call for help."""
    found: set[UserId] = set()
    for looking_after in ctx.registry.offers(LOOKING_AFTER):
        found.update(await looking_after(ctx, author))
    return found


def _read_after(before: Mapping[N, NamedAs], now: Mapping[N, NamedAs]) -> dict[N, NamedAs]:
    """Return how each is named now, after what was said of them before: who was accused stays so
    until they are asked for, and a doubt leaves nobody in who is left out."""
    return {who: _later_name(before.get(who), named) for who, named in now.items()}


def _later_name(before: NamedAs | None, now: NamedAs) -> NamedAs:
    if before is None or now is NamedAs.CALLED:
        return now
    if before is NamedAs.SET_ASIDE and now is NamedAs.SUSPECTED:
        return NamedAs.LEFT_OUT
    stays = now.is_doubt or before is NamedAs.ACCUSED
    return max(before, now, key=[*NamedAs].index) if stays else now


async def ring_after(ctx: Context, one: PanicCall, named: NamedHelpers) -> list[Line | Effect]:
    """Return the calls that words of an open call make at once: for whom they include, and for
    everybody if nobody is on the way any more, or nobody is left whom it called so far."""
    is_left = bool({*one.called, *named.included}.difference(named.left_out))
    if (
        one.taken in named.left_out
        or (named.included and one.taken is None)
        or (named.left_out and not is_left)
    ):
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


def newcomer_lines(newcomers: Collection[UserId]) -> list[Line]:
    """Return who is not called as they came only during the call; else nothing."""
    if not newcomers:
        return []
    who = tuple(Person(p, full=True) for p in newcomers)
    return [_("Not called, as they came only after your call: {who}.", who=who), call_anyway_line()]


async def left_out_lines_for(ctx: Context, author: UserId, person: UserId) -> list[Line]:
    """Return for the author that their open call for help leaves this person out; else nothing."""
    one = await call_store.call_of(ctx.db, author)
    if one is None or person not in (await reach_of(ctx, one)).left_out:
        return []
    return left_out_lines([person], called=[person])


async def include_unaccused(ctx: Context, one: PanicCall) -> None:
    """Have everybody called again whom a call leaves out and none of its words accuses."""
    out = (await reach_of(ctx, one)).left_out
    named = await names_for(ctx, one, out)
    included = [person for person in out if named[person] is not NamedAs.ACCUSED]
    await call_store.include_again(ctx.db, one.item, included)
    await call_store.add_called(ctx.db, one.item, included)
    await ringing_jobs.announce_change(ctx, one)


@feature.offers(CALLED_BY_WORDS)
async def called_by_words(ctx: Context, before: str, text: str) -> CalledByWords | None:
    """Return whom a call would reach with the words of `before` and these, if these name somebody
    and leave out a helper, or if it would reach nobody; else None."""
    helpers = await helpers_of(ctx, ctx.who)
    if not helpers:
        return CalledByWords(nobody_lines(), reaches=False)
    rated = await alluded_people.rate_in_call(ctx, f"{before}. {text}", helpers)
    out = people_left_out(rated, helpers)
    called = [one for one in helpers if one not in out]
    if called and not await _changes_who_is_called(ctx, before, text, rated):
        return None
    lines = left_out_lines(out, called)
    if called:
        lines.append(
            _("With a `yes` I call: {who}.", who=tuple(Person(p, full=True) for p in called))
        )
    return CalledByWords(lines, reaches=bool(called))


async def _changes_who_is_called(
    ctx: Context, before: str, text: str, rated: Mapping[UserId, NamedAs]
) -> bool:
    """Return whether these words name somebody, and any words so far leave somebody out or in
    doubt, so that it must be said who is called. `rated`: how all of them together name people."""
    if not rated or not await alluded_people.rate_in_call(ctx, text, rated):
        return False
    earlier = await alluded_people.rate_in_call(ctx, before, rated)
    return any(named is not NamedAs.CALLED for named in (*rated.values(), *earlier.values()))
