"""What a decision is asked to be: its question, options and rule, all checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.api import Context, MissingArgument, ParsedArguments, Policy, UserError, _, dates
from commands.decision_rules import vote_rules
from commands.decision_rules.kinds.kind import DecisionKind
from commands.many_rooms.declaration import ROOMS_ARGUMENT
from commands.poll_book import chamber_roll
from commands.poll_book.poll import Option, PollRule
from commands.poll_book.roll import VOTERS_ARGUMENT, VoterSpec, parse_voters
from commands.poll_lines import labels
from commands.polls.opening import arguments
from commands.translations import typed_texts
from commands.translations.services import TranslatableWords
from commands.translations.typed_texts import TypedText

PROPOSAL_EXAMPLE = _(
    'For example: `!proposal "We join the charter" type:consent until tomorrow 18:00`'
)
BUDGET_EXAMPLE = _('For example: `!budget 10000 "Radio" 4000, "Workshop" 2500, "March" 6000`')
DATE_POLL_EXAMPLE = _('For example: `!when "Meeting" tomorrow 18h, 19h`')
SECRET_LASTS = timedelta(days=7)
"""How long a secret vote stays open if its author names no end."""
TEXT_LASTS = timedelta(days=7)
"""How long a decision on a draft stays open if its author names no end."""
_NO_WORDS = "·"
"""Stands for the words of a text, so that none of them is read as a setting."""
_SAME_EVERYWHERE = frozenset({"dates", "stv", "seats"})
"""The kinds whose options nobody translates."""
KINDS_BY_MAJORITY = frozenset({"choice", "majority"})
"""The kinds that can ask for a share of the votes."""
GROWING_KINDS = frozenset({"choice", "ranked", "score"})
"""The kinds to which voters can add an option: a word is enough for it."""
_BAD_DEADLINE = re.compile(
    r"\s(?:hasta|até|ate|until)\s(?:el |o )?(\d{1,2}[/.\-]\d{1,2}(?:[/.\-]\d{2,4})?)\.?$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?<!\s)\s*(?:[,;|\n]|\s(?:y|e|o|u|ou|or|and)\s)\s*")
_DAYS = re.compile(r"\d{1,2}/\d{1,2}(?:/\d{2,4})?(?:\s+\d{1,2}/\d{1,2}(?:/\d{2,4})?)+")
_CLOCK_ONLY = re.compile(
    r"(?:a las?|às?|at)?\s*\d{1,2}(?:[:.h]\d{0,2})?\s*(?:hs?|hrs?|am|pm|a\.m\.|p\.m\.)?\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PollPlan:
    """A decision as it was asked for. `voters` says who may vote in it.

    `review` is when it is to be looked at again if it passes.
    """

    question: str
    options: tuple[Option, ...]
    rule: PollRule
    closes: datetime | None
    voters: VoterSpec
    chambers: tuple[str, ...] = ()
    """In each of which it must pass."""
    where: str | None = None
    """The rooms in which it is asked besides, as they were typed."""
    review: datetime | None = None
    texts: Mapping[str, TypedText] = field(default_factory=dict)
    """Question and options in other languages."""
    language: str = ""
    """That of the question itself, if it was named."""


def plan_poll(ctx: Context, parts: ParsedArguments) -> PollPlan:
    """Return the plan of a question with options. `type:` makes it a ranking or a score. Raises
    `UserError` for a line without question and options, and for arguments that can't be read."""
    parts = arguments.take_secret_prefix(ctx, parts)
    kind, method = arguments.kind_argument(parts, "choice")
    if kind.stances:
        return _proposal(ctx, parts, kind)
    return _with_options(ctx, parts, kind, method)


def plan_proposal(ctx: Context, parts: ParsedArguments) -> PollPlan:
    """Return the plan of a text to decide on, or of options if its type needs them. Raises
    `UserError` for a line without text, and for arguments that can't be read."""
    parts = arguments.take_secret_prefix(ctx, parts)
    kind, method = arguments.kind_argument(parts, "majority")
    if kind.stances:
        return _proposal(ctx, parts, kind)
    return _with_options(ctx, parts, kind, method)


def plan_text(ctx: Context, parts: ParsedArguments, title: str) -> PollPlan:
    """Return how a vote for or against a text is to be opened, from what was typed. The text itself
    is in the library, under the name `title`.

    Without an end in what was typed the vote stays open for a week: a result takes effect at once.
    Raises `UserError` for a kind of vote with options.
    """
    kind, _method = arguments.kind_argument(parts, "majority")
    if not kind.stances:
        raise UserError(
            _("A text is decided for or against, without options."),
            _("For example: `!proposal charter type:consent until tomorrow 18:00`"),
        )
    planned = plan_proposal(ctx, replace(parts, free=_NO_WORDS, typed=_NO_WORDS))
    if planned.texts:
        raise UserError(_("A draft is put to the vote in the language in which it is written."))
    closes = planned.closes or ctx.said_at + TEXT_LASTS
    return replace(planned, question=labels.clean_question(title), closes=closes)


def plan_date_poll(ctx: Context, parts: ParsedArguments, room: Policy) -> PollPlan:
    """Return the plan of a title and dates, worded as the policy of the room asks. Raises
    `UserError` for a line without a title and two dates, and for arguments that can't be read."""
    parts = arguments.take_secret_prefix(ctx, parts)
    arguments.require_known_arguments(parts, arguments.ARGS)
    title, phrases = _title_and_dates(ctx, parts)
    found: list[Option] = []
    day: date | None = None
    for phrase in phrases:
        option, day = _date(ctx, phrase, day, room)
        found.append(option)
    if len(found) < 2:
        raise UserError(_("A date poll needs two dates or more."), DATE_POLL_EXAMPLE)
    labels.checked_labels(tuple(option.label for option in found))
    return complete_plan(ctx, parts, title, tuple(found), PollRule("dates"))


def _proposal(ctx: Context, parts: ParsedArguments, kind: DecisionKind) -> PollPlan:
    arguments.require_known_arguments(parts, arguments.ARGS, listed=False)
    quoted = " ".join(parts.quoted)
    text = (parts.typed or f"{parts.free} {quoted}").strip() if parts.free else quoted
    if not text:
        raise MissingArgument("parts", _("the text of the proposal"))
    return complete_plan(ctx, parts, labels.clean_question(text), (), PollRule(kind.key))


def _with_options(
    ctx: Context, parts: ParsedArguments, kind: DecisionKind, method: str
) -> PollPlan:
    arguments.require_known_arguments(parts, arguments.ARGS)
    if kind.key == "budget":
        raise UserError(_("A budget needs the money and the costs."), BUDGET_EXAMPLE)
    asked, options = parts.question_and_options()
    if not options:
        asked, options = labels.split_yes_no(asked)
    _require_no_bad_deadline(ctx, parts, options[-1] if options else asked)
    question = labels.clean_question(asked)
    found = tuple(map(Option, labels.resolve_options(ctx, question, options)))
    rule = PollRule(
        kind.key,
        method,
        arguments.points_argument(parts, _usual_points(kind, method)),
        arguments.most_argument(parts, len(found)),
    )
    return complete_plan(ctx, parts, question, found, rule)


def _require_no_bad_deadline(ctx: Context, parts: ParsedArguments, last: str) -> None:
    """Ask again if the last part looks like a bad deadline (`hasta 31/02`).

    Quoted text is never a deadline.
    """
    lost = None if parts.quoted else _BAD_DEADLINE.search(last)
    if lost is not None:
        ctx.parse_date(lost[1])


def _usual_points(kind: DecisionKind, method: str) -> int:
    """Return the default: five points for each option, or ten dots to give away."""
    if kind.key != "score":
        return 0
    return 10 if method == "dots" else 5


def complete_plan(
    ctx: Context, parts: ParsedArguments, question: str, options: tuple[Option, ...], rule: PollRule
) -> PollPlan:
    """Return the plan of a decision with the end, voters, quorum and secrecy that the line names.

    Raises `UserError` for arguments that can't be read or don't go together.
    """
    if rule.kind not in KINDS_BY_MAJORITY:
        arguments.require_no_majority(parts)
    interim, secret = arguments.visibility_arguments(ctx, parts)
    growing = arguments.GROWING.key in parts.flags and rule.kind in GROWING_KINDS
    if secret and growing:
        raise UserError(
            _("Options can't be added to a secret vote: what is voted is signed at the opening."),
            _("Without `open-options` it can be secret; or without `secret` they can be added."),
        )
    whole = PollRule(
        rule.kind,
        rule.method,
        rule.points,
        rule.most,
        arguments.threshold_argument(parts),
        arguments.quorum_argument(parts),
        interim,
        growing,
        secret,
        absolute=arguments.needs_absolute_majority(parts),
    )
    closes = arguments.deadline_argument(ctx, parts)
    if secret and closes is None:  # Nobody closes a secret vote by hand unless everybody has voted.
        closes = ctx.said_at + SECRET_LASTS
    voters = parse_voters(parts.named.get(VOTERS_ARGUMENT.key))
    known = translatable_words(question, [option.label for option in options], rule.kind)
    return PollPlan(
        question,
        options,
        whole,
        closes,
        voters,
        chamber_roll.chamber_names(parts, whole),
        parts.named.get(ROOMS_ARGUMENT.key),
        arguments.review_argument(ctx, parts),
        typed_texts.read_texts(parts, known),
    )


def translatable_words(
    question: str, options: Sequence[str], kind: str, *, is_fixed: bool = False
) -> TranslatableWords:
    """Return the words of a question that people can put into another language.

    Dates and the names of candidates are the same in each.
    """
    named = () if kind in _SAME_EVERYWHERE else tuple(options)
    return TranslatableWords(
        question,
        named,
        vote_rules.LONGEST_QUESTION,
        vote_rules.LONGEST_OPTION,
        is_fixed,
        labels.require_apart,
    )


# --- dates --------------------------------------------------------------------------------------


def _title_and_dates(ctx: Context, parts: ParsedArguments) -> tuple[str, tuple[str, ...]]:
    """Split `"Meeting" Mon 18h, Tue 19h`, the same unquoted, or one date a line."""
    if parts.quoted:
        return labels.clean_question(parts.quoted[0]), (*parts.quoted[1:], *_phrases(parts.free))
    lines = [line.strip(" -*•") for line in parts.free.split("\n") if line.strip()]
    if len(lines) > 1:
        return labels.clean_question(lines[0]), tuple(lines[1:])
    head, *others = _phrases(parts.free) or ("",)
    if "?" in head:
        title, first = (part.strip() for part in head.rsplit("?", 1))
        return labels.clean_question(title + "?"), tuple(filter(None, (first, *others)))
    found = dates.find_date(head, ctx.said_at, ctx.policy.zone)
    if found is None or not found.rest.strip():
        raise MissingArgument("parts", _("a title and two dates or more"))
    return labels.clean_question(found.rest), (found.phrase, *others)


def _phrases(text: str) -> tuple[str, ...]:
    """Split dates side by side: with commas, `y`, `ou`, or `30/11 01/12` with only a space."""
    found = [part for part in _BETWEEN.split(text.strip()) if part]
    apart = [day for part in found for day in (part.split() if _DAYS.fullmatch(part) else [part])]
    return tuple(apart)


def _date(ctx: Context, phrase: str, day: date | None, room: Policy) -> tuple[Option, date]:
    """Return a date option and its day. A time alone is on `day`, that of the date before."""
    typed = phrase.strip()
    if day is not None and _CLOCK_ONLY.fullmatch(typed):
        typed = f"{day.isoformat()} {typed}"
    when = ctx.choose_reading(typed, dates.read_date(typed, ctx.said_at, ctx.policy.zone))
    zone, language, now = room.zone, room.language, ctx.said_at
    if when.has_time:
        label = dates.say_moment(
            when.at, zone, language, with_zone=False, twelve=room.uses_twelve_hours, now=now
        )
    else:
        label = dates.say_day(when.at, zone, language, now=now)
    return Option(label, when.at), when.wall.date()
