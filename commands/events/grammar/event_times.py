"""Turn a draft into the times of an event, and ask about what is doubtful."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.api import Context, Day, Line, Number, RoomId, Span, UserError, UserId, _, choice_of, dates
from commands.events.event import Event, date_on
from commands.events.grammar import args, phrases
from commands.events.grammar.drafts import EventDraft
from commands.events.grammar.phrases import SeriesBounds

LONGEST_LIKELY = timedelta(hours=14)
"""An event that would last longer, by the hour of its end, is doubted."""
BLANK_EVENT = Event(
    Number(0), RoomId(""), UserId(""), "", datetime.fromisoformat("2000-01-01"), "UTC"
)


@dataclass(frozen=True, slots=True)
class EventTimes:
    """When an event takes place: its first date, zone, length, rule and changed dates."""

    start: datetime
    zone: str
    all_day: bool
    length: timedelta | None
    rule: str | None
    changed: Mapping[datetime, datetime | None]

    def apply_to(self, event: Event) -> Event:
        """Return the event with these times."""
        return replace(
            event,
            start=self.start,
            zone=self.zone,
            all_day=self.all_day,
            length=self.length,
            rule=self.rule,
            changed=self.changed,
        )


def resolve_times(ctx: Context, draft: EventDraft, zone: str) -> EventTimes:
    """Return the start, end and rhythm that the typed line gives. `zone` holds where it names none.

    Raises `UserError`, `MissingArgument` and `AnswerNeeded`.
    """
    bounds = _merge_bounds(draft)
    if draft.series is not None:
        series = _choose_series(ctx, draft, draft.series)
        start, all_day, zone = series.start, not series.has_time, series.zone
        said: str | None = series.rule
    else:
        if draft.when is None:
            raise args.missing_field("when")
        if isinstance(draft.when, dates.UnreadableDate):
            raise unclear_date(ctx, f"{draft.title} {draft.phrase}".strip())
        when = ctx.choose_reading(draft.phrase, draft.when)
        start, all_day, zone = when.wall, not when.has_time, when.zone
        every = draft.named.get(args.EVERY.key) or draft.every
        if every and phrases.is_only_rhythm(every) and phrases.is_clock(draft.phrase):
            raise args.missing_field("when")  # every week at 19:00: on which day?
        said = _read_rule(ctx, every, start, zone)
    rule = _add_end(ctx, said, bounds, start, zone)
    length = _read_length(ctx, draft, start, zone, all_day=all_day)
    found = EventTimes(start, zone, all_day, length, rule, {})
    return replace(found, changed=_excluded_dates(ctx, found, bounds))


def unclear_date(ctx: Context, words: str) -> UserError:
    """Return the error for words that give no single upcoming date."""
    return UserError(
        _(
            "Which date is meant in “{words}”? I found none that I can be sure of.",
            words=words[-80:],
        ),
        _(
            "For example: `tomorrow 18:00` or `{date} 19:00`, at the beginning or at the end.",
            date=f"{dates.to_wall(ctx.said_at + timedelta(days=8), ctx.policy.zone):%d/%m}",
        ),
    )


def _merge_bounds(draft: EventDraft) -> SeriesBounds:
    """Return the bounds of the series; named fields go before the words of the line."""
    but = draft.named.get(args.BUT.key)
    return SeriesBounds(
        draft.named.get(args.UNTIL.key) or draft.bounds.until,
        draft.named.get(args.TIMES.key) or draft.bounds.times,
        phrases.split_list(but) if but else draft.bounds.but,
    )


def _choose_series(
    ctx: Context, draft: EventDraft, read: dates.Recurrence | dates.AmbiguousSeries
) -> dates.Recurrence:
    """Return the series, asking which one if there are several.

    The options are stored with the question, so that they stay the same until it is answered.
    """
    key = f"series:{draft.phrase}"
    options = (read,) if isinstance(read, dates.Recurrence) else read.options
    rows = [(o.rule, o.start.isoformat(), o.zone, o.has_time) for o in options]
    kept = json.loads(ctx.answers.setdefault(key, json.dumps(rows)))
    options = tuple(
        dates.Recurrence(r, datetime.fromisoformat(s), z, bool(t)) for r, s, z, t in kept
    )
    if len(options) == 1:
        return _check_not_hourly(options[0])
    language = ctx.policy.language
    shown = tuple(
        _(
            "{n}) {rhythm}",
            n=n,
            rhythm=dates.say_series(o, language, now=ctx.said_at),
        )
        for n, o in enumerate(options, start=1)
    )
    answer = ctx.ask(
        f"which {key}",
        choice_of(len(options), walls=[o.first.wall for o in options]),
        _("Which do you mean? {options}", options=shown),
        _("Answer with the number."),
    )
    return _check_not_hourly(options[int(answer) - 1])


def _check_not_hourly(series: dates.Recurrence) -> dates.Recurrence:
    if "HOURLY" in series.rule:
        raise UserError(
            _("An event comes once a day at most."),
            _("For example: `every:day`, `every:week`, `every:first monday of the month`"),
        )
    return series


def _read_rule(ctx: Context, every: str, start: datetime, zone: str) -> str | None:
    """Return the rule by which the event repeats from its first date on, or None.

    Raises `UserError` and `AnswerNeeded`.
    """
    if not every or every.strip().casefold() in args.NO_WORDS:
        return None
    at = dates.to_utc(start, zone) - timedelta(minutes=1)
    found = [dates.read_recurrence(text, at, zone) for text in (every, f"cada {every}")]
    read = next((r for r in found if not isinstance(r, dates.UnreadableDate)), None)
    if read is None:
        raise UserError(
            _("I didn't understand “{words}” as how often it comes.", words=every[:60]),
            _("For example: `every:day`, `every:week`, `every:first monday of the month`"),
        )
    series = _check_not_hourly(_choose_series(ctx, EventDraft(phrase=every), read))
    if series.start.date() != start.date():
        raise UserError(
            _("{day} is none of “{every}”.", day=Day(dates.to_utc(start, zone), zone), every=every),
            _("The date is that of the first one: {day}?", day=Day(series.first.at, zone)),
        )
    return series.rule


def _add_end(
    ctx: Context, rule: str | None, bounds: SeriesBounds, start: datetime, zone: str
) -> str | None:
    """Return the rule with its end. Raises `UserError` if nothing repeats or it ends too early."""
    if rule is None:
        if bounds.times or bounds.but or (bounds.until and not _is_clock(bounds.until)):
            raise UserError(
                _("Only what repeats has an end or dates to leave out."),
                _("For example: `every:week`, and `until:in 3 months` or `times:10`"),
            )
        return None
    if bounds.times and "COUNT" not in rule:
        rule += f";COUNT={args.read_times(bounds.times)}"
    if bounds.until and not _is_clock(bounds.until) and "UNTIL" not in rule:
        last = ctx.choose_reading(bounds.until, dates.read_date(bounds.until, ctx.said_at, zone))
        if last.wall.date() < start.date():
            raise UserError(_("It would end before it begins: {day}.", day=Day(last.at, last.zone)))
        rule += f";UNTIL={last.wall:%Y%m%d}T235959"
    return rule


def _is_clock(text: str) -> bool:
    return phrases.is_clock(text)


def _read_length(
    ctx: Context, draft: EventDraft, start: datetime, zone: str, *, all_day: bool
) -> timedelta | None:
    """Return how long a date lasts, from `dura:`, from its end, or from its days, or None.

    Raises `UserError`.
    """
    typed = draft.named.get(args.LASTS.key)
    if typed:
        return args.read_length(typed)
    if draft.days:
        if not all_day:
            raise UserError(
                _("Is it on each of these days, or from the first to the last?"),
                _("For example: `every:day times:{count}`, or without an hour", count=draft.days),
            )
        return timedelta(days=draft.days)
    until = draft.named.get(args.UNTIL.key, "")
    end = draft.end or (until if _is_clock(until) else "")
    if not end:
        return None
    last = phrases.find_end(end, start, ctx.said_at, zone) if not all_day else None
    if last is None:
        raise UserError(
            _("I didn't understand “{words}” as the hour at which it ends.", words=end[:40]),
            _("For example: `lasts:2h`"),
        )
    length = dates.to_utc(last, zone) - dates.to_utc(start, zone)
    if length > LONGEST_LIKELY:
        raise UserError(
            _(
                "From {start} to {end} it would last {length}.",
                start=f"{start:%H:%M}",
                end=f"{last:%H:%M}",
                length=Span(length),
            ),
            _("If that is meant: `lasts:{hours}h`", hours=int(length / timedelta(hours=1))),
        )
    return length


def _excluded_dates(
    ctx: Context, found: EventTimes, bounds: SeriesBounds
) -> Mapping[datetime, datetime | None]:
    """Return the dates of the series that are left out, in the form of `Event.changed`."""
    event, off = found.apply_to(BLANK_EVENT), dict[datetime, datetime | None]()
    for text in bounds.but:
        day = phrases.read_day(text, ctx.said_at, found.zone)
        when = date_on(event, day) if day is not None else None
        if when is None:
            raise UserError(
                _("“{words}” is no date of this series.", words=text[:40]),
                _(
                    "For example: `except {day}`, with a day on which it would be",
                    day=f"{found.start:%d/%m}",
                ),
            )
        off[when.key] = None
    return off


def is_ambiguous(start: datetime, zone: str) -> bool:
    """Return whether this wall time comes twice because the clocks go back."""
    at = dates.to_utc(start, zone)
    return any(dates.to_wall(at + timedelta(minutes=m), zone) == start for m in (30, 60, 120))


def clock_notes(event: Event) -> list[Line]:
    """Return a line about the clock change if the event's first date is at an hour that comes
    twice."""
    if event.all_day or not is_ambiguous(event.start, event.zone):
        return []
    return [_("The clocks go back that night and this hour comes twice: it is the first one.")]
