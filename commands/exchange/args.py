"""Parse an offer or a need as it was typed, with its kind, place, end and themes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.api import (
    Context,
    Line,
    MissingArgument,
    NamedArgument,
    ParsedArguments,
    Room,
    UserError,
    Words,
    _,
    choose_kind,
    dates,
    split_arguments,
    strip_hidden,
    words,
)
from commands.exchange.store import NEED

USUAL_TIME = timedelta(days=60)
LONGEST_TIME = timedelta(days=366)
LONGEST_TEXT, LONGEST_PLACE = 300, 80
MOST_THEMES = 5
KIND = NamedArgument(words("tipo", "tipo", "kind"))
PLACE = NamedArgument(words("lugar", "local", "place", "zona | região | area"))
UNTIL = NamedArgument(
    words("hasta", "até", "until", "vence | vence | expires"), joined=("hasta", "até", "until")
)
WIDE = NamedArgument(
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
class PostDraft:
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


async def parse_draft(ctx: Context, side: str, typed: str, room: Room) -> PostDraft:
    """Return the offer or need that a text describes.

    Raises `UserError`, and `MissingArgument` without words.
    """
    parts = _split_parts(ctx, typed)
    text = " ".join(" ".join([*parts.quoted, parts.free]).split())
    text = strip_hidden(_ARTICLE.sub("", text)).strip(" ,;:")
    if len(text) > LONGEST_TEXT:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST_TEXT))
    if re.search(r"\w", _TAG.sub("", text)) is None:
        raise MissingArgument("text", _missing_text(side))
    themes = tuple(dict.fromkeys(_TAG.findall(text)))
    if len(themes) > MOST_THEMES:
        raise UserError(_("Those are too many themes: {count} at most.", count=MOST_THEMES))
    place = strip_hidden(parts.named.get(PLACE.key, "")).strip()[:LONGEST_PLACE]
    zone = (await ctx.policy_of_room(room.room)).zone
    wide = WIDE.key in parts.flags
    return PostDraft(
        side,
        text,
        choose_kind(parts.named.get(KIND.key, ""), KINDS),
        place,
        wide,
        _read_end(ctx, parts, zone),
        zone,
        themes,
    )


def _split_parts(ctx: Context, typed: str) -> ParsedArguments:
    """Split the text into its parts.

    Quotes within a sentence stay where they are; quotes around all of it keep it whole.
    """
    if not typed.lstrip().startswith('"'):
        typed = _QUOTED_WITHIN.sub(r"'\1'", typed)

    def is_date(words: str) -> bool:
        return not isinstance(
            dates.read_date(words, ctx.said_at, ctx.policy.zone), dates.UnreadableDate
        )

    return split_arguments(typed, ARGS, is_date)


def _missing_text(side: str) -> Line:
    return _("what you need") if side == NEED else _("what you offer")


def _read_end(ctx: Context, parts: ParsedArguments, zone: str) -> datetime:
    typed = parts.named.get(UNTIL.key)
    if typed is None:
        return end_of_day(ctx.said_at + USUAL_TIME, zone)
    until = ctx.parse_date(typed, zone=zone, end_of_day=True)
    if until - ctx.said_at > LONGEST_TIME:
        raise UserError(_("That is far away: a year at most."))
    return until


def end_of_day(at: datetime, zone: str) -> datetime:
    """Return the last minute of that day in the zone, as an instant in UTC."""
    wall = dates.to_wall(at, zone).replace(hour=23, minute=59, second=0, microsecond=0)
    return dates.to_utc(wall, zone)
