"""What a poll is asked to be: question, options, settings, each checked with a friendly word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.api import (
    TEXT,
    YES_NO,
    Arg,
    Context,
    Line,
    Missing,
    Parts,
    UserError,
    _,
    options_within,
    words,
)
from commands.polls import rules

FURTHEST = timedelta(days=366)
CLOSES = Arg(
    words(
        "cierra",
        "encerra",
        "closes",
        "cierre, hasta, plazo, fecha, até, prazo, data, until, deadline, date",
    ),
    joined=("hasta", "até", "until", "cierra", "encerra", "closes", "fecha"),
)
MULTIPLE = Arg(words("multiple", "multiple", "multiple", "múltiple, múltipla"))
NO_INTERIM = Arg(words("sin-parciales", "sem-parciais", "no-interim"), flag=True)
SECRET = Arg(
    words(
        "secreta",
        "secreta",
        "secret",
        "secreto, secretas, secretos, anónima, anónimo, anónimas, anonymous,oculta, oculto, hidden",
    ),
    flag=True,
)
QUORUM = Arg(words("quorum", "quorum", "quorum"))
MAJORITY = Arg(words("mayoria", "maioria", "majority", "umbral, limiar, threshold"))
EXAMPLE = _("For example: `!poll Where? North, South until Friday 18:00`")
ARGS = (CLOSES, MULTIPLE, NO_INTERIM, SECRET, QUORUM, MAJORITY)


@dataclass(frozen=True, slots=True)
class Plan:
    """A poll as it was asked for, checked."""

    question: str
    labels: tuple[str, ...]
    most: int
    interim: bool
    closes: datetime | None


def plan_of(ctx: Context, parts: Parts) -> Plan:
    """What was asked for. Raises `UserError` with an example for what can't be."""
    _not_yet(parts)
    question, options = parts.question_and_options()
    question = rules.one_line(question)
    if not question:
        raise Missing("parts", _("the question and its options"))
    if len(question) > rules.LONGEST_QUESTION:
        raise UserError(
            _("The question has more than {most} letters.", most=rules.LONGEST_QUESTION),
            _("A shorter one fits on a phone; the details can go in a message before it."),
        )
    labels = _labels(options or _offered(ctx, question) or _asked(ctx))
    return Plan(
        question,
        labels,
        _most(parts.named.get(MULTIPLE.key), len(labels)),
        NO_INTERIM.key not in parts.flags,
        _deadline(ctx, parts.named.get(CLOSES.key)),
    )


def _not_yet(parts: Parts) -> None:
    if SECRET.key in parts.flags:
        raise UserError(
            _("I can't do secret votes yet: in a poll the room can see who voted what.")
        )
    if QUORUM.key in parts.named or MAJORITY.key in parts.named:
        raise UserError(_("In a poll I can't count a quorum or a majority yet."), EXAMPLE)
    if parts.unknown:
        raise UserError(
            _("A poll has no “{name}:”.", name=parts.unknown[0]),
            _(
                "What can stand behind the options: {settings}",
                settings=tuple(_("`{word}:`", word=a.name) for a in (CLOSES, MULTIPLE)),
            ),
        )


def _offered(ctx: Context, question: str) -> tuple[str, ...]:
    """`¿Pizza o pasta?` names its options: they are shown, and taken after a yes."""
    found = options_within(question)
    if not found:
        return ()
    shown = tuple(Line("{n} {label}", {"n": n, "label": o}) for n, o in enumerate(found, start=1))
    answer = ctx.ask(
        "options within",
        YES_NO,
        _("Are these the options? {options}", options=shown),
        _("`yes` or `no`"),
    )
    if answer != "yes":
        raise UserError(_("Then with the options behind the question."), EXAMPLE)
    return found


def _asked(ctx: Context) -> tuple[str, ...]:
    """No options: in private they are asked for."""
    if not ctx.private:
        raise UserError(_("The options are missing."), EXAMPLE)
    return rules.split(
        ctx.ask("options", TEXT, _("Which options? One a line, or with commas between."))
    )


def _labels(options: tuple[str, ...]) -> tuple[str, ...]:
    labels = tuple(filter(None, map(rules.one_line, options)))
    if len(labels) < 2:
        raise UserError(_("A poll needs two options or more."), EXAMPLE)
    if len(labels) > rules.MOST_OPTIONS:
        raise UserError(
            _(
                "Those are {count} options; a poll takes up to {most}.",
                count=len(labels),
                most=rules.MOST_OPTIONS,
            )
        )
    _tell_apart(labels)
    return labels


def _tell_apart(labels: tuple[str, ...]) -> None:
    """Each fits on a phone, and no two look the same."""
    for label in labels:
        if len(label) > rules.LONGEST_OPTION:
            raise UserError(
                _(
                    "The option “{label}…” has more than {most} letters.",
                    label=label[:40],
                    most=rules.LONGEST_OPTION,
                )
            )
    same = rules.double(labels)
    if same:
        raise UserError(
            _(
                "The options “{one}” and “{other}” look the same: change one of them.",
                one=same[0],
                other=same[1],
            )
        )
    _not_numbers(labels)


def _not_numbers(labels: tuple[str, ...]) -> None:
    number = rules.misleading(labels)
    if number:
        raise UserError(
            _("The option “{label}” is the number of another option.", label=number),
            _("With a word it is clear: `{label} people`", label=number),
        )


def _most(value: str | None, count: int) -> int:
    if value is None:
        return 1
    if not rules.is_number(value) or not 1 <= int(value) <= count:
        raise UserError(
            _(
                "How many may one person choose? From 1 to {count}: `multiple:2`",
                count=count,
            )
        )
    return int(value)


def _deadline(ctx: Context, phrase: str | None) -> datetime | None:
    if phrase is None:
        return None
    at = ctx.date(phrase, end_of_day=True)
    if at > ctx.now + FURTHEST:
        raise UserError(_("That is more than a year away. A nearer date: `until Friday 18:00`"))
    return at
