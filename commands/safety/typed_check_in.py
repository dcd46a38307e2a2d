"""Reads what `!back-by` is typed with: a time, contacts, and whether the server may know."""

from __future__ import annotations

import re
from datetime import datetime

from rapidfuzz.distance import DamerauLevenshtein

from bot.api import (
    Context,
    Line,
    MissingArgument,
    People,
    Person,
    UserError,
    UserId,
    _,
    dates,
    fold,
    fold_answer,
    rooms,
    shorten_line,
)
from commands.safety import check_in_store, delays
from commands.safety.check_in_store import CheckIn
from commands.safety.declaration import LONGEST_ABSENCE, MOST_CONTACTS, SHORTEST_ABSENCE

_SHORT_NAME = re.compile(r"(?<!\S)@([\w.\-=/]{1,100})(?=[\s,;.]|$)")
_ANSWERED_NAME = re.compile(r"(?<![\w@:.])@?([\w.\-=/]{2,100})(?![\w:])")
"""A name in the answer to `whom?`, where the `@` may be left out."""
_NOBODY = frozenset(
    {
        *(
            "no se",
            "nadie",
            "a nadie",
            "ninguno",
            "ninguna",
            "no tengo",
            "no tengo a nadie",
            "no hay",
        ),
        *("nao sei", "ninguem", "a ninguem", "nao tenho", "nao tenho ninguem"),
        *("i don't know", "i dont know", "dont know", "nobody", "no one", "no-one", "none"),
    }
)
_NON_NAMES = frozenset(
    {
        *("el", "la", "a", "y", "e", "o", "con", "com", "with", "and", "to"),
        *("avisa", "avisale", "avise", "tell"),
    }
)
_LINKING_END = re.compile(
    r"(?:\s|^)(?:con|com|with|avisa[ra]?\s+a|avise|tell)\s*(?:[,;]|\s(?:y|e|and)\s|$)*\s*$",
    re.IGNORECASE,
)
_SERVER = re.compile(
    r"(?<!\w)(?:(?P<no>sin|sem|without)|con|com|with)\s+(?:(?:el|o|the)\s+)?(?:servidor|server)(?!\w)",
    re.IGNORECASE,
)
"""The words that choose whether the alarm is left at the homeserver too."""
_WITHOUT = re.compile(
    r"(?<!\w)(?:sin|sem|without|no)[\s-]*(?:(?:el|o|the|un|um|a|ningun|nenhum)\s+)?(\w{5,10})(?!\w)",
    re.IGNORECASE,
)
_EDGES = " \t\n,;.·-"


def read_server_choice(text: str) -> tuple[bool | None, str]:
    """Return whether the alarm may be left at the homeserver (None if not said), and the rest of
    the text.

    A misspelt `sin servidro` is a no: a typing error must not tell the server more.
    """
    if chosen := _SERVER.search(text):
        return not chosen["no"], _SERVER.sub(" ", text)
    for found in _WITHOUT.finditer(text):
        word = fold(found[1])
        if any(DamerauLevenshtein.distance(word, name) <= 2 for name in ("servidor", "server")):
            return False, f"{text[: found.start()]} {text[found.end() :]}"
    return None, text


async def read_contacts(ctx: Context, people: People, text: str) -> tuple[tuple[UserId, ...], str]:
    """Return the contacts that the text names by address or short name, and the rest. Raises
    `UserError` if it names nobody, only oneself, too many, or somebody whom the bot doesn't
    know."""
    found = list(people)
    if _names_nobody(ctx.answers.get("part:people", "")):
        raise missing_contacts()
    for name in _SHORT_NAME.findall(text) + _answered_names(ctx.answers.get("part:people", "")):
        known = await rooms.people_called(ctx.db, ctx.who, name.rstrip(".").lower())
        if len(known) != 1:
            raise UserError(
                _("I don't know who “{name}” is. Please write the whole address.", name=f"@{name}"),
                _("For example: `!back-by 22:00 @ana:server.org; the march in the centre`"),
            )
        found += known
    named = tuple(dict.fromkeys(person for person in found if person != ctx.who))
    if found and not named:
        raise UserError(_("Please name somebody else: you would only be told yourself."))
    if len(named) > MOST_CONTACTS:
        raise UserError(_("That is more people than I tell: {count} at most.", count=MOST_CONTACTS))
    for person in named:
        await _require_reachable(ctx, person)
    return named, _SHORT_NAME.sub(" ", text).strip()


def _names_nobody(answered: str) -> bool:
    """Return whether the answer to `whom?` names nobody: `me demoro`, `no sé`."""
    return delays.may_change_check_in(answered) or fold_answer(answered) in _NOBODY


def missing_contacts() -> MissingArgument:
    """Return the error, to be raised, that asks whom to tell."""
    return MissingArgument("people", _("who is to be told, as `@name:server`"))


def _answered_names(said: str) -> list[str]:
    """Return names without a server in the answer to `whom?`: `@carla`, `a Carla y a Bea`."""
    return [name for name in _ANSWERED_NAME.findall(said) if fold(name) not in _NON_NAMES]


async def _require_reachable(ctx: Context, person: UserId) -> None:
    if not await rooms.shares_room(ctx.db, person):
        raise UserError(
            _("I can't write to {who}: we share no room.", who=Person(person, full=True)),
            _("Name somebody who is in a room with me."),
        )


async def read_time(ctx: Context, text: str) -> dates.DatePhrase:
    """Return the time to be back, in the text or in the answer to `when?`. Raises `MissingArgument`
    if there is none in either."""
    later = ctx.answers.get("part:when")
    said = later or text
    found = dates.find_date(said, ctx.said_at, ctx.policy.zone)
    for word in ("en", "a las"):  # a bare span, `2 horas`, and a bare hour, `11`
        if found is None:
            tried = dates.find_date(f"{word} {said}", ctx.said_at, ctx.policy.zone)
            found = tried if tried and tried.phrase.startswith(word) else None
    if found is None:
        raise MissingArgument("when", _missing_hour(said))
    if later is not None:
        before = dates.find_date(text, ctx.said_at, ctx.policy.zone)
        rest = before.rest if before else text
        return dates.DatePhrase(found.reading, rest, found.phrase)
    return found


def _missing_hour(said: str) -> Line:
    """Return what is missing, with what was typed in its place: `999`, `tarde`."""
    typed = shorten_line(said.partition(";")[0].strip(_EDGES))
    if not typed:
        return _("the hour by which you are back")
    return _("an hour that I understand, in place of “{typed}”", typed=typed)


async def read_bare_names(ctx: Context, note: str) -> tuple[UserId, ...]:
    """Return the people named by a note that is nothing but names: `ana`, `a Carla y a Bea`; else
    ()."""
    found: list[UserId] = []
    for word in re.findall(r"[^\s,;]+", note):
        if fold(word) in _NON_NAMES:
            continue
        known = await rooms.people_called(ctx.db, ctx.who, fold(word).rstrip("."))
        if len(known) != 1:
            return ()
        found += known
    for person in found:
        await _require_reachable(ctx, person)
    return tuple(dict.fromkeys(found))


def strip_note(rest: str) -> str:
    """Return the note of a check-in that is left of the text, without words that led to a
    contact."""
    return _LINKING_END.sub("", rest).strip(_EDGES)


def checked_time(ctx: Context, found: dates.DatePhrase) -> dates.ZonedTime:
    """Return the chosen reading of the time to be back. Raises `MissingArgument` and
    `UserError`."""
    when = ctx.choose_reading(found.phrase, found.reading)
    if not when.has_time:
        raise MissingArgument("when", _("the hour by which you are back"))
    require_near(ctx, when.at)
    return when


def require_near(ctx: Context, due: datetime) -> None:
    """Raise `UserError` unless a time to be back (UTC) is neither too soon nor too far away."""
    away = due - ctx.said_at
    if away < SHORTEST_ABSENCE:
        raise UserError(_("That is too soon: five minutes from now at least."))
    if away > LONGEST_ABSENCE:
        raise UserError(_("That is too far away: 30 days at most."))


async def usual_contacts(ctx: Context, mine: CheckIn | None) -> tuple[UserId, ...]:
    """Return the person's former contacts who can still be reached. Raises `MissingArgument` if
    there are none."""
    before = mine.named if mine else await check_in_store.usual_contacts(ctx.db, ctx.who)
    there = [person for person in before if await rooms.shares_room(ctx.db, person)]
    if not there:
        raise missing_contacts()
    return tuple(there)
