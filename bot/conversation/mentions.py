"""Finds the people meant in a line: by address, as `@bea`, by a mention, or by a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.capability.errors import TEXT, AnswerNeeded, UserError
from bot.conversation.addresses import ADDRESS, cut_addresses, find_addresses
from bot.i18n import _
from bot.lines import Line, Person
from bot.text.normalisation import fold
from bot.types import UserId
from storage import rooms

if TYPE_CHECKING:
    from bot.capability.context import Context

_HANDLE = re.compile(r"(?<![\w@/.:])@[\w.\-=+]{0,60}\w(?![\w@]|:\w)")
ANSWER_KEY = "part:people"
MOST_ROOMS = 20
"""Most shared rooms that are searched in private."""
MOST_SHOWN = 5
MYSELF = frozenset({"@yo", "@eu", "@me"})


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Somebody named in a line: where, and as what. `user` is None if nobody has that name.

    A mention of which the line has no trace stands at 0 and has no length.
    """

    user: UserId | None
    typed: str
    start: int = 0
    end: int = 0


def find_people(
    text: str, pills: Mapping[UserId, str], names: Mapping[UserId, str], me: UserId | None = None
) -> list[NamedPerson]:
    """Return the people named in a text: those mentioned by `pills`, by address, then by a handle
    such as `@bea`.

    `text` has no links (see `expand_links`). `pills` are mentions with the names they show, `names`
    the people that a handle may mean; `me` is whom `@yo` means.
    """
    found: list[NamedPerson] = []
    for person, name in pills.items():
        start, end = _pill_span(text, person, name)
        text = _blank(text, start, end)
        found.append(NamedPerson(person, name, start, end))
    for match in list(ADDRESS.finditer(text)):
        text = _blank(text, *match.span())
        found.append(NamedPerson(UserId(match[0]), match[0], *_with_brackets(text, match)))
    for match in _HANDLE.finditer(text):
        is_me = me is not None and fold(match[0]) in MYSELF
        who = me if is_me else find_person(match[0][1:], names)
        found.append(NamedPerson(who, match[0], *_with_brackets(text, match)))
    return found


def cut_people(text: str, found: Iterable[NamedPerson]) -> str:
    """Return the text with spaces in place of the mentions, addresses and handles of these
    people."""
    for one in found:
        text = _blank(text, one.start, one.end)
    return text


def has_handle(text: str) -> bool:
    """Return whether the text names somebody without a server (`@bea`), which only names can
    resolve."""
    return "@" in cut_addresses(text)


def _with_brackets(text: str, match: re.Match[str]) -> tuple[int, int]:
    """Return where a name stands, with the brackets around it."""
    start, end = match.span()
    closed = f"{text[max(start - 1, 0) : start]}{text[end : end + 1]}" in ("()", "<>")
    return (start - 1, end + 1) if closed else (start, end)


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _pill_span(text: str, person: UserId, name: str) -> tuple[int, int]:
    """Return where a mention stands, in the form that the client wrote: address or name."""
    for form in filter(None, (person, name, localpart(person))):
        if at := re.search(rf"(?<!\w)@?{re.escape(form)}(?!\w)", text, re.IGNORECASE):
            return at.span()
    return 0, 0


def find_person(handle: str, names: Mapping[UserId, str]) -> UserId | None:
    """Return the only person whose localpart, whole display name, or first name this is; None if
    nobody or several."""
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
    """Return the people whom a short name may mean, each with their display name.

    These are the members of the room that the line is about; in private, of all rooms shared with
    the person.
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
    rest = _HANDLE.sub(" ", cut_addresses(text)).strip().lstrip(":;, ")
    if (answer := ctx.answers.get(ANSWER_KEY)) is not None:
        text = answer
    found = list(find_addresses(text))
    handles = _HANDLE.findall(cut_addresses(text))
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
    if ctx.answers_one_person:
        return AnswerNeeded(ANSWER_KEY, TEXT, (*lines, _("Write it here. To stop: `cancel`")))
    return UserError(*lines)
