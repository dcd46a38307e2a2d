"""Parse an offer or a need as it was typed, with its kind, place, end and themes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.api import (
    Arg,
    Context,
    Line,
    Missing,
    Parts,
    Room,
    UserError,
    Words,
    _,
    dates,
    harmless,
    one_of,
    take_apart,
    words,
)
from commands.exchange.matching.lexicon import ours
from commands.exchange.matching.meaning import understand
from commands.exchange.store import NEED

USUAL = timedelta(days=60)
LONGEST_TIME = timedelta(days=366)
LONGEST, LONGEST_PLACE = 300, 80
MOST_THEMES = 5
KIND = Arg(words("tipo", "tipo", "kind"))
PLACE = Arg(words("lugar", "local", "place", "zona | região | area"))
UNTIL = Arg(
    words("hasta", "até", "until", "vence | vence | expires"), joined=("hasta", "até", "until")
)
WIDE = Arg(
    words(
        "para toda la red",
        "para toda a rede",
        "for the whole network",
        "toda la red | toda a rede | whole network",
    ),
    flag=True,
)
ARGS = (KIND, PLACE, UNTIL, WIDE)
KINDS: Mapping[str, Words] = {
    "thing": words("cosa", "coisa", "thing", "objeto, cosas | objeto, coisas | object, things"),
    "service": words(
        "servicio", "serviço", "service", "servicios, ayuda | serviços, ajuda | services, help"
    ),
    "space": words("espacio", "espaço", "space", "espacios | espaços | spaces"),
}
_ARTICLE = re.compile(r"^(?:de|do|da|dos|das|of)\s+(?=\S)", re.IGNORECASE)
_QUOTED_WITHIN = re.compile(r'(?<!:)(?<!: )"([^"]*)"')
_TAG = re.compile(r"(?<![\w#])#([^\W_][\w-]{0,39})")


@dataclass(frozen=True, slots=True)
class Draft:
    """An offer or a need as it was typed. `until` is in UTC.

    `network` is True if people outside the room may find it too.
    """

    side: str
    text: str
    kind: str
    place: str
    network: bool
    until: datetime
    zone: str
    themes: tuple[str, ...]


async def read(ctx: Context, side: str, typed: str, room: Room) -> Draft:
    """Parse the text of an offer or a need. Raises `UserError`, and `Missing` without words."""
    parts = _apart(ctx, typed)
    text = " ".join(" ".join([*parts.quoted, parts.free]).split())
    text = harmless(_ARTICLE.sub("", text)).strip(" ,;:")
    if len(text) > LONGEST:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST))
    if not understand(_TAG.sub("", text), ours()).every:
        raise Missing("text", _needed(side))
    themes = tuple(dict.fromkeys(_TAG.findall(text)))
    if len(themes) > MOST_THEMES:
        raise UserError(_("Those are too many themes: {count} at most.", count=MOST_THEMES))
    place = harmless(parts.named.get(PLACE.key, "")).strip()[:LONGEST_PLACE]
    zone = (await ctx.for_room(room.room)).zone
    wide = WIDE.key in parts.flags
    return Draft(
        side,
        text,
        one_of(parts.named.get(KIND.key, ""), KINDS),
        place,
        wide,
        _until(ctx, parts, zone),
        zone,
        themes,
    )


def _apart(ctx: Context, typed: str) -> Parts:
    """Split the text into its parts.

    Quotes within a sentence stay where they are; quotes around all of it keep it whole.
    """
    if not typed.lstrip().startswith('"'):
        typed = _QUOTED_WITHIN.sub(r"'\1'", typed)

    def is_date(words: str) -> bool:
        return not isinstance(dates.read(words, ctx.now, ctx.policy.zone), dates.Unreadable)

    return take_apart(typed, ARGS, is_date)


def _needed(side: str) -> Line:
    return _("what you need") if side == NEED else _("what you offer")


def _until(ctx: Context, parts: Parts, zone: str) -> datetime:
    typed = parts.named.get(UNTIL.key)
    if typed is None:
        return end_of_day(ctx.now + USUAL, zone)
    until = ctx.date(typed, zone=zone, end_of_day=True)
    if until - ctx.now > LONGEST_TIME:
        raise UserError(_("That is far away: a year at most."))
    return until


def end_of_day(at: datetime, zone: str) -> datetime:
    """Return the last minute of that day in the zone, in UTC."""
    wall = dates.to_wall(at, zone).replace(hour=23, minute=59, second=0, microsecond=0)
    return dates.to_utc(wall, zone)
