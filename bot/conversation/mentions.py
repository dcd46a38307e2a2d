"""Finds the person meant by a name without a server: `@bea`, or a display name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.capability.errors import TEXT, AnswerNeeded, UserError
from bot.i18n import _
from bot.text.normalisation import fold
from bot.types import Line, Person, UserId
from storage import rooms

if TYPE_CHECKING:
    from bot.capability.context import Context

ADDRESS = re.compile(r"@[a-zA-Z0-9._=\-/+]{1,100}:[a-zA-Z0-9.\-]{1,120}(?::\d{1,5})?")
_HANDLE = re.compile(r"(?<![\w@/.:])@[\w.\-=+]{0,60}\w(?![\w@:])")
ANSWER_KEY = "part:people"
MOST_ROOMS = 20
"""Most shared rooms that are searched in private."""
MOST_SHOWN = 5


def person_called(handle: str, names: Mapping[UserId, str]) -> UserId | None:
    """Return the only person with this name: by localpart, whole name, or first name. Else None."""
    said = fold(handle).strip()
    for way in range(3):
        fits = [user for user, name in names.items() if _name_forms(user, name)[way] == said]
        if fits:
            return fits[0] if len(fits) == 1 else None
    return None


def localpart(user: UserId) -> str:
    """Return the localpart of a user id: `bea` of `@bea:server.org`."""
    return user[1:].split(":", 1)[0]


def _name_forms(user: UserId, name: str) -> tuple[str, str, str]:
    whole = fold(name).strip()
    return fold(localpart(user)), whole, next(iter(whole.split()), "")


async def nearby_people(ctx: Context) -> dict[UserId, str]:
    """Return the people that a short name may mean, with their display names.

    These are the members of the room in question, in private those of the shared rooms.
    """
    places = [ctx.target.room] if ctx.target is not None else [ctx.room]
    if ctx.is_private and ctx.target is None:
        places = [one.room for one in await rooms.shared_rooms(ctx.db, ctx.who)][:MOST_ROOMS]
    found: dict[UserId, str] = {}
    for place in places:
        found |= await rooms.member_names(ctx.db, place)
    found.pop(ctx.me, None)
    return found


async def named_people(ctx: Context, text: str) -> tuple[tuple[UserId, ...], str]:
    """Return the people named in `text` by address or as `@bea`, and the rest of the text.

    Display names are only suggested, because anybody can take another's. The answer to an earlier
    question needs no `@`. Raises `UserError` or `AnswerNeeded` if a name fits nobody or several.
    """
    rest = _HANDLE.sub(" ", ADDRESS.sub(" ", text)).strip()
    if (answer := ctx.answers.get(ANSWER_KEY)) is not None:
        text = answer
    found = [UserId(one) for one in ADDRESS.findall(text)]
    handles = _HANDLE.findall(ADDRESS.sub(" ", text))
    if answer and not found and not handles:
        handles = [answer.strip()[:60]]
    names = await nearby_people(ctx) if handles else {}
    for handle in handles:
        fits = [user for user in names if fold(localpart(user)) == fold(handle.lstrip("@"))]
        if len(fits) != 1:
            raise _unclear_name(ctx, handle, names, fits)
        found += fits
    return tuple(dict.fromkeys(found)), rest


def _unclear_name(
    ctx: Context, handle: str, names: Mapping[UserId, str], fits: list[UserId]
) -> UserError | AnswerNeeded:
    said = fold(handle.lstrip("@"))
    near = fits or [user for user, name in names.items() if said in _name_forms(user, name)]
    lines: tuple[Line, ...] = (
        _(
            "I know nobody called “{name}” here. A whole address looks like this:"
            " `@bea:server.org`",
            name=handle,
        ),
    )
    if near:
        who = tuple(Person(one, full=True) for one in near[:MOST_SHOWN])
        lines = (
            _(
                "Who is meant by “{name}”? Please write the whole address: {people}",
                name=handle,
                people=who,
            ),
        )
    if ctx.is_private or ctx.answers_in_private:
        return AnswerNeeded(ANSWER_KEY, TEXT, (*lines, _("Write it here. To stop: `cancel`")))
    return UserError(*lines)
