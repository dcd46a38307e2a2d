"""Find whom an incident may be about: they don't read it. In doubt the author is asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import timedelta

from bot.api import (
    YES_NO,
    Allusion,
    Context,
    Line,
    Person,
    SearchedText,
    UserId,
    _,
    alluded_people,
    choice_of,
)
from commands.incidents.care_team import IncidentTeam, TeamKind

ANSWER_PATIENCE = timedelta(days=1)
MOST_ASKED, MOST_OFFERED = 4, 20
"""Ask about at most `MOST_ASKED` people one by one; other possible matches are left out unasked."""
ReaderLookup = Callable[[Collection[UserId]], Awaitable[IncidentTeam]]
"""Returns who would read the incident if these people did not."""


async def find_concerned(
    ctx: Context, text: str, named: Collection[UserId], readers: ReaderLookup, *more: Line
) -> set[UserId]:
    """Return everybody whom the text of an incident is or may be about, asking where it is unclear.

    `more` is appended to each question.
    """
    told = SearchedText(text)
    out = {*named, *await alluded_people.people_alluded_to(ctx, told)} - {ctx.who, ctx.me}
    asked = told.names_a_role and not out
    seen: set[UserId] = set()
    while True:
        those = await readers(out)
        fresh = [one for one in those.people if one not in seen and one != ctx.who]
        seen |= {*fresh}
        found = await _concerned_among(ctx, told, those, fresh, more)
        if asked and fresh and not found:
            found, asked = _ask_which(ctx, those, fresh, more), False
        if not found:
            return out
        out |= found


async def _concerned_among(
    ctx: Context,
    told: SearchedText,
    those: IncidentTeam,
    fresh: Sequence[UserId],
    more: Sequence[Line],
) -> set[UserId]:
    """Return which of the fresh readers the text is about."""
    looks = {one: await alluded_people.rate_person(ctx, told, one) for one in fresh}
    doubtful = [one for one, look in looks.items() if look is Allusion.POSSIBLE]
    sure = {one for one, look in looks.items() if look is Allusion.CERTAIN}
    asked = {one for one in doubtful[:MOST_ASKED] if _is_about(ctx, those, one, more)}
    return {*sure, *asked, *doubtful[MOST_ASKED:]}


def _is_about(ctx: Context, those: IncidentTeam, person: UserId, more: Sequence[Line]) -> bool:
    who = Person(person, full=True)
    question = (
        _("Is it about {who}, who is in the care team? `yes` or `no`", who=who)
        if those.kind is TeamKind.CARE
        else _("Is it about {who}, who moderates? `yes` or `no`", who=who)
    )
    answer = ctx.ask(
        f"about:{person}", YES_NO, question, *_waiting_lines(more), patience=ANSWER_PATIENCE
    )
    return answer == "yes"


def _ask_which(
    ctx: Context, those: IncidentTeam, fresh: Sequence[UserId], more: Sequence[Line]
) -> set[UserId]:
    """Ask who is meant: the text names a role of the readers, but nobody by name."""
    if len(fresh) == 1:
        return {*fresh} if _is_about(ctx, those, fresh[0], more) else set()
    shown = fresh[:MOST_OFFERED]
    lines = [
        _("{n}) {who}", n=n, who=Person(one, full=True)) for n, one in enumerate(shown, start=1)
    ]
    answer = ctx.ask(
        "about",
        choice_of(len(shown) + 1),
        _("Who of them must not read it? Answer with the number."),
        *lines,
        _("{n}) nobody: all of them may read it", n=len(shown) + 1),
        *_waiting_lines(more),
        patience=ANSWER_PATIENCE,
    )
    return {shown[int(answer) - 1]} if int(answer) <= len(shown) else set()


def _waiting_lines(more: Sequence[Line]) -> list[Line]:
    return [_("Until you answer I tell nobody."), *more]
