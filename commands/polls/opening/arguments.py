"""The arguments of the line that opens a decision: `cierra:`, `quorum:`, `tipo:`, `votan:` …"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

from bot.api import (
    YES_NO,
    Context,
    Line,
    NamedArgument,
    ParsedArguments,
    UserError,
    _,
    choice_of,
    find_stray_setting,
    fold_in_place,
    words,
)
from commands.decision_rules import kinds, vote_rules
from commands.decision_rules.kinds.kind import DecisionKind
from commands.decision_rules.thresholds import (
    ABSOLUTE_MAJORITY_WORDS,
    SIMPLE_MAJORITY_WORDS,
    Quorum,
    parse_quorum,
    parse_share,
)
from commands.decision_rules.vote_rules import fold_label
from commands.many_rooms.declaration import ROOMS_ARGUMENT
from commands.poll_book.chamber_roll import CHAMBERS
from commands.poll_book.roll import VOTERS_ARGUMENT
from commands.poll_lines.loose_type import TYPE
from commands.translations.declaration import WITH_TEXTS

FURTHEST_END = timedelta(days=366)
MOST_POINTS = 100
CLOSES = NamedArgument(
    words(
        "cierra",
        "encerra",
        "closes",
        "cierre, hasta, plazo, fecha, até, prazo, data, until, deadline, date",
    ),
    joined=("hasta", "até", "until", "cierra", "encerra", "closes", "fecha"),
)
MULTIPLE = NamedArgument(words("múltiple", "múltipla", "multiple"))
NO_INTERIM = NamedArgument(words("sin-parciales", "sem-parciais", "no-interim"), flag=True)
SECRET = NamedArgument(
    words(
        "secreta",
        "secreta",
        "secret",
        "secreto, secretas, secretos, anónima, anónimo, anónimas, anonymous",
    ),
    flag=True,
)
HIDDEN = NamedArgument(words("oculta", "oculta", "hidden", "oculto, ocultas, ocultos"), flag=True)
"""The word is ambiguous (no interim counts, or a secret vote), so the bot asks which is meant."""
QUORUM = NamedArgument(words("quórum", "quórum", "quorum"))
MAJORITY = NamedArgument(words("mayoría", "maioria", "majority", "umbral, limiar, threshold"))
TWO_THIRDS = NamedArgument(
    words(
        "dos tercios",
        "dois terços",
        "two thirds",
        "por dos tercios, con dos tercios, mayoría de dos tercios, por mayoría de dos tercios,"
        " con mayoría de dos tercios, por los dos tercios, de dos tercios"
        " | por dois terços, com dois terços, maioria de dois terços, por maioria de dois terços,"
        " com maioria de dois terços, de dois terços"
        " | by two thirds, with two thirds, two thirds majority, by a two thirds majority,"
        " with a two thirds majority, a two thirds majority",
    ),
    flag=True,
)
POINTS = NamedArgument(words("puntos", "pontos", "points"))
GROWING = NamedArgument(
    words("opciones-abiertas", "opções-abertas", "open-options", "abierta, aberta"), flag=True
)
REVIEW = NamedArgument(words("revisar", "rever", "review", "revisión | revisão | revisit"))
"""When the room is asked whether what it decided still holds."""
IN_QUOTES = _("If it belongs to the text, put the text into quotes.")
ARGS = (
    CLOSES,
    MULTIPLE,
    NO_INTERIM,
    SECRET,
    HIDDEN,
    QUORUM,
    MAJORITY,
    TWO_THIRDS,
    TYPE,
    POINTS,
    GROWING,
    VOTERS_ARGUMENT,
    CHAMBERS,
    ROOMS_ARGUMENT,
    REVIEW,
    *WITH_TEXTS,
)


def require_known_arguments(
    parts: ParsedArguments, args: Sequence[NamedArgument], *, listed: bool = True
) -> None:
    """Raise `UserError` if the line that opens a decision has an argument that none takes.

    `listed` is true if the decision has options. Otherwise the line is a text, and all of it stands
    inside the quotes if there are any.
    """
    text = parts.typed or parts.free
    tail = text[text.rindex('"') :] if '"' in text else text
    name = find_stray_setting(tail, listed=listed, sure=not listed and bool(parts.quoted))
    if parts.unknown or name is not None:
        raise UserError(
            _("A poll has no “{name}:”.", name=parts.unknown[0] if parts.unknown else name),
            _(
                "What can stand behind the options: {settings}",
                settings=tuple(_("`{word}:`", word=a.name) for a in args if not a.flag),
            ),
            IN_QUOTES,
        )


def kind_argument(parts: ParsedArguments, usual: str) -> tuple[DecisionKind, str]:
    """Return the kind of decision that the line asks for, and its method. Raises `UserError` for an
    unknown kind.

    `usual` is the key of the kind to take if the line names none.
    """
    typed = parts.named.get(TYPE.key)
    found = kinds.find_kind(typed) if typed is not None else (kinds.KINDS[usual], "")
    if found is None:
        raise UserError(
            _("I know no kind of decision “{words}”.", words=str(typed)[:60]),
            _(
                "There are: {kinds}. For example: `type:consent`",
                kinds=tuple(
                    _("`{word}`", word=kind.names)
                    for kind in kinds.KINDS.values()
                    if kind.asked_by_type
                ),
            ),
        )
    return found


def most_argument(parts: ParsedArguments, count: int) -> int:
    """Return how many of a poll's `count` options one person may choose, as typed. Raises
    `UserError` for anything but a number from 1 to `count`."""
    value = parts.named.get(MULTIPLE.key)
    if value is None:
        return 1
    if not vote_rules.is_number(value) or not 1 <= int(value) <= count:
        raise UserError(
            _(
                "How many may one person choose? From 1 to {count}: `multiple:2`",
                count=count,
            )
        )
    return int(value)


def points_argument(parts: ParsedArguments, usual: int) -> int:
    """Return how many points one person can give in a poll, all options together; `usual` where
    nothing is typed. Raises `UserError` for anything but a number in the limits."""
    value = parts.named.get(POINTS.key)
    if value is None:
        return usual
    if not vote_rules.is_number(value) or not 2 <= int(value) <= MOST_POINTS:
        raise UserError(_("How many points? From 2 to {most}: `points:5`", most=MOST_POINTS))
    return int(value)


def threshold_argument(parts: ParsedArguments) -> Fraction | None:
    """Return the share of votes in favour that the line asks for. Raises `UserError` for what is no
    share.

    None means that more votes for than against are enough.
    """
    value = parts.named.get(MAJORITY.key)
    if value is None:
        return Fraction(2, 3) if TWO_THIRDS.key in parts.flags else None
    if fold_label(value) in SIMPLE_MAJORITY_WORDS | ABSOLUTE_MAJORITY_WORDS:
        return None
    found = parse_share(value)
    if found is None:
        raise UserError(
            _("I didn't understand “{words}” as a majority.", words=value[:60]),
            _("For example: `majority:2/3`, `majority:60%`; without it, more for than against."),
        )
    return found


def needs_absolute_majority(parts: ParsedArguments) -> bool:
    """Return whether the line asks that more than half of all who may vote agree."""
    return fold_label(parts.named.get(MAJORITY.key, "")) in ABSOLUTE_MAJORITY_WORDS


def require_no_majority(parts: ParsedArguments) -> None:
    """Raise `UserError` if the line asks for a majority though its kind of decision has another
    rule."""
    if threshold_argument(parts) is not None or needs_absolute_majority(parts):
        raise UserError(
            _(
                "`majority:` goes with a poll or a proposal by majority; other kinds decide by"
                " their own rule."
            ),
            _('For example: `!proposal "We join the charter" majority:2/3`'),
        )


def quorum_argument(parts: ParsedArguments) -> Quorum | None:
    """Return the quorum that the line asks for, or None. Raises `UserError` for what is no
    quorum."""
    value = parts.named.get(QUORUM.key)
    if value is None:
        return None
    found = parse_quorum(value)
    if found is None:
        raise UserError(
            _("I didn't understand “{words}” as a quorum.", words=value[:60]),
            _("For example: `quorum:60%`, `quorum:2/3`, or a number of people: `quorum:12`"),
        )
    return found


def take_secret_prefix(ctx: Context, parts: ParsedArguments) -> ParsedArguments:
    """Return the question without a leading `secret`, and whether it had one: `!poll secret Where?
    …`.

    Somebody who wants a secret vote must never get an open one, so where the word may also be part
    of the question the bot asks.
    """
    for arg in (SECRET, HIDDEN):
        for word in arg.name:
            found = re.match(
                rf"{re.escape(fold_in_place(word))}(?!\w)[\s:,]*", fold_in_place(parts.free)
            )
            if found is None:
                continue
            rest = parts.free[found.end() :]
            clear = parts.quoted or not rest or rest[0] in "¿¡" or ":" in found[0]
            asked = _("Should the vote be secret? `yes` or `no`")
            if clear or ctx.ask("secret first", YES_NO, asked) == "yes":
                known = parts.after_prefix_of(found.end())
                return replace(known, flags=parts.flags | {arg.key})
            return parts
    return parts


def visibility_arguments(ctx: Context, parts: ParsedArguments) -> tuple[bool, bool]:
    """Return whether counts are shown before the end, and whether the vote is secret.

    Asks the person if the line says only `hidden`.
    """
    secret, interim = SECRET.key in parts.flags, NO_INTERIM.key not in parts.flags
    if HIDDEN.key in parts.flags and not secret:
        answer = ctx.ask(
            "hidden",
            choice_of(2),
            _("What should stay hidden?"),
            Line("{n}) {what}", {"n": 1, "what": _("no counts before the end")}),
            Line(
                "{n}) {what}",
                {"n": 2, "what": _("a secret vote: the room can't see who voted what")},
            ),
        )
        secret, interim = answer == "2", False
    return interim and not secret, secret


def deadline_argument(ctx: Context, parts: ParsedArguments) -> datetime | None:
    """Return when (UTC) the poll closes, or None. Raises `UserError` if it is over a year away."""
    phrase = parts.named.get(CLOSES.key)
    if phrase is None:
        return None
    return require_near(ctx, ctx.parse_date(phrase, end_of_day=True))


def review_argument(ctx: Context, parts: ParsedArguments) -> datetime | None:
    """Return when (UTC) the room is to be asked whether the decision still holds, or None. Raises
    `UserError` for what is no date to come."""
    phrase = parts.named.get(REVIEW.key)
    return ctx.parse_date(phrase) if phrase is not None else None


def require_near(ctx: Context, at: datetime) -> datetime:
    """Return an instant unchanged. Raises `UserError` if it is too far away for a poll."""
    if at > ctx.said_at + FURTHEST_END:
        raise UserError(_("That is more than a year away. A nearer date: `until tomorrow 18:00`"))
    return at
