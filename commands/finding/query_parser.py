"""Parse a search into words, themes, kind, person, dates and page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.api import (
    PAGE_ARGUMENT,
    Context,
    FindableKind,
    NamedArgument,
    ParsedArguments,
    UserError,
    UserId,
    _,
    dates,
    find_addresses,
    page_number,
    search,
    stems,
    words,
)

KIND = NamedArgument(words("tipo", "tipo", "kind", "type"))
BY = NamedArgument(words("de", "de", "by", "quien, autor | quem, autora | who, author"))
SINCE = NamedArgument(words("desde", "desde", "since", "from"))
UNTIL = NamedArgument(words("hasta", "até", "until", "to"))
ARGS = (KIND, BY, SINCE, UNTIL, PAGE_ARGUMENT)
_THEME = re.compile(r"(?<!\S)#([^\s#:,;]+)(?=[\s,;.]|$)")
"""`#tema`, never `#sala:servidor`."""
_FROM, _TO, _END = r"(?:desde|since)", r"(?:hasta|até|ate|until)", r"#\w+)\b|\s*$)"
_SINCE = re.compile(rf"(?:^|\s){_FROM}\s+(.+?)(?=\s(?:{_TO}|{_END}", re.IGNORECASE)
_UNTIL = re.compile(rf"(?:^|\s){_TO}\s+(.+?)(?=\s(?:{_FROM}|{_END}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search. `again`: what was typed, without the page; `nobody`: the person named is
    unknown."""

    query: search.Query
    page: int
    again: str
    nobody: bool = False


async def read_request(
    ctx: Context, parts: ParsedArguments, kinds: Mapping[str, FindableKind]
) -> SearchRequest:
    """Return the search that a typed line asks for. Raises `UserError` for an unknown kind or an
    unreadable date."""
    kind, beside_kind = _split_value(parts.named.get(KIND.key, ""), kinds)
    by, beside_by = _split_value(parts.named.get(BY.key, ""), {})
    text = " ".join((*parts.free.split(), beside_kind, beside_by))
    since, until = parts.named.get(SINCE.key, ""), parts.named.get(UNTIL.key, "")
    text = " ".join((text, *_find_themes(since), *_find_themes(until)))
    since, until = _THEME.sub("", since).strip(), _THEME.sub("", until).strip()
    if not since:
        text, since = _take_date(ctx, text, _SINCE)
    if not until:
        text, until = _take_date(ctx, text, _UNTIL)
    bare = _THEME.sub(" ", text)
    query = search.Query(
        " ".join((bare, *parts.quoted)).strip(),
        _kinds_named(kind, kinds),
        tuple(_THEME.findall(text)),
        since=_date_range(ctx, since)[0] if since else None,
        until=_date_range(ctx, until)[1] if until else None,
        narrow=True,
    )
    people = await _people_named(ctx, by) if by else ()
    found = replace(query, people=people)
    return SearchRequest(
        found,
        page_number(parts.named.get(PAGE_ARGUMENT.key, "")),
        _typed_again(parts),
        nobody=bool(by) and not people,
    )


def _find_themes(text: str) -> list[str]:
    return [f"#{name}" for name in _THEME.findall(text)]


def _take_date(ctx: Context, text: str, pattern: re.Pattern[str]) -> tuple[str, str]:
    """Cut a phrase like `desde octubre` out of the words, if it is a date."""
    match = pattern.search(text)
    if match is None or _read_dates(ctx, match[1]) is None:
        return text, ""
    return (text[: match.start()] + " " + text[match.end() :]).strip(), match[1]


def _split_value(value: str, kinds: Mapping[str, FindableKind]) -> tuple[str, str]:
    """Return one word as the kind or person, and the rest, unless the whole value is a kind's
    name."""
    names = [stems.stems_of(name) for kind in kinds.values() for name in kind.name]
    if stems.stems_of(value) in names:
        return value, ""
    word, _space, rest = value.partition(" ")
    return word, rest


def _kinds_named(named: str, kinds: Mapping[str, FindableKind]) -> tuple[str, ...]:
    """Return the keys of the kind with that name, in any form of it."""
    if not named:
        return ()
    wanted = stems.stems_of(named)
    found = tuple(
        key for key, kind in kinds.items() if any(stems.stems_of(w) == wanted for w in kind.name)
    )
    if not found:
        raise UserError(
            _("I know no kind “{kind}”.", kind=named[:40]),
            _("There are: {kinds}", kinds=tuple(dict.fromkeys(k.name for k in kinds.values()))),
        )
    return found


async def _people_named(ctx: Context, named: str) -> tuple[UserId, ...]:
    """Return the people mentioned, else those with that address or name."""
    if ctx.origin.mentions:
        return tuple(person for person in ctx.origin.mentions if person != ctx.me)
    if people := find_addresses(named):
        return people[:1]
    return tuple(await search.people_named(ctx.db, named))


def _date_range(ctx: Context, phrase: str) -> tuple[datetime, datetime]:
    found = _read_dates(ctx, phrase)
    if found is None:
        raise UserError(
            _("I can't read “{words}” as a date.", words=phrase[:80]),
            _("For example: `!find charter since October`"),
        )
    return found


def _read_dates(ctx: Context, phrase: str) -> dates.past.Period | None:
    return dates.past.read_period(phrase, ctx.said_at, ctx.policy.zone)


def _typed_again(parts: ParsedArguments) -> str:
    named = (f"{key}:{value}" for key, value in parts.named.items() if key != PAGE_ARGUMENT.key)
    quoted = (f'"{words}"' for words in parts.quoted)
    return " ".join((" ".join(parts.free.split()), *quoted, *named)).strip()
