"""When the dates of an event are. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from commands.events.event import (
    Date,
    Event,
    date_on,
    date_with_key,
    dates_after,
    end_of_date,
    next_date,
)

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
TUESDAY = datetime.fromisoformat("2026-12-01T19:00")
WEEK = timedelta(weeks=1)


def weekly(**more: object) -> Event:
    kept = {"rule": "FREQ=WEEKLY;BYDAY=TU", "start": TUESDAY, "zone": "America/Bogota", **more}
    return Event(1, "!a", "@a:b", "Taller", **kept)  # type: ignore[arg-type]


def starts(found: list[Date]) -> list[datetime]:
    return [when.start for when in found]


def test_a_single_date_comes_once() -> None:
    event = weekly(rule=None)
    assert starts(dates_after(event, NOW, 5)) == [TUESDAY]
    assert dates_after(event, datetime(2026, 12, 2, tzinfo=UTC), 5) == []
    assert dates_after(event, NOW, 1)[0].at == datetime(2026, 12, 2, 0, tzinfo=UTC)


def test_a_moved_date_keeps_its_name_and_one_that_is_off_is_not_there() -> None:
    moved = TUESDAY + timedelta(days=3)
    event = weekly(changed={TUESDAY: moved, TUESDAY + WEEK: None})
    assert starts(dates_after(event, NOW, 2)) == [moved, TUESDAY + 2 * WEEK]
    assert dates_after(event, NOW, 1)[0].key == TUESDAY
    assert date_with_key(event, TUESDAY) == dates_after(event, NOW, 1)[0]
    assert date_with_key(event, TUESDAY + WEEK) is None
    assert date_with_key(event, TUESDAY + timedelta(hours=1)) is None


def test_a_date_is_found_by_the_day_on_which_it_is_now_and_by_the_one_before() -> None:
    moved = TUESDAY + timedelta(days=3)
    event = weekly(changed={TUESDAY: moved, TUESDAY + WEEK: None})
    assert date_on(event, moved.date()) == dates_after(event, NOW, 1)[0]
    assert date_on(event, TUESDAY.date()) == dates_after(event, NOW, 1)[0]
    assert date_on(event, (TUESDAY + WEEK).date()) is None
    assert date_on(event, (TUESDAY + 2 * WEEK).date()) == dates_after(event, NOW, 2)[1]
    assert date_on(event, date(2026, 12, 2)) is None


def test_a_series_without_end_is_looked_through_for_two_years_at_most() -> None:
    assert len(dates_after(weekly(rule="FREQ=DAILY"), NOW, 10_000)) == 400
    assert len(dates_after(weekly(), NOW, 10_000)) == 105


def test_what_goes_on_now_is_next_until_it_is_over() -> None:
    event = weekly(length=timedelta(hours=2))
    begun = datetime(2026, 12, 2, 0, tzinfo=UTC)
    first, second = dates_after(event, NOW, 2)
    assert end_of_date(event, first) == begun + timedelta(hours=2)
    assert next_date(event, begun + timedelta(minutes=119)) == first
    assert next_date(event, begun + timedelta(hours=2)) == second
    assert next_date(weekly(cancelled=True), NOW) is None


def test_a_day_without_an_hour_lasts_until_its_midnight() -> None:
    event = weekly(rule=None, start=datetime.fromisoformat("2026-12-01"), all_day=True)
    (when,) = dates_after(event, NOW, 1)
    assert end_of_date(event, when) == datetime(2026, 12, 2, 5, tzinfo=UTC)
    assert next_date(event, datetime(2026, 12, 2, 4, 59, tzinfo=UTC)) == when
    assert next_date(event, datetime(2026, 12, 2, 5, tzinfo=UTC)) is None
