"""Find whom an incident may be about: they don't read it. In doubt the author is asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import timedelta

from bot.api import YES_NO, Allusion, Context, Line, Person, Told, UserId, _, choice
from commands.care.incidents import name_matching
from commands.care.incidents.care_team import Kind, Team

PATIENCE = timedelta(days=1)
MOST_ASKED, MOST_SHOWN = 4, 20
"""Ask about at most `MOST_ASKED` people one by one; other possible matches are left out unasked."""
Readers = Callable[[Collection[UserId]], Awaitable[Team]]
"""Returns who would read the incident if these people did not."""


async def meant(
    ctx: Context, text: str, named: Collection[UserId], readers: Readers, *more: Line
) -> set[UserId]:
    """Return everybody whom the text is or may be about. `more` is appended to each question."""
    told = Told(text)
    out = {*named, *await name_matching.known(ctx, told)} - {ctx.who, ctx.me}
    asked = told.of_a_role and not out
    seen: set[UserId] = set()
    while True:
        those = await readers(out)
        fresh = [one for one in those.people if one not in seen and one != ctx.who]
        seen |= {*fresh}
        found = await _of(ctx, told, those, fresh, more)
        if asked and fresh and not found:
            found, asked = _chosen(ctx, those, fresh, more), False
        if not found:
            return out
        out |= found


async def _of(
    ctx: Context, told: Told, those: Team, fresh: Sequence[UserId], more: Sequence[Line]
) -> set[UserId]:
    """Return which of the fresh readers the text is about."""
    looks = {one: await name_matching.look(ctx, told, one) for one in fresh}
    doubtful = [one for one, look in looks.items() if look is Allusion.POSSIBLE]
    sure = {one for one, look in looks.items() if look is Allusion.CERTAIN}
    asked = {one for one in doubtful[:MOST_ASKED] if _is_about(ctx, those, one, more)}
    return {*sure, *asked, *doubtful[MOST_ASKED:]}


def _is_about(ctx: Context, those: Team, person: UserId, more: Sequence[Line]) -> bool:
    who = Person(person, full=True)
    question = (
        _("Is it about {who}, who is in the care team? `yes` or `no`", who=who)
        if those.kind is Kind.CARE
        else _("Is it about {who}, who moderates? `yes` or `no`", who=who)
    )
    answer = ctx.ask(f"about:{person}", YES_NO, question, *_until(more), patience=PATIENCE)
    return answer == "yes"


def _chosen(
    ctx: Context, those: Team, fresh: Sequence[UserId], more: Sequence[Line]
) -> set[UserId]:
    """Ask who is meant: the text names a role of the readers, but nobody by name."""
    if len(fresh) == 1:
        return {*fresh} if _is_about(ctx, those, fresh[0], more) else set()
    shown = fresh[:MOST_SHOWN]
    lines = [
        _("{n}) {who}", n=n, who=Person(one, full=True)) for n, one in enumerate(shown, start=1)
    ]
    answer = ctx.ask(
        "about",
        choice(len(shown) + 1),
        _("Who of them must not read it? Answer with the number."),
        *lines,
        _("{n}) nobody: all of them may read it", n=len(shown) + 1),
        *_until(more),
        patience=PATIENCE,
    )
    return {shown[int(answer) - 1]} if int(answer) <= len(shown) else set()


def _until(more: Sequence[Line]) -> list[Line]:
    return [_("Until you answer I tell nobody."), *more]
