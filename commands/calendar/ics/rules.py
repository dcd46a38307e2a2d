"""Convert recurrence rules between ours, ending on the wall clock, and RFC 5545's, in UTC."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, time, timedelta

from dateutil.rrule import rrulestr

from bot.api import Line, _, dates

MOST_TIMES = 1000
_YEARS = 1970, 2100
"""The years in which a series can end.

Before the year 1000 Python writes fewer digits than are read.
"""
_UNTIL = "%Y%m%dT%H%M%S"
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY_LIST = re.compile(rf"(?:{'|'.join(_DAYS)})(?:,(?:{'|'.join(_DAYS)})){{0,6}}")
_NTH = re.compile(r"(?:[+-]?[1-5])(MO|TU|WE|TH|FR|SA|SU)(?:,[+-]?[1-5]\1){0,4}")
_MONTH_DAY = re.compile(r"(?:[1-9]|[12]\d|3[01]|-1)")
_OR_LAST = re.compile(r"28,29(?:,30(?:,31)?)?")
"""Our way to say the 29th, 30th or 31st, or else the last day of the month."""


class UnsupportedEvent(Exception):
    """Raised for an event that we cannot store, with the sentence that says why."""

    def __init__(self, why: Line) -> None:
        super().__init__(why.msgid)
        self.why = why


def export_rule(rule: str, zone: str, *, all_day: bool) -> str:
    """Return an event's repetition rule as a calendar file has it: UNTIL in UTC, or a date for
    all-day events."""

    def until(found: re.Match[str]) -> str:
        wall = datetime.strptime(found[1], _UNTIL)  # noqa: DTZ007 - naive on purpose
        if all_day:
            return f"UNTIL={wall:%Y%m%d}"
        return f"UNTIL={dates.to_utc(wall, zone).strftime(_UNTIL)}Z"

    return re.sub(r"UNTIL=(\d{8}T\d{6})(?=;|$)", until, rule)


def import_rule(value: str, start: datetime, zone: str, since: datetime) -> tuple[str, datetime]:
    """Return the repetition rule of a calendar file in our form, and its first date from `since`
    on.

    Only rules that can be said in words are accepted, so that people see what they import. Raises
    `UnsupportedEvent` for others.
    """
    if len(value) > 500:
        raise UnsupportedEvent(_UNSUPPORTED)
    parts = dict(part.partition("=")[::2] for part in value.upper().replace(" ", "").split(";"))
    parts.pop("", None)
    kept = ";".join(filter(None, (*_rhythm_parts(parts, start), _end_part(parts, zone))))
    return _skip_past(kept, start, since)


def _rhythm_parts(parts: dict[str, str], start: datetime) -> list[str]:
    freq, interval = parts.pop("FREQ", ""), parts.pop("INTERVAL", "1")
    if freq in ("SECONDLY", "MINUTELY", "HOURLY"):
        raise UnsupportedEvent(_("it repeats more often than once a day"))
    if not re.fullmatch(r"0*[1-9]\d{0,2}", interval):
        raise UnsupportedEvent(_UNSUPPORTED)
    by = {key: item for key, item in parts.items() if key not in ("COUNT", "UNTIL", "WKST")}
    if freq == "DAILY" and "BYDAY" in by and int(interval) == 1:
        freq = "WEEKLY"
    every = f"INTERVAL={int(interval)}" if int(interval) > 1 else ""
    days = _day_parts(freq, by)
    if _is_seldom(freq, int(interval), by, start):
        raise UnsupportedEvent(_UNSUPPORTED)
    week = parts.get("WKST", "MO")
    odd = freq == "WEEKLY" and every and "," in "".join(days) and week in _DAYS[1:]
    return [f"FREQ={freq}", every, *days, f"WKST={week}" if odd else ""]


def _day_parts(freq: str, by: dict[str, str]) -> list[str]:
    """Return the BY parts of the rule.

    Raises `UnsupportedEvent` for days that can't be said in words.
    """
    days, month_day = by.get("BYDAY", ""), by.get("BYMONTHDAY", "")
    names, nth = set(by), by.get("BYSETPOS", "")
    if freq in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY") and not by:
        return []
    if freq == "WEEKLY" and names == {"BYDAY"} and _DAY_LIST.fullmatch(days):
        return [f"BYDAY={days}"]
    if freq == "MONTHLY" and names == {"BYDAY", "BYSETPOS"} and days in _DAYS:
        days, names = f"{nth}{days}", {"BYDAY"}
    if freq == "MONTHLY" and names == {"BYDAY"} and _NTH.fullmatch(days):
        return [f"BYDAY={days.replace('+', '')}"]
    if freq == "MONTHLY" and names == {"BYMONTHDAY"} and _MONTH_DAY.fullmatch(month_day):
        return [f"BYMONTHDAY={month_day}"]
    last = names == {"BYMONTHDAY", "BYSETPOS"} and _OR_LAST.fullmatch(month_day)
    if freq == "MONTHLY" and last and nth == "-1":
        return [f"BYMONTHDAY={month_day}", "BYSETPOS=-1"]
    dated = names == {"BYMONTH", "BYMONTHDAY"} and re.fullmatch(r"[1-9]|1[0-2]", by["BYMONTH"])
    if freq == "YEARLY" and dated and _MONTH_DAY.fullmatch(month_day) and month_day != "-1":
        return [f"BYMONTH={by['BYMONTH']}", f"BYMONTHDAY={month_day}"]
    raise UnsupportedEvent(_UNSUPPORTED)


def _is_seldom(freq: str, interval: int, by: dict[str, str], start: datetime) -> bool:
    """True if the rule may never have a date; dateutil would search for it endlessly."""
    month = int(by.get("BYMONTH", start.month))
    day = int(by.get("BYMONTHDAY", str(start.day)).split(",")[0])
    if freq == "YEARLY":
        return day > monthrange(2028, month)[1] or (interval > 1 and (month, day) == (2, 29))
    fifth = "5" in by.get("BYDAY", "") or by.get("BYSETPOS", "").endswith("5")
    return freq == "MONTHLY" and interval % 12 == 0 and (fifth or day > 28)


def _end_part(parts: dict[str, str], zone: str) -> str:
    count, until = parts.get("COUNT", ""), parts.get("UNTIL", "")
    if count:
        if not re.fullmatch(r"[1-9]\d{0,3}", count) or int(count) > MOST_TIMES:
            raise UnsupportedEvent(_("it repeats more than {most} times", most=MOST_TIMES))
        return f"COUNT={count}"
    if not until:
        return ""
    try:
        if len(until) == 8:
            day = datetime.strptime(until, "%Y%m%d")  # noqa: DTZ007 - naive on purpose
            wall = datetime.combine(day, time(23, 59, 59))
        else:
            wall = datetime.strptime(until.removesuffix("Z"), _UNTIL)  # noqa: DTZ007
            wall = dates.to_wall(wall.replace(tzinfo=UTC), zone) if until[-1] == "Z" else wall
        if not _YEARS[0] <= wall.year <= _YEARS[1]:
            raise UnsupportedEvent(_UNSUPPORTED)
        return f"UNTIL={wall.strftime(_UNTIL)}"
    except (ValueError, OverflowError):
        raise UnsupportedEvent(_UNSUPPORTED) from None


def _skip_past(rule: str, start: datetime, since: datetime) -> tuple[str, datetime]:
    """Return the rule and its first date from `since` on, or its first date if all is past.

    Past dates are dropped because they cost time whenever dates are computed. Some programs start a
    series on a day that its own rule does not give.
    """
    head, count, _times = rule.partition(";COUNT=")
    if count:
        every = list(rrulestr(rule, dtstart=start))
        left = [wall for wall in every if wall >= since] or every
        return f"{head};COUNT={len(left)}", left[0]
    series = rrulestr(rule, dtstart=_start_near(rule, start, since))
    first = series.after(max(since, start), inc=True) or series.after(start, inc=True)
    if first is None:
        raise UnsupportedEvent(_("its rhythm has no date"))
    return rule, first


def _start_near(rule: str, start: datetime, since: datetime) -> datetime:
    """Return a start shortly before `since` from which days and weeks are counted the same."""
    parts = dict(part.split("=") for part in rule.split(";"))
    unit = {"DAILY": 1, "WEEKLY": 7}.get(parts["FREQ"])
    if unit is None:
        return start
    step = timedelta(days=unit * int(parts.get("INTERVAL", "1")))
    return start + step * max(0, (since - start) // step - 1)


_UNSUPPORTED = _("it repeats in a way that I can't keep")
